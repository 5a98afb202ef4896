//! The fifteen tables of records, the link tables of their lists, and the tables for ids and imports.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::columns::Columns;
use crate::tables;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// In the order of creation: each table comes after those that it refers to.
const TABLES: &[&str] = &[
    "workspace_tasks",
    "workspace_sessions",
    "cross_repo_issues",
    "architecture_decisions",
    "session_activities",
    "session_decisions",
    "session_issues",
    "architecture_states",
    "component_placements",
    "architecture_tasks",
    "drift_scans",
    "drift_detections",
    "context_switches",
    "configuration_snapshots",
    "configuration_changes",
    "task_repos",
    "task_dependencies",
    "issue_repos",
    "decision_repos",
    "id_series",
    "document_headers",
    "document_bases",
];

/// Builds a table of records: `id` is the first column, `document_fields` the last.
fn records(
    c: Columns,
    name: &'static str,
    id_length: u32,
    columns: Vec<ColumnDef>,
) -> TableCreateStatement {
    let mut all = vec![c.varchar("id", id_length).not_null().primary_key().take()];
    all.extend(columns);
    all.push(c.json("document_fields"));
    tables::table(name, all)
}

/// Builds a link table: a list of a record as rows, for filters.
fn link(
    c: Columns,
    name: &'static str,
    owner: &'static str,
    to: &'static str,
    value: &'static str,
) -> TableCreateStatement {
    let columns = [owner, value].map(|column| c.text(column).not_null().take());
    let mut link = tables::table(name, columns);
    link.primary_key(Index::create().col(owner).col(value));
    tables::add_foreign_key(&mut link, owner, to, true);
    if c.0 == DbBackend::Sqlite {
        link.extra("WITHOUT ROWID");
    }
    link
}

/// Builds the two columns of a reference. A column with a foreign key cannot refer to a record that
/// doesn't exist: such an id is stored in the second column, named `…_missing`, until the record
/// exists.
fn reference_columns(c: Columns, column: &'static str, missing: &'static str) -> [ColumnDef; 2] {
    [c.varchar(column, 50), c.varchar(missing, 50)]
}

