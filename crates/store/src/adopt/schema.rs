//! The tables that the earlier tool left in a file, and what prevents adopting them.

use std::collections::BTreeSet;
use std::path::Path;

use sea_orm::sqlx;
use sea_orm::sqlx::sqlite::SqliteConnection;

use super::old_database::AdoptTarget;
use crate::sqlite_copy::driver_error;
use crate::{Error, Options, connect};

/// A table of the earlier tool, with the columns that it has in every file. `architecture_states`
/// exists in two forms, which have these in common.
struct KnownTable {
    name: &'static str,
    columns: &'static [&'static str],
}

const fn known(name: &'static str, columns: &'static [&'static str]) -> KnownTable {
    KnownTable { name, columns }
}

const TABLES: [KnownTable; 15] = [
    known(
        "workspace_tasks",
        &["id", "title", "status", "created", "updated"],
    ),
    known("workspace_sessions", &["id", "start_time", "status"]),
    known(
        "session_activities",
        &["id", "session_id", "activity_type", "description", "time"],
    ),
    known("session_decisions", &["id", "session_id", "decision_id"]),
    known("session_issues", &["id", "session_id", "issue_id"]),
    known(
        "cross_repo_issues",
        &[
            "id",
            "issue_type",
            "severity",
            "title",
            "detected",
            "status",
        ],
    ),
    known(
        "architecture_decisions",
        &["id", "date", "session", "decision", "status"],
    ),
    known(
        "architecture_states",
        &["id", "state_type", "repo", "created_at"],
    ),
    known(
        "component_placements",
        &[
            "id",
            "component_name",
            "component_type",
            "correct_repo",
            "created_at",
        ],
    ),
    known(
        "architecture_tasks",
        &["id", "task_id", "status", "created_at"],
    ),
    known(
        "drift_detections",
        &[
            "id",
            "repo",
            "violation_type",
            "severity",
            "file_path",
            "detected_at",
            "status",
        ],
    ),
    known("drift_scans", &["id", "scan_type", "scan_start", "status"]),
    known(
        "context_switches",
        &["id", "repo", "repo_path", "activated_at"],
    ),
    known(
        "configuration_snapshots",
        &[
            "id",
            "repo",
            "snapshot_type",
            "configuration_hash",
            "taken_at",
        ],
    ),
    known(
        "configuration_changes",
        &["id", "repo", "change_type", "changed_at"],
    ),
];

/// A table, view, index or trigger.
struct Object {
    kind: String,
    name: String,
    /// The table that an index or trigger belongs to.
    table: String,
    sql: String,
}

impl Object {
    fn is_table_of_old_tool(&self) -> bool {
        self.kind == "table" && known_table(&self.name).is_some() && !self.is_virtual()
    }

    fn is_virtual(&self) -> bool {
        let start = self.sql.split_ascii_whitespace().take(2);
        start.map(str::to_ascii_uppercase).eq(["CREATE", "VIRTUAL"])
    }

    /// Returns its kind and name, for messages.
    fn describe(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }
}

fn known_table(name: &str) -> Option<&'static KnownTable> {
    let mut tables = TABLES.iter();
    tables.find(|table| table.name.eq_ignore_ascii_case(name))
}

