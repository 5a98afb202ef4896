//! What a user can do with decisions.

use wsdb_core::{Decision, DecisionId};
use wsdb_store::Referrers;

use crate::sessions::open_session;
use crate::views::DecisionView;
use crate::{Actor, Error, Expected, Workspace, resolve_all};

fn check(text: &str) -> Result<(), Error> {
    match text.trim() {
        "" => Err(Error::Invalid("the decision is empty".to_owned())),
        _ => Ok(()),
    }
}

/// Adds a decision under the next id; `fill` gives it what it has beside its words. The actor's
/// open session, if there is one, made it.
///
/// # Errors
/// [`Error::Invalid`] for a decision without words.
pub async fn add_decision(
    workspace: &Workspace,
    actor: &Actor,
    words: &str,
    fill: impl Fn(&mut Decision),
) -> Result<DecisionView, Error> {
    check(words)?;
    let added = workspace
        .by(actor, "decision add")
        .write(async |store| {
            let session = open_session(store, actor).await?.map(|session| session.id);
            let decision = store
                .decisions()
                .add(|id| {
                    let mut decision = Decision::new(id, words.to_owned(), actor.now);
                    decision.session = session.clone();
                    fill(&mut decision);
                    decision
                })
                .await?;
            if let Some(session) = &session {
                store
                    .sessions()
                    .link_decision(session, &decision.id)
                    .await?;
            }
            Ok::<_, Error>(decision)
        })
        .await?;
    Ok(added.into())
}

/// Changes the decisions that the words mean, all or none.
///
/// # Errors
/// As [`crate::edit_tasks`].
pub async fn edit_decisions(
    workspace: &Workspace,
    actor: &Actor,
    words: &[String],
    expected: &Expected,
    edit: impl Fn(&mut Decision),
) -> Result<Vec<DecisionView>, Error> {
    change(workspace, actor, "decision edit", words, expected, edit).await
}

async fn change(
    workspace: &Workspace,
    actor: &Actor,
    verb: &str,
    words: &[String],
    expected: &Expected,
    edit: impl Fn(&mut Decision),
) -> Result<Vec<DecisionView>, Error> {
    workspace
        .by(actor, verb)
        .write(async |store| {
            let mut edited = Vec::new();
            for id in resolve_all(&store.decisions(), words).await? {
                let before = store.decisions().get(&id).await?;
                expected.check::<Decision>(&id, || DecisionView::from(before.clone()))?;
                let mut decision = before.clone();
                edit(&mut decision);
                check(&decision.decision)?;
                if decision != before {
                    decision = store.decisions().replace(decision).await?;
                }
                edited.push(decision.into());
            }
            Ok(edited)
        })
        .await
}

/// Deletes the decisions that the words mean, all or none.
///
/// # Errors
/// As [`crate::remove_tasks`].
pub async fn remove_decisions(
    workspace: &Workspace,
    actor: &Actor,
    words: &[String],
    referrers: Referrers,
) -> Result<Vec<DecisionId>, Error> {
    workspace
        .by(actor, "decision rm")
        .write(async |store| {
            let ids = resolve_all(&store.decisions(), words).await?;
            for id in &ids {
                store.decisions().delete(id, referrers).await?;
            }
            Ok(ids)
        })
        .await
}
