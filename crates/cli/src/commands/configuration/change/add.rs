//! `wsdb config change add`

use clap::Args;
use wsdb_app::add_configuration_change;
use wsdb_app::views::RedactSecrets;
use wsdb_core::{ChangeType, ConfigurationChange};

use crate::args::{repo_name, vocabulary_parser};
use crate::commands::fields::args::FieldArgs;
use crate::context::Context;
use crate::render::configuration::format_change_line;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb config change add -r orchard-core --key tool.x.width --old 88 --new 100")]
pub(crate) struct Add {
    /// Repo
    #[arg(long, short, value_parser = repo_name)]
    repo: String,
    /// Type of the change
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        default_value_t = ChangeType::Modified,
        value_parser = vocabulary_parser::<ChangeType>()
    )]
    change_type: ChangeType,
    #[command(flatten)]
    fields: FieldArgs<ConfigurationChange>,
}

impl Add {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let fill = self.fields.resolve(context).await?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let mut added =
            add_configuration_change(workspace, actor, &self.repo, self.change_type, fill).await?;
        added.redact_secrets();
        context.ui.print_record(
            &added,
            &format!("Added {}  {}", added.id, format_change_line(&added)),
        )
    }
}
