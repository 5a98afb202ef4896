//! The changes that a copy records in the history of its target, so that it can be undone like an
//! import.

use sea_orm::{EntityTrait, QueryTrait};
use wsdb_core::{ChangeKind, JsonObject};

use super::table::Table;
use crate::change_log::PendingChange;
use crate::entity::{document_base, document_header};
use crate::history_writes::FieldChanges;
use crate::record::{Record, read};
use crate::tables::{BASES, HEADERS, with_record_type};
use crate::{Error, Store, Transaction, document_history, documents, history_writes};

/// Returns the deletions of the existing records and documents, those that others refer to last.
pub(super) async fn deletion_changes(
    target: &Store<Transaction>,
    tables: &[Table],
) -> Result<Vec<PendingChange>, Error> {
    let mut changes = Vec::new();
    for table in tables.iter().rev().filter(|table| table.records) {
        with_record_type!(table.name, R => {
            add_removals::<R>(target, table, &mut changes).await
        })?;
    }
    for (document, fields) in headers(target).await? {
        let (table, kind) = (HEADERS, ChangeKind::Removed);
        changes.push(PendingChange::of(
            table,
            kind,
            &document,
            Some(fields),
            None,
        ));
    }
    Ok(changes)
}

async fn add_removals<R: Record>(
    target: &Store<Transaction>,
    table: &Table,
    changes: &mut Vec<PendingChange>,
) -> Result<(), Error> {
    use sea_orm::ConnectionTrait;
    let select = R::Entity::find().into_query();
    for row in target.connection.query_all(&select).await? {
        match read::<R>(&row) {
            Ok(record) => {
                let id = record.id().as_ref().to_owned();
                let fields = Some(history_writes::fields(record));
                let kind = ChangeKind::Removed;
                changes.push(PendingChange::of(table.name, kind, &id, fields, None));
            }
            // A row that cannot be read cannot be restored either; it is replaced anyway.
            Err(Error::Corrupt { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn headers(target: &Store<Transaction>) -> Result<Vec<(String, JsonObject)>, Error> {
    let rows = document_header::Entity::find()
        .all(&target.connection)
        .await?;
    let rows = rows.into_iter();
    Ok(rows
        .filter_map(|row| Some((row.document, row.fields.0.ok()?)))
        .collect())
}

/// Returns the additions of the copied documents.
pub(super) async fn documents(target: &Store<Transaction>) -> Result<Vec<PendingChange>, Error> {
    let kind = ChangeKind::Added;
    let mut changes = Vec::new();
    for (document, fields) in headers(target).await? {
        changes.push(PendingChange::of(
            HEADERS,
            kind,
            &document,
            None,
            Some(fields),
        ));
    }
    let bases = document_base::Entity::find()
        .all(&target.connection)
        .await?;
    for base in bases {
        let diff = documents::diff_bytes(&base.kind, None, &base.records);
        changes.extend(diff.map(|FieldChanges { before, after }| {
            let kind = ChangeKind::Changed;
            PendingChange::of(BASES, kind, &base.kind, Some(before), Some(after))
        }));
    }
    changes.extend(document_history::addition_changes(target).await?);
    Ok(changes)
}
