//! Supersedes decisions with newer ones.

use wsdb_core::{Decision, DecisionFilter, DecisionId, DecisionStatus, find_cycle};
use wsdb_store::{Connection, Store, Transaction};

use super::links::{DecisionLinks, add_missing};
use super::queries::decision_details;
use crate::views::{DecisionDetails, DecisionView};
use crate::{Actor, Error, Workspace, resolve, resolve_all};

/// Supersedes decisions with another one.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, and
/// [`Error::Supersession`] if one of them supersedes the other one already.
pub async fn supersede_decisions(
    workspace: &Workspace,
    actor: &Actor,
    names: &[String],
    by: &str,
) -> Result<DecisionDetails, Error> {
    workspace
        .by(actor, "decision supersede")
        .write(async |store| {
            let decisions = store.decisions();
            let old = resolve_all(&decisions, names).await;
            let (old, id) = Error::both(old, resolve(&decisions, by).await)?;
            let before = decisions.get(&id).await?;
            let mut decision = before.clone();
            add_missing(&mut decision.supersedes, &old);
            refuse_cycles(store, &id, &old).await?;
            if decision != before {
                decisions.save_changed(before, decision).await?;
            }
            mark_superseded(store, &old).await?;
            decision_details(store, &id).await
        })
        .await
}

/// Returns those of the named decisions that have the status superseded but no longer a successor.
///
/// # Errors
/// [`Error::Ambiguous`].
pub async fn superseded_without_successor<C: Connection>(
    store: &Store<C>,
    links: &DecisionLinks,
) -> Result<Vec<DecisionView>, Error> {
    let mut without_successor = Vec::new();
    for id in links.resolve(store).await?.supersedes {
        let successors = DecisionFilter {
            supersedes: vec![id.clone()],
            ..DecisionFilter::default()
        };
        if let Some(decision) = store.decisions().find(&id).await?
            && decision.status == DecisionStatus::Superseded
            && store.decisions().list(&successors).await?.is_empty()
        {
            without_successor.push(decision.into());
        }
    }
    Ok(without_successor)
}

/// Returns an error if a decision would supersede itself through new links.
pub(super) async fn refuse_cycles(
    store: &Store<Transaction>,
    id: &DecisionId,
    supersedes: &[DecisionId],
) -> Result<(), Error> {
    if supersedes.is_empty() {
        return Ok(());
    }
    let known = store.decisions().supersessions().await?;
    let pairs = known.iter().map(|(decision, target)| (decision, target));
    match find_cycle(pairs, id, supersedes) {
        Some(path) => Err(Error::Supersession(path)),
        None => Ok(()),
    }
}

/// Sets the status of the existing ones of these decisions to superseded.
pub(super) async fn mark_superseded(
    store: &Store<Transaction>,
    ids: &[DecisionId],
) -> Result<(), Error> {
    let decisions = store.decisions();
    for id in ids {
        if let Some(before) = decisions.find(id).await?
            && before.status != DecisionStatus::Superseded
        {
            let status = DecisionStatus::Superseded;
            let decision = Decision {
                status,
                ..before.clone()
            };
            decisions.save_changed(before, decision).await?;
        }
    }
    Ok(())
}
