//! The tables are those of the files in use: names, columns, keys, and what may be NULL.

use std::collections::BTreeSet;

use wsdb_core::{Task, Timestamp};
use wsdb_store::schema::{self, MigrationStatus};
use wsdb_store::{Error, Store};
use wsdb_tests::store::Database;

use crate::run;

/// Table, columns of the files in use (`!`: NOT NULL), references, unique columns.
type Expected = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const TABLES: [Expected; 15] = [
    (
        "workspace_tasks",
        "id! title! description status! priority repos_affected dependencies created! updated! \
         session_created assigned_to notes related_files extra_metadata workflow_id assigned_repo \
         assigned_by bastard_plan_grade bastard_completion_grade scale_tier started_at completed_at",
        &[],
        &[],
    ),
    (
        "workspace_sessions",
        "id! start_time! end_time status! user ai_assistant handoff_notes",
        &[],
        &[],
    ),
    (
        "session_activities",
        "id! session_id! activity_type! description! files_created files_modified outcome time! \
         extra_metadata",
        &["session_id|workspace_sessions|id|CASCADE"],
        &[],
    ),
    (
        "session_decisions",
        "id! session_id! decision_id",
        &[
            "decision_id|architecture_decisions|id|NO ACTION",
            "session_id|workspace_sessions|id|CASCADE",
        ],
        &[],
    ),
    (
        "session_issues",
        "id! session_id! issue_id",
        &[
            "issue_id|cross_repo_issues|id|NO ACTION",
            "session_id|workspace_sessions|id|CASCADE",
        ],
        &[],
    ),
    (
        "cross_repo_issues",
        "id! issue_type! severity! title! description repos_affected detected! detected_by status! \
         action_required assigned_to related_task_id resolved_at resolved_by resolution_notes \
         extra_metadata",
        &["related_task_id|workspace_tasks|id|NO ACTION"],
        &[],
    ),
    (
        "architecture_decisions",
        "id! date! session! decision! repos_affected rationale status! impact related_files \
         documentation extra_metadata",
        &[],
        &[],
    ),
    (
        "architecture_states",
        "id! state_name! state_type! repo! architecture_doc_path state_data created_at! version \
         architecture_id description roadmap_file target_date status updated_at",
        &[],
        &["state_name"],
    ),
    (
        "component_placements",
        "id! component_name! component_type! correct_repo! correct_location architecture_state_id \
         rationale rules created_at! updated_at!",
        &["architecture_state_id|architecture_states|id|NO ACTION"],
        &[
            "component_name,architecture_state_id",
            // The same for a missing state, which otherwise could not be added later.
            "component_name,architecture_state_missing",
        ],
    ),
    (
        "architecture_tasks",
        // task_id was NOT NULL; a missing task is stored in task_missing instead.
        "id! task_id architecture_state_id architectural_goal component_id milestone priority \
         status! created_at!",
        &[
            "architecture_state_id|architecture_states|id|NO ACTION",
            "component_id|component_placements|id|NO ACTION",
            "task_id|workspace_tasks|id|NO ACTION",
        ],
        &[],
    ),
    (
        "drift_detections",
        "id! repo! violation_type! severity! file_path! component_name detected_rule \
         expected_location actual_location violation_details detected_at! detected_by status! \
         resolved_at resolved_by resolution_notes related_task_id extra_metadata",
        &[
            "related_task_id|workspace_tasks|id|NO ACTION",
            "scan_id|drift_scans|id|NO ACTION",
        ],
        &[],
    ),
    (
        "drift_scans",
        "id! scan_type! scan_start! scan_end repos_scanned violations_found violations_high \
         violations_medium violations_low status! triggered_by results_file",
        &[],
        &[],
    ),
    (
        "context_switches",
        "id! repo! repo_path! activated_at! deactivated_at activated_by context_id \
         previous_context context_notes duration_seconds operations_count",
        &[],
        &["context_id"],
    ),
    (
        "configuration_snapshots",
        "id! repo! snapshot_type! configuration_hash! snapshot_data taken_at! taken_by notes",
        &[],
        &[],
    ),
    (
        "configuration_changes",
        "id! repo! change_type! component_name file_path old_value new_value changed_at! \
         changed_by commit_hash drift_detection_id",
        &["drift_detection_id|drift_detections|id|NO ACTION"],
        &[],
    ),
];

