//! Contexts on the command line: where people are, and for how long.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::Folder;

fn with_repos() -> Folder {
    let folder = Folder::with_workspace();
    for repo in ["core", "web"] {
        std::fs::create_dir(folder.path().join(repo)).expect("made");
    }
    folder
}

fn said(folder: &Folder, args: &[&str]) -> String {
    let path = folder.path().display().to_string();
    folder.ok(args).replace(&path, "DIR")
}

fn there_and_back() {
    let folder = with_repos();
    let nowhere = folder.fails(1, &["context"]);
    assert!(nowhere.contains("mira is in no repo"), "{nowhere}");
    folder.fails(1, &["context", "back"]);
    folder.fails(1, &["context", "end"]);
    assert_snapshot!(said(&folder, &["context", "switch", "core"]), @"in core: DIR/core");
    assert_snapshot!(said(&folder, &["context", "switch", "core"]), @"you are in core already");
    let noted = folder.json(&["context", "switch", "core", "--notes", "prices"]);
    assert_eq!(
        (&noted["switched"], &noted["context_notes"]),
        (&json!(false), &json!("prices"))
    );
    folder.ok(&["task", "add", "x"]);
    assert_snapshot!(said(&folder, &["context", "switch", "web"]), @"in web (from core): DIR/web");
    assert_snapshot!(said(&folder, &["context", "back"]), @"in core (from web): DIR/core");
    assert_snapshot!(said(&folder, &["context", "back"]), @"in web (from core): DIR/web");
    let first = folder.json(&["context", "show", "1"]);
    // The notes, and the task.
    assert_eq!(first["operations_count"], 2);
    assert!(first["duration_seconds"].as_f64().is_some_and(|s| s > 0.0));
    assert_eq!(folder.json(&["context"])["repo"], "web");
    let brief = folder.ok(&["handoff"]);
    assert!(brief.contains("**web**"), "{brief}");
    folder.ok(&["context", "leave"]);
    folder.fails(1, &["context"]);
    assert_snapshot!(said(&folder, &["context", "back"]), @"in web: DIR/web");
    let before = folder.json(&["context", "list"]);
    folder.ok(&["context", "switch", "core"]);
    folder.ok(&["undo"]);
    assert_eq!(folder.json(&["context", "list"]), before);
}

fn a_repo_elsewhere() {
    let folder = with_repos();
    assert_snapshot!(folder.fails(1, &["context", "switch", "docs"]), @"error: there is no folder docs beside the workspace; --path DIR says where the repo is");
    assert_eq!(folder.json(&["context", "list"])["total"], 0);
    let there = folder.run(&["context", "switch", "docs", "--path", "far/docs"]);
    let note = String::from_utf8_lossy(&there.stderr).into_owned();
    assert!(
        there.status.success() && note.contains("there is no folder"),
        "{note}"
    );
    folder.ok(&["context", "switch", "core"]);
    let again = folder.json(&["context", "switch", "docs"]);
    let path = again["repo_path"].as_str().expect("a path");
    assert!(path.ends_with("far/docs"), "{path}");
    folder.ok(&["context", "switch", "core"]);
    let gone = folder.run(&["context", "switch", "docs"]);
    let note = String::from_utf8_lossy(&gone.stderr).into_owned();
    assert!(note.contains("there is no folder"), "{note}");
}

fn paths_are_whole() {
    let folder = with_repos();
    let stay = |id: &str, repo: &str, start: &str| {
        json!({"id": id, "repo": repo, "repo_path": format!("./{repo}"), "activated_by": "mira",
            "activated_at": start})
    };
    let mut first = stay("C-1", "core", "2025-11-20T08:00:00Z");
    first["deactivated_at"] = json!("2025-11-20T09:00:00Z");
    let log = json!({"context_switches": [first, stay("C-2", "web", "2025-11-20T09:00:00Z")]});
    std::fs::write(folder.path().join("CONTEXT-LOG.json"), log.to_string()).expect("written");
    folder.ok(&["import"]);
    let whole = |repo: &str| folder.path().join(repo).display().to_string();
    assert_eq!(folder.json(&["context"])["repo_path"], whole("web"));
    assert!(folder.ok(&["context"]).contains(&whole("web")));
    let here = folder.json(&["context", "switch", "web"]);
    assert_eq!(here["repo_path"], whole("web"));
    assert_eq!(
        folder.json(&["context", "back"])["repo_path"],
        whole("core")
    );
    assert_snapshot!(said(&folder, &["context", "back"]), @"in web (from core): DIR/web");
    // What is kept stays as it came.
    assert_eq!(
        folder.json(&["context", "show", "C-2"])["repo_path"],
        "./web"
    );
}

fn everybody_has_their_own() {
    let folder = with_repos();
    folder.ok(&["context", "switch", "core"]);
    folder.ok(&["context", "switch", "web", "--actor", "jo"]);
    assert_eq!(folder.json(&["context"])["repo"], "core");
    folder.ok(&["context", "end", "--actor", "jo"]);
    assert_eq!(folder.json(&["context"])["repo"], "core");
    let active = folder.json(&["context", "list", "--active"]);
    assert_eq!(
        (&active["total"], &active["contexts"][0]["activated_by"]),
        (&json!(1), &json!("mira"))
    );
    assert_eq!(
        folder.json(&["context", "list", "--user", "jo", "--ended"])["total"],
        1
    );
    // By its id, also another person's, where that is meant.
    let whose = folder.fails(1, &["context", "end", "1", "--actor", "jo"]);
    assert!(
        whose.contains("CONTEXT-001 is the stay of mira; --force"),
        "{whose}"
    );
    folder.ok(&["context", "end", "1", "--force", "--actor", "jo"]);
    let over = folder.fails(1, &["context", "end", "1"]);
    assert!(over.contains("has ended already"), "{over}");
}

