//! Differences between two JSON values, key by key.

mod entry_names;
mod list;
mod path;
mod similarity;
#[cfg(test)]
mod tests;
mod text_name;

use crate::{ChangeType, Json, JsonObject, redact_secrets};
use entry_names::entry_names;
use list::{Alignment, Match, Step, align};

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
    /// The old value without secrets.
    pub redacted_old: Option<Json>,
    /// The new value without secrets.
    pub redacted_new: Option<Json>,
}

/// Maximum number of entries in a difference of their order. More would be hard to read, and lists
/// can have very many.
const MAX_ORDER_LEN: usize = 100;

/// Returns the differences between two values in the order of keys. An added or removed entry of an
/// object or a list is one difference, whatever it contains; but the entries of the outermost object are
/// whole files and are reported key by key.
///
/// The entries of lists are matched by name, ID or key, or otherwise by content; the name of a text such
/// as `flask==3.0` or `PORT=80` is the part before the separator. If entries changed their order, that
/// is one difference of the list, with the names of the entries in the old and the new order.
///
/// If a YAML file has several documents in only one of the values, the documents are matched like the
/// entries of lists.
///
/// A value with a YAML tag, an object such as `{"!Ref": "a"}`, is one value.
///
/// ```
/// use wsdb_core::json;
/// use wsdb_core::{ChangeType, differences};
/// let found = differences(
///     &json!({"a": [1, 2], "b": 0}),
///     &json!({"a": [1, 3], "c": {"d": {"e": 4, "f": 5}}}),
/// );
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
    // Whether a value is a secret may depend on what is next to it, so secrets are looked for in the
    // complete values.
    let redact = |value: &Json| {
        let mut value = value.clone();
        redact_secrets(&mut value);
        value
    };
    let (redacted_old, redacted_new) = (redact(old), redact(new));
    let mut comparison = Comparison::default();
    let pair = |value, redacted| Some(Pair { value, redacted });
    comparison.compare(pair(old, &redacted_old), pair(new, &redacted_new));
    comparison.differences
}

/// A value, and the same value without secrets: it differs only in texts and numbers.
#[derive(Clone, Copy)]
struct Pair<'a> {
    value: &'a Json,
    redacted: &'a Json,
}

impl<'a> Pair<'a> {
    fn field(self, key: &str) -> Option<Pair<'a>> {
        let value = self.value.as_object()?.get(key)?;
        let redacted = self.redacted.as_object().and_then(|map| map.get(key));
        let redacted = redacted.unwrap_or(&Json::Null);
        Some(Pair { value, redacted })
    }

    /// Returns the entries of a list. Any other value is the only entry of one, like the only document
    /// of a YAML file.
    fn entries(&self) -> List<'a> {
        match (self.value, self.redacted) {
            (Json::Array(values), Json::Array(redacted)) => List { values, redacted },
            (value, redacted) => List {
                values: std::slice::from_ref(value),
                redacted: std::slice::from_ref(redacted),
            },
        }
    }

    /// Returns the tag and the value of a value with a YAML tag.
    fn tagged(self) -> Option<(&'a str, Pair<'a>)> {
        let object = self.value.as_object().filter(|object| object.len() == 1)?;
        let (tag, _) = object.iter().next()?;
        let is_tag = tag.len() > 1 && tag.starts_with('!');
        let value = is_tag.then(|| self.field(tag)).flatten()?;
        Some((tag, value))
    }
}

/// The entries of a list, and the same without secrets.
#[derive(Clone, Copy, Default)]
struct List<'a> {
    values: &'a [Json],
    redacted: &'a [Json],
}

impl<'a> List<'a> {
    fn entry(self, index: usize) -> Option<Pair<'a>> {
        let (value, redacted) = (self.values.get(index)?, self.redacted.get(index)?);
        Some(Pair { value, redacted })
    }
}

#[derive(Default)]
struct Comparison {
    path: KeyPath,
    differences: Vec<Difference>,
}

impl Comparison {
    fn compare(&mut self, old: Option<Pair<'_>>, new: Option<Pair<'_>>) {
        if old.map(|old| old.value) == new.map(|new| new.value) {
            return;
        }
        match (old.and_then(Pair::tagged), new.and_then(Pair::tagged)) {
            (None, None) => {}
            // The value below the same tag may be long.
            (Some((old_tag, old)), Some((new_tag, new)))
                if old_tag == new_tag && is_container(old.value) && is_container(new.value) =>
            {
                return self.compare(Some(old), Some(new));
            }
            _ => return self.add(old, new),
        }
        let is_file = self.path.0.len() <= 1;
        match (old.map(|old| old.value), new.map(|new| new.value)) {
            (Some(Json::Object(_)), Some(Json::Object(_))) => self.compare_objects(old, new),
            (None, Some(Json::Object(map))) | (Some(Json::Object(map)), None)
                if is_file && !map.is_empty() =>
            {
                self.compare_objects(old, new);
            }
            (Some(Json::Array(_)), Some(Json::Array(_))) => self.compare_lists(old, new),
            (Some(Json::Object(_)), Some(Json::Array(list)))
            | (Some(Json::Array(list)), Some(Json::Object(_)))
                if self.is_yaml_file() && list.len() > 1 =>
            {
                self.compare_lists(old, new);
            }
            (None, Some(Json::Array(list))) | (Some(Json::Array(list)), None)
                if is_file && !list.is_empty() =>
            {
                self.compare_lists(old, new);
            }
            _ => self.add(old, new),
        }
    }

