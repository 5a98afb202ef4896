//! `wsdb drift`: detections, scans and the trend.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids, words};

wsdb_tests::on_both! {
    report_is_recorded_after_a_dry_run,
    same_report_changes_only_marks_and_scans,
    moved_line_is_the_same_detection,
    detections_missing_from_a_report_are_resolved,
    resolved_detections_are_reopened_when_found_again,
    checks_exit_with_3,
    partial_scan_resolves_in_its_files_only,
    wrong_report_is_refused_as_a_whole,
    ignored_detection_is_open_again_when_the_time_ends,
    ignored_until_the_past_is_refused,
    resolved_detection_is_no_longer_ignored,
    ignoring_needs_a_reason,
    ignoring_again_keeps_the_reason,
    detection_added_by_hand,
    known_detection_is_not_added_again,
    detection_is_edited_and_deleted,
    task_for_detections,
    detection_is_linked_to_a_task,
    detections_are_filtered_and_sorted,
    scans_are_listed_edited_and_deleted,
    trend_counts_by_day_and_week,
    open_detections_are_in_the_handoff,
    detections_of_older_documents_are_recognized,
}

const REPORT: &str = r#"[
  {"repo": "core", "type": "dependency", "severity": "HIGH", "file": "./src/pricing.py",
   "component": "PriceList", "rule": "core-must-not-import-web", "details": "line 12 imports web"},
  {"repo": "web", "type": "scope", "severity": "critical", "file": "src/shop.py"}
]"#;

/// A workspace with a report in `report.json` and an empty one in `none.json`.
fn with_report() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("report.json", REPORT);
    workspace.write("none.json", "[]");
    workspace
}

/// As [`with_report`], with the report recorded as the first scan.
fn recorded() -> TestWorkspace {
    let workspace = with_report();
    workspace.ok(&["drift", "record", "report.json"]);
    workspace
}

fn record(workspace: &TestWorkspace, args: &str) -> Value {
    workspace.json(&[words("drift record"), words(args)].concat())
}

fn show(workspace: &TestWorkspace, id: &str) -> Value {
    workspace.json(&["drift", "show", id])
}

