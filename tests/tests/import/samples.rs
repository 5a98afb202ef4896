//! The samples of both generations, in and out.

use crate::common::{export, files, fixture, import, leaves, store};
use wsdb_import::{ImportOptions, Mode, NoProgress};

#[tokio::test]
async fn every_value_of_both_generations_comes_out_again() {
    for generation in ["handwritten", "exported"] {
        let store = store().await;
        let imported = import(&store, &fixture(generation)).await;
        assert_eq!(imported.rejects, []);
        let out = tempfile::tempdir().unwrap();
        export(&store, out.path()).await;
        let (before, after) = (files(&fixture(generation)), files(out.path()));
        for (name, text) in before {
            let after = leaves(&after[&name]);
            for (path, value) in leaves(&text) {
                // Activities have no id before they are imported.
                if let Some((session, rest)) = path.split_once("/activities/") {
                    let (_, field) = rest.split_once('/').unwrap();
                    let found = after.iter().any(|(path, found)| {
                        path.starts_with(&format!("{session}/activities/"))
                            && path.ends_with(&format!("/{field}"))
                            && *found == value
                    });
                    assert!(found, "{generation}/{name}{path}: {value}");
                } else if path.contains("_made/0") || path.contains("_found/0") {
                    assert!(after.values().any(|v| *v == value), "{name}{path}: {value}");
                } else {
                    let found = after.get(&path);
                    assert_eq!(found, Some(&value), "{generation}/{name}{path}");
                }
            }
        }
    }
}

#[tokio::test]
async fn an_export_imported_and_exported_again_is_the_same_bytes() {
    for generation in ["handwritten", "exported"] {
        let (first, second) = (store().await, store().await);
        import(&first, &fixture(generation)).await;
        let (out, again) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        export(&first, out.path()).await;
        let imported = import(&second, out.path()).await;
        assert!(imported.rejects.is_empty());
        export(&second, again.path()).await;
        assert_eq!(files(out.path()), files(again.path()));
        // The first database takes its own export for what it has.
        let same = import(&first, out.path()).await;
        assert!(same.summary.is_unchanged(), "{:?}", same.summary);
        assert!(
            export(&first, out.path())
                .await
                .iter()
                .all(|exported| !exported.changed)
        );
    }
}

#[tokio::test]
async fn what_is_there_already_changes_nothing() {
    for generation in ["handwritten", "exported"] {
        let store = store().await;
        let first = import(&store, &fixture(generation)).await;
        assert!(!first.summary.is_unchanged());
        let second = import(&store, &fixture(generation)).await;
        assert!(second.summary.is_unchanged());
        assert_eq!(second.summary.conflicts, []);
        assert_eq!(second.summary.warnings, first.summary.warnings);
    }
}

#[tokio::test]
async fn dangling_references_are_kept_and_told() {
    let store = store().await;
    let imported = import(&store, &fixture("handwritten")).await;
    let messages: Vec<_> = imported
        .summary
        .warnings
        .iter()
        .map(|w| w.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "task WS-TASK-004: dependency WS-TASK-099 does not exist",
            "issue ISSUE-002: related task WS-TASK-777 does not exist",
        ]
    );
    let id = "ISSUE-002".parse().unwrap();
    let issue = store.issues().get(&id).await.unwrap();
    assert_eq!(
        issue.related_task_id.map(String::from),
        Some("WS-TASK-777".to_owned())
    );
}

#[tokio::test]
async fn replacing_twice_is_the_same_as_once() {
    let store = store().await;
    import(&store, &fixture("exported")).await;
    let options = ImportOptions {
        mode: Mode::Replace,
        ..ImportOptions::default()
    };
    let sources = [fixture("handwritten")];
    let once = wsdb_import::import(&store, &sources, &options, &NoProgress)
        .await
        .unwrap();
    assert_eq!(once.summary.counts[0].deleted, 2);
    let out = tempfile::tempdir().unwrap();
    export(&store, out.path()).await;
    let twice = wsdb_import::import(&store, &sources, &options, &NoProgress)
        .await
        .unwrap();
    assert!(twice.summary.is_unchanged(), "{:?}", twice.summary.counts);
    let again = tempfile::tempdir().unwrap();
    export(&store, again.path()).await;
    assert_eq!(files(out.path()), files(again.path()));
}

const GOVERNANCE: [&str; 4] = [
    "ARCHITECTURE.json",
    "DRIFT.json",
    "CONFIGURATION.json",
    "CONTEXT-LOG.json",
];

#[tokio::test]
async fn governance_is_exported_as_it_came() {
    let store = store().await;
    let first = import(&store, &fixture("handwritten")).await;
    let second = import(&store, &fixture("governance")).await;
    assert_eq!(second.rejects, []);
    assert_eq!(second.summary.conflicts, []);
    // Every reference of the second folder is to a record that is there.
    assert_eq!(first.summary.warnings.len(), 2);
    assert_eq!(second.summary.warnings, []);
    let out = tempfile::tempdir().unwrap();
    export(&store, out.path()).await;
    let (before, after) = (files(&fixture("governance")), files(out.path()));
    assert_eq!(before.len(), GOVERNANCE.len());
    for name in GOVERNANCE {
        assert_eq!(after[name], before[name], "{name}");
    }
    let again = import(&store, out.path()).await;
    assert!(again.summary.is_unchanged(), "{:?}", again.summary);
}