fn nobody_is_in_two_places() {
    let folder = with_repos();
    folder.ok(&["context", "switch", "core"]);
    folder.ok(&["context", "switch", "web"]);
    let two = folder.fails(1, &["context", "edit", "1", "--clear", "end"]);
    assert_snapshot!(two, @r"
    error: context CONTEXT-002 is where mira is already
    hint: `wsdb context edit CONTEXT-002` changes that one
    ");
    folder.ok(&["context", "end"]);
    folder.ok(&["context", "edit", "1", "--clear", "end"]);
    folder.ok(&["context", "switch", "web", "--actor", "jo"]);
    let two = folder.fails(1, &["context", "edit", "1", "--user", "jo"]);
    assert!(two.contains("CONTEXT-003 is where jo is already"), "{two}");
    // It goes on already: what else is written is no matter of that.
    folder.ok(&["context", "edit", "1", "--notes", "prices"]);
    for option in ["--start", "--end"] {
        let coming = folder.fails(2, &["context", "edit", "1", option, "2999-01-01"]);
        assert!(coming.contains("still to come"), "{coming}");
    }
}

fn time_by_day_and_repo() {
    let folder = Folder::new();
    let stay = |id: &str, repo: &str, who: &str, start: &str, end: Option<&str>| {
        json!({"id": id, "repo": repo, "repo_path": "/srv", "activated_at": start,
            "deactivated_at": end, "activated_by": who})
    };
    let log = json!({"context_switches": [
        stay("C-1", "core", "mira", "2025-11-20T22:00:00Z", Some("2025-11-21T01:30:00Z")),
        stay("C-2", "web", "mira", "2025-11-21T00:30:00Z", Some("2025-11-21T01:00:00Z")),
        stay("C-3", "web", "jo", "2025-11-20T23:00:00Z", Some("2025-11-20T23:45:00Z")),
    ]});
    std::fs::write(folder.path().join("CONTEXT-LOG.json"), log.to_string()).expect("written");
    folder.ok(&["import"]);
    let time = ["context", "time", "--since", "2025-11-20"];
    assert_snapshot!(folder.ok(&time), @r"
    DAY         REPO  TIME
    2025-11-20  core  2 h 00 min  ████████████████████████
    2025-11-20  web   45 min      █████████
    2025-11-21  core  1 h 00 min  ████████████
    2025-11-21  web   30 min      ██████

    4 h 15 min in all
    ");
    let rows = |more: &[&str]| -> Vec<(Value, Value, u64)> {
        let spent = folder.json(&[&time[..], more].concat());
        let list = spent["time"].as_array().expect("a list").clone();
        let row = |s: &Value| {
            let seconds = s["seconds"].as_f64().expect("a number");
            (s["day"].clone(), s["repo"].clone(), seconds as u64 / 60)
        };
        list.iter().map(row).collect()
    };
    let null = Value::Null;
    assert_eq!(
        rows(&["--by", "repo"]),
        [
            (null.clone(), json!("core"), 180),
            (null.clone(), json!("web"), 75)
        ]
    );
    assert_eq!(
        rows(&["--by", "day", "--user", "mira"]),
        [
            (json!("2025-11-20"), null.clone(), 120),
            (json!("2025-11-21"), null, 90)
        ]
    );
    assert_eq!(rows(&["--repo", "web"]).len(), 2);
    // Elsewhere midnight is at another hour.
    let mut berlin = folder.command(&["context", "time", "--since", "2025-11-20", "--json"]);
    let output = berlin.env("TZ", "Europe/Berlin").output().expect("started");
    let spent: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(spent["time"][0]["seconds"].as_f64(), Some(3600.0));

    let edited = folder.json(&["context", "edit", "C-2", "--end", "2025-11-21T00:40:00Z"]);
    assert_eq!(edited["duration_seconds"], 600.0);
    let wrong = folder.fails(1, &["context", "edit", "C-2", "--end", "2025-11-20"]);
    assert!(wrong.contains("before it begins"), "{wrong}");
    folder.ok(&["context", "edit", "C-2", "--clear", "end"]);
    assert_eq!(
        folder.json(&["context", "show", "C-2"])["duration_seconds"],
        Value::Null
    );
    let never = folder.ok(&[
        "context",
        "time",
        "--user",
        "nobody",
        "--since",
        "2025-11-20",
    ]);
    assert!(never.starts_with("no time since 2025-11-"), "{never}");
    folder.ok(&["context", "rm", "C-2"]);
    assert_eq!(
        folder.json(&["context", "list", "--text", "web"])["total"],
        1
    );
    folder.ok(&["export", "out"]);
    let other = Folder::new();
    let out = folder.path().join("out").display().to_string();
    other.ok(&["import", &out]);
    assert_eq!(
        other.json(&["context", "list"]),
        folder.json(&["context", "list"])
    );
}

wsdb_tests::on_both!(
    there_and_back,
    a_repo_elsewhere,
    paths_are_whole,
    everybody_has_their_own,
    nobody_is_in_two_places,
    time_by_day_and_repo,
);
