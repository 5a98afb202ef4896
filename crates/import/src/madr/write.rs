//! Writes decisions as pages in MADR 4 format.

use std::collections::BTreeMap;

use wsdb_core::{Decision, DecisionId, DecisionStatus, IdSeries, Json, JsonObject, Vocabulary};

use super::adr::{rationale as read_rationale, title};
use super::front_matter::{scalar, value};
use super::page::{BEGIN, END, encode_markers, is_outcome, trimmed};
use super::read::is_same;
use super::{METADATA_KEY, madr_status, metadata_value, status_of};

/// The file of each decision that pages can link to.
pub(super) type Files = BTreeMap<String, String>;

/// What a page contains beyond the decision.
#[derive(Debug, Default)]
pub(super) struct PageContext {
    pub(super) files: Files,
    /// The decisions that supersede this one.
    pub(super) superseded_by: Vec<DecisionId>,
}

/// Returns a file name such as `0001-pricing-must-not-depend-on-seasons.md`.
pub(super) fn file_name(number: u64, decision: &str) -> String {
    let mut slug = String::new();
    for letter in title(decision).chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let mut short = String::new();
    for word in slug.split('-').filter(|word| !word.is_empty()) {
        if !short.is_empty() && short.chars().count() + word.chars().count() > 60 {
            break;
        }
        if !short.is_empty() {
            short.push('-');
        }
        short.extend(word.chars().take(60));
    }
    match short.as_str() {
        "" => format!("{number:04}-decision.md"),
        short => format!("{number:04}-{short}.md"),
    }
}

/// Returns the number of an id in the default series.
pub(super) fn number(id: &DecisionId) -> Option<u64> {
    IdSeries::DECISIONS.number(id.as_str())
}

/// The front matter, preamble and sections kept from an earlier import of the page.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) front: JsonObject,
    pub(super) preamble: String,
    /// Level, heading and text; the outcome has no text.
    pub(super) sections: Vec<(usize, String, Option<String>)>,
}

impl Layout {
    fn of(metadata: Option<&Json>) -> Option<Self> {
        let madr = metadata?.get("madr")?.as_object()?;
        let text =
            |value: &Json, key: &str| value.get(key).and_then(Json::as_str).map(str::to_owned);
        let whole = Json::Object(madr.clone());
        let sections = madr.get("sections").and_then(Json::as_array);
        let sections = sections.into_iter().flatten().filter_map(|section| {
            let level = section.get("level").and_then(Json::as_u64).unwrap_or(2);
            let level = usize::try_from(level).unwrap_or(2).clamp(1, 3);
            Some((level, text(section, "heading")?, text(section, "text")))
        });
        Some(Layout {
            front: madr
                .get("front")
                .and_then(Json::as_object)
                .cloned()
                .unwrap_or_default(),
            preamble: text(&whole, "preamble").unwrap_or_default(),
            sections: sections.collect(),
        })
    }
}

/// Renders the page. Values that do not fit into its sections go to the front matter.
pub(super) fn page(decision: &Decision, around: &PageContext) -> String {
    if let Some(layout) = Layout::of(decision.extra_metadata.as_ref()) {
        let mut rest = decision.extra_metadata.clone();
        if let Some(Json::Object(fields)) = &mut rest {
            fields.remove("madr");
            let place = METADATA_KEY.iter();
            let place =
                place.filter_map(|key| Some(((*key).to_owned(), metadata_value(decision, key)?)));
            let place = JsonObject::from_iter(place);
            if !place.is_empty() {
                fields.insert("madr".to_owned(), Json::Object(place));
            }
            if fields.is_empty() {
                rest = None;
            }
        }
        let text = render_page(decision, around, &layout, rest.as_ref());
        if is_same(decision, &text) {
            return text;
        }
    }
    render_page(
        decision,
        around,
        &Layout::default(),
        decision.extra_metadata.as_ref(),
    )
}

