//! Drift scans, and what they do to the detections of earlier scans.

use wsdb_core::{
    ActionId, DetectionChange, DetectionFilter, DetectionStatus, DriftDetection, Finding,
    HistoryFilter, Page, ScanId, ScanScope, Severity,
};
use wsdb_store::{Error, OnDelete, ScanResult};

use crate::fixtures::{self, id};
use crate::{Case, at, test_cases};

test_cases!(
    scan_counts_findings_by_severity,
    scan_without_findings_is_recorded,
    ignored_detection_has_resolver_and_time,
    reopened_detection_keeps_its_notes_only,
    status_of_a_missing_detection_is_refused,
    follow_up_scan_reports_what_changed,
    follow_up_scan_updates_the_detections,
    repeated_scan_only_marks_detections_as_seen,
    repeated_scan_takes_little_history,
    undo_of_an_earlier_scan_is_refused,
    scans_of_many_findings_are_undone_and_redone,
);

/// Records a scan of the whole repo `core`.
async fn scan(case: &Case, time: &str, findings: &[Finding]) -> ScanResult {
    let scan = |id: ScanId| fixtures::scan(id.as_str(), true);
    let scope = ScanScope {
        repos: vec!["core".into()],
        files: None,
    };
    let drift = case.store.drift();
    let recorded = drift.record(scan, findings, &scope, at(time)).await;
    recorded.unwrap()
}

async fn scan_counts_findings_by_severity(case: &Case) {
    let findings = [
        (Severity::Critical, "a.py"),
        (Severity::High, "b.py"),
        (Severity::Medium, "c.py"),
        (Severity::Low, "d.py"),
        (Severity::Low, "e.py"),
    ];
    let findings = findings.map(|(severity, file)| Finding {
        severity,
        ..fixtures::finding(file, "line 1")
    });
    let result = scan(case, "2025-11-01", &findings).await;
    assert_eq!(result.known, []);
    assert_eq!(result.scan.violations_found, Some(5));
    let counts = [
        result.scan.violations_high,
        result.scan.violations_medium,
        result.scan.violations_low,
    ];
    assert_eq!(counts, [Some(2), Some(1), Some(2)]);

    let drift = case.store.drift();
    let of_scan = DetectionFilter {
        scan: vec![result.scan.id.clone()],
        ..DetectionFilter::default()
    };
    let detections = drift.detections().list(&of_scan).await;
    assert_eq!(detections.unwrap(), result.new);
    assert_eq!(drift.scans().all().await.unwrap(), [result.scan]);
}

async fn scan_without_findings_is_recorded(case: &Case) {
    scan(case, "2025-11-01", &[fixtures::finding("a.py", "x")]).await;
    let scan = |id: ScanId| fixtures::scan(id.as_str(), true);
    let elsewhere = ScanScope::default();
    let drift = case.store.drift();
    let result = drift.record(scan, &[], &elsewhere, at("2025-11-02")).await;
    let result = result.unwrap();
    assert_eq!(result.scan.violations_found, Some(0));
    assert_eq!(result.known.len(), 0);
}

/// Records a detection and ignores it as mira, with the notes `Accepted`.
async fn ignore_detection(case: &Case) -> DriftDetection {
    let result = scan(case, "2025-11-01", &[fixtures::finding("a.py", "x")]).await;
    let ignored = case
        .store
        .drift()
        .set_status(
            &result.new[0].id,
            DetectionStatus::Ignored,
            Some("mira"),
            Some("Accepted"),
            at("2025-12-01"),
        )
        .await;
    ignored.unwrap()
}

async fn ignored_detection_has_resolver_and_time(case: &Case) {
    let ignored = ignore_detection(case).await;
    assert_eq!(ignored.resolved_at, Some(at("2025-12-01")));
    assert_eq!(ignored.resolved_by.as_deref(), Some("mira"));
}

