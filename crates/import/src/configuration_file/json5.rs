//! Reads JSON with comments (JSONC) and JSON5.

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};
use wsdb_core::{Json, JsonObject};

use super::syntax_error::SyntaxError;
use crate::json;
use crate::number::{odd_number, read_number};

/// JSON with comments and trailing commas, as TypeScript and VS Code read it.
const JSONC: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

const JSON5: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: true,
    allow_missing_commas: false,
    allow_single_quoted_strings: true,
    allow_hexadecimal_numbers: true,
    allow_unary_plus_numbers: true,
    allow_bare_decimal_point_numbers: true,
    allow_non_finite_numbers: true,
    allow_extended_string_escapes: true,
};

/// Maximum depth of nesting, below serde_json's limit of 128.
const MAX_DEPTH: usize = 120;

/// Parses strict JSON, or JSON with comments if there are any: many programs accept them in `.json`
/// files.
pub(super) fn read_json(text: &str) -> Result<Json, SyntaxError> {
    let strict = match json::parse_text(text, json::read_value) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let options = CollectOptions {
        comments: CommentCollectionStrategy::Separate,
        tokens: false,
    };
    let has_comments = match parse_to_ast(text, &options, &JSONC) {
        Ok(parsed) => parsed.comments.is_some_and(|comments| !comments.is_empty()),
        Err(_) => text.contains("//") || text.contains("/*"),
    };
    let strict = SyntaxError::from_json(&strict);
    match read_jsonc(text) {
        Ok(value) if has_comments => Ok(value),
        Err(error) if has_comments && error.is_after(&strict) => Err(error),
        _ => Err(strict),
    }
}

/// Parses JSON with comments and trailing commas.
pub(super) fn read_jsonc(text: &str) -> Result<Json, SyntaxError> {
    read(text, &JSONC)
}

/// Parses JSON5.
pub(super) fn read_json5(text: &str) -> Result<Json, SyntaxError> {
    read(text, &JSON5)
}

fn read(text: &str, options: &ParseOptions) -> Result<Json, SyntaxError> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), options).map_err(|error| {
        let reason = lowercase_first(&error.kind().to_string());
        SyntaxError::at(text, error.range().start, reason)
    })?;
    match &parsed.value {
        Some(value) => convert(value, 0).map_err(|(at, reason)| SyntaxError::at(text, at, reason)),
        None => Err(SyntaxError::at(text, text.len(), "unexpected end of file")),
    }
}

fn lowercase_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// Converts a value; an error has the offset of its cause.
fn convert(value: &Value<'_>, depth: usize) -> Result<Json, (usize, String)> {
    if depth > MAX_DEPTH {
        let reason = "lists and objects are nested too deeply";
        return Err((value.start(), reason.to_owned()));
    }
    Ok(match value {
        Value::StringLit(text) => text.value.as_ref().into(),
        Value::NumberLit(number) => {
            read_number(number.value).map_or_else(|| odd_number(number.value), Json::Number)
        }
        Value::BooleanLit(flag) => flag.value.into(),
        Value::NullKeyword(_) => Json::Null,
        Value::Array(list) => {
            let list = list.elements.iter();
            let list: Result<Vec<Json>, _> = list.map(|entry| convert(entry, depth + 1)).collect();
            list?.into()
        }
        Value::Object(object) => {
            let mut fields = JsonObject::new();
            for property in &object.properties {
                let key = match &property.name {
                    ObjectPropName::String(text) => text.value.as_ref(),
                    ObjectPropName::Word(word) => word.value,
                };
                let value = convert(&property.value, depth + 1)?;
                if fields.insert(key.to_owned(), value).is_some() {
                    return Err((property.start(), format!("duplicate key {key:?}")));
                }
            }
            fields.into()
        }
    })
}
