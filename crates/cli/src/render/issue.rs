//! How issues are displayed.

use wsdb_app::views::IssueView;
use wsdb_core::IssueStatus;

use super::{
    format_fields, format_json, format_list, format_optional, format_optional_time, format_time,
    level_tone,
};
use crate::table::Column;
use crate::ui::{Style, Ui, escape_control_chars};

pub(crate) const ISSUES: &[Column<IssueView>] = &[
    Column::new("id", |i: &IssueView, _| i.id.to_string()).tone(|_| Style::Strong),
    Column::new("status", |i: &IssueView, _| i.status.to_string()).tone(|i| {
        if i.status == IssueStatus::Open {
            Style::Warn
        } else {
            Style::Good
        }
    }),
    Column::new("severity", |i: &IssueView, _| i.severity.to_string())
        .tone(|i| level_tone(Some(i.severity))),
    Column::new("type", |i: &IssueView, _| i.issue_type.to_string()).drop_priority(4),
    Column::new("title", |i: &IssueView, _| i.title.clone()).min_width(24),
    Column::new("repos", |i: &IssueView, _| format_list(&i.repos_affected))
        .min_width(14)
        .drop_priority(2),
    Column::new("task", |i: &IssueView, _| {
        format_optional(i.related_task_id.as_ref())
    })
    .drop_priority(3),
    Column::new("detected", |i: &IssueView, ui| ui.format_age(i.detected))
        .tone(|_| Style::Faint)
        .drop_priority(1),
];

pub(crate) fn render_issue(issue: &IssueView, ui: &Ui) -> String {
    let title = format!("{}  {}", issue.id, escape_control_chars(&issue.title));
    // An issue that was closed without being resolved, or reopened, has notes in the same field.
    let (ended, by, notes) = match issue.status {
        IssueStatus::Resolved => ("resolved", "resolved by", "resolution"),
        _ => ("closed", "closed by", "notes"),
    };
    let pairs = [
        ("status", issue.status.to_string()),
        ("severity", issue.severity.to_string()),
        ("type", issue.issue_type.to_string()),
        ("repos", format_list(&issue.repos_affected)),
        ("assigned to", format_optional(issue.assigned_to.as_ref())),
        ("task", format_optional(issue.related_task_id.as_ref())),
        ("detected", format_time(issue.detected, ui)),
        ("detected by", format_optional(issue.detected_by.as_ref())),
        ("description", issue.description.clone().unwrap_or_default()),
        ("action", issue.action_required.clone().unwrap_or_default()),
        (ended, format_optional_time(issue.resolved_at, ui)),
        (by, format_optional(issue.resolved_by.as_ref())),
        (notes, issue.resolution_notes.clone().unwrap_or_default()),
        ("metadata", format_json(issue.extra_metadata.as_ref())),
        ("other fields", format_fields(&issue.document_fields)),
    ];
    format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        ui.format_pairs(&pairs)
    )
}
