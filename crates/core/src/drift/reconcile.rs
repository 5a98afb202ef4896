//! Compares the findings of a scan with the known detections.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::finding::{Finding, FingerprintedFinding};
use super::{DriftDetection, fingerprint};
use crate::{DetectionStatus, Label, Moment, ScanId, normalize_file_path};

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
                let path = normalize_file_path(&detection.file_path);
                files.iter().any(|file| normalize_file_path(file) == path)
            }),
        }
    }

    /// Returns the scope with normalized paths.
    fn normalized(&self) -> ScanScope {
        let files = self.files.as_ref().map(|files| {
            let normal =
                |files: &Vec<String>| files.iter().map(|f| normalize_file_path(f)).collect();
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

/// A detection that a scan changes.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectionUpdate {
    /// The detection before the scan.
    pub before: DriftDetection,
    /// The detection after the scan.
    pub after: DriftDetection,
    /// How it changes.
    pub change: DetectionChange,
}

/// The changes that a scan makes.
#[derive(Debug, Default)]
pub struct Reconciliation {
    /// The findings that no detection is known for.
    pub new: Vec<FingerprintedFinding>,
    /// The changed detections, without those in [`Reconciliation::seen_again`].
    pub changed: Vec<DetectionUpdate>,
    /// Detections with only a new last-seen time.
    pub seen_again: Vec<(DriftDetection, DetectionChange)>,
}

impl Reconciliation {
    /// Compares findings with the known detections of the scanned repos. `known` needs to contain
    /// resolved detections only if a finding has their fingerprint.
    ///
    /// - Open detections that are found again are updated with the finding.
    /// - Resolved detections that are found again are reopened and keep their notes.
    /// - Ignored detections stay ignored, unless that was until a time that has passed.
    /// - Open detections in the scope that are not found are resolved, unless a person noted them
    ///   and no scan has ever found them.
    pub fn new(
        known: Vec<DriftDetection>,
        findings: Vec<FingerprintedFinding>,
        scope: &ScanScope,
        scan: &ScanId,
        now: impl Into<Moment>,
    ) -> Self {
        let now = now.into();
        let scope = scope.normalized();
        let known_fingerprints = fingerprint::existing_fingerprints(&known);
        let mut indexes: HashMap<(&str, &str), usize> = HashMap::with_capacity(known.len());
        for (index, (detection, fingerprint)) in known.iter().zip(&known_fingerprints).enumerate() {
            let key = (detection.repo.as_str(), fingerprint.as_str());
            let other = indexes.entry(key).or_insert(index);
            // Several may share a fingerprint: one that is not resolved takes precedence.
            if known[*other].status == DetectionStatus::Resolved {
                *other = index;
            }
        }
        let mut changes = Reconciliation::default();
        let mut seen: HashSet<usize> = HashSet::with_capacity(findings.len());
        for found in findings {
            let key = (found.finding.repo.as_str(), found.fingerprint.as_str());
            match indexes.get(&key) {
                Some(index) => {
                    seen.insert(*index);
                    changes.record_sighting(&known[*index], &found.finding, now);
                }
                None => changes.new.push(found),
            }
        }
        for (index, detection) in known.iter().enumerate() {
            if detection.effective_status(now) == DetectionStatus::Open
                && !seen.contains(&index)
                && scope.covers(detection)
                && is_known_to_scanners(detection)
            {
                let mut resolved = detection.clone();
                resolved.set_status(
                    DetectionStatus::Resolved,
                    Some(scan.to_string()),
                    None,
                    now.at,
                );
                changes.changed.push(DetectionUpdate {
                    before: detection.clone(),
                    after: resolved,
                    change: DetectionChange::Resolved,
                });
            }
        }
        changes
    }

    fn record_sighting(&mut self, known: &DriftDetection, finding: &Finding, now: Moment) {
        let mut after = known.clone();
        finding.apply_to(&mut after);
        let is_open = known.effective_status(now) == DetectionStatus::Open;
        let change = match known.status {
            DetectionStatus::Open => DetectionChange::StillOpen,
            DetectionStatus::Ignored if !is_open => DetectionChange::Ignored,
            DetectionStatus::Ignored | DetectionStatus::Resolved => {
                after.set_status(DetectionStatus::Open, None, None, now.at);
                DetectionChange::Reopened
            }
        };
        if after == *known {
            self.seen_again.push((after, change));
        } else {
            after.last_seen = Some(now.at);
            self.changed.push(DetectionUpdate {
                before: known.clone(),
                after,
                change,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::tests::{detection, finding};
    use crate::time::at;
    use crate::{Severity, with_fingerprints};

    fn scan(known: &[DriftDetection], findings: &[Finding], scope: &ScanScope) -> Reconciliation {
        let id = ScanId::new("SCAN-002").expect("valid id");
        let findings = with_fingerprints(findings.to_vec());
        Reconciliation::new(known.to_vec(), findings, scope, &id, at("2025-12-01"))
    }

    fn core() -> ScanScope {
        ScanScope {
            repos: vec!["core".into()],
            files: None,
        }
    }

    /// Returns the ids of changed detections, and how they changed.
    fn changed(changes: &Reconciliation) -> Vec<(&str, DetectionChange)> {
        let changed = changes.changed.iter();
        changed
            .map(|update| (update.after.id.as_str(), update.change))
            .collect()
    }

    #[test]
    fn known_detections_are_not_added_again() {
        let known = ["a.py", "b.py", "c.py", "d.py", "e.py"];
        let mut known = known.map(|file| detection(&format!("D-{file}"), file, "line 1"));
        let by = || Some("mira".to_owned());
        let notes = || Some("kept".to_owned());
        let time = at("2025-11-21");
        known[1].set_status(DetectionStatus::Resolved, by(), notes(), time);
        known[2].set_status(DetectionStatus::Ignored, by(), notes(), time);
        known[3].set_status(DetectionStatus::Ignored, by(), notes(), time);
        known[3].ignored_until = Some(at("2025-11-30"));
        let findings = ["a.py", "b.py", "c.py", "d.py", "f.py"];
        let findings = findings.map(|file| finding("core", file, "line 1"));
        let changes = scan(&known, &findings, &core());
        assert_eq!(
            changed(&changes),
            [
                ("D-b.py", DetectionChange::Reopened),
                ("D-d.py", DetectionChange::Reopened),
                ("D-e.py", DetectionChange::Resolved)
            ]
        );
        let seen_again: Vec<_> = changes
            .seen_again
            .iter()
            .map(|(detection, change)| (detection.id.as_str(), *change))
            .collect();
        assert_eq!(
            seen_again,
            [
                ("D-a.py", DetectionChange::StillOpen),
                ("D-c.py", DetectionChange::Ignored)
            ]
        );
        assert_eq!(changes.new.len(), 1);
        assert_eq!(changes.new[0].finding.file_path, "f.py");
        let reopened = &changes.changed[0].after;
        assert_eq!(reopened.resolution_notes.as_deref(), Some("kept"));
        assert_eq!(
            (reopened.resolved_at, reopened.last_seen),
            (None, Some(at("2025-12-01")))
        );
        let resolved = &changes.changed[2].after;
        assert_eq!(resolved.resolved_by.as_deref(), Some("SCAN-002"));
        assert_eq!(resolved.last_seen, None);
    }

    #[test]
    fn finding_overwrites_the_detection() {
        let mut known = detection("D-1", "", "line 1");
        known.file_path = "src\\a.py".into();
        let mut finding = finding("core", "./src/a.py", "line 7");
        finding.severity = Severity::Critical;
        finding.component_name = known.component_name.clone();
        let changes = scan(&[known], &[finding], &core());
        assert_eq!(changed(&changes), [("D-1", DetectionChange::StillOpen)]);
        let detection = &changes.changed[0].after;
        assert_eq!(detection.severity, Severity::Critical);
        assert_eq!(detection.violation_details.as_deref(), Some("line 7"));
        assert_eq!(
            detection.file_path, "src\\a.py",
            "the stored form of the path is kept"
        );
    }

    #[test]
    fn only_detections_in_the_scope_are_resolved() {
        let known = [detection("D-1", "a.py", "x"), detection("D-2", "b.py", "x")];
        let files = [("core".to_owned(), vec!["./b.py".to_owned()])];
        let some_files = ScanScope {
            files: Some(files.into_iter().collect()),
            ..core()
        };
        assert_eq!(
            changed(&scan(&known, &[], &some_files)),
            [("D-2", DetectionChange::Resolved)]
        );
        let web = ScanScope {
            repos: vec!["web".into()],
            files: None,
        };
        assert_eq!(changed(&scan(&known, &[], &web)), []);
        assert_eq!(changed(&scan(&known, &[], &core())).len(), 2);
        let [mut by_hand, other] = known;
        by_hand.detected_by = Some("manual-review".parse().expect("valid label"));
        let known = [by_hand, other];
        assert_eq!(
            changed(&scan(&known, &[], &core())),
            [("D-2", DetectionChange::Resolved)]
        );
    }
}
