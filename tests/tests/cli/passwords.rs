//! Passwords in URLs: no message shows them.

use insta::assert_snapshot;
use wsdb_tests::TestWorkspace;

const SECRET: &str = "s3cretw0rd";

#[test]
fn password_in_the_settings_is_not_shown() {
    let workspace = TestWorkspace::new();
    let url = format!("postgres://jo:{SECRET}@db/x");
    for (settings, reason) in [
        (
            format!("# comment\n databse = \"{url}\"\n"),
            "line 2, column 2: unknown key databse",
        ),
        (format!("database = \"{url}\n"), "line 1, column "),
        (format!("database = {url}\n"), "line 1, column "),
        (format!("{url}\n"), "line 1, column "),
        (format!("\"{url}\" = 1\n"), "line 1, column 1: unknown key"),
        (format!("database = [\"{url}\"]\n"), "line 1, column 12: "),
        (
            format!("database = \"postgres:jo:{SECRET}@db/x\"\n"),
            "PostgreSQL",
        ),
    ] {
        workspace.write(".wsdb.toml", &settings);
        for args in [&["status"][..], &["status", "--json"]] {
            let output = workspace.run(args);
            let error = workspace.text(&output.stderr);
            // A malformed URL is one wherever it comes from.
            let code = if reason == "PostgreSQL" { 2 } else { 1 };
            assert_eq!(output.status.code(), Some(code), "{settings}{error}");
            assert!(!error.contains(SECRET), "{settings}{error}");
            assert!(error.contains(reason), "{settings}{error}");
        }
    }
}

#[test]
fn malformed_postgres_url_is_refused_and_not_shown() {
    let workspace = TestWorkspace::new();
    for prefix in [
        "postgres:jo:",
        "postgres//jo:",
        "postgres:/jo:",
        "postgresql:jo:",
    ] {
        let url = format!("{prefix}{SECRET}@db/x");
        let from_variable = workspace
            .command(&["init"])
            .env("WSDB_DATABASE_URL", &url)
            .output();
        for output in [
            workspace.run(&["init", "--database", &url]),
            workspace.run(&["copy", "--from", &url, "--to", "x.db"]),
            from_variable.unwrap(),
        ] {
            assert_eq!(output.status.code(), Some(2));
            assert_eq!(
                workspace.text(&output.stderr),
                "\
error: a PostgreSQL URL must begin with postgres://
hint: use postgres://USER@HOST/NAME for PostgreSQL, or the path of a SQLite file
"
            );
        }
    }
    let files = std::fs::read_dir(workspace.path()).unwrap().count();
    assert_eq!(files, 0);
}

#[test]
fn password_in_another_argument_is_not_shown() {
    let workspace = TestWorkspace::with_workspace();
    for url in [
        format!("postgres://jo:{SECRET}@db.example/x"),
        format!("postgres://jo:{SECRET}'\"{SECRET} {SECRET}@db.example/x"),
        format!("postgres://jo:{SECRET},{SECRET}@db.example/x"),
        format!("postgresql://db.example/x?password={SECRET}"),
        format!("postgres:jo:{SECRET}@db.example/x"),
    ] {
        let status = format!("--status={url}");
        for args in [
            &[url.as_str()][..],
            &["status", &url],
            &["task", "list", &status],
            &["task", "list", "--status", &url],
            &["task", "list", "--priority", "--", &url],
            &["task", "add", "x", &format!("-p{url}")],
            &["session", "log", "x", "--type", &format!(" {url}")],
            &["task", "show", &url],
            &["task", "start", "7", "--expect", &url],
            &["undo", &url],
            &["task", "list", "--session", &url],
        ] {
            for options in [&[][..], &["--json"], &["--color", "always"]] {
                let output = workspace.run(&[args, options].concat());
                let all = workspace.text(&[&output.stdout[..], &output.stderr[..]].concat());
                assert!(!all.contains(SECRET), "{args:?}: {all}");
            }
        }
    }
}

#[test]
fn hidden_password_leaves_the_rest_of_the_message() {
    let url = format!("postgres://jo:{SECRET}@db.example/x");
    assert_snapshot!(TestWorkspace::new().fails(2, &[&url]), @"
    error: unrecognized subcommand 'postgres://…'

    Usage: wsdb [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}
