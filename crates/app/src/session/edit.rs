//! Actions that log activities, and end, change and delete sessions.

use wsdb_core::{Activity, JsonObject, Label, Session, SessionId};
use wsdb_store::{Connection, OnDelete, Store};

use super::current::{resolve_session, session_to_end};
use crate::history::find_changed_ids;
use crate::views::{ActivityView, SessionDetails, SessionView};
use crate::{Actor, Error, Precondition, Workspace, resolve, resolve_all};

/// Logs an activity in the named session, or in the actor's open one.
///
/// # Errors
/// [`Error::NoSession`] if there is no open session, [`Error::Malformed`] if the description is
/// empty.
pub async fn log_activity(
    workspace: &Workspace,
    actor: &Actor,
    name: Option<&str>,
    activity_type: &Label,
    description: &str,
    fill: impl Fn(&mut Activity),
) -> Result<ActivityView, Error> {
    if description.trim().is_empty() {
        return Err(Error::Malformed("description must not be empty".to_owned()));
    }
    let logged = workspace
        .by(actor, "session log")
        .write(async |store| {
            let id = resolve_session(store, actor, name).await?;
            let sessions = store.sessions();
            let logged = sessions.log(&id, |activity| {
                let mut activity = Activity {
                    id: activity,
                    session_id: id.clone(),
                    activity_type: activity_type.clone(),
                    description: description.to_owned(),
                    files_created: Vec::new(),
                    files_modified: Vec::new(),
                    outcome: None,
                    time: actor.now,
                    extra_metadata: None,
                    document_fields: JsonObject::new(),
                };
                fill(&mut activity);
                activity
            });
            Ok::<_, Error>(logged.await?)
        })
        .await?;
    Ok(logged.into())
}

/// Ends the named session, or the actor's open one.
///
/// # Errors
/// [`Error::NoSession`] if there is no open session, [`Error::NoCurrentSession`] if it is not clear
/// which one, [`Error::OtherShell`] if it belongs to another shell, and
/// [`wsdb_store::Error::InvalidState`] if the session has ended already.
pub async fn end_session(
    workspace: &Workspace,
    actor: &Actor,
    name: Option<&str>,
    notes: Option<&str>,
) -> Result<SessionView, Error> {
    workspace
        .by(actor, "session end")
        .write(async |store| {
            let id = match name {
                Some(name) => resolve(&store.sessions(), name).await?,
                None => session_to_end(store, actor).await?,
            };
            Ok(store.sessions().end(&id, notes, actor.now).await?.into())
        })
        .await
}

/// Changes the named session.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn edit_session(
    workspace: &Workspace,
    actor: &Actor,
    name: &str,
    expected: &Precondition,
    edit: impl Fn(&mut Session),
) -> Result<SessionView, Error> {
    workspace
        .by(actor, "session edit")
        .write(async |store| {
            let id = resolve(&store.sessions(), name).await?;
            let mut session = store.sessions().get(&id).await?;
            expected.check::<Session>(&id, || SessionView::from(session.clone()))?;
            edit(&mut session);
            Ok(store.sessions().save(session).await?.into())
        })
        .await
}

/// Deletes the named sessions and their activities, all or none.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together.
pub async fn remove_sessions(
    workspace: &Workspace,
    actor: &Actor,
    names: &[String],
) -> Result<Vec<SessionId>, Error> {
    workspace
        .by(actor, "session rm")
        .write(async |store| {
            let ids = resolve_all(&store.sessions(), names).await?;
            for id in &ids {
                store.sessions().delete(id, OnDelete::Detach).await?;
            }
            Ok(ids)
        })
        .await
}

/// Returns a session with its activities, decisions, issues and changed records.
pub async fn show_session<C: Connection>(
    store: &Store<C>,
    session: Session,
) -> Result<SessionDetails, Error> {
    let sessions = store.sessions();
    let id = session.id.clone();
    let activities = sessions.activities_of(&id).await?;
    let decisions = sessions.decisions_of(&id).await?;
    let issues = sessions.issues_of(&id).await?;
    let changed_records = find_changed_ids(store, &id).await?;
    Ok(SessionDetails {
        changed_records,
        session: session.into(),
        activities: activities.into_iter().map(Into::into).collect(),
        decisions_made: decisions
            .into_iter()
            .filter_map(|link| link.decision_id)
            .collect(),
        issues_found: issues
            .into_iter()
            .filter_map(|link| link.issue_id)
            .collect(),
    })
}
