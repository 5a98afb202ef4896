//! Views of the task graph, of ready tasks and of the next task.

use serde::Serialize;
use wsdb_core::{Edge, Priority, Task, TaskId, TaskStatus};

use super::{BlockedTask, TaskView, Top};

/// A task that is ready.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadyTask {
    /// The task.
    #[serde(flatten)]
    pub task: TaskView,
    /// Number of open tasks that it blocks directly.
    pub blocks_count: u64,
    /// Whether the actor has claimed it; tasks claimed by others are not ready.
    pub mine: bool,
}

list_record!(ReadyTask { ..task: TaskView, blocks_count, mine });

impl ReadyTask {
    /// Formats how many open tasks it blocks; `None` if it blocks none.
    pub fn format_blocks(&self) -> Option<String> {
        match self.blocks_count {
            0 => None,
            1 => Some("blocks 1 open task".to_owned()),
            count => Some(format!("blocks {count} open tasks")),
        }
    }
}

/// Why a task is ranked above the next candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PriorityReason {
    /// The actor has claimed it.
    Mine,
    /// It has a higher priority.
    Priority,
    /// It blocks more open tasks.
    Blocks,
    /// It is older.
    Age,
    /// There is no other candidate.
    OnlyOne,
}

/// The next task.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Next {
    /// The task; null if none is ready.
    pub task: Option<ReadyTask>,
    /// Why it is ranked above the next candidate.
    pub reason: Option<PriorityReason>,
    /// The next candidate.
    pub next_candidate: Option<ReadyTask>,
    /// Other tasks that the actor works on: the first ones.
    pub in_progress: Top<TaskView>,
    /// If no task is ready: the first tasks that others work on.
    pub in_progress_by_others: Option<Top<TaskView>>,
    /// Requested repos that no task affects.
    pub unknown_repos: Vec<String>,
    /// The open tasks with the status blocked or an open dependency: the first ones.
    pub blocked: Top<BlockedTask>,
    /// The tasks in progress or being planned that nobody is assigned to or has claimed and that are
    /// not blocked: the first ones.
    pub unassigned: Top<TaskView>,
    /// If no task is ready: the number of open tasks.
    pub open_task_count: Option<u64>,
}

/// A task in the graph.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Node {
    /// Its ID.
    pub id: TaskId,
    /// Its title; null if there is no such task.
    pub title: Option<String>,
    /// Its status; null if there is no such task.
    pub status: Option<TaskStatus>,
    /// Its priority.
    pub priority: Option<Priority>,
    /// The repos that it affects.
    pub repos_affected: Vec<String>,
}

impl Node {
    pub(crate) fn missing(id: TaskId) -> Self {
        Node {
            id,
            title: None,
            status: None,
            priority: None,
            repos_affected: Vec::new(),
        }
    }
}

impl From<Task> for Node {
    fn from(task: Task) -> Self {
        Node {
            id: task.id,
            title: Some(task.title),
            status: Some(task.status),
            priority: task.priority,
            repos_affected: task.repos_affected,
        }
    }
}

/// The task graph, or a part of it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Graph {
    /// The tasks, in the natural order of their ids.
    pub nodes: Vec<Node>,
    /// The dependencies.
    #[serde(serialize_with = "serialize_edges")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<EdgeView<'static>>"))]
    pub edges: Vec<Edge>,
}

/// A dependency between tasks.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct EdgeView<'a> {
    /// The task.
    task: &'a TaskId,
    /// The task that it depends on.
    depends_on: &'a TaskId,
}

fn serialize_edges<S: serde::Serializer>(edges: &[Edge], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(
        edges
            .iter()
            .map(|Edge { task, depends_on }| EdgeView { task, depends_on }),
    )
}
