//! `wsdb search`: results, filters and messages.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_postgres! {
    hits_are_listed_with_snippets,
    hits_as_json,
    no_hits_as_json,
    page_of_hits_has_the_total,
    hits_are_filtered,
    page_after_the_last_hit_is_empty,
    control_characters_are_escaped,
}

fn sample() -> TestWorkspace {
    TestWorkspace::with_sample("handwritten")
}

/// Returns the record type and ID of each hit, in alphabetical order.
pub(crate) fn hits(workspace: &TestWorkspace, args: &[&str]) -> Vec<String> {
    let result = workspace.json(&[&["search"], args].concat());
    let hits = result["results"].as_array().unwrap();
    assert_eq!(result["total"], hits.len());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut names: Vec<String> = hits
        .iter()
        .map(|hit| format!("{} {}", text(&hit["record_type"]), text(&hit["id"])))
        .collect();
    names.sort();
    names
}

fn hits_are_listed_with_snippets() {
    assert_snapshot!(sample().ok(&["search", "pricing"]), @"
    TYPE     ID                      STATUS       TITLE
    issue    ISSUE-001               open         Season-specific pricing in orchard-core
      pricing.py knows about harvest months
    task     WS-TASK-002             in_progress  Move seasonal pricing out of orchard-core
    session  2025-11-21-session-001  in_progress  mira with assistant-b
      Moved pricing.py
    session  2025-11-20-session-001  completed    mira with assistant-a
      Next: move pricing out of the core (WS-TASK-002).
    task     WS-TASK-003             blocked      Replace pandas in the ripeness model
      Blocked until pricing is out — „Äpfel & Birnen“, 🍐.
    ");
}

#[test]
fn hits_as_csv() {
    let search = words("search pandas ripe --noun task --format csv");
    assert_snapshot!(sample().ok(&search), @r#"
    record_type,id,status,title,title_highlights,snippet,rank
    task,WS-TASK-003,blocked,Replace pandas in the ripeness model,"[[8,14],[22,30]]",,5.1775
    "#);
}

/// `find` is another name of `search`.
#[test]
fn hits_as_markdown() {
    let find = words("find apfel --format md");
    assert_snapshot!(sample().ok(&find), @"
    | type | id | status | title | snippet |
    | --- | --- | --- | --- | --- |
    | task | WS-TASK-003 | blocked | Replace pandas in the ripeness model | Blocked until pricing is out — „Äpfel & Birnen“, 🍐. |
    ");
}

#[test]
fn matches_are_highlighted() {
    let text = sample().ok(&["search", "moved", "--color", "always"]);
    assert_snapshot!(text.replace('\u{1b}', "ESC"), @"
    ESC[1mTYPEESC[0m     ESC[1mIDESC[0m                      ESC[1mSTATUSESC[0m       ESC[1mTITLEESC[0m
    session  ESC[1m2025-11-21-session-001ESC[0m  in_progress  mira with assistant-b
      ESC[33mMovedESC[0m pricing.py
    ");
}

fn hits_as_json() {
    let workspace = sample();
    let mut result = workspace.json(&["search", "apfel"]);
    let rank = result["results"][0]["rank"].take();
    assert!(rank.as_f64().is_some_and(|rank| rank > 0.0), "{rank}");
    assert_eq!(
        result,
        json!({
            "results": [{
                "record_type": "task",
                "id": "WS-TASK-003",
                "status": "blocked",
                "title": "Replace pandas in the ripeness model",
                "title_highlights": [],
                "snippet": {
                    "field": "notes",
                    "text": "Blocked until pricing is out — „Äpfel & Birnen“, 🍐.",
                    "highlights": [[32, 37]],
                },
                "rank": null,
            }],
            "total": 1
        })
    );
}

fn no_hits_as_json() {
    let workspace = sample();
    assert_eq!(
        workspace.json(&["search", "absent"]),
        json!({"results": [], "total": 0})
    );
}

fn page_of_hits_has_the_total() {
    let page = sample().json(&words("search pricing --limit 1 --offset 1"));
    assert_eq!(page["results"].as_array().map(Vec::len), Some(1));
    assert_eq!(page["total"], 5);
}

#[test]
fn hits_as_lines_of_json() {
    let workspace = sample();
    let lines = workspace.ok(&["search", "pricing", "--format", "jsonl"]);
    assert_eq!(lines.lines().count(), 5);
    let first: Value = serde_json::from_str(lines.lines().next().unwrap_or_default()).unwrap();
    assert_eq!(first["id"], "ISSUE-001");
}

fn hits_are_filtered() {
    let workspace = sample();
    for (args, expected) in [
        (&["7"][..], ""),
        (&["2", "--noun", "tasks"], "task WS-TASK-002"),
        (&["ws-task-2", "--noun", "task"], "task WS-TASK-002"),
        (
            &["pandas", "model"],
            "issue 2025-11-21-session-001-issue-5c3e21ed31, task WS-TASK-003",
        ),
        (&["pandas -model"], ""),
        (&["pandas", "-imports"], "task WS-TASK-003"),
        (
            &["-imports", "pandas", "--status", "blocked"],
            "task WS-TASK-003",
        ),
        (&["\"move seasonal\""], "task WS-TASK-002"),
        (&["\"seasonal move\""], ""),
        (&["moved"], "session 2025-11-21-session-001"),
        (
            &["pricing", "--noun", "session", "--status", "done"],
            "session 2025-11-20-session-001",
        ),
        (&["pricing", "--repo", "orchard-web"], "task WS-TASK-002"),
        (
            &["pricing", "--since", "2025-11-21", "--noun", "task"],
            "task WS-TASK-003",
        ),
        (&["'; DROP TABLE workspace_tasks; --"], ""),
        (&["title:*", "(NEAR", "^"], ""),
    ] {
        assert_eq!(hits(&workspace, args).join(", "), expected, "{args:?}");
    }
}

#[test]
fn hint_without_hits_suggests_a_wider_search() {
    let search = words("search prising -x orchard --status open --noun issue");
    let output = TestWorkspace::with_workspace().run(&search);
    assert!(output.status.success());
    assert_snapshot!(String::from_utf8_lossy(&output.stdout), @"No results for prising -x orchard");
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @"hint: leave out --type, --status; use fewer words; try only the beginning of a word");
}

/// Two tasks about pears.
fn two_pears() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Pick pears"]);
    workspace.ok(&["task", "add", "Sell pears"]);
    workspace
}

fn page_after_the_last_hit_is_empty() {
    let search = words("search pears --offset 9");
    assert_snapshot!(two_pears().ok(&search), @"Showing 0 of 2 results");
}

#[test]
fn part_of_the_hits_is_described() {
    let search = words("search pears --limit 1");
    assert_snapshot!(two_pears().ok(&search), @"
    TYPE  ID           STATUS   TITLE
    task  WS-TASK-002  pending  Sell pears
    Showing 1 of 2 results; use --limit N to show more
    ");
}

#[test]
fn search_without_words_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    assert!(workspace.fails(2, &["search"]).contains("<WORDS>"));
    assert_snapshot!(workspace.fails(2, &["search", "-pricing", "?"]), @r#"error: no search word in "-pricing ?": enter at least one word with a letter or digit and without a leading -"#);
}

#[test]
fn unknown_status_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &words("search x --status wontfix")), @r#"
    error: invalid value 'wontfix' for '--status <STATUS>': unknown status "wontfix" (expected a status of a task, session, issue or decision)

    For more information, try '--help'.
    "#);
}

fn control_characters_are_escaped() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&[
        "task",
        "add",
        "red\u{1b}[2J\u{202e} pear",
        "--notes",
        "a pear\u{1b}]0;x\u{7} here",
    ]);
    for format in ["table", "md"] {
        let text = workspace.ok(&["search", "pear", "--format", format]);
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
        assert!(text.contains("red\\u{1b}[2J\\u{202e} pear"), "{text}");
        assert!(text.contains("a pear\\u{1b}]0;x\\u{7} here"), "{text}");
    }
}

#[test]
fn control_characters_of_the_query_are_escaped() {
    let workspace = TestWorkspace::with_workspace();
    let text = workspace.ok(&["search", "no\u{1b}[2Jne"]);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}
