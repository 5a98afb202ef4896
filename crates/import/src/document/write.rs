//! Writes documents: objects whose fields keep their order, in a stable form.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use wsdb_core::{Json, JsonObject};

use crate::digest::digest;
use crate::record::{DocumentRecord, FieldList};
use crate::shape::{AssumedFields, Shape};

/// An object whose fields keep their order.
#[derive(Debug, Default)]
pub(crate) struct Object(pub(crate) Vec<(Cow<'static, str>, Node)>);

/// A value of an [`Object`].
#[derive(Debug)]
pub(crate) enum Node {
    Value(Json),
    List(Vec<Object>),
    Entries(Vec<Entry>),
}

/// An entry of a list that may contain texts instead of objects.
#[derive(Debug)]
pub(crate) enum Entry {
    Object(Object),
    Text(String),
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Entry::Object(object) => object.serialize(serializer),
            Entry::Text(text) => text.serialize(serializer),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, node)| (name, node)))
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Value(value) => value.serialize(serializer),
            Node::List(list) => list.serialize(serializer),
            Node::Entries(entries) => entries.serialize(serializer),
        }
    }
}

impl From<FieldList> for Object {
    fn from(fields: FieldList) -> Self {
        Object(
            fields
                .into_iter()
                .map(|(name, value)| (name, Node::Value(value)))
                .collect(),
        )
    }
}

/// Renders a document that is a bare list of records.
pub(crate) fn bare_text(records: &[Object]) -> String {
    to_text(&records)
}

/// Renders a document: the document fields by name, then its lists of records.
pub(crate) fn text(header: JsonObject, lists: Vec<(&'static str, Vec<Object>)>) -> String {
    let mut document = Object::default();
    let header = header.into_iter();
    document
        .0
        .extend(header.map(|(name, value)| (name.into(), Node::Value(value))));
    let lists = lists.into_iter();
    document
        .0
        .extend(lists.map(|(name, list)| (name.into(), Node::List(list))));
    to_text(&document)
}

fn to_text(document: &impl Serialize) -> String {
    // Maps of strings to JSON always serialize.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

fn add_alias(fields: &mut FieldList, name: &str, alias: &'static str) {
    if let Some(at) = fields.iter().position(|(n, _)| n == name) {
        let value = fields[at].1.clone();
        fields.insert(at + 1, (alias.into(), value));
    }
}

/// Converts a record to its form in the document, under the keys of its shape, or with all keys but
/// those of rare fields without a value.
pub(crate) fn to_document<T: DocumentRecord>(record: &T, shape: Option<&Shape>) -> FieldList {
    to_document_without(record, shape, &record.assumed_fields())
}

/// Converts a record as [`to_document`] does, but without the fields that its shape lacks and that have
/// these values.
pub(crate) fn to_document_without<T: DocumentRecord>(
    record: &T,
    shape: Option<&Shape>,
    assumed: &AssumedFields,
) -> FieldList {
    let mut fields = record.to_fields();
    for (name, value) in &mut fields {
        if T::HAS_METADATA && name == "metadata" && value.is_null() {
            *value = Json::Object(JsonObject::new());
        }
    }
    if let Some(shape) = shape {
        return shape.apply(fields, T::FIELDS, assumed);
    }
    fields.retain(|(name, value)| !T::RARE.contains(&name.as_ref()) || digest(value).is_some());
    for (name, alias) in T::ALIASES {
        add_alias(&mut fields, name, alias);
    }
    fields
}
