//! References to records that are missing, that are added later, and that are deleted.

use wsdb_core::Task;
use wsdb_store::{Error, OnDelete};

use crate::Case;
use crate::fixtures::{self, id};

/// One record of each kind that refers to another one; every target is named `…-404`.
pub(crate) async fn referrers(case: &Case) {
    let store = &case.store;
    store
        .sessions()
        .insert(fixtures::session("S-1", false))
        .await
        .unwrap();
    let sessions = store.sessions();
    let link = fixtures::session_decision("L-1", "S-1", true);
    sessions.decision_links().insert(link).await.unwrap();
    let link = fixtures::session_issue("L-2", "S-1", true);
    sessions.issue_links().insert(link).await.unwrap();
    store
        .issues()
        .insert(fixtures::issue("I-1", true))
        .await
        .unwrap();
    let architecture = store.architecture();
    architecture
        .placements()
        .insert(fixtures::placement("P-1", true))
        .await
        .unwrap();
    architecture
        .goals()
        .insert(fixtures::goal("G-1", true))
        .await
        .unwrap();
    store
        .drift()
        .detections()
        .insert(fixtures::detection("D-1", true))
        .await
        .unwrap();
    let change = fixtures::change("C-1", true);
    store
        .configuration()
        .changes()
        .insert(change)
        .await
        .unwrap();
}

/// Table, column, column beside it, target.
const REFERENCES: [(&str, &str, &str, &str); 10] = [
    (
        "session_decisions",
        "decision_id",
        "decision_missing",
        "DEC-404",
    ),
    ("session_issues", "issue_id", "issue_missing", "ISSUE-404"),
    (
        "cross_repo_issues",
        "related_task_id",
        "related_task_missing",
        "T-404",
    ),
    (
        "component_placements",
        "architecture_state_id",
        "architecture_state_missing",
        "STATE-404",
    ),
    ("architecture_tasks", "task_id", "task_missing", "T-404"),
    (
        "architecture_tasks",
        "architecture_state_id",
        "architecture_state_missing",
        "STATE-404",
    ),
    (
        "architecture_tasks",
        "component_id",
        "component_missing",
        "PLACEMENT-404",
    ),
    (
        "drift_detections",
        "related_task_id",
        "related_task_missing",
        "T-404",
    ),
    ("drift_detections", "scan_id", "scan_missing", "SCAN-404"),
    (
        "configuration_changes",
        "drift_detection_id",
        "drift_detection_missing",
        "DRIFT-404",
    ),
];

fn stand(case: &Case, there: bool) {
    for (table, column, missing, target) in REFERENCES {
        let sql = format!("SELECT {column}, {missing} FROM {table} WHERE id NOT LIKE '%404'");
        let expected = if there {
            format!("{target}|NULL")
        } else {
            format!("NULL|{target}")
        };
        assert_eq!(case.database.rows(&sql), [expected], "{table}.{column}");
    }
}

/// The records read the same in whichever column the reference is stored.
async fn say_the_same(case: &Case) {
    let store = &case.store;
    let issue = store.issues().get(&id("I-1")).await.unwrap();
    assert_eq!(issue, fixtures::issue("I-1", true));
    let goal = store.architecture().goals().get(&id("G-1")).await.unwrap();
    assert_eq!(goal, fixtures::goal("G-1", true));
    let placement = store
        .architecture()
        .placements()
        .get(&id("P-1"))
        .await
        .unwrap();
    assert_eq!(placement, fixtures::placement("P-1", true));
    let detection = store.drift().detections().get(&id("D-1")).await.unwrap();
    assert_eq!(detection, fixtures::detection("D-1", true));
    let change = store
        .configuration()
        .changes()
        .get(&id("C-1"))
        .await
        .unwrap();
    assert_eq!(change, fixtures::change("C-1", true));
    let link = store
        .sessions()
        .decision_links()
        .get(&id("L-1"))
        .await
        .unwrap();
    assert_eq!(link, fixtures::session_decision("L-1", "S-1", true));
    let link = store
        .sessions()
        .issue_links()
        .get(&id("L-2"))
        .await
        .unwrap();
    assert_eq!(link, fixtures::session_issue("L-2", "S-1", true));
}

/// Inserts every target, one by one or as many.
macro_rules! targets {
    ($store:expr, $way:ident) => {{
        let store = $store;
        targets!(@$way store.tasks(), fixtures::task("T-404", true));
        targets!(@$way store.issues(), fixtures::issue("ISSUE-404", false));
        targets!(@$way store.decisions(), fixtures::decision("DEC-404", true));
        targets!(@$way store.architecture().states(), fixtures::state("STATE-404", true));
        let placement = fixtures::placement("PLACEMENT-404", false);
        targets!(@$way store.architecture().placements(), placement);
        targets!(@$way store.drift().scans(), fixtures::scan("SCAN-404", true));
        targets!(@$way store.drift().detections(), fixtures::detection("DRIFT-404", false));
    }};
    (@one $records:expr, $record:expr) => {
        $records.insert($record).await.unwrap()
    };
    (@many $records:expr, $record:expr) => {
        $records.insert_many(&[$record], &|_| ()).await.unwrap()
    };
}

