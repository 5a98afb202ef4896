//! `wsdb session stats`

use wsdb_app::views::StatusCounts;
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
    let counts = StatusCounts {
        total,
        by_status: by_status.into_iter().collect(),
    };
    let groups = [("by status", &counts.by_status)];
    print_counts(&context.ui, &counts, counts.total, &groups)
}
