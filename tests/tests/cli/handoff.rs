//! `wsdb handoff`: the handoff from one session to the next.

use std::time::Duration;

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_postgres! {
    handoff_lists_an_open_session,
    session_lists_touched_records,
    changes_since_the_last_session_of_the_reader_are_listed,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    notes_of_an_older_session_are_shown,
    notes_of_the_reader_are_shown_despite_later_open_sessions,
    open_sessions_from_before_are_listed,
    task_that_the_reader_has_claimed_is_listed_once,
    deferred_critical_task_is_listed,
}

/// Starts a session without printing the handoff, and returns its id.
fn start(workspace: &TestWorkspace, actor: &str) -> String {
    let session = workspace.json(&["session", "start", "--no-brief", "--actor", actor]);
    assert_eq!(session["handoff"], Value::Null);
    session["id"].as_str().unwrap().to_owned()
}

fn by(workspace: &TestWorkspace, actor: &str, args: &[&str]) -> String {
    workspace.ok(&[args, &["--actor", actor]].concat())
}

#[test]
fn empty_workspace_has_an_empty_handoff() {
    assert_snapshot!(TestWorkspace::with_workspace().ok(&["handoff"]), @"
    # Handoff for mira

    Nothing to hand off yet.
    ");
}

/// An open session of jo with a task, an issue, a decision and an activity.
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

fn handoff_lists_an_open_session() {
    assert_snapshot!(with_open_session().ok(&["handoff"]), @"
    # Handoff for mira

    ## Last sessions
    - **2026-01-15-session-001** jo, started 2026-01-15 10:00 UTC, still open
      - did: Moved half
      - files: core/pricing.py
      - changed: WS-TASK-001, DEC-001, ISSUE-001

    ## Unassigned tasks
    - **WS-TASK-001** in_progress · HIGH · Move pricing

    ## Recent changes
    - **WS-TASK-001** task add, task start, task edit (jo)
    - **DEC-001** decision add (jo)
    - **ISSUE-001** issue add (jo)
    - **2026-01-15-session-001** session start (jo)

    ## Open issues
    - **ISSUE-001** MEDIUM · Pears are late

    ## Recent decisions
    - **DEC-001** planned · Pears wait for apples
    ");
}

fn session_lists_touched_records() {
    let session = with_open_session().json(&["session", "show", "001"]);
    let changed = serde_json::json!(["WS-TASK-001", "DEC-001", "ISSUE-001"]);
    assert_eq!(session["changed_records"], changed);
}

fn changes_since_the_last_session_of_the_reader_are_listed() {
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
    assert_snapshot!(by(&workspace, "ann", &["handoff"]), @"
    # Handoff for ann

    ## Last sessions
    - **2026-01-15-session-001** ann (you), ended 2026-01-15 10:00 UTC
      - Pears first.
      - Then apples.
    - **2025-11-21-session-001** mira with assistant-b, started 2025-11-21 09:00 UTC, still open

    ## Your tasks
    - **WS-TASK-005** in_progress · Publish · claimed by you until 2026-01-15 12:00 UTC

    ## Blocked tasks
    - **WS-TASK-004** deferred · LOW · Nightly harvest forecast · blocked by WS-TASK-003 (in_progress), WS-TASK-099 (missing)

    ## Other tasks in progress
    - **WS-TASK-003** in_progress · HIGH · Replace pandas in the ripeness model · jo until 2026-01-15 12:00 UTC

    ## Changed since 2026-01-15 10:00 UTC
    - **WS-TASK-005** task add, task claim (jo, ann)
    - **WS-TASK-003** task reopen, task claim (jo)
    - **WS-TASK-002** task done (jo)
    - **2026-01-15-session-001** session end (ann)

    ## Open issues
    - **ISSUE-001** HIGH · Season-specific pricing in orchard-core
    - **2025-11-21-session-001-issue-5c3e21ed31** MEDIUM · The ripeness model imports pandas inside the core

    ## Recent decisions
    - **2025-11-21-session-001-decision-32452207a2** planned · Forecasts wait for the ripeness model
    - **DEC-002** planned · Forecasts stay on one machine for now
    - **DEC-001** implemented · orchard-core holds nothing that is specific to a season
    ");
}

/// It does not list the session that starts.
#[test]
fn session_start_prints_the_handoff() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing"]);
    assert_snapshot!(workspace.ok(&["session", "start"]), @"
    Started session 2026-01-15-session-001

    # Handoff for mira

    ## Ready tasks
    - **WS-TASK-001** pending · Move pricing

    ## Recent changes
    - **WS-TASK-001** task add (mira)
    ");
    let session = workspace.json(&["session", "start", "--actor", "jo"]);
    assert!(session["handoff"]["sections"].is_array());
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
    let section = &handoff["sections"][0];
    assert_eq!(section["more"], Value::Null, "{handoff:#}");
    for actor in ["bb", "cc", "dd", "ee"] {
        let lines = section["lines"].as_array().unwrap();
        let is_open = |line: &Value| {
            let text = line["text"].as_str().unwrap();
            text.starts_with(actor) && text.ends_with("still open")
        };
        assert!(lines.iter().any(is_open), "{handoff:#}");
    }
}

fn notes_of_the_reader_are_shown_despite_later_open_sessions() {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "bot");
    let notes = "# Now\n- rotate the key";
    by(&workspace, "bot", &["session", "end", "--notes", notes]);
    by(&workspace, "bot", &["task", "add", "Between"]);
    for _ in 0..3 {
        start(&workspace, "bot");
    }
    assert_snapshot!(by(&workspace, "bot", &["handoff"]), @"
    # Handoff for bot

    ## Last sessions
    - **2026-01-15-session-001** bot (you), ended 2026-01-15 10:00 UTC
      - Now
      - rotate the key
    - **2026-01-15-session-004** bot (you), started 2026-01-15 10:00 UTC, still open
    - **2026-01-15-session-003** bot (you), started 2026-01-15 10:00 UTC, still open
    - **2026-01-15-session-002** bot (you), started 2026-01-15 10:00 UTC, still open

    ## Ready tasks
    - **WS-TASK-001** pending · Between

    ## Changed since 2026-01-15 10:00 UTC
    - **2026-01-15-session-004** session start (bot)
    - **2026-01-15-session-003** session start (bot)
    - **2026-01-15-session-002** session start (bot)
    - **WS-TASK-001** task add (bot)
    - **2026-01-15-session-001** session end (bot)
    ");
}

#[test]
fn notes_are_shown_after_sessions_without_notes() {
    let workspace = with_notes();
    start(&workspace, "aa");
    by(&workspace, "aa", &["session", "end"]);
    let handoff = by(&workspace, "aa", &["session", "start"]);
    assert!(handoff.contains("half is done"), "{handoff}");
}

fn open_sessions_from_before_are_listed() {
    let workspace = TestWorkspace::with_workspace();
    start(&workspace, "jo");
    by(&workspace, "jo", &["session", "log", "Moved half"]);
    workspace.advance(Duration::from_secs(60));
    start(&workspace, "ann");
    by(&workspace, "ann", &["session", "end"]);
    let expected = "\
        - **2026-01-15-session-002** ann (you), ended 2026-01-15 10:01 UTC\n\
        - **2026-01-15-session-001** jo, started 2026-01-15 10:00 UTC, still open\n\n";
    let handoff = by(&workspace, "ann", &["handoff"]);
    assert!(handoff.contains(expected), "{handoff}");
    for _ in 0..45 {
        start(&workspace, "bot");
    }
    for args in [&["handoff"][..], &["session", "start"]] {
        let args = [args, &["--actor", "ann", "--budget", "3000"]].concat();
        let result = workspace.json(&args);
        let handoff = result.get("handoff").unwrap_or(&result);
        let section = &handoff["sections"][0];
        let lines = section["lines"].as_array().unwrap().iter();
        let listed = lines.filter(|line| line["id"] != Value::Null).count();
        let omitted = section["more"]["count"].as_u64().unwrap();
        assert_eq!(listed as u64 + omitted, 47, "{handoff:#}");
    }
}

fn task_that_the_reader_has_claimed_is_listed_once() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing"]);
    workspace.ok(&words("task claim 1 --actor bob"));
    workspace.ok(&words("task edit 1 --assign zed"));
    for reader in ["bob", "zed"] {
        let handoff = by(&workspace, reader, &["handoff"]);
        assert_eq!(handoff.matches("Move pricing").count(), 1, "{handoff}");
        let next = by(&workspace, reader, &["next"]);
        assert_eq!(next.matches("Move pricing").count(), 1, "{next}");
    }
}

#[test]
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

#[test]
fn budget_has_a_minimum() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &["handoff", "--budget", "3"]), @"
    error: invalid value '3' for '--budget <TOKENS>': must be at least 50

    For more information, try '--help'.
    ");
}

