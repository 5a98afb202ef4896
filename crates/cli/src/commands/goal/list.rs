//! `wsdb goal list`

use clap::Args;
use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, GoalFilter, GoalSort, PlacementFilter,
    Priority, StatusChoice, Task, TaskStatus,
};

use crate::args::{
    OpenArgs, Paging, chosen_statuses, name, sort_parser, split_words, status_parser,
    vocabulary_parser,
};
use crate::commands::list::print_open_list;
use crate::commands::{note_unknown_values, resolve_filter};
use crate::context::Context;
use crate::render::architecture::GOALS;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb goal list --state target --status pending,in_progress --sort priority")]
pub(crate) struct List {
    /// Filter by status; open means every status of an unfinished goal (comma-separated)
    #[arg(long, value_delimiter = ',', value_parser = status_parser::<TaskStatus>())]
    status: Vec<StatusChoice<TaskStatus>>,
    #[command(flatten)]
    which: OpenArgs,
    /// Filter by task (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    task: Vec<String>,
    /// Filter by state (comma-separated)
    #[arg(long, short, value_name = "STATE", value_delimiter = ',', value_parser = name)]
    state: Vec<String>,
    /// Filter by component: its name in any state, or the ID of its placement (comma-separated)
    #[arg(long, short, value_name = "COMPONENT", value_delimiter = ',', value_parser = name)]
    component: Vec<String>,
    /// Filter by milestone (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    milestone: Vec<String>,
    /// Filter by priority (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = vocabulary_parser::<Priority>())]
    priority: Vec<Priority>,
    /// Filter by words in ID, goal or milestone (all must occur)
    #[arg(long, short, value_name = "TEXT")]
    text: Vec<String>,
    /// Sort order (times: oldest first)
    #[arg(long, default_value = "id", value_parser = sort_parser(SORTS))]
    sort: GoalSort,
    #[command(flatten)]
    paging: Paging,
}

const SORTS: &[(&str, GoalSort)] = &[
    ("id", GoalSort::Id),
    ("priority", GoalSort::Priority),
    ("status", GoalSort::Status),
    ("milestone", GoalSort::Milestone),
    ("created", GoalSort::Created),
];

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let store = &context.workspace.store;
        let architecture = store.architecture();
        let mut component = Vec::new();
        for word in &self.component {
            let named = PlacementFilter {
                component_name: vec![word.clone()],
                ..PlacementFilter::default()
            };
            let placements = architecture.placements().list(&named).await?;
            if placements.is_empty() {
                let named = std::slice::from_ref(word);
                component.extend(resolve_filter::<ComponentPlacement>(context, named).await?)
            } else {
                component.extend(placements.into_iter().map(|p| p.id))
            }
        }
        let milestones = self.milestone.iter().map(String::as_str);
        note_unknown_values::<ArchitectureGoal>(context, "milestone", "milestone", milestones, &[])
            .await?;
        let filter = GoalFilter {
            task: resolve_filter::<Task>(context, &self.task).await?,
            state: resolve_filter::<ArchitectureState>(context, &self.state).await?,
            component,
            milestone: self.milestone,
            priority: self.priority,
            status: chosen_statuses(self.status),
            open: None,
            text: split_words(&self.text),
            sort: self.sort,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        print_open_list::<ArchitectureGoal>(context, "goals", filter, &self.which, GOALS).await
    }
}
