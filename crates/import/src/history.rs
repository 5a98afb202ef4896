//! Decides which part of a document's history is imported: what continues the local history.

use std::collections::{HashMap, HashSet};

use wsdb_core::{Action, ActionId, ActionWithChanges, HistoryFilter, command_of_verb};
use wsdb_store::{Store, Transaction};

use crate::error::Error;
use crate::report::{Counts, ImportSummary, Warning};

/// Returns the entries of the document that follow the local history; `None` if the two differ under
/// the same number.
pub(crate) async fn plan_history(
    store: &Store<Transaction>,
    mut imported: Vec<ActionWithChanges>,
    summary: &mut ImportSummary,
) -> Result<Option<Vec<ActionWithChanges>>, Error> {
    imported.sort_by_key(|entry| entry.action.id);
    let here = store.history().list(&HistoryFilter::default()).await?;
    let newest = here.iter().map(|action| action.id).max();
    let oldest = here.iter().map(|action| action.id).min();
    let here: HashMap<ActionId, Action> = here.into_iter().map(|a| (a.id, a)).collect();
    let actions = || imported.iter().map(|entry| &entry.action);
    let repeated = actions()
        .zip(actions().skip(1))
        .find_map(|(first, second)| (first.id == second.id).then_some(second));
    let difference = actions().find(|action| match here.get(&action.id) {
        Some(ours) => !is_same_action(ours, action),
        // Actions that were pruned here are not imported again.
        None => Some(action.id) < newest && Some(action.id) > oldest,
    });
    let problem = repeated.or(difference).map(|action| {
        let (id, command) = (action.id, command_of_verb(&action.verb));
        format!(
            "its change {id} ({command}) differs from the change with the same number in this database"
        )
    });
    let problem = problem.or_else(|| {
        let action = find_missing(&imported, here.values())?;
        let (id, command) = (action.id, command_of_verb(&action.verb));
        Some(format!(
            "it has changes newer than {id} ({command}) but lacks {id} itself, which this database has"
        ))
    });
    if let Some(problem) = problem {
        summary.warnings.push(Warning {
            file: None,
            path: String::new(),
            message: format!("the file's history was not imported: {problem}"),
        });
        return Ok(None);
    }
    let total = imported.len();
    imported.retain(|entry| Some(entry.action.id) > newest);
    summary.counts.push(Counts {
        kind: "history",
        new: imported.len(),
        unchanged: total - imported.len(),
        ..Counts::default()
    });
    Ok(Some(imported))
}

/// Returns the first action here that a document lacks, although it has older and newer ones: the two went
/// apart there. The import of a history belongs to no document.
fn find_missing<'a>(
    imported: &[ActionWithChanges],
    here: impl Iterator<Item = &'a Action>,
) -> Option<&'a Action> {
    let ids: HashSet<ActionId> = imported.iter().map(|entry| entry.action.id).collect();
    let (oldest, newest) = (ids.iter().min()?, ids.iter().max()?);
    let is_missing = |action: &&Action| {
        action.id > *oldest
            && action.id < *newest
            && !ids.contains(&action.id)
            && action.verb != Action::IMPORT_WITH_HISTORY
    };
    here.filter(is_missing).min_by_key(|action| action.id)
}

/// Whether two actions are the same; whether they have been undone since is ignored.
fn is_same_action(ours: &Action, theirs: &Action) -> bool {
    let without_undo = |action: &Action| Action {
        undone_by: None,
        ..action.clone()
    };
    without_undo(ours) == without_undo(theirs)
}
