//! `wsdb adopt`: databases of the earlier Python tool.

use std::path::{Path, PathBuf};
use std::process::Command;

use insta::assert_snapshot;
use wsdb_tests::TestWorkspace;
use wsdb_tests::old_database::{Contents, Shape, columns_by_table, contents, create, fill};
use wsdb_tests::store::{Database, Lock, sqlite_execute, sqlite_rows};

const SHAPES: [Shape; 2] = [Shape::Later, Shape::Older];

/// Creates an old database with rows in a workspace, and returns its path.
fn old_database(workspace: &TestWorkspace, shape: Shape, rows: usize) -> PathBuf {
    let path = workspace.path().join("workspace.db");
    create(&path, shape);
    fill(&path, rows);
    path
}

/// A task with a value in each column that has to have one.
const TASK: &str = "INSERT INTO workspace_tasks (id, title, status, created, updated) \
                    VALUES ('WS-TASK-001', 'Move pricing', 'pending', '2025-11-20', '2025-11-20')";

/// Returns the files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names
}

fn assert_same(old: &Contents, new: &Contents) {
    for (table, rows) in old {
        for (id, values) in rows {
            let found = &new[table].get(id);
            assert_eq!(found, &Some(values), "{table} {id}");
        }
    }
}

#[test]
fn every_value_is_kept() {
    for shape in SHAPES {
        let workspace = TestWorkspace::new();
        let path = old_database(&workspace, shape, 60);
        sqlite_execute(
            &path,
            "ALTER TABLE workspace_tasks ADD COLUMN \"due date\" TEXT;
             ALTER TABLE workspace_tasks ADD COLUMN completed INTEGER;
             ALTER TABLE session_decisions ADD COLUMN weight REAL;
             UPDATE workspace_tasks SET \"due date\" = 'day ' || rowid, completed = rowid WHERE rowid % 2;
             UPDATE session_decisions SET weight = rowid / 3.0;",
        );
        let columns = columns_by_table(&path);
        let old = contents(&path, &columns);
        let view = workspace.json(&["adopt"]);
        assert_eq!(view["outcome"], "adopted");
        assert_eq!(view["row_count"], 15 * 60);
        assert_eq!(view["unknown_columns"].as_array().unwrap().len(), 3);
        assert_same(&old, &contents(&path, &columns));
        let backup = PathBuf::from(view["backup"].as_str().unwrap());
        assert_eq!(contents(&backup, &columns), old, "the backup");
        let details = workspace.ok(&["task", "show", "workspace_tasks-0"]);
        assert!(details.contains("due date"), "{details}");
        // Every command can read what was adopted.
        for command in ["status", "handoff", "next", "history"] {
            workspace.ok(&[command]);
        }
        let again = workspace.json(&["adopt"]);
        assert_eq!(again["outcome"], "nothing_to_do");
        assert_eq!(
            files(workspace.path()),
            ["workspace.before-adopt.db", "workspace.db"]
        );
    }
}

