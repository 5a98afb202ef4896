//! What one session hands over to the next.

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::{Folder, fixture};

/// The brief without its times, which differ from run to run.
fn brief(text: &str) -> String {
    let mut shown = String::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some(at) = rest.find(" UTC") {
            let begin = at.saturating_sub("2026-01-01 10:00".len());
            shown.push_str(&rest[..begin]);
            shown.push('*');
            rest = &rest[at + " UTC".len()..];
        }
        shown.push_str(rest);
        shown.push('\n');
    }
    shown
}

/// The id of a session that was begun.
fn start(folder: &Folder, actor: &str) -> String {
    let started = folder.json(&["session", "start", "--no-brief", "--actor", actor]);
    assert_eq!(started["brief"], Value::Null);
    started["id"].as_str().expect("an id").to_owned()
}

fn a_session_that_is_never_ended_leaves_a_handoff() {
    let folder = Folder::with_workspace();
    let by_jo = |args: &[&str]| folder.ok(&[args, &["--actor", "jo"]].concat());
    by_jo(&["task", "add", "Move pricing", "--priority", "high"]);
    let session = start(&folder, "jo");
    by_jo(&["task", "start", "1"]);
    by_jo(&["issue", "add", "Pears are late", "--type", "bug"]);
    by_jo(&["decision", "add", "Pears wait for apples"]);
    let log = [
        "session",
        "log",
        "Moved half",
        "--modified",
        "core/pricing.py",
    ];
    by_jo(&log);
    by_jo(&["task", "edit", "1", "--notes", "half is done"]);

    let shown = folder.json(&["session", "show", &session]);
    let touched: Vec<&str> = shown["touched"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(touched, ["WS-TASK-001", "DEC-001", "ISSUE-001"]);

    let text = brief(&folder.ok(&["handoff"])).replace(&session, "SESSION");
    assert_snapshot!(text, @"
    # Handoff for mira

    ## Last sessions
    - **SESSION** jo, begun *, still open
      - did: Moved half
      - files: core/pricing.py
      - touched: WS-TASK-001, DEC-001, ISSUE-001

    ## In other hands
    - **WS-TASK-001** in_progress · HIGH · Move pricing · assigned to nobody

    ## Changed lately
    - **WS-TASK-001** task add, task in_progress, task edit by jo
    - **DEC-001** decision add by jo
    - **ISSUE-001** issue add by jo
    - **SESSION** session start by jo

    ## Open issues
    - **ISSUE-001** MEDIUM · Pears are late

    ## Recent decisions
    - **DEC-001** planned · Pears wait for apples
    ");
}

fn what_changed_since_ones_last_session_is_told() {
    let folder = Folder::with_workspace();
    folder.ok(&["import", &fixture("handwritten").display().to_string()]);
    start(&folder, "ann");
    folder.ok(&[
        "session",
        "end",
        "--notes",
        "Pears first.\nThen apples.",
        "--actor",
        "ann",
    ]);
    folder.ok(&["task", "done", "2", "--actor", "jo"]);
    folder.ok(&["task", "reopen", "3", "--actor", "jo"]);
    folder.ok(&["task", "claim", "--next", "--actor", "jo"]);
    folder.ok(&["task", "add", "Publish the price list", "--actor", "jo"]);
    folder.ok(&["task", "claim", "5", "--actor", "ann"]);
    assert_eq!(
        folder.json(&["next", "--actor", "ann"])["task"]["mine"],
        true
    );

    let started = folder.json(&["session", "start", "--actor", "ann"]);
    let own = started["id"].as_str().expect("an id");
    let sections = started["brief"]["sections"].as_array().expect("sections");
    let section = |title: &str| {
        let found = sections.iter().find(|section| {
            section["title"]
                .as_str()
                .is_some_and(|t| t.starts_with(title))
        });
        found
            .unwrap_or_else(|| panic!("no {title} in {sections:#?}"))
            .to_string()
    };
    let last = section("Last sessions");
    assert!(
        last.contains("Pears first.") && last.contains("Then apples."),
        "{last}"
    );
    assert!(!last.contains(own), "its own beginning is no news: {last}");
    assert!(section("In your hands").contains("WS-TASK-005"));
    let changed = section("Changed since");
    assert!(
        changed.contains("WS-TASK-002") && changed.contains("by jo"),
        "{changed}"
    );
    assert!(!changed.contains("import"), "that was before: {changed}");
    assert!(section("Open issues").contains("ISSUE-001"));
}

fn notes_are_told_whatever_was_begun_since() {
    let folder = Folder::with_workspace();
    start(&folder, "aa");
    folder.ok(&["session", "end", "--notes", "half is done", "--actor", "aa"]);
    for actor in ["bb", "cc", "dd", "ee"] {
        start(&folder, actor);
    }
    for reader in ["ff", "aa"] {
        let brief = folder.json(&["handoff", "--actor", reader, "--budget", "200"]);
        let lines = brief["sections"][0]["lines"].as_array().expect("lines");
        assert_eq!(lines[1]["text"], "half is done", "{brief:#}");
    }
    let brief = folder.json(&["handoff", "--actor", "ff"]);
    let more = &brief["sections"][0]["more"];
    assert_eq!(
        more["count"], 2,
        "the sessions that are not told of: {brief:#}"
    );
}

fn the_budget_is_kept() {
    let folder = Folder::with_workspace();
    let documents = tempfile::tempdir().expect("a folder");
    for (name, text) in xtask::fixtures::generate(300, 7) {
        std::fs::write(documents.path().join(name), text).expect("written");
    }
    folder.ok(&["import", &documents.path().display().to_string()]);
    for budget in [50, 200, 800, 2000, 20_000] {
        let budget_word = budget.to_string();
        let text = folder.ok(&["handoff", "--budget", &budget_word]);
        assert!(text.len() <= budget * 4, "{budget}: {} bytes", text.len());
        let json = folder.json(&["handoff", "--budget", &budget_word]);
        assert!(json["tokens"].as_u64().expect("a number") <= budget as u64);
        if budget == 800 {
            assert!(text.len() > budget * 3, "the room is made use of: {text}");
            assert!(text.contains(" more: `wsdb task ready"), "{text}");
        }
    }
    let refused = folder.fails(2, &["handoff", "--budget", "3"]);
    assert!(refused.contains("50"), "{refused}");
}

fn an_empty_workspace_has_a_short_one() {
    let folder = Folder::with_workspace();
    assert_snapshot!(folder.ok(&["handoff"]), @"
    # Handoff for mira

    Nothing to hand over yet.
    ");
}

fn notes_outlive_sessions_that_were_never_ended() {
    let folder = Folder::with_workspace();
    let bot = |args: &[&str]| folder.ok(&[args, &["--actor", "bot"]].concat());
    bot(&["session", "start", "--no-brief"]);
    bot(&["session", "end", "--notes", "# Now\n- rotate the key"]);
    bot(&["task", "add", "Between"]);
    for _ in 0..3 {
        bot(&["session", "start", "--no-brief"]);
    }
    let brief = bot(&["handoff"]);
    assert!(brief.contains("\n  - Now\n  - rotate the key\n"), "{brief}");
    assert!(brief.contains("## Changed since"), "{brief}");
    assert!(brief.contains("**WS-TASK-001** task add by bot"), "{brief}");
    // Also where the newer ones were ended without notes.
    bot(&["session", "end"]);
    let brief = bot(&["session", "start"]);
    assert!(brief.contains("  - rotate the key\n"), "{brief}");
}

fn an_import_is_told_as_a_whole() {
    let folder = Folder::new();
    folder.ok(&[
        "import",
        &wsdb_tests::fixture("handwritten").display().to_string(),
    ]);
    let brief = folder.ok(&["handoff", "--actor", "jo"]);
    assert!(brief.contains("- **#1** import by mira, "), "{brief}");
    assert!(
        brief.contains("added 3 decisions, added 3 issues, added 2 sessions, added 5 tasks"),
        "{brief}"
    );
    assert!(!brief.contains("import by mira\n"), "{brief}");
    assert!(brief.contains("- **WS-TASK-002** in_progress · CRITICAL · Move seasonal pricing out of orchard-core · mira\n"), "{brief}");
}

wsdb_tests::on_both!(
    a_session_that_is_never_ended_leaves_a_handoff,
    what_changed_since_ones_last_session_is_told,
    notes_are_told_whatever_was_begun_since,
    the_budget_is_kept,
    an_empty_workspace_has_a_short_one,
    notes_outlive_sessions_that_were_never_ended,
    an_import_is_told_as_a_whole,
);
