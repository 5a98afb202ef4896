//! Converts pages to decisions.

mod own;

use std::path::Path;

use wsdb_core::{Decision, DecisionStatus, Json, JsonObject, Timestamp, json};

use super::adr::{Adr, rationale};
use super::page::{self, Page, fault, is_outcome, without_generated};
use super::{madr_status, status_of};
use crate::error::ParseError;

/// Whether a page is read as the same decision.
pub(super) fn is_same(decision: &Decision, text: &str) -> bool {
    let read = adr(Path::new("x.md"), text);
    let same = |mut read: Decision| {
        // `supersedes` is written to the page for readers, and is set here from the decision.
        read.supersedes.clone_from(&decision.supersedes);
        read == *decision
    };
    read.is_ok_and(|read| same(read.decision(decision.id.clone(), None, decision.date)))
}

/// Reads a page.
pub(super) fn adr(file: &Path, text: &str) -> Result<Adr, ParseError> {
    let Page {
        mut front,
        mut lines,
        body,
        title: written,
        preamble,
        mut sections,
    } = page::parse(file, text)?;
    let own = front.remove("wsdb");
    let own_line = lines.get("wsdb").copied().unwrap_or(1);

    // MADR 2 has a list below the title, other formats have a line.
    let mut kept: Vec<&str> = Vec::new();
    for (number, line) in &preamble {
        match parse_link(line) {
            Some((key, said)) if !front.contains_key(&key) => {
                lines.insert(key.clone(), *number);
                front.insert(key, said.into());
            }
            _ => kept.push(line),
        }
    }
    let mut preamble = page::trimmed(&kept);
    let mut status_links = None;
    // Nygard's format has a section.
    if !front.contains_key("status")
        && let Some(at) = sections
            .iter()
            .position(|s| s.heading.eq_ignore_ascii_case("status"))
    {
        let first = sections[at].text.lines().next().unwrap_or_default().trim();
        if status_of(first).is_some() {
            front.insert("status".to_owned(), first.into());
            // The lines below name what it supersedes or is superseded by; they are kept unchanged.
            let below: Vec<&str> = sections[at].text.lines().skip(1).collect();
            let below = page::trimmed(&below);
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

    let at = |key: &str| lines.get(key).copied().unwrap_or(1);
    let said = front.remove("status").filter(|value| !value.is_null());
    let said = said.map(|value| match value {
        Json::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    });
    let said = said.filter(|text| !text.is_empty());
    let status = match &said {
        None => None,
        Some(text) => Some(status_of(text).ok_or_else(|| {
            let error = text.parse::<DecisionStatus>().err();
            let reason = error.map_or_else(String::new, |error| error.to_string());
            fault(file, at("status"), reason)
        })?),
    };
    let date = match front.remove("date") {
        None | Some(Json::Null) => None,
        Some(value) => {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let time = text.trim().parse::<Timestamp>();
            Some(time.map_err(|error| fault(file, at("date"), error.to_string()))?)
        }
    };
    let links = status_links.as_deref().or(said.as_deref());
    let (superseded_by, supersedes) = links.map(superseded_ids).unwrap_or_default();
    if let (Some(text), Some(status)) = (&said, status) {
        let by = own.as_ref().and_then(|own| own.get("superseded-by"));
        let by = by.and_then(Json::as_array).map(Vec::as_slice);
        let is_ours = by.is_some_and(|by| {
            by.iter()
                .filter_map(Json::as_str)
                .all(|id| text.contains(id))
        });
        if !text.eq_ignore_ascii_case(madr_status(status)) && !is_ours {
            front.insert("status".to_owned(), text.as_str().into());
        }
    }

    let mut outcome = None;
    let mut layout_sections: Vec<Json> = Vec::new();
    for section in &sections {
        let (text, any) = without_generated(&section.text);
        let is_first = outcome.is_none() && section.level == 2 && is_outcome(&section.heading);
        if is_first {
            outcome = Some(text);
            layout_sections.push(json!({ "heading": section.heading }));
        } else if !text.is_empty() || !any {
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

    let title = written.filter(|title| !title.is_empty());
    let title = title.ok_or_else(|| {
        let reason = "missing title; add a line such as '# Use one core'";
        fault(file, body, reason)
    })?;
    let mut adr = Adr {
        file: file.to_owned(),
        folder: String::new(),
        is_as_written: false,
        id: None,
        rationale: rationale(outcome.as_deref().unwrap_or_default(), None),
        title,
        status,
        date,
        superseded_by,
        supersedes,
        layout,
        state: None,
        undated: false,
        only_id: false,
        own: None,
    };
    if let Some(own) = own {
        let outcome = outcome.unwrap_or_default();
        let decision = own::apply_metadata(&adr, &own, &outcome);
        let decision =
            decision.map_err(|reason| fault(file, own_line, format!("wsdb: {reason}")))?;
        adr.undated = adr.date.is_none() && own.get("date").is_none_or(Json::is_null);
        adr.only_id = own.as_object().is_some_and(|own| own.len() == 1);
        adr.id = Some(decision.id.clone());
        adr.state = own.get("state").and_then(Json::as_str).map(str::to_owned);
        adr.own = Some(decision);
    }
    Ok(adr)
}

/// Parses a line such as `* Status: accepted` or `Date: 2021-01-01`.
fn parse_link(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let line = line.strip_prefix(['*', '-']).map_or(line, str::trim_start);
    let (key, said) = line.split_once(':')?;
    let key = key.trim_matches('*').trim().to_lowercase();
    let said = said.trim_start_matches('*').trim();
    let is_known = matches!(
        key.as_str(),
        "status" | "date" | "deciders" | "decision-makers" | "consulted" | "informed"
    );
    (is_known && !said.is_empty()).then(|| {
        let said = said.split("<!--").next().unwrap_or_default().trim();
        (key, said.to_owned())
    })
}

/// Returns the references in a status: decisions that supersede this one, and those that it
/// supersedes.
fn superseded_ids(status: &str) -> (Vec<String>, Vec<String>) {
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
        names(&rest[..end.unwrap_or(rest.len())])
    };
    (after("superseded by "), after("supersedes "))
}

/// Returns the files and ids in a text: `[ADR-0005](0005-example.md)`, `ADR-0005`, `DEC-005`.
fn names(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let end = rest[at..].find(')').map_or(rest.len(), |end| at + end);
        let target = &rest[at + 2..end];
        let name = target.rsplit('/').next().unwrap_or(target);
        let name = name.split('#').next().unwrap_or(name);
        found.push(name.to_owned());
        rest = &rest[end..];
    }
    if found.is_empty() {
        let words = text
            .split([',', ' ', ';'])
            .map(|w| w.trim_matches(['.', '[', ']', '(', ')']));
        let words = words.filter(|word| word.contains(|c: char| c.is_ascii_digit()));
        found.extend(words.map(str::to_owned));
    }
    found
}
