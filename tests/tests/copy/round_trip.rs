//! Copies to another database and back lose nothing.

use serde_json::Value;
use wsdb_core::Author;
use wsdb_store::CopyProgress;
use wsdb_tests::store::Database;
use wsdb_tests::{TestWorkspace, fixture, on_each_database};

use crate::{Workspace, generated, other_database};

/// The tables in which each copy adds rows.
const HISTORY: [&str; 2] = ["actions", "record_changes"];

/// The results of two copies with their digests, without [`HISTORY`].
fn assert_same_tables(first: &Value, second: &Value) {
    let tables = |result: &Value| -> Vec<Value> {
        let tables = result["tables"].as_array().unwrap().iter();
        let tables = tables.filter(|t| !HISTORY.iter().any(|name| t["table"] == *name));
        tables.cloned().collect()
    };
    assert!(!tables(first).is_empty());
    assert_eq!(tables(first), tables(second));
}

/// Copies to the other database and from there to `back.db`, and returns the result of the first
/// copy.
fn copy_twice(workspace: &TestWorkspace) -> Value {
    let other = other_database();
    let first = workspace.json(&["copy", "--to", &other.url()]);
    let second = workspace.json(&["copy", "--from", &other.url(), "--to", "back.db"]);
    assert_same_tables(&first, &second);
    first
}

fn assert_same_export(workspace: &TestWorkspace) {
    let original = workspace.exported("workspace.db", "original");
    assert!(!original.is_empty());
    assert_eq!(original, workspace.exported("back.db", "copied"));
}

/// With the merge bases: an import into the copy finds nothing new.
#[test]
fn samples_survive_two_copies() {
    for name in ["handwritten", "exported"] {
        let workspace = TestWorkspace::with_sample(name);
        copy_twice(&workspace);
        assert_same_export(&workspace);
        let source = fixture(name).display().to_string();
        let again = workspace.ok(&["--database", "back.db", "import", &source]);
        assert!(
            again.ends_with("Nothing to import: all records are unchanged\n"),
            "{name}: {again}"
        );
    }
}

#[test]
fn every_row_of_every_table_survives_two_copies() {
    let workspace = generated();
    let result = copy_twice(&workspace);
    // Triggers fill the tables of search.
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table'
        AND name NOT IN ('seaql_migrations', 'sqlite_sequence') AND name NOT LIKE 'search\\_%' ESCAPE '\\'
        ORDER BY name";
    let tables = result["tables"].as_array().unwrap();
    let mut names: Vec<&str> = tables.iter().filter_map(|t| t["table"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, workspace.rows("workspace.db", sql));
    for table in tables {
        assert!(table["row_count"].as_u64() > Some(0), "{table} has no row");
        assert_eq!(table["digest"].as_str().map(str::len), Some(32), "{table}");
        let name = table["table"].as_str().unwrap();
        let rows = |file| workspace.rows(file, &format!("SELECT * FROM {name} ORDER BY 1, 2"));
        let (original, mut copied) = (rows("workspace.db"), rows("back.db"));
        if HISTORY.contains(&name) {
            assert!(copied.len() > original.len(), "{name}: no row of the copy");
            copied.truncate(original.len());
        }
        assert_eq!(original, copied, "{name}");
    }
    // Last, because an export stores what its files hold.
    assert_same_export(&workspace);
}

/// Times in other forms are equal, and get the usual form.
#[test]
fn unusual_times_and_numbers_survive_two_copies() {
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
    copy_twice(&workspace);
    let sql = "SELECT created, updated, title FROM workspace_tasks";
    assert_eq!(
        workspace.rows("back.db", sql),
        ["2025-11-20 00:00:00|2025-11-20 21:07:47.000100|Ä 🍐 \u{7}"]
    );
    let sql = "SELECT id, activated_at, duration_seconds FROM context_switches ORDER BY id";
    assert_eq!(
        workspace.rows("back.db", sql),
        [
            format!("B|2025-11-20 08:30:00|{}", 1e300),
            "C-1|0001-01-01 00:00:00|0".to_owned(),
            "a|9999-12-31 23:59:59.999999|0.1".to_owned(),
            "Ä|2025-11-20 08:30:00|NULL".to_owned(),
        ]
    );
}

on_each_database!(
    ids_continue_after_a_copy,
    records_added_during_a_copy_are_not_copied,
);

fn ids_continue_after_a_copy(target: Database) {
    let workspace = TestWorkspace::with_workspace();
    for title in ["a", "b", "c"] {
        workspace.ok(&["task", "add", title]);
    }
    workspace.ok(&["task", "rm", "3"]);
    workspace.ok(&["copy", "--to", &target.url()]);
    let added = workspace.json(&["--database", &target.url(), "task", "add", "d"]);
    assert_eq!(added["id"], "WS-TASK-004");
}

/// A copy is a consistent snapshot of its source.
fn records_added_during_a_copy_are_not_copied(source: Database) {
    let workspace = TestWorkspace::with_sample("handwritten");
    workspace.ok(&["copy", "--to", &source.url()]);
    let add_scan = |progress: CopyProgress| {
        if let CopyProgress::Begun(_) = progress {
            source.execute("INSERT INTO drift_scans (id, scan_type, scan_start, status) VALUES ('S', 'full', '2025-11-20 00:00:00', 'completed')");
        }
    };
    let target = Database::sqlite();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let copied = runtime.block_on(wsdb_store::copy(
        &source.url(),
        &target.url(),
        &wsdb_store::Options::default(),
        false,
        Author::new("mira", "copy", "2025-11-20".parse().unwrap()),
        &add_scan,
    ));
    let copied = copied.unwrap();
    let scans = "SELECT count(*) FROM drift_scans";
    assert_eq!(source.rows(scans), ["1"]);
    assert_eq!(target.rows(scans), ["0"]);
    let mut tables = copied.iter();
    assert!(tables.any(|table| table.table == "drift_scans" && table.rows == 0));
}
