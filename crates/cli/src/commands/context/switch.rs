//! `wsdb context switch`

use std::path::{Path, PathBuf};

use clap::Args;
use wsdb_app::context_switch;
use wsdb_app::views::ContextView;

use crate::args::{name, text_or_stdin};
use crate::commands::Context;
use crate::error::Usage;

#[derive(Debug, Args)]
#[command(
    after_help = "Your stay in another repo ends. Where you are there already you stay, and --path and --notes are
written into your stay.

Example:\n  wsdb context switch orchard-web --notes 'Prices in the basket'"
)]
pub(super) struct Switch {
    /// The repo
    #[arg(value_parser = name)]
    repo: String,
    /// Where it is [default: its folder beside the workspace, or where it was before]
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// Remarks; - reads stdin
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
}

impl Switch {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let path = match self.path {
            Some(path) => {
                let path = std::path::absolute(&path)
                    .map_err(|error| Usage(format!("{} is no path: {error}", path.display())))?;
                Some(path.display().to_string())
            }
            None => None,
        };
        let notes = text_or_stdin(self.notes)?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let (path, notes) = (path.as_deref(), notes.as_deref());
        let there = context_switch(workspace, actor, &self.repo, path, notes).await?;
        note_no_folder(context, &there.context);
        let line = match there.switched {
            true => went(&there.context),
            false => format!("you are in {} already", there.context.repo),
        };
        context.ui.change(&there, &line)
    }
}

/// A repo may come to be where somebody said; more often it is gone, or the path is mistyped.
pub(super) fn note_no_folder(context: &Context, stay: &ContextView) {
    let path = &stay.repo_path;
    if !Path::new(path).is_dir() {
        context.ui.note(&format!("there is no folder {path} here"));
    }
}

/// Where somebody went.
pub(super) fn went(stay: &ContextView) -> String {
    let from = stay.previous_context.as_ref();
    let from = from.map_or(String::new(), |from| format!(" (from {from})"));
    format!("in {}{from}: {}", stay.repo, stay.repo_path)
}
