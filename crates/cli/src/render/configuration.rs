//! How configuration snapshots and changes are displayed.

use wsdb_app::views::{ConfigurationChangeView, SnapshotView};
use wsdb_core::{ChangeType, Json};

use super::{format_fields, format_optional, format_time};
use crate::table::Column;
use crate::ui::{Style, Ui, escape_control_chars};

pub(crate) fn change_tone(change: ChangeType) -> Style {
    match change {
        ChangeType::Added => Style::Good,
        ChangeType::Removed => Style::Bad,
        ChangeType::Modified => Style::Warn,
    }
}

/// Returns the names of the files in a snapshot.
fn format_files(snapshot: &SnapshotView) -> String {
    let data = snapshot.snapshot_data.as_ref().and_then(Json::as_object);
    let files: Vec<&str> = data
        .into_iter()
        .flat_map(|data| data.keys().map(String::as_str))
        .collect();
    files.join(", ")
}

pub(crate) const SNAPSHOTS: &[Column<SnapshotView>] = &[
    Column::new("id", |s: &SnapshotView, _| s.id.to_string()).tone(|_| Style::Strong),
    Column::new("repo", |s: &SnapshotView, _| s.repo.clone()),
    Column::new("type", |s: &SnapshotView, _| s.snapshot_type.to_string()).drop_priority(3),
    Column::new("hash", |s: &SnapshotView, _| {
        s.configuration_hash.chars().take(12).collect()
    })
    .drop_priority(4),
    Column::new("files", |s: &SnapshotView, _| format_files(s)).min_width(16),
    Column::new("notes", |s: &SnapshotView, _| {
        format_optional(s.notes.as_ref())
    })
    .min_width(16)
    .drop_priority(2)
    .hide_if_empty(),
    Column::new("taken by", |s: &SnapshotView, _| {
        format_optional(s.taken_by.as_ref())
    })
    .drop_priority(5),
    Column::new("taken", |s: &SnapshotView, ui| ui.format_age(s.taken_at))
        .tone(|_| Style::Faint)
        .drop_priority(1),
];

pub(crate) fn render_snapshot(snapshot: &SnapshotView, ui: &Ui) -> String {
    let title = format!("{}  {}", snapshot.id, escape_control_chars(&snapshot.repo));
    let pairs = [
        ("type", snapshot.snapshot_type.to_string()),
        ("hash", snapshot.configuration_hash.clone()),
        ("taken", format_time(snapshot.taken_at, ui)),
        ("taken by", format_optional(snapshot.taken_by.as_ref())),
        ("notes", snapshot.notes.clone().unwrap_or_default()),
        ("other fields", format_fields(&snapshot.document_fields)),
    ];
    let mut text = format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        ui.format_pairs(&pairs)
    );
    match &snapshot.snapshot_data {
        Some(Json::Object(data)) => {
            for (file, value) in data {
                let name = ui.paint(Style::Strong, &escape_control_chars(file));
                let value = crate::ui::json::to_json(value).unwrap_or_default();
                text.push_str(&format!("\n\n{name}\n{value}"));
            }
        }
        Some(value) => {
            let value = crate::ui::json::to_json(value).unwrap_or_default();
            text.push_str(&format!("\n\n{value}"));
        }
        None => {}
    }
    text
}

pub(crate) const CONFIGURATION_CHANGES: &[Column<ConfigurationChangeView>] = &[
    Column::new("id", |c: &ConfigurationChangeView, _| c.id.to_string()).tone(|_| Style::Strong),
    Column::new("type", |c: &ConfigurationChangeView, _| {
        c.change_type.to_string()
    })
    .tone(|c| change_tone(c.change_type)),
    Column::new("repo", |c: &ConfigurationChangeView, _| c.repo.clone()),
    Column::new("file", |c: &ConfigurationChangeView, _| {
        format_optional(c.file_path.as_ref())
    }),
    Column::new("key", |c: &ConfigurationChangeView, _| {
        format_optional(c.key_path.as_ref())
    }),
    Column::new("component", |c: &ConfigurationChangeView, _| {
        format_optional(c.component_name.as_ref())
    })
    .hide_if_empty()
    .drop_priority(4),
    Column::new("old", |c: &ConfigurationChangeView, _| {
        format_optional(c.old_value.as_ref())
    })
    .min_width(12),
    Column::new("new", |c: &ConfigurationChangeView, _| {
        format_optional(c.new_value.as_ref())
    })
    .min_width(12),
    Column::new("commit", |c: &ConfigurationChangeView, _| {
        format_optional(c.commit_hash.as_ref())
            .chars()
            .take(12)
            .collect()
    })
    .hide_if_empty()
    .drop_priority(2),
    Column::new("drift", |c: &ConfigurationChangeView, _| {
        format_optional(c.drift_detection_id.as_ref())
    })
    .hide_if_empty()
    .drop_priority(3),
    Column::new("changed", |c: &ConfigurationChangeView, ui| {
        ui.format_age(c.changed_at)
    })
    .tone(|_| Style::Faint)
    .drop_priority(1),
];

/// Formats a change in one line.
pub(crate) fn format_change_line(change: &ConfigurationChangeView) -> String {
    let place = [change.file_path.as_deref(), change.key_path.as_deref()];
    let place: Vec<&str> = place
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    let (place, kind, repo) = (place.join(": "), change.change_type, &change.repo);
    format!("{place} ({kind} in {repo})")
        .trim_start()
        .to_owned()
}

pub(crate) fn render_configuration_change(change: &ConfigurationChangeView, ui: &Ui) -> String {
    let title = format!(
        "{}  {}",
        change.id,
        escape_control_chars(&format_change_line(change))
    );
    let pairs = [
        ("type", change.change_type.to_string()),
        ("repo", change.repo.clone()),
        ("component", format_optional(change.component_name.as_ref())),
        ("file", format_optional(change.file_path.as_ref())),
        ("key", format_optional(change.key_path.as_ref())),
        ("old", format_optional(change.old_value.as_ref())),
        ("new", format_optional(change.new_value.as_ref())),
        ("changed", format_time(change.changed_at, ui)),
        ("changed by", format_optional(change.changed_by.as_ref())),
        ("commit", format_optional(change.commit_hash.as_ref())),
        ("drift", format_optional(change.drift_detection_id.as_ref())),
        ("other fields", format_fields(&change.document_fields)),
    ];
    format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        ui.format_pairs(&pairs)
    )
}
