//! Undoes actions, unless a later change would be lost.

mod remove;

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, SqlErr};
use wsdb_core::{Action, ActionId, ChangeKind, Json, JsonObject, RecordChange, command_of_verb};

use crate::entity::{action, record_change, session};
use crate::history::{History, mentions_record, read_action};
use crate::query::ID_BATCH_SIZE;
use crate::record::{Record, TableRow};
use crate::record_writes;
use crate::records::Records;
use crate::tables::{BASES, DOCUMENT_RECORDS, HEADERS, with_record_type};
use crate::{
    Connection, Error, Store, Transaction, document_records, documents, history_writes, json_eq,
};

/// The result of an undo.
#[derive(Debug, Clone, PartialEq)]
pub struct UndoSummary {
    /// The action that was undone, as it was before.
    pub action: Action,
    /// The action of the undo itself: undoing that one redoes the first.
    pub by: ActionId,
}

impl<C: Connection> History<'_, C> {
    /// Undoes an action completely: deletes what it added, restores what it deleted, and sets the
    /// fields that it changed to their previous values.
    ///
    /// # Errors
    /// [`Error::NoAction`] if there is no such action, [`Error::AlreadyUndone`],
    /// [`Error::InvalidState`] if it changed nothing, and [`Error::UndoConflict`] if a later change
    /// would be lost.
    pub async fn undo(&self, id: ActionId) -> Result<UndoSummary, Error> {
        self.store()
            .write(async |store| {
                // Each undo is an action of its own, even if one transaction undoes several.
                history_writes::end_action(&store.connection).await?;
                // Before the undo may restore another open session.
                history_writes::pin_session(&store.connection).await?;
                let row = action::Entity::find_by_id(id.0)
                    .one(&store.connection)
                    .await?;
                let action = read_action(row.ok_or(Error::NoAction(id))?)?;
                if let Some(by) = action.undone_by {
                    return Err(Error::AlreadyUndone { action: id, by });
                }
                let changes = store.history().changes(&[id], None).await?;
                if changes.is_empty() {
                    let command = command_of_verb(&action.verb);
                    let reason = format!("cannot undo {id} ({command}): it changed no records");
                    return Err(Error::InvalidState(reason));
                }
                let by = history_writes::ensure_action(&store.connection).await?;
                Undo { store, id, by }.run(changes).await?;
                clear_session(store, by).await?;
                set_action_column(store, by, action::Column::Undoes, Some(id.0)).await?;
                set_undone_by(store, id.0, Some(by)).await?;
                restore_states(store, &action).await?;
                history_writes::end_action(&store.connection).await?;
                Ok(UndoSummary {
                    action,
                    by: ActionId(by),
                })
            })
            .await
    }
}

async fn set_action_column(
    store: &Store<Transaction>,
    id: i64,
    column: action::Column,
    value: Option<i64>,
) -> Result<(), Error> {
    action::Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(action::Column::Id.eq(id))
        .exec(&store.connection)
        .await?;
    Ok(())
}

async fn set_undone_by(store: &Store<Transaction>, id: i64, by: Option<i64>) -> Result<(), Error> {
    set_action_column(store, id, action::Column::UndoneBy, by).await
}

/// Sets which actions are in effect after one was undone: the one that it undid is in effect again,
/// the one that this had undone is undone again, and so on.
async fn restore_states(store: &Store<Transaction>, undone: &Action) -> Result<(), Error> {
    let mut undoes = undone.undoes;
    let mut undone_by = None;
    while let Some(id) = undoes {
        set_undone_by(store, id.0, undone_by).await?;
        // Only an action that is in effect undoes another one.
        undone_by = undone_by.is_none().then_some(id.0);
        let row = action::Entity::find_by_id(id.0)
            .one(&store.connection)
            .await?;
        undoes = row.and_then(|row| row.undoes).map(ActionId);
    }
    Ok(())
}

/// Clears the session of an action whose session it has deleted: undoing an import may delete the
/// session that is open.
async fn clear_session(store: &Store<Transaction>, by: i64) -> Result<(), Error> {
    let known = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .into_query();
    action::Entity::update_many()
        .col_expr(
            action::Column::SessionId,
            Expr::value(Option::<String>::None),
        )
        .filter(action::Column::Id.eq(by))
        .filter(action::Column::SessionId.not_in_subquery(known))
        .exec(&store.connection)
        .await?;
    Ok(())
}

/// An action that is being undone.
struct Undo<'a> {
    store: &'a Store<Transaction>,
    id: ActionId,
    /// The action of the undo.
    by: i64,
}

