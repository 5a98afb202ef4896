//! Actions on drift.

mod object;
mod report;

use wsdb_core::{
    DetectionChange, DetectionFilter, DetectionStatus, DriftDetection, DriftScan, Finding,
    JsonObject, Priority, ScanScope, ScanStatus, Task, TaskId, Timestamp, Vocabulary, fingerprints,
    trend,
};
use wsdb_store::{Connection, ScanResult, Store, Transaction};

pub use report::{ScanOverrides, ScanReport};

use crate::sessions::open_session;
use crate::tasks::validate_single_line;
use crate::views::{DetectionView, DriftCounts, DriftTaskView, RecordedView, TaskView, TrendView};
use crate::{Actor, Error, Precondition, Resource, Workspace, edit_records, resolve_all};

/// Records a scan with all its findings in one transaction. [`wsdb_core::Scanned`] describes what
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
            .record(scan, &report.findings, &scope, actor.now)
            .await
    };
    let recorded = match dry_run {
        true => store.dry_run(work).await?,
        false => store.write(work).await?,
    };
    Ok(recorded_view(recorded, dry_run))
}

fn recorded_view(recorded: ScanResult, dry_run: bool) -> RecordedView {
    let ScanResult { scan, new, known } = recorded;
    let mut counts = DriftCounts {
        new: new.len() as u64,
        ..DriftCounts::default()
    };
    let (mut reopened, mut resolved, mut ignored) = (Vec::new(), Vec::new(), Vec::new());
    for (detection, outcome) in known {
        match outcome {
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

/// Adds a detection found by a person, with the next id. Scans do not resolve it until one of them
/// has found it as well.
///
/// # Errors
/// [`Error::Invalid`] if it is recorded already, or its repo or file is empty.
pub async fn add_detection(
    workspace: &Workspace,
    actor: &Actor,
    finding: &Finding,
) -> Result<DetectionView, Error> {
    let print = fingerprints(std::slice::from_ref(finding)).remove(0);
    let added = workspace
        .by(actor, "drift add")
        .write(async |store| {
            let drift = store.drift();
            let same = DetectionFilter {
                repo: vec![finding.repo.clone()],
                fingerprint: vec![print.clone()],
                ..DetectionFilter::default()
            };
            if let Some(known) = drift.detections().list(&same).await?.first() {
                let (id, status) = (&known.id, known.effective_status(actor.now));
                let how = match status {
                    DetectionStatus::Open => "edit",
                    DetectionStatus::Resolved | DetectionStatus::Ignored => "reopen",
                };
                let why =
                    format!("already recorded as {id} ({status}); see 'wsdb drift {how} {id}'");
                return Err(Error::Invalid(why));
            }
            let added = drift.add(|id| {
                let finding = finding.clone();
                let mut detection = finding.detection(id, print.clone(), None, actor.now);
                detection.last_seen = None;
                detection
            });
            let added = added.await?;
            added.validate()?;
            Ok(added)
        })
        .await?;
    Ok(added.into())
}

/// Sets the status of the named detections, all or none; ignored ones until a time, or forever.
///
/// # Errors
/// Same as [`edit_records`].
pub async fn set_detection_status(
    workspace: &Workspace,
    actor: &Actor,
    words: &[String],
    expected: &Precondition,
    (status, until): (DetectionStatus, Option<Timestamp>),
    notes: Option<&str>,
) -> Result<Vec<DetectionView>, Error> {
    let verb = match status {
        DetectionStatus::Open => "drift reopen",
        DetectionStatus::Resolved => "drift resolve",
        DetectionStatus::Ignored => "drift ignore",
    };
    let edit = |detection: &mut DriftDetection| {
        if detection.effective_status(actor.now) != detection.status {
            // The time for which it was ignored has passed; reopen it first.
            detection.set_status(DetectionStatus::Open, None, None, actor.now);
        }
        let (by, notes) = (Some(actor.name.clone()), notes.map(str::to_owned));
        detection.set_status(status, by, notes, actor.now);
        detection.ignored_until = until.filter(|_| status == DetectionStatus::Ignored);
    };
    edit_records(workspace, actor, verb, words, expected, edit).await
}

/// Values for a task that is created from drift.
#[derive(Debug, Clone, Default)]
pub struct TaskDraft {
    /// Title; by default, one made from the detections.
    pub title: Option<String>,
    /// Priority; by default, the highest severity of the detections.
    pub priority: Option<Priority>,
    /// Assignee.
    pub assigned_to: Option<String>,
    /// Accept detections that have a task already.
    pub again: bool,
}

/// Creates one task for the named detections, and links them to it.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, and [`Error::Invalid`] if
/// detections have a task already.
pub async fn task_for_detections(
    workspace: &Workspace,
    actor: &Actor,
    words: &[String],
    new: &TaskDraft,
) -> Result<DriftTaskView, Error> {
    workspace
        .by(actor, "drift task")
        .write(async |store| {
            let records = store.drift().detections();
            let mut detections = Vec::new();
            let mut errors = Vec::new();
            for id in resolve_all(&records, words).await? {
                let detection = records.get(&id).await?;
                if let (Some(task), false) = (&detection.related_task_id, new.again) {
                    errors.push(Error::Invalid(format!("{id} already has task {task}")));
                }
                detections.push(detection);
            }
            Error::all(errors)?;
            let task = task(store, actor, &detections, new).await?;
            let mut ids = Vec::with_capacity(detections.len());
            for before in detections {
                let mut detection = before.clone();
                detection.related_task_id = Some(task.id.clone());
                ids.push(detection.id.clone());
                records.save_changed(before, detection).await?;
            }
            Ok(DriftTaskView {
                task: TaskView::new(task, None, actor.now),
                detections: ids,
            })
        })
        .await
}

/// Maximum length of a generated title in characters.
const MAX_TITLE_LEN: usize = 200;

fn title(detections: &[DriftDetection]) -> String {
    let mut repos: Vec<&str> = detections.iter().map(|d| d.repo.as_str()).collect();
    repos.sort_unstable();
    repos.dedup();
    let text = match detections {
        [one] => {
            let what = one
                .component_name
                .as_deref()
                .or(one.detected_rule.as_deref());
            let what = what.map_or(String::new(), |what| format!(" ({what})"));
            let (kind, repo) = (one.violation_type.as_str(), &one.repo);
            format!("Fix {kind} drift in {repo}/{}{what}", one.file_path)
        }
        many => {
            let kinds = wsdb_core::ViolationType::ALL.iter();
            let kinds: Vec<&str> = kinds
                .filter(|kind| many.iter().any(|d| d.violation_type == **kind))
                .map(|kind| kind.as_str())
                .collect();
            let (count, kinds, repos) = (many.len(), kinds.join(", "), repos.join(", "));
            format!("Fix {count} violations ({kinds}) in {repos}")
        }
    };
    match text.char_indices().nth(MAX_TITLE_LEN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn line(detection: &DriftDetection) -> String {
    let (severity, kind) = (
        detection.severity.as_str(),
        detection.violation_type.as_str(),
    );
    let mut line = format!(
        "- {}: {severity} {kind} in {}/{}",
        detection.id, detection.repo, detection.file_path
    );
    let mut more = Vec::new();
    let mut add = |what: &str, text: &Option<String>| {
        more.extend(text.as_ref().map(|text| format!("{what} {text}")));
    };
    add("component", &detection.component_name);
    add("rule", &detection.detected_rule);
    add("actual location", &detection.actual_location);
    add("expected location", &detection.expected_location);
    if !more.is_empty() {
        line.push_str(&format!(" ({})", more.join("; ")));
    }
    if let Some(details) = &detection.violation_details {
        line.push_str(&format!("\n  {}", details.replace('\n', "\n  ")));
    }
    line
}

async fn task(
    store: &Store<Transaction>,
    actor: &Actor,
    detections: &[DriftDetection],
    new: &TaskDraft,
) -> Result<Task, Error> {
    let title = new.title.clone().unwrap_or_else(|| title(detections));
    validate_single_line("title", &title)?;
    let session = open_session(store, actor).await?.map(|session| session.id);
    let lines: Vec<String> = detections.iter().map(line).collect();
    let gravest = detections.iter().map(|d| d.severity).min();
    let distinct = |mut all: Vec<String>| {
        all.sort();
        all.dedup();
        all
    };
    let fill = |id: TaskId| {
        let mut task = Task::new(id, title.clone(), actor.now);
        task.session_created = session.clone();
        task.description = Some(lines.join("\n"));
        task.priority = new.priority.or(gravest);
        task.assigned_to.clone_from(&new.assigned_to);
        task.repos_affected = distinct(detections.iter().map(|d| d.repo.clone()).collect());
        task.related_files = distinct(detections.iter().map(|d| d.file_path.clone()).collect());
        task
    };
    Ok(store.tasks().add(fill).await?)
}

/// Returns how drift changed between each two consecutive points in time.
pub async fn drift_trend<C: Connection>(
    store: &Store<C>,
    filter: &DetectionFilter,
    edges: &[Timestamp],
    now: Timestamp,
) -> Result<Vec<TrendView>, Error> {
    let stands = store.drift().open_intervals(filter, now).await?;
    Ok(trend(&stands, edges).into_iter().map(Into::into).collect())
}
