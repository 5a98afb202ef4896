//! Compares two states of an architecture.

use wsdb_core::{ComponentChange, PlacementId, Vocabulary, compare};
use wsdb_store::{Connection, Store};

use super::queries::{goal_details, goals_of, placements_of_state};
use crate::views::{ComparisonView, ComponentDifferenceView, Counts, GoalDetails};
use crate::{Error, resolve_all};

/// Compares a state with a target: which components are missing, extra, moved or changed, and which
/// goals and tasks work on them.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Ambiguous`] for both states together, and [`Error::Malformed`] if
/// both are the same state.
pub async fn compare_states<C: Connection>(
    store: &Store<C>,
    names: [&str; 2],
) -> Result<ComparisonView, Error> {
    let states = store.architecture().states();
    let ids = resolve_all(&states, &names.map(str::to_owned)).await?;
    let [from, to] = ids.as_slice() else {
        let [name, _] = names;
        return Err(Error::Malformed(format!(
            "cannot compare {name} with itself"
        )));
    };
    let (current, target) = (
        placements_of_state(store, from).await?,
        placements_of_state(store, to).await?,
    );
    let placements = [current.clone(), target.clone()].concat();
    let mut goals = goals_of(store, to, &placements).await?;
    goals.sort_by_key(|goal| goal.status.is_terminal());
    let goals = goal_details(store, goals, &placements).await?;

    let is_about = |goal: &GoalDetails, ids: &[Option<&PlacementId>]| {
        let component = goal.goal.component_id.as_ref();
        component.is_some() && ids.contains(&component)
    };
    let mut components = Vec::new();
    let mut counts = Counts::by_vocabulary::<ComponentChange>(Vec::new());
    let mut listed: Vec<PlacementId> = Vec::new();
    for difference in compare(&current, &target) {
        let ids = [difference.current, difference.target].map(|p| p.map(|p| &p.id));
        counts.add(difference.change.as_str(), 1);
        if difference.change == ComponentChange::Unchanged {
            continue;
        }
        listed.extend(ids.into_iter().flatten().cloned());
        components.push(ComponentDifferenceView {
            component_name: difference.component.to_owned(),
            change: difference.change,
            fields: difference.fields,
            current: difference.current.cloned().map(Into::into),
            target: difference.target.cloned().map(Into::into),
            goals: goals
                .iter()
                .filter(|goal| is_about(goal, &ids))
                .cloned()
                .collect(),
        });
    }
    // A goal from another state to a component that is the same in both belongs to another target.
    let others = goals.iter().filter(|goal| {
        let is_listed = listed.iter().any(|id| is_about(goal, &[Some(id)]));
        !is_listed && goal.goal.architecture_state_id.as_ref() == Some(to)
    });
    Ok(ComparisonView {
        current: states.get(from).await?.into(),
        target: states.get(to).await?.into(),
        components,
        counts,
        goals: others.cloned().collect(),
    })
}
