//! Adds history from another database, keeping its action numbers.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, Value};
use wsdb_core::{Action, ActionWithChanges, Json, RecordChange};

use crate::bulk::BulkInsert;
use crate::change_log::PendingChange;
use crate::columns::{BindValue, Time};
use crate::entity::action;
use crate::history::History;
use crate::{Connection, Error, history_writes};

impl<C: Connection> History<'_, C> {
    /// Appends actions, with their changes, that continue the history in this database. Existing
    /// actions that they undo are marked as undone. If there was no history before, the action of
    /// this transaction is named [`Action::IMPORT_WITH_HISTORY`].
    ///
    /// # Errors
    /// [`Error::Conflict`] if an action number is already in use.
    pub async fn append_history(&self, history: &[ActionWithChanges]) -> Result<(), Error> {
        const COLUMNS: [&str; 7] = [
            "id",
            "time",
            "actor",
            "session_id",
            "verb",
            "undoes",
            "undone_by",
        ];
        let write = async |store: &crate::Store<crate::Transaction>| {
            let connection = &store.connection;
            if store.history().count(&Default::default()).await? == 0 {
                connection.log.set_action_name(Action::IMPORT_WITH_HISTORY);
            }
            let mut bulk = BulkInsert::new(connection, "actions", &COLUMNS);
            for chunk in history.chunks(bulk.max_rows()) {
                let rows = chunk.iter().map(|entry| entry.action.clone()).collect();
                let bind = |action: Action, backend: DbBackend, values: &mut Vec<Value>| {
                    values.push(action.id.0.into());
                    values.push(Time(Ok(action.time)).bound(backend));
                    values.push(action.actor.into());
                    values.push(action.session.map(String::from).into());
                    values.push(action.verb.into());
                    values.push(action.undoes.map(|id| id.0).into());
                    values.push(action.undone_by.map(|id| id.0).into());
                };
                bulk.insert(rows, bind).await.map_err(number_conflict)?;
            }
            bulk.end().await.map_err(number_conflict)?;
            let changes = history.iter().flat_map(|entry| &entry.changes);
            history_writes::write(connection, 0, changes.map(pending_change).collect()).await?;
            let imported: HashSet<i64> = history.iter().map(|entry| entry.action.id.0).collect();
            for ActionWithChanges { action, .. } in history {
                // The imported actions already have the number of the action that undid them.
                if let Some(undone) = action.undoes.filter(|id| !imported.contains(&id.0)) {
                    action::Entity::update_many()
                        .col_expr(action::Column::UndoneBy, Value::from(action.id.0).into())
                        .filter(action::Column::Id.eq(undone.0))
                        .filter(action::Column::UndoneBy.is_null())
                        .exec(connection)
                        .await?;
                }
            }
            history_writes::sync_sequence(connection).await
        };
        self.store().write(write).await
    }
}

fn number_conflict(error: sea_orm::DbErr) -> Error {
    if crate::error::is_taken(&error) {
        Error::Conflict {
            noun: "change",
            id: None,
        }
    } else {
        error.into()
    }
}

fn pending_change(change: &RecordChange) -> PendingChange {
    let text = |fields: &wsdb_core::JsonObject| {
        (!fields.is_empty()).then(|| Json::Object(fields.clone()).to_string())
    };
    let is_single = change.records.len() == 1;
    PendingChange {
        action: Some(change.action.0),
        table: change.table.clone(),
        id: change.records.first().filter(|_| is_single).cloned(),
        ids: (!is_single).then(|| Json::from(change.records.clone()).to_string()),
        kind: change.kind.as_str(),
        before: text(&change.before),
        after: text(&change.after),
    }
}
