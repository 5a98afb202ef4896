//! Architecture states, placements of components and goals.

mod compare;
mod edit;
mod queries;

pub use compare::compare_states;
pub use edit::{add_goal, add_placement, add_state};
pub use queries::{architecture_state, architecture_states, list_rules, resolve_component};
