//! What history keeps of what is written through the store.

use wsdb_core::{
    Action, ActionId, ActionWithChanges, Author, ChangeKind, HistoryFilter, Session, Task,
};
use wsdb_store::{Error, OnDelete};

use crate::fixtures::{self, id, now};
use crate::{Case, at};

async fn actions(case: &Case) -> Vec<wsdb_core::Action> {
    let filter = HistoryFilter {
        oldest_first: true,
        ..HistoryFilter::default()
    };
    let actions = case.store.history().list(&filter).await;
    actions.unwrap()
}

pub(crate) async fn long_history_is_appended(case: &Case) {
    let task = case.store.tasks().insert(fixtures::task("T-1", true)).await;
    task.unwrap();
    let local = actions(case).await.remove(0).id;
    // SQLite allows 32,766 parameters in a statement.
    let history: Vec<_> = (1..=33_000)
        .map(|number| Action {
            id: ActionId(local.0 + number),
            time: now(),
            actor: "mira".to_owned(),
            session: None,
            verb: "undo".to_owned(),
            undoes: (number == 1).then_some(local),
            undone_by: None,
        })
        .map(|action| ActionWithChanges {
            action,
            changes: Vec::new(),
        })
        .collect();
    case.store.history().append_history(&history).await.unwrap();
    let all = actions(case).await;
    assert_eq!(all[0].undone_by, Some(ActionId(local.0 + 1)));
    assert!(all[1..].iter().all(|action| action.undone_by.is_none()));
}

pub(crate) async fn who_and_when(case: &Case) {
    let task = case.store.tasks().insert(fixtures::task("T-1", true)).await;
    task.unwrap();
    let first = actions(case).await.remove(0);
    assert_eq!(
        (first.actor.as_str(), first.verb.as_str()),
        ("unknown", "write")
    );
    assert!(first.time > at("2025-01-01"));
    assert_eq!(
        (first.session, first.undoes, first.undone_by),
        (None, None, None)
    );

    let mira = case
        .store
        .with_author(Author::new("mira", "task edit", now()));
    let (sessions, tasks, first_id) = (mira.sessions(), mira.tasks(), id("T-1"));
    let started = sessions.start(now(), |id| {
        let mut session = Session::new(id, now());
        session.user = Some("mira".into());
        session
    });
    let session = started.await.unwrap().id;
    let edit = tasks.update(&first_id, |task| task.title = "new".into());
    edit.await.unwrap();
    // What changes nothing is no change.
    let same = tasks.update(&first_id, |task| task.title = "new".into());
    same.await.unwrap();
    sessions.end(&session, None, now()).await.unwrap();
    let later = case
        .store
        .with_author(Author::new("mira", "task edit", at("2025-12-01")));
    let tasks = later.tasks();
    let after = tasks.update(&first_id, |task| task.title = "newer".into());
    after.await.unwrap();
    let all = actions(case).await;
    let sessions: Vec<_> = all[1..]
        .iter()
        .map(|action| action.session.clone())
        .collect();
    let session = Some(session);
    assert_eq!(sessions, [session.clone(), session.clone(), session, None]);
    assert!(
        all[1..4]
            .iter()
            .all(|a| a.actor == "mira" && a.time == now())
    );

    let edited = case.store.history().changes(&[all[2].id], None).await;
    let edited = edited.unwrap().remove(0);
    assert_eq!(
        (edited.kind, edited.records),
        (ChangeKind::Changed, vec!["T-1".to_owned()])
    );
    assert_eq!(edited.before.keys().collect::<Vec<_>>(), ["title"]);
    assert_eq!(edited.after["title"], "new");
}

pub(crate) async fn one_transaction_is_one_action(case: &Case) {
    let transaction = case.store.begin().await.unwrap();
    for name in ["T-1", "T-2"] {
        let task = fixtures::task(name, false);
        transaction.tasks().insert(task).await.unwrap();
    }
    // It can be read before the commit.
    let filter = HistoryFilter::default();
    assert_eq!(transaction.history().count(&filter).await.unwrap(), 1);
    let tasks = transaction.tasks();
    let gone = tasks.delete(&id("T-1"), OnDelete::Respect).await;
    gone.unwrap();

    transaction.commit().await.unwrap();
    let all = actions(case).await;
    assert_eq!(all.len(), 1);
    let changes = case.store.history().changes(&[all[0].id], None).await;
    let kinds: Vec<_> = changes.unwrap().iter().map(|c| c.kind).collect();
    use ChangeKind::{Added, Removed};
    assert_eq!(kinds, [Added, Added, Removed]);

    let failed: Result<(), Error> = case
        .store
        .write(async |store| {
            store.tasks().insert(fixtures::task("T-3", false)).await?;
            Err(Error::InvalidState("no".into()))
        })
        .await;
    failed.unwrap_err();
    case.store.begin().await.unwrap().commit().await.unwrap();
    let tried = case
        .store
        .dry_run(async |store| store.tasks().insert(fixtures::task("T-3", false)).await);
    tried.await.unwrap();
    assert_eq!(actions(case).await.len(), 1);
    assert_eq!(case.store.tasks().ids().await.unwrap(), ["T-2"]);
}

pub(crate) async fn thousands_at_once(case: &Case) {
    let tasks: Vec<Task> = (0..2500)
        .map(|number| fixtures::task(&format!("T-{number}"), number % 100 == 0))
        .collect();
    case.store
        .tasks()
        .insert_many(&tasks, &|_| ())
        .await
        .unwrap();
    let rows = || case.database.rows("SELECT count(*) FROM record_changes");
    assert_eq!(rows(), ["3"], "named together");
    let filter = HistoryFilter {
        record: Some("T-1234".into()),
        ..HistoryFilter::default()
    };
    assert_eq!(case.store.history().count(&filter).await.unwrap(), 1);

    // As many rows as tasks that change, in one action; more than one statement writes.
    let changed = &tasks[..1100];
    case.store
        .write(async |store| {
            for task in changed {
                let mut after = task.clone();
                after.title.push('!');
                store.tasks().save_changed(task.clone(), after).await?;
            }
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    assert_eq!(rows(), ["1103"]);
    let undo = async |number| case.store.history().undo(ActionId(number)).await;
    let refused = undo(1).await.unwrap_err();
    assert!(
        matches!(
            refused,
            Error::UndoConflict {
                by: Some(ActionId(2)),
                ..
            }
        ),
        "{refused}"
    );
    let last = undo(2).await.unwrap().by;
    let tables = || {
        let all = ["workspace_tasks", "task_repos", "task_dependencies"];
        all.map(|table| {
            case.database
                .rows(&format!("SELECT * FROM {table} ORDER BY 1, 2"))
        })
    };
    let before = tables();
    let gone = undo(1).await.unwrap().by;
    assert!(tables().iter().all(Vec::is_empty));
    undo(gone.0).await.unwrap();
    assert!(tables() == before, "everything is back");
    undo(last.0).await.unwrap();
    let task = case.store.tasks().get(&id("T-1099")).await.unwrap();
    assert!(task.title.ends_with('!'));
}
