//! Workspaces in which the real binary runs.

use std::cell::Cell;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use wsdb_core::Timestamp;

use crate::binary::binary;
use crate::folder::temporary_folder;
use crate::schemas::check_json;
use crate::store::Database;

/// Returns the path of a folder of sample documents in `tests/fixtures`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// Runs a command of the binary and returns its output, as [`TestWorkspace::run`] does.
///
/// # Panics
/// The command cannot be run, or its output does not match the schema of the command.
pub fn run_command(command: &mut Command) -> Output {
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("wsdb cannot be run: {error}"));
    check_json(command, &output);
    output
}

thread_local! {
    /// Whether new workspaces of this thread are on PostgreSQL.
    static ON_POSTGRES: Cell<bool> = const { Cell::new(false) };
}

/// Runs a test with its workspaces on PostgreSQL, if there is a server.
pub fn on_postgres(test: impl FnOnce()) {
    /// Resets the variable also after a panic: with one test thread, the next test runs on this one.
    struct Reset;
    impl Drop for Reset {
        fn drop(&mut self) {
            ON_POSTGRES.set(false);
        }
    }
    if crate::server::server().is_some() {
        ON_POSTGRES.set(true);
        let _reset = Reset;
        test();
    }
}

/// Time at which the first command of a workspace runs: a Thursday.
const START: &str = "2026-01-15T10:00:00Z";

/// A new folder in which the binary runs, as mira and with its own clock.
///
/// The first command runs at 2026-01-15 10:00:00 UTC, and each one a second after the one before
/// it. [`advance`](Self::advance) lets more time pass.
#[derive(Debug)]
pub struct TestWorkspace {
    folder: TempDir,
    /// The database, unless it is a file in the folder.
    database: Option<Database>,
    /// Whether another test can have the database after this one.
    is_reusable: bool,
    /// Microseconds from [`START`] to the next command.
    elapsed: AtomicU64,
}

impl Default for TestWorkspace {
    fn default() -> Self {
        Self::new()
    }
}

impl TestWorkspace {
    /// Creates an empty folder, and an empty database if it is on PostgreSQL.
    pub fn new() -> Self {
        Self::with_database(ON_POSTGRES.get().then(Database::postgres).flatten())
    }

    fn with_database(database: Option<Database>) -> Self {
        TestWorkspace {
            folder: temporary_folder(),
            database,
            is_reusable: false,
            elapsed: AtomicU64::new(0),
        }
    }

    /// Creates a folder with an empty workspace, as after `wsdb init`.
    pub fn with_workspace() -> Self {
        let workspace = Self::copied();
        workspace.tick();
        workspace
    }

    /// Creates a folder with a copy of a workspace that `wsdb init` created, since the steps of the
    /// schema take longer than most tests.
    fn copied() -> Self {
        static POSTGRES: OnceLock<Option<Database>> = OnceLock::new();
        static SQLITE: OnceLock<Vec<u8>> = OnceLock::new();
        let init = || {
            let workspace = Self::new();
            workspace.ok(&["init"]);
            workspace
        };
        const FILE: &str = "workspace.db";
        if ON_POSTGRES.get() {
            let template = POSTGRES.get_or_init(|| init().database.take());
            let mut workspace = Self::with_database(template.as_ref().map(Database::like));
            workspace.is_reusable = true;
            workspace
        } else {
            let template = SQLITE.get_or_init(|| {
                let bytes = std::fs::read(init().path().join(FILE));
                bytes.unwrap_or_else(|error| panic!("{FILE}: {error}"))
            });
            let workspace = Self::with_database(None);
            workspace.write(FILE, template);
            workspace
        }
    }

    /// Creates a folder with a workspace, as if importing sample documents had created it; see
    /// [`fixture`].
    pub fn with_sample(name: &str) -> Self {
        let workspace = Self::copied();
        workspace.import_sample(name);
        workspace
    }

    /// Imports sample documents; see [`fixture`].
    pub fn import_sample(&self, name: &str) {
        self.ok(&["import", &fixture(name).display().to_string()]);
    }

