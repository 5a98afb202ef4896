//! `wsdb decision`

mod add;
mod edit;
mod list;
mod set_status;
mod stats;

use clap::{Args, Subcommand};
use wsdb_core::Impact;

use super::Context;
use super::rm::Rm;
use super::show::Show;
use super::task::{set, set_list};
use crate::args::{known, name};
use crate::render;

#[derive(Debug, Subcommand)]
pub(crate) enum Decision {
    /// Add a decision
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List decisions
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a decision
    #[command(after_help = "Example:\n  wsdb decision show 7 --history")]
    Show(Show),
    /// Change fields of decisions
    Edit(edit::Edit),
    /// Move decisions to a status: planned, in_progress, implemented or maintained
    Status(set_status::SetStatus),
    /// Delete decisions
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb decision rm 7"
    )]
    Rm(Rm),
    /// Count decisions by status
    Stats,
}

impl Decision {
    /// Whether it writes records, and not only what is there already.
    pub(crate) fn makes(&self) -> bool {
        !matches!(
            self,
            Decision::List(_) | Decision::Show(_) | Decision::Rm(_) | Decision::Stats
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Decision::Add(command) => command.run(context).await,
            Decision::List(command) => command.run(context).await,
            Decision::Show(command) => {
                command
                    .run::<wsdb_core::Decision>(context, render::decision)
                    .await
            }
            Decision::Edit(command) => command.run(context).await,
            Decision::Status(command) => command.run(context).await,
            Decision::Rm(command) => {
                command
                    .run::<wsdb_core::Decision>(context, "decision")
                    .await
            }
            Decision::Stats => stats::run(context).await,
        }
    }
}

/// What a decision can be given beside its words.
#[derive(Debug, Default, PartialEq, Args)]
pub(super) struct Fields {
    /// Why; - reads stdin
    #[arg(long, value_name = "TEXT")]
    rationale: Option<String>,
    /// How far it reaches
    #[arg(long, short, value_parser = known::<Impact>())]
    impact: Option<Impact>,
    /// The repos it touches, in place of those it has; several with commas
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// Files it is about, in place of those it has; several with commas
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    file: Vec<String>,
    /// Documents that tell of it, in place of those it has; several with commas
    #[arg(long, value_name = "DOCUMENT", value_delimiter = ',', value_parser = name)]
    documentation: Vec<String>,
}

impl Fields {
    /// Reads stdin; what comes back changes a decision.
    fn ready(self) -> anyhow::Result<impl Fn(&mut wsdb_core::Decision)> {
        let rationale = crate::args::text_or_stdin(self.rationale)?;
        let fields = Fields {
            rationale: None,
            ..self
        };
        Ok(move |decision: &mut wsdb_core::Decision| {
            set(&mut decision.rationale, &rationale);
            set(&mut decision.impact, &fields.impact);
            set_list(&mut decision.repos_affected, &fields.repo);
            set_list(&mut decision.related_files, &fields.file);
            set_list(&mut decision.documentation, &fields.documentation);
        })
    }
}
