//! `wsdb handoff`: what one session leaves for the next.

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_both! {
    empty_workspace_has_an_empty_handoff,
    open_session_leaves_a_handoff,
    session_lists_touched_records,
    changes_since_the_own_last_session_are_listed,
    session_start_prints_the_handoff,
    notes_of_an_older_session_are_shown,
    notes_of_the_reader_are_shown_after_unended_sessions,
    notes_stay_after_sessions_without_notes,
    handoff_fits_the_budget,
    budget_has_a_minimum,
    import_is_summarized,
}

/// Starts a session without printing the handoff, and returns its id.
fn start(workspace: &TestWorkspace, actor: &str) -> String {
    let session = workspace.json(&["session", "start", "--no-brief", "--actor", actor]);
    assert_eq!(session["brief"], Value::Null);
    session["id"].as_str().unwrap().to_owned()
}

fn by(workspace: &TestWorkspace, actor: &str, args: &[&str]) -> String {
    workspace.ok(&[args, &["--actor", actor]].concat())
}

fn empty_workspace_has_an_empty_handoff() {
    assert_snapshot!(TestWorkspace::with_workspace().ok(&["handoff"]), @"");
}

/// A session of jo's that is still open, and touched a record of every kind.
fn with_open_session() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let by_jo = |args: &[&str]| by(&workspace, "jo", args);
    by_jo(&["task", "add", "Move pricing", "--priority", "high"]);
    start(&workspace, "jo");
    by_jo(&["task", "start", "1"]);
    by_jo(&["issue", "add", "Pears are late", "--type", "bug"]);
    by_jo(&["decision", "add", "Pears wait for apples"]);
    let log = ["session", "log", "Moved half", "--modified"];
    by_jo(&[&log[..], &["core/pricing.py"]].concat());
    by_jo(&["task", "edit", "1", "--notes", "half is done"]);
    workspace
}

fn open_session_leaves_a_handoff() {
    assert_snapshot!(with_open_session().ok(&["handoff"]), @"");
}

fn session_lists_touched_records() {
    let session = with_open_session().json(&["session", "show", "001"]);
    let touched = serde_json::json!(["WS-TASK-001", "DEC-001", "ISSUE-001"]);
    assert_eq!(session["touched"], touched);
}

fn changes_since_the_own_last_session_are_listed() {
    let workspace = TestWorkspace::with_workspace();
    workspace.import_sample("handwritten");
    start(&workspace, "ann");
    let notes = "Pears first.\nThen apples.";
    by(&workspace, "ann", &["session", "end", "--notes", notes]);
    for command in [
        "task done 2",
        "task reopen 3",
        "task claim --next",
        "task add Publish",
    ] {
        by(&workspace, "jo", &words(command));
    }
    by(&workspace, "ann", &["task", "claim", "5"]);
    assert_snapshot!(by(&workspace, "ann", &["handoff"]), @"");
}

/// The session that starts is no news in it.
fn session_start_prints_the_handoff() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing"]);
    assert_snapshot!(workspace.ok(&["session", "start"]), @"");
    let session = workspace.json(&["session", "start", "--actor", "jo"]);
    assert!(session["brief"]["sections"].is_array());
}

/// Notes, and five sessions that were started after them.
fn with_notes() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "aa");
    by(
        &workspace,
        "aa",
        &["session", "end", "--notes", "half is done"],
    );
    for actor in ["bb", "cc", "dd", "ee"] {
        start(&workspace, actor);
    }
    workspace
}

fn notes_of_an_older_session_are_shown() {
    let workspace = with_notes();
    for reader in ["ff", "aa"] {
        let handoff = workspace.json(&["handoff", "--actor", reader, "--budget", "200"]);
        let lines = &handoff["sections"][0]["lines"];
        assert_eq!(lines[1]["text"], "half is done", "{handoff:#}");
    }
    let handoff = workspace.json(&["handoff", "--actor", "ff"]);
    let omitted = &handoff["sections"][0]["more"];
    assert_eq!(omitted["count"], 2, "{handoff:#}");
}

fn notes_of_the_reader_are_shown_after_unended_sessions() {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "bot");
    let notes = "# Now\n- rotate the key";
    by(&workspace, "bot", &["session", "end", "--notes", notes]);
    by(&workspace, "bot", &["task", "add", "Between"]);
    for _ in 0..3 {
        start(&workspace, "bot");
    }
    assert_snapshot!(by(&workspace, "bot", &["handoff"]), @"");
}

fn notes_stay_after_sessions_without_notes() {
    let workspace = with_notes();
    start(&workspace, "aa");
    by(&workspace, "aa", &["session", "end"]);
    let handoff = by(&workspace, "aa", &["session", "start"]);
    assert!(handoff.contains("half is done"), "{handoff}");
}

fn handoff_fits_the_budget() {
    let workspace = TestWorkspace::with_workspace();
    for (name, text) in xtask::fixtures::generate(300, 7) {
        workspace.write(&format!("documents/{name}"), text);
    }
    workspace.ok(&["import", "documents"]);
    for budget in [50, 200, 800, 2000, 20_000] {
        let tokens = budget.to_string();
        let text = workspace.ok(&["handoff", "--budget", &tokens]);
        assert!(text.len() <= budget * 4, "{budget}: {} bytes", text.len());
        let json = workspace.json(&["handoff", "--budget", &tokens]);
        assert!(json["tokens"].as_u64().unwrap() <= budget as u64);
        if budget == 800 {
            assert!(text.len() > budget * 3, "the budget is used: {text}");
            assert!(text.contains(" more: `wsdb task ready"), "{text}");
        }
    }
}

fn budget_has_a_minimum() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &["handoff", "--budget", "3"]), @"");
}

/// One line says what it added, and none is listed as changed by it.
fn import_is_summarized() {
    let workspace = TestWorkspace::with_sample("handwritten");
    assert_snapshot!(workspace.ok(&["handoff", "--actor", "jo"]), @"");
}
