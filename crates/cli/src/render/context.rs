//! How contexts are displayed.

use wsdb_app::views::ContextView;

use super::{format_fields, format_optional, format_optional_time, format_time};
use crate::table::Column;
use crate::time::{format_duration, start_of};
use crate::ui::{Style, Ui, escape_control_chars};

/// Formats how long a visit lasted, or has lasted so far.
pub(crate) fn format_visit_duration(visit: &ContextView, ui: &Ui) -> String {
    let end = visit.deactivated_at.map_or(ui.now, start_of);
    let seconds = || end.seconds_since(start_of(visit.activated_at));
    format_duration(visit.duration_seconds.unwrap_or_else(seconds))
}

pub(crate) const CONTEXTS: &[Column<ContextView>] = &[
    Column::new("id", |c: &ContextView, _| c.id.to_string()).tone(|_| Style::Strong),
    Column::new("repo", |c: &ContextView, _| c.repo.clone()).tone(|c| match c.deactivated_at {
        Some(_) => Style::Plain,
        None => Style::Good,
    }),
    Column::new("user", |c: &ContextView, _| {
        format_optional(c.activated_by.as_ref())
    })
    .drop_priority(2),
    Column::new("start", |c: &ContextView, ui| {
        ui.format_local(c.activated_at)
    }),
    Column::new("end", |c: &ContextView, ui| {
        c.deactivated_at
            .map(|end| ui.format_clock(end))
            .unwrap_or_default()
    }),
    Column::new("duration", format_visit_duration),
    Column::new("changes", |c: &ContextView, _| {
        format_optional(c.operations_count.as_ref())
    })
    .drop_priority(4)
    .hide_if_empty(),
    Column::new("notes", |c: &ContextView, _| {
        format_optional(c.context_notes.as_ref())
    })
    .min_width(16)
    .drop_priority(3)
    .hide_if_empty(),
    Column::new("path", |c: &ContextView, _| c.repo_path.clone())
        .min_width(16)
        .drop_priority(5),
];

pub(crate) fn render_context(visit: &ContextView, ui: &Ui) -> String {
    let title = format!("{}  {}", visit.id, escape_control_chars(&visit.repo));
    format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        render_fields(visit, ui)
    )
}

/// Formats the current context.
pub(crate) fn render_current_context(visit: &ContextView, ui: &Ui) -> String {
    let title = ui.paint(Style::Strong, &escape_control_chars(&visit.repo));
    format!("{title}\n{}", render_fields(visit, ui))
}

fn render_fields(visit: &ContextView, ui: &Ui) -> String {
    ui.format_pairs(&[
        ("path", visit.repo_path.clone()),
        ("start", format_time(visit.activated_at, ui)),
        ("end", format_optional_time(visit.deactivated_at, ui)),
        ("duration", format_visit_duration(visit, ui)),
        ("user", format_optional(visit.activated_by.as_ref())),
        ("previous", format_optional(visit.previous_context.as_ref())),
        ("notes", visit.context_notes.clone().unwrap_or_default()),
        ("changes", format_optional(visit.operations_count.as_ref())),
        ("context id", format_optional(visit.context_id.as_ref())),
        ("other fields", format_fields(&visit.document_fields)),
    ])
}
