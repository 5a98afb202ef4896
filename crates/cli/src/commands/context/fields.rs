//! The fields of a visit that `edit` sets.

use wsdb_core::ContextSwitch;

use crate::commands::fields::{Editable, Field, NAME, Parse, TextOrStdin, optional, required};
use crate::time::parse_past;

impl Editable for ContextSwitch {
    const FIELDS: &'static [Field<ContextSwitch>] = &[
        Field::new(
            "repo",
            "REPO",
            "Repo",
            &required(|c: &mut ContextSwitch| &mut c.repo, NAME),
        )
        .short('r'),
        Field::new(
            "path",
            "DIR",
            "Folder of the repo",
            &required(|c: &mut ContextSwitch| &mut c.repo_path, NAME),
        ),
        Field::new(
            "user",
            "NAME",
            "User who was in the repo",
            &optional(|c: &mut ContextSwitch| &mut c.activated_by, NAME),
        ),
        Field::new(
            "start",
            "WHEN",
            "Start of the visit, such as 2h (ago) or 2025-11-20T16:00:00Z",
            &required(
                |c: &mut ContextSwitch| &mut c.activated_at,
                Parse(parse_past),
            ),
        ),
        Field::new(
            "end",
            "WHEN",
            "End of the visit, such as 2h (ago) or 2025-11-20T17:30:00Z",
            &optional(
                |c: &mut ContextSwitch| &mut c.deactivated_at,
                Parse(parse_past),
            ),
        ),
        Field::new(
            "notes",
            "TEXT",
            "Notes (- reads stdin)",
            &optional(|c: &mut ContextSwitch| &mut c.context_notes, TextOrStdin),
        )
        .short('n'),
    ];
}
