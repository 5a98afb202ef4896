//! The intervals in which tasks and issues were open, read without the complete records.

use sea_orm::{EntityTrait, QueryFilter, QuerySelect, Select};
use std::str::FromStr;

use wsdb_core::{IssueFilter, IssueStatus, OpenInterval, TaskFilter, TaskStatus, Timestamp};

use crate::columns::{Text, Time};
use crate::entity::{issue, task};
use crate::record::{Filter, Record, TableRow};
use crate::{Connection, Error, Issues, Tasks};

/// Id, start, status, end, and the end to use if that is unknown.
type Columns<S> = (String, Time, Text<S>, Option<Time>, Option<Time>);

async fn open_intervals<R: Record, S>(
    connection: &impl Connection,
    select: Select<R::Entity>,
    columns: [(&'static str, <R::Entity as EntityTrait>::Column); 5],
    is_terminal: impl Fn(S) -> bool,
) -> Result<Vec<OpenInterval>, Error>
where
    S: FromStr<Err: std::fmt::Display> + Send,
{
    let rows: Vec<Columns<S>> = select
        .select_only()
        .columns(columns.map(|(_, column)| column))
        .into_tuple()
        .all(connection)
        .await?;
    let [_, opened, state, closed, changed] = columns.map(|(name, _)| name);
    let read = |(id, from, status, until, changed_at): Columns<S>| {
        let (table, id) = (R::Model::TABLE, id.as_str());
        let corrupt = |column| move |reason| Error::corrupt(table, id, column, reason);
        let from: Timestamp = from.0.map_err(corrupt(opened))?;
        if !is_terminal(status.0.map_err(corrupt(state))?) {
            return Ok(OpenInterval { from, until: None });
        }
        let until = match (until, changed_at) {
            (Some(time), _) => time.0.map_err(corrupt(closed))?,
            (None, Some(time)) => time.0.map_err(corrupt(changed))?,
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
    /// [`Error::Corrupt`] if a stored value can't be read.
    pub async fn open_intervals(&self, filter: &TaskFilter) -> Result<Vec<OpenInterval>, Error> {
        use task::Column::{CompletedAt, Created, Id, Status, Updated};
        let columns = [
            ("id", Id),
            ("created", Created),
            ("status", Status),
            ("completed_at", CompletedAt),
            ("updated", Updated),
        ];
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
    /// [`Error::Corrupt`] if a stored value can't be read.
    pub async fn open_intervals(&self, filter: &IssueFilter) -> Result<Vec<OpenInterval>, Error> {
        use issue::Column::{Detected, Id, ResolvedAt, Status};
        let columns = [
            ("id", Id),
            ("detected", Detected),
            ("status", Status),
            ("resolved_at", ResolvedAt),
            ("resolved_at", ResolvedAt),
        ];
        let select = issue::Entity::find().filter(filter.condition());
        let connection = &self.store().connection;
        let is_terminal = |status: IssueStatus| status != IssueStatus::Open;
        open_intervals::<wsdb_core::Issue, _>(connection, select, columns, is_terminal).await
    }
}
