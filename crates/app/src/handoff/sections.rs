//! Sections on tasks, issues, drift, decisions and the current repo.

use std::collections::HashSet;

use wsdb_core::{
    DecisionFilter, DetectionFilter, DetectionSort, DetectionStatus, IssueFilter, IssueSort,
    IssueStatus, Page, Priority, TaskFilter, TaskStatus, Timestamp, Vocabulary,
};
use wsdb_store::{Connection, Store};

use super::layout::{
    BYTES_PER_TOKEN, MAX_RECORDS_PER_SECTION, SectionDraft, format_utc, format_utc_minute,
};
use crate::task::in_progress::{tasks_in_progress_of, tasks_in_progress_of_others};
use crate::task::queue::{STARTED, unassigned_tasks};
use crate::views::{BlockerView, Line, Listing, TaskView};
use crate::{Actor, Error, blocked_tasks, list_commands, list_tasks, ready_tasks};

/// Returns the tasks that the actor works on.
pub(super) async fn own_tasks<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<SectionDraft, Error> {
    let own_tasks = tasks_in_progress_of(
        store,
        actor,
        &TaskFilter::default(),
        MAX_RECORDS_PER_SECTION,
    )
    .await?;
    let unread = own_tasks.total - own_tasks.first.len() as u64;
    let lines = own_tasks
        .first
        .iter()
        .flat_map(|task| {
            let claim = task.claim.as_ref();
            let remark = claim.map(|claim| claim.format_for(&actor.name, format_utc_minute));
            task_line(task, &remark.unwrap_or_default())
        })
        .collect();
    let command = list_commands::tasks_in_progress_of(&actor.name);
    Ok(SectionDraft::new("Your tasks", 3, lines, unread, &command))
}

/// Returns the ready tasks, except those that the actor works on.
pub(super) async fn ready_section<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    own_ids: &HashSet<String>,
) -> Result<SectionDraft, Error> {
    let filter = TaskFilter {
        page: Page::first(MAX_RECORDS_PER_SECTION),
        ..TaskFilter::default()
    };
    let Listing {
        records: ready,
        total,
    } = ready_tasks(store, actor, &filter).await?;
    let unread = total.saturating_sub(ready.len() as u64);
    let lines = ready
        .iter()
        .filter(|ready| !ready.mine && !own_ids.contains(ready.task.id.as_str()))
        .flat_map(|ready| task_line(&ready.task, &ready.format_blocks().unwrap_or_default()))
        .collect();
    let command = "wsdb task ready";
    Ok(SectionDraft::new("Ready tasks", 3, lines, unread, command))
}

/// Maximum number of critical tasks in a section that take precedence over other sections.
const MAX_RESERVED_CRITICAL_TASKS: usize = 5;

/// Bytes of a short handoff that the title and the remark of a critical task cannot have, because of
/// headings, the ID and the numbers of left-out records.
const RESERVED_BYTES: usize = 170;

/// Returns the blocked tasks with their reasons. Critical ones, and their reasons, are in the handoff
/// whatever the budget.
pub(super) async fn blocked_section<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    budget: usize,
) -> Result<SectionDraft, Error> {
    let filter = TaskFilter {
        page: Page::first(MAX_RECORDS_PER_SECTION),
        ..TaskFilter::default()
    };
    let Listing {
        records: blocked,
        total,
    } = blocked_tasks(store, &filter, actor.now).await?;
    let unread = total.saturating_sub(blocked.len() as u64);
    let max_bytes = max_text_bytes(budget);
    let (mut lines, mut reserved_lines, mut essential_lines) = (Vec::new(), 0, 0);
    for (index, blocked) in blocked.iter().enumerate() {
        let blockers = match blocked.blocked_by.as_slice() {
            [] => None,
            blockers => Some(format!("blocked by {}", BlockerView::format_all(blockers))),
        };
        let reasons: Vec<String> = blockers
            .into_iter()
            .chain(blocked.blocked_reason.clone())
            .collect();
        let title = shorten(&blocked.task.title, max_bytes);
        let reason = shorten(&reasons.join(" · "), max_bytes);
        lines.extend(titled_line(&blocked.task, &title, &reason));
        if blocked.task.priority == Some(Priority::Critical) && index < MAX_RESERVED_CRITICAL_TASKS
        {
            reserved_lines = lines.len();
        }
        if index == 0 {
            essential_lines = reserved_lines;
        }
    }
    let command = list_commands::BLOCKED_TASKS;
    Ok(SectionDraft {
        reserved_lines,
        essential_lines,
        ..SectionDraft::new("Blocked tasks", 2, lines, unread, command)
    })
}

