//! Claims of tasks.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids};

wsdb_tests::on_both! {
    claim_starts_and_assigns_the_task,
    claim_is_shown_with_its_end,
    claimed_task_cannot_be_claimed_again,
    heartbeat_moves_the_end_of_the_lease,
    release_restores_status_and_assignee,
    release_after_takeover_restores_what_was_before_the_first_claim,
    release_keeps_a_start_before_the_claim,
    release_keeps_a_status_set_after_the_claim,
    release_with_keep_status_keeps_the_assignee,
    release_of_several_is_all_or_none,
    claim_expects_a_status,
    claim_held_by_other_is_refused,
    undo_takes_back_the_claim_before_a_heartbeat,
    all_problems_of_a_heartbeat_are_reported_together,
    claim_of_a_task_assigned_to_another_is_noted,
    claim_of_a_task_with_open_dependencies_is_noted,
    tasks_claimed_by_others_are_not_ready,
    own_claims_come_first_in_ready,
    own_claim_is_the_next_task,
    claim_next_takes_the_first_ready_task,
    expired_claim_is_shown_as_expired,
    expired_task_is_ready_again,
    expired_claim_can_be_renewed_by_its_holder,
    expired_lease_can_be_claimed,
    renewed_lease_lasts_from_its_renewal,
    claimed_task_is_not_changed_or_deleted_by_others,
    claim_ends_with_its_task,
    claim_arguments_are_checked,
}

/// A minute.
const MINUTE: Duration = Duration::from_secs(60);

pub(crate) fn three_tasks() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing", "-r", "core", "-p", "high"]);
    workspace.ok(&["task", "add", "Publish prices", "-r", "web"]);
    workspace.ok(&["task", "add", "Water the trees", "--depends-on", "2"]);
    workspace
}

/// The first task is claimed by jo for an hour, and the lease has expired.
fn expired() -> TestWorkspace {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1", "--actor", "jo", "--lease", "1h"]);
    workspace.advance(61 * MINUTE);
    workspace
}

fn claim_starts_and_assigns_the_task() {
    let workspace = three_tasks();
    let session = workspace.json(&["session", "start"])["id"].clone();
    assert_snapshot!(workspace.ok(&["task", "claim", "1", "--lease", "90min"]), @"Claimed WS-TASK-001 until 11:30 (in 1 h 30 min)  Move pricing");
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
            "expires": "2026-01-15T11:30:05Z",
            "expired": false,
            "status_before": "pending",
            "assigned_before": null,
        })
    );
}

fn claim_is_shown_with_its_end() {
    let workspace = three_tasks();
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
    workspace.ok(&["task", "claim", "2", "--lease", "1d"]);
    assert_snapshot!(workspace.ok(&["task", "list", "--assigned-to", "mira", "--format", "csv"]), @"
    id,status,priority,title,repos,assigned to,claim,updated
    WS-TASK-001,in_progress,HIGH,Move pricing,core,mira,mira until 2026-01-15T11:30:05Z,2026-01-15T10:00:05Z
    WS-TASK-002,in_progress,,Publish prices,web,mira,mira until 2026-01-16T10:00:07Z,2026-01-15T10:00:07Z
    ");
}

fn claimed_task_cannot_be_claimed_again() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1", "--lease", "90min"]);
    let before = workspace.json(&["task", "show", "1"]);
    assert_snapshot!(workspace.fails(1, &["task", "claim", "1"]), @"
    error: task WS-TASK-001 is already claimed by you until 11:30 (in 1 h 29 min)
    hint: run 'wsdb task heartbeat WS-TASK-001' to extend it or 'wsdb task release WS-TASK-001' to release it; each process needs its own --actor
    ");
    assert_snapshot!(workspace.fails(1, &["task", "claim", "1", "--actor", "jo"]), @"
    error: task WS-TASK-001 is claimed by mira until 11:30 (in 1 h 29 min)
    hint: if mira no longer works on it, run 'wsdb task release WS-TASK-001 --force --actor jo'; to get another task, run 'wsdb task claim --next --actor jo'
    ");
    let error = workspace.error(&["task", "claim", "1", "--actor", "jo"]);
    assert_eq!(error["code"], "claimed");
    assert_eq!(error["claim"]["holder"], "mira");
    assert_eq!(error["claim"]["expires"], before["claim"]["expires"]);
    assert_eq!(workspace.json(&["task", "show", "1"]), before);
}

fn heartbeat_moves_the_end_of_the_lease() {
    let workspace = three_tasks();
    let claimed = workspace.json(&["task", "claim", "1", "--lease", "90min"])["claim"].clone();
    assert_snapshot!(workspace.ok(&["task", "heartbeat", "1", "--lease", "3h"]), @"Extended the claim on WS-TASK-001 until 13:00 (in 3 h)  Move pricing");
    let renewed = workspace.json(&["task", "heartbeat", "1", "--lease", "1d"])["claim"].clone();
    assert_eq!(renewed["since"], claimed["since"]);
    assert_eq!(renewed["expires"], "2026-01-16T10:00:06Z");
}

fn release_restores_status_and_assignee() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1"]);
    assert_snapshot!(workspace.ok(&["task", "release", "1"]), @"Released WS-TASK-001, now pending  Move pricing");
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["claim"], Value::Null);
    assert_eq!(task["assigned_to"], Value::Null);
    assert_eq!(task["started_at"], Value::Null);
}

