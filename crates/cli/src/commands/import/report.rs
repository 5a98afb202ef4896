//! The report on an import: warnings, conflicts and a table.

use wsdb_app::documents::{Conflict, Counts, ImportResult, Warning};
use wsdb_app::kind_text;

use crate::table::Column;
use crate::ui::{Style, Ui, format_count};

/// Maximum number of messages of each kind that are printed; `--json` has them all.
const MAX_ITEMS_SHOWN: usize = 20;

/// Prints warnings, conflicts and notes about the import to stderr.
pub(super) fn print_warnings(
    ui: &Ui,
    imported: &ImportResult,
    dry_run: bool,
    file: &std::path::Path,
) {
    let summary = &imported.summary;
    let warnings = summary.warnings.iter().map(format_warning).collect();
    print_capped(ui, "warning", warnings);
    let conflicts = summary.conflicts.iter().map(format_conflict).collect();
    print_capped(ui, "conflict", conflicts);
    // A claim is kept with its task.
    let vanished = summary.vanished.iter().filter(|g| g.kind != "claims");
    let vanished = vanished.map(|g| format!("{} is not in the file; kept in the database", g.id));
    print_capped(ui, "note", vanished.collect());
    let deleted = summary.stay_deleted.iter();
    let deleted =
        deleted.map(|g| format!("{} was deleted in the database and stays deleted", g.id));
    print_capped(ui, "note", deleted.collect());
    if !imported.rejects.is_empty() {
        let left_out = format_count(imported.rejects.len() as u64, "record");
        let place = if dry_run {
            "would be skipped".to_owned()
        } else {
            format!("skipped: see {}", file.display())
        };
        print_capped(ui, "warning", vec![format!("{left_out} {place}")]);
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

fn format_conflict(conflict: &Conflict) -> String {
    let Conflict {
        id,
        field,
        file,
        database,
        ..
    } = conflict;
    match field {
        Some(field) => {
            format!("{field} of {id}: {file} in the file, {database} in the database")
        }
        None => format!("{id} was deleted in the database but changed in the file"),
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
pub(super) fn render_table(ui: &Ui, imported: &ImportResult, dry_run: bool) -> String {
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
        (false, true) if conflicts > 0 || !imported.rejects.is_empty() => {
            "Nothing imported".to_owned()
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
