//! `wsdb why`: the rules and decisions for a path or a component.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids, words};

use crate::samples::orchard;

wsdb_tests::on_sqlite_and_postgres! {
    component_is_found_in_any_case,
    records_of_repos_without_placements_are_found,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    folder_shows_what_is_inside,
    repo_shows_its_placements,
}

/// A file that belongs in another repo.
const PRICING: &str = "src/orchard_core/pricing.py";

/// Returns how many rows a text takes on a terminal of this width.
fn count_rows(text: &str, width: usize) -> usize {
    let rows = |line: &str| line.chars().count().div_ceil(width).max(1);
    text.lines().map(rows).sum()
}

#[test]
fn file_in_the_wrong_repo_is_explained_on_one_screen() {
    let workspace = orchard();
    let why = workspace.ok(&["why", PRICING]);
    assert!(count_rows(&why, 80) <= 24, "{why}");
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
}

#[test]
fn rules_and_decisions_as_json() {
    let workspace = orchard();
    let why = workspace.json(&["why", PRICING]);
    assert_eq!(why["file_path"], PRICING);
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
        json!({"id": "STATE-002", "state_name": "orchard-2026", "state_type": "target"})
    );
    assert_eq!(why["placements"][0]["matches"], false);
    assert_eq!(
        why["rules"][0],
        json!({
            "placement_id": "PLACEMENT-007",
            "component_name": "seasonal-pricing",
            "repo": "orchard-web",
            "rule_type": "forbidden_paths",
            "subject": "orchard-core",
            "pattern": false,
            "severity": "HIGH",
            "why": "Pricing must not depend on seasons",
            "decision": "DEC-001",
            "violated": true,
            "excludes_others": false,
        })
    );
    assert_eq!(ids(&why, "decisions"), ["DEC-001"]);
    assert_eq!(
        why["decisions"][0]["reasons"],
        json!(["cited by the rules of PLACEMENT-007", "cited by DRIFT-001"])
    );
    assert_eq!(why["detections"][0]["related_task_id"], "WS-TASK-002");
    assert_eq!(ids(&why, "tasks"), ["WS-TASK-002"]);
    assert_eq!(ids(&why, "issues"), ["ISSUE-001"]);
    assert_eq!(why["nearest"], Value::Null);
}

fn component_is_found_in_any_case() {
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
}

#[test]
fn component_is_found_by_part_of_its_name_and_by_placement() {
    let workspace = orchard();
    let by_part = workspace.json(&["why", "ripeness"]);
    assert_eq!(by_part["components"], json!(["ripeness-model"]));
    let by_id = workspace.json(&["why", "PLACEMENT-2"]);
    assert_eq!(by_id["components"], json!(["ripeness-model"]));
}

fn folder_shows_what_is_inside() {
    let workspace = orchard();
    let folder = workspace.json(&["why", "orchard-core/src"]);
    let placements = folder["placements"].as_array().unwrap();
    assert!(placements.iter().all(|p| p["reason"] == "inside"));
    assert_eq!(ids(&folder, "detections"), ["DRIFT-001", "DRIFT-002"]);
}

fn repo_shows_its_placements() {
    let workspace = orchard();
    let repo = workspace.json(&["why", "orchard-web"]);
    assert_eq!(
        ids(&repo, "placements"),
        ["PLACEMENT-007", "PLACEMENT-008", "PLACEMENT-004"]
    );
    assert_eq!(repo["rules"], json!([]));
}

#[test]
fn repo_with_the_name_of_a_component_needs_a_slash() {
    let workspace = orchard();
    let repo = workspace.json(&["why", "orchard-core/"]);
    assert_eq!(repo["file_path"], "");
    assert_eq!(ids(&repo, "detections"), ["DRIFT-001", "DRIFT-002"]);
    let component = workspace.json(&["why", "orchard-core"]);
    assert_eq!(component["file_path"], Value::Null);
    assert_eq!(
        ids(&component, "placements"),
        ["PLACEMENT-005", "PLACEMENT-001"]
    );
}

