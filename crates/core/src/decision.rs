//! Architecture decisions, with their reasons and status.

use crate::{
    DecisionId, DecisionStatus, DetectionId, Impact, Json, JsonObject, Page, SessionId, Since,
    TaskId, Timestamp,
};

/// An architecture decision. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decision {
    /// Its ID, such as `DEC-001`.
    pub id: DecisionId,
    /// When it was made.
    pub date: Timestamp,
    /// The session that made it; it need not exist.
    pub session: Option<SessionId>,
    /// The decision.
    pub decision: String,
    /// The repos it affects.
    pub repos_affected: Vec<String>,
    /// The reasons.
    pub rationale: Option<String>,
    /// Its status.
    pub status: DecisionStatus,
    /// Its impact.
    pub impact: Option<Impact>,
    /// Related files.
    pub related_files: Vec<String>,
    /// Documents that describe it.
    pub documentation: Vec<String>,
    /// The decisions that it supersedes; they need not exist.
    pub supersedes: Vec<DecisionId>,
    /// The tasks that implement it or are bound by it; they need not exist.
    pub related_tasks: Vec<TaskId>,
    /// The names of related components.
    pub related_components: Vec<String>,
    /// Related drift detections; they need not exist.
    pub related_detections: Vec<DetectionId>,
    /// Free-form data.
    pub extra_metadata: Option<Json>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

impl Decision {
    /// Creates a planned decision with only a text.
    pub fn new(id: DecisionId, decision: String, now: Timestamp) -> Self {
        Decision {
            id,
            date: now,
            session: None,
            decision,
            repos_affected: Vec::new(),
            rationale: None,
            status: DecisionStatus::Planned,
            impact: None,
            related_files: Vec::new(),
            documentation: Vec::new(),
            supersedes: Vec::new(),
            related_tasks: Vec::new(),
            related_components: Vec::new(),
            related_detections: Vec::new(),
            extra_metadata: None,
            document_fields: JsonObject::new(),
        }
    }
}

/// Filters decisions. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct DecisionFilter {
    /// Matches any of these ids.
    pub ids: Vec<DecisionId>,
    /// Matches any of these statuses.
    pub status: Vec<DecisionStatus>,
    /// Matches any of these impacts.
    pub impact: Vec<Impact>,
    /// Matches decisions that affect any of these repos.
    pub repo: Vec<String>,
    /// Matches decisions made in any of these sessions.
    pub session: Vec<SessionId>,
    /// Matches decisions linked to any of these tasks.
    pub task: Vec<TaskId>,
    /// Matches decisions linked to any of these components.
    pub component: Vec<String>,
    /// Matches decisions linked to any of these detections.
    pub detection: Vec<DetectionId>,
    /// Matches decisions that supersede any of these.
    pub supersedes: Vec<DecisionId>,
    /// Matches by whether another decision supersedes it or its status is `superseded`.
    pub superseded: Option<bool>,
    /// Matches all of these words in id, decision or rationale, ignoring case.
    pub text: Vec<String>,
    /// Matches decisions made at or after this time.
    pub since: Option<Since>,
    /// Order of the list.
    pub sort: DecisionSort,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// The order of a list of decisions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DecisionSort {
    /// By date, then by id.
    #[default]
    Date,
    /// Highest impact first.
    Impact,
    /// By status, in the order of the vocabulary.
    Status,
    /// By id, as text.
    Id,
}
