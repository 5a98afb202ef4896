//! Databases as the earlier Python tool left them, and their contents in a form that does not depend on
//! who wrote them.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::{Value as Cell, ValueRef};
use rusqlite::{Connection, params_from_iter};
use serde_json::{Value, json};
use wsdb_core::Timestamp;

use crate::store::sqlite_execute;

/// The tables with their columns, in the form that most files have.
const TABLES: &[(&str, &str)] = &[
    (
        "workspace_tasks",
        "id VARCHAR(50) NOT NULL, title VARCHAR(500) NOT NULL, description TEXT, \
         status VARCHAR(50) NOT NULL, priority VARCHAR(20), repos_affected TEXT, dependencies TEXT, \
         created DATETIME NOT NULL, updated DATETIME NOT NULL, session_created VARCHAR(100), \
         assigned_to VARCHAR(100), notes TEXT, related_files TEXT, extra_metadata TEXT",
    ),
    (
        "workspace_sessions",
        "id VARCHAR(100) NOT NULL, start_time DATETIME NOT NULL, end_time DATETIME, \
         status VARCHAR(50) NOT NULL, user VARCHAR(100), ai_assistant VARCHAR(100), handoff_notes TEXT",
    ),
    (
        "session_activities",
        "id VARCHAR(50) NOT NULL, session_id VARCHAR(100) NOT NULL REFERENCES workspace_sessions (id) \
         ON DELETE CASCADE, activity_type VARCHAR(50) NOT NULL, description TEXT NOT NULL, \
         files_created TEXT, files_modified TEXT, outcome TEXT, time DATETIME NOT NULL, \
         extra_metadata TEXT",
    ),
    (
        "cross_repo_issues",
        "id VARCHAR(50) NOT NULL, issue_type VARCHAR(50) NOT NULL, severity VARCHAR(20) NOT NULL, \
         title VARCHAR(500) NOT NULL, description TEXT, repos_affected TEXT, detected DATETIME NOT NULL, \
         detected_by VARCHAR(100), status VARCHAR(50) NOT NULL, action_required TEXT, \
         assigned_to VARCHAR(100), related_task_id VARCHAR(50) REFERENCES workspace_tasks (id), \
         resolved_at DATETIME, resolved_by VARCHAR(100), resolution_notes TEXT, extra_metadata TEXT",
    ),
    (
        "architecture_decisions",
        "id VARCHAR(50) NOT NULL, date DATETIME NOT NULL, session VARCHAR(100) NOT NULL, \
         decision TEXT NOT NULL, repos_affected TEXT, rationale TEXT, status VARCHAR(50) NOT NULL, \
         impact VARCHAR(20), related_files TEXT, documentation TEXT, extra_metadata TEXT",
    ),
    (
        "session_decisions",
        "id VARCHAR(50) NOT NULL, session_id VARCHAR(100) NOT NULL REFERENCES workspace_sessions (id), \
         decision_id VARCHAR(50) REFERENCES architecture_decisions (id)",
    ),
    (
        "session_issues",
        "id VARCHAR(50) NOT NULL, session_id VARCHAR(100) NOT NULL REFERENCES workspace_sessions (id), \
         issue_id VARCHAR(50) REFERENCES cross_repo_issues (id)",
    ),
    (
        "architecture_states",
        "id VARCHAR(50) NOT NULL, state_name VARCHAR(200) NOT NULL UNIQUE, \
         state_type VARCHAR(50) NOT NULL, repo VARCHAR(100) NOT NULL, \
         architecture_doc_path VARCHAR(500), state_data TEXT, created_at DATETIME NOT NULL, \
         version VARCHAR(50)",
    ),
    (
        "component_placements",
        "id VARCHAR(50) NOT NULL, component_name VARCHAR(200) NOT NULL, \
         component_type VARCHAR(50) NOT NULL, correct_repo VARCHAR(100) NOT NULL, \
         correct_location VARCHAR(500), \
         architecture_state_id VARCHAR(50) REFERENCES architecture_states (id), rationale TEXT, \
         rules TEXT, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL",
    ),
    (
        "architecture_tasks",
        "id VARCHAR(50) NOT NULL, task_id VARCHAR(50) NOT NULL REFERENCES workspace_tasks (id), \
         architecture_state_id VARCHAR(50) REFERENCES architecture_states (id), \
         architectural_goal TEXT, component_id VARCHAR(50) REFERENCES component_placements (id), \
         milestone VARCHAR(200), priority VARCHAR(20), status VARCHAR(50) NOT NULL, \
         created_at DATETIME NOT NULL",
    ),
    (
        "drift_detections",
        "id VARCHAR(50) NOT NULL, repo VARCHAR(100) NOT NULL, violation_type VARCHAR(50) NOT NULL, \
         severity VARCHAR(20) NOT NULL, file_path VARCHAR(500) NOT NULL, component_name VARCHAR(200), \
         detected_rule VARCHAR(200), expected_location VARCHAR(500), actual_location VARCHAR(500), \
         violation_details TEXT, detected_at DATETIME NOT NULL, detected_by VARCHAR(100), \
         status VARCHAR(50) NOT NULL, resolved_at DATETIME, resolved_by VARCHAR(100), \
         resolution_notes TEXT, related_task_id VARCHAR(50) REFERENCES workspace_tasks (id), \
         extra_metadata TEXT",
    ),
    (
        "drift_scans",
        "id VARCHAR(50) NOT NULL, scan_type VARCHAR(50) NOT NULL, scan_start DATETIME NOT NULL, \
         scan_end DATETIME, repos_scanned TEXT, violations_found INTEGER, violations_high INTEGER, \
         violations_medium INTEGER, violations_low INTEGER, status VARCHAR(50) NOT NULL, \
         triggered_by VARCHAR(100), results_file VARCHAR(500)",
    ),
    (
        "context_switches",
        "id VARCHAR(50) NOT NULL, repo VARCHAR(100) NOT NULL, repo_path VARCHAR(500) NOT NULL, \
         activated_at DATETIME NOT NULL, deactivated_at DATETIME, activated_by VARCHAR(100), \
         context_id VARCHAR(50) UNIQUE, previous_context VARCHAR(100), context_notes TEXT, \
         duration_seconds FLOAT, operations_count INTEGER",
    ),
    (
        "configuration_snapshots",
        "id VARCHAR(50) NOT NULL, repo VARCHAR(100) NOT NULL, snapshot_type VARCHAR(50) NOT NULL, \
         configuration_hash VARCHAR(64) NOT NULL, snapshot_data TEXT, taken_at DATETIME NOT NULL, \
         taken_by VARCHAR(100), notes TEXT",
    ),
    (
        "configuration_changes",
        "id VARCHAR(50) NOT NULL, repo VARCHAR(100) NOT NULL, change_type VARCHAR(50) NOT NULL, \
         component_name VARCHAR(200), file_path VARCHAR(500), old_value TEXT, new_value TEXT, \
         changed_at DATETIME NOT NULL, changed_by VARCHAR(100), commit_hash VARCHAR(100), \
         drift_detection_id VARCHAR(50) REFERENCES drift_detections (id)",
    ),
];

