//! Converts pages to decisions.

mod wsdb_fields;

use std::path::Path;

use wsdb_core::{Decision, DecisionStatus, Json, JsonObject, Timestamp, json};

use super::adr::{Adr, rationale};
use super::page::{self, Page, error_at_line, is_outcome, without_generated};
use super::{madr_status, parse_status};
use crate::error::ParseError;

/// Whether a page is read as the same decision.
pub(super) fn is_same(decision: &Decision, text: &str) -> bool {
    let read = parse_adr(Path::new("x.md"), text);
    let same = |mut read: Decision| {
        // `supersedes` is written to the page for readers, and is set here from the decision.
        read.supersedes.clone_from(&decision.supersedes);
        read == *decision
    };
    read.is_ok_and(|read| same(read.to_decision(decision.id.clone(), None, decision.date)))
}

/// Reads a page.
pub(super) fn parse_adr(file: &Path, text: &str) -> Result<Adr, ParseError> {
    let Page {
        mut front,
        mut lines,
        body,
        title,
        preamble,
        mut sections,
    } = page::parse(file, text)?;
    let wsdb_fields = front.remove("wsdb");
    let wsdb_line = lines.get("wsdb").copied().unwrap_or(1);

    // MADR 2 has a list below the title, other formats have a line.
    let mut other_lines: Vec<&str> = Vec::new();
    for (number, line) in &preamble {
        match parse_link(line) {
            Some((key, value)) if !front.contains_key(&key) => {
                lines.insert(key.clone(), *number);
                front.insert(key, value.into());
            }
            _ => other_lines.push(line),
        }
    }
    let mut preamble = page::trim_blank_lines(&other_lines);
    let mut status_links = None;
    // Nygard's format has a section.
    if !front.contains_key("status")
        && let Some(at) = sections
            .iter()
            .position(|s| s.heading.eq_ignore_ascii_case("status"))
    {
        let first = sections[at].text.lines().next().unwrap_or_default().trim();
        if parse_status(first).is_some() {
            front.insert("status".to_owned(), first.into());
            // The lines below name what it supersedes or is superseded by; they are kept unchanged.
            let below: Vec<&str> = sections[at].text.lines().skip(1).collect();
            let below = page::trim_blank_lines(&below);
            if !below.is_empty() {
                status_links = Some(format!("{first} {}", below.replace('\n', " ")));
                let parts = [preamble, below].into_iter();
                let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
                preamble = parts.join("\n\n");
            }
            lines.insert("status".to_owned(), sections[at].line);
            sections.remove(at);
        }
    }
    if let Some(makers) = front.remove("deciders") {
        front.get_or_insert_with("decision-makers", || makers);
    }

    let line_of = |key: &str| lines.get(key).copied().unwrap_or(1);
    let status_text = front.remove("status").filter(|value| !value.is_null());
    let status_text = status_text.map(|value| match value {
        Json::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    });
    let status_text = status_text.filter(|text| !text.is_empty());
    let status = match &status_text {
        None => None,
        Some(text) => Some(parse_status(text).ok_or_else(|| {
            let error = text.parse::<DecisionStatus>().err();
            let reason = error.map_or_else(String::new, |error| error.to_string());
            error_at_line(file, line_of("status"), reason)
        })?),
    };
    let date = match front.remove("date") {
        None | Some(Json::Null) => None,
        Some(value) => {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let time = text.trim().parse::<Timestamp>();
            Some(time.map_err(|error| error_at_line(file, line_of("date"), error.to_string()))?)
        }
    };
    let links = status_links.as_deref().or(status_text.as_deref());
    let StatusLinks {
        superseded_by,
        supersedes,
    } = links.map(parse_status_links).unwrap_or_default();
    if let (Some(text), Some(status)) = (&status_text, status) {
        let by = wsdb_fields
            .as_ref()
            .and_then(|fields| fields.get("superseded-by"));
        let by = by.and_then(Json::as_array).map(Vec::as_slice);
        let is_generated = by.is_some_and(|by| {
            by.iter()
                .filter_map(Json::as_str)
                .all(|id| text.contains(id))
        });
        if !text.eq_ignore_ascii_case(madr_status(status)) && !is_generated {
            front.insert("status".to_owned(), text.as_str().into());
        }
    }

    let mut outcome = None;
    let mut layout_sections: Vec<Json> = Vec::new();
    for section in &sections {
        let (text, has_generated) = without_generated(&section.text);
        let is_first = outcome.is_none() && section.level == 2 && is_outcome(&section.heading);
        if is_first {
            outcome = Some(text);
            layout_sections.push(json!({ "heading": section.heading }));
        } else if !text.is_empty() || !has_generated {
            let mut entry = json!({ "heading": section.heading, "text": text });
            if section.level != 2 {
                entry["level"] = section.level.into();
            }
            layout_sections.push(entry);
        }
    }
    let mut layout = JsonObject::new();
    if !front.is_empty() {
        layout.insert("front".to_owned(), Json::Object(front));
    }
    if !preamble.is_empty() {
        layout.insert("preamble".to_owned(), preamble.into());
    }
    if layout_sections != [json!({ "heading": "Decision Outcome" })] {
        layout.insert("sections".to_owned(), layout_sections.into());
    }

    let title = title.filter(|title| !title.is_empty());
    let title = title.ok_or_else(|| {
        let reason = "missing title; add a line such as '# Use one core'";
        error_at_line(file, body, reason)
    })?;
    let mut adr = Adr {
        file: file.to_owned(),
        folder: String::new(),
        is_unmodified: false,
        id: None,
        rationale: rationale(outcome.as_deref().unwrap_or_default(), None),
        title,
        status,
        date,
        superseded_by,
        supersedes,
        layout,
        decision_hash: None,
        is_undated: false,
        has_only_id: false,
        wsdb_decision: None,
    };
    if let Some(fields) = wsdb_fields {
        let outcome = outcome.unwrap_or_default();
        let decision = wsdb_fields::parse_wsdb_fields(&adr, &fields, &outcome);
        let decision =
            decision.map_err(|reason| error_at_line(file, wsdb_line, format!("wsdb: {reason}")))?;
        adr.is_undated = adr.date.is_none() && fields.get("date").is_none_or(Json::is_null);
        adr.has_only_id = fields.as_object().is_some_and(|fields| fields.len() == 1);
        adr.id = Some(decision.id.clone());
        adr.decision_hash = fields
            .get("state")
            .and_then(Json::as_str)
            .map(str::to_owned);
        adr.wsdb_decision = Some(decision);
    }
    Ok(adr)
}

