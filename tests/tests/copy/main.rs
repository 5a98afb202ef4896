//! `wsdb copy`: a whole workspace from one database to another.

#![allow(clippy::unwrap_used)]

mod refused;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use wsdb_core::Author;
use wsdb_store::CopyProgress;
use wsdb_tests::store::{Database, sqlite_execute, sqlite_rows};
use wsdb_tests::{TestWorkspace, fixture};

/// A folder with a workspace in which every table has rows.
fn generated() -> TestWorkspace {
    let workspace = TestWorkspace::new();
    let documents = workspace.path().join("generated");
    xtask::fixtures::write(&documents, 300, 7).unwrap();
    workspace.ok(&["import", "generated"]);
    workspace.ok(&["task", "claim", "--next"]);
    // A reference whose target is missing.
    workspace.execute("UPDATE cross_repo_issues SET related_task_id = NULL, related_task_missing = 'WS-TASK-9999'");
    workspace
}

trait Workspace {
    fn execute(&self, sql: &str);
    fn rows(&self, file: &str, sql: &str) -> Vec<String>;
    fn names(&self) -> Vec<String>;
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
}

fn exported(workspace: &TestWorkspace, database: &str, to: &str) -> BTreeMap<String, Vec<u8>> {
    workspace.ok(&["--database", database, "export", to]);
    let entries = std::fs::read_dir(workspace.path().join(to)).unwrap();
    let files = entries.map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        (name.into_owned(), std::fs::read(&path).unwrap())
    });
    files.collect()
}

/// The tables that are longer by what a copy itself leaves in history.
const HISTORY: [&str; 2] = ["actions", "record_changes"];

/// The same digests on both.
fn same_tables(there: &Value, back: &Value) {
    let tables = |copied: &Value| -> Vec<Value> {
        let tables = copied["tables"].as_array().unwrap().iter();
        let tables = tables.filter(|t| !HISTORY.iter().any(|name| t["table"] == *name));
        tables.cloned().collect()
    };
    assert!(!tables(there).is_empty());
    assert_eq!(tables(there), tables(back));
}

/// Copies to PostgreSQL, or to SQLite if there is no server, and back.
fn there_and_back(workspace: &TestWorkspace) -> Value {
    let between = Database::postgres().unwrap_or_else(Database::sqlite);
    let there = workspace.json(&["copy", "--to", &between.url()]);
    let back = workspace.json(&["copy", "--from", &between.url(), "--to", "back.db"]);
    same_tables(&there, &back);
    let first = exported(workspace, "workspace.db", "first");
    assert!(!first.is_empty());
    assert_eq!(first, exported(workspace, "back.db", "last"));
    there
}

#[test]
fn fixtures_survive_two_copies() {
    for name in ["handwritten", "exported"] {
        let workspace = TestWorkspace::new();
        workspace.ok(&["import", &fixture(name).display().to_string()]);
        there_and_back(&workspace);
        // What the last import left came along.
        let again = workspace.ok(&[
            "--database",
            "back.db",
            "import",
            &fixture(name).display().to_string(),
        ]);
        assert!(
            again.ends_with("Nothing to import: all records are unchanged\n"),
            "{name}: {again}"
        );
    }
}

