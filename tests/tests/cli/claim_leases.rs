//! Leases of claims: renewal and expiry.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::{TestWorkspace, ids};

use crate::claims::{one_task, three_tasks};

wsdb_tests::on_sqlite_and_postgres! {
    heartbeat_extends_the_lease,
    expired_task_is_ready_again,
    expired_lease_can_be_claimed,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    undo_skips_heartbeats,
    expired_claim_keeps_its_holder,
    expired_claim_can_be_renewed_by_its_holder,
}

const MINUTE: Duration = Duration::from_secs(60);

/// A task that jo claimed, with a lease that has expired.
fn expired() -> TestWorkspace {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1", "--actor", "jo", "--lease", "1h"]);
    workspace.advance(61 * MINUTE);
    workspace
}

fn heartbeat_extends_the_lease() {
    let workspace = one_task();
    let claimed = workspace.json(&["task", "claim", "1", "--lease", "90min"])["claim"].clone();
    assert_snapshot!(workspace.ok(&["task", "heartbeat", "1", "--lease", "3h"]), @"Extended the claim on WS-TASK-001 until 13:00 (in 3 h): Move pricing");
    let renewed = workspace.json(&["task", "heartbeat", "1", "--lease", "1d"])["claim"].clone();
    assert_eq!(renewed["since"], claimed["since"]);
    assert_eq!(renewed["expires"], "2026-01-16T10:00:04Z");
}

#[test]
fn renewed_lease_lasts_from_its_renewal() {
    let workspace = one_task();
    let claim_by_jo = || workspace.error(&["task", "claim", "1", "--actor", "jo"])["code"].clone();
    workspace.ok(&["task", "claim", "1", "--lease", "1h"]);
    workspace.advance(50 * MINUTE);
    workspace.ok(&["task", "heartbeat", "1", "--lease", "1h"]);
    workspace.advance(59 * MINUTE);
    assert_eq!(claim_by_jo(), "claimed");
    workspace.advance(MINUTE);
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
}

/// A heartbeat is not recorded in the history.
fn undo_skips_heartbeats() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["task", "heartbeat", "1"]);
    assert_eq!(workspace.json(&["undo"])["undone"]["verb"], "task claim");
    assert_eq!(workspace.json(&["task", "show", "1"])["claim"], Value::Null);
}

#[test]
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

#[test]
fn heartbeat_needs_a_claim() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["task", "done", "1"]);
    assert_snapshot!(workspace.fails(1, &["task", "heartbeat", "1"]), @"
    error: task WS-TASK-001 is not claimed
    hint: run 'wsdb task claim WS-TASK-001' if you want to claim it
    ");
}

fn expired_claim_keeps_its_holder() {
    let workspace = expired();
    let claim = &workspace.json(&["task", "show", "1"])["claim"];
    assert_eq!(claim["holder"], "jo");
    assert_eq!(claim["expired"], true);
}

#[test]
fn expired_claim_is_shown_as_expired() {
    let workspace = expired();
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
    Tasks 1   1 in_progress
      open   1 HIGH

    Open sessions 0

    In progress 1
      WS-TASK-001  HIGH  Move pricing  jo, expired 1 min ago

    Blocked 0

    Open issues 0

    Decisions 0
    ");
}

fn expired_task_is_ready_again() {
    let workspace = expired();
    assert_eq!(
        ids(&workspace.json(&["task", "ready"]), "tasks"),
        ["WS-TASK-001"]
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