/// Parses a line such as `* Status: accepted` or `Date: 2021-01-01`.
fn parse_link(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let line = line.strip_prefix(['*', '-']).map_or(line, str::trim_start);
    let (key, value) = line.split_once(':')?;
    let key = key.trim_matches('*').trim().to_lowercase();
    let value = value.trim_start_matches('*').trim();
    let is_known = matches!(
        key.as_str(),
        "status" | "date" | "deciders" | "decision-makers" | "consulted" | "informed"
    );
    (is_known && !value.is_empty()).then(|| {
        let value = value.split("<!--").next().unwrap_or_default().trim();
        (key, value.to_owned())
    })
}

/// The decisions that a status refers to.
#[derive(Default)]
struct StatusLinks {
    superseded_by: Vec<String>,
    supersedes: Vec<String>,
}

/// Returns the references in a status.
fn parse_status_links(status: &str) -> StatusLinks {
    let lower = status.to_lowercase();
    let after = |word: &str| {
        let rest = lower
            .find(word)
            .and_then(|at| status.get(at + word.len()..));
        let rest = rest.unwrap_or_default();
        // Up to the next of these phrases.
        let lower = rest.to_lowercase();
        let end = ["supersedes ", "superseded by "]
            .iter()
            .filter_map(|word| lower.find(word))
            .min();
        find_references(&rest[..end.unwrap_or(rest.len())])
    };
    StatusLinks {
        superseded_by: after("superseded by "),
        supersedes: after("supersedes "),
    }
}

/// Returns the files and ids in a text: `[ADR-0005](0005-example.md)`, `ADR-0005`, `DEC-005`.
fn find_references(text: &str) -> Vec<String> {
    let mut references = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let end = rest[at..].find(')').map_or(rest.len(), |end| at + end);
        let target = &rest[at + 2..end];
        let name = target.rsplit('/').next().unwrap_or(target);
        let name = name.split('#').next().unwrap_or(name);
        references.push(name.to_owned());
        rest = &rest[end..];
    }
    if references.is_empty() {
        let words = text
            .split([',', ' ', ';'])
            .map(|w| w.trim_matches(['.', '[', ']', '(', ')']));
        let words = words.filter(|word| word.contains(|c: char| c.is_ascii_digit()));
        references.extend(words.map(str::to_owned));
    }
    references
}
