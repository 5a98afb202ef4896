//! The records of a document to be written, and the shapes that it keeps.

use std::collections::{HashMap, HashSet};

use wsdb_core::{Json, natural_order};
use wsdb_store::{DocumentEntry, RecordVersion, Rev, Store, Transaction};

use crate::document::{Node, Object, to_document};
use crate::error::Error;
use crate::identity::time_of_creation;
use crate::record::DocumentRecord;
use crate::record_reader::REV_KEY;
use crate::shape::{Shape, shape_of_export};
use crate::shapes::{FileOrder, RecordOrder, Shapes};

/// What is stored about a document once it is written.
#[derive(Default)]
pub(super) struct DocumentContents {
    /// Its records, by kind.
    pub(super) entries: Vec<(&'static str, Vec<DocumentEntry>)>,
    /// The shapes of its records by kind, and its lists under its name.
    pub(super) shapes: Vec<(&'static str, Shapes)>,
    /// The orders of its records that are those of its file.
    pub(super) orders: Vec<FileOrder>,
    /// Whether nothing is stored about its own fields.
    pub(super) is_new: bool,
}

/// The records of a document.
pub(super) struct DocumentLists {
    /// How many there are, nested records included.
    pub(super) records: usize,
    /// Each list with its name.
    pub(super) lists: Vec<(&'static str, Vec<Object>)>,
}

impl DocumentLists {
    pub(super) fn single(records: usize, name: &'static str, list: Vec<Object>) -> Self {
        DocumentLists {
            records,
            lists: vec![(name, list)],
        }
    }
}

impl DocumentContents {
    /// Returns all records of a kind in the order in which they were in their file, else in that of their
    /// ids, and adds what the file will hold of them. Those that the file did not have are last, in the order
    /// in which they were made.
    pub(super) async fn load<T: DocumentRecord>(
        &mut self,
        store: &Store<Transaction>,
    ) -> Result<Vec<T>, Error> {
        let mut all = store.records::<T>().all().await?;
        all.sort_by(|a, b| natural_order(a.id().as_ref(), b.id().as_ref()));
        let order = RecordOrder::load(store, T::KIND).await?;
        let mut is_in_order = true;
        if order.is_known() {
            move_last(&mut all, |record| !order.contains(record.id().as_ref()));
            order.sort(&mut all, |record| record.id().as_ref());
            is_in_order = false;
        } else if !T::LISTS.is_empty() {
            let shapes = Shapes::load(store, T::KIND).await?;
            if !shapes.is_empty() {
                move_last(&mut all, |record| !shapes.contains(record.id().as_ref()));
                is_in_order = all
                    .is_sorted_by(|a, b| natural_order(a.id().as_ref(), b.id().as_ref()).is_le());
            }
        }
        if !is_in_order {
            let ids = all.iter().map(|record| record.id().as_ref().to_owned());
            self.orders.push(FileOrder {
                kind: T::KIND,
                ids: ids.collect(),
                is_default: false,
            });
        }
        let entries = all.iter().map(|record| {
            let version = record.version();
            DocumentEntry {
                id_in_file: record.id().as_ref().to_owned(),
                record_id: record.id().as_ref().to_owned(),
                rev: named_rev(record, &version),
                is_inline: false,
                version,
            }
        });
        self.entries.push((T::KIND, entries.collect()));
        Ok(all)
    }

    /// Returns whether the order of the records of a kind is that of their file.
    pub(super) fn has_order<T: DocumentRecord>(&self) -> bool {
        self.orders.iter().any(|order| order.kind == T::KIND)
    }

    /// Returns the version that the file names for each record of a kind.
    fn revs<T: DocumentRecord>(&self) -> HashMap<String, Rev> {
        let entries = self.entries.iter().find(|(kind, _)| *kind == T::KIND);
        let entries = entries.into_iter().flat_map(|(_, entries)| entries);
        let revs = entries.filter_map(|entry| Some((entry.record_id.clone(), entry.rev?)));
        revs.collect()
    }
}

/// Moves the new records behind the others, in the order in which they were made.
fn move_last<T: DocumentRecord>(records: &mut [T], is_new: impl Fn(&T) -> bool) {
    records.sort_by_cached_key(|record| is_new(record).then(|| time_of_creation(record)));
}

/// The texts of links, which may be all that a session has of them: see [`Entry::Text`].
const LINK_TEXTS: [&str; 2] = ["decision", "issue"];

/// Returns the version that an exported record names; `None` for a link without other fields than its
/// text, and if a user keeps another value under the key.
pub(super) fn named_rev<T: DocumentRecord>(record: &T, version: &RecordVersion) -> Option<Rev> {
    let fields = record.document_fields();
    let mut keys = fields.keys();
    let is_plain_link = T::IS_LINK && keys.all(|key| LINK_TEXTS.contains(&key.as_str()));
    let is_named = !is_plain_link && !fields.contains_key(REV_KEY);
    is_named.then(|| T::rev_of(version))
}

/// Returns a shape with all fields but the rare ones that no record uses; `None` if none is used. With
/// a shape, the document keeps a field whose last value was removed: one that is missing from a file
/// would not remove the value elsewhere.
fn shape_with_rare_fields<T: DocumentRecord>(records: &[T]) -> Option<Shape> {
    if T::RARE.is_empty() {
        return None;
    }
    let fields = records.iter().flat_map(|record| record.digests());
    let used: HashSet<&str> = fields
        .filter_map(|(name, digest)| digest.is_some().then_some(name))
        .collect();
    let is_rare = |field: &&str| T::RARE.contains(field);
    let fields = T::FIELDS.iter().copied();
    let shown = fields.filter(|field| !is_rare(field) || used.contains(field));
    used.iter().any(is_rare).then(|| Shape::of_fields(shown))
}

/// The shapes that an export writes, and those that it has written.
pub(super) struct ShapeWriter {
    pub(super) known: Shapes,
    common: Option<Shape>,
    written: Shapes,
    /// The versions that the records name, by their ids.
    revs: HashMap<String, Rev>,
}

impl ShapeWriter {
    pub(super) async fn new<T: DocumentRecord>(
        store: &Store<Transaction>,
        contents: &DocumentContents,
        records: &[T],
    ) -> Result<Self, Error> {
        let known = Shapes::load(store, T::KIND).await?;
        Ok(ShapeWriter {
            common: known.common().or_else(|| shape_with_rare_fields(records)),
            known,
            written: Shapes::default(),
            revs: contents.revs::<T>(),
        })
    }

    /// Returns the shape of a record; `None` if it has all keys.
    pub(super) fn shape_of<T: DocumentRecord>(&self, record: &T) -> Option<Shape> {
        let own = self.known.get(record.id().as_ref());
        own.or_else(|| self.common.clone())
    }

    /// Adds the version of a record to its object, and notes its keys: the next export keeps them.
    pub(super) fn complete<T: DocumentRecord>(
        &mut self,
        record: &T,
        shape: Option<&Shape>,
        list: Option<&str>,
        written: &mut Object,
    ) {
        if let Some(shape) = shape {
            let keys: Vec<&str> = written.0.iter().map(|(key, _)| key.as_ref()).collect();
            let text = shape_of_export(list, &keys, false, shape, T::FIELDS);
            self.written.set(record.id().as_ref(), text);
        }
        if let Some(rev) = self.revs.get(record.id().as_ref()) {
            let rev = Json::from(rev.to_string());
            written.0.push((REV_KEY.into(), Node::Value(rev)));
        }
    }

    /// Notes that a record is written as a text, which names no version.
    pub(super) fn complete_text<T: DocumentRecord>(
        &mut self,
        record: &T,
        keys: &[&str],
        shape: &Shape,
    ) {
        let id = record.id().as_ref();
        let text = shape_of_export(None, keys, true, shape, T::FIELDS);
        self.written.set(id, text);
        self.revs.remove(id);
    }

    /// Converts records, which are in the only list of their kind.
    pub(super) fn convert_all<T: DocumentRecord>(&mut self, records: &[T]) -> Vec<Object> {
        let records = records.iter();
        records.map(|record| self.convert(record)).collect()
    }

    pub(super) fn convert<T: DocumentRecord>(&mut self, record: &T) -> Object {
        let shape = self.shape_of(record);
        let mut object: Object = to_document(record, shape.as_ref()).into();
        self.complete(record, shape.as_ref(), None, &mut object);
        object
    }

    pub(super) fn finish<T: DocumentRecord>(self, contents: &mut DocumentContents) {
        let entries = contents.entries.iter_mut();
        for (_, entries) in entries.filter(|(kind, _)| *kind == T::KIND) {
            for entry in entries {
                entry.rev = self.revs.get(&entry.record_id).copied();
            }
        }
        contents.shapes.push((T::KIND, self.written));
    }
}
