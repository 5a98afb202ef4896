//! Reads one record from a JSON object, field by field, and collects the problems with their paths.

use wsdb_core::{Json, JsonObject, json_kind, type_mismatch};
use wsdb_store::Rev;

use crate::error::{Problem, Reject};
use crate::field::FieldValue;
use crate::file_diagnostics::{FileDiagnostics, KeyUse};
use crate::json;
use crate::near_misses::suggest_field;
use crate::report::Warning;
use crate::shape::ShapeBuilder;
use crate::value_context::ValueContext;

mod alternative_keys;
mod parsed_record;

pub(crate) use parsed_record::{AliasConflict, ParsedRecord};

/// Reads the object of one record.
pub(crate) struct RecordReader<'n, 'a> {
    object: JsonObject,
    /// Whether the file has an object here, which every record has to be.
    is_object: bool,
    path: String,
    /// A bit for each field that has been read: whether the file contains it.
    present: u64,
    /// How many fields have been read.
    field_count: u32,
    reasons: Vec<Problem>,
    warnings: Vec<Warning>,
    fallbacks: JsonObject,
    renames: Vec<Rename>,
    alias_conflicts: Vec<AliasConflict>,
    near_misses: Vec<NearMiss>,
    /// The keys of fields, if they are noted.
    shape: Option<ShapeBuilder>,
    /// The keys that were read as fields with another name.
    read_keys: Vec<ReadKey>,
    /// The keys that the user mapped to fields.
    mapped_keys: Vec<String>,
    /// The keys that are not known.
    unknown_keys: Vec<String>,
    rev: Option<Rev>,
    diagnostics: &'n mut FileDiagnostics<'a>,
}

/// The key that identifies the version of an exported record.
pub(crate) const REV_KEY: &str = "rev";

/// A field that has another name in the file.
#[derive(Debug, Clone)]
pub(crate) struct Rename {
    /// The name in the file.
    pub(crate) from: String,
    /// The name of the field.
    pub(crate) to: String,
}

impl Rename {
    pub(crate) fn new(from: &str, to: &str) -> Self {
        Rename {
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }
}

/// Returns the name under which a file has a field.
fn name_in_file<'f>(renames: &'f [Rename], field: &'f str) -> &'f str {
    let rename = renames.iter().find(|rename| rename.to == field);
    rename.map_or(field, |rename| &rename.from)
}

/// A key that was read as a field with another name.
#[derive(Debug)]
struct ReadKey {
    key: String,
    field: String,
    /// Whether it has a single value instead of a list.
    is_single: bool,
}

/// A key of the object that means a field with another name.
#[derive(Debug)]
struct NearMiss {
    key: String,
    field: &'static str,
    /// Whether it means the field only if the object does not have it.
    is_fallback: bool,
}

impl<'n, 'a> RecordReader<'n, 'a> {
    pub(crate) fn new(
        object: JsonObject,
        path: String,
        diagnostics: &'n mut FileDiagnostics<'a>,
    ) -> Self {
        RecordReader {
            object,
            is_object: true,
            path,
            present: 0,
            field_count: 0,
            reasons: Vec::new(),
            warnings: Vec::new(),
            fallbacks: JsonObject::new(),
            renames: Vec::new(),
            alias_conflicts: Vec::new(),
            near_misses: Vec::new(),
            shape: None,
            read_keys: Vec::new(),
            mapped_keys: Vec::new(),
            unknown_keys: Vec::new(),
            rev: None,
            diagnostics,
        }
    }

    /// Reads a value that has to be an object.
    pub(crate) fn of_value(
        value: Json,
        path: String,
        diagnostics: &'n mut FileDiagnostics<'a>,
    ) -> Self {
        let (object, reason) = match value {
            Json::Object(object) => (object, None),
            other => (JsonObject::new(), Some(type_mismatch("an object", &other))),
        };
        let mut reader = RecordReader::new(object, path, diagnostics);
        reader.is_object = reason.is_none();
        let path = &reader.path;
        reader
            .reasons
            .extend(reason.map(|reason| Problem::new(path.clone(), reason)));
        reader
    }

    /// Reports every value in the record that PostgreSQL cannot store.
    pub(crate) fn check_for_postgres(&mut self) {
        if self.diagnostics.for_postgres {
            json::find_unsupported(&self.object, &self.path, &mut self.reasons);
        }
    }

    /// Takes the version that the record names. Another value of the key may be a field of the user.
    pub(crate) fn take_rev(&mut self) {
        self.rev = take_rev(&mut self.object);
    }

    /// Adds fields that have other names in the file.
    pub(crate) fn add_renames(&mut self, renames: &[Rename]) {
        self.renames.extend_from_slice(renames);
    }

