//! Reads the history of changes.

use std::collections::{HashMap, HashSet};

use wsdb_core::{
    Action, ActionId, ArchitectureGoal, ArchitectureState, ComponentPlacement, ConfigurationChange,
    ConfigurationSnapshot, ContextSwitch, Decision, DriftDetection, DriftScan, HistoryFilter,
    Issue, Page, RecordChange, Session, SessionId, Task, is_complete_id, is_part_of_id,
};
use wsdb_store::{Connection, Record, Store};

use crate::lookup::id_of_number;
use crate::views::{ActionDetails, ActionView, ChangeView, Listing};
use crate::{Error, Resource, resolve};

/// Maximum number of actions that are read to summarize what has changed, the newest first.
pub(crate) const MAX_ACTIONS_READ: u64 = 300;

/// Returns the actions that match a filter, and their total number on all pages.
pub async fn history<C: Connection>(
    store: &Store<C>,
    filter: &HistoryFilter,
) -> Result<Listing<ActionView>, Error> {
    let actions = store.history().list(filter).await?;
    let total = store.history().count(filter).await?;
    let records = action_views(store, actions).await?;
    Ok(Listing { records, total })
}

/// Returns the views of actions, with a summary of the changed records.
pub(crate) async fn action_views<C: Connection>(
    store: &Store<C>,
    actions: Vec<Action>,
) -> Result<Vec<ActionView>, Error> {
    let ids: Vec<ActionId> = actions.iter().map(|action| action.id).collect();
    let mut outlines = by_action(store.history().outline(&ids).await?);
    let views = actions.into_iter().map(|action| {
        let changes = outlines.remove(&action.id).unwrap_or_default();
        ActionView::new(action, &changes)
    });
    Ok(views.collect())
}

fn by_action(changes: Vec<RecordChange>) -> HashMap<ActionId, Vec<RecordChange>> {
    let mut all: HashMap<ActionId, Vec<RecordChange>> = HashMap::new();
    for change in changes {
        all.entry(change.action).or_default().push(change);
    }
    all
}

/// Like [`history`], with the changed fields; only those of one record if the filter names one.
pub async fn history_details<C: Connection>(
    store: &Store<C>,
    filter: &HistoryFilter,
) -> Result<Listing<ActionDetails>, Error> {
    let Listing {
        records: actions,
        total,
    } = history(store, filter).await?;
    let ids: Vec<ActionId> = actions.iter().map(|action| action.change).collect();
    let record = filter.record.as_deref();
    let mut changes = by_action(store.history().changes(&ids, record).await?);
    let details = actions.into_iter().map(|action| {
        let changes = changes.remove(&action.change).unwrap_or_default();
        // Of records that were added together, only this one.
        let changes = changes.into_iter().map(|mut change| {
            if let Some(record) = record {
                change.records.retain(|id| id == record);
            }
            change
        });
        ActionDetails {
            changes: changes.filter_map(ChangeView::new).collect(),
            action,
        }
    });
    Ok(Listing {
        records: details.collect(),
        total,
    })
}

/// Returns the ids of the records that were changed in a session and that people refer to, the
/// latest first.
pub(crate) async fn find_changed_ids<C: Connection>(
    store: &Store<C>,
    session: &SessionId,
) -> Result<Vec<String>, Error> {
    let filter = HistoryFilter {
        session: vec![session.clone()],
        page: Page::first(MAX_ACTIONS_READ),
        ..HistoryFilter::default()
    };
    let actions = store.history().list(&filter).await?;
    let ids: Vec<_> = actions.iter().map(|action| action.id).collect();
    let mut records = Vec::new();
    let mut seen = HashSet::new();
    for change in store.history().outline(&ids).await?.iter().rev() {
        if noun_of_change(change).is_none() {
            continue;
        }
        for id in &change.records {
            if id != session.as_str() && seen.insert(id.clone()) {
                records.push(id.clone());
            }
        }
    }
    Ok(records)
}

/// Returns the kind of a changed record, if people refer to such records.
pub(crate) fn noun_of_change(change: &RecordChange) -> Option<&'static str> {
    let noun = wsdb_store::noun_of_table(&change.table).ok()?;
    const REFERRED_TO: [&str; 11] = [
        Task::NOUN,
        Session::NOUN,
        Issue::NOUN,
        Decision::NOUN,
        ArchitectureState::NOUN,
        ComponentPlacement::NOUN,
        ArchitectureGoal::NOUN,
        DriftDetection::NOUN,
        DriftScan::NOUN,
        ConfigurationSnapshot::NOUN,
        ConfigurationChange::NOUN,
    ];
    REFERRED_TO.contains(&noun).then_some(noun)
}

/// What the argument of `wsdb history` refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryTarget {
    /// This change.
    Change(ActionId),
    /// The record with this id.
    Record(String),
}

