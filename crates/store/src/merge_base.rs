//! Merge bases: how the records of each kind looked in the documents at the last import or export.
//! This module encodes them, compares two of them and undoes changes to them.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use wsdb_core::{Json, JsonObject};

use crate::history_writes::FieldChanges;

/// The merge base of one kind of record: a hash of each non-empty field.
#[derive(Debug, Serialize, Deserialize)]
pub struct MergeBaseRef<'a> {
    /// The names of the fields; the index of a name is the number used in `records`.
    #[serde(borrow)]
    pub fields: Vec<&'a str>,
    /// Each record's id, with the numbers and hashes of its fields.
    #[serde(borrow)]
    pub records: Vec<(&'a str, Vec<(u32, u64)>)>,
}

impl<'a> MergeBaseRef<'a> {
    /// Decodes the stored bytes; returns `None` if they have another format.
    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    /// Encodes the merge base as the bytes to store.
    pub fn encode(&self) -> Vec<u8> {
        // Serializing strings and numbers cannot fail.
        postcard::to_stdvec(self).unwrap_or_default()
    }
}

type FieldHashes = BTreeMap<String, BTreeMap<String, u64>>;

fn decode_hashes(bytes: &[u8]) -> FieldHashes {
    let Some(MergeBaseRef { fields, records }) = MergeBaseRef::decode(bytes) else {
        return FieldHashes::new();
    };
    let name = |number: u32| fields.get(number as usize).map(|name| (*name).to_owned());
    records
        .into_iter()
        .map(|(id, hashes)| {
            let hashes = hashes.into_iter();
            let hashes = hashes.filter_map(|(number, hash)| Some((name(number)?, hash)));
            (id.to_owned(), hashes.collect())
        })
        .collect()
}

/// Encodes hashes; fields that are also in `like` keep the numbers that they have there.
fn encode(records: &FieldHashes, like: &[u8]) -> Vec<u8> {
    let mut fields = MergeBaseRef::decode(like).map_or_else(Vec::new, |form| form.fields);
    let mut numbers: BTreeMap<&str, u32> = (0..).zip(&fields).map(|(n, name)| (*name, n)).collect();
    for name in records.values().flat_map(BTreeMap::keys) {
        if !numbers.contains_key(name.as_str()) {
            numbers.insert(name, fields.len() as u32);
            fields.push(name);
        }
    }
    let records = records.iter().map(|(id, hashes)| {
        let hashes = hashes.iter();
        let mut hashes: Vec<(u32, u64)> = hashes.map(|(n, h)| (numbers[n.as_str()], *h)).collect();
        hashes.sort_unstable();
        (id.as_str(), hashes)
    });
    let records = records.collect();
    MergeBaseRef { fields, records }.encode()
}

/// Returns the differences between two merge bases, by record and field; `null` stands for a missing
/// record or field.
pub(crate) fn diff(before: &[u8], after: &[u8]) -> FieldChanges {
    let (before, after) = (decode_hashes(before), decode_hashes(after));
    let (mut old_fields, mut new_fields) = (JsonObject::new(), JsonObject::new());
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for id in ids {
        let (old, new) = (before.get(id), after.get(id));
        if old == new {
            continue;
        }
        let (Some(old), Some(new)) = (old, new) else {
            // The hashes of a new record aren't stored: undo finds them in the merge base itself.
            old_fields.insert(id.clone(), old.map_or(Json::Null, hashes_as_json));
            new_fields.insert(
                id.clone(),
                new.map_or(Json::Null, |_| JsonObject::new().into()),
            );
            continue;
        };
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let differs = |name: &&&String| old.get(**name) != new.get(**name);
        let side = |hashes: &BTreeMap<String, u64>| -> JsonObject {
            let names = names.iter().filter(differs);
            names
                .map(|name| ((*name).clone(), hashes.get(*name).copied().into()))
                .collect()
        };
        old_fields.insert(id.clone(), side(old).into());
        new_fields.insert(id.clone(), side(new).into());
    }
    FieldChanges {
        before: old_fields,
        after: new_fields,
    }
}

