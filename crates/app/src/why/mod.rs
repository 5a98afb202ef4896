//! Finds everything that governs a path or a component.

mod decisions;
mod query;
mod related;
mod rules;

use std::collections::BTreeSet;

use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, DriftDetection, GoalFilter, Moment,
    PathRelation, PlacementId, RepoPrefixes,
};
use wsdb_store::{Connection, Store};

use self::query::{
    GoverningPlacement, WhyQuery, closest_placement, components_named_partially, rank,
};
use self::related::States;
use crate::views::Why;
use crate::{Error, RepoPaths, Resource};

/// Returns what governs a path or a component: where it belongs, the rules that apply, the
/// decisions behind them, the drift found there, the tasks that work on it, the open issues and the
/// activities in which it was changed.
///
/// A path is relative to the root of its repo, or to the workspace root if it begins with the name or
/// the folder of a repo, or to the current folder of `paths` if it exists there.
///
/// # Errors
/// [`Error::Malformed`] if the name is empty.
pub async fn why<C: Connection>(
    store: &Store<C>,
    name: &str,
    paths: &RepoPaths,
    now: Moment,
) -> Result<Why, Error> {
    if name.trim().is_empty() {
        let nothing = "no path or component given";
        return Err(Error::Malformed(nothing.to_owned()));
    }
    let architecture = store.architecture();
    let placements = architecture.placements().all().await?;
    let states = architecture.states().all().await?;
    let names = store.repos().names().await?.into_iter();
    let mut repos: RepoPrefixes = names.map(|name| (name.clone(), name)).collect();
    repos.extend(paths.prefixes());
    let query = WhyQuery::resolve(name, paths, &placements, &repos);
    let (is_path, states) = (query.is_path(), by_id(states));
    let why = collect(store, name, query, &placements, &states, now).await?;
    if !why.is_empty() || !is_path {
        return Ok(why);
    }
    // Nothing is known about this path, so it may be a part of a component's name.
    if let Some(components) = components_named_partially(name, &placements) {
        let query = WhyQuery::for_components(components, &repos);
        return collect(store, name, query, &placements, &states, now).await;
    }
    Ok(Why {
        nearest: closest_placement(name, &placements)
            .cloned()
            .map(Into::into),
        ..why
    })
}

fn by_id(states: Vec<ArchitectureState>) -> States {
    let states = states.into_iter();
    states.map(|state| (state.id.clone(), state)).collect()
}

async fn collect<C: Connection>(
    store: &Store<C>,
    name: &str,
    mut query: WhyQuery,
    placements: &[ComponentPlacement],
    states: &States,
    now: Moment,
) -> Result<Why, Error> {
    // The component at the path is the one that belongs there, or that a detection found there.
    let components_here = placements.iter().filter(|p| query.is_at(p));
    let components_here: Vec<String> = components_here.map(|p| p.component_name.clone()).collect();
    query.add_components(components_here);
    let terms = query.search_terms(placements);
    let found = store.mentions().detections(&terms).await?.into_iter();
    let found: Vec<DriftDetection> = found.map(|d| d.effective_at(now)).collect();
    let at_path = |d: &&DriftDetection| {
        query.relation_to(Some(&d.repo), &d.file_path) == Some(PathRelation::Same)
    };
    let at_path: Vec<&DriftDetection> = found.iter().filter(at_path).collect();
    let detected_here = at_path.iter().filter_map(|d| d.component_name.clone());
    let detected_here: Vec<String> = detected_here.collect();
    let covering = placements.iter().filter(|p| query.is_covered_by(p));
    let repos = covering.map(|p| p.correct_repo.as_str());
    let repos: BTreeSet<&str> = repos
        .chain(at_path.iter().map(|d| d.repo.as_str()))
        .collect();
    query.add_components(detected_here);
    query.narrow_to_repo(&repos);

    let mut drift: Vec<&DriftDetection> = found
        .iter()
        .filter(|d| {
            let component = d.component_name.as_deref();
            query.contains(Some(&d.repo), &d.file_path)
                || component.is_some_and(|name| query.is_component(name))
        })
        .collect();
    drift.sort_by_key(|d| (d.status, d.severity));

    let kind = |p: &ComponentPlacement| {
        let state = p.architecture_state_id.as_ref().map(|id| states.get(id));
        state.flatten().map(|state| state.state_type)
    };
    let governing = placements.iter().map(|placement| GoverningPlacement {
        placement,
        relation: query.relation_to_placement(placement),
    });
    let mut governing: Vec<GoverningPlacement<'_>> = governing
        .filter(|g| g.relation.is_some() || query.is_component(&g.placement.component_name))
        .collect();
    governing.sort_by_key(|g| {
        let is_own = query.is_component(&g.placement.component_name);
        (!is_own, rank(kind(g.placement)), g.relation)
    });
    let rules = rules::find_rules(placements, &governing, &query, &kind);
    let goals = find_goals(store, &query, &governing).await?;
    let decisions = decisions::find_decisions(store, &query, &rules, &drift).await?;
    let (tasks, issues) = related::find_work(store, &query, &terms, &drift, &goals).await?;
    let activities = related::find_activities(store, &query, &terms).await?;
    let repo_path = query.paths.last();
    let placements = governing.iter().map(|governing| {
        let matches = !query.is_path() || query.matches_placement(governing);
        related::placement_view(governing, matches, states)
    });
    let mut components: Vec<String> = Vec::new();
    for governing in &governing {
        let name = &governing.placement.component_name;
        if query.is_component(name) && !components.contains(name) {
            components.push(name.clone());
        }
    }
    Ok(Why {
        query: name.to_owned(),
        file_path: repo_path.map(|known| known.path.clone()),
        repo: repo_path.and_then(|known| known.repo.clone()),
        components,
        placements: placements.collect(),
        rules,
        decisions,
        detections: drift.into_iter().map(related::detection_view).collect(),
        tasks,
        issues,
        activities,
        nearest: None,
    })
}

/// Returns the goals of the components in question, and of those that contain the path.
async fn find_goals<C: Connection>(
    store: &Store<C>,
    query: &WhyQuery,
    governing: &[GoverningPlacement<'_>],
) -> Result<Vec<ArchitectureGoal>, Error> {
    let own_placements = governing.iter().filter(|g| {
        query.is_component(&g.placement.component_name) || g.relation == Some(PathRelation::Within)
    });
    let component: Vec<PlacementId> = own_placements.map(|g| g.placement.id.clone()).collect();
    if component.is_empty() {
        return Ok(Vec::new());
    }
    let filter = GoalFilter {
        component,
        ..GoalFilter::default()
    };
    Ok(store.architecture().goals().list(&filter).await?)
}
