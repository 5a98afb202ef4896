//! Drift over time.

use wsdb_core::{DetectionFilter, Moment, Timestamp, trend};
use wsdb_store::{Connection, Store};

use crate::Error;
use crate::views::TrendView;

/// Returns how drift changed between each two consecutive points in time. `start_of` returns the point
/// in time that a stored time stands for: a date is a local day.
pub async fn drift_trend<C: Connection>(
    store: &Store<C>,
    filter: &DetectionFilter,
    edges: &[Timestamp],
    now: Moment,
    start_of: impl Fn(Timestamp) -> Timestamp,
) -> Result<Vec<TrendView>, Error> {
    let mut intervals = store.drift().open_intervals(filter, now).await?;
    for detection in &mut intervals {
        detection.interval = detection.interval.map(&start_of);
    }
    Ok(trend(&intervals, edges)
        .into_iter()
        .map(Into::into)
        .collect())
}
