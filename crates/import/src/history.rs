//! How a document's history meets the one that is here: it is taken where it goes on from it.

use std::collections::HashMap;

use wsdb_core::{Action, ActionId, HistoryFilter, RecordChange};
use wsdb_store::{Store, Transaction};

use crate::error::Error;
use crate::plan::{Counts, Summary, Warning};

/// What was done, with what changed by it.
pub(crate) type Entry = (Action, Vec<RecordChange>);

/// Decides which of the document's entries are taken: those that follow on the ones that are
/// here, or none of them where both tell different things under the same number.
pub(crate) async fn decide(
    store: &Store<Transaction>,
    mut found: Vec<Entry>,
    summary: &mut Summary,
) -> Result<Vec<Entry>, Error> {
    found.sort_by_key(|(action, _)| action.id);
    let here = store.history().list(&HistoryFilter::default()).await?;
    let newest = here.iter().map(|action| action.id).max();
    let oldest = here.iter().map(|action| action.id).min();
    let here: HashMap<ActionId, Action> = here.into_iter().map(|a| (a.id, a)).collect();
    let twice = found.windows(2).find(|pair| pair[0].0.id == pair[1].0.id);
    let clash = found.iter().find(|(action, _)| match here.get(&action.id) {
        Some(ours) => !same(ours, action),
        // What is forgotten here stays so.
        None => Some(action.id) < newest && Some(action.id) > oldest,
    });
    if let Some((action, _)) = twice.map(|pair| &pair[1]).or(clash) {
        summary.warnings.push(Warning {
            file: None,
            path: String::new(),
            message: format!(
                "the history of the file was left out: its change {} ({}) is another one than the \
                 one with this number here",
                action.id, action.verb
            ),
        });
        return Ok(Vec::new());
    }
    let total = found.len();
    found.retain(|(action, _)| Some(action.id) > newest);
    summary.counts.push(Counts {
        kind: "history",
        new: found.len(),
        unchanged: total - found.len(),
        ..Counts::default()
    });
    Ok(found)
}

/// Whether it has been taken back since makes no other action of it.
fn same(ours: &Action, theirs: &Action) -> bool {
    let plain = |action: &Action| Action {
        undone_by: None,
        ..action.clone()
    };
    plain(ours) == plain(theirs)
}
