//! What goes wrong around the program: passwords in the wrong place, disks, files and rights, and
//! stdout that takes nothing.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;
use serde_json::Value;
use wsdb_tests::server::server;
use wsdb_tests::store::{Database, sqlite_execute};
use wsdb_tests::{Folder, binary};

const SECRET: &str = "s3cretw0rd";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What is said, with the folder's name left out.
fn said(folder: &Folder, output: &Output) -> String {
    text(&output.stderr).replace(&folder.path().display().to_string(), "DIR")
}

fn code(output: &Output) -> (Option<i32>, String) {
    let said: Value = serde_json::from_slice(&output.stderr)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)));
    let code = said["error"]["code"].as_str().expect("a code").to_owned();
    (output.status.code(), code)
}

#[test]
fn a_password_in_the_settings_is_not_shown() {
    let folder = Folder::new();
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
        std::fs::write(folder.path().join(".wsdb.toml"), &settings).expect("written");
        for args in [&["status"][..], &["status", "--json"]] {
            let output = folder.command(args).output().expect("started");
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{settings}{said}");
            assert!(!said.contains(SECRET), "{settings}{said}");
            assert!(said.contains(reason), "{settings}{said}");
        }
    }
}

#[test]
fn what_is_almost_a_url_is_no_file_and_is_not_shown() {
    let folder = Folder::new();
    for almost in [
        "postgres:jo:",
        "postgres//jo:",
        "postgres:/jo:",
        "postgresql:jo:",
    ] {
        let url = format!("{almost}{SECRET}@db/x");
        let variable = folder
            .command(&["init"])
            .env("WSDB_DATABASE_URL", &url)
            .output();
        for output in [
            folder.run(&["init", "--database", &url]),
            folder.run(&["copy", "--from", &url, "--to", "x.db"]),
            variable.expect("started"),
        ] {
            assert_eq!(output.status.code(), Some(1));
            assert_eq!(
                said(&folder, &output),
                "\
error: the database's URL begins like one of PostgreSQL, but not with postgres://
hint: a PostgreSQL database is named like postgres://USER@HOST/NAME, a SQLite file by its path
"
            );
        }
    }
    let left = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 0, "nothing was made");
}

#[test]
fn a_password_in_the_wrong_place_is_not_shown() {
    let folder = Folder::with_workspace();
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
                let output = folder.run(&[args, more].concat());
                let all = text(&[&output.stdout[..], &output.stderr[..]].concat());
                assert!(!all.contains(SECRET), "{args:?}: {all}");
            }
        }
    }
    assert_snapshot!(
        folder.fails(2, &[&format!("postgres://jo:{SECRET}@db.example/x")]),
        @r"
    error: unrecognized subcommand 'postgres://…'

    Usage: wsdb [OPTIONS] <COMMAND>

    For more information, try '--help'.
    "
    );
}

/// Runs the binary as a user who may not do everything, as root may.
fn as_nobody(folder: &Folder, args: &[&str]) -> Output {
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
        .current_dir(folder.path())
        .env_remove("WSDB_WORKSPACE")
        .env_remove("WSDB_DATABASE_URL")
        .env("WSDB_ACTOR", "mira")
        .stdin(Stdio::null())
        .output()
        .expect("started")
}

fn allow(path: &Path, mode: u32) {
    let mode = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, mode).expect("permissions");
}