/// Deletes every target, and expects the same of each.
macro_rules! delete_targets {
    ($store:expr, $referrers:expr, $check:expr) => {{
        let (store, referrers, check) = ($store, $referrers, $check);
        check(
            "T-404",
            store.tasks().delete(&id("T-404"), referrers).await.err(),
        );
        check(
            "ISSUE-404",
            store
                .issues()
                .delete(&id("ISSUE-404"), referrers)
                .await
                .err(),
        );
        check(
            "DEC-404",
            store
                .decisions()
                .delete(&id("DEC-404"), referrers)
                .await
                .err(),
        );
        let architecture = store.architecture();
        let states = architecture.states();
        check(
            "STATE-404",
            states.delete(&id("STATE-404"), referrers).await.err(),
        );
        let placements = architecture.placements();
        check(
            "PLACEMENT-404",
            placements
                .delete(&id("PLACEMENT-404"), referrers)
                .await
                .err(),
        );
        let drift = store.drift();
        check(
            "SCAN-404",
            drift.scans().delete(&id("SCAN-404"), referrers).await.err(),
        );
        check(
            "DRIFT-404",
            drift
                .detections()
                .delete(&id("DRIFT-404"), referrers)
                .await
                .err(),
        );
    }};
}

pub(crate) async fn missing_reference_is_restored_and_detached(case: &Case) {
    referrers(case).await;
    for many in [false, true] {
        stand(case, false);
        say_the_same(case).await;
        if !many {
            targets!(&case.store, one)
        } else {
            targets!(&case.store, many)
        }
        stand(case, true);
        say_the_same(case).await;
        delete_targets!(
            &case.store,
            OnDelete::Detach,
            |target: &str, error: Option<Error>| {
                assert!(error.is_none(), "{target}: {error:?}");
            }
        );
    }
    stand(case, false);
    say_the_same(case).await;
    // Updating a record looks its references up again: those that exist now are linked.
    targets!(&case.store, one);
    let issue = fixtures::issue("I-1", true);
    case.store.issues().save(issue).await.unwrap();
    stand(case, true);
    // So does moving a reference to somewhere else and back.
    let issues = case.store.issues();
    for (task, shown) in [
        (Some("T-405"), "NULL|T-405"),
        (None, "NULL|NULL"),
        (Some("T-404"), "T-404|NULL"),
    ] {
        issues
            .update(&id("I-1"), |i| i.related_task_id = task.map(id))
            .await
            .unwrap();
        let sql =
            "SELECT related_task_id, related_task_missing FROM cross_repo_issues WHERE id = 'I-1'";
        assert_eq!(case.database.rows(sql), [shown]);
    }
}

pub(crate) async fn references_are_listed(case: &Case) {
    referrers(case).await;
    targets!(&case.store, one);
    let waiting = Task {
        dependencies: vec![id("T-404")],
        ..fixtures::task("W-1", false)
    };
    case.store.tasks().insert(waiting).await.unwrap();
    let linked = wsdb_core::Decision {
        supersedes: vec![id("DEC-404")],
        related_tasks: vec![id("T-404")],
        related_detections: vec![id("DRIFT-404")],
        ..fixtures::decision("D-2", false)
    };
    let decisions = case.store.decisions();
    decisions.insert(linked).await.unwrap();
    for number in 0..12 {
        let mut issue = fixtures::issue(&format!("J-{number:02}"), false);
        issue.related_task_id = Some(id("T-404"));
        case.store.issues().insert(issue).await.unwrap();
    }
    delete_targets!(
        &case.store,
        OnDelete::Respect,
        |target: &str, error: Option<Error>| {
            let Some(Error::StillReferenced { id, by, .. }) = error else {
                panic!("{target} was deleted: {error:?}")
            };
            assert_eq!(id, target);
            let expected = match target {
                // At most ten of each kind.
                "T-404" => {
                    assert_eq!(by.len(), 15, "{by:?}");
                    assert_eq!(by[0], "issue I-1");
                    "task W-1, decision D-2, decision DEC-404"
                }
                "ISSUE-404" => "session link L-2",
                "DEC-404" => "session link L-1, decision D-2",
                "STATE-404" => "placement P-1, goal G-1",
                "PLACEMENT-404" => "goal G-1",
                "SCAN-404" => "detection D-1",
                _ => "configuration change C-1, decision D-2, decision DEC-404",
            };
            assert_eq!(
                by[by.len().saturating_sub(3)..].join(", "),
                expected,
                "{target}"
            );
        }
    );
    stand_without_the_issues(case);
    // Without the referencing records, nothing prevents the deletion.
    case.store
        .tasks()
        .delete(&id("W-1"), OnDelete::Respect)
        .await
        .expect("nobody waits for it");
    let decision = decisions.delete(&id("D-2"), OnDelete::Respect).await;
    decision.expect("nobody refers to it");
    let links = "SELECT count(*) FROM decision_links WHERE decision_id = 'D-2'";
    assert_eq!(case.database.rows(links), ["0"]);
    let scan = case
        .store
        .drift()
        .detections()
        .delete(&id("D-1"), OnDelete::Respect)
        .await;
    scan.expect("nobody refers to it");
    let scan = case
        .store
        .drift()
        .scans()
        .delete(&id("SCAN-404"), OnDelete::Respect)
        .await;
    scan.expect("nobody refers to it any more");
}

fn stand_without_the_issues(case: &Case) {
    let sql = "SELECT count(*) FROM cross_repo_issues WHERE related_task_id = 'T-404'";
    assert_eq!(case.database.rows(sql), ["13"], "nothing was detached");
    assert_eq!(
        case.database
            .rows("SELECT count(*) FROM task_dependencies WHERE task_id = 'W-1'"),
        ["1"]
    );
}
