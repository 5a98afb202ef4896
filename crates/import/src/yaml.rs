//! Parses YAML into JSON values: null and booleans as in the core schema of YAML 1.2, and numbers as
//! JSON writes them, with every digit.
//!
//! Other scalars that some version of YAML reads as numbers stay strings, as they are written:
//! programs disagree about `0644`, and `1234e56` is rather a commit than a number.
//!
//! A value with a tag of another schema becomes an object with the tag as its only key: `!Ref a` is
//! `{"!Ref": "a"}`, as serde formats write it too. Scalars with such a tag stay strings.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use wsdb_core::{Json, JsonNumber, JsonObject};

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

/// The error of the parser for a line of a quoted text that is not indented. YAML forbids it, but most
/// programs read it, and people write it.
const UNINDENTED: &str = "invalid indentation in quoted scalar";

/// Maximum number of such lines: each takes another run.
const MAX_UNINDENTED: usize = 100;

/// Parses a text. Several documents become a list.
pub(crate) fn parse(text: &str) -> Result<Document, YamlError> {
    let mut result = parse_indented(text);
    let mut lines: Vec<String> = Vec::new();
    for _ in 0..MAX_UNINDENTED {
        let Some(error) = result.as_ref().err().filter(|e| e.reason == UNINDENTED) else {
            break;
        };
        if lines.is_empty() {
            lines.extend(text.split('\n').map(str::to_owned));
        }
        if !indent_quoted(&mut lines, error.line) {
            break;
        }
        result = parse_indented(&lines.join("\n"));
    }
    result
}

/// Indents the first line of a quoted text that is not, and returns whether there is one. The text begins at
/// `line`, counted from 1. Indentation does not belong to the text.
fn indent_quoted(lines: &mut [String], line: usize) -> bool {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let Some(first) = line.checked_sub(1).and_then(|at| lines.get(at)) else {
        return false;
    };
    let least = indent(first) + 1;
    let mut below = lines[line..].iter_mut();
    let found = below.find(|line| !line.trim().is_empty() && indent(line) < least);
    // The quote at the end of a text may be missing.
    let is_key = |line: &str| {
        let name = line.split(':').next().unwrap_or_default();
        name.len() < line.trim_end().len() && !name.trim().contains(' ') || line.starts_with("- ")
    };
    match found.filter(|line| !is_key(line)) {
        Some(line) => {
            line.insert_str(0, &" ".repeat(least));
            true
        }
        None => false,
    }
}

fn parse_indented(text: &str) -> Result<Document, YamlError> {
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

#[cfg(test)]
mod tests {
    use wsdb_core::json;

    use super::*;

    fn value(text: &str) -> Json {
        parse(text).expect("valid YAML").value
    }

    #[test]
    fn quoted_text_on_several_lines_is_joined() {
        for text in [
            "a: \"one\n  two\"\nb: 1",
            "a: \"one\ntwo\"\nb: 1",
            "a: 'one\ntwo'\nb: 1",
            "a: \"one \\\ntwo\"\nb: 1",
        ] {
            assert_eq!(value(text), json!({"a": "one two", "b": 1}), "{text}");
        }
        assert_eq!(
            value("x:\n  a: \"one\n  two\n\n  three\"\nb: 1")["x"],
            json!({"a": "one two\nthree"})
        );
        assert_eq!(
            value("a: [\"one\ntwo\", 'b\nc']")["a"],
            json!(["one two", "b c"])
        );
        // The quote at the end is missing.
        let error = parse("a: \"one\nb: two\nc: \"three\"\n").expect_err("not valid");
        assert_eq!((error.line, error.reason.as_str()), (1, UNINDENTED));
        for text in ["a: \"one\ntwo", "a: 'one\ntwo\nb: 1"] {
            parse(text).expect_err("not valid");
        }
    }

    #[test]
    fn numbers_are_those_of_json() {
        let numbers = "[0, 7, -12, 1.50, 0.5, -0.25, 1.0e-5, 12345678901234567890.10]";
        let same: Json = numbers.parse().expect("valid JSON");
        assert_eq!(value(numbers), same);
    }

    #[test]
    fn scalars_that_are_not_numbers_in_json_keep_their_text() {
        for text in [
            "0644",
            "01234",
            "017",
            "00123e45",
            "00",
            "-012",
            "1234e56",
            "1234e5678",
            "1E3",
            "+4912345",
            "+1",
            "+1.5",
            "-0",
            "-0.0",
            ".5",
            "1.",
            "0o17",
            "0x1F",
            "-0x1f",
            "0b11",
            "1_000",
            "1.2.3",
            "2025-11-20",
            "12:30",
            ".inf",
            ".NaN",
            "yes",
        ] {
            assert_eq!(value(&format!("a: {text}\n")), json!({"a": text}));
        }
    }

    #[test]
    fn other_scalars_are_those_of_the_core_schema() {
        assert_eq!(
            value("[~, Null, True, FALSE, ]"),
            json!([null, null, true, false])
        );
        assert_eq!(
            value("- '1'\n- \"a\\tb\"\n- !!str 1\n- |\n  x\n  y\n- >-\n  x\n  y\n"),
            json!(["1", "a\tb", "1", "x\ny\n", "x y"])
        );
        assert_eq!(value(""), Json::Null);
        assert_eq!(value("--- 1\n--- 2\n"), json!([1, 2]));
    }

    #[test]
    fn tag_belongs_to_its_value() {
        let text = "a: !Ref x\nb: !GetAtt [x, Arn]\nc: !Sub {k: !Ref y}\nd: !vault |\n  1\n  2\ne: !Ref 1.50\nf: !Ref\n\
            g: !secret 'q'\nh: &h !Ref z\ni: *h\n!Key j: 1\n";
        assert_eq!(
            value(text),
            json!({
                "a": {"!Ref": "x"}, "b": {"!GetAtt": ["x", "Arn"]}, "c": {"!Sub": {"k": {"!Ref": "y"}}},
                "d": {"!vault": "1\n2\n"}, "e": {"!Ref": "1.50"}, "f": {"!Ref": ""}, "g": {"!secret": "q"},
                "h": {"!Ref": "z"}, "i": {"!Ref": "z"}, "!Key j": 1,
            })
        );
        assert_eq!(
            value(
                "%TAG !e! tag:x.example,2025:\n---\n- !e!foo 1\n- !<tag:x.example,2025:foo> 1\n- !<!local> 1\n"
            ),
            json!([{"!<tag:x.example,2025:foo>": "1"}, {"!<tag:x.example,2025:foo>": "1"}, {"!local": "1"}])
        );
    }

    #[test]
    fn tags_of_the_core_schema_are_types() {
        assert_eq!(
            value("[!!str 1, !!int '2', !!float \"1.50\", !!bool 'true', !!null '', ! 3, !!seq [1], !!map {a: 1}, !!binary aGk=, !!set {a}]"),
            r#"["1", 2, 1.50, true, null, "3", [1], {"a": 1}, {"!!binary": "aGk="}, {"!!set": {"a": null}}]"#
                .parse::<Json>()
                .expect("valid JSON")
        );
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
