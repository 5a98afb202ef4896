//! `wsdb placement list`

use clap::Args;
use wsdb_core::{
    ArchitectureState, ComponentPlacement, ComponentType, PlacementFilter, PlacementSort,
};

use crate::args::{Paging, name, repo_name, sort_parser, split_words, vocabulary_parser};
use crate::commands::list::print_list;
use crate::commands::{note_unknown_components, resolve_filter};
use crate::context::Context;
use crate::render::architecture::PLACEMENTS;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb placement list --state target --repo orchard-web --sort component")]
pub(crate) struct List {
    /// Filter by component (comma-separated)
    #[arg(long, short, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    component: Vec<String>,
    /// Filter by type of component (comma-separated)
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        value_delimiter = ',',
        value_parser = vocabulary_parser::<ComponentType>()
    )]
    component_type: Vec<ComponentType>,
    /// Filter by repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Filter by state (comma-separated)
    #[arg(long, short, value_name = "STATE", value_delimiter = ',', value_parser = name)]
    state: Vec<String>,
    /// Filter by words in ID, component, location or rationale (all must occur)
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,
    /// Sort order (times: oldest first)
    #[arg(long, default_value = "id", value_parser = sort_parser(SORTS))]
    sort: PlacementSort,
    #[command(flatten)]
    paging: Paging,
}

const SORTS: &[(&str, PlacementSort)] = &[
    ("id", PlacementSort::Id),
    ("component", PlacementSort::Component),
    ("type", PlacementSort::Type),
    ("repo", PlacementSort::Repo),
    ("updated", PlacementSort::Updated),
];

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        note_unknown_components::<ComponentPlacement>(context, &self.component).await?;
        let filter = PlacementFilter {
            component_name: self.component,
            component_type: self.component_type,
            repo: self.repo,
            state: resolve_filter::<ArchitectureState>(context, &self.state).await?,
            text: split_words(&self.text),
            sort: self.sort,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        print_list::<ComponentPlacement>(context, "placements", &filter, PLACEMENTS).await
    }
}
