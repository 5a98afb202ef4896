//! Drift scans and their detections.

mod scan;

pub use scan::ScanResult;

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect, Select,
};
use wsdb_core::{
    DetectionFilter, DetectionId, DetectionInterval, DetectionSort, DetectionStatus,
    DriftDetection, DriftScan, IdSeries, Json, Lifecycle, Moment, OpenInterval, Page, ScanFilter,
    ScanId, ScanSort, Severity, Timestamp,
};

use crate::columns::{Text, Time};
use crate::entity::{drift_detection, drift_scan};
use crate::record::{Filter, impl_record};
use crate::records::Records;
use crate::referenced_table::ReferencedTable;
use crate::{Connection, Error, Store, query};

impl_record!(
    DriftScan,
    drift_scan,
    ScanId,
    ScanFilter,
    "scan",
    Some(ReferencedTable::Scans),
    {
        const SERIES: Option<IdSeries> = Some(IdSeries::SCANS);
    }
);
impl_record!(
    DriftDetection,
    drift_detection,
    DetectionId,
    DetectionFilter,
    "detection",
    Some(ReferencedTable::Detections),
    {
        const SERIES: Option<IdSeries> = Some(IdSeries::DETECTIONS);
    }
);

/// The columns from which the interval of a detection is computed.
#[derive(FromQueryResult)]
struct IntervalRow {
    id: String,
    detected_at: Time,
    status: Text<DetectionStatus>,
    resolved_at: Option<Time>,
    ignored_until: Option<Time>,
}

impl Filter<DriftScan> for ScanFilter {
    fn condition(&self) -> Condition {
        use drift_scan::Column;
        Condition::all()
            .add_option(query::any(Column::Status, &self.status))
            .add_option(query::any(Column::ScanType, &self.scan_type))
            .add_option(query::any(Column::TriggeredBy, &self.triggered_by))
            .add_option(repos(&self.repo))
            .add_option(query::since(Column::ScanStart, self.since))
    }

    fn order(&self, select: Select<drift_scan::Entity>) -> Select<drift_scan::Entity> {
        use drift_scan::Column;
        match self.sort {
            ScanSort::Id => query::ordered(select, Column::Id, Column::Id, self.reverse),
            ScanSort::Start => query::ordered(select, Column::ScanStart, Column::Id, self.reverse),
        }
    }

    fn page(&self) -> Page {
        self.page
    }
}

/// Matches scans of any of these repos; an empty list matches all. There are few scans, so their
/// lists of repos have no link table.
fn repos(repos: &[String]) -> Option<Condition> {
    let conditions = repos.iter().map(|repo| {
        // As it is written in a JSON list.
        let item = query::escape_like(&Json::from(repo.as_str()).to_string());
        let pattern = LikeExpr::new(format!("%{item}%")).escape('\\');
        let text = Expr::col(drift_scan::Column::ReposScanned).cast_as("text");
        text.like(pattern)
    });
    (!repos.is_empty()).then(|| conditions.fold(Condition::any(), Condition::add))
}

/// Matches paths that start with any of these strings or, if one contains `*` or `?`, match it as
/// a pattern; an empty list matches all.
fn files(files: &[String]) -> Option<Condition> {
    let conditions = files.iter().map(|file| {
        let escaped = query::escape_like(&file.to_lowercase());
        let pattern = if file.contains(['*', '?']) {
            // Both `*` and `**` match across folders.
            escaped.replace('*', "%").replace('?', "_")
        } else {
            format!("{escaped}%")
        };
        let path = Func::lower(Expr::col(drift_detection::Column::FilePath));
        Expr::expr(path).like(LikeExpr::new(pattern).escape('\\'))
    });
    (!files.is_empty()).then(|| conditions.fold(Condition::any(), Condition::add))
}

/// Matches any of these statuses, where an ignored detection counts as open once its
/// `ignored_until` has passed; an empty list matches all.
fn status_condition(statuses: &[DetectionStatus], now: Option<Moment>) -> Option<Condition> {
    use drift_detection::Column;
    let now = match now {
        Some(now) if !statuses.is_empty() => now,
        _ => return query::any(Column::Status, statuses).map(|any| Condition::all().add(any)),
    };
    let until = || Expr::col(Column::IgnoredUntil);
    let is_current = now
        .current_dates()
        .into_iter()
        .filter_map(|date| query::is_same_time(until, date));
    let has_ended = is_current.fold(until().lte(now.at.utc()), |ended, is_current| {
        ended.and(is_current.not())
    });
    let has_status = |status: DetectionStatus| Column::Status.eq(status.to_string());
    let conditions = statuses.iter().map(|status| match status {
        DetectionStatus::Resolved => Condition::all().add(has_status(*status)),
        DetectionStatus::Open => Condition::any().add(has_status(*status)).add(
            Condition::all()
                .add(has_status(DetectionStatus::Ignored))
                .add(has_ended.clone()),
        ),
        DetectionStatus::Ignored => Condition::all().add(has_status(*status)).add(
            Condition::any()
                .add(Column::IgnoredUntil.is_null())
                .add(has_ended.clone().not()),
        ),
    });
    Some(conditions.fold(Condition::any(), Condition::add))
}

