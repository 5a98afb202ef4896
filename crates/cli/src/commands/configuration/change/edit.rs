//! `wsdb config change edit`

use clap::{Args, ValueEnum};
use wsdb_app::views::RedactSecrets;
use wsdb_core::{ChangeType, ConfigurationChange};

use super::FieldArgs;
use crate::args::{Targets, check_edit, vocabulary_parser};
use crate::commands::Context;
use crate::commands::edit::edit_records;
use crate::render::change_line;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb config change edit 7 --commit 1a2b3c4 --drift 3")]
pub(crate) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Type of the change
    #[arg(long = "type", short = 't', value_name = "TYPE", value_parser = vocabulary_parser::<ChangeType>())]
    change_type: Option<ChangeType>,
    #[command(flatten)]
    fields: FieldArgs,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Component,
    File,
    Key,
    Old,
    New,
    Commit,
    Drift,
}

fn clear(change: &mut ConfigurationChange, field: Field) {
    match field {
        Field::Component => change.component_name = None,
        Field::File => change.file_path = None,
        Field::Key => change.key_path = None,
        Field::Old => change.old_value = None,
        Field::New => change.new_value = None,
        Field::Commit => change.commit_hash = None,
        Field::Drift => change.drift_detection_id = None,
    }
}

impl Edit {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let fields = &self.fields;
        let gives = self.change_type.is_some() || *fields != FieldArgs::default();
        check_edit(gives, &self.clear, |field| match field {
            Field::Component => fields.component.is_some(),
            Field::File => fields.file.is_some(),
            Field::Key => fields.key.is_some(),
            Field::Old => fields.old.is_some(),
            Field::New => fields.new.is_some(),
            Field::Commit => fields.commit.is_some(),
            Field::Drift => fields.drift.is_some(),
        })?;
        let fill = self.fields.resolve(context).await?;
        let edit = |change: &mut ConfigurationChange| {
            if let Some(change_type) = self.change_type {
                change.change_type = change_type;
            }
            fill(change);
            self.clear.iter().for_each(|field| clear(change, *field));
        };
        let mut edited = edit_records(context, "config change edit", &self.targets, edit).await?;
        edited.iter_mut().for_each(|view| _ = view.hide_secrets());
        context
            .ui
            .print_records("configuration_changes", &edited, |change| {
                format!("Edited {}  {}", change.id, change_line(change))
            })
    }
}
