//! Records a scan: reads the existing detections once, and writes identical changes together.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, SimpleExpr};
use wsdb_core::{
    DetectionChange, DetectionStatus, DriftDetection, DriftScan, Finding, FingerprintedFinding,
    IdSeries, Json, JsonObject, Moment, Reconciliation, ScanId, ScanScope, SeverityCounts,
    Timestamp, with_fingerprints,
};

use super::Drift;
use crate::entity::drift_detection;
use crate::history_writes::FieldChanges;
use crate::query::ID_BATCH_SIZE;
use crate::record_writes::{self, BulkUpdate};
use crate::{Connection, Error, Transaction, history_writes, series};

/// The changes made by a scan.
#[derive(Debug)]
pub struct ScanResult {
    /// The scan.
    pub scan: DriftScan,
    /// The new detections.
    pub new: Vec<DriftDetection>,
    /// The existing detections, and how they changed.
    pub known: Vec<(DriftDetection, DetectionChange)>,
}

impl<C: Connection> Drift<'_, C> {
    /// Records a scan and its findings, in one transaction and few statements; see [`Reconciliation`].
    /// The scan's counts are set to those of its findings.
    pub async fn record(
        &self,
        scan: impl Fn(ScanId) -> DriftScan,
        findings: &[Finding],
        scope: &ScanScope,
        now: impl Into<Moment>,
    ) -> Result<ScanResult, Error> {
        let now = now.into();
        let findings = with_fingerprints(findings.to_vec());
        self.0
            .write(async |store| {
                let drift = store.drift();
                let severities = findings.iter().map(|found| found.finding.severity);
                let counts = SeverityCounts::from_severities(severities);
                let with_counts = |id| {
                    let mut scan = scan(id);
                    scan.count(counts);
                    scan
                };
                let scan = drift
                    .scans()
                    .insert_next(&IdSeries::SCANS, with_counts)
                    .await?;
                let known = drift.existing_detections(&findings, scope).await?;
                let changes = Reconciliation::new(known, findings.clone(), scope, &scan.id, now);
                drift.apply(scan, changes, now.at).await
            })
            .await
    }
}

impl Drift<'_, Transaction> {
    /// Returns the existing detections of the scanned repos: all that are not resolved, and the
    /// resolved ones that may have been found again.
    async fn existing_detections(
        &self,
        findings: &[FingerprintedFinding],
        scope: &ScanScope,
    ) -> Result<Vec<DriftDetection>, Error> {
        use drift_detection::Column;
        let of_files = scope.files.iter().flat_map(|files| files.keys());
        let of_findings = findings.iter().map(|found| &found.finding.repo);
        let repos = scope.repos.iter().chain(of_files).chain(of_findings);
        let repos: BTreeSet<&String> = repos.collect();
        let in_repos = Column::Repo.is_in(repos.iter().map(|repo| repo.as_str()));
        let resolved = DetectionStatus::Resolved.to_string();
        let is_unresolved = Condition::any()
            .add(Column::Status.ne(resolved.as_str()))
            .add(Column::Fingerprint.is_null());
        let mut known = self
            .detections_where(in_repos.clone(), is_unresolved)
            .await?;
        let known_fingerprints = known.iter().filter_map(|d| d.fingerprint.as_deref());
        let known_fingerprints: HashSet<&str> = known_fingerprints.collect();
        let others = findings.iter().map(|found| found.fingerprint.as_str());
        let others = others.filter(|fingerprint| !known_fingerprints.contains(fingerprint));
        let others: Vec<String> = others.map(str::to_owned).collect();
        for chunk in others.chunks(ID_BATCH_SIZE) {
            let found_again = Condition::all()
                .add(Column::Status.eq(resolved.as_str()))
                .add(Column::Fingerprint.is_in(chunk));
            known.extend(self.detections_where(in_repos.clone(), found_again).await?);
        }
        Ok(known)
    }

    async fn detections_where(
        &self,
        in_repos: SimpleExpr,
        condition: Condition,
    ) -> Result<Vec<DriftDetection>, Error> {
        let all = Condition::all().add(in_repos).add(condition);
        self.detections().select_where(all).await
    }

    /// Writes the changes made by a scan.
    async fn apply(
        &self,
        scan: DriftScan,
        changes: Reconciliation,
        now: Timestamp,
    ) -> Result<ScanResult, Error> {
        let connection = &self.0.connection;
        let Reconciliation {
            new,
            changed,
            seen_again,
        } = changes;
        let ids = series::next_many::<DriftDetection>(connection, &IdSeries::DETECTIONS, new.len())
            .await?;
        let new: Vec<DriftDetection> = new
            .into_iter()
            .zip(ids)
            .map(|(found, id)| {
                let scan = Some(scan.id.clone());
                found.finding.detection(id, found.fingerprint, scan, now)
            })
            .collect();
        self.detections().insert_many(&new, &|_| ()).await?;

        let mut updates: BTreeMap<String, BulkUpdate<DriftDetection>> = BTreeMap::new();
        let mut known = Vec::with_capacity(changed.len() + seen_again.len());
        for update in changed {
            let after = history_writes::fields(update.after.clone());
            let before = history_writes::fields(update.before.clone());
            let FieldChanges { before, after } = history_writes::diff_fields(before, &after);
            group_update(&mut updates, update.before, before, after);
            known.push((update.after, update.change));
        }
        for update in updates.into_values() {
            record_writes::update_many(connection, update).await?;
        }
        let last_seen = |time: Option<Timestamp>| {
            let time = time.map(|time| Json::from(time.to_string()));
            JsonObject::from_iter([("last_seen".to_owned(), time.unwrap_or_default())])
        };
        let mut sightings: BTreeMap<Option<Timestamp>, BulkUpdate<DriftDetection>> =
            BTreeMap::new();
        for (detection, change) in seen_again {
            if detection.last_seen != Some(now) {
                let before = detection.last_seen;
                let update = sightings.entry(before).or_insert_with(|| BulkUpdate {
                    sample: detection.clone(),
                    ids: Vec::new(),
                    before: last_seen(before),
                    after: last_seen(Some(now)),
                });
                update.ids.push(detection.id.to_string());
            }
            known.push((detection, change));
        }
        for update in sightings.into_values() {
            record_writes::update_many(connection, update).await?;
        }
        Ok(ScanResult { scan, new, known })
    }
}

/// Adds a change of a detection to the group of equal changes.
fn group_update(
    updates: &mut BTreeMap<String, BulkUpdate<DriftDetection>>,
    detection: DriftDetection,
    before: JsonObject,
    after: JsonObject,
) {
    let id = detection.id.to_string();
    let key = Json::from_iter([Json::from(before.clone()), Json::from(after.clone())]);
    let update = updates
        .entry(key.to_string())
        .or_insert_with(|| BulkUpdate {
            sample: detection,
            ids: Vec::new(),
            before,
            after,
        });
    update.ids.push(id);
}
