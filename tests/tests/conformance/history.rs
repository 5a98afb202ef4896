//! What history records about writes through the store.

use wsdb_core::{
    Action, ActionId, ActionWithChanges, Author, ChangeKind, HistoryFilter, Session, SessionId,
    Task,
};
use wsdb_store::{Error, OnDelete, Store};

use crate::fixtures::{self, id, now};
use crate::{Case, at, test_cases};

test_cases!(
    write_without_author_is_by_unknown,
    action_has_the_author_and_the_time,
    action_names_the_open_session_of_its_author,
    change_without_effect_is_not_an_action,
    edit_records_the_changed_fields,
    transaction_is_one_action,
    open_transaction_lists_its_own_action,
    write_that_is_rolled_back_is_not_an_action,
    bulk_insert_takes_few_rows,
    bulk_insert_is_undone_and_redone,
    many_changes_are_undone_and_redone,
    long_history_is_appended,
);

async fn actions(case: &Case) -> Vec<Action> {
    let filter = HistoryFilter {
        oldest_first: true,
        ..HistoryFilter::default()
    };
    let actions = case.store.history().list(&filter).await;
    actions.unwrap()
}

async fn insert_task(store: &Store, name: &str) {
    let task = fixtures::task(name, false);
    store.tasks().insert(task).await.unwrap();
}

async fn set_title(store: &Store, name: &str, title: &str) {
    let name = id(name);
    let update = store
        .tasks()
        .update(&name, |task| task.title = title.into())
        .await;
    update.unwrap();
}

/// The store as mira uses it.
fn store_of_mira(case: &Case) -> Store {
    case.store
        .with_author(Author::new("mira", "task edit", now()))
}

async fn write_without_author_is_by_unknown(case: &Case) {
    insert_task(&case.store, "T-1").await;
    let action = actions(case).await.remove(0);
    assert_eq!(
        (action.actor.as_str(), action.verb.as_str()),
        ("unknown", "write")
    );
    assert!(action.time > at("2025-01-01"));
    assert_eq!(
        (action.session, action.undoes, action.undone_by),
        (None, None, None)
    );
}

async fn action_has_the_author_and_the_time(case: &Case) {
    insert_task(&store_of_mira(case), "T-1").await;
    let action = actions(case).await.remove(0);
    assert_eq!(
        (&*action.actor, &*action.verb, action.time),
        ("mira", "task edit", now())
    );
}

async fn action_names_the_open_session_of_its_author(case: &Case) {
    let store = store_of_mira(case);
    let start = |id: SessionId| Session {
        user: Some("mira".into()),
        ..Session::new(id, now())
    };
    let session = store.sessions().start(now(), start).await.unwrap().id;
    insert_task(&store, "T-1").await;
    store.sessions().end(&session, None, now()).await.unwrap();
    let author = Author::new("mira", "task edit", at("2025-12-01"));
    insert_task(&case.store.with_author(author), "T-2").await;
    let sessions = actions(case).await.into_iter().map(|action| action.session);
    let during = Some(session);
    let expected = [during.clone(), during.clone(), during, None];
    assert_eq!(sessions.collect::<Vec<_>>(), expected);
}

async fn change_without_effect_is_not_an_action(case: &Case) {
    insert_task(&case.store, "T-1").await;
    for _ in 0..2 {
        set_title(&case.store, "T-1", "Same title").await;
    }
    assert_eq!(actions(case).await.len(), 2, "insert and first update");
}

async fn edit_records_the_changed_fields(case: &Case) {
    insert_task(&case.store, "T-1").await;
    set_title(&case.store, "T-1", "New title").await;
    let edit = actions(case).await[1].id;
    let change = case.store.history().changes(&[edit], None).await;
    let change = change.unwrap().remove(0);
    assert_eq!(
        (change.kind, change.records),
        (ChangeKind::Changed, vec!["T-1".to_owned()])
    );
    assert_eq!(change.before.keys().collect::<Vec<_>>(), ["title"]);
    assert_eq!(change.after["title"], "New title");
}

async fn transaction_is_one_action(case: &Case) {
    let inserted = case
        .store
        .write(async |store| {
            for name in ["T-1", "T-2"] {
                store.tasks().insert(fixtures::task(name, false)).await?;
            }
            store.tasks().delete(&id("T-1"), OnDelete::Respect).await
        })
        .await;
    inserted.unwrap();
    let actions = actions(case).await;
    assert_eq!(actions.len(), 1);
    let changes = case.store.history().changes(&[actions[0].id], None).await;
    let kinds: Vec<_> = changes.unwrap().iter().map(|change| change.kind).collect();
    use ChangeKind::{Added, Removed};
    assert_eq!(kinds, [Added, Added, Removed]);
}

