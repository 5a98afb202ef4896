//! Drift on the command line: what scans find, and what becomes of it.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::Folder;

const REPORT: &str = r#"[
  {"repo": "core", "type": "dependency", "severity": "HIGH", "file": "./src/pricing.py",
   "component": "PriceList", "rule": "core-knows-no-web", "details": "line 12 imports web"},
  {"repo": "web", "type": "scope", "severity": "critical", "file": "src/shop.py"}
]"#;

fn write(folder: &Folder, name: &str, text: &str) {
    std::fs::write(folder.path().join(name), text).expect("written");
}

fn recorded() -> Folder {
    let folder = Folder::with_workspace();
    write(&folder, "report.json", REPORT);
    folder.ok(&["drift", "record", "report.json"]);
    folder
}

fn ids(list: &Value) -> Vec<&str> {
    let detections = list["detections"].as_array().expect("a list");
    let ids = detections.iter().map(|d| d["id"].as_str().expect("an id"));
    ids.collect()
}

fn code(folder: &Folder, args: &[&str]) -> Option<i32> {
    folder.run(args).status.code()
}

/// The exported drift, without when it was last seen.
fn exported(folder: &Folder) -> Value {
    folder.ok(&["export", "out", "--force"]);
    let text = std::fs::read_to_string(folder.path().join("out/DRIFT.json")).expect("read");
    let mut drift: Value = serde_json::from_str(&text).expect("JSON");
    let detections = drift["drift_detections"].as_array_mut().expect("a list");
    for detection in detections {
        assert!(detection["last_seen"].is_string());
        detection["last_seen"].take();
    }
    drift
}

