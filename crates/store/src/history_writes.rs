//! Writes the history: every change of a record is recorded here.
//!
//! Changes are collected and written in batches, at the latest before the commit: a change of one
//! record costs two small statements, a change of thousands hardly more.

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait, Value,
};
use wsdb_core::{
    Author, ChangeKind, Json, JsonObject, SessionChoice, SessionId, SessionStatus, Timestamp,
};

use crate::bulk::BulkInsert;
use crate::change_log::PendingChange;
use crate::entity::{action, session};
use crate::record::{Record, TableRow};
use crate::tables::BOOKKEEPING;
use crate::{Error, Transaction, json_eq};

/// Number of changes that are collected before they are written.
const BATCH_SIZE: usize = 1000;

/// Selects the session that the author's changes belong to, including one that this action ends.
fn session_of(author: &Author) -> SimpleExpr {
    let query = current_session(&author.actor, &author.session, Some(author.time));
    SimpleExpr::SubQuery(None, Box::new(query.into()))
}

/// Selects the id of the session that an actor's changes belong to. A session that ended at
/// `ended_at` counts as open.
pub(crate) fn current_session(
    actor: &str,
    choice: &SessionChoice,
    ended_at: Option<Timestamp>,
) -> SelectStatement {
    use session::Column;
    let is_open = Condition::any()
        .add(Column::Status.eq(SessionStatus::InProgress.to_string()))
        .add_option(ended_at.map(|time| Column::EndTime.eq(time.utc())));
    let id = Expr::col(Column::Id);
    let open = session::Entity::find().select_only().filter(is_open);
    match choice {
        SessionChoice::Named(session) => open
            .column(Column::Id)
            .filter(Column::Id.eq(session.as_str()))
            .into_query(),
        SessionChoice::Recent { since, now } => {
            let changes = action::Entity::find()
                .select_only()
                .column(action::Column::SessionId)
                .filter(action::Column::SessionId.is_not_null())
                .filter(action::Column::Time.gte(since.utc()))
                .into_query();
            let is_recent = Condition::any()
                .add(Column::StartTime.between(since.utc(), now.utc()))
                .add(Column::Id.in_subquery(changes));
            open.column_as(id.clone().min(), "id")
                .filter(Column::User.eq(actor))
                .filter(is_recent)
                .having(id.count().eq(1))
                .into_query()
        }
    }
}

/// Assigns this transaction's action to the session that is open now.
pub(crate) async fn pin_session(connection: &Transaction) -> Result<(), Error> {
    let author = connection.log.author();
    let query = Query::select().expr(session_of(&author)).to_owned();
    let row = connection.query_one(&query).await?;
    let session = row.map(|row| row.try_get_by_index(0)).transpose()?;
    connection.log.state().session = Some(session.flatten());
    Ok(())
}

/// Assigns this transaction's action to a session.
pub(crate) fn assign_session(connection: &Transaction, id: &SessionId) {
    connection.log.state().session = Some(Some(id.to_string()));
}

/// Creates this transaction's action unless there is one already, and returns its number.
pub(crate) async fn ensure_action(connection: &Transaction) -> Result<i64, Error> {
    if let Some(id) = connection.log.state().action {
        return Ok(id);
    }
    let author = connection.log.author();
    let session = match connection.log.state().session.clone() {
        Some(session) => session.into(),
        None => session_of(&author),
    };
    let insert = Query::insert()
        .into_table(action::Entity)
        .columns([
            action::Column::Time,
            action::Column::Actor,
            action::Column::SessionId,
            action::Column::Verb,
        ])
        .values_panic([
            Value::from(author.time.utc()).into(),
            author.actor.as_str().into(),
            session,
            author.verb.as_str().into(),
        ])
        .returning_col(action::Column::Id)
        .to_owned();
    let id: i64 = match connection.query_one(&insert).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => {
            return Err(Error::InvalidState(
                "the database returned no number for the new change".into(),
            ));
        }
    };
    connection.log.state().action = Some(id);
    Ok(id)
}

/// Continues numbering after rows that were inserted with explicit numbers. SQLite does so by
/// itself.
pub(crate) async fn sync_sequence(connection: &Transaction) -> Result<(), Error> {
    if connection.get_database_backend() == DbBackend::Postgres {
        for table in ["actions", "record_changes"] {
            let sql = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), \
                 (SELECT COALESCE(max(id), 0) + 1 FROM {table}), false)"
            );
            connection.execute_unprepared(&sql).await?;
        }
    }
    Ok(())
}

/// Ends this transaction's action: later changes belong to another one.
pub(crate) async fn end_action(connection: &Transaction) -> Result<(), Error> {
    flush(connection).await?;
    connection.log.state().action = None;
    Ok(())
}

/// Writes the remaining changes before the commit. Changes of bookkeeping alone are not written:
/// they belong to an action if there is one, but don't create one.
pub(crate) async fn finish(connection: &Transaction) -> Result<(), Error> {
    let has_changes = {
        let state = connection.log.state();
        let is_change = |change: &PendingChange| !BOOKKEEPING.contains(&change.table.as_str());
        state.action.is_some() || state.pending.iter().any(is_change)
    };
    if has_changes {
        flush(connection).await
    } else {
        Ok(())
    }
}

/// Writes the collected changes.
pub(crate) async fn flush(connection: &Transaction) -> Result<(), Error> {
    let changes = std::mem::take(&mut connection.log.state().pending);
    if changes.is_empty() {
        return Ok(());
    }
    let action = ensure_action(connection).await?;
    write(connection, action, changes).await
}

