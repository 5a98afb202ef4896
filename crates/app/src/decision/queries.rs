//! Decisions with their links in both directions.

use wsdb_core::{DecisionFilter, DecisionId, PlacementFilter, TaskFilter, TaskId};
use wsdb_store::{Connection, Store};

use crate::views::{DecisionDetails, LinkedView, Relation};
use crate::{Error, resolve};

/// Returns a decision with its links in both directions.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn show_decision<C: Connection>(
    store: &Store<C>,
    name: &str,
) -> Result<DecisionDetails, Error> {
    let id = resolve(&store.decisions(), name).await?;
    decision_details(store, &id).await
}

/// Returns the decisions that are linked to a task.
pub(crate) async fn decisions_of_task<C: Connection>(
    store: &Store<C>,
    id: &TaskId,
) -> Result<Vec<DecisionId>, Error> {
    let filter = DecisionFilter {
        task: vec![id.clone()],
        ..DecisionFilter::default()
    };
    let decisions = store.decisions().list(&filter).await?;
    Ok(decisions.into_iter().map(|decision| decision.id).collect())
}

/// Returns a decision with its links in both directions.
pub(crate) async fn decision_details<C: Connection>(
    store: &Store<C>,
    id: &DecisionId,
) -> Result<DecisionDetails, Error> {
    let decision = store.decisions().get(id).await?;
    let successors = DecisionFilter {
        supersedes: vec![id.clone()],
        ..DecisionFilter::default()
    };
    let successors = store.decisions().list(&successors).await?;
    let mut links = Vec::new();
    for id in &decision.supersedes {
        let found = store.decisions().find(id).await?;
        let found = found.map(|d| (d.status.to_string(), d.decision));
        links.push(LinkedView::new(Relation::Supersedes, id, found));
    }
    for successor in &successors {
        let found = Some((successor.status.to_string(), successor.decision.clone()));
        links.push(LinkedView::new(
            Relation::SupersededBy,
            &successor.id,
            found,
        ));
    }
    if !decision.related_tasks.is_empty() {
        let filter = TaskFilter {
            ids: decision.related_tasks.clone(),
            ..TaskFilter::default()
        };
        let tasks = store.tasks().list(&filter).await?;
        for id in &decision.related_tasks {
            let found = tasks.iter().find(|task| task.id == *id);
            let found = found.map(|task| (task.status.to_string(), task.title.clone()));
            links.push(LinkedView::new(Relation::Task, id, found));
        }
    }
    if !decision.related_components.is_empty() {
        let filter = PlacementFilter {
            component_name: decision.related_components.clone(),
            ..PlacementFilter::default()
        };
        let placements = store.architecture().placements().list(&filter).await?;
        for name in &decision.related_components {
            let of_component = placements.iter().filter(|p| p.component_name == *name);
            let mut locations: Vec<String> = of_component
                .map(|p| match &p.correct_location {
                    Some(location) => format!("{}: {location}", p.correct_repo),
                    None => p.correct_repo.clone(),
                })
                .collect();
            locations.dedup();
            let found =
                (!locations.is_empty()).then(|| ("placed".to_owned(), locations.join(", ")));
            links.push(LinkedView::new(Relation::Component, name, found));
        }
    }
    for id in &decision.related_detections {
        let found = store.drift().detections().find(id).await?;
        let found = found.map(|d| (d.status.to_string(), format!("{}: {}", d.repo, d.file_path)));
        links.push(LinkedView::new(Relation::Detection, id, found));
    }
    Ok(DecisionDetails {
        superseded_by: successors.into_iter().map(|decision| decision.id).collect(),
        decision: decision.into(),
        links,
    })
}
