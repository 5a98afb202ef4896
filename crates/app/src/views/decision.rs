//! Views of decisions and their links.

use serde::Serialize;
use wsdb_core::{
    DecisionId, DecisionStatus, DetectionId, Impact, Json, JsonObject, SessionId, TaskId, Timestamp,
};

view! {
    /// A decision. Times are RFC 3339 in UTC.
    DecisionView of Decision {
        id: DecisionId,
        date: Timestamp,
        session: Option<SessionId>,
        decision: String,
        repos_affected: Vec<String>,
        rationale: Option<String>,
        status: DecisionStatus,
        impact: Option<Impact>,
        related_files: Vec<String>,
        documentation: Vec<String>,
        supersedes: Vec<DecisionId>,
        related_tasks: Vec<TaskId>,
        related_components: Vec<String>,
        related_detections: Vec<DetectionId>,
        extra_metadata: Option<Json>,
        document_fields: JsonObject,
    }
}

/// A decision with its links.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecisionDetails {
    /// The decision.
    #[serde(flatten)]
    pub decision: DecisionView,
    /// The decisions that supersede it.
    pub superseded_by: Vec<DecisionId>,
    /// All links, in both directions.
    pub links: Vec<LinkedView>,
}

/// Kind of link of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// It supersedes another decision.
    Supersedes,
    /// Another decision supersedes it.
    SupersededBy,
    /// A task.
    Task,
    /// A component.
    Component,
    /// A detection of drift.
    Detection,
}

/// A link of a decision.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkedView {
    /// Kind of link.
    pub relation: Relation,
    /// ID of the linked record, or name of the component.
    pub id: String,
    /// Status of the linked record; null if it does not exist.
    pub status: Option<String>,
    /// Text, title or location of the linked record; null if it does not exist.
    pub title: Option<String>,
}

impl LinkedView {
    /// Creates a link; `found` holds status and title of the linked record.
    pub(crate) fn new(
        relation: Relation,
        id: impl AsRef<str>,
        found: Option<(String, String)>,
    ) -> Self {
        let (status, title) = found.unzip();
        let id = id.as_ref().to_owned();
        LinkedView {
            relation,
            id,
            status,
            title,
        }
    }
}