#[test]
fn every_table_survives_two_copies() {
    let workspace = generated();
    let copied = there_and_back(&workspace);
    // The search's own tables are made anew by the triggers on those that are copied.
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table'
        AND name NOT IN ('seaql_migrations', 'sqlite_sequence') AND name NOT LIKE 'search\\_%' ESCAPE '\\'
        ORDER BY name";
    let tables = copied["tables"].as_array().unwrap();
    let mut names: Vec<&str> = tables.iter().filter_map(|t| t["table"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, workspace.rows("workspace.db", sql));
    for table in tables {
        assert!(table["rows"].as_u64() > Some(0), "{table} has no row");
        let digest = table["digest"].as_str().unwrap();
        assert_eq!(digest.len(), 32);
        // By other means: every value of every row.
        let name = table["table"].as_str().unwrap();
        let rows = |file| workspace.rows(file, &format!("SELECT * FROM {name} ORDER BY 1, 2"));
        let (first, mut last) = (rows("workspace.db"), rows("back.db"));
        if HISTORY.contains(&name) {
            assert!(last.len() > first.len(), "{name}: what the copies did");
            last.truncate(first.len());
        }
        assert_eq!(first, last, "{name}");
    }
}

#[test]
fn differently_formatted_values_are_kept() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Ä 🍐 \u{7}"]);
    workspace.execute(
        r#"UPDATE workspace_tasks SET created = '2025-11-20', updated = '2025-11-20 21:07:47.000100',
           extra_metadata = '{"b": 1e3, "a": [1.10, -0.0, 12345678901234567890.123456789], "": null}'"#,
    );
    workspace.execute(
        "INSERT INTO context_switches (id, repo, repo_path, activated_at, duration_seconds)
         VALUES ('C-1', 'r', '', '0001-01-01 00:00:00', -0.0), ('a', 'r', '', '9999-12-31 23:59:59.999999', 0.1),
                ('B', 'r', '', '2025-11-20T10:30:00+02:00', 1e300), ('Ä', 'r', '', '2025-11-20 08:30', NULL)",
    );
    let between = Database::postgres().unwrap_or_else(Database::sqlite);
    let there = workspace.json(&["copy", "--to", &between.url()]);
    let back = workspace.json(&["copy", "--from", &between.url(), "--to", "back.db"]);
    same_tables(&there, &back);
    assert_eq!(
        workspace.rows(
            "back.db",
            "SELECT created, updated, title FROM workspace_tasks"
        ),
        ["2025-11-20 00:00:00|2025-11-20 21:07:47.000100|Ä 🍐 \u{7}"]
    );
    assert_eq!(
        workspace.rows(
            "back.db",
            "SELECT id, activated_at, duration_seconds FROM context_switches ORDER BY id"
        ),
        [
            "B|2025-11-20 08:30:00|1e300".replace("1e300", &1e300.to_string()),
            "C-1|0001-01-01 00:00:00|0".to_owned(),
            "a|9999-12-31 23:59:59.999999|0.1".to_owned(),
            "Ä|2025-11-20 08:30:00|NULL".to_owned(),
        ]
    );
    if !between.is_postgres() {
        return;
    }
    for (damage, reason) in [
        (
            "extra_metadata = '[1e200000]'",
            "table workspace_tasks, row WS-TASK-001, column extra_metadata: PostgreSQL cannot store a number with this many digits; change it in the source first",
        ),
        (
            "notes = 'a' || char(0) || 'b'",
            "table workspace_tasks, row WS-TASK-001, column notes: PostgreSQL cannot store the character U+0000",
        ),
    ] {
        workspace.execute(&format!("UPDATE workspace_tasks SET {damage}"));
        let said = workspace.fails(1, &["copy", "--replace", "--to", &between.url()]);
        assert!(said.contains(reason), "{said}");
    }
    assert_eq!(between.rows("SELECT count(*) FROM context_switches"), ["4"]);
}

#[test]
fn ids_continue_after_a_copy() {
    let workspace = TestWorkspace::with_workspace();
    for title in ["a", "b", "c"] {
        workspace.ok(&["task", "add", title]);
    }
    workspace.ok(&["task", "rm", "3"]);
    for database in [Some(Database::sqlite()), Database::postgres()]
        .into_iter()
        .flatten()
    {
        workspace.ok(&["copy", "--to", &database.url()]);
        let added = workspace.json(&["--database", &database.url(), "task", "add", "d"]);
        assert_eq!(added["id"], "WS-TASK-004");
    }
}

