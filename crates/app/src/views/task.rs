//! A task as `--json` shows it.

use serde::Serialize;
use serde_json::Value;
use wsdb_core::{
    Blocker, Claim, DecisionId, Fields, Priority, SessionId, Task, TaskId, TaskStatus, Timestamp,
};

use super::ClaimView;

/// A task: its columns. Times are RFC 3339 in UTC.
#[derive(Debug, Clone, Serialize)]
pub struct TaskView {
    /// See [`wsdb_core::Task`].
    pub id: TaskId,
    /// See [`wsdb_core::Task`].
    pub title: String,
    /// See [`wsdb_core::Task`].
    pub description: Option<String>,
    /// See [`wsdb_core::Task`].
    pub status: TaskStatus,
    /// See [`wsdb_core::Task`].
    pub priority: Option<Priority>,
    /// See [`wsdb_core::Task`].
    pub repos_affected: Vec<String>,
    /// See [`wsdb_core::Task`].
    pub dependencies: Vec<TaskId>,
    /// See [`wsdb_core::Task`].
    pub created: Timestamp,
    /// See [`wsdb_core::Task`].
    pub updated: Timestamp,
    /// See [`wsdb_core::Task`].
    pub session_created: Option<SessionId>,
    /// See [`wsdb_core::Task`].
    pub assigned_to: Option<String>,
    /// See [`wsdb_core::Task`].
    pub notes: Option<String>,
    /// See [`wsdb_core::Task`].
    pub related_files: Vec<String>,
    /// See [`wsdb_core::Task`].
    pub extra_metadata: Option<Value>,
    /// See [`wsdb_core::Task`].
    pub workflow_id: Option<String>,
    /// See [`wsdb_core::Task`].
    pub assigned_repo: Option<String>,
    /// See [`wsdb_core::Task`].
    pub assigned_by: Option<String>,
    /// See [`wsdb_core::Task`].
    pub bastard_plan_grade: Option<String>,
    /// See [`wsdb_core::Task`].
    pub bastard_completion_grade: Option<String>,
    /// See [`wsdb_core::Task`].
    pub scale_tier: Option<i64>,
    /// See [`wsdb_core::Task`].
    pub started_at: Option<Timestamp>,
    /// See [`wsdb_core::Task`].
    pub completed_at: Option<Timestamp>,
    /// Who has it in hand; null where nobody claimed it.
    pub claim: Option<ClaimView>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl TaskView {
    /// A task, and the claim on it as it is at a time.
    pub fn new(record: Task, claim: Option<Claim>, now: Timestamp) -> Self {
        let Task {
            id,
            title,
            description,
            status,
            priority,
            repos_affected,
            dependencies,
            created,
            updated,
            session_created,
            assigned_to,
            notes,
            related_files,
            extra_metadata,
            workflow_id,
            assigned_repo,
            assigned_by,
            bastard_plan_grade,
            bastard_completion_grade,
            scale_tier,
            started_at,
            completed_at,
            document_fields,
        } = record;
        TaskView {
            id,
            title,
            description,
            status,
            priority,
            repos_affected,
            dependencies,
            created,
            updated,
            session_created,
            assigned_to,
            notes,
            related_files,
            extra_metadata,
            workflow_id,
            assigned_repo,
            assigned_by,
            bastard_plan_grade,
            bastard_completion_grade,
            scale_tier,
            started_at,
            completed_at,
            claim: claim.map(|claim| ClaimView::new(claim, now)),
            document_fields,
        }
    }
}

/// A task with what it waits for.
#[derive(Debug, Clone, Serialize)]
pub struct TaskDetails {
    /// The task.
    #[serde(flatten)]
    pub task: TaskView,
    /// The dependencies that are not ended.
    pub waits_for: Vec<BlockerView>,
    /// The tasks that wait for this one.
    pub unblocks: Vec<TaskId>,
    /// The decisions that are linked to it.
    pub decisions: Vec<DecisionId>,
}

/// A dependency that is not ended.
#[derive(Debug, Clone, Serialize)]
pub struct BlockerView {
    /// The task that has to come first.
    pub id: TaskId,
    /// How far it is; null where no such task exists.
    pub status: Option<TaskStatus>,
}

impl From<Blocker> for BlockerView {
    fn from(blocker: Blocker) -> Self {
        let Blocker { id, status } = blocker;
        BlockerView { id, status }
    }
}
