//! The names of each kind of record: in code, in JSON, in texts, and as a command.

use wsdb_core::{
    Activity, ArchitectureGoal, ArchitectureState, ComponentPlacement, ConfigurationChange,
    ConfigurationSnapshot, ContextSwitch, Decision, DriftDetection, DriftScan, Issue, Session,
    SessionDecision, Task,
};
use wsdb_store::Record;

/// The names of a kind of record.
struct RecordName {
    /// Its name in code.
    noun: &'static str,
    /// Its name in JSON.
    record_type: &'static str,
    /// The key of a list of such records in JSON.
    list: &'static str,
    /// Its name in reports of imports: a plural.
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
        record_type: "task",
        list: "tasks",
        kind: "tasks",
        text: "task",
        plural: "tasks",
        command: "task",
    },
    RecordName {
        noun: Session::NOUN,
        record_type: "session",
        list: "sessions",
        kind: "sessions",
        text: "session",
        plural: "sessions",
        command: "session",
    },
    RecordName {
        noun: Activity::NOUN,
        record_type: "activity",
        list: "activities",
        kind: "activities",
        text: "activity",
        plural: "activities",
        command: "session activity",
    },
    RecordName {
        noun: Issue::NOUN,
        record_type: "issue",
        list: "issues",
        kind: "issues",
        text: "issue",
        plural: "issues",
        command: "issue",
    },
    RecordName {
        noun: Decision::NOUN,
        record_type: "decision",
        list: "decisions",
        kind: "decisions",
        text: "decision",
        plural: "decisions",
        command: "decision",
    },
    RecordName {
        noun: ArchitectureState::NOUN,
        record_type: "state",
        list: "states",
        kind: "architecture states",
        text: "state",
        plural: "states",
        command: "state",
    },
    RecordName {
        noun: ComponentPlacement::NOUN,
        record_type: "placement",
        list: "placements",
        kind: "placements",
        text: "placement",
        plural: "placements",
        command: "placement",
    },
    RecordName {
        noun: ArchitectureGoal::NOUN,
        record_type: "goal",
        list: "goals",
        kind: "architecture goals",
        text: "goal",
        plural: "goals",
        command: "goal",
    },
    RecordName {
        noun: DriftScan::NOUN,
        record_type: "scan",
        list: "scans",
        kind: "drift scans",
        text: "scan",
        plural: "scans",
        command: "drift scan",
    },
    RecordName {
        noun: DriftDetection::NOUN,
        record_type: "detection",
        list: "detections",
        kind: "drift detections",
        text: "detection",
        plural: "detections",
        command: "drift",
    },
    RecordName {
        noun: ConfigurationSnapshot::NOUN,
        record_type: "configuration_snapshot",
        list: "configuration_snapshots",
        kind: "configuration snapshots",
        text: "snapshot",
        plural: "snapshots",
        command: "config",
    },
    RecordName {
        noun: ConfigurationChange::NOUN,
        record_type: "configuration_change",
        list: "configuration_changes",
        kind: "configuration changes",
        text: "configuration change",
        plural: "configuration changes",
        command: "config change",
    },
    RecordName {
        noun: ContextSwitch::NOUN,
        record_type: "visit",
        list: "visits",
        kind: "context switches",
        text: "visit",
        plural: "visits",
        command: "context",
    },
];

/// The name in JSON of what links a session to a decision or an issue.
const SESSION_LINK: &str = "session_link";

/// The other kinds that reports of imports count: the name there, the name in JSON, and the key of a
/// list of them.
const OTHER_KINDS: &[[&str; 3]] = &[
    ["session decisions", SESSION_LINK, "session_decisions"],
    ["session issues", SESSION_LINK, "session_issues"],
    ["claims", "claim", "claims"],
    ["history", "change", "history"],
    ["document fields", "document_field", "document_fields"],
];

/// Returns the names of a kind of record, which is named as in code or in JSON.
fn find_name(noun: &str) -> Option<&'static RecordName> {
    let mut names = RECORD_NAMES.iter();
    names.find(|name| [name.noun, name.record_type].contains(&noun))
}

/// Returns the name of a kind of record in JSON.
pub(crate) fn record_type(noun: &'static str) -> &'static str {
    match find_name(noun) {
        Some(name) => name.record_type,
        None if noun == SessionDecision::NOUN => SESSION_LINK,
        None => noun,
    }
}

/// Returns the name in JSON of a kind of record in a report of an import.
pub(crate) fn record_type_of_kind(kind: &'static str) -> &'static str {
    let name = RECORD_NAMES.iter().find(|name| name.kind == kind);
    let other = || OTHER_KINDS.iter().find(|[known, ..]| *known == kind);
    match name {
        Some(name) => name.record_type,
        None => other().map_or(kind, |[_, record_type, _]| record_type),
    }
}

/// Returns the kinds of records in reports of imports, each with the key of a list of them in JSON.
pub(crate) fn import_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    let names = RECORD_NAMES.iter().map(|name| (name.kind, name.list));
    names.chain(OTHER_KINDS.iter().map(|[kind, _, list]| (*kind, *list)))
}

/// Returns the word for a kind of record, whose name in code and in JSON may differ.
pub fn noun_text(noun: &str) -> &str {
    match find_name(noun) {
        Some(name) => name.text,
        None if noun == SESSION_LINK => SessionDecision::NOUN,
        None => noun,
    }
}

/// Returns the word for a kind of record with its article: `an issue`.
pub(crate) fn with_article(noun: &str) -> String {
    let text = noun_text(noun);
    let article = if text.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {text}")
}

/// Returns the command for a kind of record.
pub fn command_of_noun(noun: &str) -> &str {
    find_name(noun).map_or(noun, |name| name.command)
}

/// Returns whether there is a command for a kind of record.
pub(crate) fn has_command(noun: &str) -> bool {
    find_name(noun).is_some()
}

/// Returns the words for a kind of record in a report of an import.
pub fn kind_text(kind: &str) -> &str {
    let name = RECORD_NAMES.iter().find(|name| name.kind == kind);
    name.map_or(kind, |name| name.plural)
}

/// Formats a number of records of a kind, which is named as in a report of an import.
pub fn format_count_of_kind(count: usize, kind: &str) -> String {
    let name = RECORD_NAMES.iter().find(|name| name.kind == kind);
    match name {
        Some(name) if count == 1 => format!("1 {}", name.text),
        Some(name) => format!("{count} {}", name.plural),
        None if count == 1 => format!("1 {}", kind.strip_suffix('s').unwrap_or(kind)),
        None => format!("{count} {kind}"),
    }
}