/// Resolves a word to a change or a record, which may exist only in history. A number is that of a
/// change, unless it is the complete id of a record.
///
/// # Errors
/// [`Error::NoChange`], [`Error::NoRecord`], [`Error::AmbiguousRecord`], and [`Error::Malformed`] for 0.
pub async fn find_history_target<C: Connection>(
    store: &Store<C>,
    word: &str,
) -> Result<HistoryTarget, Error> {
    let word = word.trim();
    let Ok(number) = word.parse::<i64>() else {
        return find_record(store, word).await.map(HistoryTarget::Record);
    };
    let change = HistoryFilter {
        actions: vec![ActionId(number)],
        page: Page::first(1),
        ..HistoryFilter::default()
    };
    if store.history().count(&change).await? > 0 {
        return Ok(HistoryTarget::Change(ActionId(number)));
    }
    let records = match find_record(store, word).await {
        Ok(id) if id == word => return Ok(HistoryTarget::Record(id)),
        Ok(id) => vec![id],
        Err(Error::AmbiguousRecord { candidates, .. }) => candidates,
        Err(Error::NoRecord { .. }) if number == 0 => {
            return Err(Error::Malformed(
                "there is no change 0; changes are numbered from 1".to_owned(),
            ));
        }
        Err(Error::NoRecord { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    Err(Error::NoChange {
        number: word.to_owned(),
        records,
    })
}

/// Resolves a name to the id of a record, which may exist only in history.
async fn find_record<C: Connection>(store: &Store<C>, name: &str) -> Result<String, Error> {
    let exact = HistoryFilter {
        record: Some(name.to_owned()),
        page: Page::first(1),
        ..HistoryFilter::default()
    };
    if !name.is_empty() && store.history().count(&exact).await? > 0 {
        return Ok(name.to_owned());
    }
    let mut candidates = records_by_number(store, name).await?;
    let mut suggestion = None;
    if !candidates.is_empty() {
        return single_or_ambiguous(name, candidates, suggestion);
    }
    collect_candidate(
        resolve(&store.tasks(), name).await,
        &mut candidates,
        &mut suggestion,
    )?;
    collect_candidate(
        resolve(&store.issues(), name).await,
        &mut candidates,
        &mut suggestion,
    )?;
    collect_candidate(
        resolve(&store.decisions(), name).await,
        &mut candidates,
        &mut suggestion,
    )?;
    collect_candidate(
        resolve(&*store.sessions(), name).await,
        &mut candidates,
        &mut suggestion,
    )?;
    if candidates.is_empty() && !name.is_empty() {
        candidates = find_deleted(store, name).await?;
    }
    single_or_ambiguous(name, candidates, suggestion)
}

/// Returns the ids of deleted records that a word which is not an id may stand for.
async fn find_deleted<C: Connection>(store: &Store<C>, word: &str) -> Result<Vec<String>, Error> {
    let mut ids = store.history().search_ids(word).await?;
    let is_same = |id: &String| id.to_lowercase() == word.to_lowercase();
    if ids.iter().any(is_same) || is_complete_id(word, &ids) {
        ids.retain(is_same);
    }
    ids.retain(|id| is_same(id) || is_part_of_id(id, word));
    Ok(ids)
}

/// Returns the only candidate, or an error if there are none or several.
fn single_or_ambiguous(
    name: &str,
    mut candidates: Vec<String>,
    suggestion: Option<String>,
) -> Result<String, Error> {
    match candidates.len() {
        1 => Ok(candidates.remove(0)),
        0 => Err(Error::NoRecord {
            word: name.to_owned(),
            suggestion,
        }),
        _ => Err(Error::AmbiguousRecord {
            word: name.to_owned(),
            candidates,
        }),
    }
}

/// Adds the outcome of looking a name up among the records of one kind.
fn collect_candidate<I: AsRef<str>>(
    result: Result<I, Error>,
    all: &mut Vec<String>,
    suggestion: &mut Option<String>,
) -> Result<(), Error> {
    match result {
        Ok(id) => add_candidate(all, id.as_ref().to_owned()),
        Err(Error::OtherKind { id, .. }) => add_candidate(all, id),
        Err(Error::Ambiguous { candidates, .. }) => all.extend(candidates),
        Err(Error::NotFound {
            suggestion: other, ..
        }) => {
            if suggestion.is_none() {
                *suggestion = other;
            }
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

fn add_candidate(all: &mut Vec<String>, id: String) {
    if !all.contains(&id) {
        all.push(id);
    }
}

/// Returns the records with this number in their series, including deleted ones. A bare number
/// refers to tasks, issues and decisions if any of them has it.
async fn records_by_number<C: Connection>(
    store: &Store<C>,
    name: &str,
) -> Result<Vec<String>, Error> {
    let usual = [
        with_number::<Task, C>(store, name).await?,
        with_number::<Issue, C>(store, name).await?,
        with_number::<Decision, C>(store, name).await?,
    ];
    let records: Vec<String> = usual.into_iter().flatten().collect();
    if !records.is_empty() {
        return Ok(records);
    }
    let others = [
        with_number::<DriftDetection, C>(store, name).await?,
        with_number::<DriftScan, C>(store, name).await?,
        with_number::<ArchitectureState, C>(store, name).await?,
        with_number::<ComponentPlacement, C>(store, name).await?,
        with_number::<ArchitectureGoal, C>(store, name).await?,
        with_number::<ConfigurationSnapshot, C>(store, name).await?,
        with_number::<ConfigurationChange, C>(store, name).await?,
        with_number::<ContextSwitch, C>(store, name).await?,
    ];
    Ok(others.into_iter().flatten().collect())
}

/// Returns the record of one kind with this number, which may exist only in history.
async fn with_number<R: Resource, C: Connection>(
    store: &Store<C>,
    name: &str,
) -> Result<Option<String>, Error> {
    let Some(id) = id_of_number::<R>(name) else {
        return Ok(None);
    };
    let exists = match R::Id::try_from(id.clone()) {
        Ok(key) => store.records::<R>().find(&key).await?.is_some(),
        Err(_) => false,
    };
    if exists {
        return Ok(Some(id));
    }
    let filter = HistoryFilter {
        record: Some(id.clone()),
        page: Page::first(1),
        ..HistoryFilter::default()
    };
    Ok((store.history().count(&filter).await? > 0).then_some(id))
}
