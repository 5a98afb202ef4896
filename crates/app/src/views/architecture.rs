//! Views of architecture states, placements and goals.

use serde::Serialize;
use wsdb_core::{
    ComponentPlacement, ComponentType, GoalId, Json, JsonObject, Label, PlacementId, Priority,
    Rule, RuleKind, RuleViolation, Severity, StateId, StateType, TaskId, TaskStatus, Timestamp,
};

view! {
    /// An architecture state. Times are RFC 3339 in UTC.
    StateView of ArchitectureState {
        id: StateId,
        state_name: String,
        state_type: StateType,
        repo: String,
        architecture_doc_path: Option<String>,
        state_data: Option<Json>,
        created_at: Timestamp,
        version: Option<String>,
        architecture_id: Option<String>,
        description: Option<String>,
        roadmap_file: Option<String>,
        target_date: Option<Timestamp>,
        status: Option<Label>,
        updated_at: Option<Timestamp>,
        document_fields: JsonObject,
    }
}

view! {
    /// A component placement. Times are RFC 3339 in UTC.
    PlacementView of ComponentPlacement {
        id: PlacementId,
        component_name: String,
        component_type: ComponentType,
        correct_repo: String,
        correct_location: Option<String>,
        architecture_state_id: Option<StateId>,
        rationale: Option<String>,
        rules: Option<Json>,
        created_at: Timestamp,
        updated_at: Timestamp,
        document_fields: JsonObject,
    }
}

view! {
    /// An architecture goal. Times are RFC 3339 in UTC.
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
        document_fields: JsonObject,
    }
}

/// A rule of a placement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RuleView {
    /// The placement that has the rule.
    pub placement_id: PlacementId,
    /// The component of the placement.
    pub component_name: String,
    /// The repo of the placement; paths in rules are relative to its root.
    pub repo: String,
    /// Type of rule.
    pub rule_type: RuleKind,
    /// What the rule allows or forbids: a module or a glob.
    pub subject: String,
    /// Whether the subject of a rule about imports is a glob.
    pub pattern: bool,
    /// Severity of a violation.
    pub severity: Option<Severity>,
    /// Reason for the rule.
    pub why: Option<String>,
    /// The decision behind it.
    pub decision: Option<String>,
}

list_record!(RuleView {
    placement_id,
    component_name,
    repo,
    rule_type,
    subject,
    pattern,
    severity,
    why,
    decision
});

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
            placement_id: placement.id.clone(),
            component_name: placement.component_name.clone(),
            repo: placement.correct_repo.clone(),
            rule_type: kind,
            subject,
            pattern,
            severity,
            why,
            decision: decision.map(String::from),
        }
    }
}

/// Rules of placements.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RulesView {
    /// The valid rules.
    pub rules: Vec<RuleView>,
    /// Number of valid rules.
    pub total: u64,
    /// The parts that do not match the schema; they are stored unchanged.
    pub problems: Vec<PlacementProblem>,
}

/// A part of a placement's rules that does not match the schema.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlacementProblem {
    /// The placement.
    pub placement_id: PlacementId,
    /// JSON path in the rules, such as `$.severity`.
    pub path: String,
    /// What is wrong.
    pub reason: String,
}

impl PlacementProblem {
    pub(crate) fn new(placement: &PlacementId, violation: RuleViolation) -> Self {
        PlacementProblem {
            placement_id: placement.clone(),
            path: violation.path,
            reason: violation.reason,
        }
    }
}

/// A state with its components and goals.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StateDetails {
    /// The state.
    #[serde(flatten)]
    pub state: StateView,
    /// Its components, by repo and location.
    pub components: Vec<PlacementView>,
    /// The goals for the state or for one of its components.
    pub goals: Vec<GoalDetails>,
}

/// A goal with its task.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GoalDetails {
    /// The goal.
    #[serde(flatten)]
    pub goal: GoalView,
    /// The component's name.
    pub component_name: Option<String>,
    /// The task's title; null if there is no such task.
    pub task_title: Option<String>,
    /// The task's status; null if there is no such task.
    pub task_status: Option<TaskStatus>,
}

/// A state with the number of its components and goals.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StateSummary {
    /// The state.
    #[serde(flatten)]
    pub state: StateView,
    /// Number of components placed in it.
    pub component_count: u64,
    /// Number of goals for the state.
    pub goal_count: u64,
    /// Number of those goals that are open.
    pub open_goal_count: u64,
}

list_record!(StateSummary { ..state: StateView, component_count, goal_count, open_goal_count });
