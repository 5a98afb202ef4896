//! What is written is read back, and is stored as the tools in use expect it.

use wsdb_core::Task;
use wsdb_store::OnDelete;

use crate::fixtures::{self, id, now};
use crate::{Case, at};

/// Writes a task in each of the ways there are, and reads it back.
async fn by_every_way(case: &Case, task: &Task) {
    let tasks = case.store.tasks();
    tasks.insert(task.clone()).await.unwrap();
    same(&tasks.get(&task.id).await.unwrap(), task, "inserted");
    tasks
        .update(&task.id, |task| task.scale_tier = Some(7))
        .await
        .unwrap();
    tasks.save(task.clone()).await.unwrap();
    same(&tasks.get(&task.id).await.unwrap(), task, "replaced");
    tasks.delete(&task.id, OnDelete::Respect).await.unwrap();
    let one = std::slice::from_ref(task);
    tasks.insert_many(one, &|_| ()).await.unwrap();
    same(&tasks.get(&task.id).await.unwrap(), task, "among many");
}

/// Compares, and shows what differs unless that is too long.
fn same(found: &Task, task: &Task, way: &str) {
    if found != task {
        let shown = format!("{way}: {found:?}\nis not {task:?}");
        panic!("{}", shown.chars().take(5000).collect::<String>());
    }
}

pub(crate) async fn text_of_any_kind(case: &Case) {
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
        by_every_way(case, &task).await;
    }
    // PostgreSQL cannot store a zero character, so it has to fail. SQLite can.
    let mut zero = fixtures::task("zero", false);
    zero.title = "a\0b".into();
    if case.database.is_postgres() {
        case.store.tasks().insert(zero).await.unwrap_err();
        assert_eq!(case.store.tasks().find(&id("zero")).await.unwrap(), None);
    } else {
        by_every_way(case, &zero).await
    }
}

pub(crate) async fn a_megabyte(case: &Case) {
    let mut task = fixtures::task("long", true);
    task.title = "ä".repeat(500_000);
    task.description = Some("x\n".repeat(500_000));
    task.extra_metadata = Some(task.title.clone().into());
    task.related_files = vec!["f".repeat(1_000_000)];
    by_every_way(case, &task).await;
    let repo = "r".repeat(500);
    let many: Vec<String> = (0..2000).map(|n| format!("{repo}{n}")).collect();
    let mut wide = fixtures::task("wide", false);
    wide.repos_affected = many;
    by_every_way(case, &wide).await;
}

pub(crate) async fn times_to_the_microsecond(case: &Case) {
    for (number, (time, shown)) in [
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
        by_every_way(case, &task).await;
        // Once by the statement for many, once by the one for one.
        for _ in 0..2 {
            let sql = format!(
                "SELECT created, completed_at FROM workspace_tasks WHERE id = '{}'",
                task.id
            );
            if !case.database.is_postgres() {
                assert_eq!(case.database.rows(&sql), [format!("{shown}|{shown}")]);
                let sql = sql.replace("created, completed_at", "typeof(created)");
                assert_eq!(case.database.rows(&sql), ["text"]);
            }
            case.store.tasks().save(task.clone()).await.unwrap();
        }
    }
}

pub(crate) async fn json_is_unchanged(case: &Case) {
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
        let mut task = fixtures::task(&format!("J-{number}"), false);
        task.extra_metadata = Some(serde_json::from_str(text).unwrap());
        let value: wsdb_core::Json = serde_json::from_str(text).unwrap();
        task.document_fields = [("it".to_owned(), value)].into_iter().collect();
        by_every_way(case, &task).await;
    }
    // The word null is nothing, as in the files in use.
    let mut task = fixtures::task("null", false);
    task.extra_metadata = Some(wsdb_core::Json::Null);
    case.store.tasks().insert(task.clone()).await.unwrap();
    task.extra_metadata = None;
    assert_eq!(case.store.tasks().get(&task.id).await.unwrap(), task);
    let sql = "SELECT extra_metadata FROM workspace_tasks WHERE id = 'null'";
    assert_eq!(case.database.rows(sql), ["NULL"]);
    // Deeper than anyone writes by hand.
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let mut task = fixtures::task("deep", false);
    task.extra_metadata = Some(serde_json::from_str(&deep).unwrap());
    by_every_way(case, &task).await;
}

