//! What governs a path or a component.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids};

fn orchard() -> TestWorkspace {
    let workspace = TestWorkspace::with_sample("handwritten");
    workspace.import_sample("governance");
    workspace
}

/// How many lines a text takes on a terminal of this width.
fn lines(text: &str, width: usize) -> usize {
    let rows = |line: &str| line.chars().count().div_ceil(width).max(1);
    text.lines().map(rows).sum()
}

fn misplaced_file() {
    let workspace = orchard();
    let why = workspace.ok(&["why", "src/orchard_core/pricing.py"]);
    assert!(lines(&why, 80) <= 24, "one screen");
    assert_snapshot!(why, @"
    orchard-core/src/orchard_core/pricing.py  seasonal-pricing
    placement seasonal-pricing belongs in orchard-web: src/pricing.py, not here
                PLACEMENT-007, target orchard-2026 · Prices are shown there.
              seasonal-pricing is in orchard-core: src/orchard_core/pricing.py
                PLACEMENT-003, current orchard-2025
              orchard-core belongs in orchard-core: src/orchard_core
                PLACEMENT-005, target orchard-2026 · PLACEMENT-001, current orchard-2025 · Every fruit reuses it.
    rule      HIGH  violated here: seasonal-pricing is forbidden in orchard-core
                PLACEMENT-007 · DEC-001 · Pricing must not depend on seasons
              orchard-core must not import pandas  PLACEMENT-005
    decision  DEC-001  implemented  HIGH  orchard-core holds nothing that is specific to a season
    drift     DRIFT-001  open  HIGH  component_placement, task WS-TASK-002 (in_progress)
                No seasonal code in orchard-core (DEC-001)
    task      WS-TASK-002  in_progress  CRITICAL  Move seasonal pricing out of orchard-core
                mira · fixes DRIFT-001, ISSUE-001 · works toward GOAL-001 · mentions the path
    issue     ISSUE-001  HIGH  Season-specific pricing in orchard-core
    ");
    let spelled = [
        "./src/orchard_core/pricing.py",
        "orchard-core/src/orchard_core/pricing.py",
        "src//orchard_core/../orchard_core/pricing.py",
    ];
    for path in spelled {
        assert_eq!(workspace.ok(&["why", path]), why, "{path}");
    }
    let elsewhere = workspace.ok(&["why", "orchard-ml/src/orchard_core/pricing.py"]);
    assert!(
        elsewhere.starts_with("Nothing found for orchard-ml"),
        "{elsewhere}"
    );
}

fn answer_as_json() {
    let workspace = orchard();
    let why = workspace.json(&["why", "src/orchard_core/pricing.py"]);
    assert_eq!(why["path"], "src/orchard_core/pricing.py");
    assert_eq!(why["repo"], "orchard-core");
    assert_eq!(why["components"], json!(["seasonal-pricing"]));
    assert_eq!(
        ids(&why, "placements"),
        [
            "PLACEMENT-007",
            "PLACEMENT-003",
            "PLACEMENT-005",
            "PLACEMENT-001"
        ]
    );
    assert_eq!(
        why["placements"][0]["state"],
        json!({"id": "STATE-002", "name": "orchard-2026", "state_type": "target"})
    );
    assert_eq!(why["placements"][0]["here"], false);
    assert_eq!(
        why["rules"][0],
        json!({
            "placement": "PLACEMENT-007",
            "component": "seasonal-pricing",
            "repo": "orchard-web",
            "kind": "forbidden_paths",
            "subject": "orchard-core",
            "pattern": false,
            "severity": "HIGH",
            "why": "Pricing must not depend on seasons",
            "decision": "DEC-001",
            "broken": true,
            "keeps_out": false,
        })
    );
    assert_eq!(ids(&why, "decisions"), ["DEC-001"]);
    assert_eq!(
        why["decisions"][0]["because"],
        json!(["cited by the rules of PLACEMENT-007", "cited by DRIFT-001"])
    );
    assert_eq!(why["drift"][0]["task"], "WS-TASK-002");
    assert_eq!(ids(&why, "tasks"), ["WS-TASK-002"]);
    assert_eq!(ids(&why, "issues"), ["ISSUE-001"]);
    assert_eq!(why["nearest"], Value::Null);
}

fn component_and_folder() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&["why", "Ripeness-Model"]), @"
    ripeness-model
    placement ripeness-model belongs in orchard-ml: src/orchard_ml/ripeness.py
                PLACEMENT-006, target orchard-2026 · Models are orchard-ml's.
              ripeness-model is in orchard-core: src/orchard_core/ripeness.py
                PLACEMENT-002, current orchard-2025
    rule      MEDIUM  violated: ripeness-model is allowed only in src/** of orchard-ml
                PLACEMENT-006 · pandas is not installed in production
              MEDIUM  ripeness-model may only import orchard_core, math
                PLACEMENT-006 · pandas is not installed in production
    drift     DRIFT-002  ignored  MEDIUM  dependency  orchard-core/src/orchard_core/ripeness.py, task WS-TASK-003 (blocked)
                orchard-core never imports pandas
    task      WS-TASK-003  blocked  HIGH  Replace pandas in the ripeness model
                fixes DRIFT-002 · works toward GOAL-002
    ");
    let by_part = workspace.json(&["why", "ripeness"]);
    assert_eq!(by_part["components"], json!(["ripeness-model"]));
    let by_id = workspace.json(&["why", "PLACEMENT-2"]);
    assert_eq!(by_id["components"], json!(["ripeness-model"]));

    let below = workspace.json(&["why", "orchard-core/src"]);
    let placements = below["placements"].as_array().unwrap();
    assert!(placements.iter().all(|p| p["because"] == "inside"));
    assert_eq!(ids(&below, "drift"), ["DRIFT-001", "DRIFT-002"]);
    let repo = workspace.json(&["why", "orchard-web"]);
    assert_eq!(
        ids(&repo, "placements"),
        ["PLACEMENT-007", "PLACEMENT-008", "PLACEMENT-004"]
    );
    assert_eq!(repo["rules"], json!([]));
    // A component of the same name is called by it alone.
    let repo = workspace.json(&["why", "orchard-core/"]);
    assert_eq!(repo["path"], "");
    assert_eq!(ids(&repo, "drift"), ["DRIFT-001", "DRIFT-002"]);
    let component = workspace.json(&["why", "orchard-core"]);
    assert_eq!(component["path"], Value::Null);
    assert_eq!(
        ids(&component, "placements"),
        ["PLACEMENT-005", "PLACEMENT-001"]
    );
    // For a new file, the rules that apply there are printed.
    assert_snapshot!(workspace.ok(&["why", "orchard-core/src/orchard_core/units.py"]), @"
    orchard-core/src/orchard_core/units.py
    placement orchard-core belongs in orchard-core: src/orchard_core
                PLACEMENT-005, target orchard-2026 · PLACEMENT-001, current orchard-2025 · Every fruit reuses it.
    rule      orchard-core must not import pandas  PLACEMENT-005
              HIGH  seasonal-pricing is forbidden in orchard-core
                PLACEMENT-007 · DEC-001 · Pricing must not depend on seasons
    decision  DEC-001  implemented  HIGH  orchard-core holds nothing that is specific to a season
    ");
}

fn relative_path() {
    let workspace = orchard();
    let inside = workspace.path().join("orchard-core/src/orchard_core");
    std::fs::create_dir_all(&inside).unwrap();
    std::fs::write(inside.join("pricing.py"), "").unwrap();
    let why = workspace.ok(&["why", "src/orchard_core/pricing.py"]);
    let path_of_workspace = workspace.path().display().to_string();
    let from_there = |path: &str| {
        let output = workspace
            .command(&["why", path, "--workspace", &path_of_workspace])
            .current_dir(&inside)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(from_there("pricing.py"), why);
    assert_eq!(from_there("../orchard_core/pricing.py"), why);
    let whole = inside.join("pricing.py").display().to_string();
    assert_eq!(from_there(&whole), why);
    // A component is called by its name, whatever file is there.
    std::fs::write(inside.join("price-list"), "").unwrap();
    assert!(from_there("price-list").starts_with("price-list\n"));
}

fn path_that_nothing_governs() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&["why", "orchard-web/src/pricng.py"]), @"
    Nothing found for orchard-web/src/pricng.py: no placement, rule, decision, drift, task or issue
    Nearest component: seasonal-pricing (orchard-web: src/pricing.py), PLACEMENT-007
    ");
    assert_snapshot!(workspace.ok(&["why", "zzz"]), @"
    Nothing found for zzz: no placement, rule, decision, drift, task or issue
    Run 'wsdb placement list' to list all placements
    ");
    let why = workspace.json(&["why", "orchard-web/src/pricng.py"]);
    assert_eq!(why["nearest"]["id"], "PLACEMENT-007");
    assert_eq!(why["placements"], json!([]));
    assert_snapshot!(workspace.fails(1, &["why", " "]), @"error: no path or component given");
}

/// Links to missing records are marked, and closed records do not hide open ones.
fn missing_records_are_marked() {
    let workspace = TestWorkspace::with_workspace();
    let rules = r#"{"forbidden_paths": ["legacy"], "decision": "DEC-9", "severity": "LOW"}"#;
    let placed = [
        "placement",
        "add",
        "billing",
        "-r",
        "shop",
        "-l",
        "src/billing",
    ];
    workspace.ok(&[&placed[..], &["--rules", rules]].concat());
    workspace.ok(&[
        "goal",
        "add",
        "Out of legacy",
        "--task",
        "7",
        "-c",
        "billing",
    ]);
    workspace.ok(&[
        "task",
        "add",
        "Look through it",
        "-f",
        "shop/src/billing/a.py",
    ]);
    workspace.ok(&["task", "add", "Ended", "-f", "./src/billing/b.py"]);
    workspace.ok(&["task", "done", "2"]);
    assert_snapshot!(workspace.ok(&["why", "shop/src/billing"]), @"
    shop/src/billing  billing
    placement billing belongs in shop: src/billing
                PLACEMENT-001
    rule      LOW  billing must not be in legacy
                PLACEMENT-001 · DEC-9
    decision  DEC-9  missing, but referenced here
    task      WS-TASK-001  pending  Look through it
                mentions the path
              WS-TASK-002  completed  Ended
                mentions the path
              WS-TASK-007  missing
                works toward GOAL-001
    ");
    let file = workspace.json(&["why", "src/billing/b.py"]);
    assert_eq!(ids(&file, "tasks"), ["WS-TASK-002", "WS-TASK-007"]);
    // Many of a kind are counted.
    for number in 0..5 {
        workspace.ok(&[
            "task",
            "add",
            &format!("T {number}"),
            "-f",
            "src/billing/c.py",
        ]);
    }
    let short = workspace.ok(&["why", "src/billing/c.py"]);
    assert!(short.ends_with("          1 more: --all\n"), "{short}");
    let all = workspace.ok(&["why", "src/billing/c.py", "--all"]);
    assert!(!all.contains("more") && all.contains("T 4"), "{all}");
}

wsdb_tests::on_both! {
    misplaced_file,
    answer_as_json,
    component_and_folder,
    relative_path,
    path_that_nothing_governs,
    missing_records_are_marked,
}
