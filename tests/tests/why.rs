//! What governs a path or a component.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{Folder, fixture};

fn orchard() -> Folder {
    let folder = Folder::new();
    for sample in ["handwritten", "governance"] {
        folder.ok(&["import", &fixture(sample).display().to_string()]);
    }
    folder
}

/// How many lines a text takes on a terminal of this width.
fn lines(text: &str, width: usize) -> usize {
    let rows = |line: &str| line.chars().count().div_ceil(width).max(1);
    text.lines().map(rows).sum()
}

fn ids<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    let list = list[name].as_array().expect("a list");
    let id = |record: &'a Value| record["id"].as_str().or(record["placement"].as_str());
    list.iter().filter_map(id).collect()
}

fn a_file_out_of_its_place() {
    let folder = orchard();
    let why = folder.ok(&["why", "src/orchard_core/pricing.py"]);
    assert!(lines(&why, 80) <= 24, "one screen");
    assert_snapshot!(why, @r"
    orchard-core/src/orchard_core/pricing.py  seasonal-pricing
    placement seasonal-pricing belongs in orchard-web: src/pricing.py, not here
                PLACEMENT-007, target orchard-2026 · Prices are shown there.
              seasonal-pricing is in orchard-core: src/orchard_core/pricing.py
                PLACEMENT-003, current orchard-2025
              orchard-core belongs in orchard-core: src/orchard_core
                PLACEMENT-005, target orchard-2026 · PLACEMENT-001, current orchard-2025 · Every fruit reuses it.
    rule      HIGH  forbids seasonal-pricing here: never in orchard-core
                PLACEMENT-007 · DEC-001 · The core knows no season
              orchard-core never imports pandas  PLACEMENT-005
    decision  DEC-001  implemented  HIGH  orchard-core holds nothing that is specific to a season
    drift     DRIFT-001  open  HIGH  component_placement, mended by WS-TASK-002 (in_progress)
                No season in orchard-core (DEC-001)
    task      WS-TASK-002  in_progress  CRITICAL  Move seasonal pricing out of orchard-core
                mira · mends DRIFT-001, ISSUE-001 · reaches GOAL-001 · names the path
    issue     ISSUE-001  HIGH  Season-specific pricing in orchard-core
    ");
    let spelled = [
        "./src/orchard_core/pricing.py",
        "orchard-core/src/orchard_core/pricing.py",
        "src//orchard_core/../orchard_core/pricing.py",
    ];
    for path in spelled {
        assert_eq!(folder.ok(&["why", path]), why, "{path}");
    }
    let elsewhere = folder.ok(&["why", "orchard-ml/src/orchard_core/pricing.py"]);
    assert!(elsewhere.starts_with("nothing governs"), "{elsewhere}");
}

fn for_programs() {
    let folder = orchard();
    let why = folder.json(&["why", "src/orchard_core/pricing.py"]);
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
            "why": "The core knows no season",
            "decision": "DEC-001",
            "broken": true,
            "keeps_out": false,
        })
    );
    assert_eq!(ids(&why, "decisions"), ["DEC-001"]);
    assert_eq!(
        why["decisions"][0]["because"],
        json!(["behind the rules of PLACEMENT-007", "named by DRIFT-001"])
    );
    assert_eq!(why["drift"][0]["task"], "WS-TASK-002");
    assert_eq!(ids(&why, "tasks"), ["WS-TASK-002"]);
    assert_eq!(ids(&why, "issues"), ["ISSUE-001"]);
    assert_eq!(why["nearest"], Value::Null);
}

