//! `wsdb session activity edit`

use clap::{Args, ValueEnum};
use wsdb_core::{Activity, Label, Timestamp};

use crate::args::{ACTIVITY_TYPES, Targets, check_edit, label_parser, name, text_or_stdin};
use crate::commands::Context;
use crate::commands::edit::edit_records;
use crate::commands::task::{set, set_list};
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb session activity edit 2025-11-20-session-001-log-001 --outcome Done")]
pub(crate) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Description of what was done (- reads stdin)
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Type, such as implementation, analysis or documentation
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        value_parser = label_parser(ACTIVITY_TYPES),
        hide_possible_values = true
    )]
    activity_type: Option<Label>,
    /// Replace the list of files created (comma-separated)
    #[arg(long, value_name = "FILE", value_delimiter = ',', value_parser = name)]
    created: Vec<String>,
    /// Replace the list of files modified (comma-separated)
    #[arg(long, value_name = "FILE", value_delimiter = ',', value_parser = name)]
    modified: Vec<String>,
    /// Outcome
    #[arg(long, value_name = "TEXT")]
    outcome: Option<String>,
    /// Time it was done, such as 2h (ago) or 2025-11-20T17:30:00Z
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    time: Option<Timestamp>,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Created,
    Modified,
    Outcome,
    Metadata,
}

fn clear(activity: &mut Activity, field: Field) {
    match field {
        Field::Created => activity.files_created.clear(),
        Field::Modified => activity.files_modified.clear(),
        Field::Outcome => activity.outcome = None,
        Field::Metadata => activity.extra_metadata = None,
    }
}

impl Edit {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let gives = self.description.is_some()
            || self.activity_type.is_some()
            || !self.created.is_empty()
            || !self.modified.is_empty()
            || self.outcome.is_some()
            || self.time.is_some();
        check_edit(gives, &self.clear, |field| match field {
            Field::Created => !self.created.is_empty(),
            Field::Modified => !self.modified.is_empty(),
            Field::Outcome => self.outcome.is_some(),
            Field::Metadata => false,
        })?;
        let description = text_or_stdin(self.description)?;
        let verb = "session activity edit";
        let edited = edit_records(context, verb, &self.targets, |activity: &mut Activity| {
            if let Some(description) = &description {
                activity.description.clone_from(description);
            }
            if let Some(activity_type) = &self.activity_type {
                activity.activity_type = activity_type.clone();
            }
            if let Some(time) = self.time {
                activity.time = time;
            }
            set_list(&mut activity.files_created, &self.created);
            set_list(&mut activity.files_modified, &self.modified);
            set(&mut activity.outcome, &self.outcome);
            self.clear.iter().for_each(|field| clear(activity, *field));
        })
        .await?;
        context.ui.print_records("activities", &edited, |a| {
            format!("Edited {}  {}", a.id, a.description)
        })
    }
}
