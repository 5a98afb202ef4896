//! What a user can do with decisions.

use wsdb_core::Decision;

use crate::sessions::open_session;
use crate::views::DecisionView;
use crate::{Actor, Error, Noun, Workspace};

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
            decision.check()?;
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
