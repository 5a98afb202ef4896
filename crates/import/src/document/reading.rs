//! Reads documents record by record while parsing, so that at most one record is in memory as JSON.

use std::fmt;
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{
    Contents, Document, architecture, configuration, contexts, decisions, drift, history,
    is_computed, issues, sessions, tasks,
};
use crate::error::{ParseError, Position};
use crate::json::{self, StrictJson};
use crate::reader::{FileDiagnostics, ParsedRecord, Reader};
use crate::record::DocumentRecord;

/// The records of a list as JSON.
pub(super) type Entries<'e> = &'e mut dyn Iterator<Item = Value>;

/// Reads a file. Problems with single records are noted; `Err` means that the file is not a
/// valid document. Returns the document, its contents, and a hash of the file.
pub(crate) fn read(
    file: &Path,
    document: Option<Document>,
    notes: &mut FileDiagnostics<'_>,
) -> Result<(Document, Contents, u64), ParseError> {
    let document = match document {
        Some(document) => document,
        None => detect_by_content(file)?,
    };
    let mut reading = DocumentVisitor::new(document, notes);
    let ((), hash) = json::parse(file, ParserState::Document(&mut reading))?;
    match reading.wrong {
        None => Ok((document, reading.end(), hash)),
        Some((path, reason)) => Err(ParseError {
            file: file.to_owned(),
            place: Some(Position::Path(path)),
            reason,
        }),
    }
}

/// Determines the document of a file whose name is not known.
fn detect_by_content(file: &Path) -> Result<Document, ParseError> {
    let (value, _) = json::read(file)?;
    Document::by_shape(&value).ok_or_else(|| {
        let names: Vec<&str> = Document::ALL.iter().map(|d| d.file_name()).collect();
        let reason = format!(
            "unknown document: neither the name nor the content matches any of {}",
            names.join(", ")
        );
        ParseError {
            file: file.to_owned(),
            place: None,
            reason,
        }
    })
}

/// A document that is being read.
struct DocumentVisitor<'r, 'n> {
    document: Document,
    notes: &'r mut FileDiagnostics<'n>,
    header: Map<String, Value>,
    contents: Contents,
    /// Why the file is not a valid document: path and reason.
    wrong: Option<(String, String)>,
}

impl<'r, 'n> DocumentVisitor<'r, 'n> {
    fn new(document: Document, notes: &'r mut FileDiagnostics<'n>) -> Self {
        DocumentVisitor {
            document,
            notes,
            header: Map::new(),
            contents: Contents::default(),
            wrong: None,
        }
    }

    fn list(&mut self, list: &'static str, entries: Entries<'_>) {
        let (notes, contents) = (&mut *self.notes, &mut self.contents);
        match self.document {
            Document::Tasks => tasks::read(list, entries, notes, contents),
            Document::Sessions => sessions::read(entries, notes, contents),
            Document::Issues => issues::read(entries, notes, contents),
            Document::Decisions => decisions::read(entries, notes, contents),
            Document::Architecture => architecture::read(list, entries, notes, contents),
            Document::Drift => drift::read(list, entries, notes, contents),
            Document::Configuration => configuration::read(list, entries, notes, contents),
            Document::Contexts => contexts::read(entries, notes, contents),
            Document::History => history::read(entries, notes, contents),
        }
    }

    /// Checks a value that is kept as it is.
    fn check(&mut self, value: &Value, mut path: String) {
        if self.wrong.is_some() {
            return;
        }
        if let Some(path) = json::find_overlong(value, &mut path) {
            self.wrong = Some((path, json::too_long()));
        } else if self.notes.for_postgres {
            let mut reasons = Vec::new();
            json::unkept_within(value, &path, &mut reasons);
            self.wrong = reasons.into_iter().next();
        }
    }

    fn end(mut self) -> Contents {
        if self.document == Document::Tasks {
            tasks::read_embedded(&self.header, self.notes, &mut self.contents);
        }
        for (name, counts) in &mut self.header {
            if let Value::Object(counts) = counts {
                counts.retain(|key, _| !is_computed(name, key));
            }
        }
        for (name, value) in &self.header {
            let is_record =
                |value: &Value| value.get("id").is_some() && value.get("title").is_some();
            let count = value
                .as_array()
                .map_or(0, |list| list.iter().filter(|v| is_record(v)).count());
            if count > 0 && !tasks::EMBEDDED_LISTS.contains(&name.as_str()) {
                let lists = self.document.lists().join(" or ");
                let message = format!(
                    "{name} looks like a list of records, but this document has its records under \
                     {lists}; it was kept unchanged"
                );
                self.notes.warn(&format!("$.{name}"), message);
            }
        }
        self.contents.unheld = std::mem::take(&mut self.notes.orphan_rejects);
        self.contents.headers.push((self.document, self.header));
        self.contents
    }
}

