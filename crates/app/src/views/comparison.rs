//! View of a comparison of two architecture states.

use serde::Serialize;
use wsdb_core::ComponentChange;

use super::{Counts, GoalDetails, PlacementView, StateView};

/// The differences between two states.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComparisonView {
    /// The state that is compared with the target.
    pub current: StateView,
    /// The target state.
    pub target: StateView,
    /// The components that differ, in the order of [`ComponentChange`], then by name.
    pub components: Vec<ComponentDifferenceView>,
    /// Number of components by change.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByVocabulary<wsdb_core::ComponentChange>")
    )]
    pub counts: Counts,
    /// Goals of the target that are about none of these components.
    pub goals: Vec<GoalDetails>,
}

/// A component that differs between the states.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComponentDifferenceView {
    /// The component.
    pub component_name: String,
    /// What has to change.
    pub change: ComponentChange,
    /// The fields of its placement that differ.
    pub fields: Vec<&'static str>,
    /// Its placement in the current state.
    pub current: Option<PlacementView>,
    /// Its placement in the target.
    pub target: Option<PlacementView>,
    /// The goals of the target that are about it.
    pub goals: Vec<GoalDetails>,
}
