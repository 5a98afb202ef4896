//! The common interface of the rows of every table, and reading one.

use sea_orm::{DbErr, FromQueryResult, QueryResult, RuntimeErr, sqlx};

use crate::Error;
use crate::record::Record;
use crate::references::ReferencedTable;

/// A row of a record's table.
pub trait TableRow {
    /// The name of its table.
    const TABLE: &'static str;
    /// The names of its columns.
    const COLUMNS: &'static [&'static str];
    /// Appends its values, in the order of the columns.
    fn bind(self, backend: sea_orm::DbBackend, values: &mut Vec<sea_orm::Value>);
    /// Returns the row's id.
    fn id(&self) -> &str;
    /// Returns the records that it refers to.
    fn references(&self) -> Vec<(ReferencedTable, String)>;
    /// Moves each reference for which `missing` returns true to its column for missing records.
    fn detach_missing_references(&mut self, missing: &dyn Fn(ReferencedTable, &str) -> bool);
}

/// Reads a row as a record.
pub(crate) fn read<R: Record>(row: &QueryResult) -> Result<R, Error> {
    match R::Model::from_query_result(row, "") {
        Ok(model) => R::read(model),
        Err(error) => Err(unreadable::<R>(row, error)),
    }
}

/// Converts an error about a value of another type than the column's, such as text in a column of
/// numbers, to [`Error::Corrupt`].
fn unreadable<R: Record>(row: &QueryResult, error: DbErr) -> Error {
    let DbErr::Query(RuntimeErr::SqlxError(cause)) = &error else {
        return error.into();
    };
    let sqlx::Error::ColumnDecode { index, source } = &**cause else {
        return error.into();
    };
    let named = index.trim_matches('"');
    match R::Model::COLUMNS.iter().find(|column| **column == named) {
        Some(column) => Error::Corrupt {
            table: R::Model::TABLE,
            row: row.try_get("", "id").unwrap_or_else(|_| "?".to_owned()),
            column,
            reason: source.to_string(),
        },
        None => error.into(),
    }
}
