//! Document fields, such as `version` or `workspace`: merged like the fields of a record.

use std::collections::HashMap;
use std::sync::Arc;

use wsdb_core::{Json, JsonObject};
use wsdb_store::{DocumentEntry, KnownVersion, RecordVersion, Rev, Store, Transaction};

use crate::conflict::Conflict;
use crate::digest::{Digest, digest};
use crate::document::{Document, DocumentHeader};
use crate::error::Error;
use crate::identity::is_unchanged;
use crate::lineage::find_origins;
use crate::merge::MergeOptions;
use crate::merge_base::EntryChanges;
use crate::record_reader::{REV_KEY, take_rev};
use crate::report::{ConflictResolution, ImportSummary, Mode};
use crate::unnamed_version::combine;

/// The name of the document fields in reports, and in what files held.
pub(crate) const KIND: &str = "document fields";

/// The fields with counters, which an export computes.
const COUNTERS: [&str; 2] = ["task_counts", "issue_counts"];

/// The outcome for the fields of one document.
#[derive(Debug)]
pub(crate) struct HeaderChange {
    pub(crate) document: Document,
    before: Option<JsonObject>,
    pub(crate) fields: JsonObject,
    /// The change of what the file holds.
    entries: EntryChanges,
}

/// Returns what a file holds of the fields of its document.
pub(crate) fn entry(document: Document, rev: Option<Rev>, version: RecordVersion) -> DocumentEntry {
    DocumentEntry {
        id_in_file: document.file_name().to_owned(),
        record_id: document.file_name().to_owned(),
        rev,
        is_inline: false,
        version,
    }
}

/// Returns the digests of document fields.
pub(crate) fn version(fields: &JsonObject) -> RecordVersion {
    let fields = fields.iter();
    RecordVersion::new(fields.map(|(name, value)| (name.as_str(), digest(value))))
}

/// Returns the version that the fields of an exported document name; `None` if there are none, and if a
/// user keeps another value under the key.
pub(crate) fn named_rev(fields: &JsonObject, version: &RecordVersion) -> Option<Rev> {
    let has_fields = fields.keys().any(|name| !COUNTERS.contains(&name.as_str()));
    let is_named = has_fields && !fields.contains_key(REV_KEY);
    is_named.then(|| rev_of(version))
}

/// Returns what identifies a version of document fields.
fn rev_of(version: &RecordVersion) -> Rev {
    version.rev(&COUNTERS)
}

/// Returns the version from which the fields in a file were made.
async fn merge_base(
    store: &Store<Transaction>,
    DocumentHeader {
        document,
        file,
        fields: theirs,
    }: &DocumentHeader,
    rev: Option<Rev>,
    current: &[RecordVersion; 2],
    held: Option<&DocumentEntry>,
) -> Result<Option<RecordVersion>, Error> {
    let of_path = held.map(|held| held.version.clone());
    let held_rev = held.and_then(|held| held.rev);
    if rev == held_rev {
        return Ok(of_path);
    }
    let documents = store.documents();
    let Some(rev) = rev else {
        // The file named a version before: it is an older one, or a tool removed the key.
        let ids = [document.file_name().to_owned()];
        let mut similar = of_path;
        let count = |version: &RecordVersion| {
            let fields = theirs.iter();
            fields
                .filter(|(name, value)| is_unchanged(version, name, value))
                .count()
        };
        for (_, version) in documents.versions_of(KIND, &ids).await? {
            if similar
                .as_ref()
                .is_none_or(|best| count(&version) > count(best))
            {
                similar = Some(version);
            }
        }
        return Ok(similar);
    };
    if let Some(named) = current.iter().find(|current| rev_of(current) == rev) {
        return Ok(Some(named.clone()));
    }
    let known = documents.known_versions(KIND, &[rev]).await?;
    let known = known
        .into_iter()
        .find(|known| known.record_id == document.file_name() && rev_of(&known.version) == rev);
    if let Some(known) = known {
        return Ok(Some(known.version));
    }
    let ids = [document.file_name().to_owned()];
    let versions = documents.versions_of(KIND, &ids).await?.into_iter();
    let versions = versions.map(|(_, version)| version);
    let versions = versions.chain(current.iter().cloned());
    let mut versions: HashMap<Rev, RecordVersion> = versions
        .map(|version| (rev_of(&version), version))
        .collect();
    let wanted = HashMap::from([(rev, versions.keys().copied().collect())]);
    let origins = find_origins(file, wanted).remove(&rev);
    let origins = origins.map(|origins| {
        let origins = origins.iter().filter_map(|rev| versions.remove(rev));
        origins.collect::<Vec<RecordVersion>>()
    });
    let fields = theirs.iter();
    let fields: Vec<(String, Digest)> = fields
        .map(|(name, value)| (name.clone(), digest(value)))
        .collect();
    Ok(match origins {
        Some(origins) if !origins.is_empty() || held_rev.is_some() => {
            Some(combine(&fields, &current[0], &origins))
        }
        _ => of_path,
    })
}

