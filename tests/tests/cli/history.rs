//! `wsdb history`: listing, showing and pruning changes.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_postgres! {
    history_is_filtered_by_time_and_actor,
    session_filter_includes_its_start_and_end,
    every_type_of_record_is_shown_with_its_history,
    history_finds_records_by_any_form_of_their_id,
    prune_keeps_the_newest_changes,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    unknown_records_and_changes_are_reported,
    history_finds_deleted_records,
    pruned_changes_cannot_be_undone,
    prune_cannot_be_undone,
    numbers_of_pruned_changes_are_not_reused,
}

/// Five changes by mira.
pub(crate) fn orchard() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing", "--repo", "orchard-core"]);
    workspace.ok(&["task", "add", "Publish prices", "--depends-on", "1"]);
    workspace.ok(&["issue", "add", "Prices in core", "--task", "1"]);
    workspace.ok(&["task", "edit", "1", "--priority", "high", "--notes", "soon"]);
    workspace.ok(&["task", "done", "1", "2"]);
    workspace
}

pub(crate) fn tasks(workspace: &TestWorkspace) -> String {
    workspace.ok(&["task", "list", "--sort", "id", "--format", "csv"])
}

pub(crate) fn total(workspace: &TestWorkspace, args: &[&str]) -> Value {
    workspace.json(&[&["history"], args].concat())["total"].clone()
}

/// The number of the last change. On PostgreSQL, dry runs and refused changes take a number, too.
pub(crate) fn last_change(workspace: &TestWorkspace) -> String {
    workspace.json(&["history", "--limit", "1"])["history"][0]["change"].to_string()
}

