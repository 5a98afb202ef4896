//! From what people type to the record that they mean.

use serde::Serialize;
use wsdb_core::{
    ContextSwitch, Decision, DecisionStatus, DetectionStatus, DriftDetection, DriftScan, Impact,
    Issue, IssueStatus, Priority, ScanStatus, ScanType, Series, Session, SessionStatus, Severity,
    Task, TaskStatus, Timestamp, TriggeredBy, ViolationType,
};
use wsdb_store::{Connection, Kept, Records};

use crate::Error;
use crate::tasks::check_line;
use crate::views::{
    ContextView, DecisionView, DetectionView, IssueView, ScanView, SessionView, TaskView,
};

/// A record that people name on the command line.
pub trait Noun: Kept {
    /// The series whose numbers people may type alone.
    const SERIES: Option<Series>;
    /// What comes back when it has been changed.
    type View: Serialize;

    /// A word of a field's vocabulary as it is kept, if the field has one that knows it.
    fn word(_field: &str, _word: &str) -> Option<String> {
        None
    }

    /// Whether people may give a record these values; imports take more.
    ///
    /// # Errors
    /// [`Error::Invalid`] says what is wrong.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// The record as it counts at a time.
    fn as_of(self, _now: Timestamp) -> Self {
        self
    }

    /// Notes that the record has been changed, where it has a column for that.
    fn touch(&mut self, _now: Timestamp) {}
}

impl Noun for DriftDetection {
    const SERIES: Option<Series> = Some(Series::DETECTIONS);
    type View = DetectionView;

    fn word(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => kept::<DetectionStatus>(word),
            "severity" => kept::<Severity>(word),
            "violation_type" => kept::<ViolationType>(word),
            _ => None,
        }
    }

    fn check(&self) -> Result<(), Error> {
        let named = |what: &str, text: &str| match text.trim() {
            "" => Err(Error::Invalid(format!("the {what} is empty"))),
            _ => Ok(()),
        };
        named("repo", &self.repo).and(named("file", &self.file_path))
    }

    fn as_of(mut self, now: Timestamp) -> Self {
        self.status = self.status_at(now);
        self
    }
}

impl Noun for DriftScan {
    const SERIES: Option<Series> = Some(Series::SCANS);
    type View = ScanView;

    fn word(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => kept::<ScanStatus>(word),
            "scan_type" => kept::<ScanType>(word),
            "triggered_by" => kept::<TriggeredBy>(word),
            _ => None,
        }
    }
}

impl Noun for ContextSwitch {
    const SERIES: Option<Series> = Some(Series::CONTEXTS);
    type View = ContextView;

    fn check(&self) -> Result<(), Error> {
        match self.deactivated_at {
            Some(end) if end < self.activated_at => Err(Error::Invalid(format!(
                "the stay would end at {end}, before it begins at {}",
                self.activated_at
            ))),
            _ => Ok(()),
        }
    }
}

fn kept<V: std::str::FromStr + ToString>(word: &str) -> Option<String> {
    word.parse::<V>().ok().map(|word| word.to_string())
}

impl Noun for Task {
    const SERIES: Option<Series> = Some(Series::TASKS);
    type View = TaskView;

    fn word(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => kept::<TaskStatus>(word),
            "priority" => kept::<Priority>(word),
            _ => None,
        }
    }
}

impl Noun for Issue {
    const SERIES: Option<Series> = Some(Series::ISSUES);
    type View = IssueView;

    fn word(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => kept::<IssueStatus>(word),
            "severity" => kept::<Severity>(word),
            _ => None,
        }
    }

    fn check(&self) -> Result<(), Error> {
        check_line("title", &self.title)
    }
}

impl Noun for Decision {
    const SERIES: Option<Series> = Some(Series::DECISIONS);
    type View = DecisionView;

    fn word(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => kept::<DecisionStatus>(word),
            "impact" => kept::<Impact>(word),
            _ => None,
        }
    }

    fn check(&self) -> Result<(), Error> {
        match self.decision.trim() {
            "" => Err(Error::Invalid("the decision is empty".to_owned())),
            _ => Ok(()),
        }
    }
}

