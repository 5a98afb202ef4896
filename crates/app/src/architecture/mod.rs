//! Actions on architecture states, placements and goals.

mod noun;

use std::collections::HashMap;

use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, ComponentType, GoalFilter,
    PlacementFilter, PlacementId, PlacementSort, StateFilter, StateId, StateType, TaskFilter,
    TaskId, natural_order, parse_rules, validate_rules,
};
use wsdb_store::{Connection, Store};

use crate::views::{
    GoalDetails, GoalView, PlacementFault, PlacementView, RuleView, RulesView, StateDetails,
    StateSummary, StateView,
};
use crate::{Actor, Error, Resource, Workspace, resolve, resolve_all, resolve_or_accept_new};

/// Placeholder id of a record that is checked before it gets an id.
const PLACEHOLDER_ID: &str = "(new)";

fn invalid(error: wsdb_core::IdError) -> Error {
    Error::Invalid(error.to_string())
}

/// Adds a state with the next id; `fill` sets the fields other than name, type and repo.
///
/// # Errors
/// [`Error::Invalid`] for a name that is empty or too long, [`Error::Taken`] if another state has
/// this name.
pub async fn add_state(
    workspace: &Workspace,
    actor: &Actor,
    (name, state_type, repo): (&str, StateType, &str),
    fill: impl Fn(&mut ArchitectureState),
) -> Result<StateView, Error> {
    let added = workspace
        .by(actor, "state add")
        .write(async |store| {
            let architecture = store.architecture();
            let state = |id| {
                let (name, repo) = (name.to_owned(), repo.to_owned());
                let mut state = ArchitectureState::new(id, name, state_type, repo, actor.now);
                fill(&mut state);
                state
            };
            let draft = state(StateId::new(PLACEHOLDER_ID).map_err(invalid)?);
            draft.validate()?;
            draft.check_unique(&architecture.states()).await?;
            Ok::<_, Error>(architecture.add_state(state).await?)
        })
        .await?;
    Ok(added.into())
}

/// Adds a placement with the next id; `fill` sets the fields other than component, type and repo.
///
/// # Errors
/// [`Error::Invalid`] for a name that is empty or too long, [`Error::Rules`] for rules that do not
/// match the schema, [`Error::Taken`] if the component has a placement in the same state.
pub async fn add_placement(
    workspace: &Workspace,
    actor: &Actor,
    (component, component_type, repo): (&str, ComponentType, &str),
    fill: impl Fn(&mut ComponentPlacement),
) -> Result<PlacementView, Error> {
    let added = workspace
        .by(actor, "placement add")
        .write(async |store| {
            let architecture = store.architecture();
            let placement = |id| {
                let (name, repo) = (component.to_owned(), repo.to_owned());
                let mut placement =
                    ComponentPlacement::new(id, name, component_type, repo, actor.now);
                fill(&mut placement);
                placement
            };
            let draft = placement(PlacementId::new(PLACEHOLDER_ID).map_err(invalid)?);
            draft.validate()?;
            draft.check_unique(&architecture.placements()).await?;
            Ok::<_, Error>(architecture.place(placement).await?)
        })
        .await?;
    Ok(added.into())
}

/// Adds a goal for a task with the next id; `fill` sets the fields other than task and text.
///
/// # Errors
/// [`Error::Invalid`] for a text that is empty or too long.
pub async fn add_goal(
    workspace: &Workspace,
    actor: &Actor,
    task: &TaskId,
    words: &str,
    fill: impl Fn(&mut ArchitectureGoal),
) -> Result<GoalView, Error> {
    let added = workspace
        .by(actor, "goal add")
        .write(async |store| {
            let architecture = store.architecture();
            let goal = architecture
                .add_goal(|id| {
                    let mut goal = ArchitectureGoal::new(id, task.clone(), actor.now);
                    goal.architectural_goal = Some(words.to_owned());
                    fill(&mut goal);
                    goal
                })
                .await?;
            goal.validate()?;
            Ok::<_, Error>(goal)
        })
        .await?;
    Ok(added.into())
}

/// Resolves a name to a placement, in a state if one is given: there a component's name identifies
/// one placement. An unknown name is kept as the id of a placement to be created later.
///
/// # Errors
/// [`Error::Ambiguous`], and [`Error::Invalid`] for unknown names that are not valid ids.
pub async fn resolve_component<C: Connection>(
    store: &Store<C>,
    word: &str,
    state: Option<&StateId>,
) -> Result<PlacementId, Error> {
    let placements = store.architecture().placements();
    if let Some(state) = state {
        let filter = PlacementFilter {
            component_name: vec![word.to_owned()],
            state: vec![state.clone()],
            ..PlacementFilter::default()
        };
        if let [only] = placements.list(&filter).await?.as_slice() {
            return Ok(only.id.clone());
        }
    }
    let mut ids = resolve_or_accept_new(&placements, &[word.to_owned()]).await?;
    ids.pop()
        .ok_or_else(|| Error::Invalid("no placement given".to_owned()))
}

/// Returns the rules of the named placements, or of all.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for all names together.
pub async fn list_rules<C: Connection>(
    store: &Store<C>,
    words: &[String],
) -> Result<RulesView, Error> {
    let records = store.architecture().placements();
    let mut placements = records.all().await?;
    if !words.is_empty() {
        // A component's name stands for its placements in all states.
        let (named, others): (Vec<_>, Vec<_>) = words.iter().cloned().partition(|word| {
            let mut all = placements.iter();
            all.any(|placement| placement.component_name == *word)
        });
        let chosen = resolve_all(&records, &others).await?;
        placements.retain(|p| named.contains(&p.component_name) || chosen.contains(&p.id));
    }
    placements.sort_by(|a, b| natural_order(a.id.as_str(), b.id.as_str()));
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    for placement in &placements {
        let Some(json) = &placement.rules else {
            continue;
        };
        let read = parse_rules(json).into_iter();
        rules.extend(read.map(|rule| RuleView::new(placement, rule)));
        let wrong = validate_rules(json).into_iter();
        faults.extend(wrong.map(|fault| PlacementFault::new(&placement.id, fault)));
    }
    Ok(RulesView {
        total: rules.len() as u64,
        rules,
        faults,
    })
}

/// Returns the states that match a filter, with the number of components and goals in each.
pub async fn architecture_states<C: Connection>(
    store: &Store<C>,
    filter: &StateFilter,
) -> Result<(Vec<StateSummary>, u64), Error> {
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
    Ok((summaries.collect(), total))
}

/// Returns a state with its components and goals.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`].
pub async fn architecture_state<C: Connection>(
    store: &Store<C>,
    word: &str,
) -> Result<StateDetails, Error> {
    let architecture = store.architecture();
    let id = resolve(&architecture.states(), word).await?;
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
pub(crate) async fn placements_of_state<C: Connection>(
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
pub(crate) async fn goals_of<C: Connection>(
    store: &Store<C>,
    state: &StateId,
    components: &[ComponentPlacement],
) -> Result<Vec<ArchitectureGoal>, Error> {
    let goals = store.architecture().goals();
    let mut found = goals
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
        found.extend(goals.list(&about).await?);
    }
    found.sort_by(|a, b| natural_order(a.id.as_str(), b.id.as_str()));
    found.dedup_by(|a, b| a.id == b.id);
    Ok(found)
}

/// Returns goals with the titles and statuses of their tasks.
pub(crate) async fn goal_details<C: Connection>(
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
