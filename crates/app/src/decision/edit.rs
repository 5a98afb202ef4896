//! Actions that add decisions and change their links.

use wsdb_core::Decision;
use wsdb_store::{Store, Transaction};

use super::links::DecisionLinks;
use super::queries::decision_details;
use super::supersede::{mark_superseded, refuse_cycles};
use crate::session::current::open_session;
use crate::views::{DecisionDetails, DecisionView};
use crate::{Actor, Error, Precondition, Resource, Workspace, resolve};

/// Adds a decision with the next id; `fill` sets the fields other than text and links. If the actor
/// has an open session, the decision is linked to it. Decisions that it supersedes get that status.
/// Linked records that do not exist are returned as errors.
///
/// # Errors
/// [`Error::Malformed`] for an empty decision, [`Error::Supersession`] if decisions would supersede
/// each other.
pub async fn add_decision(
    workspace: &Workspace,
    actor: &Actor,
    text: &str,
    links: &DecisionLinks,
    fill: impl Fn(&mut Decision),
) -> Result<(DecisionView, Vec<Error>), Error> {
    workspace
        .by(actor, "decision add")
        .write(async |store| {
            let session = open_session(store, actor).await?.map(|session| session.id);
            let resolved = links.resolve(store).await?.check_ids()?;
            let decision = store
                .decisions()
                .add(|id| {
                    let mut decision = Decision::new(id, text.to_owned(), actor.now);
                    decision.session = session.clone();
                    fill(&mut decision);
                    resolved.link(&mut decision);
                    decision
                })
                .await?;
            decision.validate()?;
            refuse_cycles(store, &decision.id, &resolved.supersedes).await?;
            mark_superseded(store, &resolved.supersedes).await?;
            if let Some(session) = &session {
                store
                    .sessions()
                    .link_decision(session, &decision.id)
                    .await?;
            }
            Ok((decision.into(), resolved.missing))
        })
        .await
}

/// Links a decision to decisions that it supersedes, to tasks, components and drift. Linked records
/// that do not exist are returned as errors.
///
/// # Errors
/// Same as [`crate::supersede_decisions`], and [`Error::Unexpected`].
pub async fn link_decision(
    workspace: &Workspace,
    actor: &Actor,
    name: &str,
    links: &DecisionLinks,
    expected: &Precondition,
) -> Result<(DecisionDetails, Vec<Error>), Error> {
    change(
        workspace,
        actor,
        "decision link",
        name,
        expected,
        async |store, decision| {
            let resolved = links.resolve(store).await?.check_ids()?;
            let mut new = resolved.supersedes.clone();
            new.retain(|id| !decision.supersedes.contains(id));
            resolved.link(decision);
            refuse_cycles(store, &decision.id, &new).await?;
            mark_superseded(store, &new).await?;
            Ok(resolved.missing)
        },
    )
    .await
}

/// Removes links of a decision. Decisions that it superseded keep that status.
///
/// # Errors
/// [`Error::Invalid`] for each record that is not linked, and the errors of [`link_decision`].
pub async fn unlink_decision(
    workspace: &Workspace,
    actor: &Actor,
    name: &str,
    links: &DecisionLinks,
    expected: &Precondition,
) -> Result<DecisionDetails, Error> {
    let change = change(
        workspace,
        actor,
        "decision unlink",
        name,
        expected,
        async |store, decision| {
            let resolved = links.resolve(store).await?;
            Error::combine(resolved.not_linked(decision))?;
            resolved.unlink(decision);
            Ok(Vec::new())
        },
    );
    Ok(change.await?.0)
}

/// Changes the named decision as the action `verb`; `edit` returns errors for missing records.
async fn change(
    workspace: &Workspace,
    actor: &Actor,
    verb: &str,
    name: &str,
    expected: &Precondition,
    edit: impl AsyncFn(&Store<Transaction>, &mut Decision) -> Result<Vec<Error>, Error>,
) -> Result<(DecisionDetails, Vec<Error>), Error> {
    workspace
        .by(actor, verb)
        .write(async |store| {
            let decisions = store.decisions();
            let id = resolve(&decisions, name).await?;
            let before = decisions.get(&id).await?;
            expected.check::<Decision>(&id, || before.clone().into())?;
            let mut decision = before.clone();
            let missing = edit(store, &mut decision).await?;
            if decision != before {
                decisions.save_changed(before, decision).await?;
            }
            Ok((decision_details(store, &id).await?, missing))
        })
        .await
}
