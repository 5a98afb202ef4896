//! The intervals in which tasks and issues were open, read without the complete records.

use std::fmt::Display;
use std::str::FromStr;

use sea_orm::{EntityTrait, FromQueryResult, IdenStatic, QueryFilter, QuerySelect, Select};
use wsdb_core::{
    IssueFilter, IssueStatus, Lifecycle, OpenInterval, TaskFilter, TaskStatus, Timestamp,
};

use crate::columns::{Text, Time};
use crate::entity::{issue, task};
use crate::record::{Filter, Record, TableRow};
use crate::{Connection, Error, Issues, Tasks};

/// The columns from which an interval is computed.
struct IntervalColumns<C> {
    opened: C,
    status: C,
    closed: C,
    /// The end of the interval if the time of closing is unknown.
    changed: C,
}

#[derive(FromQueryResult)]
struct IntervalRow<S: FromStr<Err: Display>> {
    id: String,
    opened: Time,
    status: Text<S>,
    closed: Option<Time>,
    changed: Option<Time>,
}

async fn open_intervals<R: Record, S>(
    connection: &impl Connection,
    select: Select<R::Entity>,
    columns: IntervalColumns<<R::Entity as EntityTrait>::Column>,
    is_terminal: impl Fn(S) -> bool,
) -> Result<Vec<OpenInterval>, Error>
where
    S: FromStr<Err: Display> + Send + Sync,
{
    let rows: Vec<IntervalRow<S>> = select
        .select_only()
        .column_as(R::id_column(), "id")
        .column_as(columns.opened, "opened")
        .column_as(columns.status, "status")
        .column_as(columns.closed, "closed")
        .column_as(columns.changed, "changed")
        .into_model()
        .all(connection)
        .await?;
    let read = |row: IntervalRow<S>| {
        let id = row.id.as_str();
        let corrupt = |column: <R::Entity as EntityTrait>::Column| {
            move |reason| Error::corrupt(R::Model::TABLE, id, column.as_str(), reason)
        };
        let from: Timestamp = row.opened.0.map_err(corrupt(columns.opened))?;
        if !is_terminal(row.status.0.map_err(corrupt(columns.status))?) {
            return Ok(OpenInterval { from, until: None });
        }
        let until = match (row.closed, row.changed) {
            (Some(time), _) => time.0.map_err(corrupt(columns.closed))?,
            (None, Some(time)) => time.0.map_err(corrupt(columns.changed))?,
            (None, None) => from,
        };
        let until = Some(until);
        Ok(OpenInterval { from, until })
    };
    rows.into_iter().map(read).collect()
}

impl<C: Connection> Tasks<'_, C> {
    /// Returns the intervals in which the tasks that match a filter were open. A closed task
    /// without the time of its completion ended at its last change.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn open_intervals(&self, filter: &TaskFilter) -> Result<Vec<OpenInterval>, Error> {
        let columns = IntervalColumns {
            opened: task::Column::Created,
            status: task::Column::Status,
            closed: task::Column::CompletedAt,
            changed: task::Column::Updated,
        };
        let select = task::Entity::find().filter(filter.condition());
        let connection = &self.store().connection;
        open_intervals::<wsdb_core::Task, _>(connection, select, columns, TaskStatus::is_terminal)
            .await
    }
}

impl<C: Connection> Issues<'_, C> {
    /// Returns the intervals in which the issues that match a filter were open. A resolved issue
    /// without the time of its resolution has an empty interval.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn open_intervals(&self, filter: &IssueFilter) -> Result<Vec<OpenInterval>, Error> {
        let columns = IntervalColumns {
            opened: issue::Column::Detected,
            status: issue::Column::Status,
            closed: issue::Column::ResolvedAt,
            changed: issue::Column::ResolvedAt,
        };
        let select = issue::Entity::find().filter(filter.condition());
        let connection = &self.store().connection;
        let is_terminal = |status: IssueStatus| !status.is_open();
        open_intervals::<wsdb_core::Issue, _>(connection, select, columns, is_terminal).await
    }
}
