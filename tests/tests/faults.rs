//! What goes wrong between a program and a PostgreSQL server: told by name, nothing half-written,
//! and no password shown.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};
use std::time::Duration;

use wsdb_core::{HistoryFilter, Task, TaskId, Timestamp};
use wsdb_store::{Error, Options, Store};
use wsdb_tests::server::{Cluster, server};
use wsdb_tests::{Folder, store::Database};

const SECRET: &str = "s3cret-w0rd";

/// A server of its own, where the server's programs are installed.
fn cluster(settings: &str) -> Option<Cluster> {
    // It says so loudly where there is no PostgreSQL at all.
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
        .expect("a runtime");
    runtime.block_on(work)
}

fn now() -> Timestamp {
    "2025-11-20".parse().expect("a time")
}

async fn add(store: &Store) -> Result<TaskId, Error> {
    let task = |id| Task::new(id, "x".into(), now());
    store.tasks().add(task).await.map(|task| task.id)
}

/// Runs the binary on a database, without whatever the caller's own settings are.
fn wsdb(folder: &Folder, url: &str, args: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command: Command = folder.command(args);
    command
        .env("WSDB_DATABASE_URL", url)
        .env("HOME", folder.path());
    for name in ["PGPASSWORD", "PGUSER", "PGHOST", "PGPASSFILE"] {
        command.env_remove(name);
    }
    let output = command
        .envs(variables.iter().copied())
        .output()
        .expect("started");
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
    let said: serde_json::Value = serde_json::from_slice(&output.stderr).expect("JSON");
    said["error"]["code"].as_str().expect("a code").to_owned()
}

#[test]
fn who_is_not_let_in_is_told_why() {
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
        .expect("rules");
    let folder = Folder::new();
    let of = |user: &str| {
        let url = database.url();
        let place = url.split_once('@').expect("a user").1;
        format!("postgres://{user}{place}")
    };
    let try_it = |url: &str| code(&wsdb(&folder, url, &["status", "--json"], &[]));
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
    assert!(wsdb(&folder, &of(&with), &["init"], &[]).status.success());
    let variable = [("PGPASSWORD", SECRET)];
    let status = wsdb(&folder, &of("jo@"), &["status"], &variable);
    assert!(status.status.success());
    let passwords = folder.path().join(".pgpass");
    std::fs::write(&passwords, format!("127.0.0.1:*:*:jo:{SECRET}\n")).expect("written");
    std::fs::set_permissions(&passwords, PermissionsExt::from_mode(0o600)).expect("changed");
    assert!(wsdb(&folder, &of("jo@"), &["status"], &[]).status.success());
    let copy = ["copy", "--to", "copy.db", "--json"];
    assert!(wsdb(&folder, &of(&with), &copy, &[]).status.success());

    cluster.down("fast").expect("stopped");
    assert_eq!(try_it(&of("postgres@")), "no_server");
}

#[test]
fn a_connection_that_died_is_replaced() {
    let Some(server) = server() else {
        return;
    };
    let database = Database::postgres_on(server);
    run(async {
        let store = Store::connect(&database.url()).await.expect("opened");
        add(&store).await.expect("added");
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        assert_ne!(database.rows(cut), ["0"]);
        assert_eq!(add(&store).await.expect("added").as_str(), "WS-TASK-002");

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
        assert_eq!(added.expect("tried again").as_str(), "WS-TASK-003");
        assert_eq!(store.tasks().ids().await.expect("ids").len(), 4);

        // In a transaction that the caller holds, it can't be: nothing of it is kept.
        let transaction = store.begin().await.expect("begun");
        let task = |id| Task::new(id, "lost".into(), now());
        transaction.tasks().add(task).await.expect("added");
        // History is written, so that the commit is all that is left to do.
        let filter = HistoryFilter::default();
        transaction.history().list(&filter).await.expect("written");
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
        assert_eq!(store.tasks().ids().await.expect("ids").len(), 4);
        store.close().await.expect("closed");
    });
}

#[test]
fn a_busy_database_names_who_keeps_it_so() {
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
                .expect("opened")
        };
        let (slow, quick) = (open("wsdb (slow)").await, open("wsdb (quick)").await);
        let held = slow.begin().await.expect("begun");
        held.tasks()
            .add(|id| Task::new(id, "x".into(), now()))
            .await
            .expect("added");
        let error = add(&quick).await.expect_err("busy").to_string();
        assert!(error.contains("wsdb (slow) of user"), "{error}");
        held.commit().await.expect("kept");
        assert_eq!(add(&quick).await.expect("added").as_str(), "WS-TASK-002");
        quick.close().await.expect("closed");
        slow.close().await.expect("closed");
    });
}

#[test]
fn a_restart_under_load_loses_nothing_that_was_done() {
    let Some(cluster) = cluster("") else {
        return;
    };
    let database = Database::postgres_on(&cluster.url());
    let folder = Folder::new();
    assert!(
        wsdb(&folder, &database.url(), &["init"], &[])
            .status
            .success()
    );
    let stop = std::sync::atomic::AtomicBool::new(false);
    let (done, failed) = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let (mut done, mut failed) = (Vec::new(), Vec::new());
                    while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                        let add = ["task", "add", "Under load", "--json"];
                        let output = wsdb(&folder, &database.url(), &add, &[]);
                        match output.status.success() {
                            true => {
                                let task: serde_json::Value =
                                    serde_json::from_slice(&output.stdout).expect("JSON");
                                done.push(task["id"].as_str().expect("an id").to_owned());
                            }
                            false => {
                                failed.push(code(&output));
                                std::thread::sleep(Duration::from_millis(50));
                            }
                        }
                    }
                    (done, failed)
                })
            })
            .collect();
        for mode in ["fast", "immediate"] {
            std::thread::sleep(Duration::from_millis(1500));
            cluster.down(mode).expect("stopped");
            std::thread::sleep(Duration::from_millis(300));
            cluster.up().expect("started");
        }
        std::thread::sleep(Duration::from_millis(1500));
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        let ended = workers
            .into_iter()
            .map(|worker| worker.join().expect("ended"));
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
