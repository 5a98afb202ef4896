//! JSON Schemas of ids and values that `--json` prints.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{ActionId, Json, JsonObject, Label, Timestamp};

macro_rules! ids {
    ($($name:ident: $description:literal,)*) => {$(
        impl JsonSchema for crate::$name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "description": $description, "type": "string" })
            }
        }
    )*};
}
crate::for_each_id!(ids);

macro_rules! schemas {
    ($($name:ident $schema:tt)*) => {$(
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

schemas! {
    ActionId { "type": "integer" }
    Json {}
    JsonObject { "type": "object" }
    Label { "type": "string", "minLength": 1, "maxLength": 100 }
    Timestamp { "type": "string", "format": "date-time" }
}
