//! The names of each kind of record: in code and JSON, in texts, and as a command.

use wsdb_core::{
    Activity, ArchitectureGoal, ArchitectureState, ComponentPlacement, ConfigurationChange,
    ConfigurationSnapshot, ContextSwitch, Decision, DriftDetection, DriftScan, Issue, Session,
    Task,
};
use wsdb_store::Record;

use crate::views::VISIT_NOUN_IN_JSON;

/// The names of a kind of record.
struct RecordName {
    /// Its name in code and, except for visits, in JSON.
    noun: &'static str,
    /// Its name in the JSON output of an import: a plural.
    kind: &'static str,
    /// Its name in texts.
    text: &'static str,
    /// The plural of `text`.
    plural: &'static str,
    /// The command for such records, without `wsdb`.
    command: &'static str,
}

/// The kinds of records that have commands; all other names are the same everywhere.
const RECORD_NAMES: &[RecordName] = &[
    RecordName {
        noun: Task::NOUN,
        kind: "tasks",
        text: "task",
        plural: "tasks",
        command: "task",
    },
    RecordName {
        noun: Session::NOUN,
        kind: "sessions",
        text: "session",
        plural: "sessions",
        command: "session",
    },
    RecordName {
        noun: Activity::NOUN,
        kind: "activities",
        text: "activity",
        plural: "activities",
        command: "session activity",
    },
    RecordName {
        noun: Issue::NOUN,
        kind: "issues",
        text: "issue",
        plural: "issues",
        command: "issue",
    },
    RecordName {
        noun: Decision::NOUN,
        kind: "decisions",
        text: "decision",
        plural: "decisions",
        command: "decision",
    },
    RecordName {
        noun: ArchitectureState::NOUN,
        kind: "architecture states",
        text: "state",
        plural: "states",
        command: "state",
    },
    RecordName {
        noun: ComponentPlacement::NOUN,
        kind: "placements",
        text: "placement",
        plural: "placements",
        command: "placement",
    },
    RecordName {
        noun: ArchitectureGoal::NOUN,
        kind: "architecture goals",
        text: "goal",
        plural: "goals",
        command: "goal",
    },
    RecordName {
        noun: DriftScan::NOUN,
        kind: "drift scans",
        text: "scan",
        plural: "scans",
        command: "drift scan",
    },
    RecordName {
        noun: DriftDetection::NOUN,
        kind: "drift detections",
        text: "detection",
        plural: "detections",
        command: "drift",
    },
    RecordName {
        noun: ConfigurationSnapshot::NOUN,
        kind: "configuration snapshots",
        text: "snapshot",
        plural: "snapshots",
        command: "config",
    },
    RecordName {
        noun: ConfigurationChange::NOUN,
        kind: "configuration changes",
        text: "configuration change",
        plural: "configuration changes",
        command: "config change",
    },
    RecordName {
        noun: ContextSwitch::NOUN,
        kind: "context switches",
        text: "visit",
        plural: "visits",
        command: "context",
    },
];

fn find_name(noun: &str) -> Option<&'static RecordName> {
    let noun = match noun {
        VISIT_NOUN_IN_JSON => ContextSwitch::NOUN,
        noun => noun,
    };
    RECORD_NAMES.iter().find(|name| name.noun == noun)
}

/// Returns the word for a kind of record, whose name in JSON may differ.
pub fn noun_text(noun: &str) -> &str {
    find_name(noun).map_or(noun, |name| name.text)
}

/// Returns the command for a kind of record.
pub fn command_of_noun(noun: &str) -> &str {
    find_name(noun).map_or(noun, |name| name.command)
}

/// Returns whether there is a command for a kind of record.
pub(crate) fn has_command(noun: &str) -> bool {
    find_name(noun).is_some()
}

/// Returns the words for a kind of record in the JSON output of an import.
pub fn kind_text(kind: &str) -> &str {
    let name = RECORD_NAMES.iter().find(|name| name.kind == kind);
    name.map_or(kind, |name| name.plural)
}

/// Formats a number of records of a kind, which is named as in the JSON output of an import.
pub fn format_count_of_kind(count: usize, kind: &str) -> String {
    let name = RECORD_NAMES.iter().find(|name| name.kind == kind);
    match name {
        Some(name) if count == 1 => format!("1 {}", name.text),
        Some(name) => format!("{count} {}", name.plural),
        None => format!("{count} {kind}"),
    }
}
