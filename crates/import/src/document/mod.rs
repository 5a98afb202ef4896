//! The documents: which file contains which records, in each of the shapes in use.

mod architecture;
mod configuration;
mod contents;
mod contexts;
mod decisions;
mod drift;
pub(crate) mod history;
mod issues;
mod parse;
mod sessions;
mod tasks;
mod write;

use wsdb_core::Json;

pub(crate) use contents::Contents;
pub(crate) use parse::read;
pub(crate) use tasks::task_to_document;
pub(crate) use write::{Node, Object, count, text, to_document};

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

    /// Returns the keys of its record lists, the main one first.
    fn lists(self) -> &'static [&'static str] {
        match self {
            Document::Tasks => &["active_tasks", "completed_tasks"],
            Document::Sessions => &["sessions"],
            Document::Issues => &["issues"],
            Document::Decisions => &["decisions"],
            Document::Architecture => &[
                "architecture_states",
                "component_placements",
                "architecture_tasks",
            ],
            Document::Drift => &["drift_scans", "drift_detections"],
            Document::Configuration => &["configuration_snapshots", "configuration_changes"],
            Document::Contexts => &["context_switches"],
            Document::History => &["actions"],
        }
    }

    /// Whether the earlier tool or people by hand keep this document; only wsdb has the others.
    pub(crate) fn is_legacy_format(self) -> bool {
        matches!(
            self,
            Document::Tasks | Document::Sessions | Document::Issues | Document::Decisions
        )
    }

    /// Returns the document that a value looks like, for files with other names.
    pub(crate) fn by_shape(value: &Json) -> Option<Document> {
        match value {
            Json::Object(map) => Document::ALL
                .into_iter()
                .find(|document| document.lists().iter().any(|list| map.contains_key(list))),
            // The earlier tool's task export is the only bare list.
            Json::Array(list) => list
                .first()
                .is_none_or(|first| first.get("title").is_some() && first.get("created").is_some())
                .then_some(Document::Tasks),
            _ => None,
        }
    }
}

/// Whether a key of a document's counters is computed again on export.
fn is_computed(field: &str, key: &str) -> bool {
    use wsdb_core::{IssueStatus, Severity, TaskStatus, Vocabulary};
    match field {
        "task_counts" => key == "total" || TaskStatus::NAMES.contains(&key),
        "issue_counts" => {
            key == "total" || IssueStatus::NAMES.contains(&key) || Severity::NAMES.contains(&key)
        }
        _ => false,
    }
}
