//! `wsdb state`, `placement`, `goal` and `architecture`: states, components with their rules,
//! goals, and states compared.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids};

wsdb_tests::on_both! {
    state_is_added_with_every_field,
    state_fields_can_be_cleared,
    states_are_filtered_and_sorted,
    state_names_are_unique,
    referenced_state_is_deleted_with_force_only,
    placement_is_added_with_its_rules,
    rules_of_a_placement_can_be_edited,
    rules_are_listed,
    rules_are_checked,
    missing_decision_of_a_rule_is_noted,
    unknown_rules_of_documents_are_kept_and_reported,
    rules_schema_is_printed,
    placements_are_filtered_and_sorted,
    component_is_placed_once_in_a_state,
    referenced_placement_is_not_deleted,
    goal_finds_state_and_component_by_name,
    goal_status_can_be_changed,
    goal_is_edited,
    goals_are_filtered_and_sorted,
    states_are_compared,
    comparison_arguments_are_checked,
    state_is_shown_as_a_tree,
    all_states_are_summarized,
    missing_referenced_records_are_noted,
    changes_can_be_undone_and_redone,
}

fn orchard() -> TestWorkspace {
    let workspace = TestWorkspace::with_sample("handwritten");
    workspace.import_sample("governance");
    workspace
}

/// Runs a command that is written as one text, without quotes.
fn ok(workspace: &TestWorkspace, command: &str) -> String {
    workspace.ok(&command.split_whitespace().collect::<Vec<_>>())
}

fn state_is_added_with_every_field() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(ok(&workspace, r#"state add orchard-2026 --type target -r orchard-core
        --version 2 --document A.md --data {"a":1} --architecture ARCH --roadmap R.md
        --target-date 2026-06-30 --status active -d Seasonless"#), @"Added STATE-001  orchard-2026 (target)");
    let state = workspace.json(&["state", "show", "target"]);
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
        ("description", json!("Seasonless")),
        ("updated_at", Value::Null),
    ] {
        assert_eq!(state[field], value, "{field}");
    }
}

