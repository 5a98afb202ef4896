//! Options of an import.

use std::path::PathBuf;

use crate::mappings::ValueMappings;
use crate::report::{ConflictResolution, Mode};

/// Options of an import.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// How records of the documents are combined with those in the database.
    pub mode: Mode,
    /// Which side wins where both changed the same field.
    pub prefer: Option<ConflictResolution>,
    /// Whether records with an id that a different record has here get new ids.
    pub renumber: bool,
    /// The folder of the workspace: files in it are remembered by their path from there.
    pub workspace: Option<PathBuf>,
    /// Values that are mapped to known ones.
    pub mappings: ValueMappings,
    /// Whether to plan the import without writing anything.
    pub dry_run: bool,
    /// Whether to also reject values that PostgreSQL cannot store (see [`wsdb_store::unsupported_by_postgres`]).
    pub for_postgres: bool,
    /// Whether to leave out records that cannot be imported, instead of failing.
    pub skip_rejects: bool,
}
