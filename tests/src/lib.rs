//! Runs the real binary, for the tests in this package.

pub mod server;
pub mod store;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::store::Database;

/// The binary, built once for each test program: nothing else makes sure that it is there and new.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let built = xtask::project::cargo()
            .args([
                "build",
                "--quiet",
                // With the features of the whole workspace, or dependencies are built once more.
                "--workspace",
                "--bin",
                "wsdb",
                "--message-format",
                "json",
            ])
            // As this test program itself.
            .args((!cfg!(debug_assertions)).then_some("--release"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output();
        let messages = built.map(|output| output.stdout).unwrap_or_default();
        String::from_utf8_lossy(&messages)
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
            .next_back()
            .unwrap_or_else(|| panic!("cargo build made no binary"))
    })
}

/// A folder of sample documents in `tests/fixtures`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// A folder with a workspace of its own.
#[derive(Debug)]
pub struct Folder(TempDir, Option<Database>);

thread_local! {
    /// Whether workspaces are on PostgreSQL.
    static ON_POSTGRES: Cell<bool> = const { Cell::new(false) };
}

/// Runs a test with its workspaces on PostgreSQL, if there is a server.
pub fn on_postgres(test: impl FnOnce()) {
    if server::server().is_some() {
        ON_POSTGRES.set(true);
        test();
        ON_POSTGRES.set(false);
    }
}

/// Each test twice, its workspaces once on SQLite and once on PostgreSQL.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                insta::allow_duplicates!(super::$name());
            }

            #[test]
            fn postgres() {
                insta::allow_duplicates!($crate::on_postgres(super::$name));
            }
        }
    )*};
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Folder {
    /// An empty folder.
    pub fn new() -> Self {
        let folder = TempDir::new();
        Folder(
            folder.unwrap_or_else(|error| panic!("no temporary folder: {error}")),
            ON_POSTGRES.get().then(Database::postgres).flatten(),
        )
    }

    /// A folder with an empty workspace.
    pub fn with_workspace() -> Self {
        let folder = Self::new();
        folder.ok(&["init"]);
        folder
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The binary, set to run here without the caller's own settings.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(args)
            .current_dir(self.path())
            .env_remove("WSDB_WORKSPACE")
            .env_remove("WSDB_DATABASE_URL")
            .env_remove("NO_COLOR")
            .env("WSDB_ACTOR", "mira")
            .env("TZ", "UTC")
            .stdin(Stdio::null());
        if let Some(database) = &self.1 {
            command.env("WSDB_DATABASE_URL", database.url());
        }
        command
    }

    /// Runs the binary here.
    pub fn run(&self, args: &[&str]) -> Output {
        let output = self.command(args).output();
        output.unwrap_or_else(|error| panic!("wsdb can't be run: {error}"))
    }

    /// Runs the binary here, which has to succeed, and returns what it prints.
    pub fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(
            output.status.success(),
            "wsdb {args:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    /// Runs the binary here with `--json`, which has to succeed.
    pub fn json(&self, args: &[&str]) -> Value {
        let text = self.ok(&[args, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Runs the binary here, which has to fail with this code, and returns what it says.
    pub fn fails(&self, code: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "wsdb {args:?}: {said}");
        assert!(output.stdout.is_empty(), "a failure prints no result");
        said
    }
}
