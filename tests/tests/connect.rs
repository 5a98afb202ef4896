//! Opening databases: new ones, old ones, and files that are none of ours.

use std::path::Path;
use std::process::{Command, Stdio};

use wsdb_core::{Task, Timestamp};
use wsdb_store::{Error, Options, Store, schema};
use wsdb_tests::Folder;

fn url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

async fn error(path: &Path) -> Error {
    match Store::connect(&url(path)).await {
        Ok(_) => panic!("{} was opened", path.display()),
        Err(error) => error,
    }
}

/// Makes a database with the sqlite3 shell; `false`, loudly, where there is none.
fn sqlite3(path: &Path, sql: &str) -> Option<String> {
    match Command::new("sqlite3").arg(path).arg(sql).output() {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(error) => {
            eprintln!("NOT TESTED: the sqlite3 shell can't be run ({error}); install sqlite3");
            None
        }
    }
}

/// The folder's files with their bytes: nothing may be added or changed.
fn bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).unwrap_or_default())
        })
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn files_that_are_none_of_ours_are_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.db");
    let jpeg = [&b"\xFF\xD8\xFF\xE0"[..], &[0; 200]].concat();
    for content in [
        &b"text"[..],
        &[0; 100],
        &jpeg,
        b"SQLite format 3\0 truncated",
    ] {
        std::fs::write(&path, content).expect("written");
        let before = bytes(folder.path());
        assert!(matches!(error(&path).await, Error::NotADatabase { .. }));
        assert_eq!(bytes(folder.path()), before);
    }
    assert!(matches!(
        error(folder.path()).await,
        Error::NotADatabase { .. }
    ));
    for (sql, owner) in [
        (
            "CREATE TABLE notes (x); INSERT INTO notes VALUES (1);",
            "another program",
        ),
        (
            "CREATE TABLE workspace_tasks (id);",
            "the earlier Python tool",
        ),
    ] {
        std::fs::remove_file(&path).expect("removed");
        if sqlite3(&path, sql).is_none() {
            return;
        }
        let before = bytes(folder.path());
        let Error::NotOurs { owner: found, .. } = error(&path).await else {
            panic!("opened")
        };
        assert_eq!(found, owner);
        assert_eq!(bytes(folder.path()), before);
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.db");
    Store::connect(&url(&path))
        .await
        .expect("made")
        .close()
        .await
        .expect("closed");
    let mut content = std::fs::read(&path).expect("read");
    // The user version: https://www.sqlite.org/fileformat2.html#the_database_header
    content[60..64].copy_from_slice(&99u32.to_be_bytes());
    std::fs::write(&path, content).expect("written");
    let before = bytes(folder.path());
    let Error::NewerSchema { found, .. } = error(&path).await else {
        panic!("opened")
    };
    assert_eq!(found, 99);
    assert_eq!(bytes(folder.path()), before);
}

#[tokio::test]
async fn paths_mean_themselves() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in [
        "a?mode=ro.db",
        "b#c.db",
        "d%20e.db",
        "f g.db",
        "„Äpfel“ 🍐.db",
    ] {
        let path = folder.path().join(name);
        Store::connect(&url(&path))
            .await
            .expect(name)
            .close()
            .await
            .expect("closed");
        assert!(path.is_file(), "{name}");
    }
    let empty = folder.path().join("empty.db");
    std::fs::write(&empty, "").expect("written");
    Store::connect(&url(&empty))
        .await
        .expect("a file without a byte is new");
    let nowhere = folder.path().join("no/such/folder/x.db");
    assert!(
        error(&nowhere)
            .await
            .to_string()
            .ends_with("does not exist")
    );
    let options = Options {
        create: false,
        ..Options::default()
    };
    let missing = Store::connect_with(&url(&folder.path().join("none.db")), &options).await;
    assert!(matches!(missing, Err(Error::NoDatabase { .. })));
    for wrong in ["mysql://jo:secret@x", "nothing", "sqlite://"] {
        let Err(Error::Url(message)) = Store::connect(wrong).await else {
            panic!("{wrong}")
        };
        assert!(!message.contains("secret"), "{message}");
    }
    let memory = Store::connect("sqlite::memory:").await.expect("memory");
    assert_eq!(memory.tasks().all().await.expect("listed"), []);
}

#[test]
fn a_new_database_is_opened_by_many_processes_at_once() {
    for _ in 0..5 {
        let folder = Folder::new();
        let children: Vec<_> = (0..8)
            .map(|_| {
                folder
                    .command(&["init"])
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .expect("started")
            })
            .collect();
        for child in children {
            let output = child.wait_with_output().expect("ended");
            assert!(output.status.success(), "{output:?}");
        }
        folder.ok(&["task", "add", "x"]);
    }
}

