//! What waits for what: the task graph on the command line.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{Folder, fixture};

fn add(folder: &Folder, args: &[&str]) {
    folder.ok(&[&["task", "add"], args].concat());
}

/// 1 <- 2 <- 3, 1 <- 3, 4 <- nothing, 5 waits for a task that isn't there.
fn five() -> Folder {
    let folder = Folder::with_workspace();
    add(
        &folder,
        &["Agree on the price model", "-r", "core", "-p", "low"],
    );
    add(
        &folder,
        &[
            "Move pricing",
            "-r",
            "web",
            "--depends-on",
            "1",
            "-p",
            "high",
        ],
    );
    add(
        &folder,
        &[
            "Publish \"the list\" <now>",
            "-r",
            "docs",
            "--depends-on",
            "1,2",
        ],
    );
    add(&folder, &["Water the trees", "-p", "low"]);
    add(&folder, &["Count the pears", "--depends-on", "9"]);
    folder
}

fn ids(list: &Value) -> Vec<&str> {
    let tasks = list["tasks"].as_array().expect("a list");
    tasks
        .iter()
        .map(|task| task["id"].as_str().expect("an id"))
        .collect()
}

fn edges_come_and_go() {
    let folder = five();
    assert_snapshot!(folder.ok(&["task", "dep", "add", "4", "3", "12", "3"]), @"WS-TASK-004 depends on WS-TASK-003 (pending), WS-TASK-012 (missing)");
    let shown = folder.json(&["task", "dep", "add", "4", "1"]);
    assert_eq!(
        shown["dependencies"],
        json!(["WS-TASK-003", "WS-TASK-012", "WS-TASK-001"])
    );
    assert_eq!(
        shown["waits_for"][1],
        json!({"id": "WS-TASK-012", "status": null})
    );
    folder.ok(&["task", "done", "1"]);
    assert_snapshot!(folder.ok(&["task", "dep", "rm", "4", "12"]), @"WS-TASK-004 depends on WS-TASK-003 (pending), WS-TASK-001 (over)");
    assert_snapshot!(folder.fails(1, &["task", "dep", "rm", "4", "2", "12"]), @r"
    error: WS-TASK-004 does not depend on WS-TASK-002
           WS-TASK-004 does not depend on WS-TASK-012
    ");
    assert_snapshot!(folder.ok(&["task", "dep", "rm", "4", "1", "3"]), @"WS-TASK-004 depends on nothing");
    let stale = &["task", "dep", "add", "4", "3", "--expect", "status=done"];
    assert!(folder.fails(1, stale).contains("status is pending"));
}

fn no_task_waits_for_itself() {
    let folder = five();
    let before = folder.json(&["task", "list"]);
    assert_snapshot!(folder.fails(1, &["task", "dep", "add", "1", "4", "3"]), @r"
    error: these tasks would wait for each other: WS-TASK-001 -> WS-TASK-003 -> WS-TASK-001
    hint: nothing was changed; `wsdb task dep rm` takes one of them out of the way
    ");
    assert_snapshot!(folder.fails(1, &["task", "dep", "add", "4", "4"]), @r"
    error: these tasks would wait for each other: WS-TASK-004 -> WS-TASK-004
    hint: nothing was changed; `wsdb task dep rm` takes one of them out of the way
    ");
    let edit = folder.fails(1, &["task", "edit", "1", "--depends-on", "2", "--json"]);
    let error: Value = serde_json::from_str(&edit).expect("JSON");
    assert_eq!(error["error"]["code"], "cycle");
    // The next task is number 6, which 5 is made to wait for before it is there.
    folder.ok(&["task", "dep", "add", "5", "6"]);
    let added = folder.fails(1, &["task", "add", "x", "--depends-on", "5"]);
    assert!(
        added.contains("WS-TASK-006 -> WS-TASK-005 -> WS-TASK-006"),
        "{added}"
    );
    folder.ok(&["task", "dep", "rm", "5", "6"]);
    let after = folder.json(&["task", "list"]);
    assert_eq!(ids(&after), ids(&before));
    assert_eq!(after["tasks"][0], before["tasks"][0]);
}

fn what_can_be_begun() {
    let folder = five();
    let list = folder.ok(&["task", "ready", "--format", "csv"]);
    let rows: Vec<&str> = list
        .lines()
        .map(|line| line.rsplit_once(',').expect("a row").0)
        .collect();
    assert_snapshot!(rows.join("\n"), @r"
    id,status,priority,unblocks,title,repos,assigned to,claim
    WS-TASK-001,pending,LOW,2,Agree on the price model,core,,
    WS-TASK-004,pending,LOW,0,Water the trees,,,
    ");
    let page = folder.json(&["task", "ready", "--limit", "1", "--offset", "1"]);
    assert_eq!(
        (ids(&page), &page["total"]),
        (vec!["WS-TASK-004"], &json!(2))
    );
    assert_eq!(
        ids(&folder.json(&["task", "ready", "--repo", "core,web"])),
        ["WS-TASK-001"]
    );
    assert_snapshot!(folder.ok(&["task", "blocked"]), @r#"
    ID           STATUS   PRIORITY  TITLE                     WAITS FOR                                     REPOS  ASSIGNED TO
    WS-TASK-002  pending  HIGH      Move pricing              WS-TASK-001 (pending)                         web
    WS-TASK-003  pending            Publish "the list" <now>  WS-TASK-001 (pending), WS-TASK-002 (pending)  docs
    WS-TASK-005  pending            Count the pears           WS-TASK-009 (missing)
    "#);
    let blocked = folder.json(&["task", "blocked", "--priority", "high"]);
    assert_eq!(
        blocked["tasks"][0]["waits_for"],
        json!([{"id": "WS-TASK-001", "status": "pending"}])
    );
}

fn the_next_task_and_why() {
    let folder = five();
    let next = folder.ok(&["next"]);
    assert_snapshot!(next, @r"
    WS-TASK-001  Agree on the price model
    why     LOW, 2 open tasks wait for it, written down just now: more wait for it than for the second
    repos   core
    begin   wsdb task claim WS-TASK-001
    second  WS-TASK-004  Water the trees  (LOW, nothing waits for it)
    ");
    let next = folder.json(&["next"]);
    assert_eq!(next["task"]["unblocks_count"], 2);
    assert_eq!(
        (&next["because"], &next["second"]["id"]),
        (&json!("unblocks"), &json!("WS-TASK-004"))
    );
    folder.ok(&["task", "start", "1", "4"]);
    assert_snapshot!(folder.ok(&["next"]), @r#"
    nothing can be begun: 3 of 5 open tasks wait for others
    in progress elsewhere
      WS-TASK-001  Agree on the price model  (assigned to nobody)
      WS-TASK-004  Water the trees  (assigned to nobody)
    waiting
      WS-TASK-002  HIGH  Move pricing
        waits for WS-TASK-001 (in_progress)
      WS-TASK-003  Publish "the list" <now>
        waits for WS-TASK-001 (in_progress), WS-TASK-002 (pending)
      WS-TASK-005  Count the pears
        waits for WS-TASK-009 (missing)
    "#);
    assert_eq!(folder.json(&["next"])["task"], json!(null));
    folder.ok(&["task", "done", "1"]);
    assert_eq!(folder.json(&["next"])["because"], "only_one");
    folder.ok(&["task", "close", "2", "3", "4", "5"]);
    assert_snapshot!(folder.ok(&["next"]), @"nothing is left to do");
    add(&folder, &["Later", "--status", "backlog"]);
    assert_snapshot!(folder.ok(&["next"]), @"nothing can be begun: no open task is pending or approved (1 open)");
}

fn what_is_in_hand_is_told() {
    let folder = five();
    folder.ok(&["task", "claim", "1"]);
    folder.ok(&["task", "start", "4"]);
    folder.ok(&["task", "edit", "4", "--assign", "mira"]);
    let next = folder.json(&["next"]);
    assert_eq!(next["task"]["id"], "WS-TASK-001");
    assert_eq!(next["in_progress"]["total"], 1);
    assert_eq!(next["in_progress"]["first"][0]["id"], "WS-TASK-004");
    let text = folder.ok(&["next"]);
    let told = "in progress, assigned to you\n  WS-TASK-004  Water the trees\n";
    assert!(text.ends_with(told), "{text}");
    let other = folder.ok(&["next", "--actor", "jo"]);
    assert!(
        other.starts_with(
            "nothing can be begun: 3 of 5 open tasks wait for others\nin progress elsewhere\n  WS-TASK-001"
        ),
        "{other}"
    );
    assert!(other.contains("(mira until "), "{other}");
    assert_snapshot!(folder.ok(&["next", "--repo", "coer"]), @"no task touches coer");
    assert_eq!(
        folder.json(&["next", "--repo", "coer"])["unknown_repos"],
        json!(["coer"])
    );
    let output = folder.run(&["task", "start", "4", "--actor", "jo"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(told, "note: WS-TASK-004 is assigned to mira\n");
}

fn tasks_that_are_not_there_yet_are_told() {
    let folder = five();
    let told = |args: &[&str]| {
        let output = folder.run(args);
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let missing = told(&["task", "dep", "add", "4", "WS-TSAK-001"]);
    assert_eq!(
        missing,
        "note: there is no task WS-TSAK-001 yet; did you mean WS-TASK-001?\n"
    );
    let missing = told(&["task", "add", "Later", "--depends-on", "1,77"]);
    assert_eq!(missing, "note: there is no task WS-TASK-077 yet\n");
    assert_eq!(
        told(&["task", "dep", "add", "4", "1"]),
        "note: there is no task WS-TSAK-001 yet; did you mean WS-TASK-001?\n"
    );
}

fn the_graph_as_a_tree() {
    let folder = five();
    assert_snapshot!(folder.ok(&["task", "graph"]), @r#"
    WS-TASK-001  pending  LOW  Agree on the price model
    ├─ WS-TASK-002  pending  HIGH  Move pricing
    │  └─ WS-TASK-003  pending  Publish "the list" <now>
    └─ WS-TASK-003  (above)
    WS-TASK-009  missing
    └─ WS-TASK-005  pending  Count the pears
    "#);
    assert_snapshot!(folder.ok(&["task", "graph", "--depth", "1"]), @r#"
    WS-TASK-001  pending  LOW  Agree on the price model
    ├─ WS-TASK-002  pending  HIGH  Move pricing
    │  └─ … 1 more below: --depth N
    └─ WS-TASK-003  pending  Publish "the list" <now>
    WS-TASK-009  missing
    └─ WS-TASK-005  pending  Count the pears
    "#);
    folder.ok(&["task", "done", "1"]);
    assert_snapshot!(folder.ok(&["task", "graph", "2"]), @r#"
    WS-TASK-002  pending  HIGH  Move pricing
    └─ WS-TASK-003  pending  Publish "the list" <now>
    "#);
    assert_snapshot!(folder.ok(&["task", "graph", "2", "--all"]), @r#"
    WS-TASK-001  completed  LOW  Agree on the price model
    ├─ WS-TASK-002  pending  HIGH  Move pricing
    │  └─ WS-TASK-003  pending  Publish "the list" <now>
    └─ WS-TASK-003  (above)
    "#);
    let graph = folder.json(&["task", "graph", "2"]);
    assert_eq!(
        graph["edges"],
        json!([{"task": "WS-TASK-003", "depends_on": "WS-TASK-002"}])
    );
    assert_eq!(graph["nodes"][1]["title"], "Publish \"the list\" <now>");
    folder.ok(&["task", "rm", "5"]);
    folder.ok(&["task", "done", "2", "3"]);
    assert_eq!(
        folder.ok(&["task", "graph"]),
        "no open task waits for another\n"
    );
    assert_eq!(
        folder.json(&["task", "graph"]),
        json!({"nodes": [], "edges": []})
    );
}

fn the_graph_for_other_programs() {
    let folder = five();
    assert_snapshot!(folder.ok(&["task", "graph", "3", "--format", "dot"]), @r#"
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
    assert_snapshot!(folder.ok(&["task", "graph", "--format", "mermaid"]), @r#"
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
    assert!(
        folder
            .fails(2, &["task", "graph", "--format", "csv"])
            .contains("possible values: table, json, dot, mermaid")
    );
    assert!(
        folder
            .fails(2, &["task", "list", "--format", "dot"])
            .contains("task graph")
    );
}

fn imported_cycles_stay_and_are_shown() {
    let folder = Folder::new();
    let task = |id: &str, on: &[&str]| {
        let day = "2025-01-01";
        json!({"id": id, "title": id, "status": "pending", "dependencies": on, "created": day, "updated": day})
    };
    let document =
        json!({"active_tasks": [task("A", &["B"]), task("B", &["A"]), task("C", &["B"])]});
    let file = folder.path().join("WORKSPACE-TASKS.json");
    std::fs::write(file, document.to_string()).expect("written");
    folder.ok(&["import"]);
    assert_snapshot!(folder.ok(&["task", "graph"]), @r"
    A  pending  A
    └─ B  pending  B
       ├─ A  (above)
       └─ C  pending  C
    ");
    assert_eq!(folder.json(&["task", "blocked"])["total"], 3);
    assert_eq!(folder.json(&["next"])["blocked"]["total"], 3);
    // What has nothing to do with the cycle can be changed; an edge of it can be taken away.
    folder.ok(&["task", "dep", "add", "A", "D"]);
    folder.ok(&["task", "edit", "A", "--priority", "high"]);
    folder.ok(&["task", "dep", "rm", "B", "A"]);
    folder.fails(1, &["task", "dep", "add", "B", "A"]);
    let sample = Folder::new();
    sample.ok(&["import", &fixture("handwritten").display().to_string()]);
    assert_eq!(
        ids(&sample.json(&["task", "blocked"])),
        ["WS-TASK-003", "WS-TASK-004"]
    );
}

wsdb_tests::on_both! {
    edges_come_and_go,
    no_task_waits_for_itself,
    what_can_be_begun,
    the_next_task_and_why,
    what_is_in_hand_is_told,
    tasks_that_are_not_there_yet_are_told,
    the_graph_as_a_tree,
    the_graph_for_other_programs,
    imported_cycles_stay_and_are_shown,
}
