//! `wsdb issue stats`

use wsdb_app::views::{Counts, IssueCounts};
use wsdb_core::{IssueFilter, IssueStatus, Severity};

use crate::context::Context;
use crate::ui::counts::print_counts;

pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
    let issues = context.workspace.store.issues();
    let all = IssueFilter::default();
    let counts = IssueCounts {
        total: issues.count(&all).await?,
        by_status: Counts::by_vocabulary::<IssueStatus>(issues.count_by_status().await?),
        by_severity: Counts::by_vocabulary::<Severity>(issues.count_by_severity(&all).await?),
    };
    let groups = [
        ("by status", &counts.by_status),
        ("by severity", &counts.by_severity),
    ];
    print_counts(&context.ui, &counts, counts.total, &groups)
}