#[test]
fn history_lists_changes_newest_first() {
    assert_snapshot!(orchard().ok(&["history"]), @"
    CHANGE  WHEN      ACTOR  COMMAND    RECORDS                   UNDO  SESSION
    #5      just now  mira   task done  changed 2 tasks
    #4      just now  mira   task edit  changed task WS-TASK-001
    #3      just now  mira   issue add  added issue ISSUE-001
    #2      just now  mira   task add   added task WS-TASK-002
    #1      just now  mira   task add   added task WS-TASK-001
    ");
}

#[test]
fn history_as_markdown_has_absolute_times() {
    assert_snapshot!(orchard().ok(&["history", "--limit", "1", "--format", "md"]), @"
    | change | when | actor | command | records | undo | session |
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

#[test]
fn empty_history() {
    assert_snapshot!(TestWorkspace::with_workspace().ok(&["history"]), @"No changes found");
}

#[test]
fn history_of_a_record_shows_its_fields() {
    assert_snapshot!(orchard().ok(&["history", "ws-task-001"]), @"
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

#[test]
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

/// A finished task blocks no others, and finished tasks are not blocked.
#[test]
fn only_open_tasks_are_blocked() {
    let workspace = TestWorkspace::with_workspace();
    for args in [
        "task add Move",
        "task add Later --depends-on 1",
        "task add Last --depends-on 1",
        "task cancel 3",
    ] {
        workspace.ok(&words(args));
    }
    let blocks = || workspace.json(&["task", "show", "1"])["blocks"].clone();
    assert_eq!(blocks(), json!(["WS-TASK-002"]));
    workspace.ok(&words("task done 1"));
    assert_eq!(blocks(), json!([]));
}

#[test]
fn show_with_history_lists_the_changes() {
    let workspace = orchard();
    assert_snapshot!(workspace.ok(&["task", "show", "1", "--history"]), @"
    WS-TASK-001  Move pricing
    status     completed
    priority   HIGH
    repos      orchard-core
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
}

#[test]
fn show_with_history_as_json() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing"]);
    workspace.ok(&["task", "edit", "1", "--notes", "soon"]);
    let task = workspace.json(&["task", "show", "1", "--history"]);
    assert_eq!(task["id"], "WS-TASK-001");
    let edit = &task["history"][1]["changes"][0];
    assert_eq!(edit["before"]["notes"], Value::Null);
    assert_eq!(edit["after"]["notes"], "soon");
    assert_eq!(workspace.json(&["task", "show", "1"]).get("history"), None);
}

fn every_type_of_record_is_shown_with_its_history() {
    let workspace = TestWorkspace::with_workspace();
    for (noun, command, id) in [
        ("task", "task add T", "1"),
        ("issue", "issue add I", "1"),
        ("decision", "decision add D", "1"),
        ("session", "session start", "001"),
    ] {
        workspace.ok(&words(command));
        let shown = workspace.json(&[noun, "show", id, "--history"]);
        let verb: Vec<&str> = words(command)[..2].to_vec();
        assert_eq!(shown["history"][0]["verb"], verb.join(" "));
    }
}

fn history_finds_records_by_any_form_of_their_id() {
    let workspace = orchard();
    for word in ["WS-TASK-002", "ws-task-002", "TASK-002"] {
        assert_eq!(total(&workspace, &[word]), 2, "{word}");
    }
    assert_eq!(total(&workspace, &["ISSUE-001"]), 1);
}

fn unknown_records_and_changes_are_reported() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(1, &["history", "77"]), @"
    error: change 77 not found
    hint: run 'wsdb history' to list the changes
    ");
    assert_snapshot!(workspace.fails(1, &["history", "#999"]), @"
    error: change #999 not found
    hint: run 'wsdb history' to list the changes; pruned ones are no longer available
    ");
}

#[test]
fn invalid_number_of_a_change_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &["history", "#x"]), @r##"error: invalid change "#x": expected the number of a change, such as 12"##);
}

fn history_finds_deleted_records() {
    let workspace = orchard();
    workspace.ok(&["task", "rm", "2"]);
    assert_eq!(total(&workspace, &["TASK-002"]), 3);
    assert_eq!(total(&workspace, &["ws-task-002"]), 3);
}

#[test]
fn prune_arguments_are_checked() {
    let workspace = TestWorkspace::with_workspace();
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
    CHANGE  WHEN      ACTOR  COMMAND        RECORDS                   UNDO  SESSION
    #6      just now  mira   history prune
    #5      just now  mira   task done      changed 2 tasks
    #4      just now  mira   task edit      changed task WS-TASK-001
    ");
}

fn pruned_changes_cannot_be_undone() {
    let workspace = orchard();
    workspace.ok(&["history", "prune", "--keep", "2"]);
    assert_snapshot!(workspace.fails(1, &["undo", "1"]), @"
    error: change #1 not found
    hint: run 'wsdb history' to list the changes; pruned ones are no longer available
    ");
    workspace.ok(&["history", "prune", "--keep", "0"]);
    assert_snapshot!(workspace.fails(1, &["undo"]), @"error: nothing to undo");
    assert_eq!(workspace.json(&words("task list --all"))["total"], 2);
}

fn prune_cannot_be_undone() {
    let workspace = orchard();
    workspace.ok(&["history", "prune", "--keep", "2"]);
    assert_snapshot!(workspace.fails(1, &["undo", "6"]), @"error: cannot undo #6 (history prune): it changed no records");
    let undone = workspace.json(&["undo", "--last", "1"]);
    assert_eq!(undone["undone"]["change"], 5);
}

#[test]
fn id_of_a_deleted_record_stands_for_no_other_one_after_a_prune() {
    let workspace = TestWorkspace::with_workspace();
    let task = |id: &str| json!({"id": id, "title": id, "created": "2025-01-01"});
    let tasks = ["web", "web-2", "OLD-7", "core", "core-1", "core-2"].map(task);
    workspace.write("WORKSPACE-TASKS.json", json!(tasks).to_string());
    let decision =
        json!({"id": "web-9", "decision": "x", "date": "2025-01-01", "status": "planned"});
    let decisions = json!({"decisions": [decision]});
    workspace.write("ARCHITECTURE-DECISIONS.json", decisions.to_string());
    workspace.ok(&["import"]);
    workspace.ok(&["task", "rm", "web"]);
    workspace.ok(&["task", "rm", "core", "core-1"]);
    workspace.ok(&["history", "prune", "--keep", "0"]);
    for (deleted, other) in [("web", "web-2"), ("core", "core-2")] {
        let error = workspace.fails(1, &["task", "done", deleted]);
        assert!(
            error.contains(&format!("task {deleted} not found")),
            "{error}"
        );
        assert_eq!(
            workspace.json(&["task", "show", other])["status"],
            "pending"
        );
    }
    // Other parts of ids still stand for a record, as do those of other types.
    assert_eq!(workspace.json(&["task", "show", "old"])["id"], "OLD-7");
    assert_eq!(workspace.json(&["decision", "show", "web"])["id"], "web-9");
    workspace.ok(&["history", "prune", "--keep", "0"]);
    workspace.fails(1, &["task", "show", "web"]);
}

fn numbers_of_pruned_changes_are_not_reused() {
    let workspace = orchard();
    assert_eq!(
        workspace.json(&["history", "prune", "--keep", "0"]),
        json!({"counts": {"deleted": 5, "kept": 1}, "dry_run": false})
    );
    workspace.ok(&["task", "add", "New"]);
    assert_eq!(last_change(&workspace), "7");
}

#[test]
fn history_as_json() {
    let workspace = orchard();
    assert_eq!(
        workspace.json(&["history", "--limit", "1"]),
        json!({"history": [{
            "change": 5, "time": "2026-01-15T10:00:05Z", "actor": "mira", "session": null,
            "verb": "task completed", "undoes": null, "undone_by": null,
            "records": [
                {"record_type": "task", "change_type": "changed", "count": 2, "ids": ["WS-TASK-001", "WS-TASK-002"]},
            ],
        }], "total": 5})
    );
    let with_fields = workspace.json(&["history", "--fields", "--limit", "1"]);
    let change = &with_fields["history"][0]["changes"][0];
    assert_eq!(change["record_type"], "task");
    assert_eq!(change["change_type"], "changed");
    assert_eq!(change["before"]["status"], "pending");
    assert_eq!(change["after"]["status"], "completed");
    let lines = workspace.ok(&["history", "--format", "jsonl"]);
    assert_eq!(lines.lines().count(), 5);
}
