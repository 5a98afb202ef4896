//! Drift, contexts and configuration.

use wsdb_core::{
    ChangeFilter, ChangeType, ConfigurationChange, ConfigurationSnapshot, ContextFilter,
    ContextSwitch, DetectionFilter, DetectionStatus, DriftDetection, DriftScan, Fields, ScanFilter,
    ScanStatus, ScanType, Severity, SnapshotFilter, SnapshotType, TriggeredBy, ViolationType,
};
use wsdb_store::{Error, Referrers, Store};

use crate::at;

pub(crate) async fn scans(store: &Store) {
    let drift = store.drift();
    let now = at("2025-01-01");
    let scan = |id| DriftScan {
        id,
        scan_type: ScanType::Full,
        scan_start: now,
        scan_end: Some(now),
        repos_scanned: vec!["core".into()],
        violations_found: None,
        violations_high: None,
        violations_medium: None,
        violations_low: None,
        status: ScanStatus::Completed,
        triggered_by: Some(TriggeredBy::User),
        results_file: None,
        document_fields: Fields::new(),
    };
    let detection = |severity| {
        move |id| DriftDetection {
            id,
            repo: "core".into(),
            violation_type: ViolationType::Dependency,
            severity,
            file_path: "pricing.py".into(),
            component_name: None,
            detected_rule: None,
            expected_location: None,
            actual_location: None,
            violation_details: None,
            detected_at: now,
            detected_by: None,
            status: DetectionStatus::Open,
            resolved_at: None,
            resolved_by: None,
            resolution_notes: None,
            related_task_id: None,
            scan_id: None,
            extra_metadata: None,
            document_fields: Fields::new(),
        }
    };
    let (critical, low) = (detection(Severity::Critical), detection(Severity::Low));
    let (recorded, found) = drift
        .record(scan, &[&critical, &low])
        .await
        .expect("recorded");
    assert_eq!(recorded.violations_found, Some(2));
    assert_eq!(
        (recorded.violations_high, recorded.violations_low),
        (Some(1), Some(1))
    );
    assert_eq!(
        drift.scans().get(&recorded.id).await.expect("there"),
        recorded
    );
    let by_scan = DetectionFilter {
        scan: vec![recorded.id.clone()],
        ..DetectionFilter::default()
    };
    assert_eq!(
        drift.detections().list(&by_scan).await.expect("listed"),
        found
    );
    let resolved = drift
        .set_status(
            &found[0].id,
            DetectionStatus::Resolved,
            Some("mira"),
            Some("moved"),
            now,
        )
        .await
        .expect("resolved");
    assert_eq!(
        (resolved.resolved_at, resolved.resolved_by.as_deref()),
        (Some(now), Some("mira"))
    );
    for (filter, expected) in [
        (
            DetectionFilter {
                status: vec![DetectionStatus::Open],
                ..DetectionFilter::default()
            },
            1,
        ),
        (
            DetectionFilter {
                severity: vec![Severity::Critical, Severity::Low],
                ..DetectionFilter::default()
            },
            2,
        ),
        (
            DetectionFilter {
                violation_type: vec![ViolationType::Scope],
                ..DetectionFilter::default()
            },
            0,
        ),
        (
            DetectionFilter {
                repo: vec!["core".into()],
                ..DetectionFilter::default()
            },
            2,
        ),
    ] {
        assert_eq!(
            drift.detections().count(&filter).await.expect("counted"),
            expected,
            "{filter:?}"
        );
    }
    let recent = ScanFilter {
        since: Some(now),
        status: vec![ScanStatus::Completed],
        scan_type: vec![ScanType::Full],
        ..ScanFilter::default()
    };
    assert_eq!(drift.scans().count(&recent).await.expect("counted"), 1);
    drift
        .scans()
        .delete(&recorded.id, Referrers::Detach)
        .await
        .expect("deleted");
    for detection in &found {
        drift
            .detections()
            .delete(&detection.id, Referrers::Respect)
            .await
            .expect("deleted");
    }
}