/// The position in the document.
enum ParserState<'l, 'r, 'n> {
    Document(&'l mut DocumentVisitor<'r, 'n>),
    List(&'static str, &'l mut DocumentVisitor<'r, 'n>),
}

impl ParserState<'_, '_, '_> {
    /// Notes that a value of another type was expected.
    fn unexpected_value<E>(self) -> Result<(), E> {
        let (reading, path, expected) = match self {
            ParserState::Document(reading) => (
                reading,
                "$".to_owned(),
                "expected an object or a list of records",
            ),
            ParserState::List(list, reading) => {
                (reading, format!("$.{list}"), "expected a list of records")
            }
        };
        reading
            .wrong
            .get_or_insert_with(|| (path, expected.to_owned()));
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for ParserState<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ParserState<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a document")
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.unexpected_value()
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.unexpected_value()
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.unexpected_value()
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.unexpected_value()
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.unexpected_value()
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        match self {
            // A list that is null has no records.
            ParserState::List(..) => Ok(()),
            ParserState::Document(_) => self.unexpected_value(),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let (name, reading) = match self {
            ParserState::Document(reading) => {
                reading.notes.is_bare = true;
                (reading.document.lists()[0], reading)
            }
            ParserState::List(name, reading) => (name, reading),
        };
        let (mut failed, mut overlong, mut index) = (None, None, 0);
        let is_bare = reading.notes.is_bare;
        let place = |index: usize| match is_bare {
            true => format!("$[{index}]"),
            false => format!("$.{name}[{index}]"),
        };
        let mut entries = std::iter::from_fn(|| {
            let value = match list.next_element_seed(StrictJson) {
                Ok(value) => value?,
                Err(error) => {
                    failed = Some(error);
                    return None;
                }
            };
            if overlong.is_none() {
                overlong = json::find_overlong(&value, &mut place(index));
            }
            index += 1;
            Some(value)
        });
        reading.list(name, &mut entries);
        if let Some(error) = failed {
            return Err(error);
        }
        if let (Some(path), None) = (overlong, &reading.wrong) {
            reading.wrong = Some((path, json::too_long()));
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let ParserState::Document(reading) = self else {
            StrictJson.visit_map(map)?;
            return self.unexpected_value();
        };
        let mut seen = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == json::NUMBER && seen.is_empty() && reading.header.is_empty() {
                map.next_value::<String>()?;
                return ParserState::Document(reading).unexpected_value();
            }
            let list = reading.document.lists().iter().find(|list| **list == key);
            if seen.iter().any(|list| *list == key) || reading.header.contains_key(&key) {
                return Err(json::duplicate_key(&key));
            }
            match list {
                Some(list) => {
                    seen.push(*list);
                    map.next_value_seed(ParserState::List(list, reading))?;
                }
                None => {
                    let value = map.next_value_seed(StrictJson)?;
                    reading.check(&value, format!("$.{key}"));
                    reading.header.insert(key, value);
                }
            }
        }
        Ok(())
    }
}

/// Reads a list of records.
pub(super) fn records<T: DocumentRecord>(
    list: &str,
    entries: Entries<'_>,
    notes: &mut FileDiagnostics<'_>,
    found: &mut Vec<ParsedRecord<T>>,
    adapt: impl Fn(&mut Reader<'_, '_>),
) {
    for (index, value) in entries.enumerate() {
        let path = notes.record_path(list, index);
        found.extend(record(path, value, notes, &adapt));
    }
}

pub(super) fn has_metadata<T: DocumentRecord>() -> bool {
    matches!(
        T::KIND,
        "tasks" | "activities" | "issues" | "decisions" | "drift detections"
    )
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}

pub(super) fn record<T: DocumentRecord>(
    path: String,
    value: Value,
    notes: &mut FileDiagnostics<'_>,
    adapt: impl Fn(&mut Reader<'_, '_>),
) -> Option<ParsedRecord<T>> {
    let Value::Object(object) = value else {
        notes.reject(&path, "expected an object");
        return None;
    };
    let mut reader = Reader::new(object, path, notes);
    reader.check_for_postgres();
    if has_metadata::<T>() {
        // The earlier tool's tables and documents use different names.
        if reader.peek("metadata").is_none() {
            reader.alias("extra_metadata", "metadata");
        }
        if reader.peek("metadata").is_some_and(is_empty) {
            reader.put("metadata", Value::Null);
        }
    }
    adapt(&mut reader);
    let record = T::from_fields(&mut reader);
    reader.finish(record)
}
