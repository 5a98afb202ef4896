//! Keys that people and other tools use for fields that have another name here.

use wsdb_core::{Json, Task};

/// A key that means a field of a kind of record.
#[derive(Debug, Clone, Copy)]
struct KnownKey {
    key: &'static str,
    field: &'static str,
    /// Whether it means the field only if the record does not have it: `title` of a decision.
    is_fallback: bool,
}

const fn same(key: &'static str, field: &'static str) -> KnownKey {
    KnownKey {
        key,
        field,
        is_fallback: false,
    }
}

const fn fallback(key: &'static str, field: &'static str) -> KnownKey {
    KnownKey {
        key,
        field,
        is_fallback: true,
    }
}

/// The keys of people, repos and text that have the same meaning in most kinds of records; each
/// applies if the kind has the field.
const COMMON: &[KnownKey] = &[
    same("repos", "repos_affected"),
    same("repositories", "repos_affected"),
    same("affected_repos", "repos_affected"),
    same("affected_repositories", "repos_affected"),
    same("repo", "repos_affected"),
    same("repository", "repos_affected"),
    fallback("repository", "repo"),
    same("owner", "assigned_to"),
    same("assignee", "assigned_to"),
    same("assigned", "assigned_to"),
    same("desc", "description"),
    same("descr", "description"),
    fallback("details", "description"),
    fallback("body", "description"),
    same("prio", "priority"),
    fallback("state", "status"),
    fallback("files", "related_files"),
    fallback("note", "notes"),
    fallback("comment", "notes"),
    fallback("comments", "notes"),
    fallback("created", "created_at"),
    fallback("updated", "updated_at"),
    fallback("path", "file_path"),
    fallback("file", "file_path"),
    fallback("component", "component_name"),
    fallback("name", "component_name"),
    fallback("state_id", "architecture_state_id"),
    fallback("task", "related_task_id"),
    fallback("task_id", "related_task_id"),
    fallback("resolved", "resolved_at"),
    fallback("resolution", "resolution_notes"),
    fallback("path", "repo_path"),
    fallback("notes", "context_notes"),
];

/// Returns the keys that mean a field of only this kind of record.
fn keys_of_kind(kind: &str) -> &'static [KnownKey] {
    match kind {
        "tasks" => {
            const {
                &[
                    same("depends_on", "dependencies"),
                    same("depends", "dependencies"),
                    same("dependency", "dependencies"),
                    same("deps", "dependencies"),
                    same("blocked_by", "dependencies"),
                    same("prerequisites", "dependencies"),
                    fallback("name", "title"),
                    fallback("subject", "title"),
                    fallback("created_at", "created"),
                    fallback("created_on", "created"),
                    fallback("updated_at", "updated"),
                    fallback("last_updated", "updated"),
                    fallback("modified", "updated"),
                    fallback("completed_on", "completed"),
                    fallback("finished", "completed"),
                    fallback("finished_at", "completed"),
                    fallback("closed_at", "completed"),
                    fallback("completed_at", "completed"),
                    fallback("started", "started_at"),
                    fallback("session", "session_created"),
                    fallback("session_id", "session_created"),
                ]
            }
        }
        "sessions" => {
            const {
                &[
                    fallback("notes", "handoff_notes"),
                    fallback("handoff", "handoff_notes"),
                    fallback("assistant", "ai_assistant"),
                    fallback("start", "start_time"),
                    fallback("started", "start_time"),
                    fallback("started_at", "start_time"),
                    fallback("end", "end_time"),
                    fallback("ended", "end_time"),
                    fallback("ended_at", "end_time"),
                ]
            }
        }
        "activities" => {
            const {
                &[
                    fallback("timestamp", "time"),
                    fallback("when", "time"),
                    fallback("files", "files_modified"),
                    fallback("date", "time"),
                    fallback("result", "outcome"),
                ]
            }
        }
        "issues" => {
            const {
                &[
                    fallback("name", "title"),
                    fallback("created", "detected"),
                    fallback("created_at", "detected"),
                    fallback("detected_at", "detected"),
                    fallback("found_by", "detected_by"),
                    fallback("reported_by", "detected_by"),
                    fallback("reporter", "detected_by"),
                    same("sev", "severity"),
                    fallback("priority", "severity"),
                    fallback("prio", "severity"),
                    fallback("action", "action_required"),
                    fallback("related_task", "related_task_id"),
                    fallback("resolved_on", "resolved_at"),
                    fallback("fixed_at", "resolved_at"),
                    fallback("closed", "resolved_at"),
                    fallback("closed_at", "resolved_at"),
                    fallback("closed_on", "resolved_at"),
                ]
            }
        }
        "decisions" => {
            const {
                &[
                    fallback("title", "decision"),
                    fallback("reason", "rationale"),
                    fallback("created", "date"),
                    fallback("created_at", "date"),
                    fallback("decided_at", "date"),
                    fallback("session_id", "session"),
                    fallback("tasks", "related_tasks"),
                    fallback("related_task", "related_tasks"),
                    fallback("replaces", "supersedes"),
                ]
            }
        }
        "architecture states" => {
            const {
                &[
                    fallback("name", "state_name"),
                    fallback("type", "state_type"),
                ]
            }
        }
        "placements" => {
            const {
                &[
                    same("repository", "correct_repo"),
                    same("repo", "correct_repo"),
                    fallback("type", "component_type"),
                    fallback("location", "correct_location"),
                    fallback("state", "architecture_state_id"),
                ]
            }
        }
        "architecture goals" => {
            const {
                &[
                    fallback("goal", "architectural_goal"),
                    fallback("task", "task_id"),
                    fallback("component", "component_id"),
                ]
            }
        }
        "drift scans" => {
            const {
                &[
                    same("repos", "repos_scanned"),
                    fallback("type", "scan_type"),
                    fallback("started_at", "scan_start"),
                    fallback("ended_at", "scan_end"),
                ]
            }
        }
        "drift detections" => {
            const {
                &[
                    fallback("type", "violation_type"),
                    fallback("kind", "violation_type"),
                    fallback("details", "violation_details"),
                    fallback("description", "violation_details"),
                    same("sev", "severity"),
                    fallback("date", "detected_at"),
                    fallback("rule", "detected_rule"),
                    fallback("detected", "detected_at"),
                ]
            }
        }
        "context switches" => {
            const {
                &[
                    fallback("start", "activated_at"),
                    fallback("started", "activated_at"),
                    fallback("end", "deactivated_at"),
                    fallback("ended", "deactivated_at"),
                ]
            }
        }
        "configuration snapshots" => {
            const {
                &[
                    fallback("hash", "configuration_hash"),
                    fallback("data", "snapshot_data"),
                    fallback("type", "snapshot_type"),
                ]
            }
        }
        "configuration changes" => {
            const {
                &[
                    fallback("type", "change_type"),
                    fallback("key", "key_path"),
                    fallback("commit", "commit_hash"),
                ]
            }
        }
        _ => &[],
    }
}

