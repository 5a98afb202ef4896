//! `wsdb NOUN edit`, and whatever else changes the records that are named

use wsdb_app::{Noun, edit_records};

use super::Context;
use crate::args::Targets;

/// Changes the records that are named, if they are as expected.
pub(crate) async fn edited<R>(
    context: &Context,
    verb: &str,
    targets: &Targets,
    edit: impl Fn(&mut R),
) -> anyhow::Result<Vec<R::View>>
where
    R: Noun + PartialEq,
    R::View: From<R>,
{
    let (workspace, actor) = (&context.workspace, &context.actor);
    let (ids, expected) = (&targets.ids.ids, targets.expected()?);
    Ok(edit_records(workspace, actor, verb, ids, &expected, edit).await?)
}
