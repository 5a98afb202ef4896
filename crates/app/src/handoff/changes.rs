//! What changed since the reader's last session.

use std::collections::HashMap;

use wsdb_core::{ChangeKind, HistoryFilter, Page, SessionId, Timestamp};
use wsdb_store::{Connection, Store};

use super::{CHANGES, clock, draft, named};
use crate::Error;
use crate::views::{Draft, Line};

/// What happened to a record since then, all in all.
#[derive(Default)]
struct Fate {
    verbs: Vec<String>,
    actors: Vec<String>,
    removed: bool,
}

pub(super) async fn changes<C: Connection>(
    store: &Store<C>,
    since: Option<Timestamp>,
    started: Option<&SessionId>,
) -> Result<Draft, Error> {
    let filter = HistoryFilter {
        since,
        page: Page::first(CHANGES),
        ..HistoryFilter::default()
    };
    let actions = store.history().list(&filter).await?;
    let total = store.history().count(&filter).await?;
    let unread = total.saturating_sub(actions.len() as u64);
    let ids: Vec<_> = actions.iter().map(|action| action.id).collect();
    let by_id: HashMap<_, _> = actions.iter().map(|action| (action.id, action)).collect();
    let mut order = Vec::new();
    let mut fates: HashMap<String, Fate> = HashMap::new();
    let mut many = Vec::new();
    for change in store.history().outline(&ids).await?.iter().rev() {
        let (Some(noun), Some(action)) = (named(change), by_id.get(&change.action)) else {
            continue;
        };
        if change.records.len() > 5 {
            let word = change.kind.word();
            let text = format!(
                "{word} {} {noun}s: {} by {}, {}",
                change.records.len(),
                action.verb,
                action.actor,
                clock(action.time)
            );
            many.extend(Line::of(Some(&action.id.to_string()), &text));
            continue;
        }
        for id in &change.records {
            if started.is_some_and(|started| started.as_str() == id) {
                continue;
            }
            let fate = fates.entry(id.clone()).or_insert_with(|| {
                order.push(id.clone());
                Fate {
                    removed: change.kind == ChangeKind::Removed,
                    ..Fate::default()
                }
            });
            if !fate.verbs.contains(&action.verb) {
                fate.verbs.push(action.verb.clone());
            }
            if !fate.actors.contains(&action.actor) {
                fate.actors.push(action.actor.clone());
            }
        }
    }
    let mut lines = many;
    for id in order {
        let Some(fate) = fates.get(&id) else { continue };
        // What was done first stands first.
        let verbs: Vec<&str> = fate.verbs.iter().rev().map(String::as_str).collect();
        let mut text = format!("{} by {}", verbs.join(", "), fate.actors.join(", "));
        if fate.removed {
            text.push_str(" · it is gone");
        }
        lines.extend(Line::of(Some(&id), &text));
    }
    let (title, command) = match since {
        Some(since) => (
            format!("Changed since {}", clock(since)),
            format!("wsdb history --since {since}"),
        ),
        None => ("Changed lately".to_owned(), "wsdb history".to_owned()),
    };
    Ok(draft(&title, 3, lines, unread, &command))
}
