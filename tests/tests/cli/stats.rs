//! `wsdb stats`: in the terminal, as JSON and as an HTML page.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_postgres! {
    stats_as_json,
    periods_count_open_added_and_ended_tasks,
    stats_of_some_repos,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    stats_are_shown_as_bars,
    stats_of_an_empty_workspace,
}

const TASKS: &str = r#"[
  {"id": "WS-TASK-001", "title": "One", "status": "completed", "priority": "HIGH", "created": "2025-01-06T09:00:00Z",
   "updated": "2025-01-20T09:00:00Z", "completed_at": "2025-01-15T09:00:00Z", "repos_affected": ["core"]},
  {"id": "WS-TASK-002", "title": "Two", "status": "closed", "created": "2025-01-14T09:00:00Z",
   "updated": "2025-01-21T09:00:00Z", "repos_affected": ["web"]},
  {"id": "WS-TASK-003", "title": "<script>alert(1)</script>", "status": "pending", "priority": "LOW",
   "created": "2025-01-15T09:00:00Z", "updated": "2025-01-15T09:00:00Z", "repos_affected": ["core"]}
]"#;

fn three_tasks() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("WORKSPACE-TASKS.json", TASKS);
    workspace.ok(&["import"]);
    workspace
}

fn stats_are_shown_as_bars() {
    assert_snapshot!(three_tasks().ok(&["stats"]), @"
    By week since 2025-07-21

    Tasks  1 of 3 open
      open     ██████████████████████████  1 now, peak 1
      added    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  0 this week, 0 per week
      closed   ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁  0 this week, 0 per week

    Age of open tasks  oldest: WS-TASK-003, created 2025-01-15
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

    Time by repo  none; record it with 'wsdb context switch REPO'
    ");
}

fn stats_of_an_empty_workspace() {
    assert_snapshot!(TestWorkspace::with_workspace().ok(&["stats"]), @"
    By week since 2025-07-21

    Tasks  none; add some with 'wsdb task add TITLE' or 'wsdb import'

    Issues  none

    Drift  none

    Time by repo  none; record it with 'wsdb context switch REPO'
    ");
}

fn stats_as_json() {
    let stats = three_tasks().json(&["stats"]);
    assert_eq!(stats["tasks"]["open"], 1);
    assert_eq!(stats["tasks"]["total"], 3);
    assert_eq!(stats["tasks"]["periods"].as_array().map(Vec::len), Some(26));
    assert_eq!(stats["oldest_task"]["id"], "WS-TASK-003");
    assert_eq!(
        stats["open_tasks_by_priority"],
        json!({"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, "LOW": 1, "none": 0})
    );
    assert_eq!(
        stats["open_tasks_by_age"],
        json!({
            "under_1_day": 0, "1_to_7_days": 0, "1_to_4_weeks": 0, "1_to_3_months": 0,
            "3_to_12_months": 0, "over_a_year": 1,
        })
    );
}

/// The numbers of open, added and closed tasks in the months since January 2025.
fn months(workspace: &TestWorkspace, options: &str) -> Vec<Value> {
    let args = words("stats --by month --since 2025-01-10");
    let stats = workspace.json(&[args, words(options)].concat());
    let periods = stats["tasks"]["periods"].as_array().unwrap();
    let counts = periods
        .iter()
        .map(|period| json!([period["open"], period["added"], period["closed"]]));
    counts.collect()
}

fn periods_count_open_added_and_ended_tasks() {
    let months = months(&three_tasks(), "");
    assert_eq!(months.len(), 13);
    assert_eq!(months[..2], [json!([1, 3, 2]), json!([1, 0, 0])]);
}

fn stats_of_some_repos() {
    let workspace = three_tasks();
    assert_eq!(months(&workspace, "--repo core")[0], json!([1, 2, 1]));
    assert_eq!(months(&workspace, "--repo web,docs")[0], json!([0, 1, 1]));
    let stats = workspace.json(&["stats", "--repo", "web"]);
    assert_eq!(stats["repos"], json!(["web"]));
    assert_eq!(stats["oldest_task"], Value::Null);
}

fn page(workspace: &TestWorkspace) -> String {
    let written = workspace.ok(&["stats", "--html", "stats.html"]);
    assert_eq!(written, "Wrote stats.html\n");
    workspace.read("stats.html")
}

#[test]
fn html_page_loads_no_other_files() {
    let page = page(&three_tasks());
    for pattern in [
        "src=", "href=", "url(", "@import", "<script", "<link", "<iframe",
    ] {
        assert!(!page.contains(pattern), "{pattern}");
    }
    let addresses = page.matches("://").count();
    let namespaces = page.matches("xmlns=\"http://www.w3.org/2000/svg\"").count();
    assert_eq!(addresses, namespaces);
    assert!(page.contains("default-src 'none'"));
    assert!(page.matches("<svg").count() >= 2);
}

#[test]
fn html_page_escapes_text() {
    let page = page(&three_tasks());
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[test]
fn html_page_counts_one_record() {
    let page = page(&three_tasks());
    assert!(
        page.contains("<b>1</b> open task<small> of 3</small>"),
        "{page}"
    );
    assert!(
        page.contains("<b>0</b> open issues<small> of 0</small>"),
        "{page}"
    );
    assert!(page.contains("<b>0</b> open detections"), "{page}");
}

#[test]
fn html_page_replaces_an_older_one() {
    let workspace = three_tasks();
    let before = page(&workspace);
    workspace.ok(&words("stats --html stats.html --by day"));
    assert_ne!(workspace.read("stats.html"), before);
    for entry in std::fs::read_dir(workspace.path()).unwrap() {
        let name = entry.unwrap().file_name();
        let is_temporary = name.to_string_lossy().starts_with(".wsdb-");
        assert!(!is_temporary, "{name:?} is left behind");
    }
}

#[test]
fn html_page_can_be_written_to_stdout() {
    let page = three_tasks().ok(&["stats", "--html", "-"]);
    assert_eq!(page.matches("<!DOCTYPE html>").count(), 1);
}

#[test]
fn stats_arguments_are_checked() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &words("stats --by day --since 2020-01-01")), @"error: --since is more than 400 days ago; use a later time or a longer period with --by");
    assert_snapshot!(workspace.fails(2, &words("stats --since 2999-01-01")), @"
    error: invalid value '2999-01-01' for '--since <WHEN>': expected a time in the past

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(2, &words("stats --format csv")), @"
    error: invalid value 'csv' for '--format <FORMAT>'
      [possible values: table, json]

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(1, &words("stats --html new/stats.html")), @"error: cannot write new/stats.html: the folder new does not exist");
}