#[test]
fn new_file_shows_the_rules_that_apply_there() {
    let workspace = orchard();
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

/// The sample with the file [`PRICING`] in its repo.
struct SampleWithFile {
    workspace: TestWorkspace,
    /// The folder that the file is in.
    folder: String,
}

impl SampleWithFile {
    fn create() -> Self {
        let workspace = orchard();
        workspace.write(&format!("orchard-core/{PRICING}"), "");
        let folder = workspace.path().join("orchard-core/src/orchard_core");
        SampleWithFile {
            workspace,
            folder: folder.display().to_string(),
        }
    }

    /// Runs `wsdb why` in the folder.
    fn why(&self, path: &str) -> String {
        let mut command = self.workspace.command(&["why", path, "--workspace"]);
        command.arg(self.workspace.path()).current_dir(&self.folder);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    }
}

#[test]
fn path_can_be_written_in_several_forms() {
    let sample = SampleWithFile::create();
    let expected = sample.workspace.ok(&["why", PRICING]);
    for path in [
        "./src/orchard_core/pricing.py",
        "orchard-core/src/orchard_core/pricing.py",
        "src//orchard_core/../orchard_core/pricing.py",
    ] {
        assert_eq!(sample.workspace.ok(&["why", path]), expected, "{path}");
    }
    for path in [
        "pricing.py",
        "../orchard_core/pricing.py",
        &format!("{}/pricing.py", sample.folder),
    ] {
        assert_eq!(sample.why(path), expected, "{path}");
    }
}

#[test]
fn component_name_has_priority_over_a_file_name() {
    let sample = SampleWithFile::create();
    sample
        .workspace
        .write("orchard-core/src/orchard_core/price-list", "");
    let why = sample.why("price-list");
    assert!(why.starts_with("price-list\n"), "{why}");
}

#[test]
fn same_path_in_another_repo_is_another_file() {
    let why = orchard().ok(&["why", "orchard-ml/src/orchard_core/pricing.py"]);
    assert!(why.starts_with("Nothing found for orchard-ml"), "{why}");
}

#[test]
fn unknown_path_suggests_the_nearest_component() {
    let workspace = orchard();
    let path = "orchard-web/src/pricng.py";
    assert_snapshot!(workspace.ok(&["why", path]), @"
    Nothing found for orchard-web/src/pricng.py: no placement, rule, decision, drift, task, issue or activity
    Nearest component: seasonal-pricing (orchard-web: src/pricing.py), PLACEMENT-007
    ");
    let why = workspace.json(&["why", path]);
    assert_eq!(why["nearest"]["id"], "PLACEMENT-007");
    assert_eq!(why["placements"], json!([]));
}

#[test]
fn unknown_name_suggests_the_list_of_placements() {
    assert_snapshot!(orchard().ok(&["why", "zzz"]), @"
    Nothing found for zzz: no placement, rule, decision, drift, task, issue or activity
    hint: run 'wsdb placement list' to list the placements
    ");
}

#[test]
fn empty_path_is_refused() {
    assert_snapshot!(TestWorkspace::with_workspace().fails(2, &["why", " "]), @"error: no path or component given");
}

/// A component in `src/billing` of the repo shop.
fn billing() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let rules = r#"{"forbidden_paths": ["legacy"], "decision": "DEC-9", "severity": "LOW"}"#;
    let add = words("placement add billing -r shop -l src/billing --rules");
    workspace.ok(&[&add[..], &[rules]].concat());
    workspace
}

#[test]
fn missing_decision_and_task_are_marked() {
    let workspace = billing();
    workspace.ok(&words("goal add Leave --task 7 -c billing"));
    assert_snapshot!(workspace.ok(&["why", "shop/src/billing"]), @"
    shop/src/billing  billing
    placement billing belongs in shop: src/billing
                PLACEMENT-001
    rule      LOW  billing must not be in legacy
                PLACEMENT-001 · DEC-9
    decision  DEC-9  missing, but referenced here
    task      WS-TASK-007  missing
                works toward GOAL-001
    ");
    let file = workspace.json(&["why", "src/billing/b.py"]);
    assert_eq!(ids(&file, "tasks"), ["WS-TASK-007"]);
}

#[test]
fn closed_tasks_are_listed_after_open_ones() {
    let workspace = billing();
    workspace.ok(&words("task add Closed -f ./src/billing/b.py"));
    workspace.ok(&words("task add Open -f shop/src/billing/a.py"));
    workspace.ok(&["task", "done", "1"]);
    let folder = workspace.json(&["why", "shop/src/billing"]);
    assert_eq!(ids(&folder, "tasks"), ["WS-TASK-002", "WS-TASK-001"]);
    let file = workspace.json(&["why", "src/billing/b.py"]);
    assert_eq!(ids(&file, "tasks"), ["WS-TASK-001"]);
}

#[test]
fn tasks_after_the_first_four_are_counted() {
    let workspace = billing();
    for _ in 0..5 {
        workspace.ok(&words("task add Pay -f src/billing/c.py"));
    }
    let why = words("why src/billing/c.py");
    let short = workspace.ok(&why);
    assert!(
        short.ends_with("          1 more; use --all to show all\n"),
        "{short}"
    );
    let all = workspace.ok(&[&why[..], &["--all"]].concat());
    assert!(
        !all.contains("more") && all.contains("WS-TASK-005"),
        "{all}"
    );
}

/// The repos are known by their folders or by records.
fn records_of_repos_without_placements_are_found() {
    let workspace = TestWorkspace::with_workspace();
    for file in [
        "core/.git/config",
        "libs/util/.git/config",
        "web/.git/config",
    ] {
        workspace.write(file, "");
    }
    workspace.write(".wsdb.toml", "[repos]\nshop = 'web'\n");
    workspace.ok(&words("session start --no-handoff"));
    for repo in ["core", "util", "shop", "elsewhere"] {
        workspace.ok(&words(&format!(
            "drift add src/a.py --repo {repo} --type scope"
        )));
        workspace.ok(&words(&format!(
            "task add {repo} --repo {repo} -f src/a.py"
        )));
    }
    workspace.ok(&words("session log First --created libs/util/src/a.py"));
    workspace.ok(&words("session log Second --modified util/src/a.py"));
    for (path, number) in [
        ("core/src/a.py", "1"),
        ("./core/src/../src/a.py", "1"),
        ("util/src/a.py", "2"),
        ("libs/util/src/a.py", "2"),
        ("web/src/a.py", "3"),
        ("shop/src/a.py", "3"),
        ("elsewhere/src/a.py", "4"),
    ] {
        let why = workspace.json(&["why", path]);
        assert_eq!(
            ids(&why, "detections"),
            [format!("DRIFT-00{number}")],
            "{path}"
        );
        assert_eq!(
            ids(&why, "tasks"),
            [format!("WS-TASK-00{number}")],
            "{path}"
        );
    }
    assert_snapshot!(workspace.ok(&["why", "util/src/a.py"]), @"
    util/src/a.py
    drift     DRIFT-002  open  MEDIUM  scope, no task
    task      WS-TASK-002  pending  util
                mentions the path
    activity  2026-01-15-session-001-log-002  2026-01-15 10:00  Second
              2026-01-15-session-001-log-001  2026-01-15 10:00  First
    ");
}

#[test]
fn placement_without_a_location_matches_its_complete_repo() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("placement add pricing --repo web"));
    workspace.ok(&words(
        "placement add pricing --repo web --location src/pricing.py",
    ));
    let matches = |path: &str| {
        let why = workspace.json(&["why", path]);
        let placements = why["placements"].as_array().unwrap().iter();
        let matches = placements.map(|it| it["matches"].as_bool().unwrap());
        matches.collect::<Vec<_>>()
    };
    assert_eq!(matches("web/src/pricing.py"), [true, true]);
}
