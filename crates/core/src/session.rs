//! Sessions: who worked, what they did, and the notes for the next session.

use crate::{
    ActivityId, DecisionId, IssueId, Json, JsonObject, Label, LinkId, Page, SessionId,
    SessionStatus, Since, Timestamp,
};

/// A working session of a person or an assistant. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    /// Its ID, such as `2025-11-20-session-001`.
    pub id: SessionId,
    /// When it began.
    pub start_time: Timestamp,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// Its status.
    pub status: SessionStatus,
    /// The user.
    pub user: Option<String>,
    /// The AI assistant.
    pub ai_assistant: Option<String>,
    /// Notes for the next session.
    pub handoff_notes: Option<String>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

impl Session {
    /// Creates a session that starts now.
    pub fn new(id: SessionId, now: Timestamp) -> Self {
        Session {
            id,
            start_time: now,
            end_time: None,
            status: SessionStatus::InProgress,
            user: None,
            ai_assistant: None,
            handoff_notes: None,
            document_fields: JsonObject::new(),
        }
    }

    /// Ends the session. Notes are replaced only if new ones are given.
    pub fn end(&mut self, notes: Option<String>, now: Timestamp) {
        self.status = SessionStatus::Completed;
        self.end_time = Some(now.max(self.start_time));
        if notes.is_some() {
            self.handoff_notes = notes;
        }
    }
}

/// An activity in a session.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Activity {
    /// Its ID.
    pub id: ActivityId,
    /// The session.
    pub session_id: SessionId,
    /// The type of work, such as `implementation`.
    pub activity_type: Label,
    /// A description of the work.
    pub description: String,
    /// Files that were created.
    pub files_created: Vec<String>,
    /// Files that were modified.
    pub files_modified: Vec<String>,
    /// The outcome.
    pub outcome: Option<String>,
    /// When it was done.
    pub time: Timestamp,
    /// Free-form data.
    pub extra_metadata: Option<Json>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

/// A link from a session to a decision that was made in it.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionDecision {
    /// Its ID.
    pub id: LinkId,
    /// The session.
    pub session_id: SessionId,
    /// The decision; earlier files may lack it.
    pub decision_id: Option<DecisionId>,
    /// Other fields of the entry in the session's document.
    pub document_fields: JsonObject,
}

/// A link from a session to an issue that was found in it.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionIssue {
    /// Its ID.
    pub id: LinkId,
    /// The session.
    pub session_id: SessionId,
    /// The issue; earlier files may lack it.
    pub issue_id: Option<IssueId>,
    /// Other fields of the entry in the session's document.
    pub document_fields: JsonObject,
}

/// Filters sessions. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct SessionFilter {
    /// Matches any of these ids.
    pub ids: Vec<SessionId>,
    /// Matches any of these statuses.
    pub status: Vec<SessionStatus>,
    /// Matches any of these users.
    pub user: Vec<String>,
    /// Matches any of these assistants.
    pub ai_assistant: Vec<String>,
    /// Matches all of these words in id, handoff notes, user or assistant, ignoring case.
    pub text: Vec<String>,
    /// Matches sessions started at or after this time.
    pub since: Option<Since>,
    /// Order of the list.
    pub sort: SessionSort,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// Filters activities, ordered by time. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct ActivityFilter {
    /// Matches any of these ids.
    pub ids: Vec<ActivityId>,
    /// Matches activities of any of these sessions.
    pub session: Vec<SessionId>,
    /// Matches any of these types.
    pub activity_type: Vec<Label>,
    /// Matches all of these words in description or outcome, ignoring case.
    pub text: Vec<String>,
    /// Matches activities at or after this time.
    pub since: Option<Since>,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// Filters links from sessions to decisions, ordered by id. All conditions must hold; an empty list
/// matches all.
#[derive(Debug, Clone, Default)]
pub struct SessionDecisionFilter {
    /// Matches links of any of these sessions.
    pub session: Vec<SessionId>,
    /// Matches links to any of these decisions, existing or not.
    pub decision: Vec<DecisionId>,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// Filters links from sessions to issues, ordered by id. All conditions must hold; an empty list
/// matches all.
#[derive(Debug, Clone, Default)]
pub struct SessionIssueFilter {
    /// Matches links of any of these sessions.
    pub session: Vec<SessionId>,
    /// Matches links to any of these issues, existing or not.
    pub issue: Vec<IssueId>,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// The order of a list of sessions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SessionSort {
    /// By start time, then by id.
    #[default]
    Start,
    /// By id, as text.
    Id,
    /// By user.
    User,
}
