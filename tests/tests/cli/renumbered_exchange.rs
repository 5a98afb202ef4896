//! Workspaces that exchange their records through documents, under the same IDs.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    records_that_come_back_under_other_ids_are_recognized,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    own_record_under_another_id_is_a_conflict,
    deleted_record_stays_deleted_under_another_id,
}

const TASKS: &str = "WORKSPACE-TASKS.json";

/// Two workspaces with a task, a goal for it and an issue each, under the same IDs.
fn two_workspaces() -> [TestWorkspace; 2] {
    ["X", "Y"].map(|name| {
        let workspace = TestWorkspace::with_workspace();
        if name == "Y" {
            // The clock goes on.
            workspace.ok(&["session", "start"]);
            workspace.ok(&["session", "end"]);
        }
        workspace.ok(&["task", "add", &format!("From {name}")]);
        workspace.ok(&["goal", "add", &format!("goal of {name}"), "--task", "1"]);
        workspace.ok(&["issue", "add", &format!("issue of {name}"), "--task", "1"]);
        workspace
    })
}

fn titles(workspace: &TestWorkspace) -> Vec<String> {
    let list = workspace.json(&["task", "list"]);
    let tasks = list["tasks"].as_array().unwrap().iter();
    let mut titles: Vec<String> = tasks
        .map(|task| task["title"].as_str().unwrap().to_owned())
        .collect();
    titles.sort();
    titles
}

/// The goals with the titles of their tasks.
fn goals(workspace: &TestWorkspace) -> Vec<(String, String)> {
    let list = workspace.json(&["goal", "list"]);
    let goals = list["goals"].as_array().unwrap().iter();
    let mut goals: Vec<(String, String)> = goals
        .map(|goal| {
            let task = workspace.json(&["task", "show", goal["task_id"].as_str().unwrap()]);
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&goal["architectural_goal"]), text(&task["title"]))
        })
        .collect();
    goals.sort();
    goals
}

fn records_that_come_back_under_other_ids_are_recognized() {
    let [x, y] = two_workspaces();
    let shared = x.path().join("shared").display().to_string();
    x.ok(&["export", &shared]);
    y.ok(&["import", &shared, "--renumber"]);
    y.ok(&["task", "edit", "2", "--priority", "HIGH"]);
    y.ok(&["export", &shared]);
    let imported = x.json(&["import", &shared, "--renumber"]);
    assert_eq!(imported["conflicts"], json!([]));
    assert_eq!(x.json(&["task", "show", "1"])["priority"], "HIGH");
    for workspace in [&x, &y, &x, &y] {
        let imported = workspace.json(&["import", &shared, "--renumber"]);
        assert_eq!(imported["unchanged"], true, "{imported:#}");
        workspace.ok(&["export", &shared]);
        assert_eq!(titles(workspace), ["From X", "From Y"]);
        let expected = [("goal of X", "From X"), ("goal of Y", "From Y")];
        let expected = expected.map(|(goal, task)| (goal.to_owned(), task.to_owned()));
        assert_eq!(goals(workspace), expected);
        assert_eq!(workspace.json(&["issue", "list"])["total"], 2);
    }
    // Without `--renumber`, what was recognized stays known.
    y.ok(&["task", "edit", "2", "--title", "Edited"]);
    y.ok(&["export", &shared]);
    x.ok(&["import", &shared]);
    assert_eq!(titles(&x), ["Edited", "From Y"]);
}

#[test]
fn edits_of_both_sides_are_merged_when_a_record_comes_back() {
    let [x, y] = two_workspaces();
    x.ok(&["export", "out"]);
    let of_x = x.path().join("out").display().to_string();
    y.ok(&["import", &of_x, "--renumber"]);
    y.ok(&["task", "edit", "2", "--priority", "HIGH"]);
    y.ok(&["export", "out"]);
    // The name at the export is an earlier one here.
    x.ok(&["task", "edit", "1", "--title", "Renamed"]);
    let of_y = y.path().join("out").display().to_string();
    let imported = x.json(&["import", &of_y, "--renumber"]);
    assert_eq!(imported["conflicts"], json!([]));
    let task = x.json(&["task", "show", "1"]);
    assert_eq!(
        (&task["title"], &task["priority"]),
        (&json!("Renamed"), &json!("HIGH"))
    );
    assert_eq!(titles(&x), ["From Y", "Renamed"]);
    // The same field on both sides is a conflict.
    x.ok(&["task", "edit", "1", "--notes", "of x"]);
    y.ok(&["task", "edit", "2", "--notes", "of y"]);
    y.ok(&["export", "out"]);
    let output = x.run(&["import", &of_y, "--renumber", "--json"]);
    let imported: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(imported["conflicts"][0]["field"], "notes", "{imported:#}");
    assert_eq!(imported["conflicts"].as_array().unwrap().len(), 1);
}

