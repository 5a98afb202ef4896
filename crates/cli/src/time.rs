//! The clock, and times as people read them: local, and relative where that reads better.

use std::sync::OnceLock;

use chrono::{Local, NaiveDate, TimeZone, Utc};
use wsdb_core::Timestamp;

/// The environment variable that stops the clock. Tests and the transcripts in the documentation
/// set it to get the same output every time.
const NOW_VARIABLE: &str = "WSDB_TEST_NOW";

/// The time at which the clock is stopped, if it is.
static FIXED_NOW: OnceLock<Timestamp> = OnceLock::new();

/// Stops the clock at the time in `WSDB_TEST_NOW`, if that is set.
///
/// # Errors
/// The variable holds no time.
pub(crate) fn fix_now_from_env() -> Result<(), String> {
    let Some(value) = std::env::var_os(NOW_VARIABLE) else {
        return Ok(());
    };
    let time = value
        .to_string_lossy()
        .parse::<Timestamp>()
        .map_err(|error| format!("{NOW_VARIABLE}: {error}"))?;
    FIXED_NOW.get_or_init(|| time);
    Ok(())
}

/// The current time, to the microsecond, or the time at which [`fix_now_from_env`] stopped the
/// clock.
pub(crate) fn now() -> Timestamp {
    if let Some(now) = FIXED_NOW.get() {
        return *now;
    }
    // A clock outside the years 1 to 9999 tells nothing; the epoch is as good.
    Timestamp::from_utc(Utc::now().naive_utc())
        .or_else(|| "1970-01-01".parse().ok())
        .unwrap_or_else(|| unreachable!("the epoch is a time"))
}

/// Local date and time, to the minute.
pub(crate) fn local(time: Timestamp) -> String {
    Local
        .from_utc_datetime(&time.utc())
        .format("%Y-%m-%d %H:%M")
        .to_string()
}

/// `3 h ago`; further back than a month, the local date.
pub(crate) fn relative(time: Timestamp, now: Timestamp) -> String {
    let seconds = now.seconds_since(time);
    if seconds < 0.0 {
        return local(time);
    }
    match seconds as u64 {
        0..60 => "just now".to_owned(),
        s @ 60..3_600 => format!("{} min ago", s / 60),
        s @ 3_600..172_800 => format!("{} h ago", s / 3_600),
        s @ 172_800..2_678_400 => format!("{} d ago", s / 86_400),
        _ => Local
            .from_utc_datetime(&time.utc())
            .format("%Y-%m-%d")
            .to_string(),
    }
}

/// `14:05 (in 1 h 40 min)`: when something ends; with seconds where it is soon, and on another
/// day with its date.
pub(crate) fn until(time: Timestamp, now: Timestamp) -> String {
    let end = match time.seconds_since(now).abs() {
        0.0..120.0 => Local
            .from_utc_datetime(&time.utc())
            .format("%H:%M:%S")
            .to_string(),
        _ => clock(time, now),
    };
    format!("{end} ({})", ahead(time, now))
}

/// Local time to the minute; with its date if that is not today's.
pub(crate) fn clock(time: Timestamp, now: Timestamp) -> String {
    let (then, today) = (local(time), local(now));
    match then.split_once(' ') {
        Some((date, clock)) if today.starts_with(date) => clock.to_owned(),
        _ => then,
    }
}

fn ahead(time: Timestamp, now: Timestamp) -> String {
    match time.seconds_since(now).max(0.0).round() as u64 {
        s @ 0..60 => format!("in {s} s"),
        s @ 60..120 => format!("in {} min {} s", s / 60, s % 60),
        s @ 120..3_600 => format!("in {} min", s / 60),
        s @ 3_600..172_800 if s % 3_600 < 60 => format!("in {} h", s / 3_600),
        s @ 3_600..172_800 => format!("in {} h {} min", s / 3_600, s % 3_600 / 60),
        s => format!("in {} d", s / 86_400),
    }
}

/// A point in time that people name: `7d`, `2h` (so long ago), or a date or time.
pub(crate) fn parse_since(text: &str) -> Result<Timestamp, String> {
    if let Ok(span) = humantime::parse_duration(text) {
        return Ok(now().minus_seconds(span.as_secs()));
    }
    text.parse().map_err(|_| {
        "expected a span such as 7d or 2h, or a time such as 2025-11-20 or 2025-11-20T10:30:00Z"
            .to_owned()
    })
}