    /// Notes that the value under a key cannot be one of the field that the key means.
    pub(crate) fn note_misfit(&mut self, key: &str, name: &'static str) {
        self.diagnostics.note_key(key, KeyUse::Misfit(name));
    }

    /// Whether the record names the version that it was made from, as an exported one does.
    pub(crate) fn names_version(&self) -> bool {
        self.rev.is_some()
    }

    /// Sets the value that a new record gets if the file lacks the field.
    pub(crate) fn default_for_new(&mut self, name: &str, value: Option<Json>) {
        if let Some(value) = value {
            self.fallbacks.insert(name.to_owned(), value);
        }
    }

    /// Sets the value that is assumed if the field is missing or null, with a warning.
    pub(crate) fn default_with_warning(&mut self, name: &'static str, value: &str) {
        if self.object.get(name).is_some_and(|value| !value.is_null()) {
            return;
        }
        self.object.remove(name);
        if self.fallbacks.contains_key(name) {
            return;
        }
        if self.peek(name).is_some_and(|value| !value.is_null()) {
            // Only for a value under another key that cannot be one of the field.
            return self.default_for_new(name, Some(Json::from(value)));
        }
        let path = format!("{}.{name}", self.path);
        self.warnings.push(Warning {
            file: Some(self.diagnostics.file.to_path_buf()),
            path,
            message: format!("{name} is missing; assumed {value}"),
        });
        self.default_for_new(name, Some(Json::from(value)));
    }

    /// Returns the value of a field, also if it is under a key that means the field.
    pub(crate) fn peek(&self, name: &str) -> Option<&Json> {
        let near = || {
            let mut near = self.near_misses.iter().filter(|near| near.field == name);
            near.find_map(|near| self.object.get(&near.key))
        };
        self.object.get(name).or_else(near)
    }

    /// Returns whether a field is an empty text, also under every other key that means it.
    pub(crate) fn is_empty_text(&self, name: &str) -> bool {
        let own = self.object.get(name);
        let near = self.near_misses.iter().filter(|near| near.field == name);
        let mut values = own
            .into_iter()
            .chain(near.filter_map(|near| self.object.get(&near.key)));
        self.peek(name).is_some_and(Json::is_string) && values.all(is_blank)
    }