/// Merges the document fields of the file with this path. `merged` are the fields after the merge of another
/// file of this import with the same document.
pub(crate) async fn plan_header(
    store: &Store<Transaction>,
    path: &Arc<str>,
    mut header: DocumentHeader,
    merged: Option<JsonObject>,
    options: MergeOptions,
    summary: &mut ImportSummary,
) -> Result<HeaderChange, Error> {
    let document = header.document;
    let rev = take_rev(&mut header.fields);
    let documents = store.documents();
    let stored = documents.header(document.file_name()).await?;
    let before = merged.or_else(|| stored.clone());
    let mut held = documents.entries(path, KIND).await?.into_iter();
    let held = held.find(|entry| entry.id_in_file == document.file_name());
    let mut entries = EntryChanges::default();
    let mut fields = before.clone().unwrap_or_default();
    if options.mode == Mode::Replace || before.is_none() {
        let theirs = header.fields;
        let after = entry(document, rev, version(&theirs));
        entries.set(path, held, Some(after));
        count(&fields, &theirs, summary);
        return Ok(HeaderChange {
            document,
            before,
            fields: theirs,
            entries,
        });
    }
    let current = version(&fields);
    let versions = [current.clone(), version(&stored.unwrap_or_default())];
    let base = merge_base(store, &header, rev, &versions, held.as_ref()).await?;
    let base = base.as_ref();
    let mut after = base.cloned().unwrap_or(current);
    let conflicts_before = summary.conflicts.len();
    for (name, theirs) in header.fields {
        let ours = fields.get(&name).cloned().unwrap_or(Json::Null);
        let is_same = |value| match base {
            Some(base) => is_unchanged(base, &name, value),
            // A field that the database lacks is new.
            None => value.is_null(),
        };
        let side = match (theirs == ours || is_same(&theirs), is_same(&ours)) {
            (true, _) => Some(ConflictResolution::Database),
            (false, true) => Some(ConflictResolution::File),
            (false, false) => options.prefer,
        };
        match side {
            Some(side) => {
                after.set(&name, digest(&theirs));
                if side == ConflictResolution::File {
                    fields.insert(name, theirs);
                }
            }
            None => summary.conflicts.push(Conflict {
                kind: KIND,
                id: document.file_name().to_owned(),
                field: Some(name),
                file: theirs,
                database: ours,
                id_in_database: None,
            }),
        }
    }
    // Without a merge base, the conflict must appear again at the next import.
    if base.is_some() || summary.conflicts.len() == conflicts_before {
        entries.set(path, held, Some(entry(document, rev, after)));
    }
    count(
        before.as_ref().unwrap_or(&JsonObject::new()),
        &fields,
        summary,
    );
    Ok(HeaderChange {
        document,
        before,
        fields,
        entries,
    })
}

/// Counts the changes of the fields.
fn count(before: &JsonObject, after: &JsonObject, summary: &mut ImportSummary) {
    let counts = &mut summary.document_fields;
    counts.kind = KIND;
    for (name, value) in after {
        match before.get(name) {
            None => counts.new += 1,
            Some(known) if known == value => counts.unchanged += 1,
            Some(_) => counts.changed += 1,
        }
    }
    let gone = before.keys().filter(|name| !after.contains_key(name));
    counts.deleted += gone.count();
}

/// Writes the fields and what the file holds if they changed. `is_change` is whether the import changes
/// anything else: a new document without fields is not a change.
pub(crate) async fn write(
    store: &Store<Transaction>,
    change: HeaderChange,
    is_change: bool,
) -> Result<(), Error> {
    let HeaderChange {
        document,
        before,
        fields,
        entries,
    } = change;
    entries.write(store, KIND).await?;
    if before.as_ref() != Some(&fields) {
        // The history has no index of these versions.
        let versions = before
            .iter()
            .filter(|fields| !fields.is_empty())
            .map(|fields| {
                let version = version(fields);
                KnownVersion::new(document.file_name(), rev_of(&version), version)
            });
        let mut documents = store.documents();
        documents
            .remember_versions(KIND, versions.collect())
            .await?;
        if !is_change {
            documents = documents.without_history();
        }
        documents.set_header(document.file_name(), fields).await?;
    }
    Ok(())
}
