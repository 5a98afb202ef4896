//! `wsdb adopt`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use wsdb_app::documents::ValueMappings;
use wsdb_app::store::Journal;
use wsdb_app::views::{AdoptOutcome, AdoptView, AdoptedTableView, JournalMode};
use wsdb_app::{Actor, AdoptRequest, Location, adopt_database, adopt_file};

use super::import::report::print_capped;
use crate::args::{Global, name};
use crate::error::UsageError;
use crate::table::Column;
use crate::ui::{Ui, escape_control_chars, format_count};

#[derive(Debug, Args)]
#[command(
    before_help = "Rebuilds the 15 tables of a workspace.db created by the earlier Python tool and
keeps all values; the file becomes a wsdb database. Columns that wsdb does not
have are kept as other fields of the records, and references to missing records
are kept and listed. Tables of other programs in the same file do not change.

First, a backup is written beside the file, checked and compared with it. Then
the file changes in one transaction. If a value is unknown, or a table, view or
trigger of another program refers to the rebuilt tables, nothing is changed.

Scripts that select the old columns by name keep working. If scripts also keep
writing to the file, use --journal delete: SQLite versions before 3.51.3, which
most Python installations use, can damage a file in WAL mode if two programs
write to it at the same time. The mode is kept until this command changes it.",
    after_help = "Examples:
  wsdb adopt --dry-run
  wsdb adopt --map status.wontfix=closed
  wsdb adopt --journal delete
  wsdb adopt --from old.db --into postgres://jo@db.example/orchard"
)]
pub(crate) struct Adopt {
    /// Database of the earlier tool [default: the database of this workspace]
    #[arg(value_name = "FILE", conflicts_with = "from")]
    file: Option<PathBuf>,
    /// Print what would change without writing anything
    #[arg(long)]
    dry_run: bool,
    /// Map an unknown value to a known one, such as status.wontfix=closed (may be repeated)
    #[arg(long, value_name = "FIELD.VALUE=KNOWN")]
    map: Vec<String>,
    /// Journal mode of the file: wal (others can read during a change) or delete (for files that
    /// scripts also write) [default: wal]
    #[arg(
        long,
        value_enum,
        value_name = "MODE",
        hide_possible_values = true,
        conflicts_with = "from"
    )]
    journal: Option<JournalArg>,
    /// Database of the earlier tool, which is read but not changed
    #[arg(long, value_name = "FILE", value_parser = name, requires = "into")]
    from: Option<String>,
    /// Database without records to write to: sqlite://PATH, a path, or postgres://…
    #[arg(long, value_name = "URL", value_parser = name, requires = "from")]
    into: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum JournalArg {
    Wal,
    Delete,
}

impl From<JournalArg> for Journal {
    fn from(journal: JournalArg) -> Self {
        match journal {
            JournalArg::Wal => Journal::Wal,
            JournalArg::Delete => Journal::Delete,
        }
    }
}

impl Adopt {
    pub(crate) async fn run(self, global: &Global, ui: &Ui) -> anyhow::Result<()> {
        let mappings = ValueMappings::parse(&self.map).map_err(UsageError)?;
        if let Some(mapping) = self.map.iter().find(|mapping| !mapping.contains('.')) {
            let reason = format!("--map {mapping}: expected FIELD.VALUE=KNOWN");
            return Err(UsageError(reason).into());
        }
        let request = AdoptRequest {
            mappings,
            dry_run: self.dry_run,
            journal: self.journal.map(Journal::from),
        };
        let current = crate::context::current_folder()?;
        let find = |url: &str| Location::find(&current, None, Some(url));
        let (options, actor) = (global.options(), Actor::new(global.actor_name(), ui.now));
        let view = match (&self.from, &self.into) {
            (Some(from), Some(into)) => {
                adopt_database(&find(from)?, &find(into)?, request, &options, &actor).await?
            }
            _ => {
                let file = match &self.file {
                    Some(file) => find(&file.display().to_string())?,
                    None => crate::context::locate_workspace(global)?,
                };
                adopt_file(&file, request, &options, &actor).await?
            }
        };
        print(&view, ui)
    }
}

fn print(view: &AdoptView, ui: &Ui) -> anyhow::Result<()> {
    let is_changed = view.outcome == AdoptOutcome::Adopted || view.journal.is_some();
    if ui.is_json() {
        return if is_changed {
            ui.print_changed_json(view)
        } else {
            ui.print_json(view)
        };
    }
    let warnings = view.warnings.iter();
    let warnings = warnings.map(|warning| match &*warning.path {
        "" => warning.message.clone(),
        path => format!("{path}: {}", warning.message),
    });
    print_capped(ui, "warning", warnings.collect());
    let columns = view.unknown_columns.iter();
    let columns = columns.map(|it| {
        let field = if it.field == it.column {
            String::new()
        } else {
            format!(" named {}", it.field)
        };
        format!(
            "column {}.{} is kept as another field{field}",
            it.table, it.column
        )
    });
    print_capped(ui, "note", columns.collect());
    if !view.replaced_indexes.is_empty() {
        ui.print_note(&format!(
            "indexes of the old tables were replaced with those of wsdb: {}",
            view.replaced_indexes.join(", ")
        ));
    }
    if !view.other_tables.is_empty() {
        let fate = match &view.from {
            Some(_) => "not copied",
            None => "not changed",
        };
        ui.print_note(&format!(
            "tables of other programs were {fate}: {}",
            view.other_tables.join(", ")
        ));
    }
    let text = render(view, ui);
    if is_changed {
        ui.print_changed(&text)?;
    } else {
        ui.print(&text)?;
    }
    if view.outcome == AdoptOutcome::Adopted && view.journal == Some(JournalMode::Wal) {
        ui.print_note(
            "if scripts also write to this file, run 'wsdb adopt --journal delete': SQLite versions before \
             3.51.3 can damage a file in WAL mode if two programs write to it at the same time",
        );
    }
    Ok(())
}

fn render(view: &AdoptView, ui: &Ui) -> String {
    let database = escape_control_chars(&view.database);
    let count = format_count(view.row_count as u64, "record");
    let result = match view.outcome {
        AdoptOutcome::NothingToDo => {
            let file = view.from.as_ref().unwrap_or(&view.database);
            let file = escape_control_chars(file);
            let mut text = format!("Nothing to adopt: {file} is already a wsdb database");
            if let Some(journal) = view.journal {
                text.push_str(match journal {
                    JournalMode::Wal => "\nSet its journal mode to wal",
                    JournalMode::Delete => "\nSet its journal mode to delete",
                });
            }
            return text;
        }
        AdoptOutcome::Planned => format!("Dry run: {count} would be adopted; nothing was written"),
        AdoptOutcome::Adopted => match (&view.backup, &view.from) {
            (Some(backup), _) => format!(
                "Adopted {count} in {database}\nBackup of the old database: {}",
                escape_control_chars(backup)
            ),
            (None, Some(from)) => format!(
                "Adopted {count} from {} into {database}",
                escape_control_chars(from)
            ),
            (None, None) => format!("Adopted {count} in {database}"),
        },
    };
    format!("{}\n\n{result}", ui.table(&view.tables, &COLUMNS))
}

const COLUMNS: [Column<AdoptedTableView>; 2] = [
    Column::new("table", |table: &AdoptedTableView, _| table.table.clone()),
    Column::new("records", |table: &AdoptedTableView, _| {
        table.row_count.to_string()
    }),
];