/// Matches open, or resolved and ignored detections; `None` matches all.
fn open_condition(open: Option<bool>, now: Option<Moment>) -> Option<Condition> {
    let finished = status_condition(&DetectionStatus::finished(), now)?;
    Some(if open? { finished.not() } else { finished })
}

impl Filter<DriftDetection> for DetectionFilter {
    fn condition(&self) -> Condition {
        use drift_detection::Column;
        Condition::all()
            .add_option(status_condition(&self.status, self.now))
            .add_option(open_condition(self.open, self.now))
            .add_option(query::any(Column::Severity, &self.severity))
            .add_option(query::any(Column::ViolationType, &self.violation_type))
            .add_option(query::any(Column::Repo, &self.repo))
            .add_option(query::any(Column::ComponentName, &self.component))
            .add_option(files(&self.file))
            .add_option(query::any(Column::Fingerprint, &self.fingerprint))
            .add_option(query::any_of(
                [Column::ScanId, Column::ScanMissing],
                &self.scan,
            ))
            .add_option(query::any_of(
                [Column::RelatedTaskId, Column::RelatedTaskMissing],
                &self.task,
            ))
            .add_option(query::since(Column::DetectedAt, self.since))
            .add(query::contains_all_words(
                &[
                    Column::Id,
                    Column::FilePath,
                    Column::ComponentName,
                    Column::DetectedRule,
                    Column::ViolationDetails,
                    Column::ResolutionNotes,
                ],
                &self.text,
            ))
    }

    fn order(&self, select: Select<drift_detection::Entity>) -> Select<drift_detection::Entity> {
        use drift_detection::Column;
        let (id, reverse) = (Column::Id, self.reverse);
        match self.sort {
            DetectionSort::Id => query::ordered(select, id, id, reverse),
            DetectionSort::Severity => {
                let rank = query::rank::<Severity, _>(Column::Severity);
                query::ordered(select, rank, id, reverse)
            }
            DetectionSort::Detected => query::ordered(select, Column::DetectedAt, id, reverse),
            DetectionSort::Seen => {
                query::ordered_by_optional(select, Column::LastSeen, id, reverse)
            }
            DetectionSort::File => {
                let order = if reverse { Order::Desc } else { Order::Asc };
                let by_repo = select.order_by(Column::Repo, order);
                query::ordered(by_repo, Column::FilePath, id, reverse)
            }
            DetectionSort::Status => {
                let rank = query::rank::<DetectionStatus, _>(Column::Status);
                query::ordered(select, rank, id, reverse)
            }
        }
    }

    fn page(&self) -> Page {
        self.page
    }
}

/// Reads and writes scans and detections; see [`Store::drift`].
#[derive(Debug)]
pub struct Drift<'a, C>(&'a Store<C>);

impl<'a, C: Connection> Drift<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Drift(store)
    }

    /// Returns the scans.
    pub fn scans(&self) -> Records<'a, C, DriftScan> {
        Records::new(self.0)
    }

    /// Returns the detections.
    pub fn detections(&self) -> Records<'a, C, DriftDetection> {
        Records::new(self.0)
    }

    /// Inserts a detection with the next id of its series.
    pub async fn add(
        &self,
        detection: impl Fn(DetectionId) -> DriftDetection,
    ) -> Result<DriftDetection, Error> {
        self.detections()
            .insert_next(&IdSeries::DETECTIONS, detection)
            .await
    }

    /// Returns the interval in which each matching detection was open, as of `now`.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a stored value cannot be read.
    pub async fn open_intervals(
        &self,
        filter: &DetectionFilter,
        now: impl Into<Moment>,
    ) -> Result<Vec<DetectionInterval>, Error> {
        let now = now.into();
        use drift_detection::Column;
        let columns = [
            Column::Id,
            Column::DetectedAt,
            Column::Status,
            Column::ResolvedAt,
            Column::IgnoredUntil,
        ];
        let rows: Vec<IntervalRow> = drift_detection::Entity::find()
            .select_only()
            .columns(columns)
            .filter(filter.condition())
            .into_model()
            .all(&self.0.connection)
            .await?;
        let read = |row: IntervalRow| {
            let id = row.id.as_str();
            let corrupt =
                |column| move |reason| Error::corrupt("drift_detections", id, column, reason);
            let from = row.detected_at.0.map_err(corrupt("detected_at"))?;
            let status = row.status.0.map_err(corrupt("status"))?;
            let resolved = row.resolved_at.map(|time| time.0).transpose();
            let resolved = resolved.map_err(corrupt("resolved_at"))?;
            let ignored_until = row.ignored_until.map(|time| time.0).transpose();
            let ignored_until = ignored_until.map_err(corrupt("ignored_until"))?;
            let status = status.effective(ignored_until, now);
            // Without the time of the change, it counts as never having been open.
            let until = match status {
                DetectionStatus::Open => None,
                _ => Some(resolved.unwrap_or(from)),
            };
            let interval = OpenInterval { from, until };
            Ok(DetectionInterval { interval, status })
        };
        rows.into_iter().map(read).collect()
    }

    /// Sets the status of a detection, and when, by whom and how it was resolved; reopening it
    /// clears these fields, except for the notes.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such detection.
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
