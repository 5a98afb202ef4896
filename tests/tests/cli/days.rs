//! Days in time zones: a date is that day everywhere, and a time belongs to a local day.

use serde_json::Value;
use wsdb_core::Timestamp;
use wsdb_tests::{TestWorkspace, ids, run_command, words};

wsdb_tests::on_sqlite_and_postgres! {
    date_is_the_same_day_in_every_zone,
    dates_are_filtered_by_the_same_day_in_every_zone,
    times_are_filtered_by_the_local_day,
    dates_are_counted_on_their_day_in_every_zone,
    times_are_counted_on_local_days_of_any_length,
    drift_is_ignored_until_the_end_of_a_local_day,
}

const ZONES: [&str; 4] = [
    "Pacific/Auckland",
    "Asia/Kolkata",
    "UTC",
    "America/Los_Angeles",
];

/// Runs the binary in a time zone at a time, and returns its standard output.
fn run(workspace: &TestWorkspace, zone: &str, now: &str, command: &str) -> String {
    let mut binary = workspace.command(&words(command));
    binary.env("TZ", zone).env("WSDB_TEST_NOW", now);
    let output = run_command(&mut binary);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

fn json(workspace: &TestWorkspace, zone: &str, now: &str, command: &str) -> Value {
    let text = run(workspace, zone, now, &format!("{command} --json"));
    serde_json::from_str(&text).unwrap()
}

/// A workspace with a task for each of these times of creation: `T-0`, `T-1`, …
fn with_tasks(created: &[&str]) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let tasks = created.iter().enumerate().map(|(number, time)| {
        format!(
            r#"{{"id": "T-{number}", "title": "x", "status": "pending", "created": "{time}",
                 "updated": "{time}"}}"#
        )
    });
    let tasks: Vec<String> = tasks.collect();
    workspace.write("WORKSPACE-TASKS.json", format!("[{}]", tasks.join(",")));
    workspace.ok(&["import", "WORKSPACE-TASKS.json"]);
    workspace
}

fn date_is_the_same_day_in_every_zone() {
    let workspace = with_tasks(&["2026-01-14", "2025-10-01"]);
    for zone in ZONES {
        // The 15th of January in all of them.
        let now = "2026-01-15T10:00:00Z";
        let task = run(&workspace, zone, now, "task show T-0");
        assert!(
            task.contains("created  2026-01-14 (yesterday)\n"),
            "{zone}: {task}"
        );
        let task = run(&workspace, zone, now, "task show T-1");
        assert!(task.contains("created  2025-10-01\n"), "{zone}: {task}");
        let list = run(&workspace, zone, now, "task list");
        assert!(list.contains("yesterday"), "{zone}: {list}");
        assert!(list.contains("2025-10-01"), "{zone}: {list}");
        let task = json(&workspace, zone, now, "task show T-0");
        assert_eq!(task["created"], "2026-01-14T00:00:00Z");
    }
}

fn dates_are_filtered_by_the_same_day_in_every_zone() {
    let workspace = with_tasks(&["2026-01-13", "2026-01-14", "2026-01-15", "2026-01-16"]);
    let now = "2026-01-15T10:00:00Z";
    for zone in ZONES {
        for (since, expected) in [
            ("2026-01-14", "T-1 T-2 T-3"),
            ("yesterday", "T-1 T-2 T-3"),
            ("Today", "T-2 T-3"),
            ("tomorrow", "T-3"),
            // From a point in time on the day.
            ("1min", "T-2 T-3"),
        ] {
            let list = json(&workspace, zone, now, &format!("task list --since {since}"));
            assert_eq!(ids(&list, "tasks").join(" "), expected, "{zone} {since}");
        }
    }
}

fn times_are_filtered_by_the_local_day() {
    let workspace = with_tasks(&["2026-01-14T10:59:59Z", "2026-01-14T11:00:00Z"]);
    let total = |zone: &str, since: &str| {
        let command = format!("task list --since {since}");
        json(&workspace, zone, "2026-01-15T10:00:00Z", &command)["total"].take()
    };
    // The 15th begins at 11:00 UTC in Auckland.
    assert_eq!(total("Pacific/Auckland", "2026-01-15"), 1);
    assert_eq!(total("Pacific/Auckland", "today"), 1);
    assert_eq!(total("Pacific/Auckland", "yesterday"), 2);
    assert_eq!(total("UTC", "2026-01-15"), 0);
    assert_eq!(total("America/Los_Angeles", "yesterday"), 2);
    assert_eq!(total("America/Los_Angeles", "today"), 0);
}

