//! Two states held against each other, as `--json` shows it.

use serde::Serialize;
use wsdb_core::{GoalId, Priority, Step, TaskId, TaskStatus};

use super::{PlacementView, StateView};

/// What lies between two states.
#[derive(Debug, Clone, Serialize)]
pub struct ComparisonView {
    /// The state that is held against the target.
    pub current: StateView,
    /// The state to come to.
    pub target: StateView,
    /// The components that take a step, in the order of the steps, then by name.
    pub components: Vec<ComponentDifferenceView>,
    /// How many components are as they shall be.
    pub same: u64,
    /// The target's goals that are about none of these components.
    pub goals: Vec<WorkView>,
}

/// A component that is not as it shall be.
#[derive(Debug, Clone, Serialize)]
pub struct ComponentDifferenceView {
    /// The component.
    pub component: String,
    /// What has to happen to it.
    pub step: Step,
    /// The fields of its placement that differ.
    pub fields: Vec<&'static str>,
    /// Its place in the current state.
    pub current: Option<PlacementView>,
    /// Its place in the target.
    pub target: Option<PlacementView>,
    /// Who works on it.
    pub work: Vec<WorkView>,
}

/// A goal with the task that works towards it.
#[derive(Debug, Clone, Serialize)]
pub struct WorkView {
    /// The goal.
    pub goal: GoalId,
    /// What shall be reached.
    pub architectural_goal: Option<String>,
    /// How far the goal is.
    pub status: TaskStatus,
    /// The component that it is about, if it is about one.
    pub component: Option<String>,
    /// The milestone it belongs to.
    pub milestone: Option<String>,
    /// How pressing it is.
    pub priority: Option<Priority>,
    /// The task.
    pub task: TaskId,
    /// The task's title; `None` where it doesn't exist.
    pub task_title: Option<String>,
    /// How far the task is; `None` where it doesn't exist.
    pub task_status: Option<TaskStatus>,
}
