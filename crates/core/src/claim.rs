//! Claims: who works on a task, and until when nobody else can take it.

use crate::{JsonObject, Page, SessionId, Task, TaskId, TaskStatus, Timestamp};

/// A claim on a task. Times are UTC.
///
/// ```
/// use wsdb_core::{Claim, TaskId, Timestamp};
///
/// let now: Timestamp = "2025-11-20T10:00:00Z".parse()?;
/// let noon = "2025-11-20T12:00:00Z".parse()?;
/// let claim = Claim::new(TaskId::new("WS-TASK-001")?, "mira".into(), now, noon);
/// assert!(Claim::can_be_claimed(None, now) && !Claim::can_be_claimed(Some(&claim), now));
/// assert!(Claim::can_be_claimed(Some(&claim), claim.expires));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The task.
    pub id: TaskId,
    /// Who claimed the task.
    pub holder: String,
    /// The session in which it was claimed; it need not exist.
    pub session_id: Option<SessionId>,
    /// When it was claimed.
    pub since: Timestamp,
    /// When the lease expires and anybody can take the task.
    pub expires: Timestamp,
    /// The status of the task before the claim, which releasing restores. Unknown for claims made
    /// before this field existed.
    pub status_before: Option<TaskStatus>,
    /// The assignee before the claim.
    pub assigned_before: Option<String>,
    /// The start time of the task before the claim.
    pub started_before: Option<Timestamp>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

impl Claim {
    /// Creates a claim that starts now, outside any session.
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
            document_fields: JsonObject::new(),
        }
    }

    /// Stores how the task was before the claim. If the claim replaces an earlier one, the values
    /// of that one are kept.
    pub fn capture_previous_state(&mut self, task: &Task, earlier: Option<&Claim>) {
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

    /// Restores a task in progress to the values before the claim; other changes stay.
    pub fn restore_task(&self, task: &mut Task, now: Timestamp) {
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

    /// Whether the lease has expired.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires <= now
    }

    /// Whether the task of a claim can be claimed. A lease that has not expired excludes everybody,
    /// even its holder, so that of two processes with the same name only one gets the task.
    pub fn can_be_claimed(before: Option<&Claim>, now: Timestamp) -> bool {
        before.is_none_or(|before| before.is_expired(now))
    }

    /// Whether somebody can renew the claim: its holder can, even after the lease expired, as long
    /// as nobody else claimed the task.
    pub fn can_be_renewed_by(&self, who: &str) -> bool {
        self.holder == who
    }

    /// Whether somebody can release the claim: its holder, or anybody once the lease has expired.
    pub fn can_be_released_by(&self, who: &str, now: Timestamp) -> bool {
        self.holder == who || self.is_expired(now)
    }
}

/// Filters claims. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct ClaimFilter {
    /// Matches claims on any of these tasks.
    pub ids: Vec<TaskId>,
    /// Matches claims of any of these holders.
    pub holder: Vec<String>,
    /// Page of the list, which is ordered by time of claiming.
    pub page: Page,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_can_claim_when_the_lease_expires() {
        let at = |text: &str| text.parse::<Timestamp>().expect("valid time");
        let id = TaskId::new("T-1").expect("valid id");
        let now = at("2025-11-20T10:00:00Z");
        let before = at("2025-11-20T10:00:59.999999Z");
        let end = at("2025-11-20T10:01:00Z");
        let claim = Claim::new(id, "mira".into(), now, end);
        for (time, is_expired) in [(now, false), (before, false), (end, true)] {
            assert_eq!(claim.is_expired(time), is_expired);
            assert_eq!(Claim::can_be_claimed(Some(&claim), time), is_expired);
            assert_eq!(claim.can_be_released_by("jo", time), is_expired);
            assert!(claim.can_be_released_by("mira", time));
        }
        assert!(claim.can_be_renewed_by("mira") && !claim.can_be_renewed_by("jo"));
    }
}
