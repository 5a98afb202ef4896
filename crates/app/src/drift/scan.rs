//! Records scans.

use wsdb_core::{DetectionChange, DriftDetection, DriftScan, JsonObject, ScanScope, ScanStatus};
use wsdb_store::{ScanResult, Store, Transaction};

use super::report::ScanReport;
use crate::views::{DetectionView, DriftCounts, RecordedView};
use crate::{Actor, Error, Workspace};

/// Records a scan with all its findings in one transaction. [`wsdb_core::Reconciliation`] describes what
/// happens to existing detections. `dry_run` only reports the result.
pub async fn record_scan(
    workspace: &Workspace,
    actor: &Actor,
    report: &ScanReport,
    dry_run: bool,
) -> Result<RecordedView, Error> {
    let store = workspace.by(actor, "drift record");
    // Detections that an incomplete scan did not find may still exist.
    let scope = match report.status {
        ScanStatus::Completed => report.scope.clone(),
        ScanStatus::Running | ScanStatus::Failed => ScanScope::default(),
    };
    let scan = |id| DriftScan {
        id,
        scan_type: report.scan_type,
        scan_start: report.scan_start.unwrap_or(actor.now),
        scan_end: report.scan_end.or(Some(actor.now)),
        repos_scanned: report.scope.repos.clone(),
        violations_found: None,
        violations_high: None,
        violations_medium: None,
        violations_low: None,
        status: report.status,
        triggered_by: report.triggered_by,
        results_file: report.results_file.clone(),
        document_fields: JsonObject::new(),
    };
    let work = async |store: &Store<Transaction>| -> Result<ScanResult, wsdb_store::Error> {
        let drift = store.drift();
        drift
            .record(scan, &report.findings, &scope, actor.moment())
            .await
    };
    let result = if dry_run {
        store.dry_run(work).await?
    } else {
        store.write(work).await?
    };
    Ok(recorded_view(result, dry_run))
}

fn recorded_view(result: ScanResult, dry_run: bool) -> RecordedView {
    let ScanResult { scan, new, known } = result;
    let mut counts = DriftCounts {
        new: new.len() as u64,
        ..DriftCounts::default()
    };
    let (mut reopened, mut resolved, mut ignored) = (Vec::new(), Vec::new(), Vec::new());
    for (detection, change) in known {
        match change {
            DetectionChange::StillOpen => counts.still_open += 1,
            DetectionChange::Resolved => resolved.push(detection),
            DetectionChange::Ignored => ignored.push(detection),
            DetectionChange::Reopened => reopened.push(detection),
        }
    }
    counts.reopened = reopened.len() as u64;
    counts.resolved = resolved.len() as u64;
    counts.ignored = ignored.len() as u64;
    RecordedView {
        scan: (!dry_run).then(|| scan.into()),
        counts,
        new: by_severity(new),
        reopened: by_severity(reopened),
        resolved: by_severity(resolved),
        ignored: by_severity(ignored),
    }
}

fn by_severity(mut detections: Vec<DriftDetection>) -> Vec<DetectionView> {
    // The sort is stable: detections of the same severity stay in the order of their ids.
    detections.sort_by_key(|detection| detection.severity);
    detections.into_iter().map(Into::into).collect()
}
