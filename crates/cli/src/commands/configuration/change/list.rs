//! `wsdb config change list`

use clap::Args;
use wsdb_app::resolve_or_keep;
use wsdb_app::views::{ConfigurationChangeView, HideSecrets};
use wsdb_core::{ChangeFilter, ChangeType, ConfigurationChange, Timestamp};

use crate::args::{Paging, known, name, words};
use crate::commands::Context;
use crate::commands::configuration::tell_hidden;
use crate::commands::list::found;
use crate::render::CONFIGURATION_CHANGES;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  wsdb config change list --repo orchard-core --file pyproject.toml --since 30d"
)]
pub(crate) struct List {
    /// The repo
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// How it changed
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        value_delimiter = ',',
        value_parser = known::<ChangeType>()
    )]
    change_type: Vec<ChangeType>,
    /// The file
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    file: Vec<String>,
    /// The component that it belongs to
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    component: Vec<String>,
    /// The beginning of the commit's hash
    #[arg(long, value_name = "HASH", value_delimiter = ',', value_parser = name)]
    commit: Vec<String>,
    /// The detection of drift
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    drift: Vec<String>,
    /// Words that all stand in id, file or key
    #[arg(long, value_name = "WORDS")]
    text: Vec<String>,
    /// Changed since: a span such as 7d, or a time
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Timestamp>,
    /// Show values that look like secrets; changes that `wsdb config snapshot` recorded never hold any
    #[arg(long)]
    show_secrets: bool,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let store = &context.workspace.store;
        let filter = ChangeFilter {
            repo: self.repo,
            change_type: self.change_type,
            file: self.file,
            component: self.component,
            commit: self.commit,
            detection: resolve_or_keep(&store.drift().detections(), &self.drift).await?,
            text: words(&self.text),
            since: self.since,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        let (mut views, page) = found::<ConfigurationChange>(context, &filter).await?;
        if !self.show_secrets {
            let hidden = views.iter_mut().map(ConfigurationChangeView::hide_secrets);
            tell_hidden(context, hidden.sum());
        }
        context
            .ui
            .list("configuration_changes", &views, page, CONFIGURATION_CHANGES)
    }
}
