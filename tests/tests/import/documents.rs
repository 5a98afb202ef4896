//! Generated documents: all kinds of records, with any values in their fields.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use wsdb_core::{Json, JsonObject, json};

use crate::values::{
    any_json, choice, id, optional, records, required, text, texts, time, unknown_field,
};

const LEVELS: &[&str] = &["CRITICAL", "HIGH", "MEDIUM", "LOW"];

/// A claim, or a value that is none: such a field is kept like an unknown one.
/// A text that is not blank.
fn name() -> impl Strategy<Value = Json> {
    text().prop_map(|text| match text.as_str() {
        Some(name) if name.trim().is_empty() => Json::from(format!("x{name}")),
        _ => text,
    })
}

fn claim() -> impl Strategy<Value = Json> {
    let session = option::of(id("S"));
    let claim = (text(), session, time(), time(), unknown_field());
    let claim = claim.prop_map(|(holder, session, since, expires, unknown)| {
        let mut claim = json!({"holder": holder, "since": since, "expires": expires});
        if let (Some(claim), Some(session)) = (claim.as_object_mut(), session) {
            claim.insert("session_id".to_owned(), session);
            claim.extend(unknown);
        }
        claim
    });
    prop_oneof![3 => claim, 1 => any_json()]
}

fn tasks() -> BoxedStrategy<Vec<Json>> {
    records(
        "T",
        "id",
        vec![
            required("title", name()),
            required("created", time()),
            required(
                "status",
                choice(&[
                    "pending",
                    "in_progress",
                    "completed",
                    "blocked",
                    "approved",
                    "backlog",
                    "deferred",
                    "closed",
                    "cancelled",
                    "planning",
                ]),
            ),
            optional("updated", time()),
            optional("description", text()),
            optional("priority", choice(LEVELS)),
            optional("repos_affected", texts(0..3)),
            optional("dependencies", vec(id("T"), 0..3).prop_map(Json::from)),
            optional("completed", time()),
            optional("session_created", id("S")),
            optional("related_files", texts(0..2)),
            optional("metadata", any_json()),
            optional("scale_tier", any::<i64>().prop_map(Json::from)),
            optional("claim", claim()),
        ],
    )
    // The column `updated` is NOT NULL.
    .prop_map(|mut tasks| {
        for task in tasks.iter_mut().filter_map(Json::as_object_mut) {
            if task.get("updated").is_some_and(Json::is_null) {
                task.remove("updated");
            }
        }
        tasks
    })
    .boxed()
}

fn sessions() -> BoxedStrategy<Vec<Json>> {
    let activities = records(
        "A",
        "x_index",
        vec![
            required("type", choice(&["analysis", "implementation"])),
            required("description", name()),
            optional("files_created", texts(0..2)),
            optional("outcome", text()),
        ],
    );
    let decisions = vec(
        prop_oneof![
            id("D").prop_map(|id| json!({"id": id, "decision": "short"})),
            name().prop_map(|decision| json!({"decision": decision, "rationale": "why"})),
        ],
        0..3,
    );
    let issues = vec(
        prop_oneof![
            id("I").prop_map(|id| json!({"id": id, "issue": "short", "severity": "LOW"})),
            name().prop_map(|issue| json!({"issue": issue, "repos_affected": ["a"]})),
        ],
        0..3,
    );
    let nested = vec(
        (
            option::of(activities),
            option::of(decisions),
            option::of(issues),
        ),
        5,
    );
    let sessions = records(
        "S",
        "session_id",
        vec![
            required("start_time", time()),
            required("status", choice(&["in_progress", "completed"])),
            optional("end_time", time()),
            optional("user", text()),
            optional("handoff_notes", text()),
        ],
    );
    (sessions, nested)
        .prop_map(|(mut sessions, nested)| {
            for (session, (activities, decisions, issues)) in sessions.iter_mut().zip(nested) {
                if let Some(mut activities) = activities {
                    // Activities have no ids of their own.
                    for activity in activities.iter_mut().filter_map(Json::as_object_mut) {
                        activity.remove("x_index");
                    }
                    session["activities"] = Json::from(activities);
                }
                if let Some(decisions) = decisions {
                    session["decisions_made"] = Json::from(decisions);
                }
                if let Some(issues) = issues {
                    session["issues_found"] = Json::from(issues);
                }
            }
            sessions
        })
        .boxed()
}

fn issues() -> BoxedStrategy<Vec<Json>> {
    records(
        "I",
        "id",
        vec![
            required("type", choice(&["code_creep", "something else"])),
            required("severity", choice(LEVELS)),
            required("title", name()),
            required("detected", time()),
            required("status", choice(&["open", "resolved", "closed"])),
            optional("repo", text()),
            optional("file", text()),
            optional("related_task", id("T")),
            optional("resolved_at", time()),
            optional("metadata", any_json()),
        ],
    )
}

fn decisions() -> BoxedStrategy<Vec<Json>> {
    records(
        "D",
        "id",
        vec![
            required("date", time()),
            required("decision", name()),
            required(
                "status",
                choice(&["implemented", "in_progress", "maintained", "planned"]),
            ),
            optional("session", id("S")),
            optional("impact", choice(LEVELS)),
            optional("documentation", texts(0..2)),
            optional("metadata", any_json()),
        ],
    )
}

