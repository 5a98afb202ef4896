//! `wsdb goal`: architecture goals.

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::{ids, words};

use crate::samples::governance;

wsdb_tests::on_sqlite_and_postgres! {
    goals_are_filtered_and_sorted,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    goal_status_can_be_changed,
}

#[test]
fn goal_finds_state_and_component_by_name() {
    let workspace = governance();
    let add = ["goal", "add", "Move the forecast", "--task"];
    let options = ["4", "--state", "target", "--component", "harvest-forecast"];
    assert_snapshot!(workspace.ok(&[&add[..], &options].concat()), @"Added GOAL-004  Move the forecast (WS-TASK-004)");
    let goal = workspace.json(&["goal", "show", "4"]);
    assert_eq!(goal["component_id"], "PLACEMENT-009");
    assert_eq!(goal["architecture_state_id"], "STATE-002");
}

#[test]
fn goal_finds_the_placement_in_its_state() {
    let workspace = governance();
    // The component has a placement in both states.
    workspace.ok(&words(
        "goal add Leave --task 2 -s current -c seasonal-pricing",
    ));
    let goal = workspace.json(&["goal", "show", "4"]);
    assert_eq!(goal["component_id"], "PLACEMENT-003");
}

fn goal_status_can_be_changed() {
    let workspace = governance();
    assert_snapshot!(workspace.ok(&["goal", "done", "1", "2"]), @"
    GOAL-001 is now completed: Move seasonal pricing to orchard-web
    GOAL-002 is now completed: Remove pandas from the ripeness model
    ");
    assert_snapshot!(workspace.ok(&["goal", "start", "1"]), @"GOAL-001 is now in_progress: Move seasonal pricing to orchard-web");
    assert_snapshot!(workspace.ok(&["goal", "reopen", "2"]), @"GOAL-002 is now pending: Remove pandas from the ripeness model");
    assert_snapshot!(workspace.ok(&["goal", "status", "1", "--to", "deferred"]), @"GOAL-001 is now deferred: Move seasonal pricing to orchard-web");
}

#[test]
fn goal_is_edited() {
    let workspace = governance();
    workspace.ok(&words(
        "goal edit 1 --goal Go --task 77 --clear state,component",
    ));
    let goal = workspace.json(&["goal", "show", "1"]);
    assert_eq!(goal["architectural_goal"], "Go");
    assert_eq!(goal["task_id"], "WS-TASK-077");
    assert_eq!(goal["component_id"], Value::Null);
}

fn goals_are_filtered_and_sorted() {
    let workspace = governance();
    workspace.ok(&words(
        "goal add Forecast --task 4 --state target --component harvest-forecast --milestone models
            --priority low",
    ));
    workspace.ok(&words("goal add Go --task 77"));
    for (filter, expected) in [
        ("--status pending,deferred", "4 5"),
        ("--task 2", "1"),
        ("--task WS-TASK-077", "5"),
        ("--state target --sort priority", "1 2 4"),
        ("--state target --sort priority --all", "1 2 3 4"),
        ("--component ripeness-model", "2"),
        ("--milestone models", "4"),
        ("--priority HIGH,LOW", "2 4"),
        ("--text FORECAST", "4"),
    ] {
        let list = workspace.json(&[words("goal list"), words(filter)].concat());
        let ids = ids(&list, "goals").join(" ");
        assert_eq!(ids.replace("GOAL-00", ""), expected, "{filter}");
    }
}
