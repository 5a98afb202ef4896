//! Views of backups.

use serde::Serialize;
use wsdb_core::Timestamp;
use wsdb_store::TableDigest;

use super::CopiedTableView;

/// A backup that was made or verified again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BackupView {
    /// The file.
    pub file: String,
    /// The file that records when the backup was verified.
    pub verification: String,
    /// The database, without a password.
    pub database: String,
    /// When the backup was made.
    pub created_at: Timestamp,
    /// When it was verified: now.
    pub verified_at: Timestamp,
    /// The version of wsdb that made it.
    pub wsdb_version: String,
    /// The version of the schema of the database.
    pub schema_version: u32,
    /// Size of the file in bytes.
    pub size: u64,
    /// SHA-256 of the file without its last 32 bytes, which are this hash.
    pub sha256: String,
    /// All tables of the workspace.
    pub tables: Vec<CopiedTableView>,
    /// The tables of other programs in a SQLite file.
    pub other_tables: Vec<CopiedTableView>,
    /// Number of rows of all tables.
    pub row_count: u64,
    /// The older backups that were deleted, because of `--keep`.
    pub deleted: Vec<String>,
}

/// A backup that was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RestoreView {
    /// The backup.
    pub file: String,
    /// The restored database, without a password.
    pub database: String,
    /// When the backup was made. Null for a SQLite file.
    pub created_at: Option<Timestamp>,
    /// The former database: the file that it was renamed to, or for a database on a server, a backup
    /// of it. Null if there was none.
    pub kept: Option<String>,
    /// All tables of the workspace.
    pub tables: Vec<CopiedTableView>,
    /// The tables of other programs that are in the backup, but not in the restored database, because
    /// it is on a server.
    pub left_out_tables: Vec<CopiedTableView>,
    /// Number of rows of all restored tables.
    pub row_count: u64,
}

/// Returns views of tables in a backup.
pub(crate) fn tables(tables: &[TableDigest]) -> Vec<CopiedTableView> {
    let view = |table: &TableDigest| CopiedTableView {
        table: table.table.clone(),
        row_count: table.row_count,
        digest: table.digest.clone(),
    };
    tables.iter().map(view).collect()
}
