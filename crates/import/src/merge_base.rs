//! The merge base: a hash of each field of each record as of the last import or export. It shows
//! on which side a field changed since.

use std::collections::HashMap;

use wsdb_core::Json;
use wsdb_store::{MergeBaseRef, Store, Transaction};

use crate::digest::{FieldDigests, digest};
use crate::record::DocumentRecord;

/// The hashes of one record's fields, by the index of the field in [`MergeBase::fields`]. Fields that
/// are null or empty are left out.
type Hashes = Vec<(u32, u64)>;

/// The merge base of one kind of record.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct MergeBase {
    fields: Vec<String>,
    numbers: HashMap<String, u32>,
    records: HashMap<String, Hashes>,
}

/// A pseudo field that marks records made from inline records.
const INLINE_MARKER: &str = "(of words)";

impl MergeBase {
    /// Loads the merge base of a kind of record.
    pub(crate) async fn load<T: DocumentRecord>(
        store: &Store<Transaction>,
    ) -> Result<Self, wsdb_store::Error> {
        let bytes = store.documents().base(T::KIND).await?;
        Ok(MergeBase::decode(bytes.as_deref()))
    }

    /// Decodes the stored form. Bytes that cannot be decoded count as an empty base: every
    /// difference is then a conflict, and nothing is lost.
    pub(crate) fn decode(bytes: Option<&[u8]>) -> Self {
        let Some(stored) = bytes.and_then(MergeBaseRef::decode) else {
            return MergeBase::default();
        };
        let fields: Vec<String> = stored.fields.iter().map(|f| (*f).to_owned()).collect();
        let numbers = (0..).zip(&fields).map(|(n, f)| (f.clone(), n)).collect();
        let records = stored
            .records
            .into_iter()
            .map(|(id, h)| (id.to_owned(), h))
            .collect();
        MergeBase {
            fields,
            numbers,
            records,
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut records: Vec<(&str, Hashes)> = self
            .records
            .iter()
            .map(|(id, h)| (id.as_str(), h.clone()))
            .collect();
        records.sort_unstable_by_key(|(id, _)| *id);
        let fields = self.fields.iter().map(String::as_str).collect();
        MergeBaseRef { fields, records }.encode()
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.records.contains_key(id)
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.records.keys().map(String::as_str)
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.records.remove(id);
    }

    /// Whether a field has the value of the base; `None` if the base lacks the record.
    pub(crate) fn is_unchanged(&self, id: &str, field: &str, value: &Json) -> Option<bool> {
        let hashes = self.records.get(id)?;
        let known = self.numbers.get(field).and_then(|number| {
            hashes
                .iter()
                .find(|(n, _)| n == number)
                .map(|(_, hash)| *hash)
        });
        Some(known == digest(value))
    }

    /// Whether the record was made from an inline record, and no document contains it.
    pub(crate) fn is_inline(&self, id: &str) -> bool {
        self.is_unchanged(id, INLINE_MARKER, &Json::Bool(true)) == Some(true)
    }

    /// Sets whether the record was made from an inline record.
    pub(crate) fn set_inline(&mut self, id: &str, is_inline: bool) {
        let value = if is_inline {
            Json::Bool(true)
        } else {
            Json::Null
        };
        self.set_field(id, INLINE_MARKER, &value);
    }

    /// Stores the digests of a complete record.
    pub(crate) fn set(&mut self, id: &str, fields: &FieldDigests<'_>) {
        let mut hashes = Hashes::with_capacity(fields.len());
        for (index, (name, digest)) in fields.iter().enumerate() {
            if let Some(hash) = digest {
                hashes.push((self.number(name, index), *hash));
            }
        }
        hashes.sort_unstable();
        self.records.insert(id.to_owned(), hashes);
    }

    /// Stores the digest of one field of a record that the base contains.
    pub(crate) fn set_field(&mut self, id: &str, field: &str, value: &Json) {
        let number = self.number(field, usize::MAX);
        let Some(hashes) = self.records.get_mut(id) else {
            return;
        };
        hashes.retain(|(n, _)| *n != number);
        if let Some(hash) = digest(value) {
            hashes.push((number, hash));
            hashes.sort_unstable();
        }
    }

    /// Returns the index of a field, which usually is `expected`.
    fn number(&mut self, field: &str, expected: usize) -> u32 {
        if self
            .fields
            .get(expected)
            .is_some_and(|known| known == field)
        {
            return expected as u32;
        }
        if let Some(number) = self.numbers.get(field) {
            return *number;
        }
        let number = self.fields.len() as u32;
        self.fields.push(field.to_owned());
        self.numbers.insert(field.to_owned(), number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::digest_text;

    #[test]
    fn encoded_base_is_decoded_unchanged() {
        let mut base = MergeBase::default();
        let fields: FieldDigests<'_> = vec![
            ("title", digest_text("x")),
            ("notes", digest(&Json::Null)),
            ("tags", digest(&Json::from(vec!["a"]))),
        ];
        base.set("T-1", &fields);
        base.set_field("T-1", "title", &Json::from("y"));
        let again = MergeBase::decode(Some(&base.encode()));
        assert_eq!(again, base);
        assert_eq!(
            again.is_unchanged("T-1", "title", &Json::from("y")),
            Some(true)
        );
        assert_eq!(
            again.is_unchanged("T-1", "title", &Json::from("x")),
            Some(false)
        );
        assert_eq!(again.is_unchanged("T-1", "notes", &Json::Null), Some(true));
        assert_eq!(
            again.is_unchanged("T-1", "missing", &Json::from(Vec::<Json>::new())),
            Some(true)
        );
        assert_eq!(again.is_unchanged("T-2", "title", &Json::Null), None);
        assert_eq!(MergeBase::decode(Some(b"rubbish")), MergeBase::default());
    }
}
