//! Claims: who has a task in hand, and until when nobody else may take it.

use crate::{Fields, Page, SessionId, Task, TaskId, TaskStatus, Timestamp};

/// A claim on a task. Times are UTC.
///
/// ```
/// use wsdb_core::{Claim, TaskId, Timestamp};
///
/// let now: Timestamp = "2025-11-20T10:00:00Z".parse()?;
/// let noon = "2025-11-20T12:00:00Z".parse()?;
/// let claim = Claim::new(TaskId::new("WS-TASK-001")?, "mira".into(), now, noon);
/// assert!(Claim::may_take(None, now) && !Claim::may_take(Some(&claim), now));
/// assert!(Claim::may_take(Some(&claim), claim.expires));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The task.
    pub id: TaskId,
    /// Who has it in hand.
    pub holder: String,
    /// The session in which it was claimed; it need not exist.
    pub session_id: Option<SessionId>,
    /// When it was claimed.
    pub since: Timestamp,
    /// When the lease ends: from then on anybody may take the task.
    pub expires: Timestamp,
    /// How far the task was before it was claimed: it is so again when it is given back. Unknown
    /// of claims that were made before this was kept.
    pub status_before: Option<TaskStatus>,
    /// Whom the task was assigned to before.
    pub assigned_before: Option<String>,
    /// When the task had been begun before.
    pub started_before: Option<Timestamp>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl Claim {
    /// A claim that begins now, outside any session.
    pub fn new(id: TaskId, holder: String, now: Timestamp, expires: Timestamp) -> Self {
        Claim {
            id,
            holder,
            session_id: None,
            since: now,
            expires,
            status_before: None,
            assigned_before: None,
            started_before: None,
            document_fields: Fields::new(),
        }
    }

    /// Remembers how the task was before anybody claimed it: where an earlier claim is taken over,
    /// that one knows.
    pub fn remember(&mut self, task: &Task, earlier: Option<&Claim>) {
        let (status, assigned, started) = match earlier {
            Some(earlier) if task.status == TaskStatus::InProgress => (
                earlier.status_before,
                earlier.assigned_before.clone(),
                earlier.started_before,
            ),
            _ => (Some(task.status), task.assigned_to.clone(), task.started_at),
        };
        self.status_before = status;
        self.assigned_before = assigned;
        self.started_before = started;
    }

    /// Makes a task that is in progress what it was before it was claimed; what else was changed
    /// meanwhile stays.
    pub fn give_back(&self, task: &mut Task, now: Timestamp) {
        if task.status != TaskStatus::InProgress {
            return;
        }
        let before = self.status_before.unwrap_or(TaskStatus::Pending);
        task.set_status(before, now);
        if self.status_before.is_some() {
            task.started_at = self.started_before;
        }
        if task.assigned_to.as_ref() == Some(&self.holder) {
            task.assigned_to.clone_from(&self.assigned_before);
        }
        task.updated = now;
    }

    /// Whether the lease has ended.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires <= now
    }

    /// Whether somebody may take a task with this claim on it: a lease that goes on keeps everybody
    /// away, also who holds it. So of two processes with the same name one gets the task.
    pub fn may_take(before: Option<&Claim>, now: Timestamp) -> bool {
        before.is_none_or(|before| before.is_over(now))
    }

    /// Whether somebody may renew the claim: who holds it, even if the lease has ended, as long as
    /// nobody else took the task.
    pub fn may_renew(&self, who: &str) -> bool {
        self.holder == who
    }

    /// Whether somebody may end the claim: who holds it, and anybody once the lease has ended.
    pub fn may_release(&self, who: &str, now: Timestamp) -> bool {
        self.holder == who || self.is_over(now)
    }
}

/// Which claims are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct ClaimFilter {
    /// On one of these tasks.
    pub ids: Vec<TaskId>,
    /// Held by one of these.
    pub holder: Vec<String>,
    /// Which part of the list, by time of claiming.
    pub page: Page,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_keeps_everybody_away_until_it_ends_and_not_longer() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let id = TaskId::new("T-1").expect("an id");
        let now = at("2025-11-20T10:00:00Z");
        let before = at("2025-11-20T10:00:59.999999Z");
        let end = at("2025-11-20T10:01:00Z");
        let claim = Claim::new(id, "mira".into(), now, end);
        for (time, over) in [(now, false), (before, false), (end, true)] {
            assert_eq!(claim.is_over(time), over);
            assert_eq!(Claim::may_take(Some(&claim), time), over);
            assert_eq!(claim.may_release("jo", time), over);
            assert!(claim.may_release("mira", time));
        }
        assert!(claim.may_renew("mira") && !claim.may_renew("jo"));
    }
}
