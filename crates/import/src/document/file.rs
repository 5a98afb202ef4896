//! The documents of a workspace, each a file.

/// A document, identified by its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Document {
    /// `WORKSPACE-TASKS.json`
    Tasks,
    /// `SESSION-LOG.json`
    Sessions,
    /// `CROSS-REPO-ISSUES.json`
    Issues,
    /// `ARCHITECTURE-DECISIONS.json`
    Decisions,
    /// `ARCHITECTURE.json`
    Architecture,
    /// `DRIFT.json`
    Drift,
    /// `CONFIGURATION.json`
    Configuration,
    /// `CONTEXT-LOG.json`
    Contexts,
    /// `HISTORY.json`
    History,
}

impl Document {
    /// All documents, in the order in which they are read and written.
    pub const ALL: [Document; 9] = [
        Document::Tasks,
        Document::Sessions,
        Document::Issues,
        Document::Decisions,
        Document::Architecture,
        Document::Drift,
        Document::Configuration,
        Document::Contexts,
        Document::History,
    ];

    /// Returns the name of the file.
    pub fn file_name(self) -> &'static str {
        match self {
            Document::Tasks => "WORKSPACE-TASKS.json",
            Document::Sessions => "SESSION-LOG.json",
            Document::Issues => "CROSS-REPO-ISSUES.json",
            Document::Decisions => "ARCHITECTURE-DECISIONS.json",
            Document::Architecture => "ARCHITECTURE.json",
            Document::Drift => "DRIFT.json",
            Document::Configuration => "CONFIGURATION.json",
            Document::Contexts => "CONTEXT-LOG.json",
            Document::History => "HISTORY.json",
        }
    }

    /// Whether the earlier tool or people by hand keep this document; only wsdb has the others.
    pub(crate) fn is_legacy_format(self) -> bool {
        matches!(
            self,
            Document::Tasks | Document::Sessions | Document::Issues | Document::Decisions
        )
    }
}
