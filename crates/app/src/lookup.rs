//! Resolves ids and names given by people to records.

use wsdb_core::{IdSeries, has_segments, is_complete_id, is_part_of_id};
use wsdb_store::{Connection, Records};

use crate::Error;
use crate::record_names::has_command;
use crate::resource::{MAX_CANDIDATES, Resource};

/// Returns the record with exactly this id.
async fn find_exact<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    id: &str,
) -> Result<Option<R>, Error> {
    let Ok(id) = R::Id::try_from(id.to_owned()) else {
        return Ok(None);
    };
    Ok(records.find(&id).await?)
}

/// Returns the id that a number stands for in a series: `9` is `WS-TASK-009`.
pub(crate) fn id_of_number<R: Resource>(word: &str) -> Option<String> {
    Some(R::SERIES?.id(parse_number(word)?))
}

/// Returns the id in the series of the kind that a word is or stands for, in capitals, whether or not
/// there is such a record.
pub(crate) fn id_named_by<R: Resource>(word: &str) -> Option<String> {
    id_of_number::<R>(word).or_else(|| {
        let upper = word.to_uppercase();
        R::SERIES?.number(&upper).map(|_| upper)
    })
}

fn parse_number(word: &str) -> Option<u64> {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| word.parse().ok()).flatten()
}

/// Returns the id of a record to be created later: a number stands for its id in the series, and ids
/// of the series are in capitals.
fn future_id<R: Resource>(word: &str) -> String {
    id_named_by::<R>(word).unwrap_or_else(|| word.to_owned())
}

/// Returns the id that an unknown name was most likely meant to be. If several are equally likely,
/// returns `None`, because a suggestion tends to be followed.
pub(crate) fn suggestion(
    series: Option<&IdSeries>,
    name: &str,
    ids: Vec<String>,
) -> Option<String> {
    let mut nearest = nearest(series, name, ids);
    nearest.pop().filter(|_| nearest.is_empty())
}

/// Returns the ids that an unknown name was most likely meant to be, all of them equally likely.
pub(crate) fn nearest(series: Option<&IdSeries>, name: &str, ids: Vec<String>) -> Vec<String> {
    if parse_number(name).is_some() {
        // A wrong number is not a misspelled one.
        return Vec::new();
    }
    let upper = name.to_uppercase();
    let number = series.and_then(|series| Some(series.id(series.number(&upper)?)));
    // `dec11`, `ADR-0011`
    let number = number.or_else(|| {
        let (word, number) = word_and_number(&upper)?;
        let id = series?.id(number);
        let is_of_series =
            word == "ADR" && id.starts_with("DEC-") || id.split('-').any(|it| it == word);
        (is_of_series && ids.contains(&id)).then_some(id)
    });
    let wanted = number.unwrap_or(upper);
    let max_distance = match wanted.len() {
        0..=3 => return Vec::new(),
        4..=11 => 1,
        _ => 2,
    };
    let near: Vec<(usize, String)> = ids
        .into_iter()
        .map(|id| (strsim::osa_distance(&wanted, &id.to_uppercase()), id))
        .filter(|(distance, _)| *distance <= max_distance)
        .collect();
    let min_distance = near.iter().map(|(distance, _)| *distance).min();
    let nearest = near
        .into_iter()
        .filter(|(distance, _)| Some(*distance) == min_distance);
    nearest.map(|(_, id)| id).collect()
}

/// Returns the two parts of a word with a number, such as `ADR-0011`.
fn word_and_number(name: &str) -> Option<(&str, u64)> {
    let start = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let word = start.trim_end_matches(['-', '_', ' ', '#']);
    let is_word = !word.is_empty() && word.chars().all(char::is_alphabetic);
    let number = is_word.then(|| parse_number(&name[start.len()..]))??;
    Some((word, number))
}

/// Returns whether an id of any series ends with a number: `X-7`, `X-007`.
fn has_number_suffix(id: &str, number: &str) -> bool {
    let end = id.rsplit(['-', '_', '.']).next().unwrap_or_default();
    let without_zeros = |digits: &str| digits.trim_start_matches('0').to_owned();
    end.bytes().all(|byte| byte.is_ascii_digit())
        && !end.is_empty()
        && without_zeros(end) == without_zeros(number)
}

/// A reference to a record that does not exist.
#[derive(Debug, Clone)]
pub struct MissingReference<I> {
    /// The referenced id.
    pub id: I,
    /// The id that was most likely meant.
    pub suggestion: Option<String>,
}

