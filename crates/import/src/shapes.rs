//! The shapes of records in their files: which list contains a record, and which keys it has. An export
//! writes the same keys into the same list, so that the files that people keep do not change more
//! than the records do.

use std::collections::{HashMap, HashSet};

use wsdb_store::{MergeBaseRef, Store, Transaction};

use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::shape::{Shape, ShapeText};

/// The shapes of the records of a kind.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    texts: HashMap<String, ShapeText>,
}

fn key(kind: &str) -> String {
    format!("shape {kind}")
}

impl Shapes {
    pub(crate) async fn load(
        store: &Store<Transaction>,
        kind: &str,
    ) -> Result<Self, wsdb_store::Error> {
        let bytes = store.documents().base(&key(kind)).await?;
        let stored = bytes.as_deref().and_then(MergeBaseRef::decode);
        let Some(MergeBaseRef { fields, records }) = stored else {
            return Ok(Shapes::default());
        };
        let shared: Vec<ShapeText> = fields.into_iter().map(ShapeText::from).collect();
        let texts = records.into_iter().filter_map(|(id, numbers)| {
            let (number, _) = numbers.first()?;
            Some((id.to_owned(), shared.get(*number as usize)?.clone()))
        });
        Ok(Shapes {
            texts: texts.collect(),
        })
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

    /// Returns the shape for records that are not in the file yet: all keys of fields that some record
    /// in the file has; `None` if no record has a shape.
    pub(crate) fn common(&self) -> Option<Shape> {
        if self.is_empty() {
            return None;
        }
        let texts: HashSet<&str> = self.texts.values().map(|text| &**text).collect();
        Some(Shape::common(texts.into_iter()))
    }

    /// Stores the shapes; `is_change` is whether undo restores the earlier ones.
    pub(crate) async fn write(
        &self,
        store: &Store<Transaction>,
        kind: &str,
        is_change: bool,
    ) -> Result<(), wsdb_store::Error> {
        let mut records: Vec<(&str, &ShapeText)> = self
            .texts
            .iter()
            .map(|(id, text)| (id.as_str(), text))
            .collect();
        records.sort_unstable_by_key(|(id, _)| *id);
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        let mut fields = Vec::new();
        let records = records.into_iter().map(|(id, text)| {
            let number = *numbers.entry(text).or_insert_with(|| {
                fields.push(&**text);
                fields.len() as u32 - 1
            });
            (id, vec![(number, 0)])
        });
        let records = records.collect();
        let encoded = MergeBaseRef { fields, records }.encode();
        let documents = if is_change {
            store.documents()
        } else {
            store.documents().without_history()
        };
        let before = documents.base(&key(kind)).await?;
        let is_unchanged = before.as_ref() == Some(&encoded);
        if is_unchanged || before.is_none() && self.is_empty() {
            return Ok(());
        }
        documents.set_base(&key(kind), encoded).await
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

/// Stores which lists a document contains.
pub(crate) async fn write_lists(
    store: &Store<Transaction>,
    file_name: &str,
    lists: &[&str],
    is_change: bool,
) -> Result<(), wsdb_store::Error> {
    let mut shapes = Shapes::default();
    for list in lists {
        shapes.set(list, "".into());
    }
    shapes.write(store, file_name, is_change).await
}
