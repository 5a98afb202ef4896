//! `wsdb session links`

use clap::Args;
use wsdb_app::views::{Listing, SessionLinkView, SessionRelation};
use wsdb_app::{SessionLinkFilter, resolve_all_or_referenced, session_links};
use wsdb_core::{Decision, Issue, SessionDecisionFilter, SessionId, SessionIssueFilter};

use crate::args::Paging;
use crate::commands::resolve_filter;
use crate::context::Context;
use crate::render::format_optional;
use crate::table::Column;
use crate::ui::Style;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  wsdb session links 2025-11-20-session-001
  wsdb session links --decision 2,3")]
pub(crate) struct Links {
    /// Session IDs, or unique parts of IDs (whole words) [default: all sessions]
    #[arg(value_name = "SESSION")]
    sessions: Vec<String>,
    /// Filter by decision (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    decision: Vec<String>,
    /// Filter by issue (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    issue: Vec<String>,
    #[command(flatten)]
    paging: Paging,
}

fn relation_name(relation: SessionRelation) -> &'static str {
    match relation {
        SessionRelation::Decision => "decision",
        SessionRelation::Issue => "issue",
    }
}

/// Returns a line about a link.
pub(super) fn render_link(link: &SessionLinkView) -> String {
    let status = link.status.as_deref().unwrap_or("missing");
    format!(
        "{}: {} {} ({status})  {}",
        link.session_id,
        relation_name(link.relation),
        link.target.as_deref().unwrap_or("?"),
        format_optional(link.title.as_ref())
    )
}

const LINKS: &[Column<SessionLinkView>] = &[
    Column::new("session", |l: &SessionLinkView, _| l.session_id.to_string())
        .tone(|_| Style::Strong),
    Column::new("type", |l: &SessionLinkView, _| {
        relation_name(l.relation).to_owned()
    }),
    Column::new("id", |l: &SessionLinkView, _| {
        format_optional(l.target.as_ref())
    }),
    Column::new("status", |l: &SessionLinkView, _| {
        l.status.clone().unwrap_or_else(|| "missing".to_owned())
    }),
    Column::new("title", |l: &SessionLinkView, _| {
        format_optional(l.title.as_ref())
    })
    .min_width(24),
];

impl Links {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let store = &context.workspace.store;
        // The links of a deleted session can still be shown.
        let has_links = async |id: SessionId| {
            let made = SessionDecisionFilter {
                session: vec![id.clone()],
                ..SessionDecisionFilter::default()
            };
            let found = SessionIssueFilter {
                session: vec![id],
                ..SessionIssueFilter::default()
            };
            let sessions = store.sessions();
            let made = sessions.decision_links().count(&made).await?;
            Ok(made + sessions.issue_links().count(&found).await? > 0)
        };
        let sessions =
            resolve_all_or_referenced(&store.sessions(), &self.sessions, has_links).await?;
        let filter = SessionLinkFilter {
            session: sessions,
            decision: resolve_filter::<Decision>(context, &self.decision).await?,
            issue: resolve_filter::<Issue>(context, &self.issue).await?,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        let Listing { records, total } = session_links(store, &filter).await?;
        context
            .ui
            .list("session_links", &records, filter.page, total, LINKS)
    }
}
