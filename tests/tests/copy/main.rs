//! `wsdb copy`: a whole workspace from one database to another.

#![allow(clippy::unwrap_used)]

mod existing_records;
mod refused;
mod result;
mod round_trip;
mod unstorable;

use std::collections::BTreeMap;

use wsdb_tests::TestWorkspace;
use wsdb_tests::store::{Database, sqlite_execute, sqlite_rows};

/// A workspace in which every table has rows.
fn generated() -> TestWorkspace {
    let workspace = TestWorkspace::new();
    let documents = workspace.path().join("generated");
    xtask::fixtures::write(&documents, 100, 7).unwrap();
    workspace.ok(&["import", "generated"]);
    workspace.ok(&["task", "claim", "--next"]);
    // A reference to a missing record.
    workspace.execute("UPDATE cross_repo_issues SET related_task_id = NULL, related_task_missing = 'WS-TASK-9999'");
    workspace
}

trait Workspace {
    /// Runs SQL on the workspace's database.
    fn execute(&self, sql: &str);
    /// Returns the rows of a query on a SQLite file.
    fn rows(&self, file: &str, sql: &str) -> Vec<String>;
    /// Returns the names of all files.
    fn names(&self) -> Vec<String>;
    /// Exports a database into a folder, and returns the files.
    fn exported(&self, database: &str, folder: &str) -> BTreeMap<String, Vec<u8>>;
}

impl Workspace for TestWorkspace {
    fn execute(&self, sql: &str) {
        sqlite_execute(&self.path().join("workspace.db"), sql);
    }

    fn rows(&self, file: &str, sql: &str) -> Vec<String> {
        sqlite_rows(&self.path().join(file), &[sql])
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.filter_map(|name| name.into_string().ok()).collect();
        names.sort();
        names
    }

    fn exported(&self, database: &str, folder: &str) -> BTreeMap<String, Vec<u8>> {
        self.ok(&["--database", database, "export", folder]);
        let entries = std::fs::read_dir(self.path().join(folder)).unwrap();
        let files = entries.map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy();
            (name.into_owned(), std::fs::read(&path).unwrap())
        });
        files.collect()
    }
}

/// A PostgreSQL database, or a SQLite database if there is no server.
fn other_database() -> Database {
    Database::postgres().unwrap_or_else(Database::sqlite)
}
