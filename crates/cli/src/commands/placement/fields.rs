//! The fields of a placement that `add` and `edit` set.

use wsdb_core::{ArchitectureState, ComponentPlacement, ComponentType};

use super::rule_args::RuleOptions;
use crate::args::path_in_repo;
use crate::commands::fields::{
    Editable, Field, NAME, Parse, TextOrStdin, one_of, optional, reference, required,
};

impl Editable for ComponentPlacement {
    const FIELDS: &'static [Field<ComponentPlacement>] = &[
        Field::new(
            "component",
            "NAME",
            "Name of the component",
            &required(|p: &mut ComponentPlacement| &mut p.component_name, NAME),
        )
        .edit_only(),
        Field::new(
            "repo",
            "REPO",
            "Repo it belongs in",
            &required(|p: &mut ComponentPlacement| &mut p.correct_repo, NAME),
        )
        .short('r')
        .edit_only(),
        Field::new(
            "type",
            "TYPE",
            "Type of the component",
            &required(
                |p: &mut ComponentPlacement| &mut p.component_type,
                one_of::<ComponentType>(),
            ),
        )
        .short('t')
        .edit_only(),
        Field::new(
            "location",
            "PATH",
            "Path in the repo, such as src/pricing.py",
            &optional(
                |p: &mut ComponentPlacement| &mut p.correct_location,
                Parse(path_in_repo),
            ),
        )
        .short('l'),
        Field::new(
            "state",
            "STATE",
            "State, by id, number or name (may not exist yet)",
            &optional(
                |p: &mut ComponentPlacement| &mut p.architecture_state_id,
                reference::<ArchitectureState>(),
            ),
        )
        .short('s'),
        Field::new(
            "rationale",
            "TEXT",
            "Rationale (- reads stdin)",
            &optional(|p: &mut ComponentPlacement| &mut p.rationale, TextOrStdin),
        ),
        // Last, because the options for the rules have a heading of their own.
        Field::new("rules", "", "", &RuleOptions),
    ];
}
