//! `wsdb drift scan list`, `wsdb drift scans`

use clap::Args;
use wsdb_core::{DriftScan, ScanFilter, ScanSort, ScanStatus, ScanType, Timestamp, TriggeredBy};

use crate::args::{Paging, known, name};
use crate::commands::Context;
use crate::commands::list::listed;
use crate::render::drift::SCANS;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  wsdb drift scans --repo orchard-core --type full --since 7d")]
pub(in crate::commands::drift) struct List {
    /// How they ended
    #[arg(long, value_delimiter = ',', value_parser = known::<ScanStatus>())]
    status: Vec<ScanStatus>,
    /// How much they looked at
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        value_delimiter = ',',
        value_parser = known::<ScanType>()
    )]
    scan_type: Vec<ScanType>,
    /// What set them off
    #[arg(
        long,
        value_name = "WHAT",
        value_delimiter = ',',
        value_parser = known::<TriggeredBy>()
    )]
    triggered_by: Vec<TriggeredBy>,
    /// A repo they looked at
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// Began since: a span such as 7d, or a time
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Timestamp>,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(in crate::commands::drift) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let filter = ScanFilter {
            status: self.status,
            scan_type: self.scan_type,
            triggered_by: self.triggered_by,
            repo: self.repo,
            since: self.since,
            sort: ScanSort::Start,
            reverse: !self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        listed::<DriftScan>(context, "scans", &filter, SCANS).await
    }
}