#[test]
fn plan_and_result_are_printed() {
    let workspace = TestWorkspace::new();
    let path = workspace.path().join("workspace.db");
    create(&path, Shape::Later);
    sqlite_execute(&path, TASK);
    sqlite_execute(
        &path,
        "PRAGMA foreign_keys = OFF;
         INSERT INTO cross_repo_issues (id, issue_type, severity, title, detected, status, related_task_id)
         VALUES ('ISSUE-001', 'governance', 'HIGH', 'x', '2025-11-20', 'Open', 'WS-TASK-999');
         INSERT INTO session_activities (id, session_id, activity_type, description, time)
         VALUES ('a-1', 'gone', 'analysis', 'x', '2025-11-20 10:00:00');
         ALTER TABLE workspace_tasks ADD COLUMN reviewer TEXT;
         UPDATE workspace_tasks SET reviewer = 'jo';",
    );
    let before = std::fs::read(&path).unwrap();
    assert_snapshot!(workspace.redacted(&["adopt", "--dry-run"]), @r"
    TABLE                    RECORDS
    workspace_tasks          1
    workspace_sessions       0
    architecture_decisions   0
    cross_repo_issues        1
    session_activities       1
    session_decisions        0
    session_issues           0
    architecture_states      0
    component_placements     0
    architecture_tasks       0
    drift_scans              0
    drift_detections         0
    context_switches         0
    configuration_snapshots  0
    configuration_changes    0

    Dry run: 3 records would be adopted; nothing was written
    ");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(files(workspace.path()), ["workspace.db"]);
    let output = workspace.run(&["adopt"]);
    assert_snapshot!(workspace.text(&output.stdout), @r"
    TABLE                    RECORDS
    workspace_tasks          1
    workspace_sessions       0
    architecture_decisions   0
    cross_repo_issues        1
    session_activities       1
    session_decisions        0
    session_issues           0
    architecture_states      0
    component_placements     0
    architecture_tasks       0
    drift_scans              0
    drift_detections         0
    context_switches         0
    configuration_snapshots  0
    configuration_changes    0

    Adopted 3 records in DIR/workspace.db
    Backup of the old database: DIR/workspace.before-adopt.db
    ");
    assert_snapshot!(workspace.text(&output.stderr), @r#"
    warning: cross_repo_issues[ISSUE-001].status: "Open" was read as open
    warning: workspace_sessions[gone]: the session does not exist, but activities or links belong to it; a session with this ID is added
    warning: cross_repo_issues[ISSUE-001]: issue ISSUE-001: related task WS-TASK-999 does not exist
    note: column workspace_tasks.reviewer is kept as another field
    note: indexes of the old tables were replaced with those of wsdb: ix_workspace_tasks_status
    note: tables of other programs were not changed: agent_history, tasks
    note: if scripts also write to this file, run 'wsdb adopt --journal delete': SQLite versions before 3.51.3 can damage a file in WAL mode if two programs write to it at the same time
    "#);
    assert_snapshot!(workspace.redacted(&["adopt"]), @"Nothing to adopt: DIR/workspace.db is already a wsdb database");
    assert_snapshot!(workspace.redacted(&["session", "show", "gone"]), @r"
    gone
    status         completed
    start          2025-11-20 10:00
    end            2025-11-20 10:00
    handoff notes  Added by 'wsdb adopt': the old database had activities or links of this session, but not the session.

    TIME              TYPE      DESCRIPTION  FILES  OUTCOME
    2025-11-20 10:00  analysis  x
    ");
    assert_snapshot!(workspace.redacted(&["history"]), @r"
    CHANGE  WHEN      ACTOR  COMMAND  RECORDS                                                              UNDO  SESSION
    #1      just now  mira   adopt    added task WS-TASK-001, session gone, issue ISSUE-001, activity a-1
    ");
}

#[test]
fn other_commands_name_the_tool_and_adopt() {
    let workspace = TestWorkspace::new();
    old_database(&workspace, Shape::Later, 1);
    for command in [
        &["status"][..],
        &["task", "add", "x"],
        &["init"],
        &["export"],
    ] {
        let error = workspace.error(command);
        assert_eq!(error["code"], "not_ours", "{command:?}");
        assert!(
            error["hint"].as_str().unwrap().contains("wsdb adopt"),
            "{error}"
        );
    }
    assert_eq!(files(workspace.path()), ["workspace.db"]);
}

#[test]
fn unknown_values_are_refused_unless_they_are_mapped() {
    let workspace = TestWorkspace::new();
    let path = old_database(&workspace, Shape::Later, 3);
    sqlite_execute(
        &path,
        "UPDATE workspace_tasks SET status = 'wontfix' WHERE id = 'workspace_tasks-1';
         UPDATE drift_scans SET scan_start = 'soon' WHERE id = 'drift_scans-2';
         UPDATE context_switches SET operations_count = 'many' WHERE id = 'context_switches-0';
         UPDATE workspace_sessions SET user = x'ff' WHERE id = 'workspace_sessions-1';
         UPDATE architecture_decisions SET rationale = CAST(x'ff' AS TEXT) WHERE id LIKE '%-1';",
    );
    let before = std::fs::read(&path).unwrap();
    assert_snapshot!(workspace.fails(1, &["adopt"]), @r#"
    error: 5 records cannot be adopted; nothing was changed
           DIR/workspace.db, workspace_tasks[workspace_tasks-1].status: unknown task status "wontfix" (expected one of: pending, approved, planning, in_progress, blocked, deferred, backlog, completed, closed, cancelled)
           DIR/workspace.db, workspace_sessions[workspace_sessions-1].user: expected text or a number, found binary data
           DIR/workspace.db, architecture_decisions[architecture_decisions-1].rationale: the text is not valid UTF-8
           DIR/workspace.db, drift_scans[drift_scans-2].scan_start: invalid time "soon" (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)
           DIR/workspace.db, context_switches[context_switches-0].operations_count: expected an integer, found a string
    hint: map unknown values with --map FIELD.VALUE=KNOWN, or correct the values with sqlite3
    "#);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    sqlite_execute(
        &path,
        "UPDATE drift_scans SET scan_start = '2025-11-20';
         UPDATE context_switches SET operations_count = 1;
         UPDATE workspace_sessions SET user = 'jo';
         UPDATE architecture_decisions SET rationale = NULL;",
    );
    workspace.ok(&["adopt", "--map", "status.wontfix=closed"]);
    let task = workspace.json(&["task", "show", "workspace_tasks-1"]);
    assert_eq!(task["status"], "closed");
    let error = workspace.fails(2, &["adopt", "--map", "team=assigned_to"]);
    assert!(error.contains("FIELD.VALUE=KNOWN"), "{error}");
}

#[test]
fn objects_of_other_programs_prevent_it() {
    let workspace = TestWorkspace::new();
    let path = old_database(&workspace, Shape::Later, 1);
    sqlite_execute(
        &path,
        "CREATE TABLE id_series (x);
         CREATE VIEW search_rows AS SELECT 1;
         CREATE INDEX IX_workspace_tasks_created ON tasks (note);
         CREATE TABLE notes (task REFERENCES Workspace_Tasks (id));
         CREATE VIEW open_tasks AS SELECT * FROM workspace_tasks;
         CREATE TRIGGER log_task AFTER INSERT ON workspace_tasks BEGIN SELECT 1; END;
         CREATE TRIGGER log_history AFTER INSERT ON agent_history
         BEGIN UPDATE cross_repo_issues SET title = 'x'; END;
         CREATE VIEW fine AS SELECT * FROM agent_history;
         ALTER TABLE drift_scans RENAME COLUMN scan_start TO start;",
    );
    let before = std::fs::read(&path).unwrap();
    assert_snapshot!(workspace.fails(1, &["adopt"]), @r"
    error: DIR/workspace.db cannot be adopted; nothing was changed
           index IX_workspace_tasks_created has a name that wsdb uses itself
           table drift_scans was not created by the earlier tool: it lacks scan_start
           table id_series has a name that wsdb uses itself
           table notes refers to workspace_tasks
           trigger log_history refers to cross_repo_issues
           trigger log_task refers to workspace_tasks
           view open_tasks refers to workspace_tasks
           view search_rows has a name that wsdb uses itself
    hint: rename or drop them with sqlite3 first, or read the file into another database with 'wsdb adopt --from FILE --into URL'
    ");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(files(workspace.path()), ["workspace.db"]);
}

/// The old file does not change, so nothing in it is in the way.
#[test]
fn objects_of_other_programs_do_not_prevent_adopting_into_another_database() {
    let workspace = TestWorkspace::new();
    let path = old_database(&workspace, Shape::Later, 1);
    sqlite_execute(
        &path,
        "CREATE TABLE id_series (x); CREATE VIEW open_tasks AS SELECT * FROM workspace_tasks;",
    );
    let view = workspace.json(&["adopt", "--from", "workspace.db", "--into", "new.db"]);
    assert_eq!(view["outcome"], "adopted");
}

/// A script that was killed leaves its last changes in the log of the file.
#[test]
fn rows_in_the_log_are_adopted() {
    let killed = TestWorkspace::new();
    let path = killed.path().join("workspace.db");
    create(&path, Shape::Later);
    // The log stays while the file is open.
    let writer = Lock::immediate(&path);
    writer.execute(TASK);
    writer.execute("COMMIT");
    let workspace = TestWorkspace::new();
    for file in files(killed.path())
        .iter()
        .filter(|file| !file.ends_with("-shm"))
    {
        std::fs::copy(killed.path().join(file), workspace.path().join(file)).unwrap();
    }
    assert_eq!(
        files(workspace.path()),
        ["workspace.db", "workspace.db-wal"]
    );
    assert_eq!(workspace.json(&["adopt", "--dry-run"])["row_count"], 1);
    assert_eq!(workspace.json(&["adopt"])["row_count"], 1);
    assert_eq!(workspace.json(&["task", "list"])["total"], 1);
}

#[test]
fn locked_file_is_not_changed() {
    let workspace = TestWorkspace::new();
    let path = old_database(&workspace, Shape::Later, 1);
    let columns = columns_by_table(&path);
    let before = contents(&path, &columns);
    let lock = Lock::immediate(&path);
    let error = workspace.error(&["adopt", "--busy-timeout", "50ms"]);
    assert_eq!(error["code"], "busy");
    drop(lock);
    assert_eq!(contents(&path, &columns), before);
    assert_eq!(workspace.json(&["adopt"])["outcome"], "adopted");
}

#[test]
fn one_of_several_processes_adopts() {
    let workspace = TestWorkspace::new();
    old_database(&workspace, Shape::Later, 10);
    let start = |_| {
        let mut command = workspace.command(&["adopt", "--json"]);
        command
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap()
    };
    let processes: Vec<_> = (0..3).map(start).collect();
    let outcome = |process: std::process::Child| {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let view: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        view["outcome"].as_str().unwrap().to_owned()
    };
    let mut outcomes: Vec<String> = processes.into_iter().map(outcome).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["adopted", "nothing_to_do", "nothing_to_do"]);
    assert_eq!(
        files(workspace.path()),
        ["workspace.before-adopt.db", "workspace.db"]
    );
    assert_eq!(workspace.json(&["task", "list", "--all"])["total"], 10);
}

/// Nobody else can read the backup, and no earlier one is overwritten.
#[cfg(unix)]
#[test]
fn backup_is_private_and_new() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = TestWorkspace::new();
    let path = old_database(&workspace, Shape::Later, 2);
    let old = workspace.path().join("old.db");
    std::fs::copy(&path, &old).unwrap();
    workspace.ok(&["adopt"]);
    let backup = workspace.path().join("workspace.before-adopt.db");
    let mode = std::fs::metadata(&backup).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let first = std::fs::read(&backup).unwrap();
    std::fs::rename(&old, &path).unwrap();
    let second = workspace.json(&["adopt"])["backup"].clone();
    assert!(
        second
            .as_str()
            .unwrap()
            .ends_with("workspace.before-adopt-2.db"),
        "{second}"
    );
    assert_eq!(std::fs::read(&backup).unwrap(), first);
}

/// Their rows, numbers of rows, indexes and statements.
#[test]
fn tables_of_other_programs_do_not_change() {
    let workspace = TestWorkspace::new();
    let path = old_database(&workspace, Shape::Older, 5);
    sqlite_execute(
        &path,
        "CREATE VIRTUAL TABLE notes USING fts5(text); INSERT INTO notes VALUES ('pears');
         CREATE TABLE keyless (x); INSERT INTO keyless VALUES (1), (2), (3);
         DELETE FROM keyless WHERE x = 2; ANALYZE agent_history;",
    );
    let statements = [
        "SELECT rowid, id, hex(payload), typeof(score), score, hex(note) FROM tasks",
        "SELECT * FROM agent_history",
        "SELECT rowid, x FROM keyless",
        "SELECT * FROM notes WHERE notes MATCH 'pears'",
        "SELECT * FROM sqlite_sequence WHERE name = 'tasks'",
        "SELECT * FROM sqlite_stat1 WHERE tbl = 'agent_history'",
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name IN ('tasks', 'agent_history', 'keyless') OR tbl_name LIKE 'notes%' ORDER BY name",
    ];
    let before = sqlite_rows(&path, &statements);
    workspace.ok(&["adopt"]);
    assert_eq!(sqlite_rows(&path, &statements), before);
}

#[test]
fn journal_is_kept_at_every_later_opening() {
    let workspace = TestWorkspace::new();
    let path = old_database(&workspace, Shape::Later, 2);
    let journal = || sqlite_rows(&path, &["PRAGMA journal_mode"]).concat();
    workspace.ok(&["adopt", "--journal", "delete"]);
    assert_eq!(journal(), "delete");
    workspace.ok(&["task", "add", "x"]);
    workspace.ok(&["task", "list"]);
    assert_eq!(journal(), "delete");
    let view = workspace.json(&["adopt", "--journal", "wal"]);
    assert_eq!(
        (&view["outcome"], &view["journal"]),
        (&"nothing_to_do".into(), &"wal".into())
    );
    workspace.ok(&["task", "add", "y"]);
    assert_eq!(journal(), "wal");
    assert!(workspace.json(&["adopt", "--journal", "wal"])["journal"].is_null());
}

#[test]
fn old_database_is_read_into_another_one() {
    for target in [Some(Database::sqlite()), Database::postgres()]
        .into_iter()
        .flatten()
    {
        let workspace = TestWorkspace::new();
        let path = old_database(&workspace, Shape::Later, 20);
        let (from, url) = (workspace.path().join("old.db"), target.url());
        std::fs::rename(&path, &from).unwrap();
        let before = std::fs::read(&from).unwrap();
        let adopt = ["adopt", "--from", "old.db", "--into", &url];
        let planned = workspace.json(&[&adopt[..], &["--dry-run"]].concat());
        assert_eq!(planned["outcome"], "planned");
        assert_eq!(workspace.json(&adopt)["outcome"], "adopted");
        assert_eq!(std::fs::read(&from).unwrap(), before);
        let error = workspace.error(&adopt);
        assert_eq!(error["code"], "not_empty");
        // The digests do not depend on the database.
        let copied = workspace.json(&["copy", "--from", &url, "--to", "copied.db"]);
        std::fs::rename(&from, &path).unwrap();
        workspace.ok(&["adopt"]);
        let expected = workspace.json(&["copy", "--to", "expected.db"]);
        let tables = |view: &serde_json::Value| {
            let tables = view["tables"].as_array().unwrap().clone();
            let is_record = |it: &serde_json::Value| {
                columns_by_table(&path).contains_key(it["table"].as_str().unwrap())
            };
            tables.into_iter().filter(is_record).collect::<Vec<_>>()
        };
        assert_eq!(tables(&copied), tables(&expected));
        assert_eq!(tables(&copied).len(), 15);
    }
}

/// Runs a Python script with the path of the database; `None` if there is no Python.
fn run_python(path: &Path, script: &str) -> Option<Result<String, String>> {
    let output = Command::new("python3")
        .arg("-c")
        .arg(script)
        .arg(path)
        .output()
        .ok()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    Some(if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    })
}

#[test]
fn scripts_that_select_old_columns_keep_working() {
    const SELECT: &str = r#"
import sqlite3, sys, json
db = sqlite3.connect(sys.argv[1])
db.row_factory = sqlite3.Row
for row in db.execute("SELECT id, title, status, priority, created, reviewer, repos_affected, completed_at FROM workspace_tasks WHERE status != 'completed' ORDER BY id"):
    print(row["id"], row["title"], row["priority"], row["created"], row["reviewer"], json.loads(row["repos_affected"] or "[]"))
for row in db.execute("SELECT a.description, s.user FROM session_activities a JOIN workspace_sessions s ON s.id = a.session_id ORDER BY a.id"):
    print(tuple(row))
print(db.execute("SELECT count(*), sum(violations_found), max(scan_start) FROM drift_scans").fetchone()[:])
"#;
    for shape in SHAPES {
        let workspace = TestWorkspace::new();
        let path = old_database(&workspace, shape, 3);
        if shape == Shape::Older {
            sqlite_execute(
                &path,
                "ALTER TABLE workspace_tasks ADD COLUMN completed_at TIMESTAMP",
            );
        }
        sqlite_execute(
            &path,
            "ALTER TABLE workspace_tasks ADD COLUMN reviewer TEXT;
             UPDATE workspace_tasks SET reviewer = 'jo', created = '2025-11-20 21:07:47.847151';
             UPDATE drift_scans SET scan_start = '2025-11-21 10:58:29';",
        );
        let Some(before) = run_python(&path, SELECT) else {
            return;
        };
        let before = before.unwrap();
        workspace.ok(&["adopt"]);
        assert_eq!(run_python(&path, SELECT).unwrap().unwrap(), before);
    }
}

/// What a script of the old tool writes is either read by wsdb or refused by the database.
#[test]
fn scripts_that_write_are_safe_or_refused() {
    const INSERT: &str = r#"
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("INSERT INTO workspace_tasks (id, title, status, created, updated, repos_affected) VALUES ('WS-TASK-900', 'By a script', 'pending', '2025-11-20 21:07:47.847151', '2025-11-20 21:07:47', '[\"core\"]')")
db.execute("UPDATE workspace_tasks SET status = 'completed' WHERE id = 'workspace_tasks-1'")
db.commit()
"#;
    const REFUSED: &str = r#"
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE workspace_tasks SET reviewer = 'mira'")
"#;
    let workspace = TestWorkspace::new();
    let path = old_database(&workspace, Shape::Later, 3);
    sqlite_execute(
        &path,
        "ALTER TABLE workspace_tasks ADD COLUMN reviewer TEXT",
    );
    workspace.ok(&["adopt", "--journal", "delete"]);
    let Some(written) = run_python(&path, INSERT) else {
        return;
    };
    written.unwrap();
    let task = workspace.json(&["task", "show", "WS-TASK-900"]);
    assert_eq!(
        (&task["title"], &task["status"]),
        (&"By a script".into(), &"pending".into())
    );
    let done = workspace.json(&["task", "show", "workspace_tasks-1"]);
    assert_eq!(done["status"], "completed");
    let error = run_python(&path, REFUSED).unwrap().unwrap_err();
    assert!(error.contains("reviewer"), "{error}");
    assert_eq!(sqlite_rows(&path, &["PRAGMA integrity_check"]), ["ok"]);
}