    /// Returns the id in a field, also if it is not a string.
    pub(crate) fn peek_id(&self, name: &str) -> Option<String> {
        let id = self.object.get(name).or(self.fallbacks.get(name))?;
        match id {
            Json::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    pub(crate) fn put(&mut self, name: &str, value: Json) {
        self.object.insert(name.to_owned(), value);
    }

    /// Notes a problem with a field.
    pub(crate) fn reject(&mut self, field: &str, reason: impl Into<String>) {
        let path = format!("{}.{}", self.path, name_in_file(&self.renames, field));
        self.reasons.push(Problem::new(path, reason));
    }

    /// Rejects the record because it lacks a field, with advice that may be empty. A value that is
    /// not an object is rejected for that only.
    pub(crate) fn reject_missing(&mut self, field: &str, advice: &str) {
        if self.is_object {
            let reason = format!("missing field {field:?}{advice}");
            self.reasons.push(Problem::new(self.path.clone(), reason));
        }
    }

    /// Returns the advice for a missing field: a key that is probably a typo of it.
    fn advice_for_missing(&self, name: &'static str) -> String {
        let mut keys = self.unknown_keys.iter();
        let typo = keys.find(|key| suggest_field(&[name], key).is_some());
        typo.map_or(String::new(), |key| {
            format!("; did you mean {name} instead of {key}?")
        })
    }

    /// Reads a field. Returns `None` if a problem was noted.
    pub(crate) fn take<T: FieldValue>(&mut self, name: &'static str) -> Option<T> {
        let index = self.field_count;
        self.field_count += 1;
        let value = self.take_value::<T>(name);
        let value = value.filter(|value| !self.diagnostics.is_strict || !is_blank(value));
        let is_in_file = value.is_some();
        let value = match value {
            Some(value) => {
                self.present |= 1 << index;
                value
            }
            None => match self.fallbacks.remove(name) {
                Some(value) => value,
                None => {
                    let absent = T::default_when_missing();
                    if absent.is_none() {
                        let advice = self.advice_for_missing(name);
                        self.reject_missing(name, &advice);
                    }
                    return absent;
                }
            },
        };
        match self.convert(name, value) {
            Ok(value) => Some(value),
            // The value comes from another field, whose problem is reported there.
            Err(_) if !is_in_file => None,
            Err(problems) => {
                self.reasons.extend(problems);
                None
            }
        }
    }

    /// Converts the value of a field; the error has the paths of the problems.
    fn convert<T: FieldValue>(&mut self, name: &str, value: Json) -> Result<T, Vec<Problem>> {
        let name_in_file = name_in_file(&self.renames, name);
        let mut context = ValueContext {
            field: name,
            name_in_file,
            file: &self.diagnostics.file,
            path: &self.path,
            mappings: self.diagnostics.mappings,
            is_strict: self.diagnostics.is_strict,
            used: &mut self.diagnostics.used,
            coercions: &mut self.warnings,
        };
        T::from_json(value, &mut context)
            .map_err(|found| Problem::all_below(found, &format!("{}.{name_in_file}", self.path)))
    }

    /// Removes and returns a value as it is; null counts as absent.
    pub(crate) fn take_json(&mut self, name: &str) -> Option<Json> {
        self.object.remove(name).filter(|value| !value.is_null())
    }

    /// Reads a list of strings, and notes every other value in it. An absent list is empty.
    pub(crate) fn take_strings(&mut self, name: &str) -> Vec<String> {
        match self.take_json(name) {
            Some(list) => self.convert_strings(name, list),
            None => Vec::new(),
        }
    }

    /// Returns the strings in a list, and notes every other value.
    pub(crate) fn convert_strings(&mut self, name: &str, list: Json) -> Vec<String> {
        let Json::Array(list) = list else {
            self.reject(name, type_mismatch("a list", &list));
            return Vec::new();
        };
        let mut strings = Vec::with_capacity(list.len());
        for (index, value) in list.into_iter().enumerate() {
            let found = match value {
                Json::String(text) if !text.trim().is_empty() => {
                    strings.push(text);
                    continue;
                }
                Json::String(_) => "an empty string",
                ref other => json_kind(other),
            };
            let reason = format!("expected a string, found {found}");
            self.reject(&format!("{name}[{index}]"), reason);
        }
        strings
    }

    /// Notes the remaining fields as unknown. `known` has each known field with its other names.
    pub(crate) fn reject_unknown_fields(&mut self, known: &[&[&str]]) {
        for (field, _) in std::mem::take(&mut self.object) {
            let known = known.iter().map(|names| match names {
                [name, others @ ..] if !others.is_empty() => {
                    format!("{name}/{}", others.join("/"))
                }
                names => names.join(", "),
            });
            let known = known.collect::<Vec<_>>().join(", ");
            self.reject(&field, format!("unknown field (expected one of: {known})"));
        }
    }

    /// Returns the fields that have no column.
    pub(crate) fn take_unknown_fields(&mut self) -> JsonObject {
        std::mem::take(&mut self.object)
    }

    /// Finishes reading: returns the record with its fields and file, or adds a reject.
    pub(crate) fn finish<T>(mut self, record: Option<T>) -> Option<ParsedRecord<T>> {
        match record {
            Some(record) if self.reasons.is_empty() => {
                let mut shape = self.shape.take();
                if let Some(shape) = &mut shape {
                    for read in &self.read_keys {
                        shape.key_of(&read.key, &read.field, read.is_single);
                    }
                }
                let shape = shape.map(|shape| self.diagnostics.share_shape(&shape));
                self.diagnostics.warnings.extend(self.warnings);
                Some(ParsedRecord {
                    record,
                    present: self.present,
                    field_count: self.field_count,
                    file: self.diagnostics.file.clone(),
                    path: self.path,
                    alias_conflicts: self.alias_conflicts,
                    is_inline: false,
                    rev: self.rev,
                    id_in_file: None,
                    shape,
                    is_nested_in_export: false,
                    is_recognized: false,
                    may_lack_name: false,
                    mapped_keys: self.mapped_keys,
                    inferred: Vec::new(),
                    follows_status: None,
                    implied: &[],
                })
            }
            _ => {
                let reject = Reject::new(&self.diagnostics.file, &self.path, self.reasons);
                self.diagnostics.rejects.push(reject);
                None
            }
        }
    }
}

/// Removes the version that an exported object names. Another value under this key is a field.
pub(crate) fn take_rev(object: &mut JsonObject) -> Option<Rev> {
    let rev = object.get(REV_KEY).and_then(Json::as_str)?.parse().ok()?;
    object.remove(REV_KEY);
    Some(rev)
}

/// Whether a value is null or a string without content.
pub(crate) fn is_blank(value: &Json) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Whether a value is nothing: null, or a blank string, a list or an object without content.
pub(crate) fn is_empty(value: &Json) -> bool {
    match value {
        Json::Array(list) => list.is_empty(),
        Json::Object(object) => object.is_empty(),
        value => is_blank(value),
    }
}
