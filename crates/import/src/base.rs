//! How each record looked in the documents when it was last imported or exported: a hash of each
//! field. It tells on which side a field has changed since.

use std::collections::HashMap;
use std::hash::Hasher;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use siphasher::sip::SipHasher13;

use crate::record::FieldList;

/// A hash that is the same in every version and on every machine.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(bytes);
    hasher.finish()
}

fn hash_value(value: &Value, buffer: &mut Vec<u8>) -> Option<u64> {
    let empty = match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    if empty {
        return None;
    }
    buffer.clear();
    if serde_json::to_writer(&mut *buffer, value).is_err() {
        buffer.clear();
    }
    Some(hash(buffer))
}

/// The hashes of one record's fields, by the field's number in [`Base::fields`]. A field that is
/// null or empty is left out.
type Hashes = Vec<(u32, u64)>;

/// The records of one kind.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Base {
    fields: Vec<String>,
    numbers: HashMap<String, u32>,
    records: HashMap<String, Hashes>,
}

/// The form that is kept.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    #[serde(borrow)]
    fields: Vec<&'a str>,
    #[serde(borrow)]
    records: Vec<(&'a str, Hashes)>,
}

impl Base {
    /// Reads the form that is kept. One that can't be read is as good as none: every difference
    /// is then a conflict, and nothing is lost.
    pub(crate) fn decode(bytes: Option<&[u8]>) -> Self {
        let Some(kept) = bytes.and_then(|bytes| postcard::from_bytes::<Kept<'_>>(bytes).ok())
        else {
            return Base::default();
        };
        let fields: Vec<String> = kept.fields.iter().map(|f| (*f).to_owned()).collect();
        let numbers = (0..).zip(&fields).map(|(n, f)| (f.clone(), n)).collect();
        let records = kept
            .records
            .into_iter()
            .map(|(id, h)| (id.to_owned(), h))
            .collect();
        Base {
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
        postcard::to_stdvec(&Kept { fields, records }).unwrap_or_default()
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.records.contains_key(id)
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.records.keys().map(String::as_str)
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.records.remove(id);
    }

    /// Whether a field looks as it did; `None` where the record wasn't there.
    pub(crate) fn same(&self, id: &str, field: &str, value: &Value) -> Option<bool> {
        let hashes = self.records.get(id)?;
        let known = self.numbers.get(field).and_then(|number| {
            hashes
                .iter()
                .find(|(n, _)| n == number)
                .map(|(_, hash)| *hash)
        });
        Some(known == hash_value(value, &mut Vec::new()))
    }

    /// Notes how a whole record looks.
    pub(crate) fn set(&mut self, id: &str, fields: &FieldList) {
        let mut buffer = Vec::new();
        let mut hashes = Hashes::with_capacity(fields.len());
        for (name, value) in fields {
            if let Some(hash) = hash_value(value, &mut buffer) {
                hashes.push((self.number(name), hash));
            }
        }
        hashes.sort_unstable();
        self.records.insert(id.to_owned(), hashes);
    }

    /// Notes how one field looks, of a record that is there.
    pub(crate) fn set_field(&mut self, id: &str, field: &str, value: &Value) {
        let number = self.number(field);
        let Some(hashes) = self.records.get_mut(id) else {
            return;
        };
        hashes.retain(|(n, _)| *n != number);
        if let Some(hash) = hash_value(value, &mut Vec::new()) {
            hashes.push((number, hash));
            hashes.sort_unstable();
        }
    }

    fn number(&mut self, field: &str) -> u32 {
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

    #[test]
    fn a_base_reads_what_it_writes() {
        let mut base = Base::default();
        let fields: FieldList = vec![
            ("title".into(), Value::from("x")),
            ("notes".into(), Value::Null),
            ("tags".into(), Value::from(vec!["a"])),
        ];
        base.set("T-1", &fields);
        base.set_field("T-1", "title", &Value::from("y"));
        let again = Base::decode(Some(&base.encode()));
        assert_eq!(again, base);
        assert_eq!(again.same("T-1", "title", &Value::from("y")), Some(true));
        assert_eq!(again.same("T-1", "title", &Value::from("x")), Some(false));
        assert_eq!(again.same("T-1", "notes", &Value::Null), Some(true));
        assert_eq!(
            again.same("T-1", "unheard", &Value::from(Vec::<Value>::new())),
            Some(true)
        );
        assert_eq!(again.same("T-2", "title", &Value::Null), None);
        assert_eq!(Base::decode(Some(b"rubbish")), Base::default());
    }
}
