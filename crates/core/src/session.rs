//! Sessions: who worked, what they did, and what they hand over.

use serde_json::Value;

use crate::{
    ActivityId, DecisionId, Fields, IssueId, LinkId, Page, SessionId, SessionStatus, Timestamp,
    Word,
};

/// A working session of a person or an assistant. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Its id, such as `2025-11-20-session-001`.
    pub id: SessionId,
    /// When it began.
    pub start_time: Timestamp,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// Whether it goes on.
    pub status: SessionStatus,
    /// Who worked.
    pub user: Option<String>,
    /// The assistant that worked along.
    pub ai_assistant: Option<String>,
    /// What the next session must know.
    pub handoff_notes: Option<String>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl Session {
    /// A session that begins now.
    pub fn new(id: SessionId, now: Timestamp) -> Self {
        Session {
            id,
            start_time: now,
            end_time: None,
            status: SessionStatus::InProgress,
            user: None,
            ai_assistant: None,
            handoff_notes: None,
            document_fields: Fields::new(),
        }
    }

    /// Ends the session. Notes that are given replace those that are there.
    pub fn end(&mut self, notes: Option<String>, now: Timestamp) {
        self.status = SessionStatus::Completed;
        self.end_time = Some(now.max(self.start_time));
        if notes.is_some() {
            self.handoff_notes = notes;
        }
    }
}

/// Something that was done in a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// The session it was done in.
    pub session_id: SessionId,
    /// What kind of work, such as `implementation`.
    pub activity_type: Word,
    /// What was done.
    pub description: String,
    /// Files that came into being.
    pub files_created: Vec<String>,
    /// Files that changed.
    pub files_modified: Vec<String>,
    /// What came of it.
    pub outcome: Option<String>,
    /// When it was done.
    pub time: Timestamp,
    /// Free-form data of its own.
    pub extra_metadata: Option<Value>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

/// A session's link to a decision it made.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionDecision {
    /// Its id.
    pub id: LinkId,
    /// The session.
    pub session_id: SessionId,
    /// The decision; earlier files may name none.
    pub decision_id: Option<DecisionId>,
    /// The session's own words about it.
    pub document_fields: Fields,
}

/// A session's link to an issue it found.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionIssue {
    /// Its id.
    pub id: LinkId,
    /// The session.
    pub session_id: SessionId,
    /// The issue; earlier files may name none.
    pub issue_id: Option<IssueId>,
    /// The session's own words about it.
    pub document_fields: Fields,
}

/// Which sessions are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct SessionFilter {
    /// One of these.
    pub ids: Vec<SessionId>,
    /// One of these.
    pub status: Vec<SessionStatus>,
    /// One of these users.
    pub user: Vec<String>,
    /// One of these assistants.
    pub ai_assistant: Vec<String>,
    /// Has all these words, in any case, in its id, handoff notes, user or assistant.
    pub text: Vec<String>,
    /// Began at or after this time.
    pub since: Option<Timestamp>,
    /// In which order.
    pub sort: SessionSort,
    /// Last first.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

/// Which activities are wanted, by time. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct ActivityFilter {
    /// One of these.
    pub ids: Vec<ActivityId>,
    /// Done in one of these sessions.
    pub session: Vec<SessionId>,
    /// One of these.
    pub activity_type: Vec<Word>,
    /// Has all these words, in any case, in its description or outcome.
    pub text: Vec<String>,
    /// Done at or after this time.
    pub since: Option<Timestamp>,
    /// Last first.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

/// Which links of sessions to decisions are wanted, by id. An empty list asks for nothing in
/// particular.
#[derive(Debug, Clone, Default)]
pub struct SessionDecisionFilter {
    /// Of one of these sessions.
    pub session: Vec<SessionId>,
    /// To one of these, whether it exists or not.
    pub decision: Vec<DecisionId>,
    /// Last first.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

/// Which links of sessions to issues are wanted, by id. An empty list asks for nothing in
/// particular.
#[derive(Debug, Clone, Default)]
pub struct SessionIssueFilter {
    /// Of one of these sessions.
    pub session: Vec<SessionId>,
    /// To one of these, whether it exists or not.
    pub issue: Vec<IssueId>,
    /// Last first.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

/// The order of a list of sessions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SessionSort {
    /// By beginning, then by id.
    #[default]
    Start,
    /// By id, as text.
    Id,
    /// By user.
    User,
}