fn release_after_takeover_restores_what_was_before_the_first_claim() {
    let workspace = three_tasks();
    workspace.ok(&["task", "edit", "1", "--assign", "jo"]);
    workspace.ok(&["task", "approve", "1"]);
    workspace.ok(&["task", "claim", "1", "--lease", "1min"]);
    workspace.advance(MINUTE);
    workspace.ok(&["task", "claim", "1", "--actor", "ann"]);
    let task = workspace.json(&["task", "release", "1", "--actor", "ann"]);
    assert_eq!(task["status"], "approved");
    assert_eq!(task["assigned_to"], "jo");
    assert_eq!(task["started_at"], Value::Null);
}

fn release_keeps_a_start_before_the_claim() {
    let workspace = three_tasks();
    let started = workspace.json(&["task", "start", "1"])["started_at"].clone();
    workspace.ok(&["task", "claim", "1"]);
    let task = workspace.json(&["task", "release", "1"]);
    assert_eq!(task["status"], "in_progress");
    assert_eq!(task["started_at"], started);
}

fn release_keeps_a_status_set_after_the_claim() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["task", "block", "1"]);
    let claim = &workspace.json(&["task", "show", "1"])["claim"];
    assert_eq!(claim["holder"], "mira");
    assert_eq!(
        workspace.json(&["task", "release", "1"])["status"],
        "blocked"
    );
    // A second claim starts it, and its release blocks it again.
    workspace.ok(&["task", "claim", "1"]);
    assert_eq!(
        workspace.json(&["task", "release", "1"])["status"],
        "blocked"
    );
}

fn release_with_keep_status_keeps_the_assignee() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
    workspace.ok(&["task", "claim", "2"]);
    assert_snapshot!(workspace.ok(&["task", "release", "1", "2", "--force", "--keep-status"]), @"
    Released WS-TASK-001, now in_progress  Move pricing
    Released WS-TASK-002, now in_progress  Publish prices
    ");
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["status"], "in_progress");
    assert_eq!(task["assigned_to"], "jo");
    assert_eq!(task["claim"], Value::Null);
}

fn release_of_several_is_all_or_none() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1", "--actor", "jo", "--lease", "90min"]);
    workspace.ok(&["task", "claim", "2"]);
    assert_snapshot!(workspace.fails(1, &["task", "release", "3", "2", "1"]), @"
    error: task WS-TASK-003 is not claimed
           task WS-TASK-001 is claimed by jo until 11:30 (in 1 h 29 min)
    hint: run 'wsdb task claim WS-TASK-003' if you want to claim it
    ");
    let claim = &workspace.json(&["task", "show", "2"])["claim"];
    assert_eq!(claim["holder"], "mira");
    assert_snapshot!(workspace.fails(1, &["task", "release", "3", "--force"]), @"error: task WS-TASK-003 is not claimed");
}

