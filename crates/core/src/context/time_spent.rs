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

/// A part of a visit: repo, start and end.
type Interval<'a> = (&'a str, Timestamp, Timestamp);

/// Returns the time in each repo between two points in time, by day and repo. `day_of` returns the
/// day of a time and the start of the next day.
///
/// Active visits last until now. A person is in one repo at a time: if visits of one person
/// overlap, the one that started last counts, and a visit that was never ended ends when the next
/// one starts. The times of several people are added up.
pub fn time_spent<D: Ord + Clone>(
    switches: &[ContextSwitch],
    (from, now): (Timestamp, Timestamp),
    day_of: impl Fn(Timestamp) -> (D, Timestamp),
) -> Vec<TimeSpent<D>> {
    let mut people: BTreeMap<Option<&str>, Vec<&ContextSwitch>> = BTreeMap::new();
    for stay in switches {
        let by = stay.activated_by.as_deref();
        people.entry(by).or_default().push(stay);
    }
    let mut sums: BTreeMap<(D, &str), f64> = BTreeMap::new();
    for stays in people.into_values() {
        for (repo, start, end) in non_overlapping(stays, now) {
            let (mut start, end) = (start.max(from), end.min(now));
            while start < end {
                let (day, next) = day_of(start);
                // A calendar that does not advance would loop forever.
                let stop = if next > start { next.min(end) } else { end };
                *sums.entry((day, repo)).or_default() += stop.seconds_since(start);
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
fn non_overlapping(mut stays: Vec<&ContextSwitch>, now: Timestamp) -> Vec<Interval<'_>> {
    stays.sort_by(|a, b| (a.activated_at, &a.id).cmp(&(b.activated_at, &b.id)));
    let starts: Vec<Timestamp> = stays.iter().map(|stay| stay.activated_at).collect();
    let mut found: Vec<Interval<'_>> = Vec::new();
    // Visits that have started and may still be active, the latest last.
    let mut under: Vec<(&str, Timestamp)> = Vec::new();
    let mut time = starts.first().copied().unwrap_or(now);
    for place in 0..=stays.len() {
        let start = starts.get(place).copied();
        while let Some((repo, end)) = under.last().copied() {
            let stop = start.map_or(end, |start| start.min(end));
            if time < stop {
                found.push((repo, time, stop));
                time = stop;
            }
            if start.is_some_and(|start| end > start) {
                break;
            }
            under.pop();
        }
        if let (Some(stay), Some(start)) = (stays.get(place), start) {
            time = time.max(start);
            let next = starts.get(place + 1).copied();
            let end = stay.deactivated_at.or(next).unwrap_or(now);
            under.push((&stay.repo, end));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ContextSwitchId;
    use proptest::prelude::*;

    fn at(minute: u64) -> Timestamp {
        let start: Timestamp = "2025-11-20".parse().expect("valid time");
        let span = std::time::Duration::from_secs(minute * 60);
        start.checked_add(span).expect("valid time")
    }

    fn stay(repo: &str, who: &str, start: u64, end: Option<u64>) -> ContextSwitch {
        let id = ContextSwitchId::new(format!("{repo}-{start}")).expect("valid id");
        let mut stay = ContextSwitch::new(id, repo.into(), "/".into(), at(start));
        stay.activated_by = Some(who.into());
        stay.deactivated_at = end.map(at);
        stay
    }

    /// Days start at midnight UTC.
    fn spent(stays: &[ContextSwitch], from: u64, now: u64) -> Vec<(String, String, u64)> {
        let day_of = |time: Timestamp| {
            let next = time
                .date()
                .succ_opt()
                .expect("valid day")
                .and_time(Default::default());
            (time.date(), Timestamp::from_utc(next).expect("valid time"))
        };
        time_spent(stays, (at(from), at(now)), day_of)
            .into_iter()
            .map(|s| (s.day.to_string(), s.repo, (s.seconds / 60.0) as u64))
            .collect()
    }

    fn line(day: &str, repo: &str, minutes: u64) -> (String, String, u64) {
        (format!("2025-11-{day}"), repo.to_owned(), minutes)
    }

    #[test]
    fn midnight_parts_a_stay() {
        let stays = [
            stay("core", "mira", 23 * 60, Some(25 * 60)),
            stay("web", "mira", 1500, None),
        ];
        assert_eq!(
            spent(&stays, 0, 1530),
            [
                line("20", "core", 60),
                line("21", "core", 60),
                line("21", "web", 30)
            ]
        );
        assert_eq!(spent(&stays, 1500, 1530), [line("21", "web", 30)]);
        assert_eq!(spent(&stays, 0, 1390), [line("20", "core", 10)]);
    }

    #[test]
    fn nobody_is_in_two_repos_at_once() {
        let stays = [
            stay("core", "mira", 0, Some(60)),
            stay("web", "mira", 10, Some(20)),
            stay("ml", "mira", 15, None),
            stay("docs", "mira", 50, Some(55)),
            stay("core", "jo", 0, Some(30)),
        ];
        assert_eq!(
            spent(&stays, 0, 100),
            [
                line("20", "core", 45),
                line("20", "docs", 5),
                line("20", "ml", 35),
                line("20", "web", 5)
            ]
        );
    }

    proptest! {
        #[test]
        fn no_minute_counts_twice(
            stays in prop::collection::vec((0u64..90, prop::option::of(0u64..90)), 0..12)
        ) {
            let stays: Vec<ContextSwitch> = stays
                .into_iter()
                .enumerate()
                .map(|(number, (start, long))| ContextSwitch {
                    id: ContextSwitchId::new(format!("C-{number:02}")).expect("valid id"),
                    ..stay("core", "mira", start, long.map(|long| start + long))
                })
                .collect();
            let total: u64 = spent(&stays, 0, 100).iter().map(|s| s.2).sum();
            let mut starts: Vec<u64> = stays
                .iter()
                .map(|s| s.activated_at.seconds_since(at(0)) as u64 / 60)
                .collect();
            starts.sort_unstable();
            let minutes = (0..100).filter(|minute| stays.iter().any(|s| {
                let start = s.activated_at;
                let id = &s.id;
                let later = stays.iter().filter(|o| (o.activated_at, &o.id) > (start, id));
                let next = later.map(|o| o.activated_at).min();
                let end = s.deactivated_at.or(next).unwrap_or(at(100));
                start <= at(*minute) && at(*minute) < end
            }));
            prop_assert_eq!(total, minutes.count() as u64);
        }
    }
}
