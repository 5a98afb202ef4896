//! Visits to repos: which repo somebody worked in, and for how long.

use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, Select};
use wsdb_core::{
    ContextFilter, ContextSort, ContextSwitch, ContextSwitchId, HistoryFilter, IdSeries, Page,
    Timestamp,
};

use crate::entity::context_switch::{Column, Entity};
use crate::record::{Filter, impl_record};
use crate::records::Records;
use crate::{Connection, Error, Store, Transaction, query};

impl_record!(
    ContextSwitch,
    context_switch,
    ContextSwitchId,
    ContextFilter,
    "visit",
    None,
    {
        const SERIES: Option<IdSeries> = Some(IdSeries::CONTEXTS);
    }
);

impl Filter<ContextSwitch> for ContextFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(query::any(Column::Repo, &self.repo))
            .add_option(self.active.map(|active| {
                if active {
                    Column::DeactivatedAt.is_null()
                } else {
                    Column::DeactivatedAt.is_not_null()
                }
            }))
            .add_option(condition(self))
            .add_option(self.other_than.as_ref().map(|repo| Column::Repo.ne(repo)))
            .add(query::contains_all_words(
                &[
                    Column::Id,
                    Column::Repo,
                    Column::RepoPath,
                    Column::ContextNotes,
                ],
                &self.text,
            ))
            .add_option(query::since(Column::ActivatedAt, self.since))
            .add_option(self.still_at.map(|time| {
                Condition::any()
                    .add(Column::DeactivatedAt.is_null())
                    .add_option(query::since(Column::DeactivatedAt, Some(time.into())))
            }))
    }

    fn order(&self, select: Select<Entity>) -> Select<Entity> {
        let (id, reverse) = (Column::Id, self.reverse);
        match self.sort {
            ContextSort::Start => query::ordered(select, Column::ActivatedAt, id, reverse),
            ContextSort::Duration => {
                query::ordered_by_optional(select, Column::DurationSeconds, id, reverse)
            }
            ContextSort::Repo => query::ordered(select, Column::Repo, id, reverse),
            ContextSort::Id => query::ordered(select, id, id, reverse),
        }
    }

    fn page(&self) -> Page {
        self.page
    }
}

fn condition(filter: &ContextFilter) -> Option<Condition> {
    let people = query::any(Column::ActivatedBy, &filter.by)?;
    let nobody = filter.or_nobody.then(|| Column::ActivatedBy.is_null());
    Some(Condition::any().add(people).add_option(nobody))
}

/// Reads and writes visits; see [`Store::contexts`].
#[derive(Debug)]
pub struct Contexts<'a, C>(Records<'a, C, ContextSwitch>);

impl<'a, C> std::ops::Deref for Contexts<'a, C> {
    type Target = Records<'a, C, ContextSwitch>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, C: Connection> Contexts<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Contexts(Records::new(store))
    }

    /// Returns a person's open visit, the latest if there are several. If there is none, returns an
    /// open visit without a person, as the earlier tool stored them.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn current(&self, by: &str) -> Result<Option<ContextSwitch>, Error> {
        let mut open = self.open(Some(by)).await?;
        let own = open.iter().rposition(|visit| visit.activated_by.is_some());
        Ok(match own {
            Some(index) => Some(open.swap_remove(index)),
            None => open.pop(),
        })
    }

    /// Returns the visits that end when somebody switches to another repo: their own, and those
    /// without a person.
    async fn open(&self, by: Option<&str>) -> Result<Vec<ContextSwitch>, Error> {
        let filter = ContextFilter {
            active: Some(true),
            by: by.iter().map(|by| (*by).to_owned()).collect(),
            or_nobody: true,
            ..ContextFilter::default()
        };
        let mut open = self.list(&filter).await?;
        open.retain(|visit| by.is_some() || visit.activated_by.is_none());
        Ok(open)
    }

    /// Returns a person's last visit to a repo other than `other_than`, which is the one to return
    /// to.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn last(
        &self,
        by: &str,
        other_than: Option<&str>,
    ) -> Result<Option<ContextSwitch>, Error> {
        let filter = ContextFilter {
            by: vec![by.to_owned()],
            or_nobody: true,
            other_than: other_than.map(str::to_owned),
            reverse: true,
            page: Page::first(1),
            ..ContextFilter::default()
        };
        Ok(self.list(&filter).await?.pop())
    }

    /// Starts a visit of `by` with the next id of its series. Ends their previous visit, and stores
    /// its repo in the new one. Visits of other people are not ended.
    pub async fn switch(
        &self,
        now: Timestamp,
        by: Option<&str>,
        visit: impl Fn(ContextSwitchId) -> ContextSwitch,
    ) -> Result<ContextSwitch, Error> {
        self.store()
            .write(async |store| {
                let contexts = store.contexts();
                let mut previous = None;
                for open in contexts.open(by).await? {
                    previous = Some(open.repo.clone());
                    contexts.end(&open.id, now).await?;
                }
                contexts
                    .insert_next(&IdSeries::CONTEXTS, |id| {
                        let mut visit = visit(id);
                        if visit.previous_context.is_none() {
                            visit.previous_context = previous.clone();
                        }
                        visit
                    })
                    .await
            })
            .await
    }

    /// Ends a visit: sets its duration, and the number of actions that the history has of its owner
    /// during that time.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it does not exist, [`Error::InvalidState`] if it has already ended.
    pub async fn end(&self, id: &ContextSwitchId, now: Timestamp) -> Result<ContextSwitch, Error> {
        self.store()
            .write(async |store| {
                let contexts = store.contexts();
                let visit = contexts.get(id).await?;
                if visit.deactivated_at.is_some() {
                    let reason = format!("visit {id} has already ended");
                    return Err(Error::InvalidState(reason));
                }
                let operations = match &visit.activated_by {
                    Some(by) => {
                        Some(count_actions_between(store, by, visit.activated_at, now).await?)
                    }
                    None => None,
                };
                contexts
                    .update(id, |visit| {
                        visit.end(now);
                        visit.operations_count = operations.or(visit.operations_count);
                    })
                    .await
            })
            .await
    }
}

/// Returns the number of actions by a person between two points in time, both excluded.
async fn count_actions_between(
    store: &Store<Transaction>,
    by: &str,
    start: Timestamp,
    end: Timestamp,
) -> Result<i64, Error> {
    let filter = HistoryFilter {
        actor: vec![by.to_owned()],
        // Excludes the switch itself, which is recorded at `start`.
        since: start
            .checked_add(std::time::Duration::from_micros(1))
            .map(Into::into),
        before: Some(end),
        ..HistoryFilter::default()
    };
    let actions = store.history().count(&filter).await?;
    Ok(i64::try_from(actions).unwrap_or(i64::MAX))
}
