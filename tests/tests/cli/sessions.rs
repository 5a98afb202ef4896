//! `wsdb session`: sessions, their activities, and their links to decisions and issues.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids, words};

wsdb_tests::on_sqlite_and_postgres! {
    session_id_has_the_day_and_a_number,
    activities_are_listed_and_filtered,
    sessions_are_linked,
    links_are_listed_and_filtered,
    filter_accepts_part_of_a_session_id,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    records_belong_to_the_open_session,
    records_of_others_do_not_belong_to_the_session,
    session_is_ended_with_notes,
    session_is_listed_and_deleted,
    second_open_session_is_noted,
    activity_is_deleted,
    links_are_removed,
    link_to_a_deleted_record_is_kept,
    ambiguous_session_of_a_filter_is_refused,
    history_of_a_deleted_session_can_be_listed,
}

fn session_id_has_the_day_and_a_number() {
    let workspace = TestWorkspace::with_workspace();
    let session = workspace.json(&["session", "start"]);
    assert_eq!(session["id"], "2026-01-15-session-001");
}

fn records_belong_to_the_open_session() {
    let workspace = TestWorkspace::with_workspace();
    let session = workspace.json(&words("session start --assistant a"))["id"].clone();
    let task = workspace.json(&["task", "add", "T"]);
    assert_eq!(task["session_created"], session);
    let decision = workspace.json(&words("decision add D -i low"));
    assert_eq!(decision["session"], session);
    workspace.ok(&words("issue add I --type code_creep"));
    workspace.ok(&words(
        "session log Looked --type analysis --modified a.rs,b.rs",
    ));
    let current = workspace.json(&["session", "current"]);
    assert_eq!(current["decisions_made"], json!(["DEC-001"]));
    assert_eq!(current["issues_found"], json!(["ISSUE-001"]));
    assert_eq!(
        current["activities"][0]["files_modified"],
        json!(["a.rs", "b.rs"])
    );
}

fn records_of_others_do_not_belong_to_the_session() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["session", "start"]);
    let task = workspace.json(&["task", "add", "U", "--actor", "jo"]);
    assert_eq!(task["session_created"], Value::Null);
}

fn session_is_ended_with_notes() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["session", "start"]);
    let ended = workspace.json(&["session", "end", "--notes", "Next: T"]);
    assert_eq!(ended["status"], "completed");
    assert_eq!(ended["handoff_notes"], "Next: T");
    assert_snapshot!(workspace.fails(1, &["session", "current"]), @"
    error: mira has no open session
    hint: run 'wsdb session start' to start one, or 'wsdb session list --reverse' to list all sessions
    ");
    let stats = workspace.json(&["session", "stats"]);
    assert_eq!(stats["by_status"]["completed"], 1);
}

#[test]
fn session_is_edited() {
    let workspace = TestWorkspace::with_workspace();
    let id = workspace.json(&["session", "start"])["id"].clone();
    let id = id.as_str().unwrap();
    workspace.ok(&["session", "edit", id, "--notes", "T is done"]);
    let session = workspace.json(&["session", "show", "001"]);
    assert_eq!(session["handoff_notes"], "T is done");
}

fn session_is_listed_and_deleted() {
    let workspace = TestWorkspace::with_workspace();
    let id = workspace.json(&["session", "start"])["id"].clone();
    let id = id.as_str().unwrap();
    let list = workspace.json(&["session", "list", "--user", "mira"]);
    assert_eq!(ids(&list, "sessions"), [id]);
    let deleted = workspace.json(&["session", "rm", id]);
    assert_eq!(deleted, json!({"deleted": [id]}));
}

fn second_open_session_is_noted() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["session", "start"]);
    assert_snapshot!(workspace.stderr(&["session", "start"]), @"note: your changes belong to no session, because you have 2 open sessions with recent changes: 2026-01-15-session-002, 2026-01-15-session-001; choose one with --session ID or WSDB_SESSION");
    assert_eq!(workspace.stderr(&["session", "start", "--json"]), "");
}