fn a_component_and_a_folder() {
    let folder = orchard();
    assert_snapshot!(folder.ok(&["why", "Ripeness-Model"]), @r"
    ripeness-model
    placement ripeness-model belongs in orchard-ml: src/orchard_ml/ripeness.py
                PLACEMENT-006, target orchard-2026 · Models are orchard-ml's.
              ripeness-model is in orchard-core: src/orchard_core/ripeness.py
                PLACEMENT-002, current orchard-2025
    rule      MEDIUM  broken: ripeness-model only in src/** of orchard-ml
                PLACEMENT-006 · It runs where pandas does not
              MEDIUM  ripeness-model imports only orchard_core, math
                PLACEMENT-006 · It runs where pandas does not
    drift     DRIFT-002  ignored  MEDIUM  dependency  orchard-core src/orchard_core/ripeness.py, mended by WS-TASK-003 (blocked)
                orchard-core never imports pandas
    task      WS-TASK-003  blocked  HIGH  Replace pandas in the ripeness model
                mends DRIFT-002 · reaches GOAL-002
    ");
    let by_part = folder.json(&["why", "ripeness"]);
    assert_eq!(by_part["components"], json!(["ripeness-model"]));
    let by_id = folder.json(&["why", "PLACEMENT-2"]);
    assert_eq!(by_id["components"], json!(["ripeness-model"]));

    let below = folder.json(&["why", "orchard-core/src"]);
    let placements = below["placements"].as_array().expect("a list");
    assert!(placements.iter().all(|p| p["because"] == "inside"));
    assert_eq!(ids(&below, "drift"), ["DRIFT-001", "DRIFT-002"]);
    let repo = folder.json(&["why", "orchard-web"]);
    assert_eq!(
        ids(&repo, "placements"),
        ["PLACEMENT-007", "PLACEMENT-008", "PLACEMENT-004"]
    );
    assert_eq!(repo["rules"], json!([]));
    // A component of the same name is called by it alone.
    let repo = folder.json(&["why", "orchard-core/"]);
    assert_eq!(repo["path"], "");
    assert_eq!(ids(&repo, "drift"), ["DRIFT-001", "DRIFT-002"]);
    let component = folder.json(&["why", "orchard-core"]);
    assert_eq!(component["path"], Value::Null);
    assert_eq!(
        ids(&component, "placements"),
        ["PLACEMENT-005", "PLACEMENT-001"]
    );
    // What is new there is told what it must not be.
    assert_snapshot!(folder.ok(&["why", "orchard-core/src/orchard_core/units.py"]), @r"
    orchard-core/src/orchard_core/units.py
    placement orchard-core belongs in orchard-core: src/orchard_core
                PLACEMENT-005, target orchard-2026 · PLACEMENT-001, current orchard-2025 · Every fruit reuses it.
    rule      orchard-core never imports pandas  PLACEMENT-005
              HIGH  keeps seasonal-pricing out of orchard-core
                PLACEMENT-007 · DEC-001 · The core knows no season
    decision  DEC-001  implemented  HIGH  orchard-core holds nothing that is specific to a season
    ");
}

fn a_path_from_where_one_is() {
    let folder = orchard();
    let inside = folder.path().join("orchard-core/src/orchard_core");
    std::fs::create_dir_all(&inside).expect("folders");
    std::fs::write(inside.join("pricing.py"), "").expect("a file");
    let why = folder.ok(&["why", "src/orchard_core/pricing.py"]);
    let workspace = folder.path().display().to_string();
    let from_there = |path: &str| {
        let output = folder
            .command(&["why", path, "--workspace", &workspace])
            .current_dir(&inside)
            .output()
            .expect("run");
        String::from_utf8(output.stdout).expect("text")
    };
    assert_eq!(from_there("pricing.py"), why);
    assert_eq!(from_there("../orchard_core/pricing.py"), why);
    let whole = inside.join("pricing.py").display().to_string();
    assert_eq!(from_there(&whole), why);
    // A component is called by its name, whatever file is there.
    std::fs::write(inside.join("price-list"), "").expect("a file");
    assert!(from_there("price-list").starts_with("price-list\n"));
}

fn nothing_governs_it() {
    let folder = orchard();
    assert_snapshot!(folder.ok(&["why", "orchard-web/src/pricng.py"]), @r"
    nothing governs orchard-web/src/pricng.py: no placement, rule, decision, drift, task or issue
    nearest: seasonal-pricing (orchard-web src/pricing.py), PLACEMENT-007
    ");
    assert_snapshot!(folder.ok(&["why", "zzz"]), @r"
    nothing governs zzz: no placement, rule, decision, drift, task or issue
    `wsdb placement list` shows what has a place, `wsdb placement add` gives it one
    ");
    let why = folder.json(&["why", "orchard-web/src/pricng.py"]);
    assert_eq!(why["nearest"]["id"], "PLACEMENT-007");
    assert_eq!(why["placements"], json!([]));
    assert_snapshot!(folder.fails(1, &["why", " "]), @"error: neither a path nor a component is named");
}

/// Links that lead nowhere are told, and what is ended doesn't hide what is open.
fn what_is_missing_is_told() {
    let folder = Folder::with_workspace();
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
    folder.ok(&[&placed[..], &["--rules", rules]].concat());
    folder.ok(&[
        "goal",
        "add",
        "Out of legacy",
        "--task",
        "7",
        "-c",
        "billing",
    ]);
    folder.ok(&[
        "task",
        "add",
        "Look through it",
        "-f",
        "shop/src/billing/a.py",
    ]);
    folder.ok(&["task", "add", "Ended", "-f", "./src/billing/b.py"]);
    folder.ok(&["task", "done", "2"]);
    assert_snapshot!(folder.ok(&["why", "shop/src/billing"]), @r"
    shop/src/billing  billing
    placement billing belongs in shop: src/billing
                PLACEMENT-001
    rule      LOW  billing never lies in legacy
                PLACEMENT-001 · DEC-9
    decision  DEC-9  missing, though it is named here
    task      WS-TASK-001  pending  Look through it
                names the path
              WS-TASK-002  completed  Ended
                names the path
              WS-TASK-007  missing
                reaches GOAL-001
    ");
    let file = folder.json(&["why", "src/billing/b.py"]);
    assert_eq!(ids(&file, "tasks"), ["WS-TASK-002", "WS-TASK-007"]);
    // Many of a kind are counted.
    for number in 0..5 {
        folder.ok(&[
            "task",
            "add",
            &format!("T {number}"),
            "-f",
            "src/billing/c.py",
        ]);
    }
    let short = folder.ok(&["why", "src/billing/c.py"]);
    assert!(short.ends_with("          1 more: --all\n"), "{short}");
    let all = folder.ok(&["why", "src/billing/c.py", "--all"]);
    assert!(!all.contains("more") && all.contains("T 4"), "{all}");
}

wsdb_tests::on_both! {
    a_file_out_of_its_place,
    for_programs,
    a_component_and_a_folder,
    a_path_from_where_one_is,
    nothing_governs_it,
    what_is_missing_is_told,
}