async fn reopened_detection_keeps_its_notes_only(case: &Case) {
    let id = ignore_detection(case).await.id;
    let drift = case.store.drift();
    let open = DetectionStatus::Open;
    let reopened = drift
        .set_status(&id, open, Some("jo"), None, at("2025-12-02"))
        .await;
    let reopened = reopened.unwrap();
    assert_eq!((reopened.resolved_at, &reopened.resolved_by), (None, &None));
    assert_eq!(reopened.resolution_notes.as_deref(), Some("Accepted"));
    assert_eq!(drift.detections().get(&id).await.unwrap(), reopened);
}

async fn status_of_a_missing_detection_is_refused(case: &Case) {
    let drift = case.store.drift();
    let (missing, ignored) = (id("D-404"), DetectionStatus::Ignored);
    let refused = drift
        .set_status(&missing, ignored, None, None, at("2025-12-01"))
        .await;
    assert!(matches!(
        refused,
        Err(Error::NotFound {
            noun: "detection",
            ..
        })
    ));
}

/// A scan, changes by hand, and a second scan.
struct FollowUp {
    first: ScanResult,
    second: ScanResult,
    /// The result of the second scan.
    findings: Vec<Finding>,
    /// The detections before the second scan.
    before: Vec<DriftDetection>,
}

const SECOND_SCAN: &str = "2025-11-04";
const THIRD_SCAN: &str = "2025-11-04T12:00:00";

/// Scans twice with `count` findings. In between, detection 0 is resolved, detections 1 to 3 are
/// ignored: for ever, until before the second scan, and until after it. The last one is replaced by
/// one without a fingerprint. The second scan finds 12 and 13 no longer, finds two new ones, and
/// finds 24 with a higher severity.
async fn scan_twice(case: &Case, count: usize) -> FollowUp {
    let mut findings: Vec<Finding> = (0..count)
        .map(|number| fixtures::finding(&format!("{number:04}.py"), "line 1"))
        .collect();
    let first = scan(case, "2025-11-01", &findings).await;
    let detections = case.store.drift().detections();
    for (index, status, until) in [
        (0, DetectionStatus::Resolved, None),
        (1, DetectionStatus::Ignored, None),
        (2, DetectionStatus::Ignored, Some("2025-11-03")),
        (3, DetectionStatus::Ignored, Some("2025-11-05")),
    ] {
        let change = |detection: &mut DriftDetection| {
            let notes = Some(format!("note {index}"));
            detection.set_status(status, Some("mira".into()), notes, at("2025-11-02"));
            detection.ignored_until = until.map(at);
        };
        let updated = detections.update(&first.new[index].id, change).await;
        updated.unwrap();
    }
    let last = first.new.last().unwrap();
    let without_fingerprint = DriftDetection {
        id: id("OLD"),
        fingerprint: None,
        last_seen: None,
        ..last.clone()
    };
    let deleted = detections.delete(&last.id, OnDelete::Respect).await;
    deleted.unwrap();
    detections.insert(without_fingerprint).await.unwrap();

    findings[24].severity = Severity::Critical;
    findings.drain(12..14);
    let new = fixtures::finding("new.py", "x");
    findings.extend([new.clone(), new]);
    let before = detections_without_marks(case).await;
    FollowUp {
        second: scan(case, SECOND_SCAN, &findings).await,
        first,
        findings,
        before,
    }
}

/// All detections without the time when they were last seen.
async fn detections_without_marks(case: &Case) -> Vec<DriftDetection> {
    let mut all = all_detections(case).await;
    for detection in &mut all {
        detection.last_seen = None;
    }
    all
}

async fn all_detections(case: &Case) -> Vec<DriftDetection> {
    case.store.drift().detections().all().await.unwrap()
}

async fn follow_up_scan_reports_what_changed(case: &Case) {
    let FollowUp { second, .. } = scan_twice(case, 30).await;
    let count = |change| second.known.iter().filter(|(_, c)| *c == change).count();
    assert_eq!(second.new.len(), 2);
    assert_eq!(count(DetectionChange::Reopened), 2);
    assert_eq!(count(DetectionChange::Ignored), 2);
    assert_eq!(count(DetectionChange::Resolved), 2);
    assert_eq!(count(DetectionChange::StillOpen), 30 - 6);
}

