//! What every command uses: the workspace, the actor and the output.

use std::path::Path;

use wsdb_app::store::{Error as StoreError, redacted};
use wsdb_app::{
    Actor, Error as AppError, Location, NoCurrentSession, RepoPaths, Workspace, repo_of_path,
    resolve, why_no_session, without_dots,
};
use wsdb_core::{HistoryFilter, SessionChoice, SessionId, Timestamp};

use crate::args::Global;
use crate::error::unreadable;
use crate::time::today;
use crate::ui::Ui;

/// The opened workspace, the actor and the output that every command uses.
pub(crate) struct Context {
    pub(crate) workspace: Workspace,
    pub(crate) actor: Actor,
    pub(crate) ui: Ui,
}

/// Formats the database at a URL: as its URL without user and password, or as its path without `.` and `..`.
pub(crate) fn format_database(url: &str) -> String {
    match url.strip_prefix("sqlite://").map(Path::new) {
        Some(path) => without_dots(path).display().to_string(),
        None => redacted(url),
    }
}

pub(crate) fn current_folder() -> Result<std::path::PathBuf, AppError> {
    std::env::current_dir().map_err(|error| unreadable(Path::new("the current folder"), error))
}

/// Returns the location of the workspace that the global options and the current folder select.
pub(crate) fn locate_workspace(global: &Global) -> Result<Location, AppError> {
    Location::find(
        &current_folder()?,
        global.workspace.as_deref(),
        global.database.as_deref(),
    )
}

/// Adds the location of the database to an error that does not name it.
fn with_database_name(error: anyhow::Error, location: &Location) -> anyhow::Error {
    match error.downcast::<AppError>() {
        Ok(error) => error.with_database(&location.url).into(),
        Err(error) => match error.downcast::<StoreError>() {
            Ok(error) => error
                .with_database(&wsdb_store::redacted(&location.url))
                .into(),
            Err(error) => error,
        },
    }
}

/// The variable that names the database of the session in `WSDB_SESSION`: two workspaces may have
/// sessions with the same ID.
pub(crate) const SESSION_DATABASE_VARIABLE: &str = "WSDB_SESSION_DATABASE";

/// Returns whether `session start --shell` has set `WSDB_SESSION` for another database.
fn is_of_other_database(workspace: &Workspace) -> bool {
    std::env::var_os(SESSION_DATABASE_VARIABLE)
        .is_some_and(|database| database != *workspace.location.database_name())
}

/// Returns the actor, with the session that their changes belong to.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::NoCurrentSession`] if `--session` names a session that does
/// not exist or has ended. `WSDB_SESSION` may name a session that was deleted.
pub(crate) async fn actor_of(
    global: &Global,
    workspace: &Workspace,
    now: Timestamp,
) -> Result<Actor, AppError> {
    let recent = SessionChoice::recent(now, workspace.location.session_timeout);
    let session = match &global.session {
        None => recent,
        Some(session) if !session.is_typed && is_of_other_database(workspace) => recent,
        Some(session) if session.is_typed => {
            let id = resolve(&workspace.store.sessions(), &session.name).await?;
            SessionChoice::Named(id)
        }
        Some(session) => SessionChoice::Named(
            SessionId::new(session.name.as_str())
                .map_err(|error| AppError::Malformed(format!("WSDB_SESSION: {error}")))?,
        ),
    };
    let mut actor = Actor {
        name: global.actor_name(),
        now,
        today: today(now),
        session,
    };
    if let Some(session) = global.session.as_ref().filter(|session| session.is_typed)
        && let Some(reason) = why_no_session(&workspace.store, &actor).await?
    {
        if !session.is_changed {
            return Err(AppError::NoCurrentSession(reason));
        }
        actor.session = SessionChoice::recent(now, workspace.location.session_timeout);
    }
    Ok(actor)
}

impl Context {
    /// Prints a note if changes were made that belong to no session, although the actor named one or
    /// has open ones.
    pub(crate) async fn note_unassigned_changes(&self) -> Result<(), AppError> {
        if !self.ui.has_printed_change() || !self.has_recorded_changes().await? {
            return Ok(());
        }
        let Some(reason) = why_no_session(&self.workspace.store, &self.actor).await? else {
            return Ok(());
        };
        if let NoCurrentSession::Ended(id) = &reason
            && let Some(session) = self.workspace.store.sessions().find(id).await?
            && session.end_time == Some(self.actor.now)
        {
            // This command has ended it.
            return Ok(());
        }
        let hint = self.ui.commands.session_hint(&reason);
        self.ui.print_note(&format!(
            "your changes belong to no session, because {reason}; {hint}"
        ));
        Ok(())
    }

    /// Returns whether this command has changed records: an export, for example, changes none.
    async fn has_recorded_changes(&self) -> Result<bool, AppError> {
        let own = HistoryFilter {
            actor: vec![self.actor.name.clone()],
            since: Some(self.actor.now.into()),
            ..HistoryFilter::default()
        };
        Ok(self.workspace.store.history().count(&own).await? > 0)
    }

    /// Makes paths that are typed in the current folder relative to the folders of repos.
    pub(crate) fn repo_paths(&self) -> Result<RepoPaths, AppError> {
        Ok(RepoPaths::new(&self.workspace.location, &current_folder()?))
    }

    /// Returns the repo that contains the current folder.
    pub(crate) async fn current_repo(&self) -> Result<Option<String>, AppError> {
        repo_of_path(&self.workspace, &current_folder()?).await
    }

    /// Closes the database, also after an error: a write-ahead log that is left open slows down the
    /// next start.
    pub(crate) async fn close<T>(self, done: anyhow::Result<T>) -> anyhow::Result<T> {
        let location = self.workspace.location.clone();
        let closed = self.workspace.close().await;
        let result = done.map_err(|error| with_database_name(error, &location))?;
        closed.map_err(|error| error.with_database(&location.url))?;
        Ok(result)
    }
}