/// Returns those ids that do not exist.
pub async fn find_missing<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    ids: &[R::Id],
) -> Result<Vec<MissingReference<R::Id>>, Error> {
    let mut missing = Vec::new();
    for id in ids {
        if records.find(id).await?.is_none() {
            let suggestion = suggestion(R::SERIES.as_ref(), id.as_ref(), records.ids().await?);
            missing.push(MissingReference {
                id: id.clone(),
                suggestion,
            });
        }
    }
    Ok(missing)
}

/// Returns [`Error::NotFound`] for each value that neither a record has in a column nor is `usual`. `noun` is
/// what the values are, such as `component`.
pub async fn find_unknown_values<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    noun: &'static str,
    column: &'static str,
    values: &[&str],
    usual: &[&str],
) -> Result<Vec<Error>, Error> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = records.values_of(column).await?;
    known.extend(usual.iter().map(|value| (*value).to_owned()));
    known.sort_unstable();
    known.dedup();
    let unknown = values
        .iter()
        .filter(|value| !known.iter().any(|known| known == *value));
    let errors = unknown.map(|value| Error::NotFound {
        noun,
        word: (*value).to_owned(),
        suggestion: suggestion(None, value, known.clone()),
    });
    Ok(errors.collect())
}

/// Resolves a name to the id of a record: its id, its number in the series, its name if it has one,
/// or a unique part of the id that consists of whole segments.
///
/// A complete id, a name, a number and the id of a deleted record never stand for another record. A number
/// that several ids end with is ambiguous.
///
/// # Errors
/// [`Error::NotFound`], [`Error::OtherKind`] and [`Error::Ambiguous`].
pub async fn resolve<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    name: &str,
) -> Result<R::Id, Error> {
    Ok(load(records, name).await?.id().clone())
}

/// Like [`resolve`], but returns the whole record.
pub(crate) async fn load<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    name: &str,
) -> Result<R, Error> {
    // No id has surrounding whitespace.
    let name = name.trim();
    if let Some(record) = find_exact(records, name).await? {
        return Ok(record);
    }
    let mut candidates = match name {
        "" => Vec::new(),
        name => find_candidates(records, name).await?,
    };
    if let [only] = candidates.as_slice()
        && let Some(record) = find_exact(records, only).await?
    {
        return Ok(record);
    }
    let noun = R::NOUN;
    if !candidates.is_empty() {
        candidates.sort_by(|a, b| wsdb_core::natural_order(a, b));
        candidates.truncate(MAX_CANDIDATES as usize);
        return Err(Error::Ambiguous {
            noun,
            word: name.to_owned(),
            candidates,
        });
    }
    let mut spellings = vec![name.to_owned()];
    for spelling in [name.to_uppercase(), name.to_lowercase()] {
        if !spellings.contains(&spelling) {
            spellings.push(spelling);
        }
    }
    for id in spellings {
        let other = records.store().nouns_with_id(&id).await?;
        let is_other = |found: &&str| *found != noun && has_command(found);
        if let Some(found) = other.into_iter().find(is_other) {
            let expected = noun;
            return Err(Error::OtherKind {
                id,
                found,
                expected,
            });
        }
    }
    Err(Error::NotFound {
        noun,
        word: name.to_owned(),
        suggestion: suggestion(R::SERIES.as_ref(), name, records.ids().await?),
    })
}

/// Returns the ids of the records that a word which is not an id may stand for.
async fn find_candidates<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    word: &str,
) -> Result<Vec<String>, Error> {
    // A word may be the id of a deleted record and a number at once.
    if records.is_in_history(word).await? {
        return Ok(Vec::new());
    }
    if let Some(id) = id_of_number::<R>(word) {
        // More zeros than the series has are those of another id.
        if word.starts_with('0') && !id.ends_with(word) {
            let mut ids = records.ids().await?;
            ids.retain(|id| id.rsplit(['-', '_', '.']).next() == Some(word));
            if !ids.is_empty() {
                return Ok(ids);
            }
        }
        if find_exact(records, &id).await?.is_some() {
            // The zeros that were typed tell it from `X-7`.
            if word.starts_with('0') {
                return Ok(vec![id]);
            }
            let mut ids = records.ids_matching(word, |_| true).await?;
            ids.retain(|id| has_number_suffix(id, word));
            return Ok(ids);
        }
        if records.is_in_history(&id).await? {
            return Ok(Vec::new());
        }
    }
    // Four digits may be a year in an id or a name.
    if R::SERIES.is_some() && word.len() <= 3 && parse_number(word).is_some() {
        let mut ids = records.ids().await?;
        ids.retain(|id| has_number_suffix(id, word));
        return Ok(ids);
    }
    let named = R::find_by_name(records, word).await?;
    if !named.is_empty() {
        return Ok(named);
    }
    let is_same = |text: &str| text.to_lowercase() == word.to_lowercase();
    let same = records.ids_matching(word, is_same).await?;
    if !same.is_empty() || is_in_every_id::<R>(word) {
        return Ok(same);
    }
    let mut ids = records.ids().await?;
    if is_complete_id(word, &ids) {
        return Ok(Vec::new());
    }
    ids.retain(|id| is_part_of_id(id, word));
    Ok(ids)
}

