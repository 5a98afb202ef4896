//! Architecture: states, component placements and goals.

use sea_orm::Select;
use sea_orm::sea_query::Condition;
use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, ComponentType, GoalFilter, GoalId,
    GoalSort, IdSeries, Page, PlacementFilter, PlacementId, PlacementSort, Priority, StateFilter,
    StateId, StateSort, StateType, TaskStatus,
};

use crate::entity::{architecture_goal, architecture_state, component_placement};
use crate::record::{Filter, impl_record};
use crate::records::Records;
use crate::referenced_table::ReferencedTable;
use crate::{Connection, Error, Store, query};

impl_record!(
    ArchitectureState,
    architecture_state,
    StateId,
    StateFilter,
    "state",
    Some(ReferencedTable::States),
    {
        const SERIES: Option<IdSeries> = Some(IdSeries::STATES);

        fn name_column() -> Option<architecture_state::Column> {
            Some(architecture_state::Column::StateName)
        }
    }
);
impl_record!(
    ComponentPlacement,
    component_placement,
    PlacementId,
    PlacementFilter,
    "placement",
    Some(ReferencedTable::Placements),
    {
        const SERIES: Option<IdSeries> = Some(IdSeries::PLACEMENTS);

        fn name_column() -> Option<component_placement::Column> {
            Some(component_placement::Column::ComponentName)
        }
    }
);
impl_record!(
    ArchitectureGoal,
    architecture_goal,
    GoalId,
    GoalFilter,
    "goal",
    None,
    {
        const SERIES: Option<IdSeries> = Some(IdSeries::GOALS);
    }
);

impl Filter<ArchitectureState> for StateFilter {
    fn condition(&self) -> Condition {
        use architecture_state::Column;
        Condition::all()
            .add_option(query::any(Column::StateType, &self.state_type))
            .add_option(query::any(Column::Repo, &self.repo))
            .add(query::contains_all_words(
                &[
                    Column::Id,
                    Column::StateName,
                    Column::Description,
                    Column::Version,
                ],
                &self.text,
            ))
    }

    fn order(
        &self,
        select: Select<architecture_state::Entity>,
    ) -> Select<architecture_state::Entity> {
        use architecture_state::Column;
        let (id, reverse) = (Column::Id, self.reverse);
        match self.sort {
            StateSort::Id => query::ordered(select, id, id, reverse),
            StateSort::Name => query::ordered(select, Column::StateName, id, reverse),
            StateSort::Type => query::ordered(
                select,
                query::rank::<StateType, _>(Column::StateType),
                id,
                reverse,
            ),
            StateSort::Created => query::ordered(select, Column::CreatedAt, id, reverse),
        }
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
            .add_option(query::any(Column::ComponentType, &self.component_type))
            .add_option(query::any(Column::CorrectRepo, &self.repo))
            .add_option(query::any_of(
                [
                    Column::ArchitectureStateId,
                    Column::ArchitectureStateMissing,
                ],
                &self.state,
            ))
            .add(query::contains_all_words(
                &[
                    Column::Id,
                    Column::ComponentName,
                    Column::CorrectLocation,
                    Column::Rationale,
                ],
                &self.text,
            ))
    }

    fn order(
        &self,
        select: Select<component_placement::Entity>,
    ) -> Select<component_placement::Entity> {
        use component_placement::Column;
        let (id, reverse) = (Column::Id, self.reverse);
        match self.sort {
            PlacementSort::Id => query::ordered(select, id, id, reverse),
            PlacementSort::Component => query::ordered(select, Column::ComponentName, id, reverse),
            PlacementSort::Type => query::ordered(
                select,
                query::rank::<ComponentType, _>(Column::ComponentType),
                id,
                reverse,
            ),
            PlacementSort::Repo => query::ordered(select, Column::CorrectRepo, id, reverse),
            PlacementSort::Updated => query::ordered(select, Column::UpdatedAt, id, reverse),
        }
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
            .add_option(query::any_of(
                [Column::ComponentId, Column::ComponentMissing],
                &self.component,
            ))
            .add_option(query::any(Column::Milestone, &self.milestone))
            .add_option(query::any(Column::Priority, &self.priority))
            .add_option(query::any(Column::Status, &self.status))
            .add_option(query::is_open::<TaskStatus, _>(Column::Status, self.open))
            .add(query::contains_all_words(
                &[Column::Id, Column::ArchitecturalGoal, Column::Milestone],
                &self.text,
            ))
    }

    fn order(
        &self,
        select: Select<architecture_goal::Entity>,
    ) -> Select<architecture_goal::Entity> {
        use architecture_goal::Column;
        let (id, reverse) = (Column::Id, self.reverse);
        match self.sort {
            GoalSort::Id => query::ordered(select, id, id, reverse),
            GoalSort::Priority => query::ordered(
                select,
                query::rank::<Priority, _>(Column::Priority),
                id,
                reverse,
            ),
            GoalSort::Status => query::ordered(
                select,
                query::rank::<TaskStatus, _>(Column::Status),
                id,
                reverse,
            ),
            GoalSort::Milestone => {
                query::ordered_by_optional(select, Column::Milestone, id, reverse)
            }
            GoalSort::Created => query::ordered(select, Column::CreatedAt, id, reverse),
        }
    }

    fn page(&self) -> Page {
        self.page
    }
}

/// Reads and writes states, placements and goals; see [`Store::architecture`].
#[derive(Debug)]
pub struct Architecture<'a, C>(&'a Store<C>);

impl<'a, C: Connection> Architecture<'a, C> {
    pub(crate) fn new(store: &'a Store<C>) -> Self {
        Architecture(store)
    }

    /// Returns the architecture states.
    pub fn states(&self) -> Records<'a, C, ArchitectureState> {
        Records::new(self.0)
    }

    /// Returns the component placements.
    pub fn placements(&self) -> Records<'a, C, ComponentPlacement> {
        Records::new(self.0)
    }

    /// Returns the goals (table `architecture_tasks`).
    pub fn goals(&self) -> Records<'a, C, ArchitectureGoal> {
        Records::new(self.0)
    }

    /// Inserts a state with the next id of its series.
    ///
    /// # Errors
    /// [`Error::Conflict`] if another state has the same name.
    pub async fn add_state(
        &self,
        state: impl Fn(StateId) -> ArchitectureState,
    ) -> Result<ArchitectureState, Error> {
        self.states().insert_next(&IdSeries::STATES, state).await
    }

    /// Inserts a placement with the next id of its series.
    ///
    /// # Errors
    /// [`Error::Conflict`] if the component already has a placement in the same state.
    pub async fn add_placement(
        &self,
        placement: impl Fn(PlacementId) -> ComponentPlacement,
    ) -> Result<ComponentPlacement, Error> {
        self.placements()
            .insert_next(&IdSeries::PLACEMENTS, placement)
            .await
    }

    /// Inserts a goal with the next id of its series.
    pub async fn add_goal(
        &self,
        goal: impl Fn(GoalId) -> ArchitectureGoal,
    ) -> Result<ArchitectureGoal, Error> {
        self.goals().insert_next(&IdSeries::GOALS, goal).await
    }
}
