//! `wsdb session unlink`

use clap::Args;
use wsdb_app::unlink_session;
use wsdb_core::json;

use super::link::LinkArgs;
use super::links::render_link;
use crate::context::Context;
use crate::ui::escape_control_chars;

#[derive(Debug, Args)]
#[command(
    before_help = "Prints the remaining links.",
    after_help = "Example:
  wsdb session unlink 2025-11-20-session-001 --issue 1"
)]
pub(crate) struct Unlink {
    #[command(flatten)]
    ends: LinkArgs,
}

impl Unlink {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ends = self.ends;
        ends.check()?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let session = ends.session.as_deref();
        let left = unlink_session(workspace, actor, session, &ends.decision, &ends.issue).await?;
        let ui = &context.ui;
        if ui.is_json() {
            let total = left.len();
            return ui.print_changed_json(&json!({ "session_links": left, "total": total }));
        }
        if left.is_empty() {
            return ui.print_changed("No links left");
        }
        let lines: Vec<String> = left
            .iter()
            .map(|link| escape_control_chars(&render_link(link)))
            .collect();
        ui.print_changed(&lines.join("\n"))
    }
}
