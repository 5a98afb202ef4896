//! `wsdb context switch`

use std::path::{Path, PathBuf};

use clap::Args;
use wsdb_app::views::ContextView;
use wsdb_app::{Error, context_switch};
use wsdb_core::format_io_error;

use crate::args::{repo_name, text_or_stdin};
use crate::context::Context;
use crate::error::UsageError;

#[derive(Debug, Args)]
#[command(
    before_help = "If you are in another repo, ends your visit there. If you are already in this
repo, --path and --notes update the current visit.",
    after_help = "Example:
  wsdb context switch orchard-web --notes 'Fix cart totals'"
)]
pub(super) struct Switch {
    /// Repo to switch to
    #[arg(value_parser = repo_name)]
    repo: String,
    /// Folder of the repo [default: its folder in 'wsdb repo list' or REPO in the workspace folder, otherwise the last path used]
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// Notes (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
}

impl Switch {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let path = match self.path {
            Some(path) => {
                let path = std::path::absolute(&path).map_err(|error| {
                    UsageError(format!(
                        "invalid path {}: {}",
                        path.display(),
                        format_io_error(&error)
                    ))
                })?;
                let text = path.to_str().map(str::to_owned);
                Some(text.ok_or(Error::NotUtf8(path))?)
            }
            None => None,
        };
        let notes = text_or_stdin(self.notes)?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let (path, notes) = (path.as_deref(), notes.as_deref());
        let switched = context_switch(workspace, actor, &self.repo, path, notes).await?;
        note_no_folder(context, &switched.context);
        let line = if switched.switched {
            describe_switch(&switched.context)
        } else if path.is_some() || notes.is_some() {
            format!("Updated the visit to {}", switched.context.repo)
        } else {
            format!("Already in {}", switched.context.repo)
        };
        context.ui.print_record(&switched, &line)
    }
}

/// Prints a note if the repo's folder does not exist: it may be created later, but more often it was
/// moved or the path is mistyped.
pub(super) fn note_no_folder(context: &Context, visit: &ContextView) {
    let path = &visit.repo_path;
    if !Path::new(path).is_dir() {
        context
            .ui
            .print_note(&format!("the folder {path} does not exist on this machine"));
    }
}

/// Returns a line about the repo that the actor switched to.
pub(super) fn describe_switch(visit: &ContextView) -> String {
    let from = visit.previous_context.as_ref();
    let from = from.map_or(String::new(), |from| format!(" (from {from})"));
    format!("Switched to {}{from}: {}", visit.repo, visit.repo_path)
}