/// The columns that later files add to the tasks.
const LATER_COLUMNS: &str = ", workflow_id TEXT, assigned_repo TEXT, assigned_by TEXT, \
     bastard_plan_grade TEXT, bastard_completion_grade TEXT, scale_tier INTEGER, \
     started_at TIMESTAMP, completed_at TIMESTAMP";

/// The states in the older files.
const OLDER_STATES: &str = "id VARCHAR(50) NOT NULL, repo VARCHAR(100) NOT NULL, \
     state_type VARCHAR(50) NOT NULL, version VARCHAR(20) NOT NULL, architecture_id VARCHAR(50), \
     description TEXT, roadmap_file VARCHAR(500), target_date DATETIME, status VARCHAR(50) NOT NULL, \
     created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL";

/// The tables of another program, with values of every type.
const OTHER_PROGRAM: &str = "
    CREATE TABLE tasks (id INTEGER PRIMARY KEY AUTOINCREMENT, payload BLOB, score REAL, note TEXT COLLATE NOCASE);
    CREATE TABLE agent_history (agent TEXT, seq INTEGER, PRIMARY KEY (agent, seq)) WITHOUT ROWID;
    CREATE INDEX idx_agent_history ON agent_history (seq DESC);
    INSERT INTO tasks (payload, score, note) VALUES (x'00ff10', 0.1, 'x'), (NULL, 1e300, CAST(x'ff' AS TEXT));
    DELETE FROM tasks WHERE id = 1;
    INSERT INTO agent_history VALUES ('a', 1), ('b', -9223372036854775808);
";

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// With the columns that were added last.
    Later,
    /// Without them, and with the older table of states.
    Older,
}