/// Returns the critical tasks that are neither ready, blocked nor in progress, such as deferred ones,
/// except those in the sections `listed`. They are in the handoff whatever the budget.
pub(super) async fn other_critical_tasks<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    budget: usize,
    listed: &[SectionDraft],
) -> Result<SectionDraft, Error> {
    let filter = TaskFilter {
        status: vec![
            TaskStatus::Planning,
            TaskStatus::Deferred,
            TaskStatus::Backlog,
        ],
        priority: vec![Priority::Critical],
        page: Page::first(MAX_RECORDS_PER_SECTION),
        ..TaskFilter::default()
    };
    let tasks = list_tasks(store, &filter, actor.now).await?;
    let unread = tasks.total.saturating_sub(tasks.records.len() as u64);
    let listed: HashSet<&str> = listed
        .iter()
        .flat_map(|section| section.lines.iter().filter_map(|line| line.id.as_deref()))
        .collect();
    let max_bytes = max_text_bytes(budget);
    let others = tasks.records.iter();
    let others = others.filter(|task| !listed.contains(task.id.as_str()));
    let (mut lines, mut reserved_lines) = (Vec::new(), 0);
    for (index, task) in others.enumerate() {
        let worker = task.assigned_to.as_deref().unwrap_or_default();
        lines.extend(titled_line(
            task,
            &shorten(&task.title, max_bytes),
            &shorten(worker, max_bytes),
        ));
        if index < MAX_RESERVED_CRITICAL_TASKS {
            reserved_lines = lines.len();
        }
    }
    let command = list_commands::WAITING_CRITICAL_TASKS;
    Ok(SectionDraft {
        reserved_lines,
        ..SectionDraft::new("Other critical tasks", 1, lines, unread, command)
    })
}

/// Returns the maximum length of the title and of the remark of a critical task.
fn max_text_bytes(budget: usize) -> usize {
    let max_bytes = budget.saturating_mul(BYTES_PER_TOKEN) / 2;
    max_bytes.saturating_sub(RESERVED_BYTES / 2).max(16)
}

