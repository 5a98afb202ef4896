//! Gives records of the documents other ids, because different records here have theirs.

mod mentions;
mod recognized;
mod references;
mod rejected;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use wsdb_core::{Activity, Session};
use wsdb_store::{RenumberedRecord, Store, Transaction, for_each_kind};

use self::mentions::{Mentions, count_records_that_mention};
use self::recognized::find_recognized;
pub(crate) use self::references::{NewIds, OwnVersion};
use self::references::{apply, is_reference, set_rejected_ids};
use self::rejected::set_ids_of_rejected;
use crate::document::Contents;
use crate::document_paths::{DocumentPaths, files_of_folders};
use crate::error::Error;
use crate::identity::{
    are_different_records, has_name_of, has_only_date, is_same_record, lacks_time_of_creation,
};
use crate::left_out::find_left_out;
use crate::merge::{MergeOptions, RecordUnderOtherId, has_differences};
use crate::merge_base::{MergeBase, load_by_id, paths_of};
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::rejected_ids::RejectedIds;
use crate::rejected_records::RejectedRecords;
use crate::report::{ImportSummary, Mode, Renumbered, Warning};

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
    ($store:ident, $paths:ident, $contents:ident, $mentions:ident, $ids:ident, $summary:ident; $($kind:ident: $record:ident,)*) => {
        $(assign_ids::<wsdb_core::$record>(
            $store, $paths, &$contents.records.$kind, &$mentions, &mut $ids, $summary,
        ).await?;)*
    };
}

macro_rules! set_rejected {
    ($store:ident, $paths:ident, $contents:ident, $rejects:ident, $in_files:ident, $ids:ident; $($kind:ident: $record:ident,)*) => {
        $(set_ids_of_rejected::<wsdb_core::$record>(
            $store, $paths, &$contents.records.$kind, $rejects, &mut $in_files, &mut $ids,
        ).await?;)*
    };
}

macro_rules! count_texts {
    ($contents:ident, $ids:ident, $summary:ident; $($kind:ident: $record:ident,)*) => {
        [$(count_records_that_mention::<wsdb_core::$record>(
            &$contents.records.$kind, &$ids, &$summary.renumbered,
        )),*].into_iter().sum::<usize>()
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
/// are added to the summary. Rejected records do not share an id with a different record here. Returns the
/// ids that differ.
pub(crate) async fn renumber(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    contents: &mut Contents,
    options: MergeOptions,
    summary: &mut ImportSummary,
) -> Result<NewIds, Error> {
    let is_renumbering = options.renumber;
    let mut ids = NewIds::new(is_renumbering);
    let mut stored = store.documents().renumbered().await?;
    if !stored.is_empty() {
        for_each_kind!(restore_ids, store, paths, contents, stored, ids;);
        restore_references(paths, stored, &mut ids);
    }
    if options.mode == Mode::Merge && options.prefer.is_none() {
        let (rejects, mut in_files) = (&summary.rejects, RejectedRecords::default());
        for_each_kind!(set_rejected, store, paths, contents, rejects, in_files, ids;);
    }
    if is_renumbering {
        let mentions = Mentions::new(contents);
        for_each_kind!(find_made_apart, store, paths, contents, mentions, ids, summary;);
    }
    if !ids.is_empty() || is_renumbering {
        for_each_kind!(find_own, store, paths, contents, ids;);
    }
    if !summary.renumbered.is_empty() {
        let texts = for_each_kind!(count_texts, contents, ids, summary;);
        if texts > 0 {
            summary.warnings.push(warning_about_texts(texts));
        }
    }
    if !ids.is_empty() {
        apply(contents, &ids);
        set_rejected_ids(&mut summary.rejects, &ids);
    }
    Ok(ids)
}

/// Returns the warning that the texts of records mention the former ids of others.
fn warning_about_texts(records: usize) -> Warning {
    let (records, mention) = match records {
        1 => ("1 record".to_owned(), "mentions"),
        _ => (format!("{records} records"), "mention"),
    };
    Warning {
        file: None,
        path: String::new(),
        message: format!(
            "{records} in the files {mention} changed IDs in descriptions or other texts; these texts are not updated"
        ),
    }
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
            let current = known.get(found.record.id().as_ref());
            let current = current.map(|record| T::rev_of(&record.version()));
            let version = if current == found.rev {
                OwnVersion::Current
            } else {
                OwnVersion::Older
            };
            ids.add_own(found, version);
        }
    }
    Ok(())
}

