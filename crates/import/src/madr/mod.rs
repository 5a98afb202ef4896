//! Decisions as Markdown pages: writes MADR 4 (<https://adr.github.io/madr/>), reads MADR, the pages
//! of adr-tools and those of other styles.
//!
//! The title of a page is the decision, the text of its outcome the rationale. Fields that MADR
//! lacks are in the front matter under `wsdb`; content without a column is kept in `extra_metadata`
//! under `madr`. An `accepted` decision is `maintained` unless `wsdb` has a more precise status.
//!
//! The text of a page that people wrote is kept as well. An export writes it as it was, with only
//! the words changed that the decision changed since (`patch.rs`).

mod adr;
mod block;
mod check_box;
mod contradiction;
mod date;
mod date_before_by;
mod date_of_status;
mod decision_date;
mod edits;
mod export;
mod exported_pages;
mod fields;
mod file_names;
mod first_commit;
mod front_matter;
mod held_texts;
mod ids_of_links;
mod import;
mod import_result;
mod imported_page;
mod inexact_date;
mod labels;
mod line_history;
mod linked_files;
mod markup;
mod merge;
mod names;
mod other_workspaces;
mod outcome;
mod own_number;
mod page;
mod page_context;
mod page_hash;
mod page_location;
mod page_owners;
mod page_versions;
mod patch;
mod plain_title;
mod read;
mod readable_lines;
mod reference;
mod reference_list;
mod save_page;
mod save_supersessions;
mod sources;
mod statement;
mod status;
mod status_history;
mod status_lines;
mod status_links;
mod status_remarks;
mod status_words;
mod successor_words;
mod supersession;
mod template;
mod value_line;
mod whole_text_edit;
mod without_page_facts;
mod write;

use wsdb_core::{Decision, DecisionStatus, Json};

use crate::page_facts::{
    DATE_SOURCE_KEY, FILE_KEY, FOLDER_KEY, MAPPED_STATUS_KEY, PAGE_FACTS, PAGE_KEY,
};

pub use adr::Adr;
pub use export::{ExportedAdr, export_adr};
pub use import::{AdrConflictOptions, import_adr};
pub use import_result::{AdrFile, AdrImportResult, AdrOutcome, SkippedFile};
pub use sources::{AdrOptions, AdrSources, find_first_commits, read_adr};
pub use supersession::Supersession;

/// Returns the MADR word for a status.
fn madr_status(status: DecisionStatus) -> &'static str {
    match status {
        DecisionStatus::Planned => "proposed",
        DecisionStatus::InProgress | DecisionStatus::Implemented | DecisionStatus::Maintained => {
            "accepted"
        }
        DecisionStatus::Superseded => "superseded",
        DecisionStatus::Rejected => "rejected",
        DecisionStatus::Deprecated => "deprecated",
        DecisionStatus::Unknown => "unknown",
    }
}

/// Parses a status; its first words count, as in `superseded by ADR-0005`.
fn parse_status(text: &str) -> Option<DecisionStatus> {
    status::find_status(text).map(|found| found.status)
}

/// Returns a string that is kept of a decision's page, such as the name of its file.
fn metadata_value(decision: &Decision, key: &str) -> Option<Json> {
    let value = decision.extra_metadata.as_ref()?.get("madr")?.get(key)?;
    value.is_string().then(|| value.clone())
}

/// Same as [`metadata_value`], as a string.
fn metadata_text(decision: &Decision, key: &str) -> Option<String> {
    metadata_value(decision, key)?.as_str().map(str::to_owned)
}

/// Returns the metadata of a decision without what is kept of its page.
pub fn metadata_without_page(metadata: Option<&Json>) -> Option<Json> {
    let mut rest = metadata?.clone();
    if let Some(fields) = rest.as_object_mut()
        && fields.get("madr").is_some_and(Json::is_object)
    {
        fields.remove("madr");
        if fields.is_empty() {
            return None;
        }
    }
    Some(rest)
}

#[cfg(test)]
mod tests;
