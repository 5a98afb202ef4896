//! Values inside other values, by key, index or pointer.

use std::ops;

use super::value::{Json, JsonObject};

impl Json {
    /// Returns the value of a key of an object, or at an index of an array.
    pub fn get(&self, index: impl JsonIndex) -> Option<&Json> {
        index.find_in(self)
    }

    /// Returns a mutable reference to the value of a key or at an index.
    pub fn get_mut(&mut self, index: impl JsonIndex) -> Option<&mut Json> {
        index.find_in_mut(self)
    }

    /// Returns the value at a JSON pointer such as `/tags/0`
    /// (<https://www.rfc-editor.org/rfc/rfc6901>).
    pub fn pointer(&self, pointer: &str) -> Option<&Json> {
        if pointer.is_empty() {
            return Some(self);
        }
        let tokens = pointer.strip_prefix('/')?.split('/');
        tokens
            .map(|token| token.replace("~1", "/").replace("~0", "~"))
            .try_fold(self, |json, token| match json {
                Json::Object(object) => object.get(&token),
                Json::Array(list) if token == "0" || !token.starts_with(['0', '+']) => {
                    list.get(token.parse::<usize>().ok()?)
                }
                _ => None,
            })
    }
}

/// A key of an object or an index of an array.
pub trait JsonIndex {
    /// Returns the value in `json`.
    fn find_in(self, json: &Json) -> Option<&Json>;
    /// Returns a mutable reference to the value in `json`.
    fn find_in_mut(self, json: &mut Json) -> Option<&mut Json>;
    /// Returns a mutable reference to the value in `json`, and inserts null if an object lacks the
    /// key.
    ///
    /// # Panics
    /// Panics if `json` has another type or the index is out of bounds.
    fn make_in(self, json: &mut Json) -> &mut Json;
}

impl JsonIndex for &str {
    fn find_in(self, json: &Json) -> Option<&Json> {
        json.as_object()?.get(self)
    }
    fn find_in_mut(self, json: &mut Json) -> Option<&mut Json> {
        json.as_object_mut()?.get_mut(self)
    }
    fn make_in(self, json: &mut Json) -> &mut Json {
        if json.is_null() {
            *json = JsonObject::new().into();
        }
        match json {
            Json::Object(object) => object.get_or_insert_with(self, Json::default),
            other => panic!("no key {self:?} in {other}"),
        }
    }
}

impl JsonIndex for &String {
    fn find_in(self, json: &Json) -> Option<&Json> {
        self.as_str().find_in(json)
    }
    fn find_in_mut(self, json: &mut Json) -> Option<&mut Json> {
        self.as_str().find_in_mut(json)
    }
    fn make_in(self, json: &mut Json) -> &mut Json {
        self.as_str().make_in(json)
    }
}

impl JsonIndex for usize {
    fn find_in(self, json: &Json) -> Option<&Json> {
        json.as_array()?.get(self)
    }
    fn find_in_mut(self, json: &mut Json) -> Option<&mut Json> {
        json.as_array_mut()?.get_mut(self)
    }
    fn make_in(self, json: &mut Json) -> &mut Json {
        match json {
            Json::Array(list) => &mut list[self],
            other => panic!("no index {self} in {other}"),
        }
    }
}

/// # Panics
/// Panics if the key is missing.
impl ops::Index<&str> for JsonObject {
    type Output = Json;
    fn index(&self, key: &str) -> &Json {
        self.get(key).unwrap_or_else(|| panic!("no key {key:?}"))
    }
}

/// Returns null for a missing key or index.
impl<I: JsonIndex> ops::Index<I> for Json {
    type Output = Json;
    fn index(&self, index: I) -> &Json {
        self.get(index).unwrap_or(&Json::Null)
    }
}

/// Inserts a missing key.
impl<I: JsonIndex> ops::IndexMut<I> for Json {
    fn index_mut(&mut self, index: I) -> &mut Json {
        index.make_in(self)
    }
}
