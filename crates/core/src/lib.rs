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
mod canonical;
mod claim;
mod comparison;
mod configuration;
mod context;
mod decision;
mod difference;
mod drift;
mod flow;
mod glob;
mod governed;
mod graph;
mod history;
mod id;
mod issue;
mod number;
mod page;
mod rules;
mod search;
mod secret;
mod session;
mod snippet;
mod task;
mod text;
mod time;
mod vocabulary;

pub use architecture::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, GoalFilter, GoalSort, PlacementFilter,
    PlacementSort, StateFilter, StateSort,
};
pub use canonical::{canonical, configuration_hash};
pub use claim::{Claim, ClaimFilter};
pub use comparison::{ComponentDifference, compare};
pub use configuration::{ChangeFilter, ConfigurationChange, ConfigurationSnapshot, SnapshotFilter};
pub use context::{ContextFilter, ContextSort, ContextSwitch, Spent, time_spent};
pub use decision::{Decision, DecisionFilter, DecisionSort};
pub use difference::{Difference, KeyPath, KeyStep, differences, overlay};
pub use drift::{
    DetectionFilter, DetectionSort, DriftDetection, DriftScan, Finding, Outcome, ScanFilter,
    ScanScope, ScanSort, Scanned, SeverityCounts, Stand, TrendPoint, fingerprints,
    known_fingerprints, normal_path, trend,
};
pub use flow::{AgeGroup, Flow, Span, ages, flow};
pub use glob::plain_path;
pub use governed::{Match, Place, places};
pub use graph::{Blocker, Branch, Edge, blockers, cycle, cycle_of, tree};
pub use history::{Action, ActionId, Author, ChangeKind, HistoryFilter, RecordChange};
pub use id::{
    ActivityId, ChangeId, ContextSwitchId, DecisionId, DetectionId, GoalId, IdError, IssueId,
    LinkId, PlacementId, ScanId, Series, SessionId, SnapshotId, StateId, TaskId, natural_order,
};
pub use issue::{Issue, IssueFilter, IssueSort};
pub use number::{spell_number, spell_numbers};
pub use page::Page;
pub use rules::{RULES_SCHEMA, Rule, RuleFault, read_rules, rule_faults};
pub use search::{
    AnyStatus, AnyStatusError, Hit, SearchFilter, SearchQuery, SearchQueryError, Term,
};
pub use secret::{HIDDEN, hide_secrets, is_secret, is_secret_key};
pub use session::{
    Activity, ActivityFilter, Session, SessionDecision, SessionDecisionFilter, SessionFilter,
    SessionIssue, SessionIssueFilter, SessionSort,
};
pub use snippet::{Marked, Snippet, marked, snippet};
pub use task::{Task, TaskFilter, TaskSort};
pub use text::{Fields, Word, WordError, is_hidden, json_kind, visible};
pub use time::{Timestamp, TimestampError};
pub use vocabulary::{
    ChangeType, ComponentType, DecisionStatus, DetectionStatus, Impact, IssueStatus, Level,
    Priority, RuleKind, ScanStatus, ScanType, SearchNoun, SessionStatus, Severity, SnapshotType,
    StateType, Step, TaskStatus, TriggeredBy, ViolationType, Vocabulary, VocabularyError,
};
