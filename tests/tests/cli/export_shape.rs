//! `wsdb export` of documents that people keep by hand: lists, keys and counters stay as they are.

use serde_json::{Map, Value, json};
use wsdb_tests::{TestWorkspace, fixture};

wsdb_tests::on_sqlite_and_postgres! {
    samples_keep_their_shape,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    export_has_the_same_bytes_after_an_import,
}

const TASKS: &str = "WORKSPACE-TASKS.json";
const ISSUES: &str = "CROSS-REPO-ISSUES.json";
const SESSIONS: &str = "SESSION-LOG.json";

fn read(workspace: &TestWorkspace, name: &str) -> Value {
    serde_json::from_str(&workspace.read(name)).unwrap()
}

/// Imports a document and exports it to the folder `out`.
fn export_of(workspace: &TestWorkspace, name: &str, document: &Value) -> Value {
    workspace.write(name, document.to_string());
    workspace.ok(&["import", name]);
    workspace.ok(&["export", "out"]);
    read(workspace, &format!("out/{name}"))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// Checks that an object has the keys that it had before, and others only if they have a value.
fn assert_same_keys(path: &str, before: &Map<String, Value>, after: &Map<String, Value>) {
    for key in before.keys() {
        assert!(after.contains_key(key), "{path}.{key} is lost");
    }
    for (key, value) in after {
        let is_kept = before.contains_key(key) || !is_empty(value);
        assert!(is_kept, "{path}.{key} was added: {value}");
    }
}

fn objects(list: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_object)
}

fn id_of(record: &Map<String, Value>) -> Option<&Value> {
    record.get("session_id").or(record.get("id"))
}

fn samples_keep_their_shape() {
    for generation in ["handwritten", "governance"] {
        let workspace = TestWorkspace::with_workspace();
        let source = fixture(generation);
        workspace.ok(&["import", &source.display().to_string()]);
        workspace.ok(&["export", "out"]);
        for file in std::fs::read_dir(&source).unwrap() {
            let file = file.unwrap().path();
            let name = file.file_name().unwrap().to_str().unwrap();
            let before = std::fs::read_to_string(&file).unwrap();
            let before: Value = serde_json::from_str(&before).unwrap();
            let mut after = read(&workspace, &format!("out/{name}"));
            // The document fields name their version, as records do.
            after.as_object_mut().unwrap().remove("rev");
            let keys = |value: &Value| {
                value
                    .as_object()
                    .unwrap()
                    .keys()
                    .cloned()
                    .collect::<Vec<_>>()
            };
            assert_eq!(keys(&before), keys(&after), "{name}");
            for (list, records) in before.as_object().unwrap() {
                if let Value::Object(counters) = records
                    && list.ends_with("_counts")
                {
                    assert_eq!(Some(counters), after[list].as_object(), "{name}.{list}");
                }
                // Sessions also describe issues and decisions that become records.
                assert!(
                    objects(records).count() <= objects(&after[list]).count(),
                    "{name}.{list}"
                );
                for record in objects(records).filter(|record| id_of(record).is_some()) {
                    let mut same =
                        objects(&after[list]).filter(|after| id_of(after) == id_of(record));
                    assert_same_keys(&format!("{name}.{list}"), record, same.next().unwrap());
                }
            }
        }
    }
}

#[test]
fn keys_that_mean_a_field_are_exported_again() {
    let workspace = TestWorkspace::with_workspace();
    let tasks = json!({"active_tasks": [
        {"id": "T-1", "title": "x", "created": "2025-01-01", "updated": "2025-01-01", "status": "pending",
         "depends_on": ["T-2"], "repo": "core", "owner": "mira", "due": "2025-02-01"},
        {"id": "T-2", "title": "y", "created": "2025-01-01", "updated": "2025-01-01", "status": "pending",
         "repos_affected": [], "assigned_to": null},
    ]});
    let exported = export_of(&workspace, TASKS, &tasks);
    assert_eq!(exported.as_object().unwrap().len(), 1, "{exported:#}");
    let mut expected = tasks["active_tasks"].clone();
    let revs = exported["active_tasks"].as_array().unwrap().iter();
    let revs = revs.map(|task| task["rev"].clone());
    for (task, rev) in expected.as_array_mut().unwrap().iter_mut().zip(revs) {
        // The only key that an export adds.
        task["rev"] = rev;
        task["created"] = json!("2025-01-01T00:00:00");
        task["updated"] = json!("2025-01-01T00:00:00");
    }
    assert_eq!(exported["active_tasks"], expected);
    // The key gets the value of the field.
    workspace.ok(&[
        "task",
        "edit",
        "T-1",
        "--assigned-to",
        "jo",
        "--repo",
        "core,web",
    ]);
    workspace.ok(&["export", "out"]);
    let task = &read(&workspace, &format!("out/{TASKS}"))["active_tasks"][0];
    assert_eq!(task["owner"], "jo");
    assert_eq!(task["repo"], json!(["core", "web"]));
    assert_eq!(task.get("assigned_to"), None);
    workspace.ok(&["import", "out"]);
    assert_eq!(workspace.json(&["import", "out"])["unchanged"], true);
}

