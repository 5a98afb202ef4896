//! Counts of open records over time, and the age of open records.

use crate::Timestamp;

/// The time in which a record was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenInterval {
    /// When it was opened.
    pub from: Timestamp,
    /// When it was closed; `None` while it is open.
    pub until: Option<Timestamp>,
}

impl OpenInterval {
    /// Returns the interval with its ends replaced, such as dates by the start of a local day.
    #[must_use]
    pub fn map(self, replace: impl Fn(Timestamp) -> Timestamp) -> Self {
        OpenInterval {
            from: replace(self.from),
            until: self.until.map(replace),
        }
    }
}

/// The changes within one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ThroughputPeriod {
    /// Start of the period.
    pub from: Timestamp,
    /// End of the period, exclusive.
    pub until: Timestamp,
    /// Number of open records at the end.
    pub open: u64,
    /// Number of opened records.
    pub added: u64,
    /// Number of closed records.
    pub closed: u64,
}

/// Returns the changes within each period between two successive `edges`, which are in order.
///
/// ```
/// use wsdb_core::{OpenInterval, throughput};
///
/// let at = |day: &str| day.parse::<wsdb_core::Timestamp>();
/// let intervals = [
///     OpenInterval { from: at("2025-11-03")?, until: Some(at("2025-11-12")?) },
///     OpenInterval { from: at("2025-11-11")?, until: None },
/// ];
/// let edges = [at("2025-11-03")?, at("2025-11-10")?, at("2025-11-17")?];
/// let weeks = throughput(&intervals, &edges);
/// let counts: Vec<_> = weeks.iter().map(|week| (week.open, week.added, week.closed)).collect();
/// assert_eq!(counts, [(1, 1, 0), (1, 1, 1)]);
/// # Ok::<(), wsdb_core::TimestampError>(())
/// ```
pub fn throughput(intervals: &[OpenInterval], edges: &[Timestamp]) -> Vec<ThroughputPeriod> {
    // The index of the period of a time; 0 is before the first one.
    let period_index = |time: Timestamp| edges.partition_point(|edge| *edge <= time);
    let (mut added, mut closed) = (vec![0u64; edges.len() + 1], vec![0u64; edges.len() + 1]);
    for interval in intervals {
        added[period_index(interval.from)] += 1;
        if let Some(until) = interval.until {
            // The clock was set back: the record was open for no time.
            closed[period_index(until.max(interval.from))] += 1;
        }
    }
    let mut open = added[0] - closed[0];
    let periods = edges.windows(2).zip(added[1..].iter().zip(&closed[1..]));
    periods
        .map(|(edge, (added, closed))| {
            open = open + added - closed;
            ThroughputPeriod {
                from: edge[0],
                until: edge[1],
                open,
                added: *added,
                closed: *closed,
            }
        })
        .collect()
}

/// Open records of similar age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeBucket {
    /// Its name, such as `1 to 4 weeks`.
    pub name: &'static str,
    /// Minimum age in days.
    pub from_days: u64,
    /// Maximum age in days, exclusive; `None` for the last bucket.
    pub until_days: Option<u64>,
    /// Number of records.
    pub count: u64,
}

/// Counts the open records by age; records opened later count as new.
pub fn age_histogram(intervals: &[OpenInterval], now: Timestamp) -> Vec<AgeBucket> {
    const BUCKETS: [(&str, u64); 6] = [
        ("under 1 day", 0),
        ("1 to 7 days", 1),
        ("1 to 4 weeks", 7),
        ("1 to 3 months", 28),
        ("3 to 12 months", 91),
        ("over a year", 365),
    ];
    let mut buckets: Vec<AgeBucket> = BUCKETS
        .iter()
        .zip(BUCKETS.iter().skip(1).map(Some).chain([None]))
        .map(|(&(name, from_days), next)| AgeBucket {
            name,
            from_days,
            until_days: next.map(|next| next.1),
            count: 0,
        })
        .collect();
    for interval in intervals.iter().filter(|interval| interval.until.is_none()) {
        let days = now.seconds_since(interval.from).max(0.0) / 86_400.0;
        let index = buckets.partition_point(|bucket| bucket.from_days as f64 <= days);
        buckets[index - 1].count += 1;
    }
    buckets
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(hour: u64) -> Timestamp {
        let start: Timestamp = "2025-11-20".parse().expect("valid time");
        let hours = std::time::Duration::from_secs(hour * 3600);
        start.checked_add(hours).expect("valid time")
    }

    fn interval(from: u64, until: Option<u64>) -> OpenInterval {
        OpenInterval {
            from: at(from),
            until: until.map(at),
        }
    }

    #[test]
    fn open_intervals_are_grouped_by_age() {
        let now = at(400 * 24);
        let intervals = [
            interval(400 * 24, None),
            interval(400 * 24 + 5, None),
            interval(399 * 24, None),
            interval(399 * 24, Some(0)),
            interval(0, None),
        ];
        let counts: Vec<u64> = age_histogram(&intervals, now)
            .iter()
            .map(|group| group.count)
            .collect();
        assert_eq!(counts, [2, 1, 0, 0, 0, 1]);
    }

    proptest! {
        #[test]
        fn periods_count_open_and_added_intervals(
            intervals in prop::collection::vec((0u64..50, prop::option::of(0u64..50)), 0..40),
            edges in prop::collection::btree_set(0u64..50, 0..10),
        ) {
            let edges: Vec<Timestamp> = edges.into_iter().map(at).collect();
            let intervals: Vec<OpenInterval> = intervals.into_iter().map(|(from, until)| interval(from, until)).collect();
            let periods = throughput(&intervals, &edges);
            prop_assert_eq!(periods.len(), edges.len().saturating_sub(1));
            for period in periods {
                let open = intervals.iter().filter(|interval| {
                    interval.from < period.until
                        && interval.until.is_none_or(|until| until.max(interval.from) >= period.until)
                });
                prop_assert_eq!(period.open, open.count() as u64);
                let within = |time: &Timestamp| period.from <= *time && *time < period.until;
                let added = intervals.iter().filter(|interval| within(&interval.from));
                prop_assert_eq!(period.added, added.count() as u64);
            }
        }
    }
}
