//! `wsdb decision list`

use clap::Args;
use wsdb_core::{
    ComponentPlacement, Decision, DecisionFilter, DecisionSort, DecisionStatus, DriftDetection,
    Impact, Session, Since, StatusChoice, Task,
};

use crate::args::{
    Paging, chosen_statuses, name, repo_name, sort_parser, split_words, status_parser,
    vocabulary_parser,
};
use crate::commands::list::print_list;
use crate::commands::{note_unknown_components, resolve_filter};
use crate::context::Context;
use crate::render::decision::DECISIONS;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb decision list --repo orchard-core --impact HIGH")]
pub(crate) struct List {
    /// Filter by status; open means planned, in_progress and unknown (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = status_parser::<DecisionStatus>())]
    status: Vec<StatusChoice<DecisionStatus>>,
    /// Only open decisions (planned, in_progress or unknown)
    #[arg(long, conflicts_with = "status")]
    open: bool,
    /// Filter by impact (comma-separated)
    #[arg(long, value_delimiter = ',', value_parser = vocabulary_parser::<Impact>())]
    impact: Vec<Impact>,
    /// Filter by affected repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Filter by the session in which the decision was made (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    session: Vec<String>,
    /// Filter by linked task (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    task: Vec<String>,
    /// Filter by linked component (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    component: Vec<String>,
    /// Filter by linked drift detection (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    drift: Vec<String>,
    /// Only decisions superseded by another one
    #[arg(long)]
    superseded: bool,
    /// Only decisions not superseded by another one
    #[arg(long, conflicts_with = "superseded")]
    current: bool,
    /// Filter by words in ID, decision or rationale (all must occur)
    #[arg(long, short, value_name = "TEXT")]
    text: Vec<String>,
    /// Only decisions made since this time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    /// Sort order (times: oldest first)
    #[arg(long, default_value = "date", value_parser = sort_parser(SORTS))]
    sort: DecisionSort,
    #[command(flatten)]
    paging: Paging,
}

const SORTS: &[(&str, DecisionSort)] = &[
    ("date", DecisionSort::Date),
    ("impact", DecisionSort::Impact),
    ("status", DecisionSort::Status),
    ("id", DecisionSort::Id),
];

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        note_unknown_components::<ComponentPlacement>(context, &self.component).await?;
        let open = self.open.then_some(StatusChoice::Open);
        let filter = DecisionFilter {
            ids: Vec::new(),
            status: chosen_statuses(self.status.into_iter().chain(open).collect()),
            impact: self.impact,
            repo: self.repo,
            session: resolve_filter::<Session>(context, &self.session).await?,
            task: resolve_filter::<Task>(context, &self.task).await?,
            component: self.component,
            detection: resolve_filter::<DriftDetection>(context, &self.drift).await?,
            supersedes: Vec::new(),
            superseded: (self.superseded || self.current).then_some(self.superseded),
            text: split_words(&self.text),
            since: self.since,
            sort: self.sort,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        print_list::<Decision>(context, "decisions", &filter, DECISIONS).await
    }
}
