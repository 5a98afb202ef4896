//! Import and export of the sample documents of both generations.

use std::collections::BTreeMap;
use std::path::Path;

use wsdb_core::Json;
use wsdb_import::{ImportOptions, ImportResult, Mode, NoProgress};
use wsdb_store::Store;

use crate::common::{export, fixture, import, read_files, store, values_by_path};

const GENERATIONS: [&str; 2] = ["handwritten", "exported"];

/// Exports a store, and returns the files.
async fn exported_files(store: &Store) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    export(store, folder.path()).await;
    read_files(folder.path())
}

/// Whether an export has a value of an imported document.
fn has_value(exported: &BTreeMap<String, Json>, path: &str, value: &Json) -> bool {
    // Items of a session have no ids before they are imported.
    if let Some((session, item)) = path.split_once("/activities/") {
        let (_, field) = item.split_once('/').unwrap();
        let (start, end) = (format!("{session}/activities/"), format!("/{field}"));
        return exported.iter().any(|(path, exported)| {
            path.starts_with(&start) && path.ends_with(&end) && exported == value
        });
    }
    if path.contains("/decisions_made/0") || path.contains("/issues_found/0") {
        return exported.values().any(|exported| exported == value);
    }
    exported.get(path) == Some(value)
}

#[tokio::test]
async fn every_value_of_the_samples_is_exported() {
    for generation in GENERATIONS {
        let store = store().await;
        let imported = import(&store, &fixture(generation)).await;
        assert_eq!(imported.rejects, []);
        let exported = exported_files(&store).await;
        for (name, text) in read_files(&fixture(generation)) {
            let exported = values_by_path(&exported[&name]);
            for (path, value) in values_by_path(&text) {
                assert!(
                    has_value(&exported, &path, &value),
                    "{generation}/{name}{path}: {value} is lost"
                );
            }
        }
    }
}

#[tokio::test]
async fn imported_export_is_exported_as_the_same_bytes() {
    for generation in GENERATIONS {
        let (first, second) = (store().await, store().await);
        import(&first, &fixture(generation)).await;
        let folder = tempfile::tempdir().unwrap();
        export(&first, folder.path()).await;
        let imported = import(&second, folder.path()).await;
        assert!(imported.rejects.is_empty());
        assert_eq!(exported_files(&second).await, read_files(folder.path()));
    }
}

#[tokio::test]
async fn importing_an_own_export_changes_nothing() {
    for generation in GENERATIONS {
        let store = store().await;
        import(&store, &fixture(generation)).await;
        let folder = tempfile::tempdir().unwrap();
        export(&store, folder.path()).await;
        let imported = import(&store, folder.path()).await;
        assert!(imported.summary.is_unchanged(), "{:?}", imported.summary);
        let files = export(&store, folder.path()).await;
        assert!(files.iter().all(|file| !file.changed));
    }
}

#[tokio::test]
async fn second_import_changes_nothing() {
    for generation in GENERATIONS {
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
async fn references_to_missing_records_are_kept_with_a_warning() {
    let store = store().await;
    let imported = import(&store, &fixture("handwritten")).await;
    let warnings = imported.summary.warnings.iter();
    let messages: Vec<_> = warnings.map(|warning| warning.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "task WS-TASK-004: dependency WS-TASK-099 does not exist",
            "issue ISSUE-002: related task WS-TASK-777 does not exist",
        ]
    );
    let id = "ISSUE-002".parse().unwrap();
    let issue = store.issues().get(&id).await.unwrap();
    let task = issue.related_task_id.map(String::from);
    assert_eq!(task.as_deref(), Some("WS-TASK-777"));
}

async fn replace(store: &Store, source: &Path) -> ImportResult {
    let options = ImportOptions {
        mode: Mode::Replace,
        ..ImportOptions::default()
    };
    let sources = [source.to_owned()];
    let imported = wsdb_import::import(store, &sources, &options, &NoProgress).await;
    imported.unwrap()
}

#[tokio::test]
async fn second_replacing_import_changes_nothing() {
    let (store, source) = (store().await, fixture("handwritten"));
    import(&store, &fixture("exported")).await;
    let first = replace(&store, &source).await;
    assert_eq!(first.summary.counts[0].deleted, 2);
    let exported = exported_files(&store).await;
    let second = replace(&store, &source).await;
    assert!(second.summary.is_unchanged(), "{:?}", second.summary.counts);
    assert_eq!(exported_files(&store).await, exported);
}

/// Imports the handwritten sample, and then the documents of architecture, drift, configuration and
/// contexts.
async fn import_governance(store: &Store) -> [ImportResult; 2] {
    let first = import(store, &fixture("handwritten")).await;
    let second = import(store, &fixture("governance")).await;
    [first, second]
}

#[tokio::test]
async fn references_to_earlier_imports_are_no_warnings() {
    let [first, second] = import_governance(&store().await).await;
    assert_eq!(first.summary.warnings.len(), 2);
    assert_eq!(second.rejects, []);
    assert_eq!(second.summary.conflicts, []);
    assert_eq!(second.summary.warnings, []);
}

/// Removes the versions that an export adds at the end of records.
fn without_revs(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.split('\n') {
        if !line.trim_start().starts_with("\"rev\": ") {
            lines.push(line);
        } else if let Some(last) = lines.last_mut() {
            *last = last.trim_end_matches(',');
        }
    }
    lines.join("\n")
}

#[tokio::test]
async fn governance_documents_are_exported_as_the_same_bytes() {
    let store = store().await;
    import_governance(&store).await;
    let folder = tempfile::tempdir().unwrap();
    export(&store, folder.path()).await;
    let (source, exported) = (
        read_files(&fixture("governance")),
        read_files(folder.path()),
    );
    assert_eq!(source.len(), 4);
    for (name, text) in source {
        assert_eq!(without_revs(&exported[&name]), text, "{name}");
    }
    let again = import(&store, folder.path()).await;
    assert!(again.summary.is_unchanged(), "{:?}", again.summary);
}
