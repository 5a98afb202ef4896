//! Claims: `wsdb task claim`, and what a claim prevents.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids, words};

wsdb_tests::on_sqlite_and_postgres! {
    claim_starts_and_assigns_the_task,
    claimed_task_cannot_be_claimed_again,
    own_claims_come_first_in_ready,
    claim_next_takes_the_first_ready_task,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    claim_expects_a_status,
    tasks_claimed_by_others_are_not_ready,
    claim_of_somebody_else_cannot_be_renewed_or_released,
    claimed_task_cannot_be_completed_or_deleted_by_others,
    claimed_task_can_be_edited_by_others,
    claim_ends_with_its_task,
    completed_task_cannot_be_claimed,
}

/// A workspace with one task.
pub(crate) fn one_task() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing", "-r", "core", "-p", "high"]);
    workspace
}

/// As [`one_task`], and two more, of which the last depends on the one before it.
pub(crate) fn three_tasks() -> TestWorkspace {
    let workspace = one_task();
    workspace.ok(&["task", "add", "Publish prices", "-r", "web"]);
    workspace.ok(&["task", "add", "Water the trees", "--depends-on", "2"]);
    workspace
}

fn claim_starts_and_assigns_the_task() {
    let workspace = one_task();
    let session = workspace.json(&["session", "start"])["id"].clone();
    assert_snapshot!(workspace.ok(&["task", "claim", "1", "--lease", "90min"]), @"Claimed WS-TASK-001 until 11:30 (in 1 h 30 min): Move pricing");
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["status"], "in_progress");
    assert_eq!(task["assigned_to"], "mira");
    assert_eq!(task["started_at"], task["updated"]);
    assert_eq!(
        task["claim"],
        json!({
            "holder": "mira",
            "session_id": session,
            "since": task["updated"],
            "expires": "2026-01-15T11:30:03Z",
            "expired": false,
            "status_before": "pending",
            "assigned_before": null,
        })
    );
}

