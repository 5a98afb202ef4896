//! Parses YAML into JSON values: null and booleans as in the core schema of YAML 1.2, and numbers as
//! JSON writes them, with every digit.
//!
//! Other scalars that some version of YAML reads as numbers stay strings, as they are written:
//! programs disagree about `0644`, and `1234e56` is rather a commit than a number.
//!
//! A value with a tag of another schema becomes an object with the tag as its only key: `!Ref a` is
//! `{"!Ref": "a"}`, as serde formats write it too. Scalars with such a tag stay strings.

mod error;
mod indentation;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use wsdb_core::{Json, JsonNumber, JsonObject};

pub(crate) use error::YamlError;

/// Maximum depth of nesting, below serde_json's limit of 128.
const MAX_DEPTH: usize = 120;
/// Maximum number of values, because a few aliases can expand to very many.
const MAX_VALUES: usize = 1_000_000;

/// A value, and the line of each key of the outermost mapping.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) value: Json,
    pub(crate) lines: HashMap<String, usize>,
}

/// Parses a text. Several documents become a list; empty ones, such as after a `---` at the end, are
/// left out.
///
/// The lines of a list or mapping in brackets may have any indentation, and those of a quoted text none, as in
/// PyYAML and libyaml.
pub(crate) fn parse(text: &str) -> Result<Document, YamlError> {
    indentation::parse_leniently(text, parse_strictly)
}

fn parse_strictly(text: &str) -> Result<Document, YamlError> {
    let mut reading = EventReader::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| YamlError {
            line: error.marker().line(),
            column: error.marker().col() + 1,
            reason: error.info().to_owned(),
        })?;
        reading.take(event, &span)?;
    }
    Ok(Document {
        value: match reading.documents.len() {
            0 => Json::Null,
            1 => reading.documents.remove(0),
            _ => Json::Array(reading.documents),
        },
        lines: reading.lines,
    })
}

/// A list or mapping that is not closed yet.
struct Container {
    anchor: usize,
    tag: Option<String>,
    values: Values,
}

/// The values in it so far.
enum Values {
    List(Vec<Json>),
    /// With the key whose value comes next.
    Map(JsonObject, Option<String>),
}

#[derive(Default)]
struct EventReader {
    documents: Vec<Json>,
    open: Vec<Container>,
    /// Values with anchors, and how many values they contain.
    anchors: HashMap<usize, (Json, usize)>,
    lines: HashMap<String, usize>,
    count: usize,
}

impl EventReader {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), YamlError> {
        match event {
            Event::Scalar(text, ScalarStyle::Plain, 0, None)
                if text.is_empty() && self.open.is_empty() =>
            {
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let name = tag.as_deref().and_then(tag_name);
                let value = match &name {
                    Some(_) => Json::from(&*text),
                    None => scalar(&text, style, tag.as_deref()),
                };
                let key = match &name {
                    Some(name) => format!("{name} {text}"),
                    None => text.into_owned(),
                };
                self.put(with_tag(name, value), Some(&key), anchor, span)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some((value, count)) => {
                    let (value, count) = (value.clone(), *count);
                    self.count += count;
                    let key = value.as_str().map(str::to_owned);
                    self.put(value, key.as_deref(), 0, span)
                }
                None => Err(YamlError::at(
                    span,
                    "an alias refers to the value that contains it",
                )),
            },
            Event::SequenceStart(anchor, tag) => {
                let tag = tag.as_deref().and_then(tag_name);
                self.begin(anchor, tag, Values::List(Vec::new()), span)
            }
            Event::MappingStart(anchor, tag) => {
                let tag = tag.as_deref().and_then(tag_name);
                self.begin(anchor, tag, Values::Map(JsonObject::new(), None), span)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(container) => {
                    let value = match container.values {
                        Values::List(list) => list.into(),
                        Values::Map(map, _) => map.into(),
                    };
                    self.put(with_tag(container.tag, value), None, container.anchor, span)
                }
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn begin(
        &mut self,
        anchor: usize,
        tag: Option<String>,
        values: Values,
        span: &Span,
    ) -> Result<(), YamlError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(YamlError::at(
                span,
                "lists and mappings are nested too deeply",
            ));
        }
        self.open.push(Container {
            anchor,
            tag,
            values,
        });
        Ok(())
    }

    /// Adds a value to the innermost open list or mapping. `text` is its text, if it can be a key.
    fn put(
        &mut self,
        value: Json,
        text: Option<&str>,
        anchor: usize,
        span: &Span,
    ) -> Result<(), YamlError> {
        self.count += 1;
        if self.count > MAX_VALUES {
            return Err(YamlError::at(span, "more than 1,000,000 values"));
        }
        if anchor > 0 {
            self.anchors
                .insert(anchor, (value.clone(), count_values(&value)));
        }
        let is_outermost = self.open.len() == 1;
        match self.open.last_mut().map(|container| &mut container.values) {
            None => self.documents.push(value),
            Some(Values::List(list)) => list.push(value),
            Some(Values::Map(map, key)) => match key.take() {
                Some(key) => {
                    map.insert(key, value);
                }
                None => {
                    let Some(text) = text else {
                        return Err(YamlError::at(span, "a key must be a string"));
                    };
                    if map.contains_key(text) {
                        return Err(YamlError::at(span, format!("duplicate key {text:?}")));
                    }
                    if is_outermost {
                        self.lines.insert(text.to_owned(), span.start.line());
                    }
                    *key = Some(text.to_owned());
                }
            },
        }
        Ok(())
    }
}

fn count_values(value: &Json) -> usize {
    match value {
        Json::Array(list) => 1 + list.iter().map(count_values).sum::<usize>(),
        Json::Object(map) => 1 + map.values().map(count_values).sum::<usize>(),
        _ => 1,
    }
}

/// The prefix of the tags of YAML itself, which are written with `!!`.
const YAML_TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// Returns the tag of a value as it is written, unless the value's JSON type is the same.
fn tag_name(tag: &Tag) -> Option<String> {
    let whole = format!("{}{}", tag.handle, tag.suffix);
    match whole.strip_prefix(YAML_TAG_PREFIX) {
        Some("str" | "int" | "float" | "bool" | "null" | "seq" | "map") => None,
        Some(name) => Some(format!("!!{name}")),
        // A single `!` only makes the value a string.
        None if whole == "!" => None,
        None if whole.starts_with('!') => Some(whole),
        None => Some(format!("!<{whole}>")),
    }
}

fn with_tag(tag: Option<String>, value: Json) -> Json {
    match tag {
        Some(tag) => JsonObject::from_iter([(tag, value)]).into(),
        None => value,
    }
}

/// Converts a scalar without a tag, or with one of YAML's own types.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Json {
    let is_string = match tag {
        Some(tag) => tag.suffix == "str" || !tag.is_yaml_core_schema(),
        None => style != ScalarStyle::Plain,
    };
    if is_string {
        return Json::from(text);
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" => Json::Bool(true),
        "false" | "False" | "FALSE" => Json::Bool(false),
        text => number(text).map_or_else(|| Json::from(text), Json::Number),
    }
}

/// Parses a number that is written as in JSON: without a `+`, and without zeros before the first
/// digit. It needs a point before an exponent, and is not `-0`, which would lose its sign.
fn number(text: &str) -> Option<JsonNumber> {
    let is_hash = text.contains(['e', 'E']) && !text.contains('.');
    let is_negative_zero =
        text.starts_with('-') && !text.contains(|c: char| matches!(c, '1'..='9'));
    if is_hash || is_negative_zero {
        return None;
    }
    text.parse().ok()
}
