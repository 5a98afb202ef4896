//! Rejects records that share a value that must be unique, such as an id.

use std::borrow::Cow;
use std::collections::HashMap;

use wsdb_store::Record;

use crate::error::{Problem, Reject};
use crate::record_reader::ParsedRecord;

/// Removes the records that repeat the id of an earlier one.
pub(crate) fn reject_repeated_ids<T: Record>(
    parsed: &mut Vec<ParsedRecord<T>>,
    rejects: &mut Vec<Reject>,
) {
    reject_repeated(parsed, rejects, "id", |record| {
        Some(record.id().as_ref().into())
    });
}

/// Removes the records that repeat a value of an earlier one.
pub(crate) fn reject_repeated<T>(
    parsed: &mut Vec<ParsedRecord<T>>,
    rejects: &mut Vec<Reject>,
    what: &str,
    key: impl Fn(&T) -> Option<Cow<'_, str>>,
) {
    let mut first: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(parsed.len());
    let mut repeats: Vec<(usize, usize)> = Vec::new();
    for (index, parsed) in parsed.iter().enumerate() {
        if let Some(key) = key(&parsed.record) {
            let at = *first.entry(key).or_insert(index);
            if at != index {
                repeats.push((index, at));
            }
        }
    }
    for (index, at) in repeats.into_iter().rev() {
        let (file, path) = (parsed[at].file.clone(), parsed[at].path.clone());
        let repeat = parsed.remove(index);
        let first = if file == repeat.file {
            path
        } else {
            format!("{}, {path}", file.display())
        };
        let key = key(&repeat.record).unwrap_or_default();
        rejects.push(Reject {
            reasons: vec![Problem::new(
                repeat.path.clone(),
                format!("duplicate {what} {key} (first defined at {first})"),
            )],
            file: repeat.file.to_path_buf(),
            path: repeat.path,
            record: wsdb_core::Json::Null,
        });
    }
}