    /// Returns the path of the folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file in the folder, and creates the folders that it is in.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        let written = made.and_then(|()| std::fs::write(path, text));
        written.unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Reads a file in the folder.
    pub fn read(&self, name: &str) -> String {
        let text = std::fs::read_to_string(self.path().join(name));
        text.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Replaces the first occurrence of a text in a file, which has to contain it.
    pub fn replace_in(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(
            text.contains(from),
            "{name} does not contain {from}: {text}"
        );
        self.write(name, text.replacen(from, to, 1));
    }

    /// Lets time pass before the next command.
    pub fn advance(&self, time: Duration) {
        let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.elapsed.fetch_add(time, Ordering::Relaxed);
    }

    /// Returns the time of the next command, and lets a second pass.
    fn tick(&self) -> Timestamp {
        let elapsed = self.elapsed.fetch_add(1_000_000, Ordering::Relaxed);
        let start: Option<Timestamp> = START.parse().ok();
        let now = start.and_then(|start| start.checked_add(Duration::from_micros(elapsed)));
        now.unwrap_or_else(|| panic!("{START} is no time, or the clock is past the year 9999"))
    }

    /// Returns a command that runs the binary here, without the caller's own settings.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.command_of(binary());
        command.args(args);
        command
    }

    /// Returns a command that runs a program, such as a shell that runs the binary, with the settings
    /// of [`command`](Self::command).
    pub fn command_of(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path())
            .env_remove("WSDB_WORKSPACE")
            .env_remove("WSDB_DATABASE_URL")
            .env_remove("WSDB_SESSION")
            .env_remove("NO_COLOR")
            .env("WSDB_ACTOR", "mira")
            .env("WSDB_TEST_NOW", self.tick().to_string())
            .env("TZ", "UTC")
            .stdin(Stdio::null());
        if let Some(database) = &self.database {
            command.env("WSDB_DATABASE_URL", database.url());
        }
        command
    }

    /// Runs the binary with this text on stdin.
    ///
    /// # Panics
    /// It cannot be run, or doesn't read the text.
    pub fn run_with_stdin(&self, args: &[&str], text: &str) -> Output {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("a command that reads stdin");
        let mut stdin = child.stdin.take().expect("a command that reads stdin");
        stdin
            .write_all(text.as_bytes())
            .expect("a command that reads stdin");
        drop(stdin);
        let output = child
            .wait_with_output()
            .expect("a command that reads stdin");
        check_json(&command, &output);
        output
    }

    /// Runs the binary here and returns its output. With `--json`, the output has to match the schema of
    /// the command.
    pub fn run(&self, args: &[&str]) -> Output {
        run_command(&mut self.command(args))
    }

    /// Returns a text that the binary printed, with `DIR` for the folder and `FIXTURES` for the folder of
    /// [`fixture`].
    pub fn text(&self, bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes)
            .replace(&self.path().display().to_string(), "DIR")
            .replace(&fixture("").display().to_string(), "FIXTURES/")
    }

    fn succeed(&self, args: &[&str]) -> Output {
        let output = self.run(args);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "wsdb {args:?}: {stderr}");
        output
    }

    /// Runs the binary here, which has to succeed, and returns its standard output.
    pub fn ok(&self, args: &[&str]) -> String {
        String::from_utf8_lossy(&self.succeed(args).stdout).into_owned()
    }

    /// Runs the binary as [`ok`](Self::ok) does, and returns its standard output with `DIR` for the
    /// folder.
    pub fn redacted(&self, args: &[&str]) -> String {
        self.text(&self.succeed(args).stdout)
    }

    /// Runs the binary here, which has to succeed, and returns its standard error.
    pub fn stderr(&self, args: &[&str]) -> String {
        self.text(&self.succeed(args).stderr)
    }

    /// Runs the binary here with `--json`, which has to succeed, and returns the result.
    pub fn json(&self, args: &[&str]) -> Value {
        let text = self.ok(&[args, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Runs the binary here, which has to fail with this code, and returns its standard error.
    pub fn fails(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let stderr = self.text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "wsdb {args:?}: {stderr}");
        assert!(output.stdout.is_empty(), "a failure prints no result");
        stderr
    }

    /// Runs the binary here with `--json`, which has to fail with code 1, and returns the error.
    pub fn error(&self, args: &[&str]) -> Value {
        let text = self.fails(1, &[args, &["--json"]].concat());
        let stderr: Result<Value, _> = serde_json::from_str(&text);
        stderr.unwrap_or_else(|error| panic!("{error}: {text}"))["error"].take()
    }
}

impl Drop for TestWorkspace {
    fn drop(&mut self) {
        if self.is_reusable
            && !std::thread::panicking()
            && let Some(database) = self.database.take()
        {
            database.give_back();
        }
    }
}
