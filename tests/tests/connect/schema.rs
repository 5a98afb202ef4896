//! The tables are those of the files in use: names, columns, keys, and what may be NULL.

use std::collections::BTreeSet;

use wsdb_store::Store;
use wsdb_tests::store::Database;

use crate::run;

/// A table of the files in use.
struct Table {
    name: &'static str,
    /// Names of the columns; `!` marks those that are NOT NULL.
    columns: &'static str,
    references: &'static [ForeignKey],
    /// Unique columns apart from the key.
    unique: &'static [&'static str],
}

/// A column that refers to the key of another table.
struct ForeignKey {
    column: &'static str,
    /// The other table.
    table: &'static str,
    /// What happens when the referenced row is deleted.
    on_delete: &'static str,
}

impl ForeignKey {
    const fn new(column: &'static str, table: &'static str, on_delete: &'static str) -> Self {
        ForeignKey {
            column,
            table,
            on_delete,
        }
    }
}

const TABLES: [Table; 15] = [
    Table {
        name: "workspace_tasks",
        columns: "id! title! description status! priority repos_affected dependencies created! updated! \
         session_created assigned_to notes related_files extra_metadata workflow_id assigned_repo \
         assigned_by bastard_plan_grade bastard_completion_grade scale_tier started_at completed_at",
        references: &[],
        unique: &[],
    },
    Table {
        name: "workspace_sessions",
        columns: "id! start_time! end_time status! user ai_assistant handoff_notes",
        references: &[],
        unique: &[],
    },
    Table {
        name: "session_activities",
        columns: "id! session_id! activity_type! description! files_created files_modified outcome time! \
         extra_metadata",
        references: &[ForeignKey::new(
            "session_id",
            "workspace_sessions",
            "CASCADE",
        )],
        unique: &[],
    },
    Table {
        name: "session_decisions",
        columns: "id! session_id! decision_id",
        references: &[
            ForeignKey::new("decision_id", "architecture_decisions", "NO ACTION"),
            ForeignKey::new("session_id", "workspace_sessions", "CASCADE"),
        ],
        unique: &[],
    },
    Table {
        name: "session_issues",
        columns: "id! session_id! issue_id",
        references: &[
            ForeignKey::new("issue_id", "cross_repo_issues", "NO ACTION"),
            ForeignKey::new("session_id", "workspace_sessions", "CASCADE"),
        ],
        unique: &[],
    },
    Table {
        name: "cross_repo_issues",
        columns: "id! issue_type! severity! title! description repos_affected detected! detected_by status! \
         action_required assigned_to related_task_id resolved_at resolved_by resolution_notes \
         extra_metadata",
        references: &[ForeignKey::new(
            "related_task_id",
            "workspace_tasks",
            "NO ACTION",
        )],
        unique: &[],
    },
    Table {
        name: "architecture_decisions",
        columns: "id! date! session! decision! repos_affected rationale status! impact related_files \
         documentation extra_metadata",
        references: &[],
        unique: &[],
    },
    Table {
        name: "architecture_states",
        columns: "id! state_name! state_type! repo! architecture_doc_path state_data created_at! version \
         architecture_id description roadmap_file target_date status updated_at",
        references: &[],
        unique: &["state_name"],
    },
    Table {
        name: "component_placements",
        columns: "id! component_name! component_type! correct_repo! correct_location architecture_state_id \
         rationale rules created_at! updated_at!",
        references: &[ForeignKey::new(
            "architecture_state_id",
            "architecture_states",
            "NO ACTION",
        )],
        unique: &[
            "component_name,architecture_state_id",
            // The same for a missing state, which otherwise could not be added later.
            "component_name,architecture_state_missing",
        ],
    },
    Table {
        name: "architecture_tasks",
        // task_id was NOT NULL; a missing task is stored in task_missing instead.
        columns: "id! task_id architecture_state_id architectural_goal component_id milestone priority \
         status! created_at!",
        references: &[
            ForeignKey::new("architecture_state_id", "architecture_states", "NO ACTION"),
            ForeignKey::new("component_id", "component_placements", "NO ACTION"),
            ForeignKey::new("task_id", "workspace_tasks", "NO ACTION"),
        ],
        unique: &[],
    },
    Table {
        name: "drift_detections",
        columns: "id! repo! violation_type! severity! file_path! component_name detected_rule \
         expected_location actual_location violation_details detected_at! detected_by status! \
         resolved_at resolved_by resolution_notes related_task_id extra_metadata",
        references: &[
            ForeignKey::new("related_task_id", "workspace_tasks", "NO ACTION"),
            ForeignKey::new("scan_id", "drift_scans", "NO ACTION"),
        ],
        unique: &[],
    },
    Table {
        name: "drift_scans",
        columns: "id! scan_type! scan_start! scan_end repos_scanned violations_found violations_high \
         violations_medium violations_low status! triggered_by results_file",
        references: &[],
        unique: &[],
    },
    Table {
        name: "context_switches",
        columns: "id! repo! repo_path! activated_at! deactivated_at activated_by context_id \
         previous_context context_notes duration_seconds operations_count",
        references: &[],
        unique: &["context_id"],
    },
    Table {
        name: "configuration_snapshots",
        columns: "id! repo! snapshot_type! configuration_hash! snapshot_data taken_at! taken_by notes",
        references: &[],
        unique: &[],
    },
    Table {
        name: "configuration_changes",
        columns: "id! repo! change_type! component_name file_path old_value new_value changed_at! \
         changed_by commit_hash drift_detection_id",
        references: &[ForeignKey::new(
            "drift_detection_id",
            "drift_detections",
            "NO ACTION",
        )],
        unique: &[],
    },
];

