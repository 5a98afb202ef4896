//! `wsdb context edit`

use wsdb_core::ContextSwitch;

use crate::commands::edit::{Edit, edit_records};
use crate::context::Context;

/// Edits visits; the duration follows from start and end.
pub(super) async fn run(command: Edit<ContextSwitch>, context: &Context) -> anyhow::Result<()> {
    let set = command.fields.resolve(context).await?;
    let edit = |visit: &mut ContextSwitch| {
        let period = (visit.activated_at, visit.deactivated_at);
        set(visit);
        if period != (visit.activated_at, visit.deactivated_at) {
            visit.update_duration();
        }
    };
    let edited = edit_records(context, "context edit", &command.targets, edit).await?;
    context.ui.print_records("visits", &edited, |visit| {
        format!("Edited {}  {}", visit.id, visit.repo)
    })
}
