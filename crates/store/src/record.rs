//! Reading records, and asking for changes of them: once, for every table.

use std::marker::PhantomData;

use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    ModelTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wsdb_core::{IdError, Page, Series};

use crate::references::{self, Target};
use crate::row::{Row, read};
use crate::{Connection, Error, Store, Transaction, query, series, write};

/// A record that the store keeps: it says in which table, and what is written beside it.
pub trait Kept: Clone + Sized {
    /// The record's table.
    type Entity: EntityTrait<Model = Self::Model, ActiveModel = Self::ActiveModel>;
    /// A row of it.
    type Model: ModelTrait<Entity = Self::Entity>
        + FromQueryResult
        + IntoActiveModel<Self::ActiveModel>
        + From<Self>
        + Serialize
        + DeserializeOwned
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

    /// The records that go where these go: noun, table and id.
    #[doc(hidden)]
    #[allow(async_fn_in_trait)]
    async fn children(_: &Store<Transaction>, _ids: &[Self::Id]) -> Result<Vec<Child>, Error> {
        Ok(Vec::new())
    }

    /// Deletes the records that go where these go, so that history knows of them.
    #[doc(hidden)]
    #[allow(async_fn_in_trait)]
    async fn delete_children(_: &Store<Transaction>, _ids: &[Self::Id]) -> Result<(), Error> {
        Ok(())
    }
}

/// A record that goes where another one goes.
#[doc(hidden)]
#[derive(Debug)]
pub struct Child {
    pub(crate) noun: &'static str,
    pub(crate) table: &'static str,
    pub(crate) id: String,
}

impl Child {
    pub(crate) fn of<R: Kept>(record: &R) -> Self {
        Child {
            noun: R::NOUN,
            table: R::Model::TABLE,
            id: record.id().as_ref().to_owned(),
        }
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
        let select = R::Entity::find().filter(filter.condition());
        let part = query::paged(filter.order(select), filter.page());
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
            .filter(query::contains(&[R::id_column()], part))
            .order_by_asc(R::id_column())
            .limit(query::bounded(limit))
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
                write::insert(&store.connection, record.clone()).await?;
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
                write::insert(&store.connection, record.clone()).await?;
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
            .write(async |store| write::insert_many(&store.connection, records, done).await)
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
                let before = Records::<_, R>::over(store).get(id).await?;
                let mut record = before.clone();
                change(&mut record)?;
                if record.id().as_ref() != id.as_ref() {
                    let (noun, id) = (R::NOUN, id.as_ref());
                    return Err(Error::Refused(format!(
                        "the id of {noun} {id} can't be changed"
                    )));
                }
                write::replace(&store.connection, before, record.clone()).await?;
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
                let before = Records::<_, R>::over(store).get(record.id()).await?;
                write::replace(&store.connection, before, record.clone()).await?;
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
                if let (Some(target), crate::Referrers::Respect) = (R::TARGET, referrers) {
                    references::respect(&store.connection, R::NOUN, target, id.as_ref()).await?;
                }
                write::remove_many(store, vec![record.clone()]).await?;
                Ok(record)
            })
            .await
    }
}

impl<R: Kept> Records<'_, Transaction, R> {
    /// Writes a record over the one with the same id, which was read in this transaction and is
    /// `before`.
    ///
    /// # Errors
    /// As [`Records::replace`].
    pub async fn replace_known(&self, before: R, record: R) -> Result<(), Error> {
        write::replace(&self.store.connection, before, record).await
    }

    /// Those of these records that there are.
    pub(crate) async fn of(&self, ids: &[String]) -> Result<Vec<R>, Error> {
        let select = R::Entity::find().filter(R::id_column().is_in(ids));
        let select = select.into_query();
        let rows = self.store.connection.query_all(&select).await?;
        rows.iter().map(read::<R>).collect()
    }

    /// Those that a condition chooses, by id.
    pub(crate) async fn chosen(&self, condition: Condition) -> Result<Vec<R>, Error> {
        let select = R::Entity::find().filter(condition);
        let select = select.order_by_asc(R::id_column()).into_query();
        let rows = self.store.connection.query_all(&select).await?;
        rows.iter().map(read::<R>).collect()
    }

    /// Deletes the records that a filter chooses.
    pub(crate) async fn delete_all(&self, filter: &R::Filter) -> Result<(), Error> {
        let records = self.list(filter).await?;
        write::remove_many(self.store, records).await
    }
}
