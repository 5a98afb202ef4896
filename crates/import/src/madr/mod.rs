//! Decisions as Markdown pages: writes MADR 4 (<https://adr.github.io/madr/>), reads MADR 2, 3 and
//! 4 and the pages of adr-tools.
//!
//! The title of a page is the decision, the text of its outcome the rationale. Fields that MADR
//! lacks are in the front matter under `wsdb`; content without a column is kept in `extra_metadata`
//! under `madr`. An `accepted` decision is `maintained` unless `wsdb` has a more precise status.

mod adr;
mod export;
mod front_matter;
mod import;
mod page;
mod page_hash;
mod page_location;
mod read;
mod sources;
mod write;

use wsdb_core::{Decision, DecisionStatus, Json};

pub use adr::Adr;
pub use export::{ExportedAdr, export_adr};
pub use import::{AdrFile, AdrImportResult, AdrOutcome, Supersession, import_adr};
pub use sources::{AdrSources, read_adr};

/// The keys in which a page's location is kept.
const FILE_KEY: &str = "file";
const FOLDER_KEY: &str = "folder";
const LOCATION_KEYS: [&str; 2] = [FILE_KEY, FOLDER_KEY];

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
    }
}

/// Parses a status; its first word counts, as in `superseded by ADR-0005`.
fn parse_status(text: &str) -> Option<DecisionStatus> {
    let text = text.trim();
    let first = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next();
    let draft = |word: &str| {
        word.eq_ignore_ascii_case("draft")
            .then_some(DecisionStatus::Planned)
    };
    text.parse()
        .ok()
        .or_else(|| first.and_then(|word| word.parse().ok().or_else(|| draft(word))))
}

/// Returns a string that is kept of a decision's page, such as the name of its file.
fn metadata_value(decision: &Decision, key: &str) -> Option<Json> {
    let value = decision.extra_metadata.as_ref()?.get("madr")?.get(key)?;
    value.is_string().then(|| value.clone())
}

#[cfg(test)]
mod tests;
