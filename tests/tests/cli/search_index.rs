//! The search index: it has every change, and is built for copied and older databases.

use wsdb_tests::store::Database;
use wsdb_tests::{TestWorkspace, fixture, words};

use crate::search::hits;

wsdb_tests::on_sqlite_and_postgres! {
    added_edited_and_deleted_tasks_are_indexed,
    activities_are_indexed_with_their_session,
    resolution_of_an_issue_is_indexed,
    replacing_import_is_indexed,
}

/// Checks which records contain a word.
#[track_caller]
fn check(workspace: &TestWorkspace, word: &str, expected: &str) {
    assert_eq!(hits(workspace, &[word]).join(", "), expected, "{word}");
}

fn added_edited_and_deleted_tasks_are_indexed() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Quince jelly"]);
    check(&workspace, "quince", "task WS-TASK-001");
    workspace.ok(&[
        "task",
        "edit",
        "1",
        "--title",
        "Medlar jelly",
        "--notes",
        "from quinces",
    ]);
    check(&workspace, "\"quince\"", "");
    check(&workspace, "medlar", "task WS-TASK-001");
    workspace.ok(&["task", "done", "1"]);
    check(&workspace, "quinces", "task WS-TASK-001");
    workspace.ok(&["task", "rm", "1"]);
    check(&workspace, "medlar", "");
}

fn activities_are_indexed_with_their_session() {
    let workspace = TestWorkspace::with_workspace();
    let session = workspace.json(&["session", "start"])["id"].clone();
    let session = session.as_str().unwrap();
    workspace.ok(&words("session log Cooked --outcome jars"));
    check(&workspace, "jars", &format!("session {session}"));
    workspace.ok(&["session", "rm", session]);
    check(&workspace, "jars", "");
}

fn resolution_of_an_issue_is_indexed() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("issue add Jars --type other"));
    workspace.ok(&words("issue resolve 1 --notes glass"));
    check(&workspace, "glass", "issue ISSUE-001");
}

fn replacing_import_is_indexed() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("issue add Glass --type other"));
    let sample = fixture("handwritten").display().to_string();
    workspace.ok(&["import", "--replace", &sample]);
    check(&workspace, "glass", "");
    assert_eq!(hits(&workspace, &["pricing"]).len(), 5);
}

/// A new database of each kind, of PostgreSQL only if there is a server.
fn databases() -> Vec<Database> {
    let databases = [Some(Database::sqlite()), Database::postgres()];
    databases.into_iter().flatten().collect()
}

/// What some words find in a database.
fn all_hits(workspace: &TestWorkspace, database: &str) -> Vec<Vec<String>> {
    let words = ["pricing", "pandas", "apfel", "mira", "moved"];
    let hits = words.map(|word| hits(workspace, &["--database", database, word]));
    hits.into()
}

#[test]
fn copied_database_is_indexed() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let expected = all_hits(&workspace, "workspace.db");
    assert!(expected.iter().all(|hits| !hits.is_empty()), "{expected:?}");
    for (number, database) in databases().into_iter().enumerate() {
        let url = database.url();
        workspace.ok(&["copy", "--to", &url]);
        assert_eq!(all_hits(&workspace, &url), expected);
        let back = format!("back-{number}.db");
        workspace.ok(&["copy", "--from", &url, "--to", &back]);
        assert_eq!(all_hits(&workspace, &back), expected);
    }
}

#[test]
fn records_replaced_by_a_copy_are_not_found() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let expected = all_hits(&workspace, "workspace.db");
    for database in databases() {
        let url = database.url();
        workspace.ok(&["init", "--database", &url]);
        workspace.ok(&["task", "add", "About pricing", "--database", &url]);
        // The second copy replaces equal records.
        for _ in 0..2 {
            workspace.ok(&["copy", "--to", &url, "--replace"]);
            assert_eq!(all_hits(&workspace, &url), expected);
        }
    }
}

/// Older databases have no index.
#[test]
fn older_database_is_indexed_when_opened() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for database in databases() {
        let url = database.url();
        workspace.ok(&["copy", "--to", &url]);
        loop {
            let step = runtime.block_on(wsdb_store::schema::down(&url)).unwrap();
            if step.unwrap().ends_with("000004_search") {
                break;
            }
        }
        let count = |word: &str| hits(&workspace, &["--database", &url, word]).len();
        assert_eq!(count("pricing"), 5);
        assert_eq!(count("moved"), 1);
        // Later changes are indexed, too.
        let edit = words("task edit 2 --title Quince --file quince.py");
        workspace.ok(&[&["--database", url.as_str()], &edit[..]].concat());
        assert_eq!(count("quince"), 1);
        assert_eq!(count("pricing"), 4);
    }
}
