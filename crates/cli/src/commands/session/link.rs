//! `wsdb session link`

use clap::Args;
use wsdb_app::link_session;

use super::links::render_link;
use crate::args::name;
use crate::context::Context;
use crate::error::UsageError;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  wsdb session link 2025-11-20-session-001 --decision 2 --issue 1")]
pub(crate) struct Link {
    #[command(flatten)]
    pub(super) ends: LinkArgs,
}

/// A session and the records to link it to.
#[derive(Debug, Args)]
pub(super) struct LinkArgs {
    /// Session ID, or a unique part of it (whole words) [default: your current session]
    pub(super) session: Option<String>,
    /// Decisions made in the session (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    pub(super) decision: Vec<String>,
    /// Issues found in the session (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    pub(super) issue: Vec<String>,
}

impl LinkArgs {
    pub(super) fn check(&self) -> Result<(), UsageError> {
        if self.decision.is_empty() && self.issue.is_empty() {
            Err(UsageError("--decision or --issue is required".to_owned()))
        } else {
            Ok(())
        }
    }
}

impl Link {
    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let ends = self.ends;
        ends.check()?;
        let (workspace, actor) = (&context.workspace, &context.actor);
        let session = ends.session.as_deref();
        let links = link_session(workspace, actor, session, &ends.decision, &ends.issue).await?;
        context.ui.print_records("session_links", &links, |link| {
            format!("Linked {}", render_link(link))
        })
    }
}
