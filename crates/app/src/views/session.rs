//! Views of sessions, their activities and links.

use serde::Serialize;
use wsdb_core::{
    ActivityId, DecisionId, IssueId, Json, JsonObject, Label, LinkId, SessionDecision, SessionId,
    SessionIssue, SessionStatus, Timestamp,
};

view! {
    /// A session. Times are RFC 3339 in UTC.
    SessionView of Session {
        id: SessionId,
        start_time: Timestamp,
        end_time: Option<Timestamp>,
        status: SessionStatus,
        user: Option<String>,
        ai_assistant: Option<String>,
        handoff_notes: Option<String>,
        document_fields: JsonObject,
    }
}

view! {
    /// An activity. Times are RFC 3339 in UTC.
    ActivityView of Activity {
        id: ActivityId,
        session_id: SessionId,
        activity_type: Label,
        description: String,
        files_created: Vec<String>,
        files_modified: Vec<String>,
        outcome: Option<String>,
        time: Timestamp,
        extra_metadata: Option<Json>,
        document_fields: JsonObject,
    }
}

/// A session with its activities, decisions, issues and changed records.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionDetails {
    /// The session.
    #[serde(flatten)]
    pub session: SessionView,
    /// The activities, by time.
    pub activities: Vec<ActivityView>,
    /// The decisions made in it.
    pub decisions_made: Vec<DecisionId>,
    /// The issues found in it.
    pub issues_found: Vec<IssueId>,
    /// Ids of the records that were changed in it, the latest first.
    pub changed_records: Vec<String>,
}

/// A session that was started, with its handoff.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StartedSession {
    /// The session.
    #[serde(flatten)]
    pub session: SessionView,
    /// The handoff; null if it was not requested.
    pub handoff: Option<super::Handoff>,
}

/// Kind of record that a session is linked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionRelation {
    /// A decision that was made in it.
    Decision,
    /// An issue that was found in it.
    Issue,
}

/// A session's link to a decision or an issue.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionLinkView {
    /// ID of the link.
    pub id: LinkId,
    /// The session.
    pub session_id: SessionId,
    /// Kind of the linked record.
    pub relation: SessionRelation,
    /// ID of the decision or issue; null in some old files.
    pub target: Option<String>,
    /// Status of the linked record; null if it does not exist.
    pub status: Option<String>,
    /// Title of the issue or text of the decision; null if it does not exist.
    pub title: Option<String>,
    /// Other fields of the link from a document.
    pub document_fields: JsonObject,
}

list_record!(SessionLinkView {
    id,
    session_id,
    relation,
    target,
    status,
    title,
    document_fields
});

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
