//! Lists of records in three versions of a document, with their entries by id.

use std::cmp::Ordering;
use std::collections::HashMap;

use wsdb_core::{Json, natural_order};

use super::order::merge_order;
use super::record_kind::RecordKind;
use super::status_lists::{InList, ListGroup, StatusWords, Statuses};
use super::tree::Tree;
use super::versions::Versions;
use crate::document::TEXT_KEYS;
use crate::document::{Document, is_id, lists};
use crate::edited_entries::{are_similar, find_edits};

/// The lists within a session, also under their shorter names.
const NESTED_LISTS: [&str; 5] = [
    "activities",
    "decisions_made",
    "decisions",
    "issues_found",
    "issues",
];

/// Whether a value is the `rev` of a record: 16 hex digits.
pub(super) fn is_rev(value: &Tree) -> bool {
    let Tree::Leaf(Json::String(text)) = value else {
        return false;
    };
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether the items of a list are matched by their ids, or by their contents.
pub(super) fn is_record_list(name: &str, versions: Versions<'_>) -> bool {
    let is_known = NESTED_LISTS.contains(&name)
        || Document::ALL
            .into_iter()
            .any(|document| lists(document).contains(&name));
    let mut items = versions.all().filter_map(Tree::as_list).flatten();
    is_known || items.all(|item| id_of(item, name).is_some())
}

/// Returns the id of a record.
pub(super) fn id_of(record: &Tree, list: &str) -> Option<String> {
    let names = match list {
        "sessions" => ["session_id", "id", "link_id"],
        _ => ["id", "session_id", "link_id"],
    };
    names.into_iter().find_map(|name| match record.get(name)? {
        Tree::Leaf(Json::String(id)) => Some(id.clone()),
        Tree::Leaf(Json::Number(id)) => Some(id.to_string()),
        _ => None,
    })
}

/// The items of a list in one version, with their keys.
#[derive(Debug, Default)]
pub(super) struct ListEntries<'t> {
    keys: Vec<String>,
    items: Vec<&'t Tree>,
    /// For each item, the index of the list that contains it.
    lists: Vec<usize>,
    by_key: HashMap<String, usize>,
    /// The first item of each content: of the key that it would have without an id.
    contents: HashMap<String, usize>,
}

impl<'t> ListEntries<'t> {
    /// Whether a session contains records under this key.
    pub(super) fn is_nested(key: &str) -> bool {
        NESTED_LISTS.contains(&key)
    }

    fn add(&mut self, list: usize, name: &str, value: &'t Tree) {
        let items = value.as_list().unwrap_or_default();
        let mut times: HashMap<Json, usize> = HashMap::new();
        for time in items.iter().filter_map(|item| item.get("time")) {
            *times.entry(time.to_json()).or_default() += 1;
        }
        for item in items {
            let time = item.get("time").map(Tree::to_json);
            let content = content_key(item, time.filter(|time| times.get(time) == Some(&1)));
            let key = id_of(item, name).unwrap_or_else(|| content.clone());
            self.contents.entry(content).or_insert(self.items.len());
            let mut unique = key.clone();
            let mut number = 1;
            while self.by_key.contains_key(&unique) {
                number += 1;
                unique = format!("{key} ({number})");
            }
            self.by_key.insert(unique.clone(), self.items.len());
            self.keys.push(unique);
            self.items.push(item);
            self.lists.push(list);
        }
    }

