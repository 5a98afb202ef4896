//! Failures between the binary and a PostgreSQL server: each has an error code, nothing is written
//! in part, and no password is shown.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use wsdb_core::{HistoryFilter, Task, TaskId, Timestamp};
use wsdb_store::{Error, Options, Store};
use wsdb_tests::server::{Cluster, server};
use wsdb_tests::{TestWorkspace, store::Database};

const SECRET: &str = "s3cret-w0rd";

/// A server of its own, where the server's programs are installed.
fn cluster(settings: &str) -> Option<Cluster> {
    // Prints a warning if there is no PostgreSQL at all.
    server()?;
    match Cluster::start(settings) {
        Ok(cluster) => Some(cluster),
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "{why}");
            eprintln!("THIS TEST DID NOT RUN: it needs the programs of a PostgreSQL server: {why}");
            None
        }
    }
}

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

async fn add(store: &Store) -> Result<TaskId, Error> {
    let task = |id| Task::new(id, "x".into(), now());
    store.tasks().add(task).await.map(|task| task.id)
}

/// Runs the binary on a database, without whatever the caller's own settings are.
fn wsdb(workspace: &TestWorkspace, url: &str, args: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command: Command = workspace.command(args);
    command
        .env("WSDB_DATABASE_URL", url)
        .env("HOME", workspace.path());
    for name in ["PGPASSWORD", "PGUSER", "PGHOST", "PGPASSFILE"] {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let shown = [&output.stdout[..], &output.stderr[..]].concat();
    assert!(
        !String::from_utf8_lossy(&shown).contains(SECRET),
        "a password is shown"
    );
    output
}

/// What a failure is called.
fn code(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    error["error"]["code"].as_str().unwrap().to_owned()
}

#[test]
fn refused_connections_are_explained() {
    let Some(cluster) = cluster("-c ssl=off") else {
        return;
    };
    let database = Database::postgres_on(&cluster.url());
    database.execute(&format!(
        "CREATE ROLE jo SUPERUSER LOGIN PASSWORD '{SECRET}'; CREATE ROLE tess SUPERUSER LOGIN"
    ));
    cluster
        .rules(
            "hostssl all tess 127.0.0.1/32 trust\nhost all jo 127.0.0.1/32 scram-sha-256\n\
             host all postgres 127.0.0.1/32 trust\nhost all nobody 127.0.0.1/32 trust\n",
        )
        .unwrap();
    let workspace = TestWorkspace::new();
    let of = |user: &str| {
        let url = database.url();
        let place = url.split_once('@').unwrap().1;
        format!("postgres://{user}{place}")
    };
    let try_it = |url: &str| code(&wsdb(&workspace, url, &["status", "--json"], &[]));
    assert_eq!(try_it(&of("jo:wrong@")), "login");
    assert_eq!(try_it(&of("jo@")), "login");
    assert_eq!(try_it(&of("nobody@")), "login");
    assert_eq!(try_it(&of("tess@")), "encryption");
    assert_eq!(try_it(&(of("jo@") + "?sslmode=require")), "encryption");
    assert_eq!(
        try_it(&cluster.url_of(&format!("jo:{SECRET}@"), "nix")),
        "no_database"
    );
    assert_eq!(try_it(&of("postgres@")), "no_workspace");

    // From the URL, the environment and ~/.pgpass.
    let with = format!("jo:{SECRET}@");
    assert!(
        wsdb(&workspace, &of(&with), &["init"], &[])
            .status
            .success()
    );
    let variable = [("PGPASSWORD", SECRET)];
    let status = wsdb(&workspace, &of("jo@"), &["status"], &variable);
    assert!(status.status.success());
    let passwords = workspace.path().join(".pgpass");
    std::fs::write(&passwords, format!("127.0.0.1:*:*:jo:{SECRET}\n")).unwrap();
    std::fs::set_permissions(&passwords, PermissionsExt::from_mode(0o600)).unwrap();
    assert!(
        wsdb(&workspace, &of("jo@"), &["status"], &[])
            .status
            .success()
    );
    let copy = ["copy", "--to", "copy.db", "--json"];
    assert!(wsdb(&workspace, &of(&with), &copy, &[]).status.success());

    cluster.down("fast").unwrap();
    assert_eq!(try_it(&of("postgres@")), "no_server");
}

#[test]
fn lost_connection_is_replaced() {
    let Some(server) = server() else {
        return;
    };
    let database = Database::postgres_on(server);
    run(async {
        let store = Store::connect(&database.url()).await.unwrap();
        add(&store).await.unwrap();
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        assert_ne!(database.rows(cut), ["0"]);
        assert_eq!(add(&store).await.unwrap().as_str(), "WS-TASK-002");

        // In the middle of a transaction: the whole is tried again.
        let mut first = std::cell::Cell::new(true);
        let added = store
            .write(async |store| {
                let task = |id| Task::new(id, "y".into(), now());
                let added = store.tasks().add(task).await?;
                if first.replace(false) {
                    database.rows(cut);
                }
                let task = |id| Task::new(id, "z".into(), now());
                store.tasks().add(task).await?;
                Ok::<_, Error>(added.id)
            })
            .await;
        assert!(!*first.get_mut(), "it was tried");
        assert_eq!(added.unwrap().as_str(), "WS-TASK-003");
        assert_eq!(store.tasks().ids().await.unwrap().len(), 4);

        // In a transaction that the caller holds, it cannot be: nothing of it is kept.
        let transaction = store.begin().await.unwrap();
        let task = |id| Task::new(id, "lost".into(), now());
        transaction.tasks().add(task).await.unwrap();
        // History is written, so that the commit is all that is left to do.
        let filter = HistoryFilter::default();
        transaction.history().list(&filter).await.unwrap();
        database.rows(cut);
        let lost = transaction.commit().await;
        assert!(
            matches!(
                lost,
                Err(Error::ConnectionLost {
                    committing: true,
                    ..
                })
            ),
            "{lost:?}"
        );
        assert_eq!(store.tasks().ids().await.unwrap().len(), 4);
        store.close().await.unwrap();
    });
}

#[test]
fn busy_database_names_the_lock_holder() {
    let Some(server) = server() else {
        return;
    };
    let database = Database::postgres_on(server);
    run(async {
        let open = async |name: &str| {
            let options = Options {
                busy_timeout: Duration::from_millis(300),
                name: Some(name.to_owned()),
                ..Options::default()
            };
            Store::connect_with(&database.url(), &options)
                .await
                .unwrap()
        };
        let (slow, quick) = (open("wsdb (slow)").await, open("wsdb (quick)").await);
        let held = slow.begin().await.unwrap();
        held.tasks()
            .add(|id| Task::new(id, "x".into(), now()))
            .await
            .unwrap();
        let error = add(&quick).await.unwrap_err().to_string();
        assert!(error.contains("wsdb (slow) as user"), "{error}");
        held.commit().await.unwrap();
        assert_eq!(add(&quick).await.unwrap().as_str(), "WS-TASK-002");
        quick.close().await.unwrap();
        slow.close().await.unwrap();
    });
}

#[test]
fn restart_under_load_loses_no_change() {
    let Some(cluster) = cluster("") else {
        return;
    };
    let database = Database::postgres_on(&cluster.url());
    let workspace = TestWorkspace::new();
    assert!(
        wsdb(&workspace, &database.url(), &["init"], &[])
            .status
            .success()
    );
    let stop = AtomicBool::new(false);
    let (done, failed) = std::thread::scope(|scope| {
        // Whether a command succeeded.
        let (ended, results) = mpsc::channel();
        let (workspace, database, stop) = (&workspace, &database, &stop);
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let ended = ended.clone();
                scope.spawn(move || {
                    let (mut done, mut failed) = (Vec::new(), Vec::new());
                    while !stop.load(Ordering::Relaxed) {
                        let add = ["task", "add", "Under load", "--json"];
                        let output = wsdb(workspace, &database.url(), &add, &[]);
                        let success = output.status.success();
                        if success {
                            let task: serde_json::Value =
                                serde_json::from_slice(&output.stdout).unwrap();
                            done.push(task["id"].as_str().unwrap().to_owned());
                        } else {
                            failed.push(code(&output));
                        }
                        ended.send(success).unwrap();
                    }
                    (done, failed)
                })
            })
            .collect();
        let wait_for = |success, count: usize| {
            let mut matching = results.iter().filter(|result| *result == success);
            assert!(matching.nth(count - 1).is_some(), "the workers ended");
        };
        for mode in ["fast", "immediate"] {
            wait_for(true, 12);
            cluster.down(mode).unwrap();
            wait_for(false, 4);
            cluster.up().unwrap();
        }
        wait_for(true, 12);
        stop.store(true, Ordering::Relaxed);
        let ended = workers.into_iter().map(|worker| worker.join().unwrap());
        ended.fold((Vec::new(), Vec::new()), |mut all, (done, failed)| {
            all.0.extend(done);
            all.1.extend(failed);
            all
        })
    });
    println!(
        "a restart under load: {} done, {} failed",
        done.len(),
        failed.len()
    );
    let known = ["no_server", "connection_lost", "unreachable"];
    let unknown = failed.iter().find(|code| !known.contains(&code.as_str()));
    assert_eq!(unknown, None, "every failure has a name");
    assert!(done.len() > 4, "the load was no load");
    let kept = database.rows("SELECT id FROM workspace_tasks");
    let lost: Vec<_> = done.iter().filter(|id| !kept.contains(id)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    let mut once = done.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), done.len(), "an id was given twice");
}
