//! References to records that are missing, that are added later, and that are deleted.

use wsdb_core::{Decision, Task};
use wsdb_store::{Error, OnDelete};

use crate::fixtures::{self, id};
use crate::{Case, test_cases};

test_cases!(
    reference_to_a_missing_record_is_kept,
    inserted_record_is_linked_and_detached_again,
    bulk_inserted_record_is_linked,
    saved_record_is_linked_again,
    changed_reference_is_linked_again,
    referenced_record_cannot_be_deleted,
    record_can_be_deleted_without_its_referrers,
    task_that_depends_on_itself_can_be_deleted,
);

/// Inserts one record of each kind that refers to another one. Every referenced record is missing
/// and has an id that ends with 404.
pub(crate) async fn insert_referrers(case: &Case) {
    let store = &case.store;
    let (sessions, architecture) = (store.sessions(), store.architecture());
    let session = fixtures::session("S-1", false);
    sessions.insert(session).await.unwrap();
    let link = fixtures::session_decision("L-1", "S-1", true);
    sessions.decision_links().insert(link).await.unwrap();
    let link = fixtures::session_issue("L-2", "S-1", true);
    sessions.issue_links().insert(link).await.unwrap();
    let issue = fixtures::issue("I-1", true);
    store.issues().insert(issue).await.unwrap();
    let placement = fixtures::placement("P-1", true);
    architecture.placements().insert(placement).await.unwrap();
    let goal = fixtures::goal("G-1", true);
    architecture.goals().insert(goal).await.unwrap();
    let detection = fixtures::detection("D-1", true);
    store.drift().detections().insert(detection).await.unwrap();
    let change = fixtures::change("C-1", true);
    let changes = store.configuration().changes().insert(change).await;
    changes.unwrap();
}

/// A column with a reference, and the column that has the id instead if the record is missing.
struct Reference {
    table: &'static str,
    column: &'static str,
    missing_column: &'static str,
    target: &'static str,
}

const fn reference(
    table: &'static str,
    column: &'static str,
    missing_column: &'static str,
    target: &'static str,
) -> Reference {
    Reference {
        table,
        column,
        missing_column,
        target,
    }
}

const REFERENCES: [Reference; 10] = [
    reference(
        "session_decisions",
        "decision_id",
        "decision_missing",
        "DEC-404",
    ),
    reference("session_issues", "issue_id", "issue_missing", "ISSUE-404"),
    reference(
        "cross_repo_issues",
        "related_task_id",
        "related_task_missing",
        "T-404",
    ),
    reference(
        "component_placements",
        "architecture_state_id",
        "architecture_state_missing",
        "STATE-404",
    ),
    reference("architecture_tasks", "task_id", "task_missing", "T-404"),
    reference(
        "architecture_tasks",
        "architecture_state_id",
        "architecture_state_missing",
        "STATE-404",
    ),
    reference(
        "architecture_tasks",
        "component_id",
        "component_missing",
        "PLACEMENT-404",
    ),
    reference(
        "drift_detections",
        "related_task_id",
        "related_task_missing",
        "T-404",
    ),
    reference("drift_detections", "scan_id", "scan_missing", "SCAN-404"),
    reference(
        "configuration_changes",
        "drift_detection_id",
        "drift_detection_missing",
        "DRIFT-404",
    ),
];

/// Checks in which of the two columns each reference is.
fn assert_linked(case: &Case, is_linked: bool) {
    let select = |reference: &Reference| {
        let Reference {
            table,
            column,
            missing_column,
            ..
        } = reference;
        format!(
            "SELECT '{table}.{column}', {column}, {missing_column} FROM {table}
             WHERE id NOT LIKE '%404'"
        )
    };
    let statements: Vec<String> = REFERENCES.iter().map(select).collect();
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    let expected = REFERENCES.map(|reference| {
        let Reference {
            table,
            column,
            target,
            ..
        } = reference;
        if is_linked {
            format!("{table}.{column}|{target}|NULL")
        } else {
            format!("{table}.{column}|NULL|{target}")
        }
    });
    assert_eq!(case.database.rows_of_all(&statements), expected);
}

