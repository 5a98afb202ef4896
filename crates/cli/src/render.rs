//! How records are displayed: the columns of lists, and the lines of a single record.

pub(crate) mod architecture;
mod configuration;
pub(crate) mod context;
mod decision;
pub(crate) mod drift;
mod session;

use serde_json::Value;
use wsdb_app::views::{
    Blocked, BlockerView, ClaimView, IssueView, ReadyTask, TaskDetails, TaskView,
};
use wsdb_core::{Fields, IssueStatus, Level, TaskStatus};

pub(crate) use self::configuration::{
    CONFIGURATION_CHANGES, SNAPSHOTS, change_line, change_tone, configuration_change, snapshot,
};
pub(crate) use self::decision::{DECISIONS, decision};
pub(crate) use self::session::{ACTIVITIES, SESSIONS, activity, session};
use crate::table::Column;
use crate::time::{local, relative, until};
use crate::ui::{Tone, Ui, visible};

pub(crate) fn task_tone(status: TaskStatus) -> Tone {
    match status {
        TaskStatus::InProgress => Tone::Warn,
        TaskStatus::Blocked => Tone::Bad,
        TaskStatus::Completed => Tone::Good,
        TaskStatus::Closed | TaskStatus::Cancelled | TaskStatus::Deferred | TaskStatus::Backlog => {
            Tone::Faint
        }
        TaskStatus::Pending | TaskStatus::Approved | TaskStatus::Planning => Tone::Plain,
    }
}

pub(crate) fn level_tone(level: Option<Level>) -> Tone {
    match level {
        Some(Level::Critical) => Tone::Bad,
        Some(Level::High) => Tone::Warn,
        Some(Level::Medium) => Tone::Plain,
        Some(Level::Low) | None => Tone::Faint,
    }
}

pub(crate) fn optional<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

pub(crate) fn list<T: ToString>(values: &[T]) -> String {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    values.join(", ")
}

pub(crate) fn json(value: Option<&Value>) -> String {
    value.map(Value::to_string).unwrap_or_default()
}

pub(crate) fn fields(fields: &Fields) -> String {
    if fields.is_empty() {
        String::new()
    } else {
        Value::Object(fields.clone()).to_string()
    }
}

pub(crate) fn when(time: wsdb_core::Timestamp, ui: &Ui) -> String {
    let (local, relative) = (local(time), relative(time, ui.now));
    match local.starts_with(&relative) {
        true => local,
        false => format!("{local} ({relative})"),
    }
}

/// Formats who has claimed a task, and until when.
pub(crate) fn claim(claim: Option<&ClaimView>, mine: bool, ui: &Ui) -> String {
    match claim {
        Some(claim) if claim.expired => {
            format!("{}, expired {}", claim.holder, ui.ago(claim.expires))
        }
        Some(claim) => {
            let holder = if mine { "you" } else { &claim.holder };
            format!("{holder} until {}", ui.clock(claim.expires))
        }
        None => String::new(),
    }
}

fn claim_tone(claim: Option<&ClaimView>) -> Tone {
    match claim.is_some_and(|claim| claim.expired) {
        true => Tone::Faint,
        false => Tone::Warn,
    }
}

pub(crate) fn when_if(time: Option<wsdb_core::Timestamp>, ui: &Ui) -> String {
    time.map(|time| when(time, ui)).unwrap_or_default()
}

