//! `wsdb state edit`

use clap::{Args, ValueEnum};
use wsdb_core::{ArchitectureState, StateType};

use super::FieldArgs;
use crate::args::{Targets, check_edit, name, vocabulary_parser};
use crate::commands::Context;
use crate::commands::edit::edit_records;
use crate::error::UsageError;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb state edit target --type current --clear target-date")]
pub(crate) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Unique name of the state
    #[arg(long)]
    name: Option<String>,
    /// Type of the state
    #[arg(long = "type", short = 't', value_name = "TYPE", value_parser = vocabulary_parser::<StateType>())]
    state_type: Option<StateType>,
    /// Repo that it describes, or workspace for all of them
    #[arg(long, short, value_parser = name)]
    repo: Option<String>,
    #[command(flatten)]
    fields: FieldArgs,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Description,
    Version,
    Document,
    Data,
    Architecture,
    Roadmap,
    TargetDate,
    Status,
}

fn clear(state: &mut ArchitectureState, field: Field) {
    match field {
        Field::Description => state.description = None,
        Field::Version => state.version = None,
        Field::Document => state.architecture_doc_path = None,
        Field::Data => state.state_data = None,
        Field::Architecture => state.architecture_id = None,
        Field::Roadmap => state.roadmap_file = None,
        Field::TargetDate => state.target_date = None,
        Field::Status => state.status = None,
    }
}

impl Edit {
    fn check(&self) -> Result<(), UsageError> {
        let fields = &self.fields;
        let gives = self.name.is_some() || self.state_type.is_some() || self.repo.is_some();
        check_edit(
            gives || *fields != FieldArgs::default(),
            &self.clear,
            |field| match field {
                Field::Description => fields.description.is_some(),
                Field::Version => fields.version.is_some(),
                Field::Document => fields.document.is_some(),
                Field::Data => fields.data.is_some(),
                Field::Architecture => fields.architecture.is_some(),
                Field::Roadmap => fields.roadmap.is_some(),
                Field::TargetDate => fields.target_date.is_some(),
                Field::Status => fields.status.is_some(),
            },
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        self.check()?;
        let fill = self.fields.resolve()?;
        let edit = |state: &mut ArchitectureState| {
            if let Some(name) = &self.name {
                state.state_name.clone_from(name);
            }
            if let Some(repo) = &self.repo {
                state.repo.clone_from(repo);
            }
            state.state_type = self.state_type.unwrap_or(state.state_type);
            fill(state);
            self.clear.iter().for_each(|field| clear(state, *field));
        };
        let edited = edit_records(context, "state edit", &self.targets, edit).await?;
        context.ui.print_records("states", &edited, |state| {
            format!("Edited {}  {}", state.id, state.state_name)
        })
    }
}
