//! How tasks are displayed.

use wsdb_app::views::{BlockedTask, BlockerView, ClaimView, ReadyTask, TaskDetails, TaskView};
use wsdb_core::Task;

use super::{
    format_claim, format_fields, format_json, format_list, format_optional, format_optional_time,
    format_time, level_tone, task_tone,
};
use crate::commands::fields::shown_fields;
use crate::table::Column;
use crate::time::format_until;
use crate::ui::{Style, Ui, escape_control_chars};

fn claim_tone(claim: Option<&ClaimView>) -> Style {
    if claim.is_some_and(|claim| claim.expired) {
        Style::Faint
    } else {
        Style::Warn
    }
}

pub(crate) const TASKS: &[Column<TaskView>] = &[
    Column::new("id", |t: &TaskView, _| t.id.to_string()).tone(|_| Style::Strong),
    Column::new("status", |t: &TaskView, _| t.status.to_string()).tone(|t| task_tone(t.status)),
    Column::new("priority", |t: &TaskView, _| {
        format_optional(t.priority.as_ref())
    })
    .tone(|t| level_tone(t.priority)),
    Column::new("title", |t: &TaskView, _| t.title.clone()).min_width(24),
    Column::new("repos", |t: &TaskView, _| format_list(&t.repos_affected))
        .min_width(14)
        .drop_priority(2),
    Column::new("assigned to", |t: &TaskView, _| {
        format_optional(t.assigned_to.as_ref())
    })
    .drop_priority(3),
    Column::new("claim", |t: &TaskView, ui| {
        format_claim(t.claim.as_ref(), false, ui)
    })
    .tone(|t| claim_tone(t.claim.as_ref()))
    .hide_if_empty(),
    Column::new("updated", |t: &TaskView, ui| ui.format_age(t.updated))
        .tone(|_| Style::Faint)
        .drop_priority(1),
];

pub(crate) const READY: &[Column<ReadyTask>] = &[
    Column::new("id", |r: &ReadyTask, _| r.task.id.to_string()).tone(|_| Style::Strong),
    Column::new("status", |r: &ReadyTask, _| r.task.status.to_string())
        .tone(|r| task_tone(r.task.status))
        .drop_priority(4),
    Column::new("priority", |r: &ReadyTask, _| {
        format_optional(r.task.priority.as_ref())
    })
    .tone(|r| level_tone(r.task.priority)),
    Column::new("blocks", |r: &ReadyTask, _| r.blocks_count.to_string()),
    Column::new("title", |r: &ReadyTask, _| r.task.title.clone()).min_width(24),
    Column::new("repos", |r: &ReadyTask, _| {
        format_list(&r.task.repos_affected)
    })
    .min_width(14)
    .drop_priority(2),
    Column::new("assigned to", |r: &ReadyTask, _| {
        format_optional(r.task.assigned_to.as_ref())
    })
    .drop_priority(3),
    Column::new("claim", |r: &ReadyTask, ui| {
        format_claim(r.task.claim.as_ref(), r.mine, ui)
    })
    .tone(|r| claim_tone(r.task.claim.as_ref()))
    .hide_if_empty(),
    Column::new("created", |r: &ReadyTask, ui| ui.format_age(r.task.created))
        .tone(|_| Style::Faint)
        .drop_priority(1),
];

pub(crate) const BLOCKED: &[Column<BlockedTask>] = &[
    Column::new("id", |b: &BlockedTask, _| b.task.id.to_string()).tone(|_| Style::Strong),
    Column::new("status", |b: &BlockedTask, _| b.task.status.to_string())
        .tone(|b| task_tone(b.task.status)),
    Column::new("priority", |b: &BlockedTask, _| {
        format_optional(b.task.priority.as_ref())
    })
    .tone(|b| level_tone(b.task.priority)),
    Column::new("title", |b: &BlockedTask, _| b.task.title.clone()).min_width(24),
    Column::new("blocked by", |b: &BlockedTask, _| {
        BlockerView::format_all(&b.blocked_by)
    })
    .min_width(26),
    Column::new("reason", |b: &BlockedTask, _| {
        b.blocked_reason.clone().unwrap_or_default()
    })
    .min_width(16)
    .hide_if_empty(),
    Column::new("repos", |b: &BlockedTask, _| {
        format_list(&b.task.repos_affected)
    })
    .min_width(14)
    .drop_priority(1),
    Column::new("assigned to", |b: &BlockedTask, _| {
        format_optional(b.task.assigned_to.as_ref())
    })
    .drop_priority(2),
];

fn format_claimed_by(view: Option<&ClaimView>, ui: &Ui) -> String {
    let Some(claim) = view else {
        return String::new();
    };
    let until = if claim.expired {
        format!("{}; can be claimed", super::format_claim(view, false, ui))
    } else {
        format!(
            "{} until {}",
            claim.holder,
            format_until(claim.expires, ui.now)
        )
    };
    let session = claim.session_id.as_ref();
    let session = session.map(|id| format!(", in {id}")).unwrap_or_default();
    format!("{until}{session}")
}

pub(crate) fn render_task(details: &TaskDetails, ui: &Ui) -> String {
    let task = &details.task;
    let title = format!("{}  {}", task.id, escape_control_chars(&task.title));
    let mut pairs = vec![
        ("status", task.status.to_string()),
        ("priority", format_optional(task.priority.as_ref())),
        ("repos", format_list(&task.repos_affected)),
        ("assigned to", format_optional(task.assigned_to.as_ref())),
        ("claimed by", format_claimed_by(task.claim.as_ref(), ui)),
        ("depends on", format_list(&task.dependencies)),
        ("blocked by", BlockerView::format_all(&details.blocked_by)),
        ("blocks", format_list(&details.blocks)),
        ("decisions", format_list(&details.decisions)),
        ("created", format_time(task.created, ui)),
        ("updated", format_time(task.updated, ui)),
        ("started", format_optional_time(task.started_at, ui)),
        ("completed", format_optional_time(task.completed_at, ui)),
        ("session", format_optional(task.session_created.as_ref())),
        ("files", format_list(&task.related_files)),
        ("description", task.description.clone().unwrap_or_default()),
        ("notes", task.notes.clone().unwrap_or_default()),
    ];
    let shown = shown_fields::<Task>(task);
    pairs.extend(
        shown
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone())),
    );
    pairs.extend([
        ("metadata", format_json(task.extra_metadata.as_ref())),
        ("other fields", format_fields(&task.document_fields)),
    ]);
    format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        ui.format_pairs(&pairs)
    )
}
