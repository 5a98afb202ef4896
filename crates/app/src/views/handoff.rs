//! View of a handoff.

use serde::Serialize;
use wsdb_core::Timestamp;

/// A handoff. `Display` renders it as Markdown; the budget applies to the length of that text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Handoff {
    /// The person or agent that it is for.
    pub actor: String,
    /// When their last session ended, or started if it never ended; the changes since then are
    /// listed. Null if they had none.
    pub since: Option<Timestamp>,
    /// Maximum number of tokens.
    pub budget: usize,
    /// Number of tokens, counted as four bytes each.
    pub tokens: usize,
    /// The sections, the most important first; empty ones are left out.
    pub sections: Vec<Section>,
    /// Number of sections left out because they did not fit.
    pub omitted_section_count: usize,
}

/// A section of the handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Section {
    /// Heading.
    pub title: String,
    /// The lines that fit.
    pub lines: Vec<Line>,
    /// What was left out; null if nothing was.
    pub more: Option<OmittedRecords>,
}

/// A line of the handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Line {
    /// The record that the line is about, if any.
    pub id: Option<String>,
    /// The text.
    pub text: String,
    /// Whether it continues the text of the line before.
    #[serde(skip)]
    pub is_continuation: bool,
}

/// Records and text that were left out because they did not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OmittedRecords {
    /// Number of records that are not listed at all.
    pub count: u64,
    /// The last record that is listed, if its text was shortened.
    pub shortened: Option<String>,
    /// The command that shows them.
    pub command: String,
}