/// Creates the tables without rows, and those of another program.
pub fn create(path: &Path, shape: Shape) {
    let mut sql = "PRAGMA journal_mode = WAL;".to_owned();
    for (table, columns) in TABLES {
        let columns = match (*table, shape) {
            ("workspace_tasks", Shape::Later) => format!("{columns}{LATER_COLUMNS}"),
            ("architecture_states", Shape::Older) => OLDER_STATES.to_owned(),
            _ => (*columns).to_owned(),
        };
        let unique = match *table {
            "component_placements" => ", UNIQUE (component_name, architecture_state_id)",
            _ => "",
        };
        sql.push_str(&format!(
            "CREATE TABLE {table} ({columns}, PRIMARY KEY (id){unique});"
        ));
    }
    sql.push_str("CREATE INDEX ix_workspace_tasks_status ON workspace_tasks (status);");
    sqlite_execute(path, &format!("{sql}{OTHER_PROGRAM}"));
}

/// Adds rows to every table: values of every kind, most of them NULL, and references of which some
/// are to rows that do not exist.
pub fn fill(path: &Path, rows: usize) {
    let mut connection = open(path);
    let transaction = connection
        .transaction()
        .unwrap_or_else(|error| fail(path, error));
    for (table, _) in TABLES {
        let columns = columns(&transaction, table);
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let sql = format!(
            "INSERT INTO {table} (\"{}\") VALUES ({marks})",
            names.join("\", \"")
        );
        for row in 0..rows {
            let cells = columns.iter().enumerate();
            let cells = cells.map(|(position, column)| cell(table, column, row, position));
            transaction
                .execute(&sql, params_from_iter(cells))
                .unwrap_or_else(|error| fail(path, error));
        }
    }
    transaction
        .commit()
        .unwrap_or_else(|error| fail(path, error));
}

struct Column {
    name: String,
    kind: Kind,
    is_required: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Json,
    Time,
    Number,
}

/// The columns that hold JSON.
const JSON: &[&str] = &[
    "repos_affected",
    "dependencies",
    "related_files",
    "extra_metadata",
    "files_created",
    "files_modified",
    "documentation",
    "state_data",
    "rules",
    "repos_scanned",
    "snapshot_data",
];

fn columns(connection: &Connection, table: &str) -> Vec<Column> {
    let sql = "SELECT name, type, \"notnull\" FROM pragma_table_info(?)";
    let read = |row: &rusqlite::Row<'_>| {
        let (name, declared): (String, String) = (row.get(0)?, row.get(1)?);
        let kind = match declared.as_str() {
            _ if JSON.contains(&name.as_str()) => Kind::Json,
            "DATETIME" | "TIMESTAMP" => Kind::Time,
            "INTEGER" | "FLOAT" | "REAL" => Kind::Number,
            _ => Kind::Text,
        };
        Ok(Column {
            name,
            kind,
            is_required: row.get(2)?,
        })
    };
    let mut statement = connection
        .prepare(sql)
        .unwrap_or_else(|error| fail(Path::new(table), error));
    let rows = statement.query_map([table], read);
    let rows = rows.and_then(Iterator::collect::<Result<Vec<_>, _>>);
    rows.unwrap_or_else(|error| fail(Path::new(table), error))
}

/// Returns one of some values, a different one for each row and column.
fn pick<'v>(values: &[&'v str], row: usize, position: usize) -> &'v str {
    values[(row * 7 + position * 3 + row / 5) % values.len()]
}

const TEXTS: &[&str] = &[
    "Move pricing out of the core",
    "",
    "  padded  ",
    "line 1\nline 2\r\n\ttab",
    "quotes ' \" ` and \\ and %s ;--",
    "Zażółć gęślą jaźń 漢字 🦀 é\u{301}",
    "null",
    "N/A",
    "{\"looks\": \"like JSON\"}",
    "2025-11-20",
    "007",
    "\u{1b}[31mred\u{202e}",
];

const TIMES: &[&str] = &[
    "2025-11-20 21:07:47.847151",
    "2025-11-21 10:58:29",
    "2025-11-22",
    "2025-11-23T08:00:00Z",
    "2025-11-23T08:00:00.5+02:00",
    "1999-12-31 23:59:59.999999",
];

const LISTS: &[&str] = &[
    "[\"orchard-core\"]",
    "[\"orchard-web\", \"orchard-core\"]",
    "[]",
    "null",
    "[\"naïve\\u0301\", \"a, b\"]",
];

