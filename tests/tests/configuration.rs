//! Configuration: snapshots, what is different in them, changes, and secrets.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::Folder;

fn write(folder: &Folder, name: &str, text: &str) {
    let file = folder.path().join(name);
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(file, text).expect("written");
}

fn workspace() -> Folder {
    let folder = Folder::with_workspace();
    write(
        &folder,
        "core/pyproject.toml",
        "[tool.ruff]\nline-length = 88\n[project]\nversion = \"1.0\"\n",
    );
    write(
        &folder,
        "core/settings.yaml",
        "db:\n  password: hunter2\n  pool: 3\nlist: [1, 2]\n",
    );
    folder.ok(&[
        "config",
        "snapshot",
        "-r",
        "core",
        "core/pyproject.toml",
        "./core/settings.yaml",
    ]);
    folder
}

fn change(folder: &Folder) {
    write(
        folder,
        "core/pyproject.toml",
        "[project]\nversion = \"1.0\"\n[tool.ruff]\nline-length = 100\n",
    );
    write(
        folder,
        "core/settings.yaml",
        "list: [1, 3, 4]\ndb:\n  password: hunter3\n",
    );
}

fn what_others_stand_on_is_kept() {
    let folder = workspace();
    change(&folder);
    folder.ok(&[
        "config",
        "snapshot",
        "-r",
        "core",
        "--type",
        "incremental",
        "core/settings.yaml",
    ]);
    let kept = folder.fails(1, &["config", "rm", "1"]);
    assert!(kept.contains(" stands on\nhint: --force"), "{kept}");
    let list = || folder.json(&["config", "list"])["total"].clone();
    assert_eq!(list(), 2);
    folder.ok(&["config", "rm", "1", "2"]);
    assert_eq!(list(), 0);
    folder.ok(&["undo"]);
    folder.ok(&["config", "rm", "1", "--force"]);
    assert_eq!(list(), 1);
}

fn the_same_again_is_no_snapshot() {
    let folder = workspace();
    // Another order of keys and of files, from another folder.
    write(
        &folder,
        "core/settings.yaml",
        "list: [1, 2]\ndb: {pool: 3, password: 'hunter2'}\n",
    );
    let mut elsewhere = folder.command(&[
        "config",
        "add",
        "-r",
        "core",
        "settings.yaml",
        "pyproject.toml",
    ]);
    let output = elsewhere
        .current_dir(folder.path().join("core"))
        .output()
        .expect("run");
    assert_snapshot!(String::from_utf8_lossy(&output.stdout), @"unchanged since SNAPSHOT-001  core");
    let same = folder.json(&[
        "config",
        "snapshot",
        "-r",
        "core",
        "core/settings.yaml",
        "core/pyproject.toml",
    ]);
    assert_eq!(same["unchanged"], true);
    // Of the canonical JSON, as any SHA-256 has it.
    assert_eq!(
        same["configuration_hash"],
        "922b5dd1db6afc5182b0713a221cbe1fd0e6bbe458051f084e7c962fa03866cb"
    );
    folder.ok(&[
        "config",
        "snapshot",
        "-r",
        "core",
        "core/settings.yaml",
        "core/pyproject.toml",
        "--force",
    ]);
    let list = folder.json(&["config", "list"]);
    assert_eq!(list["total"], 2);
    let hashes = |at: usize| list["configuration_snapshots"][at]["configuration_hash"].clone();
    assert_eq!(hashes(0), hashes(1));
    // An incremental one keeps what has changed, and stands on those before it.
    change(&folder);
    write(
        &folder,
        "core/settings.yaml",
        "list: [1, 2]\ndb: {pool: 3, password: 'hunter2'}\n",
    );
    let taken = folder.json(&[
        "config",
        "snapshot",
        "-r",
        "core",
        "-t",
        "incremental",
        "core/settings.yaml",
        "core/pyproject.toml",
    ]);
    let files: Vec<&String> = taken["snapshot_data"]
        .as_object()
        .expect("files")
        .keys()
        .collect();
    assert_eq!(files, ["pyproject.toml"]);
    let diff = folder.json(&["config", "diff", "core"]);
    assert_eq!(
        (&diff["total"], &diff["differences"][0]["key_path"]),
        (&json!(1), &json!("tool.ruff.line-length"))
    );
    let full = folder.ok(&[
        "config",
        "snapshot",
        "-r",
        "core",
        "core/settings.yaml",
        "core/pyproject.toml",
    ]);
    assert_snapshot!(full, @"unchanged since SNAPSHOT-003  core");
}

