//! The fields of an architecture state that `add` and `edit` set.

use wsdb_core::{ArchitectureState, StateType};

use crate::args::STATE_STATUS;
use crate::commands::fields::{
    Editable, Field, JsonOrFile, Labels, NAME, Parse, TEXT, TextOrStdin, one_of, optional, required,
};

impl Editable for ArchitectureState {
    const FIELDS: &'static [Field<ArchitectureState>] = &[
        Field::new(
            "name",
            "NAME",
            "Unique name of the state",
            &required(|s: &mut ArchitectureState| &mut s.state_name, TEXT),
        )
        .edit_only(),
        Field::new(
            "type",
            "TYPE",
            "Type of the state",
            &required(
                |s: &mut ArchitectureState| &mut s.state_type,
                one_of::<StateType>(),
            ),
        )
        .short('t')
        .edit_only(),
        Field::new(
            "repo",
            "REPO",
            "Repo that it describes, or workspace for all of them",
            &required(|s: &mut ArchitectureState| &mut s.repo, NAME),
        )
        .short('r')
        .edit_only(),
        Field::new(
            "description",
            "TEXT",
            "Description (- reads stdin)",
            &optional(|s: &mut ArchitectureState| &mut s.description, TextOrStdin),
        )
        .short('d'),
        Field::new(
            "version",
            "VERSION",
            "Version",
            &optional(|s: &mut ArchitectureState| &mut s.version, TEXT),
        ),
        Field::new(
            "document",
            "FILE",
            "Path of the document that describes it",
            &optional(
                |s: &mut ArchitectureState| &mut s.architecture_doc_path,
                TEXT,
            ),
        )
        .alias("architecture-doc-path"),
        Field::new(
            "data",
            "JSON|FILE",
            "Custom data: JSON, a file, or - for stdin",
            &optional(|s: &mut ArchitectureState| &mut s.state_data, JsonOrFile),
        ),
        Field::new(
            "architecture",
            "ID",
            "Architecture it belongs to",
            &optional(|s: &mut ArchitectureState| &mut s.architecture_id, TEXT),
        ),
        Field::new(
            "roadmap",
            "FILE",
            "Path of the roadmap",
            &optional(|s: &mut ArchitectureState| &mut s.roadmap_file, TEXT),
        ),
        Field::new(
            "target-date",
            "DATE",
            "Date by which it should be reached",
            &optional(
                |s: &mut ArchitectureState| &mut s.target_date,
                Parse(|text| text.parse().map_err(|error| format!("{error}"))),
            ),
        ),
        Field::new(
            "status",
            "STATUS",
            "Status, such as draft, active, reached or dropped",
            &optional(
                |s: &mut ArchitectureState| &mut s.status,
                Labels(STATE_STATUS),
            ),
        ),
    ];
}
