//! How sessions and their activities are displayed.

use wsdb_app::views::{ActivityView, SessionDetails, SessionView};
use wsdb_core::SessionStatus;

use super::{
    format_fields, format_json, format_list, format_optional, format_optional_time, format_time,
};
use crate::table::Column;
use crate::time::format_local;
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
    Column::new("user", |s: &SessionView, _| {
        format_optional(s.user.as_ref())
    }),
    Column::new("assistant", |s: &SessionView, _| {
        format_optional(s.ai_assistant.as_ref())
    })
    .drop_priority(2),
    Column::new("start", |s: &SessionView, ui| ui.format_local(s.start_time)),
    Column::new("end", |s: &SessionView, ui| {
        s.end_time
            .map(|time| ui.format_local(time))
            .unwrap_or_default()
    })
    .drop_priority(1),
];

pub(crate) const ACTIVITIES: &[Column<ActivityView>] = &[
    Column::new("id", |a: &ActivityView, _| a.id.to_string()).tone(|_| Style::Strong),
    Column::new("time", |a: &ActivityView, ui| ui.format_local(a.time)),
    Column::new("type", |a: &ActivityView, _| a.activity_type.to_string()),
    Column::new("description", |a: &ActivityView, _| a.description.clone()).min_width(24),
    Column::new("files", |a: &ActivityView, _| {
        format_list(&[a.files_created.clone(), a.files_modified.clone()].concat())
    })
    .min_width(14)
    .drop_priority(2),
    Column::new("outcome", |a: &ActivityView, _| {
        format_optional(a.outcome.as_ref())
    })
    .min_width(12)
    .drop_priority(3),
];

pub(crate) fn render_activity(activity: &ActivityView, ui: &Ui) -> String {
    let title = format!(
        "{}  {}",
        activity.id,
        escape_control_chars(&activity.description)
    );
    let pairs = [
        ("session", activity.session_id.to_string()),
        ("type", activity.activity_type.to_string()),
        ("time", format_time(activity.time, ui)),
        ("created", format_list(&activity.files_created)),
        ("modified", format_list(&activity.files_modified)),
        ("outcome", activity.outcome.clone().unwrap_or_default()),
        ("metadata", format_json(activity.extra_metadata.as_ref())),
        ("other fields", format_fields(&activity.document_fields)),
    ];
    format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        ui.format_pairs(&pairs)
    )
}

pub(crate) fn render_session(details: &SessionDetails, ui: &Ui) -> String {
    let session = &details.session;
    let pairs = [
        ("status", session.status.to_string()),
        ("user", format_optional(session.user.as_ref())),
        ("assistant", format_optional(session.ai_assistant.as_ref())),
        ("start", format_time(session.start_time, ui)),
        ("end", format_optional_time(session.end_time, ui)),
        ("decisions", format_list(&details.decisions_made)),
        ("issues", format_list(&details.issues_found)),
        ("changed", format_list(&details.changed_records)),
        (
            "handoff notes",
            session.handoff_notes.clone().unwrap_or_default(),
        ),
        ("other fields", format_fields(&session.document_fields)),
    ];
    let title = ui.paint(Style::Strong, session.id.as_str());
    let mut text = format!("{title}\n{}", ui.format_pairs(&pairs));
    if !details.activities.is_empty() {
        text.push_str("\n\n");
        text.push_str(
            &ui.table(
                &details.activities,
                &[
                    Column::new("time", |a: &ActivityView, _| format_local(a.time)),
                    Column::new("type", |a: &ActivityView, _| a.activity_type.to_string()),
                    Column::new("description", |a: &ActivityView, _| a.description.clone())
                        .min_width(24),
                    Column::new("files", |a: &ActivityView, _| {
                        format_list(&[a.files_created.clone(), a.files_modified.clone()].concat())
                    })
                    .min_width(14)
                    .drop_priority(1),
                    Column::new("outcome", |a: &ActivityView, _| {
                        format_optional(a.outcome.as_ref())
                    })
                    .min_width(12)
                    .drop_priority(2),
                ],
            ),
        );
    }
    text
}