/// Returns the keys that a document may have besides the fields: their other names, nested records,
/// and keys that documents written by hand have always had.
fn accepted_keys(kind: &str) -> &'static [&'static str] {
    match kind {
        "tasks" => &["completed_at", "claim", "wsdb_claim", "extra_metadata"],
        "sessions" => &["id", "activities", "decisions_made", "issues_found"],
        "activities" => &["type", "extra_metadata", "id"],
        "issues" => &["type", "related_task", "repo", "file", "extra_metadata"],
        "decisions" => &["alternatives", "extra_metadata"],
        "drift detections" => &["extra_metadata"],
        _ => &[],
    }
}

/// What a key without a field of that name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyMeaning {
    /// The key is known and has a meaning of its own.
    Accepted,
    /// The key means this field.
    Field {
        field: &'static str,
        is_fallback: bool,
    },
    /// The key is not known.
    Unknown,
}

/// Returns what a key of a kind of record means that is none of its fields.
pub(crate) fn meaning_of(kind: &str, fields: &'static [&'static str], key: &str) -> KeyMeaning {
    if accepted_keys(kind).contains(&key) {
        return KeyMeaning::Accepted;
    }
    match known_key(kind, fields, key) {
        Some(KnownKey {
            field, is_fallback, ..
        }) => KeyMeaning::Field { field, is_fallback },
        None => KeyMeaning::Unknown,
    }
}

/// Returns the field of a kind of record that has this name, also if it is another name of it.
pub(crate) fn field_named(
    kind: &str,
    fields: &'static [&'static str],
    name: &str,
) -> Option<&'static str> {
    let own = fields.iter().copied().find(|field| *field == name);
    own.or_else(|| Some(known_key(kind, fields, name)?.field))
}

fn known_key(kind: &str, fields: &'static [&'static str], key: &str) -> Option<KnownKey> {
    let key = to_snake_case(key);
    if let Some(field) = fields.iter().copied().find(|field| *field == key) {
        return Some(same(field, field));
    }
    let known = keys_of_kind(kind).iter().chain(COMMON).copied();
    let mut known = known.filter(|known| known.key == key && fields.contains(&known.field));
    known.next()
}

/// Returns whether a value of the document of a task is the reason why the task is blocked.
pub(crate) fn is_blocked_reason(kind: &str, key: &str, value: &Json) -> bool {
    kind == "tasks" && value.is_string() && Task::is_blocked_reason_key(key)
}

