//! Writes records: the same code for every table. Also writes their lists, references and history.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use wsdb_core::{Json, JsonObject};

use crate::bulk::BulkInsert;
use crate::error::is_taken;
use crate::query::ID_BATCH_SIZE;
use crate::record::{Record, TableRow};
use crate::{Error, Store, Transaction, history_writes, references, series};

fn conflict<R: Record>(id: Option<&str>) -> impl FnOnce(sea_orm::DbErr) -> Error {
    let id = id.map(str::to_owned);
    move |error| {
        if is_taken(&error) {
            Error::Conflict { noun: R::NOUN, id }
        } else {
            error.into()
        }
    }
}

pub(crate) async fn insert<R: Record>(connection: &Transaction, record: R) -> Result<(), Error> {
    let mut row = R::Model::from(record.clone());
    references::detach_missing(connection, std::slice::from_mut(&mut row)).await?;
    let id = row.id().to_owned();
    R::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await
        .map_err(conflict::<R>(Some(&id)))?;
    R::write_links(connection, std::slice::from_ref(&record), true).await?;
    series::advance_past(connection, std::slice::from_ref(&record)).await?;
    if let Some(target) = R::REFERENCE_TARGET {
        references::reattach(connection, target, Some(&id)).await?;
    }
    history_writes::record_insert(connection, record).await
}

pub(crate) async fn insert_many<R: Record>(
    connection: &Transaction,
    records: &[R],
    done: &dyn Fn(usize),
) -> Result<(), Error> {
    let mut bulk = BulkInsert::new(connection, R::Model::TABLE, R::Model::COLUMNS);
    for chunk in records.chunks(bulk.max_rows()) {
        let mut rows: Vec<R::Model> = chunk.iter().cloned().map(R::Model::from).collect();
        if rows.iter().any(|row| !row.references().is_empty()) {
            // The connection is not available while a statement of the bulk insert runs.
            bulk.wait().await.map_err(conflict::<R>(None))?;
            references::detach_missing(connection, &mut rows).await?;
        }
        bulk.insert(rows, R::Model::bind)
            .await
            .map_err(conflict::<R>(None))?;
        done(chunk.len());
    }
    bulk.end().await.map_err(conflict::<R>(None))?;
    R::write_links(connection, records, true).await?;
    series::advance_past(connection, records).await?;
    if let (Some(target), false) = (R::REFERENCE_TARGET, records.is_empty()) {
        references::reattach(connection, target, None).await?;
    }
    history_writes::record_inserts(connection, records).await
}

pub(crate) async fn replace<R: Record>(
    connection: &Transaction,
    before: R,
    record: R,
) -> Result<(), Error> {
    let mut row = R::Model::from(record.clone());
    references::detach_missing(connection, std::slice::from_mut(&mut row)).await?;
    let id = row.id().to_owned();
    let result = R::Entity::update_many()
        .set(row.into_active_model().reset_all())
        .filter(R::id_column().eq(id.as_str()))
        .exec(connection)
        .await
        .map_err(conflict::<R>(Some(&id)))?;
    if result.rows_affected == 0 {
        return Err(Error::NotFound { noun: R::NOUN, id });
    }
    R::write_links(connection, std::slice::from_ref(&record), false).await?;
    history_writes::record_update(connection, before, record).await
}

/// Records to which the same change is made.
pub(crate) struct BulkUpdate<R> {
    /// One of them, as it was.
    pub(crate) sample: R,
    /// The ids of all of them.
    pub(crate) ids: Vec<String>,
    /// The previous values of the columns that change.
    pub(crate) before: JsonObject,
    /// The new values of these columns. None may be a reference or a list with a link table.
    pub(crate) after: JsonObject,
}

/// Writes the same values into the same columns of many records.
pub(crate) async fn update_many<R: Record>(
    connection: &Transaction,
    update: BulkUpdate<R>,
) -> Result<(), Error> {
    let BulkUpdate {
        sample,
        ids,
        before,
        after,
    } = update;
    let mut fields = history_writes::fields(sample);
    fields.extend(after.clone());
    let row: R::Model = Json::from(fields)
        .decode()
        .map_err(|error| Error::InvalidState(format!("the change cannot be saved: {error}")))?;
    let mut values = Vec::new();
    row.bind(connection.get_database_backend(), &mut values);
    let columns = R::Model::COLUMNS.iter().zip(values);
    let changed: Vec<_> = columns
        .filter(|(column, _)| after.contains_key(column))
        .map(|(column, value)| (*column, value.into()))
        .collect();
    for chunk in ids.chunks(UPDATE_BATCH_SIZE) {
        let update = Query::update()
            .table(R::Model::TABLE)
            .values(changed.clone())
            .and_where(Expr::col("id").is_in(chunk))
            .to_owned();
        let result = connection.execute(&update).await?;
        if result.rows_affected() != chunk.len() as u64 {
            let id = chunk.first().cloned().unwrap_or_default();
            return Err(Error::NotFound { noun: R::NOUN, id });
        }
    }
    history_writes::record_bulk_update(connection, R::Model::TABLE, &ids, before, after).await
}

/// Deletes records and what belongs to them. Others that refer to them keep their ids, as ids of
/// missing records.
pub(crate) async fn remove_many<R: Record>(
    store: &Store<Transaction>,
    records: Vec<R>,
) -> Result<(), Error> {
    let connection = &store.connection;
    for chunk in records.chunks(ID_BATCH_SIZE) {
        let keys: Vec<R::Id> = chunk.iter().map(|record| record.id().clone()).collect();
        let ids: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
        if let Some(target) = R::REFERENCE_TARGET {
            references::detach(connection, target, &ids).await?;
        }
        R::delete_children(store, &keys).await?;
        R::Entity::delete_many()
            .filter(R::id_column().is_in(ids))
            .exec(connection)
            .await?;
        for record in chunk {
            history_writes::record_removal(connection, record.clone()).await?;
        }
    }
    Ok(())
}

/// Maximum number of records that an UPDATE sets to the same values.
const UPDATE_BATCH_SIZE: usize = 10_000;
