//! Gives records of the documents other ids, because different records here have theirs.

mod recognized;
mod references;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use wsdb_store::{RenumberedRecord, Store, Transaction, for_each_kind};

use self::recognized::find_recognized;
use self::references::{NewIds, apply, is_reference, set_rejected_ids};
use crate::document::{Contents, Document};
use crate::document_paths::DocumentPaths;
use crate::error::Error;
use crate::left_out::find_left_out;
use crate::merge::{are_different_records, has_differences, has_name_of, has_only_date};
use crate::merge_base::{MergeBase, is_same_record, load_by_id, paths_of};
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::report::{ImportSummary, Renumbered};

macro_rules! restore_ids {
    ($store:ident, $paths:ident, $contents:ident, $stored:ident, $ids:ident; $($kind:ident: $record:ident,)*) => {
        $(restore_ids_of::<wsdb_core::$record>(
            $store, $paths, &$contents.records.$kind, &mut $stored, &mut $ids,
        ).await?;)*
    };
}

macro_rules! kind_of_name {
    ($name:ident; $($kind:ident: $record:ident,)*) => {{
        let kinds = [$(<wsdb_core::$record as DocumentRecord>::KIND),*];
        kinds.into_iter().find(|kind| *kind == $name)
    }};
}

macro_rules! find_made_apart {
    ($store:ident, $paths:ident, $contents:ident, $ids:ident, $renumbered:ident; $($kind:ident: $record:ident,)*) => {
        $(assign_ids::<wsdb_core::$record>(
            $store, $paths, &$contents.records.$kind, &mut $ids, $renumbered,
        ).await?;)*
    };
}

macro_rules! find_own {
    ($store:ident, $paths:ident, $contents:ident, $ids:ident; $($kind:ident: $record:ident,)*) => {
        $(find_own_of::<wsdb_core::$record>(
            $store, $paths, &$contents.records.$kind, &mut $ids,
        ).await?;)*
    };
}

/// Gives records the ids that they got at an earlier import of their file. With `is_renumbering`, those
/// that have other ids here get these, and those whose ids different records here have get new ids, which
/// are added to the summary.
pub(crate) async fn renumber(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    contents: &mut Contents,
    is_renumbering: bool,
    summary: &mut ImportSummary,
) -> Result<(), Error> {
    let mut ids = NewIds::default();
    let mut stored = store.documents().renumbered().await?;
    if !stored.is_empty() {
        for_each_kind!(restore_ids, store, paths, contents, stored, ids;);
        restore_references(paths, stored, &mut ids);
    }
    if is_renumbering {
        let renumbered = &mut summary.renumbered;
        for_each_kind!(find_made_apart, store, paths, contents, ids, renumbered;);
    }
    if !ids.is_empty() {
        for_each_kind!(find_own, store, paths, contents, ids;);
        apply(contents, &ids);
        set_rejected_ids(&mut summary.rejects, &ids);
    }
    Ok(())
}

/// Finds the records of one kind that are versions of our own.
async fn find_own_of<T: DocumentRecord>(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    found: &[ParsedRecord<T>],
    ids: &mut NewIds,
) -> Result<(), Error> {
    if found.is_empty() || !T::HAS_REV {
        return Ok(());
    }
    let known = load_by_id::<T>(store).await?;
    let base = MergeBase::load(store, &paths_of(paths, found), paths, found, &known).await?;
    for found in found {
        let is_renumbered = ids.new_id(found).is_some();
        if !is_renumbered && base.has_own_version(&paths.of(&found.file), found) {
            ids.add_own(found);
        }
    }
    Ok(())
}

/// Restores the ids that records of one kind got at earlier imports. Removes what is stored about the
/// records that the files contain.
async fn restore_ids_of<T: DocumentRecord>(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    found: &[ParsedRecord<T>],
    stored: &mut Vec<RenumberedRecord>,
    ids: &mut NewIds,
) -> Result<(), Error> {
    let of_kind = stored.extract_if(.., |stored| stored.kind == T::KIND);
    let of_kind: Vec<RenumberedRecord> = of_kind.collect();
    let mut known = None;
    let mut in_files: HashSet<(Option<&str>, &str)> = HashSet::new();
    let files: Vec<_> = found.iter().map(|found| paths.of(&found.file)).collect();
    for (found, path) in found.iter().zip(&files) {
        let id = found.record.id().as_ref();
        in_files.insert((Some(&**path), id));
        let candidates = of_kind
            .iter()
            .filter(|stored| stored.id_in_file == id && is_same_record(found, &stored.version));
        let mut candidates: Vec<&RenumberedRecord> = candidates.collect();
        if candidates.is_empty() {
            continue;
        }
        if known.is_none() {
            known = Some(load_by_id::<T>(store).await?);
        }
        let own = known.as_ref().and_then(|known| known.get(id));
        // Of records that were made on the same day, the name shows which one it is.
        if has_only_date(&found.record) && own.is_some_and(|own| has_name_of(found, &own.version()))
        {
            candidates.retain(|stored| has_name_of(found, &stored.version));
        }
        let (here, elsewhere): (Vec<_>, Vec<_>) = candidates
            .into_iter()
            .partition(|stored| stored.path.as_deref() == Some(&**path));
        let names_version =
            |stored: &&&RenumberedRecord| found.rev.is_some() && stored.rev == found.rev;
        let mut restored = here.first().or(elsewhere.iter().find(names_version));
        let is_different = || own.is_none_or(|own| are_different_records(found, own));
        if restored.is_none() && T::CREATED.is_some() && is_different() {
            restored = elsewhere.first();
        }
        if let Some(restored) = restored {
            ids.add(&found.file, T::KIND, id, restored.record_id.clone());
        }
    }
    let others = of_kind
        .iter()
        .filter(|stored| !in_files.contains(&(stored.path.as_deref(), &stored.id_in_file)));
    let others: Vec<_> = others.cloned().collect();
    stored.extend(others);
    Ok(())
}

