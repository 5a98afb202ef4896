//! `HISTORY.json`: history in documents.

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::{TestWorkspace, fixture};

use crate::history::{last_change, orchard, total};

wsdb_tests::on_both! {
    export_writes_history_on_request,
    import_takes_history_along,
    imported_changes_can_be_undone,
    import_with_history_can_be_undone,
    known_history_is_not_imported_again,
    diverged_history_is_not_imported,
    wrong_history_is_refused,
}

/// The files in a folder, by name.
fn files(workspace: &TestWorkspace, name: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(workspace.path().join(name)).unwrap();
    let files = entries.map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy();
        (name.into_owned(), std::fs::read_to_string(&path).unwrap())
    });
    let mut files: Vec<_> = files.collect();
    files.sort();
    files
}

/// A workspace with changes of every sort, exported with its history to a folder `out`, whose
/// path comes with it.
fn exported() -> (TestWorkspace, String) {
    let workspace = orchard();
    let sample = fixture("exported").display().to_string();
    workspace.ok(&["import", &sample, "--prefer", "file"]);
    workspace.ok(&["session", "start"]);
    workspace.ok(&["task", "rm", "2", "--force"]);
    workspace.ok(&["undo"]);
    workspace.ok(&["task", "edit", "1", "--notes", "„Äpfel“\n\u{1b}"]);
    workspace.ok(&["export", "out", "--history"]);
    let out = workspace.path().join("out").display().to_string();
    (workspace, out)
}

/// What an import did with the history.
fn history_counts(imported: &Value) -> &Value {
    let mut kinds = imported["kinds"].as_array().unwrap().iter();
    kinds.find(|kind| kind["kind"] == "history").unwrap()
}

fn export_writes_history_on_request() {
    let (workspace, _) = exported();
    assert!(workspace.path().join("out/HISTORY.json").exists());
    let again = workspace.ok(&["export", "out", "--history"]);
    assert!(!again.contains("written"), "{again}");
    workspace.ok(&["export", "without"]);
    assert!(!workspace.path().join("without/HISTORY.json").exists());
}

fn import_takes_history_along() {
    let (workspace, out) = exported();
    let total = total(&workspace, &[]);
    let other = TestWorkspace::new();
    let planned = other.json(&["import", &out, "--dry-run"]);
    assert_eq!(history_counts(&planned)["new"], total);
    other.ok(&["import", &out]);
    other.ok(&["export", "out", "--history"]);
    assert_eq!(files(&other, "out"), files(&workspace, "out"));
    let history = other.json(&["history"])["history"].clone();
    assert_eq!(history[0]["verb"], "import with history");
    // The changes are the same in every field.
    let original = workspace.json(&["history", "--fields"]);
    let imported = other.json(&["history", "--fields", "--offset", "1"]);
    assert_eq!(imported["history"], original["history"]);
}

fn imported_changes_can_be_undone() {
    let (workspace, out) = exported();
    let other = TestWorkspace::new();
    other.ok(&["import", &out]);
    let number = last_change(&workspace);
    other.ok(&["undo", &number]);
    workspace.ok(&["undo", &number]);
    let task = |workspace: &TestWorkspace| {
        let mut task = workspace.json(&["task", "show", "1"]);
        task["updated"].take();
        task
    };
    assert_eq!(task(&other), task(&workspace));
}

fn import_with_history_can_be_undone() {
    let (_workspace, out) = exported();
    let other = TestWorkspace::new();
    other.ok(&["import", &out]);
    other.ok(&["undo"]);
    assert_eq!(other.json(&["task", "list"])["total"], 0);
}

fn known_history_is_not_imported_again() {
    let (workspace, out) = exported();
    let total = total(&workspace, &[]);
    let imported = workspace.json(&["import", &out]);
    assert_eq!(history_counts(&imported)["unchanged"], total);
}

fn diverged_history_is_not_imported() {
    let workspace = orchard();
    workspace.ok(&["export", "out", "--history"]);
    let out = workspace.path().join("out").display().to_string();
    let other = TestWorkspace::with_workspace();
    other.advance(std::time::Duration::from_secs(3600));
    other.ok(&["task", "add", "Something else"]);
    assert_snapshot!(other.stderr(&["import", &out, "--prefer", "file"]), @"warning: the file's history was not imported: its change #1 (task add) differs from the change with the same number in this database");
    assert_eq!(total(&other, &[]), 2);
}

fn wrong_history_is_refused() {
    let workspace = orchard();
    workspace.ok(&["export", "out", "--history"]);
    workspace.replace_in("out/HISTORY.json", "\"added\"", "\"grown\"");
    let out = workspace.path().join("out").display().to_string();
    let error = TestWorkspace::new().fails(1, &["import", &out]);
    assert_snapshot!(error.replace(&out, "OUT"), @r#"
    error: 1 record cannot be imported; nothing was written
           OUT/HISTORY.json, $.actions[0]: unknown kind of change "grown"
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
}
