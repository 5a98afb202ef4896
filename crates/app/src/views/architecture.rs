//! States, placements and goals as `--json` shows them.

use serde::Serialize;
use serde_json::Value;
use wsdb_core::{
    ComponentPlacement, ComponentType, Fields, GoalId, PlacementId, Priority, Rule, RuleFault,
    RuleKind, Severity, StateId, StateType, TaskId, TaskStatus, Timestamp, Word,
};

view! {
    /// An architecture state: its columns. Times are RFC 3339 in UTC.
    StateView of ArchitectureState {
        id: StateId,
        state_name: String,
        state_type: StateType,
        repo: String,
        architecture_doc_path: Option<String>,
        state_data: Option<Value>,
        created_at: Timestamp,
        version: Option<String>,
        architecture_id: Option<String>,
        description: Option<String>,
        roadmap_file: Option<String>,
        target_date: Option<Timestamp>,
        status: Option<Word>,
        updated_at: Option<Timestamp>,
        document_fields: Fields,
    }
}

view! {
    /// A component placement: its columns. Times are RFC 3339 in UTC.
    PlacementView of ComponentPlacement {
        id: PlacementId,
        component_name: String,
        component_type: ComponentType,
        correct_repo: String,
        correct_location: Option<String>,
        architecture_state_id: Option<StateId>,
        rationale: Option<String>,
        rules: Option<Value>,
        created_at: Timestamp,
        updated_at: Timestamp,
        document_fields: Fields,
    }
}

view! {
    /// A goal: its columns. Times are RFC 3339 in UTC.
    GoalView of ArchitectureGoal {
        id: GoalId,
        task_id: TaskId,
        architecture_state_id: Option<StateId>,
        architectural_goal: Option<String>,
        component_id: Option<PlacementId>,
        milestone: Option<String>,
        priority: Option<Priority>,
        status: TaskStatus,
        created_at: Timestamp,
        document_fields: Fields,
    }
}

/// A rule of a placement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleView {
    /// The placement whose rule it is.
    pub placement: PlacementId,
    /// Its component.
    pub component: String,
    /// The repo that the component belongs in: paths in rules count from its root.
    pub repo: String,
    /// What it says about its subject.
    pub kind: RuleKind,
    /// A module or a glob.
    pub subject: String,
    /// Whether the subject of a rule about imports is a glob.
    pub pattern: bool,
    /// How grave it is to break it.
    pub severity: Option<Severity>,
    /// Why it holds.
    pub why: Option<String>,
    /// The decision behind it.
    pub decision: Option<String>,
}

impl RuleView {
    pub(crate) fn new(placement: &ComponentPlacement, rule: Rule) -> Self {
        let Rule {
            kind,
            subject,
            pattern,
            severity,
            why,
            decision,
        } = rule;
        RuleView {
            placement: placement.id.clone(),
            component: placement.component_name.clone(),
            repo: placement.correct_repo.clone(),
            kind,
            subject,
            pattern,
            severity,
            why,
            decision: decision.map(String::from),
        }
    }
}

/// The rules of some placements.
#[derive(Debug, Clone, Serialize)]
pub struct RulesView {
    /// Those that can be read.
    pub rules: Vec<RuleView>,
    /// How many there are.
    pub total: u64,
    /// What doesn't fit the schema; it is kept as it is.
    pub faults: Vec<PlacementFault>,
}

/// What doesn't fit the schema in a placement's rules.
#[derive(Debug, Clone, Serialize)]
pub struct PlacementFault {
    /// The placement.
    pub placement: PlacementId,
    /// Where in its rules, such as `$.severity`.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl PlacementFault {
    pub(crate) fn new(placement: &PlacementId, fault: RuleFault) -> Self {
        PlacementFault {
            placement: placement.clone(),
            path: fault.path,
            reason: fault.reason,
        }
    }
}

/// A state with what is in it.
#[derive(Debug, Clone, Serialize)]
pub struct StateDetails {
    /// The state.
    #[serde(flatten)]
    pub state: StateView,
    /// Its components, by repo and location.
    pub components: Vec<PlacementView>,
    /// The goals that lead to it or to a component of it.
    pub goals: Vec<GoalDetails>,
}

/// A goal with its task.
#[derive(Debug, Clone, Serialize)]
pub struct GoalDetails {
    /// The goal.
    #[serde(flatten)]
    pub goal: GoalView,
    /// The component's name.
    pub component_name: Option<String>,
    /// The task's title; `None` where it doesn't exist.
    pub task_title: Option<String>,
    /// How far the task is; `None` where it doesn't exist.
    pub task_status: Option<TaskStatus>,
}

/// A state with how much is in it.
#[derive(Debug, Clone, Serialize)]
pub struct StateSummary {
    /// The state.
    #[serde(flatten)]
    pub state: StateView,
    /// How many components are placed in it.
    pub component_count: u64,
    /// How many goals lead to it.
    pub goal_count: u64,
    /// How many of those are not ended.
    pub open_goal_count: u64,
}
