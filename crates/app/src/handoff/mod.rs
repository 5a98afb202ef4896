//! The handoff: what the next session needs to know.

mod changes;
mod governance;

use std::collections::HashSet;

use wsdb_core::{
    HistoryFilter, Page, RecordChange, Session, SessionFilter, SessionId, SessionStatus,
    TaskFilter, Timestamp, Vocabulary,
};
use wsdb_store::{Connection, Store};

use self::changes::changes;
use self::governance::{context, decisions, drift, issues};
use crate::hands::{tasks_in_progress_of, tasks_in_progress_of_others};
use crate::views::{Handoff, Line, ReadyTask, SectionDraft, TaskView};
use crate::{Actor, Error, ready_tasks};

/// Maximum number of records of each kind that are read: more would not fit, and reading takes
/// time.
const MAX_RECORDS_PER_SECTION: u64 = 40;

/// Maximum number of lines of the newest notes that take precedence over everything else.
const NOTES: usize = 8;

/// Maximum number of changes that are read, the newest first.
const CHANGES: u64 = 300;

/// Returns the handoff for the actor, of at most `budget` tokens: the latest handoff notes, the
/// actor's tasks and the ready ones, changes since their last session, open issues and drift,
/// decisions and the current context. `started` is the session that is being started, if any.
///
/// The amount of data that is read does not depend on the size of the workspace.
pub async fn handoff<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    budget: usize,
    started: Option<&SessionId>,
) -> Result<Handoff, Error> {
    let last = last_session(store, actor, started).await?;
    let since = last.as_ref().map(|s| s.end_time.unwrap_or(s.start_time));
    let in_hand = own_tasks(store, actor).await?;
    let held: HashSet<String> = in_hand.lines.iter().filter_map(|l| l.id.clone()).collect();
    let drafts = [
        sessions(store, actor, budget, last.as_ref(), started).await?,
        in_hand,
        ready_section(store, actor, &held).await?,
        tasks_of_others(store, actor).await?,
        changes(store, since, started).await?,
        issues(store).await?,
        drift(store, actor).await?,
        decisions(store, since).await?,
        context(store, actor).await?,
    ];
    Ok(Handoff::layout(&actor.name, since, budget, &drafts))
}

fn draft(title: &str, share: usize, lines: Vec<Line>, unread: u64, command: &str) -> SectionDraft {
    SectionDraft {
        title: title.to_owned(),
        lines,
        unread,
        command: command.to_owned(),
        first: 0,
        share,
    }
}

/// Formats a time for the handoff: to the minute, in UTC.
fn format_utc_minute(time: Timestamp) -> String {
    let text = time.to_string();
    format!("{} {} UTC", &text[..10], &text[11..16])
}

/// Returns the actor's last session before this one: the last that has ended or, if none has, the
/// one before the open one.
async fn last_session<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    started: Option<&SessionId>,
) -> Result<Option<Session>, Error> {
    let own = |status: &[SessionStatus], limit| SessionFilter {
        user: vec![actor.name.clone()],
        status: status.to_vec(),
        reverse: true,
        page: Page::first(limit),
        ..SessionFilter::default()
    };
    let ended = own(&[SessionStatus::Completed], 1);
    if let Some(last) = store.sessions().list(&ended).await?.pop() {
        return Ok(Some(last));
    }
    let found = store.sessions().list(&own(&[], 2)).await?;
    Ok(match started {
        Some(started) => found.into_iter().find(|s| s.id != *started),
        None => found.into_iter().nth(1),
    })
}

