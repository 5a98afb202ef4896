//! The fields of a goal that `add` and `edit` set.

use clap::Arg;
use wsdb_app::{resolve_component, resolve_references};
use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, PlacementId, Priority, Task,
};

use crate::commands::fields::{Editable, Field, Given, Kind, NAME, TEXT, field, one_of, reference};
use crate::commands::note_missing;
use crate::context::Context;

impl Editable for ArchitectureGoal {
    const FIELDS: &'static [Field<Self>] = &[
        field!(
            "--goal <GOAL>",
            "Goal in one line (maximum 500 characters)",
            optional architectural_goal: TEXT
        )
        .edit_only(),
        field!(
            "--task <ID>",
            "Task that works toward the goal (need not exist yet)",
            required task_id: reference::<Task>()
        )
        .edit_only(),
        field!(
            "-s, --state <STATE>",
            "State, by ID, number, name or type (need not exist yet if given by ID or number)",
            optional architecture_state_id: reference::<ArchitectureState>()
        ),
        field!(
            "-c, --component <COMPONENT>",
            "Component: its name in the state, or the ID of its placement",
            optional component_id: ComponentInState
        ),
        field!("-m, --milestone <MILESTONE>", "Milestone", optional milestone: NAME),
        field!("-p, --priority <PRIORITY>", "Priority", optional priority: one_of::<Priority>()),
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
        let state = resolve_references(&states, &given.values("state")).await?;
        let mut components = Vec::new();
        for word in &values {
            components.push(resolve_component(store, word, state.first()).await?);
        }
        note_missing::<ComponentPlacement>(context, &components).await?;
        Ok(components)
    }
}
