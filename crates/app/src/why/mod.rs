//! Finds everything that governs a path or a component.

mod answer;
mod decisions;
mod query;
mod rules;

use std::collections::BTreeSet;

use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, DriftDetection, GoalFilter,
    PathRelation, PlacementId, Timestamp,
};
use wsdb_store::{Connection, Store};

use self::answer::States;
use self::query::{WhyQuery, closest_placement, components_named_partially, rank};
use crate::views::Why;
use crate::{Error, Resource};

/// Returns what governs a path or a component: where it belongs, the rules that apply, the
/// decisions behind them, the drift found there, the tasks that work on it and the open issues.
///
/// A path is relative to the root of its repo, or to the workspace root if it begins with the name
/// of a repo; `path` is the same path relative to the workspace root, if the caller knows it.
///
/// # Errors
/// [`Error::Invalid`] if the name is empty.
pub async fn why<C: Connection>(
    store: &Store<C>,
    word: &str,
    path: Option<&str>,
    now: Timestamp,
) -> Result<Why, Error> {
    if word.trim().is_empty() {
        let nothing = "no path or component given";
        return Err(Error::Invalid(nothing.to_owned()));
    }
    let architecture = store.architecture();
    let placements = architecture.placements().all().await?;
    let states = architecture.states().all().await?;
    let asked = WhyQuery::read(word, path, &placements, &states);
    let (is_path, states) = (asked.is_path(), by_id(states));
    let why = collect(store, word, asked, &placements, &states, now).await?;
    if !why.is_empty() || !is_path {
        return Ok(why);
    }
    // Nothing is known about this path, so it may be a part of a component's name.
    if let Some(components) = components_named_partially(word, &placements) {
        let mut asked = WhyQuery::read("", None, &placements, &[]);
        (asked.places, asked.components) = (Vec::new(), components);
        return collect(store, word, asked, &placements, &states, now).await;
    }
    Ok(Why {
        nearest: closest_placement(word, &placements)
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
    word: &str,
    mut asked: WhyQuery,
    placements: &[ComponentPlacement],
    states: &States,
    now: Timestamp,
) -> Result<Why, Error> {
    // The component at the path is the one that belongs there, or that a detection found there.
    let there = placements.iter().filter(|p| asked.is_at(p));
    let there: Vec<String> = there.map(|p| p.component_name.clone()).collect();
    asked.add_components(there);
    let parts = asked.search_terms(placements);
    let found = store.about().detections(&parts).await?.into_iter();
    let found: Vec<DriftDetection> = found.map(|d| d.effective_at(now)).collect();
    let at_path = |d: &&DriftDetection| {
        asked.relation_to(Some(&d.repo), &d.file_path) == Some(PathRelation::Same)
    };
    let at_path: Vec<&DriftDetection> = found.iter().filter(at_path).collect();
    let found_there = at_path.iter().filter_map(|d| d.component_name.clone());
    let found_there: Vec<String> = found_there.collect();
    let covering = placements.iter().filter(|p| asked.is_covered_by(p));
    let repos = covering.map(|p| p.correct_repo.as_str());
    let repos: BTreeSet<&str> = repos
        .chain(at_path.iter().map(|d| d.repo.as_str()))
        .collect();
    asked.add_components(found_there);
    asked.narrow_to_repo(&repos);

    let mut drift: Vec<&DriftDetection> = found
        .iter()
        .filter(|d| {
            let component = d.component_name.as_deref();
            asked.contains(Some(&d.repo), &d.file_path)
                || component.is_some_and(|name| asked.is_component(name))
        })
        .collect();
    drift.sort_by_key(|d| (d.status, d.severity));

    let kind = |p: &ComponentPlacement| {
        let state = p.architecture_state_id.as_ref().map(|id| states.get(id));
        state.flatten().map(|state| state.state_type)
    };
    let governing = placements
        .iter()
        .map(|p| (p, asked.relation_to_placement(p)));
    let mut governing: Vec<(&ComponentPlacement, Option<PathRelation>)> = governing
        .filter(|(p, lies)| lies.is_some() || asked.is_component(&p.component_name))
        .collect();
    governing.sort_by_key(|(p, lies)| {
        let own = asked.is_component(&p.component_name);
        (!own, rank(kind(p)), *lies)
    });
    let rules = rules::rules(placements, &governing, &asked, &kind);
    let goals = goals(store, &asked, &governing).await?;
    let decisions = decisions::decisions(store, &asked, &rules, &drift).await?;
    let (tasks, issues) = answer::related_work(store, &asked, &parts, &drift, &goals).await?;
    let place = asked.places.last();
    let shown = governing.iter().map(|(placement, lies)| {
        let here = !asked.is_path() || lies.is_some();
        answer::placement(placement, *lies, here, states)
    });
    let mut components: Vec<String> = Vec::new();
    for (placement, _) in &governing {
        let name = &placement.component_name;
        if asked.is_component(name) && !components.contains(name) {
            components.push(name.clone());
        }
    }
    Ok(Why {
        asked: word.to_owned(),
        path: place.map(|place| place.path.clone()),
        repo: place.and_then(|place| place.repo.clone()),
        components,
        placements: shown.collect(),
        rules,
        decisions,
        drift: drift.into_iter().map(answer::detection).collect(),
        tasks,
        issues,
        nearest: None,
    })
}

/// Returns the goals of the components in question, and of those that contain the path.
async fn goals<C: Connection>(
    store: &Store<C>,
    asked: &WhyQuery,
    governing: &[(&ComponentPlacement, Option<PathRelation>)],
) -> Result<Vec<ArchitectureGoal>, Error> {
    let own = governing.iter().filter(|(p, lies)| {
        asked.is_component(&p.component_name) || matches!(lies, Some(PathRelation::Within))
    });
    let component: Vec<PlacementId> = own.map(|(p, _)| p.id.clone()).collect();
    if component.is_empty() {
        return Ok(Vec::new());
    }
    let filter = GoalFilter {
        component,
        ..GoalFilter::default()
    };
    Ok(store.architecture().goals().list(&filter).await?)
}
