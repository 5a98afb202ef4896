//! A session as `--json` shows it.

use serde::Serialize;
use serde_json::Value;
use wsdb_core::{
    ActivityId, DecisionId, Fields, IssueId, LinkId, SessionDecision, SessionId, SessionIssue,
    SessionStatus, Timestamp, Word,
};

/// A session: its columns. Times are RFC 3339 in UTC.
#[derive(Debug, Clone, Serialize)]
pub struct SessionView {
    /// See [`wsdb_core::Session`].
    pub id: SessionId,
    /// See [`wsdb_core::Session`].
    pub start_time: Timestamp,
    /// See [`wsdb_core::Session`].
    pub end_time: Option<Timestamp>,
    /// See [`wsdb_core::Session`].
    pub status: SessionStatus,
    /// See [`wsdb_core::Session`].
    pub user: Option<String>,
    /// See [`wsdb_core::Session`].
    pub ai_assistant: Option<String>,
    /// See [`wsdb_core::Session`].
    pub handoff_notes: Option<String>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl From<wsdb_core::Session> for SessionView {
    fn from(record: wsdb_core::Session) -> Self {
        let wsdb_core::Session {
            id,
            start_time,
            end_time,
            status,
            user,
            ai_assistant,
            handoff_notes,
            document_fields,
        } = record;
        SessionView {
            id,
            start_time,
            end_time,
            status,
            user,
            ai_assistant,
            handoff_notes,
            document_fields,
        }
    }
}

/// An activity: its columns. Times are RFC 3339 in UTC.
#[derive(Debug, Clone, Serialize)]
pub struct ActivityView {
    /// See [`wsdb_core::Activity`].
    pub id: ActivityId,
    /// See [`wsdb_core::Activity`].
    pub session_id: SessionId,
    /// See [`wsdb_core::Activity`].
    pub activity_type: Word,
    /// See [`wsdb_core::Activity`].
    pub description: String,
    /// See [`wsdb_core::Activity`].
    pub files_created: Vec<String>,
    /// See [`wsdb_core::Activity`].
    pub files_modified: Vec<String>,
    /// See [`wsdb_core::Activity`].
    pub outcome: Option<String>,
    /// See [`wsdb_core::Activity`].
    pub time: Timestamp,
    /// See [`wsdb_core::Activity`].
    pub extra_metadata: Option<Value>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl From<wsdb_core::Activity> for ActivityView {
    fn from(record: wsdb_core::Activity) -> Self {
        let wsdb_core::Activity {
            id,
            session_id,
            activity_type,
            description,
            files_created,
            files_modified,
            outcome,
            time,
            extra_metadata,
            document_fields,
        } = record;
        ActivityView {
            id,
            session_id,
            activity_type,
            description,
            files_created,
            files_modified,
            outcome,
            time,
            extra_metadata,
            document_fields,
        }
    }
}

/// A session with what was done, decided and found in it.
#[derive(Debug, Clone, Serialize)]
pub struct SessionDetails {
    /// The session.
    #[serde(flatten)]
    pub session: SessionView,
    /// What was done, by time.
    pub activities: Vec<ActivityView>,
    /// The decisions that were made.
    pub decisions_made: Vec<DecisionId>,
    /// The issues that were found.
    pub issues_found: Vec<IssueId>,
    /// The tasks, issues, decisions and sessions that were changed in it, the latest first.
    pub touched: Vec<String>,
}

/// A session that was begun, and what its reader must know.
#[derive(Debug, Clone, Serialize)]
pub struct StartedSession {
    /// The session.
    #[serde(flatten)]
    pub session: SessionView,
    /// What came before it; null where it was not asked for.
    pub brief: Option<super::Handoff>,
}

/// What a session is linked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionRelation {
    /// A decision that was made in it.
    Decision,
    /// An issue that was found in it.
    Issue,
}

/// A session's link to a decision or an issue.
#[derive(Debug, Clone, Serialize)]
pub struct SessionLinkView {
    /// The link's own id.
    pub id: LinkId,
    /// The session.
    pub session_id: SessionId,
    /// What it is linked to.
    pub relation: SessionRelation,
    /// The decision's or the issue's id; earlier files may name none.
    pub target: Option<String>,
    /// Its status; null where there is no such record.
    pub status: Option<String>,
    /// Its words; null where there is no such record.
    pub title: Option<String>,
    /// The session's own words about it.
    pub document_fields: Fields,
}

impl SessionLinkView {
    pub(crate) fn of_decision(link: SessionDecision, found: Option<(String, String)>) -> Self {
        let SessionDecision {
            id,
            session_id,
            decision_id,
            document_fields,
        } = link;
        let (status, title) = found.unzip();
        SessionLinkView {
            id,
            session_id,
            relation: SessionRelation::Decision,
            target: decision_id.map(String::from),
            status,
            title,
            document_fields,
        }
    }

    pub(crate) fn of_issue(link: SessionIssue, found: Option<(String, String)>) -> Self {
        let SessionIssue {
            id,
            session_id,
            issue_id,
            document_fields,
        } = link;
        let (status, title) = found.unzip();
        SessionLinkView {
            id,
            session_id,
            relation: SessionRelation::Issue,
            target: issue_id.map(String::from),
            status,
            title,
            document_fields,
        }
    }
}