#[test]
fn counters_keep_their_keys() {
    let workspace = TestWorkspace::with_workspace();
    let issue = json!({"id": "I-1", "type": "bug", "title": "x", "severity": "HIGH", "status": "open",
        "detected": "2025-01-01"});
    let document = json!({
        "issues": [issue],
        "issue_counts": {"total": 1, "open": 1, "resolved": 0, "by_severity": {"HIGH": 1, "LOW": 0}},
    });
    let exported = export_of(&workspace, ISSUES, &document);
    assert_eq!(exported["issue_counts"], document["issue_counts"]);
    workspace.ok(&["issue", "resolve", "I-1"]);
    workspace.ok(&["issue", "add", "y", "--severity", "critical"]);
    workspace.ok(&["export", "out"]);
    let counts = &read(&workspace, &format!("out/{ISSUES}"))["issue_counts"];
    assert_eq!(counts["resolved"], 1);
    assert_eq!(
        counts["by_severity"],
        json!({"HIGH": 1, "LOW": 0, "CRITICAL": 1})
    );
    assert_eq!(counts.as_object().unwrap().len(), 4);
    workspace.ok(&["import", "out"]);
    assert_eq!(workspace.json(&["import", "out"])["unchanged"], true);
}

#[test]
fn new_records_have_the_keys_of_the_document() {
    let workspace = TestWorkspace::with_workspace();
    let document = json!({
        "version": "1.0",
        "active_tasks": [{"id": "WS-TASK-001", "title": "x", "created": "2025-01-01", "priority": null}],
        "completed_tasks": [],
    });
    let exported = export_of(&workspace, TASKS, &document);
    assert_eq!(exported["completed_tasks"], json!([]));
    assert_eq!(exported.get("task_counts"), None);
    workspace.ok(&["task", "add", "y", "--notes", "n"]);
    workspace.ok(&["export", "out"]);
    let task = &read(&workspace, &format!("out/{TASKS}"))["active_tasks"][1];
    assert_eq!(task["notes"], "n");
    assert_eq!(task["priority"], Value::Null);
    for key in ["assigned_to", "workflow_id", "related_files", "metadata"] {
        assert_eq!(task.get(key), None, "{task:#}");
    }
}

#[test]
fn cleared_field_is_exported() {
    let workspace = TestWorkspace::with_workspace();
    let tasks = json!({"active_tasks": [{"id": "T-1", "title": "x", "created": "2025-01-01"}]});
    export_of(&workspace, TASKS, &tasks);
    workspace.ok(&["task", "edit", "T-1", "--notes", "n"]);
    workspace.ok(&["export", "out"]);
    workspace.ok(&["task", "edit", "T-1", "--clear", "notes"]);
    workspace.ok(&["export", "out"]);
    let exported = read(&workspace, &format!("out/{TASKS}"));
    let task = exported["active_tasks"][0].as_object().unwrap();
    assert_eq!(task.get("notes"), Some(&Value::Null));
}

