//! Dependencies of tasks: `wsdb task dep`, `ready`, `blocked` and `graph`.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids, words};

wsdb_tests::on_sqlite_and_postgres! {
    cycle_is_refused,
    ready_lists_tasks_without_open_dependencies,
    blocked_lists_what_tasks_depend_on,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    dependencies_are_removed,
    dependency_changes_expect_a_status,
    self_dependency_is_refused,
    blocked_lists_tasks_with_the_status_blocked,
    starting_a_task_of_somebody_else_is_noted,
}

pub(crate) fn add(workspace: &TestWorkspace, title: &str, options: &str) {
    workspace.ok(&[&["task", "add", title], &words(options)[..]].concat());
}

/// 2 depends on 1, 3 on both, 4 on nothing, and 5 on a task that does not exist.
pub(crate) fn five_tasks() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let document = json!({"active_tasks": [
        {"title": "Agree on the price model", "repos_affected": ["core"], "priority": "LOW"},
        {"title": "Move pricing", "repos_affected": ["web"], "priority": "HIGH",
            "dependencies": ["WS-TASK-001"]},
        {"title": "Publish \"the list\" <now>", "repos_affected": ["docs"],
            "dependencies": ["WS-TASK-001", "WS-TASK-002"]},
        {"title": "Water the trees", "priority": "LOW"},
        {"title": "Count the pears", "dependencies": ["WS-TASK-009"]},
    ]});
    import(&workspace, document);
    workspace
}

/// Imports tasks, after adding the fields that all have.
fn import(workspace: &TestWorkspace, mut document: Value) {
    let tasks = document["active_tasks"].as_array_mut().unwrap();
    for (task, number) in tasks.iter_mut().zip(1..) {
        if task["id"].is_null() {
            task["id"] = json!(format!("WS-TASK-{number:03}"));
        }
        task["status"] = json!("pending");
        task["created"] = json!(format!("2026-01-15T10:00:0{number}Z"));
    }
    workspace.write("WORKSPACE-TASKS.json", document.to_string());
    workspace.ok(&["import"]);
}

#[test]
fn dependencies_are_added() {
    let workspace = five_tasks();
    assert_snapshot!(workspace.ok(&words("task dep add 4 3 12 3")), @"WS-TASK-004 now depends on WS-TASK-003 (pending), WS-TASK-012 (missing)");
    let task = workspace.json(&words("task dep add 4 1"));
    assert_eq!(
        task["dependencies"],
        json!(["WS-TASK-003", "WS-TASK-012", "WS-TASK-001"])
    );
    assert_eq!(
        task["blocked_by"][1],
        json!({"id": "WS-TASK-012", "status": null})
    );
}