#[test]
fn existing_records_are_kept_without_replace() {
    let workspace = TestWorkspace::new();
    workspace.ok(&["import", &fixture("handwritten").display().to_string()]);
    for database in [Some(Database::sqlite()), Database::postgres()]
        .into_iter()
        .flatten()
    {
        let url = &database.url();
        workspace.ok(&["--database", url, "init"]);
        workspace.ok(&["--database", url, "task", "add", "theirs"]);
        let said = workspace.fails(1, &["copy", "--to", url]);
        assert!(
            said.contains(" already contains 1 record\nhint: use another database, or --replace"),
            "{said}"
        );
        let titles = "SELECT title FROM workspace_tasks WHERE title = 'theirs'";
        assert_eq!(database.rows(titles), ["theirs"]);
        workspace.ok(&["copy", "--to", url, "--replace"]);
        assert_eq!(database.rows("SELECT count(*) FROM workspace_tasks"), ["5"]);
        // Twice the same leaves the same.
        workspace.ok(&["copy", "--to", url, "--replace"]);
        assert_eq!(database.rows(titles), [""; 0]);

        // What is left of deleted records is in nobody's way.
        workspace.ok(&["--database", url, "import", "--replace", &empty(&workspace)]);
        database.execute("DELETE FROM session_activities; DELETE FROM session_decisions;
            DELETE FROM session_issues; DELETE FROM architecture_decisions; DELETE FROM cross_repo_issues;
            DELETE FROM workspace_tasks; DELETE FROM workspace_sessions");
        workspace.ok(&["copy", "--to", url]);
    }
}

/// A document without a task.
fn empty(workspace: &TestWorkspace) -> String {
    let path = workspace.path().join("WORKSPACE-TASKS.json");
    std::fs::write(&path, "[]").unwrap();
    path.display().to_string()
}

/// A record that is added after the copy has started is not copied.
#[test]
fn copy_is_a_consistent_snapshot() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let workspace = TestWorkspace::new();
    workspace.ok(&["import", &fixture("handwritten").display().to_string()]);
    for source in [Some(Database::sqlite()), Database::postgres()]
        .into_iter()
        .flatten()
    {
        workspace.ok(&["copy", "--to", &source.url()]);
        let add = |at: CopyProgress| {
            if let CopyProgress::Begun(_) = at {
                source.execute("INSERT INTO drift_scans (id, scan_type, scan_start, status) VALUES ('S', 'full', '2025-11-20 00:00:00', 'completed')");
            }
        };
        let target = Database::sqlite();
        let copied = runtime.block_on(wsdb_store::copy(
            &source.url(),
            &target.url(),
            &wsdb_store::Options::default(),
            false,
            Author::new("mira", "copy", "2025-11-20".parse().unwrap()),
            &add,
        ));
        let copied = copied.unwrap();
        assert_eq!(source.rows("SELECT count(*) FROM drift_scans"), ["1"]);
        assert_eq!(target.rows("SELECT count(*) FROM drift_scans"), ["0"]);
        assert!(
            copied
                .iter()
                .any(|c| c.table == "drift_scans" && c.rows == 0)
        );
    }
}

/// A copy is one change of its target, and what it replaced comes back with it.
#[test]
fn copy_is_undone_as_a_whole() {
    for target in [Some(Database::sqlite()), Database::postgres()]
        .into_iter()
        .flatten()
    {
        let workspace = generated();
        let there = ["--database", &target.url()];
        let at = |args: &[&str]| workspace.ok(&[&there, args].concat());
        // In a folder of its own, so that both are exported as they are.
        at(&["init"]);
        at(&["session", "start"]);
        at(&["task", "add", "Here before", "--repo", "a,b"]);
        at(&["session", "log", "Something"]);
        let before = exported(&workspace, &target.url(), "before");
        workspace.ok(&["copy", "--to", &target.url(), "--replace"]);
        let copied = exported(&workspace, &target.url(), "copied");
        assert_eq!(copied, exported(&workspace, "workspace.db", "original"));
        let last = at(&["history", "--limit", "1", "--format", "csv"]);
        assert!(last.contains(",mira,copy,"), "{last}");
        at(&["undo"]);
        assert_eq!(before, exported(&workspace, &target.url(), "undone"));
        let last = at(&["history", "--limit", "1", "--json"]);
        let last: Value = serde_json::from_str(&last).unwrap();
        let number = last["history"][0]["change"].to_string();
        at(&["undo", &number]);
        assert_eq!(copied, exported(&workspace, &target.url(), "again"));
    }
}

#[test]
fn result_as_table_and_json() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing", "--repo", "orchard-core"]);
    let path = workspace.path().display().to_string();
    let text = workspace
        .ok(&["copy", "--to", "new.db"])
        .replace(&path, "DIR");
    let last = text.lines().last().unwrap();
    assert_eq!(
        last,
        "Copied 5 rows from DIR/workspace.db to DIR/new.db; all tables verified"
    );
    assert!(
        text.starts_with("TABLE                    ROWS  DIGEST\nworkspace_tasks          1     "),
        "{text}"
    );
    let json = workspace.json(&["copy", "--to", "again.db"]);
    let mut keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, ["from", "rows", "tables", "to"]);
    assert_eq!(
        json["from"],
        Path::new(&path).join("workspace.db").display().to_string()
    );
    assert_eq!(
        (&json["rows"], &json["tables"][0]["rows"]),
        (&5.into(), &1.into())
    );
    let digest = json["tables"][0]["digest"].as_str().unwrap();
    assert!(text.contains(&digest[..12]), "{text}");
}
