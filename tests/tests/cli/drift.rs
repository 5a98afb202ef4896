//! `wsdb drift`: detections.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids, words};

use crate::drift_scans::{record, recorded, show, with_report};

wsdb_tests::on_sqlite_and_postgres! {
    deleted_detection_is_restored_by_undo,
    detections_are_filtered_and_sorted,
    open_detections_are_in_the_handoff,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    ignored_detection_is_open_again_after_its_time,
    resolved_detection_is_no_longer_ignored,
    detection_is_added,
    added_detection_is_not_resolved_by_a_scan,
    detection_is_edited,
    second_task_for_a_detection_needs_force,
    task_and_its_links_are_undone_together,
    detection_is_linked_to_a_task,
}

/// The first detection was ignored for a week, which has ended.
fn ignored_until_now() -> TestWorkspace {
    let workspace = recorded();
    let ignored = workspace.json(&words("drift ignore 1 --reason known --until 7d"));
    assert_eq!(ignored["status"], "ignored");
    workspace.advance(Duration::from_secs(7 * 86_400));
    workspace
}

fn ignored_detection_is_open_again_after_its_time() {
    let workspace = ignored_until_now();
    let open = workspace.json(&words("drift list --status open"));
    assert_eq!(ids(&open, "detections"), ["DRIFT-002", "DRIFT-001"]);
    assert_eq!(open["detections"][1]["status"], "open");
    let ignored = workspace.json(&words("drift list --status ignored"));
    assert_eq!(ignored["total"], 0);
    assert_eq!(show(&workspace, "1")["status"], "open");
}

#[test]
fn end_of_the_time_ignored_is_shown() {
    let workspace = ignored_until_now();
    assert_snapshot!(workspace.ok(&["drift", "show", "1"]), @"
    DRIFT-001  core/src/pricing.py
    status       open (was ignored until 10:00)
    severity     HIGH
    type         dependency
    component    PriceList
    rule         core-must-not-import-web
    details      line 12 imports web
    detected     2026-01-15 10:00 (7 d ago)
    last seen    2026-01-15 10:00 (7 d ago)
    scan         SCAN-001
    ignored      2026-01-15 10:00 (7 d ago)
    ignored by   mira
    notes        known
    fingerprint  f806030776be16d412875ec19a9e0311:1
    ");
}

#[test]
fn ignoring_until_a_time_in_the_past_is_refused() {
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.fails(2, &words("drift ignore 1 --until 2020-01-01")), @"
    error: invalid value '2020-01-01' for '--until <WHEN>': expected a time in the future

    For more information, try '--help'.
    ");
}

fn resolved_detection_is_no_longer_ignored() {
    let workspace = recorded();
    workspace.ok(&words("drift ignore 1 --reason known --until 1h"));
    workspace.advance(Duration::from_secs(3600));
    let resolve = "drift resolve 1 --notes moved --expect status=open";
    let resolved = workspace.json(&words(resolve));
    assert_eq!(resolved["resolution_notes"], "moved");
    assert_eq!(resolved["ignored_until"], Value::Null);
    let reopened = workspace.json(&["drift", "reopen", "1"]);
    assert_eq!(reopened["status"], "open");
    assert_eq!(reopened["resolved_at"], Value::Null);
}

#[test]
fn ignoring_requires_a_reason() {
    let workspace = recorded();
    assert_snapshot!(workspace.fails(2, &["drift", "ignore", "1"]), @"error: --reason is required to ignore DRIFT-001");
    workspace.fails(2, &["drift", "ignore", "1", "--reason", " "]);
    assert_eq!(show(&workspace, "1")["status"], "open");
}

#[test]
fn ignoring_again_keeps_the_reason() {
    let workspace = recorded();
    workspace.ok(&words("drift ignore 1 --reason known --until 9d"));
    assert_snapshot!(workspace.stderr(&["drift", "ignore", "1"]), @"note: DRIFT-001 keeps its reason: known");
    let detection = show(&workspace, "1");
    assert_eq!(detection["resolution_notes"], "known");
    assert_eq!(detection["ignored_until"], Value::Null);
}

#[test]
fn ignoring_again_requires_a_reason_for_other_detections() {
    let workspace = recorded();
    workspace.ok(&words("drift ignore 1 --reason known --until 9d"));
    workspace.fails(2, &["drift", "ignore", "1", "2"]);
    assert_eq!(show(&workspace, "2")["status"], "open");
}

const ADD: &str = "drift add src/a.py --repo core --type pattern --details global";

fn detection_is_added() {
    let workspace = TestWorkspace::with_workspace();
    let added = workspace.json(&words(ADD));
    assert_eq!(added["id"], "DRIFT-001");
    assert_eq!(added["detected_by"], "manual");
}

fn added_detection_is_not_resolved_by_a_scan() {
    let workspace = with_report();
    workspace.ok(&words(ADD));
    let scan = record(&workspace, "none.json --repo core");
    assert_eq!(scan["counts"]["resolved"], 0);
}

#[test]
fn file_outside_the_repo_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &words("drift add src/../../x.py --repo core --type pattern")), @"error: src/../../x.py is outside the repo core");
}

