//! Section on the last sessions.

use wsdb_core::{Page, Session, SessionFilter, SessionId, SessionStatus};
use wsdb_store::{Connection, Store};

use super::layout::{MAX_RECORDS_PER_SECTION, SectionDraft, format_utc};
use crate::history::find_changed_ids;
use crate::views::Line;
use crate::{Actor, Error};

/// Maximum number of lines of the newest notes that take precedence over everything else.
const MAX_FIRST_NOTES: usize = 8;

/// Maximum number of lines of the newest notes that leave less space for blocked tasks: the session
/// and the first line of its notes.
const MAX_ESSENTIAL_NOTES: usize = 2;

/// Returns the actor's last session before this one: the last that has ended or, if none has, the
/// one before the open one.
pub(super) async fn last_session<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    started: Option<&SessionId>,
) -> Result<Option<Session>, Error> {
    let own_sessions = |status: &[SessionStatus], limit| SessionFilter {
        user: vec![actor.name.clone()],
        status: status.to_vec(),
        reverse: true,
        page: Page::first(limit),
        ..SessionFilter::default()
    };
    let ended = own_sessions(&[SessionStatus::Completed], 1);
    if let Some(last) = store.sessions().list(&ended).await?.pop() {
        return Ok(Some(last));
    }
    let latest = store.sessions().list(&own_sessions(&[], 2)).await?;
    Ok(match started {
        Some(started) => latest.into_iter().find(|s| s.id != *started),
        None => latest.into_iter().nth(1),
    })
}

/// Returns the notes of sessions: of everybody's since the actor's last one, including that; of the
/// last few if they had none. The newest session with notes comes first.
pub(super) async fn sessions<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
    budget: usize,
    last: Option<&Session>,
    started: Option<&SessionId>,
) -> Result<SectionDraft, Error> {
    let filter = SessionFilter {
        since: last.map(|session| session.start_time.into()),
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
    let listed = found.len().min(if last.is_some() { 5 } else { 3 });
    let unread = unread + (found.len() - listed) as u64;
    let mut lines = Vec::new();
    let (mut reserved_lines, mut essential_lines) = (0, 0);
    for session in &found[..listed] {
        let mut who = session.user.clone().unwrap_or_else(|| "someone".to_owned());
        if session.user.as_ref() == Some(&actor.name) {
            who.push_str(" (you)");
        }
        if let Some(assistant) = &session.ai_assistant {
            who.push_str(&format!(" with {assistant}"));
        }
        let end = match session.end_time {
            Some(end) => format!("ended {}", format_utc(end)),
            None => format!("started {}, still open", format_utc(session.start_time)),
        };
        lines.extend(Line::split(
            Some(session.id.as_str()),
            &format!("{who}, {end}"),
        ));
        let notes = session.handoff_notes.as_deref().unwrap_or_default();
        // Headings and bullets of the notes would break the list.
        let marks = |c: char| matches!(c, '#' | '-' | '*' | ' ');
        let notes = notes.lines().map(|note| note.trim_start_matches(marks));
        for note in notes.filter(|note| !note.is_empty()) {
            lines.extend(Line::split(None, note));
        }
        if session.handoff_notes.is_none() {
            lines.extend(session_summary(store, session).await?);
        }
        if reserved_lines == 0 {
            reserved_lines = lines.len().min(MAX_FIRST_NOTES);
            essential_lines = lines.len().min(MAX_ESSENTIAL_NOTES);
        }
    }
    let command = match unread {
        0 => format!("wsdb handoff --budget {}", budget.saturating_mul(4)),
        _ => "wsdb session list --reverse".to_owned(),
    };
    Ok(SectionDraft {
        reserved_lines,
        essential_lines,
        ..SectionDraft::new("Last sessions", 4, lines, unread, &command)
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
        lines.extend(Line::split(None, &format!("did: {}", activity.description)));
    }
    let mut files: Vec<&str> = activities
        .iter()
        .flat_map(|a| a.files_created.iter().chain(&a.files_modified))
        .map(String::as_str)
        .collect();
    files.sort_unstable();
    files.dedup();
    if !files.is_empty() {
        lines.extend(Line::split(None, &format!("files: {}", files.join(", "))));
    }
    let records = find_changed_ids(store, &session.id).await?;
    if !records.is_empty() {
        lines.extend(Line::split(
            None,
            &format!("changed: {}", records.join(", ")),
        ));
    }
    Ok(lines)
}
