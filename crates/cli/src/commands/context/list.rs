//! `wsdb context list`

use clap::Args;
use wsdb_core::{ContextFilter, ContextSort, ContextSwitch, Since};

use crate::args::{Paging, name, repo_name, sort_parser, split_words};
use crate::commands::list::print_list;
use crate::context::Context;
use crate::render::context::CONTEXTS;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb context list --repo orchard-core --user mira --since 7d")]
pub(super) struct List {
    /// Filter by repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Filter by user (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    user: Vec<String>,
    /// Only your visits
    #[arg(long, conflicts_with = "user")]
    mine: bool,
    /// Only visits that have not ended
    #[arg(long, visible_alias = "open", conflicts_with = "ended")]
    active: bool,
    /// Only visits that have ended
    #[arg(long)]
    ended: bool,
    /// Filter by words in ID, repo, path or notes (all must occur)
    #[arg(long, short, value_name = "TEXT")]
    text: Vec<String>,
    /// Only visits started since this time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    /// Sort order (times: oldest first)
    #[arg(long, default_value = "start", value_parser = sort_parser(SORTS))]
    sort: ContextSort,
    #[command(flatten)]
    paging: Paging,
}

const SORTS: &[(&str, ContextSort)] = &[
    ("start", ContextSort::Start),
    ("duration", ContextSort::Duration),
    ("repo", ContextSort::Repo),
    ("id", ContextSort::Id),
];

impl List {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let mut by = self.user;
        by.extend(self.mine.then(|| context.actor.name.clone()));
        let filter = ContextFilter {
            repo: self.repo,
            active: (self.active || self.ended).then_some(self.active),
            by,
            or_nobody: false,
            other_than: None,
            text: split_words(&self.text),
            since: self.since,
            still_at: None,
            sort: self.sort,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        print_list::<ContextSwitch>(context, "visits", &filter, CONTEXTS).await
    }
}
