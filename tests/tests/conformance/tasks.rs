//! Adding tasks, changing their status, and counting them.

use wsdb_core::{Priority, Task, TaskFilter, TaskId, TaskStatus};
use wsdb_store::{Error, OnDelete};

use crate::fixtures::{self, format_counts, id, now};
use crate::{Case, at, test_cases};

test_cases!(
    added_task_is_stored,
    status_sets_the_times_of_a_task,
    status_of_a_missing_task_is_refused,
    tasks_are_counted_by_status,
    tasks_are_counted_by_priority,
    statuses_of_many_ids_are_found,
    ids_are_found_by_their_parts,
    changed_and_deleted_ids_are_in_history,
    kinds_with_an_id_are_found,
);

async fn add(case: &Case) -> Task {
    let task = |id| Task::new(id, "x".into(), now());
    case.store.tasks().add(task).await.unwrap()
}

async fn added_task_is_stored(case: &Case) {
    let added = add(case).await;
    let stored = case.store.tasks().get(&added.id).await;
    assert_eq!(stored.unwrap(), added);
}

async fn status_sets_the_times_of_a_task(case: &Case) {
    let (tasks, id) = (case.store.tasks(), add(case).await.id);
    let (started, done) = (at("2025-12-01"), at("2025-12-02"));
    let task = tasks.set_status(&id, TaskStatus::InProgress, started).await;
    assert_eq!(task.unwrap().started_at, Some(started));
    let task = tasks.set_status(&id, TaskStatus::Completed, done).await;
    let task = task.unwrap();
    assert_eq!((task.completed_at, task.updated), (Some(done), done));
    assert_eq!(tasks.get(&id).await.unwrap(), task);
}

async fn status_of_a_missing_task_is_refused(case: &Case) {
    let (tasks, missing) = (case.store.tasks(), id("T-404"));
    let refused = tasks.set_status(&missing, TaskStatus::Blocked, now()).await;
    assert!(matches!(refused, Err(Error::NotFound { noun: "task", .. })));
}

/// A completed task without a priority, T-1 and T-2, both deferred and of high priority.
async fn insert_tasks(case: &Case) {
    let completed = Task {
        status: TaskStatus::Completed,
        ..fixtures::task("T-0", false)
    };
    let [first, second] = ["T-1", "T-2"].map(|name| Task {
        priority: Some(Priority::High),
        ..fixtures::task(name, false)
    });
    for task in [completed, first, second] {
        case.store.tasks().insert(task).await.unwrap();
    }
}

async fn tasks_are_counted_by_status(case: &Case) {
    let tasks = case.store.tasks();
    let counts = tasks.count_by_status().await.unwrap();
    assert_eq!(format_counts(counts), "");
    insert_tasks(case).await;
    let counts = tasks.count_by_status().await.unwrap();
    assert_eq!(format_counts(counts), "completed=1 deferred=2");
}

async fn tasks_are_counted_by_priority(case: &Case) {
    insert_tasks(case).await;
    let count = async |status: &[TaskStatus]| {
        let filter = TaskFilter {
            status: status.to_vec(),
            ..TaskFilter::default()
        };
        let counts = case.store.tasks().count_by_priority(&filter).await;
        format_counts(counts.unwrap())
    };
    assert_eq!(count(&[]).await, "=1 HIGH=2");
    assert_eq!(count(&[TaskStatus::Deferred]).await, "HIGH=2");
}

/// Looks for more ids than a statement has, with missing and duplicate ones.
async fn statuses_of_many_ids_are_found(case: &Case) {
    insert_tasks(case).await;
    let tasks = case.store.tasks();
    let mut ids: Vec<TaskId> = (0..600).map(|n| id(&format!("missing-{n}"))).collect();
    ids.extend([id("T-2"), id("T-0"), id("T-2")]);
    let statuses = tasks.statuses(&ids).await.unwrap();
    assert_eq!(statuses.len(), 2);
    assert_eq!(statuses[&id("T-0")], TaskStatus::Completed);
    assert_eq!(statuses[&id("T-2")], TaskStatus::Deferred);
    assert!(tasks.statuses(&[]).await.unwrap().is_empty());
}

const NAMES: [&str; 6] = [
    "WS-TASK-1",
    "WS-TASK-10",
    "ws_task_2",
    "100%",
    "a\\b",
    "ÄPFEL",
];

async fn insert_names(case: &Case) {
    let tasks = NAMES.map(|name| fixtures::task(name, false));
    let inserted = case.store.tasks().insert_many(&tasks, &|_| ()).await;
    inserted.unwrap();
}

async fn ids_are_found_by_their_parts(case: &Case) {
    insert_names(case).await;
    for (part, expected) in [
        ("ws-", "WS-TASK-1 WS-TASK-10"),
        ("TASK", "WS-TASK-1 WS-TASK-10 ws_task_2"),
        ("_", "ws_task_2"),
        ("%", "100%"),
        ("\\", "a\\b"),
        ("Äpfel", "ÄPFEL"),
        ("äpfel", "ÄPFEL"),
        ("10", "100% WS-TASK-10"),
        ("none", ""),
        ("'", ""),
    ] {
        let ids = case
            .store
            .tasks()
            .ids_matching(part, |_| true)
            .await
            .unwrap();
        assert_eq!(ids.join(" "), expected, "{part}");
    }
}

async fn changed_and_deleted_ids_are_in_history(case: &Case) {
    let tasks = case.store.tasks();
    insert_names(case).await;
    let id: TaskId = "WS-TASK-1".parse().unwrap();
    tasks.delete(&id, OnDelete::Detach).await.unwrap();
    for (id, expected) in [("WS-TASK-1", true), ("ws_task_2", true), ("WS-TASK", false)] {
        assert_eq!(tasks.is_in_history(id).await.unwrap(), expected, "{id}");
    }
    assert!(
        !case
            .store
            .issues()
            .is_in_history("WS-TASK-1")
            .await
            .unwrap()
    );
}

async fn kinds_with_an_id_are_found(case: &Case) {
    insert_names(case).await;
    assert_eq!(
        case.store.nouns_with_id("ws_task_2").await.unwrap(),
        ["task"]
    );
    assert!(
        case.store
            .nouns_with_id("ws_task")
            .await
            .unwrap()
            .is_empty()
    );
}
