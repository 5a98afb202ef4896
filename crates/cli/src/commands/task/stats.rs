//! `wsdb task stats`

use wsdb_core::TaskFilter;

use crate::context::Context;
use crate::ui::counts::print_counts;

pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
    let tasks = context.workspace.store.tasks();
    let all = TaskFilter::default();
    let by_status = tasks.count_by_status().await?;
    let by_priority = tasks.count_by_priority(&all).await?;
    print_counts(
        &context.ui,
        tasks.count(&all).await?,
        &[("by_status", by_status), ("by_priority", by_priority)],
    )
}
