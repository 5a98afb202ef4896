//! The clock, days, and times as shown to people: local, or relative to now.
//!
//! A stored midnight UTC is a date: it is that day everywhere, and is shown and compared as such. Any
//! other time belongs to a day of the local calendar.

use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Local, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use wsdb_core::{Day, Moment, Since, Timestamp};

/// The environment variable that stops the clock. Tests and the transcripts in the documentation
/// set it to get the same output every time.
const NOW_VARIABLE: &str = "WSDB_TEST_NOW";

/// The folders with the time zones, as in chrono, which falls back to UTC without an error.
const ZONE_FOLDERS: [&str; 4] = [
    "/usr/share/zoneinfo",
    "/share/zoneinfo",
    "/etc/zoneinfo",
    "/usr/share/lib/zoneinfo",
];

/// Returns the time zone in `TZ` if there is none of that name, so that UTC is used instead.
pub(crate) fn unknown_zone() -> Option<String> {
    let zone = std::env::var_os("TZ").filter(|_| cfg!(unix))?;
    let zone = zone.to_string_lossy().into_owned();
    let name = zone.trim_start_matches(':');
    let has_file = || {
        ZONE_FOLDERS
            .iter()
            .any(|folder| Path::new(folder).join(name).is_file())
    };
    let is_known =
        matches!(name, "" | "UTC" | "GMT" | "localtime") || is_posix_zone(name) || has_file();
    (!is_known).then_some(zone)
}

/// Returns whether a text has the form of a POSIX time zone, such as `EST5EDT` or `<+03>-3`.
fn is_posix_zone(text: &str) -> bool {
    let offset = match text.strip_prefix('<') {
        Some(name) => name.split_once('>').map(|(_, offset)| offset),
        None => {
            let offset = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            Some(offset).filter(|offset| text.len() - offset.len() >= 3)
        }
    };
    let offset = offset.map(|offset| offset.trim_start_matches(['+', '-']));
    offset.is_some_and(|offset| offset.starts_with(|c: char| c.is_ascii_digit()))
}

/// The time at which the clock is stopped, if it is.
static FIXED_NOW: OnceLock<Timestamp> = OnceLock::new();

/// Stops the clock at the time in `WSDB_TEST_NOW`, if that is set, and checks the clock.
///
/// # Errors
/// The variable holds no time, or the clock is before 1970 or after 9999.
pub(crate) fn fix_now_from_env() -> Result<(), String> {
    let now = match std::env::var_os(NOW_VARIABLE) {
        None => system_time(),
        Some(value) => {
            let time = value.to_string_lossy().parse::<Timestamp>();
            let time = time.map_err(|error| format!("{NOW_VARIABLE}: {error}"))?;
            Some(*FIXED_NOW.get_or_init(|| time))
        }
    };
    let is_valid = |now: &Timestamp| now.utc().and_utc().timestamp() >= 0;
    match now.filter(is_valid) {
        Some(_) => Ok(()),
        None => Err("the system clock is not set to a time between 1970 and 9999".to_owned()),
    }
}

/// Returns the time of the system; `None` before 1970 and after 9999.
fn system_time() -> Option<Timestamp> {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let seconds = i64::try_from(since_1970.as_secs()).ok()?;
    let time = DateTime::<Utc>::from_timestamp(seconds, since_1970.subsec_nanos())?;
    Timestamp::from_utc(time.naive_utc())
}

/// Returns the current time, to the microsecond, or the time at which [`fix_now_from_env`]
/// stopped the clock.
pub(crate) fn now() -> Timestamp {
    if let Some(now) = FIXED_NOW.get() {
        return *now;
    }
    // A clock outside the years 1 to 9999 is useless; fall back to the epoch.
    system_time()
        .or_else(|| "1970-01-01".parse().ok())
        .unwrap_or_else(|| unreachable!("the epoch is a valid time"))
}

/// Formats a time as local date and time, to the minute, and a date as it is.
pub(crate) fn format_local(time: Timestamp) -> String {
    if time.is_date() {
        time.date().to_string()
    } else {
        format_local_minute(time)
    }
}

fn format_local_minute(time: Timestamp) -> String {
    let local = Local.from_utc_datetime(&time.utc());
    local.format("%Y-%m-%d %H:%M").to_string()
}

