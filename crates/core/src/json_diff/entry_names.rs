//! What identifies the entry of a list, and how a path names it.

use std::collections::HashMap;

use super::path::PathSegment;
use super::text_name::text_name;
use crate::Json;

/// Fields that identify an object, the most common one first.
const IDENTIFYING_FIELDS: [&str; 3] = ["name", "id", "key"];

/// What identifies an entry within its list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    field: &'static str,
    value: Json,
}

/// Returns what may identify an entry, the most common field first.
pub(super) fn identities(entry: &Json) -> impl Iterator<Item = Identity> {
    let object = entry.as_object();
    let fields = object.into_iter().flat_map(|object| {
        let values = IDENTIFYING_FIELDS.map(|field| (field, object.get(field)));
        values.into_iter().filter_map(|(field, value)| match value {
            Some(value @ (Json::String(_) | Json::Number(_))) => Some(Identity {
                field,
                value: value.clone(),
            }),
            _ => None,
        })
    });
    let of_text = text_name(entry).map(|name| Identity {
        field: IDENTIFYING_FIELDS[0],
        value: name.into(),
    });
    fields.chain(kubernetes_identity(entry)).chain(of_text)
}

/// Returns the kind and name of a Kubernetes object.
fn kubernetes_identity(entry: &Json) -> Option<Identity> {
    let object = entry.as_object()?;
    let kind = object.get("kind")?.as_str()?;
    let metadata = object.get("metadata")?.as_object()?;
    let name = metadata.get("name")?.as_str()?;
    Some(Identity {
        field: "name",
        value: format!("{kind} {name}").into(),
    })
}

/// Returns what identifies an entry besides its name.
pub(super) fn other_identity(entry: &Json) -> Option<Identity> {
    identities(entry).find(|identity| identity.field != IDENTIFYING_FIELDS[0])
}

/// Returns the version of an entry, which tells apart several entries of one name.
pub(super) fn version(entry: &Json) -> Option<&Json> {
    let version = entry.as_object()?.get("version")?;
    matches!(version, Json::String(_) | Json::Number(_)).then_some(version)
}

/// Returns how a path names each entry of a list. Several entries of one name in it, or in the
/// other version of the list, also have their version, or a number.
pub(super) fn entry_names(list: &[Json], other: &[Json]) -> Vec<PathSegment> {
    let count = |list: &[Json]| {
        let mut counts: HashMap<Identity, usize> = HashMap::new();
        for entry in list {
            if let Some(identity) = identities(entry).next() {
                *counts.entry(identity).or_default() += 1;
            }
        }
        counts
    };
    let (here, there) = (count(list), count(other));
    let is_repeated = |identity: &Identity| {
        let of = |counts: &HashMap<Identity, usize>| counts.get(identity).copied().unwrap_or(0);
        of(&here) > 1 || of(&there) > 1
    };
    let mut used: HashMap<String, usize> = HashMap::new();
    let named = list.iter().enumerate().map(|(index, entry)| {
        let Some(identity) = identities(entry).next() else {
            return PathSegment::Index(index);
        };
        let mut name = format_identity(&identity);
        if is_repeated(&identity)
            && let Some(version) = version(entry)
        {
            name = format!("{name} {}", format_text(version));
        }
        let number = used.entry(name.clone()).or_default();
        *number += 1;
        if *number > 1 {
            name = format!("{name} #{number}");
        }
        PathSegment::Entry { name, index }
    });
    named.collect()
}

fn format_identity(identity: &Identity) -> String {
    match &identity.value {
        Json::String(_) => format_text(&identity.value),
        // A number alone would look like an index.
        value => format!("{}={value}", identity.field),
    }
}

/// Formats a text so that it cannot be confused with an index or with the text around it.
fn format_text(value: &Json) -> String {
    let Json::String(text) = value else {
        return value.to_string();
    };
    let is_ambiguous = text.trim() != text
        || text.is_empty()
        || text.bytes().all(|byte| byte.is_ascii_digit())
        || text.contains(" #")
        || text.contains(|c: char| matches!(c, '[' | ']' | '"' | '=') || c.is_control());
    if is_ambiguous {
        value.to_string()
    } else {
        text.clone()
    }
}
