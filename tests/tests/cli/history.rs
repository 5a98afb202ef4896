//! `wsdb history` and `wsdb undo`.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, fixture, on_both};

on_both! {
    history_lists_changes_newest_first,
    history_as_markdown_has_absolute_times,
    history_is_filtered_by_time_and_actor,
    session_filter_includes_its_start_and_end,
    empty_history,
    undo_reverts_the_last_change,
    undo_of_an_undo_is_a_redo,
    undo_of_several_changes_skips_undos,
    undo_arguments_are_checked,
    undo_dry_run_changes_nothing,
    undo_of_a_deletion_restores_references,
    undo_refuses_to_overwrite_newer_changes,
    undo_keeps_newer_changes_of_other_fields,
    undo_refuses_to_delete_a_referenced_record,
    refused_undo_is_no_change,
    undo_of_anothers_change_needs_its_number,
    import_is_one_change,
    undone_import_can_be_repeated,
    undone_merge_can_be_repeated,
    import_and_export_without_changes_are_not_recorded,
    history_of_a_record_shows_its_fields,
    history_of_a_change_shows_its_fields,
    show_with_history,
    history_finds_records_by_any_form_of_their_id,
    history_finds_deleted_records,
    prune_arguments_are_checked,
    prune_keeps_the_newest_changes,
    pruned_changes_cannot_be_undone,
    numbers_are_not_given_again_after_prune,
    history_as_json,
    undo_as_json,
    export_writes_history_on_request,
    import_takes_history_along,
    imported_changes_can_be_undone,
    import_with_history_can_be_undone,
    known_history_is_not_imported_again,
    diverged_history_is_not_imported,
    wrong_history_is_refused,
}

/// Five changes by mira.
fn orchard() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing", "--repo", "orchard-core"]);
    workspace.ok(&["task", "add", "Publish prices", "--depends-on", "1"]);
    workspace.ok(&["issue", "add", "Prices in core", "--task", "1"]);
    workspace.ok(&["task", "edit", "1", "--priority", "high", "--notes", "soon"]);
    workspace.ok(&["task", "done", "1", "2"]);
    workspace
}

fn tasks(workspace: &TestWorkspace) -> String {
    workspace.ok(&["task", "list", "--sort", "id", "--format", "csv"])
}

fn total(workspace: &TestWorkspace, args: &[&str]) -> Value {
    workspace.json(&[&["history"], args].concat())["total"].clone()
}

/// The number of the last change. On PostgreSQL, a dry run or a refused change uses a number up.
fn last_change(workspace: &TestWorkspace) -> String {
    workspace.json(&["history", "--limit", "1"])["history"][0]["change"].to_string()
}

