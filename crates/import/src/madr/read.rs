//! Converts pages to decisions.

mod wsdb_fields;

use std::path::Path;

use wsdb_core::{Decision, DecisionStatus, Json, JsonObject, json};

use super::adr::{Adr, rationale};
use super::date::find_date;
use super::fields::{PageFields, find_fields};
use super::labels::labeled_values;
use super::linked_files::{find_linked_files, take_linked_files};
use super::names::PageField;
use super::outcome::{OutcomeSection, find_outcome, whole_text};
use super::page::{self, Page, Section, error_at_line, generated_lines, without_generated};
use super::plain_title::plain_title;
use super::reference::Reference;
use super::status::{LineStatus, find_status};
use super::without_page_facts::without_page_facts;
use super::{madr_status, parse_status};
use crate::error::ParseError;

/// Whether a page is read as the same decision.
pub(super) fn is_same(decision: &Decision, text: &str) -> bool {
    let read = parse_adr(Path::new("x.md"), text);
    let same = |mut read: Decision| {
        // `supersedes` is written to the page for readers, and is set here from the decision.
        read.supersedes.clone_from(&decision.supersedes);
        // A page without a date gives the decision a fact that is not in the page.
        without_page_facts(&read) == *decision
    };
    read.is_ok_and(|read| same(read.to_decision(decision.id.clone(), None, decision.date)))
}

/// Whether a page names the id of its decision.
pub(super) fn contains_id(text: &str) -> bool {
    parse_adr(Path::new("x.md"), text).is_ok_and(|adr| adr.id.is_some())
}

/// Reads a page.
pub(super) fn parse_adr(file: &Path, text: &str) -> Result<Adr, ParseError> {
    let mut page = page::parse(file, text)?;
    let mut wsdb_fields = page.front.remove("wsdb");
    let mut linked_files = wsdb_fields.as_mut().map_or(Vec::new(), take_linked_files);
    let wsdb_line = page.lines.get("wsdb").copied().unwrap_or(0);
    let block = wsdb_fields.as_ref().and_then(Json::as_object);
    let has_only_id = block.is_some_and(|fields| fields.len() == 1);
    let is_own_style = block.is_none_or(|fields| fields.contains_key("style")) || has_only_id;

    let fields = find_fields(&page);
    let outcome = find_outcome(&page, !is_own_style);
    let mut layout = build_layout(&page, &fields, outcome.as_ref(), wsdb_fields.as_ref());
    let outcome_text = match &outcome {
        Some(section) => {
            let lines: Vec<&str> = page.all[section.lines.clone()]
                .iter()
                .map(String::as_str)
                .collect();
            without_generated(&page::trim_blank_lines(&lines)).0
        }
        None => whole_text(&layout.preamble, &layout.sections),
    };
    layout.keep_locked_lines(&page);

    let title = page.title.clone().filter(|title| !title.is_empty());
    // wsdb writes titles as they are.
    let title = title.map(|title| {
        if is_own_style {
            plain_title(&title)
        } else {
            title
        }
    });
    let title = title.ok_or_else(|| {
        let line = page.body.min(page.all.len().saturating_sub(1));
        error_at_line(
            file,
            line,
            "missing title; add a line such as '# Use one core'",
        )
    })?;
    let odd_status = fields.status.as_ref().filter(|status| {
        status.status == DecisionStatus::Unknown
            && !status.text.trim().eq_ignore_ascii_case("unknown")
            && block.is_none_or(|fields| !fields.contains_key("status"))
    });
    let shorten = |text: &str| text.chars().take(60).collect::<String>();
    let odd_status = odd_status.map(|status| {
        let problem = if status.is_ambiguous {
            "it is not clear which status is the current one".to_owned()
        } else {
            format!("status {:?} is not recognized", shorten(&status.text))
        };
        let line = status.place.line + 1;
        format!("line {line}: {problem}, so the decision has the status unknown")
    });
    let odd_date = fields.odd_date.as_deref().filter(|_| fields.date.is_none());
    let odd_date = odd_date.map(|text| format!("date {:?} is not recognized", shorten(text)));
    let mut adr = Adr {
        file: file.to_owned(),
        folder: String::new(),
        text: None,
        first_commit: None,
        is_unmodified: false,
        id: None,
        rationale: rationale(&outcome_text, None),
        title,
        status: fields.status.as_ref().map(|status| status.status),
        is_mapped: false,
        date: fields.date.as_ref().map(|date| date.date),
        superseded_by: fields.links.superseded_by.clone(),
        supersedes: fields.links.supersedes.clone(),
        written_successors: Vec::new(),
        linked_files: Vec::new(),
        layout: layout.into_json(),
        decision_hash: None,
        zoned_date: None,
        is_undated: false,
        has_only_id,
        wsdb_decision: None,
        has_wsdb_status: false,
        odd_status,
        odd_date,
        odd_front: page.odd_front.clone(),
        is_named_decision: fields.status.is_some() || outcome.is_some() || block.is_some(),
        fields,
        outcome,
        page,
    };
    if let Some(fields) = &wsdb_fields {
        let decision = wsdb_fields::parse_wsdb_fields(&adr, fields, &outcome_text);
        let decision =
            decision.map_err(|reason| error_at_line(file, wsdb_line, format!("wsdb: {reason}")))?;
        adr.is_undated = adr.date.is_none() && fields.get("date").is_none_or(Json::is_null);
        let zoned_date = fields.get("date").and_then(Json::as_str);
        adr.zoned_date = zoned_date.map(str::to_owned);
        adr.id = Some(decision.id.clone());
        adr.decision_hash = fields
            .get("state")
            .and_then(Json::as_str)
            .map(str::to_owned);
        if let Some(block) = block {
            adr.has_wsdb_status = wsdb_fields::has_wsdb_status(&adr, block);
            let by = block.get("superseded-by").and_then(Json::as_array);
            let by = by.into_iter().flatten().filter_map(Json::as_str);
            let by = by.map(|id| Reference::Name(id.to_owned()));
            adr.written_successors = by.collect();
            // Other words of the page take precedence.
            if decision.status == DecisionStatus::Superseded
                && (adr.superseded_by.is_empty()
                    || has_written_successors(&adr)
                    || adr.has_wsdb_status && !adr.written_successors.is_empty())
            {
                adr.superseded_by.clone_from(&adr.written_successors);
            }
        }
        adr.wsdb_decision = Some(decision);
        // Pages that wsdb wrote as a whole have the links in their text.
        let status = adr.fields.status.iter().map(|status| status.text.as_str());
        let texts = generated_lines(&adr.page.all).chain(status);
        linked_files.extend(texts.flat_map(find_linked_files));
        adr.linked_files = linked_files;
    }
    Ok(adr)
}

