//! Copies between databases that are missing, equal or no databases.

use insta::assert_snapshot;
use wsdb_tests::TestWorkspace;
use wsdb_tests::store::Database;

/// The error of a copy, which leaves no new database.
fn copy_error(workspace: &TestWorkspace, args: &[&str]) -> String {
    let error = workspace.fails(1, &[&["copy"], args].concat());
    assert!(!workspace.path().join("new.db").exists());
    error
}

#[test]
fn copy_to_the_source_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(2, &["copy", "--to", "./workspace.db"]), @"
    error: source and target are the same database, DIR/workspace.db
    hint: --to and --from must be different databases
    ");
}

#[test]
fn missing_source_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(copy_error(&workspace, &["--from", "nope.db", "--to", "new.db"]), @"
    error: no database found at DIR/nope.db
    hint: check the path
    ");
}

#[test]
fn empty_source_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("empty.db", "");
    assert_snapshot!(copy_error(&workspace, &["--from", "empty.db", "--to", "new.db"]), @"
    error: no workspace found in DIR/empty.db
    hint: run 'wsdb init' to create one
    ");
}

#[test]
fn target_in_a_missing_folder_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(copy_error(&workspace, &["--to", "nope/new.db"]), @"
    error: DIR/nope/new.db: the folder DIR/nope does not exist
    hint: use the path of a file that you can read and write, in an existing folder
    ");
}

#[test]
fn target_that_is_no_database_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("text.db", "text");
    assert_snapshot!(copy_error(&workspace, &["--to", "text.db"]), @"
    error: DIR/text.db is not a SQLite database
    hint: use another path; nothing was changed
    ");
}

#[test]
fn target_is_required() {
    let workspace = TestWorkspace::with_workspace();
    let error = workspace.fails(2, &["copy"]);
    assert!(error.contains("--to <URL>"), "{error}");
}

/// The URL of a database with a password, which the server does not need.
fn url_with_password(database: &Database) -> String {
    database.url().replace("postgres@", "postgres:secret@")
}

#[test]
fn empty_postgres_source_is_refused() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let workspace = TestWorkspace::with_workspace();
    let url = url_with_password(&database);
    let error = copy_error(&workspace, &["--from", &url, "--to", "new.db"]);
    assert!(
        error.contains("no workspace found in postgres://"),
        "{error}"
    );
    assert!(!error.contains("secret"), "{error}");
}

#[test]
fn missing_postgres_target_is_refused() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let workspace = TestWorkspace::with_workspace();
    let url = format!("{}_missing", url_with_password(&database));
    let error = copy_error(&workspace, &["--to", &url]);
    assert!(
        error.contains("the server has no database named wsdb_test_"),
        "{error}"
    );
    assert!(!error.contains("secret"), "{error}");
}

/// Even if only one of the URLs has a password.
#[test]
fn copy_to_the_postgres_source_is_refused() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let workspace = TestWorkspace::with_workspace();
    let url = url_with_password(&database);
    let copied = workspace.ok(&["copy", "--to", &url]);
    let last = copied.lines().last().unwrap();
    assert!(last.starts_with("Copied 0 rows from "), "{last}");
    assert!(last.ends_with("; all tables verified"), "{last}");
    let error = workspace.fails(2, &["copy", "--from", &url, "--to", &database.url()]);
    assert!(
        error.contains("source and target are the same database, postgres://"),
        "{error}"
    );
    for message in [&copied, &error] {
        assert!(!message.contains("secret"), "{message}");
    }
}
