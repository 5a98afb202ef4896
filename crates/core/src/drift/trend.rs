//! Counts of open detections over time.

use crate::throughput;
use crate::{DetectionStatus, OpenInterval, Timestamp};

/// The time in which a detection was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// When it was detected.
    pub from: Timestamp,
    /// When it was resolved or ignored, and which of both; `None` while it is open.
    pub until: Option<(Timestamp, DetectionStatus)>,
}

/// The changes within one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
pub fn trend(stands: &[Stand], edges: &[Timestamp]) -> Vec<TrendPoint> {
    let spans = |wanted: fn(&Stand) -> bool| -> Vec<OpenInterval> {
        let wanted = stands.iter().filter(|stand| wanted(stand));
        let span = |stand: &Stand| OpenInterval {
            from: stand.from,
            until: stand.until.map(|(until, _)| until),
        };
        wanted.map(span).collect()
    };
    let is_ignored = |stand: &Stand| matches!(stand.until, Some((_, DetectionStatus::Ignored)));
    let all = throughput(&spans(|_| true), edges);
    let ignored = throughput(&spans(is_ignored), edges);
    let points = all
        .into_iter()
        .zip(ignored)
        .map(|(all, ignored)| TrendPoint {
            from: all.from,
            until: all.until,
            open: all.open,
            new: all.added,
            resolved: all.ended - ignored.ended,
            ignored: ignored.ended,
        });
    points.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(hour: u64) -> Timestamp {
        let start: Timestamp = "2025-11-20".parse().expect("valid time");
        let span = std::time::Duration::from_secs(hour * 3600);
        start.checked_add(span).expect("valid time")
    }

    #[test]
    fn what_stood_open_is_counted_at_the_end_of_each_span() {
        let stand = |from, until: Option<(u64, DetectionStatus)>| Stand {
            from: at(from),
            until: until.map(|(hour, status)| (at(hour), status)),
        };
        let stands = [
            stand(0, None),
            stand(11, Some((25, DetectionStatus::Resolved))),
            stand(20, Some((20, DetectionStatus::Ignored))),
            stand(30, Some((99, DetectionStatus::Resolved))),
            stand(31, Some((5, DetectionStatus::Resolved))),
        ];
        let counts: Vec<[u64; 4]> = trend(&stands, &[at(10), at(20), at(30), at(40)])
            .into_iter()
            .map(|p| [p.open, p.new, p.resolved, p.ignored])
            .collect();
        assert_eq!(counts, [[2, 1, 0, 0], [1, 1, 1, 1], [2, 2, 1, 0]]);
        assert_eq!(trend(&stands, &[at(10)]), []);
        assert_eq!(trend(&stands, &[]), []);
    }

    proptest! {
        #[test]
        fn open_is_what_came_without_what_went(
            stands in prop::collection::vec((0u64..50, prop::option::of(0u64..50)), 0..40),
            mut edges in prop::collection::btree_set(0u64..50, 0..10).prop_map(Vec::from_iter),
        ) {
            edges.sort_unstable();
            let edges: Vec<Timestamp> = edges.into_iter().map(at).collect();
            let stands: Vec<Stand> = stands
                .into_iter()
                .map(|(from, until)| Stand {
                    from: at(from),
                    until: until.map(|until| (at(until), DetectionStatus::Resolved)),
                })
                .collect();
            for point in trend(&stands, &edges) {
                let stood = stands.iter().filter(|s| {
                    s.from < point.until && s.until.is_none_or(|(until, _)| until >= point.until)
                });
                prop_assert_eq!(point.open, stood.count() as u64);
            }
        }
    }
}
