//! How much two entries of lists resemble each other.

use std::collections::BTreeSet;

use super::text_name::name_or_text;
use crate::Json;

/// The score of equal values.
const EQUAL: usize = 1000;
/// The lowest score of entries that match. If less than half is equal, a removed and an added entry
/// are easier to read than the differences between the two, and they are probably unrelated.
const MIN_SCORE: usize = EQUAL / 2;

/// Returns the number of fields that are equal in two objects.
pub(super) fn equal_fields(old: &Json, new: &Json) -> usize {
    match (old, new) {
        (Json::Object(old), Json::Object(new)) => {
            let equal = |(key, value): &(&String, &Json)| new.get(key) == Some(*value);
            old.iter().filter(equal).count()
        }
        _ => 0,
    }
}

/// Whether a list contains both scalars and containers, as `["error", {"max": 1}]`. The position of an
/// entry then has a meaning.
pub(super) fn is_mixed(list: &[Json]) -> bool {
    let is_container = |value: &Json| matches!(value, Json::Object(_) | Json::Array(_));
    list.iter().any(is_container) && !list.iter().all(is_container)
}

/// Returns how much two entries without a name resemble each other; 0 if they do not match. Entries of
/// a mixed list match if they have the same kind.
pub(super) fn similarity(old: &Json, new: &Json, is_mixed: bool) -> usize {
    let score = score(old, new);
    if score >= MIN_SCORE {
        score
    } else {
        usize::from(is_mixed && kind(old) == kind(new))
    }
}

fn kind(value: &Json) -> u8 {
    match value {
        Json::Object(_) => 2,
        Json::Array(_) => 1,
        _ => 0,
    }
}

/// Returns the share of equal values, of [`EQUAL`].
fn score(old: &Json, new: &Json) -> usize {
    if old == new {
        return EQUAL;
    }
    match (old, new) {
        (Json::Object(old), Json::Object(new)) => {
            let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            let scores = keys.iter().map(|key| match (old.get(key), new.get(key)) {
                (Some(Json::Number(old)), Some(Json::Number(new))) if old != new => 0,
                (Some(old), Some(new)) => score(old, new),
                _ => 0,
            });
            scores.sum::<usize>() / keys.len().max(1)
        }
        (Json::Array(old), Json::Array(new)) => {
            let scores = old.iter().zip(new).map(|(old, new)| score(old, new));
            scores.sum::<usize>() / old.len().max(new.len()).max(1)
        }
        // The same name with another value.
        (Json::String(old_text), Json::String(new_text))
            if name_or_text(old) == name_or_text(new) || are_similar(old_text, new_text) =>
        {
            MIN_SCORE
        }
        // A number has no name, and is rarely unrelated to the one that replaces it.
        (
            Json::Number(_) | Json::Bool(_) | Json::Null,
            Json::Number(_) | Json::Bool(_) | Json::Null,
        ) => MIN_SCORE,
        _ => 0,
    }
}

/// Whether two texts have the same first word, and at least half of their words are equal.
fn are_similar(old: &str, new: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let is_end = |c: char| c.is_whitespace() || matches!(c, ':' | '=' | ',' | ';');
        let words = text.split(is_end).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let (old, new) = (words(old), words(new));
    let is_url = |words: &[String]| words.get(1).is_some_and(|word| word.starts_with("//"));
    if old.first() != new.first() || is_url(&old) {
        return false;
    }
    let mut rest = new.clone();
    let equal = old.iter().filter(|word| {
        let at = rest.iter().position(|other| other == *word);
        at.map(|at| rest.swap_remove(at)).is_some()
    });
    equal.count() * 2 >= old.len().max(new.len())
}

/// Whether one version may replace the other: the first number other than 0 is the same.
pub(super) fn are_compatible(old: &Json, new: &Json) -> bool {
    let significant = |version: &Json| {
        let text = match version {
            Json::String(text) => text.clone(),
            version => version.to_string(),
        };
        let text = text.trim_start_matches('v').to_owned();
        let numbers = text.split(['.', '-', '+']);
        let mut significant: Vec<String> = Vec::new();
        for number in numbers {
            significant.push(number.to_owned());
            if number != "0" {
                break;
            }
        }
        significant
    };
    significant(old) == significant(new)
}