fn render_page(
    decision: &Decision,
    around: &PageContext,
    layout: &Layout,
    metadata: Option<&Json>,
) -> String {
    let mut text = String::from("---\n");
    text.push_str(&format!("status: {}\n", status(decision, around, layout)));
    let date = decision.date.to_string();
    let day = date.split('T').next().unwrap_or_default();
    text.push_str(&format!("date: {day}\n"));
    for (key, inner) in layout.front.iter().filter(|(key, _)| *key != "status") {
        text.push_str(&format!("{}: {}\n", scalar(key), value(inner)));
    }
    text.push_str(&metadata_block(decision, metadata, around));
    text.push_str("---\n\n");

    let title = title(&decision.decision);
    text.push_str(&format!("# {title}\n"));
    let beyond: Vec<&str> = decision.decision.trim().lines().skip(1).collect();
    let beyond = trimmed(&beyond);
    if !beyond.is_empty() {
        text.push_str(&format!("\n{}", generated(&beyond)));
    }
    if !layout.preamble.is_empty() {
        text.push_str(&format!("\n{}\n", layout.preamble));
    }

    let mut sections = layout.sections.clone();
    let mut says_context = false;
    if !sections
        .iter()
        .any(|(level, heading, text)| *level == 2 && text.is_none() && is_outcome(heading))
    {
        sections.push((2, "Decision Outcome".to_owned(), None));
    }
    let is = |heading: &str, name: &str| heading.eq_ignore_ascii_case(name);
    if !sections
        .iter()
        .any(|(_, heading, _)| heading.to_lowercase().starts_with("context"))
    {
        sections.insert(
            0,
            (
                2,
                "Context and Problem Statement".to_owned(),
                Some(String::new()),
            ),
        );
        says_context = true;
    }
    let links = links(decision, around);
    let more = "More Information";
    if !links.is_empty()
        && !sections
            .iter()
            .any(|(level, heading, _)| *level == 2 && is(heading, more))
    {
        sections.push((2, more.to_owned(), Some(String::new())));
    }
    let last_more = sections
        .iter()
        .rposition(|(level, heading, _)| *level == 2 && is(heading, more));
    for (place, (level, heading, inner)) in sections.iter().enumerate() {
        text.push_str(&format!("\n{} {heading}\n", "#".repeat(*level)));
        let inner = match inner {
            None => encode_markers(decision.rationale.as_deref().unwrap_or_default()),
            Some(inner) => inner.clone(),
        };
        if !inner.is_empty() {
            text.push_str(&format!("\n{inner}\n"));
        }
        if place == 0 && says_context {
            text.push_str(&format!("\n{}", generated(&context(decision))));
        }
        if Some(place) == last_more && !links.is_empty() {
            text.push_str(&format!("\n{}", generated(&links)));
        }
    }
    text
}