/// Formats a time as local date and time, to the second.
pub(crate) fn format_local_second(time: Timestamp) -> String {
    let local = Local.from_utc_datetime(&time.utc());
    local.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// Formats a time relative to now, such as `3 h ago`; as a date if older than a month.
pub(crate) fn format_relative(time: Timestamp, now: Timestamp) -> String {
    match format_age(time, now) {
        Some(age) => age,
        None if time > now => format_local(time),
        None => day_of_stored(time).to_string(),
    }
}

/// Formats how long ago a time was, such as `3 h ago`, or a date, such as `yesterday`; `None` if it is
/// older than a month or in the future.
pub(crate) fn format_age(time: Timestamp, now: Timestamp) -> Option<String> {
    if time.is_date() {
        let days = local_date(now).signed_duration_since(time.date());
        return match days.num_days() {
            0 => Some("today".to_owned()),
            1 => Some("yesterday".to_owned()),
            days @ 2..31 => Some(format!("{days} d ago")),
            _ => None,
        };
    }
    let seconds = now.seconds_since(time);
    if seconds < 0.0 {
        return None;
    }
    match seconds as u64 {
        0..60 => Some("just now".to_owned()),
        s @ 60..3_600 => Some(format!("{} min ago", s / 60)),
        s @ 3_600..172_800 => Some(format!("{} h ago", s / 3_600)),
        s @ 172_800..2_678_400 => Some(format!("{} d ago", s / 86_400)),
        _ => None,
    }
}

/// Formats the end of a lease, such as `14:05 (in 1 h 40 min)`; with seconds if it is near, and with
/// the date if it is not today.
pub(crate) fn format_until(time: Timestamp, now: Timestamp) -> String {
    let end = match time.seconds_since(now).abs() {
        0.0..120.0 => Local
            .from_utc_datetime(&time.utc())
            .format("%H:%M:%S")
            .to_string(),
        _ => format_lease_end(time, now),
    };
    format!("{end} ({})", format_future(time, now))
}

/// Formats a local time to the minute, with the date if it is not today, and a date as it is.
pub(crate) fn format_clock(time: Timestamp, now: Timestamp) -> String {
    if time.is_date() {
        format_local(time)
    } else {
        format_lease_end(time, now)
    }
}

/// Like [`format_clock`], but midnight UTC is not a date: a lease ends at a point in time.
pub(crate) fn format_lease_end(time: Timestamp, now: Timestamp) -> String {
    if local_date(time) != local_date(now) {
        return format_local_minute(time);
    }
    Local
        .from_utc_datetime(&time.utc())
        .format("%H:%M")
        .to_string()
}

fn format_future(time: Timestamp, now: Timestamp) -> String {
    match time.seconds_since(now).max(0.0).round() as u64 {
        s @ 0..60 => format!("in {s} s"),
        s @ 60..120 => format!("in {} min {} s", s / 60, s % 60),
        s @ 120..3_600 => format!("in {} min", s / 60),
        s @ 3_600..172_800 if s % 3_600 < 60 => format!("in {} h", s / 3_600),
        s @ 3_600..172_800 => format!("in {} h {} min", s / 3_600, s % 3_600 / 60),
        s => format!("in {} d", s / 86_400),
    }
}

/// A day or a point in time, as typed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Given {
    Day(NaiveDate),
    Time(Timestamp),
}

/// Parses a date, `today`, `yesterday` or `tomorrow`, or a point in time.
fn parse_given(text: &str) -> Option<Given> {
    let today = local_date(now());
    match text.trim().to_lowercase().as_str() {
        "today" => Some(Given::Day(today)),
        "yesterday" => today.pred_opt().map(Given::Day),
        "tomorrow" => today.succ_opt().map(Given::Day),
        _ => {
            if let Some(local) = Timestamp::parse_without_offset(text) {
                return Some(Given::Time(from_local(local)?));
            }
            let time: Timestamp = text.parse().ok()?;
            let is_date = text.len() == "2025-11-20".len();
            Some(if is_date {
                Given::Day(time.date())
            } else {
                Given::Time(time)
            })
        }
    }
}

/// Maximum length of a clock change in minutes: some zones have skipped a day to be on the other side
/// of the date line, such as Pacific/Apia 2011-12-30.
const MAX_GAP_MINUTES: i64 = 25 * 60;

/// Returns the point in time of a local time: the first one if there are two, and the end of the gap
/// if a clock change skips it.
fn from_local(local: NaiveDateTime) -> Option<Timestamp> {
    let minutes = 0..=MAX_GAP_MINUTES;
    let minutes =
        minutes.filter_map(|minutes| local.checked_add_signed(TimeDelta::minutes(minutes)));
    // chrono does not order the two times if it knows the zone by its rules only.
    let mut times = minutes.filter_map(|time| match Local.from_local_datetime(&time) {
        LocalResult::Ambiguous(one, other) => Some(one.min(other)),
        times => times.single(),
    });
    Timestamp::from_utc(times.next()?.naive_utc())
}

