//! The base of a merge: the version that the record in the file was made from.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    older_export_changes_nothing,
    edit_in_an_older_export_is_imported,
    export_to_another_folder_does_not_move_the_base,
    branches_of_an_export_are_merged_by_git,
    field_edited_back_in_the_latest_export_is_imported,
    older_export_is_known_after_history_is_pruned,
    file_that_was_no_export_is_edited_there_and_back,
    exports_of_two_databases_are_merged,
    undone_import_can_be_imported_again,
    same_content_has_the_same_rev,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    exported_file_is_edited_twice,
    version_of_another_database_stays_known,
    difference_without_a_base_is_a_conflict,
    older_export_of_a_deleted_record_stays_deleted,
    undone_import_can_be_imported_again_after_an_export,
    exported_version_of_an_undone_change_is_older,
    older_export_does_not_change_a_claim,
    unchanged_export_is_no_change_in_history,
    last_seen_mark_is_no_content,
    own_field_named_rev_is_kept,
}

const TASKS: &str = "WORKSPACE-TASKS.json";

/// A task with two fields, exported to the folder `one`.
fn exported() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let add = ["task", "add", "Title", "--priority", "high", "--notes", "n"];
    workspace.ok(&add);
    workspace.ok(&["export", "one"]);
    workspace
}

/// As [`exported`], then edited and exported to the folder `two`.
fn exported_twice() -> TestWorkspace {
    let workspace = exported();
    workspace.ok(&["task", "edit", "1", "--priority", "critical"]);
    workspace.ok(&["task", "done", "1"]);
    workspace.ok(&["export", "two"]);
    workspace
}

fn task(workspace: &TestWorkspace) -> Value {
    workspace.json(&["task", "show", "1"])
}

fn file_in(folder: &str) -> String {
    format!("{folder}/{TASKS}")
}

fn task_in(workspace: &TestWorkspace, folder: &str) -> Value {
    let document: Value = serde_json::from_str(&workspace.read(&file_in(folder))).unwrap();
    document["active_tasks"][0].clone()
}

fn older_export_changes_nothing() {
    let workspace = exported_twice();
    let before = task(&workspace);
    let imported = workspace.json(&["import", "one"]);
    assert_eq!(imported["unchanged"], true, "{imported:#}");
    assert_eq!(imported["conflicts"], json!([]));
    assert_eq!(imported["older"]["tasks"], 1);
    assert_eq!(task(&workspace), before);
    let notes = workspace.stderr(&["import", "one"]);
    assert!(
        notes.contains(
            "note: 1 task is older in the files than in the database and was not imported\n"
        ),
        "{notes}"
    );
}

fn edit_in_an_older_export_is_imported() {
    let workspace = exported_twice();
    workspace.replace_in(&file_in("one"), "\"Title\"", "\"Edited\"");
    workspace.ok(&["import", "one"]);
    let task = task(&workspace);
    assert_eq!(task["title"], "Edited");
    assert_eq!(task["priority"], "CRITICAL");
    assert_eq!(task["status"], "completed");
}

fn export_to_another_folder_does_not_move_the_base() {
    let workspace = exported();
    workspace.ok(&["task", "edit", "1", "--notes", "database"]);
    workspace.ok(&["export", "two"]);
    // The same folder under another name.
    workspace.replace_in(&file_in("one"), "\"Title\"", "\"Edited\"");
    workspace.ok(&["import", "./two/../one"]);
    assert_eq!(task(&workspace)["title"], "Edited");
    assert_eq!(task(&workspace)["notes"], "database");
}

fn git(folder: &Path, args: &[&str]) {
    let settings = ["-c", "user.name=mira", "-c", "user.email=mira@example.com"];
    let output = Command::new("git")
        .current_dir(folder)
        .args(settings)
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {output:?}");
}

