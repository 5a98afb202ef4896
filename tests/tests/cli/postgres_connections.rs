//! PostgreSQL connections that are lost or busy.

use std::process::Output;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use wsdb_core::{HistoryFilter, Task, TaskId, Timestamp};
use wsdb_store::{Connection, Error, Options, Store};
use wsdb_tests::{TestWorkspace, server::StopMode, store::Database};

use crate::file_failures::error_code;
use crate::postgres_login::{cluster, run_on};

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work)
}

fn now() -> Timestamp {
    "2025-11-20".parse().unwrap()
}

async fn add(store: &Store<impl Connection>) -> Result<TaskId, Error> {
    let task = |id| Task::new(id, "x".into(), now());
    store.tasks().add(task).await.map(|task| task.id)
}

async fn count_tasks(store: &Store) -> usize {
    store.tasks().ids().await.unwrap().len()
}

/// Ends all other connections to the database, of which there has to be one.
fn end_connections(database: &Database) {
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert_ne!(database.rows(end), ["0"]);
}

#[test]
fn lost_connection_is_replaced() {
    let Some(database) = Database::postgres() else {
        return;
    };
    run(async {
        let store = Store::connect(&database.url()).await.unwrap();
        add(&store).await.unwrap();
        end_connections(&database);
        assert_eq!(add(&store).await.unwrap().as_str(), "WS-TASK-002");
        store.close().await.unwrap();
    });
}

#[test]
fn write_is_repeated_completely_after_a_lost_connection() {
    let Some(database) = Database::postgres() else {
        return;
    };
    run(async {
        let store = Store::connect(&database.url()).await.unwrap();
        let attempts = std::cell::Cell::new(0);
        let added = store
            .write(async |store| {
                let id = add(store).await?;
                attempts.set(attempts.get() + 1);
                if attempts.get() == 1 {
                    end_connections(&database);
                }
                add(store).await?;
                Ok::<_, Error>(id)
            })
            .await;
        assert_eq!(attempts.get(), 2);
        assert_eq!(added.unwrap().as_str(), "WS-TASK-001");
        assert_eq!(count_tasks(&store).await, 2);
        store.close().await.unwrap();
    });
}

/// Only the caller could repeat the transaction.
#[test]
fn transaction_of_the_caller_is_lost_with_its_connection() {
    let Some(database) = Database::postgres() else {
        return;
    };
    run(async {
        let store = Store::connect(&database.url()).await.unwrap();
        let transaction = store.begin().await.unwrap();
        add(&transaction).await.unwrap();
        // Listing writes the pending history, so that only the commit remains.
        let filter = HistoryFilter::default();
        transaction.history().list(&filter).await.unwrap();
        end_connections(&database);
        let error = transaction.commit().await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::ConnectionLost {
                    committing: true,
                    ..
                }
            ),
            "{error:?}"
        );
        assert_eq!(count_tasks(&store).await, 0);
        store.close().await.unwrap();
    });
}

#[test]
fn busy_database_names_the_lock_holder() {
    let Some(database) = Database::postgres() else {
        return;
    };
    run(async {
        let open = async |name: &str| {
            let options = Options {
                busy_timeout: Duration::from_millis(300),
                name: Some(name.to_owned()),
                ..Options::default()
            };
            let store = Store::connect_with(&database.url(), &options).await;
            store.unwrap()
        };
        let (slow, quick) = (open("wsdb (slow)").await, open("wsdb (quick)").await);
        let transaction = slow.begin().await.unwrap();
        add(&transaction).await.unwrap();
        let error = add(&quick).await.unwrap_err().to_string();
        assert!(error.contains("wsdb (slow) as user"), "{error}");
        transaction.commit().await.unwrap();
        assert_eq!(add(&quick).await.unwrap().as_str(), "WS-TASK-002");
        quick.close().await.unwrap();
        slow.close().await.unwrap();
    });
}

/// The pool tries to connect until its time is up, as it does if all connections are in use.
#[test]
fn stopped_server_is_not_a_busy_database() {
    let Some(cluster) = cluster("") else {
        return;
    };
    let database = Database::postgres_on(&cluster.url());
    run(async {
        let options = Options {
            busy_timeout: Duration::from_secs(2),
            ..Options::default()
        };
        let store = Store::connect_with(&database.url(), &options).await;
        let store = store.unwrap();
        cluster.stop(StopMode::Fast).unwrap();
        let error = add(&store).await.unwrap_err();
        assert!(matches!(error, Error::ConnectionLost { .. }), "{error:?}");
        cluster.start().unwrap();
        add(&store).await.unwrap();
        store.close().await.unwrap();
    });
}

/// What the commands of a process that adds tasks did.
#[derive(Default)]
struct Results {
    added: Vec<String>,
    error_codes: Vec<String>,
}

/// Adds tasks until `stop` is set, and sends whether each command succeeded.
fn add_tasks(
    workspace: &TestWorkspace,
    url: &str,
    stop: &AtomicBool,
    sender: &Sender<bool>,
) -> Results {
    let mut results = Results::default();
    while !stop.load(Ordering::Relaxed) {
        // A command that has lost its connection waits this long for the server to return.
        let add = [
            "task",
            "add",
            "Under load",
            "--json",
            "--busy-timeout",
            "10s",
        ];
        let output: Output = run_on(workspace, url, &add, &[]);
        let success = output.status.success();
        if success {
            let task: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            results.added.push(task["id"].as_str().unwrap().to_owned());
        } else {
            results.error_codes.push(error_code(&output));
        }
        sender.send(success).unwrap();
    }
    results
}

/// Blocks until this number of commands have succeeded or failed.
fn await_commands(receiver: &Receiver<bool>, success: bool, count: usize) {
    let mut matching = receiver.iter().filter(|result| *result == success);
    assert!(matching.nth(count - 1).is_some(), "the threads ended");
}

#[test]
fn restart_under_load_loses_no_change() {
    let Some(cluster) = cluster("") else {
        return;
    };
    let database = Database::postgres_on(&cluster.url());
    let workspace = TestWorkspace::new();
    let url = database.url();
    let init = run_on(&workspace, &url, &["init"], &[]);
    assert!(init.status.success(), "{init:?}");
    let stop = AtomicBool::new(false);
    let results: Vec<Results> = std::thread::scope(|scope| {
        let (sender, receiver) = channel();
        let (workspace, url, stop) = (&workspace, &url, &stop);
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let sender = sender.clone();
                scope.spawn(move || add_tasks(workspace, url, stop, &sender))
            })
            .collect();
        for mode in [StopMode::Fast, StopMode::Immediate] {
            await_commands(&receiver, true, 12);
            cluster.stop(mode).unwrap();
            await_commands(&receiver, false, 4);
            cluster.start().unwrap();
        }
        await_commands(&receiver, true, 12);
        stop.store(true, Ordering::Relaxed);
        let results = threads.into_iter().map(|thread| thread.join().unwrap());
        results.collect()
    });
    for code in results.iter().flat_map(|results| &results.error_codes) {
        let expected = ["no_server", "connection_lost", "unreachable"];
        assert!(expected.contains(&code.as_str()), "{code}");
    }
    let mut added: Vec<_> = results.iter().flat_map(|results| &results.added).collect();
    let stored = database.rows("SELECT id FROM workspace_tasks");
    let lost: Vec<_> = added.iter().filter(|id| !stored.contains(id)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    let count = added.len();
    added.sort();
    added.dedup();
    assert_eq!(added.len(), count, "an id was given twice");
}