/// As [`parse_since`], for what has happened already.
pub(crate) fn parse_past(text: &str) -> Result<Timestamp, String> {
    match parse_since(text)? {
        time if time > now() => Err("that is still to come".to_owned()),
        time => Ok(time),
    }
}

/// A point in time to come: `30d`, `2h` (from now), or a date or time.
pub(crate) fn parse_until(text: &str) -> Result<Timestamp, String> {
    let now = now();
    let time = match humantime::parse_duration(text) {
        Ok(span) => now.plus(span),
        Err(_) => text.parse().ok(),
    };
    match time {
        Some(time) if time > now => Ok(time),
        Some(_) => Err("that is over".to_owned()),
        None => Err(
            "expected a span such as 30d or 2h, or a time such as 2025-11-20 or \
             2025-11-20T10:30:00Z"
                .to_owned(),
        ),
    }
}

/// The local day of a time, as people write it.
pub(crate) fn local_date(time: Timestamp) -> NaiveDate {
    Local.from_utc_datetime(&time.utc()).date_naive()
}

/// When a local day begins: at midnight, or with the first minute that there is.
pub(crate) fn day_begins(day: NaiveDate) -> Timestamp {
    let hours = (0..24).filter_map(|hour| day.and_hms_opt(hour, 0, 0));
    let mut begins = hours.filter_map(|time| Local.from_local_datetime(&time).earliest());
    let begin = begins.next().map(|time| time.naive_utc());
    let begin = begin.unwrap_or(day.and_time(chrono::NaiveTime::MIN));
    Timestamp::from_utc(begin).unwrap_or_else(now)
}

/// The local day of a time, and when the next one begins.
pub(crate) fn day_of(time: Timestamp) -> (String, Timestamp) {
    let day = local_date(time);
    let next = day.succ_opt().map_or(time, day_begins);
    (day.to_string(), next)
}

/// `2 h 05 min`, `3 min`, `40 s`.
pub(crate) fn span(seconds: f64) -> String {
    match seconds.max(0.0).round() as u64 {
        s @ 0..60 => format!("{s} s"),
        s @ 60..3_600 => format!("{} min", s / 60),
        s => format!("{} h {:02} min", s / 3_600, s % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let now = at("2025-11-20T12:00:00Z");
        assert_eq!(relative(at("2025-11-20T11:59:30Z"), now), "just now");
        assert_eq!(relative(at("2025-11-20T11:15:00Z"), now), "45 min ago");
        assert_eq!(relative(at("2025-11-20T09:00:00Z"), now), "3 h ago");
        assert_eq!(relative(at("2025-11-15T09:00:00Z"), now), "5 d ago");
        assert_eq!(ahead(at("2025-11-20T12:00:45Z"), now), "in 45 s");
        assert_eq!(ahead(at("2025-11-20T12:12:59Z"), now), "in 12 min");
        assert_eq!(ahead(at("2025-11-20T13:40:00Z"), now), "in 1 h 40 min");
        assert_eq!(ahead(at("2025-11-20T14:00:01Z"), now), "in 2 h");
        assert_eq!(ahead(at("2025-11-23T13:00:00Z"), now), "in 3 d");
        assert_eq!(
            clock(at("2025-11-23T13:00:00Z"), now).len(),
            "2025-11-23 13:00".len()
        );
        assert_eq!(clock(now, now).len(), "12:00".len());
        assert!(relative(at("2024-06-15T09:00:00Z"), now).starts_with("2024-06-"));
        assert!(parse_since("next week").is_err());
        assert!(parse_since("7d").is_ok());
        assert!(parse_until("7d").is_ok_and(|time| time > crate::time::now()));
        assert!(parse_until("2025-11-20").is_err_and(|error| error == "that is over"));
        assert!(parse_until("soon").is_err());
        assert_eq!(
            [40.2, 185.0, 7500.0].map(span),
            ["40 s", "3 min", "2 h 05 min"]
        );
    }

    #[test]
    fn days_follow_one_another() {
        let mut time: Timestamp = "2025-03-01T12:00:00Z".parse().expect("a time");
        for _ in 0..250 {
            let (day, next) = day_of(time);
            assert_eq!(next, day_begins(local_date(next)));
            let hours = next.seconds_since(day_begins(local_date(time))) / 3600.0;
            assert!((23.0..=25.0).contains(&hours), "{day}: {hours}");
            time = next;
        }
    }
}
