//! Views: what actions return, in the form of the JSON output and of every other front end.

/// Implements [`ListRecord`] for a view. It does not compile unless all fields are listed; the fields of
/// another view that are part of it (`#[serde(flatten)]`) come first.
macro_rules! list_record {
    ($view:ident { $($field:ident),* $(,)? }) => {
        list_record!(@keys $view { $($field)* } [] {});
    };
    ($view:ident { ..$inner:ident: $flattened:ident, $($field:ident),* $(,)? }) => {
        list_record!(@keys $view { $inner $($field)* } [$($field)*] { $flattened });
    };
    (@keys $view:ident { $($field:ident)* } [$($own:ident)*] { $($flattened:ident)? }) => {
        impl crate::views::ListRecord for $view {
            fn keys() -> Vec<&'static str> {
                let _all_fields = |$view { $($field: _),* }: $view| ();
                list_record!(@list { $($field)* } [$($own)*] { $($flattened)? })
            }
        }
    };
    (@list { $($field:ident)* } [] {}) => {
        vec![$(stringify!($field)),*]
    };
    (@list { $($field:ident)* } [$($own:ident)*] { $flattened:ident }) => {{
        let mut keys = <$flattened as crate::views::ListRecord>::keys();
        keys.extend([$(stringify!($own)),*]);
        keys
    }};
}

/// Defines the view of a record: it has the same fields under the same names. If a field is added
/// to the record, this does not compile until the view has it, too.
macro_rules! view {
    ($(#[$meta:meta])* $view:ident of $record:ident { $($field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, serde::Serialize)]
        pub struct $view {
            $(
                #[doc = concat!(
                    "Same as [`", stringify!($field), "`](wsdb_core::", stringify!($record), "::",
                    stringify!($field), ")."
                )]
                pub $field: $type,
            )*
        }

        /// The schema is that of the record, which has the same fields and describes them.
        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $view {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($view).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <wsdb_core::$record as schemars::JsonSchema>::json_schema(generator)
            }
        }

        impl From<wsdb_core::$record> for $view {
            fn from(record: wsdb_core::$record) -> Self {
                let wsdb_core::$record { $($field,)* } = record;
                $view { $($field,)* }
            }
        }

        list_record!($view { $($field),* });
    };
}

mod adopt;
mod adr;
mod architecture;
mod backup;
mod claim;
mod comparison;
mod configuration;
mod context;
mod copy;
#[cfg(feature = "schema")]
mod count_schemas;
mod counts;
mod decision;
mod document;
mod drift;
mod error;
mod git;
mod graph;
mod handoff;
mod history;
mod import;
mod issue;
mod list_record;
mod repo;
mod search;
mod session;
mod stats;
mod status;
mod task;
mod why;
mod workspace;

pub use adopt::{AdoptOutcome, AdoptView, AdoptedTableView, JournalMode, UnknownColumnView};
pub use adr::{
    AdrExportView, AdrImportView, AdrWarningView, ExportedAdrView, ImportOutcome, ImportedAdrView,
    RejectedFileView,
};
pub use architecture::{
    GoalDetails, GoalView, PlacementProblem, PlacementView, RuleView, RulesView, StateDetails,
    StateSummary, StateView,
};
pub(crate) use backup::tables as backup_tables;
pub use backup::{BackupView, RestoreView};
pub use claim::ClaimView;
pub use comparison::{ComparisonView, ComponentDifferenceView};
pub use configuration::{
    ConfigurationChangeView, DiffView, DifferenceView, RedactSecrets, SnapshotResult, SnapshotView,
};
pub use context::{ContextChange, ContextView, TimeSpent};
pub use copy::{CopiedTableView, CopyView};
pub use counts::{Counts, IssueCounts, StatusCounts, TaskCounts};
pub use decision::{DecisionDetails, DecisionView, LinkedView, Relation};
pub use document::{ExportView, ExportedFileView};
pub use drift::{DetectionView, DriftCounts, DriftTaskView, RecordedView, ScanView, TrendView};
pub use error::{ConflictingClaim, ErrorCode, ErrorDetails, ErrorView};
pub use git::{
    ConflictingValues, DocumentConflictType, DocumentConflictView, InstalledDriverView,
    MergeMethod, MergedDocumentView, UninstalledDriverView,
};
pub use graph::{Graph, Next, Node, PriorityReason, ReadyTask};
pub use handoff::{Handoff, Line, OmittedRecords, Section};
pub use history::{
    ActionDetails, ActionView, ChangeView, PrunedCounts, PrunedView, TouchedView, UndoneView,
};
pub use import::{
    ImportConflictView, ImportCounts, ImportView, ImportWarningView, ImportedRecordView,
    RejectProblemView, RejectView, RenumberedView,
};
pub use issue::IssueView;
pub use list_record::ListRecord;
pub use repo::{RenamedRepoView, RepoSource, RepoView};
pub use search::{Highlight, HitView, SnippetView};
pub use session::{
    ActivityView, SessionDetails, SessionLinkView, SessionRelation, SessionView, StartedSession,
};
pub use stats::{DriftFlowView, FlowView, OldestView, PeriodView, RepoTime, Stats};
pub use status::{BlockedTask, Listing, Status, Top};
pub use task::{BlockerView, EditedTask, TaskDetails, TaskView};
pub use why::{
    Why, WhyActivity, WhyDecision, WhyDetection, WhyIssue, WhyPlacement, WhyRule, WhyState, WhyTask,
};
pub use workspace::InitView;
