//! Open and finished records: what lists leave out, and which options select.

use insta::assert_snapshot;
use serde_json::json;
use wsdb_tests::{TestWorkspace, ids, words};

use crate::graph::add;

wsdb_tests::on_sqlite_and_postgres! {
    finished_tasks_are_hidden_and_counted,
    own_records_are_listed,
    unassigned_records_are_listed,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    finished_issues_goals_and_drift_are_hidden,
    open_means_every_status_that_is_not_finished,
}

/// Five tasks: pending, in progress, deferred, completed and cancelled.
fn tasks() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    for (title, status) in [
        ("Plant", "pending"),
        ("Water", "in_progress"),
        ("Prune", "deferred"),
        ("Pick", "completed"),
        ("Sell", "cancelled"),
    ] {
        workspace.ok(&["task", "add", title, "--status", status]);
    }
    workspace
}

fn finished_tasks_are_hidden_and_counted() {
    let workspace = tasks();
    assert_snapshot!(workspace.ok(&words("task list")), @"
    ID           STATUS       PRIORITY  TITLE  REPOS  ASSIGNED TO  UPDATED
    WS-TASK-001  pending                Plant                      just now
    WS-TASK-002  in_progress            Water                      just now
    WS-TASK-003  deferred               Prune                      just now
    2 finished tasks hidden; --all shows them
    ");
    let list = workspace.json(&words("task list"));
    assert_eq!(ids(&list, "tasks").len(), 3);
    assert_eq!((&list["total"], &list["hidden"]), (&json!(3), &json!(2)));
    for option in ["--all", "--since 1d"] {
        let list = workspace.json(&words(&format!("task list {option}")));
        assert_eq!((&list["total"], &list["hidden"]), (&json!(5), &json!(0)));
    }
    let done = workspace.json(&words("task list --status done"));
    assert_eq!((&done["total"], &done["hidden"]), (&json!(1), &json!(0)));
}

#[test]
fn hidden_tasks_are_noted_on_stderr_in_other_formats() {
    let workspace = tasks();
    for format in ["csv", "jsonl", "md"] {
        let list = ["task", "list", "--format", format];
        let lines = workspace.ok(&list).lines().count();
        let heading = ["csv", "jsonl", "md"].iter().position(|f| *f == format);
        assert_eq!(lines, 3 + [1, 0, 2][heading.unwrap()], "{format}");
        let note = workspace.stderr(&list);
        assert_eq!(note, "note: 2 finished tasks hidden; --all shows them\n");
    }
    assert_eq!(workspace.stderr(&words("task list --json")), "");
}

#[test]
fn list_of_finished_tasks_only_is_empty() {
    let workspace = TestWorkspace::with_workspace();
    add(&workspace, "Pick", "--status done");
    assert_snapshot!(workspace.ok(&words("task list")), @"
    No tasks found
    1 finished task hidden; --all shows it
    ");
    assert_snapshot!(workspace.fails(2, &words("task list --open --all")), @"
    error: the argument '--open' cannot be used with '--all'

    Usage: wsdb task list --open

    For more information, try '--help'.
    ");
}

fn finished_issues_goals_and_drift_are_hidden() {
    let workspace = TestWorkspace::with_sample("governance");
    workspace.ok(&words("issue add Rot --type bug"));
    workspace.ok(&words("issue add Worms --type bug"));
    workspace.ok(&words("issue resolve 1"));
    let drift = "drift add a.py --repo orchard-core --type scope --severity low";
    workspace.ok(&words(drift));
    workspace.ok(&words("drift resolve 1"));
    let total = |list: &str, key: &str| {
        let list = workspace.json(&words(list));
        assert_eq!(list["total"], list[key].as_array().unwrap().len());
        list["total"].as_u64().unwrap()
    };
    for (list, key) in [
        ("issue list", "issues"),
        ("goal list", "goals"),
        ("drift list", "detections"),
    ] {
        let hidden = workspace.json(&words(list))["hidden"].as_u64().unwrap();
        assert!(hidden > 0, "{list}");
        let open = total(list, key);
        assert_eq!(
            open + hidden,
            total(&format!("{list} --all"), key),
            "{list}"
        );
        assert_eq!(open, total(&format!("{list} --open"), key), "{list}");
        assert_eq!(open, total(&format!("{list} --status open"), key), "{list}");
    }
    let last = |list| {
        workspace
            .ok(&words(list))
            .lines()
            .last()
            .unwrap()
            .to_owned()
    };
    assert_snapshot!(last("issue list"), @"1 resolved or closed issue hidden; --all shows it");
    assert_snapshot!(last("goal list"), @"1 finished goal hidden; --all shows it");
    assert_snapshot!(last("drift list"), @"2 resolved or ignored detections hidden; --all shows them");
}

fn open_means_every_status_that_is_not_finished() {
    let workspace = tasks();
    let count = |list: &str| workspace.json(&words(list))["total"].as_u64();
    assert_eq!(count("task list --open"), Some(3));
    assert_eq!(count("task list --status open"), Some(3));
    assert_eq!(count("task list --status open,completed"), Some(4));
    assert_eq!(count("task list --status todo"), Some(1));
    workspace.ok(&words("session start --no-handoff"));
    workspace.ok(&words("session end"));
    workspace.ok(&words("session start --no-handoff"));
    assert_eq!(count("session list"), Some(2));
    assert_eq!(count("session list --open"), Some(1));
    workspace.ok(&words("decision add Pears"));
    workspace.ok(&words("decision add Apples"));
    workspace.ok(&words("decision status 2 --to implemented"));
    assert_eq!(count("decision list"), Some(2));
    assert_eq!(count("decision list --open"), Some(1));
    assert_eq!(count("decision list --status open,done"), Some(2));
    assert_eq!(count("search pears --status open"), Some(1));
}

fn own_records_are_listed() {
    let workspace = tasks();
    workspace.ok(&words("task claim 1"));
    workspace.ok(&words("task edit 1 --assign jo"));
    workspace.ok(&words("task edit 3 --assign mira"));
    workspace.ok(&words("task claim 2 --actor jo"));
    let mine = workspace.json(&words("task list --mine"));
    assert_eq!(ids(&mine, "tasks"), ["WS-TASK-001", "WS-TASK-003"]);
    let of_jo = workspace.json(&words("task list --mine --actor jo"));
    assert_eq!(ids(&of_jo, "tasks"), ["WS-TASK-001", "WS-TASK-002"]);
    workspace.ok(&words("issue add Rot --type bug --assign mira"));
    workspace.ok(&words("issue add Worms --type bug --assign jo"));
    let issues = workspace.json(&words("issue list --mine"));
    assert_eq!(ids(&issues, "issues"), ["ISSUE-001"]);
    workspace.ok(&words("session start --no-handoff --actor jo"));
    let sessions = |actor| workspace.json(&["session", "list", "--mine", "--actor", actor]);
    assert_eq!(sessions("jo")["total"], 1);
    assert_eq!(sessions("mira")["total"], 0);
    let ready = workspace.json(&words("task ready --mine --actor jo"));
    assert_eq!(ids(&ready, "tasks"), ["WS-TASK-002"]);
}

fn unassigned_records_are_listed() {
    let workspace = tasks();
    workspace.ok(&words("task edit 1 --assign jo"));
    let tasks = workspace.json(&words("task list --unassigned"));
    assert_eq!(ids(&tasks, "tasks"), ["WS-TASK-002", "WS-TASK-003"]);
    assert_eq!(tasks["hidden"], 2);
    workspace.ok(&words("issue add Rot --type bug --assign mira"));
    workspace.ok(&words("issue add Worms --type bug"));
    let issues = workspace.json(&words("issue list --unassigned"));
    assert_eq!(ids(&issues, "issues"), ["ISSUE-002"]);
}
