//! Points in time: UTC with microseconds, as in existing files.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};
use serde::{Deserialize, Serialize};

/// A point in time in UTC, truncated to microseconds, in the years 1 to 9999.
///
/// Parses a date (midnight UTC), RFC 3339 with any offset, and a date and time without an offset
/// (UTC) with `T` or a space between them, with or without seconds and fraction. Displays RFC 3339
/// with `Z`; the fraction has six digits and is omitted if it is zero.
///
/// ```
/// use wsdb_core::Timestamp;
/// let written: Timestamp = "2025-11-21T11:30:00+02:00".parse()?;
/// assert_eq!(written.to_string(), "2025-11-21T09:30:00Z");
/// assert_eq!("2025-11-20".parse::<Timestamp>()?.to_string(), "2025-11-20T00:00:00Z");
/// assert!("2025-02-30".parse::<Timestamp>().is_err());
/// # Ok::<(), wsdb_core::TimestampError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(NaiveDateTime);

/// A text that is not a point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "invalid time {0:?} (expected a time such as 2025-11-20, 2025-11-20T10:30:00Z or 2025-11-20T10:30:00)"
)]
pub struct TimestampError(String);

impl Timestamp {
    /// Creates a point in time from a date and time in UTC, truncated to microseconds.
    ///
    /// Returns `None` outside the years 1 to 9999, which other tools could not read.
    pub fn from_utc(utc: NaiveDateTime) -> Option<Self> {
        let nanosecond = utc.nanosecond();
        if !(1..=9999).contains(&utc.year()) || nanosecond >= 1_000_000_000 {
            return None;
        }
        utc.with_nanosecond(nanosecond - nanosecond % 1000)
            .map(Self)
    }

    /// Returns the date and time in a text that has both but no offset. Parsing it as a `Timestamp`
    /// takes it as UTC; a person who types it means the local time.
    ///
    /// ```
    /// use wsdb_core::Timestamp;
    /// assert!(Timestamp::parse_without_offset("2025-11-20 10:30").is_some());
    /// assert!(Timestamp::parse_without_offset("2025-11-20T10:30:00Z").is_none());
    /// assert!(Timestamp::parse_without_offset("2025-11-20").is_none());
    /// ```
    pub fn parse_without_offset(text: &str) -> Option<NaiveDateTime> {
        let time: Self = text.parse().ok()?;
        parse_without_offset(text).map(|_| time.0)
    }

    /// Returns the date and time in UTC.
    pub fn utc(self) -> NaiveDateTime {
        self.0
    }

    /// Returns whether this is a date: one without a time is stored as midnight UTC, and is that day in
    /// every time zone.
    pub fn is_date(self) -> bool {
        self.0.time() == chrono::NaiveTime::MIN
    }

    /// Returns whether this has a fraction of a second, as the times of a clock do: people write minutes.
    pub fn has_fraction(self) -> bool {
        self.0.nanosecond() != 0
    }

    /// Returns a date as it is stored; `None` outside the years 1 to 9999.
    pub fn from_date(date: NaiveDate) -> Option<Self> {
        Self::from_utc(date.and_time(chrono::NaiveTime::MIN))
    }

    /// Returns the date in UTC.
    pub fn date(self) -> NaiveDate {
        self.0.date()
    }

    /// Returns the seconds from `earlier` to this point; negative if `earlier` is later.
    pub fn seconds_since(self, earlier: Timestamp) -> f64 {
        let duration = self.0 - earlier.0;
        duration.num_seconds() as f64 + f64::from(duration.subsec_nanos()) / 1e9
    }

    /// Returns the point in time after a duration; `None` after the year 9999.
    pub fn checked_add(self, duration: std::time::Duration) -> Option<Self> {
        let duration = chrono::TimeDelta::from_std(duration).ok()?;
        self.0.checked_add_signed(duration).and_then(Self::from_utc)
    }

    /// Returns the point in time some seconds earlier, but not before the year 1.
    pub fn saturating_sub_secs(self, seconds: u64) -> Self {
        i64::try_from(seconds)
            .ok()
            .and_then(chrono::TimeDelta::try_seconds)
            .and_then(|duration| self.0.checked_sub_signed(duration))
            .and_then(Self::from_utc)
            .unwrap_or(Self(
                NaiveDate::MIN
                    .with_year(1)
                    .unwrap_or_default()
                    .and_time(chrono::NaiveTime::MIN),
            ))
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        parse(text)
            .and_then(Self::from_utc)
            .ok_or_else(|| TimestampError(text.chars().take(60).collect()))
    }
}

fn parse(text: &str) -> Option<NaiveDateTime> {
    // chrono accepts years of any length, and signs; existing files have four digits.
    let year = text.get(..4)?;
    if !year.bytes().all(|b| b.is_ascii_digit()) || text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return (text.len() == 10).then(|| date.and_time(chrono::NaiveTime::MIN));
    }
    if let Ok(zoned) = DateTime::parse_from_rfc3339(text) {
        return reject_leap_second(zoned.naive_utc());
    }
    if let Some(naive) = parse_without_offset(text) {
        return reject_leap_second(naive);
    }
    for format in [
        "%Y-%m-%dT%H:%M:%S%.f%#z",
        "%Y-%m-%d %H:%M:%S%.f%#z",
        "%Y-%m-%dT%H:%M%#z",
        "%Y-%m-%d %H:%M%#z",
    ] {
        if let Ok(zoned) = DateTime::parse_from_str(text, format) {
            return reject_leap_second(zoned.naive_utc());
        }
    }
    None
}

