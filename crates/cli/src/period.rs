//! Days, weeks and months in the local calendar.

use chrono::{Datelike, Days, Months, NaiveDate};
use clap::ValueEnum;
use wsdb_core::Timestamp;

use crate::error::UsageError;
use crate::time::{day_begins, local_date};

/// Length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Period {
    Day,
    Week,
    Month,
}

/// Maximum number of periods: more than a year of days, and more than a chart can show.
const MAX_PERIODS: usize = 400;

impl Period {
    /// Returns the name of the period in the singular.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
        }
    }

    /// Returns the first day of the period that contains a day.
    fn first_day(self, day: NaiveDate) -> NaiveDate {
        let back = match self {
            Period::Day => 0,
            Period::Week => day.weekday().num_days_from_monday(),
            Period::Month => day.day0(),
        };
        let back = Days::new(u64::from(back));
        day.checked_sub_days(back).unwrap_or(day)
    }

    fn next(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Period::Day => day.checked_add_days(Days::new(1)),
            Period::Week => day.checked_add_days(Days::new(7)),
            Period::Month => day.checked_add_months(Months::new(1)),
        }
    }

    /// Returns the start of the last `count` periods, including the current one.
    pub(crate) fn start_of_last(self, count: u32, now: Timestamp) -> Timestamp {
        let day = self.first_day(local_date(now));
        let back = count.saturating_sub(1);
        let first = match self {
            Period::Day => day.checked_sub_days(Days::new(back.into())),
            Period::Week => day.checked_sub_days(Days::new(7 * u64::from(back))),
            Period::Month => day.checked_sub_months(Months::new(back)),
        };
        day_begins(first.unwrap_or(day))
    }

    /// Returns the boundaries of the periods from the one that contains `since` to the current one,
    /// including the end of the current one.
    ///
    /// # Errors
    /// [`UsageError`] if there are more than [`MAX_PERIODS`] periods, or `since` is in the future.
    pub(crate) fn boundaries(
        self,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Timestamp>, UsageError> {
        let last = local_date(now);
        let begins = std::iter::successors(Some(self.first_day(local_date(since))), |day| {
            self.next(*day)
        });
        let mut days: Vec<NaiveDate> = begins
            .take_while(|day| *day <= last)
            .take(MAX_PERIODS + 1)
            .collect();
        if days.len() > MAX_PERIODS {
            return Err(UsageError(format!(
                "--since is more than {MAX_PERIODS} {}s ago; use a later time or a longer period with --by",
                self.name()
            )));
        }
        let Some(current) = days.last().copied() else {
            return Err(UsageError("--since is in the future".to_owned()));
        };
        days.extend(self.next(current));
        Ok(days.into_iter().map(day_begins).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn periods_follow_the_calendar() {
        let (since, now) = (at("2025-11-05T12:00:00Z"), at("2025-11-20T12:00:00Z"));
        let days = |by: Period| -> Vec<String> {
            let edges = by.boundaries(since, now).expect("edges");
            let days = edges.into_iter().map(|edge| local_date(edge).to_string());
            days.collect()
        };
        // A Wednesday and a Thursday.
        let weeks = ["2025-11-03", "2025-11-10", "2025-11-17", "2025-11-24"];
        assert_eq!(days(Period::Week), weeks);
        assert_eq!(days(Period::Month), ["2025-11-01", "2025-12-01"]);
        let all = days(Period::Day);
        assert_eq!((all.len(), all[0].as_str()), (17, "2025-11-05"));
        assert_eq!(
            local_date(Period::Week.start_of_last(2, now)).to_string(),
            "2025-11-10"
        );
        assert_eq!(
            local_date(Period::Month.start_of_last(12, now)).to_string(),
            "2024-12-01"
        );
        assert!(Period::Day.boundaries(at("2020-01-01"), now).is_err());
        assert!(Period::Day.boundaries(at("2025-12-01"), now).is_err());
    }
}
