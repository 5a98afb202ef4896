//! The task graph as `--json` shows it.

use serde::Serialize;
use wsdb_core::{Edge, Priority, Task, TaskId, TaskStatus};

use super::{Blocked, TaskView, Top};

/// A task that can be begun.
#[derive(Debug, Clone, Serialize)]
pub struct ReadyTask {
    /// The task.
    #[serde(flatten)]
    pub task: TaskView,
    /// How many open tasks wait for it directly.
    pub unblocks_count: u64,
    /// Whether who asks has it in hand; what others have in hand is left out.
    pub mine: bool,
}

/// What put the first of two tasks first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Who asks has it in hand.
    Mine,
    /// It is more pressing.
    Priority,
    /// More open tasks wait for it.
    Unblocks,
    /// It was written down earlier.
    Age,
    /// There is no other.
    OnlyOne,
}

/// The one task to do now.
#[derive(Debug, Clone, Serialize)]
pub struct Next {
    /// The task; null where none can be begun.
    pub task: Option<ReadyTask>,
    /// What put it before the second.
    pub because: Option<Reason>,
    /// The one after it.
    pub second: Option<ReadyTask>,
    /// What else the actor has in progress: the first of it.
    pub in_progress: Top<TaskView>,
    /// Where no task can be begun: the first of those that others have in hand.
    pub held: Option<Top<TaskView>>,
    /// Those of the repos that were asked for that no task touches.
    pub unknown_repos: Vec<String>,
    /// Where no task can be begun: the first of those that wait, and what for.
    pub blocked: Option<Top<Blocked>>,
    /// Where no task can be begun: how many tasks are not ended.
    pub open: Option<u64>,
}

/// A task in the graph.
#[derive(Debug, Clone, Serialize)]
pub struct Node {
    /// Its id.
    pub id: TaskId,
    /// Its title; null where no such task exists.
    pub title: Option<String>,
    /// How far it is; null where no such task exists.
    pub status: Option<TaskStatus>,
    /// How pressing it is.
    pub priority: Option<Priority>,
    /// The repos it touches.
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
pub struct Graph {
    /// The tasks, in the natural order of their ids.
    pub nodes: Vec<Node>,
    /// What waits for what.
    #[serde(serialize_with = "as_views")]
    pub edges: Vec<Edge>,
}

#[derive(Serialize)]
struct EdgeView<'a> {
    task: &'a TaskId,
    depends_on: &'a TaskId,
}

fn as_views<S: serde::Serializer>(edges: &[Edge], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(
        edges
            .iter()
            .map(|Edge { task, depends_on }| EdgeView { task, depends_on }),
    )
}
