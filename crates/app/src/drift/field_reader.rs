//! Reads the fields of a JSON object one by one and collects all problems.

use std::str::FromStr;

use wsdb_core::{Json, JsonObject, json_kind};

/// Reads the fields of a JSON object one by one.
pub(super) struct FieldReader<'a> {
    path: String,
    fields: JsonObject,
    known: Vec<String>,
    faults: &'a mut Vec<String>,
}

impl<'a> FieldReader<'a> {
    /// Creates a reader of the object at a JSON path; problems are added to `faults`.
    pub(super) fn new(path: &str, value: Json, faults: &'a mut Vec<String>) -> Self {
        let fields = match value {
            Json::Object(fields) => fields,
            other => {
                faults.push(format!(
                    "{path}: expected an object, found {}",
                    json_kind(&other)
                ));
                JsonObject::new()
            }
        };
        FieldReader {
            path: path.to_owned(),
            fields,
            known: Vec::new(),
            faults,
        }
    }

    /// Reports a problem with a field.
    pub(super) fn fault(&mut self, field: &str, problem: &str) {
        self.faults
            .push(format!("{}.{field}: {problem}", self.path));
    }

    /// Removes and returns a field by the first of its names that is present; null counts as
    /// absent.
    pub(super) fn take(&mut self, names: &[&'static str]) -> Option<(&'static str, Json)> {
        if let Some((name, others)) = names.split_first() {
            let others = match others {
                [] => String::new(),
                others => format!(" (or {})", others.join(", ")),
            };
            self.known.push(format!("{name}{others}"));
        }
        let mut found = None;
        for name in names {
            if let Some(value) = self.fields.remove(name)
                && !value.is_null()
            {
                match found {
                    None => found = Some((*name, value)),
                    Some(_) => self.fault(name, "the same field is also given under another name"),
                }
            }
        }
        found
    }

    /// Removes and returns a string with the name of its field; a blank one counts as absent.
    pub(super) fn text(&mut self, names: &[&'static str]) -> Option<(&'static str, String)> {
        match self.take(names)? {
            (_, Json::String(text)) if text.trim().is_empty() => None,
            (name, Json::String(text)) => Some((name, text)),
            (name, other) => {
                self.fault(
                    name,
                    &format!("expected a string, found {}", json_kind(&other)),
                );
                None
            }
        }
    }

    /// Like [`Self::text`], without the name.
    pub(super) fn string(&mut self, names: &[&'static str]) -> Option<String> {
        self.text(names).map(|(_, text)| text)
    }

    /// Removes a string and parses it.
    pub(super) fn parsed<T: FromStr<Err: ToString>>(
        &mut self,
        names: &[&'static str],
    ) -> Option<T> {
        let (name, text) = self.text(names)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(name, &error.to_string());
                None
            }
        }
    }

    /// Like [`Self::parsed`], and reports a field that is absent.
    pub(super) fn required<T: FromStr<Err: ToString>>(
        &mut self,
        names: &[&'static str],
    ) -> Option<T> {
        let faults = self.faults.len();
        let value = self.parsed(names);
        if value.is_none() && self.faults.len() == faults {
            self.fault(names[0], "is missing");
        }
        value
    }

    /// Removes a list of strings; an absent one is empty.
    pub(super) fn strings(&mut self, names: &[&'static str]) -> Vec<String> {
        match self.take(names) {
            Some((name, value)) => self.list(name, value),
            None => Vec::new(),
        }
    }

    /// Returns the strings in a list, and reports the other values.
    pub(super) fn list(&mut self, name: &str, value: Json) -> Vec<String> {
        let Json::Array(values) = value else {
            self.fault(
                name,
                &format!("expected a list, found {}", json_kind(&value)),
            );
            return Vec::new();
        };
        let mut list = Vec::with_capacity(values.len());
        for (index, value) in values.into_iter().enumerate() {
            match value {
                Json::String(text) if !text.trim().is_empty() => list.push(text),
                other => {
                    let found = match other {
                        Json::String(_) => "an empty string",
                        ref other => json_kind(other),
                    };
                    let item = format!("{name}[{index}]");
                    self.fault(&item, &format!("expected a string, found {found}"));
                }
            }
        }
        list
    }

    /// Reports the remaining fields as unknown.
    pub(super) fn reject_unknown(mut self) {
        let unknown: Vec<String> = self.fields.keys().cloned().collect();
        let known = self.known.join(", ");
        for field in unknown {
            self.fault(&field, &format!("unknown field (known: {known})"));
        }
    }
}
