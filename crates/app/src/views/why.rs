//! Views of what governs a path or a component.

use serde::Serialize;
use wsdb_core::{
    ActivityId, ComponentType, DecisionId, DecisionStatus, DetectionId, DetectionStatus, Impact,
    IssueId, PlacementId, Priority, SessionId, Severity, StateId, StateType, TaskId, TaskStatus,
    Timestamp, ViolationType,
};

use super::{PlacementView, RuleView};

/// What governs a path or a component. The most important entry comes first in every list.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Why {
    /// The path or component as it was given.
    pub query: String,
    /// The path relative to its repo; null for a component.
    pub file_path: Option<String>,
    /// The repo of the path, if it is known.
    pub repo: Option<String>,
    /// The components that it is or belongs to.
    pub components: Vec<String>,
    /// Their placements.
    pub placements: Vec<WhyPlacement>,
    /// The rules that apply.
    pub rules: Vec<WhyRule>,
    /// The decisions behind the rules, and those that mention it.
    pub decisions: Vec<WhyDecision>,
    /// The drift found there that is not resolved.
    pub detections: Vec<WhyDetection>,
    /// The tasks that fix the drift, work toward its goals, or mention it.
    pub tasks: Vec<WhyTask>,
    /// The open issues about it.
    pub issues: Vec<WhyIssue>,
    /// The activities in which the path was created or modified, newest first.
    pub activities: Vec<WhyActivity>,
    /// If nothing governs it: the most similar placement.
    pub nearest: Option<PlacementView>,
}

impl Why {
    /// Returns whether nothing governs it.
    pub fn is_empty(&self) -> bool {
        self.placements.is_empty()
            && self.rules.is_empty()
            && self.decisions.is_empty()
            && self.detections.is_empty()
            && self.tasks.is_empty()
            && self.issues.is_empty()
            && self.activities.is_empty()
    }
}

/// The state that a placement is part of.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhyState {
    /// Its ID.
    pub id: StateId,
    /// Its name; null if it does not exist.
    pub state_name: Option<String>,
    /// Its type; null if it does not exist.
    pub state_type: Option<StateType>,
}

/// A placement of a component.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhyPlacement {
    /// The placement.
    pub id: PlacementId,
    /// The component.
    pub component_name: String,
    /// Type of the component.
    pub component_type: ComponentType,
    /// The repo that it belongs in.
    pub correct_repo: String,
    /// The location in that repo.
    pub correct_location: Option<String>,
    /// The architecture state of the placement.
    pub state: Option<WhyState>,
    /// Reason for the placement.
    pub rationale: Option<String>,
    /// Why it is listed: `path` (the path is the location), `folder` (the path is inside the
    /// location), `inside` (the location is inside the path) or `component`.
    pub reason: &'static str,
    /// Whether the path matches the placement.
    pub matches: bool,
}

/// A rule that applies.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhyRule {
    /// The rule.
    #[serde(flatten)]
    pub rule: RuleView,
    /// Whether the path violates it.
    pub violated: bool,
    /// Whether it only forbids another component at this path.
    pub excludes_others: bool,
}

/// A related decision.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhyDecision {
    /// Its ID.
    pub id: String,
    /// Text of the decision; null if it does not exist.
    pub decision: Option<String>,
    /// Its status.
    pub status: Option<DecisionStatus>,
    /// Its impact.
    pub impact: Option<Impact>,
    /// The decisions that supersede it.
    pub superseded_by: Vec<DecisionId>,
    /// Why it is listed.
    pub reasons: Vec<String>,
}

/// A detection that is not resolved.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhyDetection {
    /// Its ID.
    pub id: DetectionId,
    /// Whether it is open or ignored.
    pub status: DetectionStatus,
    /// Its severity.
    pub severity: Severity,
    /// Kind of violation.
    pub violation_type: ViolationType,
    /// The repo in which it was found.
    pub repo: String,
    /// The file in which it was found.
    pub file_path: String,
    /// The component that it is about.
    pub component_name: Option<String>,
    /// The rule that is violated.
    pub detected_rule: Option<String>,
    /// Where the component should be.
    pub expected_location: Option<String>,
    /// The task that fixes it.
    pub related_task_id: Option<TaskId>,
}

/// A related task.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhyTask {
    /// Its ID.
    pub id: TaskId,
    /// Its title; null if there is no such task.
    pub title: Option<String>,
    /// Its status.
    pub status: Option<TaskStatus>,
    /// Its priority.
    pub priority: Option<Priority>,
    /// Its assignee.
    pub assigned_to: Option<String>,
    /// Why it is listed.
    pub reasons: Vec<String>,
}

/// An open issue about it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhyIssue {
    /// Its ID.
    pub id: IssueId,
    /// Its title.
    pub title: String,
    /// Its severity.
    pub severity: Severity,
    /// The task that fixes it.
    pub related_task_id: Option<TaskId>,
    /// Why it is listed.
    pub reason: String,
}

/// An activity in which the path was created or modified.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhyActivity {
    /// Its ID.
    pub id: ActivityId,
    /// Its session.
    pub session_id: SessionId,
    /// What was done.
    pub description: String,
    /// When it was done.
    pub time: Timestamp,
}
