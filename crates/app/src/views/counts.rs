//! Views of numbers of records.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use wsdb_core::Vocabulary;

/// Numbers of records by name; in JSON, an object with the names as keys. If the names are a
/// vocabulary, each of its values is a key, also with the number 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(Vec<(String, u64)>);

impl Counts {
    /// The name for records without a value.
    pub const NONE: &'static str = "none";

    /// Numbers by the values of a field that every record has. Values that are not in the vocabulary
    /// come last.
    pub fn by_vocabulary<V: Vocabulary>(counted: Vec<(String, u64)>) -> Self {
        let names = V::NAMES.iter().copied();
        let mut counts: Counts = names.map(|name| (name, 0)).collect();
        for (name, count) in counted {
            counts.add(&name, count);
        }
        counts
    }

    /// Like [`Counts::by_vocabulary`], for a field that may be empty.
    pub fn by_optional_vocabulary<V: Vocabulary>(counted: Vec<(String, u64)>) -> Self {
        let mut counts = Self::by_vocabulary::<V>(counted);
        counts.add(Self::NONE, 0);
        counts
    }

    /// Adds to the number of a name; an empty name means [`Counts::NONE`].
    pub(crate) fn add(&mut self, name: &str, count: u64) {
        let name = if name.is_empty() { Self::NONE } else { name };
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, total)) => *total += count,
            None => self.0.push((name.to_owned(), count)),
        }
    }

    /// Returns the names and the numbers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, count)| (name.as_str(), *count))
    }

    /// Returns the numbers that are not 0, with their names.
    pub fn non_zero(&self) -> impl Iterator<Item = (&str, u64)> {
        self.iter().filter(|(_, count)| *count > 0)
    }

    /// Returns the sum of all numbers.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}

impl<N: Into<String>> FromIterator<(N, u64)> for Counts {
    fn from_iter<I: IntoIterator<Item = (N, u64)>>(counts: I) -> Self {
        let counts = counts.into_iter();
        Counts(counts.map(|(name, count)| (name.into(), count)).collect())
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, count) in self.iter() {
            map.serialize_entry(name, &count)?;
        }
        map.end()
    }
}

/// Numbers of tasks.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaskCounts {
    /// Number of all tasks.
    pub total: u64,
    /// Number of tasks by status.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByVocabulary<wsdb_core::TaskStatus>")
    )]
    pub by_status: Counts,
    /// Number of tasks by priority.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByOptionalVocabulary<wsdb_core::Priority>")
    )]
    pub by_priority: Counts,
}

/// Numbers of issues.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IssueCounts {
    /// Number of all issues.
    pub total: u64,
    /// Number of issues by status.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByVocabulary<wsdb_core::IssueStatus>")
    )]
    pub by_status: Counts,
    /// Number of issues by severity.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "super::count_schemas::ByVocabulary<wsdb_core::Severity>")
    )]
    pub by_severity: Counts,
}

/// Numbers of sessions or of decisions.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatusCounts {
    /// Number of all records.
    pub total: u64,
    /// Number of records by status.
    pub by_status: Counts,
}
