//! From what people type to the record that they mean.

use wsdb_core::{Decision, Issue, Series, Session, Task};
use wsdb_store::{Connection, Kept, Records};

use crate::Error;

/// A record that people name on the command line.
pub trait Noun: Kept {
    /// The series whose numbers people may type alone.
    const SERIES: Option<Series>;
}

impl Noun for Task {
    const SERIES: Option<Series> = Some(Series::TASKS);
}

impl Noun for Issue {
    const SERIES: Option<Series> = Some(Series::ISSUES);
}

impl Noun for Decision {
    const SERIES: Option<Series> = Some(Series::DECISIONS);
}

impl Noun for Session {
    const SERIES: Option<Series> = None;
}

/// At most so many candidates are shown.
const CANDIDATES: u64 = 6;

async fn exact<C: Connection, R: Noun>(
    records: &Records<'_, C, R>,
    word: &str,
) -> Result<Option<R::Id>, Error> {
    let Ok(id) = R::Id::try_from(word.to_owned()) else {
        return Ok(None);
    };
    Ok(records.find(&id).await?.map(|record| record.id().clone()))
}

/// The record that a word means: its id, the number of its series, or any unique part of its id.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn resolve<C: Connection, R: Noun>(
    records: &Records<'_, C, R>,
    word: &str,
) -> Result<R::Id, Error> {
    if let Some(id) = exact(records, word).await? {
        return Ok(id);
    }
    let number = word.parse::<u64>().ok();
    if let (Some(series), Some(number)) = (R::SERIES, number)
        && let Some(id) = exact(records, &series.id(number)).await?
    {
        return Ok(id);
    }
    let word = word.trim();
    let mut candidates = match word {
        "" => Vec::new(),
        word => records.ids_like(word, CANDIDATES).await?,
    };
    if let [only] = candidates.as_slice()
        && let Some(id) = exact(records, only).await?
    {
        return Ok(id);
    }
    candidates.sort_by(|a, b| wsdb_core::natural_order(a, b));
    let (noun, word) = (R::NOUN, word.to_owned());
    if !candidates.is_empty() {
        return Err(Error::Ambiguous {
            noun,
            word,
            candidates,
        });
    }
    let asked = match (R::SERIES, number) {
        (Some(series), Some(number)) => series.id(number),
        _ => word.to_uppercase(),
    };
    let ids = records.ids().await?;
    let alike = ids
        .into_iter()
        .map(|id| (strsim::jaro_winkler(&asked, &id.to_uppercase()), id))
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| wsdb_core::natural_order(y, x)))
        .map(|(_, id)| id);
    Err(Error::NotFound { noun, word, alike })
}

/// The records that words mean, each once. Everything that is wrong is reported at once.
///
/// # Errors
/// As [`resolve`].
pub async fn resolve_all<C: Connection, R: Noun>(
    records: &Records<'_, C, R>,
    words: &[String],
) -> Result<Vec<R::Id>, Error> {
    let mut ids: Vec<R::Id> = Vec::new();
    let mut errors = Vec::new();
    for word in words {
        match resolve(records, word).await {
            Ok(id) if ids.iter().any(|known| known.as_ref() == id.as_ref()) => {}
            Ok(id) => ids.push(id),
            Err(error @ (Error::NotFound { .. } | Error::Ambiguous { .. })) => errors.push(error),
            Err(error) => return Err(error),
        }
    }
    match errors.len() {
        0 => Ok(ids),
        1 => Err(errors.remove(0)),
        _ => Err(Error::Several(errors)),
    }
}

/// The records that words mean; a word that means none is kept as the id of one to come.
///
/// # Errors
/// [`Error::Ambiguous`], and words that can't be ids.
pub async fn resolve_or_keep<C: Connection, R: Noun>(
    records: &Records<'_, C, R>,
    words: &[String],
) -> Result<Vec<R::Id>, Error> {
    let mut ids = Vec::new();
    for word in words {
        ids.push(match resolve(records, word).await {
            Ok(id) => id,
            Err(Error::NotFound { .. }) => {
                let number = R::SERIES.zip(word.parse::<u64>().ok());
                let id = number.map_or(word.clone(), |(series, number)| series.id(number));
                R::Id::try_from(id).map_err(|error| Error::Invalid(error.to_string()))?
            }
            Err(error) => return Err(error),
        });
    }
    Ok(ids)
}
