//! `wsdb session activity list`

use clap::Args;
use wsdb_core::{Activity, ActivityFilter, Label, Session, Since};

use crate::args::{ACTIVITY_TYPES, Paging, label_parser, split_words};
use crate::commands::list::print_list;
use crate::commands::{note_unknown_values, resolve_filter};
use crate::context::Context;
use crate::render::session::ACTIVITIES;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb session activity list --type implementation --since 7d")]
pub(crate) struct List {
    /// Filter by session (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    session: Vec<String>,
    /// Filter by type, such as implementation (comma-separated)
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        value_delimiter = ',',
        value_parser = label_parser(ACTIVITY_TYPES),
        hide_possible_values = true
    )]
    activity_type: Vec<Label>,
    /// Filter by words in description or outcome (all must occur)
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,
    /// Only activities logged since this time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let types = self.activity_type.iter().map(Label::as_str);
        let (noun, column) = ("activity type", "activity_type");
        note_unknown_values::<Activity>(context, noun, column, types, ACTIVITY_TYPES).await?;
        let filter = ActivityFilter {
            ids: Vec::new(),
            session: resolve_filter::<Session>(context, &self.session).await?,
            activity_type: self.activity_type,
            text: split_words(&self.text),
            since: self.since,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        print_list::<Activity>(context, "activities", &filter, ACTIVITIES).await
    }
}
