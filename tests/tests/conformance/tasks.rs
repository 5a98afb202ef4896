//! Tasks, issues and decisions: series, filters, references, transactions.

use wsdb_core::{
    Decision, DecisionFilter, DecisionSort, DecisionStatus, Issue, IssueFilter, IssueId, IssueSort,
    IssueStatus, Page, Priority, Severity, Task, TaskFilter, TaskId, TaskSort, TaskStatus, Word,
};
use wsdb_store::{Error, Referrers, Store};

use crate::at;

fn task(id: &str) -> TaskId {
    TaskId::new(id).expect("an id")
}

pub(crate) async fn series(store: &Store) {
    let now = at("2025-01-01");
    let tasks = store.tasks();
    let first = tasks
        .add(|id| Task::new(id, "one".into(), now))
        .await
        .expect("added");
    assert_eq!(first.id.as_str(), "WS-TASK-001");
    let second = tasks
        .add(|id| Task::new(id, "two".into(), now))
        .await
        .expect("added");
    tasks
        .delete(&second.id, Referrers::Respect)
        .await
        .expect("deleted");
    let third = tasks
        .add(|id| Task::new(id, "three".into(), now))
        .await
        .expect("added");
    assert_eq!(third.id.as_str(), "WS-TASK-003", "a number is given once");
    tasks
        .insert(Task::new(task("WS-TASK-500"), "far".into(), now))
        .await
        .expect("inserted");
    let next = tasks
        .add(|id| Task::new(id, "next".into(), now))
        .await
        .expect("added");
    assert_eq!(next.id.as_str(), "WS-TASK-501");
    let again = tasks
        .insert(Task::new(task("WS-TASK-500"), "twice".into(), now))
        .await;
    assert!(matches!(again, Err(Error::Conflict { noun: "task", ref id }) if id == "WS-TASK-500"));
    let missing = tasks.get(&task("WS-TASK-9")).await;
    assert!(matches!(missing, Err(Error::NotFound { noun: "task", .. })));
    let missing = tasks.delete(&task("WS-TASK-9"), Referrers::Detach).await;
    assert!(matches!(missing, Err(Error::NotFound { .. })));
    let missing = tasks
        .replace(Task::new(task("WS-TASK-9"), "x".into(), now))
        .await;
    assert!(matches!(missing, Err(Error::NotFound { .. })));
    let mut alike = tasks.ids_like("task-5", 9).await.expect("ids");
    alike.sort();
    assert_eq!(alike, ["WS-TASK-500", "WS-TASK-501"]);
    assert_eq!(
        tasks.ids_like("%", 9).await.expect("ids"),
        Vec::<String>::new()
    );
    assert_eq!(tasks.ids().await.expect("ids").len(), 4);
    for id in tasks.ids().await.expect("ids") {
        tasks
            .delete(&task(&id), Referrers::Respect)
            .await
            .expect("deleted");
    }
}