#[test]
fn session_ids_have_the_local_day() {
    for (zone, day) in [
        ("Pacific/Auckland", "2026-01-16"),
        ("UTC", "2026-01-16"),
        ("America/Los_Angeles", "2026-01-15"),
    ] {
        let workspace = TestWorkspace::with_workspace();
        let start = "session start --no-handoff";
        let session = json(&workspace, zone, "2026-01-16T02:00:00Z", start);
        assert_eq!(session["id"], format!("{day}-session-001"), "{zone}");
    }
}

/// Returns the number of tasks added in each period of `stats`.
fn added(workspace: &TestWorkspace, zone: &str, now: &str, since: &str) -> Vec<u64> {
    let command = format!("stats --by day --since {since}");
    let stats = json(workspace, zone, now, &command);
    let periods = stats["tasks"]["periods"].as_array().unwrap();
    periods
        .iter()
        .map(|period| period["added"].as_u64().unwrap())
        .collect()
}

fn dates_are_counted_on_their_day_in_every_zone() {
    let workspace = with_tasks(&["2026-01-12", "2026-01-14", "2026-01-14"]);
    for zone in ZONES {
        let added = added(&workspace, zone, "2026-01-15T10:00:00Z", "2026-01-12");
        assert_eq!(added, [1, 0, 2, 0], "{zone}");
    }
}

/// Clocks were set back on 2 November 2025 in Los Angeles, and forward on 28 September in Auckland.
fn times_are_counted_on_local_days_of_any_length() {
    let workspace = with_tasks(&[
        "2025-09-27T12:00:00Z",
        "2025-09-28T10:59:59Z",
        "2025-09-28T11:00:00Z",
        "2025-11-02T07:00:00Z",
        "2025-11-03T07:59:59Z",
        "2025-11-03T08:00:00Z",
    ]);
    let day_of_25_hours = added(
        &workspace,
        "America/Los_Angeles",
        "2025-11-03T20:00:00Z",
        "2025-11-01",
    );
    assert_eq!(day_of_25_hours, [0, 2, 1]);
    let day_of_23_hours = added(
        &workspace,
        "Pacific/Auckland",
        "2025-09-28T20:00:00Z",
        "2025-09-27",
    );
    assert_eq!(day_of_23_hours, [0, 2, 1]);
}

#[test]
fn drift_is_counted_on_local_days() {
    let workspace = TestWorkspace::with_workspace();
    let drift = r#"{"drift_detections": [{"id": "DRIFT-001", "repo": "core", "violation_type": "scope",
        "severity": "LOW", "file_path": "a.py", "detected_at": "2026-01-14", "status": "open"}]}"#;
    workspace.write("DRIFT.json", drift);
    workspace.ok(&["import", "DRIFT.json"]);
    for zone in ZONES {
        let trend = "drift trend --since 2026-01-13 --format md";
        let days = run(&workspace, zone, "2026-01-15T10:00:00Z", trend);
        let days: Vec<&str> = days.lines().skip(2).collect();
        let expected = [
            "| 2026-01-13 | 0 | 0 | 0 | 0 |",
            "| 2026-01-14 | 1 | 1 | 0 | 0 |",
            "| 2026-01-15 | 1 | 0 | 0 | 0 |",
        ];
        assert_eq!(days, expected, "{zone}");
    }
}

fn drift_is_ignored_until_the_end_of_a_local_day() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words("drift add a.py --repo core --type scope"));
    let now = "2026-01-15T10:00:00Z";
    let ignore = "drift ignore 1 --reason later --until tomorrow";
    let ignored = json(&workspace, "Pacific/Auckland", now, ignore);
    assert_eq!(ignored["ignored_until"], "2026-01-16T00:00:00Z");
    for (zone, ends) in [
        ("Pacific/Auckland", "2026-01-16T11:00:00Z"),
        ("America/Los_Angeles", "2026-01-17T08:00:00Z"),
    ] {
        let ends: Timestamp = ends.parse().unwrap();
        let before = ends.saturating_sub_secs(1).to_string();
        let list = "drift list --status ignored";
        assert_eq!(json(&workspace, zone, &before, list)["total"], 1, "{zone}");
        let shown = json(&workspace, zone, &before, "drift show 1");
        assert_eq!(shown["status"], "ignored", "{zone}");
        let list = "drift list --status open";
        assert_eq!(
            json(&workspace, zone, &ends.to_string(), list)["total"],
            1,
            "{zone}"
        );
    }
}

