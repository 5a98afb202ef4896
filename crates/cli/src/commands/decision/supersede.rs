//! `wsdb decision supersede`

use clap::Args;
use wsdb_app::supersede_decisions;

use super::links::describe_links;
use crate::args::Ids;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb decision supersede 1 --by 4")]
pub(crate) struct Supersede {
    #[command(flatten)]
    ids: Ids,
    /// Decision that supersedes them
    #[arg(long, value_name = "ID")]
    by: String,
}

impl Supersede {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (workspace, actor) = (&context.workspace, &context.actor);
        let details = supersede_decisions(workspace, actor, &self.ids.ids, &self.by).await?;
        context.ui.print_record(&details, &describe_links(&details))
    }
}