/// Documents with keys, lists and counters of all kinds.
fn write_documents(workspace: &TestWorkspace) {
    let tasks = json!({
        "completed_tasks": [{"id": "T-9", "name": "z", "created_at": "2025-01-01", "state": "done"}],
        "active_tasks": [{"id": "T-1", "title": "x", "created": "2025-01-01", "blockedBy": "T-9"}],
        "task_counts": {"total": 2, "by_status": {"completed": 1}},
    });
    workspace.write(&format!("in/{TASKS}"), tasks.to_string());
    let sessions = json!({"sessions": [
        {"id": "s1", "started": "2025-01-01", "decisions": ["Use x"], "notes": "n"},
        {"session_id": "s2", "start_time": "2025-01-01", "activities": []},
    ]});
    workspace.write(&format!("in/{SESSIONS}"), sessions.to_string());
    let issues = json!({"issues": [
        {"id": "I-1", "type": "bug", "title": "x", "detected": "2025-01-01", "repo": "core"},
    ]});
    workspace.write(&format!("in/{ISSUES}"), issues.to_string());
    let states = json!({"architecture_states": [
        {"id": "S-1", "type": "master", "repo": "core", "created": "2025-01-01"},
    ]});
    workspace.write("in/ARCHITECTURE.json", states.to_string());
}

fn export_has_the_same_bytes_after_an_import() {
    let first = TestWorkspace::with_workspace();
    write_documents(&first);
    first.ok(&["import", "in"]);
    first.ok(&["export", "out"]);
    first.ok(&["import", "out"]);
    let second = TestWorkspace::with_workspace();
    let source = first.path().join("out").display().to_string();
    second.ok(&["import", &source]);
    second.ok(&["export", "out"]);
    for name in [
        TASKS,
        SESSIONS,
        ISSUES,
        "ARCHITECTURE.json",
        "ARCHITECTURE-DECISIONS.json",
    ] {
        let name = format!("out/{name}");
        assert_eq!(first.read(&name), second.read(&name), "{name}");
    }
    let session = &read(&first, &format!("out/{SESSIONS}"))["sessions"][0];
    assert_eq!(session["notes"], "n");
    assert_eq!(session["decisions"].as_array().map(Vec::len), Some(1));
    let issue = &read(&first, &format!("out/{ISSUES}"))["issues"][0];
    assert_eq!(issue.get("repos_affected"), None, "{issue:#}");
    let architecture = read(&first, "out/ARCHITECTURE.json");
    assert_eq!(architecture.as_object().unwrap().len(), 1);
}

#[test]
fn columns_of_the_earlier_tool_are_left_out_where_they_are_empty() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move"]);
    workspace.ok(&["state", "add", "now", "--type", "current", "--repo", "core"]);
    workspace.ok(&["export", "out"]);
    let documents =
        workspace.read("out/WORKSPACE-TASKS.json") + &workspace.read("out/ARCHITECTURE.json");
    for column in [
        "bastard_plan_grade",
        "scale_tier",
        "workflow_id",
        "roadmap_file",
    ] {
        assert!(!documents.contains(column), "{column}");
    }
    // JSON output has all keys.
    assert_eq!(
        workspace.json(&["task", "show", "1"])["scale_tier"],
        Value::Null
    );
}

#[test]
fn used_column_of_the_earlier_tool_stays_in_the_document() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move"]);
    workspace.ok(&["task", "add", "Publish", "--scale-tier", "2"]);
    workspace.ok(&["export", "out"]);
    let task = &read(&workspace, "out/WORKSPACE-TASKS.json")["active_tasks"][0];
    assert_eq!(task["scale_tier"], Value::Null);
    assert!(task.as_object().unwrap().contains_key("scale_tier"));
    assert!(!task.as_object().unwrap().contains_key("workflow_id"));
    let before = workspace.read("out/WORKSPACE-TASKS.json");
    workspace.ok(&["export", "out"]);
    assert_eq!(workspace.read("out/WORKSPACE-TASKS.json"), before);
    // A value that was removed is removed by an import elsewhere, too.
    let other = TestWorkspace::with_workspace();
    let out = workspace.path().join("out").display().to_string();
    other.ok(&["import", &out]);
    assert_eq!(other.json(&["task", "show", "2"])["scale_tier"], 2);
    workspace.ok(&["task", "edit", "2", "--clear", "scale-tier"]);
    workspace.ok(&["export", "out"]);
    other.ok(&["import", &out]);
    assert_eq!(
        other.json(&["task", "show", "2"])["scale_tier"],
        Value::Null
    );
}