/// Whether the status still names the decisions that wsdb wrote, and no other ones.
fn has_written_successors(adr: &Adr) -> bool {
    let written = &adr.written_successors;
    let status = adr.fields.status.as_ref();
    let is_named = |id: &Reference| status.is_some_and(|s| s.text.contains(&id.to_string()));
    written.len() == adr.superseded_by.len() && written.iter().all(is_named)
}

/// What a page contains beyond the columns of a decision.
struct PageLayout {
    front: JsonObject,
    preamble: String,
    sections: Vec<Json>,
}

impl PageLayout {
    /// Keeps front matter that is not valid as text, for a page that is written in MADR format.
    fn keep_locked_lines(&mut self, page: &Page) {
        let start = page.front_end.map_or(0, |end| end + 1);
        let locked = page.all.get(start..page.locked).unwrap_or_default();
        let locked: Vec<&str> = locked.iter().map(String::as_str).collect();
        let locked = page::trim_blank_lines(&locked);
        if !locked.is_empty() {
            let block = format!("```\n{locked}\n```");
            self.preamble = if self.preamble.is_empty() {
                block
            } else {
                format!("{block}\n\n{}", self.preamble)
            };
        }
    }

    fn into_json(self) -> JsonObject {
        let mut layout = JsonObject::new();
        if !self.front.is_empty() {
            layout.insert("front".to_owned(), Json::Object(self.front));
        }
        if !self.preamble.is_empty() {
            layout.insert("preamble".to_owned(), self.preamble.into());
        }
        if self.sections != [json!({ "heading": "Decision Outcome" })] {
            layout.insert("sections".to_owned(), self.sections.into());
        }
        layout
    }
}