/// Returns the notes of sessions: of everybody's since the actor's last one, including that; of the
/// last few if they had none. The newest session with notes comes first.
async fn sessions<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    budget: usize,
    last: Option<&Session>,
    started: Option<&SessionId>,
) -> Result<SectionDraft, Error> {
    let filter = SessionFilter {
        since: last.map(|session| session.start_time),
        reverse: true,
        page: Page::first(MAX_RECORDS_PER_SECTION),
        ..SessionFilter::default()
    };
    let total = store.sessions().count(&filter).await?;
    let mut found = store.sessions().list(&filter).await?;
    let unread = total.saturating_sub(found.len() as u64);
    found.retain(|session| Some(&session.id) != started);
    if !found.iter().any(|session| session.handoff_notes.is_some()) {
        // No session since then left notes: use the latest notes from before.
        let all = SessionFilter {
            since: None,
            ..filter
        };
        let before = store.sessions().list(&all).await?.into_iter();
        let mut noted = before.filter(|session| session.handoff_notes.is_some());
        found.extend(noted.find(|session| Some(&session.id) != started));
    }
    if let Some(newest) = found.iter().position(|s| s.handoff_notes.is_some()) {
        found[..=newest].rotate_right(1);
    }
    let told = found.len().min(if last.is_some() { 5 } else { 3 });
    let unread = unread + (found.len() - told) as u64;
    let mut lines = Vec::new();
    let mut first = 0;
    for session in &found[..told] {
        let mut who = session.user.clone().unwrap_or_else(|| "someone".to_owned());
        if session.user.as_ref() == Some(&actor.name) {
            who.push_str(" (you)");
        }
        if let Some(assistant) = &session.ai_assistant {
            who.push_str(&format!(" with {assistant}"));
        }
        let end = match session.end_time {
            Some(end) => format!("ended {}", format_utc_minute(end)),
            None => format!(
                "started {}, still open",
                format_utc_minute(session.start_time)
            ),
        };
        lines.extend(Line::of(
            Some(session.id.as_str()),
            &format!("{who}, {end}"),
        ));
        let notes = session.handoff_notes.as_deref().unwrap_or_default();
        // Headings and bullets of the notes would break the list.
        let marks = |c: char| matches!(c, '#' | '-' | '*' | ' ');
        let notes = notes.lines().map(|note| note.trim_start_matches(marks));
        for note in notes.filter(|note| !note.is_empty()) {
            lines.extend(Line::of(None, note));
        }
        if session.handoff_notes.is_none() {
            lines.extend(session_summary(store, session).await?);
        }
        if first == 0 {
            first = lines.len().min(NOTES);
        }
    }
    let command = match unread {
        0 => format!("wsdb handoff --budget {}", budget.saturating_mul(4)),
        _ => "wsdb session list --reverse".to_owned(),
    };
    Ok(SectionDraft {
        first,
        ..draft("Last sessions", 4, lines, unread, &command)
    })
}

/// Describes a session without notes by its activities and its changes.
async fn session_summary<C: Connection>(
    store: &Store<C>,
    session: &Session,
) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    let activities = store.sessions().activities_of(&session.id).await?;
    for activity in activities.iter().rev().take(3) {
        lines.extend(Line::of(None, &format!("did: {}", activity.description)));
    }
    let mut files: Vec<&str> = activities
        .iter()
        .flat_map(|a| a.files_created.iter().chain(&a.files_modified))
        .map(String::as_str)
        .collect();
    files.sort_unstable();
    files.dedup();
    if !files.is_empty() {
        lines.extend(Line::of(None, &format!("files: {}", files.join(", "))));
    }
    let touched = records_changed_in(store, &session.id).await?;
    if !touched.is_empty() {
        let touched: Vec<&str> = touched.iter().map(|(id, _)| id.as_str()).collect();
        lines.extend(Line::of(None, &format!("changed: {}", touched.join(", "))));
    }
    Ok(lines)
}

/// Returns the records that were changed in a session and that people refer to, with their kind,
/// the latest first.
pub(crate) async fn records_changed_in<C: Connection>(
    store: &Store<C>,
    session: &SessionId,
) -> Result<Vec<(String, &'static str)>, Error> {
    let filter = HistoryFilter {
        session: vec![session.clone()],
        page: Page::first(CHANGES),
        ..HistoryFilter::default()
    };
    let actions = store.history().list(&filter).await?;
    let ids: Vec<_> = actions.iter().map(|action| action.id).collect();
    let mut touched = Vec::new();
    let mut seen = HashSet::new();
    for change in store.history().outline(&ids).await?.iter().rev() {
        let Some(noun) = noun_of_change(change) else {
            continue;
        };
        for id in &change.records {
            if id != session.as_str() && seen.insert(id.clone()) {
                touched.push((id.clone(), noun));
            }
        }
    }
    Ok(touched)
}

