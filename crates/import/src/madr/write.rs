//! Writes decisions as pages in MADR 4 format.

use wsdb_core::{Decision, DecisionId, DecisionStatus, IdSeries, Json, JsonObject, Vocabulary};

use super::adr::{rationale as read_rationale, title};
use super::block::{own_fields, render_block};
use super::front_matter::{render_string, render_value};
use super::markup::join_words;
use super::names::outcome_rank;
use super::outcome::whole_text;
use super::page::{BEGIN, END, encode_markers, trim_blank_lines};
use super::page_context::{PageContext, day_of};
use super::read::is_same;
use super::status_links::parse_status_links;
use super::without_page_facts::without_page_facts;
use super::{DATE_SOURCE_KEY, madr_status, metadata_value, metadata_without_page, parse_status};

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
    pub(super) sections: Vec<LayoutSection>,
    /// The same sections as they are kept.
    pub(super) kept_sections: Vec<Json>,
}

/// The section that holds links.
const MORE_INFORMATION: &str = "More Information";

/// A section of a page.
#[derive(Debug, Clone)]
pub(super) struct LayoutSection {
    pub(super) level: usize,
    pub(super) heading: String,
    /// `None` for the outcome, whose text is the rationale.
    pub(super) text: Option<String>,
}

impl LayoutSection {
    fn empty(heading: &str) -> Self {
        LayoutSection {
            level: 2,
            heading: heading.to_owned(),
            text: Some(String::new()),
        }
    }

    fn is_outcome(&self) -> bool {
        self.text.is_none() && outcome_rank(&self.heading).is_some()
    }

    fn is_more_information(&self) -> bool {
        self.level == 2 && self.heading.eq_ignore_ascii_case(MORE_INFORMATION)
    }
}

impl Layout {
    fn from_metadata(metadata: Option<&Json>) -> Option<Self> {
        let madr = metadata?.get("madr")?.as_object()?;
        let text =
            |value: &Json, key: &str| value.get(key).and_then(Json::as_str).map(str::to_owned);
        let object = Json::Object(madr.clone());
        let kept_sections = madr.get("sections").and_then(Json::as_array);
        let kept_sections = kept_sections.map_or(Vec::new(), |all| all.to_vec());
        let sections = Some(&kept_sections);
        let sections = sections.into_iter().flatten().filter_map(|section| {
            let level = section.get("level").and_then(Json::as_u64).unwrap_or(2);
            let level = usize::try_from(level).unwrap_or(2).clamp(1, 6);
            Some(LayoutSection {
                level,
                heading: text(section, "heading")?,
                text: text(section, "text"),
            })
        });
        Some(Layout {
            front: madr
                .get("front")
                .and_then(Json::as_object)
                .cloned()
                .unwrap_or_default(),
            preamble: text(&object, "preamble").unwrap_or_default(),
            sections: sections.collect(),
            kept_sections: kept_sections.clone(),
        })
    }
}

/// Renders the page in MADR 4 format. Values that do not fit into its sections go to the front matter.
pub(super) fn render_page(decision: &Decision, context: &PageContext) -> String {
    // The date of the import or of the first commit is not one that somebody gave the decision.
    let is_assumed = metadata_value(decision, DATE_SOURCE_KEY).is_some();
    let date = (!is_assumed).then(|| context.date_of(decision));
    let date = date.as_deref();
    let decision = &without_former_status(without_page_facts(decision), context);
    if let Some(layout) = Layout::from_metadata(decision.extra_metadata.as_ref()) {
        let rest = metadata_without_page(decision.extra_metadata.as_ref());
        let text = render_with_layout(decision, date, context, &layout, rest.as_ref());
        if is_same(decision, &text) {
            return text;
        }
    }
    render_with_layout(
        decision,
        date,
        context,
        &Layout::default(),
        decision.extra_metadata.as_ref(),
    )
}

