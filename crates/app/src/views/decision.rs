//! A decision as `--json` shows it.

use serde::Serialize;
use serde_json::Value;
use wsdb_core::{
    DecisionId, DecisionStatus, DetectionId, Fields, Impact, SessionId, TaskId, Timestamp,
};

view! {
    /// A decision: its columns. Times are RFC 3339 in UTC.
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
        extra_metadata: Option<Value>,
        document_fields: Fields,
    }
}

/// A decision with what it is linked to.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionDetails {
    /// The decision.
    #[serde(flatten)]
    pub decision: DecisionView,
    /// The decisions that take its place.
    pub superseded_by: Vec<DecisionId>,
    /// Everything that it is linked to, in both directions.
    pub links: Vec<LinkedView>,
}

/// How a decision is linked to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// It takes the place of another decision.
    Supersedes,
    /// Another decision takes its place.
    SupersededBy,
    /// A task.
    Task,
    /// A component.
    Component,
    /// A detection of drift.
    Detection,
}

/// Something that a decision is linked to.
#[derive(Debug, Clone, Serialize)]
pub struct LinkedView {
    /// How.
    pub relation: Relation,
    /// Its id; a component's name.
    pub id: String,
    /// Its status; null where there is no such thing.
    pub status: Option<String>,
    /// Its words, its title, or where it is; null where there is no such thing.
    pub title: Option<String>,
}

impl LinkedView {
    /// What was found of it: status and title.
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
