//! The history: every action, and how it changed each record.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Condition, Expr, ExprTrait, LikeExpr};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use wsdb_core::{Action, ActionId, ChangeKind, HistoryFilter, JsonObject, RecordChange, SessionId};

use crate::columns::Time;
use crate::document_records::ForgottenIds;
use crate::entity::{action, record_change};
use crate::query::ID_BATCH_SIZE;
use crate::tables::{BASES, DOCUMENT_RECORDS, HEADERS};
use crate::{Connection, Error, Store, history_writes, query};

/// Reads the history, undoes and prunes it; see [`Store::history`].
#[derive(Debug)]
pub struct History<'a, C> {
    store: &'a Store<C>,
}

fn condition(filter: &HistoryFilter) -> Condition {
    use action::Column;
    let changes = |condition: Condition| {
        let changes = record_change::Entity::find()
            .select_only()
            .column(record_change::Column::ActionId)
            .filter(condition);
        Column::Id.in_subquery(sea_orm::QueryTrait::into_query(changes))
    };
    let record = filter
        .record
        .as_deref()
        .map(|id| changes(mentions_record(id)));
    let numbers: Vec<i64> = filter.actions.iter().map(|id| id.0).collect();
    let in_effect = filter.in_effect.then(|| {
        Condition::all()
            .add(Column::UndoneBy.is_null())
            .add(Column::Undoes.is_null())
            .add(changes(Condition::all()))
    });
    Condition::all()
        .add_option((!numbers.is_empty()).then(|| Column::Id.is_in(numbers)))
        .add_option(record)
        .add_option(query::since(Column::Time, filter.since))
        .add_option(
            filter
                .before
                .map(|time| Expr::col(Column::Time).lt(time.utc())),
        )
        .add_option(query::any(Column::SessionId, &filter.session))
        .add_option(query::any(Column::Actor, &filter.actor))
        .add_option(in_effect)
}

/// Matches changes of this record, alone or together with others.
pub(crate) fn mentions_record(id: &str) -> Condition {
    // As it is written in a JSON list.
    let item = wsdb_core::Json::from(id).to_string();
    let pattern = LikeExpr::new(format!("%{}%", query::escape_like(&item))).escape('\\');
    Condition::any()
        .add(record_change::Column::RecordId.eq(id))
        .add(Expr::col(record_change::Column::RecordIds).like(pattern))
}

pub(crate) fn read_action(row: action::Model) -> Result<Action, Error> {
    let corrupt = |column, reason| Error::corrupt("actions", row.id.to_string(), column, reason);
    let Time(time) = row.time;
    Ok(Action {
        id: ActionId(row.id),
        time: time.map_err(|reason| corrupt("time", reason))?,
        actor: row.actor,
        session: row
            .session_id
            .map(SessionId::new)
            .transpose()
            .map_err(|error| corrupt("session_id", error.to_string()))?,
        verb: row.verb,
        undoes: row.undoes.map(ActionId),
        undone_by: row.undone_by.map(ActionId),
    })
}

pub(crate) fn read_change(row: record_change::Model) -> Result<RecordChange, Error> {
    let corrupt =
        |column| move |reason| Error::corrupt("record_changes", row.id.to_string(), column, reason);
    let fields = |text: Option<String>, column| match text {
        Some(text) => serde_json::from_str(&text).map_err(|e| corrupt(column)(e.to_string())),
        None => Ok(JsonObject::new()),
    };
    Ok(RecordChange {
        id: row.id,
        action: ActionId(row.action_id),
        table: row.record_table,
        records: match (row.record_id, row.record_ids) {
            (Some(id), _) => vec![id],
            (None, Some(ids)) => {
                serde_json::from_str(&ids).map_err(|e| corrupt("record_ids")(e.to_string()))?
            }
            (None, None) => Vec::new(),
        },
        kind: row.kind.parse().map_err(corrupt("kind"))?,
        before: fields(row.before, "before")?,
        after: fields(row.after, "after")?,
    })
}

/// Returns the ids of the records of a change, from its columns `record_id` and `record_ids`.
pub(crate) fn ids_of_change(
    (id, many): (Option<String>, Option<String>),
) -> impl Iterator<Item = String> {
    let many = many.and_then(|many| serde_json::from_str::<Vec<String>>(&many).ok());
    id.into_iter().chain(many.into_iter().flatten())
}

/// A row of `record_changes` without the values of the fields.
#[derive(FromQueryResult)]
struct ChangeSummaryRow {
    id: i64,
    action_id: i64,
    record_table: String,
    record_id: Option<String>,
    record_ids: Option<String>,
    kind: String,
}