impl Undo<'_> {
    async fn run(&self, changes: Vec<RecordChange>) -> Result<(), Error> {
        let added = changes.iter().filter(|c| c.kind == ChangeKind::Added);
        let added: BTreeSet<String> = added.flat_map(|c| c.records.iter().cloned()).collect();
        let mut rest = &changes[..];
        while let Some(last) = rest.last() {
            let group = &rest[rest.len() - batch_len(rest)..];
            rest = &rest[..rest.len() - group.len()];
            match last.table.as_str() {
                HEADERS => {
                    for change in group.iter().rev() {
                        documents::revert_header(self.store, change).await?;
                    }
                }
                BASES => {
                    for change in group.iter().rev() {
                        documents::revert_bytes(self.store, change, &added).await?;
                    }
                }
                DOCUMENT_RECORDS => {
                    for change in group.iter().rev() {
                        document_records::revert(self.store, change, &added).await?;
                    }
                }
                table => with_record_type!(table, R => self.revert::<R>(group).await)?,
            }
        }
        Ok(())
    }

    /// Reverts changes of one kind to different records of a table.
    async fn revert<R: Record>(&self, changes: &[RecordChange]) -> Result<(), Error> {
        let Some(first) = changes.first() else {
            return Ok(());
        };
        if first.kind == ChangeKind::Changed && first.records.len() > 1 {
            return self.revert_bulk_update::<R>(first).await;
        }
        let ids: Vec<String> = changes.iter().flat_map(|c| c.records.clone()).collect();
        for (number, chunk) in ids.chunks(ID_BATCH_SIZE).enumerate() {
            let records = Records::<_, R>::new(self.store).get_many(chunk).await?;
            let mut existing: HashMap<String, R> = records
                .into_iter()
                .map(|record| (record.id().as_ref().to_owned(), record))
                .collect();
            let change = |index: usize| changes.get(number * ID_BATCH_SIZE + index);
            match first.kind {
                ChangeKind::Removed => {
                    if let Some(id) = existing.keys().min() {
                        return Err(self.find_conflict::<R>(id, first.id).await?);
                    }
                    let mut records = Vec::with_capacity(chunk.len());
                    for index in (0..chunk.len()).rev() {
                        records.extend(
                            change(index).map(|c| record_from_fields::<R>(c.before.clone())),
                        );
                    }
                    let records: Vec<R> = records.into_iter().collect::<Result<_, _>>()?;
                    self.restore(records).await?;
                }
                ChangeKind::Changed => {
                    for (index, id) in chunk.iter().enumerate().rev() {
                        let Some(change) = change(index) else {
                            continue;
                        };
                        let Some(record) = existing.remove(id) else {
                            return Err(self.find_conflict::<R>(id, change.id).await?);
                        };
                        self.revert_update(change, record).await?;
                    }
                }
                ChangeKind::Added => {
                    let records = chunk.iter().map(|id| existing.remove(id).ok_or(id));
                    match records.collect::<Result<Vec<R>, &String>>() {
                        Ok(records) => self.remove(changes, records).await?,
                        Err(id) => {
                            return Err(self.find_conflict::<R>(id, first.id).await?);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    async fn restore<R: Record>(&self, records: Vec<R>) -> Result<(), Error> {
        let connection = &self.store.connection;
        match record_writes::insert_many(connection, &records, &|_| ()).await {
            Err(Error::Db(error))
                if matches!(
                    error.sql_err(),
                    Some(SqlErr::ForeignKeyConstraintViolation(_))
                ) =>
            {
                let id = records.first().map_or("", |record| record.id().as_ref());
                Err(Error::InvalidState(format!(
                    "cannot undo {}: {} {id} belongs to a record that was deleted; undo that deletion \
                     first",
                    self.id,
                    R::NOUN
                )))
            }
            result => result,
        }
    }

    async fn revert_update<R: Record>(
        &self,
        change: &RecordChange,
        current: R,
    ) -> Result<(), Error> {
        let mut fields = history_writes::fields(current.clone());
        for (name, after) in &change.after {
            if json_eq::json_numbers_equal(fields.get(name).unwrap_or(&Json::Null), after) {
                let before = change.before.get(name).cloned();
                fields.insert(name.clone(), before.unwrap_or_default());
            } else if !is_bookkeeping_column(name) {
                let id = current.id().as_ref();
                return Err(self.find_conflict::<R>(id, change.id).await?);
            }
        }
        record_writes::replace(
            &self.store.connection,
            current,
            record_from_fields::<R>(fields)?,
        )
        .await
    }

    /// Reverts a change that was made to many records in the same way.
    async fn revert_bulk_update<R: Record>(&self, change: &RecordChange) -> Result<(), Error> {
        let mut sample = None;
        for chunk in change.records.chunks(ID_BATCH_SIZE) {
            let records = Records::<_, R>::new(self.store).get_many(chunk).await?;
            let is_unchanged = |record: &R| {
                let fields = history_writes::fields(record.clone());
                let is_same = |(name, after): (&String, &Json)| {
                    json_eq::json_numbers_equal(fields.get(name).unwrap_or(&Json::Null), after)
                };
                change.after.iter().all(is_same)
            };
            let unchanged = records.iter().filter(|record| is_unchanged(record));
            let unchanged: HashSet<&str> = unchanged.map(|record| record.id().as_ref()).collect();
            if let Some(id) = chunk.iter().find(|id| !unchanged.contains(id.as_str())) {
                return Err(self.find_conflict::<R>(id, change.id).await?);
            }
            sample = records.into_iter().next().or(sample);
        }
        let Some(sample) = sample else {
            return Ok(());
        };
        let update = record_writes::BulkUpdate {
            sample,
            ids: change.records.clone(),
            before: change.after.clone(),
            after: change.before.clone(),
        };
        record_writes::update_many(&self.store.connection, update).await
    }

    /// Selects the changes of a table since one, newest first.
    fn select_changes_since(
        &self,
        table: &str,
        since: i64,
    ) -> sea_orm::Select<record_change::Entity> {
        record_change::Entity::find()
            .filter(record_change::Column::RecordTable.eq(table))
            .filter(record_change::Column::Id.gt(since))
            .order_by_desc(record_change::Column::Id)
    }

    fn other_actions_since(
        &self,
        table: &str,
        since: i64,
    ) -> sea_orm::Select<record_change::Entity> {
        let others = record_change::Column::ActionId.is_not_in([self.id.0, self.by]);
        self.select_changes_since(table, since).filter(others)
    }

    /// Returns the error for a later change to a record that would be lost.
    async fn find_conflict<R: Record>(&self, id: &str, since: i64) -> Result<Error, Error> {
        self.find_conflict_in(R::NOUN, R::Model::TABLE, id, since)
            .await
    }

    /// Returns the error for a later change in a table that would be lost, with the action that made
    /// it if that is in the history.
    async fn find_conflict_in(
        &self,
        noun: &'static str,
        table: &str,
        id: &str,
        since: i64,
    ) -> Result<Error, Error> {
        let by = self
            .other_actions_since(table, since)
            .filter(mentions_record(id));
        let rows = by.all(&self.store.connection).await?;
        let numbers: Vec<i64> = rows.iter().map(|row| row.action_id).collect();
        let in_effect = action::Entity::find()
            .filter(action::Column::Id.is_in(numbers.iter().copied()))
            .filter(action::Column::UndoneBy.is_null())
            .filter(action::Column::Undoes.is_null())
            .order_by_desc(action::Column::Id)
            .all(&self.store.connection)
            .await?;
        let by = in_effect.first().map(|row| row.id);
        Ok(Error::UndoConflict {
            action: self.id,
            noun,
            id: id.to_owned(),
            by: by.or(numbers.first().copied()).map(ActionId),
        })
    }
}

/// Returns whether a column doesn't count as a change that could be lost: times of the last change,
/// which follow from other changes, and of a lease's expiry.
fn is_bookkeeping_column(column: &str) -> bool {
    matches!(column, "updated" | "updated_at" | "expires")
}

/// Returns how many of the last changes can be reverted together.
fn batch_len(changes: &[RecordChange]) -> usize {
    let Some(last) = changes.last() else { return 0 };
    let mut seen = HashSet::new();
    let batch = changes.iter().rev().take_while(|change| {
        change.table == last.table
            && change.kind == last.kind
            // A change of many records is reverted by itself.
            && (change.records.len() == 1 && last.records.len() == 1 || std::ptr::eq(*change, last))
            && change.records.iter().all(|id| seen.insert(id.as_str()))
    });
    batch.count().max(1)
}

/// Builds a record from its columns.
pub(crate) fn record_from_fields<R: Record>(fields: JsonObject) -> Result<R, Error> {
    let row = Json::Object(fields)
        .decode()
        .map_err(|error| Error::InvalidState(format!("the history cannot be read: {error}")))?;
    R::read(row)
}
