//! View of an adopted database.

use serde::Serialize;
use wsdb_core::SessionId;
use wsdb_import::{AdoptedTable, Adoption, UnknownColumn};

use super::ImportWarningView;

/// A database of the earlier Python tool that was adopted, or would be.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AdoptView {
    /// The database that has the records afterward, without a password.
    pub database: String,
    /// The file of the earlier tool, if it is another database; it is not changed.
    pub from: Option<String>,
    /// What was done.
    pub outcome: AdoptOutcome,
    /// The file that contains the old database, if it was changed.
    pub backup: Option<String>,
    /// How the file is written from now on, if that was changed.
    pub journal: Option<JournalMode>,
    /// The tables of the earlier tool.
    pub tables: Vec<AdoptedTableView>,
    /// Number of rows in all of them.
    pub row_count: usize,
    /// Columns that wsdb does not have: the records keep the values as other fields.
    pub unknown_columns: Vec<UnknownColumnView>,
    /// Sessions that did not exist, and were added because activities or links belong to them.
    pub added_sessions: Vec<SessionId>,
    /// Tables of other programs, which are not changed.
    pub other_tables: Vec<String>,
    /// Indexes of the earlier tool, which are replaced with those of wsdb.
    pub replaced_indexes: Vec<String>,
    /// References to missing records, and values that were read as others.
    pub warnings: Vec<ImportWarningView>,
}

/// What 'wsdb adopt' did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AdoptOutcome {
    /// The database was adopted.
    Adopted,
    /// The database would be adopted; nothing was changed.
    Planned,
    /// The database was adopted earlier, or was never one of the earlier tool.
    NothingToDo,
}

/// How a SQLite file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum JournalMode {
    /// With a log beside the file.
    Wal,
    /// With a journal that is deleted after each change.
    Delete,
}

impl From<wsdb_store::Journal> for JournalMode {
    fn from(journal: wsdb_store::Journal) -> Self {
        match journal {
            wsdb_store::Journal::Wal => JournalMode::Wal,
            wsdb_store::Journal::Delete => JournalMode::Delete,
        }
    }
}

/// A table of the earlier tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AdoptedTableView {
    /// Its name.
    pub table: String,
    /// Number of rows.
    pub row_count: usize,
}

/// A column that wsdb does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnknownColumnView {
    /// Its table.
    pub table: String,
    /// Its name.
    pub column: String,
    /// The field under which the records keep its values.
    pub field: String,
}

impl AdoptView {
    /// Returns the view of a database in which nothing is left to do.
    pub(crate) fn nothing_to_do(database: String, from: Option<String>) -> Self {
        AdoptView::new(
            database,
            from,
            AdoptOutcome::NothingToDo,
            Adoption::default(),
        )
    }

    pub(crate) fn new(
        database: String,
        from: Option<String>,
        outcome: AdoptOutcome,
        adoption: Adoption,
    ) -> Self {
        AdoptView {
            database,
            from,
            outcome,
            backup: None,
            journal: None,
            row_count: adoption.tables.iter().map(|table| table.rows).sum(),
            tables: adoption.tables.into_iter().map(Into::into).collect(),
            unknown_columns: adoption
                .unknown_columns
                .into_iter()
                .map(Into::into)
                .collect(),
            added_sessions: adoption.added_sessions,
            other_tables: adoption.other_tables,
            replaced_indexes: adoption.replaced_indexes,
            warnings: adoption.warnings.iter().map(Into::into).collect(),
        }
    }
}

impl From<AdoptedTable> for AdoptedTableView {
    fn from(table: AdoptedTable) -> Self {
        AdoptedTableView {
            table: table.table.to_owned(),
            row_count: table.rows,
        }
    }
}

impl From<UnknownColumn> for UnknownColumnView {
    fn from(column: UnknownColumn) -> Self {
        UnknownColumnView {
            table: column.table.to_owned(),
            column: column.column,
            field: column.field,
        }
    }
}
