//! Records that an import left out, because different records in the database have their IDs.

use std::time::Duration;

use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

use crate::made_apart::titles;

const TASKS: &str = "docs/WORKSPACE-TASKS.json";

/// Two databases that each have a task of their own with the same ID, exported to `docs`.
fn two_databases() -> [TestWorkspace; 2] {
    ["Mine", "Theirs"].map(|title| {
        let workspace = TestWorkspace::with_workspace();
        if title == "Theirs" {
            workspace.advance(Duration::from_secs(3600));
        }
        workspace.ok(&["task", "add", title]);
        workspace.ok(&["export", "docs"]);
        workspace
    })
}

/// Copies the tasks from one workspace to another, as git does.
fn copy(from: &TestWorkspace, to: &TestWorkspace) {
    to.write(TASKS, from.read(TASKS));
}

fn assert_export_is_refused(workspace: &TestWorkspace) {
    let before = workspace.read(TASKS);
    let error = workspace.fails(1, &["export", "docs"]);
    assert!(error.contains("WORKSPACE-TASKS.json"), "{error}");
    assert_eq!(workspace.read(TASKS), before);
}

#[test]
fn record_that_was_left_out_is_not_overwritten() {
    let [mine, theirs] = two_databases();
    copy(&theirs, &mine);
    mine.ok(&["import", "docs", "--prefer", "database"]);
    assert_export_is_refused(&mine);
    mine.ok(&["import", "docs"]);
    assert_export_is_refused(&mine);
    mine.ok(&["import", "docs", "--renumber"]);
    mine.ok(&["export", "docs"]);
    assert_eq!(titles(&mine), ["Mine", "Theirs"]);
}

#[test]
fn record_that_was_left_out_can_replace_the_one_here() {
    let [mine, theirs] = two_databases();
    copy(&theirs, &mine);
    mine.ok(&["import", "docs", "--prefer", "database"]);
    mine.ok(&["import", "docs", "--prefer", "file"]);
    assert_eq!(titles(&mine), ["Theirs"]);
    mine.ok(&["export", "docs"]);
}

#[test]
fn edit_to_a_record_that_was_left_out_does_not_change_the_one_here() {
    let [mine, theirs] = two_databases();
    let folder = theirs.path().join("docs").display().to_string();
    mine.ok(&["import", &folder, "--prefer", "database"]);
    theirs.ok(&["task", "edit", "1", "--priority", "critical"]);
    theirs.ok(&["task", "done", "1"]);
    theirs.ok(&["export", "docs"]);
    let before = mine.json(&["task", "show", "1"]);
    for _ in 0..2 {
        let imported = mine.json(&["import", &folder]);
        assert_eq!(imported["left_out"]["tasks"], 1, "{imported}");
        assert_eq!(mine.json(&["task", "show", "1"]), before);
    }
    mine.ok(&["import", &folder, "--renumber"]);
    assert_eq!(mine.json(&["task", "show", "1"]), before);
    let theirs = mine.json(&["task", "show", "2"]);
    assert_eq!(theirs["title"], "Theirs");
    assert_eq!(theirs["status"], "completed");
}

#[test]
fn what_a_session_contains_is_left_out_with_it() {
    let [mine, theirs] = ["Mine", "Theirs"].map(|name| {
        let workspace = TestWorkspace::with_workspace();
        if name == "Theirs" {
            workspace.advance(Duration::from_secs(3600));
        }
        workspace.ok(&["session", "start"]);
        workspace.ok(&["session", "log", name]);
        if name == "Theirs" {
            workspace.ok(&["session", "log", "More"]);
        }
        workspace.ok(&["decision", "add", name]);
        workspace.ok(&["session", "end"]);
        workspace.ok(&["export", "docs"]);
        workspace
    });
    let log = theirs
        .path()
        .join("docs/SESSION-LOG.json")
        .display()
        .to_string();
    let before = mine.ok(&["session", "show", "session-001"]);
    let links = mine.json(&["session", "links"])["total"].clone();
    for options in [
        &["import", &log, "--prefer", "database"][..],
        &["import", &log],
    ] {
        let imported = mine.json(options);
        assert_eq!(imported["left_out"]["sessions"], 1, "{imported:#}");
        assert_eq!(imported["counts"]["activities"]["new"], 0, "{imported:#}");
        assert_eq!(imported["missing_from_files"], serde_json::json!([]));
        assert_eq!(mine.ok(&["session", "show", "session-001"]), before);
        assert_eq!(mine.json(&["session", "links"])["total"], links);
    }
    mine.ok(&["import", &log, "--renumber"]);
    let session = mine.ok(&["session", "show", "session-002"]);
    assert!(
        session.contains("Theirs") && session.contains("More"),
        "{session}"
    );
}

/// A workspace with a session, and a log in which a different session has its ID and describes two decisions
/// and an issue.
fn with_described_records() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let write = |folder: &str, start: &str, nested: Value| {
        let mut session = json!({"session_id": "S-1", "start_time": start, "activities": [folder]});
        if let (Some(session), Value::Object(nested)) = (session.as_object_mut(), nested) {
            session.extend(nested);
        }
        let log = json!({ "sessions": [session] }).to_string();
        workspace.write(&format!("{folder}/SESSION-LOG.json"), log);
    };
    write("mine", "2026-01-05T10:00:00Z", json!({}));
    let nested = json!({
        "decisions_made": ["Use pears", {"id": "DEC-7", "decision": "Use plums"}],
        "issues_found": ["No ladder"],
    });
    write("theirs", "2026-01-06T10:00:00Z", nested);
    workspace.ok(&["import", "mine"]);
    workspace
}

/// The numbers of decisions and issues.
fn described(workspace: &TestWorkspace) -> [Value; 2] {
    ["decision", "issue"].map(|noun| workspace.json(&[noun, "list"])["total"].clone())
}

#[test]
fn records_that_a_session_describes_are_left_out_with_it() {
    for option in [&["--renumber"][..], &["--prefer", "file"]] {
        let workspace = with_described_records();
        for options in [
            &["import", "theirs", "--prefer", "database"][..],
            &["import", "theirs"],
        ] {
            let imported = workspace.json(options);
            assert_eq!(imported["left_out"]["sessions"], 1, "{imported:#}");
            assert_eq!(described(&workspace), [0, 0], "{options:?}");
        }
        let options = [&["import", "theirs"], option].concat();
        workspace.ok(&options);
        assert_eq!(described(&workspace), [2, 1], "{option:?}");
        assert_eq!(workspace.json(&["session", "links"])["total"], 3);
        assert_eq!(workspace.json(&["import", "theirs"])["unchanged"], true);
    }
}
