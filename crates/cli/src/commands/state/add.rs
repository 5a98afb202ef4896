//! `wsdb state add`

use clap::Args;
use wsdb_app::{WHOLE_WORKSPACE, add_state};
use wsdb_core::{ArchitectureState, StateType};

use crate::args::{repo_name, vocabulary_parser};
use crate::commands::fields::args::FieldArgs;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb state add 'Core without pricing' --type target --target-date 2030-06-30")]
pub(crate) struct Add {
    /// Unique name of the state
    name: String,
    /// Type of the state
    #[arg(long = "type", short = 't', value_name = "TYPE", value_parser = vocabulary_parser::<StateType>())]
    state_type: StateType,
    /// Repo that it describes, or workspace for all of them
    #[arg(long, short, default_value = WHOLE_WORKSPACE, value_parser = repo_name)]
    repo: String,
    #[command(flatten)]
    fields: FieldArgs<ArchitectureState>,
}

impl Add {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let fill = self.fields.resolve(context).await?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let (name, repo) = (&self.name, &self.repo);
        let state = add_state(workspace, actor, name, self.state_type, repo, fill).await?;
        let line = format!(
            "Added {}  {} ({})",
            state.id, state.state_name, state.state_type
        );
        context.ui.print_record(&state, &line)
    }
}
