//! `wsdb state`

mod add;
mod edit;
mod list;

pub(crate) use self::list::Which;

use clap::{Args, Subcommand};
use wsdb_core::{ArchitectureState, Timestamp, Word};

use super::Context;
use super::rm::Rm;
use super::show::Show;
use super::task::set;
use crate::args::{STATE_STATUS, json_or_file, suggested, text_or_stdin};
use crate::render::architecture;

#[derive(Debug, Subcommand)]
pub(crate) enum State {
    /// Add a state
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List states
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a state; `wsdb architecture show` tells what is in it
    #[command(after_help = "Example:\n  wsdb state show target --history")]
    Show(Show),
    /// Change fields of states
    Edit(edit::Edit),
    /// Delete states
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb state rm 2"
    )]
    Rm(Rm),
}

impl State {
    /// Whether it writes records, and not only what is there already.
    pub(crate) fn makes(&self) -> bool {
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

/// What a state can be given beside name, type and repo.
#[derive(Debug, Default, PartialEq, Args)]
pub(super) struct Fields {
    /// What it is about; - reads stdin
    #[arg(long, short, value_name = "TEXT")]
    description: Option<String>,
    /// Its version
    #[arg(long)]
    version: Option<String>,
    /// Where it is written down
    #[arg(long, visible_alias = "architecture-doc-path", value_name = "DOCUMENT")]
    document: Option<String>,
    /// Data of its own: JSON, or a file with it
    #[arg(long, value_name = "JSON|FILE")]
    data: Option<String>,
    /// The architecture it belongs to
    #[arg(long, value_name = "ID")]
    architecture: Option<String>,
    /// The road map that leads to it
    #[arg(long, value_name = "FILE")]
    roadmap: Option<String>,
    /// When it shall be reached
    #[arg(long, value_name = "TIME")]
    target_date: Option<Timestamp>,
    /// How far it is, such as active
    #[arg(long, value_parser = suggested(STATE_STATUS), hide_possible_values = true)]
    status: Option<Word>,
}

impl Fields {
    /// Reads stdin and files; what comes back changes a state.
    fn ready(self) -> anyhow::Result<impl Fn(&mut ArchitectureState) + use<>> {
        let description = text_or_stdin(self.description)?;
        let data = self.data.as_deref().map(json_or_file).transpose()?;
        let fields = Fields {
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
