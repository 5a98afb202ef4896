//! `wsdb config`: snapshots, their differences, changes, and secrets.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_postgres! {
    deleting_a_needed_snapshot_needs_force,
    recorded_changes_are_filtered,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    configuration_is_exported_and_imported,
    snapshots_that_need_each_other_are_deleted_together,
    differences_are_recorded_once,
    snapshot_and_its_changes_are_one_action,
    changes_added_by_hand_are_filtered,
    change_and_snapshot_are_deleted_and_restored_by_undo,
}

const FILES: [&str; 2] = ["core/pyproject.toml", "core/settings.yaml"];

/// Takes a snapshot of the two files of core.
fn snapshot(workspace: &TestWorkspace, options: &[&str]) -> Value {
    workspace.json(&[&["config", "snapshot", "-r", "core"], options, &FILES].concat())
}

/// A workspace with one snapshot of two files.
fn core() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        FILES[0],
        "[tool.ruff]\nline-length = 88\n[project]\nversion = \"1.0\"\n",
    );
    workspace.write(
        FILES[1],
        "db:\n  password: hunter2\n  pool: 3\nlist: [1, 2]\n",
    );
    snapshot(&workspace, &[]);
    workspace
}

/// Changes both files, the first one also in the order of its keys.
fn change(workspace: &TestWorkspace) {
    workspace.write(
        FILES[0],
        "[project]\nversion = \"1.0\"\n[tool.ruff]\nline-length = 100\n",
    );
    workspace.write(FILES[1], "list: [1, 3, 4]\ndb:\n  password: hunter3\n");
}

