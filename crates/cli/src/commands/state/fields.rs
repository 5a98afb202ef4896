//! The fields of an architecture state that `add` and `edit` set.

use wsdb_core::{ArchitectureState, StateType};

use crate::args::STATE_STATUS;
use crate::commands::fields::{
    Editable, Field, JsonOrFile, Labels, Parse, REPO, TEXT, TextOrStdin, field, one_of,
};
use crate::time::parse_time;

impl Editable for ArchitectureState {
    const FIELDS: &'static [Field<Self>] = &[
        field!("--name <NAME>", "Unique name of the state", required state_name: TEXT).edit_only(),
        field!(
            "-t, --type <TYPE>",
            "Type of the state",
            required state_type: one_of::<StateType>()
        )
        .edit_only(),
        field!(
            "-r, --repo <REPO>",
            "Repo that it describes, or workspace for all of them",
            required repo: REPO
        )
        .edit_only(),
        field!(
            "-d, --description <TEXT>",
            "Description (- reads stdin)",
            optional description: TextOrStdin
        ),
        field!("--version <VERSION>", "Version of the state, such as 2.0", optional version: TEXT),
        field!(
            "--document <FILE>",
            "Path of the document that describes the state",
            optional architecture_doc_path: TEXT
        )
        .alias("architecture-doc-path"),
        field!(
            "--data <JSON|FILE>",
            "Custom data: JSON, a file, or - for stdin",
            optional state_data: JsonOrFile
        ),
        field!(
            "--architecture <ID>",
            "ID of the architecture that the state belongs to",
            optional architecture_id: TEXT
        ),
        field!("--roadmap <FILE>", "Path of the roadmap", optional roadmap_file: TEXT),
        field!(
            "--target-date <DATE>",
            "Date by which the state should be reached",
            optional target_date: Parse(parse_time)
        ),
        field!(
            "--status <STATUS>",
            "Status (free text), such as draft or active",
            optional status: Labels(STATE_STATUS)
        ),
    ];
}