/// Wraps text for readers in the marks that exclude it from reading.
fn generated(text: &str) -> String {
    let text = text.replace("-->", "--&gt;").replace(['\r', '\0'], " ");
    format!("{BEGIN}\n{text}\n{END}\n")
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn context(decision: &Decision) -> String {
    let repos: Vec<String> = decision
        .repos_affected
        .iter()
        .map(|repo| line(repo))
        .collect();
    let mut said = Vec::new();
    if !repos.is_empty() {
        said.push(format!("Concerns {}.", repos.join(", ")));
    }
    if let Some(impact) = decision.impact {
        said.push(format!("Impact: {}.", impact.as_str()));
    }
    if said.is_empty() {
        "No context was recorded.".to_owned()
    } else {
        said.join(" ")
    }
}

/// Renders a decision as a link if its page is known.
fn link(id: &DecisionId, around: &PageContext) -> String {
    match around.files.get(id.as_str()) {
        Some(file) => format!("[{id}]({file})"),
        None => id.to_string(),
    }
}

fn links(decision: &Decision, around: &PageContext) -> String {
    let mut lines = Vec::new();
    let mut say = |what: &str, text: String| lines.push(format!("* {what} {}", line(&text)));
    for id in &decision.supersedes {
        say("Supersedes", link(id, around));
    }
    for id in &around.superseded_by {
        say("Superseded by", link(id, around));
    }
    for id in &decision.related_tasks {
        say("Task", id.to_string());
    }
    for name in &decision.related_components {
        say("Component", name.clone());
    }
    for id in &decision.related_detections {
        say("Drift", id.to_string());
    }
    for file in &decision.related_files {
        say("File", file.clone());
    }
    for document in &decision.documentation {
        say("See", document.clone());
    }
    lines.join("\n")
}

fn status(decision: &Decision, around: &PageContext, layout: &Layout) -> String {
    // As people wrote it, if it still means the same.
    if let Some(Json::String(written)) = layout.front.get("status")
        && status_of(written) == Some(decision.status)
    {
        return scalar(written);
    }
    if decision.status == DecisionStatus::Superseded && !around.superseded_by.is_empty() {
        let by: Vec<String> = around
            .superseded_by
            .iter()
            .map(|id| link(id, around))
            .collect();
        return scalar(&format!("superseded by {}", by.join(", ")));
    }
    madr_status(decision.status).to_owned()
}

/// Renders the fields that MADR lacks.
fn metadata_block(decision: &Decision, metadata: Option<&Json>, around: &PageContext) -> String {
    let Decision {
        id,
        date,
        session,
        decision: words,
        repos_affected,
        rationale,
        status,
        impact,
        related_files,
        documentation,
        supersedes,
        related_tasks,
        related_components,
        related_detections,
        extra_metadata: _,
        document_fields,
    } = decision;
    let mut fields: Vec<(&str, Json)> = vec![("id", id.as_str().into())];
    if status_of(madr_status(*status)) != Some(*status) {
        fields.push(("status", status.as_str().into()));
    }
    if !date.to_naive_string('T').ends_with("T00:00:00") {
        fields.push(("date", date.to_string().into()));
    }
    if let Some(session) = session {
        fields.push(("session", session.as_str().into()));
    }
    if let Some(impact) = impact {
        fields.push(("impact", impact.as_str().into()));
    }
    let ids = |list: &[String]| Json::from(list.to_vec());
    let texts: [(&str, Vec<String>); 7] = [
        ("repos", repos_affected.clone()),
        ("files", related_files.clone()),
        ("documentation", documentation.clone()),
        (
            "supersedes",
            supersedes.iter().map(ToString::to_string).collect(),
        ),
        (
            "tasks",
            related_tasks.iter().map(ToString::to_string).collect(),
        ),
        ("components", related_components.clone()),
        (
            "detections",
            related_detections.iter().map(ToString::to_string).collect(),
        ),
    ];
    for (name, list) in texts {
        if !list.is_empty() {
            fields.push((name, ids(&list)));
        }
    }
    if *status == DecisionStatus::Superseded && !around.superseded_by.is_empty() {
        let by = around.superseded_by.iter().map(ToString::to_string);
        fields.push(("superseded-by", ids(&by.collect::<Vec<_>>())));
    }
    if title(words) != *words {
        fields.push(("decision", words.as_str().into()));
    }
    if let Some(rationale) = rationale
        && read_rationale(&encode_markers(rationale), None).as_deref() != Some(rationale)
    {
        fields.push(("rationale", rationale.as_str().into()));
    }
    // As a JSON string: YAML parsers could change its numbers.
    if let Some(metadata) = metadata {
        fields.push(("metadata", metadata.to_string().into()));
    }
    if !document_fields.is_empty() {
        let json = Json::Object(document_fields.clone()).to_string();
        fields.push(("fields", json.into()));
    }
    let lines = fields
        .iter()
        .map(|(name, inner)| format!("  {name}: {}\n", value(inner)));
    format!("wsdb:\n{}", lines.collect::<String>())
}
