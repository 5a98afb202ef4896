//! Keys of a record that mean a field with another name.

use wsdb_core::{Json, Timestamp};

use super::{
    AliasConflict, NearMiss, REV_KEY, ReadKey, RecordReader, Rename, is_blank, is_empty,
    name_in_file,
};
use crate::error::Problem;
use crate::field::FieldValue;
use crate::file_diagnostics::KeyUse;
use crate::near_misses::{KeyMeaning, field_named, is_blocked_reason, meaning_of};

impl RecordReader<'_, '_> {
    /// Declares another name of a field. If the file has both with different values, [`AliasConflict`] keeps
    /// them until the values of the last import or export show which one changed.
    pub(crate) fn alias(&mut self, alias: &str, name: &'static str) {
        let Some(value) = self.object.remove(alias) else {
            return;
        };
        let is_strict = self.diagnostics.is_strict;
        let other = self.object.get(name);
        let other = other.filter(|other| !is_strict || !other.is_null());
        if !is_strict && is_empty(&value) && other.is_some_and(|other| !is_empty(other)) {
            // Of two values, one that is empty does not count.
            self.object.insert(alias.to_owned(), value);
            return self.diagnostics.note_key(alias, KeyUse::Misfit(name));
        }
        self.read_keys.push(ReadKey {
            key: alias.to_owned(),
            field: name.to_owned(),
            is_single: false,
        });
        match other {
            _ if is_strict && value.is_null() => {}
            None => {
                self.object.insert(name.to_owned(), value);
                self.renames.push(Rename::new(alias, name));
            }
            Some(_) if is_strict => {
                self.reject(
                    alias,
                    format!("{alias} and {name} are the same field; keep only one of them"),
                );
            }
            Some(other) if json_values_equal(other, &value) => {}
            Some(other) if is_empty(other) => {
                self.object.insert(name.to_owned(), value);
                self.renames.push(Rename::new(alias, name));
                self.diagnostics.note_key(alias, KeyUse::Read(name));
            }
            Some(_) => self.alias_conflicts.push(AliasConflict {
                name: name.to_owned(),
                key: name_in_file(&self.renames, name).to_owned(),
                alias: alias.to_owned(),
                value,
            }),
        }
    }

    /// Declares another name of a field as [`Self::alias`] does, and notes that the field was read under it.
    pub(crate) fn alias_with_note(&mut self, alias: &str, name: &'static str) {
        let is_noted = self.object.contains_key(alias) && !self.object.contains_key(name);
        self.alias(alias, name);
        if is_noted && !self.diagnostics.is_strict {
            self.diagnostics.note_key(alias, KeyUse::Read(name));
        }
    }

    /// Adds the value of a field under another name, which the record keeps.
    pub(crate) fn add_second_value(&mut self, alias: &str, name: &str, value: Json) {
        self.alias_conflicts.push(AliasConflict {
            name: name.to_owned(),
            key: name_in_file(&self.renames, name).to_owned(),
            alias: alias.to_owned(),
            value,
        });
    }

    /// Renames the keys that the user mapped to fields of this kind, or to other names of them.
    pub(crate) fn apply_mapped_keys(&mut self, kind: &str, fields: &'static [&'static str]) {
        let mappings = self.diagnostics.mappings;
        for (key, field) in &mappings.keys {
            let Some(field) = field_named(kind, fields, field) else {
                continue;
            };
            if !fields.contains(&key.as_str()) && self.object.contains_key(key) {
                self.diagnostics.used.insert((key.clone(), String::new()));
                self.alias(key, field);
                if !self.object.contains_key(key) {
                    self.mapped_keys.push(key.clone());
                }
            }
        }
        // An export writes the fields, because the next import may have other mappings.
        self.read_keys.clear();
    }

    /// Finds the keys that are no fields, and which of them mean one.
    pub(crate) fn find_near_misses(&mut self, kind: &str, fields: &'static [&'static str]) {
        let mut shape = std::mem::take(&mut self.diagnostics.outer_shape);
        for (key, value) in &self.object {
            if fields.contains(&key.as_str()) {
                shape.key(key);
                continue;
            }
            if is_blocked_reason(kind, key, value) {
                continue;
            }
            match meaning_of(kind, fields, key) {
                KeyMeaning::Field { field, is_fallback } => self.near_misses.push(NearMiss {
                    key: key.clone(),
                    field,
                    is_fallback,
                }),
                // Only the database shows whether this is a field of the user.
                KeyMeaning::Unknown if key == REV_KEY => {}
                KeyMeaning::Unknown => {
                    self.diagnostics.note_key(key, KeyUse::Kept);
                    self.unknown_keys.push(key.clone());
                }
                KeyMeaning::Accepted => {}
            }
        }
        self.shape = Some(shape);
    }

    /// Removes and returns the value of a field, which may be under a key that means it. A value that
    /// cannot be one of the field stays under its own key.
    pub(super) fn take_value<T: FieldValue>(&mut self, name: &'static str) -> Option<Json> {
        let mut found = self.object.remove(name);
        for near in self
            .near_misses
            .extract_if(.., |near| near.field == name)
            .collect::<Vec<_>>()
        {
            let Some(value) = self.object.get(&near.key).cloned() else {
                continue;
            };
            let converted = self.try_convert::<T>(name, &value);
            let is_single = value.is_string() && converted.as_ref().is_some_and(Json::is_array);
            let own = found.as_ref().map(|own| self.try_convert::<T>(name, own));
            match (converted, own) {
                (Some(_), None) => {
                    self.renames.push(Rename::new(&near.key, name));
                    found = Some(value);
                }
                (Some(converted), Some(own)) if own.as_ref() == Some(&converted) => {}
                // Of two values, one that is empty does not count.
                (Some(converted), Some(_)) if is_empty(&converted) => {
                    self.diagnostics.note_key(&near.key, KeyUse::Misfit(name));
                    continue;
                }
                (Some(_), Some(_)) if !near.is_fallback && found.as_ref().is_some_and(is_empty) => {
                    self.renames.push(Rename::new(&near.key, name));
                    found = Some(value);
                }
                (Some(converted), Some(_)) if !near.is_fallback => {
                    self.alias_conflicts.push(AliasConflict {
                        name: name.to_owned(),
                        key: name_in_file(&self.renames, name).to_owned(),
                        alias: near.key.clone(),
                        value: converted,
                    });
                }
                (None, _) | (_, Some(_)) => {
                    self.diagnostics.note_key(&near.key, KeyUse::Misfit(name));
                    continue;
                }
            }
            self.object.remove(&near.key);
            self.read_keys.push(ReadKey {
                key: near.key.clone(),
                field: name.to_owned(),
                is_single,
            });
            self.diagnostics.note_key(&near.key, KeyUse::Read(name));
        }
        found
    }

    /// Returns the value of a field as it is written, if a value can be converted without losing
    /// its text.
    fn try_convert<T: FieldValue>(&mut self, name: &str, value: &Json) -> Option<Json> {
        let warnings = self.warnings.len();
        let converted: Result<T, Vec<Problem>> = self.convert(name, value.clone());
        self.warnings.truncate(warnings);
        let written = converted.ok()?.to_json();
        let is_lossless = value.is_null() || !is_blank(value) || written.is_string();
        is_lossless.then_some(written)
    }
}

/// Whether two values are equal, or strings that denote the same point in time.
fn json_values_equal(a: &Json, b: &Json) -> bool {
    let time = |value: &Json| value.as_str()?.parse::<Timestamp>().ok();
    a == b || time(a).is_some_and(|a| time(b) == Some(a))
}