impl Given {
    /// Returns the time to store: a day is stored as a date, and midnight UTC, which would be a date,
    /// as the microsecond after it.
    fn stored(self) -> Timestamp {
        match self {
            Given::Day(day) => Timestamp::from_date(day).unwrap_or_else(now),
            Given::Time(time) if time.is_date() => {
                time.checked_add(Duration::from_micros(1)).unwrap_or(time)
            }
            Given::Time(time) => time,
        }
    }

    /// Returns the point in time, or when the local day begins.
    fn start(self) -> Timestamp {
        match self {
            Given::Day(day) => day_begins(day),
            Given::Time(time) => time,
        }
    }
}

const TIME_EXAMPLES: &str = "a time such as yesterday, 2025-11-20 or 2025-11-20T10:30:00Z";

/// Parses a date or time to store.
pub(crate) fn parse_time(text: &str) -> Result<Timestamp, String> {
    let given = parse_given(text).map(Given::stored);
    given.ok_or_else(|| format!("expected {TIME_EXAMPLES}"))
}

/// Parses a time to store: an age such as `7d` or `2h`, or a date or time.
pub(crate) fn parse_time_or_age(text: &str) -> Result<Timestamp, String> {
    parse_past_or_time(text).map(Given::stored)
}

/// Parses the start of a time range: an age such as `7d` or `2h`, a time, or a day, which begins at
/// local midnight.
pub(crate) fn parse_start(text: &str) -> Result<Timestamp, String> {
    parse_past_or_time(text).map(Given::start)
}

/// Like [`parse_start`], but the time must be in the past: the range ends now.
pub(crate) fn parse_past_start(text: &str) -> Result<Timestamp, String> {
    match parse_start(text)? {
        time if time > now() => Err("expected a time in the past".to_owned()),
        time => Ok(time),
    }
}

/// Parses the start of a filter of stored times; see [`parse_start`].
pub(crate) fn parse_since(text: &str) -> Result<Since, String> {
    let at = parse_start(text)?;
    let day = Some(today(at));
    Ok(Since { at, day })
}

fn parse_past_or_time(text: &str) -> Result<Given, String> {
    if let Ok(span) = humantime::parse_duration(text) {
        return Ok(Given::Time(now().saturating_sub_secs(span.as_secs())));
    }
    let given = parse_given(text);
    given.ok_or_else(|| format!("expected a duration such as 7d or 2h, or {TIME_EXAMPLES}"))
}

/// Like [`parse_time_or_age`], but the time must be in the past, or the day must not be a later one.
pub(crate) fn parse_past(text: &str) -> Result<Timestamp, String> {
    match parse_past_or_time(text)? {
        given if given.start() > now() => Err("expected a time in the past".to_owned()),
        given => Ok(given.stored()),
    }
}

/// Parses the end of a time range: a duration from now such as `30d` or `2h`, a time, or a day, which
/// is stored as a date and included.
pub(crate) fn parse_until(text: &str) -> Result<Timestamp, String> {
    let at = now();
    let time = match humantime::parse_duration(text) {
        Ok(span) => at.checked_add(span),
        Err(_) => parse_given(text).map(Given::stored),
    };
    let day = today(at);
    match time {
        Some(time) if !(Moment { at, day }).is_past(time) => Ok(time),
        Some(_) => Err("expected a time in the future".to_owned()),
        None => Err(
            "expected a duration such as 30d or 2h, or a time in the future such as tomorrow or \
             2030-01-31"
                .to_owned(),
        ),
    }
}

/// Formats a time with the local date and the offset from UTC.
pub(crate) fn format_zoned(time: Timestamp) -> String {
    let local = Local.from_utc_datetime(&time.utc());
    let zoned = Timestamp::from_utc(local.naive_local())
        .map(|naive| format!("{}{}", naive.to_naive_string('T'), local.offset()));
    // In UTC, and in zones of long ago, whose offsets have seconds.
    let is_exact =
        |zoned: &String| local.offset().local_minus_utc() != 0 && zoned.parse() == Ok(time);
    zoned.filter(is_exact).unwrap_or_else(|| time.to_string())
}

/// Returns the local day of a point in time as a date.
pub(crate) fn today(now: Timestamp) -> Timestamp {
    Timestamp::from_date(local_date(now)).unwrap_or(now)
}

/// Returns the day of a stored time: a date is that day everywhere.
fn day_of_stored(time: Timestamp) -> NaiveDate {
    if time.is_date() {
        time.date()
    } else {
        local_date(time)
    }
}

/// Returns the point in time that a stored time stands for: a date begins at local midnight.
pub(crate) fn start_of(time: Timestamp) -> Timestamp {
    if time.is_date() {
        day_begins(time.date())
    } else {
        time
    }
}

