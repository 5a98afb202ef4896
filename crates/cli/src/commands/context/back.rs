//! `wsdb context back`

use clap::Args;
use wsdb_app::context_back;

use super::switch::{describe_switch, note_no_folder};
use crate::args::text_or_stdin;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(
    before_help = "Running it again switches back, as with 'cd -'.",
    after_help = "Example:
  cd \"$(wsdb context back --json | jq -r .repo_path)\""
)]
pub(super) struct Back {
    /// Notes (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
}

impl Back {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let notes = text_or_stdin(self.notes)?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let switched = context_back(workspace, actor, notes.as_deref()).await?;
        note_no_folder(context, &switched.context);
        context
            .ui
            .print_record(&switched, &describe_switch(&switched.context))
    }
}