/// One line summarizes what the import added; the records are not listed as changed.
#[test]
fn import_is_summarized() {
    let workspace = TestWorkspace::with_sample("handwritten");
    assert_snapshot!(workspace.ok(&["handoff", "--actor", "jo"]), @"
    # Handoff for jo

    ## Last sessions
    - **2025-11-20-session-001** mira with assistant-a, ended 2025-11-20 17:40 UTC
      - Next: move pricing out of the core (WS-TASK-002).
    - **2025-11-21-session-001** mira with assistant-b, started 2025-11-21 09:00 UTC, still open
      - did: Moved pricing.py
      - files: orchard-web/src/pricing.py

    ## Blocked tasks
    - **WS-TASK-003** blocked · HIGH · Replace pandas in the ripeness model · blocked by WS-TASK-002 (in_progress) · Blocked until pricing is out — „Äpfel & Birnen“, 🍐.
    - **WS-TASK-004** deferred · LOW · Nightly harvest forecast · blocked by WS-TASK-003 (blocked), WS-TASK-099 (missing)

    ## Other tasks in progress
    - **WS-TASK-002** in_progress · CRITICAL · Move seasonal pricing out of orchard-core · mira

    ## Recent changes
    - **#1** import by mira, 2026-01-15 10:00 UTC: added 3 decisions, 3 issues, 2 sessions, 5 tasks

    ## Open issues
    - **ISSUE-001** HIGH · Season-specific pricing in orchard-core
    - **2025-11-21-session-001-issue-5c3e21ed31** MEDIUM · The ripeness model imports pandas inside the core

    ## Recent decisions
    - **2025-11-21-session-001-decision-32452207a2** planned · Forecasts wait for the ripeness model
    - **DEC-002** planned · Forecasts stay on one machine for now
    - **DEC-001** implemented · orchard-core holds nothing that is specific to a season
    ");
}

fn deferred_critical_task_is_listed() {
    let workspace = TestWorkspace::with_workspace();
    for title in ["Deferred", "Backlog", "Planning", "Low"] {
        let priority = if title == "Low" { "LOW" } else { "CRITICAL" };
        workspace.ok(&["task", "add", title, "--priority", priority]);
    }
    workspace.ok(&words("task defer 1 4"));
    workspace.ok(&words("task status 2 --to backlog"));
    workspace.ok(&words("task edit 2 --assign jo"));
    workspace.ok(&words("task status 3 --to planning"));
    assert_snapshot!(workspace.ok(&["handoff"]), @"
    # Handoff for mira

    ## Unassigned tasks
    - **WS-TASK-003** planning · CRITICAL · Planning

    ## Other critical tasks
    - **WS-TASK-001** deferred · CRITICAL · Deferred
    - **WS-TASK-002** backlog · CRITICAL · Backlog · jo

    ## Recent changes
    - **WS-TASK-003** task add, task status (mira)
    - **WS-TASK-002** task add, task status, task edit (mira)
    - **WS-TASK-004** task add, task defer (mira)
    - **WS-TASK-001** task add, task defer (mira)
    ");
    let short = workspace.ok(&words("handoff --budget 60"));
    assert!(short.contains("WS-TASK-001"), "{short}");
}
