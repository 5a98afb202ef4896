//! Drift as `--json` shows it.

use serde::Serialize;
use serde_json::Value;
use wsdb_core::{
    DetectionId, DetectionStatus, Fields, ScanId, ScanStatus, ScanType, Severity, TaskId,
    Timestamp, TriggeredBy, ViolationType, Word,
};

use super::TaskView;

view! {
    /// A detection: its columns. Times are RFC 3339 in UTC. Where detections are shown, and not
    /// changed, the status is the one that counts: one that was ignored until a time is `open`
    /// when that is over.
    DetectionView of DriftDetection {
        id: DetectionId,
        repo: String,
        violation_type: ViolationType,
        severity: Severity,
        file_path: String,
        component_name: Option<String>,
        detected_rule: Option<String>,
        expected_location: Option<String>,
        actual_location: Option<String>,
        violation_details: Option<String>,
        detected_at: Timestamp,
        detected_by: Option<Word>,
        status: DetectionStatus,
        resolved_at: Option<Timestamp>,
        resolved_by: Option<String>,
        resolution_notes: Option<String>,
        fingerprint: Option<String>,
        last_seen: Option<Timestamp>,
        ignored_until: Option<Timestamp>,
        related_task_id: Option<TaskId>,
        scan_id: Option<ScanId>,
        extra_metadata: Option<Value>,
        document_fields: Fields,
    }
}

view! {
    /// A scan: its columns. Times are RFC 3339 in UTC.
    ScanView of DriftScan {
        id: ScanId,
        scan_type: ScanType,
        scan_start: Timestamp,
        scan_end: Option<Timestamp>,
        repos_scanned: Vec<String>,
        violations_found: Option<i64>,
        violations_high: Option<i64>,
        violations_medium: Option<i64>,
        violations_low: Option<i64>,
        status: ScanStatus,
        triggered_by: Option<TriggeredBy>,
        results_file: Option<String>,
        document_fields: Fields,
    }
}

/// What became of detections by a scan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct DriftCounts {
    /// Not known before.
    pub new: u64,
    /// Open before, and found again.
    pub still_open: u64,
    /// Resolved before, or ignored for a time that is over, and found again.
    pub reopened: u64,
    /// Open before, and not found any more.
    pub resolved: u64,
    /// Ignored, and found again.
    pub ignored: u64,
}

/// A scan that was recorded.
#[derive(Debug, Clone, Serialize)]
pub struct RecordedView {
    /// The scan; null where it was only tried out.
    pub scan: Option<ScanView>,
    /// What became of the detections.
    pub counts: DriftCounts,
    /// Those that are new, the gravest first.
    pub new: Vec<DetectionView>,
    /// Those that are open again, the gravest first.
    pub reopened: Vec<DetectionView>,
    /// Those that are resolved now, the gravest first.
    pub resolved: Vec<DetectionView>,
    /// Those that were found again and stay ignored, the gravest first.
    pub ignored: Vec<DetectionView>,
}

/// A task that mends drift.
#[derive(Debug, Clone, Serialize)]
pub struct DriftTaskView {
    /// The task.
    #[serde(flatten)]
    pub task: TaskView,
    /// The detections that it mends.
    pub detections: Vec<DetectionId>,
}

view! {
    /// What happened to drift in a span of time.
    TrendView of TrendPoint {
        from: Timestamp,
        until: Timestamp,
        open: u64,
        new: u64,
        resolved: u64,
        ignored: u64,
    }
}