async fn follow_up_scan_updates_the_detections(case: &Case) {
    let FollowUp { first, second, .. } = scan_twice(case, 30).await;
    let all = all_detections(case).await;
    let by_id = |id: &str| all.iter().find(|d| d.id.as_str() == id).unwrap();
    let by_index = |index: usize| by_id(first.new[index].id.as_str());
    let reopened = by_index(0);
    assert_eq!(reopened.status, DetectionStatus::Open);
    assert_eq!((reopened.resolved_at, &reopened.resolved_by), (None, &None));
    assert_eq!(reopened.resolution_notes.as_deref(), Some("note 0"));
    assert_eq!(by_index(2).ignored_until, None);
    let fixed = by_index(12);
    assert_eq!(fixed.status, DetectionStatus::Resolved);
    assert_eq!(fixed.resolved_by.as_deref(), Some(second.scan.id.as_str()));
    assert_eq!(fixed.last_seen, Some(at("2025-11-01")));
    assert_eq!(by_index(24).severity, Severity::Critical);
    let without_fingerprint = by_id("OLD");
    assert_eq!(without_fingerprint.last_seen, Some(at(SECOND_SCAN)));
    assert_eq!(without_fingerprint.scan_id, Some(first.scan.id.clone()));
}

async fn repeated_scan_only_marks_detections_as_seen(case: &Case) {
    let FollowUp { findings, .. } = scan_twice(case, 30).await;
    let before = detections_without_marks(case).await;
    let third = scan(case, THIRD_SCAN, &findings).await;
    assert_eq!(detections_without_marks(case).await, before);
    assert_eq!(third.new, []);
    let all = all_detections(case).await;
    let marked = all.iter().filter(|d| d.last_seen == Some(at(THIRD_SCAN)));
    assert_eq!(marked.count(), findings.len());
}

/// The last two actions, the newest first.
async fn last_two_actions(case: &Case) -> [ActionId; 2] {
    let filter = HistoryFilter {
        page: Page::first(2),
        ..HistoryFilter::default()
    };
    let actions = case.store.history().list(&filter).await.unwrap();
    [actions[0].id, actions[1].id]
}

/// History names the marked detections, and keeps nothing else of each.
async fn repeated_scan_takes_little_history(case: &Case) {
    let FollowUp { findings, .. } = scan_twice(case, 100).await;
    scan(case, THIRD_SCAN, &findings).await;
    let [last, _] = last_two_actions(case).await;
    let sql = format!(
        "SELECT sum(length(coalesce(record_ids, '') || coalesce(before, '') ||
         coalesce(after, ''))) FROM record_changes WHERE action_id = {}",
        last.0
    );
    let bytes: usize = case.database.rows(&sql)[0].parse().unwrap();
    let count = findings.len();
    assert!(bytes < 20 * count, "{bytes} bytes for {count} detections");
}

async fn undo_of_an_earlier_scan_is_refused(case: &Case) {
    let FollowUp { findings, .. } = scan_twice(case, 30).await;
    scan(case, THIRD_SCAN, &findings).await;
    let [_, second] = last_two_actions(case).await;
    let refused = case.store.history().undo(second).await;
    assert!(
        matches!(refused, Err(Error::UndoConflict { .. })),
        "{refused:?}"
    );
}

/// There are more detections than a row of history names.
async fn scans_of_many_findings_are_undone_and_redone(case: &Case) {
    let FollowUp {
        findings, before, ..
    } = scan_twice(case, 1100).await;
    let after_second = all_detections(case).await;
    scan(case, THIRD_SCAN, &findings).await;
    let after_third = all_detections(case).await;
    let marked = after_third
        .iter()
        .filter(|d| d.last_seen == Some(at(THIRD_SCAN)));
    assert_eq!(marked.count(), findings.len());

    let history = case.store.history();
    let [third, second] = last_two_actions(case).await;
    let undone_third = history.undo(third).await.unwrap().by;
    assert_eq!(all_detections(case).await, after_second);
    let undone_second = history.undo(second).await.unwrap().by;
    assert_eq!(detections_without_marks(case).await, before);
    history.undo(undone_second).await.unwrap();
    history.undo(undone_third).await.unwrap();
    assert_eq!(all_detections(case).await, after_third);
}
