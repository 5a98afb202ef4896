//! Other files, and databases of other programs, are refused and left unchanged.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use wsdb_store::{Error, Options, Store};
use wsdb_tests::store::{Database, Lock, sqlite_execute, sqlite_rows};

use crate::{bytes, open, refusal, run, url};

/// Writes a file, opens it, which has to fail without changing a byte, and returns the error.
fn refusal_of(content: &[u8]) -> (PathBuf, Error) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    std::fs::write(&path, content).unwrap();
    let before = bytes(folder.path());
    let error = refusal(&url(&path));
    assert_eq!(bytes(folder.path()), before, "{error}");
    (path, error)
}

/// The bytes of an empty database of ours.
fn database_bytes() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    open(&path);
    std::fs::read(&path).unwrap()
}

#[test]
fn other_files_are_refused() {
    let database = database_bytes();
    let mut other_header = database.clone();
    other_header[..16].copy_from_slice(b"SQLite format 4\0");
    for content in [
        &b"text"[..],
        b"\n",
        &[0; 100],
        &[0; 4096],
        &[&b"\xFF\xD8\xFF\xE0\0\x10JFIF"[..], &[7; 500]].concat(),
        b"SQLite format 3\0",
        &database[..99],
        &other_header,
    ] {
        let (path, error) = refusal_of(content);
        assert!(
            matches!(error, Error::NotADatabase { path: ref p } if *p == path),
            "{error}"
        );
    }
}

/// One file ends in the middle of the first page, the other is overwritten.
#[test]
fn damaged_databases_are_refused() {
    let database = database_bytes();
    let mut overwritten = database.clone();
    overwritten[60..64].fill(0);
    overwritten[68..72].fill(0);
    overwritten[100..4000].fill(0xAA);
    for content in [&database[..3000], &overwritten] {
        let (_, error) = refusal_of(content);
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = refusal(&url(folder.path()));
    assert!(matches!(error, Error::NotADatabase { .. }), "{error}");
}

/// Checking a pipe must not block until there is a writer.
#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for path in [pipe, "/dev/null".into(), "/dev/zero".into()] {
        let (send, receive) = mpsc::channel();
        let database = url(&path);
        std::thread::spawn(move || send.send(refusal(&database)));
        let error = receive.recv_timeout(Duration::from_secs(20));
        let error = error.unwrap_or_else(|_| panic!("{} hangs", path.display()));
        assert!(matches!(error, Error::NotADatabase { .. }), "{error}");
    }
}

/// Opens a SQLite file that was made with SQL, and expects an error that names its owner.
fn assert_refused(sql: &str, owner: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    sqlite_execute(&path, sql);
    let before = bytes(folder.path());
    assert_eq!(before.len(), 1, "more than one file");
    let error = refusal(&url(&path));
    let Error::ForeignDatabase { owner: found, .. } = &error else {
        panic!("{sql}: {error}")
    };
    assert_eq!(found.to_string(), owner, "{sql}");
    assert!(bytes(folder.path()) == before, "{sql}: changed");
}

#[test]
fn databases_of_other_programs_are_refused() {
    let notes = "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, x); INSERT INTO notes (x) VALUES (1);";
    for more in [
        "",
        "PRAGMA journal_mode = WAL;",
        // Like ours, the first version of many programs has the number 1.
        "PRAGMA user_version = 1;",
        "PRAGMA user_version = 1; PRAGMA journal_mode = WAL;",
        "PRAGMA user_version = 57;",
        "PRAGMA user_version = -1;",
        "PRAGMA application_id = 7;",
        "PRAGMA auto_vacuum = FULL; PRAGMA user_version = 1; VACUUM;",
        // Another program that uses SeaORM.
        "CREATE TABLE seaql_migrations (version VARCHAR PRIMARY KEY, applied_at BIGINT);",
        "CREATE TABLE seaql_migrations (version VARCHAR PRIMARY KEY, applied_at BIGINT); PRAGMA user_version = 1;",
        "CREATE VIEW v AS SELECT 1; CREATE INDEX i ON notes (x); ANALYZE;",
    ] {
        assert_refused(&format!("{notes}{more}"), "another program");
    }
    assert_refused("CREATE VIEW v AS SELECT 1", "another program");
}