#[test]
fn schema_has_fifteen_tables() {
    let database = Database::sqlite();
    run(async {
        let store = Store::connect(&database.url()).await.unwrap();
        store.close().await.unwrap();
    });
    for (table, columns, references, unique) in TABLES {
        let mut expected: BTreeSet<String> = columns.split(' ').map(str::to_owned).collect();
        let sql = format!(
            "SELECT name || CASE WHEN \"notnull\" THEN '!' ELSE '' END FROM pragma_table_info('{table}')"
        );
        let found: BTreeSet<String> = database.rows(&sql).into_iter().collect();
        let added: Vec<&String> = found.difference(&expected).collect();
        // What we added to a table may be NULL: scripts that insert don't know of it.
        assert!(
            added.iter().all(|column| !column.ends_with('!')),
            "{table}: {added:?}"
        );
        expected.retain(|column| !found.contains(column));
        assert!(expected.is_empty(), "{table} lacks {expected:?}: {found:?}");

        let sql = format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0");
        assert_eq!(database.rows(&sql), ["id"], "{table}'s key");
        let sql = format!(
            "SELECT \"from\", \"table\", \"to\", on_delete FROM pragma_foreign_key_list('{table}') ORDER BY 1"
        );
        assert_eq!(database.rows(&sql), references, "{table}'s references");
        let sql = format!(
            "SELECT (SELECT group_concat(name) FROM pragma_index_info(i.name)) AS columns
             FROM pragma_index_list('{table}') AS i WHERE \"unique\" AND origin <> 'pk' ORDER BY 1"
        );
        assert_eq!(database.rows(&sql), unique, "{table}'s unique columns");
    }
    assert_eq!(
        database.rows("PRAGMA foreign_key_check"),
        Vec::<String>::new()
    );
    assert_eq!(database.rows("PRAGMA integrity_check"), ["ok"]);
    assert_eq!(database.rows("PRAGMA journal_mode"), ["wal"]);
    // Every reference can be followed backwards without reading the whole table.
    for (table, _, references, _) in TABLES {
        for reference in references {
            let column = reference.split('|').next().unwrap_or_default();
            let sql = format!("EXPLAIN QUERY PLAN SELECT id FROM {table} WHERE {column} = 'x'");
            let plan = database.rows(&sql).join(" ");
            assert!(plan.contains("SEARCH"), "{table}.{column}: {plan}");
        }
    }
}

#[test]
fn goal_has_its_task_in_one_of_two_columns() {
    let database = Database::sqlite();
    let store = run(Store::connect(&database.url())).unwrap();
    let refused = std::panic::catch_unwind(|| {
        database.execute(
            "INSERT INTO architecture_tasks (id, status, created_at) VALUES ('G', 'pending', '2025-01-01')",
        );
    });
    assert!(refused.is_err(), "a goal without a task");
    database.execute(
        "INSERT INTO architecture_tasks (id, task_missing, status, created_at)
         VALUES ('G', 'T', 'pending', '2025-01-01')",
    );
    assert_eq!(run(store.architecture().goals().ids()).unwrap(), ["G"]);
}

