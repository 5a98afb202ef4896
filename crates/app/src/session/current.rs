//! The session that an actor's changes belong to.

use wsdb_core::{Session, SessionId};
use wsdb_store::{Connection, Store};

use crate::{Actor, Error, resolve};

/// Returns the session that the actor's changes belong to: their latest open session.
pub async fn open_session<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<Option<Session>, wsdb_store::Error> {
    store.sessions().current(Some(&actor.name)).await
}

/// Resolves the name of a session; without a name, returns the actor's open session.
///
/// # Errors
/// [`Error::NoSession`] if there is no open session, [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn resolve_session<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    name: Option<&str>,
) -> Result<SessionId, Error> {
    match name {
        Some(name) => resolve(&store.sessions(), name).await,
        None => match open_session(store, actor).await? {
            Some(session) => Ok(session.id),
            None => Err(Error::NoSession(actor.name.clone())),
        },
    }
}
