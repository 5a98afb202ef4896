//! Context switches: which repo was worked in, and for how long.

use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, Select};
use wsdb_core::{ContextFilter, ContextSwitch, ContextSwitchId, Page, Series, Timestamp};

use crate::entity::context_switch::{Column, Entity};
use crate::record::{Filter, Records, kept};
use crate::{Connection, Error, Store, query};

kept!(
    ContextSwitch,
    context_switch,
    ContextSwitchId,
    ContextFilter,
    "context switch",
    None
);

impl Filter<ContextSwitch> for ContextFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(query::any(Column::Repo, &self.repo))
            .add_option(self.active.map(|active| match active {
                true => Column::DeactivatedAt.is_null(),
                false => Column::DeactivatedAt.is_not_null(),
            }))
            .add_option(query::since(Column::ActivatedAt, self.since))
    }

    fn order(&self, select: Select<Entity>) -> Select<Entity> {
        query::ordered(select, Column::ActivatedAt, Column::Id, false)
    }

    fn page(&self) -> Page {
        self.page
    }
}

/// See [`Store::contexts`].
#[derive(Debug)]
pub struct Contexts<'a, C>(Records<'a, C, ContextSwitch>);

impl<'a, C> std::ops::Deref for Contexts<'a, C> {
    type Target = Records<'a, C, ContextSwitch>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, C: Connection> Contexts<'a, C> {
    pub(crate) fn over(store: &'a Store<C>) -> Self {
        Contexts(Records::over(store))
    }

    /// The stay that goes on; the latest, should there be several.
    ///
    /// # Errors
    /// [`Error::Corrupt`], or what the database reports.
    pub async fn current(&self) -> Result<Option<ContextSwitch>, Error> {
        Ok(self.open().await?.pop())
    }

    async fn open(&self) -> Result<Vec<ContextSwitch>, Error> {
        let filter = ContextFilter {
            active: Some(true),
            ..ContextFilter::default()
        };
        self.list(&filter).await
    }

    /// Begins a stay under the next id of its series. The stay before it ends, its duration is
    /// set, and the new one remembers its repo.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn switch(
        &self,
        now: Timestamp,
        stay: impl Fn(ContextSwitchId) -> ContextSwitch,
    ) -> Result<ContextSwitch, Error> {
        self.store()
            .write(async |store| {
                let contexts = store.contexts();
                let mut previous = None;
                for open in contexts.open().await? {
                    previous = Some(open.repo.clone());
                    contexts.update(&open.id, |open| open.end(now)).await?;
                }
                contexts
                    .add(&Series::CONTEXTS, |id| {
                        let mut stay = stay(id);
                        if stay.previous_context.is_none() {
                            stay.previous_context = previous.clone();
                        }
                        stay
                    })
                    .await
            })
            .await
    }
}
