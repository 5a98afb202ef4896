//! `wsdb backup`: what it writes, and how backups are verified.

use std::path::{Path, PathBuf};

use serde_json::Value;
use wsdb_tests::store::{Database, Lock, sqlite_execute};
use wsdb_tests::{TestWorkspace, on_sqlite_and_postgres};

on_sqlite_and_postgres!(
    backup_has_the_digests_of_a_copy,
    drill_verifies_the_newest_backup,
    changed_backup_is_refused,
);

fn file(value: &Value) -> PathBuf {
    PathBuf::from(value["file"].as_str().expect("a file"))
}

/// Returns the names in a folder of the workspace, sorted.
fn names(workspace: &TestWorkspace, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(workspace.path().join(folder)).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn backup_has_the_digests_of_a_copy() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let copied = workspace.json(&["copy", "--to", "copy.db"]);
    let backup = workspace.json(&["backup"]);
    assert_eq!(backup["tables"], copied["tables"]);
    assert_eq!(backup["row_count"], copied["row_count"]);
    assert_eq!(backup["created_at"], backup["verified_at"]);
    let file = file(&backup);
    assert_eq!(file.parent(), Some(&*workspace.path().join("backups")));
    let verification: Value =
        serde_json::from_str(&workspace.read(backup["verification"].as_str().expect("a file")))
            .expect("a verification");
    assert_eq!(verification["verified_at"], backup["verified_at"]);
    assert_eq!(verification["sha256"], backup["sha256"]);
    assert_eq!(verification["manifest"]["tables"], backup["tables"]);
    // The database in it, for those who have no wsdb.
    let bytes = std::fs::read(file).expect("a backup");
    let database = zstd::decode_all(&bytes[..]).expect("a zstd file");
    workspace.write("plain.db", database);
    let tasks = workspace.json(&["task", "list", "--all", "--database", "plain.db"]);
    assert_eq!(tasks, workspace.json(&["task", "list", "--all"]));
}

#[test]
fn backup_prints_where_it_is() {
    let workspace = TestWorkspace::with_workspace();
    let text = workspace.redacted(&["backup"]);
    insta::assert_snapshot!(text, @"Wrote DIR/backups/workspace-20260115T100001Z.db.zst (14 KB, 0 rows); all tables verified");
    assert_eq!(
        names(&workspace, "backups"),
        [
            ".gitignore",
            "workspace-20260115T100001Z.db.zst",
            "workspace-20260115T100001Z.db.zst.verified.json"
        ]
    );
    assert_eq!(workspace.read("backups/.gitignore"), "*\n");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_a_backup() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = TestWorkspace::with_workspace();
    let file = file(&workspace.json(&["backup"]));
    let mode = std::fs::metadata(file)
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn existing_file_is_only_overwritten_with_force() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("w.db.zst", "mine");
    let error = workspace.error(&["backup", "w.db.zst"]);
    assert_eq!(error["code"], "file_exists");
    assert_eq!(workspace.read("w.db.zst"), "mine");
    workspace.ok(&["backup", "w.db.zst", "--force"]);
    workspace.ok(&["backup", "--drill", "w.db.zst"]);
    let names = names(&workspace, ".");
    let ours = ["w.db.zst", "w.db.zst.verified.json", "workspace.db"];
    assert_eq!(names, ours);
}

#[test]
fn database_is_not_overwritten() {
    let workspace = TestWorkspace::with_workspace();
    let database = std::fs::read(workspace.path().join("workspace.db")).expect("a database");
    for name in ["workspace.db", "./workspace.db", "workspace.db-wal"] {
        let error = workspace.fails(2, &["backup", name, "--force"]);
        assert!(error.contains("belongs to the database"), "{error}");
    }
    let after = std::fs::read(workspace.path().join("workspace.db")).expect("a database");
    assert_eq!(after, database);
}

/// The clock stands still, as for two processes in one second.
#[test]
fn backups_of_one_second_have_different_names() {
    let workspace = TestWorkspace::with_workspace();
    for _ in 0..3 {
        let mut command = workspace.command(&["backup"]);
        command.env("WSDB_TEST_NOW", "2026-01-15T12:00:00.5Z");
        assert!(command.output().expect("a command").status.success());
    }
    let names = names(&workspace, "backups");
    let backups: Vec<&String> = names.iter().filter(|name| name.ends_with(".zst")).collect();
    assert_eq!(
        backups,
        [
            "workspace-20260115T120000Z-2.db.zst",
            "workspace-20260115T120000Z-3.db.zst",
            "workspace-20260115T120000Z.db.zst"
        ]
    );
}

