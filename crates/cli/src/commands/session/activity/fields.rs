//! The fields of an activity that `edit` sets.

use wsdb_app::RepoPaths;
use wsdb_core::Activity;

use crate::args::ACTIVITY_TYPES;
use crate::commands::fields::{Editable, Field, Labels, NAME, Parse, TEXT, TextOrStdin, field};
use crate::time::parse_time_or_age;

impl Editable for Activity {
    const FIELDS: &'static [Field<Self>] = &[
        field!(
            "--description <TEXT>",
            "Description of what was done (- reads stdin)",
            required description: TextOrStdin
        ),
        field!(
            "-t, --type <TYPE>",
            "Type, such as implementation, analysis or documentation",
            required activity_type: Labels(ACTIVITY_TYPES)
        ),
        field!(
            "--created <FILE>",
            "Created files (comma-separated)",
            list files_created: NAME
        ),
        field!(
            "--modified <FILE>",
            "Modified files (comma-separated)",
            list files_modified: NAME
        ),
        field!("--outcome <TEXT>", "Outcome", optional outcome: TEXT),
        field!(
            "--time <WHEN>",
            "Time of the activity, such as 2h (ago) or 2025-11-20T17:30:00Z",
            required time: Parse(parse_time_or_age)
        ),
        field!("metadata", clear_only extra_metadata),
    ];

    fn make_files_relative(&mut self, option: &str, paths: &RepoPaths) {
        let files = match option {
            "created" => &mut self.files_created,
            _ => &mut self.files_modified,
        };
        for file in files {
            *file = paths.of_mention(&[], file);
        }
    }
}
