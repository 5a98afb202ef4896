//! `wsdb decision stats`

use wsdb_app::views::{Counts, StatusCounts};
use wsdb_core::{DecisionFilter, DecisionStatus};

use crate::context::Context;
use crate::ui::counts::print_counts;

pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
    let decisions = context.workspace.store.decisions();
    let counts = StatusCounts {
        total: decisions.count(&DecisionFilter::default()).await?,
        by_status: Counts::by_vocabulary::<DecisionStatus>(decisions.count_by_status().await?),
    };
    let groups = [("by status", &counts.by_status)];
    print_counts(&context.ui, &counts, counts.total, &groups)
}