const OBJECTS: &[&str] = &[
    "{\"source\": \"review\", \"deep\": [1, {\"a\": null}]}",
    "{\"n\": 1.50, \"big\": 123456789012345678901234567890, \"e\": 1e400}",
    "{\"\": \"\", \"id\": \"not the ID\", \"status\": \"x\"}",
    "[1, \"two\", null]",
    "\"text\"",
    "null",
    "true",
];

/// Returns a value of a column, or NULL.
fn cell(table: &str, column: &Column, row: usize, position: usize) -> Cell {
    let name = column.name.as_str();
    if !column.is_required && (row + position).is_multiple_of(3) {
        return Cell::Null;
    }
    let text = |text: &str| Cell::Text(text.to_owned());
    let reference = |prefix: &str| {
        // Every fourth one is missing.
        let row = if row % 4 == 3 { row + 100_000 } else { row };
        Cell::Text(format!("{prefix}{row}"))
    };
    match (table, name) {
        (_, "id") => Cell::Text(format!("{table}-{row}")),
        (_, "session_id" | "session" | "session_created") => reference("workspace_sessions-"),
        (_, "related_task_id" | "task_id") => reference("workspace_tasks-"),
        (_, "decision_id") => reference("architecture_decisions-"),
        (_, "issue_id") => reference("cross_repo_issues-"),
        (_, "architecture_state_id") => reference("architecture_states-"),
        (_, "component_id") => reference("component_placements-"),
        (_, "drift_detection_id") => reference("drift_detections-"),
        (_, "state_name" | "context_id") => Cell::Text(format!("name {row}")),
        (_, "dependencies") => {
            Cell::Text(format!("[\"workspace_tasks-{}\", \"X-{row}\"]", row + 1))
        }
        (_, "component_name") => Cell::Text(format!("Component{row}")),
        (_, "configuration_hash") => Cell::Text(format!("{row:064x}")),
        (_, "priority" | "severity" | "impact") => {
            text(pick(&["CRITICAL", "HIGH", "MEDIUM", "LOW"], row, position))
        }
        ("workspace_tasks", "status") => text(pick(
            &[
                "pending",
                "in_progress",
                "completed",
                "blocked",
                "approved",
                "backlog",
                "deferred",
                "closed",
                "cancelled",
                "planning",
            ],
            row,
            position,
        )),
        ("workspace_sessions", "status") => {
            text(pick(&["in_progress", "completed"], row, position))
        }
        ("cross_repo_issues", "status") => {
            text(pick(&["open", "resolved", "closed"], row, position))
        }
        ("architecture_decisions", "status") => text(pick(
            &["implemented", "in_progress", "maintained", "planned"],
            row,
            position,
        )),
        ("architecture_states", "status") => text(pick(&["planned", "active"], row, position)),
        ("architecture_tasks", "status") => text(pick(&["pending", "completed"], row, position)),
        ("drift_detections", "status") => {
            text(pick(&["open", "resolved", "ignored"], row, position))
        }
        ("drift_scans", "status") => text(pick(&["running", "completed", "failed"], row, position)),
        (_, "issue_type") => text(pick(
            &["code_creep", "governance", "session_handoff"],
            row,
            position,
        )),
        (_, "activity_type") => text(pick(&["documentation", "analysis"], row, position)),
        (_, "detected_by") => text(pick(
            &["automated", "manual-review", "ci_cd"],
            row,
            position,
        )),
        (_, "state_type") => text(pick(
            &["master", "current", "target", "future", "deprecated"],
            row,
            position,
        )),
        (_, "component_type") => text(pick(
            &["class", "module", "package", "service"],
            row,
            position,
        )),
        (_, "violation_type") => text(pick(
            &["component_placement", "dependency", "scope", "pattern"],
            row,
            position,
        )),
        (_, "scan_type") => text(pick(&["full", "incremental", "pre_commit"], row, position)),
        (_, "triggered_by") => text(pick(&["user", "ci_cd", "scheduled"], row, position)),
        (_, "snapshot_type") => text(pick(&["full", "incremental"], row, position)),
        (_, "change_type") => text(pick(&["added", "removed", "modified"], row, position)),
        (_, "duration_seconds") => Cell::Real([0.1, 3600.0, 1e-9, 12345.678][row % 4]),
        (_, "extra_metadata" | "state_data" | "rules" | "snapshot_data") => {
            text(pick(OBJECTS, row, position))
        }
        (_, "description") if row == 2 => Cell::Text("huge ".repeat(200_000)),
        _ => match column.kind {
            Kind::Json => text(pick(LISTS, row, position)),
            Kind::Time => text(pick(TIMES, row, position)),
            Kind::Number => Cell::Integer([0, 1, -5, 4_294_967_296][row % 4]),
            Kind::Text => text(pick(TEXTS, row, position)),
        },
    }
}