#[test]
fn oldest_backups_of_the_database_are_deleted() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["init", "--database", "other.db"]);
    let other = file(&workspace.json(&["backup", "--database", "other.db"]));
    workspace.write("backups/notes.db.zst", "mine");
    let made: Vec<PathBuf> = (0..3).map(|_| file(&workspace.json(&["backup"]))).collect();
    let newest = workspace.json(&["backup", "--keep", "2"]);
    let deleted: Vec<&str> = made[..2].iter().filter_map(|path| path.to_str()).collect();
    assert_eq!(newest["deleted"], Value::from(deleted));
    for path in &made[..2] {
        assert!(!path.exists());
        let verification = path.with_extension("zst.verified.json");
        assert!(!verification.exists());
    }
    for path in [&made[2], &file(&newest), &other] {
        assert!(path.exists(), "{}", path.display());
    }
    assert_eq!(workspace.read("backups/notes.db.zst"), "mine");
    workspace.fails(2, &["backup", "--keep", "0"]);
}

/// Another program holds the lock until the backup has given up.
#[test]
fn nothing_is_deleted_if_the_backup_fails() {
    let workspace = TestWorkspace::with_workspace();
    let made = file(&workspace.json(&["backup"]));
    let before = names(&workspace, "backups");
    let lock = Lock::immediate(&workspace.path().join("workspace.db"));
    let busy = ["backup", "--keep", "1", "--busy-timeout", "10ms"];
    assert_eq!(workspace.error(&busy)["code"], "busy");
    drop(lock);
    assert!(made.exists());
    assert_eq!(names(&workspace, "backups"), before);
}

#[test]
fn failed_backup_leaves_no_folder() {
    let workspace = TestWorkspace::with_workspace();
    let missing = ["backup", "--database", "missing.db"];
    assert_eq!(workspace.error(&missing)["code"], "no_database");
    workspace.write("text.db", "no database");
    let text = ["backup", "--database", "text.db"];
    assert_eq!(workspace.error(&text)["code"], "not_a_database");
    assert!(!workspace.path().join("backups").exists());
    let unwritable = ["backup", "missing/w.db.zst"];
    assert_eq!(workspace.error(&unwritable)["code"], "write");
}

/// A limit for the size of files has the same effect as a full disk.
#[cfg(target_os = "linux")]
#[test]
fn backup_without_space_leaves_nothing() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["backup", "w.db.zst"]);
    let database = std::fs::read(workspace.path().join("workspace.db")).expect("a database");
    let before = names(&workspace, ".");
    for command in ["backup", "restore w.db.zst", "backup --drill w.db.zst"] {
        let script = format!("trap '' XFSZ; ulimit -f 200; exec \"$0\" {command}");
        let mut shell = workspace.command_of(Path::new("sh"));
        shell.args(["-c", &script]).arg(wsdb_tests::binary());
        let output = shell.output().expect("a shell");
        let error = workspace.text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command}: {error}");
        assert_eq!(names(&workspace, "."), before, "{command}");
    }
    let after = std::fs::read(workspace.path().join("workspace.db")).expect("a database");
    assert_eq!(after, database);
}

#[test]
fn tables_of_other_programs_are_verified() {
    let workspace = TestWorkspace::with_workspace();
    let other = r#"CREATE TABLE "their ""notes""" (a, b); INSERT INTO "their ""notes""" VALUES (1, x'00');
        CREATE TABLE keyed (a PRIMARY KEY) WITHOUT ROWID; INSERT INTO keyed VALUES (0.1), ('b');
        CREATE TABLE numbers (rowid, oid, _rowid_); INSERT INTO numbers VALUES (1, 2, NULL), (1, 1, 1);
        CREATE TABLE many (a);
        WITH RECURSIVE n (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < 2000)
            INSERT INTO many SELECT a FROM n;
        DELETE FROM many WHERE a % 3 = 0;
        CREATE VIRTUAL TABLE words USING fts5(text); INSERT INTO words VALUES ('pear');"#;
    sqlite_execute(&workspace.path().join("workspace.db"), other);
    let backup = workspace.json(&["backup"]);
    let tables = backup["other_tables"].as_array().expect("tables");
    let counts: Vec<(&str, u64)> = tables
        .iter()
        .filter_map(|table| Some((table["table"].as_str()?, table["row_count"].as_u64()?)))
        .collect();
    let expected = [
        ("keyed", 2),
        ("many", 1334),
        ("numbers", 2),
        ("their \"notes\"", 1),
    ];
    assert_eq!(counts, expected);
    // A change of a value changes the digest.
    let change = "UPDATE keyed SET a = 0.2 WHERE a = 0.1";
    sqlite_execute(&workspace.path().join("workspace.db"), change);
    let changed = workspace.json(&["backup"]);
    assert_ne!(changed["other_tables"][0], backup["other_tables"][0]);
    assert_eq!(changed["other_tables"][1], backup["other_tables"][1]);
}

