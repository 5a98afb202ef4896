//! Links that older versions stored in `document_fields` are moved to their columns and table.

use wsdb_core::{ConfigurationChange, Decision};
use wsdb_store::{Store, schema};
use wsdb_tests::store::Database;

use crate::run;

const STEP: &str = "m20261124_000005_decision_links";

fn taken_over(database: Option<Database>) {
    let Some(database) = database else { return };
    let url = database.url();
    run(async {
        schema::up(&url).await.unwrap();
        while schema::down(&url).await.unwrap().as_deref() != Some(STEP) {}
        let decision = |id: &str, fields: &str| {
            database.execute(&format!(
                "INSERT INTO architecture_decisions (id, date, session, decision, status, document_fields)
                 VALUES ('{id}', '2025-01-01 00:00:00', '', 'x', 'planned', {fields})"
            ));
        };
        decision(
            "D-1",
            r#"'{"supersedes": "D-0", "related_tasks": ["T-1", "T-1"], "n": 1.10}'"#,
        );
        decision(
            "D-2",
            r#"'{"related_tasks": {"a": 1}, "related_components": [1]}'"#,
        );
        decision("D-3", "NULL");
        database.execute(
            r#"INSERT INTO configuration_changes (id, repo, change_type, changed_at, document_fields)
               VALUES ('C-1', 'core', 'added', '2025-01-01 00:00:00', '{"key_path": "a.b"}')"#,
        );
        let store = Store::connect(&url).await.unwrap();
        let all = store.decisions().all().await.unwrap();
        let of = |id: &str| -> Decision {
            let found = all.iter().find(|decision| decision.id.as_str() == id);
            found.unwrap().clone()
        };
        let first = of("D-1");
        assert_eq!(first.supersedes.len(), 1);
        assert_eq!(first.related_tasks.len(), 2);
        assert_eq!(
            wsdb_core::Json::from(first.document_fields).to_string(),
            r#"{"n":1.10}"#
        );
        // What is no list of texts stays, under a name that nothing else has.
        let second = of("D-2");
        assert!(second.related_tasks.is_empty() && second.related_components.is_empty());
        assert_eq!(
            wsdb_core::Json::from(second.document_fields).to_string(),
            r#"{"related_components_":[1],"related_tasks_":{"a":1}}"#
        );
        assert!(of("D-3").document_fields.is_empty());
        let changes = store.configuration().changes().all().await.unwrap();
        let [
            ConfigurationChange {
                key_path,
                document_fields,
                ..
            },
        ] = &changes[..]
        else {
            panic!("{changes:?}")
        };
        assert_eq!(
            (key_path.as_deref(), document_fields.len()),
            (Some("a.b"), 0)
        );
        store.close().await.unwrap();
        assert_eq!(
            database.rows("SELECT decision_id, kind, target FROM decision_links ORDER BY 1, 2, 3"),
            ["D-1|supersedes|D-0", "D-1|task|T-1"]
        );
    });
}

#[test]
fn older_links_are_adopted_on_sqlite() {
    taken_over(Some(Database::sqlite()));
}

#[test]
fn older_links_are_adopted_on_postgres() {
    taken_over(Database::postgres());
}
