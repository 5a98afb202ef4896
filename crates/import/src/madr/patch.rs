//! Writes a decision into the page that a person wrote: only what changed since is replaced.

use wsdb_core::{Decision, DecisionId, DecisionStatus, Json, Vocabulary};

use super::adr::{Adr, title};
use super::block::{own_fields, render_block, render_toml_block};
use super::edits::{Edits, line_end};
use super::page::{encode_markers, uses_carriage_returns};
use super::page_context::{PageContext, day_of};
use super::page_hash::decision_hash;
use super::plain_title::escape_title;
use super::reference::Reference;
use super::status_lines::PageStatus;
use super::write::render_link;
use super::{DATE_SOURCE_KEY, merge, metadata_value, metadata_without_page, read};

/// Renders the page of a decision in the style of the person who wrote it; `None` if the decision has
/// no such page, and an error if a change cannot be written in that style.
pub(super) fn render_own_page(
    decision: &Decision,
    context: &PageContext,
) -> Option<Result<String, UnwritableChange>> {
    let kept = merge::kept_page(decision)?;
    let text = kept.text.clone()?;
    Some(if uses_carriage_returns(&text) {
        let page = patch(decision, context, &kept, &text.replace('\r', "\n"));
        page.map(|page| page.replace('\n', "\r"))
    } else {
        patch(decision, context, &kept, &text)
    })
}

/// A change of a decision that cannot be written into its page, by the parts that differ.
#[derive(Debug)]
pub(super) struct UnwritableChange(pub(super) Vec<&'static str>);

fn patch(
    decision: &Decision,
    context: &PageContext,
    kept: &Adr,
    text: &str,
) -> Result<String, UnwritableChange> {
    let base = fresh(kept, decision);
    let mut edits = Edits::new(text, kept);
    let words = title(&decision.decision);
    if words != title(&base.decision) && !has_written_title(kept, decision) {
        let mut with_title = edits.clone();
        with_title.set_title(kept, &words);
        let read = read::parse_adr(&kept.file, &with_title.finish(text));
        if read.is_ok_and(|adr| adr.title == words) {
            edits = with_title;
        } else {
            edits.set_title(kept, &escape_title(&words));
        }
    }
    let mut with_status = edits.clone();
    if decision.status != base.status {
        with_status.set_status(kept, decision, context);
    } else if has_other_successor(kept, decision, context)
        || !names_successors(kept, decision, context)
    {
        with_status.replace_status_words(kept, context);
    }
    // Words that would be read as something else are not written.
    let read = read::parse_adr(&kept.file, &with_status.finish(text));
    if read.is_ok_and(|adr| adr.status == Some(decision.status)) {
        edits = with_status;
    }
    let written = context.date_of(decision);
    let day = day_of(&written);
    if let Some(date) = &kept.fields.date
        && decision.date != base.date
        && day_of(&date.date.to_string()) != day
    {
        edits.replace(&date.place, day.to_owned());
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
            let text = with_block(candidate, decision, context, kept, rationale);
            if let Some(text) = text.filter(|text| is_written(decision, text, context, kept)) {
                return Ok(text);
            }
        }
    }
    let written = candidates.last().map_or(text, String::as_str);
    Err(UnwritableChange(unwritten_parts(decision, written, kept)))
}

/// Returns the parts of a decision that its page does not have.
fn unwritten_parts(decision: &Decision, text: &str, kept: &Adr) -> Vec<&'static str> {
    let Ok(adr) = read::parse_adr(&kept.file, text) else {
        return vec!["a change"];
    };
    let page = fresh(&adr, decision);
    let parts = [
        (page.decision != decision.decision, "the title"),
        (page.rationale != decision.rationale, "the text"),
        (page.status != decision.status, "the status"),
        (page.date != decision.date, "the date"),
    ];
    let parts = parts.into_iter().filter(|(is_missing, _)| *is_missing);
    let parts: Vec<&'static str> = parts.map(|(_, part)| part).collect();
    if parts.is_empty() {
        vec!["a change"]
    } else {
        parts
    }
}

/// Returns the fields of a decision that its page has no place for.
fn only_in_wsdb(decision: &Decision) -> Vec<(&'static str, Json)> {
    own_fields(
        decision,
        metadata_without_page(decision.extra_metadata.as_ref()).as_ref(),
    )
}

/// Returns the decision that an import of the page into an empty workspace would make.
fn fresh(adr: &Adr, decision: &Decision) -> Decision {
    adr.to_decision(decision.id.clone(), None, decision.date)
}