pub(crate) async fn filters(store: &Store) {
    let tasks = store.tasks();
    for (number, (status, priority, repo, title)) in [
        (
            TaskStatus::Pending,
            Some(Priority::Low),
            "core",
            "b %_ Äpfel",
        ),
        (
            TaskStatus::InProgress,
            Some(Priority::Critical),
            "core",
            "a",
        ),
        (TaskStatus::Blocked, None, "web", "c"),
        (TaskStatus::Completed, Some(Priority::High), "ml", "d"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut task = Task::new(task(&format!("F-{number}")), title.into(), at("2025-01-01"));
        task.status = status;
        task.priority = priority;
        task.repos_affected = vec![repo.into(), "all".into(), "all".into()];
        task.updated = at(&format!("2025-01-0{}T10:00:00.847", number + 1));
        task.assigned_to = (number == 1).then(|| "mira".to_owned());
        task.session_created = (number == 2).then(|| "S-1".parse().expect("an id"));
        task.dependencies = if number == 3 {
            vec!["F-0".parse().expect("an id")]
        } else {
            vec![]
        };
        tasks.insert(task).await.expect("inserted");
    }
    let ids = async |filter: TaskFilter| -> Vec<String> {
        let list = tasks.list(&filter).await.expect("listed");
        if filter.page == Page::default() {
            assert_eq!(
                tasks.count(&filter).await.expect("counted"),
                list.len() as u64
            );
        }
        list.into_iter().map(|task| task.id.to_string()).collect()
    };
    let any = TaskFilter::default;
    assert_eq!(
        ids(TaskFilter {
            status: vec![TaskStatus::Pending, TaskStatus::Blocked],
            ..any()
        })
        .await,
        ["F-0", "F-2"]
    );
    assert_eq!(
        ids(TaskFilter {
            priority: vec![Priority::High],
            ..any()
        })
        .await,
        ["F-3"]
    );
    assert_eq!(
        ids(TaskFilter {
            repo: vec!["web".into(), "ml".into()],
            ..any()
        })
        .await,
        ["F-2", "F-3"]
    );
    assert_eq!(
        ids(TaskFilter {
            assigned_to: vec!["mira".into()],
            ..any()
        })
        .await,
        ["F-1"]
    );
    assert_eq!(
        ids(TaskFilter {
            session: vec!["S-1".parse().expect("an id")],
            ..any()
        })
        .await,
        ["F-2"]
    );
    assert_eq!(
        ids(TaskFilter {
            depends_on: Some(task("F-0")),
            ..any()
        })
        .await,
        ["F-3"]
    );
    assert_eq!(
        ids(TaskFilter {
            text: vec!["%_".into(), "PFEL".into()],
            ..any()
        })
        .await,
        ["F-0"]
    );
    assert_eq!(
        ids(TaskFilter {
            text: vec!["no such word".into()],
            ..any()
        })
        .await,
        Vec::<String>::new()
    );
    assert_eq!(
        ids(TaskFilter {
            since: Some(at("2025-01-03T10:00:00.847")),
            ..any()
        })
        .await,
        ["F-2", "F-3"]
    );
    assert_eq!(
        ids(TaskFilter {
            ids: vec![task("F-3")],
            ..any()
        })
        .await,
        ["F-3"]
    );
    assert_eq!(
        ids(TaskFilter {
            sort: TaskSort::Priority,
            ..any()
        })
        .await,
        ["F-1", "F-3", "F-0", "F-2"]
    );
    assert_eq!(
        ids(TaskFilter {
            sort: TaskSort::Title,
            ..any()
        })
        .await,
        ["F-1", "F-0", "F-2", "F-3"]
    );
    assert_eq!(
        ids(TaskFilter {
            sort: TaskSort::Status,
            ..any()
        })
        .await,
        ["F-0", "F-1", "F-2", "F-3"]
    );
    assert_eq!(
        ids(TaskFilter {
            sort: TaskSort::Updated,
            reverse: true,
            ..any()
        })
        .await,
        ["F-3", "F-2", "F-1", "F-0"]
    );
    assert_eq!(
        ids(TaskFilter {
            sort: TaskSort::Id,
            page: Page {
                limit: Some(2),
                offset: 1
            },
            ..any()
        })
        .await,
        ["F-1", "F-2"]
    );
    assert_eq!(
        ids(TaskFilter {
            page: Page {
                limit: None,
                offset: 3
            },
            ..any()
        })
        .await,
        ["F-3"]
    );
    let mut counts = tasks.count_by_status().await.expect("counted");
    counts.sort();
    assert_eq!(counts[0], ("blocked".to_owned(), 1));
    let counts = tasks.count_by_priority(&any()).await.expect("counted");
    assert!(counts.contains(&(String::new(), 1)));
    let statuses = tasks
        .statuses(&[task("F-0"), task("none")])
        .await
        .expect("statuses");
    assert_eq!(statuses.len(), 1);
    assert_eq!(statuses[&task("F-0")], TaskStatus::Pending);

    // A list that changes is followed by its rows.
    tasks
        .update(&task("F-0"), |task| {
            task.repos_affected = vec!["new".into()]
        })
        .await
        .expect("updated");
    assert_eq!(
        ids(TaskFilter {
            repo: vec!["core".into()],
            ..any()
        })
        .await,
        ["F-1"]
    );
    assert_eq!(
        ids(TaskFilter {
            repo: vec!["new".into()],
            ..any()
        })
        .await,
        ["F-0"]
    );
    let done = tasks
        .set_status(&task("F-0"), TaskStatus::Completed, at("2025-02-01"))
        .await;
    assert_eq!(done.expect("done").completed_at, Some(at("2025-02-01")));
    let refused = tasks
        .try_update(&task("F-0"), |_| Err(Error::Refused("no".into())))
        .await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    for number in 0..4 {
        tasks
            .delete(&task(&format!("F-{number}")), Referrers::Detach)
            .await
            .expect("deleted");
    }
    assert_eq!(tasks.count(&any()).await.expect("counted"), 0);
}

pub(crate) async fn references(store: &Store) {
    let (tasks, issues) = (store.tasks(), store.issues());
    let now = at("2025-01-01");
    let word = |word: &str| Word::new(word).expect("a word");
    let issue = issues
        .add(|id| {
            let mut issue = Issue::new(id, word("code_creep"), "x".into(), now);
            issue.related_task_id = Some(task("R-1"));
            issue.repos_affected = vec!["core".into()];
            issue
        })
        .await
        .expect("a reference to a task that isn't there is kept");
    assert_eq!(
        issues.get(&issue.id).await.expect("there").related_task_id,
        Some(task("R-1"))
    );
    let by_task = IssueFilter {
        task: Some(task("R-1")),
        ..IssueFilter::default()
    };
    assert_eq!(issues.count(&by_task).await.expect("counted"), 1);

    tasks
        .insert(Task::new(task("R-1"), "appears".into(), now))
        .await
        .expect("inserted");
    assert_eq!(issues.count(&by_task).await.expect("counted"), 1);
    let mut waits = Task::new(task("R-2"), "waits".into(), now);
    waits.dependencies = vec![task("R-1")];
    tasks.insert(waits).await.expect("inserted");
    let refused = tasks.delete(&task("R-1"), Referrers::Respect).await;
    let Err(Error::StillReferenced { by, .. }) = refused else {
        panic!("deleted")
    };
    assert_eq!(by, [format!("issue {}", issue.id), "task R-2".to_owned()]);
    tasks
        .delete(&task("R-1"), Referrers::Detach)
        .await
        .expect("deleted");
    assert_eq!(
        issues.get(&issue.id).await.expect("there").related_task_id,
        Some(task("R-1"))
    );

    let resolved = issues
        .resolve(&issue.id, Some("mira"), Some("moved"), now)
        .await
        .expect("resolved");
    assert_eq!(
        (resolved.status, resolved.resolved_at),
        (IssueStatus::Resolved, Some(now))
    );
    for filter in [
        IssueFilter {
            status: vec![IssueStatus::Resolved],
            ..IssueFilter::default()
        },
        IssueFilter {
            severity: vec![Severity::Medium],
            ..IssueFilter::default()
        },
        IssueFilter {
            issue_type: vec![word("code_creep")],
            ..IssueFilter::default()
        },
        IssueFilter {
            repo: vec!["core".into()],
            ..IssueFilter::default()
        },
        IssueFilter {
            text: vec!["ISSUE".into()],
            ..IssueFilter::default()
        },
        IssueFilter {
            since: Some(now),
            sort: IssueSort::Severity,
            ..IssueFilter::default()
        },
        IssueFilter {
            ids: vec![issue.id.clone()],
            sort: IssueSort::Status,
            ..IssueFilter::default()
        },
    ] {
        assert_eq!(
            issues.list(&filter).await.expect("listed").len(),
            1,
            "{filter:?}"
        );
    }
    let other = IssueFilter {
        assigned_to: vec!["jo".into()],
        ..IssueFilter::default()
    };
    assert_eq!(issues.count(&other).await.expect("counted"), 0);
    assert_eq!(
        issues.count_by_severity(&by_task).await.expect("counted"),
        [("MEDIUM".to_owned(), 1)]
    );
    assert_eq!(
        issues.count_by_status().await.expect("counted"),
        [("resolved".to_owned(), 1)]
    );

    let decision = store
        .decisions()
        .add(|id| Decision::new(id, "words".into(), now))
        .await;
    let decision = decision.expect("added");
    for filter in [
        DecisionFilter {
            status: vec![DecisionStatus::Planned],
            sort: DecisionSort::Impact,
            ..DecisionFilter::default()
        },
        DecisionFilter {
            text: vec!["WORDS".into()],
            sort: DecisionSort::Status,
            ..DecisionFilter::default()
        },
        DecisionFilter {
            since: Some(now),
            sort: DecisionSort::Id,
            ..DecisionFilter::default()
        },
    ] {
        assert_eq!(
            store.decisions().count(&filter).await.expect("counted"),
            1,
            "{filter:?}"
        );
        assert_eq!(
            store.decisions().list(&filter).await.expect("listed"),
            std::slice::from_ref(&decision)
        );
    }
    let none = DecisionFilter {
        repo: vec!["core".into()],
        ..DecisionFilter::default()
    };
    assert_eq!(store.decisions().count(&none).await.expect("counted"), 0);
    issues
        .delete(
            &IssueId::new("ISSUE-001").expect("an id"),
            Referrers::Respect,
        )
        .await
        .expect("deleted");
    store
        .decisions()
        .delete(&decision.id, Referrers::Respect)
        .await
        .expect("deleted");
    tasks
        .delete(&task("R-2"), Referrers::Respect)
        .await
        .expect("deleted");
}

pub(crate) async fn transactions(store: &Store) {
    let now = at("2025-01-01");
    let new = |id: TaskId| Task::new(id, "x".into(), now);
    let transaction = store.begin().await.expect("begun");
    transaction
        .tasks()
        .insert(new(task("X-1")))
        .await
        .expect("inserted");
    assert_eq!(transaction.tasks().all().await.expect("listed").len(), 1);
    drop(transaction);
    assert_eq!(store.tasks().all().await.expect("listed"), []);

    let failed: Result<(), Error> = store
        .write(async |store| {
            store.tasks().insert(new(task("X-2"))).await?;
            store.tasks().insert(new(task("X-2"))).await?;
            Ok(())
        })
        .await;
    assert!(matches!(failed, Err(Error::Conflict { .. })));
    assert_eq!(store.tasks().all().await.expect("listed"), []);

    let transaction = store.begin().await.expect("begun");
    transaction
        .tasks()
        .insert(new(task("X-3")))
        .await
        .expect("inserted");
    transaction.commit().await.expect("committed");
    store
        .tasks()
        .delete(&task("X-3"), Referrers::Respect)
        .await
        .expect("deleted");
}
