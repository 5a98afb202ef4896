//! `wsdb session edit`

use clap::{Args, ValueEnum};
use wsdb_app::edit_session;

use crate::args::{PreconditionArgs, check_edit, name, text_or_stdin};
use crate::commands::Context;
use crate::commands::task::set;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  wsdb session edit 2025-11-20-session-001 --notes 'Pricing is done'"
)]
pub(crate) struct Edit {
    /// Session id, or any unique part of it
    id: String,
    #[command(flatten)]
    expect: PreconditionArgs,
    /// User
    #[arg(long, value_name = "NAME", value_parser = name)]
    user: Option<String>,
    /// AI assistant
    #[arg(long, value_name = "NAME", value_parser = name)]
    assistant: Option<String>,
    /// Handoff notes for the next session (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
    /// Fields to clear
    #[arg(long, value_enum, value_name = "FIELD", value_delimiter = ',')]
    clear: Vec<Field>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Field {
    User,
    Assistant,
    Notes,
}

impl Edit {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let gives = self.user.is_some() || self.assistant.is_some() || self.notes.is_some();
        check_edit(gives, &self.clear, |field| match field {
            Field::User => self.user.is_some(),
            Field::Assistant => self.assistant.is_some(),
            Field::Notes => self.notes.is_some(),
        })?;
        let notes = text_or_stdin(self.notes)?;
        let expected = self.expect.expected()?;
        let edited = edit_session(
            &context.workspace,
            &context.actor,
            &self.id,
            &expected,
            |session| {
                set(&mut session.user, &self.user);
                set(&mut session.ai_assistant, &self.assistant);
                set(&mut session.handoff_notes, &notes);
                for field in &self.clear {
                    match field {
                        Field::User => session.user = None,
                        Field::Assistant => session.ai_assistant = None,
                        Field::Notes => session.handoff_notes = None,
                    }
                }
            },
        )
        .await?;
        context
            .ui
            .print_record(&edited, &format!("Edited {}", edited.id))
    }
}
