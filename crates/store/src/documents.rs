//! What is stored about the workspace's JSON documents: the fields of a document itself, and its
//! merge base, that is, how each of its records looked at the last export or import.

use std::collections::BTreeSet;

use sea_orm::EntityTrait;
use sea_orm::sea_query::OnConflict;
use wsdb_core::{ChangeKind, JsonObject, RecordChange};

use crate::columns::JsonColumn;
use crate::entity::{document_base, document_header};
use crate::history_writes::FieldChanges;
use crate::tables::{BASES, HEADERS};
use crate::{Connection, Error, Store, Transaction, history_writes, merge_base};

/// Reads and writes headers and merge bases; see [`Store::documents`].
#[derive(Debug)]
pub struct Documents<'a, C> {
    store: &'a Store<C>,
    /// Whether what is written is recorded as a change that can be undone.
    is_change: bool,
}

impl<'a, C: Connection> Documents<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Documents {
            store,
            is_change: true,
        }
    }

    /// Writes without recording changes in the history: an export stores how records look, and
    /// changes none of them.
    pub fn without_history(self) -> Self {
        Documents {
            is_change: false,
            ..self
        }
    }

    /// Returns the fields of a document itself, such as `version`; `None` if it was never imported.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn header(&self, document: &str) -> Result<Option<JsonObject>, Error> {
        let row = document_header::Entity::find_by_id(document)
            .one(&self.store.connection)
            .await?;
        row.map(|row| {
            let fields = row.fields.0;
            fields.map_err(|reason| Error::corrupt(HEADERS, row.document, "fields", reason))
        })
        .transpose()
    }

    /// Stores the fields of a document itself.
    pub async fn set_header(&self, document: &str, fields: JsonObject) -> Result<(), Error> {
        self.store
            .write(async |store| {
                let before = store.documents().header(document).await?;
                if before.as_ref() == Some(&fields) {
                    return Ok(());
                }
                write_header(store, document, &fields).await?;
                if !self.is_change {
                    return Ok(());
                }
                let kind = match before {
                    Some(_) => ChangeKind::Changed,
                    None => ChangeKind::Added,
                };
                let after = Some(fields.clone());
                history_writes::record_change(
                    &store.connection,
                    HEADERS,
                    kind,
                    document,
                    before,
                    after,
                )
                .await
            })
            .await
    }

    /// Returns the merge base of a kind of record, an encoded [`crate::MergeBaseRef`]; `None` if the
    /// kind was never exported or imported.
    pub async fn base(&self, kind: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(document_base::Entity::find_by_id(kind)
            .one(&self.store.connection)
            .await?
            .map(|row| row.records))
    }

    /// Stores the merge base of a kind of record.
    pub async fn set_base(&self, kind: &str, records: Vec<u8>) -> Result<(), Error> {
        self.store
            .write(async |store| {
                let before = if self.is_change {
                    store.documents().base(kind).await?
                } else {
                    None
                };
                write_base(store, kind, records.clone()).await?;
                if self.is_change {
                    record_base_change(store, kind, before, Some(&records)).await
                } else {
                    Ok(())
                }
            })
            .await
    }

    /// Returns the hashes of the contents that a document's file had when it was imported or
    /// exported, the latest first.
    pub async fn files(&self, document: &str) -> Result<Vec<u64>, Error> {
        let bytes = self.base(&file_kind(document)).await?.unwrap_or_default();
        Ok(merge_base::hashes(&bytes))
    }

    /// Stores the hashes of the contents that a document's file had.
    pub async fn set_files(&self, document: &str, hashes: &[u64]) -> Result<(), Error> {
        let bytes = hashes.iter().flat_map(|hash| hash.to_le_bytes());
        self.set_base(&file_kind(document), bytes.collect()).await
    }
}

/// Prefix of the keys in the table of merge bases whose values are hashes of files.
const FILE_PREFIX: &str = "file ";

/// Returns whether the value under this key is the hashes of a file instead of a merge base.
pub(crate) fn is_file_hashes(kind: &str) -> bool {
    kind.starts_with(FILE_PREFIX)
}

fn file_kind(document: &str) -> String {
    format!("{FILE_PREFIX}{document}")
}

async fn write_header(
    store: &Store<Transaction>,
    document: &str,
    fields: &JsonObject,
) -> Result<(), Error> {
    let row = document_header::Model {
        document: document.to_owned(),
        fields: JsonColumn(Ok(fields.clone())),
    };
    document_header::Entity::insert(document_header::ActiveModel::from(row))
        .on_conflict(
            OnConflict::column(document_header::Column::Document)
                .update_column(document_header::Column::Fields)
                .to_owned(),
        )
        .exec_without_returning(&store.connection)
        .await?;
    Ok(())
}

