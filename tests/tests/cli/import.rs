//! `wsdb import`: what it reports and how it reads values written by hand.

use std::collections::BTreeMap;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, fixture};

wsdb_tests::on_sqlite_and_postgres! {
    export_and_import_keep_every_table,
}

#[test]
fn dry_run_reports_what_an_import_changes() {
    let workspace = TestWorkspace::with_workspace();
    let source = fixture("handwritten").display().to_string();
    let plan = workspace.json(&["import", &source, "--dry-run"]);
    assert_eq!(plan["dry_run"], true);
    assert_eq!(plan["counts"]["tasks"]["new"], 5);
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
    let imported = workspace.json(&["import", &source]);
    assert_eq!(imported["counts"], plan["counts"]);
}

#[test]
fn second_import_changes_nothing() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("WORKSPACE-TASKS.json", task().to_string());
    workspace.ok(&["import"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    let text = workspace.ok(&["import"]);
    assert!(
        text.contains("Nothing to import: all records are unchanged"),
        "{text}"
    );
}

/// A document with a task.
fn task() -> Value {
    json!([{"id": "T-1", "title": "x", "created": "2025-01-01"}])
}

#[test]
fn one_record_of_one_file_is_in_the_singular() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("WORKSPACE-TASKS.json", task().to_string());
    let text = workspace.ok(&["import"]);
    assert_eq!(text.lines().last(), Some("Imported 1 record from 1 file"));
}

#[test]
fn open_session_is_noted_by_the_import_that_adds_it() {
    let workspace = TestWorkspace::new();
    let session = json!({"sessions": [
        {"session_id": "s1", "start_time": "2025-11-21T09:00:00Z", "user": "mira"},
    ]});
    workspace.write("SESSION-LOG.json", session.to_string());
    assert_snapshot!(workspace.stderr(&["import"]), @"note: your changes belong to no session, because your open session s1 has had no recent changes; run 'wsdb session end s1' to end it, or continue it with --session s1");
    workspace.ok(&["task", "add", "x"]);
    assert_eq!(workspace.stderr(&["import"]), "");
}

#[test]
fn missing_references_are_warned_about() {
    let workspace = TestWorkspace::new();
    let sample = fixture("handwritten").display().to_string();
    for _ in 0..2 {
        let stderr = workspace.stderr(&["import", &sample]);
        let warnings: Vec<&str> = stderr
            .lines()
            .filter(|line| line.starts_with("warning"))
            .collect();
        assert_eq!(
            warnings,
            [
                "warning: FIXTURES/handwritten/WORKSPACE-TASKS.json, $.active_tasks[3]: task WS-TASK-004: dependency WS-TASK-099 does not exist",
                "warning: FIXTURES/handwritten/CROSS-REPO-ISSUES.json, $.issues[1]: issue ISSUE-002: related task WS-TASK-777 does not exist",
            ]
        );
    }
}

/// An exported issue, and its document.
fn exported_issue() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["issue", "add", "x", "--type", "code_creep"]);
    workspace.ok(&["export"]);
    workspace
}

const ISSUES: &str = "CROSS-REPO-ISSUES.json";

fn issue_type(workspace: &TestWorkspace) -> Value {
    workspace.json(&["issue", "show", "1"])["issue_type"].clone()
}

