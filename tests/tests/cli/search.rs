//! `wsdb search`: results, filters and messages.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_postgres! {
    hits_are_listed_with_snippets,
    page_of_hits_has_the_total,
    hits_are_filtered,
    page_after_the_last_hit_is_empty,
    words_within_chinese_and_japanese_are_found,
    file_paths_are_found,
    tags_are_found,
    detections_are_found,
    versions_are_found,
    names_with_symbols_are_complete_words,
}

fn versions_are_found() {
    let workspace = TestWorkspace::with_workspace();
    for title in ["Upgrade to v1.2.3", "Upgrade to 1.2.4", "Sort 1, 2, 3"] {
        workspace.ok(&["task", "add", title]);
    }
    for (query, expected) in [
        ("1.2.3", &["task WS-TASK-001", "task WS-TASK-003"][..]),
        ("v1.2.3", &["task WS-TASK-001"]),
        ("1.2.4", &["task WS-TASK-002"]),
        ("upgrade -1.2.3", &["task WS-TASK-002"]),
    ] {
        assert_eq!(hits(&workspace, &[query]), expected, "{query}");
    }
}

fn names_with_symbols_are_complete_words() {
    let workspace = TestWorkspace::with_workspace();
    for title in ["Port to C++", "Cache", "Use .NET", "Use C#", "Network"] {
        workspace.ok(&["task", "add", title]);
    }
    let c = ["task WS-TASK-001", "task WS-TASK-004"];
    for (query, expected) in [
        ("c++", &c[..]),
        ("c#", &c),
        (".net", &["task WS-TASK-003"]),
        ("net", &["task WS-TASK-003", "task WS-TASK-005"]),
    ] {
        assert_eq!(hits(&workspace, &[query]), expected, "{query}");
    }
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
      orchard-core/src/orchard_core/pricing.py
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
    task,WS-TASK-003,blocked,Replace pandas in the ripeness model,"[[8,14],[22,30]]",,5.3071
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

#[test]
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

#[test]
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
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @"hint: leave out --type and --status; use fewer words; try just the beginning of a word");
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
    assert_snapshot!(workspace.fails(2, &words("search x --status wontfix")), @"
    error: invalid value 'wontfix' for '--status <STATUS>': expected a status of a task, session, issue, decision or detection

    For more information, try '--help'.
    ");
}

#[test]
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

