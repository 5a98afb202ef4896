//! `wsdb placement add`

use clap::Args;
use wsdb_app::add_placement;
use wsdb_core::{ComponentPlacement, ComponentType};

use crate::args::{name, repo_name, vocabulary_parser};
use crate::commands::fields::args::FieldArgs;
use crate::context::Context;
use crate::render::architecture::describe_location;

#[derive(Debug, Args)]
#[command(
    before_help = "A component has at most one placement in each state. To see the schema of
--rules, run 'wsdb placement rules --schema'.",
    after_help = "Examples:
  wsdb placement add pricing --repo orchard-web --location src/pricing.py
  wsdb placement add pricing --repo orchard-web --forbid-path orchard-core
  wsdb placement add orchard-core --repo orchard-core --rules rules.json"
)]
pub(crate) struct Add {
    /// Name of the component
    #[arg(value_parser = name)]
    component: String,
    /// Repo that the component belongs in
    #[arg(long, short, value_parser = repo_name)]
    repo: String,
    /// Type of the component
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        default_value_t = ComponentType::Module,
        value_parser = vocabulary_parser::<ComponentType>()
    )]
    component_type: ComponentType,
    #[command(flatten)]
    fields: FieldArgs<ComponentPlacement>,
}

impl Add {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let fill = self.fields.resolve(context).await?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let (component, kind) = (&self.component, self.component_type);
        let added = add_placement(workspace, actor, component, kind, &self.repo, fill);
        let placement = added.await?;
        let line = format!("Added {}  {}", placement.id, describe_location(&placement));
        context.ui.print_record(&placement, &line)
    }
}
