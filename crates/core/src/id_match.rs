//! How typed words match ids: as a whole, or by whole segments.

use crate::IdSeries;

/// Returns whether a text contains a part as whole segments, ignoring case. Segments consist of
/// letters and digits.
///
/// ```
/// use wsdb_core::has_segments;
/// assert!(has_segments("WS-TASK-100", "task-100"));
/// assert!(!has_segments("WS-TASK-1000", "task-100"));
/// ```
pub fn has_segments(text: &str, part: &str) -> bool {
    let (text, part) = (text.to_lowercase(), part.to_lowercase());
    if part.is_empty() {
        return false;
    }
    let is_border = |before: Option<char>, after: Option<char>| {
        !(before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric))
    };
    // Not `match_indices`, which passes over a match that overlaps the one before.
    text.char_indices().any(|(start, _)| {
        text[start..].strip_prefix(&part).is_some_and(|rest| {
            is_border(text[..start].chars().next_back(), part.chars().next())
                && is_border(part.chars().next_back(), rest.chars().next())
        })
    })
}

/// Returns whether a word that is not an id stands for an id as a part of it: as whole segments, which
/// are the last ones if the word ends in a number, because a number ends an id. Dates match anywhere.
///
/// ```
/// use wsdb_core::is_part_of_id;
/// assert!(is_part_of_id("WS-TASK-100", "task-100"));
/// assert!(is_part_of_id("2025-11-20-session-001", "2025-11-20"));
/// assert!(is_part_of_id("2025-11-20-session-001", "001"));
/// assert!(!is_part_of_id("2025-11-20-session-001", "2025"));
/// assert!(!is_part_of_id("OPS-1-fix", "OPS-1"));
/// ```
pub fn is_part_of_id(id: &str, word: &str) -> bool {
    let is_delimited =
        word.starts_with(char::is_alphanumeric) && word.ends_with(char::is_alphanumeric);
    if !is_delimited {
        return false;
    }
    let ends_in_number = word.ends_with(|c: char| c.is_ascii_digit());
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    if ends_in_number && (is_number || word.contains(char::is_alphabetic)) {
        let (id, word) = (id.to_lowercase(), word.to_lowercase());
        let before = id.strip_suffix(&word);
        return before.is_some_and(|before| !before.ends_with(char::is_alphanumeric));
    }
    has_segments(id, word)
}

/// Returns whether a word has the form of a complete id: that of a series, such as `WS-TASK-9`, a
/// session or an activity, that of one of these ids, or else words and a number, such as `API-7`. The end
/// of an id of a series, such as `TASK-9`, is not complete.
///
/// Such a word never stands for another record of which it is only a part.
///
/// ```
/// use wsdb_core::is_complete_id;
/// assert!(is_complete_id("ws-task-100", &[]));
/// assert!(is_complete_id("2025-11-20-session-001", &[]));
/// assert!(is_complete_id("API-7", &["MOBILE-API-7".to_owned()]));
/// assert!(!is_complete_id("TASK-100", &["WS-TASK-100".to_owned()]));
/// ```
pub fn is_complete_id(word: &str, ids: &[String]) -> bool {
    let upper = word.to_uppercase();
    let is_in_series = |series: &IdSeries| series.number(&upper).is_some();
    if IdSeries::ALL.iter().any(is_in_series) {
        return true;
    }
    let form = id_form(word);
    if !form.contains('#') || form == "#" {
        // Without a number, another id has the same form only if it is the same id.
        return false;
    }
    const SESSION_FORMS: [&str; 2] = ["#-#-#-session-#", "#-#-#-session-#-log-#"];
    if SESSION_FORMS.contains(&form.as_str()) || ids.iter().any(|id| id_form(id) == form) {
        return true;
    }
    let is_end_of = |complete: &str| {
        let before = complete.strip_suffix(&form);
        before.is_some_and(|before| before.ends_with('-'))
    };
    let is_end_of_series =
        |series: &IdSeries| is_end_of(&format!("{}#", series.prefix().to_lowercase()));
    let is_end =
        SESSION_FORMS.into_iter().any(is_end_of) || IdSeries::ALL.iter().any(is_end_of_series);
    let words = form.strip_suffix("-#");
    !is_end
        && words.is_some_and(|words| {
            let mut words = words.split(['-', '_']);
            words.all(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
        })
}

/// Returns an id in lower case, with `#` for each run of digits.
fn id_form(id: &str) -> String {
    let mut form = String::with_capacity(id.len());
    for c in id.chars().flat_map(char::to_lowercase) {
        match c {
            c if !c.is_ascii_digit() => form.push(c),
            _ if form.ends_with('#') => {}
            _ => form.push('#'),
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_whole_segments_match() {
        for part in [
            "gui",
            "GUI-LOGIN",
            "login",
            "login.page",
            "Page",
            "gui-login.page",
        ] {
            assert!(has_segments("GUI-Login.page", part), "{part}");
        }
        for part in [
            "",
            "gu",
            "ui-login",
            "GUI-Log",
            "login-page",
            "gui-login.page-2",
        ] {
            assert!(!has_segments("GUI-Login.page", part), "{part}");
        }
        assert!(has_segments("größe-2", "Größe") && !has_segments("größe-2", "röße"));
        assert!(!has_segments("WS-TASK-1000", "WS-TASK-100"));
        assert!(!has_segments("WS-TASK-2100", "100"));
        assert!(has_segments("aa-aa-aaa", "aaa"), "a later match counts");
        assert!(
            has_segments("ab-b-b", "b-b"),
            "a match that overlaps another one counts"
        );
    }

    #[test]
    fn form_of_an_id_is_recognized() {
        let ids = ["API-12", "API-12-fix", "v2.10", "WS-TASK-3"].map(str::to_owned);
        for word in [
            "API-7",
            "api-12",
            "api-1-fix",
            "v1.0",
            "DEC-5",
            "drift-001",
            "WEB-12",
            "mobile_app-3",
        ] {
            assert!(is_complete_id(word, &ids), "{word}");
        }
        for word in [
            "API",
            "TASK-3",
            "fix",
            "12",
            "7",
            "12-fix",
            "session-001",
            "log-2",
            "session-001-log-2",
            "v2",
        ] {
            assert!(!is_complete_id(word, &ids), "{word}");
        }
    }

    #[test]
    fn part_of_an_id_has_no_loose_ends() {
        for word in ["web", "WEB-12", "core-web-12", "core", "12"] {
            assert!(is_part_of_id("CORE-WEB-12", word), "{word}");
        }
        for word in ["", "-", "/", "2", "-12", "web-", "WEB-1", "CORE-1"] {
            assert!(!is_part_of_id("CORE-WEB-12", word), "{word}");
        }
        assert!(!is_part_of_id("v1.2.3", "v1.2"));
        assert!(!is_part_of_id("2025-11-20-session-001", "20"));
    }

    proptest! {
        #[test]
        fn every_run_of_segments_matches(
            segments in prop::collection::vec("[a-z0-9é]{1,4}", 1..5),
            from in 0usize..5,
            len in 1usize..5,
        ) {
            let from = from.min(segments.len() - 1);
            let end = (from + len).min(segments.len());
            prop_assert!(has_segments(&segments.join("-"), &segments[from..end].join("-")));
        }
    }
}
