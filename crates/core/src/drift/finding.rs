//! A violation as reported by a scan.

use super::DriftDetection;
use crate::{
    DetectionId, DetectionStatus, Json, JsonObject, Label, ScanId, Severity, TaskId, Timestamp,
    ViolationType, normalize_file_path,
};

/// A violation as reported by a scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
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
    /// How it was detected.
    pub detected_by: Option<Label>,
    /// The scanner's own fingerprint, if it has one.
    pub fingerprint: Option<String>,
    /// The task to fix it; a known detection keeps its own.
    pub related_task_id: Option<TaskId>,
    /// Free-form data.
    pub extra_metadata: Option<Json>,
}

/// A finding with the fingerprint that identifies it; see
/// [`with_fingerprints`](crate::with_fingerprints).
#[derive(Debug, Clone, PartialEq)]
pub struct FingerprintedFinding {
    /// The finding.
    pub finding: Finding,
    /// Its fingerprint, unique within the repo.
    pub fingerprint: String,
}

impl Finding {
    /// Converts the finding to a new detection.
    pub fn detection(
        self,
        id: DetectionId,
        fingerprint: String,
        scan: Option<ScanId>,
        now: Timestamp,
    ) -> DriftDetection {
        DriftDetection {
            id,
            repo: self.repo,
            violation_type: self.violation_type,
            severity: self.severity,
            file_path: normalize_file_path(&self.file_path),
            component_name: self.component_name,
            detected_rule: self.detected_rule,
            expected_location: self.expected_location,
            actual_location: self.actual_location,
            violation_details: self.violation_details,
            detected_at: now,
            detected_by: self.detected_by,
            status: DetectionStatus::Open,
            resolved_at: None,
            resolved_by: None,
            resolution_notes: None,
            fingerprint: Some(fingerprint),
            last_seen: Some(now),
            ignored_until: None,
            related_task_id: self.related_task_id,
            scan_id: scan,
            extra_metadata: self.extra_metadata,
            document_fields: JsonObject::new(),
        }
    }

    /// Updates a known detection with the finding. Fields that the finding lacks stay unchanged.
    pub(super) fn apply_to(&self, known: &mut DriftDetection) {
        fn overwrite_if_present<T: Clone + PartialEq>(new: &Option<T>, field: &mut Option<T>) {
            if new.is_some() && new != field {
                field.clone_from(new);
            }
        }
        known.severity = self.severity;
        known.violation_type = self.violation_type;
        let path = normalize_file_path(&self.file_path);
        if normalize_file_path(&known.file_path) != path {
            known.file_path = path;
        }
        overwrite_if_present(&self.component_name, &mut known.component_name);
        overwrite_if_present(&self.detected_rule, &mut known.detected_rule);
        overwrite_if_present(&self.expected_location, &mut known.expected_location);
        overwrite_if_present(&self.actual_location, &mut known.actual_location);
        overwrite_if_present(&self.violation_details, &mut known.violation_details);
        overwrite_if_present(&self.extra_metadata, &mut known.extra_metadata);
    }
}
