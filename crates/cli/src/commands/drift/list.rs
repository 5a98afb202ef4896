//! `wsdb drift list`

use clap::Args;
use wsdb_core::{
    DetectionFilter, DetectionSort, DetectionStatus, DriftDetection, DriftScan, Severity, Since,
    StatusChoice, Task, ViolationType,
};

use crate::args::{
    OpenArgs, Paging, chosen_statuses, name, repo_name, sort_parser, split_words, status_parser,
    vocabulary_parser,
};
use crate::commands::list::print_open_list;
use crate::commands::{note_unknown_components, resolve_filter};
use crate::context::Context;
use crate::render::drift::DETECTIONS;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(
    before_help = "A detection ignored with --until counts as open after that time.",
    after_help = "Examples:
  wsdb drift list --status open --repo orchard-core
  wsdb drift list --file 'src/*.py' --sort file"
)]
pub(super) struct List {
    #[command(flatten)]
    which: FilterArgs,
    /// Filter by status (comma-separated)
    #[arg(long, value_delimiter = ',', value_parser = status_parser::<DetectionStatus>())]
    status: Vec<StatusChoice<DetectionStatus>>,
    #[command(flatten)]
    finished: OpenArgs,
    /// Filter by the scan that first found the detection (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    scan: Vec<String>,
    /// Filter by the task that fixes the detection (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    task: Vec<String>,
    /// Only detections found since this time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    /// Sort order (times: oldest first)
    #[arg(long, default_value = "severity", value_parser = sort_parser(SORTS))]
    sort: DetectionSort,
    #[command(flatten)]
    paging: Paging,
}

/// The filters of a list of detections.
#[derive(Debug, Args)]
pub(super) struct FilterArgs {
    /// Filter by severity (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = vocabulary_parser::<Severity>())]
    severity: Vec<Severity>,
    /// Filter by type of violation (comma-separated)
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        value_delimiter = ',',
        value_parser = vocabulary_parser::<ViolationType>()
    )]
    violation_type: Vec<ViolationType>,
    /// Filter by repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Filter by component (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    component: Vec<String>,
    /// Filter by path prefix, or by a pattern with * or ? (comma-separated)
    #[arg(long, value_name = "PATH", value_delimiter = ',', value_parser = name)]
    file: Vec<String>,
    /// Filter by words in ID, file, component, rule, details or notes (all must occur)
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,
}

impl FilterArgs {
    /// Prints a note for each component that no detection has.
    pub(super) async fn note_unknown_components(&self, context: &Context) -> anyhow::Result<()> {
        note_unknown_components::<DriftDetection>(context, &self.component).await
    }

    pub(super) fn filter(self) -> DetectionFilter {
        DetectionFilter {
            severity: self.severity,
            violation_type: self.violation_type,
            repo: self.repo,
            component: self.component,
            file: self.file,
            text: split_words(&self.text),
            ..DetectionFilter::default()
        }
    }
}

const SORTS: &[(&str, DetectionSort)] = &[
    ("severity", DetectionSort::Severity),
    ("detected", DetectionSort::Detected),
    ("seen", DetectionSort::Seen),
    ("file", DetectionSort::File),
    ("status", DetectionSort::Status),
    ("id", DetectionSort::Id),
];

impl List {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        self.which.note_unknown_components(context).await?;
        let filter = DetectionFilter {
            status: chosen_statuses(self.status),
            open: None,
            scan: resolve_filter::<DriftScan>(context, &self.scan).await?,
            task: resolve_filter::<Task>(context, &self.task).await?,
            since: self.since,
            now: Some(context.ui.moment()),
            sort: self.sort,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
            ..self.which.filter()
        };
        print_open_list::<DriftDetection>(context, "detections", filter, &self.finished, DETECTIONS)
            .await
    }
}