fn branches_of_an_export_are_merged_by_git() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "First", "--notes", "n"]);
    workspace.ok(&["task", "add", "Second"]);
    workspace.ok(&["export", "docs"]);
    let docs = workspace.path().join("docs");
    git(&docs, &["init", "-q", "-b", "main"]);
    git(&docs, &["add", "."]);
    git(&docs, &["commit", "-qm", "export"]);
    git(&docs, &["switch", "-qc", "branch"]);
    workspace.replace_in(&file_in("docs"), "\"First\"", "\"By hand\"");
    git(&docs, &["commit", "-qam", "by hand"]);
    git(&docs, &["switch", "-q", "main"]);
    workspace.ok(&["task", "edit", "2", "--title", "Exported"]);
    workspace.ok(&["export", "docs"]);
    git(&docs, &["commit", "-qam", "exported"]);
    workspace.ok(&["task", "edit", "2", "--title", "Later"]);
    workspace.ok(&["task", "edit", "1", "--notes", "later"]);
    git(&docs, &["merge", "-q", "branch"]);
    workspace.ok(&["import", "docs"]);
    assert_eq!(task(&workspace)["title"], "By hand");
    assert_eq!(task(&workspace)["notes"], "later");
    assert_eq!(workspace.json(&["task", "show", "2"])["title"], "Later");
}

fn field_edited_back_in_the_latest_export_is_imported() {
    let workspace = exported();
    workspace.ok(&["task", "edit", "1", "--priority", "critical"]);
    workspace.ok(&["export", "one"]);
    workspace.replace_in(&file_in("one"), "\"CRITICAL\"", "\"HIGH\"");
    workspace.ok(&["import", "one"]);
    assert_eq!(task(&workspace)["priority"], "HIGH");
}

fn older_export_is_known_after_history_is_pruned() {
    let workspace = exported_twice();
    workspace.ok(&["export", "one", "--force"]);
    // Neither a file nor history has the first version any more.
    let older = exported();
    let older = older.read(&file_in("one"));
    workspace.ok(&["history", "prune", "--keep", "1"]);
    workspace.write(&file_in("three"), older);
    let before = task(&workspace);
    let imported = workspace.json(&["import", "three"]);
    assert_eq!(imported["older"]["tasks"], 1);
    assert_eq!(task(&workspace), before);
}

fn file_that_was_no_export_is_edited_there_and_back() {
    let workspace = TestWorkspace::with_workspace();
    let write = |priority: &str| {
        let tasks = json!({"active_tasks": [{"id": "T-1", "title": "x", "created": "2025-01-01",
            "priority": priority}]});
        workspace.write(TASKS, tasks.to_string());
        workspace.ok(&["import"]);
        workspace.json(&["task", "show", "T-1"])["priority"].clone()
    };
    for priority in ["CRITICAL", "LOW", "CRITICAL", "LOW"] {
        assert_eq!(write(priority), priority);
    }
}

fn exported_file_is_edited_twice() {
    let workspace = exported();
    for (from, to) in [("Title", "First"), ("First", "Second"), ("Second", "Title")] {
        workspace.replace_in(
            &file_in("one"),
            &format!("\"{from}\""),
            &format!("\"{to}\""),
        );
        workspace.ok(&["import", "one"]);
        assert_eq!(task(&workspace)["title"], to);
    }
}

/// Copies the documents in a folder from one workspace to another, as git does.
fn copy(from: &TestWorkspace, to: &TestWorkspace, folder: &str) {
    to.write(&file_in(folder), from.read(&file_in(folder)));
}

/// Two workspaces with the task of [`exported`] in the same folder.
fn two_databases() -> [TestWorkspace; 2] {
    let (first, second) = (exported(), TestWorkspace::with_workspace());
    copy(&first, &second, "one");
    second.ok(&["import", "one"]);
    [first, second]
}

fn exports_of_two_databases_are_merged() {
    let [first, second] = two_databases();
    first.ok(&["task", "edit", "1", "--title", "First"]);
    second.ok(&["task", "edit", "1", "--notes", "second"]);
    first.ok(&["export", "one"]);
    copy(&first, &second, "one");
    second.ok(&["import", "one"]);
    first.ok(&["task", "edit", "1", "--priority", "low"]);
    second.ok(&["export", "one"]);
    copy(&second, &first, "one");
    first.ok(&["import", "one"]);
    let merged = task(&first);
    assert_eq!(merged["title"], "First");
    assert_eq!(merged["notes"], "second");
    assert_eq!(merged["priority"], "LOW");
    assert_eq!(task(&second)["title"], "First");
}