async fn write_base(store: &Store<Transaction>, kind: &str, bytes: Vec<u8>) -> Result<(), Error> {
    let row = document_base::Model {
        kind: kind.to_owned(),
        records: bytes,
    };
    document_base::Entity::insert(document_base::ActiveModel::from(row))
        .on_conflict(
            OnConflict::column(document_base::Column::Kind)
                .update_column(document_base::Column::Records)
                .to_owned(),
        )
        .exec_without_returning(&store.connection)
        .await?;
    Ok(())
}

/// Records a change of a merge base in the history: only the differences that undo needs.
async fn record_base_change(
    store: &Store<Transaction>,
    kind: &str,
    before: Option<Vec<u8>>,
    after: Option<&[u8]>,
) -> Result<(), Error> {
    let (change, before, after) = match (before, after) {
        (before, Some(after)) if is_file_hashes(kind) => {
            let change = match before {
                Some(_) => ChangeKind::Changed,
                None => ChangeKind::Added,
            };
            let before = before.map(|before| merge_base::file_hashes_as_json(&before));
            (change, before, Some(merge_base::file_hashes_as_json(after)))
        }
        (Some(before), None) if is_file_hashes(kind) => {
            let before = merge_base::file_hashes_as_json(&before);
            (ChangeKind::Removed, Some(before), None)
        }
        (Some(before), Some(after)) => {
            let FieldChanges { before, after } = merge_base::diff(&before, after);
            if before.is_empty() {
                return Ok(());
            }
            (ChangeKind::Changed, Some(before), Some(after))
        }
        (None, Some(after)) => (ChangeKind::Added, None, Some(merge_base::hash(after))),
        (Some(before), None) => (
            ChangeKind::Removed,
            Some(merge_base::to_fields(&before)),
            None,
        ),
        (None, None) => return Ok(()),
    };
    history_writes::record_change(&store.connection, BASES, change, kind, before, after).await
}

/// Reverts a change of a document's own fields.
pub(crate) async fn revert_header(
    store: &Store<Transaction>,
    change: &RecordChange,
) -> Result<(), Error> {
    for document in &change.records {
        let current = store.documents().header(document).await?;
        let expected = (change.kind != ChangeKind::Removed).then_some(&change.after);
        // An export writes empty fields for a document that has none, outside of the history.
        let is_present = |fields: &&JsonObject| !fields.is_empty();
        if current.as_ref().filter(is_present) != expected.filter(is_present) {
            return Err(Error::UndoConflict {
                action: change.action,
                noun: "document",
                id: document.clone(),
                by: None,
            });
        }
        let (kind, before, after) = match change.kind {
            ChangeKind::Added => {
                document_header::Entity::delete_by_id(document)
                    .exec(&store.connection)
                    .await?;
                (ChangeKind::Removed, current, None)
            }
            ChangeKind::Changed => (ChangeKind::Changed, current, Some(change.before.clone())),
            ChangeKind::Removed => (ChangeKind::Added, None, Some(change.before.clone())),
        };
        if let Some(fields) = &after {
            write_header(store, document, fields).await?;
        }
        history_writes::record_change(&store.connection, HEADERS, kind, document, before, after)
            .await?;
    }
    Ok(())
}

/// Reverts a change of a merge base; what was updated since is kept. `added` are the records that
/// were added by the same action.
pub(crate) async fn revert_base(
    store: &Store<Transaction>,
    change: &RecordChange,
    added: &BTreeSet<String>,
) -> Result<(), Error> {
    for kind in &change.records {
        let current = store.documents().base(kind).await?;
        let reverted = match (change.kind, &current) {
            (_, current) if is_file_hashes(kind) => {
                let current = current.as_deref().unwrap_or_default();
                merge_base::revert_hashes(current, &change.before, &change.after)
            }
            (ChangeKind::Added, Some(current)) if merge_base::hash(current) == change.after => None,
            (ChangeKind::Added, Some(current)) => Some(merge_base::without_ids(current, added)),
            (ChangeKind::Changed, Some(current)) => {
                Some(merge_base::revert(current, &change.before, &change.after))
            }
            (ChangeKind::Removed, None) => merge_base::from_fields(&change.before),
            // An export or import has stored a new merge base since.
            (ChangeKind::Removed, Some(_)) | (_, None) => continue,
        };
        match &reverted {
            Some(bytes) => write_base(store, kind, bytes.clone()).await?,
            None => {
                document_base::Entity::delete_by_id(kind)
                    .exec(&store.connection)
                    .await?;
            }
        }
        record_base_change(store, kind, current, reverted.as_deref()).await?;
    }
    Ok(())
}
