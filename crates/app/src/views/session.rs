//! A session as `--json` shows it.

use serde::Serialize;
use serde_json::Value;
use wsdb_core::{
    ActivityId, DecisionId, Fields, IssueId, LinkId, SessionDecision, SessionId, SessionIssue,
    SessionStatus, Timestamp, Word,
};

view! {
    /// A session: its columns. Times are RFC 3339 in UTC.
    SessionView of Session {
        id: SessionId,
        start_time: Timestamp,
        end_time: Option<Timestamp>,
        status: SessionStatus,
        user: Option<String>,
        ai_assistant: Option<String>,
        handoff_notes: Option<String>,
        document_fields: Fields,
    }
}

view! {
    /// An activity: its columns. Times are RFC 3339 in UTC.
    ActivityView of Activity {
        id: ActivityId,
        session_id: SessionId,
        activity_type: Word,
        description: String,
        files_created: Vec<String>,
        files_modified: Vec<String>,
        outcome: Option<String>,
        time: Timestamp,
        extra_metadata: Option<Value>,
        document_fields: Fields,
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
