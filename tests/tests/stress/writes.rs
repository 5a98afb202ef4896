//! Changes of the same records by many processes.

use std::collections::BTreeSet;
use std::process::Child;
use std::time::Instant;

use serde_json::Value;
use wsdb_tests::on_each_database;
use wsdb_tests::store::Database;

use crate::{StressWorkspace, error, id, is_full, run_in_parallel};

on_each_database!(
    #[ignore = "run by `cargo xtask stress`"]
    concurrent_writes_are_all_stored,
    #[ignore = "run by `cargo xtask stress`"]
    one_of_many_equal_changes_succeeds,
);

/// Runs one command after another, as one actor: a quarter adds a task and an issue, a quarter
/// starts the task, a quarter logs an activity and a quarter resolves the issue. Returns the ids of
/// the added records.
fn write_as_worker(workspace: &StressWorkspace, number: usize, writes: usize) -> Vec<String> {
    let actor = format!("worker-{number}");
    let run = |args: &[&str]| workspace.json(&[args, &["--actor", &actor]].concat());
    run(&["session", "start"]);
    let mut ids = Vec::new();
    let (mut task, mut issue) = (String::new(), String::new());
    for write in 0..writes {
        let title = format!("{actor} writes {write}");
        match write % 4 {
            0 => {
                task = id(&run(&["task", "add", &title, "--repo", "orchard-core"]));
                ids.push(task.clone());
                issue = id(&run(&["issue", "add", &title, "--type", "bug"]));
                ids.push(issue.clone());
            }
            1 => drop(run(&["task", "start", &task, "--expect", "status=pending"])),
            2 => drop(run(&["session", "log", &title])),
            _ => drop(run(&["issue", "resolve", &issue, "--notes", &title])),
        }
    }
    ids
}

/// 16 processes write at the same time: no write fails or is lost, and the ids are numbered without
/// a gap or a duplicate.
fn concurrent_writes_are_all_stored(database: Database) {
    let (workers, writes) = (16, if is_full() { 100 } else { 4 });
    let workspace = StressWorkspace::new(database);
    let begin = Instant::now();
    let ids = run_in_parallel(workers, |number| {
        write_as_worker(&workspace, number, writes)
    });
    workspace.print_duration(
        &format!("{workers} processes x {writes} mixed writes"),
        begin,
    );

    let ids = ids.concat();
    let added = workers * writes.div_ceil(4);
    let numbered = |series: &str| (1..=added).map(|n| format!("{series}-{n:03}")).collect();
    let mut expected: BTreeSet<String> = numbered("WS-TASK");
    expected.extend::<BTreeSet<String>>(numbered("ISSUE"));
    assert_eq!(ids.len(), 2 * added);
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), expected);

    let count = |args: &[&str]| workspace.json(args)["total"].as_u64().unwrap() as usize;
    let quarter = workers * writes / 4;
    assert_eq!(count(&["task", "list"]), added);
    assert_eq!(count(&["task", "list", "--status", "in_progress"]), quarter);
    assert_eq!(count(&["issue", "list", "--status", "resolved"]), quarter);
    let sessions = workspace.json(&["session", "list"]);
    let sessions = sessions["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), workers);
    let logged: usize = sessions
        .iter()
        .map(|session| workspace.json(&["session", "show", &id(session)]))
        .map(|session| session["activities"].as_array().map_or(0, Vec::len))
        .sum();
    assert_eq!(logged, quarter);
}

/// 8 processes make the same change at the same moment: one succeeds, and the others fail because
/// the status is no longer the expected one.
fn one_of_many_equal_changes_succeeds(database: Database) {
    let (racers, rounds) = (8, if is_full() { 300 } else { 5 });
    let workspace = StressWorkspace::new(database);
    workspace.json(&["task", "add", "Move pricing"]);
    let begin = Instant::now();
    for round in 0..rounds {
        let start = ["task", "start", "1", "--expect", "status=pending", "--json"];
        let children: Vec<Child> = (0..racers).map(|_| workspace.spawn(&start)).collect();
        let outputs: Vec<_> = children
            .into_iter()
            .map(|child| child.wait_with_output().unwrap())
            .collect();
        let (succeeded, failed): (Vec<_>, Vec<_>) =
            outputs.iter().partition(|output| output.status.success());
        for output in failed {
            let error = error(output);
            assert_eq!(error["code"], "unexpected", "round {round}: {error}");
        }
        assert_eq!(succeeded.len(), 1, "round {round}");
        let started: Value = serde_json::from_slice(&succeeded[0].stdout).unwrap();
        assert_eq!(started["status"], "in_progress");
        let reopen = ["task", "reopen", "1", "--expect", "status=in_progress"];
        assert_eq!(workspace.json(&reopen)["status"], "pending");
    }
    workspace.print_duration(&format!("{racers} processes x {rounds} races"), begin);
}
