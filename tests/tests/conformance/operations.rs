//! The verbs with meaning, and the counts.

use wsdb_core::{
    IssueFilter, IssueStatus, OpenInterval, Priority, Session, SessionStatus, Severity, Task,
    TaskFilter, TaskStatus,
};
use wsdb_store::Error;

use crate::fixtures::{self, id, now};
use crate::{Case, at};

fn sorted(mut counts: Vec<(String, u64)>) -> String {
    counts.sort();
    let shown: Vec<String> = counts
        .iter()
        .map(|(word, n)| format!("{word}={n}"))
        .collect();
    shown.join(" ")
}

pub(crate) async fn tasks(case: &Case) {
    let tasks = case.store.tasks();
    let none: [(String, u64); 0] = [];
    assert_eq!(tasks.count_by_status().await.unwrap(), none);
    let added = tasks
        .add(|id| Task::new(id, "x".into(), now()))
        .await
        .unwrap();
    assert_eq!(tasks.get(&added.id).await.unwrap(), added);
    let (started, done) = (at("2025-12-01"), at("2025-12-02"));
    let task = tasks
        .set_status(&added.id, TaskStatus::InProgress, started)
        .await;
    assert_eq!(task.unwrap().started_at, Some(started));
    let task = tasks
        .set_status(&added.id, TaskStatus::Completed, done)
        .await
        .unwrap();
    assert_eq!((task.completed_at, task.updated), (Some(done), done));
    assert_eq!(tasks.get(&added.id).await.unwrap(), task);
    let missing = tasks
        .set_status(&id("T-404"), TaskStatus::Blocked, done)
        .await;
    assert!(matches!(missing, Err(Error::NotFound { noun: "task", .. })));

    for (name, priority) in [("T-1", Some(Priority::High)), ("T-2", Some(Priority::High))] {
        let task = fixtures::task(name, false);
        tasks.insert(Task { priority, ..task }).await.unwrap();
    }
    let counts = tasks.count_by_status().await.unwrap();
    assert_eq!(sorted(counts), "completed=1 deferred=2");
    let all = tasks
        .count_by_priority(&TaskFilter::default())
        .await
        .unwrap();
    assert_eq!(sorted(all), "=1 HIGH=2");
    let deferred = TaskFilter {
        status: vec![TaskStatus::Deferred],
        ..TaskFilter::default()
    };
    let some = tasks.count_by_priority(&deferred).await.unwrap();
    assert_eq!(sorted(some), "HIGH=2");

    let mut asked: Vec<wsdb_core::TaskId> = (0..2500).map(|n| id(&format!("none-{n}"))).collect();
    asked.extend([id("T-2"), added.id.clone(), id("T-2")]);
    let known = tasks.statuses(&asked).await.unwrap();
    assert_eq!(known.len(), 2);
    assert_eq!(known[&added.id], TaskStatus::Completed);
    assert_eq!(known[&id("T-2")], TaskStatus::Deferred);
    assert!(tasks.statuses(&[]).await.unwrap().is_empty());
}

pub(crate) async fn sessions(case: &Case) {
    let sessions = case.store.sessions();
    assert_eq!(sessions.current(None).await.unwrap(), None);
    let begin = async |user: &str, time: &str| {
        let start = at(time);
        let user = user.to_owned();
        let session = |id| Session {
            user: Some(user.clone()),
            ..Session::new(id, start)
        };
        sessions.start(start, session).await.unwrap()
    };
    let first = begin("mira", "2025-11-20T09:00:00").await;
    let second = begin("jo", "2025-11-20T10:00:00").await;
    let third = begin("mira", "2025-11-20T08:00:00").await;
    assert_eq!(third.id.as_str(), "2025-11-20-session-003");
    assert_eq!(sessions.current(None).await.unwrap(), Some(second.clone()));
    assert_eq!(
        sessions.current(Some("mira")).await.unwrap(),
        Some(first.clone())
    );
    assert_eq!(sessions.current(Some("nobody")).await.unwrap(), None);

    let noted = sessions
        .update(&first.id, |s| s.handoff_notes = Some("old".into()))
        .await;
    noted.unwrap();
    let end = at("2025-11-20T17:00:00");
    let ended = sessions.end(&first.id, None, end).await.unwrap();
    assert_eq!(
        (ended.status, ended.end_time),
        (SessionStatus::Completed, Some(end))
    );
    assert_eq!(
        ended.handoff_notes.as_deref(),
        Some("old"),
        "notes stay where none are given"
    );
    assert_eq!(sessions.get(&first.id).await.unwrap(), ended);
    let twice = sessions.end(&first.id, Some("new"), at("2025-11-21")).await;
    assert!(matches!(twice, Err(Error::InvalidState(_))));
    assert_eq!(
        sessions.get(&first.id).await.unwrap(),
        ended,
        "refused, unchanged"
    );
    let missing = sessions.end(&id("S-404"), None, end).await;
    assert!(matches!(
        missing,
        Err(Error::NotFound {
            noun: "session",
            ..
        })
    ));
    assert_eq!(
        sessions.current(Some("mira")).await.unwrap(),
        Some(third.clone())
    );
    let ended = sessions
        .end(&third.id, Some("over"), at("2025-11-20T07:00:00"))
        .await;
    let ended = ended.unwrap();
    assert_eq!(
        ended.end_time,
        Some(ended.start_time),
        "never before it began"
    );
    assert_eq!(ended.handoff_notes.as_deref(), Some("over"));
}

