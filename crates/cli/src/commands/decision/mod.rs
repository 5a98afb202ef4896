//! `wsdb decision`

mod add;
mod edit;
mod export;
mod import;
mod link;
mod list;
mod set_status;
mod show;
mod stats;
mod supersede;
mod unlink;

use clap::{Args, Subcommand};
use wsdb_app::views::{DecisionDetails, Relation};
use wsdb_app::{DecisionLinks, Error};
use wsdb_core::Impact;

use super::Context;
use super::rm::Rm;
use super::task::{set, set_list};
use crate::args::{name, vocabulary_parser};
use crate::error::UsageError;

#[derive(Debug, Subcommand)]
pub(crate) enum Decision {
    /// Add a decision
    #[command(visible_alias = "new")]
    Add(add::Add),
    /// List decisions
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a decision
    Show(show::Show),
    /// Edit decisions
    Edit(edit::Edit),
    /// Supersede decisions with a newer one
    Supersede(supersede::Supersede),
    /// Link a decision to tasks, components, drift and superseded decisions
    Link(link::Link),
    /// Remove links of a decision
    Unlink(unlink::Unlink),
    /// Export decisions as Markdown (MADR)
    Export(export::Export),
    /// Import decisions from Markdown (MADR)
    Import(import::Import),
    /// Set the status of decisions
    Status(set_status::SetStatus),
    /// Delete decisions
    #[command(
        visible_aliases = ["remove", "delete"],
        after_help = "Example:\n  wsdb decision rm 7"
    )]
    Rm(Rm),
    /// Count decisions by status
    #[command(after_help = "Example:\n  wsdb decision stats")]
    Stats,
}

impl Decision {
    /// Returns whether this command may create a missing database.
    pub(crate) fn creates_records(&self) -> bool {
        !matches!(
            self,
            Decision::List(_)
                | Decision::Show(_)
                | Decision::Rm(_)
                | Decision::Stats
                | Decision::Export(_)
        )
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        match self {
            Decision::Add(command) => command.run(context).await,
            Decision::List(command) => command.run(context).await,
            Decision::Show(command) => command.run(context).await,
            Decision::Edit(command) => command.run(context).await,
            Decision::Export(command) => command.run(context).await,
            Decision::Import(command) => command.run(context).await,
            Decision::Supersede(command) => command.run(context).await,
            Decision::Link(command) => command.run(context).await,
            Decision::Unlink(command) => command.run(context).await,
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

/// The links of a decision.
#[derive(Debug, Args)]
pub(super) struct Links {
    /// Superseded decisions (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    supersedes: Vec<String>,
    /// Linked tasks (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    task: Vec<String>,
    /// Linked components, by name (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    component: Vec<String>,
    /// Linked drift detections (comma-separated)
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    drift: Vec<String>,
}

impl Links {
    fn links(self) -> DecisionLinks {
        DecisionLinks {
            supersedes: self.supersedes,
            tasks: self.task,
            components: self.component,
            detections: self.drift,
        }
    }

    /// Returns the links, or an error if none is given.
    fn require_any(self) -> Result<DecisionLinks, UsageError> {
        let links = self.links();
        match links == DecisionLinks::default() {
            true => {
                let nothing = "one of --supersedes, --task, --component or --drift is required";
                Err(UsageError(nothing.to_owned()))
            }
            false => Ok(links),
        }
    }
}

/// Prints a note for each link to a record that does not exist yet.
fn warn_missing(context: &Context, missing: &[Error]) {
    for error in missing {
        let alike = match error {
            Error::NotFound { alike, .. } => alike.as_deref(),
            _ => None,
        };
        let hint = alike.map(|alike| format!("; did you mean {alike}?"));
        let hint = hint.unwrap_or_default();
        context
            .ui
            .print_note(&format!("{error}; linked anyway{hint}"));
    }
}

/// Returns a line with all links of a decision.
fn describe_links(details: &DecisionDetails) -> String {
    let id = &details.decision.id;
    let links = details.links.iter().map(|link| {
        let status = link.status.as_deref().unwrap_or("missing");
        let relation = match link.relation {
            Relation::Supersedes => "supersedes ",
            Relation::SupersededBy => "superseded by ",
            Relation::Task => "task ",
            Relation::Component => "component ",
            Relation::Detection => "drift ",
        };
        format!("{relation}{} ({status})", link.id)
    });
    match links.collect::<Vec<_>>().join(", ").as_str() {
        "" => format!("{id} has no links"),
        links => format!("Links of {id}: {links}"),
    }
}

/// The fields of a decision besides its text.
#[derive(Debug, Default, PartialEq, Args)]
pub(super) struct FieldArgs {
    /// Rationale (- reads stdin)
    #[arg(long, value_name = "TEXT")]
    rationale: Option<String>,
    /// Impact
    #[arg(long, short, value_parser = vocabulary_parser::<Impact>())]
    impact: Option<Impact>,
    /// Repos affected (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    repo: Vec<String>,
    /// Related files (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = name)]
    file: Vec<String>,
    /// Related documentation (comma-separated)
    #[arg(long, value_name = "FILE", value_delimiter = ',', value_parser = name)]
    documentation: Vec<String>,
}

impl FieldArgs {
    /// Reads stdin and returns a function that sets the given fields.
    fn resolve(self) -> anyhow::Result<impl Fn(&mut wsdb_core::Decision)> {
        let rationale = crate::args::text_or_stdin(self.rationale)?;
        let fields = FieldArgs {
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
