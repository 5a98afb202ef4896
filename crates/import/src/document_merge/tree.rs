//! JSON values whose objects keep the order of their keys, as a file has them.

use std::collections::HashSet;

use wsdb_core::{Json, JsonError, JsonKind, JsonObject, JsonReader};

use crate::json;

/// A JSON value whose objects keep the order of their keys.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Leaf(Json),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// Parses a text. Duplicate keys are errors.
    pub(super) fn parse(text: &str) -> Result<Tree, JsonError> {
        json::parse_text(text, read)
    }

    /// Returns the value of a key of an object.
    pub(super) fn get(&self, key: &str) -> Option<&Tree> {
        let fields = self.fields().iter();
        fields
            .filter(|(name, _)| name == key)
            .map(|(_, value)| value)
            .next()
    }

    /// Returns the fields of an object; other values have none.
    pub(super) fn fields(&self) -> &[(String, Tree)] {
        match self {
            Tree::Object(fields) => fields,
            _ => &[],
        }
    }

    /// Returns the items of a list; `None` for other values.
    pub(super) fn as_list(&self) -> Option<&[Tree]> {
        match self {
            Tree::List(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self, Tree::Object(_))
    }

    /// Whether the value is null, or an empty list or object: documents do not tell them apart.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Tree::Leaf(value) => value.is_null(),
            Tree::List(items) => items.is_empty(),
            Tree::Object(fields) => fields.is_empty(),
        }
    }

    /// Returns the value with sorted keys.
    pub(super) fn to_json(&self) -> Json {
        self.to_json_without(|_, _| false)
    }

    /// Returns the value with sorted keys and without empty fields. Values are the same if these are
    /// equal.
    pub(super) fn canonical(&self) -> Json {
        self.to_json_without(|_, value| value.is_empty())
    }

    /// Returns the value with sorted keys, without the fields that `is_left_out` selects.
    pub(super) fn to_json_without(&self, is_left_out: fn(&str, &Tree) -> bool) -> Json {
        match self {
            Tree::Leaf(value) => value.clone(),
            Tree::List(items) => {
                let items = items.iter();
                Json::Array(
                    items
                        .map(|item| item.to_json_without(is_left_out))
                        .collect(),
                )
            }
            Tree::Object(fields) => {
                let fields = fields
                    .iter()
                    .filter(|(key, value)| !is_left_out(key, value));
                let fields =
                    fields.map(|(key, value)| (key.clone(), value.to_json_without(is_left_out)));
                Json::Object(fields.collect::<JsonObject>())
            }
        }
    }

    /// Sets the values that `json` has, in place, and appends keys that are missing.
    pub(super) fn update(&mut self, json: &Json) {
        match (self, json) {
            (Tree::Object(fields), Json::Object(new)) => {
                for (key, value) in new {
                    match fields.iter_mut().find(|(name, _)| name == key) {
                        Some((_, field)) => field.update(value),
                        None => fields.push((key.clone(), Tree::Leaf(value.clone()))),
                    }
                }
            }
            (leaf @ Tree::Leaf(_), json) => *leaf = Tree::Leaf(json.clone()),
            _ => {}
        }
    }
}

fn read(reader: &mut JsonReader<'_>) -> Result<Tree, JsonError> {
    match reader.peek()? {
        JsonKind::Object => {
            let (mut fields, mut seen) = (Vec::new(), HashSet::new());
            reader.enter_object()?;
            while let Some(key) = reader.next_key()? {
                if !seen.insert(key.clone()) {
                    return Err(reader.duplicate_key(key));
                }
                fields.push((key, read(reader)?));
            }
            Ok(Tree::Object(fields))
        }
        JsonKind::Array => {
            let mut items = Vec::new();
            reader.enter_array()?;
            while reader.has_next_element()? {
                items.push(read(reader)?);
            }
            Ok(Tree::List(items))
        }
        _ => reader.read_value().map(Tree::Leaf),
    }
}
