//! The start of a filter by time.

use std::time::Duration;

use crate::Timestamp;

/// Matches stored times at or after a point in time, and stored dates at or after its day.
///
/// A date has no time zone, so it is compared with a day: a task of 2025-11-20 is matched since
/// that day in America, where the day begins hours after midnight UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// The point in time.
    pub at: Timestamp,
    /// The day that it is on where the user is, as a date; `None` compares dates as midnight UTC.
    pub day: Option<Timestamp>,
}

impl Since {
    /// Returns the matched dates whose midnight UTC is earlier than the point in time.
    pub fn earlier_dates(self) -> Vec<Timestamp> {
        let next_day = |day: Timestamp| day.checked_add(Duration::from_secs(24 * 60 * 60));
        // No zone is a day or more away from UTC.
        let days = [self.day, self.day.and_then(next_day)];
        let days = days.into_iter().flatten();
        days.filter(|day| *day < self.at).collect()
    }
}

impl From<Timestamp> for Since {
    fn from(at: Timestamp) -> Self {
        Since { at, day: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::at;

    #[test]
    fn dates_are_matched_by_the_local_day() {
        let dates = |time: &str, day: &str| {
            let (at, day) = (at(time), Some(at(day)));
            Since { at, day }.earlier_dates()
        };
        // The day begins at 08:00 UTC in Los Angeles, and at 11:00 UTC of the day before in Auckland.
        let day = [at("2026-01-15")];
        assert_eq!(dates("2026-01-15T08:00:00Z", "2026-01-15"), day);
        assert_eq!(dates("2026-01-14T11:00:00Z", "2026-01-15"), []);
        assert_eq!(dates("2026-01-15T10:00:00Z", "2026-01-15"), day);
        // In the evening in Los Angeles, it is the next day in UTC.
        let days = [at("2026-01-15"), at("2026-01-16")];
        assert_eq!(dates("2026-01-16T04:00:00Z", "2026-01-15"), days);
        assert_eq!(Since::from(at("2026-01-15")).earlier_dates(), []);
    }
}
