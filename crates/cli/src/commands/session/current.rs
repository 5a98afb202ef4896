//! `wsdb session current`

use wsdb_app::{Error, open_session, show_session};

use crate::context::Context;
use crate::render;

pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
    let store = &context.workspace.store;
    let open = open_session(store, &context.actor).await?;
    let Some(session) = open else {
        return Err(Error::NoSession(context.actor.name.clone()).into());
    };
    let details = show_session(store, session).await?;
    if context.ui.is_json() {
        context.ui.print_json(&details)
    } else {
        context
            .ui
            .print(&render::session::render_session(&details, &context.ui))
    }
}
