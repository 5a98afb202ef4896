//! How changes of what files held are stored in the history, so that they can be undone.

use std::collections::BTreeMap;
use std::hash::Hasher;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sea_orm::EntityTrait;
use siphasher::sip::SipHasher13;
use wsdb_core::{ChangeKind, Json, JsonObject};

use crate::change_log::PendingChange;
use crate::document_entry::{DocumentEntry, EntryChange};
use crate::entity::document_record::Entity;
use crate::tables::DOCUMENT_RECORDS;
use crate::{Error, RecordVersion, Store, Transaction};

/// Number of entries whose change is one row of history.
const HISTORY_BATCH_SIZE: usize = 1000;

/// Describes how entries changed for the history: the entries before, and a hash of those after.
pub(crate) fn describe_changes(
    path: &str,
    kind: &str,
    changes: &[EntryChange],
) -> Vec<PendingChange> {
    let describe = |chunk: &[EntryChange]| {
        let before = chunk.iter().map(|change| {
            let before = change.before.as_ref().map_or(Json::Null, entry_to_json);
            (change.id().to_owned(), before)
        });
        let entries = chunk.iter().filter_map(|change| change.after.as_ref());
        let after = [
            ("path".to_owned(), path.into()),
            ("kind".to_owned(), kind.into()),
            ("hash".to_owned(), hash(entries).into()),
        ];
        PendingChange::of(
            DOCUMENT_RECORDS,
            ChangeKind::Changed,
            &format!("{kind} in {path}"),
            Some(before.collect()),
            Some(after.into_iter().collect()),
        )
    };
    changes.chunks(HISTORY_BATCH_SIZE).map(describe).collect()
}

/// Returns the additions of all entries.
pub(crate) async fn addition_changes(
    store: &Store<Transaction>,
) -> Result<Vec<PendingChange>, Error> {
    let mut files: BTreeMap<(String, String), Vec<EntryChange>> = BTreeMap::new();
    for row in Entity::find().all(&store.connection).await? {
        let file = (row.path.clone(), row.kind.clone());
        files.entry(file).or_default().push(EntryChange {
            before: None,
            after: Some(row.into()),
        });
    }
    let files = files.iter();
    Ok(files
        .flat_map(|((path, kind), changes)| describe_changes(path, kind, changes))
        .collect())
}

/// Returns an entry in the form that is stored in the history.
fn entry_to_json(entry: &DocumentEntry) -> Json {
    let DocumentEntry {
        id_in_file: _,
        record_id,
        rev,
        is_inline,
        version,
    } = entry;
    let fields = STANDARD_NO_PAD.encode(version.encode());
    let mut object = JsonObject::new();
    object.insert("record_id".to_owned(), record_id.as_str().into());
    object.insert("rev".to_owned(), rev.map(|rev| rev.to_string()).into());
    object.insert("is_inline".to_owned(), Json::Bool(*is_inline));
    object.insert("fields".to_owned(), fields.into());
    Json::Object(object)
}

/// Returns the entry that [`entry_to_json`] gave this form; `None` if it is not one.
pub(crate) fn entry_from_json(id: &str, entry: &Json) -> Option<DocumentEntry> {
    let fields = STANDARD_NO_PAD.decode(entry["fields"].as_str()?).ok()?;
    Some(DocumentEntry {
        id_in_file: id.to_owned(),
        record_id: entry["record_id"].as_str()?.to_owned(),
        rev: entry["rev"].as_str().and_then(|rev| rev.parse().ok()),
        is_inline: entry["is_inline"] == Json::Bool(true),
        version: RecordVersion::decode(&fields),
    })
}

/// Returns a hash of entries, whatever their order.
pub(crate) fn hash<'a>(entries: impl Iterator<Item = &'a DocumentEntry>) -> String {
    let mut entries: Vec<&DocumentEntry> = entries.collect();
    entries.sort_unstable_by(|a, b| a.id_in_file.cmp(&b.id_in_file));
    let mut hasher = SipHasher13::new();
    for entry in entries {
        let rev = entry.rev.map(|rev| rev.to_string()).unwrap_or_default();
        for part in [
            entry.id_in_file.as_bytes(),
            entry.record_id.as_bytes(),
            rev.as_bytes(),
            &[u8::from(entry.is_inline)],
            &entry.version.encode(),
        ] {
            hasher.write(&(part.len() as u64).to_le_bytes());
            hasher.write(part);
        }
    }
    format!("{:016x}", hasher.finish())
}
