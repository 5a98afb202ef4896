//! Formats history: one line per change, or the fields that it changed.

use wsdb_app::noun_text;
use wsdb_app::views::{ActionDetails, ActionView, ChangeView, TouchedView, UndoneView};
use wsdb_core::{Json, JsonObject, command_of_verb};

use super::{format_optional, format_time};
use crate::table::Column;
use crate::ui::{Style, Ui, escape_control_chars, plural};

pub(crate) const ACTIONS: &[Column<ActionView>] = &[
    Column::new("change", |a: &ActionView, _| a.change.to_string()).tone(|_| Style::Strong),
    Column::new("when", |a: &ActionView, ui| ui.format_age(a.time)).tone(|_| Style::Faint),
    Column::new("actor", |a: &ActionView, _| a.actor.clone()),
    Column::new("command", |a: &ActionView, _| {
        command_of_verb(&a.verb).to_owned()
    }),
    Column::new("records", |a: &ActionView, _| {
        format_touched_records(&a.records, |kind| kind_text(a, kind))
    })
    .min_width(24),
    Column::new("undo", |a: &ActionView, _| format_undone(a))
        .tone(|_| Style::Warn)
        .drop_priority(1),
    Column::new("session", |a: &ActionView, _| {
        format_optional(a.session.as_ref())
    })
    .drop_priority(2),
];

fn format_undone(action: &ActionView) -> String {
    match (action.undoes, action.undone_by) {
        (_, Some(by)) => format!("undone by {by}"),
        (Some(undoes), None) => format!("undoes {undoes}"),
        (None, None) => String::new(),
    }
}

/// Returns the word for a kind of change made by an undo: what it adds was there before.
fn undo_kind(kind: &str) -> &str {
    match kind {
        "added" => "restored",
        kind => kind,
    }
}

/// Returns the word for a kind of change that this action made.
fn kind_text<'a>(action: &ActionView, kind: &'a str) -> &'a str {
    match action.undoes {
        Some(_) => undo_kind(kind),
        None => kind,
    }
}

/// Like [`undo_kind`], for an undo that has not happened.
fn future_undo_kind(kind: &str) -> &str {
    match kind {
        "added" => "restore",
        "deleted" => "delete",
        "changed" => "change",
        kind => kind,
    }
}

/// Summarizes changed records: `added 12 tasks, session S-1; changed issue ISSUE-001`.
fn format_touched_records(touched: &[TouchedView], kind_text: impl Fn(&str) -> &str) -> String {
    // Session links and documents change along with other records and need no mention.
    let is_main =
        |touched: &TouchedView| !matches!(touched.record_type, "session_link" | "document");
    let main = touched.iter().any(is_main);
    let mut kinds: Vec<(&str, Vec<String>)> = Vec::new();
    for touched in touched.iter().filter(|touched| !main || is_main(touched)) {
        let (noun, kind) = (
            noun_text(touched.record_type),
            kind_text(touched.change_type),
        );
        let named = match touched.count {
            1 => format!("{noun} {}", touched.ids.join("")),
            count => format!("{count} {}", plural(noun)),
        };
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, all)) => all.push(named),
            None => kinds.push((kind, vec![named])),
        }
    }
    let kinds: Vec<String> = kinds
        .iter()
        .map(|(kind, all)| format!("{kind} {}", all.join(", ")))
        .collect();
    kinds.join("; ")
}

/// Formats changes, each with the fields that it changed.
pub(crate) fn render_details(actions: &[ActionDetails], ui: &Ui) -> String {
    let all: Vec<String> = actions
        .iter()
        .map(|details| {
            let action = &details.action;
            let mut line = format!(
                "{}  {} by {}, {}",
                ui.paint(Style::Strong, &action.change.to_string()),
                escape_control_chars(command_of_verb(&action.verb)),
                escape_control_chars(&action.actor),
                format_time(action.time, ui)
            );
            if let Some(session) = &action.session {
                line.push_str(&format!(", in {session}"));
            }
            if let Some(undoes) = action.undoes {
                line.push_str(&format!(", undoes {undoes}"));
            }
            if let Some(by) = action.undone_by {
                line.push_str(&ui.paint(Style::Warn, &format!(", undone by {by}")));
            }
            for change in &details.changes {
                let kind = kind_text(action, change.change_type);
                line.push_str(&format!("\n  {}", self::render_change(change, kind, ui)));
            }
            line
        })
        .collect();
    all.join("\n")
}

/// Maximum number of ids shown for records that were added together.
const MAX_IDS_SHOWN: usize = 10;

fn render_change(change: &ChangeView, kind: &str, ui: &Ui) -> String {
    let noun = noun_text(change.record_type);
    if change.ids.len() > 1 {
        let first = &change.ids[..change.ids.len().min(MAX_IDS_SHOWN)];
        let more = match change.ids.len() - first.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let text = format!(
            "{} {}{more} {kind}",
            plural(noun),
            escape_control_chars(&first.join(", "))
        );
        return with_fields(text, change, ui);
    }
    let id = change.ids.first().map_or("", String::as_str);
    with_fields(
        format!("{noun} {} {kind}", escape_control_chars(id)),
        change,
        ui,
    )
}

/// Appends the changed fields, one per line.
fn with_fields(text: String, change: &ChangeView, ui: &Ui) -> String {
    let pairs: Vec<(&str, String)> = match change.change_type {
        "changed" => change
            .before
            .iter()
            .map(|(name, before)| {
                let after = change.after.get(name).unwrap_or(&Json::Null);
                (
                    name.as_str(),
                    format!("{} → {}", format_value(before), format_value(after)),
                )
            })
            .collect(),
        "added" => non_empty_fields(&change.after),
        _ => non_empty_fields(&change.before),
    };
    if pairs.is_empty() {
        text
    } else {
        format!(
            "{text}\n    {}",
            ui.format_pairs(&pairs).replace('\n', "\n    ")
        )
    }
}

/// Returns the fields that are not null, except the id.
fn non_empty_fields(fields: &JsonObject) -> Vec<(&str, String)> {
    fields
        .iter()
        .filter(|(name, value)| *name != "id" && !value.is_null())
        .map(|(name, value)| (name.as_str(), format_value(value)))
        .collect()
}

fn format_value(value: &Json) -> String {
    match value {
        Json::Null => "(empty)".to_owned(),
        Json::String(text) if text.is_empty() => "\"\"".to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(list) => {
            let list: Vec<String> = list.iter().map(format_value).collect();
            list.join(", ")
        }
        value => value.to_string(),
    }
}

/// Describes an undone change in one line.
pub(crate) fn format_undo_summary(undone: &UndoneView, ui: &Ui) -> String {
    let action = &undone.undone;
    let verb = command_of_verb(&action.verb);
    let what = format!("{} ({verb} by {})", action.change, action.actor);
    let records = |kind: fn(&str) -> &str| {
        if undone.records.is_empty() {
            String::new()
        } else {
            format!(": {}", format_touched_records(&undone.records, kind))
        }
    };
    match undone.change {
        Some(by) => format!(
            "Undid {what}{}; run {} to redo",
            records(undo_kind),
            ui.commands.format(format!("undo {}", by.0))
        ),
        None => format!("Would undo {what}{}", records(future_undo_kind)),
    }
}
