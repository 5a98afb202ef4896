//! Counts of open detections over time.

use crate::{DetectionStatus, OpenInterval, Timestamp, throughput};

/// The time in which a detection was open, and its effective status now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DetectionInterval {
    /// From its detection until it was resolved or ignored.
    pub interval: OpenInterval,
    /// Its status: open if and only if the interval has no end.
    pub status: DetectionStatus,
}

/// The changes within one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrendPoint {
    /// Start of the period.
    pub from: Timestamp,
    /// End of the period, exclusive.
    pub until: Timestamp,
    /// Number of open detections at the end.
    pub open: u64,
    /// Number of new detections.
    pub new: u64,
    /// Number of resolved detections.
    pub resolved: u64,
    /// Number of ignored detections.
    pub ignored: u64,
}

/// Returns the changes within each period between two successive `edges`, which are in order.
pub fn trend(detections: &[DetectionInterval], edges: &[Timestamp]) -> Vec<TrendPoint> {
    let intervals = |is_counted: fn(DetectionStatus) -> bool| -> Vec<OpenInterval> {
        let counted = detections.iter().filter(|d| is_counted(d.status));
        counted.map(|detection| detection.interval).collect()
    };
    let all = throughput(&intervals(|_| true), edges);
    let is_ignored = |status| status == DetectionStatus::Ignored;
    let ignored = throughput(&intervals(is_ignored), edges);
    let points = all
        .into_iter()
        .zip(ignored)
        .map(|(all, ignored)| TrendPoint {
            from: all.from,
            until: all.until,
            open: all.open,
            new: all.added,
            resolved: all.closed - ignored.closed,
            ignored: ignored.closed,
        });
    points.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(hour: u64) -> Timestamp {
        let start: Timestamp = "2025-11-20".parse().expect("valid time");
        let duration = std::time::Duration::from_secs(hour * 3600);
        start.checked_add(duration).expect("valid time")
    }

    fn detection(from: u64, end: Option<(u64, DetectionStatus)>) -> DetectionInterval {
        DetectionInterval {
            interval: OpenInterval {
                from: at(from),
                until: end.map(|(hour, _)| at(hour)),
            },
            status: end.map_or(DetectionStatus::Open, |(_, status)| status),
        }
    }

    #[test]
    fn periods_count_open_new_resolved_and_ignored() {
        let detections = [
            detection(0, None),
            detection(11, Some((25, DetectionStatus::Resolved))),
            detection(20, Some((20, DetectionStatus::Ignored))),
            detection(30, Some((99, DetectionStatus::Resolved))),
            detection(31, Some((5, DetectionStatus::Resolved))),
        ];
        let counts: Vec<[u64; 4]> = trend(&detections, &[at(10), at(20), at(30), at(40)])
            .into_iter()
            .map(|p| [p.open, p.new, p.resolved, p.ignored])
            .collect();
        assert_eq!(counts, [[2, 1, 0, 0], [1, 1, 1, 1], [2, 2, 1, 0]]);
        assert_eq!(trend(&detections, &[at(10)]), []);
        assert_eq!(trend(&detections, &[]), []);
    }

    proptest! {
        #[test]
        fn open_is_the_number_of_intervals_at_the_end_of_a_period(
            intervals in prop::collection::vec((0u64..50, prop::option::of(0u64..50)), 0..40),
            mut edges in prop::collection::btree_set(0u64..50, 0..10).prop_map(Vec::from_iter),
        ) {
            edges.sort_unstable();
            let edges: Vec<Timestamp> = edges.into_iter().map(at).collect();
            let detections: Vec<DetectionInterval> = intervals
                .into_iter()
                .map(|(from, until)| {
                    detection(from, until.map(|until| (until, DetectionStatus::Resolved)))
                })
                .collect();
            for point in trend(&detections, &edges) {
                let open = detections.iter().map(|d| d.interval).filter(|interval| {
                    interval.from < point.until
                        && interval.until.is_none_or(|until| until >= point.until)
                });
                prop_assert_eq!(point.open, open.count() as u64);
            }
        }
    }
}
