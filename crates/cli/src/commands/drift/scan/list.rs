//! `wsdb drift scan list`, `wsdb drift scans`

use clap::Args;
use wsdb_core::{
    DriftScan, ScanFilter, ScanSort, ScanStatus, ScanType, Since, StatusChoice, TriggeredBy,
};

use crate::args::{Paging, chosen_statuses, repo_name, status_parser, vocabulary_parser};
use crate::commands::list::print_list;
use crate::context::Context;
use crate::render::drift::SCANS;
use crate::time::parse_since;

#[derive(Debug, Args)]
pub(in crate::commands::drift) struct List {
    /// Filter by status (comma-separated)
    #[arg(long, value_delimiter = ',', value_parser = status_parser::<ScanStatus>())]
    status: Vec<StatusChoice<ScanStatus>>,
    /// Only scans that are running
    #[arg(long, conflicts_with = "status")]
    open: bool,
    /// Filter by type (comma-separated)
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        value_delimiter = ',',
        value_parser = vocabulary_parser::<ScanType>()
    )]
    scan_type: Vec<ScanType>,
    /// Filter by trigger (comma-separated)
    #[arg(
        long,
        value_name = "TRIGGER",
        value_delimiter = ',',
        value_parser = vocabulary_parser::<TriggeredBy>()
    )]
    triggered_by: Vec<TriggeredBy>,
    /// Filter by scanned repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Only scans started since this time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(in crate::commands::drift) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let open = self.open.then_some(StatusChoice::Open);
        let filter = ScanFilter {
            status: chosen_statuses(self.status.into_iter().chain(open).collect()),
            scan_type: self.scan_type,
            triggered_by: self.triggered_by,
            repo: self.repo,
            since: self.since,
            sort: ScanSort::Start,
            reverse: !self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        print_list::<DriftScan>(context, "scans", &filter, SCANS).await
    }
}
