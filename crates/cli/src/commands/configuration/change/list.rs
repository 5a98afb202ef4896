//! `wsdb config change list`

use clap::Args;
use wsdb_app::views::{ConfigurationChangeView, Listing, RedactSecrets};
use wsdb_core::{
    ChangeFilter, ChangeType, ConfigurationChange, DriftDetection, Since, normalize_file_path,
};

use crate::args::{Paging, name, repo_name, split_words, vocabulary_parser};
use crate::commands::configuration::redaction::note_redacted;
use crate::commands::list::load_page;
use crate::commands::{note_unknown_components, resolve_filter};
use crate::context::Context;
use crate::render::configuration::CONFIGURATION_CHANGES;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(
    before_help = "In changes recorded with --record, secrets are stored as (hidden), and
--show-secrets cannot show them. Changes added with 'wsdb config change add' may
contain secrets, which --show-secrets shows.",
    after_help = "Example:
  wsdb config change list --repo orchard-core --since 30d"
)]
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
        value_parser = vocabulary_parser::<ChangeType>()
    )]
    change_type: Vec<ChangeType>,
    /// Filter by file (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    file: Vec<String>,
    /// Filter by component (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    component: Vec<String>,
    /// Filter by commit hash or its beginning (comma-separated)
    #[arg(long, value_name = "HASH", value_delimiter = ',', value_parser = name)]
    commit: Vec<String>,
    /// Filter by drift detection (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    drift: Vec<String>,
    /// Filter by words in ID, file or key (all must occur)
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,
    /// Only changes made since this time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    /// Show values that look like secrets
    #[arg(long)]
    show_secrets: bool,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let paths = context.repo_paths()?;
        let file = self.file.iter().map(|file| match self.repo.as_slice() {
            [repo] => paths.of_name(repo, file),
            _ => normalize_file_path(file),
        });
        let file = file.collect();
        note_unknown_components::<ConfigurationChange>(context, &self.component).await?;
        let filter = ChangeFilter {
            repo: self.repo,
            change_type: self.change_type,
            file,
            component: self.component,
            commit: self.commit,
            detection: resolve_filter::<DriftDetection>(context, &self.drift).await?,
            text: split_words(&self.text),
            since: self.since,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        let Listing {
            records: mut views,
            total,
        } = load_page::<ConfigurationChange>(context, &filter).await?;
        if !self.show_secrets {
            let hidden = views
                .iter_mut()
                .map(ConfigurationChangeView::redact_secrets);
            note_redacted(context, hidden.sum());
        }
        context.ui.list(
            "configuration_changes",
            &views,
            filter.page,
            total,
            CONFIGURATION_CHANGES,
        )
    }
}
