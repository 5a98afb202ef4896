//! States with their components and goals, and the rules of placements.

use std::collections::HashMap;

use wsdb_core::{
    ArchitectureGoal, ComponentPlacement, GoalFilter, PlacementFilter, PlacementId, PlacementSort,
    StateFilter, StateId, TaskFilter, TaskId, natural_order, parse_rules, validate_rules,
};
use wsdb_store::{Connection, Store};

use crate::lookup::{find_unknown_values, id_named_by};
use crate::views::{
    GoalDetails, Listing, PlacementProblem, RuleView, RulesView, StateDetails, StateSummary,
};
use crate::{Error, resolve, resolve_all, resolve_one_or_accept_new};

/// Resolves a name to a placement, in a state if one is given: there a component's name identifies
/// one placement. An unknown id or number is kept as that of a placement to be created later.
///
/// # Errors
/// [`Error::NotFound`] for an unknown name, [`Error::OtherKind`] and [`Error::Ambiguous`].
pub async fn resolve_component<C: Connection>(
    store: &Store<C>,
    name: &str,
    state: Option<&StateId>,
) -> Result<PlacementId, Error> {
    let placements = store.architecture().placements();
    if let Some(state) = state {
        let filter = PlacementFilter {
            component_name: vec![name.to_owned()],
            state: vec![state.clone()],
            ..PlacementFilter::default()
        };
        if let [only] = placements.list(&filter).await?.as_slice() {
            return Ok(only.id.clone());
        }
    }
    match resolve(&placements, name).await {
        Err(Error::NotFound { word, .. }) if id_named_by::<ComponentPlacement>(name).is_none() => {
            let noun = "component";
            let column = "component_name";
            let mut unknown = find_unknown_values(&placements, noun, column, &[&word], &[]).await?;
            Err(unknown.pop().unwrap_or(Error::NotFound {
                noun,
                word,
                suggestion: None,
            }))
        }
        Err(Error::NotFound { .. }) => resolve_one_or_accept_new(&placements, name).await,
        resolved => resolved,
    }
}

/// Returns the rules of the named placements, or of all.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together.
pub async fn list_rules<C: Connection>(
    store: &Store<C>,
    names: &[String],
) -> Result<RulesView, Error> {
    let records = store.architecture().placements();
    let mut placements = records.all().await?;
    if !names.is_empty() {
        // A component's name stands for its placements in all states.
        let (named, others): (Vec<_>, Vec<_>) = names.iter().cloned().partition(|name| {
            let mut all = placements.iter();
            all.any(|placement| placement.component_name == *name)
        });
        let selected = resolve_all(&records, &others).await?;
        placements.retain(|p| named.contains(&p.component_name) || selected.contains(&p.id));
    }
    placements.sort_by(|a, b| natural_order(a.id.as_str(), b.id.as_str()));
    let (mut rules, mut problems) = (Vec::new(), Vec::new());
    for placement in &placements {
        let Some(json) = &placement.rules else {
            continue;
        };
        let parsed = parse_rules(json).into_iter();
        rules.extend(parsed.map(|rule| RuleView::new(placement, rule)));
        let violations = validate_rules(json).into_iter();
        problems
            .extend(violations.map(|violation| PlacementProblem::new(&placement.id, violation)));
    }
    Ok(RulesView {
        total: rules.len() as u64,
        rules,
        problems,
    })
}

/// Returns the states that match a filter, with the number of components and goals in each.
pub async fn architecture_states<C: Connection>(
    store: &Store<C>,
    filter: &StateFilter,
) -> Result<Listing<StateSummary>, Error> {
    let architecture = store.architecture();
    let states = architecture.states().list(filter).await?;
    let total = architecture.states().count(filter).await?;
    let mut components: HashMap<StateId, u64> = HashMap::new();
    for placement in architecture.placements().all().await? {
        if let Some(state) = placement.architecture_state_id {
            *components.entry(state).or_default() += 1;
        }
    }
    let mut goals: HashMap<StateId, (u64, u64)> = HashMap::new();
    for goal in architecture.goals().all().await? {
        if let Some(state) = goal.architecture_state_id {
            let (all, open) = goals.entry(state).or_default();
            *all += 1;
            *open += u64::from(!goal.status.is_terminal());
        }
    }
    let summaries = states.into_iter().map(|state| {
        let (goal_count, open_goal_count) = goals.get(&state.id).copied().unwrap_or_default();
        StateSummary {
            component_count: components.get(&state.id).copied().unwrap_or_default(),
            goal_count,
            open_goal_count,
            state: state.into(),
        }
    });
    Ok(Listing {
        records: summaries.collect(),
        total,
    })
}

