//! Blocked tasks and tasks that nobody works on, in summaries and in notes.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

use crate::graph::add;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    blocked_tasks_are_in_every_summary,
    starting_and_finishing_notes_open_dependencies,
}

/// A ready task, one that depends on it, and one with the status blocked.
fn with_blocked_tasks() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    add(&workspace, "Plant", "--priority low --assign jo");
    add(&workspace, "Water", "--priority critical --depends-on 1");
    add(&workspace, "Sell", "--priority critical --status blocked");
    workspace.ok(&[
        "task",
        "edit",
        "3",
        "--notes",
        "No customers yet\nAsk in May",
    ]);
    workspace
}

fn blocked_tasks_are_in_every_summary() {
    let workspace = with_blocked_tasks();
    assert_snapshot!(workspace.ok(&["next"]), @"
    WS-TASK-001  Plant
    why          LOW, blocks 1 open task, created just now; the only ready task
    assigned to  jo
    to claim     wsdb task claim WS-TASK-001
    Blocked
      WS-TASK-002  CRITICAL  Water
        blocked by WS-TASK-001 (pending)
      WS-TASK-003  CRITICAL  Sell
        reason: No customers yet
    ");
    assert_snapshot!(workspace.ok(&["status"]), @"
    Tasks 3   2 pending  1 blocked
      open   2 CRITICAL  1 LOW

    Open sessions 0

    In progress 0

    Blocked 2
      WS-TASK-002  CRITICAL  Water
        blocked by WS-TASK-001 (pending)
      WS-TASK-003  CRITICAL  Sell
        reason: No customers yet

    Open issues 0

    Decisions 0
    ");
    assert_snapshot!(workspace.ok(&["handoff"]), @"
    # Handoff for mira

    ## Ready tasks
    - **WS-TASK-001** pending · LOW · Plant · blocks 1 open task

    ## Blocked tasks
    - **WS-TASK-002** pending · CRITICAL · Water · blocked by WS-TASK-001 (pending)
    - **WS-TASK-003** blocked · CRITICAL · Sell · No customers yet

    ## Recent changes
    - **WS-TASK-003** task add, task edit (mira)
    - **WS-TASK-002** task add (mira)
    - **WS-TASK-001** task add (mira)
    ");
    assert_snapshot!(workspace.ok(&["task", "blocked"]), @"
    ID           STATUS   PRIORITY  TITLE  BLOCKED BY             REASON            REPOS  ASSIGNED TO
    WS-TASK-002  pending  CRITICAL  Water  WS-TASK-001 (pending)
    WS-TASK-003  blocked  CRITICAL  Sell                          No customers yet
    ");
    for summary in ["next", "status"] {
        let blocked = workspace.json(&[summary])["blocked"].take();
        assert_eq!(blocked["total"], 2);
        let first = &blocked["first"][0];
        let blocker = json!([{"id": "WS-TASK-001", "status": "pending"}]);
        assert_eq!(
            (&first["blocked_by"], &first["blocked_reason"]),
            (&blocker, &Value::Null)
        );
        assert_eq!(blocked["first"][1]["blocked_reason"], "No customers yet");
    }
}

#[test]
fn only_the_first_blocked_tasks_are_in_summaries() {
    let workspace = TestWorkspace::with_workspace();
    for _ in 0..9 {
        add(
            &workspace,
            "Sell",
            "--status blocked --repo core --assign jo",
        );
    }
    add(&workspace, "Ship", "--status blocked --priority critical");
    let more = |command: &str| {
        let text = workspace.ok(&[command]);
        let lines = text.lines().filter(|line| line.contains("task blocked"));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(more("next"), @"  5 more: wsdb task blocked");
    assert_snapshot!(more("status"), @"  2 more: wsdb task blocked");
    let first = workspace.json(&["next"])["blocked"]["first"][0].take();
    assert_eq!(first["id"], "WS-TASK-010");
    let filtered = workspace.ok(&words("next --repo core --assigned-to jo"));
    let more = filtered.lines().last().unwrap_or_default();
    assert_snapshot!(more, @"  4 more: wsdb task blocked --repo core --assigned-to jo");
}

/// The notes alone would fill the shortest handoffs.
#[test]
fn critical_blocked_tasks_are_in_a_handoff_of_any_length() {
    let workspace = TestWorkspace::with_workspace();
    let notes = "word ".repeat(400);
    workspace.ok(&["session", "start", "--no-handoff"]);
    workspace.ok(&["session", "end", "--notes", &notes]);
    for title in ["Water", "Plant"] {
        add(&workspace, title, "--priority low --status blocked");
    }
    let options = "--priority critical --status blocked --notes";
    let arguments = ["task", "add", "Rotate the API keys of all services"];
    let reason = ["No access to the vault"];
    workspace.ok(&[&arguments[..], &words(options), &reason].concat());
    assert_snapshot!(workspace.ok(&words("handoff --budget 50")), @"
    # Handoff for mira

    ## Blocked tasks
    - **WS-TASK-003** blocked · CRITICAL · Rotate the AP… · No access to…
    - 2 more: `wsdb task blocked`

    2 more sections: `wsdb handoff`
    ");
    assert_snapshot!(workspace.ok(&words("handoff --budget 120")), @"
    # Handoff for mira

    ## Last sessions
    - **2026-01-15-session-001** mira (you), ended 2026-01-15 10:00 UTC
    - rest of 2026-01-15-session-001: `wsdb handoff --budget 480`

    ## Blocked tasks
    - **WS-TASK-003** blocked · CRITICAL · Rotate the API keys of all services · No access to the vault
    - **WS-TASK-001** blocked · LOW · Water
    - **WS-TASK-002** blocked · LOW · Plant

    ## Changed since 2026-01-15 10:00 UTC
    - 4 more: `wsdb history --since 2026-01-15T10:00:02Z`
    ");
}

#[test]
fn unassigned_tasks_are_in_every_summary() {
    let workspace = TestWorkspace::with_workspace();
    add(&workspace, "Plant", "--status in_progress");
    add(&workspace, "Water", "--status planning --priority critical");
    add(&workspace, "Pick", "--priority high");
    add(&workspace, "Sell", "--status planning --assign jo");
    add(&workspace, "Dream", "--status backlog");
    assert_snapshot!(workspace.ok(&["next"]), @"
    WS-TASK-003  Pick
    why       HIGH, blocks no other task, created just now; the only ready task
    to claim  wsdb task claim WS-TASK-003
    Unassigned
      WS-TASK-002  CRITICAL  Water  (planning)
      WS-TASK-001  Plant  (in_progress)
    ");
    assert_snapshot!(workspace.ok(&["status"]), @"
    Tasks 5   1 pending  2 planning  1 in_progress  1 backlog
      open   1 CRITICAL  1 HIGH  3 no priority

    Open sessions 0

    In progress 1
      WS-TASK-001  Plant

    Blocked 0

    Unassigned 2
      WS-TASK-002  CRITICAL  Water
      WS-TASK-003  HIGH  Pick

    Open issues 0

    Decisions 0
    ");
    assert_snapshot!(workspace.ok(&["handoff"]), @"
    # Handoff for mira

    ## Ready tasks
    - **WS-TASK-003** pending · HIGH · Pick

    ## Unassigned tasks
    - **WS-TASK-002** planning · CRITICAL · Water
    - **WS-TASK-001** in_progress · Plant

    ## Recent changes
    - **WS-TASK-005** task add (mira)
    - **WS-TASK-004** task add (mira)
    - **WS-TASK-003** task add (mira)
    - **WS-TASK-002** task add (mira)
    - **WS-TASK-001** task add (mira)
    ");
    assert_eq!(workspace.json(&["next"])["unassigned"]["total"], 2);
    assert_eq!(workspace.json(&["status"])["unassigned"]["total"], 2);
}

fn starting_and_finishing_notes_open_dependencies() {
    let workspace = with_blocked_tasks();
    let note = |command: &str| workspace.stderr(&words(command));
    assert_snapshot!(note("task start 2"), @"note: WS-TASK-002 is blocked by WS-TASK-001 (pending)");
    assert_snapshot!(note("task done 2"), @"note: WS-TASK-002 is completed, but depends on WS-TASK-001 (pending)");
    assert_snapshot!(note("task cancel 2"), @"");
    workspace.ok(&words("task reopen 2"));
    assert_snapshot!(note("task claim 2 --actor jo"), @"note: WS-TASK-002 is blocked by WS-TASK-001 (pending)");
    let started = workspace.json(&words("task start 2 --actor jo"));
    assert_eq!(started["blocked_by"][0]["id"], "WS-TASK-001");
    // Both are finished, in any order.
    assert_snapshot!(note("task done 2 1 --actor jo"), @"");
    let blocked = "note: WS-TASK-004 is blocked by WS-TASK-003 (blocked)\n";
    let add = "task add Ship --status in_progress --depends-on 3";
    assert_eq!(note(add), blocked);
    assert_eq!(note("task edit 4 --depends-on 3"), blocked);
}
