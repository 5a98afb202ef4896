//! History is written where writing is written: every change of a record comes by here.
//!
//! What changed is gathered and written many at a time, at the latest before the commit: the
//! change of one record costs two small statements, that of thousands hardly more.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::sea_query::{Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Value,
};
use serde_json::Value as JsonValue;
use wsdb_core::{Author, ChangeKind, Fields, SessionStatus, Timestamp};

use crate::bulk::Bulk;
use crate::documents::BASES;
use crate::entity::{action, session};
use crate::numbers;
use crate::record::Kept;
use crate::row::Row;
use crate::{Error, Transaction};

/// Under which action the changes of a transaction are kept.
#[derive(Debug)]
pub(crate) struct Log {
    author: Option<Arc<Author>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The action, once it has its number.
    action: Option<i64>,
    /// What it is called, where that isn't what the author says.
    verb: Option<&'static str>,
    /// The session that it belongs to, where that was settled beforehand.
    session: Option<Option<String>>,
    /// What is still to be written.
    pending: Vec<Note>,
}

/// A row of `record_changes` to be.
#[derive(Debug, Clone, Default)]
pub(crate) struct Note {
    /// The action, where it isn't the transaction's own.
    pub(crate) action: Option<i64>,
    pub(crate) table: String,
    pub(crate) id: Option<String>,
    /// Where many are named: a JSON list.
    pub(crate) ids: Option<String>,
    pub(crate) kind: &'static str,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

impl Note {
    /// How one row of a table changed.
    pub(crate) fn of(
        table: &str,
        kind: ChangeKind,
        id: &str,
        before: Option<Fields>,
        after: Option<Fields>,
    ) -> Self {
        let text =
            |fields: Option<Fields>| fields.map(|fields| JsonValue::Object(fields).to_string());
        Note {
            action: None,
            table: table.to_owned(),
            id: Some(id.to_owned()),
            ids: None,
            kind: kind.word(),
            before: text(before),
            after: text(after),
        }
    }
}

/// So many changes are gathered before they are written.
const TOGETHER: usize = 1000;

impl Log {
    pub(crate) fn new(author: Option<Arc<Author>>) -> Self {
        Log {
            author,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who acts, and when. The system clock is read only where a caller has set no author with
    /// [`Store::by`](crate::Store::by).
    fn author(&self) -> Author {
        let author = self.author.as_deref().cloned();
        let mut author = author.unwrap_or_else(|| Author::new("unknown", "write", now()));
        if let Some(verb) = self.state().verb {
            author.verb = verb.to_owned();
        }
        author
    }

    /// Calls the action by another name than its author does.
    pub(crate) fn call(&self, verb: &'static str) {
        self.state().verb = Some(verb);
    }
}

fn now() -> Timestamp {
    let now = sea_orm::sqlx::types::chrono::Utc::now().naive_utc();
    Timestamp::from_utc(now)
        .or_else(|| "9999-12-31".parse().ok())
        .unwrap_or_else(|| unreachable!("the last day is a time"))
}

/// The actor's open session that began last; one that ends by this very action counts.
fn session_of(author: &Author) -> SimpleExpr {
    use session::Column;
    let open = SessionStatus::InProgress.to_string();
    let is_open = Condition::any()
        .add(Column::Status.eq(open))
        .add(Column::EndTime.eq(author.time.utc()));
    let query = session::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::User.eq(author.actor.as_str()))
        .filter(is_open)
        .order_by_desc(Column::StartTime)
        .order_by_desc(Column::Id)
        .limit(1)
        .into_query();
    SimpleExpr::SubQuery(None, Box::new(query.into()))
}

/// Settles which session this transaction's action belongs to: the one that is open now.
pub(crate) async fn settle_session(connection: &Transaction) -> Result<(), Error> {
    let author = connection.log.author();
    let query = Query::select().expr(session_of(&author)).to_owned();
    let row = connection.query_one(&query).await?;
    let session = row.map(|row| row.try_get_by_index(0)).transpose()?;
    connection.log.state().session = Some(session.flatten());
    Ok(())
}

/// The number of this transaction's action, which is made where there is none so far.
pub(crate) async fn action(connection: &Transaction) -> Result<i64, Error> {
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
        None => return Err(Error::Refused("the change could not be numbered".into())),
    };
    connection.log.state().action = Some(id);
    Ok(id)
}

/// Numbers go on after rows that were written with numbers of their own. SQLite sees to that
/// itself.
pub(crate) async fn count_on(connection: &Transaction) -> Result<(), Error> {
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

/// Ends this transaction's action: what follows belongs to another one.
pub(crate) async fn next_action(connection: &Transaction) -> Result<(), Error> {
    flush(connection).await?;
    connection.log.state().action = None;
    Ok(())
}

/// Writes what is left before the commit. How records look in documents is nothing that was done:
/// it goes along with an action, and makes none.
pub(crate) async fn end(connection: &Transaction) -> Result<(), Error> {
    let is_done = {
        let state = connection.log.state();
        state.action.is_some() || state.pending.iter().any(|note| note.table != BASES)
    };
    match is_done {
        true => flush(connection).await,
        false => Ok(()),
    }
}

/// Writes what has been gathered.
pub(crate) async fn flush(connection: &Transaction) -> Result<(), Error> {
    let notes = std::mem::take(&mut connection.log.state().pending);
    if notes.is_empty() {
        return Ok(());
    }
    let action = action(connection).await?;
    write(connection, action, notes).await
}

/// Writes the changes of an action.
pub(crate) async fn write(
    connection: &Transaction,
    action: i64,
    notes: Vec<Note>,
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
    let bind = |note: Note, _: DbBackend, values: &mut Vec<Value>| {
        values.push(note.action.unwrap_or(action).into());
        values.push(note.table.into());
        values.push(note.id.into());
        values.push(note.ids.into());
        values.push(note.kind.into());
        values.push(note.before.into());
        values.push(note.after.into());
    };
    let mut bulk = Bulk::new(connection, "record_changes", &COLUMNS);
    let most = bulk.rows();
    let mut notes = notes.into_iter().peekable();
    while notes.peek().is_some() {
        bulk.insert(notes.by_ref().take(most).collect(), bind)
            .await?;
    }
    Ok(bulk.end().await?)
}

/// A record as its columns, by name.
pub(crate) fn fields<R: Kept>(record: R) -> Fields {
    match serde_json::to_value(R::Model::from(record)) {
        Ok(JsonValue::Object(fields)) => fields,
        _ => Fields::new(),
    }
}

/// What differs between two records, as it was and as it is.
pub(crate) fn difference(before: Fields, after: &Fields) -> (Fields, Fields) {
    let mut now = Fields::new();
    let before = before
        .into_iter()
        .filter(|(name, value)| {
            let new = after.get(name).unwrap_or(&JsonValue::Null);
            let differs = !numbers::same(new, value);
            if differs {
                now.insert(name.clone(), new.clone());
            }
            differs
        })
        .collect();
    (before, now)
}

pub(crate) async fn added<R: Kept>(connection: &Transaction, record: R) -> Result<(), Error> {
    let id = record.id().as_ref().to_owned();
    let after = fields(record);
    note_in(
        connection,
        R::Model::TABLE,
        ChangeKind::Added,
        &id,
        None,
        Some(after),
    )
    .await
}

pub(crate) async fn changed<R: Kept>(
    connection: &Transaction,
    before: R,
    after: R,
) -> Result<(), Error> {
    let id = after.id().as_ref().to_owned();
    let (before, after) = difference(fields(before), &fields(after));
    if after.is_empty() {
        return Ok(());
    }
    let kind = ChangeKind::Changed;
    let (before, after) = (Some(before), Some(after));
    note_in(connection, R::Model::TABLE, kind, &id, before, after).await
}

/// Many records changed in the same way: that is kept once, with the names of all.
pub(crate) async fn changed_together(
    connection: &Transaction,
    table: &str,
    ids: &[String],
    (before, after): (Fields, Fields),
) -> Result<(), Error> {
    if let [id] = ids {
        let (before, after) = (Some(before), Some(after));
        return note_in(connection, table, ChangeKind::Changed, id, before, after).await;
    }
    let text = |fields: &Fields| Some(JsonValue::Object(fields.clone()).to_string());
    let notes = ids.chunks(TOGETHER).map(|chunk| Note {
        table: table.to_owned(),
        ids: Some(JsonValue::from(chunk.to_vec()).to_string()),
        kind: ChangeKind::Changed.word(),
        before: text(&before),
        after: text(&after),
        ..Note::default()
    });
    note_all(connection, notes.collect()).await
}

pub(crate) async fn removed<R: Kept>(connection: &Transaction, record: R) -> Result<(), Error> {
    let id = record.id().as_ref().to_owned();
    let before = fields(record);
    note_in(
        connection,
        R::Model::TABLE,
        ChangeKind::Removed,
        &id,
        Some(before),
        None,
    )
    .await
}

/// Keeps how one row of a table changed.
pub(crate) async fn note_in(
    connection: &Transaction,
    table: &str,
    kind: ChangeKind,
    id: &str,
    before: Option<Fields>,
    after: Option<Fields>,
) -> Result<(), Error> {
    let note = Note::of(table, kind, id, before, after);
    note_all(connection, vec![note]).await
}

pub(crate) async fn note_all(connection: &Transaction, notes: Vec<Note>) -> Result<(), Error> {
    let is_much = {
        let pending = &mut connection.log.state().pending;
        pending.extend(notes);
        pending.len() >= TOGETHER
    };
    match is_much {
        true => flush(connection).await,
        false => Ok(()),
    }
}

/// Many records are new: what they look like they tell themselves, as long as nothing newer is
/// kept of them.
pub(crate) async fn added_many<R: Kept>(
    connection: &Transaction,
    records: &[R],
) -> Result<(), Error> {
    let ids = records.iter().map(|record| record.id().as_ref());
    note_all(connection, added_together(R::Model::TABLE, ids)).await
}

/// Names many new records of a table in few rows.
pub(crate) fn added_together<'a>(table: &str, ids: impl Iterator<Item = &'a str>) -> Vec<Note> {
    let ids: Vec<&str> = ids.collect();
    ids.chunks(TOGETHER)
        .map(|chunk| Note {
            table: table.to_owned(),
            ids: Some(JsonValue::from(chunk.to_vec()).to_string()),
            kind: ChangeKind::Added.word(),
            ..Note::default()
        })
        .collect()
}