fn a_scan_piles_nothing_up() {
    let folder = Folder::with_workspace();
    write(&folder, "report.json", REPORT);
    let record = &["drift", "record", "report.json"];
    assert_snapshot!(folder.ok(&[&record[..], &["--dry-run"]].concat()), @r"
    would record: 2 new (1 CRITICAL, 1 HIGH), 0 still open, 0 reopened, 0 resolved, 0 ignored
      new       CRITICAL scope in web/src/shop.py
      new       HIGH dependency in core/src/pricing.py
    ");
    assert_eq!(folder.json(&["drift", "list"])["total"], 0);
    assert_snapshot!(folder.ok(record), @r"
    recorded SCAN-001: 2 new (1 CRITICAL, 1 HIGH), 0 still open, 0 reopened, 0 resolved, 0 ignored
      new       DRIFT-002  CRITICAL scope in web/src/shop.py
      new       DRIFT-001  HIGH dependency in core/src/pricing.py
    ");
    let before = exported(&folder);
    assert_snapshot!(folder.ok(record), @"recorded SCAN-002: 0 new, 2 still open, 0 reopened, 0 resolved, 0 ignored");
    let mut after = exported(&folder);
    let scans = after["drift_scans"].as_array_mut().expect("a list");
    assert_eq!(scans.pop().expect("a scan")["id"], "SCAN-002");
    assert_eq!(after, before, "only the scan and the marks are new");

    // The line has moved, and the other one is gone from where it was looked.
    write(&folder, "moved.json", &REPORT.replace("line 12", "line 40"));
    let moved = folder.json(&["drift", "record", "moved.json"]);
    assert_eq!(moved["counts"]["still_open"], 2);
    let shown = folder.json(&["drift", "show", "1"]);
    assert_eq!(shown["violation_details"], "line 40 imports web");
    write(&folder, "none.json", "[]");
    let tried = ["drift", "record", "none.json", "--repo", "web", "--dry-run"];
    assert_snapshot!(folder.ok(&tried), @r"
    would record: 0 new, 0 still open, 0 reopened, 1 resolved, 0 ignored
      resolved  DRIFT-002  CRITICAL scope in web/src/shop.py
    ");
    let none = folder.json(&["drift", "record", "none.json", "--repo", "web", "--check"]);
    assert_eq!(none["counts"]["resolved"], 1);
    assert_eq!(none["resolved"][0]["id"], "DRIFT-002");
    let gone = folder.json(&["drift", "show", "2"]);
    assert_eq!(
        (&gone["status"], &gone["resolved_by"]),
        (&json!("resolved"), &json!("SCAN-004"))
    );
    let back = folder.json(&["drift", "record", "report.json"]);
    assert_eq!(back["reopened"][0]["id"], "DRIFT-002");
    assert_eq!(back["scan"]["violations_high"], 2);
    folder.ok(&["undo"]);
    assert_eq!(folder.json(&["drift", "show", "2"]), gone);
}

fn checks_have_a_code_of_their_own() {
    let folder = Folder::with_workspace();
    write(&folder, "report.json", REPORT);
    let with = |args: &[&str]| {
        code(
            &folder,
            &[&["drift", "record", "report.json"], args].concat(),
        )
    };
    assert_eq!(with(&["--check", "new", "--dry-run"]), Some(3));
    assert_eq!(with(&["--check"]), Some(3));
    assert_eq!(with(&["--check", "new"]), Some(0));
    assert_eq!(with(&["--check", "open"]), Some(3));
    folder.ok(&["drift", "ignore", "1", "2", "--reason", "known"]);
    assert_eq!(with(&["--check"]), Some(0));
    let again = folder.json(&["drift", "record", "report.json"]);
    let ignored = again["ignored"].as_array().expect("a list");
    assert_eq!((ignored.len(), &again["counts"]["ignored"]), (2, &json!(2)));
}

fn only_named_files_are_resolved() {
    let folder = recorded();
    let commit = ["--type", "pre_commit", "--repo", "web"];
    write(&folder, "none.json", "[]");
    let record = |file: &str| {
        let args = ["drift", "record", "none.json", "--file", file];
        folder.json(&[&args[..], &commit].concat())["counts"]["resolved"].clone()
    };
    assert_eq!(record("src/other.py"), 0);
    assert_eq!(record("./src/shop.py"), 1);
    let full = folder.fails(
        1,
        &[
            "drift",
            "record",
            "none.json",
            "--repo",
            "web",
            "--file",
            "a.py",
        ],
    );
    assert!(full.contains("a full scan looks at every file"), "{full}");
}

fn a_report_that_is_wrong_is_refused_whole() {
    let folder = Folder::with_workspace();
    let text = r#"[{"repo": "core", "type": "scope", "severity": "HIGH", "file": "a.py"},
        {"repo": "core", "type": "magic", "severity": "HIGH", "fil": "a.py"}]"#;
    write(&folder, "wrong.json", text);
    assert_snapshot!(folder.fails(1, &["drift", "record", "wrong.json"]), @r#"
    error: $[1].type: "magic" is no violation type (known: component_placement, dependency, scope, pattern)
           $[1].file: is missing
           $[1].fil: there is no such field (known: repo, type (or violation_type), severity, file (or file_path), component (or component_name), rule (or detected_rule), expected_location, actual_location, details (or violation_details), detected_by, fingerprint, task (or related_task_id), metadata (or extra_metadata))
    "#);
    assert_eq!(folder.json(&["drift", "list"])["total"], 0);
    assert_eq!(folder.json(&["drift", "scans"])["total"], 0);
    let missing = folder.fails(1, &["drift", "record", "nowhere.json"]);
    assert!(missing.contains("nowhere.json: can't be read"), "{missing}");
}

fn ignored_for_a_time() {
    let folder = recorded();
    let said = folder.fails(2, &["drift", "ignore", "1", "--until", "2020-01-01"]);
    assert!(said.contains("that is over"), "{said}");
    let ignored = folder.json(&["drift", "ignore", "1", "--reason", "known", "--until", "1s"]);
    assert_eq!(ignored["status"], "ignored");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let open = folder.json(&["drift", "list", "--status", "open"]);
    assert_eq!(ids(&open), ["DRIFT-002", "DRIFT-001"]);
    assert_eq!(open["detections"][1]["status"], "open");
    assert_eq!(
        folder.json(&["drift", "list", "--status", "ignored"])["total"],
        0
    );
    let shown = folder.json(&["drift", "show", "1"]);
    assert_eq!(shown["status"], "open");
    let shown = folder.ok(&["drift", "show", "1"]);
    assert!(shown.contains("open: it was ignored until"), "{shown}");
    let edit = [
        "drift",
        "resolve",
        "1",
        "--notes",
        "moved",
        "--expect",
        "status=open",
    ];
    let resolved = folder.json(&edit);
    assert_eq!(resolved["resolution_notes"], "moved");
    assert_eq!(resolved["ignored_until"], Value::Null);
    let reopened = folder.json(&["drift", "reopen", "1"]);
    assert_eq!(
        (&reopened["status"], &reopened["resolved_at"]),
        (&json!("open"), &Value::Null)
    );
}

fn what_is_ignored_has_a_reason() {
    let folder = recorded();
    let why = folder.fails(2, &["drift", "ignore", "1"]);
    assert!(why.contains("DRIFT-001 stands? --reason TEXT"), "{why}");
    folder.fails(2, &["drift", "ignore", "1", "--reason", " "]);
    assert_eq!(folder.json(&["drift", "show", "1"])["status"], "open");
    folder.ok(&["drift", "ignore", "1", "--reason", "known", "--until", "9d"]);
    // What is not ignored yet has no reason that could be kept.
    folder.fails(2, &["drift", "ignore", "1", "2"]);
    let again = folder.run(&["drift", "ignore", "1"]);
    let note = String::from_utf8_lossy(&again.stderr).into_owned();
    assert_snapshot!(note, @"note: DRIFT-001 keeps its reason: known, and is ignored for ever now");
    let shown = folder.json(&["drift", "show", "1"]);
    assert_eq!(
        (&shown["resolution_notes"], &shown["ignored_until"]),
        (&json!("known"), &Value::Null)
    );
    let trend = folder.ok(&["drift", "trend"]);
    assert!(trend.contains("IGNORED"), "{trend}");
}

fn by_hand() {
    let folder = Folder::with_workspace();
    let add = [
        "drift", "add", "src/a.py", "--repo", "core", "--type", "pattern",
    ];
    let added = folder.json(&[&add[..], &["--details", "a global"]].concat());
    assert_eq!(
        (&added["id"], &added["detected_by"]),
        (&json!("DRIFT-001"), &json!("manual"))
    );
    let again = folder.fails(1, &[&add[..], &["--details", "a global"]].concat());
    assert!(
        again.contains("known already: DRIFT-001 is open"),
        "{again}"
    );
    folder.ok(&["drift", "resolve", "1"]);
    let again = folder.fails(1, &[&add[..], &["--details", "a global"]].concat());
    assert!(again.contains("`wsdb drift reopen DRIFT-001`"), "{again}");
    folder.ok(&["undo"]);
    let mut beyond = add;
    beyond[2] = "src/../../x.py";
    let beyond = folder.fails(2, &beyond);
    assert!(beyond.contains("the path leaves the repo"), "{beyond}");
    write(&folder, "none.json", "[]");
    let none = folder.json(&["drift", "record", "none.json", "--repo", "core"]);
    assert_eq!(none["counts"]["resolved"], 0, "no scanner knows that rule");
    let edited = folder.json(&[
        "drift",
        "edit",
        "1",
        "--severity",
        "low",
        "--clear",
        "details",
    ]);
    assert_eq!(
        (&edited["severity"], &edited["violation_details"]),
        (&json!("LOW"), &Value::Null)
    );
    folder.fails(2, &["drift", "edit", "1"]);
    assert_snapshot!(folder.ok(&["drift", "rm", "1"]), @"deleted detection DRIFT-001");
    folder.fails(1, &["drift", "show", "1"]);
    folder.ok(&["undo"]);
    assert_eq!(folder.json(&["drift", "show", "1"]), edited);
}

fn a_task_mends_them() {
    let folder = recorded();
    let made = folder.json(&["drift", "task", "1", "2"]);
    assert_eq!(
        made["title"],
        "Mend 2 violations (dependency, scope) in core, web"
    );
    assert_eq!(made["priority"], "CRITICAL");
    assert_eq!(made["repos_affected"], json!(["core", "web"]));
    assert_eq!(
        made["related_files"],
        json!(["src/pricing.py", "src/shop.py"])
    );
    assert_snapshot!(made["description"].as_str().expect("a text"), @r"
    - DRIFT-001: HIGH dependency in core/src/pricing.py (component PriceList; rule core-knows-no-web)
      line 12 imports web
    - DRIFT-002: CRITICAL scope in web/src/shop.py
    ");
    assert_eq!(folder.json(&["drift", "list", "--task", "1"])["total"], 2);
    assert_snapshot!(folder.fails(1, &["drift", "task", "1", "2"]), @r"
    error: DRIFT-001 has a task already: WS-TASK-001
           DRIFT-002 has a task already: WS-TASK-001
    ");
    folder.ok(&["undo"]);
    assert_eq!(folder.json(&["drift", "list", "--task", "1"])["total"], 0);
    assert_eq!(folder.json(&["task", "list"])["total"], 0);
    assert_snapshot!(folder.ok(&["drift", "link", "2", "--task", "9"]), @"DRIFT-002 is mended by WS-TASK-009");
    assert_eq!(
        ids(&folder.json(&["drift", "list", "--task", "9"])),
        ["DRIFT-002"]
    );
}

fn lists_scans_and_trend() {
    let folder = recorded();
    let one = |filter: &[&str]| {
        let list = folder.json(&[&["drift", "list"], filter].concat());
        ids(&list).join(" ")
    };
    assert_eq!(one(&[]), "DRIFT-002 DRIFT-001", "the gravest first");
    assert_eq!(one(&["--sort", "id"]), "DRIFT-001 DRIFT-002");
    assert_eq!(
        one(&["--severity", "high", "--repo", "core,web"]),
        "DRIFT-001"
    );
    assert_eq!(one(&["--file", "src/s"]), "DRIFT-002");
    assert_eq!(one(&["--file", "*pric*"]), "DRIFT-001");
    assert_eq!(one(&["--text", "IMPORTS web"]), "DRIFT-001");
    assert_eq!(
        one(&["--component", "PriceList", "--scan", "1"]),
        "DRIFT-001"
    );
    assert_eq!(one(&["--since", "1h", "--type", "scope"]), "DRIFT-002");
    assert_eq!(
        folder.json(&["drift", "scan", "show", "1"])["violations_found"],
        2
    );
    let edited = folder.json(&["drift", "scan", "edit", "1", "--triggered-by", "ci"]);
    assert_eq!(edited["triggered_by"], "ci_cd");
    assert_eq!(
        folder.json(&["drift", "scans", "--repo", "web"])["total"],
        1
    );
    assert_eq!(folder.json(&["drift", "scans", "--repo", "we"])["total"], 0);
    let referred = folder.fails(1, &["drift", "scan", "rm", "1"]);
    assert!(referred.contains("--force"), "{referred}");
    folder.ok(&["drift", "scan", "rm", "1", "--force"]);

    folder.ok(&["drift", "resolve", "2"]);
    let trend = folder.json(&["drift", "trend", "--since", "1d"]);
    let last = &trend["trend"][1];
    let counts = ["open", "new", "resolved", "ignored"].map(|name| last[name].as_u64());
    assert_eq!(counts, [1, 2, 1, 0].map(Some));
    assert_eq!(trend["total"], 2);
    let weeks = folder.json(&["drift", "trend", "--by", "week"]);
    assert_eq!(weeks["total"], 12);
    let text = folder.ok(&["drift", "trend"]);
    assert!(text.starts_with("open ▁▁▁▁▁▁▁▁▁▁▁▁▁█  1 now\n"), "{text}");
    assert!(
        folder
            .ok(&["handoff"])
            .contains("HIGH · dependency in core")
    );
    let missing = folder.fails(1, &["drift", "show", "77"]);
    assert!(missing.contains("`wsdb drift list`"), "{missing}");
}

fn older_documents_still_import() {
    let folder = Folder::new();
    let old = json!({"drift_scans": [], "drift_detections": [{
        "id": "OLD-1", "repo": "core", "violation_type": "dependency", "severity": "LOW",
        "file_path": "src\\pricing.py", "component_name": "PriceList",
        "detected_rule": "core-knows-no-web", "violation_details": "line 9 imports web",
        "detected_at": "2025-11-20", "detected_by": "automated", "status": "open"
    }]});
    write(&folder, "DRIFT.json", &old.to_string());
    write(&folder, "report.json", REPORT);
    folder.ok(&["import"]);
    let recorded = folder.json(&["drift", "record", "report.json"]);
    let counts = (
        &recorded["counts"]["new"],
        &recorded["counts"]["still_open"],
    );
    assert_eq!(
        counts,
        (&json!(1), &json!(1)),
        "the old one is known by its fields"
    );
    assert_eq!(folder.json(&["drift", "show", "OLD-1"])["severity"], "HIGH");
    folder.ok(&["export", "out"]);
    let other = Folder::new();
    let out = folder.path().join("out").display().to_string();
    other.ok(&["import", &out]);
    assert_eq!(
        other.json(&["drift", "list"]),
        folder.json(&["drift", "list"])
    );
}

wsdb_tests::on_both!(
    a_scan_piles_nothing_up,
    checks_have_a_code_of_their_own,
    only_named_files_are_resolved,
    a_report_that_is_wrong_is_refused_whole,
    ignored_for_a_time,
    what_is_ignored_has_a_reason,
    by_hand,
    a_task_mends_them,
    lists_scans_and_trend,
    older_documents_still_import,
);