/// Returns the local date of a point in time.
pub(crate) fn local_date(time: Timestamp) -> NaiveDate {
    Local.from_utc_datetime(&time.utc()).date_naive()
}

/// Returns when a local day begins: at midnight, or at the end of the clock change that skips it.
pub(crate) fn day_begins(day: NaiveDate) -> Timestamp {
    from_local(day.and_time(chrono::NaiveTime::MIN)).unwrap_or_else(now)
}

/// Returns the local day of a time, named by its date.
pub(crate) fn day_of(time: Timestamp) -> Day<String> {
    let day = local_date(time);
    Day {
        name: day.to_string(),
        end: day.succ_opt().map_or(time, day_begins),
    }
}

/// Formats a duration: `2 h 05 min`, `3 min`, `40 s`.
pub(crate) fn format_duration(seconds: f64) -> String {
    match seconds.max(0.0).round() as u64 {
        s @ 0..60 => format!("{s} s"),
        s @ 60..3_600 => format!("{} min", s / 60),
        s => format!("{} h {:02} min", s / 3_600, s % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn past_times_are_relative_for_a_month() {
        let now = at("2025-11-20T12:00:00Z");
        assert_eq!(format_relative(at("2025-11-20T11:59:30Z"), now), "just now");
        assert_eq!(
            format_relative(at("2025-11-20T11:15:00Z"), now),
            "45 min ago"
        );
        assert_eq!(format_relative(at("2025-11-20T09:00:00Z"), now), "3 h ago");
        assert_eq!(format_relative(at("2025-11-15T09:00:00Z"), now), "5 d ago");
        let older = at("2024-06-15T09:00:00Z");
        assert_eq!(format_relative(older, now), local_date(older).to_string());
        let future = at("2025-11-20T12:00:01Z");
        assert_eq!(format_relative(future, now), format_local(future));
    }

    #[test]
    fn future_times_have_at_most_two_units() {
        let now = at("2025-11-20T12:00:00Z");
        assert_eq!(format_future(at("2025-11-20T12:00:45Z"), now), "in 45 s");
        assert_eq!(format_future(at("2025-11-20T12:12:59Z"), now), "in 12 min");
        assert_eq!(
            format_future(at("2025-11-20T13:40:00Z"), now),
            "in 1 h 40 min"
        );
        assert_eq!(format_future(at("2025-11-20T14:00:01Z"), now), "in 2 h");
        assert_eq!(format_future(at("2025-11-23T13:00:00Z"), now), "in 3 d");
    }

    #[test]
    fn clock_times_have_a_date_unless_it_is_today() {
        let now = at("2025-11-20T12:00:00Z");
        let other_day = at("2025-11-23T13:00:00Z");
        assert_eq!(format_clock(other_day, now), format_local(other_day));
        let today = format_local(now);
        assert_eq!(
            today,
            format!("{} {}", local_date(now), format_clock(now, now))
        );
    }

    #[test]
    fn times_are_parsed_relative_to_now() {
        assert!(parse_since("next week").is_err());
        assert!(parse_since("7d").is_ok_and(|since| since.at < now()));
        assert!(parse_until("7d").is_ok_and(|time| time > now()));
        assert_eq!(
            parse_until("2025-11-20"),
            Err("expected a time in the future".to_owned())
        );
        assert!(parse_until("soon").is_err());
        assert!(parse_time("7d").is_err());
        assert_eq!(parse_time("2025-11-20"), Ok(at("2025-11-20")));
    }

    #[test]
    fn posix_time_zones_are_recognized() {
        for zone in ["EST5EDT", "UTC0", "<+03>-3", "CET-1CEST,M3.5.0,M10.5.0/3"] {
            assert!(is_posix_zone(zone), "{zone}");
        }
        for text in ["nonsense", "Europe/Atlantis", "", "5", "<+03", "AB5"] {
            assert!(!is_posix_zone(text), "{text}");
        }
    }

    #[test]
    fn durations_are_rounded() {
        assert_eq!(
            [40.2, 185.0, 7500.0].map(format_duration),
            ["40 s", "3 min", "2 h 05 min"]
        );
    }

    #[test]
    fn days_follow_one_another() {
        let mut time: Timestamp = "2025-03-01T12:00:00Z".parse().expect("a time");
        for _ in 0..250 {
            let Day { name, end: next } = day_of(time);
            assert_eq!(next, day_begins(local_date(next)));
            let hours = next.seconds_since(day_begins(local_date(time))) / 3600.0;
            assert!((23.0..=25.0).contains(&hours), "{name}: {hours}");
            time = next;
        }
    }
}
