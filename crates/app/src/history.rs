//! The history of changes, undo and prune.

use std::collections::HashMap;

use wsdb_core::{
    Action, ActionId, ArchitectureGoal, ArchitectureState, ChangeKind, Claim, ComponentPlacement,
    ConfigurationChange, ConfigurationSnapshot, ContextSwitch, Decision, DriftDetection, DriftScan,
    HistoryFilter, Issue, Page, RecordChange, Task, TaskId, Timestamp,
};
use wsdb_store::{Connection, Record, Store, Transaction};

use crate::views::{ActionDetails, ActionView, ChangeView, PrunedView, UndoneView};
use crate::{Actor, Error, Resource, Workspace, resolve};

/// Returns the actions that match a filter, and their total number on all pages.
pub async fn history<C: Connection>(
    store: &Store<C>,
    filter: &HistoryFilter,
) -> Result<(Vec<ActionView>, u64), Error> {
    let actions = store.history().list(filter).await?;
    let total = store.history().count(filter).await?;
    Ok((views(store, actions).await?, total))
}

async fn views<C: Connection>(
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
) -> Result<(Vec<ActionDetails>, u64), Error> {
    let (actions, total) = history(store, filter).await?;
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
    Ok((details.collect(), total))
}

/// Maximum number of candidates shown for an ambiguous name.
const CANDIDATES: u64 = 6;

/// Resolves a name to the id of a record, which may exist only in history.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn find_record<C: Connection>(store: &Store<C>, word: &str) -> Result<String, Error> {
    let word = word.trim();
    let exact = HistoryFilter {
        record: Some(word.to_owned()),
        page: Page::first(1),
        ..HistoryFilter::default()
    };
    if !word.is_empty() && store.history().count(&exact).await? > 0 {
        return Ok(word.to_owned());
    }
    let mut candidates = records_by_number(store, word).await?;
    let mut alike = None;
    if !candidates.is_empty() {
        return single_or_ambiguous(word, candidates, alike);
    }
    collect_candidate(
        resolve(&store.tasks(), word).await,
        &mut candidates,
        &mut alike,
    )?;
    collect_candidate(
        resolve(&store.issues(), word).await,
        &mut candidates,
        &mut alike,
    )?;
    collect_candidate(
        resolve(&store.decisions(), word).await,
        &mut candidates,
        &mut alike,
    )?;
    collect_candidate(
        resolve(&*store.sessions(), word).await,
        &mut candidates,
        &mut alike,
    )?;
    if candidates.is_empty() && !word.is_empty() {
        // Deleted records.
        candidates = store.history().search_ids(word, CANDIDATES).await?;
    }
    single_or_ambiguous(word, candidates, alike)
}

/// Returns the only candidate, or an error if there are none or several.
fn single_or_ambiguous(
    word: &str,
    mut candidates: Vec<String>,
    alike: Option<String>,
) -> Result<String, Error> {
    match candidates.len() {
        1 => Ok(candidates.remove(0)),
        0 => Err(Error::NotFound {
            noun: "record",
            word: word.to_owned(),
            alike,
        }),
        _ => Err(Error::Ambiguous {
            noun: "record",
            word: word.to_owned(),
            candidates,
        }),
    }
}