/// Returns a text of at most `max_bytes`, with `…` in place of what is too long.
fn shorten(text: &str, max_bytes: usize) -> String {
    if text.len() <= max_bytes {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(max_bytes.saturating_sub('…'.len_utf8()));
    format!("{}…", text[..end].trim_end())
}

/// Returns the tasks in progress or being planned that nobody works on.
pub(super) async fn unassigned_section<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<SectionDraft, Error> {
    let (all, limit) = (TaskFilter::default(), MAX_RECORDS_PER_SECTION);
    let tasks = unassigned_tasks(store, &all, STARTED, limit, actor.now).await?;
    let unread = tasks.total.saturating_sub(tasks.first.len() as u64);
    let lines = tasks.first.iter().flat_map(|task| task_line(task, ""));
    let (lines, command) = (lines.collect(), list_commands::UNASSIGNED_STARTED_TASKS);
    Ok(SectionDraft::new(
        "Unassigned tasks",
        1,
        lines,
        unread,
        command,
    ))
}

/// Returns the tasks that others work on: in progress, or claimed.
pub(super) async fn tasks_of_others<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<SectionDraft, Error> {
    let tasks = tasks_in_progress_of_others(
        store,
        actor,
        &TaskFilter::default(),
        MAX_RECORDS_PER_SECTION,
    )
    .await?;
    let unread = tasks.total - tasks.first.len() as u64;
    let lines = tasks
        .first
        .iter()
        .flat_map(|task| task_line(task, &task.format_worker(format_utc_minute)))
        .collect();
    let command = list_commands::TASKS_IN_PROGRESS;
    Ok(SectionDraft::new(
        "Other tasks in progress",
        1,
        lines,
        unread,
        command,
    ))
}

fn task_line(task: &TaskView, remark: &str) -> Vec<Line> {
    titled_line(task, &task.title, remark)
}

fn titled_line(task: &TaskView, title: &str, remark: &str) -> Vec<Line> {
    let priority = task.priority.map_or("", |priority| priority.as_str());
    let parts = [task.status.as_str(), priority, title, remark];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Line::split(Some(task.id.as_str()), &parts.join(" · "))
}

/// Returns the open issues, most severe first.
pub(super) async fn issues<C: Connection>(store: &Store<C>) -> Result<SectionDraft, Error> {
    let filter = IssueFilter {
        status: vec![IssueStatus::Open],
        sort: IssueSort::Severity,
        page: Page::first(MAX_RECORDS_PER_SECTION),
        ..IssueFilter::default()
    };
    let total = store.issues().count(&filter).await?;
    let issues = store.issues().list(&filter).await?;
    let unread = total.saturating_sub(issues.len() as u64);
    let lines = issues
        .iter()
        .flat_map(|issue| {
            let text = format!("{} · {}", issue.severity.as_str(), issue.title);
            Line::split(Some(issue.id.as_str()), &text)
        })
        .collect();
    let command = list_commands::OPEN_ISSUES;
    Ok(SectionDraft::new("Open issues", 2, lines, unread, command))
}

/// Returns the open detections, most severe first.
pub(super) async fn drift<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<SectionDraft, Error> {
    let filter = DetectionFilter {
        status: vec![DetectionStatus::Open],
        now: Some(actor.moment()),
        sort: DetectionSort::Severity,
        page: Page::first(MAX_RECORDS_PER_SECTION),
        ..DetectionFilter::default()
    };
    let detections = store.drift().detections();
    let total = detections.count(&filter).await?;
    let open = detections.list(&filter).await?;
    let unread = total.saturating_sub(open.len() as u64);
    let lines = open
        .iter()
        .flat_map(|drift| {
            let text = format!(
                "{} · {} in {}/{}",
                drift.severity.as_str(),
                drift.violation_type.as_str(),
                drift.repo,
                drift.file_path
            );
            Line::split(Some(drift.id.as_str()), &text)
        })
        .collect();
    let command = list_commands::OPEN_DRIFT;
    Ok(SectionDraft::new("Open drift", 1, lines, unread, command))
}

/// Returns the decisions since then, or the last ones if there are none.
pub(super) async fn decisions<C: Connection>(
    store: &Store<C>,
    since: Option<Timestamp>,
) -> Result<SectionDraft, Error> {
    // Superseded decisions no longer apply.
    let all = DecisionFilter {
        superseded: Some(false),
        reverse: true,
        page: Page::first(5),
        ..DecisionFilter::default()
    };
    let newer = DecisionFilter {
        since: since.map(Into::into),
        ..all.clone()
    };
    let mut decisions = store.decisions().list(&newer).await?;
    let mut total = store.decisions().count(&newer).await?;
    if decisions.is_empty() {
        decisions = store.decisions().list(&all).await?;
        total = decisions.len() as u64;
    }
    let unread = total.saturating_sub(decisions.len() as u64);
    let lines = decisions
        .iter()
        .flat_map(|decision| {
            let text = format!("{} · {}", decision.status.as_str(), decision.decision);
            Line::split(Some(decision.id.as_str()), &text)
        })
        .collect();
    let command = list_commands::RECENT_DECISIONS;
    Ok(SectionDraft::new(
        "Recent decisions",
        2,
        lines,
        unread,
        command,
    ))
}

/// Returns the repo that the actor is in.
pub(super) async fn context<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<SectionDraft, Error> {
    let current = store.contexts().current(&actor.name).await?;
    let lines = current
        .iter()
        .flat_map(|visit| {
            let mut text = format!(
                "{} since {}",
                visit.repo_path,
                format_utc(visit.activated_at)
            );
            if let Some(notes) = &visit.context_notes {
                text.push_str(&format!(" · {notes}"));
            }
            Line::split(Some(&visit.repo), &text)
        })
        .collect();
    Ok(SectionDraft::new(
        "Current repo",
        1,
        lines,
        0,
        "wsdb context",
    ))
}
