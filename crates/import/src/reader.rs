//! Reading one record from an object, field by field, with every complaint at its place.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value};
use wsdb_core::{Fields, Timestamp};

use crate::error::Reject;
use crate::field::FieldValue;
use crate::json;
use crate::plan::Warning;

/// Words that the user maps to words that we know: `status.wontfix=closed`.
#[derive(Debug, Clone, Default)]
pub struct Mappings(HashMap<(String, String), String>);

impl Mappings {
    /// Reads `FIELD.WORD=KNOWN` each, such as `status.wontfix=closed`.
    ///
    /// # Errors
    /// A sentence that says what a mapping looks like.
    pub fn parse<S: AsRef<str>>(mappings: impl IntoIterator<Item = S>) -> Result<Self, String> {
        let mut all = HashMap::new();
        for mapping in mappings {
            let mapping = mapping.as_ref();
            let parts = mapping
                .split_once('.')
                .and_then(|(field, rest)| rest.rsplit_once('=').map(|(word, to)| (field, word, to)))
                .filter(|(field, word, to)| {
                    !field.is_empty() && !word.is_empty() && !to.is_empty()
                });
            let Some((field, word, to)) = parts else {
                return Err(format!(
                    "{mapping:?} is no mapping: write FIELD.WORD=KNOWN, such as status.wontfix=closed"
                ));
            };
            let key = (field.to_owned(), word.to_lowercase());
            if all
                .insert(key, to.to_owned())
                .is_some_and(|before| before != to)
            {
                return Err(format!(
                    "{field}.{word} is mapped twice, to different words"
                ));
            }
        }
        Ok(Mappings(all))
    }

    /// The mappings that no record made use of, as they were written.
    pub(crate) fn unused(&self, used: &HashSet<(String, String)>) -> Vec<String> {
        let mut unused: Vec<String> = self
            .0
            .iter()
            .filter(|(key, _)| !used.contains(*key))
            .map(|((field, word), to)| format!("{field}.{word}={to}"))
            .collect();
        unused.sort_unstable();
        unused
    }
}

/// What was noted while the records of a file were read.
#[derive(Debug)]
pub(crate) struct Notes<'a> {
    pub(crate) file: Arc<Path>,
    pub(crate) mappings: &'a Mappings,
    /// Complain of what PostgreSQL can't keep.
    pub(crate) for_postgres: bool,
    pub(crate) used: HashSet<(String, String)>,
    pub(crate) rejects: Vec<Reject>,
    /// What is wrong with the words about a record, by its kind and id: it counts where nothing
    /// else holds the record.
    pub(crate) unheld: Vec<(&'static str, String, Reject)>,
    pub(crate) warnings: Vec<Warning>,
    /// The file is a list, and no object that has one.
    pub(crate) is_bare: bool,
}

impl<'a> Notes<'a> {
    pub(crate) fn new(file: &Path, mappings: &'a Mappings) -> Self {
        Notes {
            file: file.into(),
            mappings,
            for_postgres: false,
            used: HashSet::new(),
            rejects: Vec::new(),
            unheld: Vec::new(),
            warnings: Vec::new(),
            is_bare: false,
        }
    }

    /// The JSON path of a record in a list of the document.
    pub(crate) fn place(&self, list: &str, index: usize) -> String {
        match self.is_bare {
            true => format!("$[{index}]"),
            false => format!("$.{list}[{index}]"),
        }
    }

    pub(crate) fn reject(&mut self, path: &str, reason: impl Into<String>) {
        self.rejects.push(Reject {
            file: self.file.to_path_buf(),
            path: path.to_owned(),
            reasons: vec![(path.to_owned(), reason.into())],
            record: Value::Null,
        });
    }

    pub(crate) fn warn(&mut self, path: &str, message: String) {
        self.warnings.push(Warning {
            file: Some(self.file.to_path_buf()),
            path: path.to_owned(),
            message,
        });
    }
}

/// The words of one field: what they are mapped to, and what they were taken for.
pub(crate) struct Words<'a> {
    field: &'a str,
    /// What the file calls the field.
    called: &'a str,
    path: &'a str,
    mappings: &'a Mappings,
    used: &'a mut HashSet<(String, String)>,
    taken: &'a mut Vec<(String, String)>,
}

impl Words<'_> {
    pub(crate) fn mapped(&mut self, word: &str) -> String {
        if self.mappings.0.is_empty() {
            return word.to_owned();
        }
        let key = (self.field.to_owned(), word.to_lowercase());
        match self.mappings.0.get(&key) {
            Some(to) => {
                self.used.insert(key);
                to.clone()
            }
            None => word.to_owned(),
        }
    }

    pub(crate) fn took(&mut self, word: &str, known: &str) {
        let path = format!("{}.{}", self.path, self.called);
        self.taken
            .push((path, format!("{word:?} was taken as {known}")));
    }
}

/// One record's object while it is read.
pub(crate) struct Reader<'n, 'a> {
    object: Map<String, Value>,
    path: String,
    present: u64,
    taken_fields: u32,
    reasons: Vec<(String, String)>,
    taken: Vec<(String, String)>,
    fallbacks: Map<String, Value>,
    /// What the file calls a field, and what it is called here.
    names: Vec<(String, String)>,
    twins: Vec<Twin>,
    notes: &'n mut Notes<'a>,
}

/// A field that a file says twice, under two names, and differently.
#[derive(Debug, Clone)]
pub(crate) struct Twin {
    pub(crate) name: String,
    pub(crate) alias: String,
    /// What stands under the other name.
    pub(crate) value: Value,
}

