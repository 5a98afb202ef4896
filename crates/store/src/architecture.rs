//! Architecture: states, component placements and goals.

use sea_orm::Select;
use sea_orm::sea_query::Condition;
use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, GoalFilter, GoalId, Page,
    PlacementFilter, PlacementId, Series, StateFilter, StateId,
};

use crate::entity::{architecture_goal, architecture_state, component_placement};
use crate::record::{Filter, Records, kept};
use crate::references::Target;
use crate::{Connection, Error, Store, query};

kept!(
    ArchitectureState,
    architecture_state,
    StateId,
    StateFilter,
    "architecture state",
    Some(Target::States)
);
kept!(
    ComponentPlacement,
    component_placement,
    PlacementId,
    PlacementFilter,
    "placement",
    Some(Target::Placements)
);
kept!(
    ArchitectureGoal,
    architecture_goal,
    GoalId,
    GoalFilter,
    "goal",
    None
);

impl Filter<ArchitectureState> for StateFilter {
    fn condition(&self) -> Condition {
        use architecture_state::Column;
        Condition::all()
            .add_option(query::any(Column::StateType, &self.state_type))
            .add_option(query::any(Column::Repo, &self.repo))
    }

    fn order(
        &self,
        select: Select<architecture_state::Entity>,
    ) -> Select<architecture_state::Entity> {
        let id = architecture_state::Column::Id;
        query::ordered(select, id, id, false)
    }

    fn page(&self) -> Page {
        self.page
    }
}

impl Filter<ComponentPlacement> for PlacementFilter {
    fn condition(&self) -> Condition {
        use component_placement::Column;
        Condition::all()
            .add_option(query::any(Column::ComponentName, &self.component_name))
            .add_option(query::any(Column::CorrectRepo, &self.repo))
            .add_option(query::any_of(
                [
                    Column::ArchitectureStateId,
                    Column::ArchitectureStateMissing,
                ],
                &self.state,
            ))
    }

    fn order(
        &self,
        select: Select<component_placement::Entity>,
    ) -> Select<component_placement::Entity> {
        let id = component_placement::Column::Id;
        query::ordered(select, id, id, false)
    }

    fn page(&self) -> Page {
        self.page
    }
}

impl Filter<ArchitectureGoal> for GoalFilter {
    fn condition(&self) -> Condition {
        use architecture_goal::Column;
        Condition::all()
            .add_option(query::any_of(
                [Column::TaskId, Column::TaskMissing],
                &self.task,
            ))
            .add_option(query::any_of(
                [
                    Column::ArchitectureStateId,
                    Column::ArchitectureStateMissing,
                ],
                &self.state,
            ))
            .add_option(query::any(Column::Status, &self.status))
    }

    fn order(
        &self,
        select: Select<architecture_goal::Entity>,
    ) -> Select<architecture_goal::Entity> {
        let id = architecture_goal::Column::Id;
        query::ordered(select, id, id, false)
    }

    fn page(&self) -> Page {
        self.page
    }
}

/// See [`Store::architecture`].
#[derive(Debug)]
pub struct Architecture<'a, C>(&'a Store<C>);

impl<'a, C: Connection> Architecture<'a, C> {
    pub(crate) fn over(store: &'a Store<C>) -> Self {
        Architecture(store)
    }

    /// Architecture states.
    pub fn states(&self) -> Records<'a, C, ArchitectureState> {
        Records::over(self.0)
    }

    /// Component placements.
    pub fn placements(&self) -> Records<'a, C, ComponentPlacement> {
        Records::over(self.0)
    }

    /// Goals (table `architecture_tasks`).
    pub fn goals(&self) -> Records<'a, C, ArchitectureGoal> {
        Records::over(self.0)
    }

    /// Keeps a new state under the next id of its series.
    ///
    /// # Errors
    /// [`Error::Conflict`] where another state has its name.
    pub async fn add_state(
        &self,
        state: impl Fn(StateId) -> ArchitectureState,
    ) -> Result<ArchitectureState, Error> {
        self.states().add(&Series::STATES, state).await
    }

    /// Places a component under the next id of its series.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the component has a place in the same state.
    pub async fn place(
        &self,
        placement: impl Fn(PlacementId) -> ComponentPlacement,
    ) -> Result<ComponentPlacement, Error> {
        self.placements().add(&Series::PLACEMENTS, placement).await
    }

    /// Keeps a new goal under the next id of its series.
    ///
    /// # Errors
    /// What the database reports.
    pub async fn add_goal(
        &self,
        goal: impl Fn(GoalId) -> ArchitectureGoal,
    ) -> Result<ArchitectureGoal, Error> {
        self.goals().add(&Series::GOALS, goal).await
    }
}
