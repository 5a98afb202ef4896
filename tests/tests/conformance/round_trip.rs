//! Texts, times and JSON are read as they were written.

use wsdb_core::{Json, Task};
use wsdb_store::OnDelete;

use crate::fixtures::{self, id};
use crate::{Case, at, test_cases};

test_cases!(
    any_text_is_stored_unchanged,
    zero_character_is_stored_or_refused,
    megabyte_is_stored_in_each_column,
    long_list_is_stored,
    times_are_stored_to_the_microsecond,
    json_is_stored_unchanged,
    deeply_nested_json_is_stored,
    json_null_is_stored_as_nothing,
);

/// Inserts a task, saves it over another one, and inserts it as one of many: reads it back after
/// each.
async fn check_every_write(case: &Case, task: &Task) {
    let tasks = case.store.tasks();
    tasks.insert(task.clone()).await.unwrap();
    assert_same(&tasks.get(&task.id).await.unwrap(), task, "insert");
    tasks
        .update(&task.id, |task| task.scale_tier = Some(7))
        .await
        .unwrap();
    tasks.save(task.clone()).await.unwrap();
    assert_same(&tasks.get(&task.id).await.unwrap(), task, "save");
    tasks.delete(&task.id, OnDelete::Respect).await.unwrap();
    let one = std::slice::from_ref(task);
    tasks.insert_many(one, &|_| ()).await.unwrap();
    assert_same(&tasks.get(&task.id).await.unwrap(), task, "insert_many");
}

/// Compares, and shortens the message: a task may have megabytes.
fn assert_same(found: &Task, task: &Task, write: &str) {
    if found != task {
        let message = format!("{write}: {found:?}\nis not {task:?}");
        panic!("{}", message.chars().take(5000).collect::<String>());
    }
}

async fn any_text_is_stored_unchanged(case: &Case) {
    for (number, text) in [
        "",
        " ",
        "NULL",
        "null",
        "'; DROP TABLE workspace_tasks; --",
        "\\",
        "\u{1}\u{8}\u{b}\u{1b}[31m\u{7f}\u{85}",
        "\r\n\r \t",
        "\u{feff}\u{202e}\u{200d}\u{fffd}\u{10ffff}",
        "e\u{301} is not \u{e9}",
        "مهمة · 任务 · 🏳️‍🌈",
    ]
    .into_iter()
    .enumerate()
    {
        let mut task = fixtures::task(&format!("É 🍐 {number}"), false);
        task.title = text.into();
        task.notes = Some(text.into());
        task.repos_affected = vec![text.into()];
        task.document_fields = [(text.to_owned(), text.into())].into_iter().collect();
        check_every_write(case, &task).await;
    }
}

/// SQLite stores the character U+0000, PostgreSQL cannot.
async fn zero_character_is_stored_or_refused(case: &Case) {
    let mut task = fixtures::task("T-1", false);
    task.title = "a\0b".into();
    if case.database.is_postgres() {
        case.store.tasks().insert(task).await.unwrap_err();
        assert_eq!(case.store.tasks().find(&id("T-1")).await.unwrap(), None);
    } else {
        check_every_write(case, &task).await
    }
}

async fn megabyte_is_stored_in_each_column(case: &Case) {
    let mut task = fixtures::task("T-1", true);
    task.title = "ä".repeat(500_000);
    // Few words: `search::very_long_texts_are_found` has many.
    task.description = Some(format!("{}\n", "x".repeat(9_999)).repeat(100));
    task.extra_metadata = Some(task.title.clone().into());
    task.related_files = vec!["f".repeat(1_000_000)];
    // The other ways of writing are checked with shorter texts.
    case.store.tasks().insert(task.clone()).await.unwrap();
    let stored = case.store.tasks().get(&task.id).await.unwrap();
    assert_same(&stored, &task, "insert");
}

/// The list takes a megabyte in 600 rows.
async fn long_list_is_stored(case: &Case) {
    let repo = "r".repeat(1_700);
    let mut task = fixtures::task("T-1", false);
    task.repos_affected = (0..600).map(|n| format!("{repo}{n}")).collect();
    check_every_write(case, &task).await;
}

async fn times_are_stored_to_the_microsecond(case: &Case) {
    for (number, (time, stored)) in [
        ("2025-11-20T21:07:47.847151", "2025-11-20 21:07:47.847151"),
        ("2025-11-20T21:07:47.847", "2025-11-20 21:07:47.847000"),
        ("2025-11-20T21:07:47.000001", "2025-11-20 21:07:47.000001"),
        ("2025-11-20T21:07:47.100000", "2025-11-20 21:07:47.100000"),
        ("2025-11-20T21:07:47", "2025-11-20 21:07:47"),
        ("2025-11-20", "2025-11-20 00:00:00"),
        ("2025-11-20T23:30:00-05:30", "2025-11-21 05:00:00"),
        ("0001-01-01", "0001-01-01 00:00:00"),
        ("9999-12-31T23:59:59.999999", "9999-12-31 23:59:59.999999"),
        ("1969-12-31T23:59:59.5", "1969-12-31 23:59:59.500000"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut task = fixtures::task(&format!("T-{number}"), false);
        task.created = at(time);
        task.completed_at = Some(at(time));
        check_every_write(case, &task).await;
        // Written by insert_many, and then by save.
        for _ in 0..2 {
            if !case.database.is_postgres() {
                let sql = format!(
                    "SELECT created, completed_at, typeof(created) FROM workspace_tasks
                     WHERE id = '{}'",
                    task.id
                );
                assert_eq!(
                    case.database.rows(&sql),
                    [format!("{stored}|{stored}|text")]
                );
            }
            case.store.tasks().save(task.clone()).await.unwrap();
        }
    }
}

/// A task with JSON in each column that takes any.
fn task_with_json(name: &str, text: &str) -> Task {
    let mut task = fixtures::task(name, false);
    let value: Json = serde_json::from_str(text).unwrap();
    task.extra_metadata = Some(value.clone());
    task.document_fields = [("field".to_owned(), value)].into_iter().collect();
    task
}

async fn json_is_stored_unchanged(case: &Case) {
    for (number, text) in [
        "123456789012345678901234567890",
        "1.10",
        "-0.0000012345678901234567890",
        "0",
        "true",
        "\"\"",
        "\"null\"",
        "[]",
        "{}",
        r#"[null, [null], {"a": null}]"#,
        r#"{"b": 1, "a": [1.0, 18446744073709551616], "": {"ä": "\u0001\u001b🍐"}}"#,
    ]
    .into_iter()
    .enumerate()
    {
        let task = task_with_json(&format!("T-{number}"), text);
        check_every_write(case, &task).await;
    }
}

async fn deeply_nested_json_is_stored(case: &Case) {
    let nested = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let mut task = fixtures::task("T-1", false);
    task.extra_metadata = Some(serde_json::from_str(&nested).unwrap());
    check_every_write(case, &task).await;
}

/// The files in use store it in this way.
async fn json_null_is_stored_as_nothing(case: &Case) {
    let mut task = fixtures::task("T-1", false);
    task.extra_metadata = Some(Json::Null);
    case.store.tasks().insert(task.clone()).await.unwrap();
    task.extra_metadata = None;
    assert_eq!(case.store.tasks().get(&task.id).await.unwrap(), task);
    let sql = "SELECT extra_metadata FROM workspace_tasks WHERE id = 'T-1'";
    assert_eq!(case.database.rows(sql), ["NULL"]);
}
