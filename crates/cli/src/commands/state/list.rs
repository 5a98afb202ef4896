//! `wsdb state list`

use clap::Args;
use wsdb_core::{ArchitectureState, StateFilter, StateSort, StateType};

use crate::args::{Paging, repo_name, sort_parser, split_words, vocabulary_parser};
use crate::commands::list::print_list;
use crate::context::Context;
use crate::render::architecture::STATES;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb state list --type current,target")]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) which: FilterArgs,
    #[command(flatten)]
    pub(crate) paging: Paging,
}

/// The filters and the order of a list of states.
#[derive(Debug, Args)]
pub(crate) struct FilterArgs {
    /// Filter by type (comma-separated)
    #[arg(long = "type", short = 't', value_name = "TYPE", value_delimiter = ',', value_parser = vocabulary_parser::<StateType>())]
    state_type: Vec<StateType>,
    /// Filter by repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Filter by words in ID, name, description or version (all must occur)
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,
    /// Sort order (times: oldest first)
    #[arg(long, default_value = "id", value_parser = sort_parser(SORTS))]
    sort: StateSort,
}

const SORTS: &[(&str, StateSort)] = &[
    ("id", StateSort::Id),
    ("name", StateSort::Name),
    ("type", StateSort::Type),
    ("created", StateSort::Created),
];

impl FilterArgs {
    pub(crate) fn filter(self, paging: &Paging, context: &Context) -> StateFilter {
        StateFilter {
            state_type: self.state_type,
            repo: self.repo,
            text: split_words(&self.text),
            sort: self.sort,
            reverse: paging.reverse,
            page: paging.page(context.ui.format),
        }
    }
}

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let filter = self.which.filter(&self.paging, context);
        print_list::<ArchitectureState>(context, "states", &filter, STATES).await
    }
}
