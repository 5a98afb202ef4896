//! Drift: scans of the repos and the violations they found.

use serde_json::Value;

use crate::{
    DetectionId, DetectionStatus, Fields, Page, ScanId, ScanStatus, ScanType, Severity, TaskId,
    Timestamp, TriggeredBy, ViolationType, Word,
};

/// A violation that was found. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct DriftDetection {
    /// Its id.
    pub id: DetectionId,
    /// The repo it was found in.
    pub repo: String,
    /// What kind of rule is broken.
    pub violation_type: ViolationType,
    /// How grave it is.
    pub severity: Severity,
    /// The file it was found in.
    pub file_path: String,
    /// The component it is about.
    pub component_name: Option<String>,
    /// The rule that is broken.
    pub detected_rule: Option<String>,
    /// Where it should be.
    pub expected_location: Option<String>,
    /// Where it is.
    pub actual_location: Option<String>,
    /// What was seen.
    pub violation_details: Option<String>,
    /// When it was found.
    pub detected_at: Timestamp,
    /// How it was found.
    pub detected_by: Option<Word>,
    /// Whether it still stands.
    pub status: DetectionStatus,
    /// When it was mended.
    pub resolved_at: Option<Timestamp>,
    /// Who mended it.
    pub resolved_by: Option<String>,
    /// How it was mended.
    pub resolution_notes: Option<String>,
    /// The task that mends it; it may not exist (yet).
    pub related_task_id: Option<TaskId>,
    /// The scan that found it; it may not exist (yet).
    pub scan_id: Option<ScanId>,
    /// Free-form data of its own.
    pub extra_metadata: Option<Value>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

impl DriftDetection {
    /// Moves the detection to a status. Resolving or ignoring it notes when and by whom; opening
    /// it again takes that back and keeps the notes. Notes that are given replace those there.
    pub fn set_status(
        &mut self,
        status: DetectionStatus,
        by: Option<String>,
        notes: Option<String>,
        now: Timestamp,
    ) {
        if notes.is_some() {
            self.resolution_notes = notes;
        }
        if self.status == status {
            return;
        }
        self.status = status;
        let ended = status != DetectionStatus::Open;
        self.resolved_at = ended.then_some(now);
        self.resolved_by = by.filter(|_| ended);
    }
}

/// A look at the repos. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
pub struct DriftScan {
    /// Its id.
    pub id: ScanId,
    /// How much it looked at.
    pub scan_type: ScanType,
    /// When it began.
    pub scan_start: Timestamp,
    /// When it ended.
    pub scan_end: Option<Timestamp>,
    /// The repos it looked at.
    pub repos_scanned: Vec<String>,
    /// How many violations it found.
    pub violations_found: Option<i64>,
    /// How many of them are CRITICAL or HIGH.
    pub violations_high: Option<i64>,
    /// How many of them are MEDIUM.
    pub violations_medium: Option<i64>,
    /// How many of them are LOW.
    pub violations_low: Option<i64>,
    /// How it ended, if it did.
    pub status: ScanStatus,
    /// What set it off.
    pub triggered_by: Option<TriggeredBy>,
    /// Where its results were written.
    pub results_file: Option<String>,
    /// What its document said beyond our columns.
    pub document_fields: Fields,
}

/// How many violations a scan found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SeverityCounts {
    /// CRITICAL or HIGH: the table has one column for both.
    pub high: i64,
    /// MEDIUM.
    pub medium: i64,
    /// LOW.
    pub low: i64,
}

impl SeverityCounts {
    /// Counts detections by severity.
    pub fn of<'a>(detections: impl IntoIterator<Item = &'a DriftDetection>) -> Self {
        let mut counts = SeverityCounts::default();
        for detection in detections {
            match detection.severity {
                Severity::Critical | Severity::High => counts.high += 1,
                Severity::Medium => counts.medium += 1,
                Severity::Low => counts.low += 1,
            }
        }
        counts
    }
}

impl DriftScan {
    /// Writes the counts of its detections into the scan.
    pub fn count(&mut self, counts: SeverityCounts) {
        let SeverityCounts { high, medium, low } = counts;
        self.violations_found = Some(high + medium + low);
        self.violations_high = Some(high);
        self.violations_medium = Some(medium);
        self.violations_low = Some(low);
    }
}

/// Which detections are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct DetectionFilter {
    /// One of these.
    pub status: Vec<DetectionStatus>,
    /// One of these.
    pub severity: Vec<Severity>,
    /// One of these.
    pub violation_type: Vec<ViolationType>,
    /// In one of these repos.
    pub repo: Vec<String>,
    /// Found by one of these scans.
    pub scan: Vec<ScanId>,
    /// Which part of the list, by id.
    pub page: Page,
}

/// Which scans are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct ScanFilter {
    /// One of these.
    pub status: Vec<ScanStatus>,
    /// One of these.
    pub scan_type: Vec<ScanType>,
    /// Began at or after this time.
    pub since: Option<Timestamp>,
    /// Which part of the list, by id.
    pub page: Page,
}
