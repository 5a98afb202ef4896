//! The closed vocabularies, covering the values in existing files.
//!
//! Parsing ignores case, accepts spaces and hyphens instead of underscores, and knows a few aliases
//! that people write by hand. Values are displayed in the form that the earlier tool documented.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A value that does not belong to a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {vocabulary} {word:?} (expected one of: {})", known.join(", "))]
pub struct VocabularyError {
    /// The value as it was written.
    pub word: String,
    /// The name of the vocabulary, such as `task status`.
    pub vocabulary: &'static str,
    /// The values of the vocabulary.
    pub known: &'static [&'static str],
}

/// A closed set of values.
pub trait Vocabulary: Copy + Eq + fmt::Display + FromStr<Err = VocabularyError> + 'static {
    /// The name of the set, such as `task status`.
    const NAME: &'static str;
    /// All values in display order.
    const ALL: &'static [Self];
    /// The text of each value, in the same order.
    const NAMES: &'static [&'static str];

    /// Returns the text of the value.
    fn as_str(self) -> &'static str;
}

macro_rules! vocabularies {
    ($($(#[doc = $description:literal])* $name:ident $title:literal {
        $($(#[$value_meta:meta])* $value:ident $word:literal $(| $alias:literal)*,)*
    })*) => {$(
        $(#[doc = $description])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum $name {
            $($(#[$value_meta])* $value,)*
        }

        impl Vocabulary for $name {
            const NAME: &'static str = $title;
            const ALL: &'static [Self] = &[$(Self::$value,)*];
            const NAMES: &'static [&'static str] = &[$($word,)*];

            fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "description": concat!($($description),*).trim(),
                    "type": "string",
                    "enum": Self::NAMES,
                })
            }
        }

        impl FromStr for $name {
            type Err = VocabularyError;

            fn from_str(text: &str) -> Result<Self, VocabularyError> {
                // Most values were written by wsdb, so the exact forms are tried first.
                match text {
                    $($word => return Ok(Self::$value),)*
                    _ => {}
                }
                match text.trim().to_lowercase().replace([' ', '-'], "_").as_str() {
                    $(word if word == $word.to_lowercase() => Ok(Self::$value),)*
                    $($($alias => Ok(Self::$value),)*)*
                    _ => Err(VocabularyError {
                        word: text.chars().take(60).collect(),
                        vocabulary: $title,
                        known: Self::NAMES,
                    }),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = VocabularyError;
            fn try_from(text: String) -> Result<Self, VocabularyError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.as_str().to_owned()
            }
        }
    )*};
}

vocabularies! {
    /// The status of a task or goal.
    TaskStatus "task status" {
        /// Not started.
        Pending "pending" | "todo" | "open" | "new" | "not_started",
        /// Approved, but not started.
        Approved "approved" | "accepted" | "ready",
        /// Being planned.
        Planning "planning" | "planned",
        /// Being worked on.
        InProgress "in_progress" | "wip" | "doing" | "started" | "active" | "inprogress",
        /// Cannot continue until something else happens.
        Blocked "blocked" | "waiting",
        /// Postponed without a date.
        Deferred "deferred" | "postponed" | "on_hold",
        /// Collected, not yet agreed on.
        Backlog "backlog" | "someday",
        /// Done.
        Completed "completed" | "complete" | "done" | "finished",
        /// Closed without being done.
        Closed "closed",
        /// Cancelled.
        Cancelled "cancelled" | "canceled",
    }

    /// A priority, severity or impact.
    Level "priority or severity" {
        /// Most important.
        Critical "CRITICAL" | "crit" | "urgent" | "p0",
        /// Important.
        High "HIGH" | "p1",
        /// The usual level.
        Medium "MEDIUM" | "med" | "normal" | "moderate" | "p2",
        /// Least important.
        Low "LOW" | "minor" | "p3",
    }

    /// The status of a session.
    SessionStatus "session status" {
        /// In progress.
        InProgress "in_progress" | "active" | "open" | "wip" | "inprogress",
        /// Ended.
        Completed "completed" | "complete" | "done" | "ended" | "closed" | "finished",
    }

    /// The status of an issue.
    IssueStatus "issue status" {
        /// Open.
        Open "open" | "new" | "active",
        /// Fixed.
        Resolved "resolved" | "fixed" | "done" | "completed",
        /// Closed in another way.
        Closed "closed",
    }

    /// The status of a decision. What other tools call `accepted` is `maintained` here: the
    /// decision holds and is kept up.
    DecisionStatus "decision status" {
        /// Not started.
        Planned "planned" | "pending" | "proposed",
        /// Being implemented.
        InProgress "in_progress" | "wip" | "inprogress",
        /// Implemented.
        Implemented "implemented" | "done" | "completed",
        /// Implemented and kept up.
        Maintained "maintained" | "accepted" | "approved",
        /// Superseded by another decision.
        Superseded "superseded" | "replaced",
        /// Considered and rejected.
        Rejected "rejected" | "declined",
        /// No longer valid.
        Deprecated "deprecated" | "obsolete",
        /// Not known: a Markdown file has no status, or one that is not understood.
        Unknown "unknown",
    }

    /// The kinds of record that full-text search covers.
    SearchNoun "record type" {
        /// Tasks.
        Task "task" | "tasks",
        /// Sessions, by their notes and activities.
        Session "session" | "sessions",
        /// Cross-repo issues.
        Issue "issue" | "issues",
        /// Architecture decisions.
        Decision "decision" | "decisions",
        /// Detected rule violations.
        Detection "detection" | "detections" | "drift",
    }

    /// The kind of architecture that a state describes.
    StateType "architecture state type" {
        /// The rules for all repos.
        Master "master",
        /// The current architecture.
        Current "current",
        /// The target architecture.
        Target "target",
        /// A possible later architecture.
        Future "future",
        /// A former architecture.
        Deprecated "deprecated",
    }

    /// The kind of a component.
    ComponentType "component type" {
        /// A class.
        Class "class",
        /// A module.
        Module "module",
        /// A package.
        Package "package",
        /// A service.
        Service "service",
    }

    /// The kind of a placement rule.
    RuleKind "rule type" {
        /// The component must not have files here.
        ForbiddenPaths "forbidden_paths",
        /// The component may have files only here.
        AllowedPaths "allowed_paths",
        /// The component must not import these.
        ForbiddenImports "forbidden_imports",
        /// The component may import only these.
        AllowedImports "allowed_imports",
    }

    /// How a component differs between two architecture states.
    ComponentChange "component change" {
        /// It is in the target state only.
        Missing "missing",
        /// It is in the current state only.
        Removed "removed",
        /// Its repo or location differs.
        Moved "moved",
        /// Only its type or its rules differ.
        Changed "changed",
        /// It is the same in both.
        Unchanged "unchanged",
    }

    /// The kind of rule that a detection violates.
    ViolationType "violation type" {
        /// A component in the wrong place.
        ComponentPlacement "component_placement",
        /// A forbidden import.
        Dependency "dependency",
        /// A file outside the repo's scope.
        Scope "scope",
        /// A forbidden pattern.
        Pattern "pattern",
    }

    /// The status of a detection.
    DetectionStatus "detection status" {
        /// Open.
        Open "open",
        /// Fixed.
        Resolved "resolved" | "fixed",
        /// Still present, but accepted.
        Ignored "ignored",
    }

    /// What a scan covers.
    ScanType "scan type" {
        /// Everything.
        Full "full",
        /// Changes since the last scan.
        Incremental "incremental",
        /// Changes about to be committed.
        PreCommit "pre_commit",
    }

    /// The status of a scan.
    ScanStatus "scan status" {
        /// Running.
        Running "running",
        /// Finished.
        Completed "completed" | "done",
        /// Stopped by an error.
        Failed "failed",
    }

    /// What started a scan.
    TriggeredBy "trigger" {
        /// A person.
        User "user" | "manual",
        /// A CI pipeline.
        CiCd "ci_cd" | "ci",
        /// A schedule.
        Scheduled "scheduled",
    }

    /// What a snapshot contains.
    SnapshotType "snapshot type" {
        /// The complete configuration.
        Full "full",
        /// Changes since the last snapshot.
        Incremental "incremental",
    }

    /// How a configuration value changed.
    ChangeType "change type" {
        /// It was added.
        Added "added",
        /// It was removed.
        Removed "removed",
        /// Its value changed.
        Modified "modified",
    }
}

/// The priority of a task.
pub type Priority = Level;
/// The severity of an issue or a violation.
pub type Severity = Level;
/// The impact of a decision.
pub type Impact = Level;

impl RuleKind {
    /// Whether the rule applies to imports; otherwise it applies to paths.
    pub fn applies_to_imports(self) -> bool {
        matches!(self, Self::ForbiddenImports | Self::AllowedImports)
    }
}

impl TaskStatus {
    /// Returns whether nothing is left to do: `completed`, `closed` or `cancelled`.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Closed | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_names_are_parsed<V: Vocabulary + fmt::Debug>() {
        for (value, word) in V::ALL.iter().zip(V::NAMES) {
            assert_eq!(value.to_string(), *word);
            assert_eq!(word.parse::<V>().ok(), Some(*value));
            assert_eq!(
                word.to_uppercase().replace('_', "-").parse::<V>().ok(),
                Some(*value)
            );
        }
        assert!("no such word".parse::<V>().is_err());
    }

    #[test]
    fn every_name_of_a_vocabulary_is_parsed() {
        assert_names_are_parsed::<TaskStatus>();
        assert_names_are_parsed::<Level>();
        assert_names_are_parsed::<SessionStatus>();
        assert_names_are_parsed::<IssueStatus>();
        assert_names_are_parsed::<DecisionStatus>();
        assert_names_are_parsed::<SearchNoun>();
        assert_names_are_parsed::<StateType>();
        assert_names_are_parsed::<ComponentType>();
        assert_names_are_parsed::<RuleKind>();
        assert_names_are_parsed::<ComponentChange>();
        assert_names_are_parsed::<ViolationType>();
        assert_names_are_parsed::<DetectionStatus>();
        assert_names_are_parsed::<ScanType>();
        assert_names_are_parsed::<ScanStatus>();
        assert_names_are_parsed::<TriggeredBy>();
        assert_names_are_parsed::<SnapshotType>();
        assert_names_are_parsed::<ChangeType>();
    }

    #[test]
    fn aliases_are_parsed_and_unknown_words_rejected() {
        assert_eq!("done".parse(), Ok(TaskStatus::Completed));
        assert_eq!("In Progress".parse(), Ok(TaskStatus::InProgress));
        let error = "wontfix".parse::<TaskStatus>().map_err(|e| e.to_string());
        assert!(error.is_err_and(|e| {
            e.starts_with("unknown task status \"wontfix\" (expected one of: pending")
        }));
    }
}
