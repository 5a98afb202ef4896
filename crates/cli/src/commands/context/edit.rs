//! `wsdb context edit`

use clap::{Args, ValueEnum};
use wsdb_core::{ContextSwitch, Timestamp};

use crate::args::{Targets, check_edit, name, text_or_stdin};
use crate::commands::Context;
use crate::commands::edit::edit_records;
use crate::commands::task::set;
use crate::time::parse_past;

#[derive(Debug, Args)]
#[command(after_help = "The duration is computed from start and end.

Example:
  wsdb context edit 3 --end 2025-11-20T17:30:00Z --notes 'Forgot to leave'")]
pub(super) struct Edit {
    #[command(flatten)]
    targets: Targets,
    /// Repo
    #[arg(long, short, value_parser = name)]
    repo: Option<String>,
    /// Folder of the repo
    #[arg(long, value_name = "DIR", value_parser = name)]
    path: Option<String>,
    /// User who was in the repo
    #[arg(long, value_name = "NAME", value_parser = name)]
    user: Option<String>,
    /// Start of the visit, such as 2h (ago) or 2025-11-20T16:00:00Z
    #[arg(long, value_name = "WHEN", value_parser = parse_past)]
    start: Option<Timestamp>,
    /// End of the visit, such as 2h (ago) or 2025-11-20T17:30:00Z
    #[arg(long, value_name = "WHEN", value_parser = parse_past)]
    end: Option<Timestamp>,
    /// Notes (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    User,
    End,
    Notes,
}

impl Edit {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let gives = self.repo.is_some()
            || self.path.is_some()
            || self.user.is_some()
            || self.start.is_some()
            || self.end.is_some()
            || self.notes.is_some();
        check_edit(gives, &self.clear, |field| match field {
            Field::User => self.user.is_some(),
            Field::End => self.end.is_some(),
            Field::Notes => self.notes.is_some(),
        })?;
        let notes = text_or_stdin(self.notes)?;
        let edit = |stay: &mut ContextSwitch| {
            let span = (stay.activated_at, stay.deactivated_at);
            if let Some(repo) = &self.repo {
                stay.repo.clone_from(repo);
            }
            if let Some(path) = &self.path {
                stay.repo_path.clone_from(path);
            }
            stay.activated_at = self.start.unwrap_or(stay.activated_at);
            set(&mut stay.activated_by, &self.user);
            set(&mut stay.deactivated_at, &self.end);
            set(&mut stay.context_notes, &notes);
            for field in &self.clear {
                match field {
                    Field::User => stay.activated_by = None,
                    Field::End => stay.deactivated_at = None,
                    Field::Notes => stay.context_notes = None,
                }
            }
            if span != (stay.activated_at, stay.deactivated_at) {
                stay.update_duration();
            }
        };
        let edited = edit_records(context, "context edit", &self.targets, edit).await?;
        context.ui.print_records("contexts", &edited, |stay| {
            format!("Edited {}  {}", stay.id, stay.repo)
        })
    }
}
