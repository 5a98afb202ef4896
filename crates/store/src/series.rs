//! Series of ids: each number is assigned once, by one statement that locks its row.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use wsdb_core::IdSeries;

use crate::entity::id_series::{Column, Entity};
use crate::query::ID_BATCH_SIZE;
use crate::record::Record;
use crate::{Connection, Error, Store, Transaction};

/// Returns the next `count` ids of the series that no record has, in order.
pub(crate) async fn next_many<R: Record>(
    connection: &Transaction,
    series: &IdSeries,
    count: usize,
) -> Result<Vec<R::Id>, Error> {
    let mut ids = Vec::with_capacity(count);
    while ids.len() < count {
        let missing = (count - ids.len()) as u64;
        let last = take_numbers(connection, series.prefix(), missing).await?;
        let numbers = last - missing + 1..=last;
        let block: Vec<String> = numbers.map(|number| series.id(number)).collect();
        for chunk in block.chunks(ID_BATCH_SIZE) {
            let existing: Vec<String> = R::Entity::find()
                .select_only()
                .column(R::id_column())
                .filter(R::id_column().is_in(chunk))
                .into_tuple()
                .all(connection)
                .await?;
            for id in chunk.iter().filter(|id| !existing.contains(id)) {
                let id = R::Id::try_from(id.clone());
                ids.push(id.map_err(|error| Error::InvalidState(error.to_string()))?);
            }
        }
    }
    Ok(ids)
}

/// Returns the next id of the series that no record has. A number is never assigned twice, not
/// even after its record was deleted.
pub(crate) async fn next<R: Record>(
    connection: &Transaction,
    series: &IdSeries,
) -> Result<String, Error> {
    use sea_orm::QueryTrait;
    loop {
        let number = take_numbers(connection, series.prefix(), 1).await?;
        let id = series.id(number);
        // Another program may have inserted records without advancing the series.
        let existing = R::Entity::find()
            .select_only()
            .column(R::id_column())
            .filter(R::id_column().eq(id.as_str()))
            .into_query();
        if connection.query_one(&existing).await?.is_none() {
            return Ok(id);
        }
    }
}

/// Takes `count` numbers of a series, and returns the last.
async fn take_numbers(connection: &Transaction, prefix: &str, count: u64) -> Result<u64, Error> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let insert = Query::insert()
        .into_table(Entity)
        .columns([Column::Prefix, Column::LastNumber])
        .values_panic([prefix.into(), count.into()])
        .on_conflict(
            OnConflict::column(Column::Prefix)
                .value(
                    Column::LastNumber,
                    Expr::col((Entity, Column::LastNumber)).add(count),
                )
                .to_owned(),
        )
        .returning_col(Column::LastNumber)
        .to_owned();
    let row = connection.query_one(&insert).await?;
    let number: i64 = match row {
        Some(row) => row.try_get_by_index(0)?,
        None => count,
    };
    Ok(number.unsigned_abs())
}

impl<C: Connection> Store<C> {
    /// Returns the last number of the series with this prefix; 0 if none was assigned.
    pub async fn last_number(&self, prefix: &str) -> Result<u64, Error> {
        let last: Option<i64> = Entity::find()
            .select_only()
            .column(Column::LastNumber)
            .filter(Column::Prefix.eq(prefix))
            .into_tuple()
            .one(&self.connection)
            .await?;
        Ok(last.unwrap_or(0).unsigned_abs())
    }
}

/// Advances the series of the records past those that were inserted with explicit numbers.
pub(crate) async fn advance_past<R: Record>(
    connection: &Transaction,
    records: &[R],
) -> Result<(), Error> {
    let Some(series) = R::SERIES else {
        return Ok(());
    };
    let numbers = records
        .iter()
        .filter_map(|record| series.number(record.id().as_ref()));
    let Some(highest) = numbers.max() else {
        return Ok(());
    };
    let highest = i64::try_from(highest).unwrap_or(i64::MAX);
    let last: Option<i64> = Entity::find()
        .select_only()
        .column(Column::LastNumber)
        .filter(Column::Prefix.eq(series.prefix()))
        .into_tuple()
        .one(connection)
        .await?;
    if last.is_some_and(|last| last >= highest) {
        return Ok(());
    }
    let insert = Query::insert()
        .into_table(Entity)
        .columns([Column::Prefix, Column::LastNumber])
        .values_panic([series.prefix().into(), highest.into()])
        .on_conflict(
            OnConflict::column(Column::Prefix)
                .update_column(Column::LastNumber)
                .to_owned(),
        )
        .to_owned();
    connection.execute(&insert).await?;
    Ok(())
}
