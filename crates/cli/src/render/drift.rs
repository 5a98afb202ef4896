//! How drift is displayed.

use wsdb_app::views::{DetectionView, ScanView, TrendView};
use wsdb_core::{DetectionStatus, ScanStatus, format_file_location};

use super::{
    format_fields, format_json, format_list, format_optional, format_optional_time, format_time,
    level_tone,
};
use crate::table::Column;
use crate::time::{format_clock, local_date};
use crate::ui::{Style, Ui, escape_control_chars};

fn tone(detection: &DetectionView) -> Style {
    match detection.status {
        DetectionStatus::Open => Style::Warn,
        DetectionStatus::Resolved => Style::Good,
        DetectionStatus::Ignored => Style::Faint,
    }
}

/// Formats the location of a detection.
pub(crate) fn format_location(detection: &DetectionView) -> String {
    format_file_location(&detection.repo, &detection.file_path)
}

fn format_detection_kind(detection: &DetectionView) -> String {
    let parts = [
        &detection.component_name,
        &detection.detected_rule,
        &detection.violation_details,
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    parts.join(" · ")
}

/// Formats a detection in one line, as used in messages about changes.
pub(crate) fn format_detection_line(detection: &DetectionView) -> String {
    format!("{}  {}", detection.id, format_detection_summary(detection))
}

/// Formats what a detection is, without its id: `HIGH dependency violation in REPO/FILE`.
pub(crate) fn format_detection_summary(detection: &DetectionView) -> String {
    let (severity, kind) = (detection.severity, detection.violation_type);
    format!(
        "{severity} {kind} violation in {}",
        format_location(detection)
    )
}

pub(crate) const DETECTIONS: &[Column<DetectionView>] = &[
    Column::new("id", |d: &DetectionView, _| d.id.to_string()).tone(|_| Style::Strong),
    Column::new("status", |d: &DetectionView, _| d.status.to_string()).tone(tone),
    Column::new("severity", |d: &DetectionView, _| d.severity.to_string())
        .tone(|d| level_tone(Some(d.severity))),
    Column::new("type", |d: &DetectionView, _| d.violation_type.to_string()).drop_priority(4),
    Column::new("where", |d: &DetectionView, _| format_location(d)).min_width(24),
    Column::new("what", |d: &DetectionView, _| format_detection_kind(d))
        .min_width(20)
        .drop_priority(3),
    Column::new("task", |d: &DetectionView, _| {
        format_optional(d.related_task_id.as_ref())
    })
    .drop_priority(2)
    .hide_if_empty(),
    Column::new("until", |d: &DetectionView, ui| {
        let is_ignored = d.status == DetectionStatus::Ignored;
        let until = d.ignored_until.filter(|_| is_ignored);
        until
            .map(|until| ui.format_clock(until))
            .unwrap_or_default()
    })
    .drop_priority(6)
    .hide_if_empty(),
    Column::new("detected", |d: &DetectionView, ui| {
        ui.format_age(d.detected_at)
    })
    .tone(|_| Style::Faint)
    .drop_priority(1),
    Column::new("seen", |d: &DetectionView, ui| {
        d.last_seen
            .map(|time| ui.format_age(time))
            .unwrap_or_default()
    })
    .tone(|_| Style::Faint)
    .drop_priority(5)
    .hide_if_empty(),
];

pub(crate) const SCANS: &[Column<ScanView>] = &[
    Column::new("id", |s: &ScanView, _| s.id.to_string()).tone(|_| Style::Strong),
    Column::new("type", |s: &ScanView, _| s.scan_type.to_string()),
    Column::new("status", |s: &ScanView, _| s.status.to_string()).tone(|s| match s.status {
        ScanStatus::Running => Style::Warn,
        ScanStatus::Completed => Style::Good,
        ScanStatus::Failed => Style::Bad,
    }),
    Column::new("start", |s: &ScanView, ui| ui.format_local(s.scan_start)),
    Column::new("repos", |s: &ScanView, _| format_list(&s.repos_scanned))
        .min_width(14)
        .drop_priority(2),
    Column::new("found", |s: &ScanView, _| {
        format_optional(s.violations_found.as_ref())
    }),
    Column::new("critical and high", |s: &ScanView, _| {
        format_optional(s.violations_high.as_ref())
    })
    .drop_priority(3),
    Column::new("medium", |s: &ScanView, _| {
        format_optional(s.violations_medium.as_ref())
    })
    .drop_priority(4),
    Column::new("low", |s: &ScanView, _| {
        format_optional(s.violations_low.as_ref())
    })
    .drop_priority(4),
    Column::new("triggered by", |s: &ScanView, _| {
        format_optional(s.triggered_by.as_ref())
    })
    .drop_priority(1),
];

pub(crate) fn render_detection(detection: &DetectionView, ui: &Ui) -> String {
    let title = format!(
        "{}  {}",
        detection.id,
        escape_control_chars(&format_location(detection))
    );
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let status = match (detection.status, detection.ignored_until) {
        (DetectionStatus::Ignored, Some(until)) => {
            format!("ignored until {}", format_clock(until, ui.now))
        }
        (DetectionStatus::Open, Some(until)) => {
            format!("open (was ignored until {})", format_clock(until, ui.now))
        }
        (status, _) => status.to_string(),
    };
    let (ended, by) = match (detection.status, detection.ignored_until) {
        (DetectionStatus::Ignored, _) | (DetectionStatus::Open, Some(_)) => {
            ("ignored", "ignored by")
        }
        _ => ("resolved", "resolved by"),
    };
    let pairs = [
        ("status", status),
        ("severity", detection.severity.to_string()),
        ("type", detection.violation_type.to_string()),
        ("component", text(&detection.component_name)),
        ("rule", text(&detection.detected_rule)),
        ("actual location", text(&detection.actual_location)),
        ("expected location", text(&detection.expected_location)),
        ("details", text(&detection.violation_details)),
        ("detected", format_time(detection.detected_at, ui)),
        (
            "detected by",
            format_optional(detection.detected_by.as_ref()),
        ),
        ("last seen", format_optional_time(detection.last_seen, ui)),
        ("scan", format_optional(detection.scan_id.as_ref())),
        ("task", format_optional(detection.related_task_id.as_ref())),
        (ended, format_optional_time(detection.resolved_at, ui)),
        (by, text(&detection.resolved_by)),
        ("notes", text(&detection.resolution_notes)),
        ("fingerprint", text(&detection.fingerprint)),
        ("metadata", format_json(detection.extra_metadata.as_ref())),
        ("other fields", format_fields(&detection.document_fields)),
    ];
    format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        ui.format_pairs(&pairs)
    )
}

pub(crate) fn render_scan(scan: &ScanView, ui: &Ui) -> String {
    let number = |number: Option<i64>| format_optional(number.as_ref());
    let pairs = [
        ("type", scan.scan_type.to_string()),
        ("status", scan.status.to_string()),
        ("repos", format_list(&scan.repos_scanned)),
        ("start", format_time(scan.scan_start, ui)),
        ("end", format_optional_time(scan.scan_end, ui)),
        ("found", number(scan.violations_found)),
        ("critical and high", number(scan.violations_high)),
        ("medium", number(scan.violations_medium)),
        ("low", number(scan.violations_low)),
        ("triggered by", format_optional(scan.triggered_by.as_ref())),
        ("results", scan.results_file.clone().unwrap_or_default()),
        ("other fields", format_fields(&scan.document_fields)),
    ];
    let title = ui.paint(Style::Strong, scan.id.as_str());
    format!("{title}\n{}", ui.format_pairs(&pairs))
}

/// Returns the local date on which a period begins.
pub(crate) fn format_period_label(point: &TrendView) -> String {
    local_date(point.from).to_string()
}
