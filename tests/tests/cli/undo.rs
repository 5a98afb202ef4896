//! `wsdb undo`: undoing and redoing changes.

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::{TestWorkspace, fixture};

use crate::history::{last_change, orchard, tasks, total};

wsdb_tests::on_sqlite_and_postgres! {
    undo_reverts_the_last_change,
    undo_of_an_undo_is_a_redo,
    undo_of_a_deletion_restores_references,
    undo_refuses_to_delete_a_referenced_record,
    import_is_one_change,
    undone_merge_can_be_repeated,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    every_undo_of_an_undo_sets_what_is_undone,
    undo_of_several_changes_skips_undos,
    unknown_change_is_reported,
    undo_dry_run_changes_nothing,
    undo_refuses_to_overwrite_newer_changes,
    undo_keeps_newer_changes_of_other_fields,
    refused_undo_is_not_recorded,
    undoing_the_change_of_somebody_else_needs_its_number,
    import_does_not_belong_to_an_imported_session,
    undone_import_can_be_repeated,
    import_and_export_without_changes_are_not_recorded,
}

fn undo_reverts_the_last_change() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&["undo"]), @"Undid #5 (task done by mira): changed 2 tasks; run 'wsdb undo 6' to redo");
    assert_snapshot!(workspace.ok(&["undo", "--last", "2"]), @"
    Undid #4 (task edit by mira): changed task WS-TASK-001; run 'wsdb undo 7' to redo
    Undid #3 (issue add by mira): deleted issue ISSUE-001; run 'wsdb undo 8' to redo
    ");
    assert_snapshot!(workspace.ok(&["history", "--reverse"]), @"
    CHANGE  WHEN      ACTOR  COMMAND    RECORDS                   UNDO          SESSION
    #1      just now  mira   task add   added task WS-TASK-001
    #2      just now  mira   task add   added task WS-TASK-002
    #3      just now  mira   issue add  added issue ISSUE-001     undone by #8
    #4      just now  mira   task edit  changed task WS-TASK-001  undone by #7
    #5      just now  mira   task done  changed 2 tasks           undone by #6
    #6      just now  mira   undo       changed 2 tasks           undoes #5
    #7      just now  mira   undo       changed task WS-TASK-001  undoes #4
    #8      just now  mira   undo       deleted issue ISSUE-001   undoes #3
    ");
}

fn undo_of_an_undo_is_a_redo() {
    let workspace = orchard();
    let before = tasks(&workspace);
    workspace.ok(&["undo", "--last", "3"]);
    for number in ["8", "#7", "6"] {
        workspace.ok(&["undo", number]);
    }
    assert_eq!(tasks(&workspace), before);
    assert_snapshot!(workspace.fails(1, &["undo", "8"]), @"
    error: #8 was already undone by #9
    hint: run 'wsdb undo 9' to redo it
    ");
}

fn every_undo_of_an_undo_sets_what_is_undone() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Prune"]);
    for last in 1..=5 {
        workspace.ok(&["undo", &last.to_string()]);
        let is_added = last % 2 == 0;
        assert_eq!(
            workspace.json(&["task", "list"])["total"],
            i32::from(is_added)
        );
        // The last undo is in effect, and so is every second change before it.
        let history = workspace.json(&["history", "--reverse"]);
        for change in history["history"].as_array().unwrap() {
            let number = change["change"].as_i64().unwrap();
            let is_undone = (last + 1 - number) % 2 == 1;
            let undone_by = if is_undone {
                Value::from(number + 1)
            } else {
                Value::Null
            };
            assert_eq!(change["undone_by"], undone_by, "{history:#}");
        }
        let of_task = workspace.json(&["history", "WS-TASK-001", "--reverse"]);
        let states = |history: &Value| -> Vec<Value> {
            let changes = history["history"].as_array().unwrap().iter();
            changes.map(|change| change["undone_by"].clone()).collect()
        };
        assert_eq!(states(&of_task), states(&history));
    }
    assert_snapshot!(workspace.ok(&["history", "--reverse"]), @"
    CHANGE  WHEN      ACTOR  COMMAND   RECORDS                    UNDO          SESSION
    #1      just now  mira   task add  added task WS-TASK-001     undone by #2
    #2      just now  mira   undo      deleted task WS-TASK-001   undoes #1
    #3      just now  mira   undo      restored task WS-TASK-001  undone by #4
    #4      just now  mira   undo      deleted task WS-TASK-001   undoes #3
    #5      just now  mira   undo      restored task WS-TASK-001  undone by #6
    #6      just now  mira   undo      deleted task WS-TASK-001   undoes #5
    ");
    assert_snapshot!(workspace.fails(1, &["undo", "1"]), @"
    error: #1 was already undone by #2
    hint: run 'wsdb undo 2' to redo it
    ");
}

fn undo_of_several_changes_skips_undos() {
    let workspace = orchard();
    workspace.ok(&["undo"]);
    workspace.ok(&["undo", "--last", "2"]);
    assert_snapshot!(workspace.fails(1, &["undo", "--last", "99"]), @"error: there are only 2 changes to undo");
}

fn unknown_change_is_reported() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(1, &["undo", "99"]), @"
    error: change #99 not found
    hint: run 'wsdb history' to list the changes; pruned ones are no longer available
    ");
}

#[test]
fn undo_arguments_are_checked() {
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.fails(2, &["undo", "--last", "0"]), @"
    error: invalid value '0' for '--last <N>': must be at least 1

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(2, &["undo", "x"]), @"
    error: invalid value 'x' for '[CHANGE]': expected the number of a change, such as 12

    For more information, try '--help'.
    ");
}

fn undo_dry_run_changes_nothing() {
    let workspace = orchard();
    let before = tasks(&workspace);
    assert_snapshot!(workspace.ok(&["undo", "--dry-run"]), @"Would undo #5 (task done by mira): change 2 tasks");
    assert_eq!(tasks(&workspace), before);
}

fn undo_of_a_deletion_restores_references() {
    let workspace = orchard();
    workspace.ok(&["task", "rm", "1", "--force"]);
    workspace.ok(&["undo"]);
    let issue = workspace.json(&["issue", "show", "1"]);
    assert_eq!(issue["related_task_id"], "WS-TASK-001");
    assert_snapshot!(workspace.fails(1, &["task", "rm", "1"]), @"
    error: task WS-TASK-001 is still referenced by issue ISSUE-001, task WS-TASK-002
    hint: use --force to delete it anyway; the references to it are kept
    ");
}

fn undo_refuses_to_overwrite_newer_changes() {
    let workspace = orchard();
    assert_snapshot!(workspace.fails(1, &["undo", "1"]), @"
    error: cannot undo #1: task WS-TASK-001 was changed later by #5
    hint: nothing was changed; run 'wsdb undo 5' first
    ");
    workspace.ok(&["task", "edit", "1", "--priority", "low"]);
    let last = last_change(&workspace);
    assert_snapshot!(workspace.fails(1, &["undo", "4"]).replace(&last, "LAST"), @"
    error: cannot undo #4: task WS-TASK-001 was changed later by #LAST
    hint: nothing was changed; run 'wsdb undo LAST' first
    ");
}

fn undo_keeps_newer_changes_of_other_fields() {
    let workspace = orchard();
    workspace.ok(&["task", "edit", "1", "--priority", "low"]);
    workspace.ok(&["undo", "5"]);
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["status"], "pending");
    assert_eq!(task["priority"], "LOW");
}

fn undo_refuses_to_delete_a_referenced_record() {
    let workspace = orchard();
    workspace.ok(&["undo", "--last", "2"]);
    assert_snapshot!(workspace.fails(1, &["undo", "1", "--json"]), @r#"{"error":{"code":"newer","hint":"nothing was changed; run 'wsdb undo 3' first","message":"cannot undo #1: issue ISSUE-001 was changed later by #3"}}"#);
}

fn refused_undo_is_not_recorded() {
    let workspace = orchard();
    workspace.fails(1, &["undo", "1"]);
    assert_eq!(total(&workspace, &[]), 5);
}

fn undoing_the_change_of_somebody_else_needs_its_number() {
    let workspace = orchard();
    assert_snapshot!(workspace.fails(1, &["undo", "--actor", "jo"]), @"
    error: the last change, #5 (task done), was made by mira
    hint: run 'wsdb undo 5 --actor jo' to undo it anyway, or 'wsdb history' to see the changes
    ");
    workspace.ok(&["undo", "5", "--actor", "jo"]);
    let last = workspace.json(&["history", "--limit", "1"])["history"][0].clone();
    assert_eq!(last["actor"], "jo");
    assert_eq!(last["undoes"], 5);
    // Undos do not count: the last changes are still those of mira.
    workspace.ok(&["undo", "--last", "2"]);
}

/// Sample documents in a folder `documents`, where they can be changed.
fn with_documents() -> TestWorkspace {
    let workspace = TestWorkspace::new();
    std::fs::create_dir(workspace.path().join("documents")).unwrap();
    for entry in std::fs::read_dir(fixture("handwritten")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        std::fs::copy(&path, workspace.path().join("documents").join(name)).unwrap();
    }
    workspace
}

fn import_is_one_change() {
    let workspace = with_documents();
    workspace.ok(&["import", "documents"]);
    assert_snapshot!(workspace.ok(&["history"]), @"
    CHANGE  WHEN      ACTOR  COMMAND  RECORDS                                                         UNDO  SESSION
    #1      just now  mira   import   added 5 tasks, 2 sessions, 3 decisions, 3 issues, 3 activities
    ");
    workspace.ok(&["undo"]);
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
    assert_eq!(workspace.json(&["session", "list"])["total"], 0);
}

fn import_does_not_belong_to_an_imported_session() {
    let workspace = with_documents();
    workspace.ok(&["import", "documents"]);
    workspace.ok(&["undo"]);
    workspace.ok(&["undo", "2"]);
    let history = workspace.json(&["history"])["history"].clone();
    for action in history.as_array().unwrap() {
        assert_eq!(action["session"], Value::Null, "{action}");
    }
}

fn undone_import_can_be_repeated() {
    let workspace = with_documents();
    let first = workspace.ok(&["import", "documents"]);
    workspace.ok(&["undo"]);
    assert_eq!(workspace.ok(&["import", "documents"]), first);
}

fn undone_merge_can_be_repeated() {
    let workspace = with_documents();
    workspace.ok(&["import", "documents"]);
    let file = "documents/WORKSPACE-TASKS.json";
    workspace.replace_in(file, "Replace pandas", "Remove pandas");
    let title = || workspace.json(&["task", "show", "3"])["title"].clone();
    let merged = workspace.ok(&["import", "documents"]);
    assert_eq!(title(), "Remove pandas in the ripeness model");
    workspace.ok(&["undo"]);
    assert_eq!(title(), "Replace pandas in the ripeness model");
    assert_eq!(workspace.ok(&["import", "documents"]), merged);
    assert_eq!(title(), "Remove pandas in the ripeness model");
}

fn import_and_export_without_changes_are_not_recorded() {
    let workspace = with_documents();
    workspace.ok(&["import", "documents"]);
    workspace.ok(&["import", "documents"]);
    workspace.ok(&["export", "out"]);
    assert_eq!(total(&workspace, &[]), 1);
}

#[test]
fn undo_as_json() {
    let workspace = orchard();
    let undone = workspace.json(&["undo"]);
    assert_eq!(undone["change"], 6);
    assert_eq!(undone["undone"]["change"], 5);
    assert_eq!(undone["records"][0]["count"], 2);
    let dry_run = workspace.json(&["undo", "--last", "2", "--dry-run"]);
    assert_eq!(dry_run["total"], 2);
    assert_eq!(dry_run["undone"][0]["change"], Value::Null);
}
