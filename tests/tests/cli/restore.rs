//! `wsdb restore`: into both databases, and into files in every state.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use wsdb_tests::store::{Database, sqlite_execute, sqlite_rows};
use wsdb_tests::{TestWorkspace, on_postgres, on_sqlite_and_postgres};

on_sqlite_and_postgres!(
    restored_workspace_is_as_it_was,
    backup_can_be_restored_into_another_database,
);

const TITLES: &str = "SELECT title FROM workspace_tasks ORDER BY id";

fn backup(workspace: &TestWorkspace) -> String {
    let backup = workspace.json(&["backup"]);
    backup["file"].as_str().expect("a file").to_owned()
}

fn database(workspace: &TestWorkspace) -> PathBuf {
    workspace.path().join("workspace.db")
}

/// Returns the contents of an export of everything, the history included.
fn export(workspace: &TestWorkspace, options: &[&str]) -> Vec<(String, String)> {
    let folder = "exported";
    workspace.ok(&[&["export", folder, "--history", "--force"], options].concat());
    let entries = std::fs::read_dir(workspace.path().join(folder)).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut files: Vec<(String, String)> = names
        .map(|name| name.to_string_lossy().into_owned())
        .map(|name| (workspace.read(&format!("{folder}/{name}")), name))
        .map(|(text, name)| (name, text))
        .collect();
    files.sort();
    std::fs::remove_dir_all(workspace.path().join(folder)).expect("a folder");
    files
}

fn restored_workspace_is_as_it_was() {
    let workspace = TestWorkspace::with_sample("handwritten");
    workspace.ok(&["task", "edit", "3", "--notes", "soon"]);
    let before = export(&workspace, &[]);
    let found = workspace.json(&["search", "pandas"]);
    let file = backup(&workspace);
    workspace.ok(&["task", "rm", "3", "--force"]);
    workspace.ok(&["task", "add", "Later"]);
    let restored = workspace.json(&["restore", &file]);
    assert!(restored["kept"].is_string(), "{restored}");
    assert_eq!(export(&workspace, &[]), before);
    assert_eq!(workspace.json(&["search", "pandas"]), found);
    // The numbers of IDs go on where they were.
    let added = workspace.json(&["task", "add", "Next"]);
    assert_eq!(added["id"], "WS-TASK-005");
    // What was there before can be restored again.
    let kept = restored["kept"].as_str().expect("a file").to_owned();
    workspace.ok(&["restore", &kept]);
    assert!(workspace.ok(&["task", "list"]).contains("Later"));
}

fn backup_can_be_restored_into_another_database() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let before = export(&workspace, &[]);
    let file = backup(&workspace);
    let mut targets = vec!["new.db".to_owned()];
    let postgres = Database::postgres();
    targets.extend(postgres.as_ref().map(Database::url));
    for target in &targets {
        let restored = workspace.json(&["restore", &file, "--into", target]);
        assert!(restored["kept"].is_null(), "{restored}");
        let options = ["--database", target.as_str()];
        assert_eq!(export(&workspace, &options), before, "{target}");
    }
}

#[test]
fn restore_into_postgres_can_be_undone() {
    on_postgres(|| {
        let workspace = TestWorkspace::with_sample("handwritten");
        let file = backup(&workspace);
        workspace.ok(&["task", "add", "Later"]);
        let tasks = workspace.json(&["task", "list", "--all"]);
        let restored = workspace.json(&["restore", &file]);
        let kept = restored["kept"].as_str().expect("a backup");
        assert!(Path::new(kept).exists());
        assert_ne!(workspace.json(&["task", "list", "--all"]), tasks);
        let history = workspace.json(&["history", "--limit", "1"]);
        assert_eq!(history["history"][0]["verb"], "restore", "{history}");
        workspace.ok(&["undo"]);
        assert_eq!(workspace.json(&["task", "list", "--all"]), tasks);
    });
}

#[test]
fn tables_of_other_programs_are_restored_into_files_only() {
    let workspace = TestWorkspace::with_workspace();
    let create = "CREATE TABLE notes (a, b); INSERT INTO notes VALUES (1, x'00ff'), (2.5, 'x');";
    sqlite_execute(&database(&workspace), create);
    let file = backup(&workspace);
    sqlite_execute(&database(&workspace), "DROP TABLE notes");
    workspace.ok(&["restore", &file]);
    let rows = sqlite_rows(&database(&workspace), &["SELECT * FROM notes"]);
    assert_eq!(rows, ["1|[00, ff]", "2.5|x"]);
    if let Some(postgres) = Database::postgres() {
        let into = ["restore", &file, "--into", &postgres.url()];
        let restored = workspace.json(&into);
        let left_out = &restored["left_out_tables"];
        assert_eq!(left_out[0]["table"], "notes", "{restored}");
    }
}

