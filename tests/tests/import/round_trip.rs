//! Any documents are imported, exported and imported again without losing a value.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use wsdb_core::Json;
use wsdb_import::{ImportOptions, ImportResult, NoProgress};
use wsdb_store::Store;
use wsdb_tests::store::Database;

use crate::common::{export, read_files, store, values_by_path};
use crate::documents::{Documents, workspace};

/// The values and their paths, without the indexes of the lists whose items get ids on import.
fn values_of_items(values: BTreeMap<String, Json>) -> Vec<(String, String)> {
    let lists = ["/activities/", "/decisions_made/", "/issues_found/"];
    let mut values: Vec<_> = values
        .into_iter()
        .map(|(path, value)| {
            let item = lists.iter().find_map(|list| {
                let (before, after) = path.split_once(list)?;
                let (_, field) = after.split_once('/')?;
                Some(format!("{before}{list}*/{field}"))
            });
            (item.unwrap_or(path), value.to_string())
        })
        .collect();
    values.sort();
    values
}

async fn import(store: &Store, folder: &Path) -> Result<ImportResult, TestCaseError> {
    let (options, sources) = (ImportOptions::default(), [folder.to_owned()]);
    let imported = wsdb_import::import(store, &sources, &options, &NoProgress).await;
    imported.map_err(|error| TestCaseError::fail(format!("{error} {error:#?}")))
}

/// Imports documents into the first store, and its export into the second one, which may be another
/// database: no value is lost, and both export the same bytes.
async fn check_round_trip(
    documents: &Documents,
    [first, second]: [Store; 2],
) -> Result<(), TestCaseError> {
    let folder = || tempfile::tempdir().unwrap();
    let (source, first_export, second_export) = (folder(), folder(), folder());
    for (name, value) in documents {
        std::fs::write(source.path().join(name), value.to_string()).unwrap();
    }
    import(&first, source.path()).await?;
    let again = import(&first, source.path()).await?;
    prop_assert!(again.summary.is_unchanged(), "{:#?}", again.summary);
    prop_assert_eq!(again.summary.conflicts, vec![]);
    export(&first, first_export.path()).await;
    import(&second, first_export.path()).await?;
    export(&second, second_export.path()).await;

    let exported = read_files(first_export.path());
    prop_assert_eq!(&exported, &read_files(second_export.path()));
    for (name, value) in documents {
        let before = values_of_items(values_by_path(&value.to_string()));
        let exported = exported.get(*name).map_or("{}", String::as_str);
        let after = values_of_items(values_by_path(exported));
        for value in before {
            prop_assert!(
                after.contains(&value),
                "{name}: {value:?} is lost; there are {after:#?}"
            );
        }
    }
    let tasks = (first.tasks().all().await, second.tasks().all().await);
    prop_assert_eq!(tasks.0.unwrap(), tasks.1.unwrap());
    let (first_drift, second_drift) = (first.drift(), second.drift());
    let detections = (
        first_drift.detections().all().await,
        second_drift.detections().all().await,
    );
    prop_assert_eq!(detections.0.unwrap(), detections.1.unwrap());
    first.close().await.unwrap();
    second.close().await.unwrap();
    Ok(())
}

fn block_on(work: impl Future<Output = Result<(), TestCaseError>>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}

/// Replaces the character U+0000, which PostgreSQL cannot store. The tests of the command line cover
/// it, in `values_that_postgres_cannot_store_are_refused`.
fn without_zero_characters(documents: Documents) -> Documents {
    fn replace(value: Json) -> Json {
        match value {
            Json::String(text) => Json::from(text.replace('\0', "0")),
            Json::Array(list) => list.into_iter().map(replace).collect(),
            Json::Object(map) => map
                .into_iter()
                .map(|(key, value)| (key, replace(value)))
                .collect(),
            other => other,
        }
    }
    let documents = documents.into_iter();
    documents
        .map(|(name, value)| (name, replace(value)))
        .collect()
}

/// Deletes the records of a PostgreSQL database, and returns a store on it.
async fn emptied_store(database: &Database) -> Store {
    let store = Store::connect(&database.url()).await.unwrap();
    database.empty();
    store
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_value_survives_export_and_import(documents in workspace()) {
        block_on(async {
            check_round_trip(&documents, [store().await, store().await]).await
        })?;
    }
}

/// From SQLite to PostgreSQL, and from PostgreSQL to SQLite.
#[test]
fn every_value_survives_import_into_the_other_database() {
    let Some(database) = Database::postgres() else {
        return;
    };
    let config = ProptestConfig {
        cases: 5,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let documents = workspace().prop_map(without_zero_characters);
    let is_from_postgres = any::<bool>();
    let result = TestRunner::new(config).run(
        &(documents, is_from_postgres),
        |(documents, is_from_postgres)| {
            block_on(async {
                let mut stores = [store().await, emptied_store(&database).await];
                if is_from_postgres {
                    stores.reverse();
                }
                check_round_trip(&documents, stores).await
            })
        },
    );
    if let Err(error) = result {
        panic!("{error}");
    }
}
