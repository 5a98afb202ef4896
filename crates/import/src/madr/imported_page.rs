//! A page while it is imported.

use std::borrow::Cow;

use wsdb_core::Decision;

use super::adr::Adr;

/// A page with its decision.
pub(super) struct ImportedPage<'a> {
    pub(super) adr: Cow<'a, Adr>,
    /// Whether the decision was added by this import.
    pub(super) is_new: bool,
    /// Whether the decision stays as it is in the database.
    pub(super) is_ignored: bool,
    /// Whether the page is that of a different decision with the same id, so nothing is stored about it.
    pub(super) is_refused: bool,
    /// Whether conflicts were resolved in favor of the database.
    pub(super) is_database_kept: bool,
    /// The page as it was at its last import or export.
    pub(super) base: Option<Adr>,
    /// The file that its decision was imported from before, if it was renamed.
    pub(super) former_file: Option<String>,
    /// The decision in the database.
    pub(super) stored: Decision,
    /// The decision with the changes of the page.
    pub(super) decision: Decision,
}
