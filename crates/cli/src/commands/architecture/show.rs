//! `wsdb architecture show`

use clap::Args;
use wsdb_app::views::Listing;
use wsdb_app::{architecture_state, architecture_states};

use crate::args::Paging;
use crate::commands::state::list::FilterArgs;
use crate::context::Context;
use crate::error::UsageError;
use crate::render::architecture::{GOALS_OF_STATE, PLACEMENTS, SUMMARIES, render_state_details};
use crate::ui::format::Format;

#[derive(Debug, Args)]
#[command(
    before_help = "The options apply only to the summary of all states.",
    after_help = "Examples:
  wsdb architecture show
  wsdb architecture show target"
)]
pub(crate) struct ShowArchitecture {
    /// State, by ID, number, type, name or a unique part of the ID (whole words) [default: summary of all states]
    #[arg(conflicts_with_all = [
        "state_type", "repo", "text", "sort", "limit", "offset", "reverse"
    ])]
    state: Option<String>,
    #[command(flatten)]
    which: FilterArgs,
    #[command(flatten)]
    paging: Paging,
}

impl ShowArchitecture {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (ui, store) = (&context.ui, &context.workspace.store);
        let Some(state) = &self.state else {
            let filter = self.which.filter(&self.paging, context);
            let Listing { records, total } = architecture_states(store, &filter).await?;
            return ui.list("states", &records, filter.page, total, SUMMARIES);
        };
        let details = architecture_state(store, state).await?;
        match ui.format {
            Format::Json => ui.print_json(&details),
            Format::Table => ui.print(&render_state_details(&details, ui)),
            Format::Md => {
                let components = ui.markdown(&details.components, PLACEMENTS);
                let goals = ui.markdown(&details.goals, GOALS_OF_STATE);
                let name = &details.state.state_name;
                ui.print(&format!("## {name}\n\n{components}\n\n{goals}\n"))
            }
            _ => {
                let formats =
                    "'wsdb architecture show STATE' supports the formats table, json and md";
                Err(UsageError(formats.to_owned()).into())
            }
        }
    }
}
