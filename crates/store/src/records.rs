//! Reads and changes records: the same code for every table.

use std::marker::PhantomData;

use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, IntoCondition, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use wsdb_core::{IdSeries, Json};

use crate::entity::record_change;
use crate::history::mentions_record;
use crate::query::ID_BATCH_SIZE;
use crate::record::{Filter, Record, TableRow as _, read};
use crate::{
    Connection, Error, OnDelete, Store, Transaction, query, record_writes, references, series,
};

/// The records of one table.
#[derive(Debug)]
pub struct Records<'a, C, R> {
    store: &'a Store<C>,
    record: PhantomData<R>,
}

impl<'a, C: Connection, R: Record> Records<'a, C, R> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Records {
            store,
            record: PhantomData,
        }
    }

    /// Returns the store.
    pub fn store(&self) -> &'a Store<C> {
        self.store
    }

    /// Returns the record with this id.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn get(&self, id: &R::Id) -> Result<R, Error> {
        self.find(id).await?.ok_or_else(|| Error::NotFound {
            noun: R::NOUN,
            id: id.as_ref().to_owned(),
        })
    }

    /// Returns the record with this id, if there is one.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn find(&self, id: &R::Id) -> Result<Option<R>, Error> {
        let select = R::Entity::find().filter(R::id_column().eq(id.as_ref()));
        let row = self
            .store
            .connection
            .query_one(&select.into_query())
            .await?;
        row.as_ref().map(read::<R>).transpose()
    }

    /// Returns the records that match a filter, in its order.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn list(&self, filter: &R::Filter) -> Result<Vec<R>, Error> {
        let select = R::Entity::find().filter(filter.condition());
        let page = query::paged(filter.order(select), filter.page());
        let rows = self.store.connection.query_all(&page.into_query()).await?;
        rows.iter().map(read::<R>).collect()
    }

    /// Returns the records with these ids, in no particular order; missing ones are left out.
    pub(crate) async fn get_many(&self, ids: &[impl AsRef<str>]) -> Result<Vec<R>, Error> {
        let mut records = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(ID_BATCH_SIZE) {
            let chunk = chunk.iter().map(AsRef::as_ref);
            let select = R::Entity::find().filter(R::id_column().is_in(chunk));
            let rows = self
                .store
                .connection
                .query_all(&select.into_query())
                .await?;
            for row in &rows {
                records.push(read::<R>(row)?);
            }
        }
        Ok(records)
    }

    /// Returns every record.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn all(&self) -> Result<Vec<R>, Error> {
        self.list(&R::Filter::default()).await
    }

    /// Returns the number of records that match a filter, on all pages.
    pub async fn count(&self, filter: &R::Filter) -> Result<u64, Error> {
        Ok(R::Entity::find()
            .filter(filter.condition())
            .count(&self.store.connection)
            .await?)
    }

    /// Returns every id.
    pub async fn ids(&self) -> Result<Vec<String>, Error> {
        Ok(R::Entity::find()
            .select_only()
            .column(R::id_column())
            .into_tuple()
            .all(&self.store.connection)
            .await?)
    }

    /// Returns every value that a text column has.
    pub async fn values_of(&self, column: &'static str) -> Result<Vec<String>, Error> {
        let mut select = Query::select();
        select
            .distinct()
            .column(column)
            .from(R::Model::TABLE)
            .and_where(Expr::col(column).is_not_null());
        let rows = self.store.connection.query_all(&select).await?;
        let values = rows.iter().map(|row| row.try_get_by_index(0));
        Ok(values.collect::<Result<_, _>>()?)
    }

    /// Returns at most `limit` ids of records with exactly this name.
    pub async fn ids_by_name(&self, name: &str, limit: u64) -> Result<Vec<String>, Error> {
        let Some(column) = R::name_column() else {
            return Ok(Vec::new());
        };
        self.ids_where(column.eq(name).into_condition(), limit)
            .await
    }

    /// Returns the ids of records whose id or name matches. `part` is contained in every text that
    /// can match, ignoring case.
    pub async fn ids_matching(
        &self,
        part: &str,
        matches: impl Fn(&str) -> bool,
    ) -> Result<Vec<String>, Error> {
        let mut ids = Vec::new();
        for column in [R::id_column()].into_iter().chain(R::name_column()) {
            let texts: Vec<(String, String)> = R::Entity::find()
                .select_only()
                .column(R::id_column())
                .column_as(column, "text")
                .filter(query::contains(&[column], part))
                .into_tuple()
                .all(&self.store.connection)
                .await?;
            let matching = texts.into_iter().filter(|(_, text)| matches(text));
            ids.extend(matching.map(|(id, _)| id));
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// Returns whether history has a change of a record with this id, which may be deleted, or had one
    /// before it was pruned.
    pub async fn is_in_history(&self, id: &str) -> Result<bool, Error> {
        let connection = &self.store.connection;
        connection.flush_history().await?;
        let changes: Vec<(Option<String>, Option<String>)> = record_change::Entity::find()
            .select_only()
            .columns([
                record_change::Column::RecordId,
                record_change::Column::RecordIds,
            ])
            .filter(record_change::Column::RecordTable.eq(R::Model::TABLE))
            .filter(mentions_record(id))
            .into_tuple()
            .all(connection)
            .await?;
        // SQLite ignores case in the condition.
        let item = Json::from(id).to_string();
        let is_changed = changes.iter().any(|(one, many)| {
            one.as_deref() == Some(id) || many.as_ref().is_some_and(|ids| ids.contains(&item))
        });
        let documents = self.store.documents();
        Ok(is_changed || documents.is_deleted_record(R::Model::TABLE, id).await?)
    }

    async fn ids_where(&self, condition: Condition, limit: u64) -> Result<Vec<String>, Error> {
        Ok(R::Entity::find()
            .select_only()
            .column(R::id_column())
            .filter(condition)
            .order_by_asc(R::id_column())
            .limit(query::clamp_to_i64(limit))
            .into_tuple::<String>()
            .all(&self.store.connection)
            .await?)
    }

    /// Inserts a record.
    ///
    /// # Errors
    /// [`Error::Conflict`] if the id, or another unique value, already exists.
    pub async fn insert(&self, record: R) -> Result<R, Error> {
        self.store
            .write(async |store| {
                record_writes::insert(&store.connection, record.clone()).await?;
                Ok(record.clone())
            })
            .await
    }

    /// Inserts a record with the next id of a series.
    pub(crate) async fn insert_next(
        &self,
        series: &IdSeries,
        record: impl Fn(R::Id) -> R,
    ) -> Result<R, Error> {
        self.store
            .write(async |store| {
                let id = series::next::<R>(&store.connection, series).await?;
                let id = R::Id::try_from(id).map_err(|e| Error::InvalidState(e.to_string()))?;
                let record = record(id);
                record_writes::insert(&store.connection, record.clone()).await?;
                Ok(record)
            })
            .await
    }

    /// Inserts many records, all or none; `done` is called with the number of records written.
    ///
    /// # Errors
    /// Same as [`Records::insert`].
    pub async fn insert_many(&self, records: &[R], done: &dyn Fn(usize)) -> Result<(), Error> {
        self.store
            .write(async |store| record_writes::insert_many(&store.connection, records, done).await)
            .await
    }

    /// Changes a record and returns it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none with this id.
    pub async fn update(&self, id: &R::Id, change: impl Fn(&mut R)) -> Result<R, Error> {
        self.try_update(id, |record| {
            change(record);
            Ok(())
        })
        .await
    }

    /// Changes a record unless `change` returns an error, and returns it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none with this id, and the errors of `change`.
    pub async fn try_update(
        &self,
        id: &R::Id,
        change: impl Fn(&mut R) -> Result<(), Error>,
    ) -> Result<R, Error> {
        self.store
            .write(async |store| {
                let before = Records::<_, R>::new(store).get(id).await?;
                let mut record = before.clone();
                change(&mut record)?;
                if record.id().as_ref() != id.as_ref() {
                    let (noun, id) = (R::NOUN, id.as_ref());
                    return Err(Error::InvalidState(format!(
                        "the ID of {noun} {id} cannot be changed"
                    )));
                }
                record_writes::replace(&store.connection, before, record.clone()).await?;
                Ok(record)
            })
            .await
    }

    /// Replaces the record with the same id.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn save(&self, record: R) -> Result<R, Error> {
        self.store
            .write(async |store| {
                let before = Records::<_, R>::new(store).get(record.id()).await?;
                record_writes::replace(&store.connection, before, record.clone()).await?;
                Ok(record.clone())
            })
            .await
    }

    /// Deletes a record. `referrers` determines what happens if others refer to it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none with this id, [`Error::StillReferenced`] if others
    /// refer to it and `referrers` is [`OnDelete::Respect`].
    pub async fn delete(&self, id: &R::Id, referrers: OnDelete) -> Result<R, Error> {
        self.store
            .write(async |store| {
                let record = Records::<_, R>::new(store).get(id).await?;
                if let (Some(target), OnDelete::Respect) = (R::REFERENCE_TARGET, referrers) {
                    references::ensure_unreferenced(
                        &store.connection,
                        R::NOUN,
                        target,
                        id.as_ref(),
                    )
                    .await?;
                }
                record_writes::remove_many(store, vec![record.clone()]).await?;
                Ok(record)
            })
            .await
    }
}

