//! The report on an import: warnings, conflicts and a table.

use std::path::Path;

use wsdb_app::documents::{Counts, ImportResult, KindCount, MissingRecord, Warning};
use wsdb_app::{format_count_of_kind, kind_text};

use crate::error::conflicts::format_conflict;
use crate::table::Column;
use crate::ui::{Style, Ui, format_count};

/// Maximum number of messages of each kind that are printed; `--json` has them all.
const MAX_ITEMS_SHOWN: usize = 20;

/// Prints warnings, conflicts and notes about the import to stderr.
pub(super) fn print_warnings(ui: &Ui, imported: &ImportResult, rejects_file: Option<&Path>) {
    let summary = &imported.summary;
    let warnings = summary.warnings.iter().map(format_warning).collect();
    print_capped(ui, "warning", warnings);
    let conflicts = summary.conflicts.iter().map(format_conflict).collect();
    print_capped(ui, "conflict", conflicts);
    // A claim is kept with its task.
    let missing = group_by_kind(&summary.missing).filter(|(kind, _)| *kind != "claims");
    let missing = missing.map(|(kind, ids)| match ids.as_slice() {
        [id] => format!("{id} is not in the file; kept in the database"),
        ids => format!(
            "{} are not in the file; kept in the database",
            format_count_of_kind(ids.len(), kind)
        ),
    });
    print_capped(ui, "note", missing.collect());
    let deleted = group_by_kind(&summary.stay_deleted);
    let deleted = deleted.map(|(kind, ids)| match (kind, ids.as_slice()) {
        ("claims", [id]) => {
            format!("the claim on {id} has ended in the database and was not restored")
        }
        ("claims", ids) => format!(
            "{} have ended in the database and were not restored",
            format_count_of_kind(ids.len(), kind)
        ),
        (_, [id]) => format!("{id} was deleted in the database and stays deleted"),
        (_, ids) => format!(
            "{} were deleted in the database and stay deleted",
            format_count_of_kind(ids.len(), kind)
        ),
    });
    print_capped(ui, "note", deleted.collect());
    let renumbered = summary.renumbered.iter();
    let renumbered =
        renumbered.map(|it| format!("{} in the file is {} in the database", it.from, it.to));
    print_capped(ui, "note", renumbered.collect());
    let older = format_counts(&summary.older, |is_one| {
        let (is, was) = if is_one {
            ("is", "was")
        } else {
            ("are", "were")
        };
        format!("{is} older in the files than in the database and {was} not imported")
    });
    print_capped(ui, "note", older.into_iter().collect());
    let left_out = format_counts(&summary.left_out, |is_one| {
        if is_one {
            "was left out because its ID belongs to a different record in the database, or because the record \
             has another ID there; --renumber imports it"
        } else {
            "were left out because their IDs belong to different records in the database, or because the \
             records have other IDs there; --renumber imports them"
        }
        .to_owned()
    });
    print_capped(ui, "note", left_out.into_iter().collect());
    if !imported.rejects.is_empty() {
        let left_out = format_count(imported.rejects.len() as u64, "record");
        let place = match rejects_file {
            Some(file) => format!("skipped: see {}", file.display()),
            None => "would be skipped".to_owned(),
        };
        print_capped(ui, "warning", vec![format!("{left_out} {place}")]);
    }
}

/// Returns the ids of records by their kind, in the order in which the kinds appear.
fn group_by_kind(records: &[MissingRecord]) -> impl Iterator<Item = (&'static str, Vec<&str>)> {
    let groups = records.chunk_by(|a, b| a.kind == b.kind);
    groups.map(|group| {
        (
            group[0].kind,
            group.iter().map(|record| record.id.as_str()).collect(),
        )
    })
}

