//! Writes a decision into the page that a person wrote: only what changed since is replaced.

use std::ops::Range;
use std::path::Path;

use wsdb_core::{Decision, DecisionId, DecisionStatus, Json, Vocabulary};

use super::adr::{Adr, title};
use super::fields::Place;
use super::front_matter::quote;
use super::page::encode_markers;
use super::page_hash::decision_hash;
use super::status::{find_references, match_case, status_word};
use super::write::{PageContext, other_metadata, own_fields, render_block, superseded_text};
use super::{DATE_SOURCE_KEY, merge, metadata_value, read};

/// Renders the page of a decision in the style of the person who wrote it; `None` if the decision has
/// no such page, and an error if a change cannot be written in that style.
pub(super) fn render_own_page(
    decision: &Decision,
    context: &PageContext,
) -> Option<Result<String, UnwritableChange>> {
    let kept = merge::kept_page(decision)?;
    let text = kept.text.clone()?;
    Some(patch(decision, context, &kept, &text))
}

/// A change of a decision that cannot be written into its page.
#[derive(Debug)]
pub(super) struct UnwritableChange;

fn patch(
    decision: &Decision,
    context: &PageContext,
    kept: &Adr,
    text: &str,
) -> Result<String, UnwritableChange> {
    let base = fresh(kept, decision);
    let mut edits = Edits::new(text, kept);
    if title(&decision.decision) != title(&base.decision) {
        edits.set_title(kept, &title(&decision.decision));
    }
    if decision.status != base.status {
        edits.set_status(kept, decision, context);
    } else if has_other_successor(kept, decision, context) {
        edits.replace_status_words(kept, &superseded_text(context));
    }
    if let Some(date) = &kept.fields.date
        && decision.date.date() != base.date.date()
    {
        let day = decision.date.to_string().chars().take(10).collect();
        edits.replace(&date.place, day);
    }
    let candidates: Vec<String> = if decision.rationale == base.rationale {
        vec![edits.finish(text)]
    } else {
        let rationale = decision.rationale.as_deref().unwrap_or_default();
        let written = [rationale.to_owned(), encode_markers(rationale)];
        let written = written.into_iter().map(|rationale| {
            let mut edits = edits.clone();
            edits.set_rationale(kept, &rationale);
            edits.finish(text)
        });
        written.collect()
    };
    for candidate in &candidates {
        if is_written(decision, candidate, context, kept) {
            return Ok(candidate.clone());
        }
    }
    // What the page has no place for is in its front matter.
    for candidate in &candidates {
        for rationale in [false, true] {
            let text = with_block(candidate, decision, context, rationale);
            if let Some(text) = text.filter(|text| is_written(decision, text, context, kept)) {
                return Ok(text);
            }
        }
    }
    Err(UnwritableChange)
}

/// Returns the fields of a decision that its page has no place for.
fn only_in_wsdb(decision: &Decision) -> Vec<(&'static str, Json)> {
    own_fields(decision, other_metadata(decision).as_ref())
}

/// Returns the decision that an import of the page into an empty workspace would make.
fn fresh(adr: &Adr, decision: &Decision) -> Decision {
    adr.to_decision(decision.id.clone(), None, decision.date)
}

/// Whether a page says the same as its decision.
fn is_written(decision: &Decision, text: &str, context: &PageContext, kept: &Adr) -> bool {
    let Ok(mut adr) = read::parse_adr(Path::new("page.md"), text) else {
        return false;
    };
    merge::keep_mapping(&mut adr, kept);
    let page = fresh(&adr, decision);
    let in_status = |id: &DecisionId| context.is_in_status(id);
    let is_dated = metadata_value(decision, DATE_SOURCE_KEY).is_none()
        && (adr.date.is_some() || !adr.is_undated && adr.wsdb_decision.is_some());
    // The pages of both decisions can say that one supersedes the other.
    let missing = decision
        .supersedes
        .iter()
        .filter(|id| !page.supersedes.contains(id));
    let names = |id: &DecisionId| {
        adr.supersedes
            .iter()
            .any(|reference| context.is_reference_to(reference, id))
    };
    let has_links = missing.clone().all(|id| in_status(id) || names(id))
        && page
            .supersedes
            .iter()
            .all(|id| decision.supersedes.contains(id));
    // The text of a page without a section for the decision contains the words that changed.
    let is_whole_text = adr.outcome.is_none()
        && page.rationale.is_some()
        && decision.rationale == fresh(kept, decision).rationale;
    has_links
        && page.decision == decision.decision
        && (page.rationale == decision.rationale || is_whole_text)
        && page.status == decision.status
        && (!is_dated || page.date.date() == decision.date.date())
        && only_in_wsdb(&page) == only_in_wsdb(decision)
}

