//! First use: creating a workspace and its database.

use std::path::PathBuf;
use std::process::Output;

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::store::Database;
use wsdb_tests::{TestWorkspace, run_command};

/// Where a command gets its database from.
#[derive(Clone, Copy, Debug)]
enum Source {
    DatabaseOption,
    DatabaseVariable,
    Settings,
    WorkspaceOption,
}

const SOURCES: [Source; 4] = [
    Source::DatabaseOption,
    Source::DatabaseVariable,
    Source::Settings,
    Source::WorkspaceOption,
];

/// A folder in which commands use a database in an empty folder `inner`.
struct NewDatabase {
    workspace: TestWorkspace,
    source: Source,
}

impl NewDatabase {
    fn new(source: Source) -> Self {
        let workspace = TestWorkspace::new();
        std::fs::create_dir(workspace.path().join("inner")).unwrap();
        if let Source::Settings = source {
            workspace.write(".wsdb.toml", "database = \"inner/w.db\"");
        }
        NewDatabase { workspace, source }
    }

    fn folder(&self) -> PathBuf {
        self.workspace.path().join("inner")
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = self.workspace.command(args);
        match self.source {
            Source::DatabaseOption => command.args(["--database", "inner/w.db"]),
            Source::DatabaseVariable => command.env("WSDB_DATABASE_URL", "inner/w.db"),
            Source::Settings => &mut command,
            Source::WorkspaceOption => command.args(["--workspace", "inner"]),
        };
        run_command(&mut command)
    }
}

#[test]
fn first_write_creates_the_database() {
    for source in SOURCES {
        let database = NewDatabase::new(source);
        let output = database.run(&["task", "add", "first", "--json"]);
        assert!(output.status.success(), "{source:?}: {output:?}");
        assert!(output.stderr.is_empty(), "{source:?}: {output:?}");
        let added: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(added["id"], "WS-TASK-001");
        let output = database.run(&["session", "start"]);
        assert!(output.stderr.is_empty(), "{source:?}: {output:?}");
    }
}

#[test]
fn commands_that_need_records_do_not_create_the_database() {
    for source in SOURCES {
        let database = NewDatabase::new(source);
        for args in [
            &["task", "ls"][..],
            &["status"],
            &["task", "rm", "1"],
            &["undo"],
        ] {
            let output = database.run(args);
            assert_eq!(output.status.code(), Some(1), "{source:?}: {output:?}");
            let files = std::fs::read_dir(database.folder()).unwrap().count();
            assert_eq!(files, 0, "{source:?}: {args:?}");
        }
    }
}

#[test]
fn creation_of_a_database_is_noted() {
    let workspace = TestWorkspace::new();
    let start = ["session", "start", "--database", "w.db"];
    assert_snapshot!(workspace.stderr(&start), @"note: created the database DIR/w.db");
}

#[test]
fn workspace_inside_another_one_is_noted() {
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.stderr(&["init"]), @"");
    assert_snapshot!(workspace.stderr(&["init", "inner"]), @"note: DIR contains another workspace; commands in DIR/inner use the new one");
    assert_snapshot!(workspace.stderr(&["init", "inner"]), @"");
}

#[test]
fn database_is_not_created_unless_it_is_named() {
    let workspace = TestWorkspace::new();
    workspace.write(".wsdb.toml", "");
    assert_snapshot!(workspace.fails(1, &["task", "add", "x"]), @"
    error: no database found at DIR/workspace.db
    hint: check the path, or run 'wsdb init' to create a database
    ");
}

#[test]
fn reading_does_not_set_up_an_empty_postgres_database() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let workspace = TestWorkspace::new();
    workspace.fails(1, &["task", "ls", "--database", &database.url()]);
    assert_eq!(
        database.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"),
        ["0"]
    );
}

#[test]
fn concurrent_first_writes_set_up_an_empty_postgres_database() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let workspace = TestWorkspace::new();
    let url = database.url();
    let (task, issue) = (["task", "add", "x"], ["issue", "add", "y"]);
    std::thread::scope(|scope| {
        let (workspace, url) = (&workspace, url.as_str());
        for args in [task, issue].repeat(4) {
            scope.spawn(move || workspace.ok(&[&args[..], &["--database", url]].concat()));
        }
    });
    let total = |list: &str| workspace.json(&[list, "ls", "--database", &url])["total"].clone();
    assert_eq!([total("task"), total("issue")], [4, 4]);
}

#[test]
fn init_reports_the_workspace_it_created() {
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.redacted(&["init"]), @"
    Created a workspace in DIR
    Next: 'wsdb import' or 'wsdb task add TITLE'
    ");
}

#[test]
fn init_reports_the_folder_without_dots() {
    for folder in [".", "./", "new/..", "new/../."] {
        let workspace = TestWorkspace::new();
        std::fs::create_dir(workspace.path().join("new")).unwrap();
        let text = workspace.redacted(&["init", folder]);
        assert!(text.starts_with("Created a workspace in DIR\n"), "{text}");
        assert!(text.trim_end().ends_with("'wsdb task add TITLE'"), "{text}");
    }
}

#[test]
fn init_reports_the_database_it_created() {
    let workspace = TestWorkspace::new();
    let init = ["init", "--database", "other.db"];
    assert_snapshot!(workspace.redacted(&init), @"
    Created a workspace in DIR/other.db
    Next: 'wsdb import' or 'wsdb task add TITLE' with the same --database
    ");
    assert_snapshot!(workspace.redacted(&[&init[..], &["--json"]].concat()), @r#"
    {
      "created": false,
      "database": "DIR/other.db",
      "workspace": "DIR"
    }
    "#);
}

#[test]
fn init_reports_the_database_without_dots() {
    let workspace = TestWorkspace::new();
    std::fs::create_dir(workspace.path().join("new")).unwrap();
    let init = ["init", "--database", "new/../other.db"];
    let text = workspace.redacted(&init);
    assert!(
        text.starts_with("Created a workspace in DIR/other.db\n"),
        "{text}"
    );
}

#[test]
fn init_reports_the_postgres_database_it_created() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let text = TestWorkspace::new().ok(&["init", "--database", &database.url()]);
    assert!(
        text.starts_with("Created a workspace in postgres://"),
        "{text}"
    );
}

#[test]
fn missing_workspace_is_reported() {
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.fails(1, &["status"]), @"
    error: no workspace found in DIR or any parent folder
    hint: run 'wsdb init' to create one here, or use --workspace DIR
    ");
}

#[test]
fn missing_database_is_reported() {
    let workspace = TestWorkspace::new();
    assert_snapshot!(workspace.fails(1, &["status", "--database", "none.db"]), @"
    error: no database found at DIR/none.db
    hint: check the path, or run 'wsdb init --database none.db' to create a database
    ");
}

#[test]
fn file_that_is_no_database_is_reported() {
    let workspace = TestWorkspace::new();
    // Longer than the header of a database.
    workspace.write("workspace.db", "not a database".repeat(20));
    assert_snapshot!(workspace.fails(1, &["status"]), @"
    error: DIR/workspace.db is not a SQLite database
    hint: use another path; nothing was changed
    ");
}
