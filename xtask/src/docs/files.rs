//! The generated files and their folders.

use std::collections::BTreeMap;

/// The folder of the command reference.
pub(super) const REFERENCE: &str = "docs/reference";

/// The folder of the man pages.
pub(super) const MAN_PAGES: &str = "docs/man";

/// Generated files by path relative to the root of the project.
pub(super) type Files = BTreeMap<String, String>;
