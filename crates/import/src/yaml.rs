//! Parses YAML into JSON values: the core schema of YAML 1.2, with every digit of a number.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use wsdb_core::{Json, JsonNumber, JsonObject};

use crate::error::Position;

/// A syntax error and its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct YamlError {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) reason: String,
}

impl YamlError {
    fn at(span: &Span, reason: impl Into<String>) -> Self {
        YamlError {
            line: span.start.line(),
            column: span.start.col() + 1,
            reason: reason.into(),
        }
    }

    pub(crate) fn position(&self) -> Position {
        Position::Line(self.line, self.column)
    }
}

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

/// Parses a text. Several documents become a list.
pub(crate) fn parse(text: &str) -> Result<Document, YamlError> {
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
enum Container {
    List(usize, Vec<Json>),
    Map(usize, JsonObject, Option<String>),
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
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref();
                let value = scalar(&text, style, tag).map_err(|why| YamlError::at(span, why))?;
                self.put(value, Some(&text), anchor, span)
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
            Event::SequenceStart(anchor, _) => {
                self.begin(Container::List(anchor, Vec::new()), span)
            }
            Event::MappingStart(anchor, _) => {
                self.begin(Container::Map(anchor, JsonObject::new(), None), span)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Container::List(anchor, list)) => self.put(list.into(), None, anchor, span),
                Some(Container::Map(anchor, map, _)) => self.put(map.into(), None, anchor, span),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn begin(&mut self, open: Container, span: &Span) -> Result<(), YamlError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(YamlError::at(
                span,
                "lists and mappings are nested too deeply",
            ));
        }
        self.open.push(open);
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
        match self.open.last_mut() {
            None => self.documents.push(value),
            Some(Container::List(_, list)) => list.push(value),
            Some(Container::Map(_, map, key)) => match key.take() {
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

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Json, String> {
    if style != ScalarStyle::Plain
        || tag.is_some_and(|tag| tag.suffix == "str" || tag.handle == "!")
    {
        return Ok(Json::from(text));
    }
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" => Json::Bool(true),
        "false" | "False" | "FALSE" => Json::Bool(false),
        text => number(text).map_or_else(|| Json::from(text), Json::Number),
    })
}

/// Parses a number of the core schema. Numbers that JSON cannot represent stay strings.
fn number(text: &str) -> Option<JsonNumber> {
    let radix = |digits: &str, radix| {
        i64::from_str_radix(digits, radix)
            .ok()
            .map(JsonNumber::from)
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit())
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    if !is_number {
        return None;
    }
    // JSON requires a digit on both sides of the point, and no leading zeros.
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => digits.split_at(at),
        None => (digits, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let fraction = match fraction {
        "" => String::new(),
        fraction => format!(".{fraction}"),
    };
    format!("{sign}{whole}{fraction}{exponent}").parse().ok()
}

#[cfg(test)]
mod tests {
    use wsdb_core::json;

    use super::*;

    fn value(text: &str) -> Json {
        parse(text).expect("valid YAML").value
    }

    #[test]
    fn scalars_are_those_of_the_core_schema() {
        let text =
            "a: [1, -0x1f, 0x1F, 0o17, 1.50, .5, +1e3, 012, 1.2.3, 2025-11-20, yes, ~, True]";
        let numbers: Json = r#"{"a": [1, "-0x1f", 31, 15, 1.50, 0.5, 1e3, 12, "1.2.3", "2025-11-20", "yes", null, true]}"#
            .parse()
            .expect("valid JSON");
        assert_eq!(value(text), numbers);
        assert_eq!(
            value("- '1'\n- \"a\\tb\"\n- !!str 1\n- |\n  x\n  y\n- >-\n  x\n  y\n"),
            json!(["1", "a\tb", "1", "x\ny\n", "x y"])
        );
        assert_eq!(value(""), Json::Null);
        assert_eq!(value("--- 1\n--- 2\n"), json!([1, 2]));
    }

    #[test]
    fn aliases_stand_for_their_values() {
        assert_eq!(
            value("a: &x {b: 1}\nc: *x\n"),
            json!({"a": {"b": 1}, "c": {"b": 1}})
        );
        let bomb: String = (1..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| {
            format!("{text}a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1)
        });
        let fault = parse(&bomb).expect_err("error");
        assert!(fault.reason.contains("1,000,000"), "{fault:?}");
    }

    #[test]
    fn yaml_errors_have_a_position() {
        let fault = |text: &str| parse(text).expect_err("error");
        let twice = fault("a: 1\nb: 2\na: 3\n");
        assert_eq!((twice.line, twice.column), (3, 1));
        assert!(twice.reason.contains("duplicate key"), "{twice:?}");
        assert_eq!(fault("a: [1\nb: 2").line, 2);
        assert_eq!(fault("? [a]\n: 1").reason, "a key must be a string");
        assert!(fault(&"[".repeat(200)).reason.contains("nested"));
        assert_eq!(parse("x: 1\ny: 2\n").expect("valid YAML").lines["y"], 2);
    }
}
