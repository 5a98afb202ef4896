//! `wsdb architecture`: a state as a tree, and two states compared.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

use crate::samples::{governance, orchard};

wsdb_tests::on_sqlite_and_postgres! {
    states_are_compared,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    changes_can_be_undone_and_redone,
}

fn states_are_compared() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&words("architecture compare current target")), @"
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
}

#[test]
fn comparison_as_markdown() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&words("arch diff 2 orchard-2025 --format md")), @"
    ## STATE-002  orchard-2026 (target) -> STATE-001  orchard-2025 (current)

    | change | component | where | goals |
    | --- | --- | --- | --- |
    | removed | harvest-forecast | orchard-ml: src/orchard_ml/forecast |  |
    | moved | ripeness-model | orchard-ml: src/orchard_ml/ripeness.py -> orchard-core: src/orchard_core/ripeness.py (different type and rules) | GOAL-002 WS-TASK-003 (blocked) |
    | moved | seasonal-pricing | orchard-web: src/pricing.py -> orchard-core: src/orchard_core/pricing.py (different rules) | GOAL-001 WS-TASK-002 (in_progress) |
    | changed | orchard-core | orchard-core: src/orchard_core (different rules) |  |

    5 components: 1 removed, 2 moved, 1 changed, 1 unchanged
    ");
}

#[test]
fn comparison_as_json() {
    let workspace = orchard();
    let compared = workspace.json(&["architecture", "compare", "1", "orchard-2026"]);
    let components = compared["components"].as_array().unwrap();
    let change = |component: &Value| component["change"].as_str().unwrap().to_owned();
    let changes: Vec<String> = components.iter().map(change).collect();
    assert_eq!(changes, ["missing", "moved", "moved", "changed"]);
    assert_eq!(
        compared["counts"],
        json!({"missing": 1, "removed": 0, "moved": 2, "changed": 1, "unchanged": 1})
    );
    let moved = &components[1];
    assert_eq!(moved["component_name"], "ripeness-model");
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
    assert_eq!(moved["goals"][0]["task_status"], "blocked");
    assert_eq!(compared["goals"][0]["id"], "GOAL-003");
}

#[test]
fn comparison_reports_all_unknown_states() {
    let workspace = governance();
    assert_snapshot!(workspace.fails(1, &words("architecture compare x y")), @"
    error: state x not found
           state y not found
    hint: run 'wsdb state list' to list the states
    ");
}

#[test]
fn state_cannot_be_compared_with_itself() {
    let workspace = governance();
    assert_snapshot!(workspace.fails(2, &words("architecture compare 1 current")), @"error: cannot compare 1 with itself");
}

#[test]
fn comparison_cannot_be_printed_as_csv() {
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.fails(2, &words("architecture compare 1 2 --format csv")), @"
    error: invalid value 'csv' for '--format <FORMAT>'
      [possible values: table, json, md]

    For more information, try '--help'.
    ");
}

#[test]
fn state_is_shown_as_a_tree() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&words("architecture show target")), @"
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
}

#[test]
fn state_as_markdown() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&words("architecture show target --format md")), @"
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
}

#[test]
fn state_as_json() {
    let workspace = orchard();
    let state = workspace.json(&["architecture", "show", "target"]);
    assert_eq!(state["state_name"], "orchard-2026");
    assert_eq!(
        state["goals"][2]["task_title"],
        "Track tasks of all orchard repos in one place"
    );
}

#[test]
fn state_cannot_be_named_and_filtered() {
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.fails(2, &["architecture", "show", "target", "--type", "target"]), @"
    error: the argument '[STATE]' cannot be used with '--type <TYPE>'

    Usage: wsdb architecture show <STATE>

    For more information, try '--help'.
    ");
}

#[test]
fn all_states_are_summarized() {
    let workspace = governance();
    assert_snapshot!(workspace.ok(&["architecture", "show"]), @"
    ID         TYPE     NAME          REPO       COMPONENTS  GOALS  OPEN
    STATE-001  current  orchard-2025  workspace  4           0      0
    STATE-002  target   orchard-2026  workspace  5           3      2
    ");
    let targets = workspace.json(&["architecture", "show", "--type", "target"]);
    assert_eq!(targets["states"][0]["open_goal_count"], 2);
    assert_eq!(targets["total"], 1);
}

fn changes_can_be_undone_and_redone() {
    let workspace = governance();
    for (list, changes) in [
        (
            ["state", "list"],
            &[
                "state add orchard-2027 -t future",
                "state edit orchard-2026 --clear description",
                "state rm current --force",
            ][..],
        ),
        (
            ["placement", "list"],
            &[
                "placement add harvest -r ml --forbid x",
                "placement edit 7 --forbid x",
            ],
        ),
        (["goal", "list"], &["goal done 1 2", "goal rm 1"]),
    ] {
        let mut before = workspace.json(&list);
        for change in changes {
            workspace.ok(&words(change));
            let after = workspace.json(&list);
            assert_ne!(after, before, "{change}");
            let undone = workspace.json(&["undo"]);
            assert_eq!(workspace.json(&list), before, "{change}");
            workspace.ok(&["undo", &undone["change"].to_string()]);
            assert_eq!(workspace.json(&list), after, "{change}");
            before = after;
        }
    }
}
