//! `wsdb session list`

use clap::Args;
use wsdb_core::{Session, SessionFilter, SessionSort, SessionStatus, Since, StatusChoice};

use crate::args::{Paging, chosen_statuses, name, sort_parser, split_words, status_parser};
use crate::commands::list::print_list;
use crate::context::Context;
use crate::render::session::SESSIONS;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb session list --user mira --since 7d")]
pub(crate) struct List {
    /// Filter by status (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = status_parser::<SessionStatus>())]
    status: Vec<StatusChoice<SessionStatus>>,
    /// Only sessions that have not ended
    #[arg(long, conflicts_with = "status")]
    open: bool,
    /// Filter by user (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    user: Vec<String>,
    /// Filter by AI assistant (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    assistant: Vec<String>,
    /// Only your sessions
    #[arg(long, conflicts_with = "user")]
    mine: bool,
    /// Filter by words in ID, handoff notes, user or assistant (all must occur)
    #[arg(long, short, value_name = "TEXT")]
    text: Vec<String>,
    /// Only sessions started since this time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    /// Sort order (times: oldest first)
    #[arg(long, default_value = "start", value_parser = sort_parser(SORTS))]
    sort: SessionSort,
    #[command(flatten)]
    paging: Paging,
}

const SORTS: &[(&str, SessionSort)] = &[
    ("start", SessionSort::Start),
    ("id", SessionSort::Id),
    ("user", SessionSort::User),
];

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let open = self.open.then_some(StatusChoice::Open);
        let mut user = self.user;
        user.extend(self.mine.then(|| context.actor.name.clone()));
        let filter = SessionFilter {
            ids: Vec::new(),
            status: chosen_statuses(self.status.into_iter().chain(open).collect()),
            user,
            ai_assistant: self.assistant,
            text: split_words(&self.text),
            since: self.since,
            sort: self.sort,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        print_list::<Session>(context, "sessions", &filter, SESSIONS).await
    }
}
