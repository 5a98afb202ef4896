//! `wsdb next`: the task that it shows, and why.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

use crate::graph::{add, five_tasks};

wsdb_tests::on_sqlite_and_postgres! {
    next_is_the_only_ready_task,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    own_claim_is_next_and_other_work_is_listed,
    tasks_of_others_are_in_progress,
    own_task_that_somebody_else_has_claimed,
}

#[test]
fn next_gives_its_reasons() {
    let workspace = five_tasks();
    assert_snapshot!(workspace.ok(&["next"]), @r#"
    WS-TASK-001  Agree on the price model
    why             LOW, blocks 2 open tasks, created just now; blocks more tasks than the next candidate
    repos           core
    to claim        wsdb task claim WS-TASK-001
    next candidate  WS-TASK-004  Water the trees  (LOW, blocks no other task)
    Blocked
      WS-TASK-002  HIGH  Move pricing
        blocked by WS-TASK-001 (pending)
      WS-TASK-003  Publish "the list" <now>
        blocked by WS-TASK-001 (pending), WS-TASK-002 (pending)
      WS-TASK-005  Count the pears
        blocked by WS-TASK-009 (missing)
    "#);
    let next = workspace.json(&["next"]);
    assert_eq!(next["task"]["blocks_count"], 2);
    assert_eq!(next["reason"], "blocks");
    assert_eq!(next["next_candidate"]["id"], "WS-TASK-004");
}

fn next_is_the_only_ready_task() {
    let workspace = TestWorkspace::with_workspace();
    add(&workspace, "Alone", "");
    assert_eq!(workspace.json(&["next"])["reason"], "only_one");
}

#[test]
fn next_explains_why_nothing_is_ready() {
    let workspace = five_tasks();
    workspace.ok(&["task", "start", "1", "4"]);
    assert_snapshot!(workspace.ok(&["next"]), @r#"
    No ready tasks: 3 of 5 open tasks are blocked
    Blocked
      WS-TASK-002  HIGH  Move pricing
        blocked by WS-TASK-001 (in_progress)
      WS-TASK-003  Publish "the list" <now>
        blocked by WS-TASK-001 (in_progress), WS-TASK-002 (pending)
      WS-TASK-005  Count the pears
        blocked by WS-TASK-009 (missing)
    Unassigned
      WS-TASK-001  LOW  Agree on the price model  (in_progress)
      WS-TASK-004  LOW  Water the trees  (in_progress)
    "#);
    assert_eq!(workspace.json(&["next"])["task"], Value::Null);
}

#[test]
fn next_without_open_or_ready_tasks() {
    let workspace = TestWorkspace::with_workspace();
    add(&workspace, "Closed", "--status closed");
    assert_snapshot!(workspace.ok(&["next"]), @"No open tasks");
    add(&workspace, "Later", "--status backlog");
    assert_snapshot!(workspace.ok(&["next"]), @"No ready tasks among 1 open task");
    assert_snapshot!(
        workspace.ok(&["next", "--priority", "HIGH"]),
        @"No matching open tasks"
    );
}

fn own_claim_is_next_and_other_work_is_listed() {
    let workspace = five_tasks();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["task", "start", "4"]);
    workspace.ok(&words("task edit 4 --assign mira"));
    assert_snapshot!(workspace.ok(&["next"]), @r#"
    WS-TASK-001  Agree on the price model
    why          LOW, blocks 2 open tasks, created just now; you have claimed it
    repos        core
    assigned to  mira
    claimed      until 12:00 (in 1 h 59 min)
    Claimed by or assigned to you
      WS-TASK-004  Water the trees
    Blocked
      WS-TASK-002  HIGH  Move pricing
        blocked by WS-TASK-001 (in_progress)
      WS-TASK-003  Publish "the list" <now>
        blocked by WS-TASK-001 (in_progress), WS-TASK-002 (pending)
      WS-TASK-005  Count the pears
        blocked by WS-TASK-009 (missing)
    "#);
    let next = workspace.json(&["next"]);
    assert_eq!(next["task"]["id"], "WS-TASK-001");
    assert_eq!(next["in_progress"]["total"], 1);
    assert_eq!(next["in_progress"]["first"][0]["id"], "WS-TASK-004");
}

fn tasks_of_others_are_in_progress() {
    let workspace = five_tasks();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["task", "start", "4"]);
    workspace.ok(&words("task edit 4 --assign mira"));
    assert_snapshot!(workspace.ok(&["next", "--actor", "jo"]), @r#"
    No ready tasks: 3 of 5 open tasks are blocked
    Other tasks in progress
      WS-TASK-001  Agree on the price model  (mira until 12:00)
      WS-TASK-004  Water the trees  (mira)
    Blocked
      WS-TASK-002  HIGH  Move pricing
        blocked by WS-TASK-001 (in_progress)
      WS-TASK-003  Publish "the list" <now>
        blocked by WS-TASK-001 (in_progress), WS-TASK-002 (pending)
      WS-TASK-005  Count the pears
        blocked by WS-TASK-009 (missing)
    "#);
}

fn own_task_that_somebody_else_has_claimed() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("task add One"));
    workspace.ok(&words("task claim 1 --actor bob"));
    workspace.ok(&words("task edit 1 --assign zed"));
    assert_snapshot!(workspace.ok(&words("next --actor zed")), @"
    No ready tasks among 1 open task
    Claimed by or assigned to you
      WS-TASK-001  One  (claimed by bob until 12:00)
    ");
    let handoff = workspace.ok(&words("handoff --actor zed"));
    let line = handoff.lines().filter(|line| line.contains("WS-TASK-001"));
    let lines: Vec<&str> = line.filter(|line| line.contains("bob")).collect();
    assert_snapshot!(lines.join("\n"), @"
    - **WS-TASK-001** in_progress · One · claimed by bob until 2026-01-15 12:00 UTC
    - **WS-TASK-001** task add, task claim, task edit (mira, bob)
    ");
}

#[test]
fn next_of_an_unknown_repo() {
    let workspace = five_tasks();
    assert_snapshot!(workspace.ok(&["next", "--repo", "coer"]), @"No tasks affect coer");
    let next = workspace.json(&["next", "--repo", "coer"]);
    assert_eq!(next["unknown_repos"], json!(["coer"]));
}