fn build_layout(
    page: &Page,
    fields: &PageFields,
    outcome: Option<&OutcomeSection>,
    wsdb_fields: Option<&Json>,
) -> PageLayout {
    let mut front = page.front.clone();
    for key in page.front.keys() {
        if key.eq_ignore_ascii_case("status") || key.eq_ignore_ascii_case("date") {
            front.remove(key);
        }
        if page.title_line.is_none() && key.eq_ignore_ascii_case("title") {
            front.remove(key);
        }
    }
    if let Some(makers) = front.remove("deciders") {
        front.get_or_insert_with("decision-makers", || makers);
    }
    // MADR 2 has a list below the title, other formats have a line.
    let mut other_lines: Vec<&str> = Vec::new();
    for (_, line) in &page.preamble {
        let values = labeled_values(line);
        let single = values
            .first()
            .filter(|value| values.len() == 1 && !value.range.is_empty());
        match single.map(|value| (value.field, line[value.range.clone()].trim())) {
            Some((PageField::People(key), text)) if !front.contains_key(key) => {
                front.insert(key.to_owned(), text.into());
            }
            Some((PageField::Status | PageField::Date, _)) => {}
            _ => other_lines.push(line),
        }
    }
    let mut preamble = page::trim_blank_lines(&other_lines);
    let mut removed: Vec<usize> = Vec::new();
    // Nygard's format has a section. The lines below the status name what it supersedes.
    if let Some(status) = &fields.status
        && let Some(heading) = status.heading
        && let Some(section) = page.sections.iter().find(|section| section.line == heading)
        && status.status != DecisionStatus::Unknown
    {
        let mut lines: Vec<&str> = section.text.lines().collect();
        if let Some(at) = lines.iter().position(|line| line.trim() == status.text) {
            lines.remove(at);
            // An earlier status would contradict the one in the front matter.
            lines.retain(|line| !is_bare_status(line));
            let parts = [preamble, page::trim_blank_lines(&lines)].into_iter();
            let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
            preamble = parts.join("\n\n");
            removed.push(heading);
        }
    }
    if let Some(heading) = fields.date.as_ref().and_then(|date| date.heading)
        && page
            .sections
            .iter()
            .any(|section| section.line == heading && section.text.lines().count() == 1)
    {
        removed.push(heading);
    }
    if let Some(status) = &fields.status {
        let by = wsdb_fields.and_then(|fields| fields.get("superseded-by"));
        let by = by.and_then(Json::as_array).map(Vec::as_slice);
        let is_generated = by.is_some_and(|by| {
            let mut ids = by.iter().filter_map(Json::as_str);
            ids.all(|id| status.text.contains(id))
        });
        let is_known = parse_status(&status.text)
            .is_some_and(|known| madr_status(known).eq_ignore_ascii_case(&status.text));
        if !is_known
            && !is_generated
            && status
                .heading
                .is_none_or(|heading| removed.contains(&heading))
        {
            front.insert("status".to_owned(), status.text.as_str().into());
        }
    }

    let mut sections: Vec<Json> = Vec::new();
    for section in &page.sections {
        if removed.contains(&section.line) {
            continue;
        }
        let is_in_outcome = outcome.is_some_and(|outcome| outcome.lines.contains(&section.line));
        if is_in_outcome && outcome.is_some_and(|outcome| is_section(page, outcome.heading)) {
            continue;
        }
        sections.extend(section_json(section, outcome));
    }
    PageLayout {
        front,
        preamble,
        sections,
    }
}

/// Whether a line is nothing but a status, without a date.
fn is_bare_status(line: &str) -> bool {
    let is_short = |found: LineStatus| !found.has_long_remark;
    find_date(line).is_none() && find_status(line).is_some_and(is_short)
}

/// Whether a line is the heading of a section.
fn is_section(page: &Page, line: usize) -> bool {
    page.sections.iter().any(|section| section.line == line)
}

/// Returns a section as it is kept; `None` if wsdb generated it.
fn section_json(section: &Section, outcome: Option<&OutcomeSection>) -> Option<Json> {
    let (text, has_generated) = without_generated(&section.text);
    let mut entry = json!({ "heading": section.heading });
    if outcome.is_none_or(|outcome| outcome.heading != section.line) {
        if text.is_empty() && has_generated {
            return None;
        }
        entry["text"] = text.into();
    }
    if section.level != 2 {
        entry["level"] = section.level.into();
    }
    Some(entry)
}
