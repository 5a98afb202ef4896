//! `wsdb context edit`

use wsdb_app::{Error as AppError, try_edit_records};
use wsdb_core::{ContextSwitch, Timestamp};

use crate::commands::edit::Edit;
use crate::context::Context;
use crate::error::UsageError;
use crate::time::{format_local, format_local_second, local_date, start_of};

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

/// Whether a visit would end before it starts. A date is the local day: a visit may end on the day on which it
/// starts.
fn is_before(end: Timestamp, start: Timestamp) -> bool {
    let start = start_of(start);
    if end.is_date() {
        end.date() < local_date(start)
    } else {
        end < start
    }
}

/// Edits visits; the duration follows from start and end.
pub(super) async fn run(command: Edit<ContextSwitch>, context: &Context) -> anyhow::Result<()> {
    let start: Option<Timestamp> = command.fields.value("start");
    let end: Option<Timestamp> = command.fields.value("end");
    if let (Some(start), Some(end)) = (start, end)
        && is_before(end, start)
    {
        return Err(UsageError(describe_end_before_start(start, end)).into());
    }
    let set = command.fields.resolve(context).await?;
    let edit = |visit: &mut ContextSwitch| {
        let period = (visit.activated_at, visit.deactivated_at);
        set(visit);
        let start = visit.activated_at;
        match visit.deactivated_at {
            Some(end) if is_before(end, start) => {
                return Err(AppError::Invalid(describe_end_before_start(start, end)));
            }
            _ => {}
        }
        if period != (start, visit.deactivated_at) {
            visit.update_duration();
        }
        Ok(())
    };
    let (workspace, actor, targets) = (&context.workspace, &context.actor, &command.targets);
    let (ids, expected) = (&targets.ids.ids, targets.expected()?);
    let edited = try_edit_records(workspace, actor, "context edit", ids, &expected, edit).await?;
    context.ui.print_records("visits", &edited, |visit| {
        format!("Edited {}  {}", visit.id, visit.repo)
    })
}
