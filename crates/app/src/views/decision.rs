//! A decision as `--json` shows it.

use serde::Serialize;
use serde_json::Value;
use wsdb_core::{DecisionId, DecisionStatus, Fields, Impact, SessionId, Timestamp};

/// A decision: its columns. Times are RFC 3339 in UTC.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionView {
    /// See [`wsdb_core::Decision`].
    pub id: DecisionId,
    /// See [`wsdb_core::Decision`].
    pub date: Timestamp,
    /// See [`wsdb_core::Decision`].
    pub session: Option<SessionId>,
    /// See [`wsdb_core::Decision`].
    pub decision: String,
    /// See [`wsdb_core::Decision`].
    pub repos_affected: Vec<String>,
    /// See [`wsdb_core::Decision`].
    pub rationale: Option<String>,
    /// See [`wsdb_core::Decision`].
    pub status: DecisionStatus,
    /// See [`wsdb_core::Decision`].
    pub impact: Option<Impact>,
    /// See [`wsdb_core::Decision`].
    pub related_files: Vec<String>,
    /// See [`wsdb_core::Decision`].
    pub documentation: Vec<String>,
    /// See [`wsdb_core::Decision`].
    pub extra_metadata: Option<Value>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl From<wsdb_core::Decision> for DecisionView {
    fn from(record: wsdb_core::Decision) -> Self {
        let wsdb_core::Decision {
            id,
            date,
            session,
            decision,
            repos_affected,
            rationale,
            status,
            impact,
            related_files,
            documentation,
            extra_metadata,
            document_fields,
        } = record;
        DecisionView {
            id,
            date,
            session,
            decision,
            repos_affected,
            rationale,
            status,
            impact,
            related_files,
            documentation,
            extra_metadata,
            document_fields,
        }
    }
}