/// Returns a state with its components and goals.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn architecture_state<C: Connection>(
    store: &Store<C>,
    name: &str,
) -> Result<StateDetails, Error> {
    let architecture = store.architecture();
    let id = resolve(&architecture.states(), name).await?;
    let state = architecture.states().get(&id).await?;
    let components = placements_of_state(store, &id).await?;
    let goals = goals_of(store, &id, &components).await?;
    Ok(StateDetails {
        state: state.into(),
        goals: goal_details(store, goals, &components).await?,
        components: components.into_iter().map(Into::into).collect(),
    })
}

/// Returns the placements of a state, by repo and location.
pub(super) async fn placements_of_state<C: Connection>(
    store: &Store<C>,
    state: &StateId,
) -> Result<Vec<ComponentPlacement>, Error> {
    let filter = PlacementFilter {
        state: vec![state.clone()],
        sort: PlacementSort::Repo,
        ..PlacementFilter::default()
    };
    let mut placements = store.architecture().placements().list(&filter).await?;
    placements.sort_by(|a, b| {
        let key = |p: &ComponentPlacement| (p.correct_repo.clone(), p.correct_location.clone());
        key(a).cmp(&key(b))
    });
    Ok(placements)
}

/// Returns the goals for a state or for a component in it, in the order of their ids.
pub(super) async fn goals_of<C: Connection>(
    store: &Store<C>,
    state: &StateId,
    components: &[ComponentPlacement],
) -> Result<Vec<ArchitectureGoal>, Error> {
    let records = store.architecture().goals();
    let mut goals = records
        .list(&GoalFilter {
            state: vec![state.clone()],
            ..GoalFilter::default()
        })
        .await?;
    let ids: Vec<PlacementId> = components.iter().map(|p| p.id.clone()).collect();
    for ids in ids.chunks(1000) {
        let about = GoalFilter {
            component: ids.to_vec(),
            ..GoalFilter::default()
        };
        goals.extend(records.list(&about).await?);
    }
    goals.sort_by(|a, b| natural_order(a.id.as_str(), b.id.as_str()));
    goals.dedup_by(|a, b| a.id == b.id);
    Ok(goals)
}

/// Returns goals with the titles and statuses of their tasks.
pub(super) async fn goal_details<C: Connection>(
    store: &Store<C>,
    goals: Vec<ArchitectureGoal>,
    components: &[ComponentPlacement],
) -> Result<Vec<GoalDetails>, Error> {
    let names: HashMap<&PlacementId, &String> = components
        .iter()
        .map(|p| (&p.id, &p.component_name))
        .collect();
    let ids: Vec<TaskId> = goals.iter().map(|goal| goal.task_id.clone()).collect();
    let mut tasks = HashMap::new();
    for ids in ids.chunks(1000) {
        let filter = TaskFilter {
            ids: ids.to_vec(),
            ..TaskFilter::default()
        };
        let list = store.tasks().list(&filter).await?.into_iter();
        tasks.extend(list.map(|task| (task.id.clone(), task)));
    }
    let details = goals.into_iter().map(|goal| {
        let task = tasks.get(&goal.task_id);
        let component = goal.component_id.as_ref().and_then(|id| names.get(id));
        GoalDetails {
            component_name: component.map(|name| (*name).clone()),
            task_title: task.map(|task| task.title.clone()),
            task_status: task.map(|task| task.status),
            goal: goal.into(),
        }
    });
    Ok(details.collect())
}
