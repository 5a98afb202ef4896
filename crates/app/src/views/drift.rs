//! Views of drift: detections, scans and trends.

use serde::Serialize;
use wsdb_core::{
    DetectionId, DetectionStatus, Json, JsonObject, Label, ScanId, ScanStatus, ScanType, Severity,
    TaskId, Timestamp, TriggeredBy, ViolationType,
};

use super::TaskView;

view! {
    /// A detection. Times are RFC 3339 in UTC. In lists, the status is the effective one: a
    /// detection that was ignored until a time is `open` after it. After a change, it is the stored
    /// one.
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
        detected_by: Option<Label>,
        status: DetectionStatus,
        resolved_at: Option<Timestamp>,
        resolved_by: Option<String>,
        resolution_notes: Option<String>,
        fingerprint: Option<String>,
        last_seen: Option<Timestamp>,
        ignored_until: Option<Timestamp>,
        related_task_id: Option<TaskId>,
        scan_id: Option<ScanId>,
        extra_metadata: Option<Json>,
        document_fields: JsonObject,
    }
}

view! {
    /// A scan. Times are RFC 3339 in UTC.
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
        document_fields: JsonObject,
    }
}

/// Number of detections by the effect of a scan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriftCounts {
    /// Found for the first time.
    pub new: u64,
    /// Open before and found again.
    pub still_open: u64,
    /// Found again after they were resolved, or after the time for which they were ignored.
    pub reopened: u64,
    /// Open before and no longer found.
    pub resolved: u64,
    /// Ignored and found again.
    pub ignored: u64,
}

/// A recorded scan.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordedView {
    /// The scan; null for a dry run.
    pub scan: Option<ScanView>,
    /// Number of detections by the effect of the scan.
    pub counts: DriftCounts,
    /// New detections, most severe first.
    pub new: Vec<DetectionView>,
    /// Reopened detections, most severe first.
    pub reopened: Vec<DetectionView>,
    /// Resolved detections, most severe first.
    pub resolved: Vec<DetectionView>,
    /// Detections that were found again but stay ignored, most severe first.
    pub ignored: Vec<DetectionView>,
}

/// A task that fixes drift.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriftTaskView {
    /// The task.
    #[serde(flatten)]
    pub task: TaskView,
    /// The detections that it fixes.
    pub detections: Vec<DetectionId>,
}

view! {
    /// Drift in a period.
    TrendView of TrendPoint {
        from: Timestamp,
        until: Timestamp,
        open: u64,
        new: u64,
        resolved: u64,
        ignored: u64,
    }
}
