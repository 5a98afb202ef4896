//! `wsdb stats`: in the terminal, as JSON, and as a page.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{Folder, on_both};

on_both! {
    what_came_and_what_ended,
    of_some_repos_only,
    a_page_that_loads_nothing,
    wrong_words,
}

const TASKS: &str = r#"[
  {"id": "WS-TASK-001", "title": "One", "status": "completed", "priority": "HIGH", "created": "2025-01-06T09:00:00Z",
   "updated": "2025-01-20T09:00:00Z", "completed_at": "2025-01-15T09:00:00Z", "repos_affected": ["core"]},
  {"id": "WS-TASK-002", "title": "Two", "status": "closed", "created": "2025-01-14T09:00:00Z",
   "updated": "2025-01-21T09:00:00Z", "repos_affected": ["web"]},
  {"id": "WS-TASK-003", "title": "<script>alert(1)</script>", "status": "pending", "priority": "LOW",
   "created": "2025-01-15T09:00:00Z", "updated": "2025-01-15T09:00:00Z", "repos_affected": ["core"]}
]"#;

fn three() -> Folder {
    let folder = Folder::with_workspace();
    let file = folder.path().join("WORKSPACE-TASKS.json");
    std::fs::write(&file, TASKS).expect("written");
    folder.ok(&["import", &file.display().to_string()]);
    folder
}

/// What happened in the months from January 2025 on.
fn months(folder: &Folder, more: &[&str]) -> Vec<Value> {
    let args = [&["stats", "--by", "month", "--since", "2025-01-10"], more].concat();
    let periods = folder.json(&args)["tasks"]["periods"].clone();
    let periods = periods.as_array().expect("a list").clone();
    periods
        .into_iter()
        .map(|period| json!([period["open"], period["added"], period["ended"]]))
        .collect()
}

fn what_came_and_what_ended() {
    let folder = three();
    let months = months(&folder, &[]);
    assert_eq!(months[..2], [json!([1, 3, 2]), json!([1, 0, 0])]);
    let stats = folder.json(&["stats"]);
    assert_eq!(
        (&stats["tasks"]["open"], &stats["tasks"]["total"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(stats["tasks"]["periods"].as_array().map(Vec::len), Some(26));
    assert_eq!(stats["oldest_task"]["id"], "WS-TASK-003");
    assert_eq!(
        stats["open_tasks_by_priority"],
        json!([{"word": "LOW", "count": 1}])
    );
    let old = &stats["age_of_open_tasks"][5];
    assert_eq!(
        old,
        &json!({"age": "over a year", "from_days": 365, "until_days": null, "count": 1})
    );

    let text = folder.ok(&["stats"]);
    let (since, rest) = text.split_once('\n').expect("lines");
    assert!(since.starts_with("weeks since 20"), "{since}");
    assert_snapshot!(rest, @"

    Tasks  1 open of 3
      open     ██████████████████████████  1 now, 1 at most
      added    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  0 this week, none a week
      ended    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  0 this week, none a week

    Age of open tasks  the oldest is WS-TASK-003, 2025-01-15
      under 1 day     0
      1 to 7 days     0
      1 to 4 weeks    0
      1 to 3 months   0
      3 to 12 months  0
      over a year     ████████████████████████████████████████████████  1

    Open tasks by priority
      LOW  ████████████████████████████████████████████████  1

    Issues  none

    Drift  none

    Time by repo  none since then: `wsdb context switch REPO` counts it
    ");
    let nothing = Folder::with_workspace().ok(&["stats"]);
    assert!(
        nothing.contains("Tasks  none yet: `wsdb task add`"),
        "{nothing}"
    );
}

fn of_some_repos_only() {
    let folder = three();
    assert_eq!(months(&folder, &["--repo", "core"])[0], json!([1, 2, 1]));
    assert_eq!(
        months(&folder, &["--repo", "web,docs"])[0],
        json!([0, 1, 1])
    );
    let stats = folder.json(&["stats", "--repo", "web"]);
    assert_eq!(
        (&stats["repos"], &stats["oldest_task"]),
        (&json!(["web"]), &Value::Null)
    );
}

fn a_page_that_loads_nothing() {
    let folder = three();
    assert_eq!(
        folder.ok(&["stats", "--html", "stats.html"]),
        "wrote stats.html\n"
    );
    let page = std::fs::read_to_string(folder.path().join("stats.html")).expect("a page");
    for way in [
        "src=", "href=", "url(", "@import", "<script", "<link", "<iframe",
    ] {
        assert!(!page.contains(way), "{way}");
    }
    let addresses = page.matches("://").count();
    let names = page.matches("xmlns=\"http://www.w3.org/2000/svg\"").count();
    assert_eq!(addresses, names, "nothing but the names of name spaces");
    assert!(
        page.contains("default-src 'none'"),
        "no browser loads anything"
    );
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.matches("<svg").count() >= 2);
    assert_eq!(
        folder
            .ok(&["stats", "--html", "-"])
            .matches("<!DOCTYPE html>")
            .count(),
        1
    );
    // Over one that is there; nothing is left beside it.
    folder.ok(&["stats", "--html", "stats.html", "--by", "day"]);
    let left = std::fs::read_dir(folder.path()).expect("a folder");
    let left = left.filter(|entry| {
        let name = entry.as_ref().expect("an entry").file_name();
        name.to_string_lossy().starts_with(".wsdb-")
    });
    assert_eq!(left.count(), 0);
}

fn wrong_words() {
    let folder = three();
    let error = folder.fails(2, &["stats", "--by", "day", "--since", "2020-01-01"]);
    assert!(error.contains("more than 400 days ago"), "{error}");
    let error = folder.fails(2, &["stats", "--since", "2999-01-01"]);
    assert!(error.contains("still to come"), "{error}");
    let error = folder.fails(2, &["stats", "--format", "csv"]);
    assert!(error.contains("possible values: table, json"), "{error}");
    std::fs::write(folder.path().join("file"), "").expect("written");
    let error = folder.fails(1, &["stats", "--html", "file/stats.html"]);
    assert!(error.contains("file"), "{error}");
}
