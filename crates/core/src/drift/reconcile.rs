//! Compares the findings of a scan with the known detections.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{DriftDetection, fingerprint, normal_path};
use crate::{
    DetectionId, DetectionStatus, Json, JsonObject, Label, ScanId, Severity, TaskId, Timestamp,
    ViolationType,
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
            file_path: normal_path(&self.file_path),
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
    fn apply_to(&self, known: &mut DriftDetection) {
        fn overwrite_if_present<T: Clone + PartialEq>(new: &Option<T>, field: &mut Option<T>) {
            if new.is_some() && new != field {
                field.clone_from(new);
            }
        }
        known.severity = self.severity;
        known.violation_type = self.violation_type;
        let path = normal_path(&self.file_path);
        if normal_path(&known.file_path) != path {
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

/// The scope of a scan: open detections in it that the scan did not find are resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScanScope {
    /// The scanned repos.
    pub repos: Vec<String>,
    /// The scanned files by repo; `None` for all files.
    pub files: Option<BTreeMap<String, Vec<String>>>,
}

impl ScanScope {
    /// Whether the scope includes the file of a detection.
    fn covers(&self, detection: &DriftDetection) -> bool {
        match &self.files {
            None => self.repos.contains(&detection.repo),
            Some(files) => files.get(&detection.repo).is_some_and(|files| {
                let path = normal_path(&detection.file_path);
                files.iter().any(|file| normal_path(file) == path)
            }),
        }
    }

    /// Returns the scope with normalized paths.
    fn normalized(&self) -> ScanScope {
        let files = self.files.as_ref().map(|files| {
            let normal = |files: &Vec<String>| files.iter().map(|f| normal_path(f)).collect();
            files.iter().map(|(r, f)| (r.clone(), normal(f))).collect()
        });
        ScanScope {
            repos: self.repos.clone(),
            files,
        }
    }
}

/// Whether scanners know the rule of a detection. Detections noted by a person may violate a rule
/// that no scanner knows, so a scan that does not find them means nothing.
fn is_known_to_scanners(detection: &DriftDetection) -> bool {
    let by = detection.detected_by.as_ref().map(Label::as_str);
    let by_hand = by.is_some_and(|by| by.starts_with("manual") || by.starts_with("user"));
    detection.last_seen.is_some() || !by_hand
}

/// How a scan changed a detection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DetectionChange {
    /// It was open and still is.
    StillOpen,
    /// It was resolved, or ignored until a time that has passed, and is open again.
    Reopened,
    /// It is ignored and was found again.
    Ignored,
    /// It was not found again.
    Resolved,
}

/// The changes that a scan makes.
#[derive(Debug, Default)]
pub struct Reconciliation {
    /// New findings, each with its fingerprint.
    pub new: Vec<(Finding, String)>,
    /// Changed detections: before, after, and how they changed. Detections with only a new
    /// last-seen time are in [`Reconciliation::marked`].
    pub changed: Vec<(DriftDetection, DriftDetection, DetectionChange)>,
    /// Detections with only a new last-seen time.
    pub marked: Vec<(DriftDetection, DetectionChange)>,
}

impl Reconciliation {
    /// Compares findings with the known detections of the scanned repos. `known` needs to contain
    /// resolved detections only if their fingerprint is in `prints`, those of the findings.
    ///
    /// - Open detections that are found again are updated with the finding.
    /// - Resolved detections that are found again are reopened and keep their notes.
    /// - Ignored detections stay ignored, unless that was until a time that has passed.
    /// - Open detections in the scope that are not found are resolved, unless a person noted them
    ///   and no scan has ever found them.
    pub fn new(
        known: Vec<DriftDetection>,
        (findings, fingerprints): (Vec<Finding>, Vec<String>),
        scope: &ScanScope,
        scan: &ScanId,
        now: Timestamp,
    ) -> Self {
        let scope = scope.normalized();
        let known_prints = fingerprint::existing_fingerprints(&known);
        let mut places: HashMap<(&str, &str), usize> = HashMap::with_capacity(known.len());
        for (place, (detection, print)) in known.iter().zip(&known_prints).enumerate() {
            let key = (detection.repo.as_str(), print.as_str());
            let other = places.entry(key).or_insert(place);
            // Several may share a fingerprint: one that is not resolved takes precedence.
            if known[*other].status == DetectionStatus::Resolved {
                *other = place;
            }
        }
        let mut scanned = Reconciliation::default();
        let mut seen: HashSet<usize> = HashSet::with_capacity(findings.len());
        for (finding, print) in findings.into_iter().zip(fingerprints) {
            match places.get(&(finding.repo.as_str(), print.as_str())) {
                Some(place) => {
                    seen.insert(*place);
                    scanned.record_sighting(&known[*place], &finding, now);
                }
                None => scanned.new.push((finding, print)),
            }
        }
        for (place, detection) in known.iter().enumerate() {
            let stands = detection.effective_status(now) == DetectionStatus::Open;
            if stands
                && !seen.contains(&place)
                && scope.covers(detection)
                && is_known_to_scanners(detection)
            {
                let mut gone = detection.clone();
                gone.set_status(DetectionStatus::Resolved, Some(scan.to_string()), None, now);
                let gone = (detection.clone(), gone, DetectionChange::Resolved);
                scanned.changed.push(gone);
            }
        }
        scanned
    }

    fn record_sighting(&mut self, known: &DriftDetection, finding: &Finding, now: Timestamp) {
        let mut detection = known.clone();
        finding.apply_to(&mut detection);
        let stands = known.effective_status(now) == DetectionStatus::Open;
        let outcome = match known.status {
            DetectionStatus::Open => DetectionChange::StillOpen,
            DetectionStatus::Ignored if !stands => DetectionChange::Ignored,
            DetectionStatus::Ignored | DetectionStatus::Resolved => {
                detection.set_status(DetectionStatus::Open, None, None, now);
                DetectionChange::Reopened
            }
        };
        match detection == *known {
            true => self.marked.push((detection, outcome)),
            false => {
                detection.last_seen = Some(now);
                self.changed.push((known.clone(), detection, outcome));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::tests::{detection, finding};
    use crate::fingerprints;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("valid time")
    }

    fn scan(known: &[DriftDetection], findings: &[Finding], scope: &ScanScope) -> Reconciliation {
        let prints = fingerprints(findings);
        let id = ScanId::new("SCAN-002").expect("valid id");
        let found = (findings.to_vec(), prints);
        Reconciliation::new(known.to_vec(), found, scope, &id, at("2025-12-01"))
    }

    fn core() -> ScanScope {
        ScanScope {
            repos: vec!["core".into()],
            files: None,
        }
    }

    /// Returns the ids of changed detections, and how they changed.
    fn became(scanned: &Reconciliation) -> Vec<(&str, DetectionChange)> {
        let changed = scanned.changed.iter();
        changed
            .map(|(_, now, what)| (now.id.as_str(), *what))
            .collect()
    }

    #[test]
    fn what_is_known_is_not_piled_up() {
        let known = ["a.py", "b.py", "c.py", "d.py", "e.py"];
        let mut known = known.map(|file| detection(&format!("D-{file}"), file, "line 1"));
        let by = || Some("mira".to_owned());
        let notes = || Some("kept".to_owned());
        let then = at("2025-11-21");
        known[1].set_status(DetectionStatus::Resolved, by(), notes(), then);
        known[2].set_status(DetectionStatus::Ignored, by(), notes(), then);
        known[3].set_status(DetectionStatus::Ignored, by(), notes(), then);
        known[3].ignored_until = Some(at("2025-12-01"));
        let found = ["a.py", "b.py", "c.py", "d.py", "f.py"];
        let found = found.map(|file| finding("core", file, "line 1"));
        let scanned = scan(&known, &found, &core());
        let reopened = (DetectionChange::Reopened, DetectionChange::Reopened);
        assert_eq!(
            became(&scanned),
            [
                ("D-b.py", reopened.0),
                ("D-d.py", reopened.1),
                ("D-e.py", DetectionChange::Resolved)
            ]
        );
        let marked: Vec<_> = scanned
            .marked
            .iter()
            .map(|(d, o)| (d.id.as_str(), *o))
            .collect();
        assert_eq!(
            marked,
            [
                ("D-a.py", DetectionChange::StillOpen),
                ("D-c.py", DetectionChange::Ignored)
            ]
        );
        assert_eq!(scanned.new.len(), 1);
        assert_eq!(scanned.new[0].0.file_path, "f.py");
        let opened = &scanned.changed[0].1;
        assert_eq!(opened.resolution_notes.as_deref(), Some("kept"));
        assert_eq!(
            (opened.resolved_at, opened.last_seen),
            (None, Some(at("2025-12-01")))
        );
        let gone = &scanned.changed[2].1;
        assert_eq!(gone.resolved_by.as_deref(), Some("SCAN-002"));
        assert_eq!(gone.last_seen, None);
    }

    #[test]
    fn what_is_told_anew_is_written_over() {
        let mut known = detection("D-1", "", "line 1");
        known.file_path = "src\\a.py".into();
        let mut found = finding("core", "./src/a.py", "line 7");
        found.severity = Severity::Critical;
        found.component_name = known.component_name.clone();
        let scanned = scan(&[known], &[found], &core());
        assert_eq!(became(&scanned), [("D-1", DetectionChange::StillOpen)]);
        let now = &scanned.changed[0].1;
        assert_eq!(now.severity, Severity::Critical);
        assert_eq!(now.violation_details.as_deref(), Some("line 7"));
        assert_eq!(
            now.file_path, "src\\a.py",
            "the stored form of the path is kept"
        );
    }

    #[test]
    fn only_where_it_looked_is_anything_resolved() {
        let known = [detection("D-1", "a.py", "x"), detection("D-2", "b.py", "x")];
        let files = [("core".to_owned(), vec!["./b.py".to_owned()])];
        let some = ScanScope {
            files: Some(files.into_iter().collect()),
            ..core()
        };
        assert_eq!(
            became(&scan(&known, &[], &some)),
            [("D-2", DetectionChange::Resolved)]
        );
        let web = ScanScope {
            repos: vec!["web".into()],
            files: None,
        };
        assert_eq!(became(&scan(&known, &[], &web)), []);
        assert_eq!(became(&scan(&known, &[], &core())).len(), 2);
        let [mut by_hand, other] = known;
        by_hand.detected_by = Some("manual-review".parse().expect("valid label"));
        let known = [by_hand, other];
        assert_eq!(
            became(&scan(&known, &[], &core())),
            [("D-2", DetectionChange::Resolved)]
        );
    }
}
