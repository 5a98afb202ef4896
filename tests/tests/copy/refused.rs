//! Copies that must not be, and what is left of them: nothing.

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::store::Database;
use wsdb_tests::{TestWorkspace, fixture};

use crate::{Workspace, generated};

#[test]
fn changed_values_are_detected() {
    let workspace = TestWorkspace::new();
    workspace.ok(&["import", &fixture("handwritten").display().to_string()]);
    let sqlite = [
        "CREATE TRIGGER damage AFTER INSERT ON workspace_tasks WHEN NEW.id = 'WS-TASK-002' BEGIN
           UPDATE workspace_tasks SET notes = 'damaged' WHERE id = NEW.id; END",
        "CREATE TRIGGER damage AFTER INSERT ON document_bases BEGIN
           DELETE FROM task_repos WHERE task_id = 'WS-TASK-002' AND repo = 'orchard-web'; END",
    ];
    let postgres = [
        "CREATE FUNCTION damage() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN NEW.notes := ''damaged''; RETURN NEW; END';
         CREATE TRIGGER damage BEFORE INSERT ON workspace_tasks FOR EACH ROW
           WHEN (NEW.id = 'WS-TASK-002') EXECUTE FUNCTION damage()",
        "CREATE FUNCTION damage() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN DELETE FROM task_repos WHERE task_id = ''WS-TASK-002'' AND repo = ''orchard-web''; RETURN NEW; END';
         CREATE TRIGGER damage AFTER INSERT ON document_bases FOR EACH ROW EXECUTE FUNCTION damage()",
    ];
    for (trigger, table, rows) in [(0, "workspace_tasks", (5, 5)), (1, "task_repos", (6, 5))] {
        for database in [Some(Database::sqlite()), Database::postgres()]
            .into_iter()
            .flatten()
        {
            let url = &database.url();
            workspace.ok(&["--database", url, "init"]);
            workspace.ok(&["--database", url, "task", "add", "theirs"]);
            database.execute(
                if database.is_postgres() {
                    postgres
                } else {
                    sqlite
                }[trigger],
            );
            let before = dump(&database);
            let said = workspace.fails(1, &["copy", "--to", url, "--replace"]);
            let (ours, copied) = rows;
            let start = format!(
                "error: table {table} differs after the copy: expected {ours} rows with digest "
            );
            assert!(said.starts_with(&start), "{said}");
            assert!(
                said.contains(&format!(", found {copied} rows with digest ")),
                "{said}"
            );
            let digests: Vec<&str> = said
                .split([' ', ',', ';'])
                .filter(|word| word.len() == 32)
                .collect();
            assert_eq!(digests.len(), 2, "{said}");
            assert_ne!(digests[0], digests[1]);
            assert_eq!(dump(&database), before, "nothing is left of it");
            let json = workspace.run(&["copy", "--to", url, "--replace", "--json"]);
            let json: Value = serde_json::from_slice(&json.stderr).unwrap();
            assert_eq!(json["error"]["code"], "copy_differs");
        }
    }
}

fn dump(database: &Database) -> Vec<String> {
    let tables = [
        "workspace_tasks",
        "task_repos",
        "workspace_sessions",
        "id_series",
        "document_bases",
    ];
    let rows = tables.map(|table| database.rows(&format!("SELECT * FROM {table} ORDER BY 1, 2")));
    rows.concat()
}

#[test]
fn failed_copy_leaves_no_file() {
    let workspace = generated();
    let before = workspace.names();
    let copy = ["copy", "--to", "new.db"];
    for (damage, said) in [
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
        workspace.execute(damage);
        let told = workspace.fails(1, &copy);
        assert!(told.contains(said), "{said}: {told}");
        assert_eq!(workspace.names(), before);
    }
}

#[test]
fn missing_or_equal_databases_are_refused() {
    let workspace = TestWorkspace::with_workspace();
    let wrong = |args: &[&str]| {
        workspace
            .fails(1, &[&["copy"], args].concat())
            .replace(&workspace.path().display().to_string(), "DIR")
    };
    assert_snapshot!(wrong(&["--to", "./workspace.db"]), @"error: source and target are the same database, DIR/workspace.db");
    assert_snapshot!(wrong(&["--from", "nope.db", "--to", "new.db"]), @"
    error: no database found at DIR/nope.db
    hint: check the path, or run 'wsdb init' to create a database
    ");
    assert_snapshot!(wrong(&["--to", "nope/new.db"]), @"
    error: DIR/nope/new.db: the folder DIR/nope does not exist
    hint: use the path of a file that you can read and write, in an existing folder
    ");
    std::fs::write(workspace.path().join("empty.db"), "").unwrap();
    assert_snapshot!(wrong(&["--from", "empty.db", "--to", "new.db"]), @"
    error: no workspace found in DIR/empty.db
    hint: run 'wsdb init' to create one
    ");
    std::fs::write(workspace.path().join("text.db"), "text").unwrap();
    assert_snapshot!(wrong(&["--to", "text.db"]), @"
    error: DIR/text.db is not a SQLite database
    hint: use another path; nothing was changed
    ");
    assert!(!workspace.path().join("new.db").exists());
    let said = workspace.fails(2, &["copy"]);
    assert!(said.contains("--to <URL>"), "{said}");
    let Some(database) = Database::postgres() else {
        return;
    };
    let url = database.url().replace("postgres@", "postgres:secret@");
    let refused = wrong(&["--from", &url, "--to", "new.db"]);
    assert!(
        refused.contains("no workspace found in postgres://"),
        "{refused}"
    );
    let absent = wrong(&["--to", &format!("{url}_absent")]);
    assert!(
        absent.contains("the server has no database named wsdb_test_"),
        "{absent}"
    );
    let done = workspace.ok(&["copy", "--to", &url]);
    let done = done.lines().last().unwrap().to_owned();
    assert!(
        done.contains("Copied 0 rows from ") && done.ends_with("; all tables verified"),
        "{done}"
    );
    let same = wrong(&["--from", &url, "--to", &database.url()]);
    assert!(
        same.contains("source and target are the same database, postgres://"),
        "{same}"
    );
    for said in [refused, absent, done, same] {
        assert!(!said.contains("secret"), "{said}");
    }
}