fn claim_expects_a_status() {
    let workspace = three_tasks();
    workspace.ok(&["task", "block", "1"]);
    assert_snapshot!(workspace.fails(1, &["task", "claim", "1", "--expect", "status=pending"]), @"
    error: task WS-TASK-001 is not as expected: status is blocked, not pending
    hint: nothing was changed; run 'wsdb task show WS-TASK-001' to see the current values
    ");
    assert_snapshot!(workspace.fails(2, &["task", "claim", "--next", "--expect", "status=pending"]), @"error: --expect requires an ID and cannot be used with --next");
    workspace.ok(&["task", "claim", "1", "--expect", "status=blocked"]);
}

fn claim_held_by_other_is_refused() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
    let claim = workspace.json(&["history"])["history"][0]["change"].to_string();
    assert_snapshot!(workspace.fails(1, &["undo", &claim]), @"
    error: task WS-TASK-001 is claimed by jo until 12:00 (in 1 h 59 min)
    hint: if jo no longer works on it, run 'wsdb task release WS-TASK-001 --force'; to get another task, run 'wsdb task claim --next'
    ");
    for verb in ["heartbeat", "release", "claim"] {
        let error = workspace.error(&["task", verb, "1"]);
        assert_eq!(error["code"], "claimed", "{verb}");
        assert_eq!(error["claim"]["holder"], "jo", "{verb}");
    }
}

/// A heartbeat is not recorded in the history.
fn undo_takes_back_the_claim_before_a_heartbeat() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["task", "heartbeat", "1"]);
    assert_eq!(workspace.json(&["undo"])["undone"]["verb"], "task claim");
    assert_eq!(workspace.json(&["task", "show", "1"])["claim"], Value::Null);
}

fn all_problems_of_a_heartbeat_are_reported_together() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
    assert_snapshot!(workspace.fails(1, &["task", "heartbeat", "1", "2", "99"]), @"
    error: task 99 not found
           task WS-TASK-001 is claimed by jo until 12:00 (in 1 h 59 min)
           task WS-TASK-002 is not claimed
    hint: run 'wsdb task list' to list the tasks
    ");
}

fn claim_of_a_task_assigned_to_another_is_noted() {
    let workspace = three_tasks();
    workspace.ok(&["task", "start", "2"]);
    workspace.ok(&["task", "edit", "2", "--assign", "mira"]);
    assert_snapshot!(workspace.stderr(&["task", "claim", "2", "--actor", "jo"]), @"note: WS-TASK-002 was previously in_progress, assigned to mira");
}

fn claim_of_a_task_with_open_dependencies_is_noted() {
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
    assert_snapshot!(workspace.ok(&["task", "ready", "--format", "csv"]), @"
    id,status,priority,blocks,title,repos,assigned to,claim,created
    WS-TASK-002,in_progress,,1,Publish prices,web,mira,you until 2026-01-15T12:00:04Z,2026-01-15T10:00:02Z
    WS-TASK-001,pending,HIGH,0,Move pricing,core,,,2026-01-15T10:00:01Z
    ");
}

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
    ");
    assert_eq!(workspace.json(&["next"])["because"], "mine");
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
}

