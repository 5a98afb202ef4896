//! What people do to a record without changing its status: they move a task to the other list, or add the
//! time at which a session ended or an issue was resolved.

use wsdb_core::{
    Issue, IssueStatus, Session, SessionStatus, Task, TaskStatus, Timestamp, Vocabulary,
};
use wsdb_store::RecordVersion;

use crate::digest::digest;
use crate::field::FieldValue;
use crate::record_reader::ParsedRecord;
use crate::shape::{COMPLETED_TASKS, Shape};

/// What a record in a file is compared with.
pub(crate) struct Inference<'a, T> {
    /// The record here; `None` if it was deleted.
    pub(crate) stored: Option<&'a T>,
    /// The version that the record was made from.
    pub(crate) base: &'a RecordVersion,
    /// The names of the fields.
    pub(crate) fields: &'static [&'static str],
    /// Returns the list that contained the record; `None` if its file had only one.
    pub(crate) list_before: &'a dyn Fn() -> Option<String>,
    /// Whether the file is older than what it held last.
    pub(crate) is_older: bool,
    /// The time of the import.
    pub(crate) now: Timestamp,
}

/// Returns whether a record without a status in the file is in the list of records with the status of a
/// version. `fields` are the names of its fields.
pub(crate) fn is_in_list_of<T>(
    found: &ParsedRecord<T>,
    fields: &[&str],
    version: &RecordVersion,
) -> bool {
    let status = fields.iter().position(|name| *name == "status");
    if status.is_none_or(|index| found.has_field(index)) {
        return false;
    }
    let shape = found.shape.as_deref().map(Shape::parse);
    let list = shape.and_then(|shape| shape.list);
    let status = status_of::<TaskStatus>(version);
    list.zip(status)
        .is_some_and(|(list, status)| status.is_terminal() == (list == COMPLETED_TASKS))
}

/// Returns the status in a version.
fn status_of<V: Vocabulary + FieldValue>(version: &RecordVersion) -> Option<V> {
    let found = version.digest("status");
    let mut all = V::ALL.iter().copied();
    all.find(|status| digest(&status.to_json()) == found)
}

impl<T> Inference<'_, T> {
    fn position(&self, field: &str) -> usize {
        let position = self.fields.iter().position(|name| *name == field);
        position.unwrap_or_else(|| unreachable!("there is no field {field}"))
    }

    fn has_field(&self, found: &ParsedRecord<T>, field: &str) -> bool {
        found.has_field(self.position(field))
    }

    /// Returns the status that the record had if that shows in the file, but whether a time is set differs
    /// from before.
    fn status_before_time<V: Vocabulary + FieldValue>(
        &self,
        found: &ParsedRecord<T>,
        status: V,
        field: &str,
        is_set: bool,
    ) -> Option<V> {
        let is_changed = self.base.digest(field).is_some() != is_set;
        let before = status_of::<V>(self.base)?;
        let is_kept = !self.has_field(found, "status") || status == before;
        (self.has_field(found, field) && is_changed && is_kept).then_some(before)
    }

    /// Sets a field to a value that the file does not have there.
    fn set<V: FieldValue>(
        &self,
        found: &mut ParsedRecord<T>,
        name: &'static str,
        field: impl Fn(&mut T) -> &mut V,
        value: V,
    ) {
        let in_file = std::mem::replace(field(&mut found.record), value);
        found.note_inferred(self.position(name), name, in_file.to_json());
    }
}

/// Reads a task that was moved to another list, or that is in one which contradicts the status that it had,
/// and has none in the file.
pub(crate) fn task(found: &mut ParsedRecord<Task>, inference: &Inference<'_, Task>) {
    let shape = found.shape.as_deref().map(Shape::parse);
    let Some(list) = shape.and_then(|shape| shape.list) else {
        return;
    };
    let Some(before) = status_of::<TaskStatus>(inference.base) else {
        return;
    };
    let is_completed = list == COMPLETED_TASKS;
    let stored = inference.stored.map(|task| task.status.is_terminal());
    let has_status = inference.has_field(found, "status");
    let is_contradicted = !has_status || found.record.status.is_terminal() != is_completed;
    if is_contradicted && stored == Some(is_completed) {
        found.implied = &["status", "completed"];
    }
    if before.is_terminal() == is_completed {
        return;
    }
    if has_status {
        let was_in_completed = (inference.list_before)().as_deref() == Some(COMPLETED_TASKS);
        let is_moved = is_completed != was_in_completed && !inference.is_older;
        if !is_moved || found.record.status != before {
            return;
        }
    }
    let (status, completed_at) = if is_completed {
        let at = found.record.completed_at.unwrap_or(inference.now);
        (TaskStatus::Completed, Some(at))
    } else {
        (TaskStatus::Pending, None)
    };
    inference.set(found, "status", |task| &mut task.status, status);
    let is_in_file = completed_at.is_some() && found.record.completed_at == completed_at;
    if !is_in_file {
        inference.set(found, "completed", |it| &mut it.completed_at, completed_at);
        found.follows_status = Some("completed");
    }
}

/// Reads a session whose end was added or removed.
pub(crate) fn session(found: &mut ParsedRecord<Session>, inference: &Inference<'_, Session>) {
    let (status, has_ended) = (found.record.status, found.record.end_time.is_some());
    let stored = inference.stored.map(|session| session.status);
    let is_implied = match (status, stored) {
        (SessionStatus::InProgress, Some(SessionStatus::Completed)) => has_ended,
        (SessionStatus::Completed, Some(SessionStatus::InProgress)) => !has_ended,
        _ => false,
    };
    if is_implied {
        found.implied = &["status"];
    }
    let status = match inference.status_before_time(found, status, "end_time", has_ended) {
        Some(SessionStatus::InProgress) if has_ended => SessionStatus::Completed,
        Some(SessionStatus::Completed) if !has_ended => SessionStatus::InProgress,
        _ => return,
    };
    inference.set(found, "status", |session| &mut session.status, status);
}

/// Reads an issue whose time of resolution was added or removed.
pub(crate) fn issue(found: &mut ParsedRecord<Issue>, inference: &Inference<'_, Issue>) {
    let (status, is_resolved) = (found.record.status, found.record.resolved_at.is_some());
    let stored = inference.stored.map(|issue| issue.status);
    let is_implied = match (status, stored) {
        (IssueStatus::Open, Some(IssueStatus::Resolved)) => is_resolved,
        (IssueStatus::Resolved, Some(IssueStatus::Open)) => !is_resolved,
        _ => false,
    };
    if is_implied {
        found.implied = &["status"];
    }
    let status = match inference.status_before_time(found, status, "resolved_at", is_resolved) {
        Some(IssueStatus::Open) if is_resolved => IssueStatus::Resolved,
        Some(IssueStatus::Resolved) if !is_resolved => IssueStatus::Open,
        _ => return,
    };
    inference.set(found, "status", |issue| &mut issue.status, status);
}
