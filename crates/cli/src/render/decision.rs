//! How decisions are displayed.

use wsdb_app::documents::metadata_without_page;
use wsdb_app::views::{DecisionDetails, DecisionView, LinkedView, Relation};
use wsdb_core::{DecisionStatus, Json};

use super::{format_fields, format_json, format_list, format_optional, format_time, level_tone};
use crate::table::Column;
use crate::ui::{Style, Ui, escape_control_chars};

pub(crate) const DECISIONS: &[Column<DecisionView>] = &[
    Column::new("id", |d: &DecisionView, _| d.id.to_string()).tone(|_| Style::Strong),
    Column::new("status", |d: &DecisionView, _| d.status.to_string()).tone(|d| match d.status {
        DecisionStatus::Planned => Style::Plain,
        DecisionStatus::InProgress | DecisionStatus::Unknown => Style::Warn,
        DecisionStatus::Implemented | DecisionStatus::Maintained => Style::Good,
        DecisionStatus::Superseded | DecisionStatus::Rejected | DecisionStatus::Deprecated => {
            Style::Faint
        }
    }),
    Column::new("impact", |d: &DecisionView, _| {
        format_optional(d.impact.as_ref())
    })
    .tone(|d| level_tone(d.impact)),
    Column::new("decision", |d: &DecisionView, _| d.decision.clone()).min_width(24),
    Column::new("repos", |d: &DecisionView, _| {
        format_list(&d.repos_affected)
    })
    .min_width(14)
    .drop_priority(2),
    Column::new("date", |d: &DecisionView, ui| ui.format_age(d.date))
        .tone(|_| Style::Faint)
        .drop_priority(1),
];

/// Returns the status of a linked record, or for a component that it has a placement.
pub(crate) fn format_link_status(link: &LinkedView) -> &str {
    match (link.relation, link.status.as_deref()) {
        (_, None) => "missing",
        (Relation::Component, Some(_)) => "has a placement",
        (_, Some(status)) => status,
    }
}

/// Formats the links of a decision that have this relation, one per line.
fn render_links(details: &DecisionDetails, relation: Relation) -> String {
    let links = details.links.iter().filter(|l| l.relation == relation);
    let lines = links.map(|link| {
        let status = format_link_status(link);
        let title = link.title.as_deref().unwrap_or_default();
        format!(
            "{} ({status})  {}",
            escape_control_chars(&link.id),
            escape_control_chars(title)
        )
        .trim_end()
        .to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the front matter, preamble and sections of the MADR page with their names.
fn sections(metadata: Option<&Json>) -> Vec<(String, String)> {
    let Some(madr) = metadata.and_then(|metadata| metadata.get("madr")) else {
        return Vec::new();
    };
    let shown = |value: &Json| match value {
        Json::String(text) => text.clone(),
        Json::Array(all) if all.iter().all(Json::is_string) => {
            let all: Vec<&str> = all.iter().filter_map(Json::as_str).collect();
            all.join(", ")
        }
        value => value.to_string(),
    };
    let mut named: Vec<(String, String)> = Vec::new();
    // The complete text, under `page`, is shown by its parts.
    for (key, name) in [("folder", "folder"), ("file", "file")] {
        if let Some(text) = madr.get(key) {
            named.push((name.to_owned(), shown(text)));
        }
    }
    let front = madr.get("front").and_then(Json::as_object);
    named.extend(
        front
            .into_iter()
            .flatten()
            // The decision has its own status; this is how the page writes it.
            .filter(|(key, _)| *key != "status")
            .map(|(key, value)| (escape_control_chars(key), shown(value))),
    );
    if let Some(text) = madr.get("preamble") {
        named.push(("preamble".to_owned(), shown(text)));
    }
    let all = madr.get("sections").and_then(Json::as_array);
    for section in all.into_iter().flatten() {
        // The outcome has no text here: it is stored as the rationale.
        if let (Some(heading), Some(text)) = (section.get("heading"), section.get("text")) {
            let heading = shown(heading).to_lowercase();
            named.push((escape_control_chars(&heading), shown(text)));
        }
    }
    named
}

/// Formats the date of a decision, and where it comes from unless its page has it.
fn format_date(decision: &DecisionView, ui: &Ui) -> String {
    let time = format_time(decision.date, ui);
    let metadata = decision.extra_metadata.as_ref();
    let source = metadata.and_then(|metadata| metadata.get("madr")?.get("date_source")?.as_str());
    match source {
        Some("first commit") => format!("{time}, from the first commit of the file"),
        Some("import") => format!("{time}, from the import of the file"),
        _ => time,
    }
}

pub(crate) fn render_decision(details: &DecisionDetails, ui: &Ui) -> String {
    let decision = &details.decision;
    let title = format!(
        "{}  {}",
        decision.id,
        escape_control_chars(&decision.decision)
    );
    let sections = sections(decision.extra_metadata.as_ref());
    let mut pairs = vec![
        ("status", decision.status.to_string()),
        ("impact", format_optional(decision.impact.as_ref())),
        ("repos", format_list(&decision.repos_affected)),
        ("date", format_date(decision, ui)),
        ("session", format_optional(decision.session.as_ref())),
        ("rationale", decision.rationale.clone().unwrap_or_default()),
        ("files", format_list(&decision.related_files)),
        ("documentation", format_list(&decision.documentation)),
        ("supersedes", render_links(details, Relation::Supersedes)),
        (
            "superseded by",
            render_links(details, Relation::SupersededBy),
        ),
        ("tasks", render_links(details, Relation::Task)),
        ("components", render_links(details, Relation::Component)),
        ("drift", render_links(details, Relation::Detection)),
    ];
    // Other parts of the MADR page, by their own headings.
    pairs.extend(sections.iter().map(|(name, text)| (&**name, text.clone())));
    let metadata = metadata_without_page(decision.extra_metadata.as_ref());
    pairs.push(("metadata", format_json(metadata.as_ref())));
    pairs.push(("other fields", format_fields(&decision.document_fields)));
    format!(
        "{}\n{}",
        ui.paint(Style::Strong, &title),
        ui.format_pairs(&pairs)
    )
}
