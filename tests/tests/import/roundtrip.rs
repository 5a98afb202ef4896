//! Arbitrary documents of either generation go in, come out, go in again: every value stays.

use crate::common::{export, files, leaves, store};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use wsdb_core::{Json, JsonObject, json};
use wsdb_import::{ImportOptions, NoProgress};
use wsdb_store::Store;
use wsdb_tests::store::Database;

fn text() -> impl Strategy<Value = Json> {
    prop_oneof![
        "\\PC{0,12}",
        any::<String>(),
        select(vec![
            "🍐 „Äpfel“",
            "a\u{1b}[31m",
            "\u{202e}x",
            "",
            " ",
            "2025-11-20",
            "null"
        ])
        .prop_map(str::to_owned),
    ]
    .prop_map(Json::from)
}

fn time() -> impl Strategy<Value = Json> {
    let date =
        (1i32..=9998, 1u32..=12, 1u32..=28).prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"));
    let clock =
        (0u32..24, 0u32..60, 0u32..60).prop_map(|(h, m, s)| format!("{h:02}:{m:02}:{s:02}"));
    let fraction = prop_oneof![
        Just(String::new()),
        (0u32..1_000_000).prop_map(|f| format!(".{f:06}")),
        (0u32..1000).prop_map(|f| format!(".{f:03}"))
    ];
    let zone = select(vec!["", "Z", "+02:00", "-05:30", "+00:00"]);
    prop_oneof![
        date.clone(),
        (date, select(vec!["T", " "]), clock, fraction, zone)
            .prop_map(|(d, between, c, f, z)| format!("{d}{between}{c}{f}{z}")),
    ]
    .prop_map(Json::from)
}

/// Any JSON; numbers of any size, with all their digits.
fn free() -> impl Strategy<Value = Json> {
    let number = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<u128>().prop_map(|n| n.to_string()),
        "-?[1-9][0-9]{0,30}\\.[0-9]{1,20}",
        "[1-9]e-?[1-9][0-9]{0,2}",
    ]
    .prop_map(|digits| serde_json::from_str::<Json>(&digits).unwrap());
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        number,
        text(),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            btree_map("[a-z_.$/ ]{1,6}", inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

fn words(words: &'static [&'static str]) -> impl Strategy<Value = Json> {
    select(words).prop_map(Json::from)
}

fn names(range: std::ops::Range<usize>) -> impl Strategy<Value = Json> {
    vec(text(), range).prop_map(Json::from)
}

fn id(prefix: &'static str) -> impl Strategy<Value = Json> {
    (0u32..12).prop_map(move |n| Json::from(format!("{prefix}-{n:03}")))
}

