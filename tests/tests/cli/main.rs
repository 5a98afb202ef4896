//! The binary as people and programs use it, on SQLite and PostgreSQL.

#![allow(clippy::unwrap_used)]

mod architecture;
mod claim_leases;
mod claim_releases;
mod claims;
mod claims_in_documents;
mod colors;
mod configuration;
mod contexts;
mod copy;
mod coverage;
mod decision_pages;
mod decisions;
mod drift;
mod drift_scans;
mod environment;
mod first_use;
mod goals;
mod graph;
mod handoff;
mod help;
mod history;
mod history_documents;
mod import;
mod import_errors;
mod import_merge;
mod import_sessions;
mod io_failures;
mod missing_references;
mod output;
mod placement_rules;
mod placements;
mod postgres_failures;
mod records;
mod samples;
mod search;
mod sessions;
mod states;
mod stats;
mod tasks;
mod undo;
mod usage_errors;
mod why;