/// Returns whether a word is a part of every id of the kind, such as `task` of `WS-TASK-001`: it does
/// not stand for a record, even if there is only one.
fn is_in_every_id<R: Resource>(word: &str) -> bool {
    // Without a series, the ids are like 2025-11-20-session-001-log-001.
    let series = R::SERIES;
    let words = series.as_ref().map_or("session-log", IdSeries::prefix);
    word.eq_ignore_ascii_case(R::NOUN) || has_segments(words, word)
}

/// Resolves names to records, each once. All errors are reported together.
///
/// # Errors
/// Same as [`resolve`].
pub async fn resolve_all<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    names: &[String],
) -> Result<Vec<R::Id>, Error> {
    let (ids, errors) = resolve_each(records, names).await?;
    Error::combine(errors).map(|()| ids)
}

/// Resolves names to records, each once, and collects the errors for the others.
pub(crate) async fn resolve_each<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    names: &[String],
) -> Result<(Vec<R::Id>, Vec<Error>), Error> {
    let mut ids: Vec<R::Id> = Vec::new();
    let mut errors = Vec::new();
    for name in names {
        match resolve(records, name).await {
            Ok(id) if ids.iter().any(|known| known.as_ref() == id.as_ref()) => {}
            Ok(id) => ids.push(id),
            Err(
                error
                @ (Error::NotFound { .. } | Error::OtherKind { .. } | Error::Ambiguous { .. }),
            ) => errors.push(error),
            Err(error) => return Err(error),
        }
    }
    Ok((ids, errors))
}

/// Like [`resolve_all`], but an unknown name is kept as the id of a deleted record if `is_referenced`
/// returns that other records still refer to it.
///
/// # Errors
/// Same as [`resolve`].
pub async fn resolve_all_or_referenced<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    names: &[String],
    is_referenced: impl AsyncFn(R::Id) -> Result<bool, Error>,
) -> Result<Vec<R::Id>, Error> {
    let (mut ids, unresolved) = resolve_each(records, names).await?;
    let mut errors = Vec::new();
    for error in unresolved {
        let id = match &error {
            Error::NotFound { word, .. } => R::Id::try_from(word.clone()).ok(),
            _ => None,
        };
        match id {
            Some(id) if is_referenced(id.clone()).await? => ids.push(id),
            _ => errors.push(error),
        }
    }
    Error::combine(errors).map(|()| ids)
}

/// Resolves the names of records to refer to; an unknown id is kept as that of a record to be created later.
///
/// # Errors
/// [`Error::Ambiguous`], and [`Error::NotFound`] for unknown names that do not have the form of an id.
pub async fn resolve_references<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    names: &[String],
) -> Result<Vec<R::Id>, Error> {
    let mut missing = Vec::new();
    let ids = resolve_collecting_missing(records, names, &mut missing).await?;
    reject_unknown_names::<R>(missing).map(|_| ids)
}

/// Like [`resolve_references`], for one name.
///
/// # Errors
/// Same as [`resolve_references`].
pub async fn resolve_reference<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    name: &str,
) -> Result<R::Id, Error> {
    let mut missing = Vec::new();
    let id = resolve_or_collect(records, name, &mut missing).await?;
    reject_unknown_names::<R>(missing).map(|_| id)
}

/// Resolves names to records; an unknown name is kept as the id of a record that others may still refer to.
///
/// # Errors
/// [`Error::Ambiguous`], and [`Error::Malformed`] for unknown names that are not valid ids.
pub async fn resolve_or_accept_new<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    names: &[String],
) -> Result<Vec<R::Id>, Error> {
    resolve_collecting_missing(records, names, &mut Vec::new()).await
}

/// Like [`resolve_or_accept_new`], but adds an error for each unknown name to `missing`.
///
/// # Errors
/// Same as [`resolve_or_accept_new`], for all names together.
pub async fn resolve_collecting_missing<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    names: &[String],
    missing: &mut Vec<Error>,
) -> Result<Vec<R::Id>, Error> {
    let (mut ids, mut errors) = (Vec::new(), Vec::new());
    for name in names {
        match resolve_or_collect(records, name, missing).await {
            Ok(id) => ids.push(id),
            Err(error @ Error::Store(_)) => return Err(error),
            Err(error) => errors.push(error),
        }
    }
    Error::combine(errors).map(|()| ids)
}