#[test]
fn page_of_a_decision_has_its_local_day() {
    let workspace = TestWorkspace::with_workspace();
    let now = "2026-01-15T10:30:00Z";
    let auckland = |command: &str| run(&workspace, "Pacific/Auckland", now, command);
    // 23:30 in Auckland, and half an hour later.
    auckland("decision add pears --rationale Because");
    let later = "2026-01-15T11:00:01Z";
    run(&workspace, "Pacific/Auckland", later, "decision add plums");
    let shown = workspace.json(&["decision", "list"]);
    auckland("decision export --adr adr");
    let pears = workspace.read("adr/0001-pears.md");
    assert!(pears.contains("date: 2026-01-15\n"), "{pears}");
    assert!(pears.contains("2026-01-15T23:30:00+13:00"), "{pears}");
    let plums = workspace.read("adr/0002-plums.md");
    assert!(plums.contains("date: 2026-01-16\n"), "{plums}");
    for zone in ["Pacific/Auckland", "UTC", "America/Los_Angeles"] {
        let in_zone = |command: &str| run(&workspace, zone, later, command);
        // Also a page that was edited.
        workspace.replace_in("adr/0001-pears.md", "Because", "Therefore");
        workspace.replace_in(
            "adr/0002-plums.md",
            "## Decision Outcome\n",
            "## Decision Outcome\n\nWhy\n",
        );
        in_zone("decision import --adr adr");
        in_zone("decision export --adr adr");
        let text = workspace.read("adr/0002-plums.md");
        assert!(text.contains("date: 2026-01-16\n"), "{zone}: {text}");
        let dates = |list: &Value| -> Vec<Value> {
            let decisions = list["decisions"].as_array().unwrap().iter();
            decisions.map(|it| it["date"].clone()).collect()
        };
        let list = workspace.json(&["decision", "list"]);
        assert_eq!(dates(&list), dates(&shown), "{zone}");
        workspace.write("adr/0001-pears.md", &pears);
        workspace.write("adr/0002-plums.md", &plums);
        in_zone("decision import --adr adr");
    }
    // The day of a new page is that of who exports it.
    run(&workspace, "UTC", later, "decision export --adr other");
    let plums = workspace.read("other/0002-plums.md");
    assert!(plums.contains("date: 2026-01-15\n"), "{plums}");
}

#[test]
fn local_day_is_written_into_the_page_of_a_person() {
    let workspace = TestWorkspace::with_workspace();
    let page = "# Use pears\n\nStatus: accepted\nDate: 2025-06-01\n\n## Decision\n\nPears.\n";
    workspace.write("adr/0001-use-pears.md", page);
    workspace.ok(&["decision", "import", "--adr", "adr"]);
    let now = "2026-01-15T12:00:00Z";
    let auckland = |command: &str| run(&workspace, "Pacific/Auckland", now, command);
    auckland("export docs");
    let file = "docs/ARCHITECTURE-DECISIONS.json";
    let mut document: Value = serde_json::from_str(&workspace.read(file)).unwrap();
    document["decisions"][0]["date"] = "2026-01-15T11:00:01Z".into();
    workspace.write(file, document.to_string());
    auckland("import docs");
    auckland("decision export --adr adr");
    let text = workspace.read("adr/0001-use-pears.md");
    assert!(text.contains("Date: 2026-01-16\n"), "{text}");
    workspace.replace_in("adr/0001-use-pears.md", "Pears.", "Plums.");
    auckland("decision import --adr adr");
    let decision = workspace.json(&["decision", "show", "1"]);
    assert_eq!(decision["date"], "2026-01-15T11:00:01Z");
    assert_eq!(decision["rationale"], "Plums.");
}

