//! The versions that records in files were made from, as the commits of the files show.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use wsdb_core::Json;
use wsdb_store::{DocumentEntry, EarlierVersion, RecordVersion, Rev, Store, Transaction};

use crate::digest::digest;
use crate::error::Error;
use crate::git::in_working_tree;
use crate::lineage::{WantedVersions, find_origins};
use crate::record::DocumentRecord;
use crate::record_reader::ParsedRecord;
use crate::unnamed_version::{combine, digests_of};

/// A record that names a version that is not known.
pub(crate) struct UnknownVersion<'a, T> {
    pub(crate) found: &'a ParsedRecord<T>,
    /// The version that it names.
    pub(crate) rev: Rev,
    /// What the file held of the record.
    pub(crate) held: Option<&'a DocumentEntry>,
    /// The record in the database.
    pub(crate) current: Option<RecordVersion>,
}

/// Returns the versions to merge with of the records whose origin the commits show, by id.
pub(crate) async fn find_committed<T: DocumentRecord>(
    store: &Store<Transaction>,
    mut unknown: Vec<UnknownVersion<'_, T>>,
) -> Result<HashMap<String, RecordVersion>, Error> {
    unknown.retain(|unknown| in_working_tree(&unknown.found.file).is_some());
    let mut bases = HashMap::new();
    if unknown.is_empty() {
        return Ok(bases);
    }
    let known = known_versions(store, &unknown).await?;
    let mut by_file: HashMap<&Path, Vec<UnknownVersion<'_, T>>> = HashMap::new();
    for unknown in unknown {
        by_file
            .entry(&unknown.found.file)
            .or_default()
            .push(unknown);
    }
    for (file, unknown) in by_file {
        let versions_of =
            |unknown: &UnknownVersion<'_, T>| known.get(unknown.found.record.id().as_ref());
        let wanted = unknown.iter().map(|unknown| {
            let versions = versions_of(unknown).into_iter().flatten();
            (unknown.rev, versions.map(|(rev, _)| *rev).collect())
        });
        let wanted: WantedVersions = wanted.collect::<HashMap<Rev, HashSet<Rev>>>();
        let origins = find_origins(file, wanted);
        for unknown in &unknown {
            let Some(origins) = origins.get(&unknown.rev) else {
                continue;
            };
            let versions = origins
                .iter()
                .filter_map(|rev| versions_of(unknown)?.get(rev).cloned());
            let versions: Vec<RecordVersion> = versions.collect();
            let base = match (&*versions, &unknown.current) {
                // A new file, or one that had no versions before, does not show what its records were made from.
                ([], _) if unknown.held.is_none_or(|held| held.rev.is_none()) => None,
                (versions, Some(current)) => {
                    Some(combine(&digests_of(unknown.found), current, versions))
                }
                (versions, None) => versions.first().cloned(),
            };
            let id = unknown.found.record.id().as_ref().to_owned();
            bases.extend(base.map(|base| (id, base)));
        }
    }
    Ok(bases)
}

/// Returns the known versions of each record, by id and by what identifies them in the file.
async fn known_versions<T: DocumentRecord>(
    store: &Store<Transaction>,
    unknown: &[UnknownVersion<'_, T>],
) -> Result<HashMap<String, HashMap<Rev, RecordVersion>>, Error> {
    let mut known: HashMap<String, HashMap<Rev, RecordVersion>> = HashMap::new();
    let mut ids_in_file: HashMap<&str, &str> = HashMap::new();
    for unknown in unknown {
        let id = unknown.found.record.id().as_ref();
        let held = unknown
            .held
            .and_then(|held| Some((held.rev?, held.version.clone())));
        known.entry(id.to_owned()).or_default().extend(held);
        ids_in_file.insert(id, unknown.found.id_in_file());
    }
    let mut add = |id: &str, version: RecordVersion| {
        let (Some(known), Some(id_in_file)) = (known.get_mut(id), ids_in_file.get(id)) else {
            return;
        };
        if *id_in_file != id {
            let mut in_file = version.clone();
            in_file.set(T::id_field(), digest(&Json::from(*id_in_file)));
            known.insert(T::rev_of(&in_file), version.clone());
        }
        known.insert(T::rev_of(&version), version);
    };
    let ids: Vec<String> = ids_in_file.keys().map(|id| (*id).to_owned()).collect();
    for (id, version) in store.documents().versions_of(T::KIND, &ids).await? {
        add(&id, version);
    }
    let mut visit = |earlier: EarlierVersion<T>| {
        if !earlier.is_withdrawn {
            add(earlier.record.id().as_ref(), earlier.record.version());
        }
        true
    };
    store.history().earlier_versions(&ids, &mut visit).await?;
    for unknown in unknown {
        let current = unknown.current.clone();
        current
            .into_iter()
            .for_each(|version| add(unknown.found.record.id().as_ref(), version));
    }
    Ok(known)
}