fn collect_candidate<I: AsRef<str>>(
    found: Result<I, Error>,
    all: &mut Vec<String>,
    alike: &mut Option<String>,
) -> Result<(), Error> {
    match found {
        Ok(id) => all.push(id.as_ref().to_owned()),
        Err(Error::Ambiguous { candidates, .. }) => all.extend(candidates),
        Err(Error::NotFound { alike: other, .. }) => {
            if alike.is_none() {
                *alike = other;
            }
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Returns the records with this number in their series, including deleted ones. A bare number
/// refers to tasks, issues and decisions if any of them has it.
async fn records_by_number<C: Connection>(
    store: &Store<C>,
    word: &str,
) -> Result<Vec<String>, Error> {
    let usual = [
        with_number::<Task, C>(store, word).await?,
        with_number::<Issue, C>(store, word).await?,
        with_number::<Decision, C>(store, word).await?,
    ];
    let found: Vec<String> = usual.into_iter().flatten().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let others = [
        with_number::<DriftDetection, C>(store, word).await?,
        with_number::<DriftScan, C>(store, word).await?,
        with_number::<ArchitectureState, C>(store, word).await?,
        with_number::<ComponentPlacement, C>(store, word).await?,
        with_number::<ArchitectureGoal, C>(store, word).await?,
        with_number::<ConfigurationSnapshot, C>(store, word).await?,
        with_number::<ConfigurationChange, C>(store, word).await?,
        with_number::<ContextSwitch, C>(store, word).await?,
    ];
    Ok(others.into_iter().flatten().collect())
}

async fn with_number<R: Resource, C: Connection>(
    store: &Store<C>,
    word: &str,
) -> Result<Option<String>, Error> {
    let Some((number, series)) = crate::ids::number::<R>(word).zip(R::SERIES) else {
        return Ok(None);
    };
    let id = series.id(number);
    let is_there = match R::Id::try_from(id.clone()) {
        Ok(key) => store.records::<R>().find(&key).await?.is_some(),
        Err(_) => false,
    };
    if is_there {
        return Ok(Some(id));
    }
    let filter = HistoryFilter {
        record: Some(id.clone()),
        page: Page::first(1),
        ..HistoryFilter::default()
    };
    Ok((store.history().count(&filter).await? > 0).then_some(id))
}

/// Number of additional actions to read, because heartbeats may lie between the last changes.
const MAX_HEARTBEATS_SKIPPED: u64 = 500;

/// Which changes to undo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undo {
    /// This number of changes, the latest that have not been undone.
    Last(u64),
    /// This change.
    Change(ActionId),
}

/// Undoes changes, all or none: each one completely, the newest first. The latest changes must be
/// the actor's own; a change by somebody else must be named.
///
/// # Errors
/// [`Error::NotYours`] if one of the latest changes was made by somebody else, [`Error::Invalid`]
/// if there are too few, and the errors of [`wsdb_store::History::undo`].
pub async fn undo(
    workspace: &Workspace,
    actor: &Actor,
    what: Undo,
    dry_run: bool,
) -> Result<Vec<UndoneView>, Error> {
    let store = workspace.by(actor, "undo");
    let work = async |store: &Store<Transaction>| -> Result<Vec<UndoneView>, Error> {
        let mut undone = Vec::new();
        for action in actions_to_undo(store, actor, what).await? {
            ensure_no_foreign_claims(store, actor, action).await?;
            let done = store.history().undo(action).await?;
            let changes = store.history().outline(&[done.by]).await?;
            let view = views(store, vec![done.action]).await?;
            let by = (!dry_run).then_some(done.by);
            let views = view.into_iter();
            undone.extend(views.map(|view| UndoneView::new(view, by, &changes)));
        }
        Ok(undone)
    };
    match dry_run {
        true => store.dry_run(work).await,
        false => store.write(work).await,
    }
}

/// Refuses to undo a claim that somebody else holds: they must release it, or it must be released
/// by force.
async fn ensure_no_foreign_claims(
    store: &Store<Transaction>,
    actor: &Actor,
    action: ActionId,
) -> Result<(), Error> {
    let changes = store.history().outline(&[action]).await?;
    let claimed = changes.iter().filter(|change| {
        change.kind == ChangeKind::Added
            && wsdb_store::noun_of_table(&change.table).is_ok_and(|noun| noun == Claim::NOUN)
    });
    for id in claimed.flat_map(|change| &change.records) {
        let Ok(id) = id.parse::<TaskId>() else {
            continue;
        };
        let claim = store.tasks().claims().find(&id).await?;
        let held = claim.filter(|c| c.holder != actor.name && !c.is_expired(actor.now));
        if let Some(claim) = held {
            let claim = Box::new(claim);
            return Err(wsdb_store::Error::Claimed { own: false, claim }.into());
        }
    }
    Ok(())
}

async fn actions_to_undo(
    store: &Store<Transaction>,
    actor: &Actor,
    what: Undo,
) -> Result<Vec<ActionId>, Error> {
    let last = match what {
        Undo::Change(action) => return Ok(vec![action]),
        Undo::Last(last) => last,
    };
    let filter = HistoryFilter {
        standing: true,
        page: Page::first(last.saturating_add(MAX_HEARTBEATS_SKIPPED)),
        ..HistoryFilter::default()
    };
    let mut actions = store.history().list(&filter).await?;
    // Renewals of claims are not undone.
    actions.retain(|action| action.verb != "task heartbeat");
    actions.truncate(usize::try_from(last).unwrap_or(usize::MAX));
    if (actions.len() as u64) < last {
        return Err(Error::Invalid(match actions.len() {
            0 => "nothing to undo".to_owned(),
            1 => "there is only 1 change to undo".to_owned(),
            more => format!("there are only {more} changes to undo"),
        }));
    }
    match actions.iter().find(|action| action.actor != actor.name) {
        Some(others) => Err(Error::ForeignAction {
            change: others.id,
            verb: others.verb.clone(),
            actor: others.actor.clone(),
        }),
        None => Ok(actions.into_iter().map(|action| action.id).collect()),
    }
}

/// Which part of history to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// Changes at or after this time.
    Since(Timestamp),
    /// This number of changes, the newest ones.
    Newest(u64),
}

/// Deletes older history. The records themselves do not change, but deleted changes can no longer
/// be undone.
pub async fn prune_history(
    workspace: &Workspace,
    actor: &Actor,
    keep: Retention,
    dry_run: bool,
) -> Result<PrunedView, Error> {
    workspace
        .by(actor, "history prune")
        .write(async |store| {
            let all = store.history().count(&HistoryFilter::default()).await?;
            let Some(first) = oldest_retained(store, keep, all).await? else {
                return Ok(PrunedView {
                    forgotten: 0,
                    kept: all,
                    dry_run,
                });
            };
            let forgotten = match dry_run {
                true => store.history().count_before(first).await?,
                false => store.history().prune(first).await?,
            };
            // The prune itself is recorded as a change.
            let kept = all - forgotten + u64::from(forgotten > 0);
            Ok(PrunedView {
                forgotten,
                kept,
                dry_run,
            })
        })
        .await
}

/// Returns the first action to keep; `None` if there are fewer than `keep` allows.
async fn oldest_retained(
    store: &Store<Transaction>,
    keep: Retention,
    all: u64,
) -> Result<Option<ActionId>, Error> {
    let filter = match keep {
        Retention::Since(time) => HistoryFilter {
            since: Some(time),
            oldest_first: true,
            page: Page::first(1),
            ..HistoryFilter::default()
        },
        Retention::Newest(count) if count > 0 && count >= all => return Ok(None),
        // The prune itself is one of the changes to keep.
        Retention::Newest(0 | 1) => return Ok(Some(ActionId(i64::MAX))),
        Retention::Newest(count) => HistoryFilter {
            page: Page {
                limit: Some(1),
                offset: count - 2,
            },
            ..HistoryFilter::default()
        },
    };
    let first = store.history().list(&filter).await?;
    let first = first.first().map(|action| action.id);
    Ok(Some(first.unwrap_or(ActionId(i64::MAX))))
}
