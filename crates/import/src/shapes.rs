//! The shapes of records in their files: which list contains a record, and which keys it has. An export
//! writes the same keys into the same list, so that the files that people keep do not change more
//! than the records do.

use std::collections::{BTreeMap, HashMap};

use wsdb_store::{Store, Transaction};

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

/// Returns which lists a document contains in the form of shapes.
pub(crate) fn lists_as_shapes(lists: &[&str]) -> Shapes {
    let mut shapes = Shapes::default();
    for list in lists {
        shapes.set(list, "".into());
    }
    shapes
}
