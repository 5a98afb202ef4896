//! Lists that leave out finished records.

use wsdb_core::{
    ArchitectureGoal, DetectionFilter, DriftDetection, GoalFilter, Issue, IssueFilter, Task,
    TaskFilter,
};
use wsdb_store::{Connection, Store};

use super::Resource;
use crate::Error;

/// A record that can be finished: it is then left out of lists, unless they ask for it.
pub trait Finishable: Resource {
    /// Returns the part of a filter that matches open or finished records.
    fn open_filter(filter: &mut Self::Filter) -> &mut Option<bool>;

    /// Returns whether a filter asks for statuses or for times, so that it also matches finished
    /// records.
    fn asks_for_finished(filter: &Self::Filter) -> bool;
}

/// Excludes finished records from a filter unless it asks for statuses or times. Returns the number of
/// records that are hidden by that.
pub async fn hide_finished<R: Finishable>(
    store: &Store<impl Connection>,
    filter: &mut R::Filter,
) -> Result<u64, Error> {
    if R::asks_for_finished(filter) {
        return Ok(0);
    }
    *R::open_filter(filter) = Some(false);
    let hidden = store.records::<R>().count(filter).await?;
    *R::open_filter(filter) = Some(true);
    Ok(hidden)
}

impl Finishable for Task {
    fn open_filter(filter: &mut TaskFilter) -> &mut Option<bool> {
        &mut filter.open
    }
    fn asks_for_finished(filter: &TaskFilter) -> bool {
        filter.open.is_some() || !filter.status.is_empty() || filter.since.is_some()
    }
}

impl Finishable for Issue {
    fn open_filter(filter: &mut IssueFilter) -> &mut Option<bool> {
        &mut filter.open
    }
    fn asks_for_finished(filter: &IssueFilter) -> bool {
        filter.open.is_some() || !filter.status.is_empty() || filter.since.is_some()
    }
}

impl Finishable for ArchitectureGoal {
    fn open_filter(filter: &mut GoalFilter) -> &mut Option<bool> {
        &mut filter.open
    }
    fn asks_for_finished(filter: &GoalFilter) -> bool {
        filter.open.is_some() || !filter.status.is_empty()
    }
}

impl Finishable for DriftDetection {
    fn open_filter(filter: &mut DetectionFilter) -> &mut Option<bool> {
        &mut filter.open
    }
    fn asks_for_finished(filter: &DetectionFilter) -> bool {
        filter.open.is_some() || !filter.status.is_empty() || filter.since.is_some()
    }
}