/// Whether the page names a decision that supersedes this one and no longer does.
fn has_other_successor(kept: &Adr, decision: &Decision, context: &PageContext) -> bool {
    let Some(status) = &kept.fields.status else {
        return false;
    };
    let named = &status.links.superseded_by;
    let is_current = |reference: &String| {
        context
            .superseded_by
            .iter()
            .any(|id| context.is_reference_to(reference, id))
    };
    decision.status == DecisionStatus::Superseded
        && !context.superseded_by.is_empty()
        && !named.is_empty()
        && named.iter().all(|reference| context.is_known(reference))
        && !named.iter().any(is_current)
}

/// Replacements in the lines of a page.
#[derive(Debug, Clone)]
struct Edits<'a> {
    lines: Vec<&'a str>,
    /// Replaced parts of lines.
    parts: Vec<(Place, String)>,
    /// Replaced lines.
    blocks: Vec<(Range<usize>, Vec<String>)>,
}

impl<'a> Edits<'a> {
    fn new(text: &'a str, kept: &Adr) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines: Vec<&str> = text
            .split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line))
            .collect();
        debug_assert_eq!(lines.len(), kept.page.all.len());
        Edits {
            lines,
            parts: Vec::new(),
            blocks: Vec::new(),
        }
    }

    fn replace(&mut self, place: &Place, text: String) {
        self.parts.push((place.clone(), text));
    }

    fn set_title(&mut self, kept: &Adr, title: &str) {
        if let Some(line) = kept.page.title_line {
            let Some(text) = self.lines.get(line) else {
                return;
            };
            let start = text.len() - text.trim_start_matches([' ', '#', '\t']).len();
            let place = Place {
                line,
                range: start..text.len(),
            };
            self.replace(&place, title.to_owned());
        } else if let Some((key, line)) = kept
            .page
            .lines
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("title"))
        {
            self.blocks
                .push((*line..line + 1, vec![format!("{key}: {}", quote(title))]));
        }
    }

    fn set_status(&mut self, kept: &Adr, decision: &Decision, context: &PageContext) {
        let Some(status) = &kept.fields.status else {
            return;
        };
        let is_superseded = decision.status == DecisionStatus::Superseded;
        // Another box is checked, if there is one for the status.
        let is_set = |mark: &Place| {
            let line = self.lines.get(mark.line);
            line.and_then(|line| line.get(mark.range.clone()))
                .is_some_and(|mark| mark != " ")
        };
        let boxes = &status.check_boxes;
        let wanted = boxes.iter().find(|check| check.status == decision.status);
        if let Some(wanted) = wanted.filter(|_| !is_superseded) {
            let set: Vec<Place> = boxes
                .iter()
                .map(|check| check.mark.clone())
                .filter(is_set)
                .collect();
            for mark in set {
                self.replace(&mark, " ".to_owned());
            }
            self.replace(&wanted.mark, "x".to_owned());
            return;
        }
        let text = if is_superseded {
            superseded_text(context)
        } else {
            status_word(decision.status).to_owned()
        };
        self.replace_status_words(kept, &text);
    }

    fn replace_status_words(&mut self, kept: &Adr, text: &str) {
        let Some(status) = &kept.fields.status else {
            return;
        };
        let place = &status.place;
        let Some(line) = self.lines.get(place.line).copied() else {
            return;
        };
        let (Some(words), Some(before)) = (
            line.get(place.range.clone()),
            line.get(status.start..place.range.start),
        ) else {
            return;
        };
        let text = match_case(text, words);
        let in_front = place.line < kept.page.body;
        // A link in an unquoted value of YAML would be a list.
        let is_quoted = before.ends_with(['"', '\'']);
        if in_front && !is_quoted && text.contains(['[', ':', '#']) {
            let all = format!("{before}{text}{}", &line[place.range.end..]);
            let whole = Place {
                line: place.line,
                range: status.start..line.len(),
            };
            self.replace(&whole, quote(&all));
            return;
        }
        // An emoji that stands for the earlier status is left out.
        if let Some(at) = before.find(is_status_emoji) {
            let rest = before[at..]
                .trim_start_matches(|c: char| is_status_emoji(c) || c == '\u{fe0f}' || c == ' ');
            let emoji = Place {
                line: place.line,
                range: status.start + at..status.start + before.len() - rest.len(),
            };
            self.replace(&emoji, String::new());
        }
        self.replace(place, text);
    }

    fn set_rationale(&mut self, kept: &Adr, rationale: &str) {
        let written: Vec<String> = rationale
            .trim_matches('\n')
            .split('\n')
            .map(|line| line.trim_end_matches('\r').to_owned())
            .collect();
        let Some(outcome) = &kept.outcome else {
            if rationale.is_empty() {
                return;
            }
            // The page has no section for it.
            let end = self.lines.len();
            let is_blank = self.lines.last().is_some_and(|line| line.is_empty());
            let marks = "#".repeat(kept.page.level);
            let mut block = Vec::new();
            if !is_blank {
                block.push(String::new());
            }
            block.extend([format!("{marks} Decision"), String::new()]);
            block.extend(written);
            block.push(String::new());
            let start = if is_blank { end - 1 } else { end };
            if is_blank && end > 1 && !self.lines[end - 2].trim().is_empty() {
                block.insert(0, String::new());
            }
            self.blocks.push((start..end, block));
            return;
        };
        let range = outcome.lines.clone();
        let is_text = |line: &usize| {
            self.lines
                .get(*line)
                .is_some_and(|line| !line.trim().is_empty())
        };
        let first = range.clone().find(is_text);
        let last = range.clone().rev().find(is_text);
        match (first, last) {
            (Some(first), Some(last)) => self.blocks.push((first..last + 1, written)),
            _ => {
                let mut block = vec![String::new()];
                block.extend(written);
                if range.is_empty() {
                    block.push(String::new());
                }
                self.blocks.push((range.start..range.start, block));
            }
        }
    }

    /// Returns the text with the replacements; other bytes stay as they are.
    fn finish(&self, text: &str) -> String {
        if self.parts.is_empty() && self.blocks.is_empty() {
            return text.to_owned();
        }
        let line_end = line_end(text);
        let (mark, body) = match text.strip_prefix('\u{feff}') {
            Some(body) => ("\u{feff}", body),
            None => ("", text),
        };
        let mut lines: Vec<String> = body.split('\n').map(str::to_owned).collect();
        let mut parts = self.parts.clone();
        parts.sort_by_key(|(place, _)| std::cmp::Reverse((place.line, place.range.start)));
        for (place, replacement) in parts {
            if let Some(line) = lines.get_mut(place.line)
                && line.get(place.range.clone()).is_some()
            {
                line.replace_range(place.range, &replacement);
            }
        }
        let mut blocks = self.blocks.clone();
        blocks.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        let carriage = line_end.trim_end_matches('\n');
        for (range, block) in blocks {
            let is_end = range.end >= lines.len();
            let count = block.len();
            let block = block.into_iter().enumerate().map(|(index, line)| {
                let is_last = is_end && index + 1 == count;
                if is_last {
                    line
                } else {
                    format!("{line}{carriage}")
                }
            });
            let block: Vec<String> = block.collect();
            let range = range.start.min(lines.len())..range.end.min(lines.len());
            lines.splice(range, block);
        }
        format!("{mark}{}", lines.join("\n"))
    }
}

