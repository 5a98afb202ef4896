//! Reading and writing records: once, for every table.

use std::marker::PhantomData;

use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, ModelTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use wsdb_core::{IdError, Page, Series};

use crate::bulk::Bulk;
use crate::error::is_taken;
use crate::references::{self, Target};
use crate::row::{Row, read};
use crate::{Connection, Error, Store, Transaction, series};

/// A record that the store keeps: it says in which table, and what is written beside it.
pub trait Kept: Clone + Sized {
    /// The record's table.
    type Entity: EntityTrait<Model = Self::Model, ActiveModel = Self::ActiveModel>;
    /// A row of it.
    type Model: ModelTrait<Entity = Self::Entity>
        + FromQueryResult
        + IntoActiveModel<Self::ActiveModel>
        + From<Self>
        + Row
        + Send
        + Sync;
    /// A row to be written.
    type ActiveModel: ActiveModelTrait<Entity = Self::Entity> + Send;
    /// The record's id.
    type Id: AsRef<str> + Clone + TryFrom<String, Error = IdError>;
    /// Which records are wanted.
    type Filter: Filter<Self> + Default;

    /// What the record is called, such as `task`.
    const NOUN: &'static str;
    /// The table of the record as something that others refer to, if any do.
    const TARGET: Option<Target>;

    /// The column of the id.
    fn id_column() -> <Self::Entity as EntityTrait>::Column;
    /// The record's id.
    fn id(&self) -> &Self::Id;
    /// A row as a record.
    ///
    /// # Errors
    /// [`Error::Corrupt`] names table, row and column of a value that can't be read.
    fn read(row: Self::Model) -> Result<Self, Error>;

    /// Writes the rows beside the records' own: lists that are filtered on. The rows of records
    /// that are `new` can't be there yet.
    #[doc(hidden)]
    #[allow(async_fn_in_trait)]
    async fn write_links(_: &Transaction, _records: &[Self], _new: bool) -> Result<(), Error> {
        Ok(())
    }
}

/// Chooses and orders records.
pub trait Filter<R: Kept> {
    /// Which records.
    fn condition(&self) -> Condition;
    /// In which order.
    fn order(&self, select: Select<R::Entity>) -> Select<R::Entity>;
    /// Which part of the list.
    fn page(&self) -> Page;
}

/// Ties a record to its table.
macro_rules! kept {
    ($record:ty, $entity:ident, $id:ty, $filter:ty, $noun:literal, $target:expr) => {
        kept!($record, $entity, $id, $filter, $noun, $target, {});
    };
    ($record:ty, $entity:ident, $id:ty, $filter:ty, $noun:literal, $target:expr, { $($links:item)* }) => {
        impl crate::record::Kept for $record {
            type Entity = crate::entity::$entity::Entity;
            type Model = crate::entity::$entity::Model;
            type ActiveModel = crate::entity::$entity::ActiveModel;
            type Id = $id;
            type Filter = $filter;

            const NOUN: &'static str = $noun;
            const TARGET: Option<crate::references::Target> = $target;

            fn id_column() -> crate::entity::$entity::Column {
                crate::entity::$entity::Column::Id
            }
            fn id(&self) -> &$id {
                &self.id
            }
            fn read(row: Self::Model) -> Result<Self, crate::Error> {
                Self::try_from(row)
            }
            $($links)*
        }
    };
}
pub(crate) use kept;

/// The records of one table.
#[derive(Debug)]
pub struct Records<'a, C, R> {
    store: &'a Store<C>,
    record: PhantomData<R>,
}

impl<'a, C: Connection, R: Kept> Records<'a, C, R> {
    pub(crate) fn over(store: &'a Store<C>) -> Self {
        Records {
            store,
            record: PhantomData,
        }
    }

