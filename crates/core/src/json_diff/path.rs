//! Paths to nested values.

use std::fmt;

use crate::Json;

/// One segment of a path to a nested value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathSegment {
    /// A key of an object.
    Key(String),
    /// An index of a list, from 0.
    Index(usize),
    /// An entry of a list, by what identifies it.
    Entry {
        /// Its name, such as `serde`, or `syn 2.0.98` if there are several.
        name: String,
        /// Its index.
        index: usize,
    },
    /// The order of a list.
    Order,
}

/// The path to a nested value, such as `tool.ruff.select[0]` or `package[serde].version`. Ambiguous
/// keys are quoted. The order of a list is `package (order)`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath(pub Vec<PathSegment>);

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            match segment {
                PathSegment::Index(index) => write!(f, "[{index}]")?,
                PathSegment::Entry { name, .. } => write!(f, "[{name}]")?,
                PathSegment::Order => {
                    let blank = if index > 0 { " " } else { "" };
                    write!(f, "{blank}(order)")?
                }
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
