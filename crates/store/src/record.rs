//! Records: what can be stored, the interface of a table's rows, and reading a row.

use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveModelTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, ModelTrait,
    QueryResult, RuntimeErr, Select, sqlx,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wsdb_core::{IdError, IdSeries, Page};

use crate::referenced_table::ReferencedTable;
use crate::{Error, Store, Transaction};

/// A record that can be stored: its table, and what is written along with it.
pub trait Record: Clone + Sized {
    /// The record's table.
    type Entity: EntityTrait<Model = Self::Model, ActiveModel = Self::ActiveModel>;
    /// A row of it.
    type Model: ModelTrait<Entity = Self::Entity>
        + FromQueryResult
        + IntoActiveModel<Self::ActiveModel>
        + From<Self>
        + Serialize
        + DeserializeOwned
        + TableRow
        + Send
        + Sync;
    /// A row to be written.
    type ActiveModel: ActiveModelTrait<Entity = Self::Entity> + Send;
    /// The record's id.
    type Id: AsRef<str> + Clone + TryFrom<String, Error = IdError>;
    /// The filter for lists of records.
    type Filter: Filter<Self> + Default;

    /// The name of the kind of record, such as `task`.
    const NOUN: &'static str;
    /// The series of the ids, if all records share one. Its numbers can be used in place of ids, and
    /// none is assigned twice.
    const SERIES: Option<IdSeries> = None;
    /// The record's table, if other records can refer to it.
    const REFERENCE_TARGET: Option<ReferencedTable>;

    /// Returns the column of the id.
    fn id_column() -> <Self::Entity as EntityTrait>::Column;
    /// Returns the column of the name by which users can also refer to the record, if there is one.
    fn name_column() -> Option<<Self::Entity as EntityTrait>::Column> {
        None
    }
    /// Returns the record's id.
    fn id(&self) -> &Self::Id;
    /// Converts a row to a record.
    ///
    /// # Errors
    /// [`Error::Corrupt`] with table, row and column of a value that cannot be read.
    fn read(row: Self::Model) -> Result<Self, Error>;

    /// Writes the rows that belong to the records' own, such as lists in link tables. Records that
    /// are `new` have no such rows yet.
    #[doc(hidden)]
    #[allow(async_fn_in_trait)]
    async fn write_links(_: &Transaction, _records: &[Self], _new: bool) -> Result<(), Error> {
        Ok(())
    }

    /// Returns the records that are deleted together with these.
    #[doc(hidden)]
    #[allow(async_fn_in_trait)]
    async fn children(_: &Store<Transaction>, _ids: &[Self::Id]) -> Result<Vec<Dependent>, Error> {
        Ok(Vec::new())
    }

    /// Deletes the records that are deleted together with these, so that it is recorded in the
    /// history.
    #[doc(hidden)]
    #[allow(async_fn_in_trait)]
    async fn delete_children(_: &Store<Transaction>, _ids: &[Self::Id]) -> Result<(), Error> {
        Ok(())
    }
}

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

/// A record that is deleted together with another one.
#[doc(hidden)]
#[derive(Debug)]
pub struct Dependent {
    pub(crate) noun: &'static str,
    pub(crate) table: &'static str,
    pub(crate) id: String,
}

impl Dependent {
    pub(crate) fn from_record<R: Record>(record: &R) -> Self {
        Dependent {
            noun: R::NOUN,
            table: R::Model::TABLE,
            id: record.id().as_ref().to_owned(),
        }
    }
}

/// Selects and orders records.
pub trait Filter<R: Record> {
    /// Returns the condition that the records have to match.
    fn condition(&self) -> Condition;
    /// Orders the records.
    fn order(&self, select: Select<R::Entity>) -> Select<R::Entity>;
    /// Returns the page of the list.
    fn page(&self) -> Page;
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
    let name = index.trim_matches('"');
    match R::Model::COLUMNS.iter().find(|column| **column == name) {
        Some(column) => {
            let id = row.try_get("", "id").unwrap_or_else(|_| "?".to_owned());
            Error::corrupt(R::Model::TABLE, id, column, source)
        }
        None => error.into(),
    }
}

/// Implements [`Record`] for a record.
macro_rules! impl_record {
    ($record:ty, $entity:ident, $id:ty, $filter:ty, $noun:literal, $target:expr) => {
        impl_record!($record, $entity, $id, $filter, $noun, $target, {});
    };
    ($record:ty, $entity:ident, $id:ty, $filter:ty, $noun:literal, $target:expr, { $($links:item)* }) => {
        impl crate::record::Record for $record {
            type Entity = crate::entity::$entity::Entity;
            type Model = crate::entity::$entity::Model;
            type ActiveModel = crate::entity::$entity::ActiveModel;
            type Id = $id;
            type Filter = $filter;

            const NOUN: &'static str = $noun;
            const REFERENCE_TARGET: Option<crate::referenced_table::ReferencedTable> = $target;

            fn id_column() -> crate::entity::$entity::Column {
                crate::entity::$entity::Column::Id
            }
            fn id(&self) -> &$id {
                &self.id
            }
            fn read(row: Self::Model) -> Result<Self, crate::Error> {
                Self::try_from(row)
            }
            $($links)*
        }
    };
}
pub(crate) use impl_record;
