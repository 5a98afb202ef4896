//! Hashes of files and fields that are the same in every version and on every machine.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;
use wsdb_core::Json;

/// Returns a hash that is the same in every version and on every machine.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(bytes);
    hasher.finish()
}

/// The hash of a field; `None` if the field is null or empty.
pub(crate) type Digest = Option<u64>;

/// Returns the digest of a string.
pub(crate) fn digest_text(text: &str) -> Digest {
    let mut hasher = SipHasher13::new();
    hash_text(text, &mut hasher);
    Some(hasher.finish())
}

/// Returns the digest of a value. An empty list or object counts as null: the database does not
/// tell them apart.
pub(crate) fn digest(value: &Json) -> Digest {
    let empty = match value {
        Json::Null => true,
        Json::Array(list) => list.is_empty(),
        Json::Object(map) => map.is_empty(),
        _ => false,
    };
    (!empty).then(|| {
        let mut hasher = SipHasher13::new();
        hash_value(value, &mut hasher);
        hasher.finish()
    })
}

fn hash_text(text: &str, hasher: &mut SipHasher13) {
    hasher.write_u8(b'"');
    hasher.write(&(text.len() as u64).to_le_bytes());
    hasher.write(text.as_bytes());
}

fn hash_value(value: &Json, hasher: &mut SipHasher13) {
    match value {
        Json::Null => hasher.write_u8(b'0'),
        Json::Bool(true) => hasher.write_u8(b't'),
        Json::Bool(false) => hasher.write_u8(b'f'),
        Json::Number(number) => {
            hasher.write_u8(b'n');
            hash_text(&number.to_string(), hasher);
        }
        Json::String(text) => hash_text(text, hasher),
        Json::Array(list) => {
            hasher.write_u8(b'[');
            list.iter().for_each(|value| hash_value(value, hasher));
            hasher.write_u8(b']');
        }
        Json::Object(map) => {
            hasher.write_u8(b'{');
            for (key, value) in map {
                hash_text(key, hasher);
                hash_value(value, hasher);
            }
            hasher.write_u8(b'}');
        }
    }
}

/// Names and digests of fields.
pub(crate) type FieldDigests<'a> = Vec<(&'a str, Digest)>;
