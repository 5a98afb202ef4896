//! `wsdb config list`

use clap::Args;
use wsdb_app::views::{Listing, RedactSecrets, SnapshotView};
use wsdb_core::{ConfigurationSnapshot, Since, SnapshotFilter, SnapshotType};

use super::redaction::note_redacted;
use crate::args::{Paging, repo_name, split_words, vocabulary_parser};
use crate::commands::list::load_page;
use crate::context::Context;
use crate::render::configuration::SNAPSHOTS;
use crate::time::parse_since;
use crate::ui::format::Format;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb config list --repo orchard-core --since 30d")]
pub(crate) struct List {
    /// Filter by repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Filter by type (comma-separated)
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        value_delimiter = ',',
        value_parser = vocabulary_parser::<SnapshotType>()
    )]
    snapshot_type: Vec<SnapshotType>,
    /// Filter by words in ID or notes (all must occur)
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,
    /// Only snapshots taken since this time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    /// Show values that look like secrets (in JSON, JSON Lines and CSV output)
    #[arg(long)]
    show_secrets: bool,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let filter = SnapshotFilter {
            repo: self.repo,
            snapshot_type: self.snapshot_type,
            text: split_words(&self.text),
            since: self.since,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        let Listing {
            records: mut views,
            total,
        } = load_page::<ConfigurationSnapshot>(context, &filter).await?;
        if !self.show_secrets {
            let hidden = views.iter_mut().map(SnapshotView::redact_secrets).sum();
            // Tables never show values, so they need no note.
            if matches!(context.ui.format, Format::Jsonl | Format::Csv) {
                note_redacted(context, hidden);
            }
        }
        context.ui.list(
            "configuration_snapshots",
            &views,
            filter.page,
            total,
            SNAPSHOTS,
        )
    }
}
