//! Parses the mappings of values and keys, and checks them against the fields of all kinds of records.

use wsdb_store::for_each_kind;

use crate::field::MappingCheck;
use crate::mappings::ValueMappings;
use crate::near_misses::{field_named, suggest_field};
use crate::record::DocumentRecord;

/// The fields of a kind of record.
struct KindFields {
    kind: &'static str,
    names: &'static [&'static str],
    check: fn(&str, &str) -> Option<MappingCheck>,
}

macro_rules! fields_of_kinds {
    ($($kind:ident: $record:ident,)*) => {
        [$(KindFields {
            kind: <wsdb_core::$record as DocumentRecord>::KIND,
            names: <wsdb_core::$record as DocumentRecord>::FIELDS,
            check: <wsdb_core::$record as DocumentRecord>::check_mapping,
        }),*]
    };
}

impl ValueMappings {
    /// Parses mappings of the form `FIELD.VALUE=KNOWN`, such as `status.wontfix=closed`, and of the
    /// form `KEY=FIELD`, such as `team=assigned_to`.
    ///
    /// # Errors
    /// Returns a message if the form is another one, or if there is no such field or known value.
    pub fn parse<S: AsRef<str>>(mappings: impl IntoIterator<Item = S>) -> Result<Self, String> {
        let mut all = ValueMappings::default();
        for mapping in mappings {
            all.add(mapping.as_ref())?;
        }
        Ok(all)
    }

    fn add(&mut self, mapping: &str) -> Result<(), String> {
        let value = mapping
            .split_once('.')
            .and_then(|(field, rest)| rest.rsplit_once('=').map(|(word, to)| (field, word, to)))
            .filter(|(field, ..)| !field.contains('='));
        match value {
            Some((field, word, to)) if ![field, word, to].contains(&"") => {
                check_value(mapping, field, to)?;
                let key = (field.to_owned(), word.to_lowercase());
                let before = self.values.insert(key, to.to_owned());
                if before.is_some_and(|before| before != to) {
                    return Err(format!("{field}.{word} is mapped to two different values"));
                }
                Ok(())
            }
            None if let Some((key, field)) = mapping.split_once('=')
                && ![key, field].contains(&"") =>
            {
                check_key(mapping, key, field)?;
                let other = self.keys.iter().find(|(other, _)| other == key);
                if other.is_some_and(|(_, other)| other != field) {
                    return Err(format!("{key} is mapped to two different fields"));
                }
                self.keys.push((key.to_owned(), field.to_owned()));
                Ok(())
            }
            _ => Err(format!(
                "invalid mapping {mapping:?}: expected FIELD.VALUE=KNOWN, such as \
                 status.wontfix=closed, or KEY=FIELD, such as team=assigned_to"
            )),
        }
    }
}

/// Returns whether a kind of record has a field with this name.
pub(crate) fn is_field(name: &str) -> bool {
    let kinds = for_each_kind!(fields_of_kinds);
    kinds.iter().any(|kind| kind.names.contains(&name))
}

/// Checks that a field has a list of known values that contains a word, for at least one kind.
fn check_value(mapping: &str, field: &str, word: &str) -> Result<(), String> {
    let kinds = for_each_kind!(fields_of_kinds);
    let checks: Vec<MappingCheck> = kinds
        .iter()
        .filter_map(|kind| (kind.check)(field, word))
        .collect();
    if checks.is_empty() {
        return Err(unknown_field(mapping, field));
    }
    if checks.contains(&MappingCheck::Known) {
        return Ok(());
    }
    let has_free_field = checks.contains(&MappingCheck::AnyWord);
    let mut reasons: Vec<String> = checks
        .into_iter()
        .filter_map(|check| match check {
            MappingCheck::Unknown(reason) => Some(reason),
            MappingCheck::Known | MappingCheck::AnyWord | MappingCheck::NotMappable => None,
        })
        .collect();
    reasons.sort_unstable();
    reasons.dedup();
    // Of a field with lists of known values in some kinds, one of the lists has to contain it.
    if reasons.is_empty() && has_free_field {
        return Ok(());
    }
    Err(match reasons.first() {
        Some(_) => format!("invalid mapping {mapping:?}: {}", reasons.join("; ")),
        None => format!(
            "invalid mapping {mapping:?}: {field} has no list of known values; only values of \
             fields such as status can be mapped"
        ),
    })
}

/// Checks that a kind of record has a field, which may be under another name of it, and not the key.
fn check_key(mapping: &str, key: &str, field: &str) -> Result<(), String> {
    let kinds = for_each_kind!(fields_of_kinds);
    let is_own = kinds.iter().any(|kind| kind.names.contains(&field));
    let mut with_field = kinds.iter().filter(|kind| {
        if is_own {
            kind.names.contains(&field)
        } else {
            field_named(kind.kind, kind.names, field).is_some()
        }
    });
    match with_field.clone().next() {
        None => Err(unknown_field(mapping, field)),
        Some(_) if with_field.all(|kind| kind.names.contains(&key)) => Err(format!(
            "invalid mapping {mapping:?}: {key} is already a field"
        )),
        Some(_) => Ok(()),
    }
}

fn unknown_field(mapping: &str, field: &str) -> String {
    let kinds = for_each_kind!(fields_of_kinds);
    let mut suggestions = kinds
        .iter()
        .filter_map(|kind| suggest_field(kind.names, field));
    let suggestion = suggestions
        .next()
        .map_or(String::new(), |field| format!("; did you mean {field}?"));
    format!("invalid mapping {mapping:?}: there is no field {field}{suggestion}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(mapping: &str) -> Result<ValueMappings, String> {
        ValueMappings::parse([mapping])
    }

    #[test]
    fn known_values_and_fields_are_accepted() {
        for mapping in [
            "status.wontfix=closed",
            "status.on hold=blocked",
            "severity.1.5=HIGH",
            "issue_type.bug=code_creep",
            "team=assigned_to",
            "repo=repos_affected",
            "team=owner",
            "team=depends_on",
        ] {
            assert!(parse(mapping).is_ok(), "{mapping}");
        }
    }

    #[test]
    fn unknown_values_and_fields_are_refused() {
        for mapping in [
            "status.x=nonsense",
            "statsu.x=closed",
            "title.x=y",
            "owner=nobody",
            "title=title",
            "status",
            "status.x=",
            "=title",
            "",
        ] {
            assert!(parse(mapping).is_err(), "{mapping}");
        }
        let error = parse("statsu.x=closed").expect_err("an unknown field");
        assert!(error.contains("did you mean status?"), "{error}");
    }
}
