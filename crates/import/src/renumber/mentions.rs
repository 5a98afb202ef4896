//! The ids that documents mention: in references, in fields that wsdb does not know, and in texts.

use std::cell::OnceCell;
use std::collections::HashSet;

use wsdb_core::{Json, JsonObject};
use wsdb_store::for_each_kind;

use crate::document::Contents;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::renumber::references::{NewIds, is_reference};
use crate::report::Renumbered;

/// The ids that documents mention.
pub(super) struct Mentions<'c> {
    contents: &'c Contents,
    /// The ids, found when they are first needed, with their numbers without zeros in front.
    ids: OnceCell<HashSet<String>>,
}

impl<'c> Mentions<'c> {
    pub(super) fn new(contents: &'c Contents) -> Self {
        Mentions {
            contents,
            ids: OnceCell::new(),
        }
    }

    /// Returns whether the documents mention the id with this number in a series.
    pub(super) fn contain(&self, prefix: &str, number: u64) -> bool {
        let ids = self.ids.get_or_init(|| find_ids(self.contents));
        ids.contains(&format!("{prefix}{number}"))
    }
}

macro_rules! add_ids_of_records {
    ($contents:ident, $ids:ident; $($kind:ident: $record:ident,)*) => {
        $(for found in &$contents.records.$kind {
            add_ids_of_record(&found.record, &mut $ids);
        })*
    };
}

fn find_ids(contents: &Contents) -> HashSet<String> {
    let mut ids = HashSet::new();
    for_each_kind!(add_ids_of_records, contents, ids;);
    for found in &contents.inline_decisions {
        add_ids_of_record(&found.record, &mut ids);
    }
    for found in &contents.inline_issues {
        add_ids_of_record(&found.record, &mut ids);
    }
    for header in &contents.headers {
        add_ids_of_object(&header.fields, &mut ids);
    }
    ids
}

fn add_ids_of_record<T: DocumentRecord>(record: &T, ids: &mut HashSet<String>) {
    for (_, value) in record.to_fields() {
        add_ids(&value, ids);
    }
}

fn add_ids_of_object(object: &JsonObject, ids: &mut HashSet<String>) {
    for (key, value) in object {
        add_ids_of_text(key, ids);
        add_ids(value, ids);
    }
}

/// Returns how many records of a kind mention former ids of renumbered records in their texts and in fields that
/// wsdb does not know, which do not change.
pub(super) fn count_records_that_mention<T: DocumentRecord>(
    found: &[ParsedRecord<T>],
    ids: &NewIds,
    renumbered: &[Renumbered],
) -> usize {
    if T::IS_LINK {
        return 0;
    }
    // Other texts are equal to a number, or to an id that is a common word, by chance.
    let is_distinctive = |id: &&str| {
        let is_digit = |c: char| c.is_ascii_digit();
        id.contains(is_digit) && !id.chars().all(is_digit)
    };
    let former = renumbered.iter().map(|it| it.from.as_str());
    let former: HashSet<&str> = former.filter(is_distinctive).collect();
    let is_text = |field: &str| field != T::id_field() && !is_reference(field);
    let mentions = |found: &&ParsedRecord<T>| {
        let fields = found.record.to_fields().into_iter();
        let mut texts = fields.filter(|(name, _)| is_text(name));
        texts.any(|(_, value)| mentions_any(&value, &former))
    };
    // Our own records mean the records that have these ids here.
    let others = found.iter().filter(|found| {
        let own = ids.own_version(&found.file, T::KIND, found.id_in_file());
        own.is_none() && ids.of(&found.file).is_some()
    });
    others.filter(mentions).count()
}

fn mentions_any(value: &Json, ids: &HashSet<&str>) -> bool {
    match value {
        Json::String(text) => words_of(text).any(|word| ids.contains(word)),
        Json::Array(items) => items.iter().any(|item| mentions_any(item, ids)),
        Json::Object(object) => object.iter().any(|(_, value)| mentions_any(value, ids)),
        _ => false,
    }
}

/// Returns the words of a text, as ids are written, and all of it.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'));
    words.chain([text])
}

fn add_ids(value: &Json, ids: &mut HashSet<String>) {
    match value {
        Json::String(text) => add_ids_of_text(text, ids),
        Json::Array(items) => items.iter().for_each(|item| add_ids(item, ids)),
        Json::Object(object) => add_ids_of_object(object, ids),
        _ => {}
    }
}

/// Adds all of a text that ends with a number, and the words in it that do.
fn add_ids_of_text(text: &str, ids: &mut HashSet<String>) {
    for word in words_of(text) {
        let prefix = word.trim_end_matches(|c: char| c.is_ascii_digit());
        if let Ok(number) = word[prefix.len()..].parse::<u64>() {
            ids.insert(format!("{prefix}{number}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use wsdb_core::json;

    use super::*;

    #[test]
    fn ids_in_texts_and_unknown_fields_are_found() {
        let mut ids = HashSet::new();
        let value = json!({
            "notes": "see WS-TASK-007, and (T-12).", "blocks": ["WS-TASK-0008"],
            "related": {"2026-01-15-session-003": "x"}, "path": "a/b-1", "none": "v2x",
        });
        add_ids(&value, &mut ids);
        let mut ids: Vec<String> = ids.into_iter().collect();
        ids.sort_unstable();
        let expected = [
            "2026-01-15-session-3",
            "T-12",
            "WS-TASK-7",
            "WS-TASK-8",
            "a/b-1",
            "b-1",
        ];
        assert_eq!(ids, expected);
    }
}