type Field = (&'static str, bool, BoxedStrategy<Json>);

/// A field that is always there.
fn must(name: &'static str, value: impl Strategy<Value = Json> + 'static) -> Field {
    (name, true, value.boxed())
}

/// A field that may be missing, or null.
fn may(name: &'static str, value: impl Strategy<Value = Json> + 'static) -> Field {
    let value = prop_oneof![4 => value, 1 => Just(Json::Null)];
    (name, false, value.boxed())
}

/// Records with ids of their own, and now and then with fields that nobody knows.
fn records(
    prefix: &'static str,
    key: &'static str,
    fields: Vec<Field>,
) -> BoxedStrategy<Vec<Json>> {
    let mut object = Just(JsonObject::new()).boxed();
    for (name, always, value) in fields {
        let value = if always {
            value.prop_map(Some).boxed()
        } else {
            option::of(value).boxed()
        };
        object = (object, value)
            .prop_map(move |(mut object, value)| {
                if let Some(value) = value {
                    object.insert(name.to_owned(), value);
                }
                object
            })
            .boxed();
    }
    let strange = option::weighted(0.3, ("x_[a-z]{1,5}", free()));
    let object = (object, strange).prop_map(|(mut object, strange)| {
        object.extend(strange);
        object
    });
    vec(object, 0..5)
        .prop_map(move |objects| {
            let numbered = objects.into_iter().enumerate();
            numbered
                .map(|(index, mut object)| {
                    object.insert(
                        key.to_owned(),
                        Json::from(format!("{prefix}-{:03}", index * 2)),
                    );
                    Json::Object(object)
                })
                .collect()
        })
        .boxed()
}

const LEVELS: &[&str] = &["CRITICAL", "HIGH", "MEDIUM", "LOW"];

/// A claim; or another thing of that name, which is a field like any other.
fn claim() -> impl Strategy<Value = Json> {
    let extra = option::weighted(0.3, ("x_[a-z]{1,5}", free()));
    let claim = (text(), option::of(id("S")), time(), time(), extra);
    let claim = claim.prop_map(|(holder, session, since, expires, extra)| {
        let mut claim = json!({"holder": holder, "since": since, "expires": expires});
        if let (Some(claim), Some(session)) = (claim.as_object_mut(), session) {
            claim.insert("session_id".to_owned(), session);
            claim.extend(extra);
        }
        claim
    });
    prop_oneof![3 => claim, 1 => free()]
}

fn tasks() -> BoxedStrategy<Vec<Json>> {
    records(
        "T",
        "id",
        vec![
            must("title", text()),
            must("created", time()),
            must(
                "status",
                words(&[
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
            may("updated", time()),
            may("description", text()),
            may("priority", words(LEVELS)),
            may("repos_affected", names(0..3)),
            may("dependencies", vec(id("T"), 0..3).prop_map(Json::from)),
            may("completed", time()),
            may("session_created", id("S")),
            may("related_files", names(0..2)),
            may("metadata", free()),
            may("scale_tier", any::<i64>().prop_map(Json::from)),
            may("claim", claim()),
        ],
    )
    // A null time cannot be: NOT NULL.
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
        "x_place",
        vec![
            must("type", words(&["analysis", "implementation"])),
            must("description", text()),
            may("files_created", names(0..2)),
            may("outcome", text()),
        ],
    );
    let decisions = vec(
        prop_oneof![
            id("D").prop_map(|id| json!({"id": id, "decision": "short"})),
            text().prop_map(|decision| json!({"decision": decision, "rationale": "why"})),
        ],
        0..3,
    );
    let issues = vec(
        prop_oneof![
            id("I").prop_map(|id| json!({"id": id, "issue": "short", "severity": "LOW"})),
            text().prop_map(|issue| json!({"issue": issue, "repos_affected": ["a"]})),
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
            must("start_time", time()),
            must("status", words(&["in_progress", "completed"])),
            may("end_time", time()),
            may("user", text()),
            may("handoff_notes", text()),
        ],
    );
    (sessions, nested)
        .prop_map(|(mut sessions, nested)| {
            for (session, (activities, decisions, issues)) in sessions.iter_mut().zip(nested) {
                if let Some(mut activities) = activities {
                    // The same activity in two sessions has two ids.
                    for activity in activities.iter_mut().filter_map(Json::as_object_mut) {
                        activity.remove("x_place");
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
            must("type", words(&["code_creep", "something else"])),
            must("severity", words(LEVELS)),
            must("title", text()),
            must("detected", time()),
            must("status", words(&["open", "resolved", "closed"])),
            may("repo", text()),
            may("file", text()),
            may("related_task", id("T")),
            may("resolved_at", time()),
            may("metadata", free()),
        ],
    )
}

fn decisions() -> BoxedStrategy<Vec<Json>> {
    records(
        "D",
        "id",
        vec![
            must("date", time()),
            must("decision", text()),
            must(
                "status",
                words(&["implemented", "in_progress", "maintained", "planned"]),
            ),
            may("session", id("S")),
            may("impact", words(LEVELS)),
            may("documentation", names(0..2)),
            may("metadata", free()),
        ],
    )
}

fn architecture() -> impl Strategy<Value = Json> {
    let states = records(
        "ST",
        "id",
        vec![
            must(
                "state_type",
                words(&["master", "current", "target", "future", "deprecated"]),
            ),
            must("repo", text()),
            must("created_at", time()),
            may("state_data", free()),
            may("version", text()),
            may("target_date", time()),
        ],
    );
    let placements = records(
        "P",
        "id",
        vec![
            must("component_name", text()),
            must(
                "component_type",
                words(&["class", "module", "package", "service"]),
            ),
            must("correct_repo", text()),
            must("created_at", time()),
            may("rules", free()),
        ],
    );
    let goals = records(
        "G",
        "id",
        vec![
            must("task_id", id("T")),
            must("status", words(&["pending", "completed"])),
            must("created_at", time()),
            may("architecture_state_id", id("ST")),
            may("component_id", id("P")),
            may("priority", words(LEVELS)),
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
            must("scan_type", words(&["full", "incremental", "pre_commit"])),
            must("scan_start", time()),
            must("status", words(&["running", "completed", "failed"])),
            may("repos_scanned", names(0..2)),
            may("violations_found", any::<i64>().prop_map(Json::from)),
            may("triggered_by", words(&["user", "ci_cd", "scheduled"])),
        ],
    );
    let detections = records(
        "DR",
        "id",
        vec![
            must("repo", text()),
            must(
                "violation_type",
                words(&["component_placement", "dependency", "scope", "pattern"]),
            ),
            must("severity", words(LEVELS)),
            must("file_path", text()),
            must("detected_at", time()),
            must("status", words(&["open", "resolved", "ignored"])),
            may("fingerprint", text()),
            may("last_seen", time()),
            may("ignored_until", time()),
            may("related_task_id", id("T")),
            may("scan_id", id("SC")),
            may("metadata", free()),
        ],
    );
    (scans, detections).prop_map(
        |(scans, detections)| json!({"drift_scans": scans, "drift_detections": detections}),
    )
}

fn rest() -> impl Strategy<Value = (Json, Json)> {
    let snapshots = records(
        "SN",
        "id",
        vec![
            must("repo", text()),
            must("snapshot_type", words(&["full", "incremental"])),
            must("configuration_hash", "[0-9a-f]{64}".prop_map(Json::from)),
            must("taken_at", time()),
            may("snapshot_data", free()),
        ],
    );
    let changes = records(
        "CH",
        "id",
        vec![
            must("repo", text()),
            must("change_type", words(&["added", "removed", "modified"])),
            must("changed_at", time()),
            may("old_value", text()),
            may("drift_detection_id", id("DR")),
        ],
    );
    let contexts = records(
        "C",
        "id",
        vec![
            must("repo", text()),
            must("repo_path", text()),
            must("activated_at", time()),
            may("deactivated_at", time()),
            may("duration_seconds", (-1e12f64..1e12).prop_map(Json::from)),
            may("operations_count", any::<i64>().prop_map(Json::from)),
        ],
    );
    (snapshots, changes, contexts).prop_map(|(snapshots, changes, contexts)| {
        (
            json!({"configuration_snapshots": snapshots, "configuration_changes": changes}),
            json!({"context_switches": contexts}),
        )
    })
}

/// A document: its list of records among fields of its own.
fn document(list: &'static str, records: BoxedStrategy<Vec<Json>>) -> impl Strategy<Value = Json> {
    let header = btree_map("h_[a-z]{1,5}", free(), 0..3);
    (header, records).prop_map(move |(header, records)| {
        let mut document: JsonObject = header.into_iter().collect();
        document.insert(list.to_owned(), Json::from(records));
        Json::Object(document)
    })
}

fn workspace() -> impl Strategy<Value = Vec<(&'static str, Json)>> {
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
        rest(),
    )
        .prop_map(
            |(tasks, sessions, issues, decisions, architecture, drift, rest)| {
                vec![
                    ("WORKSPACE-TASKS.json", tasks),
                    ("SESSION-LOG.json", sessions),
                    ("CROSS-REPO-ISSUES.json", issues),
                    ("ARCHITECTURE-DECISIONS.json", decisions),
                    ("ARCHITECTURE.json", architecture),
                    ("DRIFT.json", drift),
                    ("CONFIGURATION.json", rest.0),
                    ("CONTEXT-LOG.json", rest.1),
                ]
            },
        )
}

/// Without places in lists that get ids on import.
fn by_value(leaves: std::collections::BTreeMap<String, Json>) -> Vec<(String, String)> {
    let nested = ["/activities/", "/decisions_made/", "/issues_found/"];
    let mut values: Vec<_> = leaves
        .into_iter()
        .map(|(path, value)| {
            let inside = nested.iter().find_map(|list| {
                let (before, after) = path.split_once(list)?;
                let (_, field) = after.split_once('/')?;
                Some(format!("{before}{list}*/{field}"))
            });
            (inside.unwrap_or(path), value.to_string())
        })
        .collect();
    values.sort();
    values
}

/// Through two stores, which may be of different kinds: what the second writes is the same to the
/// byte.
async fn round_trip(
    documents: &[(&'static str, Json)],
    stores: [Store; 2],
) -> Result<(), TestCaseError> {
    let [first, second] = stores;
    let folder = || tempfile::tempdir().unwrap();
    let (source, out, again) = (folder(), folder(), folder());
    for (name, value) in documents {
        std::fs::write(source.path().join(name), value.to_string()).unwrap();
    }
    let import = async |store: &Store, from: &std::path::Path| {
        let options = ImportOptions::default();
        let sources = [from.to_owned()];
        wsdb_import::import(store, &sources, &options, &NoProgress)
            .await
            .map_err(|error| TestCaseError::fail(format!("{error} {error:#?}")))
    };

    import(&first, source.path()).await?;
    let twice = import(&first, source.path()).await?;
    prop_assert!(twice.summary.is_unchanged(), "{:#?}", twice.summary);
    prop_assert_eq!(twice.summary.conflicts, vec![]);
    export(&first, out.path()).await;
    import(&second, out.path()).await?;
    export(&second, again.path()).await;

    let exported = files(out.path());
    prop_assert_eq!(&exported, &files(again.path()));
    for (name, value) in documents {
        let before = by_value(leaves(&value.to_string()));
        let empty = "{}".to_owned();
        let after = by_value(leaves(exported.get(*name).unwrap_or(&empty)));
        for leaf in before {
            prop_assert!(
                after.contains(&leaf),
                "{name}: {leaf:?} is gone; there are {after:#?}"
            );
        }
    }
    prop_assert_eq!(
        first.tasks().all().await.ok(),
        second.tasks().all().await.ok()
    );
    let (a, b) = (
        first.drift().detections().all().await,
        second.drift().detections().all().await,
    );
    prop_assert_eq!(a.ok(), b.ok());
    first.close().await.unwrap();
    second.close().await.unwrap();
    Ok(())
}

fn run(work: impl Future<Output = Result<(), TestCaseError>>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}

/// Replaces the characters that PostgreSQL cannot store. The tests of the command line cover those,
/// in `values_that_postgres_cannot_store_are_refused`.
fn without_zeros(documents: Vec<(&'static str, Json)>) -> Vec<(&'static str, Json)> {
    fn within(value: Json) -> Json {
        match value {
            Json::String(text) => Json::from(text.replace('\0', "0")),
            Json::Array(list) => list.into_iter().map(within).collect(),
            Json::Object(map) => map
                .into_iter()
                .map(|(key, value)| (key, within(value)))
                .collect(),
            other => other,
        }
    }
    let documents = documents.into_iter();
    documents
        .map(|(name, value)| (name, within(value)))
        .collect()
}

/// A server's workspace without records.
async fn emptied(database: &Database) -> Store {
    let store = Store::connect(&database.url()).await.unwrap();
    database.execute(
        "DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(tablename, ',') FROM pg_tables \
         WHERE schemaname = 'public' AND tablename NOT LIKE 'seaql%'); END $$",
    );
    store
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_value_survives_export_and_import(documents in workspace()) {
        run(async {
            round_trip(&documents, [store().await, store().await]).await
        })?;
    }
}

/// SQLite -> export -> PostgreSQL -> export is the same bytes, and so is the way back.
#[test]
fn every_value_survives_between_databases() {
    let Some(server) = Database::postgres() else {
        return;
    };
    let config = ProptestConfig {
        cases: 16,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let done = TestRunner::new(config).run(
        &(workspace().prop_map(without_zeros), any::<bool>()),
        |(documents, to_server)| {
            run(async {
                let mut stores = [store().await, emptied(&server).await];
                if !to_server {
                    stores.reverse();
                }
                round_trip(&documents, stores).await
            })
        },
    );
    if let Err(error) = done {
        panic!("{error}");
    }
}
