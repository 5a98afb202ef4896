//! The fields of a placement that `add` and `edit` set.

use wsdb_core::{ArchitectureState, ComponentPlacement, ComponentType};

use super::rule_args::RuleOptions;
use crate::args::path_in_repo;
use crate::commands::fields::{
    Editable, Field, NAME, Parse, REPO, TextOrStdin, field, one_of, reference,
};

impl Editable for ComponentPlacement {
    const FIELDS: &'static [Field<Self>] = &[
        field!("--component <NAME>", "Name of the component", required component_name: NAME)
            .edit_only(),
        field!("-r, --repo <REPO>", "Repo that the component belongs in", required correct_repo: REPO).edit_only(),
        field!(
            "-t, --type <TYPE>",
            "Type of the component",
            required component_type: one_of::<ComponentType>()
        )
        .edit_only(),
        field!(
            "-l, --location <PATH>",
            "Path in the repo, such as src/pricing.py",
            optional correct_location: Parse(path_in_repo)
        ),
        field!(
            "-s, --state <STATE>",
            "State, by ID, number, name or type (need not exist yet if given by ID or number)",
            optional architecture_state_id: reference::<ArchitectureState>()
        ),
        field!("--rationale <TEXT>", "Rationale (- reads stdin)", optional rationale: TextOrStdin),
        // Last, because the options for the rules have a heading of their own.
        Field::new("--rules <JSON|FILE>", "", "rules", &RuleOptions),
    ];
}
