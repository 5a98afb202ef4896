//! PostgreSQL databases that wsdb cannot use or write to.

use std::process::Output;

use insta::assert_snapshot;
use wsdb_tests::store::Database;
use wsdb_tests::{TestWorkspace, run_command};

use crate::file_failures::error_code;

const PASSWORD: &str = "s3cretw0rd";

fn run_on(url: &str, args: &[&str]) -> Output {
    let workspace = TestWorkspace::new();
    let mut command = workspace.command(args);
    run_command(command.env("WSDB_DATABASE_URL", url))
}

/// A PostgreSQL database with a workspace, if there is a server.
fn with_workspace() -> Option<Database> {
    let database = Database::postgres()?;
    let output = run_on(&database.url(), &["init"]);
    assert!(output.status.success(), "{output:?}");
    Some(database)
}

const ADD: [&str; 4] = ["task", "add", "x", "--json"];

/// Runs a test with the URL of a user who may only read.
fn with_reader(database: &Database, test: impl FnOnce(&str)) {
    let url = database.url();
    let role = format!("{}_reader", database_name(&url));
    database.execute(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'; \
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"
    ));
    let (_, server) = url.split_once('@').unwrap();
    let reader_url = format!("postgres://{role}:{PASSWORD}@{server}");
    // A server with another form of login refuses even to list.
    if run_on(&reader_url, &["task", "list"]).status.success() {
        test(&reader_url);
    }
    database.execute(&format!(
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}; DROP ROLE {role}"
    ));
}

#[test]
fn missing_privilege_is_reported() {
    let Some(database) = with_workspace() else {
        return;
    };
    with_reader(&database, |reader_url| {
        let add = run_on(reader_url, &ADD[..3]);
        let add_as_json = run_on(reader_url, &ADD);
        assert_snapshot!(redact(&add, &database.url()), @"
        error: postgres://SERVER/NAME: permission denied for the database user (permission denied for table id_series)
        hint: nothing was changed; the owner of the database can GRANT the missing privilege
        ");
        assert_eq!(error_code(&add_as_json), "forbidden");
    });
}

#[test]
fn export_needs_only_the_privilege_to_read() {
    let Some(database) = with_workspace() else {
        return;
    };
    with_reader(&database, |reader_url| {
        let export = run_on(reader_url, &["export", "out"]);
        assert!(export.status.success(), "{export:?}");
    });
}

#[test]
fn read_only_database_is_reported() {
    let Some(database) = with_workspace() else {
        return;
    };
    let url = database.url();
    database.execute(&format!(
        "ALTER DATABASE {} SET default_transaction_read_only = on",
        database_name(&url)
    ));
    let export = run_on(&url, &["export", "out"]);
    assert!(export.status.success(), "{export:?}");
    assert_snapshot!(redact(&run_on(&url, &ADD[..3]), &url), @"
    error: postgres://SERVER/NAME: the database is read-only (cannot execute INSERT in a read-only transaction)
    hint: get write access, or use another database with --database
    ");
    assert_eq!(error_code(&run_on(&url, &ADD)), "read_only");
}

#[test]
fn database_with_another_encoding_is_refused() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let name = database_name(&database.url()).to_owned();
    let latin1 = format!("{name}_latin1");
    database.execute(&format!(
        "CREATE DATABASE {latin1} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    ));
    let url = database.url().replace(&name, &latin1);
    let init = run_on(&url, &["init"]);
    let add = run_on(&url, &ADD);
    database.execute(&format!("DROP DATABASE {latin1} WITH (FORCE)"));
    assert_snapshot!(redact(&init, &url), @"
    error: postgres://SERVER/NAME: the database encoding is LATIN1; wsdb requires UTF8
    hint: create another one with 'createdb --template=template0 --encoding=UTF8 NAME'
    ");
    assert_eq!(error_code(&add), "encoding");
}

fn database_name(url: &str) -> &str {
    let name = url.rsplit('/').next().unwrap();
    name.split('?').next().unwrap()
}

/// Returns standard error with `SERVER` for the host and port of the URL and `NAME` for its database.
fn redact(output: &Output, url: &str) -> String {
    let (server, _) = url.split_once('@').unwrap().1.rsplit_once('/').unwrap();
    // Messages leave out the default port.
    let server = server.strip_suffix(":5432").unwrap_or(server);
    String::from_utf8_lossy(&output.stderr)
        .replace(server, "SERVER")
        .replace(database_name(url), "NAME")
}
