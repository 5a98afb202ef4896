//! The actions that wsdb offers: one function and one transaction each.
//!
//! A front end (the command line, later MCP and web) turns a request into a call of this crate, and
//! the view that is returned into text, JSON or HTML.
//!
//! ```
//! use wsdb_app::{Actor, Location, Options, Workspace, add_task};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let location = Location::in_folder(folder.path());
//! let workspace = Workspace::create(&location, &Options::default()).await?;
//! let actor = Actor { name: "mira".into(), now: "2025-11-20T10:00:00Z".parse()? };
//! let task = add_task(&workspace, &actor, "Move pricing", |_| ()).await?;
//! assert_eq!(task.id.as_str(), "WS-TASK-001");
//! workspace.close().await?;
//! # Ok(())
//! # }
//! ```

mod adr;
mod architecture;
mod claims;
mod comparison;
mod configuration;
mod contexts;
mod copy;
mod decisions;
mod drift;
mod error;
mod expected;
mod graph;
mod handoff;
mod hands;
mod history;
mod ids;
mod issues;
mod noun;
mod records;
mod session_parts;
mod sessions;
mod stats;
mod status;
mod tasks;
mod transfer;
pub mod views;
mod why;
mod workspace;

pub use adr::{export_adr, import_adr, read_adr};
pub use architecture::{
    add_goal, add_placement, add_state, architecture_state, architecture_states, list_rules,
    resolve_component,
};
pub use claims::{claim_next, claim_task, release_claims, renew_claims};
pub use comparison::compare_states;
pub use configuration::{
    SnapshotRequest, add_configuration_change, diff_snapshots, record_differences,
    remove_snapshots, take_snapshot,
};
pub use contexts::{context_back, context_end, context_switch, current_context, time_spent};
pub use copy::copy_workspace;
pub use decisions::{
    DecisionLinks, LinkCandidates, add_decision, link_decision, show_decision, supersede_decisions,
    superseded_without_successor, unlink_decision,
};
pub use drift::{
    ScanOverrides, ScanReport, TaskDraft, add_detection, drift_trend, record_scan,
    set_detection_status, task_for_detections,
};
pub use error::Error;
pub use expected::Precondition;
pub use graph::{
    add_dependencies, blocked_tasks, next_task, ready_tasks, remove_dependencies, task_graph,
};
pub use handoff::handoff;
pub use history::{Retention, Undo, find_record, history, history_details, prune_history, undo};
pub use ids::{
    find_missing, resolve, resolve_all, resolve_collecting_missing, resolve_or_accept_new,
};
pub use issues::{add_issue, set_issue_status};
pub use noun::Resource;
pub use records::{edit_records, remove_records};
pub use session_parts::{SessionLinkFilter, link_session, session_links, unlink_session};
pub use sessions::{
    edit_session, end_session, log_activity, open_session, remove_sessions, resolve_session,
    show_session, start_session,
};
pub use stats::stats;
pub use status::status;
pub use tasks::{add_task, edit_tasks, list_tasks, remove_tasks, set_task_status, show_task};
pub use transfer::{export_documents, import_documents};
pub use views::Status;
pub use why::why;
pub use workspace::{Actor, Location, Workspace};
pub use wsdb_store::Options;

/// Import and export of documents, for front ends that show progress and results.
pub use wsdb_import as documents;
/// The store, for front ends that read a single kind of record.
pub use wsdb_store as store;
