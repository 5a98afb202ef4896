//! Domain types of a workspace: ids, vocabularies, records, filters and the rules of change.
//!
//! This crate is pure: no async, no database, no command line, no file system and no clock. Rules
//! that need the time take it as an argument.
//!
//! ```
//! use wsdb_core::{Task, TaskId, TaskStatus, Timestamp};
//!
//! let now: Timestamp = "2025-11-20T10:00:00Z".parse()?;
//! let mut task = Task::new(TaskId::new("WS-TASK-001")?, "Move pricing".into(), now);
//! task.set_status("wip".parse()?, now);
//! assert_eq!(task.status, TaskStatus::InProgress);
//! assert_eq!(task.started_at, Some(now));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod architecture;
mod canonical_json;
mod claim;
mod configuration;
mod context;
mod decision;
mod drift;
mod glob;
mod graph;
mod history;
mod id;
mod id_match;
mod issue;
mod json;
mod json_diff;
mod json_number;
mod lifecycle;
mod moment;
mod page;
mod paths;
mod read_error;
mod rules;
#[cfg(feature = "schema")]
mod schema;
mod search;
mod secret;
mod session;
mod since;
mod snippet;
mod task;
mod text;
mod throughput;
mod time;
mod vocabulary;

pub use architecture::compare::{ComponentDifference, compare};
pub use architecture::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, GoalFilter, GoalSort, PlacementFilter,
    PlacementSort, StateFilter, StateSort,
};
pub use canonical_json::{configuration_hash, to_canonical_json};
pub use claim::{Claim, ClaimFilter};
pub use configuration::{ChangeFilter, ConfigurationChange, ConfigurationSnapshot, SnapshotFilter};
pub use context::{ContextFilter, ContextSort, ContextSwitch, Day, TimeSpent, time_spent};
pub use decision::{Decision, DecisionFilter, DecisionSort};
pub use drift::{
    DetectionChange, DetectionFilter, DetectionInterval, DetectionSort, DetectionUpdate,
    DriftDetection, DriftScan, Finding, FingerprintedFinding, Reconciliation, ScanFilter,
    ScanScope, ScanSort, SeverityCounts, TrendPoint, existing_fingerprints, fingerprints, trend,
    with_fingerprints,
};
pub use graph::{
    Blocker, Edge, TreeLine, blockers, find_cycle, find_dependency_cycle, flatten_tree,
};
pub use history::{
    Action, ActionId, ActionWithChanges, Author, ChangeKind, DEFAULT_SESSION_TIMEOUT,
    HistoryFilter, RecordChange, SessionChoice, command_of_verb,
};
pub use id::{
    ActivityId, ChangeId, ContextSwitchId, DecisionId, DetectionId, GoalId, IdError, IdSeries,
    IssueId, LinkId, PlacementId, ScanId, SessionId, SnapshotId, StateId, TaskId, natural_order,
};
pub use id_match::{has_segments, is_complete_id, is_part_of_id};
pub use issue::{Issue, IssueFilter, IssueSort};
pub use json::{
    Json, JsonError, JsonErrorKind, JsonIndex, JsonKind, JsonNumber, JsonObject, JsonReader,
};
pub use json_diff::{Difference, KeyPath, PathSegment, differences, merge_files};
pub use json_number::{normalize_number, normalize_numbers};
pub use lifecycle::{Lifecycle, OPEN, StatusChoice};
pub use moment::Moment;
pub use page::Page;
pub use paths::{
    PathRelation, RepoPath, RepoPrefixes, candidate_paths, format_file_location, is_absolute_path,
    leads_up, normalize_file_path, normalize_path,
};
pub use read_error::{format_io_error, format_read_error};
pub use rules::{RULES_SCHEMA, Rule, RuleViolation, parse_rules, validate_rules};
pub use search::{
    Hit, IndexText, SearchFilter, SearchQuery, SearchQueryError, StatusFilter, StatusFilterError,
    Term, fold_case_and_accents, folded_latin_letters,
};
pub use secret::{REDACTED, is_secret_key, redact_entry_names, redact_secret_text, redact_secrets};
pub use session::{
    Activity, ActivityFilter, Session, SessionDecision, SessionDecisionFilter, SessionFilter,
    SessionIssue, SessionIssueFilter, SessionSort,
};
pub use since::Since;
pub use snippet::{HighlightedText, Snippet, marked, snippet};
pub use task::{Task, TaskFilter, TaskSort};
pub use text::{
    Label, LabelError, escape_control_chars, is_control_or_bidi, json_kind, type_mismatch,
};
pub use throughput::{AgeBucket, OpenInterval, ThroughputPeriod, age_histogram, throughput};
pub use time::{Timestamp, TimestampError};
pub use vocabulary::{
    ChangeType, ComponentChange, ComponentType, DecisionStatus, DetectionStatus, Impact,
    IssueStatus, Level, Priority, RuleKind, ScanStatus, ScanType, SearchNoun, SessionStatus,
    Severity, SnapshotType, StateType, TaskStatus, TriggeredBy, ViolationType, Vocabulary,
    VocabularyError,
};
