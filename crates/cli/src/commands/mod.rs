//! The commands, one module each, and the lookups and notes that several of them share.

pub(crate) mod adopt;
pub(crate) mod architecture;
pub(crate) mod backup;
pub(crate) mod command_tree;
pub(crate) mod completions;
pub(crate) mod configuration;
pub(crate) mod context;
pub(crate) mod copy;
pub(crate) mod decision;
mod default_repo;
pub(crate) mod drift;
mod edit;
pub(crate) mod export;
pub(crate) mod fields;
pub(crate) mod git;
pub(crate) mod goal;
pub(crate) mod handoff;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod issue;
mod list;
pub(crate) mod man;
pub(crate) mod next;
pub(crate) mod placement;
pub(crate) mod repo;
pub(crate) mod restore;
mod rm;
pub(crate) mod search;
pub(crate) mod session;
mod show;
pub(crate) mod state;
pub(crate) mod stats;
pub(crate) mod status;
pub(crate) mod task;
pub(crate) mod undo;
pub(crate) mod why;

use wsdb_app::{
    Error as AppError, Resource, UnknownRepo, find_missing, find_unknown_values, noun_text,
    resolve_collecting_missing,
};

use crate::context::Context;
use crate::ui::{Ui, format_count};

/// Resolves the names of records in a filter. Prints a note for each one that does not exist: others may
/// still refer to it, but more often it is mistyped. No command fails because of an unknown record in
/// a filter.
async fn resolve_filter<R: Resource>(
    context: &Context,
    names: &[String],
) -> anyhow::Result<Vec<R::Id>> {
    let records = context.workspace.store.records::<R>();
    let mut missing = Vec::new();
    let ids = resolve_collecting_missing(&records, names, &mut missing).await?;
    print_not_found_notes(context, &missing);
    Ok(ids)
}

/// Prints a note for each value of a filter that no record has in a column; `noun` is what the values
/// are, such as `component`. There is none for a `usual` value.
async fn note_unknown_values<R: Resource>(
    context: &Context,
    noun: &'static str,
    column: &'static str,
    values: impl IntoIterator<Item = &'_ str>,
    usual: &[&str],
) -> anyhow::Result<()> {
    let records = context.workspace.store.records::<R>();
    let values: Vec<&str> = values.into_iter().collect();
    let unknown = find_unknown_values(&records, noun, column, &values, usual).await?;
    print_not_found_notes(context, &unknown);
    Ok(())
}

/// Prints a note for each component of a filter that no record of a type has.
async fn note_unknown_components<R: Resource>(
    context: &Context,
    names: &[String],
) -> anyhow::Result<()> {
    let names = names.iter().map(String::as_str);
    note_unknown_values::<R>(context, "component", "component_name", names, &[]).await
}

/// Prints a note for each of these errors that is about something that does not exist.
fn print_not_found_notes(context: &Context, errors: &[AppError]) {
    for error in errors {
        if let AppError::NotFound {
            noun,
            word,
            suggestion,
        } = error
        {
            let suggestion = suggestion.as_ref();
            let suggestion = suggestion.map(|suggestion| format!("; did you mean {suggestion}?"));
            let suggestion = suggestion.unwrap_or_default();
            let note = format!("{} {word} not found{suggestion}", reference_noun(noun));
            context.ui.print_note(&note);
        }
    }
}

/// Prints a note for each referenced record that does not exist yet.
async fn note_missing<R: Resource>(context: &Context, ids: &[R::Id]) -> anyhow::Result<()> {
    note_missing_except::<R>(context, ids, &[]).await
}

/// Same as [`note_missing`], for references of the records `own`, which are not suggested.
async fn note_missing_except<R: Resource>(
    context: &Context,
    ids: &[R::Id],
    own: &[&R::Id],
) -> anyhow::Result<()> {
    for missing in find_missing(&context.workspace.store.records::<R>(), ids).await? {
        let is_own = |id: &&str| own.iter().any(|own| own.as_ref() == *id);
        let suggestion = missing.suggestion.as_deref().filter(|id| !is_own(id));
        let note = missing_note(R::NOUN, missing.id.as_ref(), suggestion);
        context.ui.print_note(&note);
    }
    Ok(())
}

/// Prints a note for each of these errors that is about a record that does not exist yet. The record with
/// the references, `own`, is not suggested.
fn print_missing_notes(context: &Context, errors: &[AppError], own: Option<&str>) {
    for error in errors {
        if let AppError::NotFound {
            noun,
            word,
            suggestion,
        } = error
        {
            let suggestion = suggestion.as_deref().filter(|id| own != Some(*id));
            let note = missing_note(noun, word, suggestion);
            context.ui.print_note(&note);
        }
    }
}

/// Maximum number of notes on unknown repos.
const MAX_UNKNOWN_REPOS_SHOWN: usize = 5;

/// Prints a note for each repo that the workspace does not know.
pub(crate) fn print_unknown_repos(ui: &Ui, unknown: &[UnknownRepo]) {
    let list = ui.commands.format_without_actor("repo list");
    for UnknownRepo { name, suggestions } in unknown.iter().take(MAX_UNKNOWN_REPOS_SHOWN) {
        let suggestion = match suggestions.split_last() {
            Some((last, [])) => format!("did you mean {last}?"),
            Some((last, others)) => format!("did you mean {} or {last}?", others.join(", ")),
            None => format!("run {list} to list the repos"),
        };
        ui.print_note(&format!(
            "no repo named {name:?} in this workspace; {suggestion}"
        ));
    }
    let more = unknown.len().saturating_sub(MAX_UNKNOWN_REPOS_SHOWN);
    if more > 0 {
        let repos = format_count(more as u64, "more unknown repo");
        ui.print_note(&format!("{repos}; run {list} to list the repos"));
    }
}

/// Returns a note on a reference to a record that does not exist yet.
fn missing_note(noun: &str, id: &str, suggestion: Option<&str>) -> String {
    let suggestion = suggestion.map(|suggestion| format!("; did you mean {suggestion}?"));
    let suggestion = suggestion.unwrap_or_default();
    format!(
        "{} {id} does not exist yet{suggestion}",
        reference_noun(noun)
    )
}

/// Returns the word for what a reference or a filter names.
fn reference_noun(noun: &str) -> &str {
    match noun_text(noun) {
        // People refer to a placement by its component.
        "placement" => "component",
        noun => noun,
    }
}
