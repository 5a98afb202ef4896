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
//! let actor = Actor::new("mira", "2025-11-20T10:00:00Z".parse()?);
//! let added = add_task(&workspace, &actor, "Move pricing", |_| ()).await?;
//! assert_eq!(added.task.id.as_str(), "WS-TASK-001");
//! workspace.close().await?;
//! # Ok(())
//! # }
//! ```

mod adopt;
mod architecture;
mod backup;
mod configuration;
mod context;
mod copy;
mod decision;
mod drift;
mod error;
mod handoff;
mod history;
mod issue;
pub mod list_commands;
mod lookup;
mod precondition;
mod record_names;
mod records;
mod repo;
mod repo_folders;
mod repo_paths;
mod resource;
mod restore;
mod session;
mod shell_quote;
mod stats;
mod status;
mod task;
mod undo;
mod validate;
pub mod views;
mod why;
mod workspace;

pub use adopt::{AdoptRequest, adopt_database, adopt_file};
pub use architecture::{
    add_goal, add_placement, add_state, architecture_state, architecture_states, compare_states,
    list_rules, resolve_component,
};
pub use backup::{BackupRequest, backup_workspace, drill_backup};
pub use configuration::{
    SnapshotRequest, add_configuration_change, diff_snapshots, record_differences,
    remove_snapshots, take_snapshot,
};
pub use context::{
    TimeSpentQuery, context_back, context_end, context_switch, current_context, time_spent,
};
pub use copy::copy_workspace;
pub use decision::{
    DecisionLinks, add_decision, export_adr, import_adr, link_decision, read_adr, show_decision,
    supersede_decisions, superseded_without_successor, unlink_decision,
};
pub use drift::{
    ScanOverrides, ScanReport, StatusUpdate, TaskDraft, add_detection, drift_trend,
    read_scan_report, record_scan, set_detection_status, task_for_detections,
};
pub use error::{Error, NoCurrentSession};
pub use handoff::handoff;
pub use history::{HistoryTarget, find_history_target, history, history_details};
pub use issue::{add_issue, set_issue_status};
pub use lookup::{
    MissingReference, find_missing, find_unknown_values, reject_unknown_names, resolve,
    resolve_all, resolve_all_or_referenced, resolve_collecting_missing, resolve_one_or_accept_new,
    resolve_or_accept_new, resolve_reference, resolve_references,
};
pub use precondition::Precondition;
pub use record_names::{command_of_noun, format_count_of_kind, kind_text, noun_text};
pub use records::{edit_records, remove_records, try_edit_records};
pub use repo::{
    UnknownRepo, WHOLE_WORKSPACE, imported_unknown_repos, list_repos, rename_repo, repo_of_path,
    repos_in_records, unknown_repos,
};
pub use repo_folders::{RepoFolder, repo_folders, without_dots};
pub use repo_paths::RepoPaths;
pub use resource::{Finishable, Resource, hide_finished};
pub use restore::restore_backup;
pub use session::{
    SessionLinkFilter, edit_session, end_session, link_session, log_activity, open_session,
    remove_sessions, resolve_session, session_links, show_session, start_session, unlink_session,
    why_no_session,
};
pub use shell_quote::shell_quote;
pub use stats::stats;
pub use status::status;
pub use task::{
    add_dependencies, add_task, blocked_tasks, claim_next, claim_task, edit_tasks, list_tasks,
    next_task, ready_tasks, release_claims, remove_dependencies, remove_tasks, renew_claims,
    set_task_status, show_task, task_graph,
};
pub use undo::{Retention, UndoSelection, prune_history, undo};
pub use views::Status;
pub use why::why;
pub use workspace::{Actor, Location, Workspace};
pub use wsdb_store::Options;

/// Import and export of documents, for front ends that show progress and results.
pub use wsdb_import as documents;
/// The store, for front ends that read a single kind of record.
pub use wsdb_store as store;
