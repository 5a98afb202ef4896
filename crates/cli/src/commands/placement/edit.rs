//! `wsdb placement edit`

use clap::{Args, ValueEnum};
use wsdb_core::{ComponentPlacement, ComponentType};

use super::{FieldArgs, describe_location};
use crate::args::{Targets, check_edit, name, vocabulary_parser};
use crate::commands::Context;
use crate::commands::edit::edit_records;
use crate::error::UsageError;

#[derive(Debug, Args)]
#[command(
    after_help = "Each option under Rules replaces that part of the rules and keeps the rest;
--rules replaces all rules. --clear removes a field.

Example:
  wsdb placement edit 3 --forbid pandas,numpy --clear rationale"
)]
pub(crate) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Name of the component
    #[arg(long, value_name = "NAME", value_parser = name)]
    component: Option<String>,
    /// Repo it belongs in
    #[arg(long, short, value_parser = name)]
    repo: Option<String>,
    /// Type of the component
    #[arg(long = "type", short = 't', value_name = "TYPE", value_parser = vocabulary_parser::<ComponentType>())]
    component_type: Option<ComponentType>,
    #[command(flatten)]
    fields: FieldArgs,
    /// Fields to clear
    #[arg(
        long,
        value_enum,
        value_name = "FIELD",
        value_delimiter = ',',
        help_heading = clap::builder::Resettable::Reset
    )]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Location,
    State,
    Rationale,
    Rules,
}

fn clear(placement: &mut ComponentPlacement, field: Field) {
    match field {
        Field::Location => placement.correct_location = None,
        Field::State => placement.architecture_state_id = None,
        Field::Rationale => placement.rationale = None,
        Field::Rules => placement.rules = None,
    }
}

impl Edit {
    fn check(&self) -> Result<(), UsageError> {
        let fields = &self.fields;
        let named = self.component.is_some() || self.repo.is_some();
        let gives = named || self.component_type.is_some();
        check_edit(
            gives || *fields != FieldArgs::default(),
            &self.clear,
            |field| match field {
                Field::Location => fields.location.is_some(),
                Field::State => fields.state.is_some(),
                Field::Rationale => fields.rationale.is_some(),
                Field::Rules => fields.rules != super::RuleArgs::default(),
            },
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        self.check()?;
        let fill = self.fields.resolve(context).await?;
        let edit = |placement: &mut ComponentPlacement| {
            if let Some(component) = &self.component {
                placement.component_name.clone_from(component);
            }
            if let Some(repo) = &self.repo {
                placement.correct_repo.clone_from(repo);
            }
            let kind = self.component_type.unwrap_or(placement.component_type);
            placement.component_type = kind;
            fill(placement);
            self.clear.iter().for_each(|field| clear(placement, *field));
        };
        let edited = edit_records(context, "placement edit", &self.targets, edit).await?;
        context
            .ui
            .print_records("placements", &edited, |placement| {
                format!("Edited {}  {}", placement.id, describe_location(placement))
            })
    }
}