#[test]
fn visit_that_starts_on_a_date_starts_at_local_midnight() {
    let workspace = TestWorkspace::with_workspace();
    let visit = r#"{"context_switches": [{"id": "CTX-001", "repo": "core", "repo_path": ".",
        "activated_at": "2026-01-14", "deactivated_at": "2026-01-15T09:00:00Z"}]}"#;
    workspace.write("CONTEXT-LOG.json", visit);
    workspace.ok(&["import", "CONTEXT-LOG.json"]);
    let now = "2026-01-15T10:00:00Z";
    let los_angeles = |command: &str| run(&workspace, "America/Los_Angeles", now, command);
    let days = los_angeles("context time --by day --format csv");
    assert_eq!(
        days,
        "day,repo,duration_seconds\n2026-01-14,,86400.0\n2026-01-15,,3600.0\n"
    );
    let list = los_angeles("context list");
    assert!(list.contains("25 h 00 min"), "{list}");
}

#[test]
fn visit_that_starts_on_a_date_ends_without_a_stored_duration() {
    let workspace = TestWorkspace::with_workspace();
    let visit = r#"{"context_switches": [{"id": "CTX-001", "repo": "core", "repo_path": ".",
        "activated_at": "2026-01-15", "activated_by": "mira"}]}"#;
    workspace.write("CONTEXT-LOG.json", visit);
    workspace.ok(&["import", "CONTEXT-LOG.json"]);
    let now = "2026-01-15T10:00:00Z";
    let ended = run(&workspace, "America/Los_Angeles", now, "context end");
    assert!(ended.starts_with("Left core after 2 h 00 min"), "{ended}");
    let visit = workspace.json(&["context", "show", "CTX-001"]);
    assert_eq!(visit["duration_seconds"], Value::Null);
}

#[test]
fn unknown_time_zone_is_a_warning() {
    let workspace = TestWorkspace::with_workspace();
    let warning = |zone: &str| {
        let mut binary = workspace.command(&["task", "list"]);
        let output = run_command(binary.env("TZ", zone));
        String::from_utf8(output.stderr).unwrap()
    };
    let expected = "warning: unknown time zone \"nonsense\" in TZ; using UTC\n";
    assert_eq!(warning("nonsense"), expected);
    for zone in ["", "UTC", "Europe/Berlin", ":Europe/Berlin", "EST5EDT"] {
        assert_eq!(warning(zone), "", "{zone}");
    }
}

#[test]
fn time_without_an_offset_is_local() {
    let workspace = TestWorkspace::with_workspace();
    let now = "2026-03-10T12:00:00Z";
    workspace.ok(&words("context switch core --path ."));
    for (zone, typed, start) in [
        // This day was skipped.
        ("Pacific/Apia", "2011-12-30", "2011-12-30T00:00:00Z"),
        ("Pacific/Apia", "2011-12-30T23:30", "2011-12-30T10:00:00Z"),
        ("Asia/Tokyo", "2026-01-14T03:00", "2026-01-13T18:00:00Z"),
        (
            "America/New_York",
            "2026-01-14T10:00:30",
            "2026-01-14T15:00:30Z",
        ),
        (
            "America/New_York",
            "2026-01-14T10:00:30+02:00",
            "2026-01-14T08:00:30Z",
        ),
        // The clocks went back, so that this time occurred twice: the first one counts.
        ("Europe/Berlin", "2025-10-26T02:30", "2025-10-26T00:30:00Z"),
        (
            "America/New_York",
            "2025-11-02T01:30",
            "2025-11-02T05:30:00Z",
        ),
        // The clocks went from 2:00 to 3:00.
        (
            "America/New_York",
            "2026-03-08T02:30",
            "2026-03-08T07:00:00Z",
        ),
    ] {
        let edited = json(
            &workspace,
            zone,
            now,
            &format!("context edit 1 --start {typed}"),
        );
        assert_eq!(edited["activated_at"], start, "{typed} in {zone}");
    }
    let list = "context list --since 2026-03-08T03:00";
    assert_eq!(json(&workspace, "America/New_York", now, list)["total"], 1);
    let list = "context list --since 2026-03-08T03:01";
    assert_eq!(json(&workspace, "America/New_York", now, list)["total"], 0);
}

