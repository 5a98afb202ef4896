//! Who has a task in hand: claims on the command line, and in documents.

use std::thread::sleep;
use std::time::Duration;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::Folder;

/// Long enough for the seconds of a slow test not to be seen.
const LEASE: &str = "90min 30s";

fn three() -> Folder {
    let folder = Folder::with_workspace();
    folder.ok(&["task", "add", "Move pricing", "-r", "core", "-p", "high"]);
    folder.ok(&["task", "add", "Publish prices", "-r", "web"]);
    folder.ok(&["task", "add", "Water the trees", "--depends-on", "2"]);
    folder
}

/// A text without the times of day in it, which may stand with their date.
fn timeless(text: &str) -> String {
    let is_clock = |word: &&str| word.len() == 5 && word.as_bytes()[2] == b':';
    let is_date = |word: &&str| word.len() == 10 && word.starts_with("20");
    let line = |line: &str| {
        let words = line.split(' ').filter(|word| !is_date(word));
        let words: Vec<&str> = words
            .map(|word| if is_clock(&word) { "HH:MM" } else { word })
            .collect();
        words.join(" ")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn error(said: &str) -> Value {
    let said: Value = serde_json::from_str(said).expect("JSON");
    said["error"].clone()
}

fn ids(list: &Value) -> Vec<&str> {
    let tasks = list["tasks"].as_array().expect("a list");
    tasks
        .iter()
        .filter_map(|task| task["id"].as_str())
        .collect()
}

fn a_claim_from_beginning_to_end() {
    let folder = three();
    let session = folder.json(&["session", "start"])["id"].clone();
    assert_snapshot!(timeless(&folder.ok(&["task", "claim", "1", "--lease", LEASE])), @"claimed WS-TASK-001 until HH:MM (in 1 h 30 min)  Move pricing");
    let task = folder.json(&["task", "show", "1"]);
    assert_eq!(
        (&task["status"], &task["assigned_to"]),
        (&json!("in_progress"), &json!("mira"))
    );
    assert!(task["started_at"].is_string());
    let claim = &task["claim"];
    assert_eq!(claim["session_id"], session);
    assert_eq!(
        (&claim["holder"], &claim["expired"]),
        (&json!("mira"), &json!(false))
    );
    assert_eq!(claim["since"], task["updated"]);
    let shown = folder.ok(&["task", "show", "1"]);
    let shown = shown
        .lines()
        .find(|line| line.starts_with("claimed"))
        .expect("a line");
    let shown = shown.replace(session.as_str().expect("an id"), "SESSION");
    assert_snapshot!(timeless(&shown), @"claimed by   mira until HH:MM (in 1 h 30 min), in SESSION");

    // Once is enough: for who holds it, and for everybody else.
    assert_snapshot!(timeless(&folder.fails(1, &["task", "claim", "1"])), @r"
    error: you hold task WS-TASK-001 already: until HH:MM (in 1 h 30 min)
    hint: `wsdb task heartbeat WS-TASK-001` renews it, `wsdb task release WS-TASK-001` gives it back; another process needs another --actor
    ");
    assert_snapshot!(timeless(&folder.fails(1, &["task", "claim", "1", "--actor", "jo"])), @"
    error: task WS-TASK-001 is claimed by mira until HH:MM (in 1 h 30 min)
    hint: `wsdb task claim --next` takes another one; if mira is gone, `wsdb task release WS-TASK-001 --force`
    ");
    let told = error(&folder.fails(1, &["task", "claim", "1", "--actor", "jo", "--json"]));
    assert_eq!(told["code"], "claimed");
    assert_eq!(told["claim"]["holder"], "mira");
    assert_eq!(told["claim"]["expires"], claim["expires"]);
    assert_eq!(
        folder.json(&["task", "show", "1"]),
        task,
        "nothing was changed"
    );

    let renewed = folder.ok(&["task", "heartbeat", "1", "--lease", "3h"]);
    assert_snapshot!(timeless(&renewed), @"WS-TASK-001 is yours until HH:MM (in 3 h)  Move pricing");
    let claim = folder.json(&["task", "heartbeat", "1", "--lease", "1d"])["claim"].clone();
    assert_eq!(claim["since"], task["claim"]["since"]);
    assert!(claim["expires"].as_str() > task["claim"]["expires"].as_str());
    let csv = folder.ok(&["task", "list", "--format", "csv"]);
    let first = csv.lines().nth(1).expect("a row");
    assert!(
        first.contains(",mira,mira until 20"),
        "on another day: with its date: {first}"
    );

    assert_snapshot!(folder.ok(&["task", "release", "1"]), @"released WS-TASK-001, which is pending  Move pricing");
    let free = folder.json(&["task", "show", "1"]);
    assert_eq!(
        (&free["claim"], &free["assigned_to"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(free["started_at"], json!(null), "it had not been begun");
}

fn what_is_given_back_is_as_it_was() {
    let folder = three();
    folder.ok(&["task", "edit", "1", "--assign", "jo"]);
    folder.ok(&["task", "approve", "1"]);
    folder.ok(&["task", "claim", "1", "--lease", "1s"]);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    // Taken over by another one: what was before the first counts.
    let taken = folder.json(&[
        "task",
        "claim",
        "1",
        "--actor",
        "ann",
        "--expect",
        "status=wip",
    ]);
    assert_eq!(
        (&taken["status"], &taken["assigned_to"]),
        (&json!("in_progress"), &json!("ann"))
    );
    let free = folder.json(&["task", "release", "1", "--actor", "ann"]);
    assert_eq!(
        (&free["status"], &free["assigned_to"]),
        (&json!("approved"), &json!("jo"))
    );
    assert_eq!(free["started_at"], json!(null));

    folder.ok(&["task", "start", "1"]);
    let begun = folder.json(&["task", "show", "1"])["started_at"].clone();
    folder.ok(&["task", "claim", "1"]);
    let free = folder.json(&["task", "release", "1"]);
    assert_eq!(
        (&free["status"], &free["started_at"]),
        (&json!("in_progress"), &begun)
    );
    folder.ok(&["task", "block", "1"]);
    folder.ok(&["task", "claim", "1"]);
    assert_eq!(folder.json(&["task", "release", "1"])["status"], "blocked");

    let error = folder.fails(1, &["task", "claim", "1", "--expect", "status=pending"]);
    assert!(error.contains("status is blocked, not pending"), "{error}");
    let error = folder.fails(
        2,
        &["task", "claim", "--next", "--expect", "status=pending"],
    );
    assert!(error.contains("does not choose with --next"), "{error}");
}

fn nobody_is_robbed() {
    let folder = three();
    folder.ok(&["task", "claim", "1", "--actor", "jo"]);
    let change = folder.json(&["history"])["history"][0]["change"].to_string();
    let error = folder.fails(1, &["undo", &change]);
    assert!(error.contains("WS-TASK-001 is claimed by jo"), "{error}");
    folder.ok(&["task", "heartbeat", "1", "--actor", "jo"]);
    // A heartbeat is nothing to take back: the claim before it is.
    let undone = folder.json(&["undo", "--actor", "jo"]);
    assert_eq!(undone["undone"]["verb"], "task claim");
    let error = folder.fails(1, &["task", "release", "1", "--force"]);
    assert!(
        error.contains("nobody has claimed task WS-TASK-001"),
        "{error}"
    );

    folder.ok(&["task", "start", "2"]);
    folder.ok(&["task", "edit", "2", "--assign", "mira"]);
    let output = folder.run(&["task", "claim", "2", "--actor", "jo"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("note: it was in_progress, assigned to mira"),
        "{told}"
    );
}

fn everything_wrong_is_told_at_once() {
    let folder = three();
    folder.ok(&["task", "claim", "1", "--actor", "jo"]);
    let error = folder.fails(1, &["task", "heartbeat", "1", "2", "99"]);
    for part in [
        "task 99 not found",
        "WS-TASK-001 is claimed by jo",
        "WS-TASK-002",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

fn what_others_hold_is_left_out() {
    let folder = three();
    let claimed = folder.json(&["task", "claim", "--next", "--actor", "jo"]);
    assert_eq!(claimed["id"], "WS-TASK-001");
    assert_eq!(ids(&folder.json(&["task", "ready"])), ["WS-TASK-002"]);
    assert_eq!(folder.json(&["next"])["task"]["id"], "WS-TASK-002");

    // What one holds oneself comes first, and is no second time to be had.
    let ready = folder.json(&["task", "ready", "--actor", "jo"]);
    assert_eq!(ids(&ready), ["WS-TASK-001", "WS-TASK-002"]);
    assert_eq!(
        (&ready["tasks"][0]["mine"], &ready["tasks"][1]["mine"]),
        (&json!(true), &json!(false))
    );
    let csv = folder.ok(&["task", "ready", "--actor", "jo", "--format", "csv"]);
    assert!(csv.contains(",you until "), "{csv}");
    let next = folder.ok(&["next", "--actor", "jo"]);
    assert_snapshot!(timeless(&next.replace("1 h 59 min", "2 h")), @r"
    WS-TASK-001  Move pricing
    why          HIGH, nothing waits for it, written down just now: you have it in hand
    repos        core
    assigned to  jo
    yours        until HH:MM (in 2 h)
    second       WS-TASK-002  Publish prices  (no priority, 1 open task waits for it)
    ");
    assert_eq!(folder.json(&["next", "--actor", "jo"])["because"], "mine");
    assert_snapshot!(folder.fails(1, &["task", "claim", "--next", "--repo", "core"]), @r"
    error: no task can be claimed: none can be begun that nobody has in hand
    hint: `wsdb next --repo core` says what the others wait for
    ");
    let next = folder.json(&["task", "claim", "--next", "--repo", "core,web"]);
    assert_eq!(next["id"], "WS-TASK-002");
    let told = error(&folder.fails(1, &["task", "claim", "--next", "--json"]));
    assert_eq!(told["code"], "nothing_ready");

    // By its id, a task can be claimed that waits for others: people may know better.
    let output = folder.run(&["task", "claim", "3"]);
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_snapshot!(said, @"note: it waits for WS-TASK-002 (in_progress)");
}

fn a_lease_that_is_over() {
    let folder = three();
    folder.ok(&["task", "claim", "1", "--lease", "1s"]);
    sleep(Duration::from_millis(1010));
    let task = folder.json(&["task", "show", "1"]);
    assert_eq!(
        (&task["claim"]["holder"], &task["claim"]["expired"]),
        (&json!("mira"), &json!(true))
    );
    assert_snapshot!(folder.ok(&["task", "list", "--repo", "core"]), @r"
    ID           STATUS       PRIORITY  TITLE         REPOS  ASSIGNED TO  CLAIM                   UPDATED
    WS-TASK-001  in_progress  HIGH      Move pricing  core   mira         mira, expired just now  just now
    ");
    let shown = folder.ok(&["task", "show", "1"]);
    assert!(
        shown.contains("claimed by   mira, expired just now: free to take"),
        "{shown}"
    );
    assert_eq!(
        ids(&folder.json(&["task", "ready", "--actor", "jo"])),
        ["WS-TASK-001", "WS-TASK-002"]
    );

    let status = folder.ok(&["status"]);
    let line = "WS-TASK-001  HIGH  Move pricing  mira, expired just now";
    assert!(status.contains(line), "{status}");

    // Nobody took it: it can be gone on with.
    folder.ok(&["task", "heartbeat", "1", "--lease", "1s"]);
    sleep(Duration::from_millis(1010));
    let taken = folder.json(&["task", "claim", "--next", "--actor", "jo", "--lease", LEASE]);
    assert_eq!(
        (&taken["id"], &taken["assigned_to"]),
        (&json!("WS-TASK-001"), &json!("jo"))
    );
    assert_eq!(
        taken["started_at"], task["started_at"],
        "the first start stays"
    );
    for verb in ["heartbeat", "release", "claim"] {
        let told = error(&folder.fails(1, &["task", verb, "1", "--json"]));
        assert_eq!(
            (&told["code"], &told["claim"]["holder"]),
            (&json!("claimed"), &json!("jo"))
        );
    }
}

fn given_back_and_ended() {
    let folder = three();
    folder.ok(&["task", "claim", "1", "--actor", "jo", "--lease", LEASE]);
    folder.ok(&["task", "claim", "2"]);
    assert_snapshot!(timeless(&folder.fails(1, &["task", "release", "3", "2", "1"])), @r"
    error: task WS-TASK-003 is not claimed by mira
           task WS-TASK-001 is claimed by jo until HH:MM (in 1 h 30 min)
    hint: `wsdb task show` says who holds it, if anybody does
    ");
    assert_eq!(
        folder.json(&["task", "show", "2"])["claim"]["holder"],
        "mira",
        "all or none"
    );
    assert_snapshot!(folder.ok(&["task", "release", "1", "2", "--force", "--keep-status"]), @r"
    released WS-TASK-001, which is in_progress  Move pricing
    released WS-TASK-002, which is in_progress  Publish prices
    ");
    let kept = folder.json(&["task", "show", "1"]);
    assert_eq!(
        (&kept["status"], &kept["assigned_to"]),
        (&json!("in_progress"), &json!("jo"))
    );
    assert_eq!(kept["claim"], json!(null));

    // What was moved to another status stays there.
    folder.ok(&["task", "claim", "1"]);
    folder.ok(&["task", "block", "1"]);
    assert_eq!(
        folder.json(&["task", "show", "1"])["claim"]["holder"],
        "mira"
    );
    assert_eq!(folder.json(&["task", "release", "1"])["status"], "blocked");

    // Nobody else moves or deletes what somebody has in hand.
    folder.ok(&["task", "claim", "1", "--actor", "jo"]);
    for args in [
        ["task", "done", "1"],
        ["task", "defer", "1"],
        ["task", "rm", "1"],
    ] {
        let refused = folder.fails(1, &args);
        assert!(refused.contains("is claimed by jo until"), "{refused}");
        assert!(
            refused.contains("wsdb task release WS-TASK-001 --force"),
            "{refused}"
        );
    }
    folder.ok(&["task", "edit", "1", "--notes", "seen"]);
    folder.ok(&["task", "release", "1", "--force"]);

    for (id, end) in [("1", "done"), ("2", "close"), ("3", "cancel")] {
        folder.ok(&["task", "claim", id]);
        let ended = folder.json(&["task", end, id]);
        assert_eq!(ended["claim"], json!(null), "{end}");
        assert_eq!(folder.json(&["task", "show", id])["claim"], json!(null));
    }
    assert_snapshot!(folder.fails(1, &["task", "claim", "1"]), @"error: task WS-TASK-001 is completed already");
    assert_snapshot!(folder.fails(1, &["task", "heartbeat", "1"]), @r"
    error: task WS-TASK-001 is not claimed by mira
    hint: `wsdb task show` says who holds it, if anybody does
    ");
}

fn wrong_words() {
    let folder = three();
    assert!(folder.fails(2, &["task", "claim"]).contains("<ID|--next>"));
    assert!(
        folder
            .fails(2, &["task", "claim", "1", "--next"])
            .contains("cannot be used with")
    );
    assert_snapshot!(folder.fails(2, &["task", "claim", "1", "--repo", "core"]), @"error: --repo, --assigned-to and --priority choose with --next, not with an id");
    assert_snapshot!(folder.fails(1, &["task", "claim", "1", "--lease", "999ms"]), @"error: a lease lasts a second at least");
    assert_snapshot!(folder.fails(1, &["task", "claim", "1", "--lease", "9000y"]), @"error: the lease ends after the year 9999");
    assert!(
        folder
            .fails(2, &["task", "claim", "1", "--actor", " "])
            .contains("a name is not empty")
    );
    assert_eq!(folder.json(&["task", "show", "1"])["claim"], json!(null));
}

const FILE: &str = "WORKSPACE-TASKS.json";

fn read(folder: &Folder) -> Value {
    let text = std::fs::read(folder.path().join(FILE)).expect("a file");
    serde_json::from_slice(&text).expect("JSON")
}

fn edit(folder: &Folder, change: impl FnOnce(&mut Value)) {
    let mut document = read(folder);
    change(&mut document["active_tasks"]);
    std::fs::write(folder.path().join(FILE), document.to_string()).expect("written");
}

fn documents_hold_claims() {
    let folder = three();
    folder.ok(&["export"]);
    assert!(
        read(&folder)["active_tasks"][0].get("claim").is_none(),
        "only where there is one"
    );
    folder.ok(&["task", "claim", "2"]);
    folder.ok(&["export"]);
    let document = read(&folder);
    let claim = document["active_tasks"][1]["claim"]
        .as_object()
        .expect("a claim");
    let names: Vec<&str> = claim.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["expires", "holder", "session_id", "since", "status_before"]
    );

    let other = Folder::with_workspace();
    let from = folder.path().display().to_string();
    other.ok(&["import", &from]);
    other.ok(&["export"]);
    assert_eq!(read(&other), document);
    let (first, second) = (folder.path().join(FILE), other.path().join(FILE));
    let bytes = |path| std::fs::read(path).expect("a file");
    assert_eq!(bytes(first), bytes(second), "the same bytes");
    assert!(other.ok(&["import"]).contains("nothing changed"));
    assert_eq!(
        other.json(&["task", "show", "2"])["claim"],
        folder.json(&["task", "show", "2"])["claim"]
    );

    // Deleted by a replacing import, with or without its task.
    edit(&folder, |tasks| {
        drop(tasks[1].as_object_mut().expect("a task").remove("claim"))
    });
    folder.ok(&["import", "--replace"]);
    assert_eq!(folder.json(&["task", "show", "2"])["claim"], json!(null));
    edit(&other, |tasks| {
        drop(tasks.as_array_mut().expect("tasks").remove(1))
    });
    other.ok(&["import", "--replace"]);
    assert_eq!(
        ids(&other.json(&["task", "list"])),
        ["WS-TASK-001", "WS-TASK-003"]
    );
}

/// A claim is one value: who holds a task and until when are never mixed.
fn documents_and_the_database_both_change() {
    let folder = three();
    folder.ok(&["task", "claim", "1"]);
    folder.ok(&["task", "claim", "2"]);
    folder.ok(&["export"]);
    // Changed here only: it stays. Changed there only: it is taken.
    folder.ok(&["task", "heartbeat", "1", "--lease", "1d"]);
    let ours = folder.json(&["task", "show", "1"])["claim"].clone();
    let end = json!("2099-01-01T00:00:00");
    edit(&folder, |tasks| tasks[1]["claim"]["expires"] = end.clone());
    let claims = |imported: &Value| {
        let kinds = imported["kinds"].as_array().expect("kinds");
        kinds.iter().find(|kind| kind["kind"] == "claims").cloned()
    };
    let imported = folder.json(&["import"]);
    assert_eq!(
        claims(&imported),
        Some(json!({"kind": "claims", "new": 0, "changed": 1, "unchanged": 1, "deleted": 0}))
    );
    assert_eq!(folder.json(&["task", "show", "1"])["claim"], ours);
    assert_eq!(
        folder.json(&["task", "show", "2"])["claim"]["expires"],
        "2099-01-01T00:00:00Z"
    );

    // Changed on both sides: told, and left alone.
    edit(&folder, |tasks| tasks[0]["claim"]["holder"] = json!("jo"));
    let output = folder.run(&["import", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let imported: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let conflicts = imported["conflicts"].clone();
    let conflicts = conflicts.as_array().expect("conflicts");
    assert_eq!(conflicts.len(), 1, "{conflicts:?}");
    assert_eq!(
        (&conflicts[0]["kind"], &conflicts[0]["field"]),
        (&json!("claims"), &json!("claim"))
    );
    assert_eq!(conflicts[0]["file"]["holder"], "jo");
    assert_eq!(folder.json(&["task", "show", "1"])["claim"], ours);
    folder.ok(&["import", "--prefer", "file"]);
    assert_eq!(folder.json(&["task", "show", "1"])["claim"]["holder"], "jo");

    // Ended here: an old file doesn't bring it back, and neither does it with its task.
    folder.ok(&["task", "done", "2"]);
    folder.ok(&["task", "rm", "1", "--force"]);
    let imported = folder.json(&["import"]);
    assert_eq!(imported["conflicts"], json!([]));
    assert_eq!(folder.json(&["task", "show", "2"])["claim"], json!(null));
    assert_eq!(
        ids(&folder.json(&["task", "list"])),
        ["WS-TASK-002", "WS-TASK-003"]
    );
    // A claim that somebody writes on a task that stays deleted has nowhere to go.
    edit(
        &folder,
        |tasks| {
            tasks[0]["claim"] =
                json!({"holder": "x", "since": "2025-01-01", "expires": "2025-01-02", "why": "?"})
        },
    );
    folder.ok(&["import"]);
    assert_eq!(
        ids(&folder.json(&["task", "list"])),
        ["WS-TASK-002", "WS-TASK-003"]
    );
}

fn fields_of_that_name_that_are_no_claims() {
    let folder = three();
    folder.ok(&["export"]);
    edit(&folder, |tasks| {
        tasks[0]["claim"] = json!("fifty pears");
        tasks[1]["claim"] = json!({"holder": "jo", "since": "2025-01-01", "expires": "2099-01-02", "why": {"a": [1.10]}});
        tasks[2]["claim"] = json!(null);
    });
    folder.ok(&["import"]);
    folder.ok(&["task", "claim", "1"]);
    folder.ok(&["export", "--force"]);
    let tasks = read(&folder)["active_tasks"].clone();
    assert_eq!(tasks[0]["claim"], "fifty pears");
    assert_eq!(tasks[0]["wsdb_claim"]["holder"], "mira");
    assert_eq!(tasks[1]["claim"]["why"], json!({"a": [1.10]}));
    assert!(tasks[2].get("claim").is_none());
    assert!(folder.ok(&["import"]).contains("nothing changed"));

    edit(&folder, |tasks| {
        tasks[0]["wsdb_claim"] = json!(["mira"]);
        tasks[1]["claim"]["expires"] = json!("tomorrow");
        tasks[2]["claim"] = json!({"holder": "jo", "expires": "2099-01-01"});
    });
    assert_snapshot!(folder.fails(1, &["import"]), @r#"
    error: 3 records can't be imported; nothing was written
           WORKSPACE-TASKS.json, $.active_tasks[0].claim: expected an object, found a list
           WORKSPACE-TASKS.json, $.active_tasks[1].claim.expires: no such time: "tomorrow" (expected 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
           WORKSPACE-TASKS.json, $.active_tasks[2].claim: the field since is missing
    hint: mend the records, map unknown words with --map FIELD.WORD=KNOWN, or leave them out with --skip-rejects
    "#);
}

wsdb_tests::on_both! {
    a_claim_from_beginning_to_end,
    what_others_hold_is_left_out,
    a_lease_that_is_over,
    given_back_and_ended,
    what_is_given_back_is_as_it_was,
    everything_wrong_is_told_at_once,
    nobody_is_robbed,
    wrong_words,
    documents_hold_claims,
    documents_and_the_database_both_change,
    fields_of_that_name_that_are_no_claims,
}
