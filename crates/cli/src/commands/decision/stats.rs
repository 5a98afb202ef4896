//! `wsdb decision stats`

use wsdb_core::DecisionFilter;

use crate::context::Context;
use crate::ui::counts::print_counts;

pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
    let decisions = context.workspace.store.decisions();
    let by_status = decisions.count_by_status().await?;
    let total = decisions.count(&DecisionFilter::default()).await?;
    print_counts(&context.ui, total, &[("by_status", by_status)])
}
