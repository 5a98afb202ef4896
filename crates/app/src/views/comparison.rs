//! View of a comparison of two architecture states.

use serde::Serialize;
use wsdb_core::{ComponentChange, GoalId, Priority, TaskId, TaskStatus};

use super::{PlacementView, StateView};

/// The differences between two states.
#[derive(Debug, Clone, Serialize)]
pub struct ComparisonView {
    /// The state that is compared with the target.
    pub current: StateView,
    /// The target state.
    pub target: StateView,
    /// The components that differ, in the order of [`ComponentChange`], then by name.
    pub components: Vec<ComponentDifferenceView>,
    /// Number of components that are the same in both.
    pub same: u64,
    /// Goals of the target that are about none of these components.
    pub goals: Vec<WorkView>,
}

/// A component that differs between the states.
#[derive(Debug, Clone, Serialize)]
pub struct ComponentDifferenceView {
    /// The component.
    pub component: String,
    /// What has to change.
    #[serde(rename = "step")]
    pub change: ComponentChange,
    /// The fields of its placement that differ.
    pub fields: Vec<&'static str>,
    /// Its placement in the current state.
    pub current: Option<PlacementView>,
    /// Its placement in the target.
    pub target: Option<PlacementView>,
    /// The goals and tasks that work on it.
    pub work: Vec<WorkView>,
}

/// A goal with the task that works toward it.
#[derive(Debug, Clone, Serialize)]
pub struct WorkView {
    /// The goal.
    pub goal: GoalId,
    /// Text of the goal.
    pub architectural_goal: Option<String>,
    /// Status of the goal.
    pub status: TaskStatus,
    /// The component that the goal is about, if any.
    pub component: Option<String>,
    /// The milestone it belongs to.
    pub milestone: Option<String>,
    /// Priority of the goal.
    pub priority: Option<Priority>,
    /// The task.
    pub task: TaskId,
    /// The task's title; null if there is no such task.
    pub task_title: Option<String>,
    /// The task's status; null if there is no such task.
    pub task_status: Option<TaskStatus>,
}
