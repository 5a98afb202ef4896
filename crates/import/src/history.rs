//! Decides which part of a document's history is imported: what continues the local history.

use std::collections::HashMap;

use wsdb_core::{Action, ActionId, HistoryFilter, RecordChange, command_of_verb};
use wsdb_store::{Store, Transaction};

use crate::error::Error;
use crate::report::{Counts, Summary, Warning};

/// An action and the changes it made.
pub(crate) type Entry = (Action, Vec<RecordChange>);

/// Returns the entries of the document that follow the local history, or none if the two differ
/// under the same number.
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
    let repeated = found.windows(2).find(|pair| pair[0].0.id == pair[1].0.id);
    let difference = found.iter().find(|(action, _)| match here.get(&action.id) {
        Some(ours) => !is_same_action(ours, action),
        // Actions that were pruned here are not imported again.
        None => Some(action.id) < newest && Some(action.id) > oldest,
    });
    if let Some((action, _)) = repeated.map(|pair| &pair[1]).or(difference) {
        summary.warnings.push(Warning {
            file: None,
            path: String::new(),
            message: format!(
                "the file's history was not imported: its change {} ({}) differs from the \
                 change with the same number in this database",
                action.id,
                command_of_verb(&action.verb)
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

/// Whether two actions are the same; whether they have been undone since is ignored.
fn is_same_action(ours: &Action, theirs: &Action) -> bool {
    let without_undo = |action: &Action| Action {
        undone_by: None,
        ..action.clone()
    };
    without_undo(ours) == without_undo(theirs)
}