fn dependencies_are_removed() {
    let workspace = five_tasks();
    workspace.ok(&words("task dep add 4 3 12 1"));
    workspace.ok(&["task", "done", "1"]);
    assert_snapshot!(workspace.ok(&words("task dep rm 4 12")), @"WS-TASK-004 now depends on WS-TASK-003 (pending), WS-TASK-001 (completed)");
    assert_snapshot!(workspace.fails(1, &words("task dep rm 4 2 12")), @"
    error: WS-TASK-004 does not depend on WS-TASK-002
           WS-TASK-004 does not depend on WS-TASK-012
    ");
    assert_snapshot!(workspace.ok(&words("task dep rm 4 1 3")), @"WS-TASK-004 now has no dependencies");
}

fn dependency_changes_expect_a_status() {
    let workspace = five_tasks();
    assert_snapshot!(workspace.fails(1, &words("task dep add 4 3 --expect status=done")), @"
    error: task WS-TASK-004 is not as expected: status is pending, not done
    hint: nothing was changed; run 'wsdb task show WS-TASK-004' to see the current values
    ");
}

fn self_dependency_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    add(&workspace, "Water the trees", "");
    assert_snapshot!(workspace.fails(2, &words("task dep add 1 1")), @"error: task WS-TASK-001 cannot depend on itself");
}

fn cycle_is_refused() {
    let workspace = five_tasks();
    let before = workspace.json(&["task", "list"]);
    assert_snapshot!(workspace.fails(1, &words("task dep add 1 4 3")), @"
    error: the dependencies would form a cycle: WS-TASK-001 -> WS-TASK-003 -> WS-TASK-001
    hint: nothing was changed; run 'wsdb task graph WS-TASK-003' to see its dependencies
    ");
    let error = workspace.error(&words("task edit 1 --depends-on 2"));
    assert_eq!(error["code"], "cycle");
    assert_eq!(workspace.json(&["task", "list"]), before);
}

/// The next task is number 6, which another task may depend on before it exists.
#[test]
fn cycle_through_a_future_task_is_refused() {
    let workspace = five_tasks();
    workspace.ok(&words("task dep add 5 6"));
    assert_snapshot!(workspace.fails(1, &words("task add x --depends-on 5")), @"
    error: the dependencies would form a cycle: WS-TASK-006 -> WS-TASK-005 -> WS-TASK-006
    hint: nothing was changed; run 'wsdb task graph WS-TASK-005' to see its dependencies
    ");
}

#[test]
fn missing_dependency_is_noted() {
    let workspace = five_tasks();
    assert_snapshot!(workspace.stderr(&words("task dep add 4 WS-TSAK-001")), @"note: task WS-TSAK-001 does not exist yet; did you mean WS-TASK-001?");
    assert_snapshot!(workspace.stderr(&words("task add Later --depends-on 1,77")), @"note: task WS-TASK-077 does not exist yet");
    // A dependency that was missing before is noted again.
    assert_snapshot!(workspace.stderr(&words("task dep add 4 1")), @"note: task WS-TSAK-001 does not exist yet; did you mean WS-TASK-001?");
}

#[test]
fn no_task_is_suggested_as_its_own_dependency() {
    let workspace = five_tasks();
    let edit = "task edit 4 --depends-on WS-TASK-0044";
    assert_snapshot!(workspace.stderr(&words(edit)), @"note: task WS-TASK-0044 does not exist yet");
    let add = "task dep add 4 WS-TASK-04";
    assert_snapshot!(workspace.stderr(&words(add)), @"
    note: task WS-TASK-0044 does not exist yet
    note: task WS-TASK-04 does not exist yet
    ");
    let new = "task add Later --depends-on WS-TASK-0066";
    assert_snapshot!(workspace.stderr(&words(new)), @"note: task WS-TASK-0066 does not exist yet");
    workspace.ok(&words("decision add Pears"));
    let link = "decision link 1 --supersedes DEC-0011";
    assert_snapshot!(workspace.stderr(&words(link)), @"note: decision DEC-0011 does not exist yet");
}

fn ready_lists_tasks_without_open_dependencies() {
    let workspace = five_tasks();
    assert_snapshot!(workspace.ok(&words("task ready --format md")), @"
    | id | status | priority | blocks | title | repos | assigned to | claim | created |
    | --- | --- | --- | --- | --- | --- | --- | --- | --- |
    | WS-TASK-001 | pending | LOW | 2 | Agree on the price model | core |  |  | 2026-01-15T10:00:01Z |
    | WS-TASK-004 | pending | LOW | 0 | Water the trees |  |  |  | 2026-01-15T10:00:04Z |
    ");
    let page = workspace.json(&words("task ready --limit 1 --offset 1"));
    assert_eq!(ids(&page, "tasks"), ["WS-TASK-004"]);
    assert_eq!(page["total"], 2);
    let of_repos = workspace.json(&words("task ready --repo core,web"));
    assert_eq!(ids(&of_repos, "tasks"), ["WS-TASK-001"]);
}

fn blocked_lists_what_tasks_depend_on() {
    let workspace = five_tasks();
    assert_snapshot!(workspace.ok(&["task", "blocked"]), @r#"
    ID           STATUS   PRIORITY  TITLE                     BLOCKED BY                                    REPOS  ASSIGNED TO
    WS-TASK-002  pending  HIGH      Move pricing              WS-TASK-001 (pending)                         web
    WS-TASK-003  pending            Publish "the list" <now>  WS-TASK-001 (pending), WS-TASK-002 (pending)  docs
    WS-TASK-005  pending            Count the pears           WS-TASK-009 (missing)
    "#);
    let blocked = workspace.json(&words("task blocked --priority high"));
    assert_eq!(
        blocked["tasks"][0]["blocked_by"],
        json!([{"id": "WS-TASK-001", "status": "pending"}])
    );
}

fn blocked_lists_tasks_with_the_status_blocked() {
    let sample = TestWorkspace::with_sample("handwritten");
    let blocked = sample.json(&["task", "blocked"]);
    assert_eq!(ids(&blocked, "tasks"), ["WS-TASK-003", "WS-TASK-004"]);
}

fn starting_a_task_of_somebody_else_is_noted() {
    let workspace = TestWorkspace::with_workspace();
    add(&workspace, "Water the trees", "--assign mira");
    assert_snapshot!(workspace.stderr(&words("task start 1 --actor jo")), @"note: WS-TASK-001 is assigned to mira");
}

#[test]
fn graph_is_a_tree() {
    let workspace = five_tasks();
    assert_snapshot!(workspace.ok(&["task", "graph"]), @r#"
    WS-TASK-001  pending  LOW  Agree on the price model
    ├─ WS-TASK-002  pending  HIGH  Move pricing
    │  └─ WS-TASK-003  pending  Publish "the list" <now>
    └─ WS-TASK-003  (see above)
    WS-TASK-009  missing
    └─ WS-TASK-005  pending  Count the pears
    "#);
    assert_snapshot!(workspace.ok(&["task", "graph", "--depth", "1"]), @r#"
    WS-TASK-001  pending  LOW  Agree on the price model
    ├─ WS-TASK-002  pending  HIGH  Move pricing
    │  └─ … 1 more (use --depth N)
    └─ WS-TASK-003  pending  Publish "the list" <now>
    WS-TASK-009  missing
    └─ WS-TASK-005  pending  Count the pears
    "#);
}

#[test]
fn graph_of_one_task() {
    let workspace = five_tasks();
    workspace.ok(&["task", "done", "1"]);
    assert_snapshot!(workspace.ok(&["task", "graph", "2"]), @r#"
    WS-TASK-002  pending  HIGH  Move pricing
    └─ WS-TASK-003  pending  Publish "the list" <now>
    "#);
    assert_snapshot!(workspace.ok(&["task", "graph", "2", "--all"]), @r#"
    WS-TASK-001  completed  LOW  Agree on the price model
    ├─ WS-TASK-002  pending  HIGH  Move pricing
    │  └─ WS-TASK-003  pending  Publish "the list" <now>
    └─ WS-TASK-003  (see above)
    "#);
}

#[test]
fn graph_as_json() {
    let workspace = five_tasks();
    workspace.ok(&["task", "done", "1"]);
    let graph = workspace.json(&["task", "graph", "2"]);
    assert_eq!(
        graph["edges"],
        json!([{"task": "WS-TASK-003", "depends_on": "WS-TASK-002"}])
    );
    assert_eq!(graph["nodes"][1]["title"], "Publish \"the list\" <now>");
}

#[test]
fn empty_graph() {
    let workspace = TestWorkspace::with_workspace();
    add(&workspace, "Alone", "");
    assert_snapshot!(workspace.ok(&["task", "graph"]), @"No open tasks have dependencies");
    assert_eq!(
        workspace.json(&["task", "graph"]),
        json!({"nodes": [], "edges": []})
    );
}

#[test]
fn graph_as_dot() {
    assert_snapshot!(five_tasks().ok(&words("task graph 3 --format dot")), @r#"
    digraph tasks {
      rankdir=BT;
      node [shape=box];
      "WS-TASK-001" [label="WS-TASK-001\nAgree on the price model\npending"];
      "WS-TASK-002" [label="WS-TASK-002\nMove pricing\npending"];
      "WS-TASK-003" [label="WS-TASK-003\nPublish \"the list\" <now>\npending"];
      "WS-TASK-002" -> "WS-TASK-001";
      "WS-TASK-003" -> "WS-TASK-001";
      "WS-TASK-003" -> "WS-TASK-002";
    }
    "#);
}

#[test]
fn graph_as_mermaid() {
    assert_snapshot!(five_tasks().ok(&words("task graph --format mermaid")), @r#"
    flowchart BT
      n0["WS-TASK-001<br>Agree on the price model<br>pending"]
      n1["WS-TASK-002<br>Move pricing<br>pending"]
      n2["WS-TASK-003<br>Publish #34;the list#34; #60;now#62;<br>pending"]
      n3["WS-TASK-005<br>Count the pears<br>pending"]
      n4["WS-TASK-009<br>missing"]
      n1 --> n0
      n2 --> n0
      n2 --> n1
      n3 --> n4
    "#);
}

#[test]
fn graph_and_lists_have_different_formats() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &words("task graph --format csv")), @"
    error: invalid value 'csv' for '--format <FORMAT>'
      [possible values: table, json, dot, mermaid]

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(2, &words("task list --format dot")), @"
    error: invalid value 'dot' for '--format <FORMAT>'
      [possible values: table, json, jsonl, csv, md]

    For more information, try '--help'.
    ");
}

/// A and B depend on each other, and C on B.
fn with_cycle() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let task = |id: &str, on: &str| json!({"id": id, "title": id, "dependencies": [on]});
    let document = json!({"active_tasks": [task("A", "B"), task("B", "A"), task("C", "B")]});
    import(&workspace, document);
    workspace
}

#[test]
fn imported_cycle_is_shown() {
    let workspace = with_cycle();
    assert_snapshot!(workspace.ok(&["task", "graph"]), @"
    A  pending  A
    └─ B  pending  B
       ├─ A  (see above)
       └─ C  pending  C
    ");
    assert_eq!(workspace.json(&["task", "blocked"])["total"], 3);
    assert_eq!(workspace.json(&["next"])["blocked"]["total"], 3);
}

#[test]
fn imported_cycle_can_be_broken() {
    let workspace = with_cycle();
    // Changes that have nothing to do with the cycle are possible.
    workspace.ok(&words("task dep add A D-4"));
    workspace.ok(&words("task edit A --priority high"));
    workspace.ok(&words("task dep rm B A"));
    workspace.fails(1, &words("task dep add B A"));
}
