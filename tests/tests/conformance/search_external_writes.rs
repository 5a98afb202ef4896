//! Search finds what other programs write to the tables with SQL.

use wsdb_tests::store::Database;

use crate::search::{fill, filter, sorted_ids};
use crate::{Case, run_case, test_cases};

test_cases!(
    inserted_rows_are_found,
    upserted_row_is_found_by_its_new_text,
    renamed_row_is_found_by_its_new_id,
    deleted_rows_are_not_found,
);

const COLUMNS: &str = "workspace_tasks (id, title, status, created, updated)";

/// The values of a row of [`COLUMNS`].
fn row(id: &str, title: &str) -> String {
    format!("('{id}', '{title}', 'pending', '2025-01-01 00:00:00', '2025-01-01 00:00:00')")
}

/// Inserts the task X with the title `external text`, and Y with `external title`.
fn insert(database: &Database) {
    let (first, second) = (row("X", "external text"), row("Y", "external title"));
    database.execute(&format!("INSERT INTO {COLUMNS} VALUES {first}, {second}"));
}

async fn find(case: &Case, query: &str) -> String {
    sorted_ids(&case.store, &filter(query)).await
}

async fn inserted_rows_are_found(case: &Case) {
    insert(&case.database);
    assert_eq!(find(case, "external").await, "X Y");
}

async fn upserted_row_is_found_by_its_new_text(case: &Case) {
    insert(&case.database);
    case.database.execute(&format!(
        "INSERT INTO {COLUMNS} VALUES {} ON CONFLICT (id) DO UPDATE SET title = excluded.title",
        row("X", "upserted text")
    ));
    assert_eq!(find(case, "external").await, "Y");
    assert_eq!(find(case, "upserted").await, "X");
}

async fn renamed_row_is_found_by_its_new_id(case: &Case) {
    insert(&case.database);
    let rename = "UPDATE workspace_tasks SET id = 'Z', notes = 'renamed' WHERE id = 'Y'";
    case.database.execute(rename);
    assert_eq!(find(case, "external renamed").await, "Z");
}

/// Activities are deleted with their session.
async fn deleted_rows_are_not_found(case: &Case) {
    fill(&case.store).await;
    insert(&case.database);
    case.database.execute("DELETE FROM workspace_sessions");
    assert_eq!(find(case, "ripeness").await, "");
    let delete = "DELETE FROM workspace_tasks WHERE id = 'X'";
    case.database.execute(delete);
    assert_eq!(find(case, "external").await, "Y");
}

/// SQLite deletes the replaced rows without a trigger. Their texts stay in the index, but must find
/// nothing, neither the new row nor another one.
#[test]
fn replaced_rows_are_not_found_by_their_old_text() {
    run_case(crate::sqlite(), async |case| {
        let database = &case.database;
        database.execute(&format!(
            "INSERT INTO {COLUMNS} VALUES {};
             INSERT OR REPLACE INTO {COLUMNS} VALUES {};
             INSERT OR IGNORE INTO {COLUMNS} VALUES {}, {};
             UPDATE OR REPLACE workspace_tasks SET id = 'X' WHERE id = 'N';
             INSERT INTO {COLUMNS} VALUES {}",
            row("X", "original"),
            row("X", "replaced"),
            row("X", "ignored"),
            row("N", "new one"),
            row("V", "last row"),
        ));
        database
            .execute("VACUUM; INSERT INTO search_index (search_index) VALUES ('integrity-check')");
        for (query, expected) in [
            ("original", ""),
            ("replaced", ""),
            ("ignored", ""),
            ("new one", "X"),
            ("last", "V"),
        ] {
            assert_eq!(find(case, query).await, expected, "{query}");
        }
    });
}