#[test]
fn claim_is_shown_with_its_end() {
    let workspace = one_task();
    workspace.ok(&["session", "start", "--no-brief"]);
    workspace.ok(&["task", "claim", "1", "--lease", "90min"]);
    assert_snapshot!(workspace.ok(&["task", "show", "1"]), @"
    WS-TASK-001  Move pricing
    status       in_progress
    priority     HIGH
    repos        core
    assigned to  mira
    claimed by   mira until 11:30 (in 1 h 29 min), in 2026-01-15-session-001
    created      2026-01-15 10:00 (just now)
    updated      2026-01-15 10:00 (just now)
    started      2026-01-15 10:00 (just now)
    ");
}

#[test]
fn claims_in_markdown_have_absolute_times() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1", "--lease", "1d"]);
    assert_snapshot!(workspace.ok(&words("task list --assigned-to mira --format md")), @"
    | id | status | priority | title | repos | assigned to | claim | updated |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | WS-TASK-001 | in_progress | HIGH | Move pricing | core | mira | mira until 2026-01-16T10:00:02Z | 2026-01-15T10:00:02Z |
    ");
}

fn claimed_task_cannot_be_claimed_again() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1", "--lease", "90min"]);
    let before = workspace.json(&["task", "show", "1"]);
    assert_snapshot!(workspace.fails(1, &["task", "claim", "1"]), @"
    error: task WS-TASK-001 is already claimed by you until 11:30 (in 1 h 29 min)
    hint: run 'wsdb task heartbeat WS-TASK-001' to extend the claim or 'wsdb task release WS-TASK-001' to release it; each process needs its own --actor
    ");
    assert_snapshot!(workspace.fails(1, &["task", "claim", "1", "--actor", "jo"]), @"
    error: task WS-TASK-001 is claimed by mira until 11:30 (in 1 h 29 min)
    hint: if mira is no longer working on it, run 'wsdb task release WS-TASK-001 --force --actor jo'; to get another task, run 'wsdb task claim --next --actor jo'
    ");
    let error = workspace.error(&["task", "claim", "1", "--actor", "jo"]);
    assert_eq!(error["code"], "claimed");
    assert_eq!(error["claim"]["holder"], "mira");
    assert_eq!(error["claim"]["expires"], before["claim"]["expires"]);
    assert_eq!(workspace.json(&["task", "show", "1"]), before);
}

fn claim_expects_a_status() {
    let workspace = one_task();
    workspace.ok(&["task", "block", "1"]);
    assert_snapshot!(workspace.fails(1, &["task", "claim", "1", "--expect", "status=pending"]), @"
    error: task WS-TASK-001 is not as expected: status is blocked, not pending
    hint: nothing was changed; run 'wsdb task show WS-TASK-001' to see the current values
    ");
    workspace.ok(&["task", "claim", "1", "--expect", "status=blocked"]);
}

#[test]
fn claiming_a_task_of_somebody_else_is_noted() {
    let workspace = one_task();
    workspace.ok(&["task", "start", "1"]);
    workspace.ok(&["task", "edit", "1", "--assign", "mira"]);
    assert_snapshot!(workspace.stderr(&["task", "claim", "1", "--actor", "jo"]), @"note: WS-TASK-001 had the status in_progress and was assigned to mira");
}

#[test]
fn claiming_a_blocked_task_is_noted() {
    let workspace = three_tasks();
    assert_snapshot!(workspace.stderr(&["task", "claim", "3"]), @"note: WS-TASK-003 is blocked by WS-TASK-002 (pending)");
}

fn tasks_claimed_by_others_are_not_ready() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
    assert_eq!(
        ids(&workspace.json(&["task", "ready"]), "tasks"),
        ["WS-TASK-002"]
    );
    assert_eq!(workspace.json(&["next"])["task"]["id"], "WS-TASK-002");
}

fn own_claims_come_first_in_ready() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "2"]);
    let ready = workspace.json(&["task", "ready"]);
    assert_eq!(ids(&ready, "tasks"), ["WS-TASK-002", "WS-TASK-001"]);
    assert_eq!(ready["tasks"][0]["mine"], true);
    assert_eq!(ready["tasks"][1]["mine"], false);
    assert_snapshot!(workspace.ok(&["task", "ready", "--format", "md"]), @"
    | id | status | priority | blocks | title | repos | assigned to | claim | created |
    | --- | --- | --- | --- | --- | --- | --- | --- | --- |
    | WS-TASK-002 | in_progress |  | 1 | Publish prices | web | mira | you until 2026-01-15T12:00:04Z | 2026-01-15T10:00:02Z |
    | WS-TASK-001 | pending | HIGH | 0 | Move pricing | core |  |  | 2026-01-15T10:00:01Z |
    ");
}

#[test]
fn own_claim_is_the_next_task() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1"]);
    assert_snapshot!(workspace.ok(&["next"]), @"
    WS-TASK-001  Move pricing
    why             HIGH, blocks no other task, created just now; you have claimed it
    repos           core
    assigned to     mira
    claimed         until 12:00 (in 1 h 59 min)
    next candidate  WS-TASK-002  Publish prices  (no priority, blocks 1 open task)
    Blocked
      WS-TASK-003  Water the trees
        blocked by WS-TASK-002 (pending)
    ");
    assert_eq!(workspace.json(&["next"])["reason"], "mine");
}

