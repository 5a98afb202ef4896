//! Decisions as Markdown: MADR 4 (<https://adr.github.io/madr/>) is written, and 2, 3 and 4 are
//! read, as well as what adr-tools writes.
//!
//! A page's title is what was decided, the text of its outcome is why. What MADR has no field for
//! stands in its front matter under `wsdb`; what the program has no column for is kept in
//! `extra_metadata` under `madr`. An `accepted` decision is `maintained` unless `wsdb` says more.

mod export;
mod front;
mod import;
mod page;
mod place;
mod read;
mod sources;
mod write;

use serde_json::Value;
use wsdb_core::{Decision, DecisionStatus};

pub use export::{AdrExported, export_adr};
pub use import::{AdrFile, AdrImported, AdrOutcome, import_adr};
pub use read::Adr;
pub use sources::{AdrSources, read_adr};

/// What is kept of where a page lay.
const PLACE: [&str; 2] = ["file", "folder"];

/// The word of MADR for a status.
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

/// The status that a text means: its first word counts, as in `superseded by ADR-0005`.
fn status_of(text: &str) -> Option<DecisionStatus> {
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

/// A text that is kept of a decision's page, such as the name of its file.
fn exact(decision: &Decision, key: &str) -> Option<Value> {
    let kept = decision.extra_metadata.as_ref()?.get("madr")?.get(key)?;
    kept.is_string().then(|| kept.clone())
}

#[cfg(test)]
mod tests;