/// The values of all rows, by table, id and column.
pub type Contents = BTreeMap<String, BTreeMap<String, BTreeMap<String, Value>>>;

/// The columns of each table of the earlier tool in a file.
pub fn columns_by_table(path: &Path) -> BTreeMap<String, Vec<String>> {
    let connection = open(path);
    let tables = TABLES.iter().map(|(table, _)| {
        let columns = columns(&connection, table);
        let names = columns.into_iter().map(|column| column.name);
        ((*table).to_owned(), names.collect())
    });
    tables.collect()
}

/// Returns the values of these columns: times as instants, JSON as JSON, and the ids of missing records
/// where the reference was. NULL, JSON null and empty lists are the same.
pub fn contents(path: &Path, columns: &BTreeMap<String, Vec<String>>) -> Contents {
    let connection = open(path);
    let mut contents = Contents::new();
    for (table, names) in columns {
        let existing = self::columns(&connection, table);
        let has = |name: &str| existing.iter().any(|column| column.name == name);
        let selected = names.iter().map(|name| {
            let missing = name
                .strip_suffix("_id")
                .map(|stem| format!("{stem}_missing"));
            match missing.filter(|missing| has(missing)) {
                Some(missing) => format!("coalesce(\"{name}\", \"{missing}\")"),
                None => format!("\"{name}\""),
            }
        });
        let selected: Vec<String> = selected.collect();
        let sql = format!("SELECT {} FROM {table}", selected.join(", "));
        let mut statement = connection
            .prepare(&sql)
            .unwrap_or_else(|error| fail(path, error));
        let mut rows = statement
            .query([])
            .unwrap_or_else(|error| fail(path, error));
        let rows_of_table = contents.entry(table.clone()).or_default();
        while let Some(row) = rows.next().unwrap_or_else(|error| fail(path, error)) {
            let mut values = BTreeMap::new();
            for (position, name) in names.iter().enumerate() {
                let cell = row
                    .get_ref(position)
                    .unwrap_or_else(|error| fail(path, error));
                values.insert(name.clone(), value(name, cell));
            }
            let id = values.get("id").cloned().unwrap_or_default();
            rows_of_table.insert(id.to_string(), values);
        }
    }
    contents
}

fn value(name: &str, cell: ValueRef<'_>) -> Value {
    match cell {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => json!(number as f64),
        ValueRef::Real(number) => json!(number),
        ValueRef::Blob(bytes) => json!(bytes),
        ValueRef::Text(text) => {
            let text = String::from_utf8_lossy(text).into_owned();
            if JSON.contains(&name) {
                // The canonical form compares numbers by value.
                let json: Option<wsdb_core::Json> = text.parse().ok();
                let canonical = json.map(|json| wsdb_core::to_canonical_json(&json));
                return match canonical.as_deref() {
                    Some("[]" | "null") => Value::Null,
                    Some(canonical) => json!(canonical),
                    None => json!(text),
                };
            }
            let is_time = TIME_COLUMNS.contains(&name);
            match text.parse::<Timestamp>() {
                Ok(time) if is_time => json!(time.to_string()),
                _ => json!(text),
            }
        }
    }
}

const TIME_COLUMNS: &[&str] = &[
    "created",
    "updated",
    "started_at",
    "completed_at",
    "start_time",
    "end_time",
    "time",
    "detected",
    "resolved_at",
    "date",
    "created_at",
    "updated_at",
    "target_date",
    "detected_at",
    "scan_start",
    "scan_end",
    "activated_at",
    "deactivated_at",
    "taken_at",
    "changed_at",
];

/// Opens a file as the earlier tool did: references are not checked.
fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap_or_else(|error| fail(path, error));
    let unchecked = connection.pragma_update(None, "foreign_keys", false);
    unchecked.unwrap_or_else(|error| fail(path, error));
    connection
}

fn fail(path: &Path, error: rusqlite::Error) -> ! {
    panic!("{}: {error}", path.display())
}
