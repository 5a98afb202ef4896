//! States, placements with their rules, goals, and states compared, on the command line.

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

fn ids<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    let list = list[name].as_array().expect("a list");
    list.iter()
        .map(|record| record["id"].as_str().expect("an id"))
        .collect()
}

/// Undoes the last change, and does it again.
fn back_and_forth(folder: &Folder, list: &[&str]) {
    let after = folder.json(list);
    let undone = folder.json(&["undo"]);
    assert_ne!(folder.json(list), after);
    folder.ok(&["undo", &undone["change"].to_string()]);
    assert_eq!(folder.json(list), after);
}

fn a_state_from_beginning_to_end() {
    let folder = Folder::with_workspace();
    assert_snapshot!(folder.ok(&["state", "add", "orchard-2026", "--type", "target", "-r", "orchard-core",
        "--version", "2", "--document", "A.md", "--data", r#"{"a": 1}"#, "--architecture", "ARCH",
        "--roadmap", "R.md", "--target-date", "2026-06-30", "--status", "active", "-d", "No season"]),
        @"added STATE-001  orchard-2026 (target)");
    folder.ok(&["state", "new", "orchard-2025", "-t", "current"]);
    back_and_forth(&folder, &["state", "ls"]);
    let state = folder.json(&["state", "show", "target"]);
    for (field, value) in [
        ("id", json!("STATE-001")),
        ("state_name", json!("orchard-2026")),
        ("state_type", json!("target")),
        ("repo", json!("orchard-core")),
        ("version", json!("2")),
        ("architecture_doc_path", json!("A.md")),
        ("state_data", json!({"a": 1})),
        ("architecture_id", json!("ARCH")),
        ("roadmap_file", json!("R.md")),
        ("target_date", json!("2026-06-30T00:00:00Z")),
        ("status", json!("active")),
        ("description", json!("No season")),
        ("updated_at", Value::Null),
    ] {
        assert_eq!(state[field], value, "{field}");
    }
    assert_snapshot!(folder.ok(&["state", "edit", "2026", "--name", "orchard-2027", "--type", "future",
        "--clear", "data,version,document,architecture,roadmap,target-date,status,description"]),
        @"edited STATE-001  orchard-2027");
    back_and_forth(&folder, &["state", "list"]);
    let state = folder.json(&["state", "show", "1"]);
    assert_eq!(state["state_data"], Value::Null);
    assert!(state["updated_at"].is_string());
    let listed = |args: &[&str]| {
        let list = folder.json(&[&["state", "list"], args].concat());
        ids(&list, "states").join(" ")
    };
    assert_eq!(listed(&["--sort", "name"]), "STATE-002 STATE-001");
    assert_eq!(listed(&["--type", "current,master"]), "STATE-002");
    assert_eq!(listed(&["--repo", "workspace"]), "STATE-002");
    assert_eq!(listed(&["--text", "ORCHARD 2027"]), "STATE-001");
    assert_eq!(listed(&["--reverse", "--limit", "1"]), "STATE-002");
    assert_snapshot!(folder.fails(1, &["state", "add", "orchard-2025", "-t", "master"]), @"
    error: state STATE-002 is called orchard-2025 already
    hint: `wsdb state edit STATE-002` changes that one
    ");
    assert_snapshot!(folder.fails(1, &["state", "show", "2028"]), @r"
    error: architecture state 2028 not found
    hint: `wsdb state list` shows those that are there
    ");
    folder.ok(&[
        "placement",
        "add",
        "pricing",
        "-r",
        "web",
        "--state",
        "orchard-2025",
    ]);
    assert_snapshot!(folder.fails(1, &["state", "rm", "current"]), @"
    error: architecture state STATE-002 is still referred to by placement PLACEMENT-001
    hint: --force deletes it all the same; the others keep its id as one that is gone
    ");
    assert_snapshot!(folder.ok(&["state", "rm", "current", "--force"]), @"deleted architecture state STATE-002");
    let placement = folder.json(&["placement", "show", "pricing"]);
    assert_eq!(
        placement["architecture_state_id"], "STATE-002",
        "kept as one that is gone"
    );
    back_and_forth(&folder, &["state", "list"]);
}

fn a_placement_and_its_rules() {
    let folder = orchard();
    assert_snapshot!(folder.ok(&["component", "add", "harvest", "-r", "orchard-ml", "-l", "src/harvest",
        "-t", "package", "--state", "target", "--rationale", "It needs the model",
        "--forbid", "pandas,orchard_web.*", "--allow", "math", "--scope", "src/**",
        "--scope", "tests/{a,b}/**", "--forbid-path", "orchard-core", "--severity", "high",
        "--why", "Agreed", "--decision", "1"]),
        @"added PLACEMENT-010  harvest belongs in orchard-ml: src/harvest");
    back_and_forth(&folder, &["placement", "list"]);
    let harvest = folder.json(&["placement", "show", "harvest"]);
    assert_eq!(harvest["architecture_state_id"], "STATE-002");
    assert_eq!(
        harvest["rules"],
        json!({
            "forbidden_imports": ["pandas", {"pattern": "orchard_web.*"}],
            "allowed_imports": ["math"],
            "allowed_paths": ["src/**", "tests/{a,b}/**"],
            "forbidden_paths": ["orchard-core"],
            "severity": "HIGH",
            "why": "Agreed",
            "decision": "DEC-001",
        })
    );
    let file = folder.path().join("rules.json");
    std::fs::write(&file, r#"{"forbidden_imports": ["numpy"], "why": "Light"}"#).expect("a file");
    folder.ok(&[
        "placement",
        "edit",
        "harvest",
        "--rules",
        "rules.json",
        "--severity",
        "low",
    ]);
    let edited = folder.json(&[
        "placement",
        "edit",
        "10",
        "--forbid",
        "scipy",
        "--clear",
        "rationale",
    ]);
    assert_eq!(
        edited["rules"],
        json!({"forbidden_imports": ["scipy"], "why": "Light", "severity": "LOW"})
    );
    assert_eq!(edited["rationale"], Value::Null);
    back_and_forth(&folder, &["placement", "list"]);
    assert_snapshot!(folder.ok(&["placement", "rules", "harvest", "seasonal-pricing", "--format", "csv"]), @"
    placement,component,rule,subject,severity,decision,why
    PLACEMENT-007,seasonal-pricing,forbidden_paths,orchard-core,HIGH,DEC-001,The core knows no season
    PLACEMENT-010,harvest,forbidden_imports,scipy,LOW,,Light
    ");
}

fn rules_that_do_not_fit() {
    let folder = orchard();
    let before = folder.json(&["placement", "list"]);
    let wrong = r#"{"forbiden_imports": ["x"], "forbidden_imports": [1, {"module": "a", "pattern": "b"}],
        "severity": "grave", "allowed_paths": ["["]}"#;
    assert_snapshot!(folder.fails(1, &["placement", "add", "x", "-r", "y", "--rules", wrong]), @r#"
    error: rules, $: no rule is called forbiden_imports
           rules, $.allowed_paths[0]: unclosed character class; missing ']'
           rules, $.forbidden_imports[0]: is string or object, not number
           rules, $.forbidden_imports[1]: has both module and pattern: one of them
           rules, $.severity: is CRITICAL, HIGH, MEDIUM or LOW, not "grave"
    hint: `wsdb placement rules --schema` prints the schema that rules have to fit
    "#);
    assert_snapshot!(folder.fails(1, &["placement", "edit", "7", "--rules", "[]"]), @"
    error: rules, $: is object, not array
    hint: `wsdb placement rules --schema` prints the schema that rules have to fit
    ");
    assert_snapshot!(folder.fails(2, &["placement", "edit", "7", "--rules", "{"]), @"error: the JSON can't be read: EOF while parsing an object at line 1 column 1");
    assert_snapshot!(folder.fails(2, &["placement", "edit", "7", "--rules", "none.json"]), @"error: none.json is no JSON, and as a file it can't be read: No such file or directory (os error 2)");
    assert_eq!(folder.json(&["placement", "list"]), before);
    let output = folder.run(&[
        "placement",
        "edit",
        "8",
        "--forbid",
        "x",
        "--decision",
        "DEC-009",
    ]);
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @"note: the rules name the decision DEC-009, which does not exist (yet)");

    // What people's files hold is kept and told.
    let document = json!({"component_placements": [{
        "id": "OLD-1", "component_name": "old", "component_type": "module", "correct_repo": "web",
        "created_at": "2025-11-20", "rules": {"forbidden_imports": ["pandas"], "no_season": true},
    }]});
    std::fs::write(
        folder.path().join("ARCHITECTURE.json"),
        document.to_string(),
    )
    .expect("a file");
    folder.ok(&["import", "ARCHITECTURE.json"]);
    assert_snapshot!(folder.ok(&["placement", "show", "old"]), @r#"
    OLD-1  old
    type          module
    repo          web
    rules         never imports pandas
    does not fit  $: no rule is called no_season
    as written    {"forbidden_imports":["pandas"],"no_season":true}
    created       2025-11-20 00:00
    updated       2025-11-20 00:00
    "#);
    let faults = folder.json(&["placement", "rules", "OLD-1"]);
    assert_eq!(
        faults["faults"],
        json!([{"placement": "OLD-1", "path": "$", "reason": "no rule is called no_season"}])
    );
    assert_eq!(faults["rules"][0]["subject"], "pandas");
    // They don't keep the rest from being changed; they are asked for when rules are.
    folder.ok(&["placement", "edit", "old", "--location", "src/old"]);
    assert!(
        folder
            .fails(1, &["placement", "edit", "old", "--why", "so"])
            .contains("no_season")
    );
    let old = folder.json(&["placement", "show", "old"]);
    assert_eq!(old["rules"]["no_season"], true);

    let schema: Value = serde_json::from_str(&folder.ok(&["placement", "rules", "--schema"]))
        .expect("a JSON Schema");
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
}

fn placements_are_found() {
    let folder = orchard();
    let listed = |args: &[&str]| {
        let list = folder.json(&[&["placement", "list"], args].concat());
        let ids = ids(&list, "placements");
        ids.join(" ").replace("PLACEMENT-00", "")
    };
    assert_eq!(
        listed(&["--state", "target", "--repo", "orchard-web"]),
        "7 8"
    );
    assert_eq!(
        listed(&["--component", "price-list,orchard-core"]),
        "1 4 5 8"
    );
    assert_eq!(listed(&["--type", "class"]), "6");
    assert_eq!(listed(&["--text", "RIPENESS models"]), "6");
    assert_eq!(
        listed(&["--sort", "repo", "--limit", "3", "--reverse"]),
        "8 7 4"
    );
    assert_eq!(listed(&["--sort", "component", "--limit", "1"]), "9");
    assert_snapshot!(folder.fails(1, &["placement", "show", "seasonal"]), @r"
    error: placement seasonal could be PLACEMENT-003, PLACEMENT-007
    hint: type more of the id
    ");
    assert_snapshot!(folder.fails(1, &["placement", "add", "price-list", "-r", "x", "-s", "1"]), @"
    error: placement PLACEMENT-004 says where price-list belongs in STATE-001 already
    hint: `wsdb placement edit PLACEMENT-004` changes that one
    ");
    assert_snapshot!(folder.fails(1, &["placement", "rm", "7"]), @"
    error: placement PLACEMENT-007 is still referred to by goal GOAL-001
    hint: --force deletes it all the same; the others keep its id as one that is gone
    ");
}

fn a_goal_from_beginning_to_end() {
    let folder = orchard();
    assert_snapshot!(folder.ok(&["goal", "add", "The forecast has a home", "--task", "4", "--state", "target",
        "--component", "harvest-forecast", "--milestone", "models", "--priority", "low"]),
        @"added GOAL-004  The forecast has a home (WS-TASK-004)");
    let goal = folder.json(&["goal", "show", "4"]);
    assert_eq!(goal["component_id"], "PLACEMENT-009");
    assert_eq!(goal["architecture_state_id"], "STATE-002");
    // The component's place in the state that is named.
    let goal = folder.json(&[
        "goal",
        "add",
        "Leave",
        "--task",
        "2",
        "-s",
        "current",
        "-c",
        "seasonal-pricing",
    ]);
    assert_eq!(goal["component_id"], "PLACEMENT-003");
    assert_snapshot!(folder.ok(&["goal", "done", "4", "5"]), @r"
    GOAL-004 is completed  The forecast has a home
    GOAL-005 is completed  Leave
    ");
    back_and_forth(&folder, &["goal", "list"]);
    folder.ok(&["goal", "start", "5"]);
    folder.ok(&["goal", "reopen", "4"]);
    assert_snapshot!(folder.ok(&["goal", "status", "5", "--to", "deferred"]), @"GOAL-005 is deferred  Leave");
    let edited = folder.json(&[
        "goal",
        "edit",
        "5",
        "--goal",
        "Go",
        "--task",
        "77",
        "--clear",
        "state,component",
    ]);
    assert_eq!(edited["task_id"], "WS-TASK-077", "to come");
    assert_eq!(edited["component_id"], Value::Null);
    let listed = |args: &[&str]| {
        let list = folder.json(&[&["goal", "list"], args].concat());
        let ids = ids(&list, "goals");
        ids.join(" ").replace("GOAL-00", "")
    };
    assert_eq!(listed(&["--status", "pending,deferred"]), "4 5");
    assert_eq!(listed(&["--task", "2"]), "1");
    assert_eq!(listed(&["--task", "WS-TASK-077"]), "5");
    assert_eq!(
        listed(&["--state", "target", "--sort", "priority"]),
        "1 2 3 4"
    );
    assert_eq!(listed(&["--component", "ripeness-model"]), "2");
    assert_eq!(listed(&["--milestone", "models"]), "4");
    assert_eq!(listed(&["--priority", "HIGH,LOW"]), "2 4");
    assert_eq!(listed(&["--text", "HOME forecast"]), "4");
    folder.ok(&["goal", "rm", "5"]);
    back_and_forth(&folder, &["goal", "list"]);
    let edit = folder.fails(2, &["goal", "edit", "4"]);
    assert!(edit.contains("nothing to change"), "{edit}");
}

fn two_states_compared() {
    let folder = orchard();
    assert_snapshot!(folder.ok(&["architecture", "compare", "current", "target"]), @"
    STATE-001  orchard-2025 (current) -> STATE-002  orchard-2026 (target)
    missing  harvest-forecast  orchard-ml: src/orchard_ml/forecast
             no goal: nobody works on it
    moved    ripeness-model  orchard-core: src/orchard_core/ripeness.py -> orchard-ml: src/orchard_ml/ripeness.py (other type and rules)
             GOAL-002  WS-TASK-003 (blocked)  Ripeness without pandas
    moved    seasonal-pricing  orchard-core: src/orchard_core/pricing.py -> orchard-web: src/pricing.py (other rules)
             GOAL-001  WS-TASK-002 (in_progress)  Only the web knows seasons
    changed  orchard-core  orchard-core: src/orchard_core (other rules)
             no goal: nobody works on it
    Goals about none of these
             GOAL-003  WS-TASK-001 (completed)  Every task of every repo in one place
    5 components: 1 missing, 2 moved, 1 changed, 1 the same
    ");
    assert_snapshot!(folder.ok(&["arch", "diff", "2", "orchard-2025", "--format", "md"]), @"
    ## STATE-002  orchard-2026 (target) -> STATE-001  orchard-2025 (current)

    | step | component | where | tasks |
    | --- | --- | --- | --- |
    | gone | harvest-forecast | orchard-ml: src/orchard_ml/forecast |  |
    | moved | ripeness-model | orchard-ml: src/orchard_ml/ripeness.py -> orchard-core: src/orchard_core/ripeness.py (other type and rules) | GOAL-002 WS-TASK-003 (blocked) |
    | moved | seasonal-pricing | orchard-web: src/pricing.py -> orchard-core: src/orchard_core/pricing.py (other rules) | GOAL-001 WS-TASK-002 (in_progress) |
    | changed | orchard-core | orchard-core: src/orchard_core (other rules) |  |

    5 components: 1 gone, 2 moved, 1 changed, 1 the same
    ");
    let compared = folder.json(&["architecture", "compare", "1", "2026"]);
    let steps: Vec<[&str; 2]> = compared["components"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|d| ["step", "component"].map(|field| d[field].as_str().expect("a text")))
        .collect();
    assert_eq!(
        steps,
        [
            ["missing", "harvest-forecast"],
            ["moved", "ripeness-model"],
            ["moved", "seasonal-pricing"],
            ["changed", "orchard-core"]
        ]
    );
    assert_eq!(compared["same"], 1);
    let moved = &compared["components"][1];
    assert_eq!(
        moved["fields"],
        json!([
            "correct_repo",
            "correct_location",
            "component_type",
            "rules"
        ])
    );
    assert_eq!(moved["current"]["id"], "PLACEMENT-002");
    assert_eq!(moved["work"][0]["task_status"], "blocked");
    assert_eq!(compared["goals"][0]["goal"], "GOAL-003");
    assert_snapshot!(folder.fails(1, &["architecture", "compare", "x", "y"]), @r"
    error: architecture state x not found
           architecture state y not found
    hint: `wsdb state list` shows those that are there
    ");
    assert_snapshot!(folder.fails(1, &["architecture", "compare", "1", "current"]), @"error: 1 can't be compared with itself");
    assert_snapshot!(folder.fails(2, &["architecture", "compare", "1", "2", "--format", "csv"]), @"error: a comparison is shown as table, json or md");
}

fn what_is_in_a_state() {
    let folder = orchard();
    assert_snapshot!(folder.ok(&["architecture", "show"]), @"
    ID         TYPE     NAME          REPO       COMPONENTS  GOALS  OPEN
    STATE-001  current  orchard-2025  workspace  4           0      0
    STATE-002  target   orchard-2026  workspace  5           3      2
    ");
    assert_snapshot!(folder.ok(&["architecture", "show", "target"]), @"
    STATE-002  orchard-2026  target
    orchard-core
    └─ orchard-core  package  src/orchard_core  PLACEMENT-005
    orchard-ml
    ├─ harvest-forecast  service  src/orchard_ml/forecast  PLACEMENT-009
    └─ ripeness-model  class  src/orchard_ml/ripeness.py  PLACEMENT-006
          GOAL-002  blocked  Ripeness without pandas  WS-TASK-003 (blocked)
    orchard-web
    ├─ price-list  service  src/price_list.py  PLACEMENT-008
    └─ seasonal-pricing  module  src/pricing.py  PLACEMENT-007
          GOAL-001  in_progress  Only the web knows seasons  WS-TASK-002 (in_progress)
    goals
       GOAL-003  completed  Every task of every repo in one place  WS-TASK-001 (completed)
    ");
    assert_snapshot!(folder.ok(&["architecture", "show", "target", "--format", "md"]), @"
    ## orchard-2026

    | id | component | type | repo | location | state | rules | updated |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | PLACEMENT-005 | orchard-core | package | orchard-core | src/orchard_core | STATE-002 | 1 | 2025-11-20T11:30:00Z |
    | PLACEMENT-009 | harvest-forecast | service | orchard-ml | src/orchard_ml/forecast | STATE-002 |  | 2025-11-20T11:30:00Z |
    | PLACEMENT-006 | ripeness-model | class | orchard-ml | src/orchard_ml/ripeness.py | STATE-002 | 3 | 2025-11-20T11:30:00Z |
    | PLACEMENT-008 | price-list | service | orchard-web | src/price_list.py | STATE-002 |  | 2025-11-20T11:30:00Z |
    | PLACEMENT-007 | seasonal-pricing | module | orchard-web | src/pricing.py | STATE-002 | 1 | 2025-11-20T11:30:00Z |

    | id | status | goal | task | task status | component |
    | --- | --- | --- | --- | --- | --- |
    | GOAL-001 | in_progress | Only the web knows seasons | WS-TASK-002 | in_progress | seasonal-pricing |
    | GOAL-002 | blocked | Ripeness without pandas | WS-TASK-003 | blocked | ripeness-model |
    | GOAL-003 | completed | Every task of every repo in one place | WS-TASK-001 | completed |  |
    ");
    let shown = folder.json(&["architecture", "show", "target"]);
    assert_eq!(shown["state_name"], "orchard-2026");
    assert_eq!(
        shown["goals"][2]["task_title"],
        "Track tasks of all orchard repos in one place"
    );
    let all = folder.json(&["architecture", "show", "--type", "target"]);
    assert_eq!(all["states"][0]["open_goal_count"], 2);
    assert_eq!(all["total"], 1);
    let both = folder.fails(2, &["architecture", "show", "target", "--type", "target"]);
    assert!(both.contains("cannot be used with"), "{both}");
}

/// Notes about what is not there yet.
fn notes(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run(args);
    let notes = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{notes}");
    notes
}

fn what_is_not_there_yet_is_noted() {
    let folder = Folder::with_workspace();
    folder.ok(&["task", "add", "Move pricing"]);
    let placed = [
        "placement",
        "add",
        "pay",
        "--repo",
        "web",
        "--state",
        "trget",
    ];
    assert_snapshot!(notes(&folder, &placed), @"note: there is no architecture state trget yet");
    folder.fails(2, &["placement", "edit", "1", "--location", "../x"]);
    let edited = notes(&folder, &["placement", "edit", "1", "--state", "nope"]);
    assert!(
        edited.contains("no architecture state nope yet"),
        "{edited}"
    );
    let goal = [
        "goal",
        "add",
        "Prices",
        "--task",
        "99",
        "--state",
        "99",
        "--component",
        "nope",
    ];
    assert_snapshot!(notes(&folder, &goal), @r"
    note: there is no architecture state STATE-099 yet
    note: there is no placement nope yet
    note: there is no task WS-TASK-099 yet
    ");
    let edited = notes(&folder, &["goal", "edit", "1", "--task", "WS-TSAK-001"]);
    assert!(edited.contains("did you mean WS-TASK-001?"), "{edited}");
    let issue = notes(&folder, &["issue", "add", "x", "--task", "99"]);
    assert!(issue.contains("no task WS-TASK-099 yet"), "{issue}");
    let drift = [
        "drift", "add", "a.py", "--repo", "web", "--type", "scope", "--task", "99",
    ];
    assert!(notes(&folder, &drift).contains("no task WS-TASK-099 yet"));
    let linked = notes(&folder, &["drift", "link", "1", "--task", "foo"]);
    assert!(linked.contains("no task foo yet"), "{linked}");
    assert_eq!(notes(&folder, &["drift", "link", "1", "--task", "1"]), "");
}

wsdb_tests::on_both! {
    what_is_not_there_yet_is_noted,
    a_state_from_beginning_to_end,
    a_placement_and_its_rules,
    rules_that_do_not_fit,
    placements_are_found,
    a_goal_from_beginning_to_end,
    two_states_compared,
    what_is_in_a_state,
}