impl<'a, C: Connection> History<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        History { store }
    }

    pub(crate) fn store(&self) -> &'a Store<C> {
        self.store
    }

    /// Returns the actions that match a filter.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn list(&self, filter: &HistoryFilter) -> Result<Vec<Action>, Error> {
        let connection = &self.store.connection;
        connection.flush_history().await?;
        let order = if filter.oldest_first {
            sea_orm::Order::Asc
        } else {
            sea_orm::Order::Desc
        };
        let select = action::Entity::find()
            .filter(condition(filter))
            .order_by(action::Column::Id, order);
        let rows = query::paged(select, filter.page).all(connection).await?;
        rows.into_iter().map(read_action).collect()
    }

    /// Returns the number of actions that match a filter, on all pages.
    pub async fn count(&self, filter: &HistoryFilter) -> Result<u64, Error> {
        let connection = &self.store.connection;
        connection.flush_history().await?;
        let actions = action::Entity::find().filter(condition(filter));
        Ok(actions.count(connection).await?)
    }

    /// Returns the changes made by these actions, oldest first; only those of `record`, if given.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn changes(
        &self,
        actions: &[ActionId],
        record: Option<&str>,
    ) -> Result<Vec<RecordChange>, Error> {
        let connection = &self.store.connection;
        connection.flush_history().await?;
        let mut rows = Vec::new();
        for select in self.select(actions, record) {
            rows.extend(select.all(connection).await?);
        }
        rows.sort_by_key(|row| row.id);
        rows.into_iter().map(read_change).collect()
    }

    /// Returns the changes made by these actions, oldest first, without the values of the fields.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn outline(&self, actions: &[ActionId]) -> Result<Vec<RecordChange>, Error> {
        use record_change::Column;
        let connection = &self.store.connection;
        connection.flush_history().await?;
        let mut rows: Vec<ChangeSummaryRow> = Vec::new();
        for select in self.select(actions, None) {
            let columns = [
                Column::Id,
                Column::ActionId,
                Column::RecordTable,
                Column::RecordId,
                Column::RecordIds,
                Column::Kind,
            ];
            let select = select.select_only().columns(columns).into_model();
            rows.extend(select.all(connection).await?);
        }
        rows.sort_by_key(|row| row.id);
        let changes = rows.into_iter().map(|row| {
            read_change(record_change::Model {
                id: row.id,
                action_id: row.action_id,
                record_table: row.record_table,
                record_id: row.record_id,
                record_ids: row.record_ids,
                kind: row.kind,
                before: None,
                after: None,
            })
        });
        changes.collect()
    }

    fn select(
        &self,
        actions: &[ActionId],
        record: Option<&str>,
    ) -> Vec<sea_orm::Select<record_change::Entity>> {
        let chunks = actions.chunks(ID_BATCH_SIZE);
        let selects = chunks.map(|chunk| {
            let numbers = chunk.iter().map(|id| id.0);
            record_change::Entity::find()
                .filter(record_change::Column::ActionId.is_in(numbers))
                .filter(Condition::all().add_option(record.map(mentions_record)))
                .order_by_asc(record_change::Column::Id)
        });
        selects.collect()
    }

    /// Returns the ids that contain a string, ignoring case, of records that were changed
    /// individually.
    pub async fn search_ids(&self, part: &str) -> Result<Vec<String>, Error> {
        let connection = &self.store.connection;
        connection.flush_history().await?;
        let ids = record_change::Entity::find()
            .select_only()
            .column(record_change::Column::RecordId)
            .distinct()
            .filter(record_change::Column::RecordTable.is_not_in([
                HEADERS,
                BASES,
                DOCUMENT_RECORDS,
            ]))
            .filter(query::contains(&[record_change::Column::RecordId], part))
            .order_by_asc(record_change::Column::RecordId)
            .into_tuple();
        Ok(ids.all(connection).await?)
    }

    /// Assigns this transaction's action to the session that is open now, even if the transaction
    /// adds other open sessions later.
    pub async fn pin_session(&self) -> Result<(), Error> {
        let work = async |store: &Store<_>| history_writes::pin_session(&store.connection).await;
        self.store.write(work).await
    }

    /// Returns the number of actions before this one.
    pub async fn count_before(&self, action: ActionId) -> Result<u64, Error> {
        let older = action::Entity::find().filter(action::Column::Id.lt(action.0));
        Ok(older.count(&self.store.connection).await?)
    }

    /// Deletes the actions before this one from the history, and returns how many there were. The
    /// deletion itself is recorded as an action without changes. The ids of deleted records, and of
    /// those that commands added, stay known.
    pub async fn prune(&self, before: ActionId) -> Result<u64, Error> {
        self.store
            .write(async |store| {
                if store.history().count_before(before).await? == 0 {
                    return Ok(0);
                }
                store.history().remember_ids(before).await?;
                // Takes its number first, so that no number is ever used twice.
                history_writes::end_action(&store.connection).await?;
                let this = history_writes::ensure_action(&store.connection).await?;
                let result = action::Entity::delete_many()
                    .filter(action::Column::Id.lt(before.0))
                    .filter(action::Column::Id.ne(this))
                    .exec(&store.connection)
                    .await?;
                history_writes::end_action(&store.connection).await?;
                Ok(result.rows_affected)
            })
            .await
    }

    /// Stores which records the actions before this one deleted, and which of them commands added.
    async fn remember_ids(&self, before: ActionId) -> Result<(), Error> {
        let is_before = || record_change::Column::ActionId.lt(before.0);
        let is_removal = record_change::Column::Kind.eq(ChangeKind::Removed.as_str());
        let deleted = self.ids_by_table(is_before().and(is_removal)).await?;
        let added = self.ids_by_table(Self::is_own_addition().and(is_before()));
        let ids = [
            (ForgottenIds::Deleted, deleted),
            (ForgottenIds::Added, added.await?),
        ];
        let documents = self.store.documents().without_history();
        for (of, tables) in ids {
            for (table, ids) in tables {
                documents.remember_ids(of, &table, ids).await?;
            }
        }
        Ok(())
    }

    /// Returns the ids of the records that changes concern, by table.
    async fn ids_by_table(
        &self,
        filter: Expr,
    ) -> Result<BTreeMap<String, BTreeSet<String>>, Error> {
        use record_change::Column;
        let rows: Vec<(String, Option<String>, Option<String>)> = record_change::Entity::find()
            .select_only()
            .columns([Column::RecordTable, Column::RecordId, Column::RecordIds])
            .filter(filter)
            .into_tuple()
            .all(&self.store.connection)
            .await?;
        let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (table, id, many) in rows {
            let ids = tables.entry(table).or_default();
            ids.extend(ids_of_change((id, many)));
        }
        Ok(tables)
    }
}