fn is_status_emoji(c: char) -> bool {
    matches!(
        c,
        '✅' | '✔'
            | '☑'
            | '❌'
            | '✖'
            | '❎'
            | '🚫'
            | '⛔'
            | '🟢'
            | '🟡'
            | '🔴'
            | '🟠'
            | '🔵'
            | '⚪'
            | '⚫'
            | '👍'
            | '👎'
            | '🚧'
            | '📝'
            | '💡'
            | '🤔'
            | '⏳'
            | '⌛'
            | '🗑'
            | '⚠'
            | '🔄'
            | '♻'
            | '🎉'
            | '🆗'
            | '🏁'
            | '🔒'
            | '💀'
            | '⏸'
    )
}

/// Returns the line end that a text uses.
fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Returns a page with the fields that it has no place for in its front matter; `None` if its front
/// matter cannot hold them.
fn with_block(
    text: &str,
    decision: &Decision,
    context: &PageContext,
    has_rationale: bool,
) -> Option<String> {
    let adr = read::parse_adr(Path::new("page.md"), text).ok()?;
    let mut fields = vec![
        ("style", Json::from("own")),
        ("state", decision_hash(decision).into()),
    ];
    fields.extend(only_in_wsdb(decision));
    let page = fresh(&adr, decision);
    let in_status = |id: &DecisionId| context.is_in_status(id);
    if !decision.supersedes.iter().all(in_status) {
        let ids: Vec<String> = decision
            .supersedes
            .iter()
            .map(ToString::to_string)
            .collect();
        fields.push(("supersedes", ids.into()));
    }
    if page.status != decision.status || adr.status.is_none() {
        fields.push(("status", decision.status.as_str().into()));
    }
    if metadata_value(decision, DATE_SOURCE_KEY).is_none() && adr.date != Some(decision.date) {
        fields.push(("date", decision.date.to_string().into()));
    }
    if title(&decision.decision) != decision.decision {
        fields.push(("decision", decision.decision.as_str().into()));
    }
    if has_rationale {
        let rationale = decision.rationale.as_deref().unwrap_or_default();
        fields.push(("rationale", rationale.into()));
    }
    let line_end = line_end(text);
    let block: Vec<String> = render_block(fields)
        .into_iter()
        .map(|line| format!("{line}{line_end}"))
        .collect();
    let block = block.concat();
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    if adr.page.body == 0 {
        return Some(format!(
            "{mark}---{line_end}{block}---{line_end}{line_end}{body}"
        ));
    }
    let lines: Vec<&str> = body.split_inclusive('\n').collect();
    let closing = adr.page.body - 1;
    let own = adr.page.lines.get("wsdb").copied();
    let range = match own {
        Some(start) => {
            let is_inner = |line: &&str| line.starts_with([' ', '\t']) || line.trim().is_empty();
            let inner = lines
                .get(start + 1..closing)?
                .iter()
                .take_while(|line| is_inner(line));
            start..start + 1 + inner.count()
        }
        None => closing..closing,
    };
    let before = lines.get(..range.start)?.concat();
    let after = lines.get(range.end..)?.concat();
    Some(format!("{mark}{before}{block}{after}"))
}

impl PageContext {
    /// Whether the page of a superseded decision says which one supersedes it.
    fn is_in_status(&self, id: &DecisionId) -> bool {
        self.superseded.contains(id)
    }

    /// Whether a page refers to a decision by its id, or by the name or number of its file.
    fn is_reference_to(&self, reference: &str, id: &DecisionId) -> bool {
        let is_number_of = |file: &str| {
            let number = super::sources::number(reference);
            number.is_some() && super::sources::number(file) == number
        };
        reference == id.as_str()
            || find_references(reference)
                .iter()
                .any(|name| name == id.as_str())
            || [&self.files, &self.imported_files]
                .into_iter()
                .any(|files| {
                    let file = files.get(id.as_str());
                    file.is_some_and(|file| file == reference || is_number_of(file))
                })
    }

    /// Whether a reference of a page is to a decision with a file.
    fn is_known(&self, reference: &str) -> bool {
        let mut ids = self.files.keys().chain(self.imported_files.keys());
        ids.any(|id| {
            let id = DecisionId::new(id.as_str());
            id.is_ok_and(|id| self.is_reference_to(reference, &id))
        })
    }
}
