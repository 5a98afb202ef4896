//! The fields of a goal that `add` and `edit` set.

use clap::Arg;
use wsdb_app::{resolve_component, resolve_or_accept_new};
use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, PlacementId, Priority, Task,
};

use crate::commands::fields::{
    Editable, Field, Given, Kind, NAME, TEXT, one_of, optional, reference, required,
};
use crate::commands::{Context, warn_missing};

impl Editable for ArchitectureGoal {
    const FIELDS: &'static [Field<ArchitectureGoal>] = &[
        Field::new(
            "goal",
            "GOAL",
            "Goal in one line (maximum 500 characters)",
            &optional(|g: &mut ArchitectureGoal| &mut g.architectural_goal, TEXT),
        )
        .edit_only(),
        Field::new(
            "task",
            "ID",
            "Task that works towards it (may not exist yet)",
            &required(
                |g: &mut ArchitectureGoal| &mut g.task_id,
                reference::<Task>(),
            ),
        )
        .edit_only(),
        Field::new(
            "state",
            "STATE",
            "State, by id, number or name (may not exist yet)",
            &optional(
                |g: &mut ArchitectureGoal| &mut g.architecture_state_id,
                reference::<ArchitectureState>(),
            ),
        )
        .short('s'),
        Field::new(
            "component",
            "COMPONENT",
            "Component, by its name in the state or its placement's id",
            &optional(
                |g: &mut ArchitectureGoal| &mut g.component_id,
                ComponentInState,
            ),
        )
        .short('c'),
        Field::new(
            "milestone",
            "MILESTONE",
            "Milestone",
            &optional(|g: &mut ArchitectureGoal| &mut g.milestone, NAME),
        )
        .short('m'),
        Field::new(
            "priority",
            "PRIORITY",
            "Priority",
            &optional(
                |g: &mut ArchitectureGoal| &mut g.priority,
                one_of::<Priority>(),
            ),
        )
        .short('p'),
    ];
}

/// The placement of a component in the state that was given with it.
struct ComponentInState;

impl Kind for ComponentInState {
    type Parsed = String;
    type Stored = PlacementId;

    fn add_parser(&self, option: Arg) -> Arg {
        NAME.add_parser(option)
    }

    async fn resolve(
        &self,
        values: Vec<String>,
        given: &Given,
        context: &Context,
    ) -> anyhow::Result<Vec<PlacementId>> {
        let store = &context.workspace.store;
        let states = store.architecture().states();
        let state = resolve_or_accept_new(&states, &given.values("state")).await?;
        let mut components = Vec::new();
        for word in &values {
            components.push(resolve_component(store, word, state.first()).await?);
        }
        warn_missing::<ComponentPlacement>(context, &components).await?;
        Ok(components)
    }
}