pub(crate) async fn contexts(store: &Store) {
    let contexts = store.contexts();
    let stay = |repo: &'static str, time: &'static str| {
        move |id| ContextSwitch {
            id,
            repo: repo.into(),
            repo_path: format!("/srv/{repo}"),
            activated_at: at(time),
            deactivated_at: None,
            activated_by: None,
            context_id: Some(format!("ctx-{repo}")),
            previous_context: None,
            context_notes: None,
            duration_seconds: None,
            operations_count: Some(0),
            document_fields: Fields::new(),
        }
    };
    let (first, second) = ("2025-01-01T10:00:00", "2025-01-01T10:00:01.5");
    let core = contexts
        .switch(at(first), stay("core", first))
        .await
        .expect("switched");
    let web = contexts
        .switch(at(second), stay("web", second))
        .await
        .expect("switched");
    assert_eq!(web.previous_context.as_deref(), Some("core"));
    let ended = contexts.get(&core.id).await.expect("there");
    assert_eq!(
        (ended.deactivated_at, ended.duration_seconds),
        (Some(at(second)), Some(1.5))
    );
    assert_eq!(contexts.current().await.expect("looked"), Some(web.clone()));
    let taken = contexts.switch(at(second), stay("core", second)).await;
    assert!(
        matches!(taken, Err(Error::Conflict { .. })),
        "a context id is unique"
    );
    assert_eq!(
        contexts.current().await.expect("looked"),
        Some(web.clone()),
        "nothing half-done"
    );
    let ended = ContextFilter {
        active: Some(false),
        repo: vec!["core".into()],
        since: Some(at(first)),
        ..ContextFilter::default()
    };
    assert_eq!(contexts.count(&ended).await.expect("counted"), 1);
    contexts
        .delete(&core.id, Referrers::Respect)
        .await
        .expect("deleted");
    contexts
        .delete(&web.id, Referrers::Respect)
        .await
        .expect("deleted");
}

pub(crate) async fn configuration(store: &Store) {
    let configuration = store.configuration();
    let now = at("2025-01-01");
    let snapshot = configuration
        .take_snapshot(|id| ConfigurationSnapshot {
            id,
            repo: "core".into(),
            snapshot_type: SnapshotType::Full,
            configuration_hash: "9f".repeat(32),
            snapshot_data: Some(serde_json::json!({"a": [1, null]})),
            taken_at: now,
            taken_by: None,
            notes: None,
            document_fields: Fields::new(),
        })
        .await
        .expect("taken");
    let by_repo = SnapshotFilter {
        repo: vec!["core".into()],
        snapshot_type: vec![SnapshotType::Full],
        since: Some(now),
        ..SnapshotFilter::default()
    };
    assert_eq!(
        configuration
            .snapshots()
            .list(&by_repo)
            .await
            .expect("listed"),
        std::slice::from_ref(&snapshot)
    );
    let change = configuration
        .record_change(|id| ConfigurationChange {
            id,
            repo: "core".into(),
            change_type: ChangeType::Modified,
            component_name: None,
            file_path: Some("pyproject.toml".into()),
            old_value: Some("a".into()),
            new_value: None,
            changed_at: now,
            changed_by: None,
            commit_hash: None,
            drift_detection_id: Some("DRIFT-404".parse().expect("an id")),
            document_fields: Fields::new(),
        })
        .await
        .expect("recorded");
    let by_type = ChangeFilter {
        change_type: vec![ChangeType::Modified],
        repo: vec!["core".into()],
        since: Some(now),
        ..ChangeFilter::default()
    };
    assert_eq!(
        configuration
            .changes()
            .list(&by_type)
            .await
            .expect("listed"),
        std::slice::from_ref(&change)
    );
    configuration
        .changes()
        .delete(&change.id, Referrers::Respect)
        .await
        .expect("deleted");
    configuration
        .snapshots()
        .delete(&snapshot.id, Referrers::Respect)
        .await
        .expect("deleted");
}
