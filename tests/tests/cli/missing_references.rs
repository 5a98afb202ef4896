//! Links to records that do not exist: they are kept, with a note.

use insta::assert_snapshot;
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_postgres! {
    missing_task_is_noted,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    missing_state_of_a_placement_is_noted,
    missing_records_of_a_goal_are_noted,
    existing_task_is_not_noted,
}

fn missing_state_of_a_placement_is_noted() {
    let workspace = TestWorkspace::with_workspace();
    let add = words("placement add pay --repo web --state trget");
    assert_snapshot!(workspace.stderr(&add), @"note: state trget does not exist yet");
    let edit = words("placement edit 1 --state nope");
    assert_snapshot!(workspace.stderr(&edit), @"note: state nope does not exist yet");
}

fn missing_records_of_a_goal_are_noted() {
    let workspace = TestWorkspace::with_workspace();
    let add = words("goal add Prices --task 99 --state 99 --component nope");
    assert_snapshot!(workspace.stderr(&add), @"
    note: state STATE-099 does not exist yet
    note: component nope does not exist yet
    note: task WS-TASK-099 does not exist yet
    ");
}

fn missing_task_is_noted() {
    let workspace = TestWorkspace::with_workspace();
    for command in [
        "issue add x --task 99",
        "drift add a.py --repo web --type scope --task 99",
    ] {
        assert_snapshot!(workspace.stderr(&words(command)), @"note: task WS-TASK-099 does not exist yet");
    }
    let link = words("drift link 1 --task foo");
    assert_snapshot!(workspace.stderr(&link), @"note: task foo does not exist yet");
}

#[test]
fn task_with_a_similar_id_is_suggested() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing"]);
    workspace.ok(&words("goal add Prices --task 1"));
    let edit = words("goal edit 1 --task WS-TSAK-001");
    assert_snapshot!(workspace.stderr(&edit), @"note: task WS-TSAK-001 does not exist yet; did you mean WS-TASK-001?");
}

fn existing_task_is_not_noted() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing"]);
    workspace.ok(&words("drift add a.py --repo web --type scope"));
    assert_eq!(workspace.stderr(&words("drift link 1 --task 1")), "");
}