    /// Gives items without an id the keys of the items with the same content in other versions, to which
    /// an export added ids.
    fn take_ids(&mut self, others: &[&ListEntries<'t>]) {
        for index in 0..self.items.len() {
            let key = &self.keys[index];
            if self.contents.get(key) != Some(&index) || others.iter().any(|it| it.has(key)) {
                continue;
            }
            let mut keys = others.iter().filter_map(|it| {
                let found = it.contents.get(key)?;
                Some(&it.keys[*found])
            });
            let new = keys.next().filter(|new| !self.by_key.contains_key(*new));
            if let Some(new) = new.cloned() {
                self.by_key.remove(key);
                self.by_key.insert(new.clone(), index);
                self.keys[index] = new;
            }
        }
    }

    /// Gives items without an id that are edited versions of those of the common ancestor the keys of these.
    fn take_edits(&mut self, base: &ListEntries<'t>) {
        let is_edit = |new: usize, key: &str| {
            let before = base.get(key).and_then(text_of);
            let texts = text_of(self.items[new]).zip(before);
            texts.is_some_and(|(a, b)| are_similar(a, b))
        };
        let edits = self.find_edits(base, is_edit);
        self.take_keys(edits);
    }

    /// Returns the items without an id that are in the place of those of the common ancestor which the
    /// other side deleted, with the keys of these. They may be edited versions, which is a conflict.
    fn find_replacements(&self, base: &ListEntries<'t>, other: &Self) -> Vec<(usize, String)> {
        self.find_edits(base, |_, key| !other.has(key))
    }

    /// Returns the new items that are edited versions of those of the common ancestor, with the keys
    /// of these.
    fn find_edits(
        &self,
        base: &ListEntries<'t>,
        is_edit: impl Fn(usize, &str) -> bool,
    ) -> Vec<(usize, String)> {
        let is_new = |key: &String| !base.has(key) && self.is_without_id(key);
        let keys = self.keys.iter();
        let keys: Vec<Option<&str>> = keys
            .map(|key| (!is_new(key)).then_some(key.as_str()))
            .collect();
        let before = base.keys.iter().map(String::as_str);
        let before: Vec<&str> = before.filter(|key| base.is_without_id(key)).collect();
        let edits = find_edits(&keys, &before, is_edit).into_iter();
        edits.map(|(index, key)| (index, key.to_owned())).collect()
    }

    fn take_keys(&mut self, keys: Vec<(usize, String)>) {
        for (index, key) in keys {
            self.by_key.remove(&self.keys[index]);
            self.by_key.insert(key.clone(), index);
            self.keys[index] = key;
        }
    }

    /// Returns whether the key of an item is its content, and that is not the id of another record.
    fn is_without_id(&self, key: &str) -> bool {
        self.contents.contains_key(key) && !is_id(key)
    }

    fn has(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }

    fn get(&self, key: &str) -> Option<&'t Tree> {
        self.by_key.get(key).map(|index| self.items[*index])
    }

    /// Returns the index of the list that contains an entry.
    fn list_of(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).map(|index| self.lists[*index])
    }

    fn keys_in(&self, list: usize) -> Vec<&str> {
        let keys = self.keys.iter().zip(&self.lists);
        keys.filter(|(_, own)| **own == list)
            .map(|(key, _)| key.as_str())
            .collect()
    }
}

/// Returns a key for an item without an id: its time if no other item has it, its text, or all of it.
fn content_key(item: &Tree, time: Option<Json>) -> String {
    if let Some(Json::String(time)) = time {
        return time;
    }
    match text_of(item) {
        Some(text) => text.to_owned(),
        None => item.canonical().to_string(),
    }
}

/// Returns the text of an item, which may be all of it.
fn text_of(item: &Tree) -> Option<&str> {
    let mut names = ["decision", "issue"].into_iter().chain(TEXT_KEYS);
    match names.find_map(|name| item.get(name)).unwrap_or(item) {
        Tree::Leaf(Json::String(text)) => Some(text),
        _ => None,
    }
}

/// Lists of one kind of record in three versions. A record may move from one list to another.
#[derive(Debug)]
pub(super) struct RecordLists<'t> {
    names: Vec<&'t str>,
    /// The words for a status, if the names of the lists mean one.
    words: Option<&'static StatusWords>,
    /// The kind of the records, if it is known.
    kind: Option<RecordKind>,
    base: ListEntries<'t>,
    ours: ListEntries<'t>,
    theirs: ListEntries<'t>,
}

impl<'t> RecordLists<'t> {
    /// Creates them from the names of the lists and their versions.
    pub(super) fn new(lists: &[(&'t str, Versions<'t>)]) -> Self {
        let mut all = RecordLists {
            names: lists.iter().map(|(name, _)| *name).collect(),
            words: None,
            kind: lists.iter().find_map(|(name, _)| RecordKind::of_list(name)),
            base: ListEntries::default(),
            ours: ListEntries::default(),
            theirs: ListEntries::default(),
        };
        for (index, (name, versions)) in lists.iter().enumerate() {
            let entries = [
                (&mut all.base, versions.base),
                (&mut all.ours, versions.ours),
                (&mut all.theirs, versions.theirs),
            ];
            for (entries, value) in entries {
                if let Some(value) = value {
                    entries.add(index, name, value);
                }
            }
        }
        all.theirs.take_ids(&[&all.ours]);
        all.ours.take_ids(&[&all.theirs]);
        all.base.take_ids(&[&all.ours, &all.theirs]);
        if let [(name, _)] = lists
            && ListEntries::is_nested(name)
        {
            all.ours.take_edits(&all.base);
            all.theirs.take_edits(&all.base);
            let in_ours = all.ours.find_replacements(&all.base, &all.theirs);
            let in_theirs = all.theirs.find_replacements(&all.base, &all.ours);
            all.ours.take_keys(in_ours);
            all.theirs.take_keys(in_theirs);
        }
        all
    }