/// Writes the changes of an action.
pub(crate) async fn write(
    connection: &Transaction,
    action: i64,
    changes: Vec<PendingChange>,
) -> Result<(), Error> {
    const COLUMNS: [&str; 7] = [
        "action_id",
        "record_table",
        "record_id",
        "record_ids",
        "kind",
        "before",
        "after",
    ];
    let bind = |change: PendingChange, _: DbBackend, values: &mut Vec<Value>| {
        values.push(change.action.unwrap_or(action).into());
        values.push(change.table.into());
        values.push(change.id.into());
        values.push(change.ids.into());
        values.push(change.kind.into());
        values.push(change.before.into());
        values.push(change.after.into());
    };
    let mut bulk = BulkInsert::new(connection, "record_changes", &COLUMNS);
    let batch_size = bulk.max_rows();
    let mut changes = changes.into_iter().peekable();
    while changes.peek().is_some() {
        bulk.insert(changes.by_ref().take(batch_size).collect(), bind)
            .await?;
    }
    Ok(bulk.end().await?)
}

/// Returns the columns of a record, by name.
pub(crate) fn fields<R: Record>(record: R) -> JsonObject {
    match Json::encode(&R::Model::from(record)) {
        Ok(Json::Object(fields)) => fields,
        _ => JsonObject::new(),
    }
}

/// The fields in which a record changed.
#[derive(Debug)]
pub(crate) struct FieldChanges {
    /// Their values before the change.
    pub(crate) before: JsonObject,
    /// Their values after it.
    pub(crate) after: JsonObject,
}

/// Returns the fields that differ between two records.
pub(crate) fn diff_fields(before: JsonObject, after: &JsonObject) -> FieldChanges {
    let mut changed = JsonObject::new();
    let before = before
        .into_iter()
        .filter(|(name, value)| {
            let new = after.get(name).unwrap_or(&Json::Null);
            let differs = !json_eq::json_numbers_equal(new, value);
            if differs {
                changed.insert(name.clone(), new.clone());
            }
            differs
        })
        .collect();
    FieldChanges {
        before,
        after: changed,
    }
}

pub(crate) async fn record_insert<R: Record>(
    connection: &Transaction,
    record: R,
) -> Result<(), Error> {
    let id = record.id().as_ref().to_owned();
    let after = fields(record);
    record_change(
        connection,
        R::Model::TABLE,
        ChangeKind::Added,
        &id,
        None,
        Some(after),
    )
    .await
}

pub(crate) async fn record_update<R: Record>(
    connection: &Transaction,
    before: R,
    after: R,
) -> Result<(), Error> {
    let id = after.id().as_ref().to_owned();
    let FieldChanges { before, after } = diff_fields(fields(before), &fields(after));
    if after.is_empty() {
        return Ok(());
    }
    let kind = ChangeKind::Changed;
    let (before, after) = (Some(before), Some(after));
    record_change(connection, R::Model::TABLE, kind, &id, before, after).await
}

/// Records that many records changed in the same way: once, with the ids of all.
pub(crate) async fn record_bulk_update(
    connection: &Transaction,
    table: &str,
    ids: &[String],
    before: JsonObject,
    after: JsonObject,
) -> Result<(), Error> {
    if let [id] = ids {
        let (before, after) = (Some(before), Some(after));
        return record_change(connection, table, ChangeKind::Changed, id, before, after).await;
    }
    let text = |fields: &JsonObject| Some(Json::Object(fields.clone()).to_string());
    let changes = ids.chunks(BATCH_SIZE).map(|chunk| PendingChange {
        table: table.to_owned(),
        ids: Some(Json::from(chunk.to_vec()).to_string()),
        kind: ChangeKind::Changed.as_str(),
        before: text(&before),
        after: text(&after),
        ..PendingChange::default()
    });
    record_changes(connection, changes.collect()).await
}

pub(crate) async fn record_removal<R: Record>(
    connection: &Transaction,
    record: R,
) -> Result<(), Error> {
    let id = record.id().as_ref().to_owned();
    let before = fields(record);
    record_change(
        connection,
        R::Model::TABLE,
        ChangeKind::Removed,
        &id,
        Some(before),
        None,
    )
    .await
}

/// Records how one row of a table changed.
pub(crate) async fn record_change(
    connection: &Transaction,
    table: &str,
    kind: ChangeKind,
    id: &str,
    before: Option<JsonObject>,
    after: Option<JsonObject>,
) -> Result<(), Error> {
    let change = PendingChange::of(table, kind, id, before, after);
    record_changes(connection, vec![change]).await
}

pub(crate) async fn record_changes(
    connection: &Transaction,
    changes: Vec<PendingChange>,
) -> Result<(), Error> {
    let is_full = {
        let pending = &mut connection.log.state().pending;
        pending.extend(changes);
        pending.len() >= BATCH_SIZE
    };
    if is_full {
        flush(connection).await
    } else {
        Ok(())
    }
}

/// Records that many records were inserted. Their fields are not stored: the records themselves
/// have them, until a later change stores the previous values.
pub(crate) async fn record_inserts<R: Record>(
    connection: &Transaction,
    records: &[R],
) -> Result<(), Error> {
    let ids = records.iter().map(|record| record.id().as_ref());
    record_changes(connection, insert_changes(R::Model::TABLE, ids)).await
}

/// Describes the insertion of many records of a table in few rows.
pub(crate) fn insert_changes<'a>(
    table: &str,
    ids: impl Iterator<Item = &'a str>,
) -> Vec<PendingChange> {
    let ids: Vec<&str> = ids.collect();
    ids.chunks(BATCH_SIZE)
        .map(|chunk| PendingChange {
            table: table.to_owned(),
            ids: Some(Json::from(chunk.to_vec()).to_string()),
            kind: ChangeKind::Added.as_str(),
            ..PendingChange::default()
        })
        .collect()
}