/// Sets up a database with the current schema.
fn create(database: &Database) {
    run(async {
        let store = Store::connect(&database.url()).await.unwrap();
        store.close().await.unwrap();
    });
}

fn sqlite() -> Database {
    let database = Database::sqlite();
    create(&database);
    database
}

/// More columns may be NULL: scripts that insert rows do not know them.
#[test]
fn tables_have_the_columns_of_the_files_in_use() {
    let database = sqlite();
    for Table { name, columns, .. } in TABLES {
        let mut expected: BTreeSet<String> = columns.split(' ').map(str::to_owned).collect();
        let sql = format!(
            "SELECT name || CASE WHEN \"notnull\" THEN '!' ELSE '' END FROM pragma_table_info('{name}')"
        );
        let found: BTreeSet<String> = database.rows(&sql).into_iter().collect();
        let added: Vec<&String> = found.difference(&expected).collect();
        let may_be_null = added.iter().all(|column| !column.ends_with('!'));
        assert!(may_be_null, "{name}: {added:?}");
        expected.retain(|column| !found.contains(column));
        assert!(expected.is_empty(), "{name} lacks {expected:?}: {found:?}");
    }
}

#[test]
fn tables_have_the_keys_of_the_files_in_use() {
    let database = sqlite();
    for table in TABLES {
        let name = table.name;
        let sql = format!("SELECT name FROM pragma_table_info('{name}') WHERE pk > 0");
        assert_eq!(database.rows(&sql), ["id"], "key of {name}");
        let sql = format!(
            "SELECT \"from\", \"table\", \"to\", on_delete FROM pragma_foreign_key_list('{name}') ORDER BY 1"
        );
        let references = table.references.iter();
        let references: Vec<String> = references
            .map(|key| format!("{}|{}|id|{}", key.column, key.table, key.on_delete))
            .collect();
        assert_eq!(database.rows(&sql), references, "references of {name}");
        let sql = format!(
            "SELECT (SELECT group_concat(name) FROM pragma_index_info(i.name)) AS columns
             FROM pragma_index_list('{name}') AS i WHERE \"unique\" AND origin <> 'pk' ORDER BY 1"
        );
        assert_eq!(
            database.rows(&sql),
            table.unique,
            "unique columns of {name}"
        );
    }
}

#[test]
fn new_sqlite_database_is_consistent_and_has_a_log() {
    let database = sqlite();
    let check = database.rows("PRAGMA foreign_key_check");
    assert_eq!(check, Vec::<String>::new());
    assert_eq!(database.rows("PRAGMA integrity_check"), ["ok"]);
    assert_eq!(database.rows("PRAGMA journal_mode"), ["wal"]);
}

#[test]
fn referrers_are_found_by_an_index() {
    let database = sqlite();
    for Table {
        name, references, ..
    } in TABLES
    {
        for reference in references {
            let column = reference.column;
            let sql = format!("EXPLAIN QUERY PLAN SELECT id FROM {name} WHERE {column} = 'x'");
            let plan = database.rows(&sql).join(" ");
            assert!(plan.contains("SEARCH"), "{name}.{column}: {plan}");
        }
    }
}

#[test]
fn goal_needs_an_existing_or_a_missing_task() {
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

/// The exception is the column with the words of search, instead of which SQLite has an index.
#[test]
fn both_databases_have_the_same_columns() {
    let Some(postgres) = Database::postgres() else {
        return;
    };
    create(&postgres);
    let sqlite = sqlite();
    for Table { name, .. } in TABLES {
        let nullable = format!(
            "SELECT column_name, is_nullable FROM information_schema.columns
             WHERE table_name = '{name}' AND column_name <> 'search_words'
             ORDER BY column_name COLLATE \"C\""
        );
        let notnull = format!(
            "SELECT name, CASE \"notnull\" WHEN 1 THEN 'NO' ELSE 'YES' END FROM pragma_table_info('{name}') ORDER BY 1"
        );
        assert_eq!(postgres.rows(&nullable), sqlite.rows(&notnull), "{name}");
    }
}

#[test]
fn postgres_columns_have_usual_types() {
    let Some(postgres) = Database::postgres() else {
        return;
    };
    create(&postgres);
    for Table { name, .. } in TABLES {
        let sql = format!(
            "SELECT DISTINCT data_type FROM information_schema.columns
             WHERE table_name = '{name}' AND column_name <> 'search_words'"
        );
        for data_type in postgres.rows(&sql) {
            let usual = [
                "text",
                "jsonb",
                "timestamp without time zone",
                "bigint",
                "double precision",
            ];
            assert!(usual.contains(&data_type.as_str()), "{name}: {data_type}");
        }
    }
}
