//! `wsdb context switch`

use std::path::PathBuf;

use clap::Args;
use wsdb_app::context_switch;

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
                if !path.is_dir() {
                    let note = format!("there is no folder {} here", path.display());
                    context.ui.note(&note);
                }
                Some(path.display().to_string())
            }
            None => None,
        };
        let notes = text_or_stdin(self.notes)?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let (path, notes) = (path.as_deref(), notes.as_deref());
        let there = context_switch(workspace, actor, &self.repo, path, notes).await?;
        let line = match there.switched {
            true => went(&there.context),
            false => format!("you are in {} already", there.context.repo),
        };
        context.ui.change(&there, &line)
    }
}

/// Where somebody went.
pub(super) fn went(stay: &wsdb_app::views::ContextView) -> String {
    let from = stay.previous_context.as_ref();
    let from = from.map_or(String::new(), |from| format!(" (from {from})"));
    format!("in {}{from}: {}", stay.repo, stay.repo_path)
}