fn differences_key_by_key() {
    let folder = workspace();
    let alone = folder.fails(1, &["config", "diff", "core"]);
    assert!(
        alone.contains("core has one snapshot only, SNAPSHOT-001"),
        "{alone}"
    );
    change(&folder);
    folder.ok(&[
        "config",
        "snapshot",
        "-r",
        "core",
        "core/pyproject.toml",
        "core/settings.yaml",
    ]);
    assert_snapshot!(folder.ok(&["config", "diff", "1", "2"]), @r"
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
    assert_eq!(
        folder.json(&["config", "diff", "core"]),
        folder.json(&["config", "diff", "2"])
    );
    let open = folder.ok(&["config", "diff", "core", "--show-secrets"]);
    assert!(
        open.contains("~ db.password  \"hunter2\" -> \"hunter3\""),
        "{open}"
    );
    assert_snapshot!(folder.ok(&["config", "diff", "2", "1", "--format", "csv"]), @r#"
    file,key,change,old,new
    pyproject.toml,tool.ruff.line-length,modified,100,88
    settings.yaml,db.password,modified,"""(hidden)""","""(hidden)"""
    settings.yaml,db.pool,added,,3
    settings.yaml,list[1],modified,3,2
    settings.yaml,list[2],removed,4,
    "#);
    let first = folder.fails(1, &["config", "diff", "1"]);
    assert!(
        first.contains("SNAPSHOT-001 is the first snapshot of core"),
        "{first}"
    );
    let none = folder.fails(1, &["config", "diff", "7", "8"]);
    assert!(
        none.contains("snapshot 7 not found") && none.contains("snapshot 8 not found"),
        "{none}"
    );
}

fn changes_are_recorded_once() {
    let folder = workspace();
    change(&folder);
    let files = ["core/pyproject.toml", "core/settings.yaml"];
    let taken = folder.ok(&[
        "config", "snapshot", "-r", "core", files[0], files[1], "--record", "--commit", "1a2b3c4d",
    ]);
    assert!(taken.contains("5 changes recorded"), "{taken}");
    let again = folder.ok(&["config", "diff", "core", "--record"]);
    assert!(again.ends_with("; 0 changes recorded\n"), "{again}");
    assert_snapshot!(folder.ok(&["config", "change", "list", "--commit", "1A2", "--type", "modified,added", "--file", "settings.yaml", "--format", "csv"]).lines().map(|l| l.rsplit_once(',').expect("a row").0).collect::<Vec<_>>().join("\n"), @r"
    id,type,repo,file,key,component,old,new,commit,drift
    CHANGE-002,modified,core,settings.yaml,db.password,,(hidden),(hidden),1a2b3c4d,
    CHANGE-004,modified,core,settings.yaml,list[1],,2,3,1a2b3c4d,
    CHANGE-005,added,core,settings.yaml,list[2],,,4,1a2b3c4d,
    ");
    // Snapshot and changes are one action.
    folder.ok(&["undo"]);
    assert_eq!(folder.json(&["config", "change", "list"])["total"], 0);
    assert_eq!(folder.json(&["config", "list"])["total"], 1);
}

fn changes_by_hand() {
    let folder = workspace();
    let added = folder.json(&[
        "config",
        "change",
        "add",
        "-r",
        "core",
        "-t",
        "added",
        "--key",
        "api_token",
        "--new",
        "s3cr3t",
        "--component",
        "Prices",
        "--drift",
        "7",
    ]);
    assert_eq!(
        (&added["new_value"], &added["drift_detection_id"]),
        (&json!("(hidden)"), &json!("DRIFT-007"))
    );
    for filter in [
        ["--component", "Prices"],
        ["--drift", "7"],
        ["--text", "API"],
        ["--repo", "core,web"],
    ] {
        let list = folder.json(&[&["config", "change", "list"], &filter[..]].concat());
        assert_eq!(list["total"], 1, "{filter:?}");
    }
    assert_eq!(
        folder.json(&["config", "change", "ls", "--commit", "1"])["total"],
        0
    );
    let shown = folder.json(&["config", "change", "show", "1", "--show-secrets"]);
    assert_eq!(shown["new_value"], "s3cr3t");
    let history = folder.ok(&["config", "change", "show", "1", "--history", "--json"]);
    assert!(!history.contains("s3cr3t"), "{history}");
    assert_snapshot!(folder.ok(&["config", "change", "edit", "1", "--commit", "abc", "--clear", "drift,component"]), @"edited CHANGE-001  core added api_token");
    let edited = folder.json(&["config", "change", "show", "1"]);
    assert_eq!(
        (&edited["commit_hash"], &edited["drift_detection_id"]),
        (&json!("abc"), &Value::Null)
    );
    assert_snapshot!(folder.ok(&["config", "edit", "1", "--notes", "Before the move"]), @"edited SNAPSHOT-001  core");
    assert_eq!(
        folder.json(&["config", "list", "--text", "MOVE"])["total"],
        1
    );
    assert_snapshot!(folder.ok(&["config", "change", "rm", "1"]), @"deleted configuration change CHANGE-001");
    assert_snapshot!(folder.ok(&["config", "rm", "1"]), @"deleted configuration snapshot SNAPSHOT-001");
    folder.ok(&["undo", "--last", "2"]);
    folder.ok(&["export", "out"]);
    let other = Folder::new();
    other.ok(&["import", &folder.path().join("out").display().to_string()]);
    for noun in [&["config", "list"][..], &["config", "change", "list"]] {
        assert_eq!(other.json(noun), folder.json(noun));
    }
}

fn secrets_are_not_shown() {
    let folder = workspace();
    for args in [
        &["config", "show", "1"][..],
        &["config", "show", "1", "--json"],
        &["config", "list", "--json"],
        &["config", "list", "--format", "jsonl"],
        &["history", "SNAPSHOT-001", "--json"],
    ] {
        let shown = folder.ok(args);
        assert!(!shown.contains("hunter2"), "{args:?}: {shown}");
    }
    let shown = folder.ok(&["config", "show", "1", "--show-secrets"]);
    assert!(shown.contains("hunter2"), "{shown}");
}

fn files_of_every_kind() {
    let folder = Folder::with_workspace();
    write(&folder, "x.ini", "[a]\nb = 1\n");
    write(&folder, ".env", "A=1\n");
    write(&folder, "x.json", "{\"a\": 1,}");
    write(&folder, "README", "");
    assert_snapshot!(folder.fails(1, &["config", "snapshot", "-r", "web", "x.json", "README", "gone.toml"]), @r"
    error: x.json, line 1, column 9: trailing comma
           README: its name doesn't tell how it is written: --as FORMAT does
           gone.toml: can't be read: No such file or directory (os error 2)
    ");
    let mut command = folder.command(&[
        "config",
        "snapshot",
        "-r",
        "web",
        "-",
        "x.ini",
        ".env",
        "--name",
        "deep/x.toml",
        "--json",
        "--as",
        "ini",
    ]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("run");
    child
        .stdin
        .take()
        .expect("stdin")
        .write_all(b"k = 2\n")
        .expect("written");
    let output = child.wait_with_output().expect("done");
    let taken: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        taken["snapshot_data"],
        json!({"deep/x.toml": {"k": "2"}, "x.ini": {"a": {"b": "1"}}, ".env": {"A": "1"}})
    );
    let twice = folder.fails(2, &["config", "snapshot", "-r", "web", "x.ini", "./x.ini"]);
    assert!(twice.contains("x.ini is named twice"), "{twice}");
}

wsdb_tests::on_both! {
    what_others_stand_on_is_kept,
    the_same_again_is_no_snapshot,
    differences_key_by_key,
    changes_are_recorded_once,
    changes_by_hand,
    secrets_are_not_shown,
    files_of_every_kind,
}