fn history_lists_changes_newest_first() {
    assert_snapshot!(orchard().ok(&["history"]), @"
    CHANGE  WHEN      WHO   WHAT       RECORDS                   UNDONE  SESSION
    #5      just now  mira  task done  changed 2 tasks
    #4      just now  mira  task edit  changed task WS-TASK-001
    #3      just now  mira  issue add  added issue ISSUE-001
    #2      just now  mira  task add   added task WS-TASK-002
    #1      just now  mira  task add   added task WS-TASK-001
    ");
}

fn history_as_markdown_has_absolute_times() {
    assert_snapshot!(orchard().ok(&["history", "--limit", "1", "--format", "md"]), @"
    | change | when | who | what | records | undone | session |
    | --- | --- | --- | --- | --- | --- | --- |
    | #5 | 2026-01-15T10:00:05Z | mira | task done | changed 2 tasks |  |  |
    ");
}

fn history_is_filtered_by_time_and_actor() {
    let workspace = orchard();
    assert_eq!(total(&workspace, &[]), 5);
    assert_eq!(total(&workspace, &["--since", "1h"]), 5);
    assert_eq!(total(&workspace, &["--since", "2100-01-01"]), 0);
    assert_eq!(total(&workspace, &["--by", "jo,mira"]), 5);
    assert_eq!(total(&workspace, &["--by", "jo"]), 0);
    assert_snapshot!(workspace.fails(1, &["history", "--session", "S-1"]), @"
    error: session S-1 not found
    hint: run 'wsdb session list' to list the sessions
    ");
}

fn session_filter_includes_its_start_and_end() {
    let workspace = orchard();
    let session = workspace.json(&["session", "start", "--no-brief"])["id"].clone();
    workspace.ok(&["issue", "resolve", "1"]);
    workspace.ok(&["session", "end"]);
    workspace.ok(&["task", "reopen", "1"]);
    let session = session.as_str().unwrap();
    assert_eq!(total(&workspace, &["--session", session]), 3);
}

fn empty_history() {
    assert_snapshot!(TestWorkspace::with_workspace().ok(&["history"]), @"No changes");
}

fn undo_reverts_the_last_change() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&["undo"]), @"Undid #5 (task done by mira): changed 2 tasks; run 'wsdb undo 6' to redo");
    assert_snapshot!(workspace.ok(&["undo", "--last", "2"]), @"
    Undid #4 (task edit by mira): changed task WS-TASK-001; run 'wsdb undo 7' to redo
    Undid #3 (issue add by mira): deleted issue ISSUE-001; run 'wsdb undo 8' to redo
    ");
    assert_snapshot!(workspace.ok(&["history", "--reverse"]), @"
    CHANGE  WHEN      WHO   WHAT       RECORDS                   UNDONE     SESSION
    #1      just now  mira  task add   added task WS-TASK-001
    #2      just now  mira  task add   added task WS-TASK-002
    #3      just now  mira  issue add  added issue ISSUE-001     by #8
    #4      just now  mira  task edit  changed task WS-TASK-001  by #7
    #5      just now  mira  task done  changed 2 tasks           by #6
    #6      just now  mira  undo       changed 2 tasks           undoes #5
    #7      just now  mira  undo       changed task WS-TASK-001  undoes #4
    #8      just now  mira  undo       deleted issue ISSUE-001   undoes #3
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

fn undo_of_several_changes_skips_undos() {
    let workspace = orchard();
    workspace.ok(&["undo"]);
    workspace.ok(&["undo", "--last", "2"]);
    assert_snapshot!(workspace.fails(1, &["undo", "--last", "99"]), @"error: there are only 2 changes to undo");
}

fn undo_arguments_are_checked() {
    let workspace = orchard();
    assert_snapshot!(workspace.fails(1, &["undo", "99"]), @"
    error: change #99 not found
    hint: run 'wsdb history' to list the changes; pruned ones are no longer available
    ");
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

fn refused_undo_is_no_change() {
    let workspace = orchard();
    workspace.fails(1, &["undo", "1"]);
    assert_eq!(total(&workspace, &[]), 5);
}

fn undo_of_anothers_change_needs_its_number() {
    let workspace = orchard();
    assert_snapshot!(workspace.fails(1, &["undo", "--actor", "jo"]), @"
    error: the last change, #5 (task done), was made by mira
    hint: run 'wsdb undo 5 --actor jo' to undo it anyway, or 'wsdb history --actor jo' to see the changes
    ");
    workspace.ok(&["undo", "5", "--actor", "jo"]);
    let last = workspace.json(&["history", "--limit", "1"])["history"][0].clone();
    assert_eq!(last["actor"], "jo");
    assert_eq!(last["undoes"], 5);
    // An undo is nobody's last change: mira's own are undone next.
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
    CHANGE  WHEN      WHO   WHAT    RECORDS                                                         UNDONE  SESSION
    #1      just now  mira  import  added 5 tasks, 2 sessions, 3 decisions, 3 issues, 3 activities
    ");
    workspace.ok(&["undo"]);
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
    assert_eq!(workspace.json(&["session", "list"])["total"], 0);
    // None of them belongs to the open session that came and went with the import.
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
    workspace.replace_in(file, "Replace pandas", "Throw pandas out");
    let title = || workspace.json(&["task", "show", "3"])["title"].clone();
    let merged = workspace.ok(&["import", "documents"]);
    assert_eq!(title(), "Throw pandas out in the ripeness model");
    workspace.ok(&["undo"]);
    assert_eq!(title(), "Replace pandas in the ripeness model");
    assert_eq!(workspace.ok(&["import", "documents"]), merged);
    assert_eq!(title(), "Throw pandas out in the ripeness model");
}

fn import_and_export_without_changes_are_not_recorded() {
    let workspace = with_documents();
    workspace.ok(&["import", "documents"]);
    workspace.ok(&["import", "documents"]);
    workspace.ok(&["export", "out"]);
    assert_eq!(total(&workspace, &[]), 1);
}

fn history_of_a_record_shows_its_fields() {
    assert_snapshot!(orchard().ok(&["history", "ws-task-1"]), @"
    #5  task done by mira, 2026-01-15 10:00 (just now)
      task WS-TASK-001 changed
        completed_at  (empty) → 2026-01-15T10:00:05Z
        status        pending → completed
        updated       2026-01-15T10:00:04Z → 2026-01-15T10:00:05Z
    #4  task edit by mira, 2026-01-15 10:00 (just now)
      task WS-TASK-001 changed
        notes     (empty) → soon
        priority  (empty) → HIGH
        updated   2026-01-15T10:00:01Z → 2026-01-15T10:00:04Z
    #1  task add by mira, 2026-01-15 10:00 (just now)
      task WS-TASK-001 added
        created         2026-01-15T10:00:01Z
        repos_affected  orchard-core
        status          pending
        title           Move pricing
        updated         2026-01-15T10:00:01Z
    ");
}

fn history_of_a_change_shows_its_fields() {
    assert_snapshot!(orchard().ok(&["history", "#3"]), @"
    #3  issue add by mira, 2026-01-15 10:00 (just now)
      issue ISSUE-001 added
        detected         2026-01-15T10:00:03Z
        issue_type       governance
        related_task_id  WS-TASK-001
        severity         MEDIUM
        status           open
        title            Prices in core
    ");
}

fn show_with_history() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&["task", "show", "1", "--history"]), @"
    WS-TASK-001  Move pricing
    status     completed
    priority   HIGH
    repos      orchard-core
    blocks     WS-TASK-002
    created    2026-01-15 10:00 (just now)
    updated    2026-01-15 10:00 (just now)
    completed  2026-01-15 10:00 (just now)
    notes      soon

    History
    #1  task add by mira, 2026-01-15 10:00 (just now)
      task WS-TASK-001 added
        created         2026-01-15T10:00:01Z
        repos_affected  orchard-core
        status          pending
        title           Move pricing
        updated         2026-01-15T10:00:01Z
    #4  task edit by mira, 2026-01-15 10:00 (just now)
      task WS-TASK-001 changed
        notes     (empty) → soon
        priority  (empty) → HIGH
        updated   2026-01-15T10:00:01Z → 2026-01-15T10:00:04Z
    #5  task done by mira, 2026-01-15 10:00 (just now)
      task WS-TASK-001 changed
        completed_at  (empty) → 2026-01-15T10:00:05Z
        status        pending → completed
        updated       2026-01-15T10:00:04Z → 2026-01-15T10:00:05Z
    ");
    let task = workspace.json(&["task", "show", "1", "--history"]);
    assert_eq!(task["id"], "WS-TASK-001");
    let edit = &task["history"][1]["changes"][0];
    assert_eq!(edit["before"]["notes"], Value::Null);
    assert_eq!(edit["after"]["notes"], "soon");
    assert_eq!(workspace.json(&["task", "show", "1"]).get("history"), None);
    workspace.ok(&["decision", "add", "Prices leave the core"]);
    workspace.ok(&["session", "start", "--no-brief"]);
    for (noun, id, verb) in [
        ("task", "2", "task add"),
        ("issue", "1", "issue add"),
        ("decision", "1", "decision add"),
        ("session", "001", "session start"),
    ] {
        let shown = workspace.json(&[noun, "show", id, "--history"]);
        assert_eq!(shown["history"][0]["verb"], verb);
    }
}

fn history_finds_records_by_any_form_of_their_id() {
    let workspace = orchard();
    for word in ["WS-TASK-002", "ws-task-2", "TASK-002", "2"] {
        assert_eq!(total(&workspace, &[word]), 2, "{word}");
    }
    assert_eq!(total(&workspace, &["ISSUE-001"]), 1);
    assert_snapshot!(workspace.fails(1, &["history", "1"]), @r##"
    error: record 1 is ambiguous: it matches WS-TASK-001, ISSUE-001
    hint: use the full ID, or run 'wsdb history "#1"' to see the change with that number
    "##);
    assert_snapshot!(workspace.fails(1, &["history", "77"]), @"
    error: record or change 77 not found
    hint: run 'wsdb history' to list the changes
    ");
    assert_snapshot!(workspace.fails(1, &["history", "#999"]), @"
    error: change #999 not found
    hint: run 'wsdb history' to list the changes; pruned ones are no longer available
    ");
    assert_snapshot!(workspace.fails(2, &["history", "#x"]), @r##"error: invalid change "#x": expected the number of a change, such as 12"##);
}

fn history_finds_deleted_records() {
    let workspace = orchard();
    workspace.ok(&["task", "rm", "2"]);
    assert_eq!(total(&workspace, &["2"]), 3);
    assert_eq!(total(&workspace, &["ws-task-002"]), 3);
}

fn prune_arguments_are_checked() {
    let workspace = orchard();
    assert_snapshot!(workspace.fails(2, &["history", "prune"]), @"
    error: the following required arguments were not provided:
      <--before <WHEN>|--keep <N>>

    Usage: wsdb history prune <--before <WHEN>|--keep <N>>

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(2, &["history", "prune", "--before", "2100-01-01"]), @"error: --before is in the future; expected a time in the past, such as 90d");
}

fn prune_keeps_the_newest_changes() {
    let workspace = orchard();
    let prune = |args: &[&str]| workspace.ok(&[&["history", "prune"], args].concat());
    assert_snapshot!(prune(&["--keep", "9"]), @"Deleted 0 changes from the history, kept 5");
    assert_snapshot!(prune(&["--before", "2000-01-01"]), @"Deleted 0 changes from the history, kept 5");
    assert_snapshot!(prune(&["--keep", "3", "--dry-run"]), @"Dry run: would delete 3 changes from the history and keep 3");
    assert_snapshot!(prune(&["--keep", "3"]), @"Deleted 3 changes from the history, kept 3");
    assert_snapshot!(prune(&["--keep", "3"]), @"Deleted 0 changes from the history, kept 3");
    assert_snapshot!(workspace.ok(&["history"]), @"
    CHANGE  WHEN      WHO   WHAT           RECORDS                   UNDONE  SESSION
    #6      just now  mira  history prune
    #5      just now  mira  task done      changed 2 tasks
    #4      just now  mira  task edit      changed task WS-TASK-001
    ");
}

fn pruned_changes_cannot_be_undone() {
    let workspace = orchard();
    workspace.ok(&["history", "prune", "--keep", "2"]);
    assert_snapshot!(workspace.fails(1, &["undo", "1"]), @"
    error: change #1 not found
    hint: run 'wsdb history' to list the changes; pruned ones are no longer available
    ");
    assert_snapshot!(workspace.fails(1, &["undo", "6"]), @"error: #6 (history prune) changed no records");
    workspace.ok(&["undo", "--last", "1"]);
    workspace.ok(&["history", "prune", "--keep", "0"]);
    assert_snapshot!(workspace.fails(1, &["undo"]), @"error: nothing to undo");
    assert_eq!(workspace.json(&["task", "list"])["total"], 2);
}

fn numbers_are_not_given_again_after_prune() {
    let workspace = orchard();
    assert_eq!(
        workspace.json(&["history", "prune", "--keep", "0"]),
        json!({"forgotten": 5, "kept": 1, "dry_run": false})
    );
    workspace.ok(&["task", "add", "New"]);
    assert_eq!(last_change(&workspace), "7");
}

fn history_as_json() {
    let workspace = orchard();
    assert_eq!(
        workspace.json(&["history", "--limit", "1"]),
        json!({"history": [{
            "change": 5, "time": "2026-01-15T10:00:05Z", "actor": "mira", "session": null,
            "verb": "task completed", "undoes": null, "undone_by": null,
            "records": [
                {"noun": "task", "kind": "changed", "count": 2, "ids": ["WS-TASK-001", "WS-TASK-002"]},
            ],
        }], "total": 5})
    );
    let with_fields = workspace.json(&["history", "--fields", "--limit", "1"]);
    let change = &with_fields["history"][0]["changes"][0];
    assert_eq!(change["noun"], "task");
    assert_eq!(change["kind"], "changed");
    assert_eq!(change["before"]["status"], "pending");
    assert_eq!(change["after"]["status"], "completed");
    let lines = workspace.ok(&["history", "--format", "jsonl"]);
    assert_eq!(lines.lines().count(), 5);
}

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