/// The words are highlighted, also those in the middle of a text without spaces.
fn words_within_chinese_and_japanese_are_found() {
    let workspace = TestWorkspace::with_workspace();
    let notes = format!("{}wsdb検索{}", "前".repeat(60), "後".repeat(60));
    workspace.ok(&["task", "add", "全文検索機能を追加", "--notes", &notes]);
    workspace.ok(&["task", "add", "修复定价缓存"]);
    let text = workspace.ok(&["search", "検索", "--color", "always"]);
    assert_snapshot!(text.replace('\u{1b}', "ESC"), @"
    ESC[1mTYPEESC[0m  ESC[1mIDESC[0m           ESC[1mSTATUSESC[0m   ESC[1mTITLEESC[0m
    task  ESC[1mWS-TASK-001ESC[0m  pending  全文ESC[33m検索ESC[0m機能を追加
      … 前前前前前前前前前前前前wsdbESC[33m検索ESC[0m後後後後後後後後後後後後後後後後後後後後後後後後後後後後後後後後後後後後後 …
    ");
    for (query, expected) in [
        ("定价", "task WS-TASK-002"),
        ("wsdb検", "task WS-TASK-001"),
        ("定存", ""),
    ] {
        assert_eq!(hits(&workspace, &[query]).join(", "), expected, "{query}");
    }
}

/// Adds a record of each kind that has file paths.
fn with_file_paths() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    for command in [
        "task add One --file src/orchard_core/pricing.py",
        "decision add Two --file docs/Größe.md --documentation docs/prices.md",
        "session start --no-handoff",
        "session log Three --created src/new.rs --modified src/orchard_core/lib.rs",
    ] {
        workspace.ok(&words(command));
    }
    workspace
}

/// By their whole path, by their name and by a folder.
fn file_paths_are_found() {
    let workspace = with_file_paths();
    let session = hits(&workspace, &["three"]).join(", ");
    for (query, expected) in [
        ("src/orchard_core/pricing.py", "task WS-TASK-001"),
        ("pricing.py", "task WS-TASK-001"),
        ("pricing", "task WS-TASK-001"),
        ("orchard_core/pric", "task WS-TASK-001"),
        ("src/pricing.py", ""),
        ("grosse.md", "decision DEC-001"),
        ("docs/prices", "decision DEC-001"),
        ("new.rs", &session),
        ("orchard_core/lib.rs", &session),
    ] {
        assert_eq!(hits(&workspace, &[query]).join(", "), expected, "{query}");
    }
    let text = workspace.ok(&["search", "pricing.py", "--color", "always"]);
    assert_snapshot!(text.replace('\u{1b}', "ESC"), @"
    ESC[1mTYPEESC[0m  ESC[1mIDESC[0m           ESC[1mSTATUSESC[0m   ESC[1mTITLEESC[0m
    task  ESC[1mWS-TASK-001ESC[0m  pending  One
      src/orchard_core/ESC[33mpricing.pyESC[0m
    ");
    // The index has the new path only.
    workspace.ok(&words("task edit 1 --file src/season.py"));
    assert_eq!(hits(&workspace, &["pricing"]), [""; 0]);
    assert_eq!(hits(&workspace, &["season.py"]), ["task WS-TASK-001"]);
    workspace.ok(&["undo"]);
    assert_eq!(hits(&workspace, &["pricing"]), ["task WS-TASK-001"]);
}

fn tags_are_found() {
    let workspace = TestWorkspace::with_workspace();
    let task = |id: &str, fields: Value| {
        let mut task =
            json!({"id": id, "title": "One", "status": "pending", "created": "2025-11-20"});
        let fields = fields.as_object().unwrap().clone();
        task.as_object_mut().unwrap().extend(fields);
        task
    };
    let tasks = json!({"active_tasks": [
        task("WS-TASK-001", json!({"tags": ["gui", "Überblick"]})),
        task("WS-TASK-002", json!({"labels": [{"name": "backend"}], "color": "gui"})),
        task(
            "WS-TASK-003",
            json!({"extra_metadata": {"tags": "slow", "labels": ["gui"], "source": "backend"}}),
        ),
    ]});
    workspace.write("WORKSPACE-TASKS.json", tasks.to_string());
    workspace.ok(&["import", "WORKSPACE-TASKS.json"]);
    for (query, expected) in [
        ("gui", "task WS-TASK-001, task WS-TASK-003"),
        ("uberblick", "task WS-TASK-001"),
        ("backend", "task WS-TASK-002"),
        ("slow", "task WS-TASK-003"),
    ] {
        assert_eq!(hits(&workspace, &[query]).join(", "), expected, "{query}");
    }
    assert_snapshot!(workspace.ok(&["search", "slow"]), @"
    TYPE  ID           STATUS   TITLE
    task  WS-TASK-003  pending  One
      slow
    ");
}

fn detections_are_found() {
    let workspace = TestWorkspace::with_workspace();
    for command in [
        "drift add src/pricing.py --repo core --type scope --component Pricing",
        "drift add src/lib.rs --repo web --type dependency",
        "drift ignore 1 --reason later",
    ] {
        workspace.ok(&words(command));
    }
    assert_snapshot!(workspace.ok(&["search", "pricing.py"]), @"
    TYPE       ID         STATUS   TITLE
    detection  DRIFT-001  ignored  core/src/pricing.py
    ");
    for (args, expected) in [
        ("search later --type detection", "detection DRIFT-001"),
        ("search src --repo web", "detection DRIFT-002"),
        ("search src --status ignored", "detection DRIFT-001"),
        ("search src --status open", "detection DRIFT-002"),
        ("search src --type task", ""),
        ("search drift-2", "detection DRIFT-002"),
    ] {
        let found = hits(&workspace, &words(args)[1..]).join(", ");
        assert_eq!(found, expected, "{args}");
    }
}
