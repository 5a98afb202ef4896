//! The fields of an activity that `edit` sets.

use wsdb_core::Activity;

use crate::args::ACTIVITY_TYPES;
use crate::commands::fields::{
    ClearOnly, Editable, Field, Labels, NAME, Parse, TEXT, TextOrStdin, list, optional, required,
};
use crate::time::parse_since;

impl Editable for Activity {
    const FIELDS: &'static [Field<Activity>] = &[
        Field::new(
            "description",
            "TEXT",
            "Description of what was done (- reads stdin)",
            &required(|a: &mut Activity| &mut a.description, TextOrStdin),
        ),
        Field::new(
            "type",
            "TYPE",
            "Type, such as implementation, analysis or documentation",
            &required(
                |a: &mut Activity| &mut a.activity_type,
                Labels(ACTIVITY_TYPES),
            ),
        )
        .short('t'),
        Field::new(
            "created",
            "FILE",
            "Replace the list of files created (comma-separated)",
            &list(|a: &mut Activity| &mut a.files_created, NAME),
        ),
        Field::new(
            "modified",
            "FILE",
            "Replace the list of files modified (comma-separated)",
            &list(|a: &mut Activity| &mut a.files_modified, NAME),
        ),
        Field::new(
            "outcome",
            "TEXT",
            "Outcome",
            &optional(|a: &mut Activity| &mut a.outcome, TEXT),
        ),
        Field::new(
            "time",
            "WHEN",
            "Time it was done, such as 2h (ago) or 2025-11-20T17:30:00Z",
            &required(|a: &mut Activity| &mut a.time, Parse(parse_since)),
        ),
        Field::clear_only(
            "metadata",
            &ClearOnly(|a: &mut Activity| a.extra_metadata = None),
        ),
    ];
}
