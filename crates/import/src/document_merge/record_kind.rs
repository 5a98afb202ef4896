//! What is known about the records of a list.

use wsdb_core::Activity;
use wsdb_store::for_each_kind;

use super::tree::Tree;
use crate::near_misses::{KeyMeaning, meaning_of};
use crate::record::DocumentRecord;

/// A kind of record.
#[derive(Debug, Clone, Copy)]
pub(super) struct RecordKind {
    name: &'static str,
    lists: &'static [&'static str],
    /// The key with the time at which a record was made.
    pub(super) created: Option<&'static str>,
    fields: &'static [&'static str],
    aliases: &'static [(&'static str, &'static str)],
}

impl RecordKind {
    fn new<T: DocumentRecord>() -> Self {
        RecordKind {
            name: T::KIND,
            lists: T::LISTS,
            created: T::CREATED,
            fields: T::FIELDS,
            aliases: T::ALIASES,
        }
    }

    /// Returns the kind of the records in a list with this name.
    pub(super) fn of_list(list: &str) -> Option<Self> {
        macro_rules! all_kinds {
            ($($kind:ident: $record:ident,)*) => {
                [$(RecordKind::new::<wsdb_core::$record>()),*]
            };
        }
        match list {
            "activities" => Some(RecordKind::new::<Activity>()),
            list => for_each_kind!(all_kinds)
                .into_iter()
                .find(|kind| kind.lists.contains(&list)),
        }
    }

    /// Returns the field that a key means.
    pub(super) fn field_of<'k>(&self, key: &'k str) -> &'k str {
        let alias = self
            .aliases
            .iter()
            .copied()
            .find(|(_, alias)| *alias == key);
        match (alias, meaning_of(self.name, self.fields, key)) {
            (Some((field, _)), _) | (None, KeyMeaning::Field { field, .. }) => field,
            (None, KeyMeaning::Accepted | KeyMeaning::Unknown) => key,
        }
    }

    /// Returns a record with our keys, where it has another key for the same field; `None` if it has
    /// none.
    pub(super) fn with_our_keys(&self, record: &Tree, ours: &Tree) -> Option<Tree> {
        let rename = |key: &str| {
            let is_only_there = ours.get(key).is_none();
            let field = is_only_there.then(|| self.field_of(key))?;
            let mut our_keys = ours.fields().iter().map(|(key, _)| key);
            our_keys.find(|our| record.get(our).is_none() && self.field_of(our) == field)
        };
        let fields = record.fields().iter();
        if !fields.clone().any(|(key, _)| rename(key).is_some()) {
            return None;
        }
        let fields = fields.map(|(key, value)| {
            let key = rename(key).unwrap_or(key);
            (key.clone(), value.clone())
        });
        Some(Tree::Object(fields.collect()))
    }
}
