//! `wsdb decision import`

use std::path::PathBuf;

use clap::Args;
use wsdb_app::documents::{
    AdrConflictOptions, AdrFile, AdrImportResult, AdrOptions, AdrOutcome, ParseError,
};
use wsdb_app::views::AdrImportView;
use wsdb_app::{import_adr, read_adr};

use crate::commands::import::PreferSide;
use crate::commands::import::report::{format_warning, print_capped};
use crate::context::Context;
use crate::error::UsageError;
use crate::table::Column;
use crate::ui::{Style, Ui, format_count};

#[derive(Debug, Args)]
#[command(
    before_help = "Reads Markdown files of any style: MADR, adr-tools and others, in many
languages. In a folder, only files that have a number in their name or contain a
status or a decision section are read; subfolders are not. An export writes each
file back as it was; only the parts that have changed in the decision since the
import are replaced.

The status accepted becomes maintained; proposed becomes planned. A status that
is missing or not recognized becomes unknown; --map maps unrecognized ones. If a
file has no date, the date of its first commit is used, or else the date of the
import. A status or date that was set in this way is not written to the file.

A file updates the decision named in its front matter, or the one previously
imported from it; otherwise it adds a new decision. A file that is unchanged
since its export changes nothing. If both the file and its decision changed,
the changes are merged. If both changed the same part, nothing is imported
unless --prefer is given. If the ID in a file belongs to a different decision,
nothing is imported unless --renumber or --prefer database is given.

Links such as 'Superseded by ADR-5' are read from the status. If the status
refers to a different decision than before, the old link is removed.

If a file cannot be read or contains git conflict markers, nothing is imported
unless --skip-rejects is given.",
    after_help = "Examples:
  wsdb decision import --adr docs/decisions --dry-run
  wsdb decision import --adr docs/decisions/0005-use-pears.md
  wsdb decision import --adr docs/adr --map 'status.on ice=deprecated'"
)]
pub(crate) struct Import {
    /// Folders or single files to import
    #[arg(long, value_name = "DIR|FILE", required = true, num_args = 1..)]
    adr: Vec<PathBuf>,
    /// Resolve conflicts in favor of the file or the database
    #[arg(long, value_enum, value_name = "SIDE")]
    prefer: Option<PreferSide>,
    /// Give decisions in the files new IDs if their IDs belong to different decisions
    #[arg(long)]
    renumber: bool,
    /// Map an unrecognized status to a known one (may be repeated)
    #[arg(long, value_name = "status.VALUE=KNOWN")]
    map: Vec<String>,
    /// Skip files that cannot be read
    #[arg(long)]
    skip_rejects: bool,
    /// Print what would change without writing anything
    #[arg(long)]
    dry_run: bool,
}

/// Maximum number of skipped files in a note.
const MAX_SKIPPED_SHOWN: usize = 20;

fn outcome_name(outcome: AdrOutcome) -> &'static str {
    match outcome {
        AdrOutcome::New => "new",
        AdrOutcome::Changed => "changed",
        AdrOutcome::Unchanged => "unchanged",
    }
}

const FILES: &[Column<AdrFile>] = &[
    Column::new("id", |f: &AdrFile, _| f.id.to_string()).tone(|_| Style::Strong),
    Column::new("file", |f: &AdrFile, _| f.file.display().to_string()),
    Column::new("decision", |f: &AdrFile, _| f.title.clone()).min_width(24),
    Column::new("result", |f: &AdrFile, _| {
        outcome_name(f.outcome).to_owned()
    })
    .tone(|f| match f.outcome {
        AdrOutcome::New => Style::Good,
        AdrOutcome::Changed => Style::Warn,
        AdrOutcome::Unchanged => Style::Faint,
    }),
];

impl Import {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (workspace, ui) = (&context.workspace, &context.ui);
        let conflicts = AdrConflictOptions {
            prefer: self.prefer.map(Into::into),
            renumber: self.renumber,
        };
        let options = AdrOptions::new(&self.map, self.skip_rejects).map_err(UsageError)?;
        let sources = read_adr(workspace, &self.adr, &options).await?;
        let imported =
            import_adr(workspace, &context.actor, &sources, conflicts, self.dry_run).await?;
        let changed = !self.dry_run && changes(&imported) > 0;
        if ui.is_json() {
            let shown = AdrImportView::new(&imported, &sources.rejects, self.dry_run);
            return if changed {
                ui.print_changed_json(&shown)
            } else {
                ui.print_json(&shown)
            };
        }
        print_problems(ui, &imported, &sources.rejects);
        let end = match (changes(&imported), self.dry_run) {
            (0, false) if imported.files.iter().any(|file| file.is_database_kept) => {
                "Conflicts were resolved in favor of the database; no decision was changed"
                    .to_owned()
            }
            (0, false) => "Nothing to import: all decisions are unchanged".to_owned(),
            (0, true) => "Dry run: nothing would change".to_owned(),
            (_, true) => "Dry run: nothing was written".to_owned(),
            (changes, false) => format!("Imported {}", format_count(changes as u64, "decision")),
        };
        let text = format!("{}\n\n{end}", ui.table(&imported.files, FILES));
        if changed {
            ui.print_changed(&text)
        } else {
            ui.print(&text)
        }
    }
}

/// Prints what was not understood, skipped or left out to stderr.
fn print_problems(ui: &Ui, imported: &AdrImportResult, rejects: &[ParseError]) {
    let rejects = rejects.iter().map(|reject| format!("skipped {reject}"));
    print_capped(ui, "warning", rejects.collect());
    let warnings = imported.warnings.iter().map(format_warning);
    print_capped(ui, "warning", warnings.collect());
    for renumbered in &imported.renumbered {
        let (from, to) = (&renumbered.from, &renumbered.to);
        ui.print_note(&format!("{from} in the file is {to} in the database"));
    }
    for file in &imported.files {
        if let Some(former) = &file.former_file {
            let (file, id) = (file.file.display(), &file.id);
            ui.print_note(&format!(
                "{file} was renamed from {former}; its decision is {id}"
            ));
        }
    }
    let without_status = imported.files.iter().filter(|file| file.has_no_status);
    let without_status = without_status
        .filter(|file| file.outcome != AdrOutcome::Unchanged)
        .count();
    if without_status > 0 {
        ui.print_note(&match without_status {
            1 => "1 file has no status; its decision has the status unknown".to_owned(),
            n => format!("{n} files have no status; their decisions have the status unknown"),
        });
    }
    if !imported.skipped.is_empty() {
        let count = imported.skipped.len();
        let files = format_count(count as u64, "file");
        let named = imported.skipped.iter().take(MAX_SKIPPED_SHOWN);
        let named = named.map(|skipped| format!("{} ({})", skipped.file.display(), skipped.reason));
        let mut named: Vec<String> = named.collect();
        if count > MAX_SKIPPED_SHOWN {
            let more = count - MAX_SKIPPED_SHOWN;
            named.push(format!("and {more} more (--json prints all)"));
        }
        ui.print_note(&format!("skipped {files}: {}", named.join(", ")));
    }
}

fn changes(imported: &AdrImportResult) -> usize {
    let unchanged = |file: &&AdrFile| file.outcome != AdrOutcome::Unchanged;
    imported.files.iter().filter(unchanged).count()
}
