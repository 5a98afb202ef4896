//! Lists of drift scans and detections.

use wsdb_core::{
    DetectionFilter, DetectionSort, DetectionStatus, DriftDetection, DriftScan, ScanFilter,
    ScanSort, ScanStatus, ScanType, Severity, TriggeredBy, ViolationType,
};

use crate::fixtures::{self, id};
use crate::{Case, at, test_cases};

test_cases!(
    scans_are_filtered_and_sorted,
    detections_are_filtered_and_sorted,
);

async fn scans_are_filtered_and_sorted(case: &Case) {
    let drift = case.store.drift();
    for scan in [
        DriftScan {
            scan_start: at("2025-01-02"),
            triggered_by: Some(TriggeredBy::Scheduled),
            repos_scanned: vec!["core".into(), "web \"50%\"".into()],
            ..fixtures::scan("S-2", false)
        },
        DriftScan {
            status: ScanStatus::Running,
            scan_type: ScanType::Full,
            scan_start: at("2025-01-01"),
            ..fixtures::scan("S-1", false)
        },
    ] {
        drift.scans().insert(scan).await.unwrap();
    }
    check_lists! { drift.scans(), ScanFilter,
        {} => "S-1 S-2",
        { status: vec![ScanStatus::Failed] } => "S-2",
        { scan_type: vec![ScanType::Full, ScanType::Incremental] } => "S-1",
        { since: Some(at("2025-01-01T00:00:00.000001").into()) } => "S-2",
        { triggered_by: vec![TriggeredBy::Scheduled] } => "S-2",
        { repo: vec!["web \"50%\"".into()] } => "S-2",
        { repo: vec!["50%".into(), "we".into()] } => "",
        { repo: vec!["core".into(), "x".into()] } => "S-2",
        { sort: ScanSort::Start } => "S-1 S-2",
    }
}

async fn detections_are_filtered_and_sorted(case: &Case) {
    let drift = case.store.drift();
    let scan = fixtures::scan("S-1", false);
    drift.scans().insert(scan).await.unwrap();
    for detection in [
        DriftDetection {
            scan_id: Some(id("S-1")),
            severity: Severity::Low,
            file_path: "src/Core/a_b.py".into(),
            component_name: Some("Prices".into()),
            fingerprint: Some("print".into()),
            last_seen: Some(at("2025-12-02")),
            related_task_id: Some(id("T-404")),
            ..fixtures::detection("D-2", false)
        },
        DriftDetection {
            repo: "core".into(),
            scan_id: Some(id("S-404")),
            status: DetectionStatus::Ignored,
            ignored_until: Some(at("2025-12-01")),
            detected_at: at("2025-12-01"),
            file_path: "src/web/axb.py".into(),
            violation_details: Some("Imports WEB".into()),
            violation_type: ViolationType::Scope,
            ..fixtures::detection("D-1", false)
        },
    ] {
        drift.detections().insert(detection).await.unwrap();
    }
    check_lists! { drift.detections(), DetectionFilter,
        {} => "D-1 D-2",
        { status: vec![DetectionStatus::Open] } => "D-2",
        { severity: vec![Severity::Low, Severity::High] } => "D-1 D-2",
        { severity: vec![Severity::Low] } => "D-2",
        { violation_type: vec![ViolationType::Scope] } => "D-1",
        { repo: vec!["core".into()] } => "D-1",
        { scan: vec![id("S-1")] } => "D-2",
        { scan: vec![id("S-404")] } => "D-1",
        { status: vec![DetectionStatus::Ignored] } => "D-1",
        { status: vec![DetectionStatus::Open], now: Some(at("2025-12-02").into()) } => "D-1 D-2",
        { status: vec![DetectionStatus::Ignored], now: Some(at("2025-12-02").into()) } => "",
        { status: vec![DetectionStatus::Open], now: Some(at("2025-11-30").into()) } => "D-2",
        { status: vec![DetectionStatus::Ignored, DetectionStatus::Resolved],
            now: Some(at("2025-11-30").into()) } => "D-1",
        { open: Some(true) } => "D-2",
        { open: Some(false) } => "D-1",
        { open: Some(true), now: Some(at("2025-12-02").into()) } => "D-1 D-2",
        { open: Some(false), now: Some(at("2025-12-02").into()) } => "",
        { open: Some(false), now: Some(at("2025-11-30").into()) } => "D-1",
        { now: Some(at("2025-12-02").into()) } => "D-1 D-2",
        { component: vec!["Prices".into()] } => "D-2",
        { file: vec!["src/".into()] } => "D-1 D-2",
        { file: vec!["SRC/core".into()] } => "D-2",
        { file: vec!["web/".into()] } => "",
        { file: vec!["*/web/*.py".into()] } => "D-1",
        { file: vec!["src/core/a_b.py".into()] } => "D-2",
        { file: vec!["src/*/a?b.py".into(), "y".into()] } => "D-1 D-2",
        { file: vec!["src/*/a_b.py".into()] } => "D-2",
        { fingerprint: vec!["print".into()] } => "D-2",
        { task: vec![id("T-404")] } => "D-2",
        { text: vec!["imports".into(), "web".into()] } => "D-1",
        { since: Some(at("2025-11-30").into()) } => "D-1",
        { sort: DetectionSort::Severity } => "D-1 D-2",
        { sort: DetectionSort::Detected } => "D-2 D-1",
        { sort: DetectionSort::Seen } => "D-1 D-2",
        { sort: DetectionSort::File } => "D-2 D-1",
        { sort: DetectionSort::Status } => "D-2 D-1",
    }
}
