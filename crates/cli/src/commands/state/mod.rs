//! `wsdb state`

mod add;
mod edit;
mod list;

pub(crate) use self::list::FilterArgs;

use clap::{Args, Subcommand};
use wsdb_core::{ArchitectureState, Label, Timestamp};

use super::Context;
use super::rm::Rm;
use super::show::Show;
use super::task::set;
use crate::args::{STATE_STATUS, json_or_file, label_parser, text_or_stdin};
use crate::render::architecture;

#[derive(Debug, Subcommand)]
pub(crate) enum State {
    /// Add a state
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List states
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a state
    #[command(
        after_help = "To show the components and goals of a state, use 'wsdb architecture show'.

Example:
  wsdb state show target --history"
    )]
    Show(Show),
    /// Edit states
    Edit(edit::Edit),
    /// Delete states
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb state rm 2"
    )]
    Rm(Rm),
}

impl State {
    /// Returns whether this command may create a missing database.
    pub(crate) fn creates_records(&self) -> bool {
        matches!(self, State::Add(_) | State::Edit(_))
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            State::Add(command) => command.run(context).await,
            State::List(command) => command.run(context).await,
            State::Show(command) => {
                command
                    .run::<ArchitectureState>(context, architecture::state)
                    .await
            }
            State::Edit(command) => command.run(context).await,
            State::Rm(command) => command.run::<ArchitectureState>(context, "state").await,
        }
    }
}

/// The fields of a state besides name, type and repo.
#[derive(Debug, Default, PartialEq, Args)]
pub(super) struct FieldArgs {
    /// Description (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    description: Option<String>,
    /// Version
    #[arg(long)]
    version: Option<String>,
    /// Path of the document that describes it
    #[arg(long, visible_alias = "architecture-doc-path", value_name = "FILE")]
    document: Option<String>,
    /// Custom data: JSON, a file, or - for stdin
    #[arg(long, value_name = "JSON|FILE")]
    data: Option<String>,
    /// Architecture it belongs to
    #[arg(long, value_name = "ID")]
    architecture: Option<String>,
    /// Path of the roadmap
    #[arg(long, value_name = "FILE")]
    roadmap: Option<String>,
    /// Date by which it should be reached
    #[arg(long, value_name = "DATE")]
    target_date: Option<Timestamp>,
    /// Status, such as draft, active, reached or dropped
    #[arg(long, value_parser = label_parser(STATE_STATUS), hide_possible_values = true)]
    status: Option<Label>,
}

impl FieldArgs {
    /// Reads stdin and files and returns a function that sets the given fields.
    fn resolve(self) -> anyhow::Result<impl Fn(&mut ArchitectureState) + use<>> {
        let description = text_or_stdin(self.description)?;
        let data = self.data.as_deref().map(json_or_file).transpose()?;
        let fields = FieldArgs {
            description: None,
            data: None,
            ..self
        };
        Ok(move |state: &mut ArchitectureState| {
            set(&mut state.description, &description);
            set(&mut state.version, &fields.version);
            set(&mut state.architecture_doc_path, &fields.document);
            set(&mut state.state_data, &data);
            set(&mut state.architecture_id, &fields.architecture);
            set(&mut state.roadmap_file, &fields.roadmap);
            set(&mut state.target_date, &fields.target_date);
            set(&mut state.status, &fields.status);
        })
    }
}