#[test]
fn former_file_is_kept() {
    let workspace = TestWorkspace::with_workspace();
    let file = backup(&workspace);
    workspace.ok(&["task", "add", "Later"]);
    let text = workspace.redacted(&["restore", &file]);
    insta::assert_snapshot!(text, @"
    Restored 0 rows from DIR/backups/workspace-20260115T100001Z.db.zst, made just now; all tables verified
    Kept the previous database as DIR/workspace-before-restore-20260115T100003Z.db
    ");
    let kept = workspace
        .path()
        .join("workspace-before-restore-20260115T100003Z.db");
    assert_eq!(sqlite_rows(&kept, &[TITLES]), ["Later"]);
    assert_eq!(sqlite_rows(&database(&workspace), &[TITLES]), [""; 0]);
}

#[cfg(unix)]
#[test]
fn restored_file_has_the_mode_of_the_former_one() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = TestWorkspace::with_workspace();
    let file = backup(&workspace);
    let mode = |path: &Path| {
        std::fs::metadata(path)
            .expect("a file")
            .permissions()
            .mode()
            & 0o777
    };
    let group = std::fs::Permissions::from_mode(0o660);
    std::fs::set_permissions(database(&workspace), group).expect("a mode");
    workspace.ok(&["restore", &file]);
    assert_eq!(mode(&database(&workspace)), 0o660);
    workspace.ok(&["restore", &file, "--into", "new.db"]);
    assert_eq!(mode(&workspace.path().join("new.db")), 0o600);
}

#[cfg(unix)]
#[test]
fn file_behind_a_symbolic_link_is_replaced() {
    let workspace = TestWorkspace::with_workspace();
    let file = backup(&workspace);
    workspace.ok(&["task", "add", "Later"]);
    std::fs::create_dir(workspace.path().join("data")).expect("a folder");
    let data = workspace.path().join("data/w.db");
    std::fs::rename(database(&workspace), &data).expect("a file");
    std::os::unix::fs::symlink("data/w.db", database(&workspace)).expect("a link");
    workspace.ok(&["restore", &file]);
    assert!(database(&workspace).is_symlink());
    assert_eq!(sqlite_rows(&data, &[TITLES]), [""; 0]);
}

#[test]
fn database_in_use_is_not_replaced() {
    let workspace = TestWorkspace::with_workspace();
    let file = backup(&workspace);
    workspace.ok(&["task", "add", "Later"]);
    let restore = ["restore", &file, "--busy-timeout", "50ms"];
    let open = Connection::open(database(&workspace)).expect("a database");
    for sql in [
        // An open connection that has read, as of another wsdb.
        TITLES,
        "BEGIN",
        "BEGIN IMMEDIATE",
    ] {
        open.execute_batch(sql).expect("a statement");
        open.execute_batch(TITLES).expect("a statement");
        let error = workspace.error(&restore);
        assert_eq!(error["code"], "busy", "{sql}: {error}");
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains("is in use by"), "{message}");
        if cfg!(target_os = "linux") {
            let pid = std::process::id().to_string();
            assert!(message.contains(&pid), "{message}");
        }
        if !open.is_autocommit() {
            open.execute_batch("ROLLBACK").expect("a statement");
        }
    }
    drop(open);
    let titles = sqlite_rows(&database(&workspace), &[TITLES]);
    assert_eq!(titles, ["Later"]);
    workspace.ok(&restore);
}

/// A program that opened a file without a write-ahead log holds no lock between its transactions.
#[test]
fn former_file_can_no_longer_be_written_by_who_has_it_open() {
    let workspace = TestWorkspace::with_workspace();
    let file = backup(&workspace);
    let open = Connection::open(database(&workspace)).expect("a database");
    let mode: rusqlite::Result<String> =
        open.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0));
    assert_eq!(mode.as_deref(), Ok("delete"));
    open.execute_batch(TITLES).expect("a statement");
    workspace.ok(&["restore", &file]);
    let written = open.execute_batch("CREATE TABLE x (a)");
    let error = written.expect_err("the file was moved");
    let code = error.sqlite_error_code();
    assert_eq!(code, Some(rusqlite::ErrorCode::ReadOnly), "{error}");
    drop(open);
    workspace.ok(&["task", "add", "New"]);
    let check = sqlite_rows(&database(&workspace), &["PRAGMA integrity_check", TITLES]);
    assert_eq!(check, ["ok", "New"]);
}

