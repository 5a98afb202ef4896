//! The search index: it has every change, and is built for copied and older databases.

use wsdb_tests::store::Database;
use wsdb_tests::{TestWorkspace, fixture, words};

use crate::search::hits;

wsdb_tests::on_sqlite_and_postgres! {
    added_edited_and_deleted_tasks_are_indexed,
    activities_are_indexed_with_their_session,
    resolution_of_an_issue_is_indexed,
    replacing_import_is_indexed,
    files_of_fields_without_a_column_are_indexed,
    compatible_forms_of_letters_are_indexed_alike,
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

fn files_of_fields_without_a_column_are_indexed() {
    let workspace = TestWorkspace::with_workspace();
    let issue = |file: &str| {
        format!(
            r#"{{"issues": [{{"id": "X-1", "title": "Slow", "detected": "2026-01-10", "type": "other",
                "severity": "HIGH", "status": "open", "file": "{file}", "note": "medlar"}}]}}"#
        )
    };
    workspace.write("CROSS-REPO-ISSUES.json", issue("src/quince.py"));
    workspace.ok(&["import", "CROSS-REPO-ISSUES.json"]);
    check(&workspace, "quince.py", "issue X-1");
    check(&workspace, "src/quince", "issue X-1");
    check(&workspace, "medlar", "");
    workspace.write("CROSS-REPO-ISSUES.json", issue("src/pear.py"));
    workspace.ok(&["import", "CROSS-REPO-ISSUES.json"]);
    check(&workspace, "quince", "");
    check(&workspace, "pear", "issue X-1");
    let tasks = r#"[{"id": "T-1", "title": "Move", "status": "pending", "created": "2026-01-10",
        "files_changed": ["a/plum.py", {"path": "b/sloe.py"}], "paths": "c/cherry", "tags": ["damson"]}]"#;
    workspace.write("WORKSPACE-TASKS.json", tasks);
    workspace.ok(&["import", "WORKSPACE-TASKS.json"]);
    for word in ["plum", "sloe.py", "c/cherry", "damson"] {
        check(&workspace, word, "task T-1");
    }
    workspace.ok(&["task", "rm", "T-1"]);
    check(&workspace, "plum", "");
}

fn compatible_forms_of_letters_are_indexed_alike() {
    let workspace = TestWorkspace::with_workspace();
    for title in [
        "ＷＳＤＢ２ ｅｘｐｏｒｔ",
        "ﾃｽﾄｶﾞｲﾄﾞ",
        "ﬁnal oﬃce",
        "テスト",
        "finish",
    ] {
        workspace.ok(&["task", "add", title]);
    }
    for (word, expected) in [
        ("wsdb2", "1"),
        ("ｗｓｄｂ２", "1"),
        ("export", "1"),
        ("テスト", "2 4"),
        ("ﾃｽﾄ", "2 4"),
        ("ガイド", "2"),
        ("ｶﾞｲﾄﾞ", "2"),
        ("final", "3"),
        ("office", "3"),
        ("ﬁn", "3 5"),
        ("oﬃce", "3"),
    ] {
        let mut found = hits(&workspace, &[word]);
        found.sort();
        let found: Vec<&str> = found.iter().map(|hit| &hit[hit.len() - 1..]).collect();
        assert_eq!(found.join(" "), expected, "{word}");
    }
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
