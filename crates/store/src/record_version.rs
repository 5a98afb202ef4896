//! Versions of records: a digest of each field, and one of the whole.

use std::fmt;
use std::hash::Hasher;
use std::str::FromStr;

use siphasher::sip::SipHasher13;

/// Identifies a version of a record: 64 bits, written as 16 hexadecimal digits. Records with the same
/// content have the same one in every database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rev(u64);

impl fmt::Display for Rev {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Rev {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let number = u64::from_str_radix(text, 16);
        match number {
            Ok(number) if text.len() == 16 && text.bytes().all(is_digit) => Ok(Rev(number)),
            _ => Err("expected 16 hexadecimal digits".to_owned()),
        }
    }
}

/// The digests of the fields of a record that are not empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordVersion {
    /// Sorted pairs of a hash of the field's name and the digest of its value.
    fields: Vec<(u32, u64)>,
}

/// Number of bytes of a field in the encoded form.
const FIELD_BYTES: usize = size_of::<u32>() + size_of::<u64>();

fn hash_name(name: &str) -> u32 {
    let mut hasher = SipHasher13::new();
    hasher.write(name.as_bytes());
    hasher.finish() as u32
}

impl RecordVersion {
    /// Creates a version from the names of the fields and their digests; `None` for an empty field.
    pub fn new<'a>(fields: impl IntoIterator<Item = (&'a str, Option<u64>)>) -> Self {
        let fields = fields.into_iter();
        let mut fields: Vec<(u32, u64)> = fields
            .filter_map(|(name, digest)| Some((hash_name(name), digest?)))
            .collect();
        fields.sort_unstable();
        RecordVersion { fields }
    }

    /// Returns the digest of a field; `None` if it is empty.
    pub fn digest(&self, field: &str) -> Option<u64> {
        let name = hash_name(field);
        let at = self.fields.binary_search_by_key(&name, |(name, _)| *name);
        at.ok().map(|at| self.fields[at].1)
    }

    /// Sets the digest of a field.
    pub fn set(&mut self, field: &str, digest: Option<u64>) {
        let name = hash_name(field);
        let at = self.fields.binary_search_by_key(&name, |(name, _)| *name);
        match (at, digest) {
            (Ok(at), Some(digest)) => self.fields[at].1 = digest,
            (Ok(at), None) => _ = self.fields.remove(at),
            (Err(at), Some(digest)) => self.fields.insert(at, (name, digest)),
            (Err(_), None) => {}
        }
    }

    /// Returns what identifies the version, without regard to the fields in `excluded`.
    pub fn rev(&self, excluded: &[&str]) -> Rev {
        let excluded: Vec<u32> = excluded.iter().map(|name| hash_name(name)).collect();
        let mut hasher = SipHasher13::new();
        for (name, digest) in &self.fields {
            if !excluded.contains(name) {
                hasher.write(&name.to_le_bytes());
                hasher.write(&digest.to_le_bytes());
            }
        }
        Rev(hasher.finish())
    }

    /// Encodes the version as the bytes to store, the same on every machine.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.fields.len() * FIELD_BYTES);
        for (name, digest) in &self.fields {
            bytes.extend_from_slice(&name.to_le_bytes());
            bytes.extend_from_slice(&digest.to_le_bytes());
        }
        bytes
    }

    /// Decodes the stored bytes; what is not complete is left out.
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let fields = bytes.chunks_exact(FIELD_BYTES).map(|field| {
            let (name, digest) = field.split_at(size_of::<u32>());
            let name = u32::from_le_bytes(name.try_into().unwrap_or_default());
            (
                name,
                u64::from_le_bytes(digest.try_into().unwrap_or_default()),
            )
        });
        let mut fields: Vec<(u32, u64)> = fields.collect();
        fields.sort_unstable();
        RecordVersion { fields }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_version_is_decoded_unchanged() {
        let fields = [
            ("title", Some(1)),
            ("notes", None),
            ("tags", Some(u64::MAX)),
        ];
        let mut version = RecordVersion::new(fields);
        assert_eq!(RecordVersion::decode(&version.encode()), version);
        version.set("title", Some(2));
        version.set("tags", None);
        version.set("notes", Some(3));
        version.set("missing", None);
        let expected = RecordVersion::new([("notes", Some(3)), ("title", Some(2))]);
        assert_eq!(version, expected);
        assert_eq!(version.digest("title"), Some(2));
        assert_eq!(version.digest("tags"), None);
        assert_eq!(RecordVersion::decode(b"rubbish"), RecordVersion::default());
    }

    #[test]
    fn rev_ignores_empty_and_excluded_fields_and_their_order() {
        let version = RecordVersion::new([("title", Some(1)), ("status", Some(2))]);
        let fields = [
            ("status", Some(2)),
            ("new_column", None),
            ("title", Some(1)),
            ("last_seen", Some(3)),
        ];
        let other = RecordVersion::new(fields);
        assert_eq!(version.rev(&[]), other.rev(&["last_seen"]));
        assert_ne!(version.rev(&[]), other.rev(&[]));
        // A change of this value would make every existing export unknown.
        assert_eq!(version.rev(&[]).to_string(), "6b93341c92d0b2ef");
    }

    #[test]
    fn only_sixteen_lower_case_digits_are_a_rev() {
        let text = "00ab12cd34ef5678";
        assert_eq!(
            text.parse::<Rev>().map(|rev| rev.to_string()),
            Ok(text.into())
        );
        for text in [
            "",
            "7",
            "00AB12CD34EF5678",
            "+0ab12cd34ef5678",
            "00ab12cd34ef56789",
        ] {
            assert!(text.parse::<Rev>().is_err(), "{text}");
        }
    }
}
