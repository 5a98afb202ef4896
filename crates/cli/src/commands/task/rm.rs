//! `wsdb task rm`

use wsdb_app::remove_tasks;

use crate::commands::rm::Rm;
use crate::context::Context;

pub(crate) async fn run(command: Rm, context: &Context) -> anyhow::Result<()> {
    let referrers = command.referrers();
    let (workspace, actor) = (&context.workspace, &context.actor);
    let deleted = remove_tasks(workspace, actor, &command.ids.ids, referrers).await?;
    context.ui.print_deleted("task", &deleted)
}