/// Up, down, status and fresh, on a database of either kind.
fn steps(database: Option<Database>) {
    let Some(database) = database else { return };
    let url = database.url();
    let now: Timestamp = "2025-01-01".parse().unwrap();
    run(async {
        if !database.is_postgres() {
            let missing = Error::NoDatabase {
                path: url.replace("sqlite://", "").into(),
            };
            for refused in [
                schema::status(&url).await.map(drop),
                schema::down(&url).await.map(drop),
            ] {
                assert_eq!(refused.unwrap_err().to_string(), missing.to_string());
            }
        }
        let steps = schema::up(&url).await.unwrap();
        assert!(!steps.is_empty());
        assert_eq!(schema::up(&url).await.unwrap(), Vec::<String>::new());
        let migrations = |is_applied: bool| -> Vec<MigrationStatus> {
            let names = steps.iter().cloned();
            names
                .map(|name| MigrationStatus { name, is_applied })
                .collect()
        };
        assert_eq!(schema::status(&url).await.unwrap(), migrations(true));

        let store = Store::connect(&url).await.unwrap();
        let added = store.tasks().add(|id| Task::new(id, "x".into(), now)).await;
        assert_eq!(added.unwrap().id.as_str(), "WS-TASK-001");
        store.close().await.unwrap();
        assert_eq!(schema::reset(&url).await.unwrap(), steps);
        let store = Store::connect(&url).await.unwrap();
        assert_eq!(store.tasks().ids().await.unwrap(), Vec::<String>::new());
        let added = store.tasks().add(|id| Task::new(id, "x".into(), now)).await;
        assert_eq!(added.unwrap().id.as_str(), "WS-TASK-001", "the series, too");
        store.close().await.unwrap();

        // A database from before the last step is brought up to date by opening, and keeps what it has.
        schema::down(&url).await.unwrap();
        let store = Store::connect(&url).await.unwrap();
        assert_eq!(store.tasks().ids().await.unwrap(), ["WS-TASK-001"]);
        store.close().await.unwrap();
        assert_eq!(schema::status(&url).await.unwrap(), migrations(true));

        for step in steps.iter().rev() {
            assert_eq!(schema::down(&url).await.unwrap().as_ref(), Some(step));
        }
        assert_eq!(schema::down(&url).await.unwrap(), None);
        assert_eq!(schema::status(&url).await.unwrap(), migrations(false));
        // What was taken down is taken up again by opening.
        let store = Store::connect(&url).await.unwrap();
        assert_eq!(store.tasks().ids().await.unwrap(), Vec::<String>::new());
        store.close().await.unwrap();
        assert_eq!(schema::status(&url).await.unwrap(), migrations(true));
    });
}

#[test]
fn steps_on_sqlite() {
    steps(Some(Database::sqlite()));
}

#[test]
fn steps_on_postgres() {
    steps(Database::postgres());
}

/// The same tables and columns on both, with the types that come naturally; but for the words that
/// PostgreSQL keeps beside the texts, where SQLite has an index of its own.
#[test]
fn schemas_have_the_same_columns() {
    let Some(postgres) = Database::postgres() else {
        return;
    };
    let sqlite = Database::sqlite();
    for database in [&postgres, &sqlite] {
        run(async {
            let store = Store::connect(&database.url()).await.unwrap();
            store.close().await.unwrap();
        });
    }
    for (table, ..) in TABLES {
        let nullable = format!(
            "SELECT column_name, is_nullable FROM information_schema.columns
             WHERE table_name = '{table}' AND column_name <> 'search_words'
             ORDER BY column_name COLLATE \"C\""
        );
        let notnull = format!(
            "SELECT name, CASE \"notnull\" WHEN 1 THEN 'NO' ELSE 'YES' END FROM pragma_table_info('{table}') ORDER BY 1"
        );
        assert_eq!(postgres.rows(&nullable), sqlite.rows(&notnull), "{table}");
        let kinds = format!(
            "SELECT DISTINCT data_type FROM information_schema.columns
             WHERE table_name = '{table}' AND column_name <> 'search_words'"
        );
        for kind in postgres.rows(&kinds) {
            let natural = [
                "text",
                "jsonb",
                "timestamp without time zone",
                "bigint",
                "double precision",
            ];
            assert!(natural.contains(&kind.as_str()), "{table}: {kind}");
        }
    }
}
