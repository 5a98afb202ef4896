//! `wsdb decision export`

use std::path::PathBuf;

use clap::Args;
use wsdb_app::documents::ExportedAdr;
use wsdb_app::views::AdrExportView;
use wsdb_app::{Error, export_adr};

use crate::context::Context;
use crate::table::Column;
use crate::time::format_zoned;
use crate::ui::Style;

#[derive(Debug, Args)]
#[command(
    before_help = "Writes one Markdown file per decision. A file that was imported is written
back as it was; only the parts, such as the status, that have changed in the
decision since the import are replaced. Fields that the format of the file does
not have are written to its front matter under 'wsdb'.

Other decisions are written in MADR 4 format (https://adr.github.io/madr/),
with the decision as the title and the rationale as the outcome. The status
planned becomes proposed; in_progress, implemented and maintained become
accepted.

A decision that was already exported to the folder keeps its file name. A file
with other content, or with changes that were not imported, is only
overwritten with --force, which also rewrites imported files in MADR 4 format.",
    after_help = "Examples:
  wsdb decision export --adr docs/decisions
  wsdb decision export --adr docs/decisions 2 5"
)]
pub(crate) struct Export {
    /// Output folder, created if missing
    #[arg(long, value_name = "DIR", required = true)]
    adr: PathBuf,
    /// Decision IDs, their numbers such as 7, or unique parts of IDs (whole words) [default: all]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Overwrite files with other content, and use MADR 4 format for all of them
    #[arg(long)]
    force: bool,
}

impl Export {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        // The decisions remember where their pages are.
        if self.adr.to_str().is_none() {
            return Err(Error::NotUtf8(self.adr).into());
        }
        let (workspace, ui) = (&context.workspace, &context.ui);
        let exported =
            export_adr(workspace, &self.adr, &self.ids, self.force, format_zoned).await?;
        if ui.is_json() {
            return ui.print_changed_json(&AdrExportView::from(exported.as_slice()));
        }
        if exported.is_empty() {
            return ui.print("No decisions");
        }
        ui.print_changed(
            &ui.table(
                &exported,
                &[
                    Column::new("id", |e: &ExportedAdr, _| e.id.to_string())
                        .tone(|_| Style::Strong),
                    Column::new("file", |e: &ExportedAdr, _| e.file.display().to_string()),
                    Column::new("result", |e: &ExportedAdr, _| {
                        if e.changed { "written" } else { "unchanged" }.to_owned()
                    })
                    .tone(|e| if e.changed { Style::Good } else { Style::Faint }),
                ],
            ),
        )
    }
}