fn version_of_another_database_stays_known() {
    let [first, second] = two_databases();
    first.ok(&["task", "edit", "1", "--title", "First"]);
    second.ok(&["task", "edit", "1", "--notes", "second"]);
    first.ok(&["export", "one"]);
    copy(&first, &second, "one");
    second.ok(&["import", "one"]);
    second.ok(&["task", "edit", "1", "--title", "Later"]);
    second.ok(&["export", "one"]);
    copy(&first, &second, "one");
    let imported = second.json(&["import", "one"]);
    assert_eq!(imported["older"]["tasks"], 1);
    assert_eq!(task(&second)["title"], "Later");
    assert_eq!(task(&second)["notes"], "second");
}

fn difference_without_a_base_is_a_conflict() {
    let workspace = exported();
    let mut file = task_in(&workspace, "one");
    file.as_object_mut().unwrap().remove("rev");
    file["title"] = json!("File");
    file["updated"] = json!("2099-01-01T00:00:00");
    workspace.write(TASKS, json!([file]).to_string());
    let output = workspace.run(&["import", TASKS, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let imported: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        imported["conflicts"],
        json!([{"record_type": "task", "id": "WS-TASK-001", "field": "title", "file": "File",
            "database": "Title", "id_in_database": null}])
    );
    assert_eq!(task(&workspace)["title"], "Title");
}

fn older_export_of_a_deleted_record_stays_deleted() {
    let workspace = exported_twice();
    workspace.write(&file_in("three"), workspace.read(&file_in("one")));
    workspace.ok(&["task", "rm", "1"]);
    let imported = workspace.json(&["import", "three"]);
    assert_eq!(
        imported["stay_deleted"],
        json!([{"record_type": "task", "id": "WS-TASK-001"}])
    );
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
}

fn undone_import_can_be_imported_again() {
    let [first, second] = two_databases();
    first.ok(&["task", "edit", "1", "--title", "First"]);
    first.ok(&["export", "one"]);
    copy(&first, &second, "one");
    for _ in 0..2 {
        second.ok(&["import", "one"]);
        assert_eq!(task(&second)["title"], "First");
        second.ok(&["undo"]);
        assert_eq!(task(&second)["title"], "Title");
    }
}

fn undone_import_can_be_imported_again_after_an_export() {
    let first = exported();
    first.ok(&["session", "start"]);
    let session = json!({"session_id": "S-1", "start_time": "2026-01-01", "status": "completed",
        "decisions_made": [{"id": "D-1", "decision": "Use pears", "date": "2026-01-01"}]});
    let second = TestWorkspace::with_workspace();
    copy(&first, &second, "one");
    second.write(
        "one/SESSION-LOG.json",
        json!({"sessions": [session]}).to_string(),
    );
    for _ in 0..2 {
        second.ok(&["import", "one"]);
        assert_eq!(task(&second)["title"], "Title");
        second.ok(&["decision", "show", "D-1"]);
        second.ok(&["export", "two", "--force"]);
        second.ok(&["undo"]);
    }
    second.ok(&["import", "one"]);
    first.ok(&["task", "edit", "1", "--title", "First"]);
    first.ok(&["export", "one"]);
    copy(&first, &second, "one");
    for _ in 0..2 {
        second.ok(&["import", "one"]);
        assert_eq!(task(&second)["title"], "First");
        second.ok(&["export", "two", "--force"]);
        second.ok(&["undo"]);
        assert_eq!(task(&second)["title"], "Title");
    }
}

fn exported_version_of_an_undone_change_is_older() {
    let workspace = exported();
    workspace.ok(&["task", "edit", "1", "--priority", "critical"]);
    workspace.ok(&["task", "add", "Second"]);
    workspace.ok(&["export", "one"]);
    let undone = workspace.read(&file_in("one"));
    workspace.ok(&["undo", "--last", "2"]);
    workspace.ok(&["export", "one"]);
    for folder in ["one", "two"] {
        workspace.write(&file_in(folder), &undone);
        workspace.ok(&["import", folder]);
        assert_eq!(workspace.json(&["task", "list"])["total"], 1);
        assert_eq!(task(&workspace)["priority"], "HIGH");
    }
    // In the latest export, the same is an edit.
    workspace.ok(&["export", "one", "--force"]);
    workspace.replace_in(&file_in("one"), "\"HIGH\"", "\"CRITICAL\"");
    workspace.ok(&["import", "one"]);
    assert_eq!(task(&workspace)["priority"], "CRITICAL");
}

fn older_export_does_not_change_a_claim() {
    let workspace = exported();
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["export", "two"]);
    workspace.ok(&["task", "release", "1"]);
    workspace.ok(&["export", "two"]);
    let claimed = task(&workspace);
    workspace.ok(&["import", "one"]);
    assert_eq!(task(&workspace), claimed);
    workspace.ok(&["task", "claim", "1"]);
    workspace.ok(&["export", "three"]);
    workspace.ok(&["task", "done", "1"]);
    workspace.write(&file_in("four"), workspace.read(&file_in("three")));
    let done = task(&workspace);
    workspace.ok(&["import", "four"]);
    assert_eq!(task(&workspace), done);
}

