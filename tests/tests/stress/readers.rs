//! Readers while another process writes.

use std::path::{Path, PathBuf};

use wsdb_tests::store::{Database, Lock};

use crate::{StressWorkspace, error};

const NO_WAIT: [&str; 2] = ["--busy-timeout", "0s"];

/// A workspace on SQLite with a record of several kinds, and the path of its database.
fn sqlite_workspace() -> (StressWorkspace, PathBuf) {
    let workspace = StressWorkspace::new(Database::sqlite());
    workspace.json(&["task", "add", "Committed title"]);
    workspace.json(&["issue", "add", "Slow import", "--type", "bug"]);
    workspace.json(&["decision", "add", "Keep SQLite"]);
    workspace.json(&["session", "start"]);
    let url = workspace.database.url();
    let path = Path::new(url.trim_start_matches("sqlite://")).to_owned();
    (workspace, path)
}

const LOCKS: [fn(&Path) -> Lock; 2] = [Lock::immediate, Lock::exclusive];

#[test]
fn readers_do_not_wait_for_a_writer() {
    let (workspace, path) = sqlite_workspace();
    let commands: [&[&str]; 7] = [
        &["status"],
        &["task", "list"],
        &["task", "show", "1"],
        &["task", "stats"],
        &["issue", "list"],
        &["decision", "list"],
        &["session", "current"],
    ];
    for lock in LOCKS {
        let _lock = lock(&path);
        for command in commands {
            workspace.json(&[command, &NO_WAIT].concat());
        }
        // The control: another writer would have to wait.
        let write = ["task", "add", "x", "--json"];
        let refused = workspace.command(&[&write[..], &NO_WAIT].concat()).output();
        let error = error(&refused.unwrap());
        assert_eq!(error["code"], "busy", "{error}");
    }
}

#[test]
fn readers_do_not_see_uncommitted_changes() {
    let (workspace, path) = sqlite_workspace();
    for lock in LOCKS {
        let lock = lock(&path);
        lock.execute("UPDATE workspace_tasks SET title = 'Uncommitted title'");
        let task = workspace.json(&[&["task", "show", "1"][..], &NO_WAIT].concat());
        assert_eq!(task["title"], "Committed title");
    }
}
