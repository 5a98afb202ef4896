//! Fields that may occur several times.

use wsdb_core::{Json, JsonObject};

/// Adds the value of a key. Several values of one key become a list, in their order.
pub(super) fn add_value(fields: &mut JsonObject, key: &str, value: Json) {
    match fields.get_mut(key) {
        None => {
            fields.insert(key.to_owned(), value);
        }
        Some(Json::Array(list)) => list.push(value),
        Some(first) => *first = Json::Array(vec![std::mem::take(first), value]),
    }
}
