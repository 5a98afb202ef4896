//! Records related to a path or a component, as views.

use std::collections::HashMap;

use wsdb_core::{
    ArchitectureGoal, ArchitectureState, Decision, DecisionId, DriftDetection, Issue, Json,
    JsonObject, PathRelation, StateId, Task, TaskId, natural_order,
};
use wsdb_store::{Connection, Store};

use super::query::{GoverningPlacement, WhyQuery};
use crate::Error;
use crate::views::{
    WhyActivity, WhyDecision, WhyDetection, WhyIssue, WhyPlacement, WhyState, WhyTask,
};

/// States by id.
pub(super) type States = HashMap<StateId, ArchitectureState>;

pub(super) fn placement_view(
    governing: &GoverningPlacement<'_>,
    matches: bool,
    states: &States,
) -> WhyPlacement {
    let placement = governing.placement;
    let state = |id: &StateId| {
        let known = states.get(id);
        WhyState {
            id: id.clone(),
            state_name: known.map(|state| state.state_name.clone()),
            state_type: known.map(|state| state.state_type),
        }
    };
    WhyPlacement {
        id: placement.id.clone(),
        component_name: placement.component_name.clone(),
        component_type: placement.component_type,
        correct_repo: placement.correct_repo.clone(),
        correct_location: placement.correct_location.clone(),
        state: placement.architecture_state_id.as_ref().map(state),
        rationale: placement.rationale.clone(),
        reason: match governing.relation {
            Some(PathRelation::Same) => "path",
            Some(PathRelation::Within) => "folder",
            Some(PathRelation::Around) => "inside",
            None => "component",
        },
        matches,
    }
}

pub(super) fn detection_view(detection: &DriftDetection) -> WhyDetection {
    WhyDetection {
        id: detection.id.clone(),
        status: detection.status,
        severity: detection.severity,
        violation_type: detection.violation_type,
        repo: detection.repo.clone(),
        file_path: detection.file_path.clone(),
        component_name: detection.component_name.clone(),
        detected_rule: detection.detected_rule.clone(),
        expected_location: detection.expected_location.clone(),
        related_task_id: detection.related_task_id.clone(),
    }
}

/// Returns the related decisions, those of `ids` first and in this order; ids that do not exist
/// come last.
pub(super) fn decision_views(
    ids: &[DecisionId],
    mut found: Vec<Decision>,
    find_reasons: impl Fn(&Decision) -> Vec<String>,
) -> Vec<WhyDecision> {
    let position = |decision: &Decision| {
        let position = ids.iter().position(|id| *id == decision.id);
        position.unwrap_or(ids.len())
    };
    found.sort_by_key(|decision| (position(decision), decision.status, decision.date));
    let missing = ids.iter().filter(|id| !found.iter().any(|d| d.id == **id));
    let missing: Vec<WhyDecision> = missing
        .map(|id| WhyDecision {
            id: id.to_string(),
            decision: None,
            status: None,
            impact: None,
            superseded_by: Vec::new(),
            reasons: Vec::new(),
        })
        .collect();
    let related = found.into_iter().filter_map(|decision| {
        let reasons = find_reasons(&decision);
        (!reasons.is_empty()).then(|| WhyDecision {
            id: decision.id.to_string(),
            decision: Some(decision.decision),
            status: Some(decision.status),
            impact: decision.impact,
            superseded_by: Vec::new(),
            reasons,
        })
    });
    related.chain(missing).collect()
}

/// Returns whether a file mentioned by a record is the path or inside it; with `folders`, also
/// whether it is a parent folder. The file may be in any of the record's repos.
pub(super) fn mentions_file(query: &WhyQuery, repos: &[String], file: &str, folders: bool) -> bool {
    match query.relation_to_file(repos, file) {
        Some(PathRelation::Same | PathRelation::Around) => true,
        Some(PathRelation::Within) => folders,
        None => false,
    }
}

