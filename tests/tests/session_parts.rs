//! What belongs to sessions: activities, and links to decisions and issues.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{Folder, fixture};

fn sample() -> Folder {
    let folder = Folder::new();
    folder.ok(&["import", &fixture("handwritten").display().to_string()]);
    folder
}

fn activities_are_listed_changed_and_deleted() {
    let folder = sample();
    assert_snapshot!(folder.ok(&["session", "activity", "list", "--type", "analysis,implementation", "--format", "csv"]), @r"
    id,time,type,description,files,outcome
    2025-11-20-session-001-activity-dcd7d63627,2025-11-20T11:00:00Z,analysis,Looked for season-specific code in the core,,Two files found
    2025-11-21-session-001-activity-ae189a7af8,2025-11-21T10:10:00Z,implementation,Moved pricing.py,orchard-web/src/pricing.py,
    ");
    let total = |args: &[&str]| {
        folder.json(&[&["session", "activity", "ls"], args].concat())["total"].clone()
    };
    assert_eq!(total(&["--session", "2025-11-20"]), 2);
    assert_eq!(total(&["--text", "FILES found"]), 1);
    assert_eq!(total(&["--since", "2025-11-21"]), 1);
    assert_eq!(total(&["--type", "nothing"]), 0);
    let last = folder.json(&["session", "activity", "ls", "--reverse", "--limit", "1"]);
    let id = last["activities"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    assert!(id.ends_with("ae189a7af8"), "{id}");
    let edited = folder.json(&[
        "session",
        "activity",
        "edit",
        "ae189a",
        "--outcome",
        "All tests pass",
        "--clear",
        "modified",
        "--type",
        "note",
        "--time",
        "2025-11-21T12:00:00Z",
        "--description",
        "Moved it",
        "--expect",
        "activity_type=implementation",
    ]);
    assert_eq!(edited["outcome"], "All tests pass");
    assert_eq!(
        (&edited["files_modified"], &edited["time"]),
        (&json!([]), &json!("2025-11-21T12:00:00Z"))
    );
    assert_eq!(folder.json(&["session", "activity", "show", &id]), edited);
    let empty = folder.fails(
        1,
        &["session", "activity", "edit", &id, "--description", " "],
    );
    assert!(empty.contains("the description is empty"), "{empty}");
    folder.ok(&["session", "activity", "rm", &id]);
    assert_eq!(total(&[]), 2);
    folder.ok(&["undo"]);
    assert_eq!(folder.json(&["session", "activity", "show", &id]), edited);
    assert_snapshot!(folder.fails(1, &["session", "activity", "show", "nothing"]), @r"
    error: activity nothing not found
    hint: `wsdb session activity list` shows those that are there
    ");
}

fn links_come_and_go() {
    let folder = sample();
    let linked = folder.ok(&[
        "session",
        "link",
        "2025-11-20-session-001",
        "--decision",
        "2,1",
        "--issue",
        "1",
    ]);
    assert_snapshot!(linked, @r"
    2025-11-20-session-001: decision DEC-002 (planned)  Forecasts stay on one machine for now
    2025-11-20-session-001: decision DEC-001 (implemented)  orchard-core holds nothing that is specific to a season
    2025-11-20-session-001: issue ISSUE-001 (open)  Season-specific pricing in orchard-core
    ");
    let links = |args: &[&str]| -> Value { folder.json(&[&["session", "links"], args].concat()) };
    assert_eq!(links(&[])["total"], 5);
    assert_eq!(links(&["2025-11-20"])["total"], 3);
    assert_eq!(
        links(&["--decision", "2"])["session_links"][0]["session_id"],
        "2025-11-20-session-001"
    );
    assert_eq!(links(&["--issue", "1"])["total"], 1);
    assert_eq!(links(&["--issue", "1", "--decision", "2"])["total"], 2);
    assert_eq!(
        links(&["--limit", "2", "--offset", "4"])["session_links"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    // The session's own words about a decision stay with the link.
    assert_eq!(
        links(&["--decision", "1"])["session_links"][0]["document_fields"]["decision"],
        "The core knows no season"
    );
    assert_snapshot!(folder.fails(1, &["session", "unlink", "2025-11-20", "--decision", "9", "--issue", "2"]), @r"
    error: 2025-11-20-session-001 is not linked to DEC-009
           2025-11-20-session-001 is not linked to ISSUE-002
    ");
    assert_snapshot!(folder.ok(&["session", "unlink", "2025-11-20", "--decision", "1,2", "--issue", "1"]), @"no links are left");
    folder.ok(&["undo"]);
    assert_eq!(links(&[])["total"], 5);
    // A link outlives what it leads to.
    folder.ok(&["decision", "rm", "2", "--force"]);
    let gone = links(&["--decision", "DEC-002"]);
    assert_eq!(gone["session_links"][0]["status"], Value::Null);
    folder.ok(&["session", "unlink", "2025-11-20", "--decision", "DEC-002"]);
    let nobody = folder.fails(1, &["session", "link", "--decision", "99", "--actor", "jo"]);
    assert!(nobody.contains("jo has no open session"), "{nobody}");
    assert!(
        folder
            .fails(2, &["session", "link"])
            .contains("--decision or --issue")
    );
    folder.ok(&["session", "start", "--no-brief", "--actor", "jo"]);
    let missing = folder.fails(
        1,
        &[
            "session",
            "link",
            "--decision",
            "99",
            "--issue",
            "98",
            "--actor",
            "jo",
        ],
    );
    assert!(
        missing.contains("decision 99 not found") && missing.contains("issue 98 not found"),
        "{missing}"
    );
}

wsdb_tests::on_both! {
    activities_are_listed_changed_and_deleted,
    links_come_and_go,
}