    pub(crate) fn store(&self) -> &'a Store<C> {
        self.store
    }

    /// The record with this id.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none.
    pub async fn get(&self, id: &R::Id) -> Result<R, Error> {
        self.find(id).await?.ok_or_else(|| Error::NotFound {
            noun: R::NOUN,
            id: id.as_ref().to_owned(),
        })
    }

    /// The record with this id, if there is one.
    ///
    /// # Errors
    /// [`Error::Corrupt`], or what the database reports.
    pub async fn find(&self, id: &R::Id) -> Result<Option<R>, Error> {
        let select = R::Entity::find().filter(R::id_column().eq(id.as_ref()));
        let row = self
            .store
            .connection
            .query_one(&select.into_query())
            .await?;
        row.as_ref().map(read::<R>).transpose()
    }

    /// The records that a filter chooses, in its order.
    ///
    /// # Errors
    /// [`Error::Corrupt`], or what the database reports.
    pub async fn list(&self, filter: &R::Filter) -> Result<Vec<R>, Error> {
        let page = filter.page();
        let select = R::Entity::find().filter(filter.condition());
        let part = filter
            .order(select)
            // An offset alone is no SQL to SQLite.
            .limit(
                page.limit
                    .or((page.offset > 0).then_some(u64::MAX))
                    .map(bounded),
            )
            .offset((page.offset > 0).then_some(bounded(page.offset)));
        let rows = self.store.connection.query_all(&part.into_query()).await?;
        rows.iter().map(read::<R>).collect()
    }

    /// The records with these ids, in no particular order; those that don't exist are left out.
    pub(crate) async fn with_ids(&self, ids: &[&str]) -> Result<Vec<R>, Error> {
        let select = R::Entity::find().filter(R::id_column().is_in(ids.iter().copied()));
        let rows = self
            .store
            .connection
            .query_all(&select.into_query())
            .await?;
        rows.iter().map(read::<R>).collect()
    }

    /// Every record.
    ///
    /// # Errors
    /// [`Error::Corrupt`], or what the database reports.
    pub async fn all(&self) -> Result<Vec<R>, Error> {
        self.list(&R::Filter::default()).await
    }

    /// How many records a filter chooses, over all its pages.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn count(&self, filter: &R::Filter) -> Result<u64, Error> {
        Ok(R::Entity::find()
            .filter(filter.condition())
            .count(&self.store.connection)
            .await?)
    }

    /// Every id.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn ids(&self) -> Result<Vec<String>, Error> {
        Ok(R::Entity::find()
            .select_only()
            .column(R::id_column())
            .into_tuple()
            .all(&self.store.connection)
            .await?)
    }

    /// The ids that contain a text, in any case; at most `limit`. Everything where it is empty.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn ids_like(&self, part: &str, limit: u64) -> Result<Vec<String>, Error> {
        Ok(R::Entity::find()
            .select_only()
            .column(R::id_column())
            .filter(crate::query::contains(&[R::id_column()], part))
            .order_by_asc(R::id_column())
            .limit(bounded(limit))
            .into_tuple::<String>()
            .all(&self.store.connection)
            .await?)
    }

    /// Keeps a new record under the id that it has.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the id, or another unique value, is taken.
    pub async fn insert(&self, record: R) -> Result<R, Error> {
        self.store
            .write(async |store| {
                insert(&store.connection, record.clone()).await?;
                Ok(record.clone())
            })
            .await
    }

    /// Keeps a new record under the next id of a series.
    ///
    /// # Errors
    /// What the database reports.
    pub(crate) async fn add(
        &self,
        series: &Series,
        record: impl Fn(R::Id) -> R,
    ) -> Result<R, Error> {
        self.store
            .write(async |store| {
                let id = series::next::<R>(&store.connection, series).await?;
                let id = R::Id::try_from(id).map_err(|e| Error::Refused(e.to_string()))?;
                let record = record(id);
                insert(&store.connection, record.clone()).await?;
                Ok(record)
            })
            .await
    }

    /// Keeps many new records, all or none; `done` hears how many have been written.
    ///
    /// # Errors
    /// As [`Records::insert`].
    pub async fn insert_many(&self, records: &[R], done: &dyn Fn(usize)) -> Result<(), Error> {
        self.store
            .write(async |store| insert_many(&store.connection, records, done).await)
            .await
    }

    /// Changes a record, and returns it as it is then.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none with this id.
    pub async fn update(&self, id: &R::Id, change: impl Fn(&mut R)) -> Result<R, Error> {
        self.try_update(id, |record| {
            change(record);
            Ok(())
        })
        .await
    }

    /// Changes a record unless the change refuses, and returns it as it is then.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none with this id, and what the change returns.
    pub async fn try_update(
        &self,
        id: &R::Id,
        change: impl Fn(&mut R) -> Result<(), Error>,
    ) -> Result<R, Error> {
        self.store
            .write(async |store| {
                let mut record = Records::<_, R>::over(store).get(id).await?;
                change(&mut record)?;
                if record.id().as_ref() != id.as_ref() {
                    let (noun, id) = (R::NOUN, id.as_ref());
                    return Err(Error::Refused(format!(
                        "the id of {noun} {id} can't be changed"
                    )));
                }
                replace(&store.connection, record.clone()).await?;
                Ok(record)
            })
            .await
    }

    /// Writes a record over the one with the same id.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none.
    pub async fn replace(&self, record: R) -> Result<R, Error> {
        self.store
            .write(async |store| {
                replace(&store.connection, record.clone()).await?;
                Ok(record.clone())
            })
            .await
    }

    /// Deletes a record. `referrers` says what happens if others refer to it.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none with this id, [`Error::StillReferenced`] where
    /// others refer to it and that was to be respected.
    pub async fn delete(&self, id: &R::Id, referrers: crate::Referrers) -> Result<R, Error> {
        self.store
            .write(async |store| {
                let record = Records::<_, R>::over(store).get(id).await?;
                if let Some(target) = R::TARGET {
                    references::release(&store.connection, R::NOUN, target, id.as_ref(), referrers)
                        .await?;
                }
                R::Entity::delete_many()
                    .filter(R::id_column().eq(id.as_ref()))
                    .exec(&store.connection)
                    .await?;
                Ok(record)
            })
            .await
    }
}