fn expired_claim_is_shown_as_expired() {
    let workspace = expired();
    let claim = &workspace.json(&["task", "show", "1"])["claim"];
    assert_eq!(claim["holder"], "jo");
    assert_eq!(claim["expired"], true);
    assert_snapshot!(workspace.ok(&["task", "list", "--repo", "core"]), @"
    ID           STATUS       PRIORITY  TITLE         REPOS  ASSIGNED TO  CLAIM                  UPDATED
    WS-TASK-001  in_progress  HIGH      Move pricing  core   jo           jo, expired 1 min ago  1 h ago
    ");
    assert_snapshot!(workspace.ok(&["task", "show", "1"]), @"
    WS-TASK-001  Move pricing
    status       in_progress
    priority     HIGH
    repos        core
    assigned to  jo
    claimed by   jo, expired 1 min ago; can be claimed
    created      2026-01-15 10:00 (1 h ago)
    updated      2026-01-15 10:00 (1 h ago)
    started      2026-01-15 10:00 (1 h ago)
    ");
    assert_snapshot!(workspace.ok(&["status"]), @"
    Tasks 3   2 pending  1 in_progress
      open   1 HIGH  2 no priority

    Open sessions 0

    In progress 1
      WS-TASK-001  HIGH  Move pricing  jo, expired 1 min ago

    Blocked 0

    Open issues 0

    Recent decisions 0
    ");
}

fn expired_task_is_ready_again() {
    let workspace = expired();
    assert_eq!(
        ids(&workspace.json(&["task", "ready"]), "tasks"),
        ["WS-TASK-001", "WS-TASK-002"]
    );
}

fn expired_claim_can_be_renewed_by_its_holder() {
    let workspace = expired();
    let renewed = workspace.json(&["task", "heartbeat", "1", "--actor", "jo"]);
    assert_eq!(renewed["claim"]["expired"], false);
}

fn expired_lease_can_be_claimed() {
    let workspace = expired();
    let started = workspace.json(&["task", "show", "1"])["started_at"].clone();
    let claimed = workspace.json(&["task", "claim", "--next"]);
    assert_eq!(claimed["id"], "WS-TASK-001");
    assert_eq!(claimed["assigned_to"], "mira");
    assert_eq!(claimed["started_at"], started);
}

fn claimed_task_is_not_changed_or_deleted_by_others() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
    assert_snapshot!(workspace.fails(1, &["task", "done", "1"]), @"
    error: task WS-TASK-001 is claimed by jo until 12:00 (in 1 h 59 min)
    hint: if jo no longer works on it, run 'wsdb task release WS-TASK-001 --force'; to get another task, run 'wsdb task claim --next'
    ");
    for verb in ["done", "defer", "rm"] {
        assert_eq!(workspace.error(&["task", verb, "1"])["code"], "claimed");
    }
    // Other fields can be changed.
    workspace.ok(&["task", "edit", "1", "--notes", "seen"]);
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
    assert_snapshot!(workspace.fails(1, &["task", "claim", "1"]), @"
    error: task WS-TASK-001 is already completed
    hint: run 'wsdb task reopen WS-TASK-001' first
    ");
    assert_snapshot!(workspace.fails(1, &["task", "heartbeat", "1"]), @"
    error: task WS-TASK-001 is not claimed
    hint: run 'wsdb task claim WS-TASK-001' if you want to claim it
    ");
}

fn claim_arguments_are_checked() {
    let workspace = three_tasks();
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
    assert_snapshot!(workspace.fails(2, &["task", "claim", "1", "--repo", "core"]), @"error: --repo, --assigned-to and --priority require --next");
    assert_snapshot!(workspace.fails(1, &["task", "claim", "1", "--lease", "999ms"]), @"error: a lease must last at least 1 second");
    assert_snapshot!(workspace.fails(1, &["task", "claim", "1", "--lease", "9000y"]), @"error: the lease would end after the year 9999");
    assert_snapshot!(workspace.fails(2, &["task", "claim", "1", "--actor", " "]), @"
    error: invalid value ' ' for '--actor <NAME>': a name must not be empty

    For more information, try '--help'.
    ");
    assert_eq!(workspace.json(&["task", "show", "1"])["claim"], Value::Null);
}

fn renewed_lease_lasts_from_its_renewal() {
    let workspace = three_tasks();
    let claim_by_jo = || workspace.error(&["task", "claim", "1", "--actor", "jo"])["code"].clone();
    workspace.ok(&["task", "claim", "1", "--lease", "1h"]);
    workspace.advance(50 * MINUTE);
    workspace.ok(&["task", "heartbeat", "1", "--lease", "1h"]);
    workspace.advance(59 * MINUTE);
    assert_eq!(claim_by_jo(), "claimed");
    workspace.advance(MINUTE);
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
}
