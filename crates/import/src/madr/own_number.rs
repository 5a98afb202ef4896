//! The number of a page: a sentence such as `ADR-1 was superseded by ADR-2` is about the page itself if
//! the page is ADR 1.

use std::path::Path;

use super::file_names::{begins_with_date, file_name, number};
use super::markup::{is_letter, starts_with_phrase};
use super::status_words::phrases;

/// Words in front of the number.
const NAMES: &str = "architecture decision record; architecture decision; decision record; decision; record; adr; dec";

/// Words after it that begin a statement about the decision.
const VERBS: &str = "was; is; has; had; got; wurde; ist; a; est; fue; foi; è; werd";

/// Returns the numbers that a page has in the name of its file and in its title.
pub(super) fn own_numbers(file: &Path, title: Option<&str>) -> Vec<u64> {
    let name = file_name(file);
    let of_file = number(&name).filter(|_| !begins_with_date(&name));
    // `3 tiers` has no number.
    let of_title = title.filter(|title| {
        let after = title.trim_start_matches(|c: char| is_letter(c) && !c.is_ascii_digit());
        let after = after.trim_start_matches(['-', ' ', '#']);
        let mark = after.trim_start_matches(|c: char| c.is_ascii_digit());
        mark.trim_start()
            .starts_with(['.', ':', '-', '–', '—', ')'])
    });
    let of_title = of_title.and_then(number);
    of_file.into_iter().chain(of_title).collect()
}

/// Replaces the number of the page by spaces in a line, where a sentence is about the page: other bytes keep
/// their positions.
pub(super) fn mask_own_number(line: &mut String, own: &[u64]) {
    let starts = line.char_indices().filter(|(at, c)| {
        let before = line[..*at].chars().next_back();
        is_letter(*c) && !before.is_some_and(|c| is_letter(c) || matches!(c, '[' | '/' | '-'))
    });
    let found = starts.map(|(at, _)| at).find_map(|at| {
        phrases(NAMES).find_map(|name| {
            let start = at + starts_with_phrase(&line[at..], name)?;
            let rest = line[start..].trim_start_matches(['-', ' ', '#', '\u{2011}']);
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let end = line.len() - rest.len() + digits;
            let after = line[end..].strip_prefix(' ')?;
            let is_verb = phrases(VERBS).any(|verb| starts_with_phrase(after, verb).is_some());
            let is_own = rest[..digits]
                .parse()
                .is_ok_and(|number| own.contains(&number));
            (is_verb && is_own).then_some(start..end)
        })
    });
    if let Some(range) = found {
        let spaces = " ".repeat(range.len());
        line.replace_range(range, &spaces);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_is_in_the_file_or_in_front_of_the_title() {
        for (file, title, expected) in [
            ("0002-x.md", "Use x", &[2][..]),
            ("x.md", "2. Use x", &[2]),
            ("x.md", "ADR-0002: Use x", &[2]),
            ("x.md", "ADR 2 - Use x", &[2]),
            ("x.md", "3 tiers", &[]),
            ("2021-03-05-x.md", "Use x", &[]),
            ("x.md", "Use 2: x", &[]),
        ] {
            assert_eq!(
                own_numbers(Path::new(file), Some(title)),
                expected,
                "{file}: {title}"
            );
        }
    }

    #[test]
    fn only_the_own_number_is_masked() {
        for (line, expected) in [
            (
                "ADR-2 was superseded by ADR-3",
                "ADR   was superseded by ADR-3",
            ),
            (
                "> ADR 0002 has been replaced",
                "> ADR      has been replaced",
            ),
            ("Decision #2 is deprecated", "Decision    is deprecated"),
            (
                "ADR-3 was superseded by ADR-2",
                "ADR-3 was superseded by ADR-2",
            ),
            ("Supersedes ADR-2", "Supersedes ADR-2"),
            (
                "[ADR-2](x.md) was superseded",
                "[ADR-2](x.md) was superseded",
            ),
            ("ADR-22 was superseded", "ADR-22 was superseded"),
        ] {
            let mut masked = line.to_owned();
            mask_own_number(&mut masked, &[2]);
            assert_eq!(masked, expected);
        }
    }
}
