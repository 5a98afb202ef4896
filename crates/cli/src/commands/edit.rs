//! `wsdb NOUN edit`

use clap::Args;
use wsdb_app::Resource;

use super::fields::Editable;
use super::fields::args::EditArgs;
use crate::args::Targets;
use crate::context::Context;

/// Description of every `edit` command that has none of its own.
pub(super) const EDIT_HELP: &str =
    "Each option replaces the complete value of its field; --clear removes values.";

#[derive(Debug, Args)]
#[command(before_help = EDIT_HELP)]
pub(crate) struct Edit<R: Editable> {
    #[command(flatten)]
    pub(crate) targets: Targets,
    #[command(flatten)]
    pub(crate) fields: EditArgs<R>,
}

impl<R: Editable> Edit<R> {
    /// Edits records and prints them. `verb` is the command that was typed, such as `issue edit`,
    /// `list` the key of several records in JSON, and `describe` returns the end of the line about
    /// an edited record.
    pub(crate) async fn run(
        self,
        context: &Context,
        verb: &str,
        list: &str,
        describe: impl Fn(&R::View) -> String,
    ) -> anyhow::Result<()>
    where
        R: Resource + PartialEq,
        R::View: From<R>,
    {
        let edited = self.apply(context, verb).await?;
        context.ui.print_records(list, &edited, |record| {
            format!("Edited {}", describe(record))
        })
    }

    /// Edits records without printing them.
    pub(crate) async fn apply(self, context: &Context, verb: &str) -> anyhow::Result<Vec<R::View>>
    where
        R: Resource + PartialEq,
        R::View: From<R>,
    {
        let edit = self.fields.resolve(context).await?;
        edit_records(context, verb, &self.targets, edit).await
    }
}

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