fn tables(c: Columns) -> Vec<TableCreateStatement> {
    let mut all = Vec::new();
    all.push(records(
        c,
        "workspace_tasks",
        50,
        vec![
            c.varchar("title", 500).not_null().take(),
            c.text("description"),
            c.varchar("status", 50).not_null().take(),
            c.varchar("priority", 20),
            c.json("repos_affected"),
            c.json("dependencies"),
            c.time("created").not_null().take(),
            c.time("updated").not_null().take(),
            c.varchar("session_created", 100),
            c.varchar("assigned_to", 100),
            c.text("notes"),
            c.json("related_files"),
            c.json("extra_metadata"),
            c.text("workflow_id"),
            c.text("assigned_repo"),
            c.text("assigned_by"),
            c.text("bastard_plan_grade"),
            c.text("bastard_completion_grade"),
            c.integer("scale_tier"),
            c.time("started_at"),
            c.time("completed_at"),
        ],
    ));
    all.push(records(
        c,
        "workspace_sessions",
        100,
        vec![
            c.time("start_time").not_null().take(),
            c.time("end_time"),
            c.varchar("status", 50).not_null().take(),
            c.varchar("user", 100),
            c.varchar("ai_assistant", 100),
            c.text("handoff_notes"),
        ],
    ));

    let [task, task_missing] = reference_columns(c, "related_task_id", "related_task_missing");
    let mut issues = records(
        c,
        "cross_repo_issues",
        50,
        vec![
            c.varchar("issue_type", 50).not_null().take(),
            c.varchar("severity", 20).not_null().take(),
            c.varchar("title", 500).not_null().take(),
            c.text("description"),
            c.json("repos_affected"),
            c.time("detected").not_null().take(),
            c.varchar("detected_by", 100),
            c.varchar("status", 50).not_null().take(),
            c.text("action_required"),
            c.varchar("assigned_to", 100),
            task,
            c.time("resolved_at"),
            c.varchar("resolved_by", 100),
            c.text("resolution_notes"),
            c.json("extra_metadata"),
            task_missing,
        ],
    );
    tables::add_foreign_key(&mut issues, "related_task_id", "workspace_tasks", false);
    all.push(issues);

    all.push(records(
        c,
        "architecture_decisions",
        50,
        vec![
            c.time("date").not_null().take(),
            c.varchar("session", 100).not_null().take(),
            c.text("decision").not_null().take(),
            c.json("repos_affected"),
            c.text("rationale"),
            c.varchar("status", 50).not_null().take(),
            c.varchar("impact", 20),
            c.json("related_files"),
            c.json("documentation"),
            c.json("extra_metadata"),
        ],
    ));

    let mut activities = records(
        c,
        "session_activities",
        50,
        vec![
            c.varchar("session_id", 100).not_null().take(),
            c.varchar("activity_type", 50).not_null().take(),
            c.text("description").not_null().take(),
            c.json("files_created"),
            c.json("files_modified"),
            c.text("outcome"),
            c.time("time").not_null().take(),
            c.json("extra_metadata"),
        ],
    );
    tables::add_foreign_key(&mut activities, "session_id", "workspace_sessions", true);
    all.push(activities);

    for (name, column, missing, to) in [
        (
            "session_decisions",
            "decision_id",
            "decision_missing",
            "architecture_decisions",
        ),
        (
            "session_issues",
            "issue_id",
            "issue_missing",
            "cross_repo_issues",
        ),
    ] {
        let [target, target_missing] = reference_columns(c, column, missing);
        let session = c.varchar("session_id", 100).not_null().take();
        let mut links = records(c, name, 50, vec![session, target, target_missing]);
        tables::add_foreign_key(&mut links, "session_id", "workspace_sessions", true);
        tables::add_foreign_key(&mut links, column, to, false);
        all.push(links);
    }

    let states = records(
        c,
        "architecture_states",
        50,
        vec![
            c.varchar("state_name", 200).not_null().unique_key().take(),
            c.varchar("state_type", 50).not_null().take(),
            c.varchar("repo", 100).not_null().take(),
            c.varchar("architecture_doc_path", 500),
            c.json("state_data"),
            c.time("created_at").not_null().take(),
            c.varchar("version", 50),
            c.varchar("architecture_id", 50),
            c.text("description"),
            c.varchar("roadmap_file", 500),
            c.time("target_date"),
            c.varchar("status", 50),
            c.time("updated_at"),
        ],
    );
    all.push(states);

    let [state, state_missing] =
        reference_columns(c, "architecture_state_id", "architecture_state_missing");
    let mut placements = records(
        c,
        "component_placements",
        50,
        vec![
            c.varchar("component_name", 200).not_null().take(),
            c.varchar("component_type", 50).not_null().take(),
            c.varchar("correct_repo", 100).not_null().take(),
            c.varchar("correct_location", 500),
            state.clone(),
            c.text("rationale"),
            c.json("rules"),
            c.time("created_at").not_null().take(),
            c.time("updated_at").not_null().take(),
            state_missing.clone(),
        ],
    );
    placements.index(
        Index::create()
            .unique()
            .name("uq_component_placement")
            .col("component_name")
            .col("architecture_state_id"),
    );
    // A missing state can only be added if no component then has two placements in it.
    placements.index(
        Index::create()
            .unique()
            .name("uq_component_placement_missing")
            .col("component_name")
            .col("architecture_state_missing"),
    );
    tables::add_foreign_key(
        &mut placements,
        "architecture_state_id",
        "architecture_states",
        false,
    );
    all.push(placements);

    let [task, task_missing] = reference_columns(c, "task_id", "task_missing");
    let [component, component_missing] = reference_columns(c, "component_id", "component_missing");
    let mut goals = records(
        c,
        "architecture_tasks",
        50,
        vec![
            task,
            state,
            c.text("architectural_goal"),
            component,
            c.varchar("milestone", 200),
            c.varchar("priority", 20),
            c.varchar("status", 50).not_null().take(),
            c.time("created_at").not_null().take(),
            task_missing,
            state_missing,
            component_missing,
        ],
    );
    // `task_id` is NOT NULL in existing files, where a missing task violates the foreign key.
    goals.check(
        Expr::col("task_id")
            .is_not_null()
            .or(Expr::col("task_missing").is_not_null()),
    );
    tables::add_foreign_key(&mut goals, "task_id", "workspace_tasks", false);
    tables::add_foreign_key(
        &mut goals,
        "architecture_state_id",
        "architecture_states",
        false,
    );
    tables::add_foreign_key(&mut goals, "component_id", "component_placements", false);
    all.push(goals);

    all.push(records(
        c,
        "drift_scans",
        50,
        vec![
            c.varchar("scan_type", 50).not_null().take(),
            c.time("scan_start").not_null().take(),
            c.time("scan_end"),
            c.json("repos_scanned"),
            c.integer("violations_found"),
            c.integer("violations_high"),
            c.integer("violations_medium"),
            c.integer("violations_low"),
            c.varchar("status", 50).not_null().take(),
            c.varchar("triggered_by", 100),
            c.varchar("results_file", 500),
        ],
    ));

    let [task, task_missing] = reference_columns(c, "related_task_id", "related_task_missing");
    let [scan, scan_missing] = reference_columns(c, "scan_id", "scan_missing");
    let mut detections = records(
        c,
        "drift_detections",
        50,
        vec![
            c.varchar("repo", 100).not_null().take(),
            c.varchar("violation_type", 50).not_null().take(),
            c.varchar("severity", 20).not_null().take(),
            c.varchar("file_path", 500).not_null().take(),
            c.varchar("component_name", 200),
            c.varchar("detected_rule", 200),
            c.varchar("expected_location", 500),
            c.varchar("actual_location", 500),
            c.text("violation_details"),
            c.time("detected_at").not_null().take(),
            c.varchar("detected_by", 100),
            c.varchar("status", 50).not_null().take(),
            c.time("resolved_at"),
            c.varchar("resolved_by", 100),
            c.text("resolution_notes"),
            task,
            c.json("extra_metadata"),
            task_missing,
            scan,
            scan_missing,
        ],
    );
    tables::add_foreign_key(&mut detections, "related_task_id", "workspace_tasks", false);
    tables::add_foreign_key(&mut detections, "scan_id", "drift_scans", false);
    all.push(detections);

    all.push(records(
        c,
        "context_switches",
        50,
        vec![
            c.varchar("repo", 100).not_null().take(),
            c.varchar("repo_path", 500).not_null().take(),
            c.time("activated_at").not_null().take(),
            c.time("deactivated_at"),
            c.varchar("activated_by", 100),
            c.varchar("context_id", 50).unique_key().take(),
            c.varchar("previous_context", 100),
            c.text("context_notes"),
            c.float("duration_seconds"),
            c.integer("operations_count"),
        ],
    ));
    all.push(records(
        c,
        "configuration_snapshots",
        50,
        vec![
            c.varchar("repo", 100).not_null().take(),
            c.varchar("snapshot_type", 50).not_null().take(),
            c.varchar("configuration_hash", 64).not_null().take(),
            c.json("snapshot_data"),
            c.time("taken_at").not_null().take(),
            c.varchar("taken_by", 100),
            c.text("notes"),
        ],
    ));

    let [detection, detection_missing] =
        reference_columns(c, "drift_detection_id", "drift_detection_missing");
    let mut changes = records(
        c,
        "configuration_changes",
        50,
        vec![
            c.varchar("repo", 100).not_null().take(),
            c.varchar("change_type", 50).not_null().take(),
            c.varchar("component_name", 200),
            c.varchar("file_path", 500),
            c.text("old_value"),
            c.text("new_value"),
            c.time("changed_at").not_null().take(),
            c.varchar("changed_by", 100),
            c.varchar("commit_hash", 100),
            detection,
            detection_missing,
        ],
    );
    tables::add_foreign_key(
        &mut changes,
        "drift_detection_id",
        "drift_detections",
        false,
    );
    all.push(changes);

    all.push(link(c, "task_repos", "task_id", "workspace_tasks", "repo"));
    all.push(link(
        c,
        "task_dependencies",
        "task_id",
        "workspace_tasks",
        "depends_on",
    ));
    all.push(link(
        c,
        "issue_repos",
        "issue_id",
        "cross_repo_issues",
        "repo",
    ));
    all.push(link(
        c,
        "decision_repos",
        "decision_id",
        "architecture_decisions",
        "repo",
    ));

    all.push(tables::table(
        "id_series",
        vec![
            c.text("prefix").not_null().primary_key().take(),
            c.integer("last_number").not_null().take(),
        ],
    ));
    all.push(tables::table(
        "document_headers",
        vec![
            c.text("document").not_null().primary_key().take(),
            c.json("fields").not_null().take(),
        ],
    ));
    all.push(tables::table(
        "document_bases",
        vec![
            c.text("kind").not_null().primary_key().take(),
            c.bytes("records").not_null().take(),
        ],
    ));
    all
}

