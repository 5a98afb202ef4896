//! Several processes on one database. A child is this test program again; its
//! environment determines what it does.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use wsdb_core::{Task, Timestamp};
use wsdb_store::Store;
use wsdb_tests::store::{Database, sqlite_execute, sqlite_rows};

use crate::{open, run, url};

const DATABASE: &str = "WSDB_TEST_CHILD_DATABASE";
/// Whether a child prints a line when it is ready and then waits for input.
const WAIT: &str = "WSDB_TEST_CHILD_WAIT";

/// What a child does; no test where nobody asks for it.
#[test]
fn child() {
    let Ok(database) = std::env::var(DATABASE) else {
        return;
    };
    if std::env::var_os(WAIT).is_some() {
        println!("\nready");
        std::io::stdin().read_line(&mut String::new()).unwrap();
    }
    let done = run(async {
        let now: Timestamp = "2025-11-20".parse().unwrap();
        let store = Store::connect(&database).await?;
        let added = store
            .tasks()
            .add(|id| Task::new(id, "x".into(), now))
            .await?;
        store.close().await?;
        Ok::<_, wsdb_store::Error>(added.id)
    });
    match done {
        Ok(id) => println!("\nadded {id}"),
        Err(error) => println!("\nerror {error}"),
    }
}

fn child_of(program: &Path, database: &str) -> Command {
    let mut command = Command::new(program);
    command
        .args([
            "processes::child",
            "--exact",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(DATABASE, database)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a child printed: `added …` or `error …`.
fn result(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text
        .lines()
        .find(|l| l.starts_with("added ") || l.starts_with("error "));
    line.map(str::to_owned)
        .unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
}

/// `count` processes create a database together, and each adds a task.
fn create_together(database: &Database, count: usize) {
    let program = std::env::current_exe().unwrap();
    let mut children: Vec<Child> = (0..count)
        .map(|_| {
            let mut command = child_of(&program, &database.url());
            let command = command.env(WAIT, "1").stdin(Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    let mut outputs: Vec<_> = children
        .iter_mut()
        .map(|child| BufReader::new(child.stdout.take().unwrap()).lines())
        .collect();
    let mut find = |output: usize, prefixes: &[&str]| {
        let mut lines = outputs[output].by_ref().map(Result::unwrap);
        let line = lines.find(|line| prefixes.iter().any(|prefix| line.starts_with(prefix)));
        line.unwrap_or_else(|| panic!("a child ended early"))
    };
    for child in 0..count {
        find(child, &["ready"]);
    }
    for child in &mut children {
        child.stdin.take().unwrap().write_all(b"\n").unwrap();
    }
    let mut results: Vec<String> = (0..count)
        .map(|child| find(child, &["added ", "error "]))
        .collect();
    results.sort();
    for child in &mut children {
        child.wait().unwrap();
    }
    let expected: Vec<String> = (1..=count)
        .map(|n| format!("added WS-TASK-{n:03}"))
        .collect();
    assert_eq!(results, expected);
}

#[test]
fn two_processes_create_a_database() {
    for _ in 0..10 {
        create_together(&Database::sqlite(), 2);
    }
}

#[test]
fn eight_processes_create_a_database() {
    for _ in 0..5 {
        create_together(&Database::sqlite(), 8);
    }
}

#[test]
fn eight_processes_create_a_postgres_database() {
    for _ in 0..3 {
        let Some(database) = Database::postgres() else {
            return;
        };
        create_together(&database, 8);
    }
}

/// Opening a database looks at the file's head. Closing that look must not take away the locks
/// of a store that the same process has on the file: another process would then be the last one
/// to close it, and would remove the log that this one goes on to write to.
#[test]
fn checking_a_file_keeps_the_locks_of_an_open_store() {
    let database = Database::sqlite();
    let now: Timestamp = "2025-11-20".parse().unwrap();
    run(async {
        let store = Store::connect(&database.url()).await.unwrap();
        let add = async || store.tasks().add(|id| Task::new(id, "x".into(), now)).await;
        add().await.unwrap();
        let second = Store::connect(&database.url()).await.unwrap();
        let path = database.url().replace("sqlite://", "");
        // The shell: a newer SQLite, as ours is, would notice that the log is in use.
        let shell = Command::new("sqlite3")
            .args([
                &path,
                "INSERT INTO task_repos SELECT id, 'core' FROM workspace_tasks",
            ])
            .output();
        match shell {
            Ok(output) => assert!(output.status.success(), "{output:?}"),
            Err(error) => eprintln!("NOT TESTED: the sqlite3 shell cannot be run: {error}"),
        }
        let log = format!("{path}-wal");
        assert!(
            Path::new(&log).exists(),
            "another process took the log away"
        );
        add().await.unwrap();
        second.close().await.unwrap();
        store.close().await.unwrap();
    });
    assert_eq!(database.rows("SELECT count(*) FROM workspace_tasks"), ["2"]);
}

/// The user `nobody`: what is read-only for everybody isn't for root, as whom tests often run.
const UNPRIVILEGED_UID: u32 = 65534;

/// Runs a child that isn't root, in a folder that it can reach.
fn as_nobody(folder: &Path, database: &Path) -> String {
    let program = folder.join("program");
    if !program.exists() {
        std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    }
    let mut command = child_of(&program, &url(database));
    let is_root =
        std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    if is_root {
        command.uid(UNPRIVILEGED_UID).gid(UNPRIVILEGED_UID);
    }
    command.env_remove("RUST_BACKTRACE").current_dir(folder);
    result(command.spawn().unwrap())
}

fn allow(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, mode).unwrap();
}

#[test]
fn read_only_files_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    allow(folder.path(), 0o755);
    allow(&inner, 0o777);
    let path = inner.join("w.db");
    assert_eq!(
        as_nobody(folder.path(), &path),
        "added WS-TASK-001",
        "the control"
    );

    allow(&path, 0o444);
    let error = as_nobody(folder.path(), &path);
    assert!(
        error.starts_with("error "),
        "a file that cannot be written to: {error}"
    );
    assert!(error.contains("read") || error.contains("write"), "{error}");
    allow(&path, 0o000);
    let error = as_nobody(folder.path(), &path);
    assert!(
        error.contains("w.db") && error.contains("ermission"),
        "{error}"
    );
    allow(&path, 0o666);
    allow(&inner, 0o555);
    let error = as_nobody(folder.path(), &path);
    assert!(
        error.starts_with("error "),
        "a folder without room for the log: {error}"
    );
    let error = as_nobody(folder.path(), &inner.join("new.db"));
    assert!(
        error.contains("new.db"),
        "a folder without room for a file: {error}"
    );
    allow(&inner, 0o777);
    // SQLite gives its files beside the database the mode that the database has.
    for beside in ["w.db-wal", "w.db-shm"] {
        let _ = std::fs::remove_file(inner.join(beside));
    }
    assert_eq!(
        as_nobody(folder.path(), &path),
        "added WS-TASK-002",
        "nothing was harmed"
    );
}

/// Opening what is up to date asks for the version, and for nothing else: it doesn't even notice
/// that the tables are gone, it writes nothing, and it does not wait for writers.
#[test]
fn opening_a_current_schema_takes_one_query() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    open(&path);
    // The tables inside FTS5's go with it, and SQLite's own stays.
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table'
        AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search\\_index\\__%' ESCAPE '\\'";
    let mut drops = String::from("PRAGMA foreign_keys = OFF;");
    for table in sqlite_rows(&path, &[tables]) {
        drops.push_str(&format!("DROP TABLE {table};"));
    }
    sqlite_execute(&path, &drops);
    sqlite_execute(&path, "PRAGMA wal_checkpoint(TRUNCATE)");
    let before = std::fs::read(&path).unwrap();
    let lock = wsdb_tests::store::Lock::immediate(&path);
    let options = wsdb_store::Options {
        busy_timeout: Duration::ZERO,
        ..Default::default()
    };
    let store = run(Store::connect_with(&url(&path), &options)).unwrap();
    let error = run(store.tasks().ids()).unwrap_err();
    assert!(error.to_string().contains("no such table"), "{error}");
    run(store.close()).unwrap();
    drop(lock);
    assert!(std::fs::read(&path).unwrap() == before, "written to");
}