fn hashes_as_json(hashes: &BTreeMap<String, u64>) -> Json {
    let hashes = hashes
        .iter()
        .map(|(name, hash)| (name.clone(), (*hash).into()));
    Json::Object(hashes.collect())
}

/// Reverts the differences in a merge base; fields that were updated again since are kept.
pub(crate) fn revert(current: &[u8], before: &JsonObject, after: &JsonObject) -> Vec<u8> {
    let mut records = decode_hashes(current);
    for (id, old) in before {
        let Json::Object(old) = old else {
            records.remove(id);
            continue;
        };
        let new = after.get(id).and_then(Json::as_object);
        match (records.get_mut(id), new) {
            (None, None) => {
                let hashes = old.iter();
                let hashes = hashes.filter_map(|(name, hash)| Some((name.clone(), hash.as_u64()?)));
                records.insert(id.clone(), hashes.collect());
            }
            (Some(hashes), Some(new)) => {
                for (name, old) in old {
                    let expected = new.get(name).and_then(Json::as_u64);
                    if hashes.get(name).copied() == expected {
                        match old.as_u64() {
                            Some(hash) => hashes.insert(name.clone(), hash),
                            None => hashes.remove(name),
                        };
                    }
                }
            }
            _ => {}
        }
    }
    encode(&records, current)
}

/// Removes records from a merge base.
pub(crate) fn without_ids(current: &[u8], ids: &BTreeSet<String>) -> Vec<u8> {
    let mut records = decode_hashes(current);
    records.retain(|id, _| !ids.contains(id));
    encode(&records, current)
}

/// Returns a complete merge base in the form that is stored in the history.
pub(crate) fn to_fields(bytes: &[u8]) -> JsonObject {
    let form = STANDARD_NO_PAD.encode(bytes);
    [("form".to_owned(), form.into())].into_iter().collect()
}

/// Decodes the form returned by [`to_fields`].
pub(crate) fn from_fields(fields: &JsonObject) -> Option<Vec<u8>> {
    let form = fields.get("form")?.as_str()?;
    STANDARD_NO_PAD.decode(form).ok()
}

/// Returns a hash of the contents of a merge base. The numbers of the fields don't count, since
/// they change when a field is added and removed again.
pub(crate) fn hash(bytes: &[u8]) -> JsonObject {
    let mut hasher = SipHasher13::new();
    match MergeBaseRef::decode(bytes) {
        Some(form) => hash_form(form, &mut hasher),
        None => hasher.write(bytes),
    }
    let hash = format!("{:016x}", hasher.finish());
    [("hash".to_owned(), hash.into())].into_iter().collect()
}

fn hash_form(form: MergeBaseRef<'_>, hasher: &mut SipHasher13) {
    // Little-endian on every machine.
    let count = |hasher: &mut SipHasher13, n: u64| hasher.write(&n.to_le_bytes());
    let text = |hasher: &mut SipHasher13, text: &str| {
        count(hasher, text.len() as u64);
        hasher.write(text.as_bytes());
    };
    let name = |number: u32| form.fields.get(number as usize).copied();
    let mut records = form.records;
    records.sort_unstable_by_key(|(id, _)| *id);
    for (id, mut hashes) in records {
        hashes.sort_unstable_by_key(|(number, _)| name(*number));
        text(hasher, id);
        count(hasher, hashes.len() as u64);
        for (number, hash) in hashes {
            text(hasher, name(number).unwrap_or_default());
            count(hasher, hash);
        }
    }
}

/// Decodes the hashes of a file's contents.
pub(crate) fn hashes(bytes: &[u8]) -> Vec<u64> {
    let chunks = bytes.chunks_exact(8);
    chunks
        .map(|chunk| u64::from_le_bytes(chunk.try_into().unwrap_or_default()))
        .collect()
}

/// Returns hashes in the form that is stored in the history.
pub(crate) fn file_hashes_as_json(bytes: &[u8]) -> JsonObject {
    let hashes = Json::from(hashes(bytes));
    [("files".to_owned(), hashes)].into_iter().collect()
}

