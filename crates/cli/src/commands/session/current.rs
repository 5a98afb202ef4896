//! `wsdb session current`

use wsdb_app::{resolve_session, show_session};

use crate::context::Context;
use crate::render;

pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
    let store = &context.workspace.store;
    let id = resolve_session(store, &context.actor, None).await?;
    let session = store.sessions().get(&id).await?;
    let details = show_session(store, session).await?;
    if context.ui.is_json() {
        context.ui.print_json(&details)
    } else {
        context
            .ui
            .print(&render::session::render_session(&details, &context.ui))
    }
}
