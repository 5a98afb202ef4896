//! `wsdb drift record`: reports of scanners, scans, and the trend.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_postgres! {
    report_is_recorded,
    resolved_detections_are_reopened_when_found_again,
    scans_are_filtered_by_repo,
    deleting_a_referenced_scan_needs_force,
    trend_counts_by_day,
    trend_counts_by_week,
    drift_is_exported_and_imported,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    dry_run_writes_nothing,
    same_report_again_changes_only_the_time_last_seen,
    detections_missing_from_a_report_are_resolved,
    check_for_open_detections_exits_with_3,
    check_for_new_detections_exits_with_3_once,
    partial_scan_resolves_detections_in_its_files_only,
    report_with_invalid_entries_is_refused_completely,
    scan_is_edited,
}

const REPORT: &str = r#"[
  {"repo": "core", "type": "dependency", "severity": "HIGH", "file": "./src/pricing.py",
   "component": "PriceList", "rule": "core-must-not-import-web", "details": "line 12 imports web"},
  {"repo": "web", "type": "scope", "severity": "critical", "file": "src/shop.py"}
]"#;

/// A workspace with a report in `report.json` and an empty one in `none.json`.
pub(crate) fn with_report() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("report.json", REPORT);
    workspace.write("none.json", "[]");
    workspace
}

/// As [`with_report`], with the report recorded as the first scan.
pub(crate) fn recorded() -> TestWorkspace {
    let workspace = with_report();
    workspace.ok(&["drift", "record", "report.json"]);
    workspace
}

pub(crate) fn record(workspace: &TestWorkspace, args: &str) -> Value {
    workspace.json(&[words("drift record"), words(args)].concat())
}

pub(crate) fn show(workspace: &TestWorkspace, id: &str) -> Value {
    workspace.json(&["drift", "show", id])
}