fn deleting_a_needed_snapshot_needs_force() {
    let workspace = core();
    change(&workspace);
    snapshot(&workspace, &["--type", "incremental"]);
    assert_snapshot!(workspace.fails(1, &["config", "rm", "1"]), @"
    error: snapshot SNAPSHOT-001 is needed by SNAPSHOT-002
    hint: use --force to delete it anyway; snapshots that need it will then be incomplete
    ");
    workspace.ok(&["config", "rm", "1", "--force"]);
    assert_eq!(workspace.json(&["config", "list"])["total"], 1);
}

fn snapshots_that_need_each_other_are_deleted_together() {
    let workspace = core();
    change(&workspace);
    snapshot(&workspace, &["--type", "incremental"]);
    let total = || workspace.json(&["config", "list"])["total"].clone();
    workspace.ok(&["config", "rm", "1", "2"]);
    assert_eq!(total(), 0);
    workspace.ok(&["undo"]);
    assert_eq!(total(), 2);
}

#[test]
fn unchanged_configuration_adds_no_snapshot() {
    let workspace = core();
    // With other orders of keys and files, and from another folder.
    workspace.write(
        FILES[1],
        "list: [1, 2]\ndb: {pool: 3, password: 'hunter2'}\n",
    );
    let args = [
        "config",
        "add",
        "-r",
        "core",
        "settings.yaml",
        "pyproject.toml",
    ];
    let mut command = workspace.command(&args);
    let output = command.current_dir(workspace.path().join("core")).output();
    assert_snapshot!(workspace.text(&output.unwrap().stdout), @"Unchanged since SNAPSHOT-001  core");
    assert_eq!(snapshot(&workspace, &[])["unchanged"], true);
}

#[test]
fn forced_snapshot_of_an_unchanged_configuration_has_the_same_hash() {
    let workspace = core();
    let forced = snapshot(&workspace, &["--force"]);
    assert_eq!(forced["id"], "SNAPSHOT-002");
    let first = workspace.json(&["config", "show", "1"]);
    assert_eq!(forced["configuration_hash"], first["configuration_hash"]);
}

/// Any SHA-256 tool gets the same hash from it.
#[test]
fn hash_is_of_the_canonical_json() {
    assert_eq!(
        core().json(&["config", "show", "1"])["configuration_hash"],
        "922b5dd1db6afc5182b0713a221cbe1fd0e6bbe458051f084e7c962fa03866cb"
    );
}

#[test]
fn incremental_snapshot_holds_changed_files() {
    let workspace = core();
    let before = workspace.read(FILES[1]);
    change(&workspace);
    workspace.write(FILES[1], before);
    let taken = snapshot(&workspace, &["--type", "incremental"]);
    let files: Vec<&String> = taken["snapshot_data"].as_object().unwrap().keys().collect();
    assert_eq!(files, ["pyproject.toml"]);
    let diff = workspace.json(&["config", "diff", "core"]);
    assert_eq!(diff["total"], 1);
    assert_eq!(diff["differences"][0]["key_path"], "tool.ruff.line-length");
    assert_eq!(snapshot(&workspace, &[])["unchanged"], true);
}

#[test]
fn diff_lists_differences_by_key() {
    let workspace = core();
    change(&workspace);
    snapshot(&workspace, &[]);
    assert_snapshot!(workspace.ok(&["config", "diff", "1", "2"]), @"
    SNAPSHOT-001 -> SNAPSHOT-002
    pyproject.toml
      ~ tool.ruff.line-length  88 -> 100
    settings.yaml
      ~ db.password  (hidden)
      - db.pool  3
      ~ list[1]  2 -> 3
      + list[2]  4
    5 differences: 1 added, 1 removed, 3 modified
    ");
    assert_snapshot!(workspace.ok(&["config", "diff", "core", "--show-secrets"]), @r#"
    SNAPSHOT-001 -> SNAPSHOT-002
    pyproject.toml
      ~ tool.ruff.line-length  88 -> 100
    settings.yaml
      ~ db.password  "hunter2" -> "hunter3"
      - db.pool  3
      ~ list[1]  2 -> 3
      + list[2]  4
    5 differences: 1 added, 1 removed, 3 modified
    "#);
    assert_snapshot!(workspace.ok(&["config", "diff", "2", "1", "--format", "csv"]), @"
    file_path,key_path,change_type,old,new,redacted
    pyproject.toml,tool.ruff.line-length,modified,100,88,false
    settings.yaml,db.password,modified,(hidden),(hidden),true
    settings.yaml,db.pool,added,,3,false
    settings.yaml,list[1],modified,3,2,false
    settings.yaml,list[2],removed,4,,false
    ");
    assert_eq!(
        workspace.json(&["config", "diff", "core"]),
        workspace.json(&["config", "diff", "2"])
    );
}

#[test]
fn diff_needs_two_snapshots() {
    let workspace = core();
    assert_snapshot!(workspace.fails(1, &["config", "diff", "core"]), @"error: core has only one snapshot (SNAPSHOT-001), so there is nothing to compare it with");
    assert_snapshot!(workspace.fails(1, &["config", "diff", "1"]), @"error: SNAPSHOT-001 is the first snapshot of core, so there is nothing to compare it with");
    assert_snapshot!(workspace.fails(1, &["config", "diff", "7", "8"]), @"
    error: snapshot 7 not found
           snapshot 8 not found
    hint: run 'wsdb config list' to list the snapshots
    ");
}

#[test]
fn unknown_snapshot_or_repo_of_a_diff_gets_a_hint() {
    let workspace = core();
    assert_snapshot!(workspace.fails(1, &["config", "diff", "nosuch"]), @"
    error: nosuch is neither a snapshot nor a repo with snapshots
    hint: the repos with snapshots are core; run 'wsdb config list' to list the snapshots
    ");
    assert_snapshot!(workspace.fails(1, &["config", "diff", "SNAPSHTO-001"]), @"
    error: SNAPSHTO-001 is neither a snapshot nor a repo with snapshots
    hint: did you mean SNAPSHOT-001?
    ");
    let empty = TestWorkspace::with_workspace();
    assert_snapshot!(empty.fails(1, &["config", "diff", "nosuch"]), @r#"
    error: nosuch is neither a snapshot nor a repo with snapshots
    hint: run 'wsdb config snapshot FILE' to take a snapshot
    "#);
}

fn differences_are_recorded_once() {
    let workspace = core();
    change(&workspace);
    let files = FILES.join(" ");
    let args = format!("config snapshot -r core {files} --record --commit 1a2b3c4d");
    let args: Vec<&str> = args.split(' ').collect();
    assert_snapshot!(workspace.ok(&args), @"Added SNAPSHOT-002  core: 2 files, 9ecb8b68d4ef, 5 changes recorded");
    assert_eq!(workspace.json(&["config", "change", "list"])["total"], 5);
    workspace.ok(&["config", "diff", "core", "--record"]);
    assert_eq!(workspace.json(&["config", "change", "list"])["total"], 5);
}

fn snapshot_and_its_changes_are_one_action() {
    let workspace = core();
    change(&workspace);
    snapshot(&workspace, &["--record"]);
    workspace.ok(&["undo"]);
    assert_eq!(workspace.json(&["config", "change", "list"])["total"], 0);
    assert_eq!(workspace.json(&["config", "list"])["total"], 1);
}

fn recorded_changes_are_filtered() {
    let workspace = core();
    change(&workspace);
    snapshot(&workspace, &["--record", "--commit", "1a2b3c4d"]);
    let list =
        "config change list --commit 1A2 --type modified,added --file settings.yaml --format csv";
    let list: Vec<&str> = list.split(' ').collect();
    assert_snapshot!(workspace.ok(&list), @"
    id,repo,change_type,component_name,file_path,key_path,old_value,new_value,changed_at,changed_by,commit_hash,drift_detection_id,document_fields
    CHANGE-002,core,modified,,settings.yaml,db.password,(hidden),(hidden),2026-01-15T10:00:02Z,mira,1a2b3c4d,,{}
    CHANGE-004,core,modified,,settings.yaml,list[1],2,3,2026-01-15T10:00:02Z,mira,1a2b3c4d,,{}
    CHANGE-005,core,added,,settings.yaml,list[2],,4,2026-01-15T10:00:02Z,mira,1a2b3c4d,,{}
    ");
}

/// A change with every field, the value a secret.
fn with_change() -> TestWorkspace {
    let workspace = core();
    let add = "config change add -r core -t added --key api_token --new s3cr3t --component Prices --drift 7";
    let added = workspace.json(&add.split(' ').collect::<Vec<_>>());
    assert_eq!(added["new_value"], "(hidden)");
    assert_eq!(added["drift_detection_id"], "DRIFT-007");
    workspace
}

fn changes_added_by_hand_are_filtered() {
    let workspace = with_change();
    for (filter, total) in [
        (["--component", "Prices"], 1),
        (["--drift", "7"], 1),
        (["--text", "API"], 1),
        (["--repo", "core,web"], 1),
        (["--commit", "1"], 0),
    ] {
        let list = workspace.json(&[&["config", "change", "list"], &filter[..]].concat());
        assert_eq!(list["total"], total, "{filter:?}");
    }
}

#[test]
fn change_is_edited() {
    let workspace = with_change();
    let edit = ["config", "change", "edit", "1", "--commit", "abc"];
    assert_snapshot!(workspace.ok(&[&edit[..], &["--clear", "drift,component"]].concat()), @"Edited CHANGE-001  api_token (added in core)");
    let edited = workspace.json(&["config", "change", "show", "1"]);
    assert_eq!(edited["commit_hash"], "abc");
    assert_eq!(edited["drift_detection_id"], Value::Null);
}

#[test]
fn snapshot_is_edited() {
    let workspace = core();
    assert_snapshot!(workspace.ok(&["config", "edit", "1", "--notes", "Before the move"]), @"Edited SNAPSHOT-001  core");
    assert_eq!(
        workspace.json(&["config", "list", "--text", "MOVE"])["total"],
        1
    );
}

fn change_and_snapshot_are_deleted_and_restored_by_undo() {
    let workspace = with_change();
    let change = || workspace.json(&["config", "change", "show", "1"]);
    let before = change();
    assert_snapshot!(workspace.ok(&["config", "change", "rm", "1"]), @"Deleted configuration change CHANGE-001");
    assert_snapshot!(workspace.ok(&["config", "rm", "1"]), @"Deleted snapshot SNAPSHOT-001");
    workspace.ok(&["undo", "--last", "2"]);
    assert_eq!(change(), before);
}

fn configuration_is_exported_and_imported() {
    let workspace = with_change();
    workspace.ok(&["export", "out"]);
    let other = TestWorkspace::with_workspace();
    other.ok(&[
        "import",
        &workspace.path().join("out").display().to_string(),
    ]);
    for list in [&["config", "list"][..], &["config", "change", "list"]] {
        assert_eq!(other.json(list), workspace.json(list));
    }
}

#[test]
fn secrets_are_hidden() {
    let workspace = with_change();
    for args in [
        &["config", "show", "1"][..],
        &["config", "show", "1", "--json"],
        &["config", "list", "--json"],
        &["config", "list", "--format", "jsonl"],
        &["config", "change", "show", "1", "--history", "--json"],
        &["history", "SNAPSHOT-001", "--json"],
    ] {
        let text = workspace.ok(args);
        assert!(!text.contains("hunter2"), "{args:?}: {text}");
        assert!(!text.contains("s3cr3t"), "{args:?}: {text}");
    }
    let snapshot = workspace.ok(&["config", "show", "1", "--show-secrets"]);
    assert!(snapshot.contains("hunter2"), "{snapshot}");
    let change = workspace.json(&["config", "change", "show", "1", "--show-secrets"]);
    assert_eq!(change["new_value"], "s3cr3t");
}

#[test]
fn unreadable_files_are_reported_together() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("x.json", "{\"a\": 1,}");
    workspace.write("README", "");
    let take = |files: &'static [&str]| [&["config", "snapshot", "-r", "web"], files].concat();
    assert_snapshot!(workspace.fails(1, &take(&["x.json", "README", "gone.toml"])), @"
    error: x.json, line 1, column 9: unexpected comma after the last entry
           README: the format of a file with this name is unknown; use --as FORMAT
           gone.toml: no such file or folder
    hint: fix the problems above and run the command again
    ");
    workspace.write("x.ini", "");
    assert_snapshot!(workspace.fails(2, &take(&["x.ini", "./x.ini"])), @"error: x.ini is given twice");
}

#[test]
fn format_is_taken_from_the_name_or_an_option() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("x.ini", "[a]\nb = 1\n");
    workspace.write(".env", "A=1\n");
    let args = "config snapshot -r web - x.ini .env --name deep/x.toml --json --as ini";
    let output = workspace.run_with_stdin(&words(args), "k = 2\n");
    let taken: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        taken["snapshot_data"],
        json!({"deep/x.toml": {"k": "2"}, "x.ini": {"a": {"b": "1"}}, ".env": {"A": "1"}})
    );
}

#[test]
fn stdin_is_a_file_or_the_notes() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("x.ini", "[a]\nb = 1\n");
    let on_stdin = words("config snapshot -r web - --as ini --notes -");
    assert_snapshot!(workspace.fails(2, &on_stdin), @"error: stdin cannot be both a file and the notes");
    let output = workspace.run_with_stdin(
        &words("config snapshot -r web x.ini --notes - --json"),
        "before the release\n",
    );
    let taken: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(taken["notes"], "before the release");
}