#[test]
fn links_and_claims_that_come_back_under_other_ids_are_recognized() {
    let [x, y] = ["X", "Y"].map(|name| {
        let workspace = TestWorkspace::with_workspace();
        if name == "Y" {
            // The clock goes on.
            workspace.ok(&["state", "add", "s", "--type", "target", "--repo", "core"]);
        }
        workspace.ok(&["session", "start"]);
        workspace.ok(&["decision", "add", &format!("decision of {name}")]);
        workspace.ok(&["issue", "add", &format!("issue of {name}")]);
        for number in ["1", "2"] {
            workspace.ok(&["task", "add", &format!("{number} from {name}")]);
            workspace.ok(&["task", "claim", number]);
        }
        workspace.ok(&["session", "end"]);
        workspace.ok(&["export", "out"]);
        workspace
    });
    let folders = [&y, &x].map(|it| it.path().join("out").display().to_string());
    for round in 1..4 {
        for (workspace, folder) in [&x, &y].into_iter().zip(&folders) {
            let imported = workspace.json(&["import", folder, "--renumber"]);
            assert_eq!(imported["conflicts"], json!([]), "{round}");
            assert_eq!(imported["unchanged"], round > 1, "{round}: {imported:#}");
            workspace.ok(&["export", "out"]);
            let links = workspace.json(&["session", "links"]);
            assert_eq!(links["total"], 4, "{round}: {links:#}");
            assert_eq!(titles(workspace).len(), 4);
        }
    }
}

/// Imported records often have only a date, which many share.
#[test]
fn records_of_one_day_are_recognized_by_their_names() {
    let [x, y] = [["One", "Two"], ["Three", "Four"]].map(|titles| {
        let workspace = TestWorkspace::with_workspace();
        let task =
            |id: &str, title: &str| json!({"id": id, "title": title, "created": "2026-01-01"});
        let tasks = [task("T-1", titles[0]), task("T-2", titles[1])];
        workspace.write(&format!("own/{TASKS}"), json!(tasks).to_string());
        workspace.ok(&["import", "own"]);
        workspace
    });
    let shared = x.path().join("shared").display().to_string();
    x.ok(&["export", &shared]);
    y.ok(&["import", &shared, "--renumber"]);
    for workspace in [&y, &x, &y] {
        workspace.ok(&["export", &shared]);
        let next = if std::ptr::eq(workspace, &x) { &y } else { &x };
        next.ok(&["import", &shared, "--renumber"]);
        assert_eq!(titles(next), ["Four", "One", "Three", "Two"]);
    }
    assert_eq!(
        x.json(&["import", &shared, "--renumber"])["unchanged"],
        true
    );
}

/// A file that holds own records beside those of another workspace.
#[test]
fn own_records_keep_their_references() {
    let [x, y] = two_workspaces();
    x.ok(&["task", "add", "Needs X", "--depends-on", "1"]);
    x.ok(&["export", "out"]);
    y.ok(&["export", "out"]);
    let read = |workspace: &TestWorkspace| -> Value {
        serde_json::from_str(&workspace.read(&format!("out/{TASKS}"))).unwrap()
    };
    let (mut mixed, other) = (read(&x), read(&y));
    mixed["active_tasks"][0] = other["active_tasks"][0].clone();
    x.write(&format!("mixed/{TASKS}"), mixed.to_string());
    x.ok(&["import", "mixed", "--renumber"]);
    assert_eq!(titles(&x), ["From X", "From Y", "Needs X"]);
    let task = x.json(&["task", "show", "2"]);
    assert_eq!(task["dependencies"], json!(["WS-TASK-001"]));
}