/// Removes the hashes that a change added; hashes added since are kept. Returns `None` if none is
/// left.
pub(crate) fn revert_hashes(
    current: &[u8],
    before: &JsonObject,
    after: &JsonObject,
) -> Option<Vec<u8>> {
    let list = |fields: &JsonObject| -> Vec<u64> {
        let list = fields.get("files").and_then(Json::as_array);
        list.map_or_else(Vec::new, |list| {
            list.iter().filter_map(Json::as_u64).collect()
        })
    };
    let (old, new, mut current) = (list(before), list(after), hashes(current));
    if current == new {
        current = old;
    } else {
        current.retain(|hash| old.contains(hash) || !new.contains(hash));
    }
    (!current.is_empty()).then(|| current.iter().flat_map(|hash| hash.to_le_bytes()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(records: &[(&'static str, &[(&'static str, u64)])]) -> Vec<u8> {
        let records = records.iter().map(|(id, fields)| {
            let fields = fields
                .iter()
                .map(|(name, hash)| ((*name).to_owned(), *hash));
            ((*id).to_owned(), fields.collect())
        });
        encode(&records.collect(), b"")
    }

    #[test]
    fn differences_are_reverted() {
        let before = base(&[("A", &[("title", 1), ("notes", 2)]), ("B", &[("title", 3)])]);
        let after = base(&[
            ("A", &[("title", 4), ("status", 5)]),
            ("C", &[("title", 6)]),
        ]);
        let FieldChanges {
            before: old,
            after: new,
        } = diff(&before, &after);
        assert_eq!(
            decode_hashes(&revert(&after, &old, &new)),
            decode_hashes(&before)
        );
        // The title was updated again since: it is kept.
        let later = base(&[
            ("A", &[("title", 7), ("status", 5)]),
            ("C", &[("title", 6)]),
        ]);
        let expected = base(&[("A", &[("title", 7), ("notes", 2)]), ("B", &[("title", 3)])]);
        assert_eq!(
            decode_hashes(&revert(&later, &old, &new)),
            decode_hashes(&expected)
        );
    }

    #[test]
    fn only_added_hashes_are_removed() {
        let bytes = |hashes: &[u64]| -> Vec<u8> {
            hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect()
        };
        let (old, new) = (bytes(&[1, 2]), bytes(&[3, 1, 2]));
        let (before, after) = (file_hashes_as_json(&old), file_hashes_as_json(&new));
        assert_eq!(revert_hashes(&new, &before, &after), Some(old));
        let later = revert_hashes(&bytes(&[4, 3, 1]), &before, &after);
        assert_eq!(later, Some(bytes(&[4, 1])));
        assert_eq!(
            revert_hashes(&bytes(&[3]), &JsonObject::new(), &after),
            None
        );
    }

    #[test]
    fn hash_ignores_the_numbers_of_fields() {
        let before = base(&[("A", &[("title", 1), ("notes", 2)]), ("B", &[("title", 3)])]);
        let after = base(&[("A", &[("area", 4), ("title", 1)]), ("C", &[("title", 3)])]);
        let FieldChanges {
            before: old,
            after: new,
        } = diff(&before, &after);
        let reverted = revert(&after, &old, &new);
        assert_ne!(reverted, before, "the field numbers differ");
        assert_eq!(hash(&reverted), hash(&before));
        for other in [
            base(&[("A", &[("title", 1), ("notes", 2)])]),
            base(&[("A", &[("title", 1), ("notes", 4)]), ("B", &[("title", 3)])]),
            base(&[("A", &[("title", 1), ("area", 2)]), ("B", &[("title", 3)])]),
            base(&[("A", &[("title", 1), ("notes", 2)]), ("C", &[("title", 3)])]),
            base(&[("A", &[("title", 1)]), ("B", &[("notes", 2), ("title", 3)])]),
        ] {
            assert_ne!(hash(&other), hash(&before));
        }
    }

    #[test]
    fn fields_of_a_merge_base_are_decoded() {
        let bytes = base(&[("A", &[("title", 1)])]);
        assert_eq!(from_fields(&to_fields(&bytes)), Some(bytes));
    }
}
