//! What an adoption needs, and what it does.

use wsdb_core::{SessionId, Timestamp};
use wsdb_store::adopt::UnknownColumn;

use crate::mappings::ValueMappings;
use crate::report::Warning;

/// How a database of the earlier tool is read.
#[derive(Debug, Clone)]
pub struct AdoptOptions {
    /// Known values for unknown ones. A column cannot be mapped: it is kept under its name.
    pub mappings: ValueMappings,
    /// Whether to report values that PostgreSQL cannot store.
    pub for_postgres: bool,
    /// The time of the adoption.
    pub now: Timestamp,
}

/// What adopting a database does, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adoption {
    /// The tables of the earlier tool.
    pub tables: Vec<AdoptedTable>,
    /// The columns that are none of ours, which are kept as fields of the records.
    pub unknown_columns: Vec<UnknownColumn>,
    /// The sessions that activities or links belong to, but that did not exist: they are added.
    pub added_sessions: Vec<SessionId>,
    /// The tables of other programs, which stay as they are.
    pub other_tables: Vec<String>,
    /// The indexes of the earlier tool's tables, which are replaced with ours.
    pub replaced_indexes: Vec<String>,
    /// References to records that do not exist, and values that were read as others.
    pub warnings: Vec<Warning>,
}

/// A table of the earlier tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedTable {
    /// Its name.
    pub table: &'static str,
    /// The number of its rows.
    pub rows: usize,
}
