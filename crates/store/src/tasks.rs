//! Tasks, with the rows of their repos and dependencies.

use std::collections::HashMap;

use sea_orm::sea_query::{Condition, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use wsdb_core::{
    ClaimFilter, IdSeries, Page, Priority, Task, TaskFilter, TaskId, TaskSort, TaskStatus,
};

use crate::entity::task::{Column, Entity};
use crate::entity::{task_claim, task_dependency, task_repo};
use crate::query::ID_BATCH_SIZE;
use crate::record::{Filter, impl_record};
use crate::records::Records;
use crate::referenced_table::ReferencedTable;
use crate::{Connection, Error, Store, Transaction, links, query};

impl_record!(
    Task,
    task,
    TaskId,
    TaskFilter,
    "task",
    Some(ReferencedTable::Tasks),
    {
        const SERIES: Option<IdSeries> = Some(IdSeries::TASKS);

        async fn write_links(
            connection: &Transaction,
            tasks: &[Task],
            new: bool,
        ) -> Result<(), Error> {
            let repos = tasks.iter().map(|t| (t.id.as_str(), &t.repos_affected[..]));
            links::write::<task_repo::Entity, _, _>(connection, repos, new).await?;
            let dependencies = tasks.iter().map(|t| (t.id.as_str(), &t.dependencies[..]));
            links::write::<task_dependency::Entity, _, _>(connection, dependencies, new).await
        }

        async fn delete_children(store: &Store<Transaction>, ids: &[TaskId]) -> Result<(), Error> {
            let filter = ClaimFilter {
                ids: ids.to_vec(),
                ..ClaimFilter::default()
            };
            store.tasks().claims().delete_all(&filter).await
        }
    }
);

/// Selects the tasks that `who` has claimed, also if the claim has expired.
fn claimed_by(who: &str) -> SelectStatement {
    Query::select()
        .column(task_claim::Column::Id)
        .from(task_claim::Entity)
        .and_where(task_claim::Column::Holder.eq(who))
        .take()
}

impl Filter<Task> for TaskFilter {
    fn condition(&self) -> Condition {
        let depends_on = self.depends_on.as_slice();
        Condition::all()
            .add_option(query::any(Column::Id, &self.ids))
            .add_option(query::any(Column::Status, &self.status))
            .add_option(query::is_open::<TaskStatus, _>(Column::Status, self.open))
            .add_option(query::any(Column::Priority, &self.priority))
            .add_option(links::link_condition::<task_repo::Entity, _, _>(
                Column::Id,
                &self.repo,
            ))
            .add_option(query::any(Column::AssignedTo, &self.assigned_to))
            .add_option(self.not_worker.as_ref().map(|who| {
                let is_assigned_to_other = Condition::any()
                    .add(Column::AssignedTo.is_null())
                    .add(Column::AssignedTo.ne(who.as_str()));
                Condition::all()
                    .add(is_assigned_to_other)
                    .add(Column::Id.not_in_subquery(claimed_by(who)))
            }))
            .add_option(query::is_present(Column::AssignedTo, self.assigned))
            .add_option(self.worker.as_ref().map(|who| {
                Condition::any()
                    .add(Column::AssignedTo.eq(who.as_str()))
                    .add(Column::Id.in_subquery(claimed_by(who)))
            }))
            .add_option(query::any(Column::SessionCreated, &self.session))
            .add_option(links::link_condition::<task_dependency::Entity, _, _>(
                Column::Id,
                depends_on,
            ))
            .add_option(query::since(Column::Updated, self.since))
            .add(query::contains_all_words(
                &[
                    Column::Id,
                    Column::Title,
                    Column::Description,
                    Column::Notes,
                ],
                &self.text,
            ))
    }

    fn order(&self, select: Select<Entity>) -> Select<Entity> {
        let (id, reverse) = (Column::Id, self.reverse);
        match self.sort {
            TaskSort::Created => query::ordered(select, Column::Created, id, reverse),
            TaskSort::Updated => query::ordered(select, Column::Updated, id, reverse),
            TaskSort::Priority => query::ordered(
                select,
                query::rank::<Priority, _>(Column::Priority),
                id,
                reverse,
            ),
            TaskSort::Status => query::ordered(
                select,
                query::rank::<TaskStatus, _>(Column::Status),
                id,
                reverse,
            ),
            TaskSort::Title => query::ordered(select, Column::Title, id, reverse),
            TaskSort::Id => query::ordered(select, id, id, reverse),
        }
    }

    fn page(&self) -> Page {
        self.page
    }
}

/// Reads and writes tasks; see [`Store::tasks`].
#[derive(Debug)]
pub struct Tasks<'a, C>(Records<'a, C, Task>);

impl<'a, C> std::ops::Deref for Tasks<'a, C> {
    type Target = Records<'a, C, Task>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'a, C: Connection> Tasks<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Tasks(Records::new(store))
    }

    /// Inserts a task with the next id of its series.
    pub async fn add(&self, task: impl Fn(TaskId) -> Task) -> Result<Task, Error> {
        self.0.insert_next(&IdSeries::TASKS, task).await
    }

    /// Sets the status of a task; see [`Task::set_status`].
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such task.
    pub async fn set_status(
        &self,
        id: &TaskId,
        status: TaskStatus,
        now: wsdb_core::Timestamp,
    ) -> Result<Task, Error> {
        self.update(id, |task| task.set_status(status, now)).await
    }

    /// Returns the statuses of these tasks; missing ones are left out.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn statuses(&self, ids: &[TaskId]) -> Result<HashMap<TaskId, TaskStatus>, Error> {
        let mut statuses = HashMap::new();
        for chunk in ids.chunks(ID_BATCH_SIZE) {
            let rows: Vec<(String, String)> = Entity::find()
                .select_only()
                .columns([Column::Id, Column::Status])
                .filter(Column::Id.is_in(chunk.iter().map(TaskId::as_str)))
                .order_by_asc(Column::Id)
                .into_tuple()
                .all(&self.store().connection)
                .await?;
            for (id, status) in rows {
                let corrupt = |column, reason: String| {
                    Error::corrupt("workspace_tasks", id.as_str(), column, reason)
                };
                let status = status
                    .parse()
                    .map_err(|e: wsdb_core::VocabularyError| corrupt("status", e.to_string()))?;
                let id = TaskId::new(id.clone()).map_err(|e| corrupt("id", e.to_string()))?;
                statuses.insert(id, status);
            }
        }
        Ok(statuses)
    }

    /// Returns every repo that a task affects, by name.
    pub async fn repos(&self) -> Result<Vec<String>, Error> {
        let repos = task_repo::Entity::find()
            .select_only()
            .column(task_repo::Column::Repo)
            .distinct()
            .order_by_asc(task_repo::Column::Repo)
            .into_tuple();
        Ok(repos.all(&self.store().connection).await?)
    }

    /// Returns the number of tasks by status; statuses without tasks are left out.
    pub async fn count_by_status(&self) -> Result<Vec<(String, u64)>, Error> {
        query::counts(&self.store().connection, Entity::find(), Column::Status).await
    }

    /// Returns the number of tasks by priority, among those that match `filter`; tasks without a
    /// priority are counted under an empty string.
    pub async fn count_by_priority(
        &self,
        filter: &TaskFilter,
    ) -> Result<Vec<(String, u64)>, Error> {
        let tasks = Entity::find().filter(filter.condition());
        query::counts(&self.store().connection, tasks, Column::Priority).await
    }
}
