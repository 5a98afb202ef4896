//! `wsdb context end`

use clap::Args;
use wsdb_app::context_end;

use crate::context::Context;
use crate::render::context::format_visit_duration;
use crate::ui::format_count;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  wsdb context end\n  wsdb context end 7 --force")]
pub(super) struct End {
    /// Visit ID, its number such as 7, or a unique part of the ID (whole words) [default: your current visit]
    id: Option<String>,
    /// End the visit even if it belongs to another actor
    #[arg(long, short, requires = "id")]
    force: bool,
}

impl End {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let (workspace, actor) = (&context.workspace, &context.actor);
        let ended = context_end(workspace, actor, self.id.as_deref(), self.force).await?;
        let lasted = format_visit_duration(&ended, &context.ui);
        let changes = ended.operations_count.map(i64::unsigned_abs);
        let changes = changes.map(|changes| format!(" ({})", format_count(changes, "change")));
        let changes = changes.unwrap_or_default();
        let line = format!("Left {} after {lasted}{changes}", ended.repo);
        context.ui.print_record(&ended, &line)
    }
}
