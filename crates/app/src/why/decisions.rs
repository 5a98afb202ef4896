//! Decisions related to a path or a component.

use std::collections::HashSet;

use wsdb_core::{Decision, DecisionFilter, DecisionId, DriftDetection, IdSeries};
use wsdb_store::{Connection, Store};

use super::query::WhyQuery;
use super::related;
use crate::Error;
use crate::views::{WhyDecision, WhyRule};

/// Returns the words of a text that look like ids of decisions.
fn ids_in(text: Option<&str>) -> impl Iterator<Item = &str> {
    let words = text.unwrap_or_default();
    let words = words.split(|c: char| !c.is_alphanumeric() && c != '-');
    words.filter(|word| IdSeries::DECISIONS.number(word).is_some())
}

/// Returns the decisions cited by the rules or by a detection, those linked to a detection or to
/// the component, and those that mention the path.
pub(super) async fn find_decisions<C: Connection>(
    store: &Store<C>,
    query: &WhyQuery,
    rules: &[WhyRule],
    drift: &[&DriftDetection],
) -> Result<Vec<WhyDecision>, Error> {
    let mut ids: Vec<DecisionId> = Vec::new();
    let ruled = rules.iter().filter_map(|rule| rule.rule.decision.as_ref());
    let named = drift
        .iter()
        .flat_map(|d| ids_in(d.detected_rule.as_deref()));
    for id in ruled.map(String::as_str).chain(named) {
        if let Ok(id) = id.parse::<DecisionId>()
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    let linked = DecisionFilter {
        detection: drift.iter().map(|d| d.id.clone()).collect(),
        ..DecisionFilter::default()
    };
    if !linked.detection.is_empty() {
        let linked = store.decisions().list(&linked).await?.into_iter();
        ids.extend(linked.map(|d| d.id));
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
    }
    let components: Vec<String> = query.components.iter().cloned().collect();
    let mentions = store.mentions();
    let found = mentions
        .decisions(&query.ancestor_paths(), &components, &ids)
        .await?;
    let reasons = |decision: &Decision| find_reasons(decision, query, rules, drift);
    let mut views = related::decision_views(&ids, found, reasons);
    let known = views.iter().filter_map(|d| d.id.parse::<DecisionId>().ok());
    let successors = DecisionFilter {
        supersedes: known.collect(),
        ..DecisionFilter::default()
    };
    if !successors.supersedes.is_empty() {
        for newer in store.decisions().list(&successors).await? {
            for older in views.iter_mut() {
                if newer.supersedes.iter().any(|id| id.as_str() == older.id) {
                    older.superseded_by.push(newer.id.clone());
                }
            }
        }
    }
    Ok(views)
}

/// Returns the reasons why a decision is related; no other code decides this. Only decisions that
/// [`wsdb_store::Mentions::decisions`] finds are considered.
fn find_reasons(
    decision: &Decision,
    query: &WhyQuery,
    rules: &[WhyRule],
    drift: &[&DriftDetection],
) -> Vec<String> {
    let id = decision.id.as_str();
    let mut reasons = Vec::new();
    let mut placements: Vec<&str> = Vec::new();
    for rule in rules {
        if rule.rule.decision.as_deref() == Some(id)
            && !placements.contains(&rule.rule.placement_id.as_str())
        {
            placements.push(rule.rule.placement_id.as_str());
        }
    }
    if !placements.is_empty() {
        reasons.push(format!("cited by the rules of {}", placements.join(", ")));
    }
    let named = drift.iter().filter(|d| {
        let mut ids = ids_in(d.detected_rule.as_deref());
        ids.any(|named| named == id)
    });
    reasons.extend(named.map(|d| format!("cited by {}", d.id)));
    let linked = drift
        .iter()
        .filter(|d| decision.related_detections.contains(&d.id));
    reasons.extend(linked.map(|d| format!("linked to {}", d.id)));
    let mut components = decision.related_components.iter();
    if let Some(name) = components.find(|name| query.is_component(name)) {
        reasons.push(format!("linked to {name}"));
    }
    let mentions = |files: &[String]| {
        let repos = &decision.repos_affected;
        files
            .iter()
            .any(|file| related::mentions_file(query, repos, file, true))
    };
    if mentions(&decision.related_files) {
        reasons.push("mentions the path".to_owned());
    } else if mentions(&decision.documentation) {
        reasons.push("its documentation is at this path".to_owned());
    }
    reasons
}
