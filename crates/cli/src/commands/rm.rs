//! `wsdb NOUN rm`

use clap::Args;
use wsdb_app::store::OnDelete;
use wsdb_app::{Resource, remove_records};

use crate::args::Ids;
use crate::context::Context;

#[derive(Debug, Args)]
pub(crate) struct Rm {
    #[command(flatten)]
    pub(crate) ids: Ids,
    /// Delete even if other records reference them; the references are kept
    #[arg(long, short)]
    force: bool,
}

impl Rm {
    pub(crate) fn referrers(&self) -> OnDelete {
        if self.force {
            OnDelete::Detach
        } else {
            OnDelete::Respect
        }
    }

    /// Deletes records. `noun` is the command that was typed, such as `issue`.
    pub(crate) async fn run<R: Resource>(
        self,
        context: &Context,
        noun: &str,
    ) -> anyhow::Result<()> {
        let deleted = remove_records::<R>(
            &context.workspace,
            &context.actor,
            &format!("{noun} rm"),
            &self.ids.ids,
            self.referrers(),
        )
        .await?;
        context.ui.print_deleted(R::NOUN, &deleted)
    }
}
