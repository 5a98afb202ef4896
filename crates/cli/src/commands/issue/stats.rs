//! `wsdb issue stats`

use wsdb_core::IssueFilter;

use crate::context::Context;
use crate::ui::counts::print_counts;

pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
    let issues = context.workspace.store.issues();
    let all = IssueFilter::default();
    let by_status = issues.count_by_status().await?;
    let by_severity = issues.count_by_severity(&all).await?;
    print_counts(
        &context.ui,
        issues.count(&all).await?,
        &[("by_status", by_status), ("by_severity", by_severity)],
    )
}
