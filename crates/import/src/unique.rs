//! Rejects records that share a value that must be unique, such as an id.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use wsdb_core::{ArchitectureState, ComponentPlacement, ContextSwitch, natural_order};

use crate::error::{Problem, Reject, RejectedIdentity, RepeatedRecord};
use crate::identity::{digest_of_name, empty_name_of, time_of_creation};
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;

/// A value that must be unique among the records of a kind.
pub(crate) struct UniqueValue<T> {
    what: &'static str,
    pub(crate) of: fn(&T) -> Option<Cow<'_, str>>,
}

pub(crate) const STATE_NAME: UniqueValue<ArchitectureState> = UniqueValue {
    what: "state name",
    of: |state| Some(state.state_name.as_str().into()),
};

pub(crate) const PLACEMENT_OF: UniqueValue<ComponentPlacement> = UniqueValue {
    what: "placement of",
    of: |placement| {
        let state = placement.architecture_state_id.as_ref()?;
        Some(format!("{} in {state}", placement.component_name).into())
    },
};

pub(crate) const CONTEXT_ID: UniqueValue<ContextSwitch> = UniqueValue {
    what: "context ID",
    of: |visit| visit.context_id.as_deref().map(Cow::Borrowed),
};

/// Removes the records that repeat the id of an earlier one.
pub(crate) fn reject_repeated_ids<T: DocumentRecord>(
    parsed: &mut Vec<ParsedRecord<T>>,
    rejects: &mut Vec<Reject>,
) {
    note_repeated_ids_of_rejects(parsed, rejects);
    let id = UniqueValue::<T> {
        what: "ID",
        of: |record| Some(record.id().as_ref().into()),
    };
    reject_repeated(parsed, rejects, id);
}

/// Adds the repeated ids of the records within rejected ones to the rejects, so that fixing their other
/// problems does not lead to the next one. Only ids that the files contain count.
pub(crate) fn note_repeated_ids_within<T: DocumentRecord>(
    parsed: &[ParsedRecord<T>],
    within: &[ParsedRecord<T>],
    rejects: &mut [Reject],
) {
    let has_id = |parsed: &&ParsedRecord<T>| {
        let at = T::FIELDS.iter().position(|field| *field == T::id_field());
        at.is_some_and(|at| parsed.has_field(at))
    };
    let mut first: HashMap<&str, &ParsedRecord<T>> = HashMap::new();
    for parsed in parsed.iter().filter(has_id).filter(|_| !within.is_empty()) {
        first.entry(parsed.record.id().as_ref()).or_insert(parsed);
    }
    for nested in within.iter().filter(has_id) {
        let id = nested.record.id().as_ref();
        let other = match first.entry(id) {
            Entry::Occupied(other) => *other.get(),
            Entry::Vacant(place) => {
                place.insert(nested);
                continue;
            }
        };
        let is_parent = |reject: &&mut Reject| {
            let below = nested.path.strip_prefix(&reject.path);
            *reject.file == *nested.file && below.is_some_and(|below| below.starts_with('.'))
        };
        let place = format_place(&nested.file, &other.file, &other.path);
        let reason = format!("duplicate ID {id} (also defined at {place})");
        if let Some(parent) = rejects.iter_mut().find(is_parent) {
            parent
                .reasons
                .push(Problem::new(nested.path.clone(), reason));
        }
    }
}

/// Adds to the rejects of a kind that another record has the same id, so that fixing their other
/// problems does not lead to the next one.
fn note_repeated_ids_of_rejects<T: DocumentRecord>(
    parsed: &[ParsedRecord<T>],
    rejects: &mut [Reject],
) {
    let is_of_kind = |reject: &Reject| {
        let identity = reject.identity.as_ref();
        identity.is_some_and(|identity| identity.kind == T::KIND && identity.id.is_some())
    };
    if !rejects.iter().any(is_of_kind) {
        return;
    }
    let mut first: HashMap<String, (PathBuf, String)> = HashMap::with_capacity(parsed.len());
    for parsed in parsed {
        let id = parsed.record.id().as_ref().to_owned();
        let place = || (parsed.file.to_path_buf(), parsed.path.clone());
        first.entry(id).or_insert_with(place);
    }
    for reject in rejects.iter_mut().filter(|reject| is_of_kind(reject)) {
        let id = reject.identity.as_ref().and_then(|one| one.id.clone());
        let Some(id) = id else { continue };
        match first.entry(id) {
            Entry::Occupied(other) => {
                let (file, path) = other.get();
                let place = format_place(&reject.file, file, path);
                let reason = format!("duplicate ID {} (also defined at {place})", other.key());
                reject
                    .reasons
                    .push(Problem::new(reject.path.clone(), reason));
            }
            Entry::Vacant(place) => {
                place.insert((reject.file.clone(), reject.path.clone()));
            }
        }
    }
}

