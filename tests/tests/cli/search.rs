//! `wsdb search`, as a person types it.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::store::Database;
use wsdb_tests::{TestWorkspace, fixture};

/// Record type and id of each hit, in alphabetical order.
fn hits(workspace: &TestWorkspace, args: &[&str]) -> Vec<String> {
    let found = workspace.json(&[&["search"], args].concat());
    let hits = found["hits"].as_array().unwrap();
    assert_eq!(found["total"], hits.len());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut names: Vec<String> = hits
        .iter()
        .map(|hit| format!("{} {}", text(&hit["noun"]), text(&hit["id"])))
        .collect();
    names.sort();
    names
}

fn hits_are_listed_with_snippets() {
    let workspace = TestWorkspace::with_sample("handwritten");
    assert_snapshot!(workspace.ok(&["search", "pricing"]), @r"
    NOUN     ID                      STATUS       TITLE
    issue    ISSUE-001               open         Season-specific pricing in orchard-core
      pricing.py knows about harvest months
    task     WS-TASK-002             in_progress  Move seasonal pricing out of orchard-core
    session  2025-11-21-session-001  in_progress  mira with assistant-b
      Moved pricing.py
    session  2025-11-20-session-001  completed    mira with assistant-a
      Next: move pricing out of the core (WS-TASK-002).
    task     WS-TASK-003             blocked      Replace pandas in the ripeness model
      Blocked until pricing is out — „Äpfel & Birnen“, 🍐.
    ");
    assert_snapshot!(workspace.ok(&["search", "pandas", "ripe", "--noun", "task", "--format", "csv"]), @r"
    noun,id,status,title,snippet
    task,WS-TASK-003,blocked,Replace pandas in the ripeness model,
    ");
    assert_snapshot!(workspace.ok(&["find", "apfel", "--format", "md"]), @r"
    | noun | id | status | title | snippet |
    | --- | --- | --- | --- | --- |
    | task | WS-TASK-003 | blocked | Replace pandas in the ripeness model | Blocked until pricing is out — „Äpfel & Birnen“, 🍐. |
    ");
    let shown = workspace.ok(&["search", "moved", "--color", "always"]);
    assert_snapshot!(shown.replace('\u{1b}', "ESC"), @r"
    ESC[1mNOUNESC[0m     ESC[1mIDESC[0m                      ESC[1mSTATUSESC[0m       ESC[1mTITLEESC[0m
    session  ESC[1m2025-11-21-session-001ESC[0m  in_progress  mira with assistant-b
      ESC[33mMovedESC[0m pricing.py
    ");
}

fn hits_as_json() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let mut found = workspace.json(&["search", "apfel"]);
    let rank = found["hits"][0]["rank"].take();
    assert!(rank.as_f64().is_some_and(|rank| rank > 0.0), "{rank}");
    assert_eq!(
        found,
        json!({
            "hits": [{
                "noun": "task",
                "id": "WS-TASK-003",
                "status": "blocked",
                "title": "Replace pandas in the ripeness model",
                "title_marks": [],
                "snippet": {
                    "field": "notes",
                    "text": "Blocked until pricing is out — „Äpfel & Birnen“, 🍐.",
                    "marks": [[32, 37]],
                },
                "rank": null,
            }],
            "total": 1
        })
    );
    assert_eq!(
        workspace.json(&["search", "absent"]),
        json!({"hits": [], "total": 0})
    );
    let page = workspace.json(&["search", "pricing", "--limit", "1", "--offset", "1"]);
    assert_eq!(page["hits"].as_array().map(Vec::len), Some(1));
    assert_eq!(page["total"], 5);
    let lines = workspace.ok(&["search", "pricing", "--format", "jsonl"]);
    assert_eq!(lines.lines().count(), 5);
    let first: Value = serde_json::from_str(lines.lines().next().unwrap_or_default()).unwrap();
    assert_eq!(first["id"], "ISSUE-001");
}

fn hits_are_filtered() {
    let workspace = TestWorkspace::with_sample("handwritten");
    for (args, expected) in [
        (&["7"][..], ""),
        (&["2", "--noun", "tasks"], "task WS-TASK-002"),
        (&["ws-task-2", "--noun", "task"], "task WS-TASK-002"),
        (
            &["pandas", "model"],
            "issue 2025-11-21-session-001-issue-5c3e21ed31, task WS-TASK-003",
        ),
        (&["pandas -model"], ""),
        (&["pandas", "-imports"], "task WS-TASK-003"),
        (
            &["-imports", "pandas", "--status", "blocked"],
            "task WS-TASK-003",
        ),
        (&["\"move seasonal\""], "task WS-TASK-002"),
        (&["\"seasonal move\""], ""),
        (&["moved"], "session 2025-11-21-session-001"),
        (
            &["pricing", "--noun", "session", "--status", "done"],
            "session 2025-11-20-session-001",
        ),
        (&["pricing", "--repo", "orchard-web"], "task WS-TASK-002"),
        (
            &["pricing", "--since", "2025-11-21", "--noun", "task"],
            "task WS-TASK-003",
        ),
        (&["'; DROP TABLE workspace_tasks; --"], ""),
        (&["title:*", "(NEAR", "^"], ""),
    ] {
        assert_eq!(hits(&workspace, args).join(", "), expected, "{args:?}");
    }
}

fn empty_result_suggests_what_to_try() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let output = workspace.run(&[
        "search", "prising", "-x", "orchard", "--status", "open", "--noun", "issue",
    ]);
    assert!(output.status.success());
    assert_snapshot!(String::from_utf8_lossy(&output.stdout), @"No results for prising -x orchard");
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @"hint: leave out --noun, --status; use fewer words; try only the beginning of the last word");
    assert_snapshot!(workspace.ok(&["search", "pricing", "--offset", "9"]), @"No results after the first 5");
    assert_snapshot!(workspace.ok(&["search", "pricing", "--limit", "1"]), @"
    NOUN   ID         STATUS  TITLE
    issue  ISSUE-001  open    Season-specific pricing in orchard-core
      pricing.py knows about harvest months
    Showing 1 of 5 results; use --limit N to show more
    ");
    assert_snapshot!(workspace.fails(2, &["search", "-pricing", "?"]), @r#"error: no search word in "-pricing ?": enter at least one word with a letter or digit and without a leading -"#);
    assert_snapshot!(workspace.fails(2, &["search", "x", "--status", "wontfix"]), @r#"
    error: invalid value 'wontfix' for '--status <STATUS>': unknown status "wontfix" (expected a status of a task, session, issue or decision)

    For more information, try '--help'.
    "#);
    assert_snapshot!(workspace.fails(2, &["search", "x", "--nonu", "task"]), @r"
    error: unexpected argument '--nonu' found

      tip: a similar argument exists: '--noun'

    Usage: wsdb search --noun <NOUN> <WORDS>...

    For more information, try '--help'.
    ");
    assert!(workspace.fails(2, &["search"]).contains("<WORDS>"));
    assert!(workspace.ok(&["search", "-h"]).contains("Examples:"));
}

fn control_characters_are_escaped() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&[
        "task",
        "add",
        "red\u{1b}[2J\u{202e} pear",
        "--notes",
        "a pear\u{1b}]0;x\u{7} here",
    ]);
    for format in ["table", "md"] {
        let shown = workspace.ok(&["search", "pear", "--format", format]);
        assert!(
            !shown.contains(['\u{1b}', '\u{7}', '\u{202e}']),
            "{shown:?}"
        );
        assert!(shown.contains("red\\u{1b}[2J\\u{202e} pear"), "{shown}");
        assert!(shown.contains("a pear\\u{1b}]0;x\\u{7} here"), "{shown}");
    }
    let absent = workspace.ok(&["search", "no\u{1b}[2Jne"]);
    assert!(!absent.contains('\u{1b}'), "{absent:?}");
}

/// Whatever changes a record, the search knows.
fn every_change_is_indexed() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let documents = fixture("handwritten").display().to_string();
    let is = |word: &str, expected: &str| {
        assert_eq!(hits(&workspace, &[word]).join(", "), expected, "{word}")
    };
    workspace.ok(&["task", "add", "Quince jelly"]);
    is("quince", "task WS-TASK-005");
    workspace.ok(&[
        "task",
        "edit",
        "5",
        "--title",
        "Medlar jelly",
        "--notes",
        "from quinces",
    ]);
    is("\"quince\"", "");
    is("medlar", "task WS-TASK-005");
    workspace.ok(&["task", "done", "5"]);
    is("quinces", "task WS-TASK-005");
    let session = workspace.json(&["session", "start"])["id"]
        .as_str()
        .unwrap()
        .to_owned();
    workspace.ok(&[
        "session",
        "log",
        "Cooked medlars",
        "--outcome",
        "three jars",
    ]);
    is("jars", &format!("session {session}"));
    workspace.ok(&["session", "rm", &session]);
    is("jars", "");
    workspace.ok(&["issue", "add", "Jars burst", "--type", "other"]);
    workspace.ok(&["issue", "resolve", "3", "--notes", "thicker glass"]);
    assert_eq!(hits(&workspace, &["glass"]).len(), 1);
    workspace.ok(&["task", "rm", "5"]);
    is("medlar", "");
    workspace.ok(&["import", "--replace", &documents]);
    is("glass", "");
    assert_eq!(hits(&workspace, &["pricing"]).len(), 5);
}

#[test]
fn copied_database_is_indexed() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let words = ["pricing", "pandas", "apfel", "mira", "moved"];
    let all = |workspace: &TestWorkspace, database: &str| -> Vec<Vec<String>> {
        let found = words.map(|word| hits(workspace, &["--database", database, word]));
        found.into()
    };
    let expected = all(&workspace, "workspace.db");
    assert!(
        expected.iter().all(|found| !found.is_empty()),
        "{expected:?}"
    );
    for between in [Some(Database::sqlite()), Database::postgres()]
        .into_iter()
        .flatten()
    {
        let url = between.url();
        workspace.ok(&["--database", &url, "init"]);
        workspace.ok(&["--database", &url, "task", "add", "Theirs, about pricing"]);
        // What is replaced is no longer found.
        for _ in 0..2 {
            workspace.ok(&["copy", "--to", &url, "--replace"]);
            assert_eq!(all(&workspace, &url), expected);
        }
        workspace.ok(&["copy", "--from", &url, "--to", "back.db"]);
        assert_eq!(all(&workspace, "back.db"), expected);
        std::fs::remove_file(workspace.path().join("back.db")).unwrap();
    }
}

/// A database of before the search is indexed when it is opened.
#[test]
fn older_database_is_indexed_when_opened() {
    let workspace = TestWorkspace::with_sample("handwritten");
    for database in [Some(Database::sqlite()), Database::postgres()]
        .into_iter()
        .flatten()
    {
        let url = database.url();
        workspace.ok(&["copy", "--to", &url]);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.unwrap();
        loop {
            let step = runtime.block_on(wsdb_store::schema::down(&url)).unwrap();
            if step.unwrap().ends_with("_search") {
                break;
            }
        }
        assert_eq!(hits(&workspace, &["--database", &url, "pricing"]).len(), 5);
        assert_eq!(hits(&workspace, &["--database", &url, "moved"]).len(), 1);
        workspace.ok(&["--database", &url, "task", "edit", "2", "--title", "Quince"]);
        assert_eq!(hits(&workspace, &["--database", &url, "quince"]).len(), 1);
        assert_eq!(hits(&workspace, &["--database", &url, "pricing"]).len(), 4);
    }
}

wsdb_tests::on_both!(
    hits_are_listed_with_snippets,
    hits_as_json,
    hits_are_filtered,
    empty_result_suggests_what_to_try,
    control_characters_are_escaped,
    every_change_is_indexed,
);
