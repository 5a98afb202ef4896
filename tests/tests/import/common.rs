//! What several tests need.

use std::collections::BTreeMap;
use std::path::Path;

use wsdb_core::{Json, Timestamp};
use wsdb_import::{ExportOptions, ExportedFile, ImportOptions, ImportSummary, NoProgress};
use wsdb_store::Store;

pub(crate) use wsdb_tests::fixture;

pub(crate) async fn store() -> Store {
    Store::connect("sqlite::memory:").await.unwrap()
}

pub(crate) async fn import(store: &Store, source: &Path) -> ImportSummary {
    wsdb_import::import(
        store,
        &[source.to_owned()],
        &ImportOptions::default(),
        &NoProgress,
    )
    .await
    .unwrap_or_else(|error| panic!("{error} {error:?}"))
}

pub(crate) async fn export(store: &Store, folder: &Path) -> Vec<ExportedFile> {
    wsdb_import::export(store, folder, &ExportOptions::default(), &NoProgress)
        .await
        .unwrap()
}

/// Every file of a folder.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| {
            let entry = entry.unwrap();
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect()
}

/// Every value that isn't null, by its path: records by their ids instead of their places, and
/// lists of tasks as one; times as instants.
pub(crate) fn leaves(text: &str) -> BTreeMap<String, Json> {
    let mut leaves = BTreeMap::new();
    let value = match serde_json::from_str(text).unwrap() {
        Json::Array(tasks) => wsdb_core::json!({ "active_tasks": tasks }),
        other => other,
    };
    walk("", &value, &mut leaves);
    leaves
}

fn walk(path: &str, value: &Json, leaves: &mut BTreeMap<String, Json>) {
    match value {
        Json::Null => {}
        Json::Object(map) => {
            for (key, value) in map {
                let key = if key == "completed_tasks" {
                    "active_tasks"
                } else {
                    key
                };
                walk(&format!("{path}/{key}"), value, leaves);
            }
        }
        Json::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                let id = value
                    .get("session_id")
                    .or(value.get("id"))
                    .and_then(Json::as_str);
                let place = id.map_or(index.to_string(), str::to_owned);
                walk(&format!("{path}/{place}"), value, leaves);
            }
        }
        Json::String(text) => {
            let time = text.parse::<Timestamp>().map(|time| time.to_string());
            leaves.insert(
                path.to_owned(),
                Json::from(time.unwrap_or_else(|_| text.clone())),
            );
        }
        Json::Number(number) => {
            leaves.insert(path.to_owned(), Json::from(decimal(&number.to_string())));
        }
        Json::Bool(_) => {
            leaves.insert(path.to_owned(), value.clone());
        }
    }
}

/// A number's value, however it is spelled: its digits without zeros around them, and a power of
/// ten.
fn decimal(text: &str) -> String {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let sign = if whole.starts_with('-') { "-" } else { "" };
    let digits = format!("{}{fraction}", whole.trim_start_matches('-'));
    let digits = digits.trim_start_matches('0');
    let kept = digits.trim_end_matches('0');
    if kept.is_empty() {
        return "number 0".to_owned();
    }
    let exponent: i64 = exponent.parse().unwrap();
    let power = exponent - fraction.len() as i64 + (digits.len() - kept.len()) as i64;
    format!("number {sign}{kept} x 10^{power}")
}
