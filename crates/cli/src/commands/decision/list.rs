//! `wsdb decision list`

use clap::{Args, ValueEnum};
use wsdb_app::LinkedTo;
use wsdb_core::{
    Decision, DecisionFilter, DecisionSort, DecisionStatus, Impact, SessionId, Timestamp,
};

use crate::args::{Paging, known, name, words};
use crate::commands::list::listed;
use crate::commands::{Context, sessions_named};
use crate::render::DECISIONS;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(
    after_help = "Several values of a filter, with commas, mean any of them; several filters mean all of them.

Example:
  wsdb decision list --repo orchard-core --impact HIGH"
)]
pub(crate) struct List {
    /// How far they are carried out
    #[arg(long, short, value_delimiter = ',', value_parser = known::<DecisionStatus>())]
    status: Vec<DecisionStatus>,
    /// How far they reach
    #[arg(long, value_delimiter = ',', value_parser = known::<Impact>())]
    impact: Vec<Impact>,
    /// A repo they touch
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// The session that made them
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    session: Vec<String>,
    /// A task that they are linked to
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    task: Vec<String>,
    /// A component that they are linked to
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    component: Vec<String>,
    /// A detection of drift that they are linked to
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    drift: Vec<String>,
    /// Only those whose place another one has taken
    #[arg(long)]
    superseded: bool,
    /// Only those whose place no other one has taken
    #[arg(long, conflicts_with = "superseded")]
    current: bool,
    /// Words that all stand in id, decision or rationale
    #[arg(long, short, value_name = "WORDS")]
    text: Vec<String>,
    /// Made since: a span such as 7d, or a time
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Timestamp>,
    /// The order
    #[arg(long, value_enum, default_value_t = Sort::Date)]
    sort: Sort,
    #[command(flatten)]
    paging: Paging,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Sort {
    Date,
    Impact,
    Status,
    Id,
}

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let store = &context.workspace.store;
        let decisions = store.decisions();
        let known = async |id: SessionId| {
            let filter = DecisionFilter {
                session: vec![id],
                ..DecisionFilter::default()
            };
            Ok(decisions.count(&filter).await?)
        };
        let linked = LinkedTo::resolve(store, &self.task, &self.drift).await?;
        let filter = DecisionFilter {
            ids: Vec::new(),
            status: self.status,
            impact: self.impact,
            repo: self.repo,
            session: sessions_named(context, &self.session, known).await?,
            task: linked.tasks,
            component: self.component,
            detection: linked.detections,
            supersedes: Vec::new(),
            superseded: (self.superseded || self.current).then_some(self.superseded),
            text: words(&self.text),
            since: self.since,
            sort: match self.sort {
                Sort::Date => DecisionSort::Date,
                Sort::Impact => DecisionSort::Impact,
                Sort::Status => DecisionSort::Status,
                Sort::Id => DecisionSort::Id,
            },
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        listed::<Decision>(context, "decisions", &filter, DECISIONS).await
    }
}
