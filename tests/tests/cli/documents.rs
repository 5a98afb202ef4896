//! Documents in and out, through the binary.

use std::collections::BTreeMap;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, fixture};

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap());
    entries
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "json"))
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn all_problems_are_reported_together_and_nothing_is_written() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "WORKSPACE-TASKS.json",
        r#"[
        {"id": "T-1", "title": "x", "status": "wontfix", "created": "2025-02-30"},
        {"id": "T-2", "title": 7, "status": "done", "created": "2025-11-20"},
        {"id": "T-2", "title": "y", "status": "done", "created": "2025-11-20"},
        {"id": "T-2", "title": "z", "status": "done", "created": "2025-11-20"},
        "T-4"]"#,
    );
    workspace.write(
        "CROSS-REPO-ISSUES.json",
        r#"{"issues": [{"id": "I-1", "type": "a", "issue_type": "b"}]}"#,
    );
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 5 records cannot be imported; nothing was written
           CROSS-REPO-ISSUES.json, $.issues[0]: missing field "title"
           CROSS-REPO-ISSUES.json, $.issues[0]: missing field "detected"
           WORKSPACE-TASKS.json, $[0].status: unknown task status "wontfix" (expected one of: pending, approved, planning, in_progress, blocked, deferred, backlog, completed, closed, cancelled)
           WORKSPACE-TASKS.json, $[0].created: invalid time "2025-02-30" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
           WORKSPACE-TASKS.json, $[1].title: expected a string, found a number
           WORKSPACE-TASKS.json, $[4]: expected an object
           WORKSPACE-TASKS.json, $[3]: duplicate id T-2 (first defined at $[2])
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);

    workspace.ok(&["import", "--skip-rejects", "--map", "status.wontfix=closed"]);
    assert_eq!(workspace.json(&["task", "list"])["total"], 1);
    let rejects = workspace.read("wsdb-rejects.json");
    let rejects: Value = serde_json::from_str(&rejects).unwrap();
    assert_eq!(rejects["rejects"].as_array().map(Vec::len), Some(5));
    assert_eq!(rejects["rejects"][1]["record"]["id"], "T-1");
}

fn unreadable_files_are_reported_with_line_and_column() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "WORKSPACE-TASKS.json",
        "{\"active_tasks\": [\n  {\"id\": \"T-1\", \n",
    );
    workspace.write("SESSION-LOG.json", b"\xEF\xBB\xBF{\"sessions\": []}");
    workspace.write("CROSS-REPO-ISSUES.json", b"{\"issues\": [\"\xFF\"]}");
    workspace.write("ARCHITECTURE-DECISIONS.json", r#"{"decisions": {}}"#);
    workspace.write(
        "DRIFT.json",
        format!("{}{}", "[".repeat(200), "]".repeat(200)),
    );
    workspace.write(
        "CONTEXT-LOG.json",
        r#"{"context_switches": [], "context_switches": []}"#,
    );
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: ARCHITECTURE-DECISIONS.json, $.decisions: expected a list of records
           CONTEXT-LOG.json, line 1, column 43: duplicate key "context_switches"
           CROSS-REPO-ISSUES.json, line 1, column 14: invalid UTF-8 byte 0xFF; save the file as UTF-8
           DRIFT.json, line 1, column 128: recursion limit exceeded
           SESSION-LOG.json, line 1, column 1: starts with a byte order mark; save the file as UTF-8 without one
           WORKSPACE-TASKS.json, line 3, column 0: unexpected end of file
    hint: fix the files above and run the import again
    "#);
}

#[test]
fn values_that_postgres_cannot_store_are_refused() {
    wsdb_tests::on_postgres(|| {
        let workspace = TestWorkspace::with_workspace();
        workspace.write(
            "WORKSPACE-TASKS.json",
            r#"[{"id": "T-1", "title": "a\u0000b", "created": "2025-11-20", "x": [1, 1e200000]},
                {"id": "T-2", "title": "b", "created": "2025-11-20", "k\u0000": 1},
                {"id": "T-3", "title": "c", "created": "2025-11-20"}]"#,
        );
        assert_snapshot!(workspace.fails(1, &["import"]), @"
        error: 2 records cannot be imported; nothing was written
               WORKSPACE-TASKS.json, $[0].title: PostgreSQL cannot store the character U+0000
               WORKSPACE-TASKS.json, $[0].x[1]: PostgreSQL cannot store a number with this many digits
               WORKSPACE-TASKS.json, $[1]: PostgreSQL cannot store the character U+0000 (in a key)
        hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
        ");
        workspace.ok(&["import", "--skip-rejects"]);
        assert_eq!(workspace.json(&["task", "list"])["total"], 1);
        workspace.write(
            "CROSS-REPO-ISSUES.json",
            r#"{"issues": [], "about": ["\u0000"]}"#,
        );
        assert_snapshot!(workspace.fails(1, &["import", "CROSS-REPO-ISSUES.json"]), @"
        error: CROSS-REPO-ISSUES.json, $.about[0]: PostgreSQL cannot store the character U+0000
        hint: fix the files above and run the import again
        ");
    });
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "WORKSPACE-TASKS.json",
        r#"[{"id": "T-1", "title": "a\u0000b", "created": "2025-11-20", "x": 1e200000}]"#,
    );
    workspace.ok(&["import"]);
}

