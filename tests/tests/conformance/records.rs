//! Every column keeps its value, and many records are as good as one.

use serde_json::json;
use wsdb_core::{Issue, IssueFilter, IssueId, Task, TaskId, TaskStatus, Word};
use wsdb_store::{Referrers, Store};

use crate::at;

pub(crate) async fn every_column(store: &Store) {
    let big: serde_json::Value =
        serde_json::from_str("[123456789012345678901234567890, 1.10, null, {\"ä\": \"🍐\"}]")
            .expect("JSON");
    let mut fields = wsdb_core::Fields::new();
    fields.insert("alternatives".into(), json!(["a", {"b": []}]));
    let full = Task {
        id: TaskId::new("É 🍐").expect("an id"),
        title: "„Äpfel & Birnen“\u{1b}[2J\u{202e}".into(),
        description: Some("x\n".repeat(500_000)),
        status: TaskStatus::Planning,
        priority: Some(wsdb_core::Priority::Critical),
        repos_affected: vec!["b".into(), "a".into(), "b".into()],
        dependencies: vec!["none".parse().expect("an id")],
        created: at("0001-01-01T00:00:00.000001"),
        updated: at("9999-12-31T23:59:59.999999"),
        session_created: Some("s".parse().expect("an id")),
        assigned_to: Some(String::new()),
        notes: Some("'; DROP TABLE workspace_tasks; --".into()),
        related_files: vec!["a".into()],
        extra_metadata: Some(big),
        workflow_id: Some("w".into()),
        assigned_repo: Some("r".into()),
        assigned_by: Some("b".into()),
        bastard_plan_grade: Some("A".into()),
        bastard_completion_grade: Some("B".into()),
        scale_tier: Some(i64::MIN),
        started_at: Some(at("2025-11-20T21:07:47.847")),
        completed_at: Some(at("2025-11-20T21:07:47")),
        document_fields: fields,
    };
    let empty = Task::new(
        TaskId::new("empty").expect("an id"),
        String::new(),
        at("2025-01-01"),
    );
    for task in [full, empty] {
        store.tasks().insert(task.clone()).await.expect("inserted");
        assert_eq!(store.tasks().get(&task.id).await.expect("there"), task);
        let mut other = task.clone();
        other.title = "other".into();
        store
            .tasks()
            .replace(other.clone())
            .await
            .expect("replaced");
        assert_eq!(store.tasks().get(&task.id).await.expect("there"), other);
        store
            .tasks()
            .delete(&task.id, Referrers::Respect)
            .await
            .expect("deleted");
        store
            .tasks()
            .insert_many(std::slice::from_ref(&task), &|_| ())
            .await
            .expect("inserted");
        assert_eq!(store.tasks().get(&task.id).await.expect("there"), task);
        store
            .tasks()
            .delete(&task.id, Referrers::Respect)
            .await
            .expect("deleted");
    }
}

pub(crate) async fn many(store: &Store) {
    let now = at("2025-01-01");
    let known = TaskId::new("known").expect("an id");
    store
        .tasks()
        .insert(Task::new(known.clone(), "t".into(), now))
        .await
        .expect("inserted");
    let issues: Vec<Issue> = (0..1200)
        .map(|number| {
            let id = IssueId::new(format!("M-{number:04}")).expect("an id");
            let word = Word::new("governance").expect("a word");
            let mut issue = Issue::new(id, word, format!("issue {number}"), now);
            issue.repos_affected = vec![format!("r{}", number % 3), "all".into()];
            issue.related_task_id = match number % 3 {
                0 => Some(known.clone()),
                1 => Some(TaskId::new("unknown").expect("an id")),
                _ => None,
            };
            issue
        })
        .collect();
    let written = std::cell::Cell::new(0);
    store
        .issues()
        .insert_many(&issues, &|n| written.set(written.get() + n))
        .await
        .expect("inserted");
    assert_eq!(written.get(), 1200);
    let all = IssueFilter {
        sort: wsdb_core::IssueSort::Id,
        ..IssueFilter::default()
    };
    assert!(store.issues().list(&all).await.expect("listed") == issues);
    let some = IssueFilter {
        repo: vec!["r1".into()],
        ..IssueFilter::default()
    };
    assert_eq!(store.issues().count(&some).await.expect("counted"), 400);
    let twice = store.issues().insert_many(&issues[600..601], &|_| ()).await;
    assert!(matches!(twice, Err(wsdb_store::Error::Conflict { .. })));

    let unknown = TaskId::new("unknown").expect("an id");
    store
        .tasks()
        .insert_many(&[Task::new(unknown.clone(), "t".into(), now)], &|_| ())
        .await
        .expect("inserted");
    let refused = store.tasks().delete(&unknown, Referrers::Respect).await;
    assert!(matches!(
        refused,
        Err(wsdb_store::Error::StillReferenced { .. })
    ));
    for issue in &issues {
        store
            .issues()
            .delete(&issue.id, Referrers::Respect)
            .await
            .expect("deleted");
    }
    store
        .tasks()
        .delete(&unknown, Referrers::Respect)
        .await
        .expect("deleted");
    store
        .tasks()
        .delete(&known, Referrers::Respect)
        .await
        .expect("deleted");
}