pub(crate) const TASKS: &[Column<TaskView>] = &[
    Column::new("id", |t: &TaskView, _| t.id.to_string()).tone(|_| Tone::Strong),
    Column::new("status", |t: &TaskView, _| t.status.to_string()).tone(|t| task_tone(t.status)),
    Column::new("priority", |t: &TaskView, _| optional(t.priority.as_ref()))
        .tone(|t| level_tone(t.priority)),
    Column::new("title", |t: &TaskView, _| t.title.clone()).flows(24),
    Column::new("repos", |t: &TaskView, _| list(&t.repos_affected))
        .flows(14)
        .spare(2),
    Column::new("assigned to", |t: &TaskView, _| {
        optional(t.assigned_to.as_ref())
    })
    .spare(3),
    Column::new("claim", |t: &TaskView, ui| {
        claim(t.claim.as_ref(), false, ui)
    })
    .tone(|t| claim_tone(t.claim.as_ref()))
    .where_any(),
    Column::new("updated", |t: &TaskView, ui| ui.ago(t.updated))
        .tone(|_| Tone::Faint)
        .spare(1),
];

pub(crate) const READY: &[Column<ReadyTask>] = &[
    Column::new("id", |r: &ReadyTask, _| r.task.id.to_string()).tone(|_| Tone::Strong),
    Column::new("status", |r: &ReadyTask, _| r.task.status.to_string())
        .tone(|r| task_tone(r.task.status))
        .spare(4),
    Column::new("priority", |r: &ReadyTask, _| {
        optional(r.task.priority.as_ref())
    })
    .tone(|r| level_tone(r.task.priority)),
    Column::new("blocks", |r: &ReadyTask, _| r.unblocks_count.to_string()),
    Column::new("title", |r: &ReadyTask, _| r.task.title.clone()).flows(24),
    Column::new("repos", |r: &ReadyTask, _| list(&r.task.repos_affected))
        .flows(14)
        .spare(2),
    Column::new("assigned to", |r: &ReadyTask, _| {
        optional(r.task.assigned_to.as_ref())
    })
    .spare(3),
    Column::new("claim", |r: &ReadyTask, ui| {
        claim(r.task.claim.as_ref(), r.mine, ui)
    })
    .tone(|r| claim_tone(r.task.claim.as_ref()))
    .where_any(),
    Column::new("created", |r: &ReadyTask, ui| ui.ago(r.task.created))
        .tone(|_| Tone::Faint)
        .spare(1),
];

pub(crate) const BLOCKED: &[Column<Blocked>] = &[
    Column::new("id", |b: &Blocked, _| b.task.id.to_string()).tone(|_| Tone::Strong),
    Column::new("status", |b: &Blocked, _| b.task.status.to_string())
        .tone(|b| task_tone(b.task.status)),
    Column::new("priority", |b: &Blocked, _| {
        optional(b.task.priority.as_ref())
    })
    .tone(|b| level_tone(b.task.priority)),
    Column::new("title", |b: &Blocked, _| b.task.title.clone()).flows(24),
    Column::new("blocked by", |b: &Blocked, _| blockers(&b.waits_for)).flows(26),
    Column::new("repos", |b: &Blocked, _| list(&b.task.repos_affected))
        .flows(14)
        .spare(1),
    Column::new("assigned to", |b: &Blocked, _| {
        optional(b.task.assigned_to.as_ref())
    })
    .spare(2),
];

/// Formats open dependencies, each with its status.
pub(crate) fn blockers(blockers: &[BlockerView]) -> String {
    let shown: Vec<String> = blockers
        .iter()
        .map(|b| {
            let status = b.status.map_or("missing", wsdb_core::Vocabulary::word);
            format!("{} ({status})", b.id)
        })
        .collect();
    shown.join(", ")
}

pub(crate) const ISSUES: &[Column<IssueView>] = &[
    Column::new("id", |i: &IssueView, _| i.id.to_string()).tone(|_| Tone::Strong),
    Column::new("status", |i: &IssueView, _| i.status.to_string()).tone(|i| {
        if i.status == IssueStatus::Open {
            Tone::Warn
        } else {
            Tone::Good
        }
    }),
    Column::new("severity", |i: &IssueView, _| i.severity.to_string())
        .tone(|i| level_tone(Some(i.severity))),
    Column::new("type", |i: &IssueView, _| i.issue_type.to_string()).spare(4),
    Column::new("title", |i: &IssueView, _| i.title.clone()).flows(24),
    Column::new("repos", |i: &IssueView, _| list(&i.repos_affected))
        .flows(14)
        .spare(2),
    Column::new("task", |i: &IssueView, _| {
        optional(i.related_task_id.as_ref())
    })
    .spare(3),
    Column::new("detected", |i: &IssueView, ui| ui.ago(i.detected))
        .tone(|_| Tone::Faint)
        .spare(1),
];

