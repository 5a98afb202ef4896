//! The names of decisions' files.

use std::ops::RangeInclusive;
use std::path::Path;

use super::date::find_date;
use super::markup::plain_name;

/// Returns the last part of a path.
pub(super) fn file_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The words before the number in the names of decisions' files.
const NUMBER_PREFIXES: &[&str] = &[
    "architecture-decision-record",
    "architecture-decision",
    "architectural-decision",
    "decision-record",
    "decision",
    "madr",
    "adr",
    "ad",
    "pdr",
    "tdr",
    "ddr",
    "dr",
    "rfc",
    "dec",
];

/// Those that number something else than architecture decisions.
const OTHER_SERIES: &[&str] = &["pdr", "tdr", "ddr", "rfc"];

/// Returns the number in the name of a decision's file, such as `0001-…` or `adr-0001-…`, or of a
/// reference such as `ADR 5` or `#5`.
pub(super) fn number(name: &str) -> Option<u64> {
    split_number(name).map(|found| found.number)
}

/// Whether the name of a file begins with a date such as `2021-03-05`, `2021-03` or `05-03-2021`, apart
/// from a word such as `adr`. Its first part is not the number of the decision.
pub(super) fn begins_with_date(file: &str) -> bool {
    let (_, name) = split_prefix(file);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut parts = name.split(['-', '.']);
    let mut part = || parts.next().map(|part| (digits(part), part.len(), part));
    let is_numbered = |part: &str, numbers: RangeInclusive<u32>| {
        part.parse().is_ok_and(|number| numbers.contains(&number))
    };
    match (part(), part(), part()) {
        (Some((4, 4, year)), Some((2, 2, month)), _) => {
            is_numbered(year, YEARS) && is_numbered(month, 1..=12)
        }
        (Some((1..=2, 1..=2, first)), Some((1..=2, 1..=2, second)), Some((4, _, year))) => {
            let is_day = is_numbered(first, 1..=31) && is_numbered(second, 1..=31);
            is_day && is_numbered(&year[..4], YEARS)
        }
        _ => find_date(&name).is_some_and(|date| {
            let is_number = name[date.range.clone()].bytes().all(|b| b.is_ascii_digit());
            date.range.start == 0 && !is_number
        }),
    }
}

/// The years of decisions.
const YEARS: RangeInclusive<u32> = 1970..=2199;

/// Whether a reference such as `ADR-5` is to the number of a file.
pub(super) fn is_number_of(reference: &str, file: &str) -> bool {
    let series = |prefix: &'static str| {
        if OTHER_SERIES.contains(&prefix) {
            prefix
        } else {
            "adr"
        }
    };
    match (split_number(reference), split_number(file)) {
        (Some(wanted), Some(own)) => {
            wanted.number == own.number
                && wanted.decimals == own.decimals
                && (wanted.prefix.is_empty() || series(wanted.prefix) == series(own.prefix))
        }
        _ => false,
    }
}

/// The number in the name of a file, or in a reference.
struct NameNumber {
    /// The word before it, which may be empty.
    prefix: &'static str,
    number: u64,
    /// The rest of a number such as `3.1`.
    decimals: String,
}

/// Splits a name into the word before its number and the rest, in lower case and with dashes.
fn split_prefix(name: &str) -> (&'static str, String) {
    let lower = name.to_lowercase().replace([' ', '_'], "-");
    let is_mark = |c: char| matches!(c, '-' | '#' | '.' | '\u{2013}');
    let (prefix, rest) = NUMBER_PREFIXES
        .iter()
        .find_map(|prefix| {
            let rest = lower.strip_prefix(prefix)?.trim_start_matches(is_mark);
            rest.starts_with(|c: char| c.is_ascii_digit())
                .then_some((*prefix, rest))
        })
        .unwrap_or_else(|| ("", lower.trim_start_matches(is_mark)));
    (prefix, rest.to_owned())
}

fn split_number(name: &str) -> Option<NameNumber> {
    let (prefix, rest) = split_prefix(name);
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let after = &rest[end..];
    let has_decimals = after
        .strip_prefix('.')
        .is_some_and(|decimals| decimals.starts_with(|c: char| c.is_ascii_digit()));
    let length = after.find(|c: char| c != '.' && !c.is_ascii_digit());
    let decimals = &after[..length.unwrap_or(after.len())];
    Some(NameNumber {
        prefix,
        number: rest[..end].parse().ok()?,
        decimals: if has_decimals {
            decimals.trim_end_matches('.').to_owned()
        } else {
            String::new()
        },
    })
}

pub(super) fn is_markdown(file: &Path) -> bool {
    let ending = file
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    matches!(ending.as_deref(), Some("md" | "markdown" | "mdx"))
}

/// Whether a path in a text is that of a Markdown file.
pub(super) fn is_markdown_name(path: &str) -> bool {
    is_markdown(Path::new(path))
}

/// Whether a file has the name of an index, or of another page about a folder.
pub(super) fn is_index(name: &str) -> bool {
    const NAMES: [&str; 8] = [
        "readme",
        "index",
        "contents",
        "toc",
        "contributing",
        "changelog",
        "summary",
        "sidebar",
    ];
    let words = name_words(name);
    words.len() == 1 && NAMES.contains(&words[0].as_str())
}

/// Returns the words of the name of a file, without numbers.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let stem = Path::new(name)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let plain = plain_name(&stem).replace(['-', '.'], " ");
    let words = plain.split_whitespace();
    let words = words.filter(|word| !word.chars().all(|c| c.is_ascii_digit()));
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_decisions_have_a_number() {
        for (name, expected) in [
            ("0001-use-pears.md", Some(1)),
            ("adr-0001-use-pears.md", Some(1)),
            ("ADR001.md", Some(1)),
            ("adr_7_x.md", Some(7)),
            ("ADR 12 - x.md", Some(12)),
            ("decision-3.md", Some(3)),
            ("RFC-0004.md", Some(4)),
            ("20200101-use-pears.md", Some(20_200_101)),
            ("#5", Some(5)),
            ("DEC-005", Some(5)),
            ("use-pears.md", None),
            ("adr-template.md", None),
        ] {
            assert_eq!(number(name), expected, "{name}");
        }
    }

    #[test]
    fn date_at_the_start_is_no_number() {
        for name in [
            "2021-03-05-use-a.md",
            "2021-3-5-use-a.md",
            "2021_03_05_use_a.md",
            "2021.03.05 use a.md",
            "2021-03-use-a.md",
            "05-03-2021-use-a.md",
            "25.03.2021-use-a.md",
            "adr-2021-03-05-use-a.md",
        ] {
            assert!(begins_with_date(name), "{name}");
        }
        for name in [
            "0001-use-a.md",
            "2021-use-a.md",
            "2021-99-bottles.md",
            "2021-03a-use-a.md",
            "12-3-tiers.md",
            "12-2021-plan.md",
            "1.2.3-use-a.md",
            "20210305-use-a.md",
            "use-a-2021-03-05.md",
        ] {
            assert!(!begins_with_date(name), "{name}");
        }
    }
}
