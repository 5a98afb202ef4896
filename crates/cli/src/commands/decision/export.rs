//! `wsdb decision export`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use wsdb_app::documents::AdrExported;
use wsdb_app::export_adr;

use crate::commands::Context;
use crate::table::Column;
use crate::ui::Tone;

#[derive(Debug, Args)]
#[command(
    after_help = "One file each, in the form of MADR 4 (https://adr.github.io/madr/): the title is what was
decided, the outcome is why. Statuses: planned is proposed; in_progress, implemented and
maintained are accepted. What MADR has no field for stands in the front matter under wsdb.

A decision keeps the file that it has in the folder. A file that holds anything else, or that
was changed and not imported since, is not written over without --force.

Examples:
  wsdb decision export --adr docs/decisions
  wsdb decision export --adr docs/decisions 2 5"
)]
pub(crate) struct Export {
    /// The folder to write into; made where there is none
    #[arg(long, value_name = "DIR", required = true)]
    adr: PathBuf,
    /// Ids, their numbers, or any unique parts of them [default: all decisions]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Write over files that hold something else
    #[arg(long)]
    force: bool,
}

impl Export {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (workspace, ui) = (&context.workspace, &context.ui);
        let exported = export_adr(workspace, &self.adr, &self.ids, self.force).await?;
        if ui.json {
            let files: Vec<_> = exported
                .iter()
                .map(|e| json!({"file": e.file, "id": e.id, "changed": e.changed}))
                .collect();
            let total = files.len();
            return ui.print_changed_json(&json!({"files": files, "total": total}));
        }
        if exported.is_empty() {
            return ui.print("no decisions");
        }
        ui.print_changed(
            &ui.table(
                &exported,
                &[
                    Column::new("id", |e: &AdrExported, _| e.id.to_string()).tone(|_| Tone::Strong),
                    Column::new("file", |e: &AdrExported, _| e.file.display().to_string()),
                    Column::new("", |e: &AdrExported, _| {
                        if e.changed { "written" } else { "unchanged" }.to_owned()
                    })
                    .tone(|e| if e.changed { Tone::Good } else { Tone::Faint }),
                ],
            ),
        )
    }
}
