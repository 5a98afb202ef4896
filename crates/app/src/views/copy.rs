//! View of a copied workspace.

use serde::Serialize;
use wsdb_store::CopiedTable;

/// A workspace that was copied to another database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CopyView {
    /// The source database, without a password.
    pub from: String,
    /// The target database, without a password.
    pub to: String,
    /// All tables, in the order in which they were written.
    pub tables: Vec<CopiedTableView>,
    /// Number of rows of all tables.
    pub row_count: u64,
}

/// A table that was copied and verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CopiedTableView {
    /// Its name.
    pub table: String,
    /// Number of rows.
    pub row_count: u64,
    /// Hash of all values in it, the same on SQLite and PostgreSQL.
    pub digest: String,
}

impl From<CopiedTable> for CopiedTableView {
    fn from(copied: CopiedTable) -> Self {
        CopiedTableView {
            table: copied.table.to_owned(),
            row_count: copied.rows,
            digest: copied.digest,
        }
    }
}
