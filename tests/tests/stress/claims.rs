//! Claims of tasks by many processes.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wsdb_core::Timestamp;
use wsdb_tests::on_each_database;
use wsdb_tests::store::Database;

use crate::{StressWorkspace, error, id, is_full, run_in_parallel};

on_each_database!(
    #[ignore = "run by `cargo xtask stress`"]
    one_of_many_concurrent_claims_succeeds,
    #[ignore = "run by `cargo xtask stress`"]
    each_task_is_claimed_once,
    #[ignore = "run by `cargo xtask stress`"]
    lease_of_a_killed_worker_expires,
);

/// 8 processes claim the same task at the same moment, again and again: one gets it, and the
/// others get an error that names the holder.
fn one_of_many_concurrent_claims_succeeds(database: Database) {
    let (racers, rounds) = (8, if is_full() { 300 } else { 5 });
    let workspace = StressWorkspace::new(database);
    workspace.json(&["task", "add", "Move pricing"]);
    let begin = Instant::now();
    for round in 0..rounds {
        let children: Vec<(String, Child)> = (0..racers)
            .map(|racer| {
                // Two of them have the same name.
                let actor = format!("racer-{}", racer % (racers - 1));
                let claim = ["task", "claim", "1", "--json", "--actor", &actor];
                let child = workspace.spawn(&claim);
                (actor, child)
            })
            .collect();
        let outputs: Vec<_> = children
            .into_iter()
            .map(|(actor, child)| (actor, child.wait_with_output().unwrap()))
            .collect();
        let (succeeded, failed): (Vec<_>, Vec<_>) = outputs
            .iter()
            .partition(|(_, output)| output.status.success());
        assert_eq!(succeeded.len(), 1, "round {round}");
        let (winner, output) = succeeded[0];
        let task: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(task["claim"]["holder"], **winner);
        assert_eq!(task["assigned_to"], **winner);
        assert_eq!(task["status"], "in_progress");
        for (_, output) in failed {
            let error = error(output);
            assert_eq!(error["code"], "claimed", "round {round}: {error}");
            let holder = &error["claim"]["holder"];
            assert_eq!(holder, &**winner, "round {round}: {error}");
        }
        workspace.json(&["task", "release", "1", "--actor", winner]);
    }
    workspace.print_duration(
        &format!("{racers} processes x {rounds} claims of one task"),
        begin,
    );
}

/// Claims the next task until none is ready, and returns the claimed ids.
fn claim_until_none_is_ready(workspace: &StressWorkspace, actor: &str) -> Vec<String> {
    let mut claimed = Vec::new();
    loop {
        let args = ["task", "claim", "--next", "--json", "--actor", actor];
        let output = workspace.command(&args).output().unwrap();
        if !output.status.success() {
            let error = error(&output);
            assert_eq!(error["code"], "nothing_ready", "{error}");
            return claimed;
        }
        let task: Value = serde_json::from_slice(&output.stdout).unwrap();
        claimed.push(id(&task));
    }
}

/// 8 processes claim the next task until none is ready.
fn each_task_is_claimed_once(database: Database) {
    let (workers, tasks) = (8, if is_full() { 1000 } else { 16 });
    let workspace = StressWorkspace::new(database);
    let ids: Vec<String> = (1..=tasks).map(|n| format!("WS-TASK-{n:04}")).collect();
    let document: Value = ids
        .iter()
        .map(|id| json!({"id": id, "title": id, "status": "pending", "created": "2025-11-20"}))
        .collect();
    const FILE: &str = "WORKSPACE-TASKS.json";
    workspace.folder.write(FILE, document.to_string());
    workspace.json(&["import", FILE]);

    let begin = Instant::now();
    let claimed = run_in_parallel(workers, |number| {
        claim_until_none_is_ready(&workspace, &format!("worker-{number}"))
    });
    workspace.print_duration(&format!("{workers} processes claim {tasks} tasks"), begin);

    let active = claimed.iter().filter(|ids| !ids.is_empty()).count();
    assert!(active > 1, "one worker claimed everything");
    let mut claimed: Vec<String> = claimed.concat();
    claimed.sort();
    assert_eq!(claimed, ids);
    let in_progress = workspace.json(&["task", "list", "--status", "in_progress"]);
    assert_eq!(in_progress["total"], tasks);
}

const LEASE: Duration = Duration::from_secs(2);

/// Time after which a worker that has not claimed its task is an error.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(60);

/// A worker that renews its lease keeps its task for longer than the lease. Once it is killed,
/// another one gets the task when the lease has expired, and not before.
fn lease_of_a_killed_worker_expires(database: Database) {
    // It takes the time of its leases: what a lease means is tested with a fixed clock as well.
    let rounds = if is_full() { 10 } else { return };
    let workspace = StressWorkspace::new(database);
    workspace.json(&["task", "add", "Move pricing"]);
    let begin = Instant::now();
    for round in 0..rounds {
        kill_and_replace_worker(&workspace, &format!("successor-{round}"));
    }
    workspace.print_duration(&format!("{rounds} killed workers"), begin);
}

/// Starts a worker, kills it, and claims its task as `successor`.
fn kill_and_replace_worker(workspace: &StressWorkspace, successor: &str) {
    let mut worker = spawn_renewing_worker(workspace);
    let begin = Instant::now();
    while workspace.json(&["task", "show", "1"])["claim"]["holder"] != WORKER {
        assert!(begin.elapsed() < CLAIM_TIMEOUT, "the worker claims nothing");
    }
    let claim = || {
        let args = ["task", "claim", "--next", "--json", "--actor", successor];
        let output = workspace.command(&args).output().unwrap();
        (output.status.success(), output.stdout)
    };
    let begin = Instant::now();
    while begin.elapsed() < LEASE * 3 / 2 {
        assert!(!claim().0, "a running worker lost its task");
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    // Its last command may still run and renew the lease once more.
    let mut before = workspace.json(&["task", "show", "1"]);
    let task = loop {
        if let (true, task) = claim() {
            break serde_json::from_slice::<Value>(&task).unwrap();
        }
        before = workspace.json(&["task", "show", "1"]);
        assert_eq!(before["claim"]["holder"], WORKER);
    };
    let expiry = time(&before["claim"]["expires"]);
    let delay = time(&task["claim"]["since"]).seconds_since(expiry);
    assert!((0.0..5.0).contains(&delay), "{delay} s after the expiry");
    workspace.json(&["task", "release", "1", "--actor", successor]);
}

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

const WORKER: &str = "worker";

/// Starts a shell that claims the task and renews the lease until it is killed.
fn spawn_renewing_worker(workspace: &StressWorkspace) -> Child {
    let wsdb = workspace.command(&[]);
    let script =
        "\"$0\" task claim 1 --lease $1 && while \"$0\" task heartbeat 1 --lease $1; do :; done";
    let mut shell = Command::new("sh");
    shell
        .args(["-c", script])
        .arg(wsdb.get_program())
        .arg(format!("{}s", LEASE.as_secs()))
        .current_dir(workspace.folder.path());
    for (name, value) in wsdb.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell.env("WSDB_ACTOR", WORKER);
    shell.stdout(Stdio::null()).spawn().unwrap()
}