fn drill_verifies_the_newest_backup() {
    let workspace = TestWorkspace::with_workspace();
    assert_eq!(workspace.error(&["backup", "--drill"])["code"], "not_found");
    let first = workspace.json(&["backup"]);
    workspace.ok(&["task", "add", "Move pricing"]);
    let second = workspace.json(&["backup"]);
    let verified = workspace.json(&["backup", "--drill"]);
    assert_eq!(verified["file"], second["file"]);
    assert_eq!(verified["tables"], second["tables"]);
    assert_ne!(verified["verified_at"], second["verified_at"]);
    let verification = workspace.read(second["verification"].as_str().expect("a file"));
    let verification: Value = serde_json::from_str(&verification).expect("a verification");
    assert_eq!(verification["verified_at"], verified["verified_at"]);
    let named = workspace.json(&["backup", "--drill", first["file"].as_str().expect("a file")]);
    assert_eq!(named["file"], first["file"]);
    workspace.fails(2, &["backup", "--drill", "--keep", "1"]);
}

#[test]
fn damaged_backup_is_not_skipped_by_a_drill() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["backup"]);
    let newest = file(&workspace.json(&["backup"]));
    let bytes = std::fs::read(&newest).expect("a backup");
    for length in [bytes.len() - 1, bytes.len() / 2, 10] {
        std::fs::write(&newest, &bytes[..length]).expect("a file");
        assert_eq!(
            workspace.error(&["backup", "--drill"])["code"],
            "damaged_backup"
        );
    }
}

/// Every place of the file: its start, the compressed database, the manifest and the hashes.
fn changed_backup_is_refused() {
    let workspace = TestWorkspace::with_sample("handwritten");
    let backup = file(&workspace.json(&["backup"]));
    let bytes = std::fs::read(&backup).expect("a backup");
    let export = |name: &str| {
        workspace.ok(&["export", name]);
        workspace.read(&format!("{name}/WORKSPACE-TASKS.json"))
    };
    let before = export("before");
    let steps = 12;
    let places = (0..steps).map(|step| step * (bytes.len() - 1) / (steps - 1));
    for at in places.chain([4, 5, bytes.len() - 33, bytes.len() - 70]) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        std::fs::write(&backup, &changed).expect("a file");
        let name = backup.to_str().expect("a path");
        for command in [&["restore", name][..], &["backup", "--drill", name]] {
            let error = workspace.error(command);
            assert_eq!(error["code"], "damaged_backup", "byte {at}: {error}");
        }
    }
    assert_eq!(export("after"), before);
    let kept = |name: &String| name.contains("before-restore");
    assert!(!names(&workspace, ".").iter().any(kept));
}

#[test]
fn other_files_are_no_backups() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("text", "no backup");
    workspace.write("empty.db.zst", "");
    workspace.write(
        "other.zst",
        zstd::encode_all(&b"text"[..], 3).expect("a file"),
    );
    for (name, code) in [
        ("text", "not_a_backup"),
        ("empty.db.zst", "not_a_backup"),
        (".", "not_a_backup"),
        ("other.zst", "damaged_backup"),
        ("missing.db.zst", "unreadable"),
    ] {
        assert_eq!(workspace.error(&["restore", name])["code"], code, "{name}");
    }
}

/// A backup of a newer version of wsdb, whose schema this one does not know.
#[test]
fn backup_of_a_newer_schema_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    let path = workspace.path().join("newer.db");
    workspace.ok(&["copy", "--to", "newer.db"]);
    sqlite_execute(&path, "PRAGMA user_version = 9999");
    let error = workspace.error(&["restore", "newer.db"]);
    assert_eq!(error["code"], "newer_schema");
    assert!(!has_scratch(workspace.path()));
}

/// Returns whether a temporary folder was left behind.
fn has_scratch(folder: &Path) -> bool {
    let mut entries = std::fs::read_dir(folder).expect("a folder");
    entries.any(|entry| {
        let name = entry.expect("an entry").file_name();
        name.to_string_lossy().starts_with(".wsdb-scratch")
    })
}

#[test]
fn postgres_backup_is_beside_the_settings() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let workspace = TestWorkspace::new();
    workspace.write(".wsdb.toml", format!("database = '{}'", database.url()));
    workspace.ok(&["init"]);
    let file = file(&workspace.json(&["backup"]));
    assert_eq!(file.parent(), Some(&*workspace.path().join("backups")));
}
