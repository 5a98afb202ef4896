//! `wsdb task release`: what it restores.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::Value;

use crate::claims::{one_task, three_tasks};

wsdb_tests::on_sqlite_and_postgres! {
    several_claims_are_released_together_or_not_at_all,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    release_restores_status_and_assignee,
    release_of_a_second_claim_restores_the_state_before_the_first,
    release_keeps_a_status_set_after_the_claim,
    release_needs_a_claim,
}

fn release_restores_status_and_assignee() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1"]);
    assert_snapshot!(workspace.ok(&["task", "release", "1"]), @"Released WS-TASK-001, now pending: Move pricing");
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["claim"], Value::Null);
    assert_eq!(task["assigned_to"], Value::Null);
    assert_eq!(task["started_at"], Value::Null);
}

fn release_of_a_second_claim_restores_the_state_before_the_first() {
    let workspace = one_task();
    workspace.ok(&["task", "edit", "1", "--assign", "jo"]);
    workspace.ok(&["task", "approve", "1"]);
    workspace.ok(&["task", "claim", "1", "--lease", "1min"]);
    workspace.advance(Duration::from_secs(60));
    workspace.ok(&["task", "claim", "1", "--actor", "ann"]);
    let task = workspace.json(&["task", "release", "1", "--actor", "ann"]);
    assert_eq!(task["status"], "approved");
    assert_eq!(task["assigned_to"], "jo");
    assert_eq!(task["started_at"], Value::Null);
}

#[test]
fn release_keeps_a_start_before_the_claim() {
    let workspace = one_task();
    let started = workspace.json(&["task", "start", "1"])["started_at"].clone();
    workspace.ok(&["task", "claim", "1"]);
    let task = workspace.json(&["task", "release", "1"]);
    assert_eq!(task["status"], "in_progress");
    assert_eq!(task["started_at"], started);
}

fn release_keeps_a_status_set_after_the_claim() {
    let workspace = one_task();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["task", "block", "1"]);
    let claim = &workspace.json(&["task", "show", "1"])["claim"];
    assert_eq!(claim["holder"], "mira");
    assert_eq!(
        workspace.json(&["task", "release", "1"])["status"],
        "blocked"
    );
}

#[test]
fn release_restores_the_status_before_a_claim() {
    let workspace = one_task();
    workspace.ok(&["task", "block", "1"]);
    workspace.ok(&["task", "claim", "1"]);
    let released = workspace.json(&["task", "release", "1"]);
    assert_eq!(released["status"], "blocked");
}

#[test]
fn release_with_keep_status_keeps_the_assignee() {
    let workspace = three_tasks();
    workspace.ok(&["task", "claim", "1", "--actor", "jo"]);
    workspace.ok(&["task", "claim", "2"]);
    assert_snapshot!(workspace.ok(&["task", "release", "1", "2", "--force", "--keep-status"]), @"
    Released WS-TASK-001, now in_progress: Move pricing
    Released WS-TASK-002, now in_progress: Publish prices
    ");
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["status"], "in_progress");
    assert_eq!(task["assigned_to"], "jo");
    assert_eq!(task["claim"], Value::Null);
}

fn several_claims_are_released_together_or_not_at_all() {
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
}

fn release_needs_a_claim() {
    let workspace = one_task();
    assert_snapshot!(workspace.fails(1, &["task", "release", "1", "--force"]), @"error: task WS-TASK-001 is not claimed");
}
