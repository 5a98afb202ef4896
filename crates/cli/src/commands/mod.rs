//! The commands, one file each.

pub(crate) mod architecture;
pub(crate) mod command_tree;
pub(crate) mod completions;
pub(crate) mod configuration;
pub(crate) mod context;
pub(crate) mod copy;
pub(crate) mod decision;
pub(crate) mod drift;
mod edit;
pub(crate) mod export;
pub(crate) mod fields;
pub(crate) mod goal;
pub(crate) mod handoff;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod issue;
mod list;
pub(crate) mod man;
pub(crate) mod next;
pub(crate) mod placement;
mod rm;
pub(crate) mod search;
pub(crate) mod session;
mod show;
pub(crate) mod state;
pub(crate) mod stats;
pub(crate) mod status;
pub(crate) mod task;
pub(crate) mod undo;
pub(crate) mod why;

use wsdb_app::store::Error as StoreError;
use wsdb_app::{
    Actor, Error as AppError, Location, Resource, Workspace, find_missing,
    resolve_all_or_referenced,
};
use wsdb_core::SessionId;

use crate::args::Global;
use crate::ui::{Style, Ui};

/// The opened workspace, the actor and the output that every command uses.
pub(crate) struct Context {
    pub(crate) workspace: Workspace,
    pub(crate) actor: Actor,
    pub(crate) ui: Ui,
}

fn current_folder() -> Result<std::path::PathBuf, AppError> {
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

/// Resolves names to sessions. A deleted session may still be referenced by other records: its
/// complete id is accepted if `count_references` finds any.
pub(crate) async fn resolve_sessions(
    context: &Context,
    names: &[String],
    count_references: impl AsyncFn(SessionId) -> Result<u64, AppError>,
) -> Result<Vec<SessionId>, AppError> {
    let sessions = context.workspace.store.sessions();
    let is_referenced = async |id| Ok(count_references(id).await? > 0);
    resolve_all_or_referenced(&sessions, names, is_referenced).await
}

/// Prints a note for each referenced record that does not exist yet.
async fn note_missing<R: Resource>(context: &Context, ids: &[R::Id]) -> anyhow::Result<()> {
    for missing in find_missing(&context.workspace.store.records::<R>(), ids).await? {
        let note = missing_note(R::NOUN, missing.id.as_ref(), missing.suggestion.as_deref());
        context.ui.print_note(&note);
    }
    Ok(())
}

/// Prints a note for each of these errors that is about a record that does not exist yet.
fn print_missing_notes(context: &Context, errors: &[AppError]) {
    for error in errors {
        if let AppError::NotFound {
            noun,
            word,
            suggestion,
        } = error
        {
            let note = missing_note(noun, word, suggestion.as_deref());
            context.ui.print_note(&note);
        }
    }
}

/// Returns a note on a reference to a record that does not exist yet.
fn missing_note(noun: &str, id: &str, suggestion: Option<&str>) -> String {
    let suggestion = suggestion.map(|suggestion| format!("; did you mean {suggestion}?"));
    let suggestion = suggestion.unwrap_or_default();
    format!(
        "{} {id} does not exist yet{suggestion}",
        wsdb_app::noun_text(noun)
    )
}

/// Prints a total and the number of records for each value of each group.
fn print_counts(
    context: &Context,
    total: u64,
    groups: &[(&str, Vec<(String, u64)>)],
) -> anyhow::Result<()> {
    let name = |word: &str| {
        if word.is_empty() {
            "none".to_owned()
        } else {
            word.to_owned()
        }
    };
    if context.ui.is_json() {
        let mut all = wsdb_core::JsonObject::new();
        all.insert("total".to_owned(), total.into());
        for (group, counts) in groups {
            let counts = counts
                .iter()
                .map(|(word, count)| (name(word), (*count).into()));
            all.insert(
                (*group).to_owned(),
                wsdb_core::Json::Object(counts.collect()),
            );
        }
        return context.ui.print_json(&all);
    }
    let ui = &context.ui;
    let mut parts = vec![format!("{} {total}", ui.paint(Style::Strong, "total"))];
    for (group, counts) in groups {
        let mut counts = counts.clone();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let names: Vec<(String, u64)> = counts.into_iter().map(|(w, n)| (name(&w), n)).collect();
        let pairs: Vec<(&str, String)> = names
            .iter()
            .map(|(word, count)| (word.as_str(), count.to_string()))
            .collect();
        let heading = ui.paint(Style::Strong, &group.replace('_', " "));
        let counts = if pairs.is_empty() {
            "none".to_owned()
        } else {
            ui.format_pairs(&pairs).replace('\n', "\n  ")
        };
        parts.push(format!("{heading}\n  {counts}"));
    }
    ui.print(&parts.join("\n\n"))
}