/// Returns the kind of a changed record, if people refer to such records.
fn noun_of_change(change: &RecordChange) -> Option<&'static str> {
    let noun = wsdb_store::noun_of_table(&change.table).ok()?;
    const NAMED: [&str; 11] = [
        "task",
        "session",
        "issue",
        "decision",
        "architecture state",
        "placement",
        "goal",
        "detection",
        "scan",
        "configuration snapshot",
        "configuration change",
    ];
    NAMED.into_iter().find(|known| *known == noun)
}

fn task_line(task: &TaskView, remark: &str) -> Vec<Line> {
    let priority = task.priority.map_or("", |priority| priority.as_str());
    let parts = [task.status.as_str(), priority, &task.title, remark];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Line::of(Some(task.id.as_str()), &parts.join(" · "))
}

async fn own_tasks<C: Connection>(store: &Store<C>, actor: &Actor) -> Result<SectionDraft, Error> {
    let own = tasks_in_progress_of(
        store,
        actor,
        &TaskFilter::default(),
        MAX_RECORDS_PER_SECTION,
    )
    .await?;
    let unread = own.total - own.first.len() as u64;
    let lines = own
        .first
        .iter()
        .flat_map(|task| {
            let remark = match &task.claim {
                Some(claim) if claim.expired => "your claim has expired".to_owned(),
                Some(claim) => format!("claimed by you until {}", format_utc_minute(claim.expires)),
                None => String::new(),
            };
            task_line(task, &remark)
        })
        .collect();
    let command = format!(
        "wsdb task list --status in_progress --assigned-to {}",
        actor.name
    );
    Ok(draft("Your tasks in progress", 3, lines, unread, &command))
}

/// Returns the ready tasks, except those that the actor works on.
async fn ready_section<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    held: &HashSet<String>,
) -> Result<SectionDraft, Error> {
    let filter = TaskFilter {
        page: Page::first(MAX_RECORDS_PER_SECTION),
        ..TaskFilter::default()
    };
    let (found, total) = ready_tasks(store, actor, &filter).await?;
    let unread = total.saturating_sub(found.len() as u64);
    let lines = found
        .iter()
        .filter(|ready| !ready.mine && !held.contains(ready.task.id.as_str()))
        .flat_map(
            |ReadyTask {
                 task,
                 unblocks_count,
                 ..
             }| {
                let waits = match unblocks_count {
                    0 => String::new(),
                    1 => "blocks 1 open task".to_owned(),
                    count => format!("blocks {count} open tasks"),
                };
                task_line(task, &waits)
            },
        )
        .collect();
    let command = "wsdb task ready";
    Ok(draft("Ready tasks", 3, lines, unread, command))
}

/// Returns the tasks that others work on: in progress, or claimed.
async fn tasks_of_others<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<SectionDraft, Error> {
    let held = tasks_in_progress_of_others(
        store,
        actor,
        &TaskFilter::default(),
        MAX_RECORDS_PER_SECTION,
    )
    .await?;
    let unread = held.total - held.first.len() as u64;
    let lines = held
        .first
        .iter()
        .flat_map(|task| {
            let who = match (&task.claim, &task.assigned_to) {
                (Some(claim), _) if !claim.expired => {
                    format!(
                        "{} until {}",
                        claim.holder,
                        format_utc_minute(claim.expires)
                    )
                }
                (_, Some(who)) => who.clone(),
                (_, None) => "unassigned".to_owned(),
            };
            task_line(task, &who)
        })
        .collect();
    let command = "wsdb task list --status in_progress";
    Ok(draft("In progress by others", 1, lines, unread, command))
}
