//! Architecture decisions, with the rows of their repos and links.

use sea_orm::sea_query::{Condition, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use wsdb_core::{
    Decision, DecisionFilter, DecisionId, DecisionSort, DecisionStatus, IdSeries, Impact, Page,
};

use crate::entity::decision::{Column, Entity};
use crate::entity::{decision_link, decision_repo};
use crate::record::{Filter, impl_record};
use crate::records::Records;
use crate::referenced_table::ReferencedTable;
use crate::{Connection, Error, Store, Transaction, links, query};

impl_record!(
    Decision,
    decision,
    DecisionId,
    DecisionFilter,
    "decision",
    Some(ReferencedTable::Decisions),
    {
        const SERIES: Option<IdSeries> = Some(IdSeries::DECISIONS);

        async fn write_links(
            connection: &Transaction,
            decisions: &[Decision],
            new: bool,
        ) -> Result<(), Error> {
            let repos = decisions
                .iter()
                .map(|d| (d.id.as_str(), &d.repos_affected[..]));
            links::write::<decision_repo::Entity, _, _>(connection, repos, new).await?;
            let owners = decisions.iter().map(|d| d.id.as_str());
            let rows = decisions.iter().flat_map(link_rows).collect();
            links::write_kinds::<decision_link::Entity>(connection, owners, rows, new).await
        }
    }
);

/// What a row of `decision_links` refers to.
#[derive(Debug, Clone, Copy)]
enum LinkKind {
    Supersedes,
    Task,
    Component,
    Detection,
}

impl LinkKind {
    fn as_str(self) -> &'static str {
        match self {
            LinkKind::Supersedes => "supersedes",
            LinkKind::Task => "task",
            LinkKind::Component => "component",
            LinkKind::Detection => "detection",
        }
    }
}

/// Returns the rows of a decision's lists.
fn link_rows(decision: &Decision) -> Vec<[&str; 3]> {
    fn rows<'a, V: AsRef<str>>(
        id: &'a DecisionId,
        kind: LinkKind,
        values: &'a [V],
    ) -> impl Iterator<Item = [&'a str; 3]> {
        let id = id.as_str();
        values
            .iter()
            .map(move |value| [id, kind.as_str(), value.as_ref()])
    }
    let Decision { id, .. } = decision;
    let mut all: Vec<[&str; 3]> = Vec::new();
    all.extend(rows(id, LinkKind::Supersedes, &decision.supersedes));
    all.extend(rows(id, LinkKind::Task, &decision.related_tasks));
    all.extend(rows(id, LinkKind::Component, &decision.related_components));
    all.extend(rows(id, LinkKind::Detection, &decision.related_detections));
    all
}

/// Matches decisions that have a link of this kind to any of these values; an empty list matches
/// all.
fn links_to<V: ToString>(kind: LinkKind, values: &[V]) -> Option<SimpleExpr> {
    (!values.is_empty()).then(|| {
        let owners = decision_link::Entity::find()
            .select_only()
            .column(decision_link::Column::DecisionId)
            .filter(decision_link::Column::Kind.eq(kind.as_str()))
            .filter(decision_link::Column::Target.is_in(values.iter().map(V::to_string)))
            .into_query();
        Column::Id.in_subquery(owners)
    })
}

/// Matches decisions that are, or are not, superseded by another one or by status; `None` matches
/// all.
fn superseded_condition(superseded: Option<bool>) -> Option<SimpleExpr> {
    let targets = decision_link::Entity::find()
        .select_only()
        .column(decision_link::Column::Target)
        .filter(decision_link::Column::Kind.eq(LinkKind::Supersedes.as_str()))
        .into_query();
    let status = DecisionStatus::Superseded.to_string();
    let is_superseded = Column::Id
        .in_subquery(targets)
        .or(Column::Status.eq(status));
    superseded.map(|superseded| {
        if superseded {
            is_superseded
        } else {
            is_superseded.not()
        }
    })
}

impl Filter<Decision> for DecisionFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(query::any(Column::Id, &self.ids))
            .add_option(query::any(Column::Status, &self.status))
            .add_option(query::any(Column::Impact, &self.impact))
            .add_option(links::link_condition::<decision_repo::Entity, _, _>(
                Column::Id,
                &self.repo,
            ))
            .add_option(query::any(Column::Session, &self.session))
            .add_option(links_to(LinkKind::Task, &self.task))
            .add_option(links_to(LinkKind::Component, &self.component))
            .add_option(links_to(LinkKind::Detection, &self.detection))
            .add_option(links_to(LinkKind::Supersedes, &self.supersedes))
            .add_option(superseded_condition(self.superseded))
            .add_option(query::since(Column::Date, self.since))
            .add(query::contains_all_words(
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

/// Reads and writes decisions; see [`Store::decisions`].
#[derive(Debug)]
pub struct Decisions<'a, C>(Records<'a, C, Decision>);

impl<'a, C> std::ops::Deref for Decisions<'a, C> {
    type Target = Records<'a, C, Decision>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, C: Connection> Decisions<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Decisions(Records::new(store))
    }

    /// Inserts a decision with the next id of its series.
    pub async fn add(&self, decision: impl Fn(DecisionId) -> Decision) -> Result<Decision, Error> {
        self.0.insert_next(&IdSeries::DECISIONS, decision).await
    }

    /// Returns pairs of a decision and one that it supersedes, which may not exist.
    pub async fn supersessions(&self) -> Result<Vec<(DecisionId, DecisionId)>, Error> {
        let rows: Vec<(String, String)> = decision_link::Entity::find()
            .select_only()
            .column(decision_link::Column::DecisionId)
            .column(decision_link::Column::Target)
            .filter(decision_link::Column::Kind.eq(LinkKind::Supersedes.as_str()))
            .into_tuple()
            .all(&self.store().connection)
            .await?;
        let id = |id| DecisionId::new(id).map_err(|error| Error::InvalidState(error.to_string()));
        rows.into_iter()
            .map(|(decision, target)| Ok((id(decision)?, id(target)?)))
            .collect()
    }

    /// Returns the number of decisions by status.
    pub async fn count_by_status(&self) -> Result<Vec<(String, u64)>, Error> {
        query::counts(&self.store().connection, Entity::find(), Column::Status).await
    }
}
