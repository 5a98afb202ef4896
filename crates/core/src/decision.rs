//! Architecture decisions: what was decided, why, and how far it is carried out.

use serde_json::Value;

use crate::{
    DecisionId, DecisionStatus, DetectionId, Fields, Impact, Page, SessionId, TaskId, Timestamp,
};

/// An architecture decision. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Its id, such as `DEC-001`.
    pub id: DecisionId,
    /// When it was made.
    pub date: Timestamp,
    /// The session that made it; it need not exist.
    pub session: Option<SessionId>,
    /// What was decided.
    pub decision: String,
    /// The repos it touches.
    pub repos_affected: Vec<String>,
    /// Why.
    pub rationale: Option<String>,
    /// How far it is carried out.
    pub status: DecisionStatus,
    /// How far it reaches.
    pub impact: Option<Impact>,
    /// Files it is about.
    pub related_files: Vec<String>,
    /// Documents that tell of it.
    pub documentation: Vec<String>,
    /// The decisions that it takes the place of; they need not exist.
    pub supersedes: Vec<DecisionId>,
    /// The tasks that carry it out or are bound by it; they need not exist.
    pub related_tasks: Vec<TaskId>,
    /// The components that it is about, by name.
    pub related_components: Vec<String>,
    /// The drift that it is about; it need not exist.
    pub related_detections: Vec<DetectionId>,
    /// Free-form data of its own.
    pub extra_metadata: Option<Value>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl Decision {
    /// A planned decision without anything but its words.
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
            document_fields: Fields::new(),
        }
    }
}

/// Which decisions are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct DecisionFilter {
    /// One of these.
    pub ids: Vec<DecisionId>,
    /// One of these.
    pub status: Vec<DecisionStatus>,
    /// One of these.
    pub impact: Vec<Impact>,
    /// Touches one of these repos.
    pub repo: Vec<String>,
    /// Made in one of these sessions.
    pub session: Vec<SessionId>,
    /// Linked to one of these tasks.
    pub task: Vec<TaskId>,
    /// Linked to one of these components.
    pub component: Vec<String>,
    /// Linked to one of these detections.
    pub detection: Vec<DetectionId>,
    /// Takes the place of one of these.
    pub supersedes: Vec<DecisionId>,
    /// Whether another one has taken its place, or its status says so.
    pub superseded: Option<bool>,
    /// Has all these words, in any case, in its id, decision or rationale.
    pub text: Vec<String>,
    /// Made at or after this time.
    pub since: Option<Timestamp>,
    /// In which order.
    pub sort: DecisionSort,
    /// Last first.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

/// The order of a list of decisions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DecisionSort {
    /// By time, then by id.
    #[default]
    Date,
    /// The farthest-reaching first.
    Impact,
    /// By status, as in the vocabulary.
    Status,
    /// By id, as text.
    Id,
}