    /// Creates them from the lists of a group in the versions of a document.
    pub(super) fn of_group(group: &ListGroup<'t>, document: Versions<'t>) -> Self {
        let lists = group.lists.iter();
        let lists: Vec<_> = lists.map(|name| (*name, document.field(name))).collect();
        RecordLists {
            words: Some(group.words),
            ..RecordLists::new(&lists)
        }
    }

    /// Returns the kind of the records, if it is known.
    pub(super) fn kind(&self) -> Option<&RecordKind> {
        self.kind.as_ref()
    }

    /// Returns the number of lists.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Returns the versions of an entry.
    pub(super) fn get(&self, key: &str) -> Versions<'t> {
        Versions {
            base: self.base.get(key),
            ours: self.ours.get(key),
            theirs: self.theirs.get(key),
        }
    }

    /// Returns the key of the status of a record.
    pub(super) fn status_key<'k>(&self, record: &'k Tree) -> &'k str {
        let mut keys = record.fields().iter().map(|(key, _)| key.as_str());
        let is_status = |key: &&str| match &self.kind {
            Some(kind) => kind.field_of(key) == "status",
            None => *key == "status",
        };
        keys.find(is_status).unwrap_or("status")
    }

    /// Returns the status of a record in the versions that have it.
    pub(super) fn statuses(&self, key: &str) -> Statuses {
        let Some(words) = self.words else {
            return Statuses::default();
        };
        let in_list = |entries: &ListEntries<'t>| {
            let record = entries.get(key)?;
            let list = self.names[entries.list_of(key)?];
            let status_key = self.status_key(record);
            Some(InList {
                record,
                list,
                status_key,
            })
        };
        let base = in_list(&self.base);
        let status = |entries| words.status_of(in_list(entries)?, base);
        Statuses {
            base: base.and_then(|base| words.status_of(base, None)),
            ours: status(&self.ours),
            theirs: status(&self.theirs),
        }
    }

    /// Returns whether the sides have a record in different lists.
    pub(super) fn is_apart(&self, key: &str) -> bool {
        let lists = self.ours.list_of(key).zip(self.theirs.list_of(key));
        lists.is_some_and(|(ours, theirs)| ours != theirs)
    }

    /// Returns whether our version has a record in this list.
    pub(super) fn is_in_ours(&self, key: &str, list: usize) -> bool {
        self.ours.list_of(key) == Some(list)
    }

    /// Returns the keys of the entries of a list in their merged order. An entry that the sides have in
    /// different lists is in both.
    pub(super) fn order(&self, list: usize) -> Vec<&str> {
        let by_id = |a: &&str, b: &&str| natural_order(a, b);
        let by_time = |a: &&str, b: &&str| self.compare_times(a, b).then_with(|| by_id(a, b));
        let order = merge_order(
            &self.base.keys_in(list),
            &self.ours.keys_in(list),
            &self.theirs.keys_in(list),
            &[&by_id, &by_time],
        );
        let keys = order.into_iter();
        keys.filter(|key| self.list_of(key) == Some(list) || self.is_apart(key))
            .collect()
    }

    /// Returns the list that contains an entry after the merge: the one to which a side moved it.
    pub(super) fn list_of(&self, key: &str) -> Option<usize> {
        let [base, ours, theirs] =
            [&self.base, &self.ours, &self.theirs].map(|entries| entries.list_of(key));
        match (ours, theirs) {
            (Some(ours), Some(theirs)) if Some(ours) == base => Some(theirs),
            (ours, theirs) => ours.or(theirs),
        }
    }

    /// Compares the times of two activities.
    fn compare_times(&self, a: &str, b: &str) -> Ordering {
        let time = |key: &str| {
            let versions = self.get(key);
            let item = versions.ours.or(versions.theirs);
            item.and_then(|item| item.get("time")).map(Tree::to_json)
        };
        let text = |time: Option<Json>| time.and_then(|time| time.as_str().map(str::to_owned));
        text(time(a)).cmp(&text(time(b)))
    }
}
