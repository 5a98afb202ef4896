//! `wsdb context edit`

use wsdb_core::{ContextSwitch, Timestamp};

use crate::commands::edit::{Edit, edit_records};
use crate::context::Context;
use crate::error::UsageError;
use crate::time::start_of;

/// Edits visits; the duration follows from start and end.
pub(super) async fn run(command: Edit<ContextSwitch>, context: &Context) -> anyhow::Result<()> {
    let start: Option<Timestamp> = command.fields.value("start");
    let end: Option<Timestamp> = command.fields.value("end");
    if let (Some(start), Some(end)) = (start, end)
        && start_of(end) < start_of(start)
    {
        return Err(UsageError(format!("the end {end} is before the start {start}")).into());
    }
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