fn claimed_by(view: Option<&ClaimView>, ui: &Ui) -> String {
    let Some(claim) = view else {
        return String::new();
    };
    let until = match claim.expired {
        true => format!("{}; can be claimed", self::claim(view, false, ui)),
        false => format!("{} until {}", claim.holder, until(claim.expires, ui.now)),
    };
    let session = claim.session_id.as_ref();
    let session = session.map(|id| format!(", in {id}")).unwrap_or_default();
    format!("{until}{session}")
}

pub(crate) fn task(details: &TaskDetails, ui: &Ui) -> String {
    let task = &details.task;
    let title = format!("{}  {}", task.id, visible(&task.title));
    let pairs = [
        ("status", task.status.to_string()),
        ("priority", optional(task.priority.as_ref())),
        ("repos", list(&task.repos_affected)),
        ("assigned to", optional(task.assigned_to.as_ref())),
        ("claimed by", claimed_by(task.claim.as_ref(), ui)),
        ("depends on", list(&task.dependencies)),
        ("blocked by", blockers(&details.waits_for)),
        ("blocks", list(&details.unblocks)),
        ("decisions", list(&details.decisions)),
        ("created", when(task.created, ui)),
        ("updated", when(task.updated, ui)),
        ("started", when_if(task.started_at, ui)),
        ("completed", when_if(task.completed_at, ui)),
        ("session", optional(task.session_created.as_ref())),
        ("files", list(&task.related_files)),
        ("description", task.description.clone().unwrap_or_default()),
        ("notes", task.notes.clone().unwrap_or_default()),
        ("workflow", optional(task.workflow_id.as_ref())),
        ("assigned repo", optional(task.assigned_repo.as_ref())),
        ("assigned by", optional(task.assigned_by.as_ref())),
        ("plan grade", optional(task.bastard_plan_grade.as_ref())),
        (
            "completion grade",
            optional(task.bastard_completion_grade.as_ref()),
        ),
        ("scale tier", optional(task.scale_tier.as_ref())),
        ("metadata", json(task.extra_metadata.as_ref())),
        ("other fields", fields(&task.document_fields)),
    ];
    format!("{}\n{}", ui.paint(Tone::Strong, &title), ui.pairs(&pairs))
}

pub(crate) fn issue(issue: &IssueView, ui: &Ui) -> String {
    let title = format!("{}  {}", issue.id, visible(&issue.title));
    let pairs = [
        ("status", issue.status.to_string()),
        ("severity", issue.severity.to_string()),
        ("type", issue.issue_type.to_string()),
        ("repos", list(&issue.repos_affected)),
        ("assigned to", optional(issue.assigned_to.as_ref())),
        ("task", optional(issue.related_task_id.as_ref())),
        ("detected", when(issue.detected, ui)),
        ("detected by", optional(issue.detected_by.as_ref())),
        ("description", issue.description.clone().unwrap_or_default()),
        ("action", issue.action_required.clone().unwrap_or_default()),
        ("resolved", when_if(issue.resolved_at, ui)),
        ("resolved by", optional(issue.resolved_by.as_ref())),
        (
            "resolution",
            issue.resolution_notes.clone().unwrap_or_default(),
        ),
        ("metadata", json(issue.extra_metadata.as_ref())),
        ("other fields", fields(&issue.document_fields)),
    ];
    format!("{}\n{}", ui.paint(Tone::Strong, &title), ui.pairs(&pairs))
}
