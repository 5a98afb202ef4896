//! What was copied, as `--json` shows it.

use serde::Serialize;
use wsdb_store::Copied;

/// A workspace that was copied to another database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopyView {
    /// The database that it was read from, without a password.
    pub from: String,
    /// The database that it was written to, without a password.
    pub to: String,
    /// Every table, in the order in which they were written.
    pub tables: Vec<CopiedTable>,
    /// How many rows all tables have.
    pub rows: u64,
}

/// A table that was copied and checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopiedTable {
    /// Its name.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// A hash of every value in it, the same on SQLite and PostgreSQL.
    pub digest: String,
}

impl From<Copied> for CopiedTable {
    fn from(copied: Copied) -> Self {
        CopiedTable {
            table: copied.table.to_owned(),
            rows: copied.rows,
            digest: copied.digest,
        }
    }
}
