//! `wsdb history` without a command: lists changes.

use clap::Args;
use wsdb_app::store::Error as StoreError;
use wsdb_app::views::Listing;
use wsdb_app::{HistoryTarget, find_history_target, history, history_details};
use wsdb_core::{ActionId, HistoryFilter, Session, Since};

use crate::args::{Paging, name};
use crate::commands::resolve_filter;
use crate::context::Context;
use crate::error::UsageError;
use crate::render::history::{ACTIONS, render_details};
use crate::time::parse_since;
use crate::ui::format::Format;
use crate::ui::list::page_note;

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Number of a change, or ID of the record whose changes to show
    #[arg(value_name = "N|ID")]
    id: Option<String>,
    /// Only changes made since this time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    /// Filter by session (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    session: Vec<String>,
    /// Filter by the person or agent who made the change (comma-separated)
    #[arg(long = "by", value_name = "NAME", value_delimiter = ',', value_parser = name)]
    by: Vec<String>,
    /// Show old and new values of fields (always shown with an ID)
    #[arg(long)]
    fields: bool,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let store = &context.workspace.store;
        let ui = &context.ui;
        let mut filter = HistoryFilter {
            since: self.since,
            session: resolve_filter::<Session>(context, &self.session).await?,
            actor: self.by,
            oldest_first: self.paging.reverse,
            page: self.paging.page(ui.format),
            ..HistoryFilter::default()
        };
        match self.id.as_deref() {
            Some(word) if word.starts_with('#') => {
                let action: ActionId = word
                    .parse()
                    .map_err(|reason| UsageError(format!("invalid change {word:?}: {reason}")))?;
                filter.actions = vec![action];
                if history(store, &filter).await?.total == 0 {
                    return Err(StoreError::NoAction(action).into());
                }
            }
            Some(word) => match find_history_target(store, word).await? {
                HistoryTarget::Change(action) => filter.actions = vec![action],
                HistoryTarget::Record(id) => filter.record = Some(id),
            },
            None => {}
        }
        if self.id.is_none() && !self.fields || ui.format == Format::Md {
            let Listing {
                records: actions,
                total,
            } = history(store, &filter).await?;
            return ui.list("history", &actions, filter.page, total, ACTIONS);
        }
        let Listing {
            records: actions,
            total,
        } = history_details(store, &filter).await?;
        match ui.format {
            Format::Table if !actions.is_empty() => {
                let more = page_note("changes", actions.len() as u64, filter.page, total);
                let more = more.map(|more| format!("\n\n{more}")).unwrap_or_default();
                ui.print(&format!("{}{more}", render_details(&actions, ui)))
            }
            _ => ui.list("history", &actions, filter.page, total, &[]),
        }
    }
}
