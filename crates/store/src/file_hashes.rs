//! Hashes of the contents that a file had.

use wsdb_core::{Json, JsonObject};

/// Encodes hashes as the bytes to store.
pub(crate) fn encode(hashes: &[u64]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect()
}

/// Decodes the hashes of a file's contents.
pub(crate) fn decode(bytes: &[u8]) -> Vec<u64> {
    let chunks = bytes.chunks_exact(8);
    chunks
        .map(|chunk| u64::from_le_bytes(chunk.try_into().unwrap_or_default()))
        .collect()
}

/// Returns hashes in the form that is stored in the history.
pub(crate) fn to_json(bytes: &[u8]) -> JsonObject {
    let hashes = Json::from(decode(bytes));
    [("files".to_owned(), hashes)].into_iter().collect()
}

/// Removes the hashes that a change added; hashes added since are kept. Returns `None` if none is
/// left.
pub(crate) fn revert(current: &[u8], before: &JsonObject, after: &JsonObject) -> Option<Vec<u8>> {
    let list = |fields: &JsonObject| -> Vec<u64> {
        let list = fields.get("files").and_then(Json::as_array);
        list.map_or_else(Vec::new, |list| {
            list.iter().filter_map(Json::as_u64).collect()
        })
    };
    let (old, new, mut current) = (list(before), list(after), decode(current));
    if current == new {
        current = old;
    } else {
        current.retain(|hash| old.contains(hash) || !new.contains(hash));
    }
    (!current.is_empty()).then(|| encode(&current))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_added_hashes_are_removed() {
        let (old, new) = (encode(&[1, 2]), encode(&[3, 1, 2]));
        let (before, after) = (to_json(&old), to_json(&new));
        assert_eq!(revert(&new, &before, &after), Some(old));
        let later = revert(&encode(&[4, 3, 1]), &before, &after);
        assert_eq!(later, Some(encode(&[4, 1])));
        assert_eq!(revert(&encode(&[3]), &JsonObject::new(), &after), None);
    }
}