/// Whether a page is read as its decision.
fn is_written(decision: &Decision, text: &str, context: &PageContext, kept: &Adr) -> bool {
    let Ok(mut adr) = read::parse_adr(&kept.file, text) else {
        return false;
    };
    merge::keep_mapping(&mut adr, kept);
    let mut page = fresh(&adr, decision);
    // In the workspace that wrote the page, a decision may have another ID.
    for id in &mut page.supersedes {
        let links = adr.linked_files.iter().filter(|link| link.id == *id);
        let mut files = links.map(|link| Reference::File(link.file.clone()));
        let mut own = decision.supersedes.iter();
        if let Some(file) = files.next()
            && let Some(own) = own.find(|own| context.is_reference_to(&file, own))
        {
            *id = own.clone();
        }
    }
    let in_status = |id: &DecisionId| context.is_in_status(id);
    let is_dated = metadata_value(decision, DATE_SOURCE_KEY).is_none();
    let is_date_in_page = adr.date.is_some() || !adr.is_undated && adr.wsdb_decision.is_some();
    // The page of either decision can name the other one.
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
    // A day alone stands for a time on that day, if it is the same day in UTC.
    let is_day_of =
        |date: &str| page.date.is_date() && day_of(&page.date.to_string()) == day_of(date);
    let has_date = page.date == decision.date
        || is_day_of(&decision.date.to_string()) && is_day_of(&context.date_of(decision));
    // Another workspace may have given it another id.
    let has_id = adr.id.as_ref().is_none_or(|id| *id == decision.id);
    has_id
        && has_links
        && names_successors(&adr, decision, context)
        && (adr.has_wsdb_status || !has_other_successor(&adr, decision, context))
        && (page.decision == decision.decision || has_written_title(&adr, decision))
        && (page.rationale == decision.rationale || is_whole_text)
        && page.status == decision.status
        && (!is_dated || is_date_in_page && has_date)
        && only_in_wsdb(&page) == only_in_wsdb(decision)
}

/// Whether the title of a decision is that of its page with the marks of Markdown, as older versions read it.
fn has_written_title(adr: &Adr, decision: &Decision) -> bool {
    adr.page.title.as_ref() == Some(&decision.decision)
}

/// Whether the page names the decisions that supersede this one, apart from those whose own pages
/// name this one.
fn names_successors(adr: &Adr, decision: &Decision, context: &PageContext) -> bool {
    let is_named = |id: &DecisionId| {
        adr.superseded_by
            .iter()
            .any(|reference| context.is_reference_to(reference, id))
    };
    // The words of a person who named another document stay.
    let names_other = adr
        .superseded_by
        .iter()
        .any(|reference| !context.is_known(reference));
    decision.status != DecisionStatus::Superseded
        || names_other
        || context.unnamed_successors.iter().all(is_named)
}

/// Whether the page names a decision that supersedes this one and no longer does.
fn has_other_successor(kept: &Adr, decision: &Decision, context: &PageContext) -> bool {
    let Some(status) = &kept.fields.status else {
        return false;
    };
    let named = &status.links.superseded_by;
    let is_current = |reference: &Reference| {
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

/// Returns a page with the fields that it has no place for in its front matter; `None` if its front
/// matter cannot hold them.
fn with_block(
    text: &str,
    decision: &Decision,
    context: &PageContext,
    kept: &Adr,
    has_rationale: bool,
) -> Option<String> {
    let adr = read::parse_adr(&kept.file, text).ok()?;
    let mut fields = vec![
        ("style", Json::from("own")),
        ("state", decision_hash(decision).into()),
    ];
    fields.extend(only_in_wsdb(decision));
    let in_status = |id: &DecisionId| context.is_in_status(id);
    let by_wsdb = adr.wsdb_decision.as_ref();
    let is_listed = by_wsdb.is_some_and(|it| !it.supersedes.is_empty());
    let is_in_statuses = decision.supersedes.iter().all(in_status);
    if !is_in_statuses || is_listed && !decision.supersedes.is_empty() {
        let ids: Vec<String> = decision
            .supersedes
            .iter()
            .map(|id| render_link(id, context))
            .collect();
        fields.push(("supersedes", ids.into()));
    }
    let names_other = has_other_successor(&adr, decision, context);
    if adr.status.unwrap_or(DecisionStatus::Unknown) != decision.status || names_other {
        fields.push(("status", decision.status.as_str().into()));
        let is_known = |status: &&PageStatus| status.status != DecisionStatus::Unknown;
        if let Some(status) = adr.fields.status.as_ref().filter(is_known) {
            fields.push(("page-status", status.text.as_str().into()));
        }
    }
    let links = &adr.fields.links.superseded_by;
    if decision.status == DecisionStatus::Superseded && (links.is_empty() || names_other) {
        let by = if names_other {
            &context.superseded_by
        } else {
            &context.unnamed_successors
        };
        let by: Vec<String> = by.iter().map(|id| render_link(id, context)).collect();
        if !by.is_empty() {
            fields.push(("superseded-by", by.into()));
        }
    }
    if metadata_value(decision, DATE_SOURCE_KEY).is_none() && adr.date != Some(decision.date) {
        fields.push(("date", context.date_of(decision).into()));
    }
    if title(&decision.decision) != decision.decision {
        fields.push(("decision", decision.decision.as_str().into()));
    }
    if has_rationale {
        let rationale = decision.rationale.as_deref().unwrap_or_default();
        fields.push(("rationale", rationale.into()));
    }
    let line_end = line_end(text);
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let is_toml = adr.page.front_end.is_some() && body.starts_with("+++");
    let block = if is_toml {
        render_toml_block(fields)?
    } else {
        render_block(fields)
    };
    let block: Vec<String> = block
        .into_iter()
        .map(|line| format!("{line}{line_end}"))
        .collect();
    let block = block.concat();
    let Some(closing) = adr.page.front_end else {
        return Some(format!(
            "{mark}---{line_end}{block}---{line_end}{line_end}{body}"
        ));
    };
    let lines: Vec<&str> = body.split_inclusive('\n').collect();
    let own = adr.page.lines.get("wsdb").copied();
    let range = match own {
        Some(start) => {
            let is_inner = |line: &&str| {
                if is_toml {
                    !line.starts_with('[')
                } else {
                    line.starts_with([' ', '\t']) || line.trim().is_empty()
                }
            };
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

#[cfg(test)]
mod tests;
