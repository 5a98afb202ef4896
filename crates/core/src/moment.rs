//! The current time, and the current day where the user is.

use std::time::Duration;

use crate::Timestamp;

/// A point in time, and the day that it is on where the user is.
///
/// It decides whether something that lasts until a stored time has ended. A date has no time zone: what
/// lasts until 2025-11-20 ends with that day, wherever the user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The point in time.
    pub at: Timestamp,
    /// The day, as a date.
    pub day: Timestamp,
}

impl Moment {
    /// Returns whether this is after something that lasts until a stored time.
    pub fn is_past(self, until: Timestamp) -> bool {
        if until.is_date() {
            until < self.day
        } else {
            until <= self.at
        }
    }

    /// Returns the dates that are not past, although their midnight UTC may be.
    pub fn current_dates(self) -> Vec<Timestamp> {
        // No zone is a day or more away from UTC.
        let next_day = self.day.checked_add(Duration::from_secs(24 * 60 * 60));
        [Some(self.day), next_day].into_iter().flatten().collect()
    }
}

impl From<Timestamp> for Moment {
    /// The day is that of UTC.
    fn from(at: Timestamp) -> Self {
        let day = Timestamp::from_date(at.date()).unwrap_or(at);
        Moment { at, day }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::at;

    #[test]
    fn date_is_past_after_its_local_day() {
        let is_past = |time: &str, day: &str, until: &str| {
            let (at_time, day) = (at(time), at(day));
            let moment = Moment { at: at_time, day };
            let until = at(until);
            let is_current = moment.current_dates().contains(&until);
            let is_past = moment.is_past(until);
            // The condition of the database is the same.
            assert_eq!(is_past, until <= at_time && !is_current, "{time} {until}");
            is_past
        };
        // The day ends at 08:00 UTC in Los Angeles, and at 11:00 UTC in Auckland.
        assert!(!is_past("2026-01-16T07:59:59Z", "2026-01-15", "2026-01-15"));
        assert!(is_past("2026-01-16T08:00:00Z", "2026-01-16", "2026-01-15"));
        assert!(!is_past("2026-01-15T10:59:59Z", "2026-01-15", "2026-01-15"));
        assert!(is_past("2026-01-15T11:00:00Z", "2026-01-16", "2026-01-15"));
        assert!(!is_past("2026-01-16T07:59:59Z", "2026-01-15", "2026-01-16"));
        // A time is a point in time everywhere.
        assert!(is_past(
            "2026-01-16T07:00:00Z",
            "2026-01-15",
            "2026-01-16T07:00:00Z"
        ));
        assert!(!is_past(
            "2026-01-16T07:00:00Z",
            "2026-01-15",
            "2026-01-16T07:00:01Z"
        ));
        assert!(!Moment::from(at("2026-01-15T23:00:00Z")).is_past(at("2026-01-15")));
    }
}