#[test]
fn dry_run_writes_nothing() {
    let workspace = TestWorkspace::with_workspace();
    let source = fixture("handwritten").display().to_string();
    let plan = workspace.json(&["import", &source, "--dry-run"]);
    assert_eq!(
        (&plan["dry_run"], &plan["kinds"][0]["new"]),
        (&json!(true), &json!(5))
    );
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
    let done = workspace.json(&["import", &source]);
    assert_eq!(done["kinds"], plan["kinds"]);
    assert_eq!(workspace.json(&["import", &source])["unchanged"], true);
    assert!(
        workspace
            .ok(&["import", &source])
            .contains("Nothing to import: all records are unchanged")
    );
}

/// A workspace whose documents were exported beside it.
fn exported() -> TestWorkspace {
    let workspace = TestWorkspace::with_sample("handwritten");
    workspace.ok(&["export"]);
    workspace
}

const TASKS: &str = "WORKSPACE-TASKS.json";

fn changes_of_both_sides_are_merged() {
    let workspace = exported();
    workspace.ok(&["task", "edit", "2", "--priority", "LOW", "--notes", "here"]);
    workspace.ok(&["task", "edit", "3", "--title", "Here"]);
    workspace.replace_in(TASKS, "Move seasonal pricing out of orchard-core", "There");
    workspace.replace_in(TASKS, "Replace pandas in the ripeness model", "There, too");

    let output = workspace.run(&["import", "--json"]);
    assert_eq!(output.status.code(), Some(1), "conflicts set the exit code");
    let done: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        done["conflicts"],
        json!([{
            "kind": "tasks", "id": "WS-TASK-003", "field": "title",
            "file": "There, too", "database": "Here",
        }])
    );
    let merged = workspace.json(&["task", "show", "2"]);
    assert_eq!(
        (&merged["title"], &merged["priority"], &merged["notes"]),
        (&json!("There"), &json!("LOW"), &json!("here"))
    );
    assert_eq!(workspace.json(&["task", "show", "3"])["title"], "Here");

    // Until somebody decides it stays a conflict, and the file isn't written over.
    assert_eq!(workspace.run(&["import"]).status.code(), Some(1));
    let error = workspace.fails(1, &["export"]);
    assert!(
        error.contains("changed since the last import or export"),
        "{error}"
    );
    workspace.ok(&["import", "--prefer", "file"]);
    assert_eq!(
        workspace.json(&["task", "show", "3"])["title"],
        "There, too"
    );
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    workspace.ok(&["export"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
}

fn deletions_of_one_side() {
    let workspace = exported();
    workspace.ok(&["task", "rm", "4"]);
    let done = workspace.json(&["import"]);
    assert_eq!(
        done["stay_deleted"],
        json!([{"kind": "tasks", "id": "WS-TASK-004"}])
    );
    assert_eq!(workspace.json(&["task", "list"])["total"], 4);

    workspace.write("CROSS-REPO-ISSUES.json", r#"{"issues": []}"#);
    let done = workspace.json(&["import"]);
    assert_eq!(done["vanished"].as_array().map(Vec::len), Some(3));
    assert_eq!(workspace.json(&["issue", "list"])["total"], 3);
    let done = workspace.json(&["import", "CROSS-REPO-ISSUES.json", "--replace"]);
    assert_eq!(done["kinds"][0]["deleted"], 3);
    assert_eq!(
        workspace.json(&["import", "CROSS-REPO-ISSUES.json", "--replace"])["unchanged"],
        true
    );
}

fn newer_record_wins_without_a_merge_base() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Here", "--notes", "kept"]);
    let task = |title, updated| {
        format!(
            r#"[{{"id": "WS-TASK-001", "title": "{title}", "status": "pending", "created": "2025-01-01", "updated": "{updated}"}}]"#
        )
    };
    workspace.write(TASKS, task("Older", "2025-01-02"));
    workspace.ok(&["import"]);
    assert_eq!(workspace.json(&["task", "show", "1"])["title"], "Here");
    let other = TestWorkspace::with_workspace();
    other.ok(&["task", "add", "Here", "--notes", "kept"]);
    other.write(TASKS, task("Newer", "9000-01-02"));
    other.ok(&["import"]);
    let shown = other.json(&["task", "show", "1"]);
    assert_eq!(
        (&shown["title"], &shown["notes"]),
        (&json!("Newer"), &json!("kept"))
    );
}

fn every_table_survives_export_and_import() {
    let workspace = TestWorkspace::with_workspace();
    for (name, text) in xtask::fixtures::generate(300, 7) {
        workspace.write(&format!("generated/{name}"), text);
    }
    let done = workspace.json(&["import", "generated"]);
    assert_eq!(done["kinds"].as_array().map(Vec::len), Some(16));
    assert!(
        done["kinds"]
            .as_array()
            .unwrap()
            .iter()
            .all(|kind| kind["new"] != 0),
        "{done:#}"
    );
    workspace.ok(&["export", "first"]);
    let again = TestWorkspace::with_workspace();
    again.ok(&[
        "import",
        &workspace.path().join("first").display().to_string(),
    ]);
    again.ok(&["export", "second"]);
    assert_eq!(
        files(&workspace.path().join("first")),
        files(&again.path().join("second"))
    );
    assert_eq!(files(&workspace.path().join("first")).len(), 8);
}

wsdb_tests::on_both!(
    all_problems_are_reported_together_and_nothing_is_written,
    unreadable_files_are_reported_with_line_and_column,
    changes_of_both_sides_are_merged,
    deletions_of_one_side,
    newer_record_wins_without_a_merge_base,
    every_table_survives_export_and_import,
);
