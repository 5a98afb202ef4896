//! Creates tasks that fix drift.

use wsdb_core::{DriftDetection, Priority, Task, TaskId, Vocabulary, format_file_location};
use wsdb_store::{Store, Transaction};

use crate::session::current::open_session;
use crate::validate::validate_single_line;
use crate::views::{DriftTaskView, TaskView};
use crate::{Actor, Error, Workspace, resolve_all};

/// Maximum length of a generated title in characters; the rest is cut off.
const MAX_GENERATED_TITLE_LEN: usize = 200;

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
    pub allow_existing_task: bool,
}

/// Creates one task for the named detections, and links them to it.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together, and
/// [`Error::AlreadyHasTask`] if detections have a task already.
pub async fn task_for_detections(
    workspace: &Workspace,
    actor: &Actor,
    names: &[String],
    draft: &TaskDraft,
) -> Result<DriftTaskView, Error> {
    workspace
        .by(actor, "drift task")
        .write(async |store| {
            let records = store.drift().detections();
            let mut detections = Vec::new();
            let mut errors = Vec::new();
            for id in resolve_all(&records, names).await? {
                let detection = records.get(&id).await?;
                if let (Some(task), false) = (&detection.related_task_id, draft.allow_existing_task)
                {
                    errors.push(Error::AlreadyHasTask {
                        id,
                        task: task.clone(),
                    });
                }
                detections.push(detection);
            }
            Error::combine(errors)?;
            let task = add_task(store, actor, &detections, draft).await?;
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

/// Adds the task that fixes some detections.
async fn add_task(
    store: &Store<Transaction>,
    actor: &Actor,
    detections: &[DriftDetection],
    draft: &TaskDraft,
) -> Result<Task, Error> {
    let title = draft
        .title
        .clone()
        .unwrap_or_else(|| generate_title(detections));
    validate_single_line("title", &title)?;
    let session = open_session(store, actor).await?.map(|session| session.id);
    let lines: Vec<String> = detections.iter().map(describe).collect();
    let highest_severity = detections.iter().map(|d| d.severity).min();
    let distinct = |mut all: Vec<String>| {
        all.sort();
        all.dedup();
        all
    };
    let fill = |id: TaskId| {
        let mut task = Task::new(id, title.clone(), actor.now);
        task.session_created = session.clone();
        task.description = Some(lines.join("\n"));
        task.priority = draft.priority.or(highest_severity);
        task.assigned_to.clone_from(&draft.assigned_to);
        task.repos_affected = distinct(detections.iter().map(|d| d.repo.clone()).collect());
        task.related_files = distinct(detections.iter().map(|d| d.file_path.clone()).collect());
        task
    };
    Ok(store.tasks().add(fill).await?)
}

/// Returns a title for a task that fixes some detections.
fn generate_title(detections: &[DriftDetection]) -> String {
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
            let kind = one.violation_type.as_str();
            let place = format_file_location(&one.repo, &one.file_path);
            format!("Fix {kind} drift in {place}{what}")
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
    match text.char_indices().nth(MAX_GENERATED_TITLE_LEN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Describes a detection in a list of the task's description.
fn describe(detection: &DriftDetection) -> String {
    let (severity, kind) = (
        detection.severity.as_str(),
        detection.violation_type.as_str(),
    );
    let place = format_file_location(&detection.repo, &detection.file_path);
    let mut line = format!("- {}: {severity} {kind} in {place}", detection.id);
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
