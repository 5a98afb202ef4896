//! Backups while others write, and backups and restores that are killed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::Value;
use wsdb_tests::on_each_database;
use wsdb_tests::store::{Database, sqlite_rows};

use crate::{StressWorkspace, is_full, run_in_parallel, wait_for_output_end};

on_each_database!(
    backup_is_consistent_while_others_write,
    #[ignore = "run by `cargo xtask stress`"]
    killed_backup_leaves_no_file,
    #[ignore = "run by `cargo xtask stress`"]
    killed_restore_is_complete_or_has_no_effect,
);

/// Number of processes that write during backups.
const WRITERS: usize = 4;

/// Each write adds a task and its action together: a backup has both or none. None of the writes fails.
fn backup_is_consistent_while_others_write(database: Database) {
    let writes = if is_full() { 100 } else { 6 };
    let workspace = StressWorkspace::new(database);
    let running = AtomicUsize::new(WRITERS);
    let begin = Instant::now();
    let backups = run_in_parallel(WRITERS + 1, |number| {
        let mut backups = Vec::new();
        if number < WRITERS {
            for write in 0..writes {
                let title = format!("{number} writes {write}");
                workspace.json(&["task", "add", &title]);
            }
            running.fetch_sub(1, Ordering::Relaxed);
        } else {
            while running.load(Ordering::Relaxed) > 0 {
                let name = format!("{}.db.zst", backups.len());
                let path = workspace.folder.path().join(name).display().to_string();
                workspace.json(&["backup", &path]);
                backups.push(path);
            }
        }
        backups
    });
    let backups = backups.concat();
    workspace.print_duration(
        &format!("{} backups while {WRITERS} processes write", backups.len()),
        begin,
    );
    assert!(!backups.is_empty());
    let mut last = 0;
    for (number, backup) in backups.iter().enumerate() {
        let restored = workspace.folder.path().join(format!("{number}.db"));
        let url = restored.display().to_string();
        workspace.json(&["restore", backup, "--into", &url]);
        let counts = [
            "SELECT count(*) FROM workspace_tasks",
            "SELECT count(*) FROM actions",
            "PRAGMA integrity_check",
        ];
        let rows = sqlite_rows(&restored, &counts);
        assert_eq!(rows[0], rows[1], "a task without its action");
        assert_eq!(rows[2], "ok");
        let count: usize = rows[0].parse().expect("a number");
        assert!(
            count >= last,
            "a later backup contains what an earlier one does"
        );
        last = count;
    }
    let tasks = workspace.json(&["task", "list"]);
    assert_eq!(tasks["total"], Value::from(WRITERS * writes));
}

fn fill(workspace: &StressWorkspace) {
    for (name, text) in xtask::fixtures::generate(400, 3) {
        workspace.folder.write(&format!("documents/{name}"), text);
    }
    workspace.json(&["import", "documents"]);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| !path.ends_with(".gitignore"))
        .collect()
}

/// Whatever has the name of a backup is one.
fn killed_backup_leaves_no_file(database: Database) {
    let rounds: u32 = if is_full() { 28 } else { 4 };
    let workspace = StressWorkspace::new(database);
    fill(&workspace);
    let before = workspace.json(&["status"]);
    let folder = workspace.folder.path().join("out");
    std::fs::create_dir(&folder).expect("a folder");
    let name = folder.display().to_string();
    let backup = ["backup", &name];
    let begin = Instant::now();
    workspace.json(&backup);
    let duration = begin.elapsed();
    let mut killed = 0;
    for round in 0..rounds {
        let mut child = workspace.spawn(&backup);
        wait_for_output_end(&mut child, duration * round / rounds);
        child.kill().expect("a process");
        child.wait().expect("a process");
        for file in files(&folder) {
            let name = file.display().to_string();
            if name.ends_with(".zst") {
                workspace.json(&["backup", "--drill", &name]);
            } else if file.is_dir() {
                killed += 1;
            }
        }
        assert_eq!(workspace.json(&["status"]), before);
    }
    println!("stress: {killed} of {rounds} backups were killed half-way");
    workspace.json(&backup);
    assert!(
        !files(&folder).iter().any(|file| file.is_dir()),
        "a temporary folder is left"
    );
}

fn killed_restore_is_complete_or_has_no_effect(database: Database) {
    let rounds: u32 = if is_full() { 28 } else { 4 };
    let workspace = StressWorkspace::new(database);
    fill(&workspace);
    let file = workspace
        .folder
        .path()
        .join("w.db.zst")
        .display()
        .to_string();
    workspace.json(&["backup", &file]);
    let tasks = || workspace.json(&["task", "list"])["total"].clone();
    let restored = tasks();
    let restore = ["restore", file.as_str()];
    let begin = Instant::now();
    workspace.json(&restore);
    let duration = begin.elapsed();
    let mut without_effect = 0;
    for round in 0..rounds {
        workspace.json(&["task", "add", "Later"]);
        let before = tasks();
        assert_ne!(before, restored);
        let mut child = workspace.spawn(&restore);
        wait_for_output_end(&mut child, duration * round / rounds);
        child.kill().expect("a process");
        child.wait().expect("a process");
        let after = tasks();
        if after == before {
            without_effect += 1;
            workspace.json(&restore);
        }
        assert_eq!(tasks(), restored);
        if !workspace.database.is_postgres() {
            let check = sqlite_rows(&workspace.database.path(), &["PRAGMA integrity_check"]);
            assert_eq!(check, ["ok"]);
        }
    }
    println!("stress: {without_effect} of {rounds} killed restores had no effect");
}
