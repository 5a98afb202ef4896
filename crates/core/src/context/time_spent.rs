//! Time in each repo, by day.

use std::collections::BTreeMap;

use super::ContextSwitch;
use crate::Timestamp;

/// Time in one repo on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeSpent<D> {
    /// The day.
    pub day: D,
    /// The repo.
    pub repo: String,
    /// The time in seconds.
    pub seconds: f64,
}

/// A day, as a calendar divides the time.
#[derive(Debug, Clone, PartialEq)]
pub struct Day<D> {
    /// Its name, such as its date.
    pub name: D,
    /// The start of the next day.
    pub end: Timestamp,
}

/// A part of a visit.
struct Interval<'a> {
    repo: &'a str,
    start: Timestamp,
    end: Timestamp,
}

/// Returns the time in each repo between two points in time, by day and repo. `day_of` returns the
/// day of a time.
///
/// Active visits last until now. A person is in one repo at a time: if visits of one person
/// overlap, the one that started last counts, and a visit that was never ended ends when the next
/// one starts. The times of several people are added up.
pub fn time_spent<D: Ord + Clone>(
    switches: &[ContextSwitch],
    from: Timestamp,
    now: Timestamp,
    day_of: impl Fn(Timestamp) -> Day<D>,
) -> Vec<TimeSpent<D>> {
    let mut people: BTreeMap<Option<&str>, Vec<&ContextSwitch>> = BTreeMap::new();
    for visit in switches {
        let person = visit.activated_by.as_deref();
        people.entry(person).or_default().push(visit);
    }
    let mut sums: BTreeMap<(D, &str), f64> = BTreeMap::new();
    for visits in people.into_values() {
        for Interval { repo, start, end } in non_overlapping(visits, now) {
            let (mut start, end) = (start.max(from), end.min(now));
            while start < end {
                let Day { name, end: next } = day_of(start);
                // A calendar that does not advance would loop forever.
                let stop = if next > start { next.min(end) } else { end };
                *sums.entry((name, repo)).or_default() += stop.seconds_since(start);
                start = stop;
            }
        }
    }
    sums.into_iter()
        .map(|((day, repo), seconds)| TimeSpent {
            day,
            repo: repo.to_owned(),
            seconds,
        })
        .collect()
}

/// Splits the visits of one person into parts that do not overlap.
fn non_overlapping(mut visits: Vec<&ContextSwitch>, now: Timestamp) -> Vec<Interval<'_>> {
    visits.sort_by(|a, b| (a.activated_at, &a.id).cmp(&(b.activated_at, &b.id)));
    let starts: Vec<Timestamp> = visits.iter().map(|visit| visit.activated_at).collect();
    let mut intervals: Vec<Interval<'_>> = Vec::new();
    // Repos and ends of visits that have started and may still be active, the latest last.
    let mut active: Vec<(&str, Timestamp)> = Vec::new();
    let mut time = starts.first().copied().unwrap_or(now);
    for index in 0..=visits.len() {
        let start = starts.get(index).copied();
        while let Some((repo, end)) = active.last().copied() {
            let stop = start.map_or(end, |start| start.min(end));
            if time < stop {
                intervals.push(Interval {
                    repo,
                    start: time,
                    end: stop,
                });
                time = stop;
            }
            if start.is_some_and(|start| end > start) {
                break;
            }
            active.pop();
        }
        if let (Some(visit), Some(start)) = (visits.get(index), start) {
            time = time.max(start);
            let next = starts.get(index + 1).copied();
            let end = visit.deactivated_at.or(next).unwrap_or(now);
            active.push((&visit.repo, end));
        }
    }
    intervals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ContextSwitchId;
    use proptest::prelude::*;

    fn at(minute: u64) -> Timestamp {
        let start: Timestamp = "2025-11-20".parse().expect("valid time");
        let duration = std::time::Duration::from_secs(minute * 60);
        start.checked_add(duration).expect("valid time")
    }

    fn visit(repo: &str, who: &str, start: u64, end: Option<u64>) -> ContextSwitch {
        let id = ContextSwitchId::new(format!("{repo}-{start}")).expect("valid id");
        let mut visit = ContextSwitch::new(id, repo.into(), "/".into(), at(start));
        visit.activated_by = Some(who.into());
        visit.deactivated_at = end.map(at);
        visit
    }

    /// Days start at midnight UTC.
    fn spent(visits: &[ContextSwitch], from: u64, now: u64) -> Vec<(String, String, u64)> {
        let day_of = |time: Timestamp| {
            let next = time
                .date()
                .succ_opt()
                .expect("valid day")
                .and_time(Default::default());
            Day {
                name: time.date(),
                end: Timestamp::from_utc(next).expect("valid time"),
            }
        };
        time_spent(visits, at(from), at(now), day_of)
            .into_iter()
            .map(|s| (s.day.to_string(), s.repo, (s.seconds / 60.0) as u64))
            .collect()
    }

    fn line(day: &str, repo: &str, minutes: u64) -> (String, String, u64) {
        (format!("2025-11-{day}"), repo.to_owned(), minutes)
    }

    #[test]
    fn visit_is_split_at_midnight() {
        let visits = [
            visit("core", "mira", 23 * 60, Some(25 * 60)),
            visit("web", "mira", 1500, None),
        ];
        assert_eq!(
            spent(&visits, 0, 1530),
            [
                line("20", "core", 60),
                line("21", "core", 60),
                line("21", "web", 30)
            ]
        );
        assert_eq!(spent(&visits, 1500, 1530), [line("21", "web", 30)]);
        assert_eq!(spent(&visits, 0, 1390), [line("20", "core", 10)]);
    }

    #[test]
    fn overlapping_visits_count_for_the_latest() {
        let visits = [
            visit("core", "mira", 0, Some(60)),
            visit("web", "mira", 10, Some(20)),
            visit("ml", "mira", 15, None),
            visit("docs", "mira", 50, Some(55)),
            visit("core", "jo", 0, Some(30)),
        ];
        assert_eq!(
            spent(&visits, 0, 100),
            [
                line("20", "core", 45),
                line("20", "docs", 5),
                line("20", "ml", 35),
                line("20", "web", 5)
            ]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn every_minute_of_a_visit_counts_once(
            visits in prop::collection::vec((0u64..90, prop::option::of(0u64..90)), 0..12)
        ) {
            let visits: Vec<ContextSwitch> = visits
                .into_iter()
                .enumerate()
                .map(|(number, (start, long))| ContextSwitch {
                    id: ContextSwitchId::new(format!("C-{number:02}")).expect("valid id"),
                    ..visit("core", "mira", start, long.map(|long| start + long))
                })
                .collect();
            let total: u64 = spent(&visits, 0, 100).iter().map(|s| s.2).sum();
            let mut starts: Vec<u64> = visits
                .iter()
                .map(|s| s.activated_at.seconds_since(at(0)) as u64 / 60)
                .collect();
            starts.sort_unstable();
            let minutes = (0..100).filter(|minute| visits.iter().any(|s| {
                let start = s.activated_at;
                let id = &s.id;
                let later = visits.iter().filter(|o| (o.activated_at, &o.id) > (start, id));
                let next = later.map(|o| o.activated_at).min();
                let end = s.deactivated_at.or(next).unwrap_or(at(100));
                start <= at(*minute) && at(*minute) < end
            }));
            prop_assert_eq!(total, minutes.count() as u64);
        }
    }
}