fn report_is_recorded_after_a_dry_run() {
    let workspace = with_report();
    assert_snapshot!(workspace.ok(&words("drift record report.json --dry-run")), @"
    Dry run: 2 new (1 CRITICAL, 1 HIGH), 0 still open, 0 reopened, 0 resolved, 0 ignored
      new       CRITICAL scope violation in web/src/shop.py
      new       HIGH dependency violation in core/src/pricing.py
    ");
    assert_eq!(workspace.json(&["drift", "list"])["total"], 0);
    assert_snapshot!(workspace.ok(&["drift", "record", "report.json"]), @"
    Recorded SCAN-001: 2 new (1 CRITICAL, 1 HIGH), 0 still open, 0 reopened, 0 resolved, 0 ignored
      new       DRIFT-002  CRITICAL scope violation in web/src/shop.py
      new       DRIFT-001  HIGH dependency violation in core/src/pricing.py
    ");
}

fn same_report_changes_only_marks_and_scans() {
    let workspace = recorded();
    // The exported drift, without when it was last seen.
    let export = || {
        workspace.ok(&["export", "out", "--force"]);
        let mut drift: Value = serde_json::from_str(&workspace.read("out/DRIFT.json")).unwrap();
        for detection in drift["drift_detections"].as_array_mut().unwrap() {
            assert!(detection["last_seen"].take().is_string());
        }
        drift
    };
    let before = export();
    assert_snapshot!(workspace.ok(&["drift", "record", "report.json"]), @"Recorded SCAN-002: 0 new, 2 still open, 0 reopened, 0 resolved, 0 ignored");
    let mut after = export();
    let scan = after["drift_scans"].as_array_mut().unwrap().pop();
    assert_eq!(scan.unwrap()["id"], "SCAN-002");
    assert_eq!(after, before);
}

fn moved_line_is_the_same_detection() {
    let workspace = recorded();
    workspace.write("moved.json", REPORT.replace("line 12", "line 40"));
    let moved = record(&workspace, "moved.json");
    assert_eq!(moved["counts"]["still_open"], 2);
    let detection = show(&workspace, "1");
    assert_eq!(detection["violation_details"], "line 40 imports web");
}

fn detections_missing_from_a_report_are_resolved() {
    let workspace = recorded();
    assert_snapshot!(workspace.ok(&words("drift record none.json --repo web --dry-run")), @"
    Dry run: 0 new, 0 still open, 0 reopened, 1 resolved, 0 ignored
      resolved  DRIFT-002  CRITICAL scope violation in web/src/shop.py
    ");
    let scan = record(&workspace, "none.json --repo web --check");
    assert_eq!(scan["counts"]["resolved"], 1);
    assert_eq!(scan["resolved"][0]["id"], "DRIFT-002");
    let detection = show(&workspace, "2");
    assert_eq!(detection["status"], "resolved");
    assert_eq!(detection["resolved_by"], "SCAN-002");
}

fn resolved_detections_are_reopened_when_found_again() {
    let workspace = recorded();
    record(&workspace, "none.json --repo web");
    let resolved = show(&workspace, "2");
    let scan = record(&workspace, "report.json");
    assert_eq!(scan["reopened"][0]["id"], "DRIFT-002");
    assert_eq!(scan["scan"]["violations_high"], 2);
    workspace.ok(&["undo"]);
    assert_eq!(show(&workspace, "2"), resolved);
}

fn checks_exit_with_3() {
    let workspace = with_report();
    let code = |options: &str| {
        let args = [words("drift record report.json"), words(options)].concat();
        workspace.run(&args).status.code()
    };
    assert_eq!(code("--check new --dry-run"), Some(3));
    assert_eq!(code("--check"), Some(3));
    assert_eq!(code("--check new"), Some(0));
    assert_eq!(code("--check open"), Some(3));
    workspace.ok(&words("drift ignore 1 2 --reason known"));
    assert_eq!(code("--check"), Some(0));
    let scan = record(&workspace, "report.json");
    assert_eq!(scan["counts"]["ignored"], 2);
    assert_eq!(scan["ignored"].as_array().map(Vec::len), Some(2));
}

fn partial_scan_resolves_in_its_files_only() {
    let workspace = recorded();
    let resolved = |file: &str| {
        let args = format!("none.json --file {file} --type pre_commit --repo web");
        record(&workspace, &args)["counts"]["resolved"].clone()
    };
    assert_eq!(resolved("src/other.py"), 0);
    assert_eq!(resolved("./src/shop.py"), 1);
    assert_snapshot!(workspace.fails(1, &words("drift record none.json --repo web --file a.py")), @"
    error: $.files_scanned: not allowed for a full scan; use scan_type incremental
    hint: run 'wsdb drift record --help' to see the format
    ");
}

fn wrong_report_is_refused_as_a_whole() {
    let workspace = TestWorkspace::with_workspace();
    let report = r#"[{"repo": "core", "type": "scope", "severity": "HIGH", "file": "a.py"},
        {"repo": "core", "type": "magic", "severity": "HIGH", "fil": "a.py"}]"#;
    workspace.write("wrong.json", report);
    assert_snapshot!(workspace.fails(1, &["drift", "record", "wrong.json"]), @r#"
    error: $[1].type: unknown violation type "magic" (expected one of: component_placement, dependency, scope, pattern)
           $[1].file: missing
           $[1].fil: unknown field (known: repo, type/violation_type, severity, file/file_path, component/component_name, rule/detected_rule, expected_location, actual_location, details/violation_details, detected_by, fingerprint, task/related_task_id, metadata/extra_metadata)
    hint: run 'wsdb drift record --help' to see the format
    "#);
    assert_eq!(workspace.json(&["drift", "list"])["total"], 0);
    assert_eq!(workspace.json(&["drift", "scans"])["total"], 0);
    assert_snapshot!(workspace.fails(1, &["drift", "record", "nowhere.json"]), @"error: cannot read nowhere.json: No such file or directory (os error 2)");
}

fn ignored_detection_is_open_again_when_the_time_ends() {
    let workspace = recorded();
    let ignored = workspace.json(&words("drift ignore 1 --reason known --until 7d"));
    assert_eq!(ignored["status"], "ignored");
    workspace.advance(Duration::from_secs(7 * 86_400));
    let open = workspace.json(&words("drift list --status open"));
    assert_eq!(ids(&open, "detections"), ["DRIFT-002", "DRIFT-001"]);
    assert_eq!(open["detections"][1]["status"], "open");
    let ignored = workspace.json(&words("drift list --status ignored"));
    assert_eq!(ignored["total"], 0);
    assert_eq!(show(&workspace, "1")["status"], "open");
    assert_snapshot!(workspace.ok(&["drift", "show", "1"]), @"
    DRIFT-001  core/src/pricing.py
    status       open (was ignored until 10:00)
    severity     HIGH
    type         dependency
    component    PriceList
    rule         core-must-not-import-web
    details      line 12 imports web
    found        2026-01-15 10:00 (7 d ago)
    last seen    2026-01-15 10:00 (7 d ago)
    scan         SCAN-001
    resolved     2026-01-15 10:00 (7 d ago)
    resolved by  mira
    notes        known
    fingerprint  f806030776be16d412875ec19a9e0311:1
    ");
}

fn ignored_until_the_past_is_refused() {
    let workspace = recorded();
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

fn ignoring_needs_a_reason() {
    let workspace = recorded();
    assert_snapshot!(workspace.fails(2, &["drift", "ignore", "1"]), @"error: --reason is required to ignore DRIFT-001");
    workspace.fails(2, &["drift", "ignore", "1", "--reason", " "]);
    assert_eq!(show(&workspace, "1")["status"], "open");
}

fn ignoring_again_keeps_the_reason() {
    let workspace = recorded();
    workspace.ok(&words("drift ignore 1 --reason known --until 9d"));
    // The second one is not ignored yet, and has no reason that could be kept.
    workspace.fails(2, &["drift", "ignore", "1", "2"]);
    assert_snapshot!(workspace.stderr(&["drift", "ignore", "1"]), @"note: DRIFT-001 keeps its reason: known (now ignored permanently)");
    let detection = show(&workspace, "1");
    assert_eq!(detection["resolution_notes"], "known");
    assert_eq!(detection["ignored_until"], Value::Null);
}

const ADD: &str = "drift add src/a.py --repo core --type pattern --details global";

fn detection_added_by_hand() {
    let workspace = with_report();
    let added = workspace.json(&words(ADD));
    assert_eq!(added["id"], "DRIFT-001");
    assert_eq!(added["detected_by"], "manual");
    // No scanner knows its rule: none resolves it.
    let scan = record(&workspace, "none.json --repo core");
    assert_eq!(scan["counts"]["resolved"], 0);
    assert_snapshot!(workspace.fails(2, &words("drift add src/../../x.py --repo core --type pattern")), @"
    error: invalid value 'src/../../x.py' for '<FILE>': the path is outside the repo

    For more information, try '--help'.
    ");
}

fn known_detection_is_not_added_again() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words(ADD));
    assert_snapshot!(workspace.fails(1, &words(ADD)), @"
    error: already recorded as DRIFT-001 (open)
    hint: run 'wsdb drift show DRIFT-001' to see it
    ");
    workspace.ok(&["drift", "resolve", "1"]);
    assert_snapshot!(workspace.fails(1, &words(ADD)), @"
    error: already recorded as DRIFT-001 (resolved)
    hint: run 'wsdb drift reopen DRIFT-001' to reopen it
    ");
}

fn detection_is_edited_and_deleted() {
    let workspace = recorded();
    let edited = workspace.json(&words("drift edit 1 --severity low --clear details"));
    assert_eq!(edited["severity"], "LOW");
    assert_eq!(edited["violation_details"], Value::Null);
    workspace.fails(2, &["drift", "edit", "1"]);
    assert_snapshot!(workspace.ok(&["drift", "rm", "1"]), @"Deleted detection DRIFT-001");
    assert_snapshot!(workspace.fails(1, &["drift", "show", "1"]), @"
    error: detection 1 not found
    hint: run 'wsdb drift list' to list the detections
    ");
    workspace.ok(&["undo"]);
    assert_eq!(show(&workspace, "1"), edited);
}

fn task_for_detections() {
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
    let total = || workspace.json(&words("drift list --task 1"))["total"].clone();
    assert_eq!(total(), 2);
    assert_snapshot!(workspace.fails(1, &["drift", "task", "1", "2"]), @"
    error: DRIFT-001 already has task WS-TASK-001
           DRIFT-002 already has task WS-TASK-001
    hint: use --force to link it to the new task instead
    ");
    // The task and its links are one action.
    workspace.ok(&["undo"]);
    assert_eq!(total(), 0);
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

fn scans_are_listed_edited_and_deleted() {
    let workspace = recorded();
    let scan = workspace.json(&["drift", "scan", "show", "1"]);
    assert_eq!(scan["violations_found"], 2);
    let edited = workspace.json(&words("drift scan edit 1 --triggered-by ci"));
    assert_eq!(edited["triggered_by"], "ci_cd");
    let total = |repo| workspace.json(&["drift", "scans", "--repo", repo])["total"].clone();
    assert_eq!(total("web"), 1);
    assert_eq!(total("we"), 0);
    assert_snapshot!(workspace.fails(1, &["drift", "scan", "rm", "1"]), @"
    error: scan SCAN-001 is still referenced by detection DRIFT-001, detection DRIFT-002
    hint: use --force to delete it anyway; the references to it are kept
    ");
    assert_snapshot!(workspace.ok(&["drift", "scan", "rm", "1", "--force"]), @"Deleted scan SCAN-001");
}

fn trend_counts_by_day_and_week() {
    let workspace = recorded();
    workspace.ok(&["drift", "resolve", "2"]);
    let trend = workspace.json(&words("drift trend --since 1d"));
    assert_eq!(trend["total"], 2);
    let today = &trend["trend"][1];
    let counts = ["open", "new", "resolved", "ignored"].map(|name| today[name].as_u64());
    assert_eq!(counts, [1, 2, 1, 0].map(Some));
    let weeks = workspace.json(&words("drift trend --by week"));
    assert_eq!(weeks["total"], 12);
    workspace.ok(&words("drift ignore 1 --reason known"));
    assert_snapshot!(workspace.ok(&["drift", "trend"]), @"
    Open ▁▁▁▁▁▁▁▁▁▁▁▁▁▁  0 now

    FROM        OPEN     NEW  RESOLVED  IGNORED
    2026-01-02  0
    2026-01-03  0
    2026-01-04  0
    2026-01-05  0
    2026-01-06  0
    2026-01-07  0
    2026-01-08  0
    2026-01-09  0
    2026-01-10  0
    2026-01-11  0
    2026-01-12  0
    2026-01-13  0
    2026-01-14  0
    2026-01-15  0        +2   -1        -1
    ");
}

fn open_detections_are_in_the_handoff() {
    assert_snapshot!(recorded().ok(&["handoff"]), @"
    # Handoff for mira

    ## Recent changes
    - **DRIFT-001** drift record by mira
    - **DRIFT-002** drift record by mira
    - **SCAN-001** drift record by mira

    ## Open drift
    - **DRIFT-002** CRITICAL · scope in web/src/shop.py
    - **DRIFT-001** HIGH · dependency in core/src/pricing.py
    ");
}

/// They have no fingerprint: the same fields make them the same.
fn detections_of_older_documents_are_recognized() {
    let workspace = TestWorkspace::new();
    let old = json!({"drift_scans": [], "drift_detections": [{
        "id": "OLD-1", "repo": "core", "violation_type": "dependency", "severity": "LOW",
        "file_path": "src\\pricing.py", "component_name": "PriceList",
        "detected_rule": "core-must-not-import-web", "violation_details": "line 9 imports web",
        "detected_at": "2025-11-20", "detected_by": "automated", "status": "open"
    }]});
    workspace.write("DRIFT.json", old.to_string());
    workspace.write("report.json", REPORT);
    workspace.ok(&["import"]);
    let scan = record(&workspace, "report.json");
    assert_eq!(scan["counts"]["new"], 1);
    assert_eq!(scan["counts"]["still_open"], 1);
    assert_eq!(show(&workspace, "OLD-1")["severity"], "HIGH");
    workspace.ok(&["export", "out"]);
    let other = TestWorkspace::new();
    other.ok(&[
        "import",
        &workspace.path().join("out").display().to_string(),
    ]);
    assert_eq!(
        other.json(&["drift", "list"]),
        workspace.json(&["drift", "list"])
    );
}