fn parse_without_offset(text: &str) -> Option<NaiveDateTime> {
    let formats = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
    ];
    let mut parsed = formats
        .iter()
        .filter_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    parsed.next()
}

/// Rejects leap seconds, which the databases cannot store.
fn reject_leap_second(utc: NaiveDateTime) -> Option<NaiveDateTime> {
    (utc.nanosecond() < 1_000_000_000).then_some(utc)
}

impl TryFrom<String> for Timestamp {
    type Error = TimestampError;
    fn try_from(text: String) -> Result<Self, TimestampError> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> String {
        time.to_string()
    }
}

impl Timestamp {
    /// Formats date and time in UTC without a zone, separated by `between`. The fraction has six
    /// digits and is omitted if it is zero.
    ///
    /// ```
    /// let time: wsdb_core::Timestamp = "2025-11-20T21:07:47.5".parse()?;
    /// assert_eq!(time.to_naive_string(' '), "2025-11-20 21:07:47.500000");
    /// # Ok::<(), wsdb_core::TimestampError>(())
    /// ```
    pub fn to_naive_string(self, between: char) -> String {
        // Imports write three of these per record, and `format!` takes several times as long.
        let (date, time) = (self.0.date(), self.0.time());
        let mut text = String::with_capacity(27);
        digits(&mut text, date.year().unsigned_abs(), 1000);
        for (mark, number) in [('-', date.month()), ('-', date.day())] {
            text.push(mark);
            digits(&mut text, number, 10);
        }
        for (mark, number) in [
            (between, time.hour()),
            (':', time.minute()),
            (':', time.second()),
        ] {
            text.push(mark);
            digits(&mut text, number, 10);
        }
        let micros = time.nanosecond() / 1000;
        if micros != 0 {
            text.push('.');
            digits(&mut text, micros, 100_000);
        }
        text
    }
}

/// Appends a number with as many digits as `unit`, a power of ten.
fn digits(text: &mut String, number: u32, mut unit: u32) {
    while unit > 0 {
        let digit = (number / unit % 10) as u8;
        text.push(char::from(b'0' + digit));
        unit /= 10;
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.to_naive_string('T');
        text.push('Z');
        f.write_str(&text)
    }
}

/// Parses a time in a test.
#[cfg(test)]
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn normalize(text: &str) -> Option<String> {
        text.parse::<Timestamp>().ok().map(|t| t.to_string())
    }

    #[test]
    fn every_supported_form_is_parsed() {
        for (text, instant) in [
            ("2025-11-20", "2025-11-20T00:00:00Z"),
            ("2025-11-20T10:00:00Z", "2025-11-20T10:00:00Z"),
            ("2025-11-20T10:00:00.5+05:30", "2025-11-20T04:30:00.500000Z"),
            ("2025-11-20T10:00:00+0530", "2025-11-20T04:30:00Z"),
            ("2025-11-20T21:07:47.847151", "2025-11-20T21:07:47.847151Z"),
            ("2025-11-20 21:07:47.847151", "2025-11-20T21:07:47.847151Z"),
            ("2025-11-20 21:07:47", "2025-11-20T21:07:47Z"),
            ("2025-11-20 21:07:47+00:00", "2025-11-20T21:07:47Z"),
            ("2025-11-20T21:07", "2025-11-20T21:07:00Z"),
            (
                "2025-11-20T00:30:00.1234567Z",
                "2025-11-20T00:30:00.123456Z",
            ),
            ("0001-01-01", "0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(normalize(text).as_deref(), Some(instant), "{text}");
        }
    }

    #[test]
    fn invalid_times_are_rejected() {
        for text in [
            "",
            "now",
            "2025",
            "2025-13-01",
            "2025-02-30",
            "2025-11-20T25:00:00Z",
            "20251120",
            "2025-11-20T10:00:60Z",
            "12025-11-20",
            "0000-01-01",
            "9999-12-31T23:59:59-01:00",
            "2025-11-20T",
            "2025-1-2",
            " 2025-11-20",
            "２０２５-11-20",
            "2025-11-20T10:00:00+99:00",
        ] {
            assert_eq!(normalize(text), None, "{text}");
        }
    }

    #[test]
    fn addition_is_limited_to_the_year_9999() {
        let seconds = std::time::Duration::from_secs;
        let time: Timestamp = "9999-12-31T23:59:58Z".parse().expect("valid time");
        assert_eq!(
            time.checked_add(seconds(1))
                .map(|t| t.to_string())
                .as_deref(),
            Some("9999-12-31T23:59:59Z")
        );
        assert_eq!(time.checked_add(seconds(2)), None);
        assert_eq!(time.checked_add(seconds(u64::MAX)), None);
    }

    proptest! {
        #[test]
        fn formatted_time_is_parsed_again(micros in -62_135_596_800_000_000i64..253_402_300_800_000_000) {
            let utc = DateTime::from_timestamp_micros(micros).map(|t| t.naive_utc());
            let time = utc.and_then(Timestamp::from_utc);
            prop_assert!(time.is_some());
            if let Some(time) = time {
                prop_assert_eq!(time.to_string().parse(), Ok(time));
            }
        }

        #[test]
        fn parsing_never_panics(text in "\\PC{0,40}") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