#[test]
fn changed_one_of_two_field_names_is_imported() {
    let workspace = exported_issue();
    workspace.replace_in(ISSUES, r#""type": "code_creep""#, r#""type": "governance""#);
    workspace.replace_in(
        ISSUES,
        r#""related_task": null"#,
        r#""related_task": "WS-TASK-001""#,
    );
    workspace.ok(&["import"]);
    let issue = workspace.json(&["issue", "show", "1"]);
    assert_eq!(issue["issue_type"], "governance");
    assert_eq!(issue["related_task_id"], "WS-TASK-001");
    workspace.ok(&["export"]);
    workspace.replace_in(
        ISSUES,
        r#""issue_type": "governance""#,
        r#""issue_type": "bug""#,
    );
    workspace.ok(&["import"]);
    assert_eq!(issue_type(&workspace), "bug");
}

#[test]
fn two_field_names_with_different_values_are_refused() {
    let workspace = exported_issue();
    workspace.replace_in(
        ISSUES,
        r#""issue_type": "code_creep""#,
        r#""issue_type": "a""#,
    );
    workspace.replace_in(ISSUES, r#""type": "code_creep""#, r#""type": "b""#);
    assert_snapshot!(workspace.fails(1, &["import"]), @r#"
    error: 1 record cannot be imported; nothing was written
           CROSS-REPO-ISSUES.json, $.issues[0].type: type and issue_type are the same field, but their values differ: "b" and "a"; keep only one of them
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
    assert_eq!(issue_type(&workspace), "code_creep");
}

/// Records with values that an import corrects.
fn with_values_to_correct() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let tasks = json!({"tasks": [{"id": "Q", "title": "elsewhere"}], "active_tasks": [
        {"id": 7, "title": "n", "created": "2025-01-01T00:00:00.123456789Z", "updated": "2025-01-01",
         "priority": "", "scale_tier": 3.0, "dependencies": ["T-2 "], "assigned_to": ""},
        {"id": "T-2", "title": "u", "created": "2025-01-01", "completed": "2025-11-20",
         "completed_at": "2025-11-20T00:00:00Z"},
    ]});
    workspace.write("WORKSPACE-TASKS.json", tasks.to_string());
    let issues = json!({"issues": [
        {"id": "I-1", "type": "bug", "title": "x", "detected": "2025-01-01", "repo": ""},
    ]});
    workspace.write(ISSUES, issues.to_string());
    workspace
}

#[test]
fn corrected_values_are_warned_about() {
    let workspace = with_values_to_correct();
    assert_snapshot!(workspace.stderr(&["import"]), @r#"
    warning: CROSS-REPO-ISSUES.json, $.issues[0].severity: severity is missing; assumed MEDIUM
    warning: CROSS-REPO-ISSUES.json, $.issues[0].status: status is missing; assumed open
    warning: WORKSPACE-TASKS.json, $.active_tasks[0].id: "7" was read as a string
    warning: WORKSPACE-TASKS.json, $.active_tasks[0].priority: "" was read as null
    warning: WORKSPACE-TASKS.json, $.active_tasks[0].dependencies: "T-2 " was read as "T-2"
    warning: WORKSPACE-TASKS.json, $.active_tasks[0].created: "2025-01-01T00:00:00.123456789Z" was read as 2025-01-01T00:00:00.123456Z
    warning: WORKSPACE-TASKS.json, $.tasks: the record in tasks was not imported: expected it under active_tasks or completed_tasks; move it there to import it
    "#);
}

#[test]
fn corrected_values_are_imported() {
    let workspace = with_values_to_correct();
    workspace.ok(&["import"]);
    let task = workspace.json(&["task", "show", "7"]);
    assert_eq!(task["id"], "7");
    assert_eq!(task["scale_tier"], 3);
    assert_eq!(task["dependencies"], json!(["T-2"]));
    assert_eq!(task["assigned_to"], "");
    let issue = workspace.json(&["issue", "show", "1"]);
    assert_eq!(issue["severity"], "MEDIUM");
    assert_eq!(issue["status"], "open");
    assert_eq!(issue["repos_affected"], json!([]));
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
}

#[test]
fn changed_field_of_a_document_is_a_change() {
    let workspace = TestWorkspace::with_workspace();
    let document = |version| json!({"version": version, "active_tasks": []}).to_string();
    workspace.write("WORKSPACE-TASKS.json", document("1"));
    workspace.ok(&["import"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    workspace.write("WORKSPACE-TASKS.json", document("2"));
    let plan = workspace.json(&["import", "--dry-run"]);
    assert_eq!(plan["unchanged"], false);
    assert_eq!(plan["counts"]["document_fields"]["changed"], 1);
    workspace.ok(&["import"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
}

#[test]
fn very_small_and_large_numbers_are_unchanged_by_a_second_import() {
    let workspace = TestWorkspace::with_workspace();
    let mut tasks = task();
    tasks[0]["z"] = json!([1e-7, 1.5e-8, 1e22, 0.1]);
    workspace.write("WORKSPACE-TASKS.json", tasks.to_string());
    workspace.ok(&["import"]);
    workspace.ok(&["export", "out"]);
    assert_eq!(workspace.json(&["import"])["unchanged"], true);
    assert_eq!(workspace.json(&["import", "--replace"])["unchanged"], true);
}

fn export_and_import_keep_every_table() {
    let workspace = TestWorkspace::with_workspace();
    let generated = xtask::fixtures::generate(300, 7);
    let number_of_documents = generated.len();
    for (name, text) in generated {
        workspace.write(&format!("generated/{name}"), text);
    }
    let imported = workspace.json(&["import", "generated"]);
    let counts = imported["counts"].as_object().unwrap().iter();
    let without = counts.filter(|(_, counts)| counts["new"] == 0);
    let without: Vec<&String> = without.map(|(list, _)| list).collect();
    assert_eq!(without, ["claims", "history"], "{imported:#}");
    workspace.ok(&["export", "first"]);
    let again = TestWorkspace::with_workspace();
    again.ok(&[
        "import",
        &workspace.path().join("first").display().to_string(),
    ]);
    again.ok(&["export", "second"]);
    assert_eq!(
        documents(&workspace.path().join("first")),
        documents(&again.path().join("second"))
    );
    assert_eq!(
        documents(&workspace.path().join("first")).len(),
        number_of_documents
    );
}

/// The documents in a folder, by name.
fn documents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
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
