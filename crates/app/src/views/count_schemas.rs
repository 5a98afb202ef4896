//! JSON Schemas of [`Counts`](super::Counts) whose names are known.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};
use wsdb_core::Vocabulary;

use super::Counts;
use crate::record_names::import_kinds;

/// The schema of numbers by the values of a vocabulary.
pub(crate) struct ByVocabulary<V>(PhantomData<V>);

/// The schema of numbers by the values of a vocabulary, or without one.
pub(crate) struct ByOptionalVocabulary<V>(PhantomData<V>);

/// The schema of an object with a value for each kind of record that can be imported.
pub(crate) struct ByImportedKind<T>(PhantomData<T>);

/// Returns the schema of an object with these keys and values of the same type. Other keys are
/// allowed: an old database may hold values that are not in the vocabulary.
fn object<'n>(names: impl Iterator<Item = &'n str>, value: &Schema) -> Schema {
    let names: Vec<&str> = names.collect();
    let properties = names
        .iter()
        .map(|name| ((*name).to_owned(), value.clone().into()));
    let properties: Map<String, Value> = properties.collect();
    json_schema!({
        "type": "object",
        "properties": properties,
        "additionalProperties": value,
        "required": names,
    })
}

fn count() -> Schema {
    json_schema!({ "type": "integer", "minimum": 0 })
}

macro_rules! inline_schemas {
    ($($name:ty, $bound:path: |$generator:ident| $schema:expr;)*) => {$(
        impl<T: $bound> JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    )*};
}

inline_schemas! {
    ByVocabulary<T>, Vocabulary: |_generator| object(T::NAMES.iter().copied(), &count());
    ByOptionalVocabulary<T>, Vocabulary: |_generator| {
        object(T::NAMES.iter().copied().chain([Counts::NONE]), &count())
    };
    ByImportedKind<T>, JsonSchema: |generator| {
        let value = generator.subschema_for::<T>();
        object(import_kinds().map(|(_, list)| list), &value)
    };
}

impl JsonSchema for Counts {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Counts".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        object(std::iter::empty(), &count())
    }
}
