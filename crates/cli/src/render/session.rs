//! How sessions and their activities are displayed.

use wsdb_app::views::{ActivityView, SessionDetails, SessionView};
use wsdb_core::SessionStatus;

use super::{fields, format_optional_time, format_time, json, list, optional};
use crate::table::Column;
use crate::time::local;
use crate::ui::{Style, Ui, escape_control_chars};

pub(crate) const SESSIONS: &[Column<SessionView>] = &[
    Column::new("id", |s: &SessionView, _| s.id.to_string()).tone(|_| Style::Strong),
    Column::new("status", |s: &SessionView, _| s.status.to_string()).tone(|s| {
        if s.status == SessionStatus::InProgress {
            Style::Warn
        } else {
            Style::Good
        }
    }),
    Column::new("user", |s: &SessionView, _| optional(s.user.as_ref())),
    Column::new("assistant", |s: &SessionView, _| {
        optional(s.ai_assistant.as_ref())
    })
    .drop_priority(2),
    Column::new("start", |s: &SessionView, ui| ui.local(s.start_time)),
    Column::new("end", |s: &SessionView, ui| {
        s.end_time.map(|time| ui.local(time)).unwrap_or_default()
    })
    .drop_priority(1),
];

pub(crate) const ACTIVITIES: &[Column<ActivityView>] = &[
    Column::new("id", |a: &ActivityView, _| a.id.to_string()).tone(|_| Style::Strong),
    Column::new("time", |a: &ActivityView, ui| ui.local(a.time)),
    Column::new("type", |a: &ActivityView, _| a.activity_type.to_string()),
    Column::new("description", |a: &ActivityView, _| a.description.clone()).min_width(24),
    Column::new("files", |a: &ActivityView, _| {
        list(&[a.files_created.clone(), a.files_modified.clone()].concat())
    })
    .min_width(14)
    .drop_priority(2),
    Column::new("outcome", |a: &ActivityView, _| {
        optional(a.outcome.as_ref())
    })
    .min_width(12)
    .drop_priority(3),
];

pub(crate) fn activity(activity: &ActivityView, ui: &Ui) -> String {
    let title = format!(
        "{}  {}",
        activity.id,
        escape_control_chars(&activity.description)
    );
    let pairs = [
        ("session", activity.session_id.to_string()),
        ("type", activity.activity_type.to_string()),
        ("time", format_time(activity.time, ui)),
        ("created", list(&activity.files_created)),
        ("modified", list(&activity.files_modified)),
        ("outcome", activity.outcome.clone().unwrap_or_default()),
        ("metadata", json(activity.extra_metadata.as_ref())),
        ("other fields", fields(&activity.document_fields)),
    ];
    format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        ui.format_pairs(&pairs)
    )
}

pub(crate) fn session(details: &SessionDetails, ui: &Ui) -> String {
    let session = &details.session;
    let pairs = [
        ("status", session.status.to_string()),
        ("user", optional(session.user.as_ref())),
        ("assistant", optional(session.ai_assistant.as_ref())),
        ("start", format_time(session.start_time, ui)),
        ("end", format_optional_time(session.end_time, ui)),
        ("decisions", list(&details.decisions_made)),
        ("issues", list(&details.issues_found)),
        ("changed", list(&details.touched)),
        ("handoff", session.handoff_notes.clone().unwrap_or_default()),
        ("other fields", fields(&session.document_fields)),
    ];
    let title = ui.paint(Style::Strong, session.id.as_str());
    let mut text = format!("{title}\n{}", ui.format_pairs(&pairs));
    if !details.activities.is_empty() {
        text.push_str("\n\n");
        text.push_str(
            &ui.table(
                &details.activities,
                &[
                    Column::new("time", |a: &ActivityView, _| local(a.time)),
                    Column::new("type", |a: &ActivityView, _| a.activity_type.to_string()),
                    Column::new("description", |a: &ActivityView, _| a.description.clone())
                        .min_width(24),
                    Column::new("files", |a: &ActivityView, _| {
                        list(&[a.files_created.clone(), a.files_modified.clone()].concat())
                    })
                    .min_width(14)
                    .drop_priority(1),
                    Column::new("outcome", |a: &ActivityView, _| {
                        optional(a.outcome.as_ref())
                    })
                    .min_width(12)
                    .drop_priority(2),
                ],
            ),
        );
    }
    text
}