const INDEXES: &[(&str, &[&str])] = &[
    ("workspace_tasks", &["status"]),
    ("workspace_tasks", &["created"]),
    ("workspace_tasks", &["updated"]),
    ("workspace_sessions", &["start_time"]),
    ("workspace_sessions", &["status"]),
    ("cross_repo_issues", &["status"]),
    ("cross_repo_issues", &["detected"]),
    ("cross_repo_issues", &["related_task_id"]),
    ("cross_repo_issues", &["related_task_missing"]),
    ("architecture_decisions", &["date"]),
    ("architecture_decisions", &["status"]),
    ("session_activities", &["session_id", "time"]),
    ("session_decisions", &["session_id"]),
    ("session_decisions", &["decision_id"]),
    ("session_decisions", &["decision_missing"]),
    ("session_issues", &["session_id"]),
    ("session_issues", &["issue_id"]),
    ("session_issues", &["issue_missing"]),
    ("component_placements", &["architecture_state_id"]),
    ("component_placements", &["architecture_state_missing"]),
    ("architecture_tasks", &["task_id"]),
    ("architecture_tasks", &["task_missing"]),
    ("architecture_tasks", &["architecture_state_id"]),
    ("architecture_tasks", &["architecture_state_missing"]),
    ("architecture_tasks", &["component_id"]),
    ("architecture_tasks", &["component_missing"]),
    ("drift_detections", &["status"]),
    ("drift_detections", &["related_task_id"]),
    ("drift_detections", &["related_task_missing"]),
    ("drift_detections", &["scan_id"]),
    ("drift_detections", &["scan_missing"]),
    ("drift_scans", &["scan_start"]),
    ("context_switches", &["activated_at"]),
    ("configuration_snapshots", &["repo", "taken_at"]),
    ("configuration_changes", &["repo", "changed_at"]),
    ("configuration_changes", &["drift_detection_id"]),
    ("configuration_changes", &["drift_detection_missing"]),
    ("task_repos", &["repo"]),
    ("task_dependencies", &["depends_on"]),
    ("issue_repos", &["repo"]),
    ("decision_repos", &["repo"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = tables(Columns(manager.get_database_backend()));
        tables::create(manager, tables, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, TABLES).await
    }
}
