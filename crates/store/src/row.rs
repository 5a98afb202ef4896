//! What the rows of every table have in common, and how one is read.

use sea_orm::{DbErr, FromQueryResult, QueryResult, RuntimeErr, sqlx};

use crate::Error;
use crate::record::Kept;
use crate::references::Target;

/// What a row must tell of itself.
pub trait Row {
    /// The name of its table.
    const TABLE: &'static str;
    /// The names of its columns.
    const COLUMNS: &'static [&'static str];
    /// Appends its values, in the order of the columns.
    fn bind(self, backend: sea_orm::DbBackend, values: &mut Vec<sea_orm::Value>);
    /// The row's id.
    fn id(&self) -> &str;
    /// The records that it refers to.
    fn references(&self) -> Vec<(Target, String)>;
    /// Moves each reference that `missing` names to the column beside it.
    fn set_aside(&mut self, missing: &dyn Fn(Target, &str) -> bool);
}

/// A row as a record.
pub(crate) fn read<R: Kept>(row: &QueryResult) -> Result<R, Error> {
    match R::Model::from_query_result(row, "") {
        Ok(model) => R::read(model),
        Err(error) => Err(unreadable::<R>(row, error)),
    }
}

/// A value whose very kind the column can't hold: text among numbers, bytes among texts.
fn unreadable<R: Kept>(row: &QueryResult, error: DbErr) -> Error {
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