/// Restores the ids for references to records that the files do not contain: the documents of a folder
/// refer to each other, also to those that are not imported now.
fn restore_references(paths: &DocumentPaths, stored: Vec<RenumberedRecord>, ids: &mut NewIds) {
    let mut folders: HashMap<String, &Path> = HashMap::new();
    for (file, path) in paths.iter() {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.insert(path.to_owned(), file);
        for document in Document::ALL {
            let path = match folder {
                "" if !path.starts_with('/') => document.file_name().to_owned(),
                folder => format!("{folder}/{}", document.file_name()),
            };
            folders.entry(path).or_insert(file);
        }
    }
    for stored in stored {
        let name = stored.kind.as_str();
        let kind = for_each_kind!(kind_of_name, name;);
        let file = stored.path.as_ref().and_then(|path| folders.get(path));
        if let (Some(file), Some(kind)) = (file, kind) {
            ids.add_if_missing(file, kind, &stored.id_in_file, stored.record_id);
        }
    }
}

/// Assigns ids to the records of one kind that have another id here, or were made apart from those in
/// the database.
async fn assign_ids<T: DocumentRecord>(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    found: &[ParsedRecord<T>],
    ids: &mut NewIds,
    renumbered: &mut Vec<Renumbered>,
) -> Result<(), Error> {
    if found.is_empty() || T::CREATED.is_none() {
        return Ok(());
    }
    let known = load_by_id::<T>(store).await?;
    let base = MergeBase::load(store, &paths_of(paths, found), paths, found, &known).await?;
    let different = found.iter().filter(|found| {
        let record = known.get(found.record.id().as_ref());
        ids.new_id(found).is_none()
            && record.is_some_and(|record| are_different_records(found, record))
            && base.of(&paths.of(&found.file), found).is_some()
    });
    let left_out = find_left_out(store, different).await?;
    // The ids here of the records in the files.
    let mut present: HashSet<String> = HashSet::new();
    let mut others = Vec::new();
    for found in found {
        let id = found.record.id().as_ref();
        if let Some(new) = ids.new_id(found) {
            present.insert(new.to_owned());
            continue;
        }
        let is_apart = |record: &&T| {
            // A record that people wrote by hand often has only the date of its creation.
            left_out.contains(id)
                || base.of(&paths.of(&found.file), found).is_none()
                    && (are_different_records(found, *record)
                        || found.rev.is_none() && has_differences(found, *record, is_reference))
        };
        match known.get(id) {
            Some(record) if !is_apart(&record) => _ = present.insert(id.to_owned()),
            record => others.push((found, record.is_some())),
        }
    }
    let unmatched: Vec<_> = others.iter().map(|(found, _)| *found).collect();
    let recognized = find_recognized(store, &unmatched, &known, &present).await?;
    for (found, id) in &recognized {
        ids.add(&found.file, T::KIND, found.record.id().as_ref(), id.clone());
        present.insert(id.clone());
    }
    let mut used: HashSet<String> = known.keys().cloned().collect();
    used.extend(
        found
            .iter()
            .map(|found| found.record.id().as_ref().to_owned()),
    );
    for (found, is_apart) in others {
        let id = found.record.id().as_ref();
        let is_taken = is_apart || present.contains(id);
        if ids.new_id(found).is_none() && is_taken {
            let new = next_id::<T>(store, id, &used).await?;
            used.insert(new.clone());
            ids.add(&found.file, T::KIND, id, new.clone());
            renumbered.push(Renumbered {
                kind: T::KIND,
                from: id.to_owned(),
                to: new,
            });
        }
    }
    Ok(())
}

/// Returns the next id of the kind's series, or of the one that an id belongs to.
async fn next_id<T: DocumentRecord>(
    store: &Store<Transaction>,
    id: &str,
    used: &HashSet<String>,
) -> Result<String, Error> {
    let (prefix, width) = match T::SERIES {
        Some(series) => (series.prefix().to_owned(), 3),
        None => match id.trim_end_matches(|c: char| c.is_ascii_digit()) {
            prefix if prefix.len() < id.len() => (prefix.to_owned(), id.len() - prefix.len()),
            prefix => (format!("{prefix}-"), 1),
        },
    };
    let number = |id: &String| id.strip_prefix(&prefix)?.parse::<u64>().ok();
    let highest = used.iter().filter_map(number).max().unwrap_or(0);
    let last = store.last_number(&prefix).await?.max(highest);
    Ok(format!("{prefix}{:0width$}", last + 1))
}
