//! Starts a session, with a handoff.

use wsdb_core::Session;

use super::current::{START, START_IN_SHELL};
use crate::handoff::handoff;
use crate::views::StartedSession;
use crate::{Actor, Error, Workspace};

/// Starts a session for the actor, and returns a handoff if a token budget is given. With `in_shell`,
/// the session belongs to one shell, and `session end` in another one does not end it.
pub async fn start_session(
    workspace: &Workspace,
    actor: &Actor,
    budget: Option<usize>,
    in_shell: bool,
    fill: impl Fn(&mut Session),
) -> Result<StartedSession, Error> {
    let verb = if in_shell { START_IN_SHELL } else { START };
    let started = workspace
        .by(actor, verb)
        .sessions()
        .start(actor.today, |id| {
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