/// Returns the errors of `missing` about ids. A word that does not have the form of an id is mistyped, or one
/// such as `none`. If the records have names, so is a word that is not an id of the series: a reference by
/// name has to exist.
///
/// # Errors
/// [`Error::NotFound`] for such words, all together.
pub fn reject_unknown_names<R: Resource>(missing: Vec<Error>) -> Result<Vec<Error>, Error> {
    let has_names = R::name_column().is_some();
    let is_name = |error: &Error| match error {
        Error::NotFound { word, .. } if has_names => id_named_by::<R>(word).is_none(),
        Error::NotFound { word, .. } => !has_id_form(word),
        _ => false,
    };
    let (names, ids) = missing.into_iter().partition(is_name);
    Error::combine(names).map(|()| ids)
}

/// Whether a word may be the id of a record to be created later: such ids have a number.
pub(crate) fn has_id_form(word: &str) -> bool {
    !word.contains(char::is_whitespace) && word.contains(|c: char| c.is_ascii_digit())
}

/// Like [`resolve_or_accept_new`], for one name.
///
/// # Errors
/// Same as [`resolve_or_accept_new`].
pub async fn resolve_one_or_accept_new<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    name: &str,
) -> Result<R::Id, Error> {
    resolve_or_collect(records, name, &mut Vec::new()).await
}

async fn resolve_or_collect<C: Connection, R: Resource>(
    records: &Records<'_, C, R>,
    name: &str,
    missing: &mut Vec<Error>,
) -> Result<R::Id, Error> {
    match resolve(records, name).await {
        Err(Error::NotFound {
            noun, suggestion, ..
        }) => {
            let name = future_id::<R>(name);
            let id = R::Id::try_from(name.clone());
            missing.push(Error::NotFound {
                noun,
                word: name,
                suggestion,
            });
            id.map_err(|error| Error::Malformed(error.to_string()))
        }
        resolved => resolved,
    }
}

#[cfg(test)]
mod tests {
    use wsdb_core::{Issue, Task};

    use super::*;

    #[test]
    fn only_similar_id_is_suggested() {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let tasks = ids(&["WS-TASK-001", "WS-TASK-002", "WS-TASK-123", "GUI-LOGIN"]);
        let suggest = |name| suggestion(Some(&IdSeries::TASKS), name, tasks.clone());
        assert_eq!(suggest("132"), None, "a number is not misspelled");
        assert_eq!(suggest("WS-TASK-132").as_deref(), Some("WS-TASK-123"));
        assert_eq!(suggest("WS-TSAK-001").as_deref(), Some("WS-TASK-001"));
        assert_eq!(suggest("gui-logn").as_deref(), Some("GUI-LOGIN"));
        assert_eq!(suggest("WS-TASK-9"), None, "two are equally close");
        assert_eq!(suggest("ws-task-1").as_deref(), Some("WS-TASK-001"));
        assert_eq!(suggest("x"), None);
        assert_eq!(suggest("something else"), None);
    }

    #[test]
    fn number_matches_only_the_end_of_an_id() {
        assert!(has_number_suffix("X-7", "7") && has_number_suffix("gui.007", "7"));
        for other in [
            "2025-11-21-session-001-decision-32452207a7",
            "X-17",
            "X-7-1",
            "seven",
            "",
        ] {
            assert!(!has_number_suffix(other, "7"), "{other}");
        }
    }

    #[test]
    fn id_of_a_later_record_has_a_number() {
        for word in ["WS-TASK-100", "API-7", "2025-11-20-session-001", "7"] {
            assert!(has_id_form(word), "{word}");
        }
        for word in ["none", "-", "null", "login", "the 7", "WS-TASK"] {
            assert!(!has_id_form(word), "{word}");
        }
    }

    #[test]
    fn only_a_number_is_completed() {
        assert_eq!(id_of_number::<Task>("9").as_deref(), Some("WS-TASK-009"));
        for word in ["", "+9", "-9", "WS-TASK-9", "ISSUE-9"] {
            assert_eq!(id_of_number::<Task>(word), None, "{word}");
        }
        assert_eq!(future_id::<Issue>("9"), "ISSUE-009");
        assert_eq!(future_id::<Issue>("issue-9"), "ISSUE-9");
        assert_eq!(future_id::<Issue>("login"), "login");
    }
}
