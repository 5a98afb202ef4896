//! Records a scan: reads the existing detections once, and writes equal changes together.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, SimpleExpr};
use wsdb_core::{
    DetectionChange, DetectionStatus, DriftDetection, DriftScan, Finding, IdSeries, Json,
    JsonObject, Reconciliation, ScanId, ScanScope, SeverityCounts, Timestamp, fingerprints,
};

use super::Drift;
use crate::entity::drift_detection;
use crate::record_writes::{self, BulkUpdate, IDS_PER_STATEMENT};
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
        now: Timestamp,
    ) -> Result<ScanResult, Error> {
        let prints = fingerprints(findings);
        self.0
            .write(async |store| {
                let drift = store.drift();
                let counts = SeverityCounts::from_severities(findings.iter().map(|f| f.severity));
                let counted = |id| {
                    let mut scan = scan(id);
                    scan.count(counts);
                    scan
                };
                let scan = drift.scans().insert_next(&IdSeries::SCANS, counted).await?;
                let known = drift.existing_detections(findings, &prints, scope).await?;
                let found = (findings.to_vec(), prints.clone());
                let scanned = Reconciliation::new(known, found, scope, &scan.id, now);
                drift.apply(scan, scanned, now).await
            })
            .await
    }
}

impl Drift<'_, Transaction> {
    /// Returns the existing detections of the scanned repos: all that are not resolved, and the
    /// resolved ones that may have been found again.
    async fn existing_detections(
        &self,
        findings: &[Finding],
        prints: &[String],
        scope: &ScanScope,
    ) -> Result<Vec<DriftDetection>, Error> {
        use drift_detection::Column;
        let files = scope.files.iter().flat_map(|files| files.keys());
        let found = findings.iter().map(|finding| &finding.repo);
        let repos: BTreeSet<&String> = scope.repos.iter().chain(files).chain(found).collect();
        let of_repos = Column::Repo.is_in(repos.iter().map(|repo| repo.as_str()));
        let resolved = DetectionStatus::Resolved.to_string();
        let standing = Condition::any()
            .add(Column::Status.ne(resolved.as_str()))
            .add(Column::Fingerprint.is_null());
        let mut known = self.detections_where(of_repos.clone(), standing).await?;
        let of_known = known.iter().filter_map(|d| d.fingerprint.as_deref());
        let of_known: HashSet<&str> = of_known.collect();
        let others = prints.iter().filter(|p| !of_known.contains(p.as_str()));
        let others: Vec<String> = others.cloned().collect();
        for chunk in others.chunks(IDS_PER_STATEMENT) {
            let found_again = Condition::all()
                .add(Column::Status.eq(resolved.as_str()))
                .add(Column::Fingerprint.is_in(chunk));
            known.extend(self.detections_where(of_repos.clone(), found_again).await?);
        }
        Ok(known)
    }

    async fn detections_where(
        &self,
        of_repos: SimpleExpr,
        which: Condition,
    ) -> Result<Vec<DriftDetection>, Error> {
        let all = Condition::all().add(of_repos).add(which);
        self.detections().select_where(all).await
    }

    /// Writes the changes made by a scan.
    async fn apply(
        &self,
        scan: DriftScan,
        scanned: Reconciliation,
        now: Timestamp,
    ) -> Result<ScanResult, Error> {
        let connection = &self.0.connection;
        let Reconciliation {
            new,
            changed,
            marked,
        } = scanned;
        let ids = series::next_many::<DriftDetection>(connection, &IdSeries::DETECTIONS, new.len())
            .await?;
        let new: Vec<DriftDetection> = new
            .into_iter()
            .zip(ids)
            .map(|((finding, print), id)| finding.detection(id, print, Some(scan.id.clone()), now))
            .collect();
        self.detections().insert_many(&new, &|_| ()).await?;

        let mut alike: BTreeMap<String, BulkUpdate<DriftDetection>> = BTreeMap::new();
        let mut known = Vec::with_capacity(changed.len() + marked.len());
        for (before, after, outcome) in changed {
            let id = after.id.to_string();
            let fields = (
                history_writes::fields(before.clone()),
                history_writes::fields(after.clone()),
            );
            let (was, is) = history_writes::difference(fields.0, &fields.1);
            new_detection(&mut alike, id, before, was, is);
            known.push((after, outcome));
        }
        let column = |time: Option<Timestamp>| {
            let time = time.map(|time| Json::from(time.to_string()));
            JsonObject::from_iter([("last_seen".to_owned(), time.unwrap_or_default())])
        };
        let mut seen: BTreeMap<Option<Timestamp>, Vec<String>> = BTreeMap::new();
        for (detection, outcome) in marked {
            if detection.last_seen != Some(now) {
                let ids = seen.entry(detection.last_seen).or_default();
                ids.push(detection.id.to_string());
            }
            known.push((detection, outcome));
        }
        for alike in alike.into_values() {
            record_writes::update_many(connection, alike).await?;
        }
        let sample = |ids: &[String]| {
            let first = ids.first().map(String::as_str);
            known.iter().find(|(d, _)| Some(d.id.as_str()) == first)
        };
        for (before, ids) in seen {
            let Some((one, _)) = sample(&ids) else {
                continue;
            };
            let alike = BulkUpdate {
                one: one.clone(),
                ids,
                before: column(before),
                after: column(Some(now)),
            };
            record_writes::update_many(connection, alike).await?;
        }
        Ok(ScanResult { scan, new, known })
    }
}

/// Adds a change to the group of equal changes.
fn new_detection(
    all: &mut BTreeMap<String, BulkUpdate<DriftDetection>>,
    id: String,
    one: DriftDetection,
    before: JsonObject,
    after: JsonObject,
) {
    let key = Json::from_iter([Json::from(before.clone()), Json::from(after.clone())]);
    let alike = all.entry(key.to_string()).or_insert_with(|| BulkUpdate {
        one,
        ids: Vec::new(),
        before,
        after,
    });
    alike.ids.push(id);
}
