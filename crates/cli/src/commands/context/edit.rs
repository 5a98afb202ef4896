//! `wsdb context edit`

use wsdb_app::Error as AppError;
use wsdb_core::{ContextSwitch, Timestamp};

use crate::commands::edit::{Edit, edit_records};
use crate::context::Context;
use crate::error::UsageError;
use crate::time::{format_local, format_local_second, start_of};

/// Describes the problem in local time, with the seconds if the minutes are the same.
fn describe_end_before_start(start: Timestamp, end: Timestamp) -> String {
    let minutes = [end, start].map(format_local);
    let [end, start] = if minutes[0] == minutes[1] {
        [end, start].map(format_local_second)
    } else {
        minutes
    };
    format!("the end {end} is before the start {start}")
}

/// Edits visits; the duration follows from start and end.
pub(super) async fn run(command: Edit<ContextSwitch>, context: &Context) -> anyhow::Result<()> {
    let start: Option<Timestamp> = command.fields.value("start");
    let end: Option<Timestamp> = command.fields.value("end");
    if let (Some(start), Some(end)) = (start, end)
        && start_of(end) < start_of(start)
    {
        return Err(UsageError(describe_end_before_start(start, end)).into());
    }
    let set = command.fields.resolve(context).await?;
    let edit = |visit: &mut ContextSwitch| {
        let period = (visit.activated_at, visit.deactivated_at);
        set(visit);
        if period != (visit.activated_at, visit.deactivated_at) {
            visit.update_duration();
        }
    };
    let edited = edit_records(context, "context edit", &command.targets, edit).await;
    let edited = edited.map_err(|error| match error.downcast_ref() {
        Some(AppError::EndBeforeStart { start, end }) => {
            AppError::Invalid(describe_end_before_start(*start, *end)).into()
        }
        _ => error,
    })?;
    context.ui.print_records("visits", &edited, |visit| {
        format!("Edited {}  {}", visit.id, visit.repo)
    })
}
