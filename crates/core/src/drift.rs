//! Drift: scans of repos and the violations they detect.

mod finding;
mod fingerprint;
mod reconcile;
mod trend;

pub use finding::{Finding, FingerprintedFinding};
pub use fingerprint::{existing_fingerprints, fingerprints, with_fingerprints};
pub use reconcile::{DetectionChange, DetectionUpdate, Reconciliation, ScanScope};
pub use trend::{DetectionInterval, TrendPoint, trend};

use crate::{
    DetectionId, DetectionStatus, Json, JsonObject, Label, Moment, Page, ScanId, ScanStatus,
    ScanType, Severity, Since, TaskId, Timestamp, TriggeredBy, ViolationType,
};

/// A detected violation. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriftDetection {
    /// Its ID.
    pub id: DetectionId,
    /// The repo that contains it.
    pub repo: String,
    /// The kind of rule that it violates.
    pub violation_type: ViolationType,
    /// Its severity.
    pub severity: Severity,
    /// The file that contains it.
    pub file_path: String,
    /// The affected component.
    pub component_name: Option<String>,
    /// The violated rule.
    pub detected_rule: Option<String>,
    /// The expected location.
    pub expected_location: Option<String>,
    /// The actual location.
    pub actual_location: Option<String>,
    /// Details of the violation.
    pub violation_details: Option<String>,
    /// When it was detected.
    pub detected_at: Timestamp,
    /// How it was detected.
    pub detected_by: Option<Label>,
    /// Its status.
    pub status: DetectionStatus,
    /// When it was resolved or ignored.
    pub resolved_at: Option<Timestamp>,
    /// Who resolved or ignored it.
    pub resolved_by: Option<String>,
    /// Notes on the resolution.
    pub resolution_notes: Option<String>,
    /// The fingerprint that identifies it in later scans, see [`fingerprints`].
    pub fingerprint: Option<String>,
    /// When a scan last found it.
    pub last_seen: Option<Timestamp>,
    /// When an ignored detection becomes open again; `None` for never.
    pub ignored_until: Option<Timestamp>,
    /// The task to fix it; it need not exist.
    pub related_task_id: Option<TaskId>,
    /// The scan that found it; it need not exist.
    pub scan_id: Option<ScanId>,
    /// Free-form data.
    pub extra_metadata: Option<Json>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

impl DriftDetection {
    /// Changes the status. Resolving or ignoring a detection records when and by whom, reopening it
    /// clears both. Notes are replaced only if new ones are given.
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
        self.ignored_until = None;
        let ended = status != DetectionStatus::Open;
        self.resolved_at = ended.then_some(now);
        self.resolved_by = by.filter(|_| ended);
    }

    /// Returns the effective status: a detection ignored until a time is open after that time, and one
    /// ignored until a date after that day.
    pub fn effective_status(&self, now: impl Into<Moment>) -> DetectionStatus {
        self.status.effective(self.ignored_until, now.into())
    }
}

impl DetectionStatus {
    /// Returns the effective status of a detection that is ignored until a time.
    pub fn effective(self, ignored_until: Option<Timestamp>, now: Moment) -> Self {
        match (self, ignored_until) {
            (DetectionStatus::Ignored, Some(until)) if now.is_past(until) => DetectionStatus::Open,
            (status, _) => status,
        }
    }
}

/// A scan of repos. Times are UTC.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriftScan {
    /// Its ID.
    pub id: ScanId,
    /// What the scan covers.
    pub scan_type: ScanType,
    /// When it started.
    pub scan_start: Timestamp,
    /// When it ended.
    pub scan_end: Option<Timestamp>,
    /// The scanned repos.
    pub repos_scanned: Vec<String>,
    /// Number of violations.
    pub violations_found: Option<i64>,
    /// Number of violations of severity CRITICAL or HIGH.
    pub violations_high: Option<i64>,
    /// Number of violations of severity MEDIUM.
    pub violations_medium: Option<i64>,
    /// Number of violations of severity LOW.
    pub violations_low: Option<i64>,
    /// Its status.
    pub status: ScanStatus,
    /// What started it.
    pub triggered_by: Option<TriggeredBy>,
    /// The file with its results.
    pub results_file: Option<String>,
    /// Fields of its document that have no column.
    pub document_fields: JsonObject,
}

/// Numbers of violations by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SeverityCounts {
    /// CRITICAL and HIGH: the table has one column for both.
    pub high: i64,
    /// MEDIUM.
    pub medium: i64,
    /// LOW.
    pub low: i64,
}

impl SeverityCounts {
    /// Counts severities.
    pub fn from_severities(severities: impl IntoIterator<Item = Severity>) -> Self {
        let mut counts = SeverityCounts::default();
        for severity in severities {
            match severity {
                Severity::Critical | Severity::High => counts.high += 1,
                Severity::Medium => counts.medium += 1,
                Severity::Low => counts.low += 1,
            }
        }
        counts
    }
}

