//! What `wsdb NOUN edit` and other commands that change given records share.

use wsdb_app::Resource;

use super::Context;
use crate::args::Targets;

/// Edits the given records if they meet the expectations of `--expect`.
pub(crate) async fn edit_records<R>(
    context: &Context,
    verb: &str,
    targets: &Targets,
    edit: impl Fn(&mut R),
) -> anyhow::Result<Vec<R::View>>
where
    R: Resource + PartialEq,
    R::View: From<R>,
{
    let (workspace, actor) = (&context.workspace, &context.actor);
    let (ids, expected) = (&targets.ids.ids, targets.expected()?);
    Ok(wsdb_app::edit_records(workspace, actor, verb, ids, &expected, edit).await?)
}
