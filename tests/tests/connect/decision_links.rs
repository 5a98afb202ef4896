//! Values that older versions stored in `document_fields` are moved to their columns and tables.

use wsdb_core::{Decision, Json};
use wsdb_store::{Store, schema};
use wsdb_tests::on_each_database;
use wsdb_tests::store::Database;

use crate::run;

on_each_database!(
    links_of_decisions_are_moved,
    links_of_another_type_are_kept_under_another_name,
    key_path_of_a_change_is_moved,
);

const STEP: &str = "m20261124_000005_decision_links";

/// Runs SQL on a database with the schema before [`STEP`], and returns a store with the current one.
async fn migrated_store(database: &Database, sql: &str) -> Store {
    let url = database.url();
    schema::up(&url).await.unwrap();
    while schema::down(&url).await.unwrap().as_deref() != Some(STEP) {}
    database.execute(sql);
    Store::connect(&url).await.unwrap()
}

/// Returns the statement that inserts a decision.
fn insert_decision(id: &str, document_fields: &str) -> String {
    format!(
        "INSERT INTO architecture_decisions (id, date, session, decision, status, document_fields)
         VALUES ('{id}', '2025-01-01 00:00:00', '', 'x', 'planned', {document_fields})"
    )
}

async fn read_decision(store: &Store, id: &str) -> Decision {
    let id = id.parse().unwrap();
    store.decisions().get(&id).await.unwrap()
}

fn links_of_decisions_are_moved(database: Database) {
    let fields = r#"'{"supersedes": "D-0", "related_tasks": ["T-1", "T-1"], "n": 1.10}'"#;
    let sql = [
        insert_decision("D-1", fields),
        insert_decision("D-2", "NULL"),
    ];
    run(async {
        let store = migrated_store(&database, &sql.join(";")).await;
        let decision = read_decision(&store, "D-1").await;
        assert_eq!(decision.supersedes.len(), 1);
        assert_eq!(decision.related_tasks.len(), 2);
        let fields = Json::from(decision.document_fields).to_string();
        assert_eq!(fields, r#"{"n":1.10}"#);
        let without_fields = read_decision(&store, "D-2").await;
        assert!(without_fields.document_fields.is_empty());
        store.close().await.unwrap();
    });
    let links = "SELECT decision_id, kind, target FROM decision_links ORDER BY 1, 2, 3";
    let expected = ["D-1|supersedes|D-0", "D-1|task|T-1"];
    assert_eq!(database.rows(links), expected);
}

fn links_of_another_type_are_kept_under_another_name(database: Database) {
    let fields = r#"'{"related_tasks": {"a": 1}, "related_components": [1]}'"#;
    run(async {
        let store = migrated_store(&database, &insert_decision("D-1", fields)).await;
        let decision = read_decision(&store, "D-1").await;
        assert!(decision.related_tasks.is_empty());
        assert!(decision.related_components.is_empty());
        let fields = Json::from(decision.document_fields).to_string();
        assert_eq!(
            fields,
            r#"{"related_components_":[1],"related_tasks_":{"a":1}}"#
        );
        store.close().await.unwrap();
    });
    let links = "SELECT count(*) FROM decision_links";
    assert_eq!(database.rows(links), ["0"]);
}

fn key_path_of_a_change_is_moved(database: Database) {
    let sql = r#"
        INSERT INTO configuration_changes (id, repo, change_type, changed_at, document_fields)
        VALUES ('C-1', 'core', 'added', '2025-01-01 00:00:00', '{"key_path": "a.b"}')"#;
    run(async {
        let store = migrated_store(&database, sql).await;
        let changes = store.configuration().changes().all().await.unwrap();
        let [change] = &changes[..] else {
            panic!("{changes:?}")
        };
        assert_eq!(change.key_path.as_deref(), Some("a.b"));
        assert!(change.document_fields.is_empty());
        store.close().await.unwrap();
    });
}