fn architecture() -> impl Strategy<Value = Json> {
    let states = records(
        "ST",
        "id",
        vec![
            required(
                "state_type",
                choice(&["master", "current", "target", "future", "deprecated"]),
            ),
            required("repo", text()),
            required("created_at", time()),
            optional("state_data", any_json()),
            optional("version", text()),
            optional("target_date", time()),
        ],
    );
    let placements = records(
        "P",
        "id",
        vec![
            required("component_name", name()),
            required(
                "component_type",
                choice(&["class", "module", "package", "service"]),
            ),
            required("correct_repo", text()),
            required("created_at", time()),
            optional("rules", any_json()),
        ],
    );
    let goals = records(
        "G",
        "id",
        vec![
            required("task_id", id("T")),
            required("status", choice(&["pending", "completed"])),
            required("created_at", time()),
            optional("architecture_state_id", id("ST")),
            optional("component_id", id("P")),
            optional("priority", choice(LEVELS)),
        ],
    );
    (states, placements, goals).prop_map(|(states, placements, goals)| {
        json!({"architecture_states": states, "component_placements": placements, "architecture_tasks": goals})
    })
}

fn drift() -> impl Strategy<Value = Json> {
    let scans = records(
        "SC",
        "id",
        vec![
            required("scan_type", choice(&["full", "incremental", "pre_commit"])),
            required("scan_start", time()),
            required("status", choice(&["running", "completed", "failed"])),
            optional("repos_scanned", texts(0..2)),
            optional("violations_found", any::<i64>().prop_map(Json::from)),
            optional("triggered_by", choice(&["user", "ci_cd", "scheduled"])),
        ],
    );
    let detections = records(
        "DR",
        "id",
        vec![
            required("repo", text()),
            required(
                "violation_type",
                choice(&["component_placement", "dependency", "scope", "pattern"]),
            ),
            required("severity", choice(LEVELS)),
            required("file_path", name()),
            required("detected_at", time()),
            required("status", choice(&["open", "resolved", "ignored"])),
            optional("fingerprint", text()),
            optional("last_seen", time()),
            optional("ignored_until", time()),
            optional("related_task_id", id("T")),
            optional("scan_id", id("SC")),
            optional("metadata", any_json()),
        ],
    );
    (scans, detections).prop_map(
        |(scans, detections)| json!({"drift_scans": scans, "drift_detections": detections}),
    )
}

fn configuration() -> impl Strategy<Value = Json> {
    let snapshots = records(
        "SN",
        "id",
        vec![
            required("repo", text()),
            required("snapshot_type", choice(&["full", "incremental"])),
            required("configuration_hash", "[0-9a-f]{64}".prop_map(Json::from)),
            required("taken_at", time()),
            optional("snapshot_data", any_json()),
        ],
    );
    let changes = records(
        "CH",
        "id",
        vec![
            required("repo", text()),
            required("change_type", choice(&["added", "removed", "modified"])),
            required("changed_at", time()),
            optional("old_value", text()),
            optional("drift_detection_id", id("DR")),
        ],
    );
    (snapshots, changes).prop_map(|(snapshots, changes)| {
        json!({"configuration_snapshots": snapshots, "configuration_changes": changes})
    })
}

fn contexts() -> impl Strategy<Value = Json> {
    let visits = records(
        "C",
        "id",
        vec![
            required("repo", text()),
            required("repo_path", text()),
            required("activated_at", time()),
            optional("deactivated_at", time()),
            optional("duration_seconds", (-1e12f64..1e12).prop_map(Json::from)),
            optional("operations_count", any::<i64>().prop_map(Json::from)),
        ],
    );
    visits.prop_map(|visits| json!({"context_switches": visits}))
}

/// A document with a list of records and fields of its own.
fn document(list: &'static str, records: BoxedStrategy<Vec<Json>>) -> impl Strategy<Value = Json> {
    let header = btree_map("h_[a-z]{1,5}", any_json(), 0..3);
    (header, records).prop_map(move |(header, records)| {
        let mut document: JsonObject = header.into_iter().collect();
        document.insert(list.to_owned(), Json::from(records));
        Json::Object(document)
    })
}

/// The documents of a workspace, by their file names.
pub(crate) type Documents = Vec<(&'static str, Json)>;

/// Documents of either generation.
pub(crate) fn workspace() -> impl Strategy<Value = Documents> {
    let tasks = prop_oneof![
        document("active_tasks", tasks()),
        document("completed_tasks", tasks()),
        tasks().prop_map(Json::from),
    ];
    (
        tasks,
        document("sessions", sessions()),
        document("issues", issues()),
        document("decisions", decisions()),
        architecture(),
        drift(),
        configuration(),
        contexts(),
    )
        .prop_map(
            |(tasks, sessions, issues, decisions, architecture, drift, configuration, contexts)| {
                vec![
                    ("WORKSPACE-TASKS.json", tasks),
                    ("SESSION-LOG.json", sessions),
                    ("CROSS-REPO-ISSUES.json", issues),
                    ("ARCHITECTURE-DECISIONS.json", decisions),
                    ("ARCHITECTURE.json", architecture),
                    ("DRIFT.json", drift),
                    ("CONFIGURATION.json", configuration),
                    ("CONTEXT-LOG.json", contexts),
                ]
            },
        )
}