/// The records read the same in whichever column the reference is stored.
async fn assert_referrers_are_unchanged(case: &Case) {
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

/// Inserts every referenced record, with `insert` or with `insert_many`.
macro_rules! insert_targets {
    ($store:expr, $method:ident) => {{
        let store = $store;
        insert_targets!(@$method store.tasks(), fixtures::task("T-404", true));
        insert_targets!(@$method store.issues(), fixtures::issue("ISSUE-404", false));
        insert_targets!(@$method store.decisions(), fixtures::decision("DEC-404", true));
        insert_targets!(@$method store.architecture().states(), fixtures::state("STATE-404", true));
        let placement = fixtures::placement("PLACEMENT-404", false);
        insert_targets!(@$method store.architecture().placements(), placement);
        insert_targets!(@$method store.drift().scans(), fixtures::scan("SCAN-404", true));
        insert_targets!(@$method store.drift().detections(), fixtures::detection("DRIFT-404", false));
    }};
    (@insert $records:expr, $record:expr) => {
        $records.insert($record).await.unwrap()
    };
    (@insert_many $records:expr, $record:expr) => {
        $records.insert_many(&[$record], &|_| ()).await.unwrap()
    };
}

/// Deletes every referenced record, and calls `$check` with each id and error.
macro_rules! delete_targets {
    ($store:expr, $on_delete:expr, $check:expr) => {{
        let (store, on_delete) = ($store, $on_delete);
        let (architecture, drift) = (store.architecture(), store.drift());
        delete_targets!(
            @each on_delete, $check,
            store.tasks() => "T-404",
            store.issues() => "ISSUE-404",
            store.decisions() => "DEC-404",
            architecture.states() => "STATE-404",
            architecture.placements() => "PLACEMENT-404",
            drift.scans() => "SCAN-404",
            drift.detections() => "DRIFT-404",
        );
    }};
    (@each $on_delete:expr, $check:expr, $($records:expr => $id:literal,)*) => {{
        let check = $check;
        $({
            let deleted = $records.delete(&id($id), $on_delete).await;
            check($id, deleted.err());
        })*
    }};
}

async fn reference_to_a_missing_record_is_kept(case: &Case) {
    insert_referrers(case).await;
    assert_linked(case, false);
    assert_referrers_are_unchanged(case).await;
}

async fn detach_targets(case: &Case) {
    delete_targets!(
        &case.store,
        OnDelete::Detach,
        |target: &str, error: Option<Error>| assert!(error.is_none(), "{target}: {error:?}")
    );
}

async fn inserted_record_is_linked_and_detached_again(case: &Case) {
    insert_referrers(case).await;
    insert_targets!(&case.store, insert);
    assert_linked(case, true);
    assert_referrers_are_unchanged(case).await;
    detach_targets(case).await;
    assert_linked(case, false);
    assert_referrers_are_unchanged(case).await;
}

async fn bulk_inserted_record_is_linked(case: &Case) {
    insert_referrers(case).await;
    insert_targets!(&case.store, insert_many);
    assert_linked(case, true);
    assert_referrers_are_unchanged(case).await;
    detach_targets(case).await;
    assert_linked(case, false);
}

async fn saved_record_is_linked_again(case: &Case) {
    insert_referrers(case).await;
    insert_targets!(&case.store, insert);
    let issue = fixtures::issue("I-1", true);
    case.store.issues().save(issue).await.unwrap();
    assert_linked(case, true);
}

async fn changed_reference_is_linked_again(case: &Case) {
    let issues = case.store.issues();
    let issue = fixtures::issue("I-1", true);
    issues.insert(issue).await.unwrap();
    let task = fixtures::task("T-404", false);
    case.store.tasks().insert(task).await.unwrap();
    for (task, expected) in [
        (Some("T-405"), "NULL|T-405"),
        (None, "NULL|NULL"),
        (Some("T-404"), "T-404|NULL"),
    ] {
        let id = id("I-1");
        let update = issues.update(&id, |issue| {
            issue.related_task_id = task.map(fixtures::id);
        });
        update.await.unwrap();
        let sql = "SELECT related_task_id, related_task_missing FROM cross_repo_issues";
        assert_eq!(case.database.rows(sql), [expected]);
    }
}

/// The referrers, a task and a decision that refer to the same records, and 12 more issues that
/// refer to T-404.
async fn insert_many_referrers(case: &Case) {
    insert_referrers(case).await;
    insert_targets!(&case.store, insert);
    let task = Task {
        dependencies: vec![id("T-404")],
        ..fixtures::task("W-1", false)
    };
    case.store.tasks().insert(task).await.unwrap();
    let decision = Decision {
        supersedes: vec![id("DEC-404")],
        related_tasks: vec![id("T-404")],
        related_detections: vec![id("DRIFT-404")],
        ..fixtures::decision("D-2", false)
    };
    case.store.decisions().insert(decision).await.unwrap();
    for number in 0..12 {
        let mut issue = fixtures::issue(&format!("J-{number:02}"), false);
        issue.related_task_id = Some(id("T-404"));
        case.store.issues().insert(issue).await.unwrap();
    }
}

/// The error names at most ten referrers of each kind.
async fn referenced_record_cannot_be_deleted(case: &Case) {
    insert_many_referrers(case).await;
    delete_targets!(
        &case.store,
        OnDelete::Respect,
        |target: &str, error: Option<Error>| {
            let Some(Error::StillReferenced { id, by, .. }) = error else {
                panic!("{target} was deleted: {error:?}")
            };
            assert_eq!(id, target);
            let expected = match target {
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
            let last = by[by.len().saturating_sub(3)..].join(", ");
            assert_eq!(last, expected, "{target}");
        }
    );
    let counts = [
        "SELECT count(*) FROM cross_repo_issues WHERE related_task_id = 'T-404'",
        "SELECT count(*) FROM task_dependencies WHERE task_id = 'W-1'",
    ];
    assert_eq!(case.database.rows_of_all(&counts), ["13", "1"], "detached");
}

async fn record_can_be_deleted_without_its_referrers(case: &Case) {
    insert_many_referrers(case).await;
    let (store, respect) = (&case.store, OnDelete::Respect);
    let task = store.tasks().delete(&id("W-1"), respect).await;
    task.expect("no task depends on it");
    let decision = store.decisions().delete(&id("D-2"), respect).await;
    decision.expect("nothing refers to it");
    let links = "SELECT count(*) FROM decision_links WHERE decision_id = 'D-2'";
    assert_eq!(case.database.rows(links), ["0"]);
    let drift = store.drift();
    let detection = drift.detections().delete(&id("D-1"), respect).await;
    detection.expect("nothing refers to it");
    let scan = drift.scans().delete(&id("SCAN-404"), respect).await;
    scan.expect("its only detection was deleted");
}

async fn task_that_depends_on_itself_can_be_deleted(case: &Case) {
    let tasks = case.store.tasks();
    let task = Task {
        dependencies: vec![id("T-1")],
        ..fixtures::task("T-1", false)
    };
    tasks.insert(task.clone()).await.unwrap();
    let deleted = tasks.delete(&task.id, OnDelete::Respect).await;
    assert_eq!(deleted.unwrap(), task);
}
