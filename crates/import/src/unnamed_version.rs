//! The version that a record in a file was made from if it names no known one.

use wsdb_store::RecordVersion;

use crate::digest::{Digest, digest};
use crate::identity::{
    count_unchanged, has_name_of, has_only_date, is_same_record, is_time_of_change,
};
use crate::inferred_status::is_in_list_of;
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;

/// A record in a file that names no known version, with the version that is most similar to it.
pub(crate) struct Unnamed<'f, T> {
    pub(crate) found: &'f ParsedRecord<T>,
    /// The version to start with: what the file held, or the record in the database.
    pub(crate) start: Option<RecordVersion>,
    /// Whether the file held the version to start with, and names another one now.
    pub(crate) is_held: bool,
    /// The record in the database.
    pub(crate) current: Option<RecordVersion>,
    /// The most similar version so far.
    pub(crate) version: Option<RecordVersion>,
    /// Number of fields with the values of the version; its list counts as one.
    pub(crate) unchanged: usize,
    /// Whether an older version is taken that is as similar: with it, values that changed on both sides
    /// are a conflict.
    pub(crate) takes_equal: bool,
    /// Whether the versions considered so far include the one to start with.
    pub(crate) is_start_found: bool,
    /// Whether the most similar version is newer than the one to start with, if that is among them.
    pub(crate) is_newer: bool,
}

impl<'f, T: DocumentRecord> Unnamed<'f, T> {
    pub(crate) fn new(found: &'f ParsedRecord<T>, start: Option<RecordVersion>) -> Self {
        let count = |version| Self::count_unchanged(found, version);
        Unnamed {
            unchanged: start.as_ref().map_or(0, count),
            version: start.clone(),
            start,
            is_held: false,
            current: None,
            takes_equal: found.id_in_file.is_some(),
            is_start_found: false,
            is_newer: false,
            found,
        }
    }

    pub(crate) fn count_unchanged(found: &ParsedRecord<T>, version: &RecordVersion) -> usize {
        count_unchanged(found, version) + usize::from(is_in_list_of(found, T::FIELDS, version))
    }

    /// Takes a version if it is more similar, or as similar with `takes_equal`. The newer one of two
    /// versions comes first.
    pub(crate) fn consider(&mut self, version: RecordVersion, takes_equal: bool) {
        let is_other = || {
            let has_other_name =
                has_only_date(&self.found.record) && !has_name_of(self.found, &version);
            has_other_name || !is_same_record(self.found, &version)
        };
        if self.start.is_none() && (is_other() || self.current.as_ref() == Some(&version)) {
            return;
        }
        let unchanged = Self::count_unchanged(self.found, &version);
        if unchanged > self.unchanged || takes_equal && unchanged == self.unchanged {
            (self.version, self.unchanged) = (Some(version), unchanged);
            self.is_newer = !self.is_start_found;
        }
    }

    /// Returns the version to merge with.
    ///
    /// What the file held may not be what the record was made from: another workspace exported it, which
    /// may not have seen that version. If an earlier one is more similar, a field for which the two lead to
    /// different results is a conflict.
    pub(crate) fn base(self) -> Option<RecordVersion> {
        let similar = self.version?;
        if self.is_newer && self.is_start_found {
            // The file has seen a version that is newer than what it held.
            return Some(similar);
        }
        let (Some(mut held), Some(current)) = (self.start.filter(|_| self.is_held), self.current)
        else {
            return Some(similar);
        };
        let fields = self.found.record.to_fields();
        let fields = fields.iter().enumerate();
        let fields: Vec<_> = fields
            .filter(|(index, _)| self.found.has_field(*index))
            .map(|(_, (name, value))| (name.as_ref(), digest(value)))
            .collect();
        let is_back = |(name, value): &(&str, Digest)| {
            is_time_of_change(name) || similar.digest(name) == *value
        };
        if fields.iter().all(is_back) {
            // The other workspace changed everything back.
            return Some(held);
        }
        for (name, value) in fields {
            let current = current.digest(name);
            let result = |base: Digest| match base {
                base if base == value => Some(current),
                base if base == current => Some(value),
                _ => None,
            };
            if value != current && result(held.digest(name)) != result(similar.digest(name)) {
                held.set(name, digest_other_than([value, current]));
            }
        }
        Some(held)
    }
}

/// Returns a digest that neither side has, which makes a field a conflict.
fn digest_other_than(sides: [Digest; 2]) -> Digest {
    (0..=2).find(|digest| !sides.contains(&Some(*digest)))
}