impl DriftScan {
    /// Sets the counts of the scan.
    pub fn count(&mut self, counts: SeverityCounts) {
        let SeverityCounts { high, medium, low } = counts;
        self.violations_found = Some(high + medium + low);
        self.violations_high = Some(high);
        self.violations_medium = Some(medium);
        self.violations_low = Some(low);
    }
}

/// Filters detections. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct DetectionFilter {
    /// Matches any of these statuses.
    pub status: Vec<DetectionStatus>,
    /// Matches open (`true`), or resolved and ignored (`false`) detections.
    pub open: Option<bool>,
    /// Matches any of these severities.
    pub severity: Vec<Severity>,
    /// Matches any of these violation types.
    pub violation_type: Vec<ViolationType>,
    /// Matches detections in any of these repos.
    pub repo: Vec<String>,
    /// Matches detections of any of these components.
    pub component: Vec<String>,
    /// Matches file paths that start with any of these, or that match them as a pattern with `*` or
    /// `?`.
    pub file: Vec<String>,
    /// Matches any of these fingerprints.
    pub fingerprint: Vec<String>,
    /// Matches detections found by any of these scans.
    pub scan: Vec<ScanId>,
    /// Matches detections with any of these related tasks.
    pub task: Vec<TaskId>,
    /// Matches all of these words in id, file, component, rule, details or notes, ignoring case.
    pub text: Vec<String>,
    /// Matches detections found at or after this time.
    pub since: Option<Since>,
    /// The time at which statuses are evaluated: a detection ignored until then counts as open.
    /// `None` compares the stored status.
    pub now: Option<Moment>,
    /// Order of the list.
    pub sort: DetectionSort,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

/// The order of a list of detections; equal ones are ordered by id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DetectionSort {
    /// By id.
    #[default]
    Id,
    /// Most severe first.
    Severity,
    /// By time of detection.
    Detected,
    /// By the time they were last seen; never seen ones first.
    Seen,
    /// By repo and file.
    File,
    /// By status.
    Status,
}

/// The order of a list of scans; equal ones are ordered by id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ScanSort {
    /// By id.
    #[default]
    Id,
    /// By start time.
    Start,
}

/// Filters scans. All conditions must hold; an empty list matches all.
#[derive(Debug, Clone, Default)]
pub struct ScanFilter {
    /// Matches any of these statuses.
    pub status: Vec<ScanStatus>,
    /// Matches any of these scan types.
    pub scan_type: Vec<ScanType>,
    /// Matches any of these triggers.
    pub triggered_by: Vec<TriggeredBy>,
    /// Matches scans of any of these repos.
    pub repo: Vec<String>,
    /// Matches scans started at or after this time.
    pub since: Option<Since>,
    /// Order of the list.
    pub sort: ScanSort,
    /// Reverses the order.
    pub reverse: bool,
    /// Page of the list.
    pub page: Page,
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn finding(repo: &str, file: &str, details: &str) -> Finding {
        Finding {
            repo: repo.into(),
            violation_type: ViolationType::Dependency,
            severity: Severity::High,
            file_path: file.into(),
            component_name: Some("PriceList".into()),
            detected_rule: Some("core-knows-no-web".into()),
            expected_location: None,
            actual_location: None,
            violation_details: Some(details.into()),
            detected_by: Some("drift-scan".parse().expect("valid label")),
            fingerprint: None,
            related_task_id: None,
            extra_metadata: None,
        }
    }

    /// A detection stored before fingerprints existed.
    pub(super) fn detection(id: &str, file: &str, details: &str) -> DriftDetection {
        let id = DetectionId::new(id).expect("valid id");
        let detected_at = "2025-11-20".parse().expect("valid time");
        DriftDetection {
            fingerprint: None,
            last_seen: None,
            ..finding("core", file, details).detection(id, String::new(), None, detected_at)
        }
    }

    #[test]
    fn detection_ignored_until_a_time_is_open_then() {
        let at = |text: &str| text.parse::<Timestamp>().expect("valid time");
        let mut drift = detection("DRIFT-001", "a.py", "");
        let by = Some("mira".to_owned());
        drift.set_status(
            DetectionStatus::Ignored,
            by,
            Some("known".into()),
            at("2025-11-21"),
        );
        assert_eq!(
            drift.effective_status(at("2099-01-01")),
            DetectionStatus::Ignored
        );
        drift.ignored_until = Some(at("2025-12-01"));
        assert_eq!(
            drift.effective_status(at("2025-11-30")),
            DetectionStatus::Ignored
        );
        assert_eq!(
            drift.effective_status(at("2025-12-01T23:00:00Z")),
            DetectionStatus::Ignored
        );
        assert_eq!(
            drift.effective_status(at("2025-12-02")),
            DetectionStatus::Open
        );
        drift.set_status(DetectionStatus::Open, None, None, at("2025-12-01"));
        assert_eq!((drift.ignored_until, drift.resolved_at), (None, None));
        assert_eq!(drift.resolution_notes.as_deref(), Some("known"));
    }
}
