//! The closed vocabularies, over what people's files hold.
//!
//! Each reads its words in any case, with blanks or hyphens for underscores, and a few aliases
//! that people write by hand; it shows the word that the earlier tool documented.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word that is not of the vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is no {vocabulary} (known: {})", known.join(", "))]
pub struct VocabularyError {
    /// The word as it was written.
    pub word: String,
    /// What it was read as, such as `task status`.
    pub vocabulary: &'static str,
    /// The words that are known.
    pub known: &'static [&'static str],
}

/// A closed set of words.
pub trait Vocabulary: Copy + Eq + fmt::Display + FromStr<Err = VocabularyError> + 'static {
    /// What the set is called, such as `task status`.
    const NAME: &'static str;
    /// Every value, in the order in which people read them.
    const ALL: &'static [Self];
    /// Every value's word, in the same order.
    const WORDS: &'static [&'static str];

    /// The value's word.
    fn word(self) -> &'static str;
}

macro_rules! vocabularies {
    ($($(#[$meta:meta])* $name:ident $title:literal {
        $($(#[$value_meta:meta])* $value:ident $word:literal $(| $alias:literal)*,)*
    })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum $name {
            $($(#[$value_meta])* $value,)*
        }

        impl Vocabulary for $name {
            const NAME: &'static str = $title;
            const ALL: &'static [Self] = &[$(Self::$value,)*];
            const WORDS: &'static [&'static str] = &[$($word,)*];

            fn word(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }

        impl FromStr for $name {
            type Err = VocabularyError;

            fn from_str(text: &str) -> Result<Self, VocabularyError> {
                // Nearly every word that is read was written by us.
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
                        known: Self::WORDS,
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
                value.word().to_owned()
            }
        }
    )*};
}

vocabularies! {
    /// How far a task, or a goal, is.
    TaskStatus "task status" {
        /// Not begun.
        Pending "pending" | "todo" | "open" | "new" | "not_started",
        /// Not begun, and agreed on.
        Approved "approved" | "accepted" | "ready",
        /// Still being thought through.
        Planning "planning" | "planned",
        /// Being worked on.
        InProgress "in_progress" | "wip" | "doing" | "started" | "active" | "inprogress",
        /// Waiting for something.
        Blocked "blocked" | "waiting",
        /// Put off to an open date.
        Deferred "deferred" | "postponed" | "on_hold",
        /// Collected, not yet agreed on.
        Backlog "backlog" | "someday",
        /// Done.
        Completed "completed" | "complete" | "done" | "finished",
        /// Ended without being done.
        Closed "closed",
        /// Given up.
        Cancelled "cancelled" | "canceled",
    }

    /// How pressing or grave something is.
    Level "level" {
        /// Before everything else.
        Critical "CRITICAL" | "crit" | "urgent" | "p0",
        /// Soon.
        High "HIGH" | "p1",
        /// In turn.
        Medium "MEDIUM" | "med" | "normal" | "moderate" | "p2",
        /// When there is time.
        Low "LOW" | "minor" | "p3",
    }

    /// Whether a session goes on.
    SessionStatus "session status" {
        /// It goes on.
        InProgress "in_progress" | "active" | "open" | "wip" | "inprogress",
        /// It has ended.
        Completed "completed" | "complete" | "done" | "ended" | "closed" | "finished",
    }

    /// Whether an issue still stands.
    IssueStatus "issue status" {
        /// It stands.
        Open "open" | "new" | "active",
        /// It has been mended.
        Resolved "resolved" | "fixed" | "done" | "completed",
        /// It ended in another way.
        Closed "closed",
    }

    /// How far a decision has been carried out, and whether it holds. An `accepted` one, as other
    /// tools say, is one that holds and is kept: `maintained`.
    DecisionStatus "decision status" {
        /// Not begun.
        Planned "planned" | "pending" | "proposed",
        /// Being carried out.
        InProgress "in_progress" | "wip" | "inprogress",
        /// Carried out.
        Implemented "implemented" | "done" | "completed",
        /// Carried out, and kept up.
        Maintained "maintained" | "accepted" | "approved",
        /// Another decision has taken its place.
        Superseded "superseded" | "replaced",
        /// It was thought of, and not made.
        Rejected "rejected" | "declined",
        /// It holds no longer.
        Deprecated "deprecated" | "obsolete",
    }

    /// What can be searched by its words.
    SearchNoun "noun" {
        /// Tasks.
        Task "task" | "tasks",
        /// Sessions, by their notes and by what was done in them.
        Session "session" | "sessions",
        /// Cross-repo issues.
        Issue "issue" | "issues",
        /// Architecture decisions.
        Decision "decision" | "decisions",
    }

    /// What an architecture state describes.
    StateType "architecture state type" {
        /// The rule for all repos.
        Master "master",
        /// How it is.
        Current "current",
        /// How it shall be.
        Target "target",
        /// How it may be later.
        Future "future",
        /// How it was.
        Deprecated "deprecated",
    }

    /// What kind of component a placement is about.
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

    /// What a rule of a placement says.
    RuleKind "kind of rule" {
        /// The component's files lie nowhere here.
        ForbiddenPaths "forbidden_paths",
        /// The component's files lie here alone.
        AllowedPaths "allowed_paths",
        /// The component imports none of these.
        ForbiddenImports "forbidden_imports",
        /// The component imports these alone.
        AllowedImports "allowed_imports",
    }

    /// What has to happen to a component between two states.
    Step "step" {
        /// The target has it, the current state doesn't.
        Missing "missing",
        /// The current state has it, the target doesn't.
        Gone "gone",
        /// It has another repo or location in the target.
        Moved "moved",
        /// It stays where it is, with another type or other rules.
        Changed "changed",
        /// It is as it shall be.
        Same "same",
    }

    /// What kind of rule a detection found broken.
    ViolationType "violation type" {
        /// A component where it does not belong.
        ComponentPlacement "component_placement",
        /// A forbidden import.
        Dependency "dependency",
        /// A file outside the repo's scope.
        Scope "scope",
        /// A pattern that is not allowed.
        Pattern "pattern",
    }

    /// Whether a detection still stands.
    DetectionStatus "detection status" {
        /// It stands.
        Open "open",
        /// It has been mended.
        Resolved "resolved" | "fixed",
        /// It stands, and that is accepted.
        Ignored "ignored",
    }

    /// How much a scan looked at.
    ScanType "scan type" {
        /// Everything.
        Full "full",
        /// What changed since the last scan.
        Incremental "incremental",
        /// What is about to be committed.
        PreCommit "pre_commit",
    }

    /// How a scan ended, if it did.
    ScanStatus "scan status" {
        /// It goes on.
        Running "running",
        /// It came to its end.
        Completed "completed" | "done",
        /// It broke off.
        Failed "failed",
    }

    /// What set a scan off.
    TriggeredBy "trigger" {
        /// A person.
        User "user" | "manual",
        /// A pipeline.
        CiCd "ci_cd" | "ci",
        /// A clock.
        Scheduled "scheduled",
    }

    /// How much a snapshot holds.
    SnapshotType "snapshot type" {
        /// The whole configuration.
        Full "full",
        /// What changed since the last snapshot.
        Incremental "incremental",
    }

    /// How a piece of configuration changed.
    ChangeType "change type" {
        /// It is new.
        Added "added",
        /// It is gone.
        Removed "removed",
        /// It is different.
        Modified "modified",
    }
}

/// How pressing a task is.
pub type Priority = Level;
/// How grave an issue or a violation is.
pub type Severity = Level;
/// How far a decision reaches.
pub type Impact = Level;

impl RuleKind {
    /// Whether it is about imports; else it is about paths.
    pub fn is_about_imports(self) -> bool {
        matches!(self, Self::ForbiddenImports | Self::AllowedImports)
    }
}

impl TaskStatus {
    /// Nothing is left to do: `completed`, `closed` or `cancelled`.
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Closed | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads_what_it_shows<V: Vocabulary + fmt::Debug>() {
        for (value, word) in V::ALL.iter().zip(V::WORDS) {
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
    fn every_vocabulary_reads_what_it_shows() {
        reads_what_it_shows::<TaskStatus>();
        reads_what_it_shows::<Level>();
        reads_what_it_shows::<SessionStatus>();
        reads_what_it_shows::<IssueStatus>();
        reads_what_it_shows::<DecisionStatus>();
        reads_what_it_shows::<SearchNoun>();
        reads_what_it_shows::<StateType>();
        reads_what_it_shows::<ComponentType>();
        reads_what_it_shows::<RuleKind>();
        reads_what_it_shows::<Step>();
        reads_what_it_shows::<ViolationType>();
        reads_what_it_shows::<DetectionStatus>();
        reads_what_it_shows::<ScanType>();
        reads_what_it_shows::<ScanStatus>();
        reads_what_it_shows::<TriggeredBy>();
        reads_what_it_shows::<SnapshotType>();
        reads_what_it_shows::<ChangeType>();
    }

    #[test]
    fn aliases_and_strangers() {
        assert_eq!("done".parse(), Ok(TaskStatus::Completed));
        assert_eq!("In Progress".parse(), Ok(TaskStatus::InProgress));
        let error = "wontfix".parse::<TaskStatus>().map_err(|e| e.to_string());
        assert!(
            error.is_err_and(|e| e.starts_with("\"wontfix\" is no task status (known: pending"))
        );
    }
}