fn unchanged_export_is_no_change_in_history() {
    let workspace = exported_twice();
    let before = workspace.ok(&["history", "--format", "jsonl"]);
    workspace.ok(&["import", "two"]);
    workspace.write(&file_in("three"), workspace.read(&file_in("two")));
    workspace.ok(&["import", "three"]);
    assert_eq!(workspace.ok(&["history", "--format", "jsonl"]), before);
    workspace.ok(&["export", "three"]);
    assert_eq!(
        workspace.read(&file_in("three")),
        workspace.read(&file_in("two"))
    );
}

fn last_seen_mark_is_no_content() {
    let workspace = TestWorkspace::with_workspace();
    let record = |time: &str| {
        let detection = json!({"id": "DRIFT-001", "repo": "core", "violation_type": "scope",
            "severity": "LOW", "file_path": "a.py", "status": "open", "detected_at": "2025-01-01", "last_seen": time});
        workspace.write(
            "DRIFT.json",
            json!({"drift_detections": [detection]}).to_string(),
        );
        workspace.ok(&["import", "DRIFT.json"]);
        workspace.ok(&["export", "out"]);
        let exported: Value = serde_json::from_str(&workspace.read("out/DRIFT.json")).unwrap();
        let detection = &exported["drift_detections"][0];
        (detection["last_seen"].clone(), detection["rev"].clone())
    };
    let (first, second) = (record("2025-01-02"), record("2025-01-03"));
    assert_ne!(first.0, second.0);
    assert_eq!(first.1, second.1);
}

fn own_field_named_rev_is_kept() {
    let workspace = TestWorkspace::with_workspace();
    let tasks = json!({"active_tasks": [
        {"id": "T-1", "title": "x", "created": "2025-01-01", "rev": "A7"},
        {"id": "T-2", "title": "y", "created": "2025-01-01"},
    ]});
    workspace.write(TASKS, tasks.to_string());
    workspace.ok(&["import"]);
    workspace.ok(&["export", "out"]);
    let exported: Value = serde_json::from_str(&workspace.read(&file_in("out"))).unwrap();
    assert_eq!(exported["active_tasks"][0]["rev"], "A7");
    let rev = exported["active_tasks"][1]["rev"].as_str().unwrap();
    assert_eq!(rev.len(), 16);
    assert_eq!(workspace.json(&["import", "out"])["unchanged"], true);
    let kept = workspace.json(&["task", "show", "T-2"])["document_fields"].clone();
    assert_eq!(kept, json!({}));
}

#[test]
fn rev_typed_over_the_exported_one_is_ignored() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "One"]);
    for typed in [json!("mine"), json!(7), json!("0123456789abcdef")] {
        workspace.ok(&["export", "out", "--force"]);
        let mut file: Value = serde_json::from_str(&workspace.read(&file_in("out"))).unwrap();
        let rev = file["active_tasks"][0]["rev"].clone();
        file["active_tasks"][0]["rev"] = typed;
        workspace.write(&file_in("out"), file.to_string());
        assert_eq!(workspace.json(&["import", "out"])["unchanged"], true);
        let kept = workspace.json(&["task", "show", "1"])["document_fields"].clone();
        assert_eq!(kept, json!({}));
        workspace.ok(&["export", "out"]);
        assert_eq!(task_in(&workspace, "out")["rev"], rev);
    }
}

fn same_content_has_the_same_rev() {
    let [first, second] = two_databases();
    second.ok(&["export", "one"]);
    let rev = task_in(&first, "one")["rev"].clone();
    assert_eq!(task_in(&second, "one")["rev"], rev);
    first.ok(&["task", "edit", "1", "--title", "Other"]);
    first.ok(&["export", "one"]);
    assert_ne!(task_in(&first, "one")["rev"], rev);
}