fn sample() -> TestWorkspace {
    TestWorkspace::with_sample("handwritten")
}

fn activities(workspace: &TestWorkspace, filter: &str) -> Value {
    workspace.json(&[words("session activity list"), words(filter)].concat())
}

fn activities_are_listed_and_filtered() {
    let workspace = sample();
    let list = "session activity list --type analysis,implementation --format csv";
    assert_snapshot!(workspace.ok(&words(list)), @r#"
    id,session_id,activity_type,description,files_created,files_modified,outcome,time,extra_metadata,document_fields
    2025-11-20-session-001-activity-dcd7d63627,2025-11-20-session-001,analysis,Looked for season-specific code in the core,[],[],Two files found,2025-11-20T11:00:00Z,,{}
    2025-11-21-session-001-activity-ae189a7af8,2025-11-21-session-001,implementation,Moved pricing.py,[],"[""orchard-web/src/pricing.py""]",,2025-11-21T10:10:00Z,,{}
    "#);
    for (filter, total) in [
        ("", 3),
        ("--session 2025-11-20", 2),
        ("--text FILES", 1),
        ("--since 2025-11-21", 1),
        ("--type nothing", 0),
    ] {
        assert_eq!(activities(&workspace, filter)["total"], total, "{filter}");
    }
}

#[test]
fn activity_is_edited() {
    let workspace = sample();
    let edit = "session activity edit ae189a7af8 --outcome Tested --clear modified --type note
        --time 2025-11-21T12:00:00Z --description Moved --expect activity_type=implementation";
    let edited = workspace.json(&words(edit));
    assert_eq!(edited["outcome"], "Tested");
    assert_eq!(edited["files_modified"], json!([]));
    assert_eq!(edited["time"], "2025-11-21T12:00:00Z");
    let id = edited["id"].as_str().unwrap();
    assert_eq!(workspace.json(&["session", "activity", "show", id]), edited);
    let empty = ["session", "activity", "edit", id, "--description", " "];
    assert_snapshot!(workspace.fails(2, &empty), @"error: description must not be empty");
}

fn activity_is_deleted() {
    let workspace = sample();
    workspace.ok(&words("session activity rm ae189a7af8"));
    assert_eq!(activities(&workspace, "")["total"], 2);
    assert_snapshot!(workspace.fails(1, &words("session activity show ae189a7af8")), @"
    error: activity ae189a7af8 not found
    hint: run 'wsdb session activity list' to list the activities
    ");
    workspace.ok(&["undo"]);
    assert_eq!(activities(&workspace, "")["total"], 3);
}

/// The sample, with three more links of its first session.
fn linked() -> TestWorkspace {
    let workspace = sample();
    workspace.ok(&words(
        "session link 2025-11-20-session-001 --decision 2,1 --issue 1",
    ));
    workspace
}

fn links(workspace: &TestWorkspace, filter: &str) -> Value {
    workspace.json(&[words("session links"), words(filter)].concat())
}

fn sessions_are_linked() {
    let link = "session link 2025-11-20-session-001 --decision 2,1 --issue 1";
    assert_snapshot!(sample().ok(&words(link)), @"
    Linked 2025-11-20-session-001: decision DEC-002 (planned)  Forecasts stay on one machine for now
    Linked 2025-11-20-session-001: decision DEC-001 (implemented)  orchard-core holds nothing that is specific to a season
    Linked 2025-11-20-session-001: issue ISSUE-001 (open)  Season-specific pricing in orchard-core
    ");
}

fn links_are_listed_and_filtered() {
    let workspace = linked();
    for (filter, total) in [
        ("", 5),
        ("2025-11-20", 3),
        ("--issue 1", 1),
        ("--issue 1 --decision 2", 2),
    ] {
        assert_eq!(links(&workspace, filter)["total"], total, "{filter}");
    }
    let page = links(&workspace, "--limit 2 --offset 4");
    assert_eq!(page["session_links"].as_array().map(Vec::len), Some(1));
    let link = &links(&workspace, "--decision 2")["session_links"][0];
    assert_eq!(link["session_id"], "2025-11-20-session-001");
    // The link keeps the title that the session's document gives the decision.
    let link = &links(&workspace, "--decision 1")["session_links"][0];
    assert_eq!(
        link["document_fields"]["decision"],
        "The core knows no season"
    );
}

#[test]
fn unlinking_reports_all_missing_links() {
    let unlink = "session unlink 2025-11-20 --decision 9 --issue 2";
    assert_snapshot!(linked().fails(1, &words(unlink)), @"
    error: 2025-11-20-session-001 is not linked to DEC-009
           2025-11-20-session-001 is not linked to ISSUE-002
    ");
}

fn links_are_removed() {
    let workspace = linked();
    let unlink = "session unlink 2025-11-20 --decision 1,2 --issue 1";
    assert_snapshot!(workspace.ok(&words(unlink)), @"No links left");
    workspace.ok(&["undo"]);
    assert_eq!(links(&workspace, "")["total"], 5);
}

fn link_to_a_deleted_record_is_kept() {
    let workspace = linked();
    workspace.ok(&words("decision rm 2 --force"));
    let link = &links(&workspace, "--decision DEC-002")["session_links"][0];
    assert_eq!(link["status"], Value::Null);
    workspace.ok(&words("session unlink 2025-11-20 --decision DEC-002"));
}

#[test]
fn link_arguments_are_checked() {
    let workspace = linked();
    assert_snapshot!(workspace.fails(1, &words("session link --decision 99 --actor jo")), @"
    error: jo has no open session
    hint: run 'wsdb session start --actor jo' to start one, or 'wsdb session list --reverse' to list all sessions
    ");
    assert_snapshot!(workspace.fails(2, &["session", "link"]), @"error: --decision or --issue is required");
    workspace.ok(&words("session start --no-brief --actor jo"));
    let link = "session link --decision 99 --issue 98 --actor jo";
    assert_snapshot!(workspace.fails(1, &words(link)), @"
    error: decision 99 not found
           issue 98 not found
    hint: run 'wsdb decision list' to list the decisions
    ");
}

fn filter_accepts_part_of_a_session_id() {
    let workspace = sample();
    for session in ["2025-11-21-session-001", "11-21"] {
        let list = workspace.json(&["task", "ls", "--session", session]);
        assert_eq!(list["total"], 1, "{session}");
    }
}

#[test]
fn unknown_sessions_of_a_filter_are_reported_together() {
    let workspace = sample();
    let list = "task ls --session nope,11-21,2030-01-01-session-001";
    assert_snapshot!(workspace.stderr(&words(list)), @"
    note: session nope not found
    note: session 2030-01-01-session-001 not found
    ");
}

fn ambiguous_session_of_a_filter_is_refused() {
    let list = words("decision ls --session 2025-11");
    assert_snapshot!(sample().fails(1, &list), @"
    error: session 2025-11 is ambiguous: it matches 2025-11-20-session-001, 2025-11-21-session-001
    hint: use a full ID, or a longer part of it
    ");
}

fn history_of_a_deleted_session_can_be_listed() {
    let workspace = TestWorkspace::with_workspace();
    let id = workspace.json(&["session", "start"])["id"].clone();
    let id = id.as_str().unwrap();
    workspace.ok(&["task", "add", "x"]);
    workspace.ok(&["session", "rm", id]);
    let history = workspace.json(&["history", "--session", id]);
    assert!(history["total"].as_u64() >= Some(2), "{history}");
}

#[test]
fn session_show_defaults_to_the_open_session() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["session", "start", "--no-brief"]);
    let session = workspace.json(&["session", "show"]);
    assert_eq!(session["status"], "in_progress");
}

#[test]
fn session_show_needs_an_id_without_an_open_session() {
    let workspace = TestWorkspace::with_workspace();
    let error = workspace.fails(1, &["session", "show"]);
    assert!(error.contains("mira has no open session"), "{error}");
}
