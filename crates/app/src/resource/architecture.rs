//! How states, placements and goals of an architecture are named and checked.

use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, ComponentType, Page, PlacementFilter,
    Priority, StateFilter, StateType, TaskStatus, Timestamp, validate_rules,
};
use wsdb_store::{Connection, Records};

use super::{MAX_CANDIDATES, Resource, canonical};
use crate::Error;
use crate::validate::validate_single_line;
use crate::views::{GoalView, PlacementView, StateView};

impl Resource for ArchitectureState {
    type View = StateView;

    fn canonical_value(field: &str, value: &str) -> Option<String> {
        match field {
            "state_type" => canonical::<StateType>(value),
            _ => None,
        }
    }

    /// Returns the states with this name; if there is none, the states of the type with this name.
    async fn find_by_name<C: Connection>(
        records: &Records<'_, C, Self>,
        name: &str,
    ) -> Result<Vec<String>, Error> {
        let named = records.ids_by_name(name, MAX_CANDIDATES).await?;
        let Some(state_type) = name.parse().ok().filter(|_| named.is_empty()) else {
            return Ok(named);
        };
        let of_type = StateFilter {
            state_type: vec![state_type],
            page: Page::first(MAX_CANDIDATES),
            ..StateFilter::default()
        };
        let states = records.list(&of_type).await?.into_iter();
        Ok(states.map(|state| state.id.to_string()).collect())
    }

    fn validate(&self) -> Result<(), Error> {
        validate_single_line("name", &self.state_name)
    }

    async fn check_unique<C: Connection>(
        &self,
        records: &Records<'_, C, Self>,
    ) -> Result<(), Error> {
        let same = records.ids_by_name(&self.state_name, 2).await?;
        match same.into_iter().find(|id| *id != self.id.as_str()) {
            Some(id) => Err(Error::AlreadyExists {
                noun: "state",
                id,
                reason: format!("is already named {}", self.state_name),
            }),
            None => Ok(()),
        }
    }

    fn set_updated_at(&mut self, now: Timestamp) {
        self.updated_at = Some(now);
    }
}

impl Resource for ComponentPlacement {
    type View = PlacementView;

    fn canonical_value(field: &str, value: &str) -> Option<String> {
        match field {
            "component_type" => canonical::<ComponentType>(value),
            _ => None,
        }
    }

    fn validate(&self) -> Result<(), Error> {
        validate_single_line("component name", &self.component_name)?;
        match self.rules.as_ref().map(validate_rules) {
            Some(faults) if !faults.is_empty() => Err(Error::Rules(faults)),
            _ => Ok(()),
        }
    }

    /// Invalid rules from an import are accepted as long as they are not changed.
    fn validate_update(&self, before: &Self) -> Result<(), Error> {
        if self.rules == before.rules {
            validate_single_line("component name", &self.component_name)
        } else {
            self.validate()
        }
    }

    async fn check_unique<C: Connection>(
        &self,
        records: &Records<'_, C, Self>,
    ) -> Result<(), Error> {
        let Some(state) = &self.architecture_state_id else {
            return Ok(());
        };
        let same = PlacementFilter {
            component_name: vec![self.component_name.clone()],
            state: vec![state.clone()],
            page: Page::first(2),
            ..PlacementFilter::default()
        };
        let same = records.list(&same).await?.into_iter();
        match same.map(|p| p.id).find(|id| *id != self.id) {
            Some(id) => Err(Error::AlreadyExists {
                noun: "placement",
                id: id.to_string(),
                reason: format!(
                    "is already the placement of {} in {state}",
                    self.component_name
                ),
            }),
            None => Ok(()),
        }
    }

    fn set_updated_at(&mut self, now: Timestamp) {
        self.updated_at = now;
    }
}

impl Resource for ArchitectureGoal {
    type View = GoalView;

    fn canonical_value(field: &str, value: &str) -> Option<String> {
        match field {
            "status" => canonical::<TaskStatus>(value),
            "priority" => canonical::<Priority>(value),
            _ => None,
        }
    }

    fn validate(&self) -> Result<(), Error> {
        match &self.architectural_goal {
            Some(text) => validate_single_line("goal", text),
            None => Ok(()),
        }
    }
}