/// Leaves out the words of a person for the status if the decision has another one now.
fn without_former_status(mut decision: Decision, context: &PageContext) -> Decision {
    let layout = Layout::from_metadata(decision.extra_metadata.as_ref()).unwrap_or_default();
    if !layout.front.contains_key("status") || written_status(&decision, context, &layout).is_some()
    {
        return decision;
    }
    let Some(Json::Object(fields)) = &mut decision.extra_metadata else {
        return decision;
    };
    if let Some(Json::Object(madr)) = fields.get_mut("madr") {
        if let Some(Json::Object(front)) = madr.get_mut("front") {
            front.remove("status");
            if front.is_empty() {
                madr.remove("front");
            }
        }
        if madr.is_empty() {
            fields.remove("madr");
        }
    }
    if fields.is_empty() {
        decision.extra_metadata = None;
    }
    decision
}

fn render_with_layout(
    decision: &Decision,
    date: Option<&str>,
    context: &PageContext,
    layout: &Layout,
    metadata: Option<&Json>,
) -> String {
    let mut text = String::from("---\n");
    text.push_str(&format!(
        "status: {}\n",
        render_status(decision, context, layout)
    ));
    if let Some(date) = date {
        text.push_str(&format!("date: {}\n", day_of(date)));
    }
    for (key, inner) in layout.front.iter().filter(|(key, _)| *key != "status") {
        text.push_str(&format!(
            "{}: {}\n",
            render_string(key),
            render_value(inner)
        ));
    }
    text.push_str(&metadata_block(decision, date, metadata, context));
    text.push_str("---\n\n");

    let title = title(&decision.decision);
    text.push_str(&format!("# {title}\n"));
    let other_lines: Vec<&str> = decision.decision.trim().lines().skip(1).collect();
    let other_lines = trim_blank_lines(&other_lines);
    if !other_lines.is_empty() {
        text.push_str(&format!("\n{}", wrap_generated(&other_lines)));
    }
    if !layout.preamble.is_empty() {
        text.push_str(&format!("\n{}\n", layout.preamble));
    }

    let mut sections = layout.sections.clone();
    // A page without a section for its decision is the decision.
    let is_whole = !sections.is_empty()
        && decision.rationale.as_deref()
            == Some(&*whole_text(&layout.preamble, &layout.kept_sections));
    if !sections.iter().any(LayoutSection::is_outcome) && !is_whole {
        sections.push(LayoutSection {
            level: 2,
            heading: "Decision Outcome".to_owned(),
            text: None,
        });
    }
    let has_context =
        |section: &LayoutSection| section.heading.to_lowercase().starts_with("context");
    let needs_context = !sections.iter().any(has_context) && !is_whole;
    if needs_context {
        let section = LayoutSection::empty("Context and Problem Statement");
        sections.insert(0, section);
    }
    let links = render_links(decision, context);
    if !links.is_empty() && !sections.iter().any(LayoutSection::is_more_information) && !is_whole {
        sections.push(LayoutSection::empty(MORE_INFORMATION));
    }
    let links_index = sections
        .iter()
        .rposition(LayoutSection::is_more_information)
        .filter(|_| !links.is_empty());
    for (index, section) in sections.iter().enumerate() {
        let marks = "#".repeat(section.level);
        text.push_str(&format!("\n{marks} {}\n", section.heading));
        let content = match &section.text {
            None => encode_markers(decision.rationale.as_deref().unwrap_or_default()),
            Some(content) => content.clone(),
        };
        if !content.is_empty() {
            text.push_str(&format!("\n{content}\n"));
        }
        if index == 0 && needs_context {
            text.push_str(&format!("\n{}", wrap_generated(&render_context(decision))));
        }
        if Some(index) == links_index {
            text.push_str(&format!("\n{}", wrap_generated(&links)));
        }
    }
    text
}

/// Wraps text for readers in the marks that exclude it from reading.
fn wrap_generated(text: &str) -> String {
    let text = text.replace("-->", "--&gt;").replace(['\r', '\0'], " ");
    format!("{BEGIN}\n{text}\n{END}\n")
}

