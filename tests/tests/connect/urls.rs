//! The part of a URL after `sqlite://` is a path, without escapes or options.

use wsdb_core::{Task, Timestamp};
use wsdb_store::{Error, Options, Store};

use crate::{bytes, open, refusal, run, url};

async fn add(store: &Store) -> String {
    let now: Timestamp = "2025-11-20".parse().unwrap();
    let added = store.tasks().add(|id| Task::new(id, "x".into(), now)).await;
    added.unwrap().id.to_string()
}

#[test]
fn paths_are_not_decoded() {
    let names = [
        "plain.db",
        "a?mode=ro.db",
        "b#c.db",
        "d%20e%00.db",
        "f g.db",
        "„Äpfel“ 🍐.db",
        "h&i=j+k.db",
        "l'm\"n;--.db",
        "-o",
        "back\\slash",
        "new\nline",
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    for name in names {
        let path = folder.path().join(name);
        open(&path);
        expected.push(name.to_owned());
        expected.sort();
        let found: Vec<String> = bytes(folder.path())
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(found, expected, "{name}: closing leaves one file");
        run(async {
            let store = Store::connect(&url(&path)).await.unwrap();
            assert_eq!(add(&store).await, "WS-TASK-001");
            store.close().await.unwrap();
        });
    }
}

/// Runs in a child process, because all tests of this process have the same current folder.
#[test]
fn relative_paths_are_not_decoded() {
    const NAME: &str = "WSDB_TEST_RELATIVE_NAME";
    if let Ok(name) = std::env::var(NAME) {
        run(async {
            let store = Store::connect(&format!("sqlite://{name}")).await.unwrap();
            assert_eq!(add(&store).await, "WS-TASK-001");
            store.close().await.unwrap();
        });
        return;
    }
    for name in ["w.db", "./w.db", "file:x", "file:y?mode=memory", "~", "a:b"] {
        let folder = tempfile::tempdir().unwrap();
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["urls::relative_paths_are_not_decoded", "--exact"])
            .env(NAME, name)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(
            child.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&child.stdout)
        );
        let found: Vec<String> = bytes(folder.path())
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(found, [name.trim_start_matches("./")]);
    }
}

#[test]
fn memory_database_is_private_to_its_store() {
    for memory in ["sqlite::memory:", "sqlite://:memory:"] {
        let options = Options {
            max_connections: 8,
            ..Options::default()
        };
        run(async {
            let store = Store::connect_with(memory, &options).await.unwrap();
            let other = Store::connect(memory).await.unwrap();
            assert_eq!(add(&store).await, "WS-TASK-001");
            let (tasks, again) = (store.tasks(), store.tasks());
            let all = tokio::join!(tasks.ids(), again.ids(), tasks.ids(), again.ids());
            for ids in [all.0, all.1, all.2, all.3] {
                assert_eq!(ids.unwrap(), ["WS-TASK-001"]);
            }
            assert_eq!(other.tasks().ids().await.unwrap().len(), 0);
        });
    }
    assert!(!std::path::Path::new(":memory:").exists());
}

#[test]
fn urls_of_other_databases_are_refused() {
    for url in [
        "",
        "w.db",
        "sqlite://",
        "sqlite:w.db",
        "mysql://jo:secret@db.example/ws",
        "jo:secret@db.example/ws",
        "SQLITE://w.db",
    ] {
        let Error::Url(message) = refusal(url) else {
            panic!("{url}: another error")
        };
        assert!(!message.contains("secret"), "{message}");
    }
}

#[test]
fn errors_do_not_show_the_password() {
    let options = Options {
        busy_timeout: std::time::Duration::from_secs(2),
        ..Options::default()
    };
    for url in [
        "postgres://jo:secret@127.0.0.1:1/ws",
        "postgres://jo:secret@host.invalid/ws",
        "postgres://jo:secret@127.0.0.1:99999/ws",
        "postgres://jo:sec ret@[/ws",
    ] {
        let error = run(Store::connect_with(url, &options)).unwrap_err();
        let messages = format!("{error} {error:?}");
        assert!(
            !messages.contains("secret") && !messages.contains("sec ret"),
            "{messages}"
        );
    }
}