async fn open_transaction_lists_its_own_action(case: &Case) {
    let transaction = case.store.begin().await.unwrap();
    let task = fixtures::task("T-1", false);
    transaction.tasks().insert(task).await.unwrap();
    let count = transaction.history().count(&HistoryFilter::default()).await;
    assert_eq!(count.unwrap(), 1);
    transaction.commit().await.unwrap();
}

async fn write_that_is_rolled_back_is_not_an_action(case: &Case) {
    let store = &case.store;
    let failed: Result<(), Error> = store
        .write(async |store| {
            store.tasks().insert(fixtures::task("T-1", false)).await?;
            Err(Error::InvalidState("refused".into()))
        })
        .await;
    failed.unwrap_err();
    store.begin().await.unwrap().commit().await.unwrap();
    let dry_run = store
        .dry_run(async |store| store.tasks().insert(fixtures::task("T-1", false)).await)
        .await;
    dry_run.unwrap();
    assert_eq!(actions(case).await, []);
    assert_eq!(store.tasks().ids().await.unwrap(), Vec::<String>::new());
}

/// Number of rows of history that one statement writes, and of ids that one row names.
const BATCH_SIZE: usize = 1000;

fn count_changes(case: &Case) -> String {
    let sql = "SELECT count(*) FROM record_changes";
    case.database.rows(sql).remove(0)
}

async fn insert_tasks(case: &Case, count: usize) -> Vec<Task> {
    let tasks: Vec<Task> = (0..count)
        .map(|number| fixtures::task(&format!("T-{number}"), number % 100 == 0))
        .collect();
    let inserted = case.store.tasks().insert_many(&tasks, &|_| ()).await;
    inserted.unwrap();
    tasks
}

async fn bulk_insert_takes_few_rows(case: &Case) {
    insert_tasks(case, BATCH_SIZE + 10).await;
    assert_eq!(count_changes(case), "2");
    for record in ["T-7", "T-1009"] {
        let filter = HistoryFilter {
            record: Some(record.into()),
            ..HistoryFilter::default()
        };
        let count = case.store.history().count(&filter).await;
        assert_eq!(count.unwrap(), 1, "{record}");
    }
}

/// The rows of tasks and of their lists.
fn task_rows(case: &Case) -> Vec<String> {
    case.database.rows_of_all(&[
        "SELECT * FROM workspace_tasks ORDER BY 1",
        "SELECT * FROM task_repos ORDER BY 1, 2",
        "SELECT * FROM task_dependencies ORDER BY 1, 2",
    ])
}

async fn undo(case: &Case, action: ActionId) -> ActionId {
    case.store.history().undo(action).await.unwrap().by
}

/// The undo has a row for each record, and more than one statement writes.
async fn bulk_insert_is_undone_and_redone(case: &Case) {
    insert_tasks(case, BATCH_SIZE + 10).await;
    let inserted = task_rows(case);
    let undone = undo(case, ActionId(1)).await;
    assert_eq!(count_changes(case), "1012");
    assert_eq!(task_rows(case), Vec::<String>::new());
    undo(case, undone).await;
    assert!(task_rows(case) == inserted, "the redone insert differs");
}

/// There are more changes than the number of records that undo reads at once.
async fn many_changes_are_undone_and_redone(case: &Case) {
    let tasks = insert_tasks(case, 260).await;
    let inserted = task_rows(case);
    let changed: Result<(), Error> = case
        .store
        .write(async |store| {
            for task in &tasks {
                let mut after = task.clone();
                after.title.push('!');
                store.tasks().save_changed(task.clone(), after).await?;
            }
            Ok(())
        })
        .await;
    changed.unwrap();
    assert_eq!(count_changes(case), "261");
    let changed = task_rows(case);
    let undone = undo(case, ActionId(2)).await;
    assert!(task_rows(case) == inserted, "an undone change differs");
    undo(case, undone).await;
    assert!(task_rows(case) == changed, "a redone change differs");
    let task = case.store.tasks().get(&id("T-259")).await.unwrap();
    assert!(task.title.ends_with('!'));
}

async fn long_history_is_appended(case: &Case) {
    insert_task(&case.store, "T-1").await;
    let local = actions(case).await.remove(0).id;
    // SQLite accepts 32,766 parameters in a statement.
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
    let actions = actions(case).await;
    assert_eq!(actions.len(), 33_001);
    assert_eq!(actions[0].undone_by, Some(ActionId(local.0 + 1)));
    assert!(actions[1..].iter().all(|action| action.undone_by.is_none()));
}