/// Describes what happened to records of one or several kinds; `describe` gets whether it was only one.
fn format_counts(counts: &[KindCount], describe: impl Fn(bool) -> String) -> Option<String> {
    let total: usize = counts.iter().map(|it| it.count).sum();
    let kinds: Vec<String> = counts
        .iter()
        .map(|it| format_count_of_kind(it.count, it.kind))
        .collect();
    let description = describe(total == 1);
    match kinds.as_slice() {
        [] => None,
        [kind] => Some(format!("{kind} {description}")),
        kinds => Some(format!(
            "{total} records {description} ({})",
            kinds.join(", ")
        )),
    }
}

pub(crate) fn format_warning(warning: &Warning) -> String {
    let Warning {
        file,
        path,
        message,
    } = warning;
    match file {
        Some(file) if !path.is_empty() => format!("{}, {path}: {message}", file.display()),
        Some(file) => format!("{}: {message}", file.display()),
        None => message.clone(),
    }
}

pub(crate) fn print_capped(ui: &Ui, what: &str, messages: Vec<String>) {
    for message in messages.iter().take(MAX_ITEMS_SHOWN) {
        ui.print_labeled(what, message);
    }
    if messages.len() > MAX_ITEMS_SHOWN {
        let more = messages.len() - MAX_ITEMS_SHOWN;
        ui.print_labeled(what, &format!("… and {more} more (--json prints all)"));
    }
}

/// Renders the number of imported records by kind, and a line about the result.
pub(super) fn render_table(
    ui: &Ui,
    imported: &ImportResult,
    is_database_preferred: bool,
    dry_run: bool,
) -> String {
    let summary = &imported.summary;
    let rows: Vec<&Counts> = summary
        .counts
        .iter()
        .chain([&summary.document_fields])
        .filter(|c| c.new + c.changed + c.unchanged + c.deleted > 0)
        .collect();
    let columns = [
        Column::new("", |c: &&Counts, _| kind_text(c.kind).to_owned()),
        Column::new("new", |c: &&Counts, _| c.new.to_string())
            .tone(|c| style_count(c.new, Style::Good)),
        Column::new("changed", |c: &&Counts, _| c.changed.to_string())
            .tone(|c| style_count(c.changed, Style::Warn)),
        Column::new("unchanged", |c: &&Counts, _| c.unchanged.to_string())
            .tone(|c| style_count(c.unchanged, Style::Plain)),
        Column::new("deleted", |c: &&Counts, _| c.deleted.to_string())
            .tone(|c| style_count(c.deleted, Style::Bad)),
    ];
    let mut text = if rows.is_empty() {
        String::new()
    } else {
        format!("{}\n\n", ui.table(&rows, &columns))
    };
    let conflicts = summary.conflicts.len();
    text.push_str(&match (dry_run, summary.is_unchanged()) {
        (true, true) => "Dry run: nothing would change".to_owned(),
        (true, false) => "Dry run: nothing was written".to_owned(),
        (false, true)
            if conflicts > 0 || !imported.rejects.is_empty() || !summary.left_out.is_empty() =>
        {
            "No records imported".to_owned()
        }
        // A conflict that was resolved in favor of the database does not change its record.
        (false, true)
            if !summary.older.is_empty()
                || !summary.stay_deleted.is_empty()
                || is_database_preferred =>
        {
            "Nothing to import".to_owned()
        }
        (false, true) => "Nothing to import: all records are unchanged".to_owned(),
        (false, false) => {
            let imported_count: usize = summary.counts.iter().map(|c| c.new + c.changed).sum();
            let deleted = match summary.counts.iter().map(|c| c.deleted).sum() {
                0 => String::new(),
                deleted => format!("; deleted {}", format_count(deleted as u64, "record")),
            };
            format!(
                "Imported {} from {}{deleted}",
                format_count(imported_count as u64, "record"),
                format_count(imported.files.len() as u64, "file")
            )
        }
    });
    if conflicts > 0 {
        text.push_str(&format!("; {}", format_count(conflicts as u64, "conflict")));
    }
    text
}

fn style_count(number: usize, tone: Style) -> Style {
    if number == 0 { Style::Faint } else { tone }
}