fn state_fields_can_be_cleared() {
    let workspace = orchard();
    assert_snapshot!(ok(&workspace, "state edit 2026 --name orchard-2027 --type future --clear
        data,version,document,architecture,roadmap,target-date,status,description"), @"Edited STATE-002  orchard-2027");
    let state = workspace.json(&["state", "show", "2"]);
    assert_eq!(state["state_data"], Value::Null);
    assert_eq!(state["updated_at"], "2026-01-15T10:00:02Z");
}

fn states_are_filtered_and_sorted() {
    let workspace = orchard();
    for (filter, expected) in [
        (&["--sort", "name"][..], "STATE-001 STATE-002"),
        (&["--type", "current,master"], "STATE-001"),
        (&["--repo", "workspace"], "STATE-001 STATE-002"),
        (&["--text", "ORCHARD 2026"], "STATE-002"),
        (&["--reverse", "--limit", "1"], "STATE-002"),
    ] {
        let list = workspace.json(&[&["state", "list"], filter].concat());
        assert_eq!(ids(&list, "states").join(" "), expected, "{filter:?}");
    }
    assert_snapshot!(workspace.fails(1, &["state", "show", "2028"]), @"
    error: state 2028 not found
    hint: run 'wsdb state list' to list the states
    ");
}

fn state_names_are_unique() {
    assert_snapshot!(orchard().fails(1, &["state", "add", "orchard-2025", "-t", "master"]), @"
    error: state STATE-001 is already named orchard-2025
    hint: run 'wsdb state show STATE-001' to see it
    ");
}

fn referenced_state_is_deleted_with_force_only() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["state", "add", "orchard-2025", "-t", "current"]);
    ok(
        &workspace,
        "placement add pricing -r web --state orchard-2025",
    );
    assert_snapshot!(workspace.fails(1, &["state", "rm", "current"]), @"
    error: architecture state STATE-001 is still referenced by placement PLACEMENT-001
    hint: use --force to delete it anyway; the references to it are kept
    ");
    assert_snapshot!(workspace.ok(&["state", "rm", "current", "--force"]), @"Deleted state STATE-001");
    // The reference is kept.
    let placement = workspace.json(&["placement", "show", "pricing"]);
    assert_eq!(placement["architecture_state_id"], "STATE-001");
}

/// The orchard, with a placement that has every kind of rule.
fn with_harvest() -> TestWorkspace {
    let workspace = orchard();
    ok(
        &workspace,
        "placement add harvest -r orchard-ml -l src/harvest -t package --state target
            --rationale Model --forbid pandas,orchard_web.* --allow math --scope src/**
            --scope tests/{a,b}/** --forbid-path orchard-core --severity high --why Agreed
            --decision 1",
    );
    workspace
}

fn placement_is_added_with_its_rules() {
    let workspace = with_harvest();
    let harvest = workspace.json(&["placement", "show", "harvest"]);
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
    assert_snapshot!(workspace.ok(&["placement", "add", "wood", "-r", "core", "-l", "src/wood"]), @"Added PLACEMENT-011  wood belongs in core: src/wood");
}

fn rules_of_a_placement_can_be_edited() {
    let workspace = with_harvest();
    let rules = r#"{"forbidden_imports": ["numpy"], "why": "Light"}"#;
    workspace.write("rules.json", rules);
    ok(
        &workspace,
        "placement edit harvest --rules rules.json --severity low",
    );
    ok(
        &workspace,
        "placement edit 10 --forbid scipy --clear rationale",
    );
    let harvest = workspace.json(&["placement", "show", "harvest"]);
    assert_eq!(
        harvest["rules"],
        json!({"forbidden_imports": ["scipy"], "why": "Light", "severity": "LOW"})
    );
    assert_eq!(harvest["rationale"], Value::Null);
}

fn rules_are_listed() {
    let workspace = with_harvest();
    assert_snapshot!(ok(&workspace, "placement rules harvest seasonal-pricing --format csv"), @r#"
    placement,component,rule,subject,severity,decision,why
    PLACEMENT-007,seasonal-pricing,forbidden_paths,orchard-core,HIGH,DEC-001,Pricing must not depend on seasons
    PLACEMENT-010,harvest,forbidden_paths,orchard-core,HIGH,DEC-001,Agreed
    PLACEMENT-010,harvest,allowed_paths,src/**,HIGH,DEC-001,Agreed
    PLACEMENT-010,harvest,allowed_paths,"tests/{a,b}/**",HIGH,DEC-001,Agreed
    PLACEMENT-010,harvest,forbidden_imports,pandas,HIGH,DEC-001,Agreed
    PLACEMENT-010,harvest,forbidden_imports,orchard_web.*,HIGH,DEC-001,Agreed
    PLACEMENT-010,harvest,allowed_imports,math,HIGH,DEC-001,Agreed
    "#);
}

fn rules_are_checked() {
    let workspace = orchard();
    let before = workspace.json(&["placement", "list"]);
    let wrong = r#"{"forbiden_imports": ["x"], "forbidden_imports": [1, {"module": "a", "pattern": "b"}],
        "severity": "grave", "allowed_paths": ["["]}"#;
    let edit = |rules| ["placement", "edit", "7", "--rules", rules];
    assert_snapshot!(workspace.fails(1, &["placement", "add", "x", "-r", "y", "--rules", wrong]), @r#"
    error: rules, $: unknown rule forbiden_imports
           rules, $.allowed_paths[0]: unclosed character class; missing ']'
           rules, $.forbidden_imports[0]: expected a string or an object, found a number
           rules, $.forbidden_imports[1]: has both module and pattern; use only one of them
           rules, $.severity: expected CRITICAL, HIGH, MEDIUM or LOW, found "grave"
    hint: run 'wsdb placement rules --schema' to see the schema
    "#);
    assert_snapshot!(workspace.fails(1, &edit("[]")), @"
    error: rules, $: expected an object, found a list
    hint: run 'wsdb placement rules --schema' to see the schema
    ");
    assert_snapshot!(workspace.fails(2, &edit("{")), @"error: cannot parse the JSON: EOF while parsing an object at line 1 column 1");
    assert_snapshot!(workspace.fails(2, &edit("none.json")), @"error: none.json is neither JSON nor a file: No such file or directory (os error 2)");
    assert_eq!(workspace.json(&["placement", "list"]), before);
}

fn missing_decision_of_a_rule_is_noted() {
    let workspace = orchard();
    let edit = "placement edit 8 --forbid x --decision DEC-009";
    assert_snapshot!(workspace.stderr(&edit.split(' ').collect::<Vec<_>>()), @"note: decision DEC-009 does not exist yet; linked anyway");
}

fn unknown_rules_of_documents_are_kept_and_reported() {
    let workspace = orchard();
    let document = json!({"component_placements": [{
        "id": "OLD-1", "component_name": "old", "component_type": "module", "correct_repo": "web",
        "created_at": "2025-11-20", "rules": {"forbidden_imports": ["pandas"], "no_season": true},
    }]});
    workspace.write("ARCHITECTURE.json", document.to_string());
    workspace.ok(&["import", "ARCHITECTURE.json"]);
    assert_snapshot!(workspace.ok(&["placement", "show", "old"]), @r#"
    OLD-1  old
    type           module
    repo           web
    rules          must not import pandas
    invalid rules  $: unknown rule no_season
    stored rules   {"forbidden_imports":["pandas"],"no_season":true}
    created        2025-11-20 00:00
    updated        2025-11-20 00:00
    "#);
    let rules = workspace.json(&["placement", "rules", "OLD-1"]);
    assert_eq!(rules["faults"][0]["placement"], "OLD-1");
    assert_eq!(rules["faults"][0]["path"], "$");
    assert_eq!(rules["rules"][0]["subject"], "pandas");
    // Other fields can be changed; a change of the rules has to correct them.
    ok(&workspace, "placement edit old --location src/old");
    assert_snapshot!(workspace.fails(1, &["placement", "edit", "old", "--why", "so"]), @"
    error: rules, $: unknown rule no_season
    hint: run 'wsdb placement rules --schema' to see the schema
    ");
    let placement = workspace.json(&["placement", "show", "old"]);
    assert_eq!(placement["rules"]["no_season"], true);
}

fn rules_schema_is_printed() {
    let schema = TestWorkspace::with_workspace().ok(&["placement", "rules", "--schema"]);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
}

fn placements_are_filtered_and_sorted() {
    let workspace = orchard();
    for (filter, expected) in [
        ("--state target --repo orchard-web", "7 8"),
        ("--component price-list,orchard-core", "1 4 5 8"),
        ("--type class", "6"),
        ("--text RIPENESS", "2 6 9"),
        ("--sort repo --limit 3 --reverse", "8 7 4"),
        ("--sort component --limit 1", "9"),
    ] {
        let filter: Vec<&str> = filter.split(' ').collect();
        let list = workspace.json(&[&["placement", "list"], &filter[..]].concat());
        let ids = ids(&list, "placements").join(" ");
        assert_eq!(ids.replace("PLACEMENT-00", ""), expected, "{filter:?}");
    }
    assert_snapshot!(workspace.fails(1, &["placement", "show", "seasonal"]), @"
    error: placement seasonal is ambiguous: it matches PLACEMENT-003, PLACEMENT-007
    hint: use a full ID
    ");
}

fn component_is_placed_once_in_a_state() {
    let add = ["placement", "add", "price-list", "-r", "x", "-s", "1"];
    assert_snapshot!(orchard().fails(1, &add), @"
    error: placement PLACEMENT-004 already places price-list in STATE-001
    hint: run 'wsdb placement show PLACEMENT-004' to see it
    ");
}

fn referenced_placement_is_not_deleted() {
    assert_snapshot!(orchard().fails(1, &["placement", "rm", "7"]), @"
    error: placement PLACEMENT-007 is still referenced by goal GOAL-001
    hint: use --force to delete it anyway; the references to it are kept
    ");
}

fn goal_finds_state_and_component_by_name() {
    let workspace = orchard();
    let add = ["goal", "add", "The forecast has a home", "--task"];
    let options = ["4", "--state", "target", "--component", "harvest-forecast"];
    assert_snapshot!(workspace.ok(&[&add[..], &options].concat()), @"Added GOAL-004  The forecast has a home (WS-TASK-004)");
    let goal = workspace.json(&["goal", "show", "4"]);
    assert_eq!(goal["component_id"], "PLACEMENT-009");
    assert_eq!(goal["architecture_state_id"], "STATE-002");
    // Of a component that is in both states, the placement in the state that is named.
    ok(
        &workspace,
        "goal add Leave --task 2 -s current -c seasonal-pricing",
    );
    let goal = workspace.json(&["goal", "show", "5"]);
    assert_eq!(goal["component_id"], "PLACEMENT-003");
}

fn goal_status_can_be_changed() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&["goal", "done", "1", "2"]), @"
    GOAL-001 is now completed  Move seasonal pricing to orchard-web
    GOAL-002 is now completed  Remove pandas from the ripeness model
    ");
    assert_snapshot!(workspace.ok(&["goal", "start", "1"]), @"GOAL-001 is now in_progress  Move seasonal pricing to orchard-web");
    assert_snapshot!(workspace.ok(&["goal", "reopen", "2"]), @"GOAL-002 is now pending  Remove pandas from the ripeness model");
    assert_snapshot!(workspace.ok(&["goal", "status", "1", "--to", "deferred"]), @"GOAL-001 is now deferred  Move seasonal pricing to orchard-web");
}

fn goal_is_edited() {
    let workspace = orchard();
    ok(
        &workspace,
        "goal edit 1 --goal Go --task 77 --clear state,component",
    );
    let goal = workspace.json(&["goal", "show", "1"]);
    assert_eq!(goal["architectural_goal"], "Go");
    assert_eq!(goal["task_id"], "WS-TASK-077");
    assert_eq!(goal["component_id"], Value::Null);
    assert_snapshot!(workspace.fails(2, &["goal", "edit", "1"]), @"error: nothing to change; set a field or use --clear FIELD");
}

fn goals_are_filtered_and_sorted() {
    let workspace = orchard();
    ok(
        &workspace,
        "goal add Home --task 4 --state target --component harvest-forecast --milestone models
            --priority low",
    );
    ok(&workspace, "goal add Go --task 77");
    for (filter, expected) in [
        ("--status pending,deferred", "4 5"),
        ("--task 2", "1"),
        ("--task WS-TASK-077", "5"),
        ("--state target --sort priority", "1 2 3 4"),
        ("--component ripeness-model", "2"),
        ("--milestone models", "4"),
        ("--priority HIGH,LOW", "2 4"),
        ("--text HOME", "4"),
    ] {
        let args: Vec<&str> = filter.split(' ').collect();
        let list = workspace.json(&[&["goal", "list"], &args[..]].concat());
        let ids = ids(&list, "goals").join(" ");
        assert_eq!(ids.replace("GOAL-00", ""), expected, "{filter}");
    }
}

fn states_are_compared() {
    let workspace = orchard();
    assert_snapshot!(ok(&workspace, "architecture compare current target"), @"
    STATE-001  orchard-2025 (current) -> STATE-002  orchard-2026 (target)
    missing  harvest-forecast  orchard-ml: src/orchard_ml/forecast
             no goal
    moved    ripeness-model  orchard-core: src/orchard_core/ripeness.py -> orchard-ml: src/orchard_ml/ripeness.py (different type and rules)
             GOAL-002  WS-TASK-003 (blocked)  Remove pandas from the ripeness model
    moved    seasonal-pricing  orchard-core: src/orchard_core/pricing.py -> orchard-web: src/pricing.py (different rules)
             GOAL-001  WS-TASK-002 (in_progress)  Move seasonal pricing to orchard-web
    changed  orchard-core  orchard-core: src/orchard_core (different rules)
             no goal
    Other goals
             GOAL-003  WS-TASK-001 (completed)  Every task of every repo in one place
    5 components: 1 missing, 2 moved, 1 changed, 1 unchanged
    ");
    assert_snapshot!(ok(&workspace, "arch diff 2 orchard-2025 --format md"), @"
    ## STATE-002  orchard-2026 (target) -> STATE-001  orchard-2025 (current)

    | step | component | where | tasks |
    | --- | --- | --- | --- |
    | removed | harvest-forecast | orchard-ml: src/orchard_ml/forecast |  |
    | moved | ripeness-model | orchard-ml: src/orchard_ml/ripeness.py -> orchard-core: src/orchard_core/ripeness.py (different type and rules) | GOAL-002 WS-TASK-003 (blocked) |
    | moved | seasonal-pricing | orchard-web: src/pricing.py -> orchard-core: src/orchard_core/pricing.py (different rules) | GOAL-001 WS-TASK-002 (in_progress) |
    | changed | orchard-core | orchard-core: src/orchard_core (different rules) |  |

    5 components: 1 removed, 2 moved, 1 changed, 1 unchanged
    ");
    let compared = workspace.json(&["architecture", "compare", "1", "2026"]);
    let components = compared["components"].as_array().unwrap();
    let step = |component: &Value| component["step"].as_str().unwrap().to_owned();
    let steps: Vec<String> = components.iter().map(step).collect();
    assert_eq!(steps, ["missing", "moved", "moved", "changed"]);
    assert_eq!(compared["same"], 1);
    let moved = &components[1];
    assert_eq!(moved["component"], "ripeness-model");
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
}

fn comparison_arguments_are_checked() {
    let workspace = orchard();
    let compare = |args: &'static [&str]| [&["architecture", "compare"], args].concat();
    assert_snapshot!(workspace.fails(1, &compare(&["x", "y"])), @"
    error: state x not found
           state y not found
    hint: run 'wsdb state list' to list the states
    ");
    assert_snapshot!(workspace.fails(1, &compare(&["1", "current"])), @"error: cannot compare 1 with itself");
    assert_snapshot!(workspace.fails(2, &compare(&["1", "2", "--format", "csv"])), @"
    error: invalid value 'csv' for '--format <FORMAT>'
      [possible values: table, json, md]

    For more information, try '--help'.
    ");
}

fn state_is_shown_as_a_tree() {
    let workspace = orchard();
    assert_snapshot!(ok(&workspace, "architecture show target"), @"
    STATE-002  orchard-2026  target
    orchard-core
    └─ orchard-core  package  src/orchard_core  PLACEMENT-005
    orchard-ml
    ├─ harvest-forecast  service  src/orchard_ml/forecast  PLACEMENT-009
    └─ ripeness-model  class  src/orchard_ml/ripeness.py  PLACEMENT-006
          GOAL-002  blocked  Remove pandas from the ripeness model  WS-TASK-003 (blocked)
    orchard-web
    ├─ price-list  service  src/price_list.py  PLACEMENT-008
    └─ seasonal-pricing  module  src/pricing.py  PLACEMENT-007
          GOAL-001  in_progress  Move seasonal pricing to orchard-web  WS-TASK-002 (in_progress)
    goals
       GOAL-003  completed  Every task of every repo in one place  WS-TASK-001 (completed)
    ");
    assert_snapshot!(ok(&workspace, "architecture show target --format md"), @"
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
    | GOAL-001 | in_progress | Move seasonal pricing to orchard-web | WS-TASK-002 | in_progress | seasonal-pricing |
    | GOAL-002 | blocked | Remove pandas from the ripeness model | WS-TASK-003 | blocked | ripeness-model |
    | GOAL-003 | completed | Every task of every repo in one place | WS-TASK-001 | completed |  |
    ");
    let state = workspace.json(&["architecture", "show", "target"]);
    assert_eq!(state["state_name"], "orchard-2026");
    assert_eq!(
        state["goals"][2]["task_title"],
        "Track tasks of all orchard repos in one place"
    );
    assert_snapshot!(workspace.fails(2, &["architecture", "show", "target", "--type", "target"]), @"
    error: the argument '[STATE]' cannot be used with '--type <TYPE>'

    Usage: wsdb architecture show <STATE>

    For more information, try '--help'.
    ");
}

fn all_states_are_summarized() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&["architecture", "show"]), @"
    ID         TYPE     NAME          REPO       COMPONENTS  GOALS  OPEN
    STATE-001  current  orchard-2025  workspace  4           0      0
    STATE-002  target   orchard-2026  workspace  5           3      2
    ");
    let targets = workspace.json(&["architecture", "show", "--type", "target"]);
    assert_eq!(targets["states"][0]["open_goal_count"], 2);
    assert_eq!(targets["total"], 1);
}

fn missing_referenced_records_are_noted() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing"]);
    let note = |command: &str| workspace.stderr(&command.split(' ').collect::<Vec<_>>());
    assert_snapshot!(note("placement add pay --repo web --state trget"), @"note: state trget does not exist yet; linked anyway");
    assert_snapshot!(note("placement edit 1 --state nope"), @"note: state nope does not exist yet; linked anyway");
    assert_snapshot!(note("goal add Prices --task 99 --state 99 --component nope"), @"
    note: state STATE-099 does not exist yet; linked anyway
    note: placement nope does not exist yet; linked anyway
    note: task WS-TASK-099 does not exist yet; linked anyway
    ");
    assert_snapshot!(note("goal edit 1 --task WS-TSAK-001"), @"note: task WS-TSAK-001 does not exist yet; linked anyway; did you mean WS-TASK-001?");
    assert_snapshot!(note("issue add x --task 99"), @"note: task WS-TASK-099 does not exist yet; linked anyway");
    assert_snapshot!(note("drift add a.py --repo web --type scope --task 99"), @"note: task WS-TASK-099 does not exist yet; linked anyway");
    assert_snapshot!(note("drift link 1 --task foo"), @"note: task foo does not exist yet; linked anyway");
    assert_snapshot!(note("drift link 1 --task 1"), @"");
    assert_snapshot!(workspace.fails(2, &["placement", "edit", "1", "--location", "../x"]), @"
    error: invalid value '../x' for '--location <PATH>': the path is outside the repo

    For more information, try '--help'.
    ");
}

fn changes_can_be_undone_and_redone() {
    let workspace = orchard();
    for (change, list) in [
        ("state add orchard-2027 -t future", ["state", "list"]),
        ("state edit 2026 --clear description", ["state", "list"]),
        ("state rm current --force", ["state", "list"]),
        (
            "placement add harvest -r ml --forbid x",
            ["placement", "list"],
        ),
        ("placement edit 7 --forbid x", ["placement", "list"]),
        ("goal done 1 2", ["goal", "list"]),
        ("goal rm 1", ["goal", "list"]),
    ] {
        let before = workspace.json(&list);
        ok(&workspace, change);
        let after = workspace.json(&list);
        assert_ne!(after, before, "{change}");
        let undone = workspace.json(&["undo"]);
        assert_eq!(workspace.json(&list), before, "{change}");
        workspace.ok(&["undo", &undone["change"].to_string()]);
        assert_eq!(workspace.json(&list), after, "{change}");
    }
}
