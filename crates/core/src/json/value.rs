//! JSON values and objects.

use super::number::JsonNumber;

/// A JSON value whose numbers keep the digits that they were written with.
///
/// Numbers are equal if they are written the same: `1.0` and `1` are not.
///
/// ```
/// use wsdb_core::Json;
/// let json: Json = r#"{"price": 1.10, "tags": ["a"]}"#.parse()?;
/// assert_eq!(json["tags"][0].as_str(), Some("a"));
/// assert_eq!(json["missing"], Json::Null);
/// assert_eq!(json.to_string(), r#"{"price":1.10,"tags":["a"]}"#);
/// # Ok::<(), wsdb_core::JsonError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(JsonNumber),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(JsonObject),
}

/// A JSON object: unique keys, sorted by their bytes.
///
/// PostgreSQL's jsonb does not keep the order in which keys were written. Sorted keys make exports
/// from both databases the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct JsonObject {
    /// Sorted by key. A `BTreeMap` takes 0.6 KB for the smallest object.
    entries: Vec<(String, Json)>,
}

impl JsonObject {
    /// Creates an empty object.
    pub const fn new() -> Self {
        JsonObject {
            entries: Vec::new(),
        }
    }

    /// Creates an object from entries in any order; the last entry of a key takes precedence. Also
    /// returns whether there are duplicate keys.
    pub(super) fn from_entries(mut entries: Vec<(String, Json)>) -> (Self, bool) {
        let count = entries.len();
        if !entries.is_sorted_by(|(a, _), (b, _)| a < b) {
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            entries.dedup_by(|later, earlier| {
                let is_same_key = later.0 == earlier.0;
                if is_same_key {
                    std::mem::swap(later, earlier);
                }
                is_same_key
            });
        }
        let has_duplicates = entries.len() < count;
        entries.shrink_to_fit();
        (JsonObject { entries }, has_duplicates)
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        // Most objects are built in key order.
        match self.entries.last() {
            Some((last, _)) if last.as_str() < key => Err(self.entries.len()),
            _ => self
                .entries
                .binary_search_by(|(known, _)| known.as_str().cmp(key)),
        }
    }

    /// Returns the number of keys.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the object is empty.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether the object contains a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.find(key).is_ok()
    }

    /// Returns the value of a key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.find(key).ok().map(|at| &self.entries[at].1)
    }

    /// Returns a mutable reference to the value of a key.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Json> {
        self.find(key).ok().map(|at| &mut self.entries[at].1)
    }

    /// Returns the value of a key, and inserts `value()` first if the key is missing.
    pub fn get_or_insert_with(
        &mut self,
        key: impl Into<String>,
        value: impl FnOnce() -> Json,
    ) -> &mut Json {
        let key = key.into();
        let at = match self.find(&key) {
            Ok(at) => at,
            Err(at) => {
                self.entries.insert(at, (key, value()));
                at
            }
        };
        &mut self.entries[at].1
    }

    /// Sets the value of a key, and returns the previous one.
    pub fn insert(&mut self, key: String, value: Json) -> Option<Json> {
        match self.find(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.entries[at].1, value)),
            Err(at) => {
                self.entries.insert(at, (key, value));
                None
            }
        }
    }

    /// Removes a key, and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Json> {
        self.find(key).ok().map(|at| self.entries.remove(at).1)
    }

    /// Keeps only the entries for which `keep` returns true.
    pub fn retain(&mut self, mut keep: impl FnMut(&String, &mut Json) -> bool) {
        self.entries.retain_mut(|(key, value)| keep(key, value));
    }

    /// Returns the keys, sorted.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &String> + ExactSizeIterator + Clone {
        self.entries.iter().map(|(key, _)| key)
    }

    /// Returns the values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Json> + ExactSizeIterator + Clone {
        self.entries.iter().map(|(_, value)| value)
    }

    /// Returns mutable references to the values, in the order of their keys.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Json> {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    /// Returns the entries, in the order of their keys.
    pub fn iter(&self) -> Iter<'_> {
        self.into_iter()
    }

    /// Returns the entries with mutable values.
    pub fn iter_mut(&mut self) -> IterMut<'_> {
        self.into_iter()
    }
}

/// An iterator over the entries of a [`JsonObject`].
pub(super) type Iter<'a> = std::iter::Map<
    std::slice::Iter<'a, (String, Json)>,
    fn(&'a (String, Json)) -> (&'a String, &'a Json),
>;

/// An iterator over the entries of a [`JsonObject`] with mutable values.
pub(super) type IterMut<'a> = std::iter::Map<
    std::slice::IterMut<'a, (String, Json)>,
    fn(&'a mut (String, Json)) -> (&'a String, &'a mut Json),
>;

impl<'a> IntoIterator for &'a JsonObject {
    type Item = (&'a String, &'a Json);
    type IntoIter = Iter<'a>;
    fn into_iter(self) -> Iter<'a> {
        self.entries.iter().map(|(key, value)| (key, value))
    }
}

impl<'a> IntoIterator for &'a mut JsonObject {
    type Item = (&'a String, &'a mut Json);
    type IntoIter = IterMut<'a>;
    fn into_iter(self) -> IterMut<'a> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }
}

impl IntoIterator for JsonObject {
    type Item = (String, Json);
    type IntoIter = std::vec::IntoIter<(String, Json)>;
    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl FromIterator<(String, Json)> for JsonObject {
    fn from_iter<I: IntoIterator<Item = (String, Json)>>(entries: I) -> Self {
        JsonObject::from_entries(entries.into_iter().collect()).0
    }
}

impl Extend<(String, Json)> for JsonObject {
    fn extend<I: IntoIterator<Item = (String, Json)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl Json {
    /// Whether the value is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    /// Whether the value is a string.
    pub fn is_string(&self) -> bool {
        matches!(self, Json::String(_))
    }

    /// Whether the value is an array.
    pub fn is_array(&self) -> bool {
        matches!(self, Json::Array(_))
    }

    /// Whether the value is an object.
    pub fn is_object(&self) -> bool {
        matches!(self, Json::Object(_))
    }

    /// Returns the boolean; `None` for other values.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the number if it is written as an integer and fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Json::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// Returns the number if it is written as a non-negative integer and fits.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Json::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// Returns the closest `f64` of a number if it is finite.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Json::Number(number) => number.as_f64(),
            _ => None,
        }
    }

    /// Returns the string; `None` for other values.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the array; `None` for other values.
    pub fn as_array(&self) -> Option<&Vec<Json>> {
        match self {
            Json::Array(list) => Some(list),
            _ => None,
        }
    }

    /// Returns a mutable reference to the array; `None` for other values.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Json>> {
        match self {
            Json::Array(list) => Some(list),
            _ => None,
        }
    }

    /// Returns the object; `None` for other values.
    pub fn as_object(&self) -> Option<&JsonObject> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Returns a mutable reference to the object; `None` for other values.
    pub fn as_object_mut(&mut self) -> Option<&mut JsonObject> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Takes the value, leaving null.
    pub fn take(&mut self) -> Json {
        std::mem::take(self)
    }
}
