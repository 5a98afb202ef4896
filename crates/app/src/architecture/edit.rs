//! Actions that add states, placements and goals.

use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, ComponentType, PlacementId, StateId,
    StateType, TaskId,
};

use crate::lookup::id_named_by;
use crate::views::{GoalView, PlacementView, StateView};
use crate::{Actor, Error, Resource, Workspace};

/// Placeholder id of a record that is checked before it gets an id.
const PLACEHOLDER_ID: &str = "(new)";

fn invalid(error: wsdb_core::IdError) -> Error {
    Error::Malformed(error.to_string())
}

/// Rejects a name that commands would read as an id or a number; `named` is the word for what has it.
fn reject_name_of_id<R: Resource>(named: &str, name: &str) -> Result<(), Error> {
    match id_named_by::<R>(name.trim()) {
        Some(id) => Err(Error::Malformed(format!(
            "a {named} cannot be named {name:?}, because commands would read that as the ID {id}"
        ))),
        None => Ok(()),
    }
}

/// Adds a state with the next id; `fill` sets the fields other than name, type and repo.
///
/// # Errors
/// [`Error::Malformed`] for a name that is empty or too long, [`Error::AlreadyExists`] if another state has
/// this name.
pub async fn add_state(
    workspace: &Workspace,
    actor: &Actor,
    name: &str,
    state_type: StateType,
    repo: &str,
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
            reject_name_of_id::<ArchitectureState>("state", name)?;
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
/// [`Error::Malformed`] for a name that is empty or too long, [`Error::Rules`] for rules that do not
/// match the schema, [`Error::AlreadyExists`] if the component has a placement in the same state.
pub async fn add_placement(
    workspace: &Workspace,
    actor: &Actor,
    component: &str,
    component_type: ComponentType,
    repo: &str,
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
            reject_name_of_id::<ComponentPlacement>("component", component)?;
            let draft = placement(PlacementId::new(PLACEHOLDER_ID).map_err(invalid)?);
            draft.validate()?;
            draft.check_unique(&architecture.placements()).await?;
            Ok::<_, Error>(architecture.add_placement(placement).await?)
        })
        .await?;
    Ok(added.into())
}

/// Adds a goal for a task with the next id; `fill` sets the fields other than task and text.
///
/// # Errors
/// [`Error::Malformed`] for a text that is empty or too long.
pub async fn add_goal(
    workspace: &Workspace,
    actor: &Actor,
    task: &TaskId,
    text: &str,
    fill: impl Fn(&mut ArchitectureGoal),
) -> Result<GoalView, Error> {
    let added = workspace
        .by(actor, "goal add")
        .write(async |store| {
            let architecture = store.architecture();
            let goal = architecture
                .add_goal(|id| {
                    let mut goal = ArchitectureGoal::new(id, task.clone(), actor.now);
                    goal.architectural_goal = Some(text.to_owned());
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
