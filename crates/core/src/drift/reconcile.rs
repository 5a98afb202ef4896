//! Compares the findings of a scan with the known detections.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::finding::Finding;
use super::{DriftDetection, fingerprint};
use crate::{DetectionStatus, Label, ScanId, Timestamp, normalize_file_path};

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
    use crate::{Severity, fingerprints};

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
