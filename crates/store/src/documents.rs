//! What is stored about the workspace's files: the fields of a JSON document itself, the shapes of its
//! records, hashes of its files, and the texts of Markdown files. `document_records.rs` has what each
//! document held.

use std::collections::{BTreeSet, HashMap};

use sea_orm::EntityTrait;
use sea_orm::sea_query::OnConflict;
use wsdb_core::{ChangeKind, Json, JsonObject, RecordChange};

use crate::columns::JsonColumn;
use crate::entity::{document_base, document_header};
use crate::history_writes::FieldChanges;
use crate::shapes::{self, Shapes};
use crate::tables::{BASES, HEADERS};
use crate::{Connection, Error, Store, Transaction, file_hashes, history_writes};

/// Reads and writes what is stored about documents; see [`Store::documents`].
#[derive(Debug)]
pub struct Documents<'a, C> {
    pub(crate) store: &'a Store<C>,
    /// Whether what is written is recorded as a change that can be undone.
    pub(crate) is_change: bool,
}

/// Returns the name under which the positions of the records of a kind are stored, in the form of shapes.
pub fn order_key(kind: &str) -> String {
    format!("order of {kind}")
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

    /// Returns the shapes of the records of a kind in their files.
    pub async fn shapes(&self, kind: &str) -> Result<Shapes, Error> {
        let bytes = stored_bytes(self.store, &shapes_key(kind)).await?;
        Ok(bytes
            .map(|bytes| shapes::decode(&bytes))
            .unwrap_or_default())
    }

    /// Returns the positions of the records of a kind in their files, by id; none if an export has their
    /// order anyway.
    pub async fn positions(&self, kind: &str) -> Result<HashMap<String, usize>, Error> {
        let stored = self.shapes(&order_key(kind)).await?;
        let positions = stored.into_iter().flat_map(|(position, ids)| {
            let position = position.parse().unwrap_or(usize::MAX);
            ids.into_iter().map(move |id| (id, position))
        });
        Ok(positions.collect())
    }

    /// Stores the shapes of the records of a kind.
    pub async fn set_shapes(&self, kind: &str, shapes: &Shapes) -> Result<(), Error> {
        self.set_bytes(&shapes_key(kind), shapes::encode(shapes))
            .await
    }

    /// Returns the hashes of the contents that a document's file had when it was imported or
    /// exported, the latest first.
    pub async fn files(&self, document: &str) -> Result<Vec<u64>, Error> {
        let bytes = stored_bytes(self.store, &file_key(document)).await?;
        Ok(file_hashes::decode(&bytes.unwrap_or_default()))
    }

    /// Stores the hashes of the contents that a document's file had.
    pub async fn set_files(&self, document: &str, hashes: &[u64]) -> Result<(), Error> {
        let bytes = file_hashes::encode(hashes);
        self.set_bytes(&file_key(document), bytes).await
    }

    /// Returns the text that is stored of a file, such as a Markdown file at its last import or export.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the stored text is not valid UTF-8.
    pub async fn text(&self, file: &str) -> Result<Option<String>, Error> {
        let key = text_key(file);
        let bytes = stored_bytes(self.store, &key).await?;
        let text = bytes
            .filter(|bytes| !bytes.is_empty())
            .map(String::from_utf8);
        text.transpose()
            .map_err(|error| Error::corrupt(BASES, key, "records", error.to_string()))
    }

    /// Stores the text of a file, or deletes it.
    pub async fn set_text(&self, file: &str, text: Option<&str>) -> Result<(), Error> {
        let bytes = text.unwrap_or_default().as_bytes().to_vec();
        self.set_bytes(&text_key(file), bytes).await
    }

    /// Stores bytes under a key. Without bytes, there is no row.
    async fn set_bytes(&self, key: &str, bytes: Vec<u8>) -> Result<(), Error> {
        self.store
            .write(async |store| {
                let before = stored_bytes(store, key).await?;
                if before.as_deref().unwrap_or_default() == bytes {
                    return Ok(());
                }
                write_bytes(store, key, bytes.clone()).await?;
                if self.is_change {
                    record_bytes_change(store, key, before.as_deref(), &bytes).await
                } else {
                    Ok(())
                }
            })
            .await
    }
}

