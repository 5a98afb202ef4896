//! The fields of a decision that `add` and `edit` set.

use wsdb_core::{Decision, Impact};

use crate::commands::fields::{
    ClearOnly, Editable, Field, NAME, TEXT, TextOrStdin, list, one_of, optional, required,
};

impl Editable for Decision {
    const FIELDS: &'static [Field<Decision>] = &[
        Field::new(
            "decision",
            "DECISION",
            "Decision in one line",
            &required(|d: &mut Decision| &mut d.decision, TEXT),
        )
        .edit_only(),
        Field::new(
            "rationale",
            "TEXT",
            "Rationale (- reads stdin)",
            &optional(|d: &mut Decision| &mut d.rationale, TextOrStdin),
        ),
        Field::new(
            "impact",
            "IMPACT",
            "Impact",
            &optional(|d: &mut Decision| &mut d.impact, one_of::<Impact>()),
        )
        .short('i'),
        Field::new(
            "repos",
            "REPO",
            "Repos affected (comma-separated)",
            &list(|d: &mut Decision| &mut d.repos_affected, NAME),
        )
        .long("repo")
        .short('r'),
        Field::new(
            "files",
            "FILE",
            "Related files (comma-separated)",
            &list(|d: &mut Decision| &mut d.related_files, NAME),
        )
        .long("file")
        .short('f'),
        Field::new(
            "documentation",
            "FILE",
            "Related documentation (comma-separated)",
            &list(|d: &mut Decision| &mut d.documentation, NAME),
        ),
        Field::clear_only("session", &ClearOnly(|d: &mut Decision| d.session = None)),
        Field::clear_only(
            "metadata",
            &ClearOnly(|d: &mut Decision| d.extra_metadata = None),
        ),
    ];
}