/// A table that has the name of one of ours; other tables do not matter.
#[test]
fn postgres_databases_of_other_programs_are_refused() {
    let Some(database) = Database::postgres() else {
        return;
    };
    database.execute("CREATE TABLE workspace_tasks (id integer)");
    let error = refusal(&database.url());
    assert!(matches!(error, Error::ForeignDatabase { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.starts_with("postgres://")
            && text.ends_with(" belongs to another program; it was not changed"),
        "{text}"
    );
    let tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(database.rows(tables), ["workspace_tasks"]);
}

#[test]
fn databases_of_the_earlier_tool_are_refused() {
    // As samples/python/make_db.py creates them, with fewer columns and in both variants.
    let common = "
        CREATE TABLE workspace_tasks (
            id VARCHAR(50) NOT NULL, title VARCHAR(500) NOT NULL, description TEXT,
            status VARCHAR(50) NOT NULL, priority VARCHAR(20), repos_affected JSON,
            created DATETIME NOT NULL, updated DATETIME NOT NULL, PRIMARY KEY (id));
        INSERT INTO workspace_tasks VALUES ('WS-TASK-001', 'x', NULL, 'pending', 'HIGH', '[\"core\"]',
            '2025-11-20 21:07:47.847151', '2025-11-20 21:07:47');
        CREATE TABLE workspace_sessions (id VARCHAR(100) NOT NULL PRIMARY KEY, start_time DATETIME NOT NULL);
        CREATE TABLE agent_history (id INTEGER PRIMARY KEY, what TEXT);";
    for more in [
        "CREATE TABLE architecture_states (id VARCHAR(50) PRIMARY KEY, state_name VARCHAR(200) NOT NULL UNIQUE);",
        "CREATE TABLE architecture_states (id VARCHAR(50) PRIMARY KEY, version VARCHAR(50) NOT NULL);",
        "PRAGMA user_version = 1;",
        "PRAGMA journal_mode = WAL;",
    ] {
        assert_refused(&format!("{common}{more}"), "the earlier Python tool");
    }
}

/// It is locked because the other program is writing.
#[test]
fn database_of_another_program_is_refused_while_it_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    sqlite_execute(&path, "CREATE TABLE notes (x)");
    let (started, wait) = mpsc::channel();
    let (end, ended) = mpsc::channel::<()>();
    let file = path.clone();
    let writer = std::thread::spawn(move || {
        let other = Lock::exclusive(&file);
        started.send(()).unwrap();
        let _ = ended.recv_timeout(Duration::from_secs(2));
        drop(other);
    });
    wait.recv().unwrap();
    let error = refusal(&url(&path));
    assert!(matches!(error, Error::ForeignDatabase { .. }), "{error:?}");
    drop(end);
    writer.join().unwrap();
}

fn schema_version(path: &Path) -> u32 {
    let rows = sqlite_rows(path, &["PRAGMA user_version"]);
    rows[0].parse().unwrap()
}

fn set_schema_version(path: &Path, version: u32) {
    sqlite_execute(path, &format!("PRAGMA user_version = {version}"));
    sqlite_execute(path, "PRAGMA wal_checkpoint(TRUNCATE)");
}

#[test]
fn newer_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    open(&path);
    let ours = schema_version(&path);
    for version in [ours + 1, 99, i32::MAX as u32] {
        set_schema_version(&path, version);
        let before = bytes(folder.path());
        let error = refusal(&url(&path));
        let Error::NewerSchema {
            database, found, ..
        } = &error
        else {
            panic!("{error}")
        };
        assert_eq!((*found, database), (version, &path.display().to_string()));
        assert!(bytes(folder.path()) == before, "changed");
    }
    sqlite_execute(&path, &format!("PRAGMA user_version = {ours}"));
    open(&path);
}

#[test]
fn newer_schema_is_not_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    open(&path);
    for version in [schema_version(&path) + 1, 99, i32::MAX as u32] {
        set_schema_version(&path, version);
        let before = bytes(folder.path());
        for refused in [
            run(wsdb_store::schema::up(&url(&path))).map(drop),
            run(wsdb_store::schema::down(&url(&path))).map(drop),
            run(wsdb_store::schema::reset(&url(&path))).map(drop),
            run(wsdb_store::schema::status(&url(&path))).map(drop),
        ] {
            assert!(matches!(refused, Err(Error::NewerSchema { .. })));
        }
        assert!(bytes(folder.path()) == before, "changed");
    }
}

#[test]
fn empty_database_is_set_up() {
    for sql in [
        "",
        "VACUUM",
        "CREATE TABLE x (y); DROP TABLE x",
        "PRAGMA journal_mode = WAL",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        std::fs::write(&path, "").unwrap();
        sqlite_execute(&path, sql);
        open(&path);
        let store = run(Store::connect(&url(&path))).unwrap();
        assert_eq!(run(store.tasks().ids()).unwrap().len(), 0, "{sql}");
    }
}

#[test]
fn missing_database_is_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none.db");
    let options = Options {
        create: false,
        ..Options::default()
    };
    let missing = run(Store::connect_with(&url(&path), &options));
    assert!(matches!(missing, Err(Error::NoDatabase { path: p }) if p == path));
    assert_eq!(bytes(folder.path()), []);
}

#[test]
fn missing_folder_is_named_and_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let parent = folder.path().join("no/such");
    let error = refusal(&url(&parent.join("x.db"))).to_string();
    assert!(error.contains(&parent.display().to_string()), "{error}");
    assert_eq!(bytes(folder.path()), []);
}

#[test]
fn file_in_place_of_a_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let error = refusal(&url(&file.join("x.db"))).to_string();
    assert!(error.contains("file"), "{error}");
}
