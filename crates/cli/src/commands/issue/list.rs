//! `wsdb issue list`

use clap::Args;
use wsdb_core::{
    Issue, IssueFilter, IssueSort, IssueStatus, Label, Severity, Since, StatusChoice, Task,
};

use crate::args::{
    ISSUE_TYPES, OpenArgs, Paging, chosen_statuses, label_parser, name, repo_name, sort_parser,
    split_words, status_parser, vocabulary_parser,
};
use crate::commands::list::print_open_list;
use crate::commands::{note_unknown_values, resolve_filter};
use crate::context::Context;
use crate::render::issue::ISSUES;
use crate::time::parse_since;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb issue list --status open --severity CRITICAL,HIGH --sort severity")]
pub(crate) struct List {
    /// Filter by status (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = status_parser::<IssueStatus>())]
    status: Vec<StatusChoice<IssueStatus>>,
    #[command(flatten)]
    which: OpenArgs,
    /// Filter by severity (comma-separated)
    #[arg(long, value_delimiter = ',', value_parser = vocabulary_parser::<Severity>())]
    severity: Vec<Severity>,
    /// Filter by type, such as code_creep (comma-separated)
    #[arg(
        long = "type",
        value_name = "TYPE",
        value_delimiter = ',',
        value_parser = label_parser(ISSUE_TYPES),
        hide_possible_values = true
    )]
    issue_type: Vec<Label>,
    /// Filter by affected repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Filter by assignee (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    assigned_to: Vec<String>,
    /// Only issues assigned to nobody
    #[arg(long, conflicts_with_all = ["assigned_to", "mine"])]
    unassigned: bool,
    /// Only issues assigned to you
    #[arg(long, conflicts_with = "assigned_to")]
    mine: bool,
    /// Filter by the task that fixes the issue
    #[arg(long, value_name = "ID")]
    task: Option<String>,
    /// Filter by words in ID, title, description or action (all must occur)
    #[arg(long, short, value_name = "TEXT")]
    text: Vec<String>,
    /// Only issues detected since this time, such as 7d (ago) or 2025-11-20
    #[arg(long, value_parser = parse_since, value_name = "WHEN")]
    since: Option<Since>,
    /// Sort order (times: oldest first)
    #[arg(long, default_value = "detected", value_parser = sort_parser(SORTS))]
    sort: IssueSort,
    #[command(flatten)]
    paging: Paging,
}

const SORTS: &[(&str, IssueSort)] = &[
    ("detected", IssueSort::Detected),
    ("severity", IssueSort::Severity),
    ("status", IssueSort::Status),
    ("title", IssueSort::Title),
    ("id", IssueSort::Id),
];

impl List {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let types = self.issue_type.iter().map(Label::as_str);
        note_unknown_values::<Issue>(context, "issue type", "issue_type", types, ISSUE_TYPES)
            .await?;
        let task = resolve_filter::<Task>(context, self.task.as_slice()).await?;
        let mut assigned_to = self.assigned_to;
        assigned_to.extend(self.mine.then(|| context.actor.name.clone()));
        let filter = IssueFilter {
            ids: Vec::new(),
            status: chosen_statuses(self.status),
            open: None,
            severity: self.severity,
            issue_type: self.issue_type,
            repo: self.repo,
            assigned_to,
            assigned: self.unassigned.then_some(false),
            task: task.into_iter().next(),
            text: split_words(&self.text),
            since: self.since,
            sort: self.sort,
            reverse: self.paging.reverse,
            page: self.paging.page(context.ui.format),
        };
        print_open_list::<Issue>(context, "issues", filter, &self.which, ISSUES).await
    }
}
