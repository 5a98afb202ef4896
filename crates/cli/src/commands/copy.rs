//! `wsdb copy`

use std::path::Path;

use clap::Args;
use wsdb_app::views::CopiedTableView;
use wsdb_app::{Actor, Location, copy_workspace};

use crate::args::{Global, name};
use crate::progress::ImportProgress;
use crate::table::Column;
use crate::ui::{Style, Ui, escape_control_chars, format_count};

#[derive(Debug, Args)]
#[command(
    before_help = "Copies every table, including the history, the versions that the next import
compares with, and the counters for new IDs. The copy is all or nothing: each
table is read back and compared by row count and a digest of all values before
the copy is committed. The source is not changed. The copy is recorded as a
change in the target's history and can be undone there with 'wsdb undo'.

A missing SQLite file is created; a PostgreSQL database must exist already.
To use the copy, set database = \"postgres://…\" in .wsdb.toml or pass
--database.",
    after_help = "Examples:
  wsdb copy --to postgres://jo@db.example/orchard
  wsdb copy --from postgres://jo@db.example/orchard --to orchard.db
  wsdb copy --to copy.db --replace"
)]
pub(crate) struct Copy {
    /// Source: sqlite://PATH, a path, or postgres://… [default: this workspace]
    #[arg(long, value_name = "URL", value_parser = name)]
    from: Option<String>,
    /// Target, in any form that --from accepts
    #[arg(long, value_name = "URL", value_parser = name)]
    to: String,
    /// Replace all records in the target (if the copy fails, they are kept)
    #[arg(long)]
    replace: bool,
}

impl Copy {
    pub(crate) async fn run(self, global: &Global, ui: &Ui) -> anyhow::Result<()> {
        let current = crate::context::current_folder()?;
        let from = match &self.from {
            Some(url) => resolve_location(&current, url)?,
            None => Location::find(
                &current,
                global.workspace.as_deref(),
                global.database.as_deref(),
            )?,
        };
        let to = resolve_location(&current, &self.to)?;
        let bar = ImportProgress::new(ui.is_json());
        let actor = Actor::new(global.actor_name(), ui.now);
        let options = global.options();
        let copied = copy_workspace(&from, &to, &options, self.replace, &actor, &bar).await?;
        drop(bar);
        if ui.is_json() {
            return ui.print_changed_json(&copied);
        }
        let table = ui.table(&copied.tables, &COLUMNS);
        ui.print_changed(&format!(
            "{table}\n\nCopied {} from {} to {}; all tables verified",
            format_count(copied.row_count, "row"),
            escape_control_chars(&copied.from),
            escape_control_chars(&copied.to)
        ))
    }
}

fn resolve_location(current: &Path, url: &str) -> Result<Location, wsdb_app::Error> {
    Location::find(current, None, Some(url))
}

/// Number of digits of a digest that are shown: enough for people to compare.
const DIGITS: usize = 12;

const COLUMNS: [Column<CopiedTableView>; 3] = [
    Column::new("table", |copied: &CopiedTableView, _| copied.table.clone()),
    Column::new("rows", |copied: &CopiedTableView, _| {
        copied.row_count.to_string()
    }),
    Column::new("digest", |copied: &CopiedTableView, _| {
        copied.digest.chars().take(DIGITS).collect()
    })
    .tone(|_| Style::Faint),
];
