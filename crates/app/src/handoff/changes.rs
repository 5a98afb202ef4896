//! Changes since the reader's last session.

use std::collections::{BTreeMap, HashMap};

use wsdb_core::{
    ActionId, ChangeKind, HistoryFilter, Page, RecordChange, SessionId, Timestamp, command_of_verb,
};
use wsdb_store::{Connection, Store};

use super::layout::{SectionDraft, format_utc, format_utc_minute};
use crate::Error;
use crate::history::{MAX_ACTIONS_READ, noun_of_change};
use crate::record_names::noun_text;
use crate::views::Line;

/// A record; records of different kinds may have the same id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct RecordKey {
    noun: &'static str,
    id: String,
}

/// All changes of a record since the reader's last session.
#[derive(Default)]
struct RecordSummary {
    verbs: Vec<String>,
    actors: Vec<String>,
    removed: bool,
}

/// Maximum number of records of an action that are listed one by one; a larger action gets one
/// line.
const MAX_LISTED_RECORDS: usize = 5;

/// Number of records by kind of change and kind of record.
type Counts = BTreeMap<ChangeKind, BTreeMap<&'static str, usize>>;

/// Adds a text at the end; if the list contains it, it is moved.
fn move_to_end(texts: &mut Vec<String>, text: String) {
    texts.retain(|known| *known != text);
    texts.push(text);
}

/// Joins texts that were collected from the newest change to the oldest.
fn oldest_first(texts: &[String]) -> String {
    let texts: Vec<&str> = texts.iter().rev().map(String::as_str).collect();
    texts.join(", ")
}

/// Formats numbers of records: `1 issue, 12 tasks`.
fn format_counts(counts: &BTreeMap<&'static str, usize>) -> String {
    let counts: Vec<String> = counts
        .iter()
        .map(|(noun, count)| match count {
            1 => format!("1 {}", noun_text(noun)),
            count => format!("{count} {}s", noun_text(noun)),
        })
        .collect();
    counts.join(", ")
}

/// Returns the actions that changed many records, with the number of records of each kind.
fn bulk_actions(outline: &[RecordChange]) -> HashMap<ActionId, Counts> {
    let mut all: HashMap<ActionId, Counts> = HashMap::new();
    for change in outline {
        if let Some(noun) = noun_of_change(change) {
            let counts = all.entry(change.action).or_default();
            let counts = counts.entry(change.kind).or_default();
            *counts.entry(noun).or_default() += change.records.len();
        }
    }
    all.retain(|_, counts| {
        counts.values().flat_map(BTreeMap::values).sum::<usize>() > MAX_LISTED_RECORDS
    });
    all
}

/// Returns the changes since a time: a line for each record, and one for each action that changed
/// many.
pub(super) async fn changes<C: Connection>(
    store: &Store<C>,
    since: Option<Timestamp>,
    started: Option<&SessionId>,
) -> Result<SectionDraft, Error> {
    let filter = HistoryFilter {
        since: since.map(Into::into),
        page: Page::first(MAX_ACTIONS_READ),
        ..HistoryFilter::default()
    };
    let actions = store.history().list(&filter).await?;
    let total = store.history().count(&filter).await?;
    let unread = total.saturating_sub(actions.len() as u64);
    let ids: Vec<_> = actions.iter().map(|action| action.id).collect();
    let by_id: HashMap<_, _> = actions.iter().map(|action| (action.id, action)).collect();
    let mut order = Vec::new();
    let mut summaries: HashMap<RecordKey, RecordSummary> = HashMap::new();
    let mut bulk_lines = Vec::new();
    let outline = store.history().outline(&ids).await?;
    let bulk = bulk_actions(&outline);
    for (id, counts) in &bulk {
        let Some(action) = by_id.get(id) else {
            continue;
        };
        let counts: Vec<String> = counts
            .iter()
            .map(|(kind, counts)| format!("{kind} {}", format_counts(counts)))
            .collect();
        let (verb, actor) = (command_of_verb(&action.verb), &action.actor);
        let text = format!(
            "{verb} by {actor}, {}: {}",
            format_utc_minute(action.time),
            counts.join("; ")
        );
        bulk_lines.push((*id, Line::split(Some(&id.to_string()), &text)));
    }
    bulk_lines.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
    let mut lines: Vec<Line> = bulk_lines
        .into_iter()
        .flat_map(|(_, lines)| lines)
        .collect();
    for change in outline
        .iter()
        .rev()
        .filter(|change| !bulk.contains_key(&change.action))
    {
        let (Some(noun), Some(action)) = (noun_of_change(change), by_id.get(&change.action)) else {
            continue;
        };
        for id in &change.records {
            if started.is_some_and(|started| started.as_str() == id) {
                continue;
            }
            let key = RecordKey {
                noun,
                id: id.clone(),
            };
            let summary = summaries.entry(key).or_insert_with_key(|key| {
                order.push(key.clone());
                RecordSummary {
                    removed: change.kind == ChangeKind::Removed,
                    ..RecordSummary::default()
                }
            });
            let verb = command_of_verb(&action.verb).to_owned();
            move_to_end(&mut summary.verbs, verb);
            move_to_end(&mut summary.actors, action.actor.clone());
        }
    }
    for key in order {
        let Some(summary) = summaries.get(&key) else {
            continue;
        };
        let mut text = format!(
            "{} ({})",
            oldest_first(&summary.verbs),
            oldest_first(&summary.actors)
        );
        if summary.removed {
            text.push_str(" · deleted");
        }
        lines.extend(Line::split(Some(&key.id), &text));
    }
    let (title, command) = match since {
        Some(since) => (
            format!("Changed since {}", format_utc(since)),
            format!("wsdb history --since {since}"),
        ),
        None => ("Recent changes".to_owned(), "wsdb history".to_owned()),
    };
    Ok(SectionDraft::new(&title, 3, lines, unread, &command))
}
