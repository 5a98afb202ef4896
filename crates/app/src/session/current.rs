//! The session that an actor's changes belong to.

use wsdb_core::{
    HistoryFilter, Page, Session, SessionChoice, SessionFilter, SessionId, SessionStatus,
};
use wsdb_store::{Connection, Store};

use crate::{Actor, Error, NoCurrentSession, resolve};

/// Returns the session that the actor's changes belong to: the one that they named, or their only
/// open session that saw work recently.
pub async fn open_session<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<Option<Session>, wsdb_store::Error> {
    store.sessions().current(&actor.name, &actor.session).await
}

/// The name of the action that starts a session which belongs to one shell.
pub(super) const START_IN_SHELL: &str = "session start --shell";

/// The name of the action that starts a session for all shells.
pub(super) const START: &str = "session start";

/// Returns the actor's open sessions, the latest first.
async fn open_sessions<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<Vec<Session>, Error> {
    let filter = SessionFilter {
        status: vec![SessionStatus::InProgress],
        user: vec![actor.name.clone()],
        reverse: true,
        ..SessionFilter::default()
    };
    Ok(store.sessions().list(&filter).await?)
}

/// Returns why the actor's changes belong to no session; `None` if they belong to one, or if the
/// actor neither named a session nor has an open one.
pub async fn why_no_session<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<Option<NoCurrentSession>, Error> {
    if open_session(store, actor).await?.is_some() {
        return Ok(None);
    }
    let (since, now) = match &actor.session {
        SessionChoice::Named(id) => {
            return Ok(Some(match store.sessions().find(id).await? {
                Some(_) => NoCurrentSession::Ended(id.clone()),
                None => NoCurrentSession::Missing(id.clone()),
            }));
        }
        SessionChoice::Recent { since, now } => (*since, *now),
    };
    let open = open_sessions(store, actor).await?;
    let mut recent = Vec::new();
    for session in &open {
        let changes = HistoryFilter {
            session: vec![session.id.clone()],
            since: Some(since.into()),
            page: Page::first(1),
            ..HistoryFilter::default()
        };
        let has_started = (since..=now).contains(&session.start_time);
        if has_started || store.history().count(&changes).await? > 0 {
            recent.push(session.id.clone());
        }
    }
    let open: Vec<SessionId> = open.into_iter().map(|session| session.id).collect();
    Ok(match (open.is_empty(), recent.is_empty()) {
        (true, _) => None,
        (false, true) => Some(NoCurrentSession::Inactive(open)),
        (false, false) => Some(NoCurrentSession::Several(recent)),
    })
}

/// Resolves the name of a session; without a name, returns the session that the actor's changes
/// belong to.
///
/// # Errors
/// [`Error::NoSession`] if the actor has no open session, [`Error::NoCurrentSession`] if their changes
/// belong to none, [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn resolve_session<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    name: Option<&str>,
) -> Result<SessionId, Error> {
    if let Some(name) = name {
        return resolve(&store.sessions(), name).await;
    }
    if let Some(session) = open_session(store, actor).await? {
        return Ok(session.id);
    }
    Err(match why_no_session(store, actor).await? {
        Some(reason) => Error::NoCurrentSession(reason),
        None => Error::NoSession(actor.name.clone()),
    })
}

/// Returns the session to end if none is named: the current one, unless it belongs to another shell.
/// One that had no changes recently may be in use elsewhere, for example if it was imported.
///
/// # Errors
/// [`Error::OtherShell`] if the session was started in another shell, and the errors of
/// [`resolve_session`].
pub(super) async fn session_to_end<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<SessionId, Error> {
    let id = resolve_session(store, actor, None).await?;
    let is_named = matches!(actor.session, SessionChoice::Named(_));
    if !is_named && !was_started_without_shell(store, &id).await? {
        return Err(Error::OtherShell(id));
    }
    Ok(id)
}

/// Returns whether `session start` without `--shell` started a session here. It is unknown for one
/// that was imported, or whose start was deleted from history.
async fn was_started_without_shell<C: Connection>(
    store: &Store<C>,
    id: &SessionId,
) -> Result<bool, Error> {
    let filter = HistoryFilter {
        record: Some(id.to_string()),
        oldest_first: true,
        page: Page::first(1),
        ..HistoryFilter::default()
    };
    let actions = store.history().list(&filter).await?;
    Ok(actions.iter().any(|action| action.verb == START))
}
