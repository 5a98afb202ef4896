//! Differences between two JSON values, key by key.

mod entry_names;
mod list;
mod path;
#[cfg(test)]
mod tests;

use crate::{ChangeType, Json, JsonObject};
use entry_names::entry_names;
use list::{Alignment, Step, align};

pub use path::{KeyPath, PathSegment};

/// A difference at one path.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The path.
    pub path: KeyPath,
    /// The kind of change.
    pub change_type: ChangeType,
    /// The old value.
    pub old: Option<Json>,
    /// The new value.
    pub new: Option<Json>,
}

/// Maximum number of entries in a difference of their order. More would be hard to read, and lists
/// can have very many.
const MAX_ORDER_LEN: usize = 100;

/// Returns the differences between two values in the order of keys. Added and removed objects are
/// reported value by value.
///
/// The entries of lists are matched by name, ID or key, or otherwise by content. An added or removed
/// entry is one difference. If entries changed their order, that is one difference of the list, with
/// the names of the entries in the old and the new order.
///
/// A value with a YAML tag, an object such as `{"!Ref": "a"}`, is one value.
///
/// ```
/// use wsdb_core::json;
/// use wsdb_core::{ChangeType, differences};
/// let found = differences(&json!({"a": [1, 2], "b": 0}), &json!({"a": [1, 3], "c": {"d": 4}}));
/// let changes: Vec<_> = found.iter().map(|d| (d.path.to_string(), d.change_type)).collect();
/// assert_eq!(changes, [
///     ("a[1]".to_owned(), ChangeType::Modified),
///     ("b".to_owned(), ChangeType::Removed),
///     ("c.d".to_owned(), ChangeType::Added),
/// ]);
/// let old = json!({"package": [{"name": "serde", "version": "1.0.1"}]});
/// let new = json!({"package": [{"name": "anyhow"}, {"name": "serde", "version": "1.0.2"}]});
/// let paths: Vec<_> = differences(&old, &new).iter().map(|d| d.path.to_string()).collect();
/// assert_eq!(paths, ["package[anyhow]", "package[serde].version"]);
/// ```
pub fn differences(old: &Json, new: &Json) -> Vec<Difference> {
    let mut comparison = Comparison::default();
    comparison.compare(Some(old), Some(new));
    comparison.differences
}

#[derive(Default)]
struct Comparison {
    path: KeyPath,
    differences: Vec<Difference>,
}

impl Comparison {
    fn compare(&mut self, old: Option<&Json>, new: Option<&Json>) {
        if old == new {
            return;
        }
        match (old.and_then(tagged), new.and_then(tagged)) {
            (None, None) => {}
            // The value below the same tag may be long.
            (Some((old_tag, old)), Some((new_tag, new)))
                if old_tag == new_tag && is_container(old) && is_container(new) =>
            {
                return self.compare(Some(old), Some(new));
            }
            _ => return self.add(old, new),
        }
        let nothing = JsonObject::new();
        let objects = match (old, new) {
            (Some(Json::Object(old)), Some(Json::Object(new))) => Some((old, new)),
            (None, Some(Json::Object(new))) if !new.is_empty() => Some((&nothing, new)),
            (Some(Json::Object(old)), None) if !old.is_empty() => Some((old, &nothing)),
            _ => None,
        };
        if let Some((old, new)) = objects {
            return self.compare_objects(old, new);
        }
        match (old, new) {
            (Some(Json::Array(old)), Some(Json::Array(new))) => self.compare_lists(old, new),
            (None, Some(Json::Array(new))) if !new.is_empty() => self.compare_lists(&[], new),
            (Some(Json::Array(old)), None) if !old.is_empty() => self.compare_lists(old, &[]),
            _ => self.add(old, new),
        }
    }

    fn compare_objects(&mut self, old: &JsonObject, new: &JsonObject) {
        let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            self.path.0.push(PathSegment::Key(key.clone()));
            self.compare(old.get(key), new.get(key));
            self.path.0.pop();
        }
    }

    fn compare_lists(&mut self, old: &[Json], new: &[Json]) {
        let (old_names, new_names) = (entry_names(old, new), entry_names(new, old));
        let Alignment { steps, reordered } = align(old, new);
        for step in steps {
            let (name, old, new) = match step {
                Step::Kept(old_at, at) if old[old_at] == new[at] => continue,
                Step::Kept(old_at, at) => (&new_names[at], Some(&old[old_at]), Some(&new[at])),
                Step::Removed(at) => (&old_names[at], Some(&old[at]), None),
                Step::Added(at) => (&new_names[at], None, Some(&new[at])),
            };
            self.path.0.push(name.clone());
            match (old, new) {
                (Some(_), Some(_)) => self.compare(old, new),
                _ => self.add(old, new),
            }
            self.path.0.pop();
        }
        let (old_order, new_order) = reordered;
        if !old_order.is_empty() {
            let old_order = format_order(&old_order, old, &old_names);
            let new_order = format_order(&new_order, new, &new_names);
            self.path.0.push(PathSegment::Order);
            self.add(Some(&old_order), Some(&new_order));
            self.path.0.pop();
        }
    }

    fn add(&mut self, old: Option<&Json>, new: Option<&Json>) {
        let change_type = match (old, new) {
            (None, _) => ChangeType::Added,
            (_, None) => ChangeType::Removed,
            _ => ChangeType::Modified,
        };
        self.differences.push(Difference {
            path: self.path.clone(),
            change_type,
            old: old.cloned(),
            new: new.cloned(),
        });
    }
}

fn is_container(value: &Json) -> bool {
    matches!(value, Json::Object(_) | Json::Array(_))
}

/// Returns the tag and the value of a value with a YAML tag.
fn tagged(value: &Json) -> Option<(&str, &Json)> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    let (tag, value) = object.iter().next()?;
    (tag.len() > 1 && tag.starts_with('!')).then_some((tag, value))
}

/// Returns what stands for the entries of a list: their names, or the entries themselves.
fn format_order(indexes: &[usize], list: &[Json], names: &[PathSegment]) -> Json {
    let entry = |index: &usize| match &names[*index] {
        PathSegment::Entry { name, .. } => name.as_str().into(),
        _ => list[*index].clone(),
    };
    let mut order: Vec<Json> = indexes.iter().take(MAX_ORDER_LEN).map(entry).collect();
    if let Some(more) = indexes.len().checked_sub(MAX_ORDER_LEN).filter(|n| *n > 0) {
        order.push(format!("... and {more} more").into());
    }
    order.into()
}

/// Replaces files in an older configuration by those of a newer one.
///
/// ```
/// use wsdb_core::json;
/// let mut configuration = json!({"a.toml": {"x": 1}, "b.toml": {"y": 2}});
/// wsdb_core::merge_files(&mut configuration, &json!({"a.toml": {"z": 3}}));
/// assert_eq!(configuration, json!({"a.toml": {"z": 3}, "b.toml": {"y": 2}}));
/// ```
pub fn merge_files(older: &mut Json, newer: &Json) {
    match (older, newer) {
        (Json::Object(older), Json::Object(newer)) => {
            older.extend(
                newer
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone())),
            );
        }
        (_, Json::Null) => {}
        (older, newer) => *older = newer.clone(),
    }
}
