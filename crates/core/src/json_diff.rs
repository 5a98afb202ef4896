//! Differences between two JSON values, key by key.

use std::fmt;

use crate::{ChangeType, Json, JsonObject};

/// One segment of a path to a nested value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathSegment {
    /// A key of an object.
    Key(String),
    /// An index of a list, from 0.
    Index(usize),
}

/// The path to a nested value, such as `tool.ruff.select[0]`. Ambiguous keys are quoted.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath(pub Vec<PathSegment>);

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            match segment {
                PathSegment::Index(index) => write!(f, "[{index}]")?,
                PathSegment::Key(key) => {
                    let dot = if index > 0 { "." } else { "" };
                    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/');
                    if !key.is_empty() && key.chars().all(is_plain) {
                        write!(f, "{dot}{key}")?
                    } else {
                        write!(f, "{dot}{}", Json::from(key.as_str()))?
                    }
                }
            }
        }
        Ok(())
    }
}

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

/// Returns the differences between two values in the order of keys. Lists are compared index by
/// index. Added and removed objects and lists are reported value by value.
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
/// ```
pub fn differences(old: &Json, new: &Json) -> Vec<Difference> {
    let mut differences = Vec::new();
    diff_into(
        Some(old),
        Some(new),
        &mut KeyPath::default(),
        &mut differences,
    );
    differences
}

fn diff_into(
    old: Option<&Json>,
    new: Option<&Json>,
    path: &mut KeyPath,
    differences: &mut Vec<Difference>,
) {
    if old == new {
        return;
    }
    let (nothing, no_list) = (JsonObject::new(), Vec::new());
    let objects = match (old, new) {
        (Some(Json::Object(old)), Some(Json::Object(new))) => Some((old, new)),
        (None, Some(Json::Object(new))) if !new.is_empty() => Some((&nothing, new)),
        (Some(Json::Object(old)), None) if !old.is_empty() => Some((old, &nothing)),
        _ => None,
    };
    if let Some((old, new)) = objects {
        let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            path.0.push(PathSegment::Key(key.clone()));
            diff_into(old.get(key), new.get(key), path, differences);
            path.0.pop();
        }
        return;
    }
    let lists = match (old, new) {
        (Some(Json::Array(old)), Some(Json::Array(new))) => Some((old, new)),
        (None, Some(Json::Array(new))) if !new.is_empty() => Some((&no_list, new)),
        (Some(Json::Array(old)), None) if !old.is_empty() => Some((old, &no_list)),
        _ => None,
    };
    if let Some((old, new)) = lists {
        for index in 0..old.len().max(new.len()) {
            path.0.push(PathSegment::Index(index));
            diff_into(old.get(index), new.get(index), path, differences);
            path.0.pop();
        }
        return;
    }
    let mut add = |change_type, old: Option<&Json>, new: Option<&Json>| {
        differences.push(Difference {
            path: path.clone(),
            change_type,
            old: old.cloned(),
            new: new.cloned(),
        });
    };
    match (old, new) {
        (None, new) => add(ChangeType::Added, None, new),
        (old, None) => add(ChangeType::Removed, old, None),
        (old, new) => add(ChangeType::Modified, old, new),
    }
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

#[cfg(test)]
mod tests {
    use crate::json;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn different_paths_are_formatted_differently() {
        let format = |segments: &[PathSegment]| KeyPath(segments.to_vec()).to_string();
        let key = |key: &str| PathSegment::Key(key.to_owned());
        assert_eq!(
            format(&[key("a"), key("b.c"), PathSegment::Index(0)]),
            r#"a."b.c"[0]"#
        );
        assert_eq!(format(&[key(""), key("[0]")]), r#"""."[0]""#);
        assert_eq!(format(&[]), "");
    }

    #[test]
    fn value_of_another_type_is_one_difference() {
        let differences_of_a = differences(&json!({"a": {"b": 1}}), &json!({"a": [1]}));
        assert_eq!(differences_of_a.len(), 1);
        assert_eq!(differences_of_a[0].change_type, ChangeType::Modified);
        assert_eq!(differences_of_a[0].old, Some(json!({"b": 1})));
        assert_eq!(
            differences(&json!({"a": {}}), &json!({}))[0].old,
            Some(json!({}))
        );
    }

    fn value() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            (0..3).prop_map(Json::from),
            "[ab.]{0,2}".prop_map(Json::from),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
                proptest::collection::btree_map("[ab.]{0,2}", inner, 0..3)
                    .prop_map(|map| Json::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn reversed_arguments_give_reversed_differences(old in value(), new in value()) {
            let forward = differences(&old, &new);
            prop_assert_eq!(forward.is_empty(), old == new);
            let backward: Vec<Difference> = differences(&new, &old)
                .into_iter()
                .map(|d| Difference {
                    change_type: match d.change_type {
                        ChangeType::Added => ChangeType::Removed,
                        ChangeType::Removed => ChangeType::Added,
                        ChangeType::Modified => ChangeType::Modified,
                    },
                    old: d.new,
                    new: d.old,
                    path: d.path,
                })
                .collect();
            prop_assert_eq!(&forward, &backward);
            let mut paths: Vec<String> = forward.iter().map(|d| d.path.to_string()).collect();
            paths.sort();
            paths.dedup();
            prop_assert_eq!(paths.len(), forward.len(), "each path is reported once");
        }
    }
}
