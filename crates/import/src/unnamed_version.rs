//! The version that a record in a file was made from if it names no known one.

use wsdb_core::Json;
use wsdb_store::RecordVersion;

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
    /// Whether the versions considered so far include the one to start with.
    pub(crate) is_start_found: bool,
    /// Whether the most similar version is newer than the one to start with, if that is among them.
    pub(crate) is_newer: bool,
    /// Whether what the file held was changed later than the record in the file: that was not made from it.
    pub(crate) is_start_later: bool,
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
            is_start_later: false,
            found,
        }
    }

    pub(crate) fn count_unchanged(found: &ParsedRecord<T>, version: &RecordVersion) -> usize {
        count_unchanged(found, version) + usize::from(is_in_list_of(found, T::FIELDS, version))
    }

    /// Considers the record in the database, or as it was earlier. The newer one of two versions comes first.
    pub(crate) fn consider_record(&mut self, record: &T) {
        let version = record.version();
        if self.start.as_ref() == Some(&version) {
            self.is_start_found = true;
        }
        self.check_time_of_start(record);
        if !self.is_later(record) {
            self.consider(version, self.takes_equal);
        }
    }

    /// Drops what the file held if that was changed when this record was, later than the record in the file.
    pub(crate) fn check_time_of_start(&mut self, record: &T) {
        let has_time = |start: &RecordVersion| has_time_of(start, record);
        if self.is_held && self.is_later(record) && self.start.as_ref().is_some_and(has_time) {
            self.is_start_later = true;
            if self.version == self.start {
                (self.version, self.unchanged) = (None, 0);
            }
        }
    }

    /// Whether a record was changed later than the one in the file, which names a version: commands set the
    /// time of change, people may not.
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
    /// may not have seen that version. If an earlier one is more similar, a field for which the two lead to
    /// different results is a conflict, unless the record has a text that is only in the newer one.
    pub(crate) fn base(self) -> Option<RecordVersion> {
        if self.is_newer && self.is_start_found && !self.is_start_later {
            // The file has seen a version that is newer than what it held.
            return self.version;
        }
        let start = self.start.filter(|_| self.is_held);
        let (Some(mut held), Some(current)) = (start, self.current) else {
            return self.version;
        };
        if self.is_start_later && self.version.is_some() {
            return self.version;
        }
        let fields = self.found.record.to_fields();
        let fields = fields.iter().enumerate();
        let fields = fields.filter(|(index, _)| self.found.has_field(*index));
        let fields: Vec<_> = fields
            .map(|(_, (name, value))| (name.as_ref(), value, digest(value)))
            .collect();
        let is_in = |version: Option<&RecordVersion>, name: &str, value: Digest| {
            version.is_some_and(|version| version.digest(name) == value)
        };
        let similar = self.version.as_ref();
        let has_seen_held = similar.is_some()
            && fields.iter().any(|(name, value, digest)| {
                is_text(value)
                    && is_in(Some(&held), name, *digest)
                    && !is_in(similar, name, *digest)
            });
        if has_seen_held {
            return Some(held);
        }
        for (name, _, value) in fields {
            let current = current.digest(name);
            let result = |base: Digest| match base {
                base if base == value => Some(current),
                base if base == current => Some(value),
                _ => None,
            };
            let result_of = |version: &RecordVersion| result(version.digest(name));
            let is_clear = similar.map(result_of) == Some(result_of(&held));
            if value != current && !is_clear {
                held.set(name, digest_other_than([value, current]));
            }
        }
        Some(held)
    }
}

/// Whether a value is a text of several words: nobody writes the same one by chance.
fn is_text(value: &Json) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.trim().contains(char::is_whitespace))
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
