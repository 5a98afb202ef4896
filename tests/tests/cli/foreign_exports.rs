//! Exports of another workspace that has the same records, and versions that this one never saw.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::json;
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    export_over_a_newer_one_reverts_nothing,
    export_from_before_the_newer_one_is_merged,
    only_a_later_time_of_change_reverts_nothing,
    older_edit_of_a_field_is_a_conflict,
    changes_back_of_the_other_workspace_are_imported,
    equal_edits_do_not_show_that_a_version_was_seen,
    equal_edits_in_another_folder_do_not_show_it,
    edits_of_an_undone_import_are_imported_again,
    conflict_leaves_the_time_of_change,
    first_import_of_a_folder_keeps_own_changes,
    first_import_of_an_older_folder_reverts_nothing,
    folders_that_are_exchanged_are_merged_without_conflicts,
    undone_import_of_a_folder_is_imported_again,
    change_back_is_a_conflict,
    open_conflict_is_reported_for_every_copy_of_the_file,
    edit_of_an_unchanged_record_is_imported_after_a_prune,
    record_that_was_deleted_here_is_a_conflict,
    claim_that_the_other_workspace_has_not_seen_is_kept,
    export_from_before_an_undo_that_kept_later_changes_is_older,
    history_that_lacks_a_change_is_not_imported,
    import_after_an_undo_of_it_and_of_an_edit_is_complete,
}

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Two workspaces with the same task and issue, which the second one has imported from the folder of the
/// first one.
fn two_workspaces() -> [TestWorkspace; 2] {
    let [a, b] = [(); 2].map(|()| TestWorkspace::with_workspace());
    a.ok(&["task", "add", "Paint", "--priority", "LOW"]);
    a.ok(&["issue", "add", "Leak"]);
    a.ok(&["export", "docs"]);
    b.ok(&["import", &docs(&a)]);
    [a, b]
}

fn docs(workspace: &TestWorkspace) -> String {
    workspace.path().join("docs").display().to_string()
}

/// Exports the documents of a workspace over those of another one, as a checkout of its branch does.
fn replace_documents(from: &TestWorkspace, to: &TestWorkspace) {
    from.ok(&["export", "docs"]);
    for file in ["WORKSPACE-TASKS.json", "CROSS-REPO-ISSUES.json"] {
        let file = format!("docs/{file}");
        to.write(&file, from.read(&file));
    }
}

fn task(workspace: &TestWorkspace) -> [String; 2] {
    let task = workspace.json(&["task", "show", "1"]);
    ["title", "priority"].map(|field| task[field].as_str().unwrap_or_default().to_owned())
}

