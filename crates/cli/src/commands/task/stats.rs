//! `wsdb task stats`

use wsdb_app::views::{Counts, TaskCounts};
use wsdb_core::{Priority, TaskFilter, TaskStatus};

use crate::context::Context;
use crate::ui::counts::print_counts;

pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
    let tasks = context.workspace.store.tasks();
    let all = TaskFilter::default();
    let by_priority = tasks.count_by_priority(&all).await?;
    let counts = TaskCounts {
        total: tasks.count(&all).await?,
        by_status: Counts::by_vocabulary::<TaskStatus>(tasks.count_by_status().await?),
        by_priority: Counts::by_optional_vocabulary::<Priority>(by_priority),
    };
    let groups = [
        ("by status", &counts.by_status),
        ("by priority", &counts.by_priority),
    ];
    print_counts(&context.ui, &counts, counts.total, &groups)
}
