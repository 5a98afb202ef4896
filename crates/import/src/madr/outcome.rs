//! Finds the decision in a page: the text of its section, or the whole text.

use std::ops::Range;

use wsdb_core::Json;

use super::fields::is_field_section;
use super::names::outcome_rank;
use super::page::{Page, trim_blank_lines};

/// The section with the decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OutcomeSection {
    /// The line of its heading.
    pub(super) heading: usize,
    /// The lines of the decision.
    pub(super) lines: Range<usize>,
}

/// Returns the section with the decision: that with the clearest heading. Its subsections belong to
/// the decision only if it has no text before them; never if `is_generated`: an empty decision
/// stays empty in the pages that wsdb writes.
pub(super) fn find_outcome(page: &Page, is_generated: bool) -> Option<OutcomeSection> {
    let section = find_section(page, is_generated)?;
    let is_empty = is_empty(page, &section.lines);
    (is_generated || !is_empty).then_some(section)
}

/// Returns the section for the decision of a page in which it is empty.
pub(super) fn find_empty_outcome(page: &Page) -> Option<OutcomeSection> {
    find_section(page, false).filter(|section| is_empty(page, &section.lines))
}

fn is_empty(page: &Page, lines: &Range<usize>) -> bool {
    let lines = &page.all[lines.clone()];
    lines.iter().all(|line| line.trim().is_empty())
}

fn find_section(page: &Page, is_generated: bool) -> Option<OutcomeSection> {
    let ranked = page.headings.iter().enumerate();
    let ranked = ranked.filter_map(|(index, heading)| Some((outcome_rank(&heading.text)?, index)));
    // Subsections come after sections of the same rank.
    let (_, index) =
        ranked.min_by_key(|(rank, index)| (*rank, page.headings[*index].level > page.level))?;
    let heading = &page.headings[index];
    let up_to_level = |level: usize| {
        let mut below = page.headings[index + 1..].iter();
        let next = below.find(|next| next.level <= level);
        heading.content..next.map_or(page.all.len(), |next| next.line)
    };
    let mut lines = up_to_level(heading.level.max(page.level) + 1);
    if is_empty(page, &lines) && !is_generated {
        lines = up_to_level(heading.level);
    }
    Some(OutcomeSection {
        heading: heading.line,
        lines,
    })
}

/// Returns the text of a page without a section for the decision.
pub(super) fn whole_text(preamble: &str, sections: &[Json]) -> String {
    let mut parts = Vec::new();
    if !preamble.is_empty() {
        parts.push(preamble.to_owned());
    }
    for section in sections {
        let text = |key: &str| section.get(key).and_then(Json::as_str).unwrap_or_default();
        if is_field_section(text("heading")) {
            continue;
        }
        let level = section.get("level").and_then(Json::as_u64).unwrap_or(2);
        let marks = "#".repeat(usize::try_from(level).unwrap_or(2).clamp(1, 6));
        parts.push(format!("{marks} {}", text("heading")));
        if !text("text").is_empty() {
            parts.push(text("text").to_owned());
        }
    }
    let has_text = !preamble.is_empty()
        || sections.iter().any(|section| {
            section
                .get("text")
                .and_then(Json::as_str)
                .is_some_and(|text| !text.is_empty())
        });
    if !has_text {
        return String::new();
    }
    let text = parts.join("\n\n");
    let lines: Vec<&str> = text.split('\n').collect();
    trim_blank_lines(&lines)
}
