//! Several processes on one database. A child is this test program again, which runs only the test
//! `child`; its environment determines what it does.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use wsdb_core::{Task, Timestamp};
use wsdb_store::Store;
use wsdb_tests::store::{Database, sqlite_execute, sqlite_rows};

use crate::{open, run, url};

const DATABASE: &str = "WSDB_TEST_CHILD_DATABASE";
/// Whether a child prints a line when it is ready and then waits for input.
const WAIT: &str = "WSDB_TEST_CHILD_WAIT";

/// What a child does: it adds a task to the database that the environment names, if any.
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

/// `count` processes create a database at the same time, and each adds a task.
fn create_concurrently(database: &Database, count: usize) {
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
    for _ in 0..5 {
        create_concurrently(&Database::sqlite(), 2);
    }
}

#[test]
fn eight_processes_create_a_database() {
    for _ in 0..3 {
        create_concurrently(&Database::sqlite(), 8);
    }
}

#[test]
fn eight_processes_create_a_postgres_database() {
    for _ in 0..2 {
        let Some(database) = Database::postgres() else {
            return;
        };
        create_concurrently(&database, 8);
    }
}

/// Opening a database reads the start of the file. Closing the file after that must not release the
/// locks of another store of the same process: another process would then be the last one to close
/// the database, and would remove the log that this process continues to write.
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
        // Our SQLite is newer and would notice that the log is in use; that of the shell may not.
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
        assert!(Path::new(&log).exists(), "another process removed the log");
        add().await.unwrap();
        second.close().await.unwrap();
        store.close().await.unwrap();
    });
    assert_eq!(database.rows("SELECT count(*) FROM workspace_tasks"), ["2"]);
}

/// The user `nobody`: tests often run as root, for whom no file is read-only.
const UNPRIVILEGED_UID: u32 = 65534;

/// A database in a folder that an unprivileged child can write to.
struct SharedFolder {
    root: TempDir,
    /// The folder of the database.
    inner: PathBuf,
    database: PathBuf,
}

impl SharedFolder {
    /// A folder with a database to which a child has added the first task.
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        allow(root.path(), 0o755);
        allow(&inner, 0o777);
        let program = root.path().join("program");
        std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        let database = inner.join("w.db");
        let folder = SharedFolder {
            root,
            inner,
            database,
        };
        assert_eq!(folder.add_task(), "added WS-TASK-001");
        folder
    }

    /// Runs a child that is not root, and returns its result.
    fn run_child(&self, database: &Path) -> String {
        let program = self.root.path().join("program");
        let mut command = child_of(&program, &url(database));
        let is_root = std::fs::metadata("/proc/self")
            .is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
        if is_root {
            command.uid(UNPRIVILEGED_UID).gid(UNPRIVILEGED_UID);
        }
        command
            .env_remove("RUST_BACKTRACE")
            .current_dir(self.root.path());
        result(spawn(&mut command))
    }

    fn add_task(&self) -> String {
        self.run_child(&self.database)
    }

    /// Allows everything again, and expects that the database is undamaged.
    fn assert_undamaged(&self) {
        allow(&self.inner, 0o777);
        allow(&self.database, 0o666);
        // SQLite gives its files beside the database the mode that the database has.
        for beside in ["w.db-wal", "w.db-shm"] {
            let _ = std::fs::remove_file(self.inner.join(beside));
        }
        assert_eq!(self.add_task(), "added WS-TASK-002");
    }
}

fn allow(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, mode).unwrap();
}

#[test]
fn read_only_database_is_reported() {
    let folder = SharedFolder::new();
    allow(&folder.database, 0o444);
    let error = folder.add_task();
    assert!(error.starts_with("error "), "{error}");
    assert!(error.contains("read") || error.contains("write"), "{error}");
    folder.assert_undamaged();
}

#[test]
fn unreadable_database_is_reported() {
    let folder = SharedFolder::new();
    allow(&folder.database, 0o000);
    let error = folder.add_task();
    assert!(
        error.contains("w.db") && error.contains("ermission"),
        "{error}"
    );
    folder.assert_undamaged();
}

/// SQLite cannot create its log there, and no new database can be created.
#[test]
fn read_only_folder_is_reported() {
    let folder = SharedFolder::new();
    allow(&folder.database, 0o666);
    allow(&folder.inner, 0o555);
    let error = folder.add_task();
    assert!(error.starts_with("error "), "{error}");
    let error = folder.run_child(&folder.inner.join("new.db"));
    assert!(error.contains("new.db"), "{error}");
    folder.assert_undamaged();
}

/// Opening a database with the current schema only reads the version: it does not notice that the
/// tables are missing, writes nothing, and does not wait for writers.
#[test]
fn opening_a_current_schema_takes_one_query() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    open(&path);
    // FTS5 drops its inner tables itself, and SQLite's own tables cannot be dropped.
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

/// Starts a copied program. A process that another test forks meanwhile may still have the copy open
/// for writing, until it runs its own program.
fn spawn(command: &mut Command) -> Child {
    loop {
        match command.spawn() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {
                std::thread::yield_now();
            }
            child => return child.unwrap(),
        }
    }
}
