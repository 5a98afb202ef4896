//! `HISTORY.json`: export and import of the history.

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::{TestWorkspace, fixture};

use crate::history::{last_change, orchard, total};

wsdb_tests::on_sqlite_and_postgres! {
    import_with_history_restores_all_changes,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    export_writes_the_history_on_request,
    import_of_a_history_is_a_change,
    imported_changes_can_be_undone,
    import_with_history_can_be_undone,
    diverged_history_is_not_imported,
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

/// A workspace that was exported with its history to the folder `out`.
struct Exported {
    workspace: TestWorkspace,
    /// The path of the folder.
    folder: String,
}

/// Exports two changes.
fn exported() -> Exported {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing"]);
    workspace.ok(&["task", "edit", "1", "--notes", "soon"]);
    export(workspace)
}

fn export(workspace: TestWorkspace) -> Exported {
    workspace.ok(&["export", "out", "--history"]);
    let folder = workspace.path().join("out").display().to_string();
    Exported { workspace, folder }
}

/// Exports an import, changes of several types of records, a deletion and its undo.
fn exported_variety() -> Exported {
    let workspace = orchard();
    let sample = fixture("exported").display().to_string();
    workspace.ok(&["import", &sample, "--prefer", "file"]);
    workspace.ok(&["session", "start"]);
    workspace.ok(&["task", "rm", "2", "--force"]);
    workspace.ok(&["undo"]);
    workspace.ok(&["task", "edit", "1", "--notes", "„Äpfel“\n\u{1b}"]);
    export(workspace)
}

/// The counts of changes in the result of an import.
fn history_counts(imported: &Value) -> &Value {
    &imported["counts"]["history"]
}

fn export_writes_the_history_on_request() {
    let Exported { workspace, .. } = exported();
    assert!(workspace.path().join("out/HISTORY.json").exists());
    workspace.ok(&["export", "without"]);
    assert!(!workspace.path().join("without/HISTORY.json").exists());
}

#[test]
fn unchanged_history_is_not_written_again() {
    let Exported { workspace, .. } = exported();
    let again = workspace.ok(&["export", "out", "--history"]);
    assert!(!again.contains("written"), "{again}");
}

fn import_with_history_restores_all_changes() {
    let Exported { workspace, folder } = exported_variety();
    let other = TestWorkspace::with_workspace();
    other.ok(&["import", &folder]);
    let original = workspace.json(&["history", "--fields"]);
    let imported = other.json(&["history", "--fields", "--offset", "1"]);
    assert_eq!(imported["history"], original["history"]);
    other.ok(&["export", "out", "--history"]);
    assert_eq!(files(&other, "out"), files(&workspace, "out"));
}

fn import_of_a_history_is_a_change() {
    let source = exported();
    let other = TestWorkspace::with_workspace();
    let planned = other.json(&["import", &source.folder, "--dry-run"]);
    assert_eq!(history_counts(&planned)["new"], 2);
    other.ok(&["import", &source.folder]);
    let history = other.json(&["history"]);
    assert_eq!(history["total"], 3);
    assert_eq!(history["history"][0]["verb"], "import with history");
}

fn imported_changes_can_be_undone() {
    let Exported { workspace, folder } = exported();
    let other = TestWorkspace::with_workspace();
    other.ok(&["import", &folder]);
    let number = last_change(&workspace);
    let undo_edit = |workspace: &TestWorkspace| {
        workspace.ok(&["undo", &number]);
        let mut task = workspace.json(&["task", "show", "1"]);
        task["updated"].take();
        task
    };
    let task = undo_edit(&other);
    assert_eq!(task["notes"], Value::Null);
    assert_eq!(task, undo_edit(&workspace));
}

fn import_with_history_can_be_undone() {
    let other = TestWorkspace::with_workspace();
    other.ok(&["import", &exported().folder]);
    other.ok(&["undo"]);
    assert_eq!(other.json(&["task", "list"])["total"], 0);
}

#[test]
fn known_history_is_not_imported_again() {
    let Exported { workspace, folder } = exported();
    let imported = workspace.json(&["import", &folder]);
    assert_eq!(history_counts(&imported)["unchanged"], 2);
    assert_eq!(total(&workspace, &[]), 2);
}

fn diverged_history_is_not_imported() {
    let source = exported();
    let other = TestWorkspace::with_workspace();
    other.advance(std::time::Duration::from_secs(3600));
    other.ok(&["task", "add", "Something else"]);
    assert_snapshot!(other.stderr(&["import", &source.folder, "--prefer", "file"]), @"warning: the file's history was not imported: its change #1 (task add) differs from the change with the same number in this database");
    assert_eq!(total(&other, &[]), 2);
}

#[test]
fn invalid_history_is_refused() {
    let Exported { workspace, folder } = exported();
    workspace.replace_in("out/HISTORY.json", "\"added\"", "\"enlarged\"");
    let error = TestWorkspace::with_workspace().fails(1, &["import", &folder]);
    assert_snapshot!(error.replace(&folder, "OUT"), @r#"
    error: 1 record cannot be imported; nothing was written
           OUT/HISTORY.json, $.actions[0]: unknown change type "enlarged"
    hint: fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records with --skip-rejects
    "#);
}

#[test]
fn history_that_was_not_imported_is_not_overwritten() {
    let source = exported();
    let other = TestWorkspace::with_workspace();
    other.advance(std::time::Duration::from_secs(3600));
    other.ok(&["task", "add", "Something else"]);
    let history = source.workspace.read("out/HISTORY.json");
    other.write("out/HISTORY.json", &history);
    let export = ["export", "out", "--history"];
    for _ in 0..2 {
        other.ok(&["import", "out"]);
        let error = other.fails(1, &export);
        assert!(error.contains("HISTORY.json"), "{error}");
        assert_eq!(other.read("out/HISTORY.json"), history);
    }
    other.ok(&[&export[..], &["--force"]].concat());
    other.ok(&export);
}

#[test]
fn new_document_without_fields_is_no_change() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "One"]);
    workspace.ok(&["export", "docs", "--history"]);
    let other = TestWorkspace::with_workspace();
    let docs = workspace.path().join("docs");
    let docs = docs.display().to_string();
    let tasks = format!("{docs}/WORKSPACE-TASKS.json");
    other.ok(&["import", &tasks]);
    let before = other.ok(&["history"]);
    for _ in 0..2 {
        let imported = other.ok(&["import", &docs]);
        assert!(imported.contains("Nothing to import"), "{imported}");
        assert!(!imported.contains("HISTORY.json"), "{imported}");
        assert_eq!(other.ok(&["history"]), before);
    }
}
