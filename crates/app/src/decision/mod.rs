//! Decisions, their links and their Markdown pages.

mod edit;
mod links;
mod markdown;
pub(crate) mod queries;
mod supersede;

pub use edit::{add_decision, link_decision, unlink_decision};
pub use links::DecisionLinks;
pub use markdown::{export_adr, import_adr, read_adr};
pub use queries::show_decision;
pub use supersede::{supersede_decisions, superseded_without_successor};
