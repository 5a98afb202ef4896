//! Links to records that do not exist: they are kept, with a note.

use insta::assert_snapshot;
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_postgres! {
    missing_task_is_noted,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    missing_state_of_a_placement_is_noted,
    unknown_names_of_states_and_components_are_refused,
    missing_records_of_a_goal_are_noted,
    existing_task_is_not_noted,
}

fn missing_state_of_a_placement_is_noted() {
    let workspace = TestWorkspace::with_workspace();
    let add = words("placement add pay --repo web --state 9");
    assert_snapshot!(workspace.stderr(&add), @"note: state STATE-009 does not exist yet");
    let edit = words("placement edit 1 --state state-077");
    assert_snapshot!(workspace.stderr(&edit), @"note: state STATE-077 does not exist yet");
}

/// A reference is to an id, so a name has to exist.
fn unknown_names_of_states_and_components_are_refused() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("state add target --type target --repo web"));
    workspace.ok(&words("placement add pay --repo web --state target"));
    for command in [
        "placement add tax --repo web --state nope",
        "placement edit 1 --state nope",
        "goal add Prices --task 1 --state nope",
        "goal add Prices --task 1 --state nope --component pay",
    ] {
        assert_snapshot!(workspace.fails(1, &words(command)), @"
        error: state nope not found
        hint: run 'wsdb state list' to list the states
        ");
    }
    for command in [
        "goal add Prices --task 1 --component pays",
        "goal add Prices --task 1 --state target --component pays",
    ] {
        assert_snapshot!(workspace.fails(1, &words(command)), @"
        error: component pays not found
        hint: did you mean pay?
        ");
    }
    assert_snapshot!(workspace.ok(&words("goal list")), @"No goals found");
    // A filter by an unknown name finds nothing.
    assert_snapshot!(workspace.stderr(&words("goal list --component nope")), @"note: component nope not found");
}

fn missing_records_of_a_goal_are_noted() {
    let workspace = TestWorkspace::with_workspace();
    let add = words("goal add Prices --task 99 --state 99 --component 88");
    assert_snapshot!(workspace.stderr(&add), @"
    note: state STATE-099 does not exist yet
    note: component PLACEMENT-088 does not exist yet
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
    let link = words("drift link 1 --task FOO-7");
    assert_snapshot!(workspace.stderr(&link), @"note: task FOO-7 does not exist yet");
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

#[test]
fn word_that_is_no_id_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("task add x"));
    workspace.ok(&words("issue add x"));
    workspace.ok(&words("decision add x"));
    workspace.ok(&words("drift add a.py --repo core --type scope"));
    workspace.ok(&words("session start --no-handoff"));
    assert_snapshot!(workspace.fails(1, &words("task edit 1 --depends-on none")), @"
    error: task none not found
    hint: run 'wsdb task list' to list the tasks
    ");
    for command in [
        "task add y --depends-on",
        "task edit 1 --depends-on",
        "task dep add 1",
        "issue add y --task",
        "issue edit 1 --related-task",
        "decision add y --supersedes",
        "decision add y --task",
        "decision add y --drift",
        "decision link 1 --supersedes",
        "decision link 1 --task",
        "decision supersede 1 --by",
        "goal add y --task",
        "drift add b.py --repo core --type scope --task",
        "drift edit 1 --task",
        "drift link 1 --task",
        "session link --decision",
        "session link --issue",
        "config change add --repo core --file a --key b --new 2 --drift",
        "placement add p --repo web --forbid pandas --decision",
    ] {
        for word in ["none", "null", "n/a", "login"] {
            let line = format!("{command} {word}");
            let error = workspace.fails(1, &words(&line));
            assert!(
                error.contains(&format!("{word} not found")),
                "{line}: {error}"
            );
        }
    }
    assert_eq!(workspace.json(&words("task list"))["total"], 1);
    // Complete IDs of any form are kept, and existing records are found by any ID.
    workspace.ok(&words("task edit 1 --depends-on API-7,WS-TASK-099"));
    workspace.write(
        "WORKSPACE-TASKS.json",
        r#"[{"id": "login", "title": "x", "status": "pending", "created": "2026-01-10",
             "dependencies": ["logout"]}]"#,
    );
    workspace.ok(&["import", "WORKSPACE-TASKS.json"]);
    workspace.ok(&words("task edit 1 --depends-on login"));
    // What is stored can be removed and filtered for.
    workspace.ok(&words("task list --depends-on logout"));
    workspace.ok(&words("task dep rm login logout"));
}