#[test]
fn a_file_or_folder_that_is_read_only() {
    let folder = Folder::with_workspace();
    let file = folder.path().join("workspace.db");
    let add = ["task", "add", "x", "--json"];
    allow(folder.path(), 0o777);
    allow(&file, 0o666);
    assert_eq!(
        as_nobody(&folder, &add).status.code(),
        Some(0),
        "the control"
    );
    allow(&file, 0o444);
    let output = as_nobody(&folder, &["task", "add", "x"]);
    assert_snapshot!(said(&folder, &output), @r"
    error: DIR/workspace.db: the file, or the folder that it is in, can't be written to (attempt to write a readonly database)
    hint: nothing was changed; get the right to write to it, or name another database with --database
    ");
    assert_eq!(
        code(&as_nobody(&folder, &add)),
        (Some(1), "read_only".into())
    );
    allow(&file, 0o666);
    allow(folder.path(), 0o555);
    let output = as_nobody(&folder, &["task", "add", "x"]);
    assert_snapshot!(said(&folder, &output), @r"
    error: DIR/workspace.db: the file, or the folder that it is in, can't be written to (attempt to write a readonly database)
    hint: nothing was changed; get the right to write to it, or name another database with --database
    ");
    assert_eq!(output.status.code(), Some(1));
    allow(&file, 0o000);
    assert_eq!(
        code(&as_nobody(&folder, &add)),
        (Some(1), "not_opened".into())
    );
    let output = as_nobody(&folder, &["init", "new", "--json"]);
    assert_eq!(code(&output), (Some(1), "folder".into()));
    allow(folder.path(), 0o755);
}

#[test]
fn a_file_that_is_damaged() {
    let folder = Folder::with_workspace();
    for n in 0..40 {
        folder.ok(&["task", "add", &format!("task {n}")]);
    }
    let file = folder.path().join("workspace.db");
    sqlite_execute(&file, "PRAGMA wal_checkpoint(TRUNCATE)");
    let mut bytes = std::fs::read(&file).expect("read");
    bytes[9000..].fill(0xAA);
    std::fs::write(&file, bytes).expect("written");
    let output = folder.run(&["task", "list"]);
    assert_snapshot!(said(&folder, &output), @r"
    error: DIR/workspace.db: the file is damaged (database disk image is malformed)
    hint: put a copy in its place; of a SQLite file, `sqlite3 FILE .recover` saves what can be read still
    ");
    assert_eq!(output.status.code(), Some(1));
    let output = folder.run(&["task", "add", "x", "--json"]);
    assert_eq!(code(&output), (Some(1), "damaged".into()));
}

/// Runs the binary where files may not grow beyond so many KiB.
fn limited(folder: &Folder, kib: u32, args: &[&str]) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"");
    Command::new("bash")
        .args(["-c", &script])
        .arg(binary())
        .args(args)
        .current_dir(folder.path())
        .env_remove("WSDB_WORKSPACE")
        .env_remove("WSDB_DATABASE_URL")
        .env("WSDB_ACTOR", "mira")
        .output()
        .expect("started")
}

#[test]
fn a_disk_that_takes_no_more() {
    let folder = Folder::with_workspace();
    let long = "x".repeat(100_000);
    let add = ["task", "add", "x", "--notes", &long];
    let output = limited(&folder, 64, &add);
    assert_snapshot!(said(&folder, &output), @r"
    error: DIR/workspace.db: the file can't be read or written (disk I/O error)
    hint: nothing was changed; is the disk full, a limit on the size of files reached, or the disk broken?
    ");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(folder.json(&["task", "list"])["total"], 0);
}

#[test]
fn a_result_that_can_not_be_written() {
    let folder = Folder::with_workspace();
    let full = |args: &[&str]| {
        let stdout = std::fs::File::options().write(true).open("/dev/full");
        let mut command = folder.command(args);
        command.stdout(stdout.expect("/dev/full"));
        command.output().expect("started")
    };
    let output = full(&["task", "add", "x"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(said(&folder, &output), @r"
    error: the result can't be written: No space left on device (os error 28); the change was made all the same
    hint: look what is there before you do it again
    ");
    let output = full(&["task", "ls"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(said(&folder, &output), @"error: the result can't be written: No space left on device (os error 28)");
    assert_eq!(
        code(&full(&["task", "ls", "--json"])),
        (Some(1), "output".into())
    );
    assert_eq!(full(&["--help"]).status.code(), Some(1));
    assert_eq!(folder.json(&["task", "list"])["total"], 1);
}

#[test]
fn a_text_on_stdin_that_is_none() {
    let folder = Folder::with_workspace();
    let file = folder.path().join("latin1");
    std::fs::write(&file, b"caf\xe9").expect("written");
    let mut command = folder.command(&["task", "add", "x", "--notes", "-"]);
    command.stdin(std::fs::File::open(&file).expect("opened"));
    let output = command.output().expect("started");
    assert_eq!(output.status.code(), Some(2));
    assert_snapshot!(said(&folder, &output), @"error: stdin is no UTF-8 text: incomplete utf-8 byte sequence from index 3");
}

#[test]
fn a_server_that_lets_one_read_only() {
    if server().is_none() {
        return;
    }
    let database = Database::postgres().expect("a database");
    let folder = Folder::new();
    let run = |url: &str, args: &[&str]| {
        let mut command = folder.command(args);
        command.env("WSDB_DATABASE_URL", url);
        command.output().expect("started")
    };
    let url = database.url();
    assert_eq!(run(&url, &["init"]).status.code(), Some(0));
    let name = url.rsplit('/').next().expect("a name").to_owned();
    let name = name.split('?').next().expect("a name");
    let role = format!("{name}_reader");
    database.execute(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD '{SECRET}'; \
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"
    ));
    let place = url.split_once('@').expect("a user").1;
    let reader = format!("postgres://{role}:{SECRET}@{place}");
    let list = run(&reader, &["task", "list"]);
    let add = run(&reader, &["task", "add", "x"]);
    let added = run(&reader, &["task", "add", "x", "--json"]);
    database.execute(&format!(
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}; DROP ROLE {role}"
    ));
    // Where the server lets in without a password, or with this one, and else not at all.
    if list.status.success() {
        assert_snapshot!(said(&folder, &add).replace(name, "NAME").replace(&url, "URL"), @r"
        error: postgres://127.0.0.1/NAME: the user of the database has no right to do that (permission denied for table id_series)
        hint: nothing was changed; the owner of the database can GRANT the right
        ");
        assert_eq!(code(&added), (Some(1), "forbidden".into()));
    }
    database.execute(&format!(
        "ALTER DATABASE {name} SET default_transaction_read_only = on"
    ));
    let output = run(&url, &["task", "add", "x"]);
    assert_snapshot!(said(&folder, &output).replace(name, "NAME"), @r"
    error: postgres://127.0.0.1/NAME: the database takes no changes now (cannot execute INSERT in a read-only transaction)
    hint: nothing was changed; get the right to write to it, or name another database with --database
    ");
    let output = run(&url, &["task", "add", "x", "--json"]);
    assert_eq!(code(&output), (Some(1), "read_only".into()));
}

#[test]
fn a_server_with_another_encoding() {
    let Some(server) = server() else {
        return;
    };
    let database = Database::postgres_on(server);
    let latin1 = format!("{}_latin1", database_name(&database));
    database.execute(&format!(
        "CREATE DATABASE {latin1} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    ));
    let folder = Folder::new();
    let url = database.url().replace(&database_name(&database), &latin1);
    let run = |args: &[&str]| {
        let mut command = folder.command(args);
        command.env("WSDB_DATABASE_URL", &url);
        command.output().expect("started")
    };
    let (init, add) = (run(&["init"]), run(&["task", "add", "x", "--json"]));
    database.execute(&format!("DROP DATABASE {latin1} WITH (FORCE)"));
    assert_eq!(code(&add), (Some(1), "encoding".into()));
    assert_snapshot!(said(&folder, &init).replace(&latin1, "NAME"), @r"
    error: postgres://127.0.0.1/NAME: the database keeps texts as LATIN1, and wsdb needs one in UTF8
    hint: `createdb --template=template0 --encoding=UTF8 NAME` makes one that is right
    ");
}

fn database_name(database: &Database) -> String {
    let url = database.url();
    let name = url.rsplit('/').next().expect("a name");
    name.split('?').next().expect("a name").to_owned()
}