fn render_context(decision: &Decision) -> String {
    let repos: Vec<String> = decision
        .repos_affected
        .iter()
        .map(|repo| join_words(repo))
        .collect();
    let mut sentences = Vec::new();
    if !repos.is_empty() {
        sentences.push(format!("Concerns {}.", repos.join(", ")));
    }
    if let Some(impact) = decision.impact {
        sentences.push(format!("Impact: {}.", impact.as_str()));
    }
    if sentences.is_empty() {
        "No context was recorded.".to_owned()
    } else {
        sentences.join(" ")
    }
}

/// Renders a decision as a link if its page is known.
pub(super) fn render_link(id: &DecisionId, context: &PageContext) -> String {
    match context.files.get(id.as_str()) {
        Some(file) => format!("[{id}]({file})"),
        None => id.to_string(),
    }
}

fn render_links(decision: &Decision, context: &PageContext) -> String {
    let mut lines = Vec::new();
    let mut add = |what: &str, text: String| lines.push(format!("* {what} {}", join_words(&text)));
    for id in &decision.supersedes {
        add("Supersedes", render_link(id, context));
    }
    for id in &context.superseded_by {
        add("Superseded by", render_link(id, context));
    }
    for id in &decision.related_tasks {
        add("Task", id.to_string());
    }
    for name in &decision.related_components {
        add("Component", name.clone());
    }
    for id in &decision.related_detections {
        add("Drift", id.to_string());
    }
    for file in &decision.related_files {
        add("File", file.clone());
    }
    for document in &decision.documentation {
        add("See", document.clone());
    }
    lines.join("\n")
}

/// Returns the status as people wrote it, if it still means the same.
fn written_status<'a>(
    decision: &Decision,
    context: &PageContext,
    layout: &'a Layout,
) -> Option<&'a str> {
    let written = layout.front.get("status")?.as_str()?;
    let is_same = parse_status(written) == Some(decision.status)
        && names_successors(written, decision, context);
    is_same.then_some(written)
}

fn render_status(decision: &Decision, context: &PageContext, layout: &Layout) -> String {
    if let Some(written) = written_status(decision, context, layout) {
        return render_string(written);
    }
    if decision.status == DecisionStatus::Superseded && !context.superseded_by.is_empty() {
        let by: Vec<String> = context
            .superseded_by
            .iter()
            .map(|id| render_link(id, context))
            .collect();
        return render_string(&format!("superseded by {}", by.join(", ")));
    }
    madr_status(decision.status).to_owned()
}

/// Whether a status names the decisions that supersede this one, or none at all.
fn names_successors(written: &str, decision: &Decision, context: &PageContext) -> bool {
    let references = parse_status_links(written).superseded_by;
    let is_named = |id: &DecisionId| {
        let mut references = references.iter();
        references.any(|reference| context.is_reference_to(reference, id))
    };
    decision.status != DecisionStatus::Superseded
        || references.is_empty()
        || context.superseded_by.iter().all(is_named)
}

/// Renders the fields that MADR lacks.
fn metadata_block(
    decision: &Decision,
    date: Option<&str>,
    metadata: Option<&Json>,
    context: &PageContext,
) -> String {
    let mut fields = own_fields(decision, metadata);
    let status = decision.status;
    if parse_status(madr_status(status)) != Some(status) {
        fields.push(("status", status.as_str().into()));
    }
    if let Some(date) = date.filter(|_| !decision.date.is_date()) {
        fields.push(("date", date.into()));
    }
    if !decision.supersedes.is_empty() {
        let ids = decision.supersedes.iter().map(ToString::to_string);
        fields.push(("supersedes", ids.collect::<Vec<_>>().into()));
    }
    if status == DecisionStatus::Superseded && !context.superseded_by.is_empty() {
        let by = context.superseded_by.iter().map(ToString::to_string);
        fields.push(("superseded-by", by.collect::<Vec<_>>().into()));
    }
    if title(&decision.decision) != decision.decision {
        fields.push(("decision", decision.decision.as_str().into()));
    }
    if let Some(rationale) = &decision.rationale
        && read_rationale(&encode_markers(rationale), None).as_deref() != Some(rationale)
    {
        fields.push(("rationale", rationale.as_str().into()));
    }
    format!("{}\n", render_block(fields).join("\n"))
}
