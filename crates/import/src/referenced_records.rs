//! Inline records: entries in other documents that become records of their own if no document
//! contains the record.

use std::collections::HashSet;

use wsdb_store::{Store, Transaction};

use crate::error::{Error, Reject};
use crate::import::base;
use crate::merge::{MergeOptions, Mode, Summary};
use crate::reader::ParsedRecord;
use crate::record::DocumentRecord;

/// Counts inline records that already exist, and stay as they are, as unchanged.
pub(crate) fn count_unchanged_references(spoken_of: &HashSet<String>, summary: &mut Summary) {
    if let Some(counts) = summary.counts.last_mut() {
        counts.unchanged += spoken_of.len();
    }
}

/// Rejects inline records that cannot be imported and that exist nowhere else.
pub(crate) fn reject_orphans<T: DocumentRecord>(
    all: &mut Vec<(&'static str, String, Reject)>,
    found: &[ParsedRecord<T>],
    known: &HashSet<String>,
    summary: &mut Summary,
) {
    let held: HashSet<&str> = found.iter().map(|f| f.record.id().as_ref()).collect();
    let of_kind = all.extract_if(.., |(kind, ..)| *kind == T::KIND);
    let wrong = of_kind.filter(|(_, id, _)| !held.contains(id.as_str()) && !known.contains(id));
    summary.rejects.extend(wrong.map(|(.., reject)| reject));
}

/// Returns the records of the document together with the inline records that exist nowhere else,
/// and the ids of those that earlier imports made from inline records.
pub(crate) async fn with_inline_records<T: DocumentRecord>(
    store: &Store<Transaction>,
    mut found: Vec<ParsedRecord<T>>,
    from_words: Vec<ParsedRecord<T>>,
    known: &HashSet<String>,
    all: bool,
    rules: MergeOptions,
) -> Result<(Vec<ParsedRecord<T>>, HashSet<String>), Error> {
    let mut spoken_of = HashSet::new();
    if from_words.is_empty() {
        return Ok((found, spoken_of));
    }
    let base = base::<T>(store).await?;
    let replaces = all && rules.mode == Mode::Replace;
    let mut held: HashSet<String> = found
        .iter()
        .map(|found| found.record.id().as_ref().to_owned())
        .collect();
    for mut words in from_words {
        let id = words.record.id().as_ref().to_owned();
        if !replaces && (known.contains(&id) || base.contains(&id)) {
            // A record that a document contained once, and no longer does, has vanished from it.
            if known.contains(&id) && !held.contains(&id) && base.is_inline(&id) {
                spoken_of.insert(id);
            }
            continue;
        }
        if held.insert(id) {
            words.is_of_words = true;
            found.push(words);
        }
    }
    Ok((found, spoken_of))
}