/// Returns the field that a misspelled key probably means.
pub(crate) fn suggest_field(fields: &[&'static str], key: &str) -> Option<&'static str> {
    let key = to_snake_case(key);
    let distances = fields
        .iter()
        .map(|field| (strsim::osa_distance(&key, field), *field));
    let (distance, field) = distances.min_by_key(|(distance, _)| *distance)?;
    // One letter of a short name is as much as two of a longer one.
    let max_distance = if key.len() < 5 { 1 } else { 2 };
    (distance <= max_distance && key.len() > 2).then_some(field)
}

/// Keys that may mean a field, but are not read as one.
const SUGGESTIONS: &[(&str, &str)] = &[("requires", "dependencies"), ("require", "dependencies")];

/// Returns the field of a kind that an unknown key probably means: the key is misspelled, or one letter
/// away from another name of the field.
pub(crate) fn suggest_field_of(
    kind: &str,
    fields: &'static [&'static str],
    key: &str,
) -> Option<&'static str> {
    let typo = suggest_field(fields, key);
    let key = to_snake_case(key);
    let is_similar = |name: &str| name.len() > 4 && strsim::osa_distance(&key, name) <= 1;
    let names = keys_of_kind(kind).iter().chain(COMMON);
    let names = names.filter(|known| is_similar(known.key));
    let names = names.map(|known| known.field);
    let suggested = SUGGESTIONS.iter().filter(|(name, _)| *name == key);
    let suggested = suggested.map(|(_, field)| *field);
    let mut others = names.chain(suggested);
    typo.or_else(|| others.find(|field| fields.contains(field)))
}

/// Writes a key as our fields are written: `dependsOn` and `Depends-On` become `depends_on`.
pub(crate) fn to_snake_case(key: &str) -> String {
    let mut words = String::with_capacity(key.len() + 2);
    let mut was_lowercase = false;
    for letter in key.trim().chars() {
        if letter.is_uppercase() && was_lowercase {
            words.push('_');
        }
        was_lowercase = letter.is_lowercase() || letter.is_numeric();
        match letter {
            '-' | ' ' | '.' => words.push('_'),
            letter => words.extend(letter.to_lowercase()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[&str] = &["title", "priority", "dependencies", "assigned_to", "status"];

    fn field_of(key: &str) -> Option<&'static str> {
        match meaning_of("tasks", FIELDS, key) {
            KeyMeaning::Field { field, .. } => Some(field),
            KeyMeaning::Accepted | KeyMeaning::Unknown => None,
        }
    }

    #[test]
    fn keys_with_another_spelling_mean_the_field() {
        for key in [
            "depends_on",
            "dependsOn",
            "depends-on",
            "Blocked By",
            "Dependencies",
        ] {
            assert_eq!(field_of(key), Some("dependencies"), "{key}");
        }
        assert_eq!(field_of("assignedTo"), Some("assigned_to"));
        assert_eq!(field_of("repos"), None, "the fields have no repos_affected");
        assert_eq!(field_of("due"), None);
    }

    #[test]
    fn reason_of_a_blocked_task_is_a_known_key() {
        let is_known = |kind, key, value: &Json| is_blocked_reason(kind, key, value);
        let reason = Json::from("No ladder");
        assert!(is_known("tasks", "blocked_reason", &reason));
        assert!(!is_known("issues", "blocked_reason", &reason));
        assert!(!is_known("tasks", "waiting_on", &Json::Array(Vec::new())));
    }

    #[test]
    fn typos_are_recognized() {
        for (key, field) in [
            ("titel", "title"),
            ("priorty", "priority"),
            ("dependancies", "dependencies"),
            ("Staus", "status"),
        ] {
            assert_eq!(suggest_field(FIELDS, key), Some(field), "{key}");
        }
        for key in ["due", "labels", "tile_size", "x"] {
            assert_eq!(suggest_field(FIELDS, key), None, "{key}");
            assert_eq!(suggest_field_of("tasks", FIELDS, key), None, "{key}");
        }
    }

    #[test]
    fn typos_of_other_names_are_recognized() {
        for (key, field) in [
            ("asignee", "assigned_to"),
            ("assignees", "assigned_to"),
            ("owners", "assigned_to"),
            ("dependson", "dependencies"),
            ("requires", "dependencies"),
            ("priorty", "priority"),
        ] {
            assert_eq!(suggest_field_of("tasks", FIELDS, key), Some(field), "{key}");
        }
        assert_eq!(suggest_field_of("tasks", FIELDS, "created_by"), None);
        assert_eq!(suggest_field_of("sessions", FIELDS, "dependson"), None);
    }
}
