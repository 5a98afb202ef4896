//! The shapes of the records of a kind in their files: each shape, which is a text, with the ids of the
//! records that have it.

use std::collections::{BTreeMap, BTreeSet};

use wsdb_core::{Json, JsonObject};

use crate::history_writes::FieldChanges;

/// Each shape with the ids of the records that have it.
pub type Shapes = BTreeMap<String, Vec<String>>;

/// Encodes shapes as the bytes to store.
pub(crate) fn encode(shapes: &Shapes) -> Vec<u8> {
    // Maps of strings always serialize.
    serde_json::to_vec(shapes).unwrap_or_default()
}

/// Decodes the stored bytes. Bytes in another format have no shapes: an export then writes all keys.
pub(crate) fn decode(bytes: &[u8]) -> Shapes {
    serde_json::from_slice(bytes).unwrap_or_default()
}

fn by_id(shapes: &Shapes) -> BTreeMap<&str, &str> {
    let shapes = shapes.iter();
    let pairs = shapes.flat_map(|(shape, ids)| ids.iter().map(|id| (id.as_str(), shape.as_str())));
    pairs.collect()
}

fn group<'a>(by_id: impl Iterator<Item = (&'a str, &'a str)>) -> Shapes {
    let mut shapes = Shapes::new();
    for (id, shape) in by_id {
        shapes
            .entry(shape.to_owned())
            .or_default()
            .push(id.to_owned());
    }
    shapes
}

fn to_json(shapes: Shapes) -> JsonObject {
    let shapes = shapes.into_iter();
    shapes
        .map(|(shape, ids)| (shape, Json::from(ids)))
        .collect()
}

fn from_json(fields: &JsonObject) -> Shapes {
    let ids = |list: &Json| -> Vec<String> {
        let list = list.as_array().into_iter().flatten();
        list.filter_map(Json::as_str).map(str::to_owned).collect()
    };
    fields
        .iter()
        .map(|(shape, list)| (shape.clone(), ids(list)))
        .collect()
}

/// Returns the records whose shapes differ, with both shapes.
pub(crate) fn diff(before: &Shapes, after: &Shapes) -> FieldChanges {
    let (old, new) = (by_id(before), by_id(after));
    let removed = old.iter().filter(|(id, shape)| new.get(*id) != Some(shape));
    let added = new.iter().filter(|(id, shape)| old.get(*id) != Some(shape));
    FieldChanges {
        before: to_json(group(removed.map(|(id, shape)| (*id, *shape)))),
        after: to_json(group(added.map(|(id, shape)| (*id, *shape)))),
    }
}

/// Reverts differences; shapes that changed again since are kept, except for those of records that the
/// same action added: their ids are `added`.
pub(crate) fn revert(
    current: &Shapes,
    before: &JsonObject,
    after: &JsonObject,
    added: &BTreeSet<String>,
) -> Shapes {
    let (before, after) = (from_json(before), from_json(after));
    let (old, new) = (by_id(&before), by_id(&after));
    let mut reverted = by_id(current);
    for id in old.keys().chain(new.keys()) {
        match old.get(id) {
            Some(shape) if reverted.get(id) == new.get(id) => _ = reverted.insert(id, shape),
            None if reverted.get(id) == new.get(id) || added.contains(*id) => {
                reverted.remove(id);
            }
            _ => {}
        }
    }
    group(reverted.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(pairs: &[(&str, &str)]) -> Shapes {
        group(pairs.iter().copied())
    }

    #[test]
    fn differences_are_reverted_unless_they_changed_again() {
        let before = shapes(&[("A", "x"), ("B", "y"), ("D", "x")]);
        let after = shapes(&[("A", "z"), ("C", "y"), ("D", "x")]);
        let FieldChanges {
            before: old,
            after: new,
        } = diff(&before, &after);
        let none = BTreeSet::new();
        assert_eq!(revert(&after, &old, &new, &none), before);
        let later = shapes(&[("A", "w"), ("C", "y"), ("D", "x")]);
        let expected = shapes(&[("A", "w"), ("B", "y"), ("D", "x")]);
        assert_eq!(revert(&later, &old, &new, &none), expected);
        let added = BTreeSet::from(["C".to_owned()]);
        let later = shapes(&[("A", "z"), ("C", "w"), ("D", "x")]);
        assert_eq!(revert(&later, &old, &new, &added), before);
        assert_eq!(decode(&encode(&before)), before);
        assert_eq!(decode(b"rubbish"), Shapes::new());
    }
}
