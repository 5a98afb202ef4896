//! Architecture: states, component placements, and the goals that link tasks to them.

pub(crate) mod compare;

use crate::{
    ComponentType, GoalId, Json, JsonObject, Label, Page, PlacementId, Priority, StateId,
    StateType, TaskId, TaskStatus, Timestamp,
};

/// A current, former or intended architecture. Times are UTC.
///
/// Has the columns of both shapes in use: the older one lacks name and data, the newer one the
/// fields from `architecture_id` on.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ArchitectureState {
    /// Its ID.
    pub id: StateId,
    /// Its unique name.
    pub state_name: String,
    /// The kind of architecture that it describes.
    pub state_type: StateType,
    /// The repo that it describes.
    pub repo: String,
    /// The path of its documentation.
    pub architecture_doc_path: Option<String>,
    /// Free-form data.
    pub state_data: Option<Json>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// Its version.
    pub version: Option<String>,
    /// The architecture it belongs to (older shape).
    pub architecture_id: Option<String>,
    /// A description (older shape).
    pub description: Option<String>,
    /// The file with its roadmap (older shape).
    pub roadmap_file: Option<String>,
    /// When it should be reached (older shape).
    pub target_date: Option<Timestamp>,
    /// Its status (older shape).
    pub status: Option<Label>,
    /// When it last changed (older shape).
    pub updated_at: Option<Timestamp>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

/// Where a component belongs, and its rules. Times are UTC.
///
/// The component name is unique within a state.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComponentPlacement {
    /// Its ID.
    pub id: PlacementId,
    /// The name of the component.
    pub component_name: String,
    /// The kind of the component.
    pub component_type: ComponentType,
    /// The repo where it belongs.
    pub correct_repo: String,
    /// Its location in that repo.
    pub correct_location: Option<String>,
    /// The state that the placement belongs to; it need not exist.
    pub architecture_state_id: Option<StateId>,
    /// The reasons.
    pub rationale: Option<String>,
    /// Its rules.
    pub rules: Option<Json>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

/// A goal of a task (table `architecture_tasks`). Times are UTC.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ArchitectureGoal {
    /// Its ID.
    pub id: GoalId,
    /// The task; it need not exist.
    pub task_id: TaskId,
    /// The state that it leads to; it need not exist.
    pub architecture_state_id: Option<StateId>,
    /// The goal.
    pub architectural_goal: Option<String>,
    /// The placement of the affected component; it need not exist.
    pub component_id: Option<PlacementId>,
    /// Its milestone.
    pub milestone: Option<String>,
    /// Its priority.
    pub priority: Option<Priority>,
    /// Its status.
    pub status: TaskStatus,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

impl ArchitectureState {
    /// Creates a state with only its name, type and repo.
    pub fn new(
        id: StateId,
        state_name: String,
        state_type: StateType,
        repo: String,
        now: Timestamp,
    ) -> Self {
        ArchitectureState {
            id,
            state_name,
            state_type,
            repo,
            architecture_doc_path: None,
            state_data: None,
            created_at: now,
            version: None,
            architecture_id: None,
            description: None,
            roadmap_file: None,
            target_date: None,
            status: None,
            updated_at: None,
            document_fields: JsonObject::new(),
        }
    }
}

impl ComponentPlacement {
    /// Creates a placement with only the component and its repo.
    pub fn new(
        id: PlacementId,
        component_name: String,
        component_type: ComponentType,
        correct_repo: String,
        now: Timestamp,
    ) -> Self {
        ComponentPlacement {
            id,
            component_name,
            component_type,
            correct_repo,
            correct_location: None,
            architecture_state_id: None,
            rationale: None,
            rules: None,
            created_at: now,
            updated_at: now,
            document_fields: JsonObject::new(),
        }
    }
}

impl ArchitectureGoal {
    /// Creates a pending goal of a task.
    pub fn new(id: GoalId, task_id: TaskId, now: Timestamp) -> Self {
        ArchitectureGoal {
            id,
            task_id,
            architecture_state_id: None,
            architectural_goal: None,
            component_id: None,
            milestone: None,
            priority: None,
            status: TaskStatus::Pending,
            created_at: now,
            document_fields: JsonObject::new(),
        }
    }
}

/// Filters states. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct StateFilter {
    /// Matches any of these state types.
    pub state_type: Vec<StateType>,
    /// Matches states of any of these repos.
    pub repo: Vec<String>,
    /// Matches all of these words in id, name, description or version, ignoring case.
    pub text: Vec<String>,
    /// Order of the list.
    pub sort: StateSort,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// The order of a list of states.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StateSort {
    /// By id, as text.
    #[default]
    Id,
    /// By name.
    Name,
    /// By type, in the order of the vocabulary.
    Type,
    /// By time of recording.
    Created,
}

/// Filters placements. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct PlacementFilter {
    /// Matches any of these component names.
    pub component_name: Vec<String>,
    /// Matches any of these component types.
    pub component_type: Vec<ComponentType>,
    /// Matches placements in any of these repos.
    pub repo: Vec<String>,
    /// Matches placements of any of these states.
    pub state: Vec<StateId>,
    /// Matches all of these words in id, component, location or rationale, ignoring case.
    pub text: Vec<String>,
    /// Order of the list.
    pub sort: PlacementSort,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// The order of a list of placements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PlacementSort {
    /// By id, as text.
    #[default]
    Id,
    /// By component name.
    Component,
    /// By component type, in the order of the vocabulary.
    Type,
    /// By repo.
    Repo,
    /// By time of the last change.
    Updated,
}

/// Filters goals. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct GoalFilter {
    /// Matches goals of any of these tasks.
    pub task: Vec<TaskId>,
    /// Matches goals of any of these states.
    pub state: Vec<StateId>,
    /// Matches goals of any of these placements.
    pub component: Vec<PlacementId>,
    /// Matches any of these milestones.
    pub milestone: Vec<String>,
    /// Matches any of these priorities.
    pub priority: Vec<Priority>,
    /// Matches any of these statuses.
    pub status: Vec<TaskStatus>,
    /// Matches open (`true`) or finished (`false`) goals.
    pub open: Option<bool>,
    /// Matches all of these words in id, goal or milestone, ignoring case.
    pub text: Vec<String>,
    /// Order of the list.
    pub sort: GoalSort,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// The order of a list of goals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GoalSort {
    /// By id, as text.
    #[default]
    Id,
    /// Highest priority first.
    Priority,
    /// By status, in the order of the vocabulary.
    Status,
    /// By milestone; goals without one first.
    Milestone,
    /// By time of recording.
    Created,
}
