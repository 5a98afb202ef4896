//! What governs a path or a component, as `--json` shows it.

use serde::Serialize;
use wsdb_core::{
    ComponentType, DecisionId, DecisionStatus, DetectionId, DetectionStatus, Impact, IssueId,
    PlacementId, Priority, Severity, StateId, StateType, TaskId, TaskStatus, ViolationType,
};

use super::{PlacementView, RuleView};

/// What governs a path or a component. What weighs most comes first in every list.
#[derive(Debug, Clone, Serialize)]
pub struct Why {
    /// What was asked about.
    pub asked: String,
    /// The path from its repo's root; null where a component was asked about.
    pub path: Option<String>,
    /// The repo that the path is in, where that is known.
    pub repo: Option<String>,
    /// The components that it is, or is part of.
    pub components: Vec<String>,
    /// Where these belong.
    pub placements: Vec<WhyPlacement>,
    /// The rules that hold for it.
    pub rules: Vec<WhyRule>,
    /// The decisions behind the rules, and those that name it.
    pub decisions: Vec<WhyDecision>,
    /// The drift that was found there and stands.
    pub drift: Vec<WhyDetection>,
    /// The tasks that mend the drift, work towards its goals, or name it.
    pub tasks: Vec<WhyTask>,
    /// The open issues about it.
    pub issues: Vec<WhyIssue>,
    /// Where nothing governs it: the placement that is most like what was asked about.
    pub nearest: Option<PlacementView>,
}

impl Why {
    /// Whether nothing is known of it.
    pub fn is_empty(&self) -> bool {
        self.placements.is_empty()
            && self.rules.is_empty()
            && self.decisions.is_empty()
            && self.drift.is_empty()
            && self.tasks.is_empty()
            && self.issues.is_empty()
    }
}

/// The state that a placement is part of.
#[derive(Debug, Clone, Serialize)]
pub struct WhyState {
    /// Its id.
    pub id: StateId,
    /// Its name; null where it doesn't exist.
    pub name: Option<String>,
    /// What it describes; null where it doesn't exist.
    pub state_type: Option<StateType>,
}

/// Where a component belongs.
#[derive(Debug, Clone, Serialize)]
pub struct WhyPlacement {
    /// The placement.
    pub id: PlacementId,
    /// The component.
    pub component: String,
    /// What kind of component it is.
    pub component_type: ComponentType,
    /// The repo it belongs in.
    pub repo: String,
    /// Where in that repo.
    pub location: Option<String>,
    /// The state that says so.
    pub state: Option<WhyState>,
    /// Why there.
    pub rationale: Option<String>,
    /// How it came to be told: `path` (the path is there), `folder` (the path lies there),
    /// `inside` (it lies in the path) or `component`.
    pub because: &'static str,
    /// Whether the path is where the placement wants it.
    pub here: bool,
}

/// A rule that holds for it.
#[derive(Debug, Clone, Serialize)]
pub struct WhyRule {
    /// The rule.
    #[serde(flatten)]
    pub rule: RuleView,
    /// Whether it is broken by where the path is.
    pub broken: bool,
    /// Whether it is about the path alone: it keeps a component out that isn't there.
    pub keeps_out: bool,
}

/// A decision.
#[derive(Debug, Clone, Serialize)]
pub struct WhyDecision {
    /// Its id.
    pub id: String,
    /// What was decided; null where it doesn't exist.
    pub decision: Option<String>,
    /// How far it is carried out.
    pub status: Option<DecisionStatus>,
    /// How far it reaches.
    pub impact: Option<Impact>,
    /// The decisions that took its place.
    pub superseded_by: Vec<DecisionId>,
    /// How it came to be told.
    pub because: Vec<String>,
}

/// A detection that stands.
#[derive(Debug, Clone, Serialize)]
pub struct WhyDetection {
    /// Its id.
    pub id: DetectionId,
    /// Whether it is open or ignored.
    pub status: DetectionStatus,
    /// How grave it is.
    pub severity: Severity,
    /// What kind of rule is broken.
    pub violation_type: ViolationType,
    /// The repo it was found in.
    pub repo: String,
    /// The file it was found in.
    pub file_path: String,
    /// The component it is about.
    pub component: Option<String>,
    /// The rule that is broken.
    pub detected_rule: Option<String>,
    /// Where it should be.
    pub expected_location: Option<String>,
    /// The task that mends it.
    pub task: Option<TaskId>,
}

/// A task that has to do with it.
#[derive(Debug, Clone, Serialize)]
pub struct WhyTask {
    /// Its id.
    pub id: TaskId,
    /// What is to be done; null where it doesn't exist.
    pub title: Option<String>,
    /// How far it is.
    pub status: Option<TaskStatus>,
    /// How pressing it is.
    pub priority: Option<Priority>,
    /// Who does it.
    pub assigned_to: Option<String>,
    /// How it came to be told.
    pub because: Vec<String>,
}

/// An open issue about it.
#[derive(Debug, Clone, Serialize)]
pub struct WhyIssue {
    /// Its id.
    pub id: IssueId,
    /// What is wrong.
    pub title: String,
    /// How grave it is.
    pub severity: Severity,
    /// The task that mends it.
    pub task: Option<TaskId>,
    /// How it came to be told.
    pub because: String,
}
