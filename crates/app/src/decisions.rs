//! What a user can do with decisions.

use wsdb_core::{Decision, DecisionId};
use wsdb_store::Referrers;

use crate::sessions::open_session;
use crate::views::DecisionView;
use crate::{Actor, Error, Workspace, resolve_all};

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
        .store
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
            Ok(decision)
        })
        .await?;
    Ok(added.into())
}

/// Changes the decisions that the words mean, all or none.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`], for all words at once.
pub async fn edit_decisions(
    workspace: &Workspace,
    words: &[String],
    edit: impl Fn(&mut Decision),
) -> Result<Vec<DecisionView>, Error> {
    let store = workspace.store.begin().await?;
    let ids = resolve_all(&store.decisions(), words).await?;
    let mut edited = Vec::new();
    for id in &ids {
        let decision = store.decisions().update(id, &edit).await?;
        check(&decision.decision)?;
        edited.push(decision.into());
    }
    store.commit().await?;
    Ok(edited)
}

/// Deletes the decisions that the words mean, all or none.
///
/// # Errors
/// As [`crate::remove_tasks`].
pub async fn remove_decisions(
    workspace: &Workspace,
    words: &[String],
    referrers: Referrers,
) -> Result<Vec<DecisionId>, Error> {
    let store = workspace.store.begin().await?;
    let ids = resolve_all(&store.decisions(), words).await?;
    for id in &ids {
        store.decisions().delete(id, referrers).await?;
    }
    store.commit().await?;
    Ok(ids)
}