/// The other workspace has not seen the version that the file held here.
fn export_over_a_newer_one_reverts_nothing() {
    let [a, b] = two_workspaces();
    a.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    a.ok(&["export", "docs"]);
    b.advance(HOUR);
    b.ok(&["task", "edit", "1", "--title", "Paint the fence"]);
    replace_documents(&b, &a);
    let output = a.run(&["import", "docs"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(a.text(&output.stderr), @r#"
    conflict: priority of WS-TASK-001: "LOW" in the file, "HIGH" in the database
    hint: run the import again with --prefer file or --prefer database
    "#);
    assert_eq!(task(&a), ["Paint the fence", "HIGH"]);
    a.ok(&["import", "docs", "--prefer", "database"]);
    assert_eq!(task(&a), ["Paint the fence", "HIGH"]);
    a.ok(&["import", "docs"]);
    a.ok(&["export", "docs"]);
    b.ok(&["import", &docs(&a)]);
    assert_eq!(task(&b), ["Paint the fence", "HIGH"]);
}

/// What was edited earlier was not made from the version that the file held here.
fn export_from_before_the_newer_one_is_merged() {
    let [a, b] = two_workspaces();
    b.ok(&["task", "edit", "1", "--title", "Paint the fence"]);
    b.ok(&["task", "claim", "1"]);
    b.ok(&["task", "release", "1"]);
    a.advance(HOUR);
    a.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    a.ok(&["export", "docs"]);
    replace_documents(&b, &a);
    a.ok(&["import", "docs"]);
    assert_eq!(task(&a), ["Paint the fence", "HIGH"]);
}

/// The other workspace may have changed everything back, or never have seen what changed here.
fn only_a_later_time_of_change_reverts_nothing() {
    for is_later in [true, false] {
        let [a, b] = two_workspaces();
        a.ok(&["task", "edit", "1", "--priority", "HIGH"]);
        a.ok(&["export", "docs"]);
        let later = if is_later { &b } else { &a };
        later.advance(HOUR);
        b.ok(&["task", "claim", "1"]);
        b.ok(&["task", "release", "1"]);
        if !is_later {
            a.ok(&["task", "edit", "1", "--title", "Paint it"]);
            a.ok(&["export", "docs"]);
        }
        replace_documents(&b, &a);
        let output = a.run(&["import", "docs"]);
        assert_eq!(output.status.code(), Some(i32::from(is_later)));
        assert_eq!(task(&a)[1], "HIGH");
        assert_eq!(task(&a)[0], if is_later { "Paint" } else { "Paint it" });
    }
}

/// The database never saw the version in between, from which the file was made.
fn older_edit_of_a_field_is_a_conflict() {
    let [a, b] = two_workspaces();
    b.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    b.ok(&["export", "between"]);
    b.ok(&["task", "edit", "1", "--priority", "CRITICAL"]);
    replace_documents(&b, &a);
    a.ok(&["import", "docs"]);
    assert_eq!(task(&a)[1], "CRITICAL");
    a.write(
        "docs/WORKSPACE-TASKS.json",
        b.read("between/WORKSPACE-TASKS.json"),
    );
    let output = a.run(&["import", "docs"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(a.text(&output.stderr), @r#"
    conflict: priority of WS-TASK-001: "HIGH" in the file, "CRITICAL" in the database
    hint: run the import again with --prefer file or --prefer database
    "#);
    assert_eq!(task(&a)[1], "CRITICAL");
}

/// The other workspace made what it changed back.
fn changes_back_of_the_other_workspace_are_imported() {
    let [a, b] = two_workspaces();
    replace_documents(&a, &b);
    b.ok(&["import", "docs"]);
    for (command, status) in [("start", "in_progress"), ("reopen", "pending")] {
        a.ok(&["task", command, "1"]);
        replace_documents(&a, &b);
        b.ok(&["import", "docs"]);
        assert_eq!(b.json(&["task", "show", "1"])["status"], status);
    }
}

/// Both set the same priority; the title is a newer value that the file does not have.
fn equal_edits_do_not_show_that_a_version_was_seen() {
    let [a, b] = two_workspaces();
    a.ok(&[
        "task",
        "edit",
        "1",
        "--title",
        "Paint it",
        "--priority",
        "HIGH",
    ]);
    b.advance(HOUR);
    b.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    a.advance(HOUR * 2);
    a.ok(&["task", "block", "1"]);
    a.ok(&["export", "docs"]);
    replace_documents(&b, &a);
    assert_eq!(a.run(&["import", "docs"]).status.code(), Some(1));
    assert_eq!(task(&a), ["Paint it", "HIGH"]);
}

/// The same assignee does not show that the file has seen a version that is newer than what it held.
fn equal_edits_in_another_folder_do_not_show_it() {
    let [a, b] = two_workspaces();
    replace_documents(&b, &a);
    a.ok(&["import", "docs"]);
    let edit = ["issue", "edit", "1", "--assign", "carl", "--action"];
    a.ok(&[&edit[..], &["of A"]].concat());
    a.ok(&["issue", "edit", "1", "--severity", "HIGH"]);
    b.ok(&[&edit[..], &["of B"]].concat());
    replace_documents(&b, &a);
    assert_eq!(a.run(&["import", "docs"]).status.code(), Some(1));
    assert_eq!(a.json(&["issue", "show", "1"])["action_required"], "of A");
}

fn edits_of_an_undone_import_are_imported_again() {
    let [a, b] = two_workspaces();
    a.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    a.ok(&["export", "docs"]);
    b.ok(&["import", &docs(&a)]);
    b.advance(HOUR);
    b.ok(&["task", "edit", "1", "--title", "Paint it"]);
    b.ok(&["task", "edit", "1", "--description", "d"]);
    b.ok(&["undo", "--last", "3"]);
    assert_eq!(task(&b), ["Paint", "LOW"]);
    b.ok(&["import", &docs(&a)]);
    assert_eq!(task(&b), ["Paint", "HIGH"]);
    // An undo, its redo and an undo of that.
    for _ in 0..3 {
        let last = &b.json(&["history", "--limit", "1"])["history"][0]["change"];
        b.ok(&["undo", &last.to_string()]);
    }
    assert_eq!(task(&b), ["Paint", "LOW"]);
    b.ok(&["import", &docs(&a)]);
    assert_eq!(task(&b), ["Paint", "HIGH"]);
}

fn conflict_leaves_the_time_of_change() {
    let [a, b] = two_workspaces();
    for (workspace, priority) in [(&a, "HIGH"), (&b, "CRITICAL")] {
        workspace.ok(&["task", "edit", "1", "--priority", priority]);
    }
    b.advance(HOUR);
    b.ok(&["task", "edit", "1", "--priority", "MEDIUM"]);
    b.ok(&["export", "docs"]);
    let before = a.json(&["task", "show", "1"]);
    assert_eq!(a.run(&["import", &docs(&b)]).status.code(), Some(1));
    assert_eq!(a.json(&["task", "show", "1"]), before);
    a.ok(&["import", &docs(&b), "--prefer", "file"]);
    let updated =
        |workspace: &TestWorkspace| workspace.json(&["task", "show", "1"])["updated"].clone();
    assert_eq!(updated(&a), updated(&b));
}

fn first_import_of_a_folder_keeps_own_changes() {
    let [a, b] = two_workspaces();
    a.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    b.ok(&["task", "edit", "1", "--title", "Paint the fence"]);
    b.ok(&["issue", "edit", "1", "--severity", "LOW"]);
    b.ok(&["export", "docs"]);
    a.ok(&["import", &docs(&b)]);
    assert_eq!(task(&a), ["Paint the fence", "HIGH"]);
    // What both changed is a conflict.
    let [a, b] = two_workspaces();
    a.ok(&["task", "edit", "1", "--title", "Paint it"]);
    b.ok(&["task", "edit", "1", "--title", "Paint the fence"]);
    b.ok(&["export", "docs"]);
    let stderr = a.run(&["import", &docs(&b)]).stderr;
    assert_snapshot!(a.text(&stderr), @r#"
    conflict: title of WS-TASK-001: "Paint the fence" in the file, "Paint it" in the database
    hint: run the import again with --prefer file or --prefer database
    "#);
}

/// The record here is newer than the one in the folder, which was never imported.
fn first_import_of_an_older_folder_reverts_nothing() {
    let [a, b] = two_workspaces();
    for title in ["Paint the fence", "Paint it"] {
        let priority = if title == "Paint it" {
            "HIGH"
        } else {
            "CRITICAL"
        };
        b.ok(&[
            "task",
            "edit",
            "1",
            "--title",
            title,
            "--priority",
            priority,
        ]);
        b.ok(&["task", "edit", "1", "--description", "d", "--assign", "zoe"]);
        b.ok(&["export", title]);
    }
    a.ok(&["import", &b.path().join("Paint it").display().to_string()]);
    assert_eq!(task(&a), ["Paint it", "HIGH"]);
    let older = b.path().join("Paint the fence").display().to_string();
    assert_eq!(a.run(&["import", &older]).status.code(), Some(1));
    assert_eq!(task(&a), ["Paint it", "HIGH"]);
}

/// Each field is edited by one workspace only.
fn folders_that_are_exchanged_are_merged_without_conflicts() {
    let [a, b] = two_workspaces();
    b.ok(&["task", "start", "1"]);
    b.ok(&["export", "docs"]);
    a.ok(&["import", &docs(&b)]);
    a.ok(&["task", "edit", "1", "--notes", "asked Zoe"]);
    a.ok(&["export", "docs"]);
    b.ok(&["task", "done", "1"]);
    b.ok(&["import", &docs(&a)]);
    let task = b.json(&["task", "show", "1"]);
    assert_eq!(task["status"], "completed");
    assert_eq!(task["notes"], "asked Zoe");
}

fn undone_import_of_a_folder_is_imported_again() {
    let [a, b] = two_workspaces();
    a.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    b.ok(&["task", "edit", "1", "--title", "Paint the fence"]);
    b.ok(&["export", "docs"]);
    for _ in 0..2 {
        a.ok(&["import", &docs(&b)]);
        assert_eq!(task(&a), ["Paint the fence", "HIGH"]);
        a.ok(&["undo"]);
        assert_eq!(task(&a), ["Paint", "HIGH"]);
    }
}

/// The other workspace may as well not have seen what changed here.
fn change_back_is_a_conflict() {
    let [a, b] = two_workspaces();
    a.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    a.ok(&["export", "docs"]);
    b.ok(&["import", &docs(&a)]);
    b.advance(HOUR);
    b.ok(&[
        "task",
        "edit",
        "1",
        "--priority",
        "LOW",
        "--title",
        "Paint it",
    ]);
    replace_documents(&b, &a);
    assert_eq!(a.run(&["import", "docs"]).status.code(), Some(1));
    assert_eq!(task(&a), ["Paint it", "HIGH"]);
    a.ok(&["import", "docs", "--prefer", "file"]);
    assert_eq!(task(&a), ["Paint it", "LOW"]);
}

/// The folder of the other workspace, and a copy of it, contain the same version.
fn open_conflict_is_reported_for_every_copy_of_the_file() {
    for prefer in ["file", "database"] {
        let [a, b] = two_workspaces();
        a.ok(&["task", "edit", "1", "--priority", "HIGH"]);
        b.advance(HOUR);
        b.ok(&["task", "edit", "1", "--priority", "CRITICAL"]);
        b.ok(&["export", "docs"]);
        b.ok(&["export", "copy"]);
        let copy = b.path().join("copy").display().to_string();
        for folder in [&docs(&b), &copy, &copy, &docs(&b)] {
            assert_eq!(a.run(&["import", folder]).status.code(), Some(1));
        }
        a.ok(&["import", &copy, "--prefer", prefer]);
        let expected = if prefer == "file" { "CRITICAL" } else { "HIGH" };
        assert_eq!(task(&a)[1], expected);
        a.ok(&["import", &copy]);
        a.ok(&["import", &docs(&b), "--prefer", prefer]);
        a.ok(&["import", &docs(&b)]);
        assert_eq!(task(&a)[1], expected);
    }
}

/// Every version of a record that was added here, and never changed, was made from it.
fn edit_of_an_unchanged_record_is_imported_after_a_prune() {
    for changes in [0, 1, 2] {
        let [a, b] = two_workspaces();
        for title in ["Paint it", "Paint all"].iter().take(changes) {
            a.ok(&["task", "edit", "1", "--title", title]);
        }
        a.ok(&["history", "prune", "--keep", "1"]);
        b.advance(HOUR);
        b.ok(&["task", "edit", "1", "--priority", "HIGH"]);
        b.ok(&["issue", "edit", "1", "--severity", "LOW"]);
        b.ok(&["export", "docs"]);
        a.ok(&["import", &docs(&b)]);
        let title = ["Paint", "Paint it", "Paint all"][changes];
        assert_eq!(task(&a), [title, "HIGH"]);
    }
    // What an import added may have changed here before.
    let [a, b] = two_workspaces();
    b.ok(&["task", "add", "Sand"]);
    b.ok(&["history", "prune", "--keep", "1"]);
    a.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    a.ok(&["export", "second"]);
    let second = a.path().join("second").display().to_string();
    assert_eq!(b.run(&["import", &second]).status.code(), Some(1));
}

fn record_that_was_deleted_here_is_a_conflict() {
    let [a, b] = two_workspaces();
    a.ok(&["task", "rm", "1"]);
    a.ok(&["issue", "rm", "1"]);
    // What nobody has edited stays deleted.
    b.ok(&["export", "docs"]);
    a.ok(&["import", &docs(&b)]);
    assert_eq!(a.json(&["task", "list", "--all"])["total"], 0);
    let [a, b] = two_workspaces();
    a.ok(&["task", "rm", "1"]);
    a.ok(&["issue", "rm", "1"]);
    b.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    b.ok(&["issue", "edit", "1", "--severity", "LOW"]);
    b.ok(&["export", "docs"]);
    let stderr = a.run(&["import", &docs(&b)]).stderr;
    assert_snapshot!(a.text(&stderr), @"
    conflict: WS-TASK-001 was deleted in the database but changed in the file
    conflict: ISSUE-001 was deleted in the database but changed in the file
    hint: run the import again with --prefer file or --prefer database
    ");
    // An import that was undone does not change that.
    a.ok(&["import", &docs(&b), "--prefer", "file"]);
    a.ok(&["undo"]);
    assert_eq!(a.run(&["import", &docs(&b)]).status.code(), Some(1));
    a.ok(&["import", &docs(&b), "--prefer", "database"]);
    assert_eq!(a.json(&["task", "list", "--all"])["total"], 0);
}

fn claim_that_the_other_workspace_has_not_seen_is_kept() {
    let [a, b] = two_workspaces();
    a.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    a.ok(&["task", "claim", "1"]);
    a.ok(&["export", "docs"]);
    b.ok(&["task", "edit", "1", "--title", "Paint the fence"]);
    replace_documents(&b, &a);
    a.ok(&["import", "docs", "--prefer", "database"]);
    let task = a.json(&["task", "show", "1"]);
    assert_eq!(task["claim"]["holder"], "mira");
    assert_eq!(task["title"], "Paint the fence");
}

/// An undo keeps later changes of other fields: it may make a version that no change made.
fn export_from_before_an_undo_that_kept_later_changes_is_older() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Paint"]);
    workspace.ok(&["task", "edit", "1", "--description", "d"]);
    workspace.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    workspace.ok(&["undo", "2"]);
    workspace.ok(&["export", "docs"]);
    let old = workspace.read("docs/WORKSPACE-TASKS.json");
    workspace.ok(&["task", "edit", "1", "--priority", "LOW"]);
    workspace.ok(&["export", "docs"]);
    workspace.write("old/WORKSPACE-TASKS.json", old);
    let note = workspace.stderr(&["import", "old"]);
    assert_snapshot!(note, @"note: 1 task is older in the files than in the database and was not imported");
    assert_eq!(task(&workspace), ["Paint", "LOW"]);
}

fn history_that_lacks_a_change_is_not_imported() {
    let [a, b] = [(); 2].map(|()| TestWorkspace::with_workspace());
    a.ok(&["task", "add", "Paint"]);
    a.ok(&["task", "add", "Sand"]);
    a.ok(&["export", "docs", "--history"]);
    b.ok(&["import", &docs(&a)]);
    b.ok(&["undo"]);
    b.ok(&["import", &docs(&a)]);
    b.ok(&["export", "docs", "--history"]);
    a.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    let stderr = a.run(&["import", &docs(&b)]).stderr;
    assert_snapshot!(a.text(&stderr), @"
    warning: the file's history was not imported: it has changes newer than #3 (task edit) but lacks #3 itself, which this database has
    note: 1 task is older in the files than in the database and was not imported
    ");
    assert_eq!(a.json(&["history"])["total"], json!(3));
}

fn import_after_an_undo_of_it_and_of_an_edit_is_complete() {
    let [a, b] = two_workspaces();
    a.ok(&["task", "add", "Sand"]);
    a.ok(&["export", "docs"]);
    b.ok(&["import", &docs(&a)]);
    b.ok(&["task", "edit", "2", "--priority", "LOW"]);
    b.ok(&["undo", "--last", "2"]);
    b.ok(&["import", &docs(&a)]);
    assert_eq!(b.json(&["task", "show", "2"])["title"], "Sand");
}
