//! Drift scans and their detections.

use sea_orm::Select;
use sea_orm::sea_query::Condition;
use wsdb_core::{
    DetectionFilter, DetectionId, DetectionStatus, DriftDetection, DriftScan, Page, ScanFilter,
    ScanId, Series, SeverityCounts, Timestamp,
};

use crate::entity::{drift_detection, drift_scan};
use crate::record::{Filter, Records, kept};
use crate::references::Target;
use crate::{Connection, Error, Store, query, series};

kept!(
    DriftScan,
    drift_scan,
    ScanId,
    ScanFilter,
    "scan",
    Some(Target::Scans)
);
kept!(
    DriftDetection,
    drift_detection,
    DetectionId,
    DetectionFilter,
    "detection",
    Some(Target::Detections)
);

impl Filter<DriftScan> for ScanFilter {
    fn condition(&self) -> Condition {
        use drift_scan::Column;
        Condition::all()
            .add_option(query::any(Column::Status, &self.status))
            .add_option(query::any(Column::ScanType, &self.scan_type))
            .add_option(query::since(Column::ScanStart, self.since))
    }

    fn order(&self, select: Select<drift_scan::Entity>) -> Select<drift_scan::Entity> {
        let id = drift_scan::Column::Id;
        query::ordered(select, id, id, false)
    }

    fn page(&self) -> Page {
        self.page
    }
}

impl Filter<DriftDetection> for DetectionFilter {
    fn condition(&self) -> Condition {
        use drift_detection::Column;
        Condition::all()
            .add_option(query::any(Column::Status, &self.status))
            .add_option(query::any(Column::Severity, &self.severity))
            .add_option(query::any(Column::ViolationType, &self.violation_type))
            .add_option(query::any(Column::Repo, &self.repo))
            .add_option(query::any_of(
                [Column::ScanId, Column::ScanMissing],
                &self.scan,
            ))
    }

    fn order(&self, select: Select<drift_detection::Entity>) -> Select<drift_detection::Entity> {
        let id = drift_detection::Column::Id;
        query::ordered(select, id, id, false)
    }

    fn page(&self) -> Page {
        self.page
    }
}

/// See [`Store::drift`].
#[derive(Debug)]
pub struct Drift<'a, C>(&'a Store<C>);

impl<'a, C: Connection> Drift<'a, C> {
    pub(crate) fn over(store: &'a Store<C>) -> Self {
        Drift(store)
    }

    /// Scans.
    pub fn scans(&self) -> Records<'a, C, DriftScan> {
        Records::over(self.0)
    }

    /// Detections.
    pub fn detections(&self) -> Records<'a, C, DriftDetection> {
        Records::over(self.0)
    }

    /// Records a scan with its detections, all under new ids and in one transaction. The scan's
    /// counts are those of the detections, whatever `scan` says.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn record(
        &self,
        scan: impl Fn(ScanId) -> DriftScan,
        detections: &[&dyn Fn(DetectionId) -> DriftDetection],
    ) -> Result<(DriftScan, Vec<DriftDetection>), Error> {
        self.0
            .write(async |store| {
                let mut recorded = store.drift().scans().add(&Series::SCANS, &scan).await?;
                let mut found = Vec::with_capacity(detections.len());
                for detection in detections {
                    let id = series::next::<DriftDetection>(&store.connection, &Series::DETECTIONS)
                        .await?;
                    let id = DetectionId::new(id).map_err(|e| Error::Refused(e.to_string()))?;
                    let mut detection = detection(id);
                    detection.scan_id = Some(recorded.id.clone());
                    found.push(detection);
                }
                store
                    .drift()
                    .detections()
                    .insert_many(&found, &|_| ())
                    .await?;
                recorded.count(SeverityCounts::of(&found));
                let recorded = store.drift().scans().replace(recorded).await?;
                Ok((recorded, found))
            })
            .await
    }

    /// Moves a detection to a status, and notes when, by whom and how; opening it again takes
    /// that back, except for the notes.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such detection.
    pub async fn set_status(
        &self,
        id: &DetectionId,
        status: DetectionStatus,
        by: Option<&str>,
        notes: Option<&str>,
        now: Timestamp,
    ) -> Result<DriftDetection, Error> {
        self.detections()
            .update(id, |detection| {
                let (by, notes) = (by.map(str::to_owned), notes.map(str::to_owned));
                detection.set_status(status, by, notes, now);
            })
            .await
    }
}
