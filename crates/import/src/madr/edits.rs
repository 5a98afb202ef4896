//! Replacements in the page of a person. All other bytes stay as they are.

use std::ops::Range;

use wsdb_core::{Decision, DecisionStatus, Json};

use super::adr::Adr;
use super::check_box::{is_set, toggle};
use super::fields::front_lines;
use super::front_matter::{quote, render_string};
use super::markup::{is_status_emoji, mask_struck};
use super::outcome::find_empty_outcome;
use super::page_context::{PageContext, StatusText, superseded_text};
use super::plain_title::plain_title;
use super::reference::Reference;
use super::status_lines::PageStatus;
use super::successor_words::{WordsBesideLinks, find_words_beside_links};
use super::value_line::Place;
use super::whole_text_edit::replace_whole_text;

/// Replacements in the lines of a page.
#[derive(Debug, Clone)]
pub(super) struct Edits<'a> {
    lines: Vec<&'a str>,
    /// The number of lines at the beginning that are not replaced.
    locked: usize,
    /// Replaced parts of lines.
    parts: Vec<(Place, String)>,
    /// Replaced lines.
    blocks: Vec<(Range<usize>, Vec<String>)>,
}

impl<'a> Edits<'a> {
    pub(super) fn new(text: &'a str, kept: &Adr) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines: Vec<&str> = text
            .split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line))
            .collect();
        debug_assert_eq!(lines.len(), kept.page.all.len());
        Edits {
            lines,
            locked: kept.page.locked,
            parts: Vec::new(),
            blocks: Vec::new(),
        }
    }

    pub(super) fn replace(&mut self, place: &Place, text: String) {
        self.parts.push((place.clone(), text));
    }

    /// Writes the title at each place where the page has it.
    pub(super) fn set_title(&mut self, kept: &Adr, title: &str) {
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
        }
        let lines = kept.page.lines.iter();
        let mut lines = lines.filter(|(key, _)| key.eq_ignore_ascii_case("title"));
        let is_title = |key: &String| {
            let text = kept.page.front.get(key).and_then(Json::as_str);
            text.is_some_and(|text| plain_title(text.trim()) == kept.title)
        };
        let has_line = kept.page.title_line.is_some();
        if let Some((key, line)) = lines.find(|(key, _)| !has_line || is_title(key)) {
            let lines = front_lines(&kept.page, *line);
            let between = if kept.page.is_toml { " =" } else { ":" };
            self.blocks
                .push((lines, vec![format!("{key}{between} {}", quote(title))]));
        }
    }

    /// Writes the status of a decision at each place where the page has it.
    pub(super) fn set_status(&mut self, kept: &Adr, decision: &Decision, context: &PageContext) {
        for status in kept.fields.statuses() {
            self.set_one_status(kept, status, decision, context);
        }
    }

    fn set_one_status(
        &mut self,
        kept: &Adr,
        status: &PageStatus,
        decision: &Decision,
        context: &PageContext,
    ) {
        let is_superseded = decision.status == DecisionStatus::Superseded;
        // A successor that no other page names stays.
        let is_kept = |reference: &Reference| {
            let mut unnamed = context.unnamed_successors.iter();
            unnamed.any(|id| context.is_reference_to(reference, id))
        };
        if !is_superseded && status.links.superseded_by.iter().any(is_kept) {
            return;
        }
        // Another box is checked, if there is one for the status.
        let text_of = |mark: &Place| {
            let line = self.lines.get(mark.line)?;
            line.get(mark.range.clone())
        };
        let boxes = &status.check_boxes;
        let wanted = boxes.iter().find(|check| check.status == decision.status);
        if let Some(wanted) = wanted.filter(|_| !is_superseded) {
            let toggled = boxes.iter().filter_map(|check| {
                let mark = text_of(&check.mark)?;
                let is_wrong = is_set(mark) != (check.mark == wanted.mark);
                // Other boxes of the page show the form to use.
                let marks = boxes.iter().filter_map(|check| text_of(&check.mark));
                let mut other = marks.filter(|other| is_set(other) != is_set(mark));
                let usual = toggle(mark)?;
                let place = check.mark.clone();
                Some((place, other.next().unwrap_or(usual))).filter(|_| is_wrong)
            });
            for (mark, text) in toggled.collect::<Vec<_>>() {
                self.replace(&mark, text.to_owned());
            }
            return;
        }
        let text = if is_superseded {
            superseded_text(context)
        } else {
            StatusText::from(decision.status)
        };
        self.replace_words_of(kept, status, &text, context);
    }

    /// Writes the decisions that supersede this one at each place where the page has its status.
    pub(super) fn replace_status_words(&mut self, kept: &Adr, context: &PageContext) {
        let text = superseded_text(context);
        for status in kept.fields.statuses() {
            self.replace_words_of(kept, status, &text, context);
        }
    }

    fn replace_words_of(
        &mut self,
        kept: &Adr,
        status: &PageStatus,
        text: &StatusText,
        context: &PageContext,
    ) {
        if !status.is_understood || self.has_other_words(status, context) {
            return;
        }
        let place = &status.place;
        let Some(line) = self.lines.get(place.line).copied() else {
            return;
        };
        let (Some(words), Some(before)) = (
            line.get(place.range.clone()),
            line.get(status.value.start..place.range.start),
        ) else {
            return;
        };
        if let Some(lines) = &status.front_lines {
            let Some(end) = line.find(kept.page.separator()) else {
                return;
            };
            let text = text.in_case_of(&status.text);
            let written = if kept.page.is_toml {
                format!("{}= {}", &line[..end], quote(&text))
            } else {
                format!("{}: {}", &line[..end], render_string(&text))
            };
            self.blocks.push((lines.clone(), vec![written]));
            return;
        }
        let text = text.in_case_of(words);
        let in_front = place.line < kept.page.body;
        // A link in an unquoted value of YAML would be a list.
        let is_quoted = before.ends_with(['"', '\'']);
        if in_front && !is_quoted && text.contains(['[', ':', '#']) {
            let after = line.get(place.range.end..status.value.end);
            let all = format!("{before}{text}{}", after.unwrap_or_default());
            let whole = Place {
                line: place.line,
                range: status.value.clone(),
            };
            self.replace(&whole, quote(&all));
            return;
        }
        // An emoji that stands for the earlier status is left out.
        let before = mask_struck(before);
        if let Some(at) = before.find(is_status_emoji) {
            let rest = before[at..]
                .trim_start_matches(|c: char| is_status_emoji(c) || c == '\u{fe0f}' || c == ' ');
            let emoji = Place {
                line: place.line,
                range: status.value.start + at..place.range.start - rest.len(),
            };
            self.replace(&emoji, String::new());
        }
        self.replace(place, text);
    }

    /// Whether the words that name the successors contain other words, which would be lost: those of a
    /// decision that is superseded `by this team after the outage`.
    fn has_other_words(&self, status: &PageStatus, context: &PageContext) -> bool {
        if status.status != DecisionStatus::Superseded {
            return false;
        }
        let place = &status.place;
        let line = self.lines.get(place.line);
        let text = match &status.front_lines {
            // A text on several lines is replaced together.
            Some(_) => Some(status.text.as_str()),
            None => line.and_then(|line| line.get(place.range.clone())),
        };
        let Some(text) = text else {
            return false;
        };
        let is_known =
            |reference: &Reference| reference.is_explicit() || context.is_known(reference);
        match find_words_beside_links(text) {
            WordsBesideLinks::None => !status.links.superseded_by.iter().all(is_known),
            // The title of a decision is a link.
            WordsBesideLinks::Successor => {
                let named = &status.links.superseded_by;
                named.is_empty() || !named.iter().all(is_known)
            }
            WordsBesideLinks::Other => true,
        }
    }

    pub(super) fn set_rationale(&mut self, kept: &Adr, rationale: &str) {
        let written: Vec<String> = rationale
            .trim_matches('\n')
            .split('\n')
            .map(|line| line.trim_end_matches('\r').to_owned())
            .collect();
        let outcome = kept.outcome.clone();
        let Some(outcome) = outcome.or_else(|| find_empty_outcome(&kept.page)) else {
            if rationale.is_empty() {
                return;
            }
            if let Some(replacements) = replace_whole_text(kept, rationale) {
                self.blocks.extend(replacements);
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
    pub(super) fn finish(&self, text: &str) -> String {
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
        parts.retain(|(place, _)| place.line >= self.locked);
        parts.sort_by_key(|(place, _)| std::cmp::Reverse((place.line, place.range.start)));
        for (place, replacement) in parts {
            if let Some(line) = lines.get_mut(place.line)
                && line.get(place.range.clone()).is_some()
            {
                line.replace_range(place.range, &replacement);
            }
        }
        let mut blocks = self.blocks.clone();
        blocks.retain(|(range, _)| range.start >= self.locked);
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

/// Returns the line end that a text uses.
pub(super) fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
