//! Undoes changes, and deletes old history.

use wsdb_core::{Action, ActionId, ChangeKind, Claim, HistoryFilter, Page, TaskId, Timestamp};
use wsdb_store::{Record, Store, Transaction};

use crate::history::action_views;
use crate::task::edit::ensure_not_claimed_by_other;
use crate::views::{PrunedCounts, PrunedView, UndoneView};
use crate::{Actor, Error, Workspace};

/// Number of additional actions to read, because there may be heartbeats between the last changes.
const MAX_HEARTBEATS_SKIPPED: u64 = 500;

/// Which changes to undo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoSelection {
    /// This number of changes, the latest that have not been undone.
    Last(u64),
    /// This change.
    Change(ActionId),
}

/// Undoes changes, all or none: each one completely, the newest first. The latest changes must be
/// the actor's own; a change by somebody else must be named.
///
/// # Errors
/// [`Error::ForeignAction`] if one of the latest changes was made by somebody else, [`Error::Invalid`]
/// if there are too few, and the errors of [`wsdb_store::History::undo`].
pub async fn undo(
    workspace: &Workspace,
    actor: &Actor,
    selection: UndoSelection,
    dry_run: bool,
) -> Result<Vec<UndoneView>, Error> {
    let store = workspace.by(actor, "undo");
    let work = async |store: &Store<Transaction>| -> Result<Vec<UndoneView>, Error> {
        let mut undone = Vec::new();
        for action in actions_to_undo(store, actor, selection).await? {
            ensure_no_foreign_claims(store, actor, action).await?;
            let done = store.history().undo(action).await?;
            let changes = store.history().outline(&[done.by]).await?;
            let view = action_views(store, vec![done.action]).await?;
            let by = (!dry_run).then_some(done.by);
            undone.extend(
                view.into_iter()
                    .map(|view| UndoneView::new(view, by, &changes)),
            );
        }
        Ok(undone)
    };
    if dry_run {
        store.dry_run(work).await
    } else {
        store.write(work).await
    }
}

/// Refuses to undo a claim that somebody else holds: they must release it, or it must be released
/// by force.
async fn ensure_no_foreign_claims(
    store: &Store<Transaction>,
    actor: &Actor,
    action: ActionId,
) -> Result<(), Error> {
    if is_import(store, action).await? {
        // The claim stays where it was made.
        return Ok(());
    }
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
        ensure_not_claimed_by_other(claim.as_ref(), actor)?;
    }
    Ok(())
}

/// Returns whether an action is an import, or redoes one.
async fn is_import(store: &Store<Transaction>, action: ActionId) -> Result<bool, Error> {
    let mut next = Some(action);
    while let Some(id) = next {
        let filter = HistoryFilter {
            actions: vec![id],
            ..HistoryFilter::default()
        };
        let action = store.history().list(&filter).await?.into_iter().next();
        if action.as_ref().is_some_and(Action::is_import) {
            return Ok(true);
        }
        next = action.and_then(|action| action.undoes);
    }
    Ok(false)
}

async fn actions_to_undo(
    store: &Store<Transaction>,
    actor: &Actor,
    selection: UndoSelection,
) -> Result<Vec<ActionId>, Error> {
    let last = match selection {
        UndoSelection::Change(action) => return Ok(vec![action]),
        UndoSelection::Last(last) => last,
    };
    let filter = HistoryFilter {
        in_effect: true,
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
    retention: Retention,
    dry_run: bool,
) -> Result<PrunedView, Error> {
    workspace
        .by(actor, "history prune")
        .write(async |store| {
            let all = store.history().count(&HistoryFilter::default()).await?;
            let Some(first) = oldest_retained(store, retention, all).await? else {
                return Ok(PrunedView {
                    counts: PrunedCounts {
                        deleted: 0,
                        kept: all,
                    },
                    dry_run,
                });
            };
            let deleted = if dry_run {
                store.history().count_before(first).await?
            } else {
                // Files may still hold the versions that history forgets.
                wsdb_import::remember_versions(store, first).await?;
                store.history().prune(first).await?
            };
            // The prune itself is recorded as a change.
            let kept = all - deleted + u64::from(deleted > 0);
            Ok(PrunedView {
                counts: PrunedCounts { deleted, kept },
                dry_run,
            })
        })
        .await
}

/// Returns the first action to keep; `None` if there are fewer than `retention` allows.
async fn oldest_retained(
    store: &Store<Transaction>,
    retention: Retention,
    all: u64,
) -> Result<Option<ActionId>, Error> {
    let filter = match retention {
        Retention::Since(time) => HistoryFilter {
            since: Some(time.into()),
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