/// Copies the files of a database that is open, as they are after a crash.
fn crash(workspace: &TestWorkspace, title: &str) {
    let path = database(workspace);
    let open = Connection::open(&path).expect("a database");
    let insert = format!(
        "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
         UPDATE workspace_tasks SET title = '{title}'"
    );
    open.execute_batch(&insert).expect("a statement");
    let files = ["", "-wal", "-shm"].map(|suffix| format!("{}{suffix}", path.display()));
    let contents = files
        .clone()
        .map(|file| std::fs::read(file).expect("a file"));
    drop(open);
    for (file, bytes) in files.iter().zip(contents) {
        std::fs::write(file, bytes).expect("a file");
    }
}

#[test]
fn left_over_log_belongs_to_the_former_file() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Old"]);
    let file = backup(&workspace);
    crash(&workspace, "In the log");
    let restored = workspace.json(&["restore", &file]);
    let titles = |path: &Path| sqlite_rows(path, &["PRAGMA integrity_check", TITLES]);
    assert_eq!(titles(&database(&workspace)), ["ok", "Old"]);
    let kept = restored["kept"].as_str().expect("a file");
    assert_eq!(titles(Path::new(kept)), ["ok", "In the log"]);
}

#[test]
fn damaged_or_missing_database_is_replaced() {
    for damage in ["zeros", "text", "truncated", "empty", "missing"] {
        let workspace = TestWorkspace::with_workspace();
        workspace.ok(&["task", "add", "Old"]);
        let file = backup(&workspace);
        crash(&workspace, "In the log");
        let path = database(&workspace);
        let mut bytes = std::fs::read(&path).expect("a file");
        match damage {
            "zeros" => bytes[..4096].fill(0),
            "text" => bytes = b"no database".to_vec(),
            "truncated" => bytes.truncate(5000),
            _ => bytes.clear(),
        }
        std::fs::write(&path, &bytes).expect("a file");
        if damage == "missing" {
            std::fs::remove_file(&path).expect("a file");
        }
        workspace.ok(&["restore", &file, "--workspace", "."]);
        let titles = sqlite_rows(&path, &["PRAGMA integrity_check", TITLES]);
        assert_eq!(titles, ["ok", "Old"], "{damage}");
    }
}

#[test]
fn database_of_another_program_is_not_replaced() {
    let workspace = TestWorkspace::with_workspace();
    let file = backup(&workspace);
    let other = workspace.path().join("other.db");
    sqlite_execute(&other, "CREATE TABLE theirs (a)");
    let into = ["restore", &file, "--into", "other.db"];
    assert_eq!(workspace.error(&into)["code"], "not_ours");
    let folder = ["restore", &file, "--into", "backups"];
    assert_eq!(workspace.error(&folder)["code"], "not_a_database");
}

/// A backup that a version with an older schema made.
#[test]
fn backup_of_an_older_schema_is_migrated() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Old"]);
    workspace.ok(&["copy", "--to", "older.db"]);
    let older = workspace.path().join("older.db");
    let url = format!("sqlite://{}", older.display());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let reverted = runtime
        .expect("a runtime")
        .block_on(wsdb_store::schema::down(&url));
    assert!(reverted.expect("a migration").is_some());
    workspace.ok(&["restore", "older.db"]);
    assert_eq!(sqlite_rows(&database(&workspace), &[TITLES]), ["Old"]);
    workspace.ok(&["status"]);
}

/// The version bytes of SQLite's header: 1 with a rollback journal, 2 with a write-ahead log.
fn journal(workspace: &TestWorkspace) -> u8 {
    std::fs::read(database(workspace)).expect("a file")[18]
}

#[test]
fn restored_file_is_written_as_the_former_one() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let file = backup(&workspace);
    workspace.ok(&["restore", &file]);
    assert_eq!(journal(&workspace), 2);
    sqlite_execute(&database(&workspace), "PRAGMA journal_mode = delete");
    assert_eq!(journal(&workspace), 1);
    workspace.ok(&["restore", &file]);
    assert_eq!(journal(&workspace), 1);
}
