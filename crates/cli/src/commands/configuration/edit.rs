//! `wsdb config edit`

use clap::{Args, ValueEnum};
use wsdb_app::views::RedactSecrets;
use wsdb_core::ConfigurationSnapshot;

use crate::args::{Targets, check_edit, text_or_stdin};
use crate::commands::Context;
use crate::commands::edit::edit_records;
use crate::commands::task::set;

#[derive(Debug, Args)]
#[command(
    after_help = "Only the notes can be changed; the content of a snapshot is fixed.

Example:
  wsdb config edit 7 --notes 'Before the move to PostgreSQL'"
)]
pub(crate) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Notes (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    Notes,
}

impl Edit {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        check_edit(self.notes.is_some(), &self.clear, |field| match field {
            Field::Notes => self.notes.is_some(),
        })?;
        let notes = text_or_stdin(self.notes)?;
        let edit = |snapshot: &mut ConfigurationSnapshot| {
            set(&mut snapshot.notes, &notes);
            for field in &self.clear {
                match field {
                    Field::Notes => snapshot.notes = None,
                }
            }
        };
        let mut edited = edit_records(context, "config edit", &self.targets, edit).await?;
        edited.iter_mut().for_each(|view| _ = view.hide_secrets());
        context
            .ui
            .print_records("configuration_snapshots", &edited, |s| {
                format!("Edited {}  {}", s.id, s.repo)
            })
    }
}
