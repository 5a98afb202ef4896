//! Exports over files with edits that were never imported.

use insta::assert_snapshot;
use serde_json::json;
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    edit_back_to_an_imported_text_is_not_overwritten,
    edit_back_in_an_export_is_not_overwritten,
    edit_back_to_the_latest_export_is_not_overwritten,
    older_exports_are_overwritten,
}

const TASKS: &str = "WORKSPACE-TASKS.json";

/// Writes a document by hand.
fn write(workspace: &TestWorkspace, priority: &str) {
    let task = json!({"id": "T-1", "title": "Prune vines", "created": "2026-01-05",
        "priority": priority});
    workspace.write(TASKS, json!({"active_tasks": [task]}).to_string());
}

/// A workspace with an exported task.
fn exported(priority: &str) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Prune vines", "--priority", priority]);
    workspace.ok(&["export"]);
    workspace
}

fn edit_file(workspace: &TestWorkspace, from: &str, to: &str) {
    workspace.replace_in(TASKS, &format!("\"{from}\""), &format!("\"{to}\""));
}

/// Checks that an export leaves the file alone.
fn assert_refused(workspace: &TestWorkspace) {
    let before = workspace.read(TASKS);
    let error = workspace.fails(1, &["export"]);
    assert!(
        error.contains("changed since the last import or export"),
        "{error}"
    );
    assert_eq!(workspace.read(TASKS), before);
}

fn edit_back_to_an_imported_text_is_not_overwritten() {
    let workspace = TestWorkspace::with_workspace();
    for priority in ["LOW", "HIGH", "LOW"] {
        write(&workspace, priority);
        workspace.ok(&["import"]);
    }
    workspace.ok(&["task", "edit", "T-1", "--priority", "CRITICAL"]);
    write(&workspace, "HIGH");
    assert_refused(&workspace);
    // The import reports the conflict; that resolves nothing.
    assert_eq!(workspace.run(&["import"]).status.code(), Some(1));
    assert_refused(&workspace);
    workspace.ok(&["import", "--prefer", "database"]);
    workspace.ok(&["export"]);
}

fn edit_back_in_an_export_is_not_overwritten() {
    let workspace = exported("medium");
    for (from, to) in [("MEDIUM", "HIGH"), ("HIGH", "LOW")] {
        edit_file(&workspace, from, to);
        workspace.ok(&["import"]);
    }
    workspace.ok(&["task", "edit", "1", "--priority", "CRITICAL"]);
    edit_file(&workspace, "LOW", "HIGH");
    assert_refused(&workspace);
}

fn edit_back_to_the_latest_export_is_not_overwritten() {
    let workspace = exported("medium");
    edit_file(&workspace, "MEDIUM", "LOW");
    workspace.ok(&["import"]);
    workspace.ok(&["task", "edit", "1", "--priority", "CRITICAL"]);
    edit_file(&workspace, "LOW", "MEDIUM");
    assert_refused(&workspace);
    // Undoing the import makes the export the last text again.
    workspace.ok(&["undo", "--last", "2"]);
    workspace.ok(&["task", "edit", "1", "--priority", "CRITICAL"]);
    workspace.ok(&["export"]);
}

/// An import of an older export changes nothing, either.
fn older_exports_are_overwritten() {
    let workspace = exported("low");
    let first = workspace.read(TASKS);
    for priority in ["medium", "high"] {
        workspace.ok(&["task", "edit", "1", "--priority", priority]);
        workspace.ok(&["export"]);
    }
    let latest = workspace.read(TASKS);
    workspace.write(TASKS, &first);
    workspace.ok(&["export"]);
    assert_eq!(workspace.read(TASKS), latest);
}

#[test]
fn text_imported_from_another_folder_is_not_overwritten() {
    let workspace = exported("low");
    edit_file(&workspace, "LOW", "HIGH");
    workspace.write(&format!("other/{TASKS}"), workspace.read(TASKS));
    workspace.ok(&["import", "other"]);
    workspace.ok(&["task", "edit", "1", "--priority", "CRITICAL"]);
    assert_refused(&workspace);
}

/// The rest of the file was imported, so that its former text is an edit.
#[test]
fn text_from_before_an_import_with_conflicts_is_not_overwritten() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Prune vines", "--notes", "n"]);
    workspace.ok(&["export"]);
    let exported = workspace.read(TASKS);
    workspace.ok(&["task", "edit", "1", "--title", "Prune trees"]);
    edit_file(&workspace, "Prune vines", "Prune apples");
    edit_file(&workspace, "n", "new");
    assert_eq!(workspace.run(&["import"]).status.code(), Some(1));
    workspace.write(TASKS, exported);
    assert_refused(&workspace);
}

#[test]
fn refused_export_names_the_ways_out() {
    let workspace = exported("low");
    edit_file(&workspace, "LOW", "HIGH");
    assert_snapshot!(workspace.fails(1, &["export"]), @"
    error: DIR/WORKSPACE-TASKS.json changed since the last import or export; exporting would overwrite the changes
    hint: run 'wsdb import DIR' first, with --renumber if it leaves out records, or with --prefer file or --prefer database if it reports conflicts; or use --force to overwrite the changes
    ");
}

#[test]
fn export_writes_through_links() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "One"]);
    workspace.ok(&["export", "docs"]);
    let file = workspace.path().join("docs/WORKSPACE-TASKS.json");
    std::fs::create_dir(workspace.path().join("shared")).unwrap();
    std::fs::rename(&file, workspace.path().join("shared/TASKS.json")).unwrap();
    std::os::unix::fs::symlink("../shared/TASKS.json", &file).unwrap();
    for (title, options) in [
        ("Two", &["export", "docs"][..]),
        ("Three", &["export", "docs", "--force"]),
    ] {
        workspace.ok(&["task", "add", title]);
        workspace.ok(options);
        assert!(file.is_symlink(), "{title}");
        assert!(workspace.read("shared/TASKS.json").contains(title));
        assert!(workspace.ok(&["export", "docs"]).contains("unchanged"));
        assert_eq!(workspace.json(&["import", "docs"])["unchanged"], true);
    }
    // The file that the link leads to is missing.
    std::fs::remove_file(workspace.path().join("shared/TASKS.json")).unwrap();
    workspace.ok(&["export", "docs"]);
    assert!(file.is_symlink());
    assert!(workspace.read("shared/TASKS.json").contains("Three"));
}
