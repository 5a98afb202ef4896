//! Failures of files, disks, permissions and standard streams, and passwords that must not be shown.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::server::server;
use wsdb_tests::store::{Database, sqlite_execute};
use wsdb_tests::{TestWorkspace, binary};

const SECRET: &str = "s3cretw0rd";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn code(output: &Output) -> (Option<i32>, String) {
    let error: Value = serde_json::from_slice(&output.stderr)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)));
    let code = error["error"]["code"].as_str().unwrap().to_owned();
    (output.status.code(), code)
}

#[test]
fn password_in_the_settings_is_not_shown() {
    let workspace = TestWorkspace::new();
    let url = format!("postgres://jo:{SECRET}@db/x");
    for (settings, reason) in [
        (
            format!("# ours\n databse = \"{url}\"\n"),
            "line 2, column 2: unknown field `databse`, expected `database`",
        ),
        (format!("database = \"{url}\n"), "line 1, column "),
        (format!("database = {url}\n"), "line 1, column "),
        (format!("{url}\n"), "line 1, column "),
        (
            format!("\"{url}\" = 1\n"),
            "line 1, column 1: unknown field",
        ),
        (format!("database = [\"{url}\"]\n"), "line 1, column 12: "),
        (
            format!("database = \"postgres:jo:{SECRET}@db/x\"\n"),
            "PostgreSQL",
        ),
    ] {
        std::fs::write(workspace.path().join(".wsdb.toml"), &settings).unwrap();
        for args in [&["status"][..], &["status", "--json"]] {
            let output = workspace.command(args).output().unwrap();
            let error = text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{settings}{error}");
            assert!(!error.contains(SECRET), "{settings}{error}");
            assert!(error.contains(reason), "{settings}{error}");
        }
    }
}

#[test]
fn malformed_postgres_url_is_refused_and_not_shown() {
    let workspace = TestWorkspace::new();
    for almost in [
        "postgres:jo:",
        "postgres//jo:",
        "postgres:/jo:",
        "postgresql:jo:",
    ] {
        let url = format!("{almost}{SECRET}@db/x");
        let variable = workspace
            .command(&["init"])
            .env("WSDB_DATABASE_URL", &url)
            .output();
        for output in [
            workspace.run(&["init", "--database", &url]),
            workspace.run(&["copy", "--from", &url, "--to", "x.db"]),
            variable.unwrap(),
        ] {
            assert_eq!(output.status.code(), Some(1));
            assert_eq!(
                workspace.text(&output.stderr),
                "\
error: a PostgreSQL URL must begin with postgres://
hint: use postgres://USER@HOST/NAME for PostgreSQL, or the path of a SQLite file
"
            );
        }
    }
    let left = std::fs::read_dir(workspace.path()).unwrap().count();
    assert_eq!(left, 0, "nothing was made");
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
            for more in [&[][..], &["--json"], &["--color", "always"]] {
                let output = workspace.run(&[args, more].concat());
                let all = text(&[&output.stdout[..], &output.stderr[..]].concat());
                assert!(!all.contains(SECRET), "{args:?}: {all}");
            }
        }
    }
    assert_snapshot!(
        workspace.fails(2, &[&format!("postgres://jo:{SECRET}@db.example/x")]),
        @r"
    error: unrecognized subcommand 'postgres://…'

    Usage: wsdb [OPTIONS] <COMMAND>

    For more information, try '--help'.
    "
    );
}

/// Runs the binary as a user who may not do everything, as root may.
fn as_unprivileged_user(workspace: &TestWorkspace, args: &[&str]) -> Output {
    let mut command = match Command::new("id").arg("-u").output() {
        Ok(id) if text(&id.stdout).trim() == "0" => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]);
            command.arg(binary());
            command
        }
        _ => Command::new(binary()),
    };
    command
        .args(args)
        .current_dir(workspace.path())
        .env_remove("WSDB_WORKSPACE")
        .env_remove("WSDB_DATABASE_URL")
        .env("WSDB_ACTOR", "mira")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn allow(path: &Path, mode: u32) {
    let mode = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, mode).unwrap();
}