impl<R: Record> Records<'_, Transaction, R> {
    /// Replaces the record with the same id, which is `before` and was read in this transaction.
    ///
    /// # Errors
    /// Same as [`Records::save`].
    pub async fn save_changed(&self, before: R, record: R) -> Result<(), Error> {
        record_writes::replace(&self.store.connection, before, record).await
    }

    /// Returns the records that match a condition, ordered by id.
    pub(crate) async fn select_where(&self, condition: Condition) -> Result<Vec<R>, Error> {
        let select = R::Entity::find().filter(condition);
        let select = select.order_by_asc(R::id_column()).into_query();
        let rows = self.store.connection.query_all(&select).await?;
        rows.iter().map(read::<R>).collect()
    }

    /// Deletes the records that match a filter.
    pub(crate) async fn delete_all(&self, filter: &R::Filter) -> Result<(), Error> {
        let records = self.list(filter).await?;
        record_writes::remove_many(self.store, records).await
    }
}

macro_rules! nouns_with_id {
    ($store:expr, $id:expr; $($records:ident: $record:ident,)*) => {{
        let mut nouns = Vec::new();
        $(if let Ok(id) = <wsdb_core::$record as Record>::Id::try_from($id.to_owned())
            && $store.records::<wsdb_core::$record>().find(&id).await?.is_some()
        {
            nouns.push(<wsdb_core::$record as Record>::NOUN);
        })*
        nouns
    }};
}

impl<C: Connection> Store<C> {
    /// Returns the names of the kinds that have a record with exactly this id, such as `task`.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn nouns_with_id(&self, id: &str) -> Result<Vec<&'static str>, Error> {
        Ok(crate::kinds::for_each_kind!(nouns_with_id, self, id;))
    }
}