/// What a database takes as a number of rows.
pub(crate) fn bounded(rows: u64) -> u64 {
    rows.min(i64::MAX.unsigned_abs())
}

fn conflict<R: Kept>(id: &str) -> impl FnOnce(sea_orm::DbErr) -> Error {
    let id = id.to_owned();
    move |error| {
        if is_taken(&error) {
            Error::Conflict { noun: R::NOUN, id }
        } else {
            error.into()
        }
    }
}

pub(crate) async fn insert<R: Kept>(connection: &Transaction, record: R) -> Result<(), Error> {
    let mut row = R::Model::from(record.clone());
    references::set_aside(connection, std::slice::from_mut(&mut row)).await?;
    let id = row.id().to_owned();
    R::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await
        .map_err(conflict::<R>(&id))?;
    R::write_links(connection, std::slice::from_ref(&record), true).await?;
    if let Some(target) = R::TARGET {
        references::found(connection, target, Some(&id)).await?;
    }
    Ok(())
}

pub(crate) async fn insert_many<R: Kept>(
    connection: &Transaction,
    records: &[R],
    done: &dyn Fn(usize),
) -> Result<(), Error> {
    let mut bulk = Bulk::new(connection, R::Model::TABLE, R::Model::COLUMNS);
    for chunk in records.chunks(bulk.rows()) {
        let mut rows: Vec<R::Model> = chunk.iter().cloned().map(R::Model::from).collect();
        if rows.iter().any(|row| !row.references().is_empty()) {
            // While a statement of the bulk runs, the connection answers nobody else.
            bulk.end()
                .await
                .map_err(conflict::<R>("among those to be added"))?;
            references::set_aside(connection, &mut rows).await?;
        }
        bulk.insert(rows, R::Model::bind)
            .await
            .map_err(conflict::<R>("among those to be added"))?;
        done(chunk.len());
    }
    bulk.end()
        .await
        .map_err(conflict::<R>("among those to be added"))?;
    R::write_links(connection, records, true).await?;
    if let (Some(target), false) = (R::TARGET, records.is_empty()) {
        references::found(connection, target, None).await?;
    }
    Ok(())
}

pub(crate) async fn replace<R: Kept>(connection: &Transaction, record: R) -> Result<(), Error> {
    let mut row = R::Model::from(record.clone());
    references::set_aside(connection, std::slice::from_mut(&mut row)).await?;
    let id = row.id().to_owned();
    let written = R::Entity::update_many()
        .set(row.into_active_model().reset_all())
        .filter(R::id_column().eq(id.as_str()))
        .exec(connection)
        .await
        .map_err(conflict::<R>(&id))?;
    if written.rows_affected == 0 {
        return Err(Error::NotFound { noun: R::NOUN, id });
    }
    R::write_links(connection, std::slice::from_ref(&record), false).await
}
