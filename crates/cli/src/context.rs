//! What every command uses: the workspace, the actor and the output.

use wsdb_app::store::Error as StoreError;
use wsdb_app::{Actor, Error as AppError, Location, Workspace};

use crate::args::Global;
use crate::ui::Ui;

/// The opened workspace, the actor and the output that every command uses.
pub(crate) struct Context {
    pub(crate) workspace: Workspace,
    pub(crate) actor: Actor,
    pub(crate) ui: Ui,
}

pub(crate) fn current_folder() -> Result<std::path::PathBuf, AppError> {
    std::env::current_dir()
        .map_err(|error| AppError::Invalid(format!("cannot read the current folder: {error}")))
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

impl Context {
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