fn claim_next_takes_the_first_ready_task() {
    let workspace = three_tasks();
    let claim_next = |args: &[&str]| {
        let claimed = workspace.json(&[&["task", "claim", "--next"], args].concat());
        claimed["id"].clone()
    };
    assert_eq!(claim_next(&["--actor", "jo"]), "WS-TASK-001");
    assert_snapshot!(workspace.fails(1, &["task", "claim", "--next", "--repo", "core"]), @"
    error: nothing to claim: no unclaimed tasks are ready
    hint: run 'wsdb next --repo core' to see what is in progress or blocked
    ");
    assert_eq!(claim_next(&["--repo", "core,web"]), "WS-TASK-002");
    let error = workspace.error(&["task", "claim", "--next"]);
    assert_eq!(error["code"], "nothing_ready");
    for filter in ["--mine", "--assigned-to=zz", "--repo=zz"] {
        let claim = ["task", "claim", "--next", filter, "--actor", "zz"];
        let error = workspace.fails(1, &claim);
        assert!(error.contains("no matching open tasks"), "{error}");
    }
}

#[test]
fn claim_of_somebody_else_cannot_be_undone() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
    let claim = workspace.json(&["history"])["history"][0]["change"].to_string();
    assert_snapshot!(workspace.fails(1, &["undo", &claim]), @"
    error: task WS-TASK-001 is claimed by jo until 12:00 (in 1 h 59 min)
    hint: if jo is no longer working on it, run 'wsdb task release WS-TASK-001 --force'; to get another task, run 'wsdb task claim --next'
    ");
}

fn claim_of_somebody_else_cannot_be_renewed_or_released() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
    for verb in ["heartbeat", "release"] {
        let error = workspace.error(&["task", verb, "1"]);
        assert_eq!(error["code"], "claimed", "{verb}");
        assert_eq!(error["claim"]["holder"], "jo", "{verb}");
    }
}

fn claimed_task_cannot_be_completed_or_deleted_by_others() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
    assert_snapshot!(workspace.fails(1, &["task", "done", "1"]), @"
    error: task WS-TASK-001 is claimed by jo until 12:00 (in 1 h 59 min)
    hint: if jo is no longer working on it, run 'wsdb task release WS-TASK-001 --force'; to get another task, run 'wsdb task claim --next'
    ");
    for verb in ["done", "defer", "rm"] {
        assert_eq!(workspace.error(&["task", verb, "1"])["code"], "claimed");
    }
}

fn claimed_task_can_be_edited_by_others() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
    let edited = workspace.json(&["task", "edit", "1", "--notes", "seen"]);
    assert_eq!(edited["claim"]["holder"], "jo");
}

fn claim_ends_with_its_task() {
    let workspace = three_tasks();
    for (id, verb) in [("1", "done"), ("2", "close"), ("3", "cancel")] {
        workspace.ok(&["task", "claim", id]);
        let ended = workspace.json(&["task", verb, id]);
        assert_eq!(ended["claim"], Value::Null, "{verb}");
        let shown = workspace.json(&["task", "show", id]);
        assert_eq!(shown["claim"], Value::Null, "{verb}");
    }
}

fn completed_task_cannot_be_claimed() {
    let workspace = one_task();
    workspace.ok(&["task", "done", "1"]);
    assert_snapshot!(workspace.fails(1, &["task", "claim", "1"]), @"
    error: task WS-TASK-001 is already completed
    hint: run 'wsdb task reopen WS-TASK-001' first
    ");
}

#[test]
fn claim_takes_an_id_or_next() {
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.fails(2, &["task", "claim"]), @"
    error: the following required arguments were not provided:
      <ID|--next>

    Usage: wsdb task claim <ID|--next>

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(2, &["task", "claim", "1", "--next"]), @"
    error: the argument '[ID]' cannot be used with '--next'

    Usage: wsdb task claim <ID|--next>

    For more information, try '--help'.
    ");
}

#[test]
fn filters_need_next_and_expectations_need_an_id() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &["task", "claim", "1", "--repo", "core"]), @"error: --repo, --assigned-to, --mine and --priority require --next");
    assert_snapshot!(workspace.fails(2, &["task", "claim", "--next", "--expect", "status=pending"]), @"error: --expect requires an ID and cannot be used with --next");
}

#[test]
fn lease_has_a_minimum_and_a_maximum() {
    let workspace = one_task();
    assert_snapshot!(workspace.fails(2, &["task", "claim", "1", "--lease", "999ms"]), @"error: a lease must last at least 1 second");
    assert_snapshot!(workspace.fails(2, &["task", "claim", "1", "--lease", "9000y"]), @"error: the lease would end after the year 9999");
    assert_eq!(workspace.json(&["task", "show", "1"])["claim"], Value::Null);
}
