//! Decisions.

use wsdb_app::views::{DecisionDetails, DecisionView, Relation};
use wsdb_core::DecisionStatus;

use super::{fields, json, level_tone, list, optional, when};
use crate::table::Column;
use crate::ui::{Tone, Ui, visible};

pub(crate) const DECISIONS: &[Column<DecisionView>] = &[
    Column::new("id", |d: &DecisionView, _| d.id.to_string()).tone(|_| Tone::Strong),
    Column::new("status", |d: &DecisionView, _| d.status.to_string()).tone(|d| match d.status {
        DecisionStatus::Planned => Tone::Plain,
        DecisionStatus::InProgress => Tone::Warn,
        DecisionStatus::Implemented | DecisionStatus::Maintained => Tone::Good,
        DecisionStatus::Superseded | DecisionStatus::Rejected | DecisionStatus::Deprecated => {
            Tone::Faint
        }
    }),
    Column::new("impact", |d: &DecisionView, _| optional(d.impact.as_ref()))
        .tone(|d| level_tone(d.impact)),
    Column::new("decision", |d: &DecisionView, _| d.decision.clone()).flows(24),
    Column::new("repos", |d: &DecisionView, _| list(&d.repos_affected))
        .flows(14)
        .spare(2),
    Column::new("date", |d: &DecisionView, ui| ui.ago(d.date))
        .tone(|_| Tone::Faint)
        .spare(1),
];

/// What a decision is linked to in one way, below each other.
fn linked(details: &DecisionDetails, relation: Relation) -> String {
    let links = details.links.iter().filter(|l| l.relation == relation);
    let lines = links.map(|link| {
        let status = link.status.as_deref().unwrap_or("missing");
        let title = link.title.as_deref().unwrap_or_default();
        format!("{} ({status})  {}", visible(&link.id), visible(title))
            .trim_end()
            .to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(crate) fn decision(details: &DecisionDetails, ui: &Ui) -> String {
    let decision = &details.decision;
    let title = format!("{}  {}", decision.id, visible(&decision.decision));
    let pairs = [
        ("status", decision.status.to_string()),
        ("impact", optional(decision.impact.as_ref())),
        ("repos", list(&decision.repos_affected)),
        ("date", when(decision.date, ui)),
        ("session", optional(decision.session.as_ref())),
        ("rationale", decision.rationale.clone().unwrap_or_default()),
        ("files", list(&decision.related_files)),
        ("documentation", list(&decision.documentation)),
        ("supersedes", linked(details, Relation::Supersedes)),
        ("superseded by", linked(details, Relation::SupersededBy)),
        ("tasks", linked(details, Relation::Task)),
        ("components", linked(details, Relation::Component)),
        ("drift", linked(details, Relation::Detection)),
        ("metadata", json(decision.extra_metadata.as_ref())),
        ("other fields", fields(&decision.document_fields)),
    ];
    format!("{}\n{}", ui.paint(Tone::Strong, &title), ui.pairs(&pairs))
}
