//! The fields of a decision that `add` and `edit` set.

use wsdb_app::RepoPaths;
use wsdb_core::{Decision, Impact};

use crate::commands::fields::{Editable, Field, NAME, REPO, TEXT, TextOrStdin, field, one_of};

impl Editable for Decision {
    const FIELDS: &'static [Field<Self>] = &[
        field!("--decision <DECISION>", "Decision in one line", required decision: TEXT)
            .edit_only(),
        field!("--rationale <TEXT>", "Rationale (- reads stdin)", optional rationale: TextOrStdin),
        field!("-i, --impact <IMPACT>", "Impact", optional impact: one_of::<Impact>()),
        field!("-r, --repo <REPO>", "Affected repos (comma-separated)", list repos_affected: REPO)
            .clear_name("repos"),
        field!("-f, --file <FILE>", "Related files (comma-separated)", list related_files: NAME)
            .clear_name("files"),
        field!(
            "--documentation <FILE>",
            "Related documentation (comma-separated)",
            list documentation: NAME
        ),
        field!("session", clear_only session),
        field!("metadata", clear_only extra_metadata),
    ];

    fn make_files_relative(&mut self, option: &str, paths: &RepoPaths) {
        let files = match option {
            "documentation" => &mut self.documentation,
            _ => &mut self.related_files,
        };
        for file in files {
            *file = paths.of_mention(&self.repos_affected, file);
        }
    }
}