#[test]
fn typed_time_that_is_midnight_utc_is_no_date() {
    let workspace = TestWorkspace::with_workspace();
    let now = "2026-01-15T10:00:00Z";
    workspace.ok(&words("context switch core --path ."));
    workspace.ok(&words("session start --no-handoff"));
    workspace.ok(&words("session log Moved"));
    workspace.ok(&words("drift add a.py --repo core --type scope"));
    for (zone, typed, stored) in [
        (
            "America/Los_Angeles",
            "2026-01-13T16:00",
            "2026-01-14T00:00:00.000001Z",
        ),
        ("UTC", "2026-01-14T00:00", "2026-01-14T00:00:00.000001Z"),
        ("UTC", "2026-01-14T00:00:00Z", "2026-01-14T00:00:00.000001Z"),
        (
            "Asia/Tokyo",
            "2026-01-14T09:00",
            "2026-01-14T00:00:00.000001Z",
        ),
        ("America/Los_Angeles", "2026-01-14", "2026-01-14T00:00:00Z"),
        ("Asia/Tokyo", "yesterday", "2026-01-14T00:00:00Z"),
    ] {
        let edit = format!("context edit 1 --start {typed}");
        let visit = json(&workspace, zone, now, &edit);
        assert_eq!(visit["activated_at"], stored, "{typed} in {zone}");
        let edit = format!("session activity edit log-001 --time {typed}");
        let activity = json(&workspace, zone, now, &edit);
        assert_eq!(activity["time"], stored, "{typed} in {zone}");
    }
    let ignore = "drift ignore 1 --reason later --until 2026-01-15T16:00";
    let ignored = json(&workspace, "America/Los_Angeles", now, ignore);
    assert_eq!(ignored["ignored_until"], "2026-01-16T00:00:00.000001Z");
    let visit = "context edit 1 --start 2026-01-13T16:00 --end 2026-01-13T18:00";
    run(&workspace, "America/Los_Angeles", now, visit);
    let list = run(&workspace, "America/Los_Angeles", now, "context list");
    assert!(list.contains("2026-01-13 16:00"), "{list}");
    assert!(list.contains("2 h 00 min"), "{list}");
}

#[test]
fn dates_of_a_visit_are_compared_as_local_days() {
    let workspace = TestWorkspace::with_workspace();
    let now = "2026-01-15T10:00:00Z";
    workspace.ok(&words("context switch core --path ."));
    let mut edit = workspace.command(&words(
        "context edit 1 --start 2026-01-14 --end 2026-01-14T01:00:00Z",
    ));
    edit.env("TZ", "America/Los_Angeles")
        .env("WSDB_TEST_NOW", now);
    let output = run_command(&mut edit);
    assert_eq!(output.status.code(), Some(2));
    // The visit ends at 8:00 UTC, which is 2:00 in the period.
    let edit = "context edit 1 --start 2026-01-12 --end 2026-01-14";
    run(&workspace, "America/Los_Angeles", now, edit);
    let time = "context time --since 2026-01-14T06:00:00Z --format csv";
    let time = run(&workspace, "America/Los_Angeles", now, time);
    assert_eq!(time, "day,repo,duration_seconds\n2026-01-13,core,7200.0\n");
}

#[test]
fn visit_may_end_on_the_day_on_which_it_starts() {
    let now = "2026-01-15T10:00:00Z";
    // 20:00 and 23:30 on January 13.
    for (zone, start) in [
        ("America/Los_Angeles", "2026-01-14T04:00:00Z"),
        ("Asia/Tokyo", "2026-01-13T14:30:00Z"),
        ("UTC", "2026-01-13T20:00:00Z"),
    ] {
        let workspace = TestWorkspace::with_workspace();
        workspace.ok(&words("context switch core --path ."));
        let edit = format!("context edit 1 --start {start} --end 2026-01-13");
        run(&workspace, zone, now, &edit);
        run(
            &workspace,
            zone,
            now,
            "context edit 1 --end 2026-01-13 --notes x",
        );
        let shown = run(&workspace, zone, now, "context list");
        assert!(shown.contains("2026-01-13  "), "{shown}");
        let visit = workspace.json(&words("context show 1"));
        assert_eq!(visit["duration_seconds"], Value::Null);
        let time = run(
            &workspace,
            zone,
            now,
            "context time --since 2026-01-12 --format csv",
        );
        assert_eq!(time, "day,repo,duration_seconds\n");
        let mut edit = workspace.command(&words("context edit 1 --end 2026-01-12"));
        let output = run_command(edit.env("TZ", zone).env("WSDB_TEST_NOW", now));
        assert_eq!(output.status.code(), Some(1), "{zone}");
    }
}
