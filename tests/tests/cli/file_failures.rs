//! Database files that cannot be read or written.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use insta::assert_snapshot;
use wsdb_tests::store::sqlite_execute;
use wsdb_tests::{TestWorkspace, binary};

/// The code of a failure that was printed as JSON.
pub(crate) fn error_code(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    error["error"]["code"].as_str().unwrap().to_owned()
}

/// Runs the binary as an unprivileged user: root may read and write every file.
fn run_unprivileged(workspace: &TestWorkspace, args: &[&str]) -> Output {
    let id = Command::new("id").arg("-u").output();
    let is_root = id.is_ok_and(|id| id.stdout == b"0\n");
    let mut command = if is_root {
        let mut command = workspace.command_of(Path::new("setpriv"));
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
        command.arg(binary());
        command
    } else {
        workspace.command(&[])
    };
    command.args(args).output().unwrap()
}

fn set_mode(path: &Path, mode: u32) {
    let mode = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, mode).unwrap();
}

/// A workspace whose folder and database have these modes while the closure runs.
fn with_modes(folder: u32, file: u32, test: impl FnOnce(&TestWorkspace)) {
    let workspace = TestWorkspace::with_workspace();
    set_mode(&workspace.path().join("workspace.db"), file);
    set_mode(workspace.path(), folder);
    test(&workspace);
    // So that it can be deleted.
    set_mode(workspace.path(), 0o755);
}

const ADD: [&str; 4] = ["task", "add", "x", "--json"];

#[test]
fn writable_file_and_folder_can_be_used_by_others() {
    with_modes(0o777, 0o666, |workspace| {
        let output = run_unprivileged(workspace, &ADD);
        assert!(output.status.success(), "{output:?}");
    });
}

#[test]
fn read_only_file_is_reported() {
    with_modes(0o777, 0o444, |workspace| {
        let output = run_unprivileged(workspace, &ADD[..3]);
        assert_snapshot!(workspace.text(&output.stderr), @"
        error: DIR/workspace.db: the file or its folder is not writable (attempt to write a readonly database)
        hint: get write access (SQLite needs it for the folder, too, even to read), or use another database with --database
        ");
        let output = run_unprivileged(workspace, &ADD);
        assert_eq!(error_code(&output), "read_only");
    });
}

#[test]
fn read_only_database_is_exported() {
    with_modes(0o777, 0o444, |workspace| {
        let output = run_unprivileged(workspace, &["export", "out"]);
        assert!(output.status.success(), "{output:?}");
        assert!(workspace.path().join("out/WORKSPACE-TASKS.json").exists());
        // The next export finds the same.
        let output = run_unprivileged(workspace, &["export", "out"]);
        assert!(output.status.success(), "{output:?}");
    });
}

#[test]
fn read_only_folder_is_reported() {
    with_modes(0o555, 0o666, |workspace| {
        let output = run_unprivileged(workspace, &ADD[..3]);
        assert_snapshot!(workspace.text(&output.stderr), @"
        error: DIR/workspace.db: the file or its folder is not writable (attempt to write a readonly database)
        hint: get write access (SQLite needs it for the folder, too, even to read), or use another database with --database
        ");
        assert_eq!(output.status.code(), Some(1));
    });
}

#[test]
fn unreadable_file_is_reported() {
    with_modes(0o555, 0o000, |workspace| {
        let output = run_unprivileged(workspace, &ADD);
        assert_eq!(error_code(&output), "not_opened");
    });
}

#[test]
fn folder_that_cannot_be_created_is_reported() {
    with_modes(0o555, 0o666, |workspace| {
        let output = run_unprivileged(workspace, &["init", "new", "--json"]);
        assert_eq!(error_code(&output), "write");
    });
}

#[test]
fn damaged_file_is_reported() {
    let workspace = TestWorkspace::with_workspace();
    let notes = "x".repeat(20_000);
    workspace.ok(&["task", "add", "x", "--notes", &notes]);
    let file = workspace.path().join("workspace.db");
    sqlite_execute(&file, "PRAGMA wal_checkpoint(TRUNCATE)");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[9000..].fill(0xAA);
    std::fs::write(&file, bytes).unwrap();
    let output = workspace.run(&["task", "list"]);
    assert_snapshot!(workspace.text(&output.stderr), @"
    error: DIR/workspace.db: the file is damaged (database disk image is malformed)
    hint: restore a backup with 'wsdb restore'; for a SQLite file, 'sqlite3 FILE .recover | sqlite3 NEW_FILE' saves what can still be read
    ");
    assert_eq!(output.status.code(), Some(1));
    let output = workspace.run(&ADD);
    assert_eq!(error_code(&output), "damaged");
}

/// The maximum size of files has the effect of a full disk.
#[test]
fn full_disk_is_reported_and_nothing_is_written() {
    let workspace = TestWorkspace::with_workspace();
    let notes = "x".repeat(100_000);
    let output = workspace
        .command_of(Path::new("bash"))
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""])
        .arg(binary())
        .args(["task", "add", "x", "--notes", &notes])
        .output()
        .unwrap();
    assert_snapshot!(workspace.text(&output.stderr), @"
    error: DIR/workspace.db: the file cannot be read or written (disk I/O error)
    hint: nothing was changed; check for a full disk, a file size limit or a disk failure
    ");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
}

#[test]
fn errors_have_no_numbers_of_the_operating_system() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("folder/x.md", "# x\n");
    workspace.write("file", "x");
    for args in [
        &["drift", "record", "folder"][..],
        &["config", "snapshot", "folder", "--repo", "core"],
        &[
            "placement",
            "add",
            "x",
            "--repo",
            "core",
            "--rules",
            "folder",
        ],
        &["import", "file/x.json"],
        &["import", "WORKSPACE-TASKS.json"],
        &["export", "file"],
        &["export", "file/x"],
        &["decision", "import", "--adr", "file/x.md"],
        &["decision", "export", "--adr", "file"],
        &["man", "--out", "file"],
        &["init", "file"],
        &["task", "list", "--workspace", "file"],
        &["task", "list", "--database", "folder"],
        &["task", "list", "--database", "file/x.db"],
        &["task", "list", "--database", "postgres://127.0.0.1:1/x"],
        &["copy", "--to", "file/x.db"],
        &["backup", "file/x.zst"],
        &["backup", "missing/x.zst"],
        &["backup", "--drill", "missing.zst"],
        &["restore", "folder"],
        &["restore", "file/x.zst"],
        &["restore", "file", "--into", "missing/x.db"],
    ] {
        let output = workspace.command(args).output().unwrap();
        let error = workspace.text(&output.stderr);
        assert!(!output.status.success(), "{args:?}");
        assert!(!error.contains("os error"), "{args:?}: {error}");
        assert!(!error.contains("directory"), "{args:?}: {error}");
    }
}