/// Returns the tasks that fix its drift or issues, work toward its goals or mention it, and the
/// open issues about it.
pub(super) async fn find_work<C: Connection>(
    store: &Store<C>,
    query: &WhyQuery,
    terms: &[String],
    drift: &[&DriftDetection],
    goals: &[ArchitectureGoal],
) -> Result<(Vec<WhyTask>, Vec<WhyIssue>), Error> {
    let fixing = drift.iter().filter_map(|d| d.related_task_id.as_ref());
    let mut ids = task_ids(fixing.chain(goals.iter().map(|goal| &goal.task_id)));
    let mut tasks = store.mentions().tasks(terms, &ids).await?;
    let is_named = |task: &Task| {
        let mut files = task.related_files.iter();
        files.any(|file| mentions_file(query, &task.repos_affected, file, false))
    };
    tasks.retain(|task| ids.contains(&task.id) || is_named(task));
    for task in &tasks {
        if !ids.contains(&task.id) {
            ids.push(task.id.clone());
        }
    }

    let mut issues = store.mentions().issues(terms, &ids).await?;
    issues.retain(|issue| {
        let task = issue.related_task_id.as_ref();
        mentions_query(query, issue) || task.is_some_and(|id| ids.contains(id))
    });
    issues.sort_by_key(|issue| (issue.severity, issue.detected));
    let more: Vec<TaskId> = task_ids(issues.iter().filter_map(|i| i.related_task_id.as_ref()))
        .into_iter()
        .filter(|id| !ids.contains(id))
        .collect();
    tasks.extend(store.mentions().tasks(&[], &more).await?);
    ids.extend(more);

    let mut related: Vec<WhyTask> = ids
        .into_iter()
        .map(|id| {
            let task = tasks.iter().find(|task| task.id == id);
            let fixed = drift
                .iter()
                .filter(|d| d.related_task_id.as_ref() == Some(&id));
            let resolved = issues
                .iter()
                .filter(|i| i.related_task_id.as_ref() == Some(&id));
            let fixed = fixed.map(|d| d.id.to_string());
            let fixed: Vec<String> = fixed.chain(resolved.map(|i| i.id.to_string())).collect();
            let reached = goals.iter().filter(|goal| goal.task_id == id);
            let reached: Vec<String> = reached.map(|goal| goal.id.to_string()).collect();
            let mut reasons: Vec<String> = Vec::new();
            for (verb, ids) in [("fixes", fixed), ("works toward", reached)] {
                if !ids.is_empty() {
                    reasons.push(format!("{verb} {}", ids.join(", ")));
                }
            }
            if task.is_some_and(is_named) {
                reasons.push("mentions the path".to_owned());
            }
            WhyTask {
                title: task.map(|task| task.title.clone()),
                status: task.map(|task| task.status),
                priority: task.and_then(|task| task.priority),
                assigned_to: task.and_then(|task| task.assigned_to.clone()),
                id,
                reasons,
            }
        })
        .collect();
    let is_fix = |task: &TaskId| {
        let mut fixed = drift.iter().filter_map(|d| d.related_task_id.as_ref());
        let mut resolved = issues.iter().filter_map(|i| i.related_task_id.as_ref());
        fixed.any(|id| id == task) || resolved.any(|id| id == task)
    };
    related.sort_by_key(|task| {
        let is_closed = task.status.map(wsdb_core::TaskStatus::is_terminal);
        // Missing tasks come last.
        let order = is_closed.map_or(2, u8::from);
        (
            order,
            !is_fix(&task.id),
            task.priority.map_or(u8::MAX, |p| p as u8),
        )
    });
    let issues = issues.into_iter().map(|issue| WhyIssue {
        reason: match (mentions_query(query, &issue), &issue.related_task_id) {
            (false, Some(task)) => format!("linked to {task}"),
            _ => "mentions it".to_owned(),
        },
        id: issue.id,
        title: issue.title,
        severity: issue.severity,
        related_task_id: issue.related_task_id,
    });
    Ok((related, issues.collect()))
}

/// Returns the activities in which the path was created or modified, the latest first.
pub(super) async fn find_activities<C: Connection>(
    store: &Store<C>,
    query: &WhyQuery,
    terms: &[String],
) -> Result<Vec<WhyActivity>, Error> {
    if !query.is_path() {
        return Ok(Vec::new());
    }
    let mut activities = store.mentions().activities(terms).await?;
    activities.retain(|activity| {
        let mut files = activity
            .files_created
            .iter()
            .chain(&activity.files_modified);
        files.any(|file| mentions_file(query, &[], file, false))
    });
    activities.sort_by(|a, b| {
        let by_id = || natural_order(b.id.as_str(), a.id.as_str());
        b.time.cmp(&a.time).then_with(by_id)
    });
    let views = activities.into_iter().map(|activity| WhyActivity {
        id: activity.id,
        session_id: activity.session_id,
        description: activity.description,
        time: activity.time,
    });
    Ok(views.collect())
}

/// Returns whether an issue mentions the path or the component in its additional fields.
fn mentions_query(query: &WhyQuery, issue: &Issue) -> bool {
    let extra = match &issue.extra_metadata {
        Some(Json::Object(fields)) => Some(fields),
        _ => None,
    };
    let mut fields = extra.into_iter().chain([&issue.document_fields]);
    fields.any(|fields| {
        let mut repos = issue.repos_affected.clone();
        repos.extend(field_texts(fields, &["repo"]));
        let mut files = field_texts(
            fields,
            &["file", "files", "file_path", "path", "related_files"],
        );
        let mut components = field_texts(fields, &["component", "component_name", "components"]);
        files.any(|file| mentions_file(query, &repos, &file, false))
            || components.any(|name| query.is_component(&name))
    })
}

/// Returns the strings in some fields, single or in lists.
fn field_texts(
    fields: &JsonObject,
    names: &'static [&'static str],
) -> impl Iterator<Item = String> {
    let values = names.iter().filter_map(|name| fields.get(name));
    let texts: Vec<String> = values
        .flat_map(|value| match value {
            Json::String(text) => vec![text.clone()],
            Json::Array(list) => {
                let texts = list.iter().filter_map(Json::as_str);
                texts.map(str::to_owned).collect()
            }
            _ => Vec::new(),
        })
        .collect();
    texts.into_iter()
}

/// Returns the ids without duplicates.
fn task_ids<'a>(ids: impl Iterator<Item = &'a TaskId>) -> Vec<TaskId> {
    let mut all: Vec<TaskId> = Vec::new();
    for id in ids {
        if !all.contains(id) {
            all.push(id.clone());
        }
    }
    all
}
