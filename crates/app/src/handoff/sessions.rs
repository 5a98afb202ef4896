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
/// last few if they had none. The newest session with notes comes first. Other open sessions follow, each
/// in one line, also those that began earlier.
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
    let open = SessionFilter {
        status: vec![SessionStatus::InProgress],
        since: None,
        ..filter.clone()
    };
    let open_since = SessionFilter {
        since: filter.since,
        ..open.clone()
    };
    let sessions = store.sessions();
    let open_count = sessions.count(&open).await?;
    let older_open_count = open_count.saturating_sub(sessions.count(&open_since).await?);
    let total = sessions.count(&filter).await? + older_open_count;
    let is_other = |session: &Session| Some(&session.id) != started;
    let mut found = sessions.list(&filter).await?;
    found.retain(is_other);
    let mut uncounted = None;
    if !found.iter().any(|session| session.handoff_notes.is_some()) {
        // No session since then left notes: use the latest notes from before.
        let all = SessionFilter {
            since: None,
            ..filter
        };
        let mut before = sessions.list(&all).await?.into_iter();
        let noted = before.find(|session| session.handoff_notes.is_some() && is_other(session));
        let is_ended = |session: &&Session| session.status != SessionStatus::InProgress;
        uncounted = noted.as_ref().filter(is_ended).map(|s| s.id.clone());
        found.extend(noted);
    }
    if let Some(newest) = found.iter().position(|s| s.handoff_notes.is_some()) {
        found[..=newest].rotate_right(1);
    }
    found.truncate(if last.is_some() { 5 } else { 3 });
    let mut open = sessions.list(&open).await?;
    open.retain(|session| is_other(session) && !found.iter().any(|s| s.id == session.id));
    let listed = found.iter().chain(&open).map(|session| &session.id);
    let listed = listed.filter(|id| Some(*id) != uncounted.as_ref());
    let unread = total.saturating_sub(listed.chain(started).count() as u64);
    let mut lines = Vec::new();
    let (mut reserved_lines, mut essential_lines) = (0, 0);
    for session in &found {
        lines.extend(session_line(session, actor));
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
    lines.extend(open.iter().flat_map(|session| session_line(session, actor)));
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

/// Returns the line with whose session it is, and when it ended or started.
fn session_line(session: &Session, actor: &Actor) -> Vec<Line> {
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
    Line::split(Some(session.id.as_str()), &format!("{who}, {end}"))
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
