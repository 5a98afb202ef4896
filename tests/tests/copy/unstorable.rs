//! Values that cannot be copied: the error names them, and nothing of the copy is left.

use wsdb_tests::store::Database;
use wsdb_tests::{TestWorkspace, on_each_database};

use crate::{Workspace, generated};

on_each_database!(
    row_changed_by_a_trigger_is_detected,
    row_deleted_by_a_trigger_is_detected,
);

/// Copies the sample into a database whose triggers change the copied rows, and expects an error
/// that names the table and the numbers of rows in the source and in the copy.
fn check_difference(database: &Database, trigger: &str, table: &str, rows: [usize; 2]) {
    let (workspace, url) = (TestWorkspace::with_sample("handwritten"), database.url());
    workspace.ok(&["--database", &url, "init"]);
    workspace.ok(&["--database", &url, "task", "add", "existing"]);
    database.execute(trigger);
    let before = dump(database);
    let copy = ["copy", "--to", &url, "--replace"];
    let error = workspace.fails(1, &copy);
    let [source_rows, copied_rows] = rows;
    let start = format!(
        "error: table {table} differs after the copy: expected {source_rows} rows with digest "
    );
    assert!(error.starts_with(&start), "{error}");
    let found = format!(", found {copied_rows} rows with digest ");
    assert!(error.contains(&found), "{error}");
    let words = error.split([' ', ',', ';']);
    let digests: Vec<&str> = words.filter(|word| word.len() == 32).collect();
    assert_eq!(digests.len(), 2, "{error}");
    assert_ne!(digests[0], digests[1]);
    assert_eq!(dump(database), before, "the copy left something");
    assert_eq!(workspace.error(&copy)["code"], "copy_differs");
}

fn dump(database: &Database) -> Vec<String> {
    let tables = [
        "workspace_tasks",
        "task_repos",
        "workspace_sessions",
        "id_series",
        "document_bases",
    ];
    let statements = tables.map(|table| format!("SELECT * FROM {table} ORDER BY 1, 2"));
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    database.rows_of_all(&statements)
}

fn row_changed_by_a_trigger_is_detected(database: Database) {
    let trigger = if database.is_postgres() {
        "CREATE FUNCTION damage() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN NEW.notes := ''damaged''; RETURN NEW; END';
         CREATE TRIGGER damage BEFORE INSERT ON workspace_tasks FOR EACH ROW
           WHEN (NEW.id = 'WS-TASK-002') EXECUTE FUNCTION damage()"
    } else {
        "CREATE TRIGGER damage AFTER INSERT ON workspace_tasks WHEN NEW.id = 'WS-TASK-002' BEGIN
           UPDATE workspace_tasks SET notes = 'damaged' WHERE id = NEW.id; END"
    };
    check_difference(&database, trigger, "workspace_tasks", [5, 5]);
}

/// Later, when another table is copied.
fn row_deleted_by_a_trigger_is_detected(database: Database) {
    let trigger = if database.is_postgres() {
        "CREATE FUNCTION damage() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN DELETE FROM task_repos WHERE task_id = ''WS-TASK-002'' AND repo = ''orchard-web''; RETURN NEW; END';
         CREATE TRIGGER damage AFTER INSERT ON document_bases FOR EACH ROW EXECUTE FUNCTION damage()"
    } else {
        "CREATE TRIGGER damage AFTER INSERT ON document_bases BEGIN
           DELETE FROM task_repos WHERE task_id = 'WS-TASK-002' AND repo = 'orchard-web'; END"
    };
    check_difference(&database, trigger, "task_repos", [6, 5]);
}

#[test]
fn invalid_value_is_named_and_leaves_no_file() {
    let workspace = generated();
    let before = workspace.names();
    for (sql, expected) in [
        (
            "UPDATE configuration_changes SET changed_at = 'yesterday' WHERE id = (SELECT max(id) FROM configuration_changes)",
            "column changed_at: invalid time \"yesterday\"",
        ),
        (
            "UPDATE configuration_snapshots SET snapshot_data = '{' ",
            "column snapshot_data: invalid JSON: \"{\"",
        ),
        (
            "UPDATE drift_scans SET violations_found = 'many'",
            "table drift_scans, row ",
        ),
        (
            "PRAGMA foreign_keys = OFF; UPDATE session_activities SET session_id = 'gone'",
            "table session_activities has inconsistent rows: ",
        ),
    ] {
        workspace.execute(sql);
        let error = workspace.fails(1, &["copy", "--to", "new.db"]);
        assert!(error.contains(expected), "{expected}: {error}");
        assert_eq!(workspace.names(), before);
    }
}

#[test]
fn value_that_postgres_cannot_store_is_named() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing"]);
    workspace.ok(&["copy", "--to", &database.url()]);
    for (damage, expected) in [
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
        let error = workspace.fails(1, &["copy", "--replace", "--to", &database.url()]);
        assert!(error.contains(expected), "{error}");
    }
    let titles = database.rows("SELECT title FROM workspace_tasks");
    assert_eq!(titles, ["Move pricing"]);
}
