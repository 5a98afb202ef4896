//! Architecture decisions, with the rows of their repos.

use sea_orm::sea_query::Condition;
use sea_orm::{EntityTrait, Select};
use wsdb_core::{
    Decision, DecisionFilter, DecisionId, DecisionSort, DecisionStatus, Impact, Page, Series,
};

use crate::entity::decision::{Column, Entity};
use crate::entity::decision_repo;
use crate::record::{Filter, Records, kept};
use crate::references::Target;
use crate::{Connection, Error, Store, Transaction, links, query, series};

kept!(
    Decision,
    decision,
    DecisionId,
    DecisionFilter,
    "decision",
    Some(Target::Decisions),
    {
        async fn write_links(
            connection: &Transaction,
            decisions: &[Decision],
            new: bool,
        ) -> Result<(), Error> {
            let repos = decisions
                .iter()
                .map(|d| (d.id.as_str(), &d.repos_affected[..]));
            links::write::<decision_repo::Entity, _, _>(connection, repos, new).await?;
            series::reach(
                connection,
                &Series::DECISIONS,
                decisions.iter().map(|d| d.id.as_str()),
            )
            .await
        }
    }
);

impl Filter<Decision> for DecisionFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(query::any(Column::Id, &self.ids))
            .add_option(query::any(Column::Status, &self.status))
            .add_option(query::any(Column::Impact, &self.impact))
            .add_option(query::listed::<decision_repo::Entity, _, _>(
                Column::Id,
                &self.repo,
            ))
            .add_option(query::any(Column::Session, &self.session))
            .add_option(query::since(Column::Date, self.since))
            .add(query::words(
                &[Column::Id, Column::Decision, Column::Rationale],
                &self.text,
            ))
    }

    fn order(&self, select: Select<Entity>) -> Select<Entity> {
        let (id, reverse) = (Column::Id, self.reverse);
        match self.sort {
            DecisionSort::Date => query::ordered(select, Column::Date, id, reverse),
            DecisionSort::Impact => query::ordered(
                select,
                query::rank::<Impact, _>(Column::Impact),
                id,
                reverse,
            ),
            DecisionSort::Status => query::ordered(
                select,
                query::rank::<DecisionStatus, _>(Column::Status),
                id,
                reverse,
            ),
            DecisionSort::Id => query::ordered(select, id, id, reverse),
        }
    }

    fn page(&self) -> Page {
        self.page
    }
}

/// See [`Store::decisions`].
#[derive(Debug)]
pub struct Decisions<'a, C>(Records<'a, C, Decision>);

impl<'a, C> std::ops::Deref for Decisions<'a, C> {
    type Target = Records<'a, C, Decision>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, C: Connection> Decisions<'a, C> {
    pub(crate) fn over(store: &'a Store<C>) -> Self {
        Decisions(Records::over(store))
    }

    /// Keeps a new decision under the next id of its series.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn add(&self, decision: impl Fn(DecisionId) -> Decision) -> Result<Decision, Error> {
        self.0.add(&Series::DECISIONS, decision).await
    }

    /// How many decisions have each status.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn count_by_status(&self) -> Result<Vec<(String, u64)>, Error> {
        query::counts(&self.store().connection, Entity::find(), Column::Status).await
    }
}
