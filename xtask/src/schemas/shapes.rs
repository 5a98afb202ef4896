//! The shapes of answers: one record, a list, a change, a deletion.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};
use wsdb_app::views::ActionDetails;

/// Returns the schema of an answer that is one value.
pub(super) fn one<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    T::json_schema(generator)
}

/// Returns the schema of `show`, which adds the history of the record with `--history`.
pub(super) fn shown<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    let mut schema = T::json_schema(generator);
    let changes = generator.subschema_for::<ActionDetails>();
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        let description = "The changes of the record, oldest first; only with `--history`.";
        let history = json!({ "description": description, "type": "array", "items": changes });
        properties.insert("history".to_owned(), history);
    }
    schema
}

/// Returns the schema of a list under its key.
pub(super) fn list<T: JsonSchema>(generator: &mut SchemaGenerator, key: &str) -> Schema {
    let record = generator.subschema_for::<T>();
    list_of(record, key)
}

fn list_of(record: Schema, key: &str) -> Schema {
    json_schema!({
        "type": "object",
        "properties": {
            key: { "type": "array", "items": record },
            "total": {
                "description": "Total number, including what `--limit` and `--offset` leave out.",
                "type": "integer",
                "minimum": 0,
            },
        },
        "required": [key, "total"],
    })
}

/// Returns the schema of a list that leaves out finished records.
pub(super) fn open_list<T: JsonSchema>(generator: &mut SchemaGenerator, key: &str) -> Schema {
    let mut schema = list::<T>(generator, key);
    let description = "Number of finished records that are left out.";
    let hidden = json!({ "description": description, "type": "integer", "minimum": 0 });
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.insert("hidden".to_owned(), hidden);
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.push("hidden".into());
    }
    schema
}

/// Returns the schema of a change of one or several records: the record, or a list.
pub(super) fn changed<T: JsonSchema>(generator: &mut SchemaGenerator, key: &str) -> Schema {
    record_or_list::<T, T>(
        generator,
        key,
        "The record if one was changed, otherwise a list.",
    )
}

/// Returns the schema of an answer that is either a record or a list.
pub(super) fn record_or_list<R: JsonSchema, L: JsonSchema>(
    generator: &mut SchemaGenerator,
    key: &str,
    description: &str,
) -> Schema {
    let record = generator.subschema_for::<R>();
    let list = list::<L>(generator, key);
    json_schema!({ "description": description, "anyOf": [record, list] })
}

/// Returns the schema of `history`, which prints the changed fields only if they are requested.
pub(super) fn history(generator: &mut SchemaGenerator) -> Schema {
    let mut change = ActionDetails::json_schema(generator);
    if let Some(Value::Array(required)) = change.get_mut("required") {
        required.retain(|key| key != "changes");
    }
    list_of(change, "history")
}

/// Returns the schema of a deletion.
pub(super) fn deleted(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "properties": {
            "deleted": {
                "description": "The ids of the deleted records.",
                "type": "array",
                "items": { "type": "string" },
            },
        },
        "required": ["deleted"],
    })
}
