//! How records are displayed: one module per kind of record, and what they share.

pub(crate) mod architecture;
pub(crate) mod configuration;
pub(crate) mod context;
pub(crate) mod decision;
pub(crate) mod drift;
pub(crate) mod history;
pub(crate) mod issue;
pub(crate) mod session;
pub(crate) mod task;

use wsdb_app::views::ClaimView;
use wsdb_core::{Json, JsonObject, Level, TaskStatus};

use crate::time::{format_age, format_local};
use crate::ui::{Style, Ui};

pub(crate) fn task_tone(status: TaskStatus) -> Style {
    match status {
        TaskStatus::InProgress => Style::Warn,
        TaskStatus::Blocked => Style::Bad,
        TaskStatus::Completed => Style::Good,
        TaskStatus::Closed | TaskStatus::Cancelled | TaskStatus::Deferred | TaskStatus::Backlog => {
            Style::Faint
        }
        TaskStatus::Pending | TaskStatus::Approved | TaskStatus::Planning => Style::Plain,
    }
}

pub(crate) fn level_tone(level: Option<Level>) -> Style {
    match level {
        Some(Level::Critical) => Style::Bad,
        Some(Level::High) => Style::Warn,
        Some(Level::Medium) => Style::Plain,
        Some(Level::Low) | None => Style::Faint,
    }
}

pub(crate) fn format_optional<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

pub(crate) fn format_list<T: ToString>(values: &[T]) -> String {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    values.join(", ")
}

pub(crate) fn format_json(value: Option<&Json>) -> String {
    value.map(Json::to_string).unwrap_or_default()
}

pub(crate) fn format_fields(fields: &JsonObject) -> String {
    if fields.is_empty() {
        String::new()
    } else {
        Json::Object(fields.clone()).to_string()
    }
}

pub(crate) fn format_time(time: wsdb_core::Timestamp, ui: &Ui) -> String {
    let local = format_local(time);
    match format_age(time, ui.now) {
        Some(age) => format!("{local} ({age})"),
        None => local,
    }
}

/// Formats who has claimed a task, and until when.
pub(crate) fn format_claim(claim: Option<&ClaimView>, mine: bool, ui: &Ui) -> String {
    match claim {
        Some(claim) if claim.expired => {
            format!("{}, expired {}", claim.holder, ui.format_age(claim.expires))
        }
        Some(claim) => {
            let holder = if mine { "you" } else { &claim.holder };
            format!("{holder} until {}", ui.format_lease_end(claim.expires))
        }
        None => String::new(),
    }
}

pub(crate) fn format_optional_time(time: Option<wsdb_core::Timestamp>, ui: &Ui) -> String {
    time.map(|time| format_time(time, ui)).unwrap_or_default()
}