/// The ways to write differ internally; the resulting rows must not.
pub(crate) async fn every_write_path_stores_the_same(case: &Case) {
    let stands = |table: &str| {
        let all = format!("SELECT * FROM {table} ORDER BY 1");
        case.database.rows(&all).join("\n")
    };
    macro_rules! check {
        ($records:expr, $table:literal, $make:expr) => {
            for full in [true, false] {
                let (records, record) = ($records, $make("R-1", full));
                records.insert(record.clone()).await.unwrap();
                let one = stands($table);
                records.save(record.clone()).await.unwrap();
                assert_eq!(stands($table), one, "{} replaced", $table);
                records.delete(&record.id, OnDelete::Respect).await.unwrap();
                let many = std::slice::from_ref(&record);
                records.insert_many(many, &|_| ()).await.unwrap();
                assert_eq!(stands($table), one, "{} among many", $table);
                records.delete(&record.id, OnDelete::Respect).await.unwrap();
            }
        };
    }
    let store = &case.store;
    check!(store.tasks(), "workspace_tasks", fixtures::task);
    check!(store.sessions(), "workspace_sessions", fixtures::session);
    check!(store.issues(), "cross_repo_issues", fixtures::issue);
    check!(
        store.decisions(),
        "architecture_decisions",
        fixtures::decision
    );
    check!(
        store.architecture().states(),
        "architecture_states",
        fixtures::state
    );
    check!(
        store.architecture().placements(),
        "component_placements",
        fixtures::placement
    );
    check!(
        store.architecture().goals(),
        "architecture_tasks",
        fixtures::goal
    );
    check!(store.drift().scans(), "drift_scans", fixtures::scan);
    check!(
        store.drift().detections(),
        "drift_detections",
        fixtures::detection
    );
    check!(store.contexts(), "context_switches", fixtures::context);
    check!(
        store.configuration().snapshots(),
        "configuration_snapshots",
        fixtures::snapshot
    );
    check!(
        store.configuration().changes(),
        "configuration_changes",
        fixtures::change
    );
    store
        .sessions()
        .insert(fixtures::session("S-1", false))
        .await
        .unwrap();
    let activity = |name: &str, full| fixtures::activity(name, "S-1", full);
    check!(
        store.sessions().activities(),
        "session_activities",
        activity
    );
    let link = |name: &str, full| fixtures::session_decision(name, "S-1", full);
    check!(store.sessions().decision_links(), "session_decisions", link);
    let link = |name: &str, full| fixtures::session_issue(name, "S-1", full);
    check!(store.sessions().issue_links(), "session_issues", link);

    // An empty list is NULL, as in the files in use. A list has one row for each distinct value.
    let mut task = fixtures::task("lists", false);
    store.tasks().insert(task.clone()).await.unwrap();
    let sql = "SELECT repos_affected, dependencies, extra_metadata FROM workspace_tasks";
    assert_eq!(case.database.rows(sql), ["NULL|NULL|NULL"]);
    task.repos_affected = vec!["b".into(), "a".into(), "b".into()];
    task.dependencies = vec![id("Y"), id("X")];
    task.updated = now();
    store.tasks().save(task).await.unwrap();
    let rows = "SELECT task_id, repo FROM task_repos ORDER BY 2";
    assert_eq!(case.database.rows(rows), ["lists|a", "lists|b"]);
    let rows = "SELECT depends_on FROM task_dependencies ORDER BY 1";
    assert_eq!(case.database.rows(rows), ["X", "Y"]);
    store
        .tasks()
        .delete(&id("lists"), OnDelete::Respect)
        .await
        .unwrap();
    assert_eq!(
        case.database.rows("SELECT * FROM task_repos"),
        Vec::<String>::new()
    );
    assert_eq!(
        case.database.rows("SELECT * FROM task_dependencies"),
        Vec::<String>::new()
    );
}
