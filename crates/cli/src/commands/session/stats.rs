//! `wsdb session stats`

use wsdb_core::{SessionFilter, SessionStatus, Vocabulary};

use crate::context::Context;
use crate::ui::counts::print_counts;

pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
    let sessions = context.workspace.store.sessions();
    let mut by_status = Vec::new();
    for status in SessionStatus::ALL {
        let filter = SessionFilter {
            status: vec![*status],
            ..SessionFilter::default()
        };
        by_status.push((status.to_string(), sessions.count(&filter).await?));
    }
    let total = sessions.count(&SessionFilter::default()).await?;
    print_counts(&context.ui, total, &[("by_status", by_status)])
}
