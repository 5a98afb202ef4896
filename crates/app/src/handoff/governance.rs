//! Sections on issues, drift, decisions and the current context.

use wsdb_core::{
    DecisionFilter, DetectionFilter, DetectionSort, DetectionStatus, IssueFilter, IssueSort,
    IssueStatus, Page, Timestamp, Vocabulary,
};
use wsdb_store::{Connection, Store};

use super::{MAX_RECORDS_PER_SECTION, draft, format_utc_minute};
use crate::views::{Line, SectionDraft};
use crate::{Actor, Error};

pub(super) async fn issues<C: Connection>(store: &Store<C>) -> Result<SectionDraft, Error> {
    let filter = IssueFilter {
        status: vec![IssueStatus::Open],
        sort: IssueSort::Severity,
        page: Page::first(MAX_RECORDS_PER_SECTION),
        ..IssueFilter::default()
    };
    let total = store.issues().count(&filter).await?;
    let found = store.issues().list(&filter).await?;
    let unread = total.saturating_sub(found.len() as u64);
    let lines = found
        .iter()
        .flat_map(|issue| {
            let text = format!("{} · {}", issue.severity.as_str(), issue.title);
            Line::of(Some(issue.id.as_str()), &text)
        })
        .collect();
    let command = "wsdb issue list --status open";
    Ok(draft("Open issues", 2, lines, unread, command))
}

pub(super) async fn drift<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<SectionDraft, Error> {
    let filter = DetectionFilter {
        status: vec![DetectionStatus::Open],
        now: Some(actor.now),
        sort: DetectionSort::Severity,
        page: Page::first(MAX_RECORDS_PER_SECTION),
        ..DetectionFilter::default()
    };
    let detections = store.drift().detections();
    let total = detections.count(&filter).await?;
    let found = detections.list(&filter).await?;
    let unread = total.saturating_sub(found.len() as u64);
    let lines = found
        .iter()
        .flat_map(|drift| {
            let text = format!(
                "{} · {} in {}/{}",
                drift.severity.as_str(),
                drift.violation_type.as_str(),
                drift.repo,
                drift.file_path
            );
            Line::of(Some(drift.id.as_str()), &text)
        })
        .collect();
    let command = "wsdb drift list --status open";
    Ok(draft("Open drift", 1, lines, unread, command))
}

pub(super) async fn decisions<C: Connection>(
    store: &Store<C>,
    since: Option<Timestamp>,
) -> Result<SectionDraft, Error> {
    // Superseded decisions no longer apply.
    let all = DecisionFilter {
        superseded: Some(false),
        reverse: true,
        page: Page::first(5),
        ..DecisionFilter::default()
    };
    let newer = DecisionFilter {
        since,
        ..all.clone()
    };
    let mut found = store.decisions().list(&newer).await?;
    let mut total = store.decisions().count(&newer).await?;
    if found.is_empty() {
        found = store.decisions().list(&all).await?;
        total = found.len() as u64;
    }
    let unread = total.saturating_sub(found.len() as u64);
    let lines = found
        .iter()
        .flat_map(|decision| {
            let text = format!("{} · {}", decision.status.as_str(), decision.decision);
            Line::of(Some(decision.id.as_str()), &text)
        })
        .collect();
    let command = "wsdb decision list --reverse";
    Ok(draft("Recent decisions", 2, lines, unread, command))
}

pub(super) async fn context<C: Connection>(
    store: &Store<C>,
    actor: &Actor,
) -> Result<SectionDraft, Error> {
    let current = store.contexts().current(&actor.name).await?;
    let lines = current
        .iter()
        .flat_map(|stay| {
            let mut text = format!(
                "{} since {}",
                stay.repo_path,
                format_utc_minute(stay.activated_at)
            );
            if let Some(notes) = &stay.context_notes {
                text.push_str(&format!(" · {notes}"));
            }
            Line::of(Some(&stay.repo), &text)
        })
        .collect();
    Ok(draft("Current context", 1, lines, 0, "wsdb context"))
}