#[test]
fn completed_task_moves_to_the_list_of_completed_ones() {
    let workspace = TestWorkspace::with_workspace();
    let task = |id: &str| json!({"id": id, "title": "x", "created": "2025-01-01"});
    let closed = json!({"id": "T-3", "title": "x", "created": "2025-01-01", "status": "closed"});
    let document = json!({
        "active_tasks": [task("T-1"), task("T-2"), closed],
        "completed_tasks": [task("T-9")],
    });
    let ids = |exported: &Value| {
        let ids = |list: &str| {
            objects(&exported[list])
                .map(|task| task["id"].clone())
                .collect::<Vec<_>>()
        };
        (ids("active_tasks"), ids("completed_tasks"))
    };
    let exported = export_of(&workspace, TASKS, &document);
    let expected = (
        vec![json!("T-1"), json!("T-2"), json!("T-3")],
        vec![json!("T-9")],
    );
    assert_eq!(ids(&exported), expected, "nothing changed");
    workspace.ok(&["task", "done", "T-1"]);
    workspace.ok(&["task", "reopen", "T-9"]);
    workspace.ok(&["export", "out"]);
    let exported = read(&workspace, &format!("out/{TASKS}"));
    let expected = (
        vec![json!("T-2"), json!("T-3"), json!("T-9")],
        vec![json!("T-1")],
    );
    assert_eq!(ids(&exported), expected);
    assert_eq!(exported["completed_tasks"][0]["status"], "completed");
    assert_eq!(workspace.json(&["import", "out"])["unchanged"], true);
}

#[test]
fn new_records_have_the_key_names_of_the_document() {
    let workspace = TestWorkspace::with_workspace();
    let issue = |id: &str| {
        json!({"id": id, "type": "bug", "title": "x", "severity": "LOW", "status": "open",
            "detected": "2025-01-01", "related_task": "T-1", "repos": ["core"]})
    };
    let document = json!({"issues": [issue("I-1"), issue("I-2")]});
    export_of(&workspace, ISSUES, &document);
    workspace.ok(&["issue", "add", "y", "--repo", "web"]);
    workspace.ok(&["export", "out"]);
    let issues = read(&workspace, &format!("out/{ISSUES}"))["issues"].clone();
    let keys = |issue: &Map<String, Value>| issue.keys().cloned().collect::<Vec<_>>();
    let all: Vec<_> = objects(&issues).map(keys).collect();
    assert_eq!(all.len(), 3);
    assert!(all[2].contains(&"type".to_owned()), "{issues:#}");
    let mut added = all[2].iter().filter(|key| !all[0].contains(key));
    assert_eq!(added.next(), None, "{issues:#}");
    assert_eq!(issues[2]["repos"], json!(["web"]));
}

#[test]
fn export_adds_nothing_that_an_import_assumes() {
    let workspace = TestWorkspace::with_workspace();
    let tasks = json!({
        "active_tasks": [{"id": "T-1", "title": "x", "created": "2025-01-01"}],
        "completed_tasks": [{"id": "T-2", "title": "x", "created": "2025-01-01", "completed": "2025-02-01"}],
    });
    let exported = export_of(&workspace, TASKS, &tasks);
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&exported), ["active_tasks", "completed_tasks"]);
    assert_eq!(
        keys(&exported["active_tasks"][0]),
        ["created", "id", "rev", "title"]
    );
    assert_eq!(
        keys(&exported["completed_tasks"][0]),
        ["completed", "created", "id", "rev", "title"]
    );
    let files = std::fs::read_dir(workspace.path().join("out")).unwrap();
    assert_eq!(files.count(), 1, "no other document");
    workspace.ok(&["task", "start", "T-1"]);
    workspace.ok(&["export", "out"]);
    let task = &read(&workspace, &format!("out/{TASKS}"))["active_tasks"][0];
    assert_eq!(task["status"], "in_progress");
    assert!(task["updated"].is_string(), "{task}");
    let again = TestWorkspace::with_workspace();
    again.ok(&[
        "import",
        &workspace.path().join("out").display().to_string(),
    ]);
    again.ok(&["export", "out"]);
    assert_eq!(
        workspace.read(&format!("out/{TASKS}")),
        again.read(&format!("out/{TASKS}"))
    );
}