#[test]
fn known_detection_is_not_added_again() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words(ADD));
    assert_snapshot!(workspace.fails(1, &words(ADD)), @"
    error: this detection is already recorded as DRIFT-001 (open)
    hint: run 'wsdb drift show DRIFT-001' to see it
    ");
    workspace.ok(&["drift", "resolve", "1"]);
    assert_snapshot!(workspace.fails(1, &words(ADD)), @"
    error: this detection is already recorded as DRIFT-001 (resolved)
    hint: run 'wsdb drift reopen DRIFT-001' to reopen it
    ");
}

fn detection_is_edited() {
    let workspace = recorded();
    let edited = workspace.json(&words("drift edit 1 --severity low --clear details"));
    assert_eq!(edited["severity"], "LOW");
    assert_eq!(edited["violation_details"], Value::Null);
}

fn deleted_detection_is_restored_by_undo() {
    let workspace = recorded();
    let before = show(&workspace, "1");
    assert_snapshot!(workspace.ok(&["drift", "rm", "1"]), @"Deleted detection DRIFT-001");
    assert_snapshot!(workspace.fails(1, &["drift", "show", "1"]), @"
    error: detection 1 not found
    hint: run 'wsdb drift list' to list the detections
    ");
    workspace.ok(&["undo"]);
    assert_eq!(show(&workspace, "1"), before);
}

#[test]
fn task_describes_its_detections() {
    let workspace = recorded();
    let task = workspace.json(&["drift", "task", "1", "2"]);
    assert_snapshot!(task["title"].as_str().unwrap(), @"Fix 2 violations (dependency, scope) in core, web");
    assert_snapshot!(task["description"].as_str().unwrap(), @"
    - DRIFT-001: HIGH dependency in core/src/pricing.py (component PriceList; rule core-must-not-import-web)
      line 12 imports web
    - DRIFT-002: CRITICAL scope in web/src/shop.py
    ");
    assert_eq!(task["priority"], "CRITICAL");
    assert_eq!(task["repos_affected"], json!(["core", "web"]));
    assert_eq!(
        task["related_files"],
        json!(["src/pricing.py", "src/shop.py"])
    );
    let linked = workspace.json(&words("drift list --task 1"));
    assert_eq!(linked["total"], 2);
}

fn second_task_for_a_detection_needs_force() {
    let workspace = recorded();
    workspace.ok(&["drift", "task", "1", "2"]);
    assert_snapshot!(workspace.fails(1, &["drift", "task", "1", "2"]), @"
    error: DRIFT-001 already has task WS-TASK-001
           DRIFT-002 already has task WS-TASK-001
    hint: use --force to link it to the new task instead
    ");
}

fn task_and_its_links_are_undone_together() {
    let workspace = recorded();
    workspace.ok(&["drift", "task", "1", "2"]);
    workspace.ok(&["undo"]);
    let linked = workspace.json(&words("drift list --task 1"));
    assert_eq!(linked["total"], 0);
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
}

fn detection_is_linked_to_a_task() {
    let workspace = recorded();
    assert_snapshot!(workspace.ok(&words("drift link 2 --task 9")), @"Linked DRIFT-002 to WS-TASK-009");
    let linked = workspace.json(&words("drift list --task 9"));
    assert_eq!(ids(&linked, "detections"), ["DRIFT-002"]);
}

fn detections_are_filtered_and_sorted() {
    let workspace = recorded();
    for (filter, expected) in [
        ("", "DRIFT-002 DRIFT-001"),
        ("--sort id", "DRIFT-001 DRIFT-002"),
        ("--severity high --repo core,web", "DRIFT-001"),
        ("--file src/s", "DRIFT-002"),
        ("--file *pric*", "DRIFT-001"),
        ("--text IMPORTS", "DRIFT-001"),
        ("--component PriceList --scan 1", "DRIFT-001"),
        ("--since 1h --type scope", "DRIFT-002"),
    ] {
        let list = workspace.json(&[words("drift list"), words(filter)].concat());
        assert_eq!(ids(&list, "detections").join(" "), expected, "{filter}");
    }
}

fn open_detections_are_in_the_handoff() {
    assert_snapshot!(recorded().ok(&["handoff"]), @"
    # Handoff for mira

    ## Recent changes
    - **DRIFT-001** drift record (mira)
    - **DRIFT-002** drift record (mira)
    - **SCAN-001** drift record (mira)

    ## Open drift
    - **DRIFT-002** CRITICAL · scope in web/src/shop.py
    - **DRIFT-001** HIGH · dependency in core/src/pricing.py
    ");
}