/// Another workspace has renumbered the record and exports only that one.
fn own_record_under_another_id_is_a_conflict() {
    let [x, y] = two_workspaces();
    let shared = x.path().join("shared").display().to_string();
    x.ok(&["export", &shared]);
    y.ok(&["import", &shared, "--renumber"]);
    for noun in ["goal", "issue", "task"] {
        y.ok(&[noun, "rm", "1", "--force"]);
    }
    let of_y = y.path().join("docs").display().to_string();
    y.ok(&["export", &of_y]);
    let before = titles(&x);
    let output = x.run(&["import", &of_y]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(x.text(&output.stderr), @"
    conflict: WS-TASK-002 in the file is WS-TASK-001 in the database
    conflict: ISSUE-002 in the file is ISSUE-001 in the database
    conflict: GOAL-002 in the file is GOAL-001 in the database
    hint: run the import again with --renumber to give the records in the files their IDs in the database, with --prefer file to add them as new records, or with --prefer database to leave them out
    ");
    let copied = x.json(&["import", &of_y, "--prefer", "file", "--dry-run"]);
    assert_eq!(copied["counts"]["tasks"]["new"], 1);
    for option in ["--prefer=database", "--renumber"] {
        x.ok(&["import", &of_y, option]);
        assert_eq!(titles(&x), before, "{option}");
    }
}

/// The types of the records that are deleted.
const NOUNS: [&str; 5] = ["session", "goal", "decision", "issue", "task"];

/// Deletes the records with this number.
fn delete_all(workspace: &TestWorkspace, number: &str) {
    for noun in NOUNS {
        if noun == "session" {
            workspace.ok(&["session", "rm", &format!("session-00{number}")]);
        } else {
            workspace.ok(&[noun, "rm", number, "--force"]);
        }
    }
}

/// Two workspaces with two records of each kind. The first one has imported the second one's with new IDs
/// and exported all of them to the folder that is returned; the second one has deleted its last ones.
fn with_deleted_records() -> ([TestWorkspace; 2], String) {
    let workspaces = ["A", "B"].map(|name| {
        let workspace = TestWorkspace::with_workspace();
        if name == "B" {
            // The clock goes on.
            workspace.ok(&["state", "add", "s", "--type", "target", "--repo", "core"]);
        }
        for number in ["1", "2"] {
            let text = format!("{number} of {name}");
            workspace.ok(&["session", "start"]);
            workspace.ok(&["task", "add", &text]);
            workspace.ok(&["goal", "add", &text, "--task", number]);
            workspace.ok(&["issue", "add", &text, "--task", number]);
            workspace.ok(&["decision", "add", &text]);
            workspace.ok(&["session", "end"]);
        }
        workspace.ok(&["export", "docs"]);
        workspace
    });
    let [a, b] = &workspaces;
    let of_b = b.path().join("docs").display().to_string();
    a.ok(&["import", &of_b, "--renumber"]);
    a.ok(&["export", "docs"]);
    delete_all(b, "2");
    let of_a = a.path().join("docs").display().to_string();
    (workspaces, of_a)
}

fn assert_stays_deleted(workspace: &TestWorkspace, imported: &Value) {
    assert_eq!(imported["conflicts"], json!([]), "{imported:#}");
    for noun in NOUNS {
        let list = workspace.json(&[noun, "list"]);
        assert_eq!(list["total"], 3, "{noun}: {list:#}");
    }
}

fn deleted_record_stays_deleted_under_another_id() {
    for is_pruned in [false, true] {
        let ([_a, b], of_a) = with_deleted_records();
        if is_pruned {
            b.ok(&["history", "prune", "--keep", "0"]);
        }
        let output = b.run(&["import", &of_a, "--renumber"]);
        assert!(output.status.success(), "{}", b.text(&output.stderr));
        insta::allow_duplicates! {
            assert_snapshot!(b.text(&output.stderr), @"
            note: WS-TASK-002 was deleted in the database and stays deleted
            note: 2026-01-15-session-002 was deleted in the database and stays deleted
            note: DEC-002 was deleted in the database and stays deleted
            note: ISSUE-002 was deleted in the database and stays deleted
            note: GOAL-002 was deleted in the database and stays deleted
            note: WS-TASK-001 in the file is WS-TASK-005 in the database
            note: WS-TASK-002 in the file is WS-TASK-006 in the database
            note: 2026-01-15-session-001 in the file is 2026-01-15-session-005 in the database
            note: 2026-01-15-session-002 in the file is 2026-01-15-session-006 in the database
            note: DEC-001 in the file is DEC-005 in the database
            note: DEC-002 in the file is DEC-006 in the database
            note: ISSUE-001 in the file is ISSUE-005 in the database
            note: ISSUE-002 in the file is ISSUE-006 in the database
            note: GOAL-001 in the file is GOAL-005 in the database
            note: GOAL-002 in the file is GOAL-006 in the database
            ");
        }
        for options in [&["import", &of_a][..], &["import", &of_a, "--renumber"]] {
            let imported = b.json(options);
            assert_eq!(imported["unchanged"], true, "{imported:#}");
            assert_stays_deleted(&b, &imported);
        }
        b.ok(&["export", &of_a]);
        let imported = b.json(&["import", &of_a]);
        assert_stays_deleted(&b, &imported);
    }
}

#[test]
fn edit_of_a_deleted_record_under_another_id_is_a_conflict() {
    let ([a, b], of_a) = with_deleted_records();
    a.ok(&["task", "edit", "4", "--priority", "HIGH"]);
    a.ok(&["export", "docs"]);
    let output = b.run(&["import", &of_a, "--renumber"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(b.text(&output.stderr), @"
    conflict: WS-TASK-002 was deleted in the database but changed in the file
    note: 2026-01-15-session-002 was deleted in the database and stays deleted
    note: DEC-002 was deleted in the database and stays deleted
    note: ISSUE-002 was deleted in the database and stays deleted
    note: GOAL-002 was deleted in the database and stays deleted
    note: WS-TASK-001 in the file is WS-TASK-005 in the database
    note: WS-TASK-002 in the file is WS-TASK-006 in the database
    note: 2026-01-15-session-001 in the file is 2026-01-15-session-005 in the database
    note: 2026-01-15-session-002 in the file is 2026-01-15-session-006 in the database
    note: DEC-001 in the file is DEC-005 in the database
    note: DEC-002 in the file is DEC-006 in the database
    note: ISSUE-001 in the file is ISSUE-005 in the database
    note: ISSUE-002 in the file is ISSUE-006 in the database
    note: GOAL-001 in the file is GOAL-005 in the database
    note: GOAL-002 in the file is GOAL-006 in the database
    hint: run the import again without --renumber, and with --prefer file or --prefer database
    ");
    assert_eq!(titles(&b), ["1 of A", "1 of B", "2 of A"]);
    b.ok(&["import", &of_a, "--prefer", "file"]);
    assert_eq!(titles(&b), ["1 of A", "1 of B", "2 of A", "2 of B"]);
    assert_eq!(b.json(&["task", "show", "2"])["priority"], "HIGH");
}

#[test]
fn deleted_record_under_another_id_is_not_imported() {
    let ([a, b], of_a) = with_deleted_records();
    for number in ["1", "2", "3"] {
        delete_all(&a, number);
    }
    a.ok(&["export", "docs"]);
    let output = b.run(&["import", &of_a]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(b.text(&output.stderr), @"
    conflict: WS-TASK-004 in the file is WS-TASK-002, which was deleted in the database
    conflict: 2026-01-15-session-004 in the file is 2026-01-15-session-002, which was deleted in the database
    conflict: DEC-004 in the file is DEC-002, which was deleted in the database
    conflict: ISSUE-004 in the file is ISSUE-002, which was deleted in the database
    conflict: GOAL-004 in the file is GOAL-002, which was deleted in the database
    hint: run the import again with --renumber to give the records in the files their IDs in the database, with --prefer file to add them as new records, or with --prefer database to leave them out
    ");
    for option in ["--prefer=database", "--renumber"] {
        b.ok(&["import", &of_a, option]);
        assert_eq!(titles(&b), ["1 of B"], "{option}");
    }
}
