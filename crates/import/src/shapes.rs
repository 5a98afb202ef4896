//! The shapes of records in their files: which list contains a record, and which keys it has. An export
//! writes the same keys into the same list, so that the files that people keep do not change more
//! than the records do.

use std::collections::{BTreeMap, HashMap, HashSet};

use wsdb_store::{Store, Transaction, order_key};

use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::shape::{Shape, ShapeText};

/// The shapes of the records of a kind.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    texts: HashMap<String, ShapeText>,
}

impl Shapes {
    pub(crate) async fn load(
        store: &Store<Transaction>,
        kind: &str,
    ) -> Result<Self, wsdb_store::Error> {
        let mut texts = HashMap::new();
        for (text, ids) in store.documents().shapes(kind).await? {
            let text = ShapeText::from(text);
            texts.extend(ids.into_iter().map(|id| (id, text.clone())));
        }
        Ok(Shapes { texts })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    pub(crate) fn set(&mut self, id: &str, text: ShapeText) {
        self.texts.insert(id.to_owned(), text);
    }

    /// Returns whether there is a shape for this id.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.texts.contains_key(id)
    }

    /// Returns the shape of a record.
    pub(crate) fn get(&self, id: &str) -> Option<Shape> {
        self.texts.get(id).map(|text| Shape::parse(text))
    }

    /// Returns the shape for records that are not in the file yet: all fields that some record in the file
    /// has; `None` if no record has a shape.
    pub(crate) fn common(&self) -> Option<Shape> {
        if self.is_empty() {
            return None;
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for text in self.texts.values() {
            *counts.entry(text).or_default() += 1;
        }
        Some(Shape::common(counts.into_iter()))
    }

    /// Stores the shapes; `is_change` is whether undo restores the earlier ones.
    pub(crate) async fn write(
        &self,
        store: &Store<Transaction>,
        kind: &str,
        is_change: bool,
    ) -> Result<(), wsdb_store::Error> {
        let mut shapes = wsdb_store::Shapes::new();
        for (id, text) in &self.texts {
            match shapes.get_mut(&**text) {
                Some(ids) => ids.push(id.clone()),
                None => _ = shapes.insert(text.to_string(), vec![id.clone()]),
            }
        }
        shapes.values_mut().for_each(|ids| ids.sort_unstable());
        let documents = if is_change {
            store.documents()
        } else {
            store.documents().without_history()
        };
        documents.set_shapes(kind, &shapes).await
    }
}

/// Adds the shapes of the records of a file.
pub(crate) fn collect_shapes<T: DocumentRecord>(
    parsed: &[ParsedRecord<T>],
) -> Vec<(String, ShapeText)> {
    let with_shape = parsed.iter().filter_map(|parsed| {
        let shape = parsed.shape.clone()?;
        Some((parsed.record.id().as_ref().to_owned(), shape))
    });
    with_shape.collect()
}

/// Stands for the lists of a document that is a bare list instead of an object.
pub(crate) const BARE_LIST: &str = "[]";

/// Returns which lists a document contains in the form of shapes.
pub(crate) fn lists_as_shapes(lists: &[&str]) -> Shapes {
    let mut shapes = Shapes::default();
    for list in lists {
        shapes.set(list, "".into());
    }
    shapes
}

/// The order of the records of a kind in the files of an import or an export.
#[derive(Debug)]
pub(crate) struct FileOrder {
    pub(crate) kind: &'static str,
    pub(crate) ids: Vec<String>,
    /// Whether an export has this order anyway.
    pub(crate) is_default: bool,
}

/// The known order of the records of a kind in their file. It is stored in the form of shapes, the positions of
/// the records, from the first file on whose order an export would not have anyway.
#[derive(Debug, Default)]
pub(crate) struct RecordOrder {
    positions: HashMap<String, usize>,
}

impl RecordOrder {
    pub(crate) async fn load(
        store: &Store<Transaction>,
        kind: &str,
    ) -> Result<Self, wsdb_store::Error> {
        let positions = store.documents().positions(kind).await?;
        Ok(RecordOrder { positions })
    }

    pub(crate) fn is_known(&self) -> bool {
        !self.positions.is_empty()
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.positions.contains_key(id)
    }

    /// Sorts by the positions; records without one are last, in the order that they have.
    pub(crate) fn sort<T>(&self, records: &mut [T], id: impl Fn(&T) -> &str) {
        let position = |record: &T| self.positions.get(id(record)).copied();
        records.sort_by_key(|record| position(record).unwrap_or(usize::MAX));
    }

    /// Stores the order of the records in a file. Those that it lacks follow, unless it has none of those
    /// that were known before: then, its own are last. `is_change` is whether undo
    /// restores the earlier order.
    pub(crate) async fn write(
        &self,
        store: &Store<Transaction>,
        order: &FileOrder,
        is_change: bool,
    ) -> Result<(), wsdb_store::Error> {
        let FileOrder {
            kind,
            ids,
            is_default,
        } = order;
        if *is_default && !self.is_known() {
            return Ok(());
        }
        let in_file: HashSet<&str> = ids.iter().map(String::as_str).collect();
        let known = self.positions.keys().map(String::as_str);
        let mut others: Vec<&str> = known.filter(|id| !in_file.contains(id)).collect();
        self.sort(&mut others, |id| id);
        let mut order = Shapes::default();
        let mut all: Vec<&str> = ids.iter().map(String::as_str).collect();
        if others.len() == self.positions.len() {
            all.splice(0..0, others);
        } else {
            all.extend(others);
        }
        for (position, id) in all.into_iter().enumerate() {
            order.set(id, position.to_string().into());
        }
        order.write(store, &order_key(kind), is_change).await
    }
}
