//! `wsdb decision import`

use std::path::PathBuf;

use clap::Args;
use wsdb_app::documents::{AdrFile, AdrImportResult, AdrOutcome};
use wsdb_app::{import_adr, read_adr};
use wsdb_core::json;

use crate::commands::import::PreferSide;
use crate::context::Context;
use crate::table::Column;
use crate::ui::{Style, escape_control_chars, format_count};

#[derive(Debug, Args)]
#[command(
    before_help = "Reads MADR 2, 3 and 4 and the files of adr-tools. In a folder, only files
whose names start with a number are read. Either all files are imported or
none. The status accepted becomes maintained; proposed becomes planned. Sections
that wsdb has no field for are kept and written back on export.

A file updates the decision named in its front matter, or the one previously
imported from it; otherwise it adds a new decision. A file that is unchanged
since its export changes nothing. If both the file and its decision changed,
nothing is imported unless --prefer is given.",
    after_help = "Examples:
  wsdb decision import --adr docs/decisions --dry-run
  wsdb decision import --adr docs/decisions/0005-use-pears.md"
)]
pub(crate) struct Import {
    /// Folders or single files to import
    #[arg(long, value_name = "DIR|FILE", required = true, num_args = 1..)]
    adr: Vec<PathBuf>,
    /// Resolve conflicts in favor of the file or the database
    #[arg(long, value_enum, value_name = "SIDE")]
    prefer: Option<PreferSide>,
    /// Print what would change without writing anything
    #[arg(long)]
    dry_run: bool,
}

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
        let prefer = self.prefer.map(Into::into);
        let sources = read_adr(workspace, &self.adr)?;
        let imported =
            import_adr(workspace, &context.actor, &sources, prefer, self.dry_run).await?;
        let changed = !self.dry_run && changes(&imported) > 0;
        if ui.is_json() {
            let files: Vec<_> = imported
                .files
                .iter()
                .map(|f| json!({"file": f.file, "id": f.id, "outcome": outcome_name(f.outcome)}))
                .collect();
            let warnings: Vec<_> = imported
                .warnings
                .iter()
                .map(|w| json!({"file": w.file, "message": w.message}))
                .collect();
            let shown = json!({
                "dry_run": self.dry_run, "files": files, "total": imported.files.len(),
                "warnings": warnings, "skipped": sources.skipped,
            });
            return if changed {
                ui.print_changed_json(&shown)
            } else {
                ui.print_json(&shown)
            };
        }
        for warning in &imported.warnings {
            let file = warning
                .file
                .as_deref()
                .map(|file| format!("{}: ", file.display()));
            let message = format!("{}{}", file.unwrap_or_default(), warning.message);
            eprintln!(
                "{}: {}",
                ui.paint_stderr("warning"),
                escape_control_chars(&message)
            );
        }
        if !sources.skipped.is_empty() {
            ui.print_note(&match sources.skipped.len() {
                1 => "skipped 1 file whose name does not start with a number".to_owned(),
                count => {
                    format!("skipped {count} files whose names do not start with a number")
                }
            });
        }
        let end = match (changes(&imported), self.dry_run) {
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

fn changes(imported: &AdrImportResult) -> usize {
    let unchanged = |file: &&AdrFile| file.outcome != AdrOutcome::Unchanged;
    imported.files.iter().filter(unchanged).count()
}
