//! `wsdb repo list`

use clap::Args;
use wsdb_app::list_repos;
use wsdb_app::views::{RepoSource, RepoView};

use crate::args::Paging;
use crate::context::Context;
use crate::table::Column;
use crate::ui::Style;

#[derive(Debug, Args)]
#[command(
    before_help = "Repos are the git repositories in the workspace folder (at most two levels
deep), the folders under [repos] in .wsdb.toml, and the names in records. The
columns count open tasks, issues and drift detections.",
    after_help = "Examples:
  wsdb repo list
  wsdb repo list --json"
)]
pub(crate) struct List {
    #[command(flatten)]
    paging: Paging,
}

const REPOS: &[Column<RepoView>] = &[
    Column::new("name", |repo: &RepoView, _| repo.name.clone()).tone(|_| Style::Strong),
    Column::new("open tasks", |repo: &RepoView, _| {
        repo.open_task_count.to_string()
    }),
    Column::new("open issues", |repo: &RepoView, _| {
        repo.open_issue_count.to_string()
    }),
    Column::new("open drift", |repo: &RepoView, _| {
        repo.open_detection_count.to_string()
    }),
    Column::new("found in", |repo: &RepoView, _| {
        let sources = repo.found_in.iter().copied().map(RepoSource::as_str);
        sources.collect::<Vec<_>>().join(", ")
    })
    .drop_priority(2),
    Column::new("path", |repo: &RepoView, _| {
        repo.repo_path.clone().unwrap_or_default()
    })
    .min_width(24)
    .drop_priority(1),
];

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let mut repos = list_repos(&context.workspace, context.ui.moment()).await?;
        if self.paging.reverse {
            repos.reverse();
        }
        let total = repos.len() as u64;
        let page = self.paging.page(context.ui.format);
        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let repos = repos.into_iter().skip(count(page.offset));
        let repos: Vec<RepoView> = repos.take(page.limit.map_or(usize::MAX, count)).collect();
        context.ui.list("repos", &repos, page, total, REPOS)
    }
}
