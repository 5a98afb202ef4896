//! Drift: scans of the repos and the violations they found.

mod fingerprint;
mod scanned;
mod trend;

pub use fingerprint::{fingerprints, known_fingerprints, normal_path};
pub use scanned::{Finding, Outcome, ScanScope, Scanned};
pub use trend::{Stand, TrendPoint, trend};

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
    /// By what the next scan knows it again; see [`fingerprints`].
    pub fingerprint: Option<String>,
    /// When a scan last found it.
    pub last_seen: Option<Timestamp>,
    /// Until when it is ignored; for ever where it is ignored and this is not said.
    pub ignored_until: Option<Timestamp>,
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
        self.ignored_until = None;
        let ended = status != DetectionStatus::Open;
        self.resolved_at = ended.then_some(now);
        self.resolved_by = by.filter(|_| ended);
    }

    /// The status that counts: what was ignored for a time is open when that is over.
    pub fn status_at(&self, now: Timestamp) -> DetectionStatus {
        match (self.status, self.ignored_until) {
            (DetectionStatus::Ignored, Some(until)) if until <= now => DetectionStatus::Open,
            (status, _) => status,
        }
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
    /// Counts severities.
    pub fn of(severities: impl IntoIterator<Item = Severity>) -> Self {
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
    /// About one of these components.
    pub component: Vec<String>,
    /// In a file whose path begins so; with `*` or `?` in it, is like that as a whole.
    pub file: Vec<String>,
    /// Known by one of these fingerprints.
    pub fingerprint: Vec<String>,
    /// Found by one of these scans.
    pub scan: Vec<ScanId>,
    /// Mended by one of these tasks.
    pub task: Vec<TaskId>,
    /// Words that all stand in id, file, component, rule, details or notes.
    pub text: Vec<String>,
    /// Found at or after this time.
    pub since: Option<Timestamp>,
    /// When this is asked: what was ignored until then counts as open. Without it, the status
    /// counts that is kept.
    pub now: Option<Timestamp>,
    /// The order.
    pub sort: DetectionSort,
    /// The other way round.
    pub reverse: bool,
    /// Which part of the list.
    pub page: Page,
}

/// The order of a list of detections; what is alike is ordered by id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DetectionSort {
    /// By id.
    #[default]
    Id,
    /// The gravest first.
    Severity,
    /// By when they were found.
    Detected,
    /// By when they were last seen; those that never were come first.
    Seen,
    /// By repo and file.
    File,
    /// By status.
    Status,
}

/// Which scans are wanted. An empty list asks for nothing in particular.
#[derive(Debug, Clone, Default)]
pub struct ScanFilter {
    /// One of these.
    pub status: Vec<ScanStatus>,
    /// One of these.
    pub scan_type: Vec<ScanType>,
    /// Set off by one of these.
    pub triggered_by: Vec<TriggeredBy>,
    /// Looked at one of these repos.
    pub repo: Vec<String>,
    /// Began at or after this time.
    pub since: Option<Timestamp>,
    /// The latest first.
    pub reverse: bool,
    /// Which part of the list, by id.
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
            detected_by: Some("drift-scan".parse().expect("a word")),
            fingerprint: None,
            related_task_id: None,
            extra_metadata: None,
        }
    }

    /// As it was kept before there were fingerprints.
    pub(super) fn detection(id: &str, file: &str, details: &str) -> DriftDetection {
        let id = DetectionId::new(id).expect("an id");
        let found = "2025-11-20".parse().expect("a time");
        DriftDetection {
            fingerprint: None,
            last_seen: None,
            ..finding("core", file, details).detection(id, String::new(), None, found)
        }
    }

    #[test]
    fn what_is_ignored_for_a_time_is_open_when_that_is_over() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let mut drift = detection("DRIFT-001", "a.py", "");
        let by = Some("mira".to_owned());
        drift.set_status(
            DetectionStatus::Ignored,
            by,
            Some("known".into()),
            at("2025-11-21"),
        );
        assert_eq!(drift.status_at(at("2099-01-01")), DetectionStatus::Ignored);
        drift.ignored_until = Some(at("2025-12-01"));
        assert_eq!(drift.status_at(at("2025-11-30")), DetectionStatus::Ignored);
        assert_eq!(drift.status_at(at("2025-12-01")), DetectionStatus::Open);
        drift.set_status(DetectionStatus::Open, None, None, at("2025-12-01"));
        assert_eq!((drift.ignored_until, drift.resolved_at), (None, None));
        assert_eq!(drift.resolution_notes.as_deref(), Some("known"));
    }
}
