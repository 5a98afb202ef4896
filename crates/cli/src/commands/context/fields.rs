//! The fields of a visit that `edit` sets.

use wsdb_core::ContextSwitch;

use crate::commands::fields::{Editable, Field, NAME, PERSON, Parse, REPO, TextOrStdin, field};
use crate::time::parse_past;

impl Editable for ContextSwitch {
    const FIELDS: &'static [Field<Self>] = &[
        field!("-r, --repo <REPO>", "Repo", required repo: REPO),
        field!("--path <DIR>", "Folder of the repo", required repo_path: NAME),
        field!("--user <NAME>", "User who was in the repo", optional activated_by: PERSON),
        field!(
            "--start <WHEN>",
            "Start of the visit, such as 2h (ago) or 2025-11-20T16:00:00Z",
            required activated_at: Parse(parse_past)
        ),
        field!(
            "--end <WHEN>",
            "End of the visit, such as 2h (ago) or 2025-11-20T17:30:00Z",
            optional deactivated_at: Parse(parse_past)
        ),
        field!("-n, --notes <TEXT>", "Notes (- reads stdin)", optional context_notes: TextOrStdin),
    ];
}
