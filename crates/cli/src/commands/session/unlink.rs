//! `wsdb session unlink`

use clap::Args;
use serde_json::json;
use wsdb_app::unlink_session;

use super::link::Ends;
use super::links::told;
use crate::commands::Context;
use crate::ui::visible;

#[derive(Debug, Args)]
#[command(after_help = "Prints the remaining links.

Example:
  wsdb session unlink 2025-11-20-session-001 --issue 1")]
pub(crate) struct Unlink {
    #[command(flatten)]
    ends: Ends,
}

impl Unlink {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ends = self.ends;
        ends.check()?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let session = ends.session.as_deref();
        let left = unlink_session(workspace, actor, session, &ends.decision, &ends.issue).await?;
        let ui = &context.ui;
        if ui.json {
            let total = left.len();
            return ui.print_changed_json(&json!({ "session_links": left, "total": total }));
        }
        if left.is_empty() {
            return ui.print_changed("No links left");
        }
        let lines: Vec<String> = left.iter().map(|link| visible(&told(link))).collect();
        ui.print_changed(&lines.join("\n"))
    }
}