/// Prefix of the keys in the table `document_bases` whose values are hashes of files.
const FILE_PREFIX: &str = "file ";
/// Prefix of the keys in the table `document_bases` whose values are shapes.
const SHAPES_PREFIX: &str = "shapes ";
/// Prefix of the keys in the table `document_bases` whose values are texts of files.
const TEXT_PREFIX: &str = "text ";

fn file_key(document: &str) -> String {
    format!("{FILE_PREFIX}{document}")
}

fn shapes_key(kind: &str) -> String {
    format!("{SHAPES_PREFIX}{kind}")
}

fn text_key(file: &str) -> String {
    format!("{TEXT_PREFIX}{file}")
}

async fn stored_bytes<C: Connection>(
    store: &Store<C>,
    key: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let row = document_base::Entity::find_by_id(key)
        .one(&store.connection)
        .await?;
    Ok(row.map(|row| row.records))
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

async fn write_bytes(store: &Store<Transaction>, key: &str, bytes: Vec<u8>) -> Result<(), Error> {
    if bytes.is_empty() {
        document_base::Entity::delete_by_id(key)
            .exec(&store.connection)
            .await?;
        return Ok(());
    }
    let row = document_base::Model {
        kind: key.to_owned(),
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

/// Returns how the stored bytes changed, as the history stores it; `None` if the key is not known.
pub(crate) fn diff_bytes(key: &str, before: Option<&[u8]>, after: &[u8]) -> Option<FieldChanges> {
    let before = before.unwrap_or_default();
    if key.starts_with(FILE_PREFIX) {
        Some(FieldChanges {
            before: file_hashes::to_json(before),
            after: file_hashes::to_json(after),
        })
    } else if key.starts_with(SHAPES_PREFIX) {
        Some(shapes::diff(
            &shapes::decode(before),
            &shapes::decode(after),
        ))
    } else if key.starts_with(TEXT_PREFIX) {
        Some(FieldChanges {
            before: text_to_json(before),
            after: text_to_json(after),
        })
    } else {
        None
    }
}

/// Returns a text in the form that is stored in the history.
fn text_to_json(bytes: &[u8]) -> JsonObject {
    let text = String::from_utf8_lossy(bytes);
    [("text".to_owned(), text.as_ref().into())]
        .into_iter()
        .collect()
}

async fn record_bytes_change(
    store: &Store<Transaction>,
    key: &str,
    before: Option<&[u8]>,
    after: &[u8],
) -> Result<(), Error> {
    let Some(FieldChanges { before, after }) = diff_bytes(key, before, after) else {
        return Ok(());
    };
    let (kind, before, after) = (ChangeKind::Changed, Some(before), Some(after));
    history_writes::record_change(&store.connection, BASES, kind, key, before, after).await
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

/// Reverts a change of hashes or texts of files or of shapes; what was updated since is kept. `added` are the
/// ids of the records that the same action added.
pub(crate) async fn revert_bytes(
    store: &Store<Transaction>,
    change: &RecordChange,
    added: &BTreeSet<String>,
) -> Result<(), Error> {
    for key in &change.records {
        let current = stored_bytes(store, key).await?.unwrap_or_default();
        let reverted = if key.starts_with(FILE_PREFIX) {
            file_hashes::revert(&current, &change.before, &change.after)
        } else if key.starts_with(SHAPES_PREFIX) {
            let shapes = shapes::decode(&current);
            let shapes = shapes::revert(&shapes, &change.before, &change.after, added);
            (!shapes.is_empty()).then(|| shapes::encode(&shapes))
        } else if key.starts_with(TEXT_PREFIX) {
            if text_to_json(&current) != change.after {
                continue;
            }
            let before = change.before.get("text").and_then(Json::as_str);
            before.map(|text| text.as_bytes().to_vec())
        } else {
            // The merge base of a kind of record, from an earlier version of wsdb.
            continue;
        };
        let after = reverted.unwrap_or_default();
        write_bytes(store, key, after.clone()).await?;
        record_bytes_change(store, key, Some(&current), &after).await?;
    }
    Ok(())
}
