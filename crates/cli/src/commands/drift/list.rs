//! `wsdb drift list`

use clap::{Args, ValueEnum};
use wsdb_app::resolve_or_keep;
use wsdb_core::{
    DetectionFilter, DetectionSort, DetectionStatus, DriftDetection, Severity, Timestamp,
    ViolationType,
};

use crate::args::{Paging, known, name, words};
use crate::commands::Context;
use crate::commands::list::listed;
use crate::render::drift::DETECTIONS;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(
    after_help = "Several values of a filter, with commas, mean any of them; several filters mean all of them. What
was ignored until a time counts as open when that is over.

Example:
  wsdb drift list --status open --repo orchard-core --file 'src/*.py' --sort file"
)]
pub(super) struct List {
    #[command(flatten)]
    which: Which,
    /// Whether they still stand
    #[arg(long, value_delimiter = ',', value_parser = known::<DetectionStatus>())]
    status: Vec<DetectionStatus>,
    /// Those that this scan found first
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    scan: Vec<String>,
    /// Those that this task mends
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    task: Vec<String>,
    /// Found since: a span such as 7d, or a time
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Timestamp>,
    /// The order
    #[arg(long, value_enum, default_value_t = Sort::Severity)]
    sort: Sort,
    #[command(flatten)]
    paging: Paging,
}

/// Which detections are looked at.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// How grave they are
    #[arg(long, short, value_delimiter = ',', value_parser = known::<Severity>())]
    severity: Vec<Severity>,
    /// What kind of rule is broken
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        value_delimiter = ',',
        value_parser = known::<ViolationType>()
    )]
    violation_type: Vec<ViolationType>,
    /// The repo
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// The component
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    component: Vec<String>,
    /// What the file's path begins with; with * or ? in it, what it is like, folders included
    #[arg(long, value_name = "PATH", value_delimiter = ',', value_parser = name)]
    file: Vec<String>,
    /// Words that all stand in id, file, component, rule, details or notes
    #[arg(long, value_name = "WORDS")]
    text: Vec<String>,
}

impl Which {
    pub(super) fn filter(self) -> DetectionFilter {
        DetectionFilter {
            severity: self.severity,
            violation_type: self.violation_type,
            repo: self.repo,
            component: self.component,
            file: self.file,
            text: words(&self.text),
            ..DetectionFilter::default()
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Sort {
    Severity,
    Detected,
    Seen,
    File,
    Status,
    Id,
}

impl List {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let store = &context.workspace.store;
        let drift = store.drift();
        let filter = DetectionFilter {
            status: self.status,
            scan: resolve_or_keep(&drift.scans(), &self.scan).await?,
            task: resolve_or_keep(&store.tasks(), &self.task).await?,
            since: self.since,
            now: Some(context.ui.now),
            sort: match self.sort {
                Sort::Severity => DetectionSort::Severity,
                Sort::Detected => DetectionSort::Detected,
                Sort::Seen => DetectionSort::Seen,
                Sort::File => DetectionSort::File,
                Sort::Status => DetectionSort::Status,
                Sort::Id => DetectionSort::Id,
            },
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
            ..self.which.filter()
        };
        listed::<DriftDetection>(context, "detections", &filter, DETECTIONS).await
    }
}
