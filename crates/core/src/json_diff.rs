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
        for (at, step) in self.0.iter().enumerate() {
            match step {
                PathSegment::Index(index) => write!(f, "[{index}]")?,
                PathSegment::Key(key) => {
                    let dot = if at > 0 { "." } else { "" };
                    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/');
                    match !key.is_empty() && key.chars().all(is_plain) {
                        true => write!(f, "{dot}{key}")?,
                        false => write!(f, "{dot}{}", Json::from(key.as_str()))?,
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
    let mut found = Vec::new();
    diff_into(Some(old), Some(new), &mut KeyPath::default(), &mut found);
    found
}

fn diff_into(
    old: Option<&Json>,
    new: Option<&Json>,
    path: &mut KeyPath,
    found: &mut Vec<Difference>,
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
            diff_into(old.get(key), new.get(key), path, found);
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
            diff_into(old.get(index), new.get(index), path, found);
            path.0.pop();
        }
        return;
    }
    let mut tell = |change_type, old: Option<&Json>, new: Option<&Json>| {
        found.push(Difference {
            path: path.clone(),
            change_type,
            old: old.cloned(),
            new: new.cloned(),
        });
    };
    match (old, new) {
        (None, new) => tell(ChangeType::Added, None, new),
        (old, None) => tell(ChangeType::Removed, old, None),
        (old, new) => tell(ChangeType::Modified, old, new),
    }
}

/// Replaces files in an older configuration by those of a newer one.
///
/// ```
/// use wsdb_core::json;
/// let mut whole = json!({"a.toml": {"x": 1}, "b.toml": {"y": 2}});
/// wsdb_core::merge_files(&mut whole, &json!({"a.toml": {"z": 3}}));
/// assert_eq!(whole, json!({"a.toml": {"z": 3}, "b.toml": {"y": 2}}));
/// ```
pub fn merge_files(whole: &mut Json, newer: &Json) {
    match (whole, newer) {
        (Json::Object(whole), Json::Object(newer)) => {
            whole.extend(
                newer
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone())),
            );
        }
        (_, Json::Null) => {}
        (whole, newer) => *whole = newer.clone(),
    }
}

#[cfg(test)]
mod tests {
    use crate::json;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ways_can_be_told_from_each_other() {
        let way = |steps: &[PathSegment]| KeyPath(steps.to_vec()).to_string();
        let key = |key: &str| PathSegment::Key(key.to_owned());
        assert_eq!(
            way(&[key("a"), key("b.c"), PathSegment::Index(0)]),
            r#"a."b.c"[0]"#
        );
        assert_eq!(way(&[key(""), key("[0]")]), r#"""."[0]""#);
        assert_eq!(way(&[]), "");
    }

    #[test]
    fn another_kind_of_value_is_one_difference() {
        let found = differences(&json!({"a": {"b": 1}}), &json!({"a": [1]}));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].change_type, ChangeType::Modified);
        assert_eq!(found[0].old, Some(json!({"b": 1})));
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
        fn the_same_both_ways(old in value(), new in value()) {
            let there = differences(&old, &new);
            prop_assert_eq!(there.is_empty(), old == new);
            let back: Vec<Difference> = differences(&new, &old)
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
            prop_assert_eq!(&there, &back);
            let mut ways: Vec<String> = there.iter().map(|d| d.path.to_string()).collect();
            ways.sort();
            ways.dedup();
            prop_assert_eq!(ways.len(), there.len(), "each path is reported once");
        }
    }
}