pub(crate) async fn links(case: &Case) {
    let (store, sessions) = (&case.store, case.store.sessions());
    for name in ["S-1", "S-2"] {
        sessions
            .insert(fixtures::session(name, false))
            .await
            .unwrap();
    }
    store
        .decisions()
        .insert(fixtures::decision("D-1", false))
        .await
        .unwrap();
    store
        .issues()
        .insert(fixtures::issue("I-1", false))
        .await
        .unwrap();

    let (session, decision, issue) = (id("S-1"), id("D-1"), id("I-1"));
    let made = sessions.link_decision(&session, &decision).await.unwrap();
    assert_eq!(
        (&made.session_id, &made.decision_id),
        (&session, &Some(id("D-1")))
    );
    assert_eq!(
        sessions.link_decision(&session, &decision).await.unwrap(),
        made
    );
    let found = sessions.link_issue(&session, &issue).await.unwrap();
    assert_eq!(sessions.link_issue(&session, &issue).await.unwrap(), found);
    sessions.link_decision(&id("S-2"), &decision).await.unwrap();
    assert_eq!(sessions.decisions_of(&session).await.unwrap(), [made]);
    assert_eq!(sessions.issues_of(&session).await.unwrap(), [found]);
    assert_eq!(sessions.issues_of(&id("S-2")).await.unwrap(), []);
    assert_eq!(sessions.decision_links().all().await.unwrap().len(), 2);
    let nobody = sessions.link_decision(&id("S-404"), &decision).await;
    assert!(matches!(
        nobody,
        Err(Error::NotFound {
            noun: "session",
            ..
        })
    ));
    let nothing = sessions.link_decision(&session, &id("D-404")).await;
    assert!(matches!(
        nothing,
        Err(Error::NotFound {
            noun: "decision",
            ..
        })
    ));
    let nobody = sessions.link_issue(&id("S-404"), &issue).await;
    assert!(matches!(
        nobody,
        Err(Error::NotFound {
            noun: "session",
            ..
        })
    ));
    let nothing = sessions.link_issue(&session, &id("I-404")).await;
    assert!(matches!(
        nothing,
        Err(Error::NotFound { noun: "issue", .. })
    ));

    // Activities: by time, whatever the order in which they were logged.
    for time in [
        "2025-11-20T12:00:00",
        "2025-11-20T11:00:00.5",
        "2025-11-20T11:00:00",
    ] {
        let activity = |new: wsdb_core::ActivityId| wsdb_core::Activity {
            time: at(time),
            ..fixtures::activity(new.as_str(), "S-1", true)
        };
        let logged = sessions.log(&session, activity).await.unwrap();
        assert_eq!(sessions.activities().get(&logged.id).await.unwrap(), logged);
    }
    let ids: Vec<String> = sessions
        .activities_of(&session)
        .await
        .unwrap()
        .into_iter()
        .map(|activity| activity.id.to_string())
        .collect();
    assert_eq!(ids, ["S-1-log-003", "S-1-log-002", "S-1-log-001"]);
    assert_eq!(sessions.activities_of(&id("S-2")).await.unwrap(), []);
    let nobody = id("S-404");
    let lost = sessions.log(&nobody, |new| {
        fixtures::activity(new.as_str(), "S-404", false)
    });
    assert!(matches!(
        lost.await,
        Err(Error::NotFound {
            noun: "session",
            ..
        })
    ));
    let orphan = fixtures::activity("A-404", "S-404", false);
    sessions.activities().insert(orphan).await.unwrap_err();
    assert_eq!(sessions.activities().all().await.unwrap().len(), 3);
}