impl<'n, 'a> Reader<'n, 'a> {
    pub(crate) fn new(object: Map<String, Value>, path: String, notes: &'n mut Notes<'a>) -> Self {
        Reader {
            object,
            path,
            present: 0,
            taken_fields: 0,
            reasons: Vec::new(),
            taken: Vec::new(),
            fallbacks: Map::new(),
            names: Vec::new(),
            twins: Vec::new(),
            notes,
        }
    }

    /// Complains of everything in the record that PostgreSQL can't keep.
    pub(crate) fn check_for_postgres(&mut self) {
        if self.notes.for_postgres {
            json::unkept(&self.object, &self.path, &mut self.reasons);
        }
    }

    /// Fields that were called by other names in the file.
    pub(crate) fn renamed(&mut self, names: &[(&str, &str)]) {
        let names = names.iter();
        self.names
            .extend(names.map(|(from, to)| ((*from).to_owned(), (*to).to_owned())));
    }

    /// Another name that a field goes by. Where both are there and differ, which one counts is
    /// found out later: by what both were before.
    pub(crate) fn alias(&mut self, alias: &str, name: &str) {
        let Some(value) = self.object.remove(alias) else {
            return;
        };
        match self.object.get(name) {
            None => {
                self.object.insert(name.to_owned(), value);
                self.names.push((alias.to_owned(), name.to_owned()));
            }
            Some(other) if same(other, &value) => {}
            Some(_) => self.twins.push(Twin {
                name: name.to_owned(),
                alias: alias.to_owned(),
                value,
            }),
        }
    }

    /// What a field is if the file doesn't say: it counts for a new record only.
    pub(crate) fn fallback(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.fallbacks.insert(name.to_owned(), value);
        }
    }

    /// What a field is taken for where the file says nothing or null: people are told.
    pub(crate) fn assume(&mut self, name: &'static str, value: &str) {
        if self.object.get(name).is_some_and(|said| !said.is_null()) {
            return;
        }
        self.object.remove(name);
        if self.fallbacks.contains_key(name) {
            return;
        }
        let path = format!("{}.{name}", self.path);
        self.taken
            .push((path, format!("no {name} was taken as {value}")));
        self.fallback(name, Some(Value::from(value)));
    }

    pub(crate) fn peek(&self, name: &str) -> Option<&Value> {
        self.object.get(name)
    }

    pub(crate) fn put(&mut self, name: &str, value: Value) {
        self.object.insert(name.to_owned(), value);
    }

    /// Reads a field. `None` means that a complaint has been noted.
    pub(crate) fn take<T: FieldValue>(&mut self, name: &'static str) -> Option<T> {
        let place = self.taken_fields;
        self.taken_fields += 1;
        let said = self.object.remove(name);
        let is_said = said.is_some();
        let value = match said {
            Some(value) => {
                self.present |= 1 << place;
                value
            }
            None => match self.fallbacks.remove(name) {
                Some(value) => value,
                None => {
                    let absent = T::absent();
                    if absent.is_none() {
                        let reason = format!("the field {name} is missing");
                        self.reasons.push((self.path.clone(), reason));
                    }
                    return absent;
                }
            },
        };
        let named = self.names.iter().find(|(_, to)| to == name);
        let called = named.map_or(name, |(from, _)| from);
        let mut words = Words {
            field: name,
            called,
            path: &self.path,
            mappings: self.notes.mappings,
            used: &mut self.notes.used,
            taken: &mut self.taken,
        };
        match T::from_json(value, &mut words) {
            Ok(value) => Some(value),
            // Another field's value, which is complained of there.
            Err(_) if !is_said => None,
            Err((below, reason)) => {
                self.reasons
                    .push((format!("{}.{called}{below}", self.path), reason));
                None
            }
        }
    }

    /// Everything that no column took.
    pub(crate) fn rest(&mut self) -> Fields {
        std::mem::take(&mut self.object)
    }

    /// Ends the reading: the record with what the file said of it, or a reject.
    pub(crate) fn finish<T>(self, record: Option<T>) -> Option<Found<T>> {
        match record {
            Some(record) if self.reasons.is_empty() => {
                for (path, message) in self.taken {
                    self.notes.warn(&path, message);
                }
                Some(Found {
                    record,
                    present: self.present,
                    fields: self.taken_fields,
                    file: self.notes.file.clone(),
                    path: self.path,
                    twins: self.twins,
                    is_of_words: false,
                })
            }
            _ => {
                self.notes.rejects.push(Reject {
                    file: self.notes.file.to_path_buf(),
                    path: self.path,
                    reasons: self.reasons,
                    record: Value::Null,
                });
                None
            }
        }
    }
}

/// A record as a file has it.
#[derive(Debug, Clone)]
pub(crate) struct Found<T> {
    pub(crate) record: T,
    /// A bit for each field with a column that the file speaks of, in their order; the others are
    /// as they would be in a new record.
    present: u64,
    fields: u32,
    pub(crate) file: Arc<Path>,
    pub(crate) path: String,
    /// The fields that it says twice.
    pub(crate) twins: Vec<Twin>,
    /// Made of words about the record, which stands in no document of its own.
    pub(crate) is_of_words: bool,
}

/// Whether two values say the same: texts that are one point in time do.
fn same(a: &Value, b: &Value) -> bool {
    let time = |value: &Value| value.as_str()?.parse::<Timestamp>().ok();
    a == b || time(a).is_some_and(|a| time(b) == Some(a))
}

impl<T> Found<T> {
    /// Whether the file speaks of the field at this place of the record's fields. What has no
    /// column is there because the file has it.
    pub(crate) fn says(&self, place: usize) -> bool {
        place >= self.fields as usize || self.present & (1 << place) != 0
    }
}
