//! How states, placements and goals are named and checked.

use wsdb_core::{
    ArchitectureGoal, ArchitectureState, ComponentPlacement, ComponentType, Page, PlacementFilter,
    Priority, Series, StateFilter, StateType, TaskStatus, Timestamp, rule_faults,
};
use wsdb_store::{Connection, Records};

use crate::ids::CANDIDATES;
use crate::noun::kept;
use crate::tasks::check_line;
use crate::views::{GoalView, PlacementView, StateView};
use crate::{Error, Noun};

impl Noun for ArchitectureState {
    const SERIES: Option<Series> = Some(Series::STATES);
    type View = StateView;

    fn word(field: &str, word: &str) -> Option<String> {
        match field {
            "state_type" => kept::<StateType>(word),
            _ => None,
        }
    }

    /// Returns the states with this name; if there is none, the states of the type with this name.
    async fn called<C: Connection>(
        records: &Records<'_, C, Self>,
        word: &str,
    ) -> Result<Vec<String>, Error> {
        let named = records.ids_named(word, CANDIDATES).await?;
        let Some(state_type) = word.parse().ok().filter(|_| named.is_empty()) else {
            return Ok(named);
        };
        let of_type = StateFilter {
            state_type: vec![state_type],
            page: Page::first(CANDIDATES),
            ..StateFilter::default()
        };
        let states = records.list(&of_type).await?.into_iter();
        Ok(states.map(|state| state.id.to_string()).collect())
    }

    fn check(&self) -> Result<(), Error> {
        check_line("name", &self.state_name)
    }

    async fn check_unique<C: Connection>(
        &self,
        records: &Records<'_, C, Self>,
    ) -> Result<(), Error> {
        let same = records.ids_named(&self.state_name, 2).await?;
        match same.into_iter().find(|id| *id != self.id.as_str()) {
            Some(id) => Err(Error::Taken {
                noun: "state",
                id,
                has: format!("is already named {}", self.state_name),
            }),
            None => Ok(()),
        }
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = Some(now);
    }
}

impl Noun for ComponentPlacement {
    const SERIES: Option<Series> = Some(Series::PLACEMENTS);
    type View = PlacementView;

    fn word(field: &str, word: &str) -> Option<String> {
        match field {
            "component_type" => kept::<ComponentType>(word),
            _ => None,
        }
    }

    fn check(&self) -> Result<(), Error> {
        check_line("component's name", &self.component_name)?;
        match self.rules.as_ref().map(rule_faults) {
            Some(faults) if !faults.is_empty() => Err(Error::Rules(faults)),
            _ => Ok(()),
        }
    }

    /// Invalid rules from an import are accepted as long as they are not changed.
    fn check_change(&self, before: &Self) -> Result<(), Error> {
        match self.rules == before.rules {
            true => check_line("component's name", &self.component_name),
            false => self.check(),
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
            Some(id) => Err(Error::Taken {
                noun: "placement",
                id: id.to_string(),
                has: format!("already places {} in {state}", self.component_name),
            }),
            None => Ok(()),
        }
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }
}

impl Noun for ArchitectureGoal {
    const SERIES: Option<Series> = Some(Series::GOALS);
    type View = GoalView;

    fn word(field: &str, word: &str) -> Option<String> {
        match field {
            "status" => kept::<TaskStatus>(word),
            "priority" => kept::<Priority>(word),
            _ => None,
        }
    }

    fn check(&self) -> Result<(), Error> {
        match &self.architectural_goal {
            Some(words) => check_line("goal", words),
            None => Ok(()),
        }
    }
}
