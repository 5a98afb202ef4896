//! Drift over time.

use wsdb_core::{DetectionFilter, Timestamp, trend};
use wsdb_store::{Connection, Store};

use crate::Error;
use crate::views::TrendView;

/// Returns how drift changed between each two consecutive points in time.
pub async fn drift_trend<C: Connection>(
    store: &Store<C>,
    filter: &DetectionFilter,
    edges: &[Timestamp],
    now: Timestamp,
) -> Result<Vec<TrendView>, Error> {
    let intervals = store.drift().open_intervals(filter, now).await?;
    Ok(trend(&intervals, edges)
        .into_iter()
        .map(Into::into)
        .collect())
}
