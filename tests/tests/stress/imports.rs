//! Imports that are killed.

use std::time::Instant;

use wsdb_tests::on_each_database;
use wsdb_tests::store::Database;

use crate::{StressWorkspace, is_full, wait_for_output_end};

on_each_database!(
    #[ignore = "run by `cargo xtask stress`"]
    killed_import_is_complete_or_has_no_effect,
);

fn killed_import_is_complete_or_has_no_effect(database: Database) {
    let rounds: u32 = if is_full() { 28 } else { 2 };
    let workspace = StressWorkspace::new(database);
    for (name, text) in xtask::fixtures::generate(400, 3) {
        let path = format!("documents/{name}");
        workspace.folder.write(&path, text);
    }
    let import = ["import", "documents", "--replace"];
    let begin = Instant::now();
    workspace.json(&import);
    let duration = begin.elapsed();
    let count_tasks = || workspace.json(&["task", "list"])["total"].clone();
    let complete = count_tasks();

    let mut without_effect = 0;
    for round in 0..rounds {
        workspace.json(&["undo", "--last", "1"]);
        workspace.json(&["task", "add", "Before"]);
        let before = workspace.json(&["status"]);
        let mut child = workspace.spawn(&import);
        wait_for_output_end(&mut child, duration * round / rounds);
        child.kill().unwrap();
        child.wait().unwrap();
        if count_tasks() == complete {
            assert_eq!(workspace.json(&import)["unchanged"], true);
        } else {
            assert_eq!(workspace.json(&["status"]), before, "half an import");
            without_effect += 1;
            workspace.json(&import);
        }
    }
    assert!(
        without_effect > 0,
        "every import was complete before it was killed"
    );
    workspace.print_duration(
        &format!("{without_effect} of {rounds} imports killed"),
        begin,
    );
}
