//! Imports, exports and comparison of documents.

use std::collections::BTreeMap;
use std::path::Path;

use wsdb_core::{Json, Timestamp};
use wsdb_import::{ExportOptions, ExportedFile, ImportOptions, ImportResult, NoProgress};
use wsdb_store::Store;

pub(crate) use wsdb_tests::fixture;

pub(crate) async fn store() -> Store {
    Store::connect("sqlite::memory:").await.unwrap()
}

pub(crate) async fn import(store: &Store, source: &Path) -> ImportResult {
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

/// The text of each file in a folder, by its name.
pub(crate) fn read_files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| {
            let entry = entry.unwrap();
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect()
}

/// Returns every value of a document that is not null, by its path.
///
/// Values that an export may write differently are equal: times are instants, numbers are their
/// values, the lists of open and of completed tasks are one, and a record in a list is named by its
/// id instead of its index.
pub(crate) fn values_by_path(document: &str) -> BTreeMap<String, Json> {
    let mut values = BTreeMap::new();
    let document = match serde_json::from_str(document).unwrap() {
        Json::Array(tasks) => wsdb_core::json!({ "active_tasks": tasks }),
        other => other,
    };
    collect_values("", &document, &mut values);
    values
}

fn collect_values(path: &str, value: &Json, values: &mut BTreeMap<String, Json>) {
    let value = match value {
        Json::Null => return,
        Json::Object(fields) => {
            for (key, value) in fields {
                let key = if key == "completed_tasks" {
                    "active_tasks"
                } else {
                    key
                };
                collect_values(&format!("{path}/{key}"), value, values);
            }
            return;
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let id = item.get("session_id").or(item.get("id"));
                let id = id.and_then(Json::as_str);
                let name = id.map_or(index.to_string(), str::to_owned);
                collect_values(&format!("{path}/{name}"), item, values);
            }
            return;
        }
        Json::String(text) => {
            let time = text.parse::<Timestamp>().map(|time| time.to_string());
            Json::from(time.unwrap_or_else(|_| text.clone()))
        }
        Json::Number(number) => Json::from(normalize_number(&number.to_string())),
        Json::Bool(_) => value.clone(),
    };
    values.insert(path.to_owned(), value);
}

/// Returns the value of a number, however it is written: its digits without zeros at the start and
/// the end, and a power of ten.
fn normalize_number(text: &str) -> String {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let sign = if integer.starts_with('-') { "-" } else { "" };
    let digits = format!("{}{fraction}", integer.trim_start_matches('-'));
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return "number 0".to_owned();
    }
    let exponent: i64 = exponent.parse().unwrap();
    let zeros = (digits.len() - significant.len()) as i64;
    let power = exponent - fraction.len() as i64 + zeros;
    format!("number {sign}{significant} x 10^{power}")
}