fn report_is_recorded() {
    let workspace = with_report();
    assert_snapshot!(workspace.ok(&words("drift record report.json")), @"
    Recorded SCAN-001: 2 new (1 CRITICAL, 1 HIGH), 0 still open, 0 reopened, 0 resolved, 0 ignored
      new       DRIFT-002  CRITICAL scope violation in web/src/shop.py
      new       DRIFT-001  HIGH dependency violation in core/src/pricing.py
    ");
}

fn dry_run_writes_nothing() {
    let workspace = with_report();
    assert_snapshot!(workspace.ok(&words("drift record report.json --dry-run")), @"
    Dry run: 2 new (1 CRITICAL, 1 HIGH), 0 still open, 0 reopened, 0 resolved, 0 ignored
      new       CRITICAL scope violation in web/src/shop.py
      new       HIGH dependency violation in core/src/pricing.py
    ");
    assert_eq!(workspace.json(&["drift", "list"])["total"], 0);
}

fn same_report_again_changes_only_the_time_last_seen() {
    let workspace = recorded();
    // The exported detections and scans without the times when they were last seen.
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

#[test]
fn violation_on_another_line_is_the_same_detection() {
    let workspace = recorded();
    workspace.write("moved.json", REPORT.replace("line 12", "line 40"));
    let moved = record(&workspace, "moved.json");
    assert_eq!(moved["counts"]["still_open"], 2);
    let detection = show(&workspace, "1");
    assert_eq!(detection["violation_details"], "line 40 imports web");
}

#[test]
fn dry_run_lists_detections_that_would_be_resolved() {
    let workspace = recorded();
    assert_snapshot!(workspace.ok(&words("drift record none.json --repo web --dry-run")), @"
    Dry run: 0 new, 0 still open, 0 reopened, 1 resolved, 0 ignored
      resolved  DRIFT-002  CRITICAL scope violation in web/src/shop.py
    ");
}

fn detections_missing_from_a_report_are_resolved() {
    let workspace = recorded();
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

/// The exit code of recording the report with these options.
fn record_code(workspace: &TestWorkspace, options: &str) -> Option<i32> {
    let args = [words("drift record report.json"), words(options)].concat();
    workspace.run(&args).status.code()
}

fn check_for_open_detections_exits_with_3() {
    let workspace = with_report();
    assert_eq!(record_code(&workspace, "--check"), Some(3));
    assert_eq!(record_code(&workspace, "--check open"), Some(3));
}

fn check_for_new_detections_exits_with_3_once() {
    let workspace = with_report();
    let dry_run = record_code(&workspace, "--check new --dry-run");
    assert_eq!(dry_run, Some(3));
    assert_eq!(record_code(&workspace, "--check new"), Some(3));
    assert_eq!(record_code(&workspace, "--check new"), Some(0));
}

#[test]
fn check_passes_when_all_detections_are_ignored() {
    let workspace = recorded();
    workspace.ok(&words("drift ignore 1 2 --reason known"));
    let scan = record(&workspace, "report.json --check");
    assert_eq!(scan["counts"]["ignored"], 2);
    assert_eq!(scan["ignored"].as_array().map(Vec::len), Some(2));
}

fn partial_scan_resolves_detections_in_its_files_only() {
    let workspace = recorded();
    let resolved = |file: &str| {
        let args = format!("none.json --file {file} --type pre_commit --repo web");
        record(&workspace, &args)["counts"]["resolved"].clone()
    };
    assert_eq!(resolved("src/other.py"), 0);
    assert_eq!(resolved("./src/shop.py"), 1);
}

#[test]
fn full_scan_takes_no_files() {
    let workspace = with_report();
    assert_snapshot!(workspace.fails(1, &words("drift record none.json --repo web --file a.py")), @"
    error: $.files_scanned: not allowed for a full scan; set scan_type (or --type) to incremental or pre_commit
    hint: run 'wsdb drift record --help' to see the format
    ");
}

fn report_with_invalid_entries_is_refused_completely() {
    let workspace = TestWorkspace::with_workspace();
    let report = r#"[{"repo": "core", "type": "scope", "severity": "HIGH", "file": "a.py"},
        {"repo": "core", "type": "magic", "severity": "HIGH", "fil": "a.py"}]"#;
    workspace.write("invalid.json", report);
    assert_snapshot!(workspace.fails(1, &["drift", "record", "invalid.json"]), @r#"
    error: $[1].type: unknown violation type "magic" (expected one of: component_placement, dependency, scope, pattern)
           $[1]: missing field "file"
           $[1].fil: unknown field (expected one of: repo, type/violation_type, severity, file/file_path, component/component_name, rule/detected_rule, expected_location, actual_location, details/violation_details, detected_by, fingerprint, task/related_task_id, metadata/extra_metadata)
    hint: run 'wsdb drift record --help' to see the format
    "#);
    assert_eq!(workspace.json(&["drift", "list"])["total"], 0);
    assert_eq!(workspace.json(&["drift", "scans"])["total"], 0);
}

#[test]
fn missing_report_is_an_error() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(1, &["drift", "record", "none.json"]), @"
    error: none.json: no such file or folder
    hint: check the path
    ");
}

#[test]
fn scan_counts_its_violations() {
    let workspace = recorded();
    let scan = workspace.json(&["drift", "scan", "show", "1"]);
    assert_eq!(scan["violations_found"], 2);
}

fn scan_is_edited() {
    let workspace = recorded();
    let edited = workspace.json(&words("drift scan edit 1 --triggered-by ci"));
    assert_eq!(edited["triggered_by"], "ci_cd");
}

fn scans_are_filtered_by_repo() {
    let workspace = recorded();
    let total = |repo| workspace.json(&["drift", "scans", "--repo", repo])["total"].clone();
    assert_eq!(total("web"), 1);
    assert_eq!(total("we"), 0);
}

fn deleting_a_referenced_scan_needs_force() {
    let workspace = recorded();
    assert_snapshot!(workspace.fails(1, &["drift", "scan", "rm", "1"]), @"
    error: scan SCAN-001 is still referenced by detection DRIFT-001, detection DRIFT-002
    hint: use --force to delete it anyway; the references to it are kept
    ");
    assert_snapshot!(workspace.ok(&["drift", "scan", "rm", "1", "--force"]), @"Deleted scan SCAN-001");
}

fn trend_counts_by_day() {
    let workspace = recorded();
    workspace.ok(&["drift", "resolve", "2"]);
    let trend = workspace.json(&words("drift trend --since 1d"));
    assert_eq!(trend["total"], 2);
    let today = &trend["trend"][1];
    let counts = ["open", "new", "resolved", "ignored"].map(|name| today[name].as_u64());
    assert_eq!(counts, [1, 2, 1, 0].map(Some));
}

fn trend_counts_by_week() {
    let workspace = TestWorkspace::with_workspace();
    let weeks = workspace.json(&words("drift trend --by week"));
    assert_eq!(weeks["total"], 12);
}

#[test]
fn trend_is_shown_as_a_chart() {
    let workspace = recorded();
    workspace.ok(&["drift", "resolve", "2"]);
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

/// Older documents have no fingerprints: detections with the same fields are the same.
#[test]
fn detections_of_older_documents_are_recognized() {
    let workspace = TestWorkspace::with_workspace();
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
}

fn drift_is_exported_and_imported() {
    let workspace = recorded();
    workspace.ok(&["export", "out"]);
    let other = TestWorkspace::with_workspace();
    other.ok(&[
        "import",
        &workspace.path().join("out").display().to_string(),
    ]);
    assert_eq!(
        other.json(&["drift", "list"]),
        workspace.json(&["drift", "list"])
    );
}

#[test]
fn report_that_is_not_json_is_described() {
    let workspace = with_report();
    let refused = |text: &str| {
        workspace.write("x.json", text);
        workspace.fails(1, &words("drift record x.json --repo core"))
    };
    assert_snapshot!(refused("nothing"), @"
    error: the report is not valid JSON: line 1, column 2: expected true, false or null
    hint: run 'wsdb drift record --help' to see the format
    ");
    assert_snapshot!(refused("[{}"), @"
    error: the report is not valid JSON: line 1, column 3: unexpected end of the JSON
    hint: run 'wsdb drift record --help' to see the format
    ");
    assert_snapshot!(refused("[{\"type\": \"scope\",}]"), @"
    error: the report is not valid JSON: line 1, column 19: unexpected comma after the last entry
    hint: run 'wsdb drift record --help' to see the format
    ");
    assert_snapshot!(refused("[]\n[]"), @"
    error: the report is not valid JSON: line 2, column 1: unexpected text after the end of the JSON
    hint: run 'wsdb drift record --help' to see the format
    ");
    assert_snapshot!(refused(" \n"), @"
    error: the report is empty; use [] for a scan that found nothing
    hint: run 'wsdb drift record --help' to see the format
    ");
    assert_snapshot!(workspace.fails(1, &words("drift record . --repo core")), @"
    error: .: is a folder, not a file
    hint: fix the problems above and run the command again
    ");
    workspace.write("x.json", "\u{feff}[]");
    workspace.ok(&words("drift record x.json --repo core"));
}

#[test]
fn report_without_a_repo_names_the_option() {
    let workspace = with_report();
    assert_snapshot!(workspace.fails(1, &words("drift record none.json")), @r#"
    error: $: missing field "repos_scanned"; it is required if there are no detections
    hint: specify the repo with --repo REPO, or run the command in its folder; run 'wsdb drift record --help' to see the format
    "#);
    workspace.write(
        "x.json",
        r#"[{"type": "scope", "severity": "HIGH", "file": "a.py"}]"#,
    );
    assert_snapshot!(workspace.fails(1, &words("drift record x.json")), @r#"
    error: $[0]: missing field "repo"
    hint: specify the repo with --repo REPO, or run the command in its folder; run 'wsdb drift record --help' to see the format
    "#);
}