#[test]
fn read_only_file_or_folder() {
    let workspace = TestWorkspace::with_workspace();
    let file = workspace.path().join("workspace.db");
    let add = ["task", "add", "x", "--json"];
    allow(workspace.path(), 0o777);
    allow(&file, 0o666);
    assert_eq!(
        as_unprivileged_user(&workspace, &add).status.code(),
        Some(0),
        "the control"
    );
    allow(&file, 0o444);
    let output = as_unprivileged_user(&workspace, &["task", "add", "x"]);
    assert_snapshot!(workspace.text(&output.stderr), @"
    error: DIR/workspace.db: the file or its folder is not writable (attempt to write a readonly database)
    hint: get write access (SQLite needs it for the folder, too, even to read), or use another database with --database
    ");
    assert_eq!(
        code(&as_unprivileged_user(&workspace, &add)),
        (Some(1), "read_only".into())
    );
    allow(&file, 0o666);
    allow(workspace.path(), 0o555);
    let output = as_unprivileged_user(&workspace, &["task", "add", "x"]);
    assert_snapshot!(workspace.text(&output.stderr), @"
    error: DIR/workspace.db: the file or its folder is not writable (attempt to write a readonly database)
    hint: get write access (SQLite needs it for the folder, too, even to read), or use another database with --database
    ");
    assert_eq!(output.status.code(), Some(1));
    allow(&file, 0o000);
    assert_eq!(
        code(&as_unprivileged_user(&workspace, &add)),
        (Some(1), "not_opened".into())
    );
    let output = as_unprivileged_user(&workspace, &["init", "new", "--json"]);
    assert_eq!(code(&output), (Some(1), "folder".into()));
    allow(workspace.path(), 0o755);
}

#[test]
fn damaged_file() {
    let workspace = TestWorkspace::with_workspace();
    for n in 0..40 {
        workspace.ok(&["task", "add", &format!("task {n}")]);
    }
    let file = workspace.path().join("workspace.db");
    sqlite_execute(&file, "PRAGMA wal_checkpoint(TRUNCATE)");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[9000..].fill(0xAA);
    std::fs::write(&file, bytes).unwrap();
    let output = workspace.run(&["task", "list"]);
    assert_snapshot!(workspace.text(&output.stderr), @"
    error: DIR/workspace.db: the file is damaged (database disk image is malformed)
    hint: restore a backup; for a SQLite file, 'sqlite3 FILE .recover' saves what can still be read
    ");
    assert_eq!(output.status.code(), Some(1));
    let output = workspace.run(&["task", "add", "x", "--json"]);
    assert_eq!(code(&output), (Some(1), "damaged".into()));
}

/// Runs the binary with a limit on the size of files, in KiB.
fn limited(workspace: &TestWorkspace, kib: u32, args: &[&str]) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"");
    Command::new("bash")
        .args(["-c", &script])
        .arg(binary())
        .args(args)
        .current_dir(workspace.path())
        .env_remove("WSDB_WORKSPACE")
        .env_remove("WSDB_DATABASE_URL")
        .env("WSDB_ACTOR", "mira")
        .output()
        .unwrap()
}

#[test]
fn full_disk() {
    let workspace = TestWorkspace::with_workspace();
    let long = "x".repeat(100_000);
    let add = ["task", "add", "x", "--notes", &long];
    let output = limited(&workspace, 64, &add);
    assert_snapshot!(workspace.text(&output.stderr), @"
    error: DIR/workspace.db: the file cannot be read or written (disk I/O error)
    hint: nothing was changed; check for a full disk, a file size limit or a disk failure
    ");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(workspace.json(&["task", "list"])["total"], 0);
}

#[test]
fn result_that_cannot_be_written() {
    let workspace = TestWorkspace::with_workspace();
    let full = |args: &[&str]| {
        let stdout = std::fs::File::options().write(true).open("/dev/full");
        let mut command = workspace.command(args);
        command.stdout(stdout.unwrap());
        command.output().unwrap()
    };
    let output = full(&["task", "add", "x"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @"
    error: cannot write the output: No space left on device (os error 28); the change was made
    hint: check the current state before you run the command again
    ");
    let output = full(&["task", "ls"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @"error: cannot write the output: No space left on device (os error 28)");
    assert_eq!(
        code(&full(&["task", "ls", "--json"])),
        (Some(1), "output".into())
    );
    assert_eq!(full(&["--help"]).status.code(), Some(1));
    assert_eq!(workspace.json(&["task", "list"])["total"], 1);
}

#[test]
fn stdin_that_is_no_text() {
    let workspace = TestWorkspace::with_workspace();
    let file = workspace.path().join("latin1");
    std::fs::write(&file, b"caf\xe9").unwrap();
    let mut command = workspace.command(&["task", "add", "x", "--notes", "-"]);
    command.stdin(std::fs::File::open(&file).unwrap());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(workspace.text(&output.stderr), @"error: stdin is not valid UTF-8: incomplete utf-8 byte sequence from index 3");
}

#[test]
fn read_only_server() {
    if server().is_none() {
        return;
    }
    let database = Database::postgres().unwrap();
    let workspace = TestWorkspace::new();
    let run = |url: &str, args: &[&str]| {
        let mut command = workspace.command(args);
        command.env("WSDB_DATABASE_URL", url);
        command.output().unwrap()
    };
    let url = database.url();
    assert_eq!(run(&url, &["init"]).status.code(), Some(0));
    let name = database_name(&url);
    let role = format!("{name}_reader");
    database.execute(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD '{SECRET}'; \
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"
    ));
    let place = url.split_once('@').unwrap().1;
    let reader = format!("postgres://{role}:{SECRET}@{place}");
    let list = run(&reader, &["task", "list"]);
    let add = run(&reader, &["task", "add", "x"]);
    let added = run(&reader, &["task", "add", "x", "--json"]);
    database.execute(&format!(
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}; DROP ROLE {role}"
    ));
    // Where the server lets in without a password, or with this one, and else not at all.
    if list.status.success() {
        assert_snapshot!(redact(&add, &url), @"
        error: postgres://SERVER/NAME: permission denied for the database user (permission denied for table id_series)
        hint: nothing was changed; the owner of the database can GRANT the missing privilege
        ");
        assert_eq!(code(&added), (Some(1), "forbidden".into()));
    }
    database.execute(&format!(
        "ALTER DATABASE {name} SET default_transaction_read_only = on"
    ));
    let output = run(&url, &["task", "add", "x"]);
    assert_snapshot!(redact(&output, &url), @"
    error: postgres://SERVER/NAME: the database is read-only (cannot execute INSERT in a read-only transaction)
    hint: get write access (SQLite needs it for the folder, too, even to read), or use another database with --database
    ");
    let output = run(&url, &["task", "add", "x", "--json"]);
    assert_eq!(code(&output), (Some(1), "read_only".into()));
}

#[test]
fn server_with_another_encoding() {
    let Some(server) = server() else {
        return;
    };
    let database = Database::postgres_on(server);
    let latin1 = format!("{}_latin1", database_name(&database.url()));
    database.execute(&format!(
        "CREATE DATABASE {latin1} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    ));
    let workspace = TestWorkspace::new();
    let url = database
        .url()
        .replace(database_name(&database.url()), &latin1);
    let run = |args: &[&str]| {
        let mut command = workspace.command(args);
        command.env("WSDB_DATABASE_URL", &url);
        command.output().unwrap()
    };
    let (init, add) = (run(&["init"]), run(&["task", "add", "x", "--json"]));
    database.execute(&format!("DROP DATABASE {latin1} WITH (FORCE)"));
    assert_eq!(code(&add), (Some(1), "encoding".into()));
    assert_snapshot!(redact(&init, &url), @"
    error: postgres://SERVER/NAME: the database encoding is LATIN1; wsdb requires UTF8
    hint: create another one with 'createdb --template=template0 --encoding=UTF8 NAME'
    ");
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
