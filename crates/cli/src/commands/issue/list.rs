//! `wsdb issue list`

use clap::{Args, ValueEnum};
use wsdb_core::{Issue, IssueFilter, IssueSort, IssueStatus, Severity, Timestamp, Word};

use crate::args::{ISSUE_TYPES, Paging, known, name, suggested, words};
use crate::commands::Context;
use crate::commands::list::listed;
use crate::render::ISSUES;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(
    after_help = "Several values of a filter, with commas, mean any of them; several filters mean all of them.

Example:
  wsdb issue list --status open --severity CRITICAL,HIGH --sort severity"
)]
pub(crate) struct List {
    /// Whether they still stand
    #[arg(long, short, value_delimiter = ',', value_parser = known::<IssueStatus>())]
    status: Vec<IssueStatus>,
    /// How grave they are
    #[arg(long, value_delimiter = ',', value_parser = known::<Severity>())]
    severity: Vec<Severity>,
    /// What kind of issue
    #[arg(
        long = "type",
        value_name = "TYPE",
        value_delimiter = ',',
        value_parser = suggested(ISSUE_TYPES),
        hide_possible_values = true
    )]
    issue_type: Vec<Word>,
    /// A repo they touch
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// Who mends them
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    assigned_to: Vec<String>,
    /// Those that this task mends
    #[arg(long, value_name = "ID")]
    task: Option<String>,
    /// Words that all stand in id, title, description or action
    #[arg(long, short, value_name = "WORDS")]
    text: Vec<String>,
    /// Found since: a span such as 7d, or a time
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Timestamp>,
    /// The order
    #[arg(long, value_enum, default_value_t = Sort::Detected)]
    sort: Sort,
    #[command(flatten)]
    paging: Paging,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Sort {
    Detected,
    Severity,
    Status,
    Title,
    Id,
}

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let store = &context.workspace.store;
        let task = wsdb_app::resolve_or_keep(&store.tasks(), self.task.as_slice()).await?;
        let filter = IssueFilter {
            ids: Vec::new(),
            status: self.status,
            severity: self.severity,
            issue_type: self.issue_type,
            repo: self.repo,
            assigned_to: self.assigned_to,
            task: task.into_iter().next(),
            text: words(&self.text),
            since: self.since,
            sort: match self.sort {
                Sort::Detected => IssueSort::Detected,
                Sort::Severity => IssueSort::Severity,
                Sort::Status => IssueSort::Status,
                Sort::Title => IssueSort::Title,
                Sort::Id => IssueSort::Id,
            },
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        listed::<Issue>(context, "issues", &filter, ISSUES).await
    }
}