#[test]
fn texts_in_sessions_stay_texts() {
    let workspace = TestWorkspace::with_workspace();
    let document = json!({"sessions": [{
        "session_id": "s1", "start_time": "2025-01-01",
        "activities": ["Wrote tests", {"description": "Read", "time": "2025-01-02"}, "Wrote tests"],
        "decisions_made": ["DEC-1", "Use SQLite", {"decision": "Use pears"}, {"id": "DEC-2", "why": "ripe"}],
        "issues_found": ["Pears are late"],
    }]});
    let exported = export_of(&workspace, SESSIONS, &document);
    let session = &exported["sessions"][0];
    let sorted = |list: &Value| {
        let mut list: Vec<String> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| {
                let mut entry = entry.clone();
                entry.as_object_mut().map(|fields| fields.remove("rev"));
                entry.to_string()
            })
            .collect();
        list.sort();
        list
    };
    let before = &document["sessions"][0];
    for list in ["decisions_made", "issues_found"] {
        assert_eq!(sorted(&session[list]), sorted(&before[list]));
    }
    assert_eq!(session["activities"][0], "Wrote tests");
    assert_eq!(session["activities"][2], "Wrote tests");
    assert_eq!(workspace.json(&["import", "out"])["unchanged"], true);
    let again = TestWorkspace::with_workspace();
    again.ok(&[
        "import",
        &workspace.path().join("out").display().to_string(),
    ]);
    again.ok(&["export", "out"]);
    let name = format!("out/{SESSIONS}");
    assert_eq!(workspace.read(&name), again.read(&name));
    // A text that is no longer all becomes an object.
    let activities = &workspace.json(&["session", "show", "s1"])["activities"];
    let id = activities[0]["id"].as_str().unwrap().to_owned();
    workspace.ok(&["session", "activity", "edit", &id, "--outcome", "green"]);
    workspace.ok(&["export", "out"]);
    let session = &read(&workspace, &name)["sessions"][0];
    assert_eq!(session["activities"][0]["description"], "Wrote tests");
    assert_eq!(session["activities"][0]["outcome"], "green");
    assert_eq!(session["activities"][2], "Wrote tests");
    assert_eq!(workspace.json(&["import", "out"])["unchanged"], true);
}

#[test]
fn records_keep_their_order() {
    let workspace = TestWorkspace::with_workspace();
    let task = |id: &str| json!({"id": id, "title": "x", "created": "2025-01-01"});
    let tasks = json!({"active_tasks": [task("T-7"), task("B-1"), task("T-3")]});
    workspace.write(&format!("in/{TASKS}"), tasks.to_string());
    let sessions = json!({"sessions": [
        {"session_id": "s2", "start_time": "2025-01-02", "decisions_made": ["Use pears", "DEC-1", "A"],
            "activities": ["z", {"description": "y", "time": "2025-01-01"}, "a"]},
        {"session_id": "s1", "start_time": "2025-01-01"},
    ]});
    workspace.write(&format!("in/{SESSIONS}"), sessions.to_string());
    workspace.ok(&["import", "in"]);
    workspace.ok(&["task", "add", "y"]);
    let order = |workspace: &TestWorkspace| {
        workspace.ok(&["export", "out"]);
        let tasks = &read(workspace, &format!("out/{TASKS}"))["active_tasks"];
        let ids: Vec<_> = objects(tasks).map(|task| task["id"].clone()).collect();
        (
            ids,
            read(workspace, &format!("out/{SESSIONS}"))["sessions"].clone(),
        )
    };
    let (ids, exported) = order(&workspace);
    assert_eq!(ids, ["T-7", "B-1", "T-3", "WS-TASK-001"]);
    assert_eq!(exported[0]["session_id"], "s2");
    assert_eq!(
        exported[0]["decisions_made"],
        json!(["Use pears", "DEC-1", "A"])
    );
    assert_eq!(exported[0]["activities"][1]["description"], "y");
    assert_eq!(exported[0]["activities"][2], "a");
    let other = TestWorkspace::with_workspace();
    let source = workspace.path().join("out").display().to_string();
    other.ok(&["import", &source]);
    assert_eq!(order(&workspace), order(&other));
    // New records are last, also those that sort before the last ones.
    let more = json!([task("A-1")]);
    workspace.write(&format!("more/{TASKS}"), more.to_string());
    workspace.ok(&["import", "more"]);
    assert_eq!(
        order(&workspace).0,
        ["T-7", "B-1", "T-3", "WS-TASK-001", "A-1"]
    );
    workspace.ok(&["undo"]);
    workspace.ok(&["task", "rm", "B-1"]);
    workspace.ok(&["task", "add", "z"]);
    let (ids, _) = order(&workspace);
    assert_eq!(ids, ["T-7", "T-3", "WS-TASK-001", "WS-TASK-002"]);
}
