//! Starts a session, with a handoff.

use wsdb_core::Session;

use crate::handoff::handoff;
use crate::views::StartedSession;
use crate::{Actor, Error, Workspace};

/// Starts a session for the actor, and returns a handoff if a token budget is given.
pub async fn start_session(
    workspace: &Workspace,
    actor: &Actor,
    budget: Option<usize>,
    fill: impl Fn(&mut Session),
) -> Result<StartedSession, Error> {
    let started = workspace
        .by(actor, "session start")
        .sessions()
        .start(actor.now, |id| {
            let mut session = Session::new(id, actor.now);
            session.user = Some(actor.name.clone());
            fill(&mut session);
            session
        })
        .await?;
    // Outside of the transaction: these reads must not delay other writers.
    let handoff = match budget {
        Some(budget) => {
            let started = Some(&started.id);
            Some(handoff(&workspace.store, actor, budget, started).await?)
        }
        None => None,
    };
    Ok(StartedSession {
        session: started.into(),
        handoff,
    })
}