/// Restores the ids that records of one kind got at earlier imports. Removes what is stored about the
/// records that the files contain.
async fn restore_ids_of<T: DocumentRecord>(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    all_found: &[ParsedRecord<T>],
    stored: &mut Vec<RenumberedRecord>,
    ids: &mut NewIds,
) -> Result<(), Error> {
    let of_kind = stored.extract_if(.., |stored| stored.kind == T::KIND);
    let of_kind: Vec<RenumberedRecord> = of_kind.collect();
    // The records in the database and what the files held, loaded when they are first needed.
    let mut stored_here = None;
    let mut in_files: HashSet<(Option<&str>, &str)> = HashSet::new();
    let files: Vec<_> = all_found
        .iter()
        .map(|found| paths.of(&found.file))
        .collect();
    for (found, path) in all_found.iter().zip(&files) {
        let id = found.record.id().as_ref();
        in_files.insert((Some(&**path), id));
        let candidates = of_kind
            .iter()
            .filter(|stored| stored.id_in_file == id && is_same_record(found, &stored.version));
        let candidates: Vec<&RenumberedRecord> = candidates.collect();
        if candidates.is_empty() {
            continue;
        }
        if stored_here.is_none() {
            let known = load_by_id::<T>(store).await?;
            let files = paths_of(paths, all_found);
            let base = MergeBase::load(store, &files, paths, all_found, &known).await?;
            stored_here = Some((known, base));
        }
        let restored = stored_here
            .as_ref()
            .and_then(|(known, base)| find_restored(found, path, known.get(id), base, &candidates));
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

/// Returns which of the renumbered records with its id in the file a record is. `own` is the record here
/// that has this id.
///
/// The file itself shows it best: which version it names, and what it held last. Elsewhere, a record that is
/// not our own was made at the same time, and has the same name if this time is only a date.
fn find_restored<'s, T: DocumentRecord>(
    found: &ParsedRecord<T>,
    path: &str,
    own: Option<&T>,
    base: &MergeBase,
    candidates: &[&'s RenumberedRecord],
) -> Option<&'s RenumberedRecord> {
    let (of_file, elsewhere): (Vec<_>, Vec<_>) = candidates
        .iter()
        .copied()
        .partition(|stored| stored.path.as_deref() == Some(path));
    let names_version = |stored: &&RenumberedRecord| found.rev.is_some() && stored.rev == found.rev;
    let mut all = of_file.iter().chain(&elsewhere).copied();
    if let Some(named) = all.find(names_version) {
        return Some(named);
    }
    if base.is_own(path, found) {
        return None;
    }
    let is_different = || own.is_none_or(|own| are_different_records(found, own));
    if !of_file.is_empty() || T::CREATED.is_none() || !is_different() {
        return of_file.first().copied();
    }
    // Of records that were made on the same day, the name shows which one it is.
    let is_date = has_only_date(&found.record);
    let mut elsewhere = elsewhere.into_iter();
    elsewhere.find(|stored| !is_date || has_name_of(found, &stored.version))
}

/// Restores the ids for references to records that the files do not contain: the documents of a folder
/// refer to each other, also to those that are not imported now.
fn restore_references(paths: &DocumentPaths, stored: Vec<RenumberedRecord>, ids: &mut NewIds) {
    let folders = files_of_folders(paths);
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
    mentions: &Mentions<'_>,
    ids: &mut NewIds,
    summary: &mut ImportSummary,
) -> Result<(), Error> {
    if found.is_empty() || T::CREATED.is_none() {
        return Ok(());
    }
    let known = load_by_id::<T>(store).await?;
    let base = MergeBase::load(store, &paths_of(paths, found), paths, found, &known).await?;
    let others = found.iter().filter(|found| ids.new_id(*found).is_none());
    let left_out = find_left_out(store, others, paths, &known, &base).await?;
    // A copy of a document of this workspace also contains records that nobody edited.
    let is_unedited = |found: &&ParsedRecord<T>| {
        let record = known.get(found.record.id().as_ref());
        ids.new_id(*found).is_none()
            && record.is_some_and(|record| !has_differences(found, &record.version(), |_| false))
    };
    let copies = found.iter().filter(is_unedited).map(|found| &found.file);
    let copies: HashSet<&Arc<Path>> = copies.collect();
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
            // A record that people wrote by hand often has only the date of its creation, and may have the
            // name of another one.
            left_out.contains(id)
                || is_of_other_session(found, record, ids)
                || base.of(&paths.of(&found.file), found).is_none()
                    && (are_different_records(found, *record)
                        || found.rev.is_none()
                            && lacks_time_of_creation(found)
                            && !copies.contains(&found.file)
                            && has_differences(found, &record.version(), is_reference))
        };
        match known.get(id) {
            Some(record) if !is_apart(&record) => _ = present.insert(id.to_owned()),
            // Our own record, which was deleted here.
            None if base.has_own_version(&paths.of(&found.file), found) => {
                present.insert(id.to_owned());
            }
            record => {
                if record.is_some_and(|record| is_of_other_session(found, record, ids)) {
                    // It is not the one in the file, even if both were made at the same time.
                    present.insert(id.to_owned());
                }
                others.push((found, record.is_some()));
            }
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
    used.extend(RejectedIds::new::<T>(&summary.rejects).ids);
    for (found, is_apart) in others {
        let id = found.record.id().as_ref();
        let is_taken = is_apart || present.contains(id);
        if ids.new_id(found).is_none() && is_taken {
            let new = next_id::<T>(store, id, &used, mentions).await?;
            used.insert(new.clone());
            if left_out.contains(id) {
                ids.add_left_out(&found.file, T::KIND, id, new.clone());
            }
            ids.add(&found.file, T::KIND, id, new.clone());
            summary.renumbered.push(Renumbered {
                kind: T::KIND,
                from: id.to_owned(),
                to: new,
            });
        }
    }
    Ok(())
}

/// Returns whether a record in a file is an activity of a session that gets another id, and the record here
/// with its id is not: ids that a document lacks are made from those of the sessions.
fn is_of_other_session<T: DocumentRecord>(
    found: &ParsedRecord<T>,
    record: &T,
    ids: &NewIds,
) -> bool {
    if T::KIND != Activity::KIND {
        return false;
    }
    let session = |record: &T| {
        let fields = record.to_fields();
        let session = fields.into_iter().find(|(name, _)| name == "session_id");
        session.and_then(|(_, id)| id.as_str().map(str::to_owned))
    };
    let references = ids.of(&found.file);
    let new =
        session(&found.record).and_then(|id| references?.new_id::<Session>(&id).map(str::to_owned));
    new.is_some() && new != session(record)
}

/// Returns the records that files have under other ids than the database has or had, by the ids in the files:
/// records of an export that another workspace renumbered. Those that the files contain under their own ids
/// are left out: somebody has copied them.
pub(crate) async fn find_under_other_ids<T: DocumentRecord>(
    store: &Store<Transaction>,
    paths: &DocumentPaths,
    found: &[ParsedRecord<T>],
    known: &HashMap<String, T>,
    base: &MergeBase,
) -> Result<HashMap<String, RecordUnderOtherId<T>>, Error> {
    if !T::HAS_REV || T::CREATED.is_none() {
        return Ok(HashMap::new());
    }
    let is_new = |found: &&ParsedRecord<T>| {
        let is_known = known.contains_key(found.record.id().as_ref());
        found.rev.is_some() && !is_known && base.of(&paths.of(&found.file), found).is_none()
    };
    let unmatched: Vec<_> = found.iter().filter(is_new).collect();
    if unmatched.is_empty() {
        return Ok(HashMap::new());
    }
    let present = found
        .iter()
        .filter(|found| !is_new(found))
        .map(|found| found.record.id().as_ref().to_owned());
    let recognized = find_recognized(store, &unmatched, known, &present.collect()).await?;
    let recognized = recognized.into_iter().map(|(found, id)| {
        let record = known.get(&id).cloned();
        let in_file = found.record.id().as_ref().to_owned();
        (in_file, RecordUnderOtherId { id, record })
    });
    Ok(recognized.collect())
}

/// Returns the next id of the kind's series, or of the one that an id belongs to, that no document
/// mentions: a reference to a record that the documents do not contain must not mean another one.
async fn next_id<T: DocumentRecord>(
    store: &Store<Transaction>,
    id: &str,
    used: &HashSet<String>,
    mentions: &Mentions<'_>,
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
    let mut number = store.last_number(&prefix).await?.max(highest) + 1;
    while mentions.contain(&prefix, number) {
        number += 1;
    }
    Ok(format!("{prefix}{number:0width$}"))
}
