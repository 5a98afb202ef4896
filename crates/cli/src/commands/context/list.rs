//! `wsdb context list`

use clap::{Args, ValueEnum};
use wsdb_core::{ContextFilter, ContextSort, ContextSwitch, Timestamp};

use crate::args::{Paging, name, words};
use crate::commands::Context;
use crate::commands::list::listed;
use crate::render::context::CONTEXTS;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(
    after_help = "Several values of a filter, with commas, mean any of them; several filters mean all of them.

Example:\n  wsdb context list --repo orchard-core --user mira --since 7d"
)]
pub(super) struct List {
    /// The repo
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// Who was there
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    user: Vec<String>,
    /// Only stays that go on
    #[arg(long, conflicts_with = "ended")]
    active: bool,
    /// Only stays that have ended
    #[arg(long)]
    ended: bool,
    /// Words that all stand in id, repo, path or notes
    #[arg(long, short, value_name = "WORDS")]
    text: Vec<String>,
    /// Began since: a span such as 7d, or a time
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Timestamp>,
    /// The order
    #[arg(long, value_enum, default_value_t = Sort::Start)]
    sort: Sort,
    #[command(flatten)]
    paging: Paging,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Sort {
    Start,
    Duration,
    Repo,
    Id,
}

impl List {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let filter = ContextFilter {
            repo: self.repo,
            active: (self.active || self.ended).then_some(self.active),
            by: self.user,
            or_nobody: false,
            other_than: None,
            text: words(&self.text),
            since: self.since,
            still_at: None,
            sort: match self.sort {
                Sort::Start => ContextSort::Start,
                Sort::Duration => ContextSort::Duration,
                Sort::Repo => ContextSort::Repo,
                Sort::Id => ContextSort::Id,
            },
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        listed::<ContextSwitch>(context, "contexts", &filter, CONTEXTS).await
    }
}
