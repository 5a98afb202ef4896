//! Cross-repo issues, with the rows of their repos.

use sea_orm::sea_query::Condition;
use sea_orm::{EntityTrait, QueryFilter, Select};
use wsdb_core::{
    IdSeries, Issue, IssueFilter, IssueId, IssueSort, IssueStatus, Page, Severity, Timestamp,
};

use crate::entity::issue::{Column, Entity};
use crate::entity::issue_repo;
use crate::record::{Filter, impl_record};
use crate::records::Records;
use crate::referenced_table::ReferencedTable;
use crate::{Connection, Error, Store, Transaction, links, query};

impl_record!(
    Issue,
    issue,
    IssueId,
    IssueFilter,
    "issue",
    Some(ReferencedTable::Issues),
    {
        const SERIES: Option<IdSeries> = Some(IdSeries::ISSUES);

        async fn write_links(
            connection: &Transaction,
            issues: &[Issue],
            new: bool,
        ) -> Result<(), Error> {
            let repos = issues
                .iter()
                .map(|i| (i.id.as_str(), &i.repos_affected[..]));
            links::write::<issue_repo::Entity, _, _>(connection, repos, new).await
        }
    }
);

impl Filter<Issue> for IssueFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(query::any(Column::Id, &self.ids))
            .add_option(query::any(Column::Status, &self.status))
            .add_option(query::is_open::<IssueStatus, _>(Column::Status, self.open))
            .add_option(query::any(Column::Severity, &self.severity))
            .add_option(query::any(Column::IssueType, &self.issue_type))
            .add_option(links::link_condition::<issue_repo::Entity, _, _>(
                Column::Id,
                &self.repo,
            ))
            .add_option(query::any(Column::AssignedTo, &self.assigned_to))
            .add_option(query::is_present(Column::AssignedTo, self.assigned))
            .add_option(query::any_of(
                [Column::RelatedTaskId, Column::RelatedTaskMissing],
                self.task.as_slice(),
            ))
            .add_option(query::since(Column::Detected, self.since))
            .add(query::contains_all_words(
                &[
                    Column::Id,
                    Column::Title,
                    Column::Description,
                    Column::ActionRequired,
                ],
                &self.text,
            ))
    }

    fn order(&self, select: Select<Entity>) -> Select<Entity> {
        let (id, reverse) = (Column::Id, self.reverse);
        match self.sort {
            IssueSort::Detected => query::ordered(select, Column::Detected, id, reverse),
            IssueSort::Severity => query::ordered(
                select,
                query::rank::<Severity, _>(Column::Severity),
                id,
                reverse,
            ),
            IssueSort::Status => query::ordered(
                select,
                query::rank::<IssueStatus, _>(Column::Status),
                id,
                reverse,
            ),
            IssueSort::Title => query::ordered(select, Column::Title, id, reverse),
            IssueSort::Id => query::ordered(select, id, id, reverse),
        }
    }

    fn page(&self) -> Page {
        self.page
    }
}

/// Reads and writes issues; see [`Store::issues`].
#[derive(Debug)]
pub struct Issues<'a, C>(Records<'a, C, Issue>);

impl<'a, C> std::ops::Deref for Issues<'a, C> {
    type Target = Records<'a, C, Issue>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, C: Connection> Issues<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Issues(Records::new(store))
    }

    /// Inserts an issue with the next id of its series.
    pub async fn add(&self, issue: impl Fn(IssueId) -> Issue) -> Result<Issue, Error> {
        self.0.insert_next(&IdSeries::ISSUES, issue).await
    }

    /// Sets the status of an issue; see [`Issue::set_status`].
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such issue.
    pub async fn set_status(
        &self,
        id: &IssueId,
        status: IssueStatus,
        by: Option<&str>,
        notes: Option<&str>,
        now: Timestamp,
    ) -> Result<Issue, Error> {
        self.update(id, |issue| {
            let (by, notes) = (by.map(str::to_owned), notes.map(str::to_owned));
            issue.set_status(status, by, notes, now);
        })
        .await
    }

    /// Marks an issue as resolved, and records when, by whom and how.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such issue.
    pub async fn resolve(
        &self,
        id: &IssueId,
        by: Option<&str>,
        notes: Option<&str>,
        now: Timestamp,
    ) -> Result<Issue, Error> {
        self.set_status(id, IssueStatus::Resolved, by, notes, now)
            .await
    }

    /// Returns the number of issues by status.
    pub async fn count_by_status(&self) -> Result<Vec<(String, u64)>, Error> {
        query::counts(&self.store().connection, Entity::find(), Column::Status).await
    }

    /// Returns the number of issues by severity, among those that match `filter`.
    pub async fn count_by_severity(
        &self,
        filter: &IssueFilter,
    ) -> Result<Vec<(String, u64)>, Error> {
        let issues = Entity::find().filter(filter.condition());
        query::counts(&self.store().connection, issues, Column::Severity).await
    }
}
