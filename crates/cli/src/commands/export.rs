//! `wsdb export`

use std::path::PathBuf;

use clap::Args;
use wsdb_app::documents::{self, ExportOptions, ExportedFile};
use wsdb_app::views::ExportView;

use crate::context::Context;
use crate::progress::ImportProgress;
use crate::table::Column;
use crate::ui::Style;

#[derive(Debug, Args)]
#[command(
    before_help = "The order and format of the output are stable, so a git diff shows only what
changed. Each record has the key 'rev', which identifies its version:
'wsdb import' uses it to merge changes. A file with changes that were never
imported is only overwritten with --force. 'wsdb import' imports the changes in
HISTORY.json that are newer than the history of the database; if the two
histories diverge, it imports none and prints a warning.",
    after_help = "Examples:
  wsdb export documents/
  wsdb export documents/ --history"
)]
pub(crate) struct Export {
    /// Output folder, created if missing [default: the workspace folder]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Overwrite files that changed since the last import or export
    #[arg(long)]
    force: bool,
    /// Also write HISTORY.json, with every change to every record
    #[arg(long)]
    history: bool,
}

impl Export {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let folder = self
            .folder
            .unwrap_or_else(|| context.workspace.location.folder.clone());
        if folder.to_str().is_none() {
            return Err(wsdb_app::Error::NotUtf8(folder).into());
        }
        let bar = ImportProgress::new(context.ui.is_json());
        let options = ExportOptions {
            force: self.force,
            history: self.history,
            workspace: Some(context.workspace.location.folder.clone()),
        };
        let exported = documents::export(&context.workspace.store, &folder, &options, &bar)
            .await
            .map_err(wsdb_app::Error::from)?;
        drop(bar);
        if context.ui.is_json() {
            let view = ExportView::from(exported.as_slice());
            return context.ui.print_changed_json(&view);
        }
        context.ui.print_changed(
            &context.ui.table(
                &exported,
                &[
                    Column::new("file", |e: &ExportedFile, _| e.file.display().to_string()),
                    Column::new("records", |e: &ExportedFile, _| e.records.to_string()),
                    Column::new("result", |e: &ExportedFile, _| {
                        if e.changed { "written" } else { "unchanged" }.to_owned()
                    })
                    .tone(|e| if e.changed { Style::Good } else { Style::Faint }),
                ],
            ),
        )
    }
}
