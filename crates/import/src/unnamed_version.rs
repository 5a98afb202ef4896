//! The version that a record in a file was made from if it names no known one.

use wsdb_store::{EarlierVersion, RecordVersion};

use crate::digest::{Digest, digest};
use crate::identity::{
    count_unchanged, has_name_of, has_only_date, is_same_record, is_time_of_change, time_of_change,
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
    /// Whether what the file held was changed later than the record in it, which is not based on it then.
    pub(crate) is_start_later: bool,
    /// Whether the versions considered so far are older than what the file held.
    pub(crate) is_start_found: bool,
    /// Whether the most similar version is newer than what the file held, if that is among the versions.
    pub(crate) is_newer: bool,
    /// Whether an import made what the file held: another workspace knows it.
    pub(crate) is_start_imported: bool,
    /// The version that replaced the next one to consider.
    pub(crate) newer: Option<RecordVersion>,
    /// The versions considered that were not changed later than the record in the file, the newest first.
    pub(crate) earlier: Vec<RecordVersion>,
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
            is_start_later: false,
            is_start_found: false,
            is_newer: false,
            is_start_imported: false,
            newer: None,
            earlier: Vec::new(),
            found,
        }
    }

    pub(crate) fn count_unchanged(found: &ParsedRecord<T>, version: &RecordVersion) -> usize {
        count_unchanged(found, version) + usize::from(is_in_list_of(found, T::FIELDS, version))
    }

    /// Considers an earlier version of the record in the database. The newer one of two versions comes first.
    pub(crate) fn consider_earlier(&mut self, earlier: &EarlierVersion<T>) {
        let version = earlier.record.version();
        let newer = self.newer.replace(version.clone());
        if newer.is_some() && newer == self.start {
            self.is_start_imported = earlier.is_replaced_by_import;
        }
        self.is_start_found |= [newer.as_ref(), Some(&version)].contains(&self.start.as_ref());
        if earlier.is_withdrawn {
            return;
        }
        self.check_time_of_start(&earlier.record);
        if !self.is_later(&earlier.record) {
            self.earlier.push(version.clone());
            self.consider(version, self.takes_equal);
        }
    }

    /// Drops what the file held if it has the time of change of this record, which is later than that of the
    /// record in the file.
    pub(crate) fn check_time_of_start(&mut self, record: &T) {
        let has_time = |start: &RecordVersion| has_time_of(start, record);
        if self.is_held && self.is_later(record) && self.start.as_ref().is_some_and(has_time) {
            self.is_start_later = true;
            if self.version == self.start {
                (self.version, self.unchanged) = (None, 0);
            }
        }
    }

    /// Whether a record was changed later than the one in the file. False for a file without `rev`: people who
    /// edit by hand may leave the time of change as it was.
    fn is_later(&self, record: &T) -> bool {
        let times = [record, &self.found.record].map(time_of_change);
        let [Some(record), Some(found)] = times else {
            return false;
        };
        self.found.rev.is_some() && record > found
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
    /// may not have seen that version. A field is a conflict if the versions that the record may be based on
    /// lead to different results. These are what the file held and the most similar version, or, if what the
    /// file held was changed later than the record in it, all versions that were not.
    pub(crate) fn base(self) -> Option<RecordVersion> {
        let is_newer = self.is_newer && self.is_start_found && !self.is_start_later;
        let start = self.start.filter(|_| self.is_held);
        let (Some(held), Some(current)) = (start, self.current) else {
            return self.version;
        };
        let fields = digests_of(self.found);
        let is_equal = |version: &RecordVersion| {
            let mut fields = fields.iter();
            fields.all(|(name, value)| is_time_of_change(name) || version.digest(name) == *value)
        };
        let candidates = if self.is_start_later {
            self.earlier
        } else if self.is_start_imported && self.version.as_ref().is_some_and(is_equal) {
            // The other workspace changed back what it had made.
            vec![held.clone()]
        } else {
            [held.clone()].into_iter().chain(self.version).collect()
        };
        let mut base = combine(&fields, &current, &candidates);
        if let Some(similar) = candidates.last().filter(|_| is_newer) {
            for (name, value) in fields {
                // The file has a value that the record here had after what the file held.
                if value != held.digest(&name) && value == similar.digest(&name) {
                    base.set(&name, value);
                }
            }
        }
        Some(base)
    }
}

/// Returns the version to merge with if the record in a file, with these fields, may have been made from any of
/// several versions: a field for which they lead to different results is a conflict, and without a version,
/// every field that differs is one.
pub(crate) fn combine(
    fields: &[(String, Digest)],
    current: &RecordVersion,
    candidates: &[RecordVersion],
) -> RecordVersion {
    let mut base = candidates.first().unwrap_or(current).clone();
    for (name, value) in fields {
        let (value, current) = (*value, current.digest(name));
        let result = |version: &RecordVersion| match version.digest(name) {
            base if base == value => Some(current),
            base if base == current => Some(value),
            _ => None,
        };
        let mut results = candidates.iter().map(result);
        let first = results.next();
        let is_clear = first.is_some_and(|first| results.all(|result| result == first));
        if value != current && !is_clear {
            base.set(name, digest_other_than([value, current]));
        }
    }
    base
}

/// Returns the fields that a file has of a record, with their digests.
pub(crate) fn digests_of<T: DocumentRecord>(found: &ParsedRecord<T>) -> Vec<(String, Digest)> {
    let fields = found.record.to_fields();
    let fields = fields.iter().enumerate();
    let fields = fields.filter(|(index, _)| found.has_field(*index));
    fields
        .map(|(_, (name, value))| (name.clone().into_owned(), digest(value)))
        .collect()
}

/// Whether a version has the time of change that a record has.
fn has_time_of<T: DocumentRecord>(version: &RecordVersion, record: &T) -> bool {
    let fields = record.to_fields();
    let mut times = fields.iter().filter(|(name, _)| is_time_of_change(name));
    times.all(|(name, time)| version.digest(name) == digest(time))
}

/// Returns a digest that neither side has, which makes a field a conflict.
fn digest_other_than(sides: [Digest; 2]) -> Digest {
    (0..=2).find(|digest| !sides.contains(&Some(*digest)))
}
