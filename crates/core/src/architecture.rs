//! Architecture: states, where each component belongs, and the goals that tie tasks to them.

use serde_json::Value;

use crate::{
    ComponentType, Fields, GoalId, Page, PlacementId, Priority, StateId, StateType, TaskId,
    TaskStatus, Timestamp, Word,
};

/// How an architecture is, was, or shall be. Times are UTC.
///
/// The columns of both shapes that are in use: the older one has no name and no data, the newer
/// one none of the fields from `architecture_id` on.
#[derive(Debug, Clone, PartialEq)]
pub struct ArchitectureState {
    /// Its id.
    pub id: StateId,
    /// Its name, which no other state has.
    pub state_name: String,
    /// What it describes.
    pub state_type: StateType,
    /// The repo it is about.
    pub repo: String,
    /// Where it is written down.
    pub architecture_doc_path: Option<String>,
    /// Free-form data of its own.
    pub state_data: Option<Value>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// Its version.
    pub version: Option<String>,
    /// The architecture it belongs to (older shape).
    pub architecture_id: Option<String>,
    /// What it is about (older shape).
    pub description: Option<String>,
    /// The road map that leads to it (older shape).
    pub roadmap_file: Option<String>,
    /// When it shall be reached (older shape).
    pub target_date: Option<Timestamp>,
    /// How far it is (older shape).
    pub status: Option<Word>,
    /// When it last changed (older shape).
    pub updated_at: Option<Timestamp>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

/// Where a component belongs, and by which rules. Times are UTC.
///
/// No other placement has the same component name in the same state.
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentPlacement {
    /// Its id.
    pub id: PlacementId,
    /// The component.
    pub component_name: String,
    /// What kind of component it is.
    pub component_type: ComponentType,
    /// The repo it belongs in.
    pub correct_repo: String,
    /// Where in that repo.
    pub correct_location: Option<String>,
    /// The state this is part of; it may not exist (yet).
    pub architecture_state_id: Option<StateId>,
    /// Why there.
    pub rationale: Option<String>,
    /// The rules that hold for it.
    pub rules: Option<Value>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

/// A goal that a task works towards (table `architecture_tasks`). Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct ArchitectureGoal {
    /// Its id.
    pub id: GoalId,
    /// The task; it may not exist (yet).
    pub task_id: TaskId,
    /// The state it leads to; it may not exist (yet).
    pub architecture_state_id: Option<StateId>,
    /// What shall be reached.
    pub architectural_goal: Option<String>,
    /// The component it is about; its placement may not exist (yet).
    pub component_id: Option<PlacementId>,
    /// The milestone it belongs to.
    pub milestone: Option<String>,
    /// How pressing it is.
    pub priority: Option<Priority>,
    /// How far it is.
    pub status: TaskStatus,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl ArchitectureState {
    /// A state without anything but its name, type and repo.
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
            document_fields: Fields::new(),
        }
    }
}

impl ComponentPlacement {
    /// A placement without anything but the component and the repo it belongs in.
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
            document_fields: Fields::new(),
        }
    }
}

impl ArchitectureGoal {
    /// A pending goal of a task.
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
            document_fields: Fields::new(),
        }
    }
}

/// Which states are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct StateFilter {
    /// One of these.
    pub state_type: Vec<StateType>,
    /// About one of these repos.
    pub repo: Vec<String>,
    /// Has all these words, in any case, in its id, name, description or version.
    pub text: Vec<String>,
    /// In which order.
    pub sort: StateSort,
    /// Last first.
    pub reverse: bool,
    /// Which part of the list.
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
    /// By type, as in the vocabulary.
    Type,
    /// By the time when it was recorded.
    Created,
}

/// Which placements are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct PlacementFilter {
    /// One of these components.
    pub component_name: Vec<String>,
    /// One of these kinds.
    pub component_type: Vec<ComponentType>,
    /// In one of these repos.
    pub repo: Vec<String>,
    /// Part of one of these states.
    pub state: Vec<StateId>,
    /// Has all these words, in any case, in its id, component, location or rationale.
    pub text: Vec<String>,
    /// In which order.
    pub sort: PlacementSort,
    /// Last first.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

/// The order of a list of placements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PlacementSort {
    /// By id, as text.
    #[default]
    Id,
    /// By the component's name.
    Component,
    /// By the component's type, as in the vocabulary.
    Type,
    /// By repo.
    Repo,
    /// By the time of the last change.
    Updated,
}

/// Which goals are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct GoalFilter {
    /// Of one of these tasks.
    pub task: Vec<TaskId>,
    /// Leading to one of these states.
    pub state: Vec<StateId>,
    /// About one of these placements.
    pub component: Vec<PlacementId>,
    /// Of one of these milestones.
    pub milestone: Vec<String>,
    /// One of these.
    pub priority: Vec<Priority>,
    /// One of these.
    pub status: Vec<TaskStatus>,
    /// Has all these words, in any case, in its id, words or milestone.
    pub text: Vec<String>,
    /// In which order.
    pub sort: GoalSort,
    /// Last first.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

/// The order of a list of goals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GoalSort {
    /// By id, as text.
    #[default]
    Id,
    /// The most pressing first.
    Priority,
    /// By status, as in the vocabulary.
    Status,
    /// By milestone; those without one first.
    Milestone,
    /// By the time when it was recorded.
    Created,
}
