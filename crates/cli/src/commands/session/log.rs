//! `wsdb session log`

use clap::Args;
use wsdb_app::log_activity;
use wsdb_core::Label;

use crate::args::{ACTIVITY_TYPES, CHANGED_SESSION, label_parser, name, text_or_stdin};
use crate::commands::fields::Editable;
use crate::context::Context;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb session log 'Moved pricing.py' --modified orchard-web/src/pricing.py")]
pub(crate) struct Log {
    /// Description of what was done (- reads stdin)
    description: String,
    /// Type, such as implementation, analysis or documentation
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        default_value = "note",
        value_parser = label_parser(ACTIVITY_TYPES),
        hide_possible_values = true
    )]
    activity_type: Label,
    /// Created files (comma-separated)
    #[arg(long, value_name = "FILE", value_delimiter = ',', value_parser = name)]
    created: Vec<String>,
    /// Modified files (comma-separated)
    #[arg(long, value_name = "FILE", value_delimiter = ',', value_parser = name)]
    modified: Vec<String>,
    /// Outcome
    #[arg(long, value_name = "TEXT")]
    outcome: Option<String>,
    /// Session ID, or a unique part of it (whole words) [default: your current session]
    #[arg(id = CHANGED_SESSION, long = "session", value_name = "ID")]
    session: Option<String>,
}

impl Log {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let description = text_or_stdin(Some(self.description))?.unwrap_or_default();
        let paths = context.repo_paths()?;
        let logged = log_activity(
            &context.workspace,
            &context.actor,
            self.session.as_deref(),
            &self.activity_type,
            &description,
            |activity| {
                activity.files_created.clone_from(&self.created);
                activity.files_modified.clone_from(&self.modified);
                activity.outcome.clone_from(&self.outcome);
                for option in ["created", "modified"] {
                    activity.make_files_relative(option, &paths);
                }
            },
        )
        .await?;
        context.ui.print_record(
            &logged,
            &format!("Added {}  {}", logged.id, logged.description),
        )
    }
}