/// The schema of a file of the earlier tool.
pub(super) struct OldSchema {
    /// The tables of the earlier tool: their usual names and their columns.
    pub(super) tables: Vec<(&'static str, Vec<String>)>,
    /// The tables of other programs, which stay as they are.
    pub(super) other_tables: Vec<String>,
    /// The indexes of the earlier tool's tables, which are replaced with ours.
    pub(super) indexes: Vec<String>,
    /// The tables that only have the name of one of the earlier tool.
    different: Vec<String>,
    /// What of other programs prevents rebuilding the tables in the same file.
    obstacles: Vec<String>,
}

impl OldSchema {
    /// Checks that the tables can be adopted.
    ///
    /// # Errors
    /// [`Error::NotAdoptable`] with everything that prevents it.
    pub(super) fn check(&self, path: &Path, target: AdoptTarget) -> Result<(), Error> {
        let mut reasons = self.different.clone();
        if target == AdoptTarget::SameFile {
            reasons.extend(self.obstacles.iter().cloned());
        }
        if reasons.is_empty() {
            return Ok(());
        }
        reasons.sort_unstable();
        Err(Error::NotAdoptable {
            path: path.to_owned(),
            reasons,
        })
    }
}

/// Reads the schema of a file.
pub(super) async fn read(connection: &mut SqliteConnection) -> Result<OldSchema, Error> {
    let objects = objects(connection).await?;
    let mut schema = OldSchema {
        tables: Vec::new(),
        other_tables: Vec::new(),
        indexes: Vec::new(),
        different: Vec::new(),
        obstacles: Vec::new(),
    };
    let own_names = own_names().await?;
    for object in &objects {
        if object.is_table_of_old_tool() {
            let columns = columns(connection, &object.name).await?;
            let Some(table) = known_table(&object.name) else {
                continue;
            };
            let is_missing = |name: &&&str| !columns.iter().any(|it| it.eq_ignore_ascii_case(name));
            let missing: Vec<&str> = table.columns.iter().filter(is_missing).copied().collect();
            if missing.is_empty() {
                schema.tables.push((table.name, columns));
            } else {
                schema.different.push(format!(
                    "table {} was not created by the earlier tool: it lacks {}",
                    object.name,
                    missing.join(", ")
                ));
            }
            continue;
        }
        let belongs_to_old_tool = known_table(&object.table).is_some();
        if object.kind == "index" && belongs_to_old_tool {
            schema.indexes.push(object.name.clone());
            continue;
        }
        let is_ours = own_names.contains(&object.name.to_ascii_lowercase());
        if is_ours || known_table(&object.name).is_some() {
            let name = object.describe();
            let obstacle = format!("{name} has a name that wsdb uses itself");
            schema.obstacles.push(obstacle);
            continue;
        }
        if let Some(table) = referenced_table(connection, object).await? {
            let obstacle = format!("{} refers to {table}", object.describe());
            schema.obstacles.push(obstacle);
        } else if object.kind == "table" {
            schema.other_tables.push(object.name.clone());
        }
    }
    Ok(schema)
}

/// Returns the table of the earlier tool that an object of another program refers to.
async fn referenced_table(
    connection: &mut SqliteConnection,
    object: &Object,
) -> Result<Option<&'static str>, Error> {
    let names: Vec<String> = match object.kind.as_str() {
        "table" if !object.is_virtual() => {
            sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_list(?)")
                .bind(&object.name)
                .fetch_all(connection)
                .await
                .map_err(driver_error)?
        }
        // An index can only refer to its own table.
        "index" => Vec::new(),
        // A word in a comment counts, too: it is better to refuse too much.
        _ => {
            let words = object.sql.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.map(str::to_owned).collect()
        }
    };
    let mut tables = names.iter().filter_map(|name| known_table(name));
    Ok(tables.next().map(|table| table.name))
}

async fn objects(connection: &mut SqliteConnection) -> Result<Vec<Object>, Error> {
    let sql = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master \
               WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name";
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(sql)
        .fetch_all(connection)
        .await
        .map_err(driver_error)?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(kind, name, table, sql)| Object {
            kind,
            name,
            table,
            sql,
        })
        .collect())
}

async fn columns(connection: &mut SqliteConnection, table: &str) -> Result<Vec<String>, Error> {
    // Hidden columns are those that are computed.
    sqlx::query_scalar("SELECT name FROM pragma_table_xinfo(?)")
        .bind(table)
        .fetch_all(connection)
        .await
        .map_err(driver_error)
}

/// Returns the names of everything in a database of ours except the fifteen tables, in lower case.
async fn own_names() -> Result<BTreeSet<String>, Error> {
    let pool = connect::connect("sqlite::memory:", &Options::default()).await?;
    let mut names = BTreeSet::new();
    {
        let pool = pool.database.get_sqlite_connection_pool();
        let mut connection = pool.acquire().await.map_err(driver_error)?;
        for object in objects(&mut connection).await? {
            if known_table(&object.name).is_none() {
                names.insert(object.name.to_ascii_lowercase());
            }
        }
    }
    pool.database.close().await?;
    Ok(names)
}
