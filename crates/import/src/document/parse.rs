//! Reads documents record by record while parsing, so that at most one record is in memory as JSON.

use std::path::Path;

use wsdb_core::{Json, JsonError, JsonKind, JsonObject, JsonReader, json_kind};

use super::contents::{Contents, DocumentHeader};
use super::counters::TASK_COUNTS;
use super::file::Document;
use super::list::{self, Entries, lists};
use super::unread_records::{describe_unread, other_document_of};
use super::{counters, foreign, history, sessions, tasks};
use crate::error::{ParseError, Problem};
use crate::file_diagnostics::{FileDiagnostics, item_path};
use crate::json;
use crate::shapes::BARE_LIST;

/// A file that was read.
#[derive(Debug)]
pub(crate) struct ParsedFile<'a> {
    /// The document; `None` if it is not known.
    pub(crate) document: Option<Document>,
    /// A hash of the file.
    pub(crate) hash: u64,
    /// What the file contains; incomplete if it is not a valid document.
    pub(crate) contents: Contents,
    pub(crate) misplaced: Option<MisplacedRecords>,
    pub(crate) diagnostics: FileDiagnostics<'a>,
}

/// Records of a document whose lists are empty or missing, in one of its fields.
#[derive(Debug)]
pub(crate) struct MisplacedRecords {
    pub(crate) document: Document,
    /// The key of the field. If it has had this value before, nobody expects an import of it.
    pub(crate) key: String,
    pub(crate) error: ParseError,
}

/// Reads a file, and notes all problems: those of single records, and why it is not a valid
/// document.
pub(crate) fn read<'a>(
    file: &Path,
    document: Option<Document>,
    mut diagnostics: FileDiagnostics<'a>,
) -> ParsedFile<'a> {
    let document = match document.map_or_else(|| detect_by_content(file), Ok) {
        Ok(document) => document,
        Err(error) => {
            diagnostics.errors.push(error);
            return ParsedFile {
                document: None,
                hash: 0,
                contents: Contents::default(),
                misplaced: None,
                diagnostics,
            };
        }
    };
    let mut reading = DocumentVisitor::new(document, &mut diagnostics);
    let parsed = json::parse(file, |reader| reading.read(reader));
    let mut problems = std::mem::take(&mut reading.problems);
    let is_valid = parsed.is_ok() && problems.is_empty();
    let is_foreign = is_valid && !reading.has_list;
    // Records that are all under other keys were meant to be imported.
    let misplaced = (is_valid && !reading.has_records)
        .then(|| foreign::find_list(&reading.header, Some(document)))
        .flatten()
        .filter(|list| list.has_records);
    let top = foreign::describe_object(&reading.header, Some(document));
    let mut fields = reading.header.iter();
    let belongs = fields.find_map(|(name, value)| {
        let other = other_document_of(document, name, value)?;
        Some(format!(
            "; the records in {name} belong in {}",
            other.file_name()
        ))
    });
    let contents = reading.end();
    let lists = lists(document).join(" or ");
    let belongs = belongs.unwrap_or_default();
    let reason = format!("contains no records: expected them under {lists}; found {top}{belongs}");
    let misplaced = misplaced.map(|list| MisplacedRecords {
        document,
        key: list.key,
        error: Problem::new("$", reason.as_str()).in_file(file),
    });
    if is_foreign && misplaced.is_none() && !contents.has_inline_records() {
        problems.push(Problem::new("$", reason));
    }
    let problems = problems.into_iter();
    diagnostics
        .errors
        .extend(problems.map(|problem| problem.in_file(file)));
    let hash = match parsed {
        Ok(((), hash)) => hash,
        Err(error) => {
            diagnostics.errors.push(error);
            0
        }
    };
    ParsedFile {
        document: Some(document),
        hash,
        contents,
        misplaced,
        diagnostics,
    }
}

/// Determines the document of a file whose name is not known.
fn detect_by_content(file: &Path) -> Result<Document, ParseError> {
    let (value, _) = json::read(file)?;
    by_shape(&value).ok_or_else(|| {
        let names: Vec<&str> = Document::ALL.iter().map(|d| d.file_name()).collect();
        let reason = format!(
            "unknown document: neither the name nor the content matches any of {}; found {}",
            names.join(", "),
            foreign::describe(&value)
        );
        ParseError {
            file: file.to_owned(),
            position: None,
            reason,
        }
    })
}

/// Returns the document that a value looks like.
fn by_shape(value: &Json) -> Option<Document> {
    match value {
        Json::Object(map) => Document::ALL
            .into_iter()
            .find(|document| lists(*document).iter().any(|list| map.contains_key(list))),
        // The earlier tool's task export is the only bare list.
        Json::Array(list) => list
            .first()
            .is_none_or(|first| first.get("title").is_some() && first.get("created").is_some())
            .then_some(Document::Tasks),
        _ => None,
    }
}

/// A document that is being read.
struct DocumentVisitor<'r, 'n> {
    document: Document,
    diagnostics: &'r mut FileDiagnostics<'n>,
    header: JsonObject,
    contents: Contents,
    /// Why the file is not a valid document.
    problems: Vec<Problem>,
    /// Whether the file contains a list of records, which may be empty.
    has_list: bool,
    /// Whether the lists contain records.
    has_records: bool,
}