#[tokio::test]
async fn steps_go_up_and_down() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = url(&folder.path().join("x.db"));
    assert!(matches!(
        schema::status(&url).await,
        Err(Error::NoDatabase { .. })
    ));
    let steps = schema::up(&url).await.expect("up");
    assert_eq!(steps.len(), 1);
    assert_eq!(schema::up(&url).await.expect("up").len(), 0);
    assert_eq!(
        schema::status(&url).await.expect("status"),
        [(steps[0].clone(), true)]
    );
    let store = Store::connect(&url).await.expect("opened");
    let now: Timestamp = "2025-01-01".parse().expect("a time");
    store
        .tasks()
        .add(|id| Task::new(id, "x".into(), now))
        .await
        .expect("added");
    store.close().await.expect("closed");
    assert_eq!(schema::fresh(&url).await.expect("fresh"), steps);
    let store = Store::connect(&url).await.expect("opened");
    assert_eq!(store.tasks().all().await.expect("listed"), []);
    store.close().await.expect("closed");
    assert_eq!(
        schema::down(&url).await.expect("down"),
        Some(steps[0].clone())
    );
    assert_eq!(
        schema::status(&url).await.expect("status"),
        [(steps[0].clone(), false)]
    );
}

/// schema.md: the fifteen tables with their columns.
const TABLES: &[(&str, &str)] = &[
    (
        "workspace_tasks",
        "id title description status priority repos_affected dependencies created updated session_created assigned_to notes related_files extra_metadata workflow_id assigned_repo assigned_by bastard_plan_grade bastard_completion_grade scale_tier started_at completed_at",
    ),
    (
        "workspace_sessions",
        "id start_time end_time status user ai_assistant handoff_notes",
    ),
    (
        "session_activities",
        "id session_id activity_type description files_created files_modified outcome time extra_metadata",
    ),
    ("session_decisions", "id session_id decision_id"),
    ("session_issues", "id session_id issue_id"),
    (
        "cross_repo_issues",
        "id issue_type severity title description repos_affected detected detected_by status action_required assigned_to related_task_id resolved_at resolved_by resolution_notes extra_metadata",
    ),
    (
        "architecture_decisions",
        "id date session decision repos_affected rationale status impact related_files documentation extra_metadata",
    ),
    (
        "architecture_states",
        "id state_name state_type repo architecture_doc_path state_data created_at version architecture_id description roadmap_file target_date status updated_at",
    ),
    (
        "component_placements",
        "id component_name component_type correct_repo correct_location architecture_state_id rationale rules created_at updated_at",
    ),
    (
        "architecture_tasks",
        "id task_id architecture_state_id architectural_goal component_id milestone priority status created_at",
    ),
    (
        "drift_detections",
        "id repo violation_type severity file_path component_name detected_rule expected_location actual_location violation_details detected_at detected_by status resolved_at resolved_by resolution_notes related_task_id extra_metadata",
    ),
    (
        "drift_scans",
        "id scan_type scan_start scan_end repos_scanned violations_found violations_high violations_medium violations_low status triggered_by results_file",
    ),
    (
        "context_switches",
        "id repo repo_path activated_at deactivated_at activated_by context_id previous_context context_notes duration_seconds operations_count",
    ),
    (
        "configuration_snapshots",
        "id repo snapshot_type configuration_hash snapshot_data taken_at taken_by notes",
    ),
    (
        "configuration_changes",
        "id repo change_type component_name file_path old_value new_value changed_at changed_by commit_hash drift_detection_id",
    ),
];

#[tokio::test]
async fn the_tables_are_those_that_people_have() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.db");
    let store = Store::connect(&url(&path)).await.expect("made");
    let time: Timestamp = "2025-11-20T21:07:47.847".parse().expect("a time");
    store
        .tasks()
        .add(|id| Task::new(id, "x".into(), time))
        .await
        .expect("added");
    store.close().await.expect("closed");
    assert_eq!(TABLES.len(), 15);
    for (table, columns) in TABLES {
        let sql = format!("SELECT name FROM pragma_table_info('{table}')");
        let Some(found) = sqlite3(&path, &sql) else {
            return;
        };
        let found: Vec<&str> = found.lines().collect();
        for column in columns.split(' ') {
            assert!(found.contains(&column), "{table}.{column} is missing");
        }
    }
    // Six digits: `.847` would be 847 microseconds to the tools in use.
    let created = sqlite3(&path, "SELECT created FROM workspace_tasks").expect("the shell");
    assert_eq!(created.trim(), "2025-11-20 21:07:47.847000");
    assert_eq!(
        sqlite3(&path, "PRAGMA journal_mode")
            .expect("the shell")
            .trim(),
        "wal"
    );

    sqlite3(&path, "UPDATE workspace_tasks SET status = 'wontfix'").expect("the shell");
    let store = Store::connect(&url(&path)).await.expect("opened");
    let error = store
        .tasks()
        .all()
        .await
        .expect_err("a value that is none")
        .to_string();
    assert!(
        error.starts_with("table workspace_tasks, row WS-TASK-001, column status: \"wontfix\""),
        "{error}"
    );
}
