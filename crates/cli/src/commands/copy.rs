//! `wsdb copy`

use std::path::Path;

use clap::Args;
use wsdb_app::views::CopiedTable;
use wsdb_app::{Actor, Location, copy_workspace};

use crate::args::Global;
use crate::progress::Bar;
use crate::table::Column;
use crate::ui::{Tone, Ui, count, visible};

#[derive(Debug, Args)]
#[command(
    after_help = "Everything comes along: every table, what the last import and export left for the next one, and
where the ids go on. All is copied or nothing: before the copy is kept, each table is read back and
compared, by its number of rows and a digest of every value. The database read stays as it is.
The history comes along, with one more change: the copy itself, which `wsdb undo` there takes back.

A SQLite file is made where there is none; a PostgreSQL database has to be there (createdb).

Examples:
  wsdb copy --to postgres://jo@db.example/orchard     this workspace to PostgreSQL
  wsdb copy --from postgres://jo@db.example/orchard --to orchard.db
  wsdb copy --to copy.db --replace                    instead of what is in copy.db

To work with the copy, name it: database = \"postgres://…\" in .wsdb.toml, or --database."
)]
pub(crate) struct Copy {
    /// The database to copy: sqlite://PATH, a path, or postgres://… [default: the workspace's]
    #[arg(long, value_name = "URL")]
    from: Option<String>,
    /// The database to copy to, in the same forms
    #[arg(long, value_name = "URL")]
    to: String,
    /// Delete every record that is there first; all of it stays if the copy fails
    #[arg(long)]
    replace: bool,
}

impl Copy {
    pub(crate) async fn run(self, global: &Global, ui: &Ui) -> anyhow::Result<()> {
        let current = super::current_folder()?;
        let from = match &self.from {
            Some(url) => named(&current, url)?,
            None => Location::find(
                &current,
                global.workspace.as_deref(),
                global.database.as_deref(),
            )?,
        };
        let to = named(&current, &self.to)?;
        let bar = Bar::new(ui.json);
        let actor = Actor {
            name: global.actor_name(),
            now: ui.now,
        };
        let options = global.options();
        let copied = copy_workspace(&from, &to, &options, self.replace, &actor, &bar).await?;
        drop(bar);
        if ui.json {
            return ui.print_changed_json(&copied);
        }
        let table = ui.table(&copied.tables, &COLUMNS);
        ui.print_changed(&format!(
            "{table}\n\ncopied {} from {} to {}; every table checked",
            count(copied.rows, "row"),
            visible(&copied.from),
            visible(&copied.to)
        ))
    }
}

fn named(current: &Path, url: &str) -> Result<Location, wsdb_app::Error> {
    Location::find(current, None, Some(url))
}

/// So many digits of a digest are enough for people to compare.
const DIGITS: usize = 12;

const COLUMNS: [Column<CopiedTable>; 3] = [
    Column::new("table", |copied: &CopiedTable, _| copied.table.clone()),
    Column::new("rows", |copied: &CopiedTable, _| copied.rows.to_string()),
    Column::new("digest", |copied: &CopiedTable, _| {
        copied.digest.chars().take(DIGITS).collect()
    })
    .tone(|_| Tone::Faint),
];