impl<'r, 'n> DocumentVisitor<'r, 'n> {
    fn new(document: Document, diagnostics: &'r mut FileDiagnostics<'n>) -> Self {
        DocumentVisitor {
            document,
            diagnostics,
            header: JsonObject::new(),
            contents: Contents::default(),
            problems: Vec::new(),
            has_list: false,
            has_records: false,
        }
    }

    fn list(&mut self, list: &'static str, entries: Entries<'_>) {
        let (diagnostics, contents) = (&mut *self.diagnostics, &mut self.contents);
        match self.document {
            Document::Tasks => tasks::read(list, entries, diagnostics, contents),
            Document::Sessions => sessions::read(entries, diagnostics, contents),
            Document::History => history::read(entries, diagnostics, contents),
            document => list::read(document, list, entries, diagnostics, contents),
        }
    }

    /// Checks a value that is kept as it is.
    fn check(&mut self, value: &Json, mut path: String) {
        if self.diagnostics.for_postgres {
            json::find_unsupported_within(value, &path, &mut self.problems);
        }
        if let Some(path) = json::find_overlong(value, &mut path) {
            self.problems.push(Problem::new(path, json::too_long()));
        }
    }

    fn end(mut self) -> Contents {
        if self.document == Document::Tasks {
            tasks::read_embedded(&self.header, self.diagnostics, &mut self.contents);
        }
        if self.header.contains_key(TASK_COUNTS) {
            // An export writes them again, also if there are no other fields.
            self.contents.lists.push((self.document, TASK_COUNTS));
        }
        counters::reset(&mut self.header);
        let read_ids = self.contents.records.ids();
        for (name, value) in &self.header {
            let unread = describe_unread(self.document, name, value, &read_ids);
            if let Some(message) = unread {
                self.diagnostics.warn(&format!("$.{name}"), message);
            }
        }
        self.diagnostics.warn_about_keys();
        self.contents.orphan_rejects = std::mem::take(&mut self.diagnostics.orphan_rejects);
        self.contents.headers.push(DocumentHeader {
            document: self.document,
            file: self.diagnostics.file.clone(),
            fields: self.header,
        });
        self.contents
    }

    /// Reads the document.
    fn read(&mut self, reader: &mut JsonReader<'_>) -> Result<(), JsonError> {
        match reader.peek()? {
            JsonKind::Object => self.read_object(reader),
            JsonKind::Array => {
                self.has_list = true;
                self.diagnostics.is_bare = true;
                self.contents.lists.push((self.document, BARE_LIST));
                self.read_list(lists(self.document)[0], reader)
            }
            _ => self.read_misfit(
                "$".to_owned(),
                "expected an object or a list of records",
                reader,
            ),
        }
    }

    /// Skips a value of an unexpected type, and notes what was expected.
    fn read_misfit(
        &mut self,
        path: String,
        expected: &str,
        reader: &mut JsonReader<'_>,
    ) -> Result<(), JsonError> {
        let found = json_kind(&reader.read_value()?);
        let reason = format!("{expected}, found {found}");
        self.problems.push(Problem::new(path, reason));
        Ok(())
    }

    fn read_object(&mut self, reader: &mut JsonReader<'_>) -> Result<(), JsonError> {
        let mut seen = Vec::new();
        let lists = lists(self.document);
        reader.enter_object()?;
        while let Some(key) = reader.next_key()? {
            if seen.contains(&&*key) || self.header.contains_key(&key) {
                return Err(reader.duplicate_key(key));
            }
            let list = lists.iter().copied().find(|list| *list == key);
            if let Some(list) = list {
                seen.push(list);
                self.has_list = true;
                self.contents.lists.push((self.document, list));
                let path = format!("$.{list}");
                match reader.peek()? {
                    JsonKind::Array => self.read_list(list, reader)?,
                    // A list that is null has no records.
                    JsonKind::Null => _ = reader.read_value()?,
                    _ => self.read_misfit(path, "expected a list of records", reader)?,
                }
            } else {
                let value = json::read_value(reader)?;
                self.check(&value, format!("$.{key}"));
                self.header.insert(key, value);
            }
        }
        Ok(())
    }

    fn read_list(
        &mut self,
        name: &'static str,
        reader: &mut JsonReader<'_>,
    ) -> Result<(), JsonError> {
        let (mut failed, mut overlong, mut index) = (None, None, 0);
        let is_bare = self.diagnostics.is_bare;
        let path_of = |index: usize| item_path(name, index, is_bare);
        reader.enter_array()?;
        let mut next = || {
            if reader.has_next_element()? {
                json::read_value(reader).map(Some)
            } else {
                Ok(None)
            }
        };
        let mut entries = std::iter::from_fn(|| {
            let value = match next() {
                Ok(value) => value?,
                Err(error) => {
                    failed = Some(error);
                    return None;
                }
            };
            if overlong.is_none() {
                overlong = json::find_overlong(&value, &mut path_of(index));
            }
            index += 1;
            Some(value)
        });
        self.list(name, &mut entries);
        self.has_records |= index > 0;
        if let Some(error) = failed {
            return Err(error);
        }
        if let Some(path) = overlong {
            self.problems.push(Problem::new(path, json::too_long()));
        }
        Ok(())
    }
}