pub(crate) async fn issues(case: &Case) {
    let issues = case.store.issues();
    let added = issues
        .add(|id| fixtures::issue(id.as_str(), false))
        .await
        .unwrap();
    assert_eq!(added.id.as_str(), "ISSUE-001");
    let (one, two) = (at("2025-12-01"), at("2025-12-02"));
    let issue = issues
        .resolve(&added.id, Some("mira"), Some("moved"), one)
        .await;
    let issue = issue.unwrap();
    assert_eq!(issue.status, IssueStatus::Resolved);
    assert_eq!(
        (issue.resolved_at, issue.resolved_by.as_deref()),
        (Some(one), Some("mira"))
    );
    assert_eq!(issues.get(&added.id).await.unwrap(), issue);
    let issue = issues
        .set_status(&added.id, IssueStatus::Closed, Some("jo"), None, two)
        .await;
    let issue = issue.unwrap();
    assert_eq!(
        (issue.resolved_at, issue.resolved_by.as_deref()),
        (Some(one), Some("mira"))
    );
    let issue = issues
        .set_status(&added.id, IssueStatus::Open, None, None, two)
        .await;
    let issue = issue.unwrap();
    assert_eq!((issue.resolved_at, issue.resolved_by), (None, None));
    assert_eq!(issue.resolution_notes.as_deref(), Some("moved"));
    let missing = issues.resolve(&id("I-404"), None, None, one).await;
    assert!(matches!(
        missing,
        Err(Error::NotFound { noun: "issue", .. })
    ));

    let severe = |issue| wsdb_core::Issue {
        severity: Severity::High,
        ..issue
    };
    let closed = severe(fixtures::issue("I-2", true));
    issues.insert(closed).await.unwrap();
    assert_eq!(
        sorted(issues.count_by_status().await.unwrap()),
        "closed=1 open=1"
    );
    let all = issues
        .count_by_severity(&IssueFilter::default())
        .await
        .unwrap();
    assert_eq!(sorted(all), "HIGH=1 LOW=1");
    let open = IssueFilter {
        status: vec![IssueStatus::Open],
        ..IssueFilter::default()
    };
    assert_eq!(
        sorted(issues.count_by_severity(&open).await.unwrap()),
        "LOW=1"
    );
}

pub(crate) async fn spans_of_what_was_open(case: &Case) {
    let store = &case.store;
    let mut task = fixtures::task("T-1", true);
    task.status = TaskStatus::Completed;
    task.completed_at = Some(at("2025-11-21"));
    let mut open = fixtures::task("T-2", false);
    open.status = TaskStatus::Blocked;
    let mut closed = fixtures::task("T-3", false);
    closed.status = TaskStatus::Closed;
    for task in [&task, &open, &closed] {
        store.tasks().insert(task.clone()).await.unwrap();
    }
    let mut intervals = store
        .tasks()
        .open_intervals(&TaskFilter::default())
        .await
        .unwrap();
    let mut expected = [
        OpenInterval {
            from: task.created,
            until: Some(at("2025-11-21")),
        },
        OpenInterval {
            from: open.created,
            until: None,
        },
        OpenInterval {
            from: closed.created,
            until: Some(closed.updated),
        },
    ];
    let order = |interval: &OpenInterval| interval.until;
    intervals.sort_by_key(order);
    expected.sort_by_key(order);
    assert_eq!(intervals, expected);

    let mut issue = fixtures::issue("I-1", false);
    issue.status = IssueStatus::Resolved;
    issue.resolved_at = None;
    store.issues().insert(issue.clone()).await.unwrap();
    let intervals = store
        .issues()
        .open_intervals(&IssueFilter::default())
        .await
        .unwrap();
    assert_eq!(
        intervals,
        [OpenInterval {
            from: issue.detected,
            until: Some(issue.detected)
        }]
    );
}