impl Noun for Session {
    const SERIES: Option<Series> = None;
    type View = SessionView;

    fn word(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => kept::<SessionStatus>(word),
            _ => None,
        }
    }
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

/// The number that a word means in a series: `9`, `WS-TASK-9`, `ws-task-009`.
pub(crate) fn number<R: Noun>(word: &str) -> Option<u64> {
    word.parse()
        .ok()
        .or_else(|| R::SERIES?.number(&word.to_uppercase()))
}

/// The id that a word that means none was most likely meant to be. Where several are as likely,
/// none is told: it would be followed.
fn alike<R: Noun>(word: &str, ids: Vec<String>) -> Option<String> {
    let asked = match R::SERIES.zip(number::<R>(word)) {
        Some((series, number)) => series.id(number),
        None => word.to_uppercase(),
    };
    let most = match asked.len() {
        0..=3 => return None,
        4..=11 => 1,
        _ => 2,
    };
    let near: Vec<(usize, String)> = ids
        .into_iter()
        .map(|id| (strsim::osa_distance(&asked, &id.to_uppercase()), id))
        .filter(|(steps, _)| *steps <= most)
        .collect();
    let least = near.iter().map(|(steps, _)| *steps).min()?;
    let mut nearest = near.into_iter().filter(|(steps, _)| *steps == least);
    nearest
        .next()
        .filter(|_| nearest.next().is_none())
        .map(|(_, id)| id)
}

/// Those of these ids that no record has, each with the id that it was most likely meant to be.
///
/// # Errors
/// What the database reports.
pub async fn missing<C: Connection, R: Noun>(
    records: &Records<'_, C, R>,
    ids: &[R::Id],
) -> Result<Vec<(R::Id, Option<String>)>, Error> {
    let mut missing = Vec::new();
    for id in ids {
        if records.find(id).await?.is_none() {
            let alike = alike::<R>(id.as_ref(), records.ids().await?);
            missing.push((id.clone(), alike));
        }
    }
    Ok(missing)
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
    if let (Some(series), Some(number)) = (R::SERIES, number::<R>(word))
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
    let alike = alike::<R>(&word, records.ids().await?);
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
    let (ids, errors) = resolve_each(records, words).await?;
    Error::all(errors).map(|()| ids)
}

/// The records that words mean, each once, and what is wrong with the others.
pub(crate) async fn resolve_each<C: Connection, R: Noun>(
    records: &Records<'_, C, R>,
    words: &[String],
) -> Result<(Vec<R::Id>, Vec<Error>), Error> {
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
    Ok((ids, errors))
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
                let number = R::SERIES.zip(number::<R>(word));
                let id = number.map_or(word.clone(), |(series, number)| series.id(number));
                R::Id::try_from(id).map_err(|error| Error::Invalid(error.to_string()))?
            }
            Err(error) => return Err(error),
        });
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_given_where_one_id_is_likely() {
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let tasks = ids(&["WS-TASK-001", "WS-TASK-002", "WS-TASK-123", "GUI-LOGIN"]);
        let hint = |word| alike::<Task>(word, tasks.clone());
        assert_eq!(hint("132").as_deref(), Some("WS-TASK-123"));
        assert_eq!(hint("WS-TSAK-001").as_deref(), Some("WS-TASK-001"));
        assert_eq!(hint("gui-logn").as_deref(), Some("GUI-LOGIN"));
        assert_eq!(hint("WS-TASK-9"), None, "two are as near");
        assert_eq!(hint("x"), None);
        assert_eq!(hint("something else"), None);
    }

    #[test]
    fn numbers_are_read_with_and_without_their_series() {
        assert_eq!(number::<Task>("9"), Some(9));
        assert_eq!(number::<Task>("ws-task-9"), Some(9));
        assert_eq!(number::<Task>("ISSUE-9"), None);
        assert_eq!(number::<Issue>("ISSUE-009"), Some(9));
    }
}
