//! SeaORM entities, one file per table: its columns, and the conversion from and to the record.
//! Private to this crate.
//!
//! The derive macros generate public, undocumented items, which are not visible outside.
#![allow(unreachable_pub, missing_docs)]

pub mod action;
pub mod architecture_goal;
pub mod architecture_state;
pub mod component_placement;
pub mod configuration_change;
pub mod configuration_snapshot;
pub mod context_switch;
pub mod decision;
pub mod decision_link;
pub mod decision_repo;
pub mod document_base;
pub mod document_header;
pub mod document_record;
pub mod drift_detection;
pub mod drift_scan;
pub mod id_series;
pub mod issue;
pub mod issue_repo;
pub mod record_change;
pub mod session;
pub mod session_activity;
pub mod session_decision;
pub mod session_issue;
pub mod task;
pub mod task_claim;
pub mod task_dependency;
pub mod task_repo;

#[cfg(test)]
mod agreement;
