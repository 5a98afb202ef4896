//! `wsdb history` and `wsdb undo`: what was done, and taking it back.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{Folder, fixture, on_both};

on_both!(
    what_was_done,
    taken_back_and_done_again,
    what_is_newer_is_not_lost,
    what_someone_else_did_has_to_be_named,
    an_import_is_one_change,
    how_a_record_came_to_be,
    any_word_that_means_a_record,
    what_was_forgotten,
    in_json,
    as_a_document,
    histories_that_differ,
);

fn orchard() -> Folder {
    let folder = Folder::with_workspace();
    folder.ok(&["task", "add", "Move pricing", "--repo", "orchard-core"]);
    folder.ok(&["task", "add", "Publish prices", "--depends-on", "1"]);
    folder.ok(&["issue", "add", "Prices in core", "--task", "1"]);
    folder.ok(&["task", "edit", "1", "--priority", "high", "--notes", "soon"]);
    folder.ok(&["task", "done", "1", "2"]);
    folder
}

fn what_was_done() {
    let folder = orchard();
    assert_snapshot!(folder.ok(&["history"]), @r#"
    CHANGE  WHEN      WHO   WHAT            RECORDS                   UNDONE  SESSION
    #5      just now  mira  task completed  changed 2 tasks
    #4      just now  mira  task edit       changed task WS-TASK-001
    #3      just now  mira  issue add       added issue ISSUE-001
    #2      just now  mira  task add        added task WS-TASK-002
    #1      just now  mira  task add        added task WS-TASK-001
    "#);
    let md = folder.ok(&["history", "--limit", "1", "--format", "md"]);
    assert!(
        md.starts_with("| change | when | who | what | records | undone | session |\n"),
        "{md}"
    );
    assert!(
        md.ends_with("Z | mira | task completed | changed 2 tasks |  |  |\n"),
        "{md}"
    );
    let by = |args: &[&str]| folder.json(&[&["history"], args].concat())["total"].clone();
    assert_eq!(by(&[]), 5);
    assert_eq!(by(&["--since", "1h"]), 5);
    assert_eq!(by(&["--since", "2100-01-01"]), 0);
    assert_eq!(by(&["--by", "jo,mira"]), 5);
    assert_eq!(by(&["--by", "jo"]), 0);
    let unknown = folder.fails(1, &["history", "--session", "S-1"]);
    assert!(unknown.contains("session S-1 not found"), "{unknown}");
    let session = folder.json(&["session", "start", "--no-brief"])["id"].clone();
    let session = session.as_str().expect("an id");
    folder.ok(&["issue", "resolve", "1"]);
    folder.ok(&["session", "end"]);
    folder.ok(&["task", "reopen", "1"]);
    assert_eq!(by(&["--session", session]), 3, "from its start to its end");
    folder.ok(&["--database", "new.db", "init"]);
    assert_eq!(
        folder.ok(&["--database", "new.db", "history"]),
        "no history\n"
    );
}

fn taken_back_and_done_again() {
    let folder = orchard();
    let tasks = |folder: &Folder| folder.ok(&["task", "list", "--sort", "id", "--format", "csv"]);
    let done = tasks(&folder);
    assert_snapshot!(folder.ok(&["undo"]), @r#"took back #5 (task completed by mira): changed 2 tasks; `wsdb undo 6` does it again"#);
    assert_snapshot!(folder.ok(&["undo", "--last", "2"]), @r#"
    took back #4 (task edit by mira): changed task WS-TASK-001; `wsdb undo 7` does it again
    took back #3 (issue add by mira): removed issue ISSUE-001; `wsdb undo 8` does it again
    "#);
    assert_snapshot!(folder.ok(&["history", "--reverse"]), @r#"
    CHANGE  WHEN      WHO   WHAT            RECORDS                   UNDONE     SESSION
    #1      just now  mira  task add        added task WS-TASK-001
    #2      just now  mira  task add        added task WS-TASK-002
    #3      just now  mira  issue add       added issue ISSUE-001     by #8
    #4      just now  mira  task edit       changed task WS-TASK-001  by #7
    #5      just now  mira  task completed  changed 2 tasks           by #6
    #6      just now  mira  undo            changed 2 tasks           undoes #5
    #7      just now  mira  undo            changed task WS-TASK-001  undoes #4
    #8      just now  mira  undo            removed issue ISSUE-001   undoes #3
    "#);
    for number in ["8", "#7", "6"] {
        folder.ok(&["undo", number]);
    }
    assert_eq!(tasks(&folder), done);
    assert_snapshot!(folder.fails(1, &["undo", "8"]), @r#"error: #8 has been taken back already, by #9"#);
    assert_snapshot!(folder.fails(1, &["undo", "99"]), @r#"
    error: change #99 not found
    hint: `wsdb history` shows those that are remembered; what was pruned is gone
    "#);
    assert_snapshot!(folder.fails(1, &["undo", "--last", "99"]), @r#"error: there are only 5 changes to take back"#);
    assert!(folder.fails(2, &["undo", "--last", "0"]).contains("--last"));
    assert!(
        folder
            .fails(2, &["undo", "x"])
            .contains("no number of a change")
    );
    // On PostgreSQL, what is tried out uses a number up.
    assert_snapshot!(folder.ok(&["undo", "--dry-run"]), @r#"would take back #5 (task completed by mira): changed 2 tasks"#);
    assert_eq!(tasks(&folder), done);

    // What referred to it does so again.
    folder.ok(&["task", "rm", "1", "--force"]);
    folder.ok(&["undo"]);
    let issue = folder.json(&["issue", "show", "1"]);
    assert_eq!(issue["related_task_id"], "WS-TASK-001");
    let refused = folder.fails(1, &["task", "rm", "1"]);
    assert!(refused.contains("issue ISSUE-001"), "{refused}");
}

fn what_is_newer_is_not_lost() {
    let folder = orchard();
    // The status is what the last change made of it.
    assert_snapshot!(folder.fails(1, &["undo", "1"]), @r#"
    error: #1 can't be taken back: #5 changed task WS-TASK-001 later
    hint: take #5 back first: `wsdb undo 5`
    "#);
    folder.ok(&["task", "edit", "1", "--priority", "low"]);
    // On PostgreSQL, what was refused has used a number up.
    let last = folder.json(&["history", "--limit", "1"])["history"][0]["change"].to_string();
    assert_snapshot!(folder.fails(1, &["undo", "4"]).replace(&last, "LAST"), @r#"
    error: #4 can't be taken back: #LAST changed task WS-TASK-001 later
    hint: take #LAST back first: `wsdb undo LAST`
    "#);
    // Other fields were left alone: that one is taken back, and the newer ones stay.
    folder.ok(&["undo", "5"]);
    let task = folder.json(&["task", "show", "1"]);
    assert_eq!(
        (&task["status"], &task["priority"]),
        (&json!("pending"), &json!("LOW"))
    );
    // The issue needs the task.
    folder.ok(&["undo", &last]);
    folder.ok(&["undo", "4"]);
    assert_snapshot!(folder.fails(1, &["undo", "1", "--json"]), @r##"{"error":{"code":"newer","hint":"take #3 back first: `wsdb undo 3`","message":"#1 can't be taken back: #3 changed issue ISSUE-001 later"}}"##);
    let history = folder.json(&["history"]);
    assert_eq!(history["total"], 9, "what was refused is no change");
}

fn what_someone_else_did_has_to_be_named() {
    let folder = orchard();
    assert_snapshot!(folder.fails(1, &["undo", "--actor", "jo"]), @r#"
    error: the last change, #5 (task completed), is mira's
    hint: `wsdb undo 5` takes it back all the same; `wsdb history` shows what was done
    "#);
    folder.ok(&["undo", "5", "--actor", "jo"]);
    let last = folder.json(&["history", "--limit", "1"])["history"][0].clone();
    assert_eq!((&last["actor"], &last["undoes"]), (&json!("jo"), &json!(5)));
    // An undo is nobody's last change: mira's own comes next.
    folder.ok(&["undo", "--last", "2"]);
}

fn an_import_is_one_change() {
    let folder = Folder::new();
    let documents = folder.path().join("documents");
    let source = documents.display().to_string();
    std::fs::create_dir(&documents).expect("a folder");
    for entry in std::fs::read_dir(fixture("handwritten")).expect("a folder") {
        let path = entry.expect("an entry").path();
        std::fs::copy(&path, documents.join(path.file_name().expect("a name"))).expect("copied");
    }
    let first = folder.ok(&["import", &source]);
    assert_snapshot!(folder.ok(&["history"]), @r#"
    CHANGE  WHEN      WHO   WHAT    RECORDS                                                         UNDONE  SESSION
    #1      just now  mira  import  added 5 tasks, 2 sessions, 3 decisions, 3 issues, 3 activities
    "#);
    folder.ok(&["undo"]);
    assert_eq!(folder.ok(&["task", "list"]), "no tasks\n");
    assert_eq!(folder.json(&["session", "list"])["total"], 0);
    // Neither belongs to the open session that came and went with it.
    folder.ok(&["undo", "2"]);
    let done = folder.json(&["history"]);
    let sessions: Vec<_> = done["history"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|action| &action["session"])
        .collect();
    assert_eq!(sessions, [&Value::Null; 3], "{done}");
    folder.ok(&["undo", "3"]);
    // It works as the first time.
    assert_eq!(folder.ok(&["import", &source]), first);
    // And so does one that merges.
    let file = documents.join("WORKSPACE-TASKS.json");
    let text = std::fs::read_to_string(&file).expect("read");
    let edited = text.replace("Replace pandas", "Throw pandas out");
    assert_ne!(edited, text);
    std::fs::write(&file, &edited).expect("written");
    let merged = folder.ok(&["import", &source]);
    let title = |folder: &Folder| folder.json(&["task", "show", "3"])["title"].clone();
    assert_eq!(title(&folder), "Throw pandas out in the ripeness model");
    folder.ok(&["undo"]);
    assert_eq!(title(&folder), "Replace pandas in the ripeness model");
    assert_eq!(folder.ok(&["import", &source]), merged);
    assert_eq!(title(&folder), "Throw pandas out in the ripeness model");
    // Nothing changed: that is no change.
    let total = folder.json(&["history"])["total"].clone();
    folder.ok(&["import", &source]);
    assert_eq!(folder.json(&["history"])["total"], total);
    folder.ok(&["export", "out"]);
    assert_eq!(folder.json(&["history"])["total"], total);
}

fn how_a_record_came_to_be() {
    let folder = orchard();
    let shown = |args: &[&str]| {
        let text = folder.ok(args);
        let mut lines: Vec<String> = Vec::new();
        for line in text.lines() {
            // What the clock says.
            match line.split_once(" by mira, ") {
                Some((before, _)) => lines.push(format!("{before} by mira")),
                None if line.contains("20") && line.contains(":") => {
                    let name = line.trim_start().split(' ').next().unwrap_or_default();
                    lines.push(format!("    {name} TIME"));
                }
                None => lines.push(line.to_owned()),
            }
        }
        lines.join("\n")
    };
    assert_snapshot!(shown(&["history", "ws-task-1"]), @r#"
    #5  task completed by mira
      task WS-TASK-001 changed
        completed_at TIME
        status        pending → completed
        updated TIME
    #4  task edit by mira
      task WS-TASK-001 changed
        notes     (nothing) → soon
        priority  (nothing) → HIGH
        updated TIME
    #1  task add by mira
      task WS-TASK-001 added
        created TIME
        repos_affected  orchard-core
        status          pending
        title           Move pricing
        updated TIME
    "#);
    assert_snapshot!(shown(&["history", "#3"]), @r#"
    #3  issue add by mira
      issue ISSUE-001 added
        detected TIME
        issue_type       governance
        related_task_id  WS-TASK-001
        severity         MEDIUM
        status           open
        title            Prices in core
    "#);
    assert_snapshot!(shown(&["task", "show", "1", "--history"]), @r#"
    WS-TASK-001  Move pricing
    status     completed
    priority   HIGH
    repos      orchard-core
    unblocks   WS-TASK-002
        created TIME
        updated TIME
        completed TIME
    notes      soon

    History
    #1  task add by mira
      task WS-TASK-001 added
        created TIME
        repos_affected  orchard-core
        status          pending
        title           Move pricing
        updated TIME
    #4  task edit by mira
      task WS-TASK-001 changed
        notes     (nothing) → soon
        priority  (nothing) → HIGH
        updated TIME
    #5  task completed by mira
      task WS-TASK-001 changed
        completed_at TIME
        status        pending → completed
        updated TIME
    "#);
    let task = folder.json(&["task", "show", "1", "--history"]);
    assert_eq!(task["id"], "WS-TASK-001");
    assert_eq!(task["history"][0]["verb"], "task add");
    assert_eq!(
        task["history"][1]["changes"][0]["before"]["notes"],
        Value::Null
    );
    assert_eq!(task["history"][1]["changes"][0]["after"]["notes"], "soon");
    for (noun, id) in [("issue", "1"), ("task", "2")] {
        let shown = folder.json(&[noun, "show", id, "--history"]);
        assert_eq!(shown["history"][0]["verb"], format!("{noun} add"));
        assert!(folder.json(&[noun, "show", id]).get("history").is_none());
    }
    folder.ok(&["decision", "add", "Prices leave the core"]);
    let shown = folder.json(&["decision", "show", "1", "--history"]);
    assert_eq!(shown["history"][0]["verb"], "decision add");
    let session = folder.json(&["session", "start", "--no-brief"])["id"].clone();
    let session = session.as_str().expect("an id");
    let shown = folder.json(&["session", "show", session, "--history"]);
    assert_eq!(shown["history"][0]["verb"], "session start");
}

fn any_word_that_means_a_record() {
    let folder = orchard();
    let total = |word: &str| folder.json(&["history", word])["total"].clone();
    assert_eq!(total("WS-TASK-002"), 2);
    assert_eq!(total("ws-task-2"), 2);
    assert_eq!(total("TASK-002"), 2);
    assert_eq!(total("ISSUE-001"), 1);
    // A number is a record's own before it is a part of others' ids.
    assert_eq!(total("2"), 2);
    let missing = folder.fails(1, &["history", "#999"]);
    assert!(missing.contains("change #999 not found"), "{missing}");
    assert_snapshot!(folder.fails(1, &["history", "1"]), @r#"
    error: record 1 could be WS-TASK-001, ISSUE-001
    hint: type the whole id; `wsdb history '#1'` shows the change with that number
    "#);
    assert_snapshot!(folder.fails(1, &["history", "77"]), @r#"
    error: record 77 not found
    hint: `wsdb history '#77'` shows the change with that number, if it is remembered
    "#);
    assert!(
        folder
            .fails(2, &["history", "#x"])
            .contains("no number of a change")
    );
    // One that is gone is found all the same.
    folder.ok(&["task", "rm", "2"]);
    assert_eq!(total("2"), 3);
    assert_eq!(total("ws-task-002"), 3);
}

fn what_was_forgotten() {
    let folder = orchard();
    let usage = folder.fails(2, &["history", "prune"]);
    assert!(usage.contains("--before"), "{usage}");
    let usage = folder.fails(2, &["history", "prune", "--before", "2100-01-01"]);
    assert!(usage.contains("still to come"), "{usage}");
    assert_snapshot!(folder.ok(&["history", "prune", "--keep", "9"]), @r#"forgot 0 changes; 5 are still remembered"#);
    assert_snapshot!(folder.ok(&["history", "prune", "--before", "2000-01-01"]), @r#"forgot 0 changes; 5 are still remembered"#);
    assert_snapshot!(folder.ok(&["history", "prune", "--keep", "3", "--dry-run"]), @"a dry run: 3 changes would be forgotten, 3 still remembered");
    assert_snapshot!(folder.ok(&["history", "prune", "--keep", "3"]), @"forgot 3 changes; 3 are still remembered");
    assert_eq!(
        folder.json(&["history", "prune", "--keep", "3"])["forgotten"],
        0
    );
    assert_snapshot!(folder.ok(&["history"]), @"
    CHANGE  WHEN      WHO   WHAT            RECORDS                   UNDONE  SESSION
    #6      just now  mira  history prune
    #5      just now  mira  task completed  changed 2 tasks
    #4      just now  mira  task edit       changed task WS-TASK-001
    ");
    assert_snapshot!(folder.fails(1, &["undo", "1"]), @r#"
    error: change #1 not found
    hint: `wsdb history` shows those that are remembered; what was pruned is gone
    "#);
    assert_snapshot!(folder.fails(1, &["undo", "6"]), @r#"error: #6 (history prune) changed no record"#);
    folder.ok(&["undo", "--last", "2"]);
    assert_eq!(folder.json(&["task", "list"])["total"], 2);
    assert_snapshot!(folder.fails(1, &["undo"]), @r#"error: there is nothing to take back"#);
    assert_eq!(
        folder.json(&["history", "prune", "--keep", "0"]),
        json!({"forgotten": 5, "kept": 1, "dry_run": false})
    );
    // No number is given twice.
    folder.ok(&["task", "add", "New"]);
    assert_eq!(folder.json(&["history"])["history"][0]["change"], 10);
}

fn in_json() {
    let folder = orchard();
    let mut last = folder.json(&["history", "--limit", "1"]);
    assert!(
        last["history"][0]["time"]
            .as_str()
            .is_some_and(|time| time.ends_with('Z'))
    );
    last["history"][0]["time"] = Value::Null;
    assert_eq!(
        last,
        json!({"history": [{
            "change": 5, "time": null, "actor": "mira", "session": null, "verb": "task completed",
            "undoes": null, "undone_by": null,
            "records": [
                {"noun": "task", "kind": "changed", "count": 2, "ids": ["WS-TASK-001", "WS-TASK-002"]},
            ],
        }], "total": 5})
    );
    let fields = folder.json(&["history", "--fields", "--limit", "1"]);
    let change = &fields["history"][0]["changes"][0];
    assert_eq!(
        (&change["noun"], &change["kind"]),
        (&json!("task"), &json!("changed"))
    );
    assert_eq!(change["before"]["status"], "pending");
    assert_eq!(change["after"]["status"], "completed");
    let undone = folder.json(&["undo"]);
    assert_eq!(undone["change"], 6);
    assert_eq!(undone["undone"]["change"], 5);
    assert_eq!(undone["records"][0]["count"], 2);
    let dry = folder.json(&["undo", "--last", "2", "--dry-run"]);
    assert_eq!(dry["total"], 2);
    assert_eq!(dry["undone"][0]["change"], Value::Null);
    let lines = folder.ok(&["history", "--format", "jsonl"]);
    assert_eq!(lines.lines().count(), 6);
}

fn files(folder: &Folder, name: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder.path().join(name)).expect("a folder");
    let files = entries.map(|entry| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        (
            name.into_owned(),
            std::fs::read_to_string(&path).expect("read"),
        )
    });
    let mut files: Vec<_> = files.collect();
    files.sort();
    files
}

fn as_a_document() {
    let folder = orchard();
    let more = fixture("exported").display().to_string();
    folder.ok(&["import", &more, "--prefer", "file"]);
    folder.ok(&["session", "start"]);
    folder.ok(&["task", "rm", "2", "--force"]);
    folder.ok(&["undo"]);
    folder.ok(&["task", "edit", "1", "--notes", "„Äpfel“\n\u{1b}"]);
    folder.ok(&["export", "without"]);
    assert!(!folder.path().join("without/HISTORY.json").exists());
    folder.ok(&["export", "out", "--history"]);
    let out = files(&folder, "out");
    assert!(out.iter().any(|(name, _)| name == "HISTORY.json"));
    let again = folder.ok(&["export", "out", "--history"]);
    assert!(!again.contains("written"), "{again}");

    let other = Folder::new();
    let source = folder.path().join("out").display().to_string();
    let total = folder.json(&["history"])["total"]
        .as_u64()
        .expect("a number");
    let imported = other.json(&["import", &source, "--dry-run"]);
    let counts = imported["kinds"].as_array().expect("a list");
    let counts = counts.iter().find(|counts| counts["kind"] == "history");
    assert_eq!(counts.expect("counted")["new"], total);
    other.ok(&["import", &source]);
    other.ok(&["export", "out", "--history"]);
    assert_eq!(files(&other, "out"), out);
    let history = other.json(&["history"])["history"].clone();
    assert_eq!(history[0]["verb"], "import with history");
    assert_eq!(history.as_array().expect("a list").len() as u64, total + 1);
    let last =
        |folder: &Folder| folder.json(&["history", "--fields", "--limit", "1", "--offset", "1"]);
    let mut expected = folder.json(&["history", "--fields", "--limit", "1"]);
    expected["total"] = (total + 1).into();
    assert_eq!(last(&other), expected);
    // It is as good as here: what was done there is taken back.
    let number = expected["history"][0]["change"].to_string();
    other.ok(&["undo", &number]);
    folder.ok(&["undo", &number]);
    let task = |folder: &Folder| folder.json(&["task", "show", "1"]);
    assert_eq!(task(&other), task(&folder));
    // The import itself is one change, and goes as a whole.
    other.ok(&[
        "undo",
        &other.json(&["history", "--limit", "1"])["history"][0]["change"].to_string(),
    ]);
    let arrival = history[0]["change"].to_string();
    other.ok(&["undo", &arrival]);
    assert_eq!(other.json(&["task", "list"])["total"], 0);
    // What is there already isn't taken again.
    let again = folder.json(&["import", &source]);
    let counts = again["kinds"].as_array().expect("a list");
    let counts = counts.iter().find(|counts| counts["kind"] == "history");
    assert_eq!(counts.expect("counted")["unchanged"], total);
}

fn histories_that_differ() {
    let folder = orchard();
    folder.ok(&["export", "out", "--history"]);
    let other = Folder::with_workspace();
    other.ok(&["task", "add", "Something else"]);
    let source = folder.path().join("out").display().to_string();
    let output = other.run(&["import", &source, "--prefer", "file"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_snapshot!(said, @r#"warning: the history of the file was left out: its change #1 (task add) is another one than the one with this number here"#);
    assert_eq!(other.json(&["history"])["total"], 2);
    // What is no history is told, with its place.
    let file = folder.path().join("out/HISTORY.json");
    let text = std::fs::read_to_string(&file).expect("read");
    std::fs::write(&file, text.replacen("\"added\"", "\"grown\"", 1)).expect("written");
    let said = Folder::new().fails(1, &["import", &source]);
    assert_snapshot!(said.replace(&source, "DIR"), @r#"
    error: 1 record can't be imported; nothing was written
           DIR/HISTORY.json, $.actions[0]: "grown" is no kind of change
    hint: mend the records, map unknown words with --map FIELD.WORD=KNOWN, or leave them out with --skip-rejects
    "#);
}
