//! How contexts are displayed.

use wsdb_app::views::ContextView;

use super::{fields, optional, when, when_if};
use crate::table::Column;
use crate::time::span;
use crate::ui::{Tone, Ui, visible};

/// Formats how long a visit lasted, or has lasted so far.
fn lasted(stay: &ContextView, ui: &Ui) -> String {
    match (stay.deactivated_at, stay.duration_seconds) {
        (_, Some(seconds)) => span(seconds),
        (Some(end), None) => span(end.seconds_since(stay.activated_at)),
        (None, None) => span(ui.now.seconds_since(stay.activated_at)),
    }
}

pub(crate) const CONTEXTS: &[Column<ContextView>] = &[
    Column::new("id", |c: &ContextView, _| c.id.to_string()).tone(|_| Tone::Strong),
    Column::new("repo", |c: &ContextView, _| c.repo.clone()).tone(|c| match c.deactivated_at {
        Some(_) => Tone::Plain,
        None => Tone::Good,
    }),
    Column::new("who", |c: &ContextView, _| {
        optional(c.activated_by.as_ref())
    })
    .spare(2),
    Column::new("start", |c: &ContextView, ui| ui.local(c.activated_at)),
    Column::new("end", |c: &ContextView, ui| {
        c.deactivated_at
            .map(|end| ui.clock(end))
            .unwrap_or_default()
    }),
    Column::new("duration", lasted),
    Column::new("changes", |c: &ContextView, _| {
        optional(c.operations_count.as_ref())
    })
    .spare(4)
    .where_any(),
    Column::new("notes", |c: &ContextView, _| {
        optional(c.context_notes.as_ref())
    })
    .flows(16)
    .spare(3)
    .where_any(),
    Column::new("path", |c: &ContextView, _| c.repo_path.clone())
        .flows(16)
        .spare(5),
];

pub(crate) fn context(stay: &ContextView, ui: &Ui) -> String {
    let title = format!("{}  {}", stay.id, visible(&stay.repo));
    format!("{}\n{}", ui.paint(Tone::Strong, &title), pairs(stay, ui))
}

/// Formats the current context.
pub(crate) fn current(stay: &ContextView, ui: &Ui) -> String {
    let title = ui.paint(Tone::Strong, &visible(&stay.repo));
    format!("{title}\n{}", pairs(stay, ui))
}

fn pairs(stay: &ContextView, ui: &Ui) -> String {
    ui.pairs(&[
        ("path", stay.repo_path.clone()),
        ("since", when(stay.activated_at, ui)),
        ("until", when_if(stay.deactivated_at, ui)),
        ("duration", lasted(stay, ui)),
        ("who", optional(stay.activated_by.as_ref())),
        ("previous", optional(stay.previous_context.as_ref())),
        ("notes", stay.context_notes.clone().unwrap_or_default()),
        ("changes", optional(stay.operations_count.as_ref())),
        ("context id", optional(stay.context_id.as_ref())),
        ("other fields", fields(&stay.document_fields)),
    ])
}