/// Formats where another record is, for a message about a record in `file`.
fn format_place(file: &Path, other: &Path, path: &str) -> String {
    if file == other {
        path.to_owned()
    } else {
        format!("{}, {path}", other.display())
    }
}

/// Removes the records that repeat a value of an earlier one.
pub(crate) fn reject_repeated<T: DocumentRecord>(
    parsed: &mut Vec<ParsedRecord<T>>,
    rejects: &mut Vec<Reject>,
    UniqueValue { what, of: key }: UniqueValue<T>,
) {
    let mut first: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(parsed.len());
    let mut repeats: Vec<(usize, usize)> = Vec::new();
    for (index, parsed) in parsed.iter().enumerate() {
        if let Some(key) = key(&parsed.record) {
            let at = *first.entry(key).or_insert(index);
            if at != index {
                repeats.push((index, at));
            }
        }
    }
    for (index, at) in repeats.into_iter().rev() {
        let (file, path) = (parsed[at].file.clone(), parsed[at].path.clone());
        let repeat = parsed.remove(index);
        let first = format_place(&repeat.file, &file, &path);
        let value = key(&repeat.record).unwrap_or_default();
        let reason = format!("duplicate {what} {value} (first defined at {first})");
        let id = repeat.record.id().as_ref();
        let is_id = *value == *id;
        let mut reject = reject(&repeat, reason);
        reject.empty_names.extend(empty_name_of(&repeat));
        if is_id {
            // The id may be the mistyped one of another record.
            reject.repeated = Some(Box::new(RepeatedRecord {
                name: digest_of_name(&repeat.record),
                created: time_of_creation(&repeat.record),
            }));
        }
        rejects.push(reject);
    }
}

/// Notes which records in the database, that the documents do not contain, the rejected ones with
/// repeated ids may be: they have the same name, or were made at the same time. Returns the ids of both.
pub(crate) fn note_possible_records<T: DocumentRecord>(
    parsed: &[ParsedRecord<T>],
    stored: &[T],
    rejects: &mut [Reject],
) -> Vec<(String, String)> {
    let ids: HashSet<&str> = parsed.iter().map(|p| p.record.id().as_ref()).collect();
    let mut absent: Vec<&T> = stored
        .iter()
        .filter(|record| !ids.contains(record.id().as_ref()))
        .collect();
    absent.sort_by(|a, b| natural_order(a.id().as_ref(), b.id().as_ref()));
    let mut possible = Vec::new();
    for reject in rejects {
        let (Some(identity), Some(repeated)) = (&reject.identity, &reject.repeated) else {
            continue;
        };
        if identity.kind != T::KIND {
            continue;
        }
        let may_be = |record: &&&T| {
            let created = time_of_creation(**record).filter(|time| !time.is_date());
            repeated.name.is_some() && digest_of_name(**record) == repeated.name
                || created.is_some() && created == repeated.created
        };
        let own_id = identity.id.clone().unwrap_or_default();
        for record in absent.iter().filter(may_be) {
            let id = record.id().as_ref().to_owned();
            possible.push((id.clone(), own_id.clone()));
            let (kind, id) = (T::KIND, Some(id));
            reject.contained.push(RejectedIdentity { kind, id });
        }
    }
    possible
}

/// Removes the records that repeat a value of a record in the database, which stays there.
pub(crate) fn reject_taken<T: DocumentRecord>(
    parsed: &mut Vec<ParsedRecord<T>>,
    stored: &[T],
    is_kept: impl Fn(&T) -> bool,
    rejects: &mut Vec<Reject>,
    UniqueValue { what, of: key }: UniqueValue<T>,
) {
    let ids: HashSet<&str> = parsed.iter().map(|p| p.record.id().as_ref()).collect();
    // A record in the file gets the value that it has there.
    let kept = stored
        .iter()
        .filter(|record| !ids.contains(record.id().as_ref()) && is_kept(record));
    let taken: HashMap<Cow<'_, str>, &T> = kept
        .filter_map(|record| Some((key(record)?, record)))
        .collect();
    if taken.is_empty() {
        return;
    }
    let repeats = parsed.extract_if(.., |parsed| {
        key(&parsed.record).is_some_and(|value| taken.contains_key(&value))
    });
    for repeat in repeats {
        let value = key(&repeat.record).unwrap_or_default();
        let other = taken.get(&value).map_or("", |other| other.id().as_ref());
        let reason =
            format!("duplicate {what} {value} (already defined by {other} in the database)");
        rejects.push(reject(&repeat, reason));
    }
}

/// Returns the reject of a record for one reason.
pub(crate) fn reject<T: DocumentRecord>(parsed: &ParsedRecord<T>, reason: String) -> Reject {
    let reasons = vec![Problem::new(parsed.path.clone(), reason)];
    let id = parsed.record.id().as_ref().to_owned();
    Reject::new(&parsed.file, &parsed.path, reasons).of_record(T::KIND, Some(id))
}
