//! Views of tasks.

use serde::Serialize;
use wsdb_core::{
    Blocker, Claim, DecisionId, Json, JsonObject, Priority, SessionId, Task, TaskId, TaskStatus,
    Timestamp, Vocabulary,
};

use super::ClaimView;

/// A task. Times are RFC 3339 in UTC.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaskView {
    /// Its ID.
    pub id: TaskId,
    /// Its title.
    pub title: String,
    /// Longer description.
    pub description: Option<String>,
    /// Its status.
    pub status: TaskStatus,
    /// Its priority.
    pub priority: Option<Priority>,
    /// The repos that it affects.
    pub repos_affected: Vec<String>,
    /// The tasks that it depends on; some may not exist.
    pub dependencies: Vec<TaskId>,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// The session in which it was created; it need not exist.
    pub session_created: Option<SessionId>,
    /// Its assignee.
    pub assigned_to: Option<String>,
    /// Notes on it.
    pub notes: Option<String>,
    /// Files that it is about.
    pub related_files: Vec<String>,
    /// Free-form additional data.
    pub extra_metadata: Option<Json>,
    /// The workflow that it belongs to.
    pub workflow_id: Option<String>,
    /// The repo that it is assigned to.
    pub assigned_repo: Option<String>,
    /// Who assigned it.
    pub assigned_by: Option<String>,
    /// Grade of its plan, from an earlier tool.
    pub bastard_plan_grade: Option<String>,
    /// Grade of its completion, from an earlier tool.
    pub bastard_completion_grade: Option<String>,
    /// Size class, from an earlier tool.
    pub scale_tier: Option<i64>,
    /// When work on it first started.
    pub started_at: Option<Timestamp>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// The claim on it; null if nobody has claimed it.
    pub claim: Option<ClaimView>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

list_record!(TaskView {
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
    claim,
    document_fields
});

impl TaskView {
    /// Creates the view of a task and of its claim at a time.
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

    /// Formats who works on it: the holder of its claim and until when, otherwise the assignee.
    pub fn format_worker(&self, format_time: impl Fn(Timestamp) -> String) -> String {
        match (&self.claim, &self.assigned_to) {
            (Some(claim), _) if !claim.expired => {
                format!("{} until {}", claim.holder, format_time(claim.expires))
            }
            (_, Some(assignee)) => assignee.clone(),
            (_, None) => "unassigned".to_owned(),
        }
    }
}

/// A task with its dependencies and links.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaskDetails {
    /// The task.
    #[serde(flatten)]
    pub task: TaskView,
    /// The open dependencies.
    pub blocked_by: Vec<BlockerView>,
    /// The open tasks that depend on it; none if it is finished.
    pub blocks: Vec<TaskId>,
    /// The decisions linked to it.
    pub decisions: Vec<DecisionId>,
}

/// A task after it was added, or its status or another field was changed.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EditedTask {
    /// The task.
    #[serde(flatten)]
    pub task: TaskView,
    /// The open dependencies.
    pub blocked_by: Vec<BlockerView>,
}

/// An open dependency.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BlockerView {
    /// The task that must be closed first.
    pub id: TaskId,
    /// Its status; null if there is no such task.
    pub status: Option<TaskStatus>,
}

impl BlockerView {
    /// Formats open dependencies, each with its status.
    pub fn format_all(blockers: &[BlockerView]) -> String {
        let blockers = blockers.iter().map(|blocker| {
            let status = blocker.status.map_or("missing", Vocabulary::as_str);
            format!("{} ({status})", blocker.id)
        });
        blockers.collect::<Vec<_>>().join(", ")
    }
}

impl From<Blocker> for BlockerView {
    fn from(blocker: Blocker) -> Self {
        let Blocker { id, status } = blocker;
        BlockerView { id, status }
    }
}