    /// Whether the current path is that of a complete YAML file. Several documents in it are a list.
    fn is_yaml_file(&self) -> bool {
        let [PathSegment::Key(file)] = self.path.0.as_slice() else {
            return false;
        };
        let extension = file.rsplit_once('.').map(|(_, extension)| extension);
        // A file without an extension may be the output of a command.
        extension
            .is_none_or(|extension| ["yaml", "yml"].contains(&extension.to_lowercase().as_str()))
    }

    fn compare_objects(&mut self, old: Option<Pair<'_>>, new: Option<Pair<'_>>) {
        let maps = [old, new].into_iter().flatten();
        let maps = maps.filter_map(|pair| pair.value.as_object());
        let mut keys: Vec<&String> = maps.flat_map(JsonObject::keys).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            self.path.0.push(PathSegment::Key(key.clone()));
            self.compare(
                old.and_then(|old| old.field(key)),
                new.and_then(|new| new.field(key)),
            );
            self.path.0.pop();
        }
    }

    fn compare_lists(&mut self, old: Option<Pair<'_>>, new: Option<Pair<'_>>) {
        let old = old.as_ref().map(Pair::entries).unwrap_or_default();
        let new = new.as_ref().map(Pair::entries).unwrap_or_default();
        let old_names = entry_names(old.values, new.values);
        let new_names = entry_names(new.values, old.values);
        let Alignment { steps, reordered } = align(old.values, new.values);
        for step in steps {
            let (name, old, new) = match step {
                Step::Kept(old_at, at) if old.values[old_at] == new.values[at] => continue,
                Step::Kept(old_at, at) => (&new_names[at], old.entry(old_at), new.entry(at)),
                Step::Removed(at) => (&old_names[at], old.entry(at), None),
                Step::Added(at) => (&new_names[at], None, new.entry(at)),
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
            // Entries with the same name get the distinct names of the newer list.
            let redacted_names = entry_names(new.redacted, old.redacted);
            let order = |matches: &[Match], index: fn(&Match) -> usize, list: List<'_>| {
                let value = format_order(matches, index, list.values, &new_names);
                let redacted = format_order(matches, index, list.redacted, &redacted_names);
                (value, redacted)
            };
            let (old_value, old_redacted) = order(&old_order, |(old, _)| *old, old);
            let (new_value, new_redacted) = order(&new_order, |(_, new)| *new, new);
            self.path.0.push(PathSegment::Order);
            self.add(
                Some(Pair {
                    value: &old_value,
                    redacted: &old_redacted,
                }),
                Some(Pair {
                    value: &new_value,
                    redacted: &new_redacted,
                }),
            );
            self.path.0.pop();
        }
    }

    fn add(&mut self, old: Option<Pair<'_>>, new: Option<Pair<'_>>) {
        let change_type = match (old, new) {
            (None, _) => ChangeType::Added,
            (_, None) => ChangeType::Removed,
            _ => ChangeType::Modified,
        };
        self.differences.push(Difference {
            path: self.path.clone(),
            change_type,
            old: old.map(|old| old.value.clone()),
            new: new.map(|new| new.value.clone()),
            redacted_old: old.map(|old| old.redacted.clone()),
            redacted_new: new.map(|new| new.redacted.clone()),
        });
    }
}

fn is_container(value: &Json) -> bool {
    matches!(value, Json::Object(_) | Json::Array(_))
}

/// Returns what stands for the entries of a list: their names in the newer list, or the entries
/// themselves.
fn format_order(
    matches: &[Match],
    index: fn(&Match) -> usize,
    list: &[Json],
    new_names: &[PathSegment],
) -> Json {
    let entry = |found: &Match| match &new_names[found.1] {
        PathSegment::Entry { name, .. } => name.as_str().into(),
        _ => list[index(found)].clone(),
    };
    let mut order: Vec<Json> = matches.iter().take(MAX_ORDER_LEN).map(entry).collect();
    if let Some(more) = matches.len().checked_sub(MAX_ORDER_LEN).filter(|n| *n > 0) {
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
