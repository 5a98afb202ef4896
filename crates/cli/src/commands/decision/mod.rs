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
use crate::args::{known, name};
use crate::error::Usage;

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
    /// Change fields of decisions
    Edit(edit::Edit),
    /// Let one decision take the place of others
    Supersede(supersede::Supersede),
    /// Link a decision to decisions that it supersedes, tasks, components and drift
    Link(link::Link),
    /// Take links of a decision away
    Unlink(unlink::Unlink),
    /// Write decisions as Markdown: one page of MADR each
    Export(export::Export),
    /// Take pages of MADR over
    Import(import::Import),
    /// Move decisions to a status, such as implemented or rejected
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

/// What a decision is linked to.
#[derive(Debug, Args)]
pub(super) struct Links {
    /// Decisions that it takes the place of; several with commas
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    supersedes: Vec<String>,
    /// Tasks; several with commas
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = name)]
    task: Vec<String>,
    /// Components, by name; several with commas
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    component: Vec<String>,
    /// Detections of drift; several with commas
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

    /// The same, where there has to be something.
    fn some(self) -> Result<DecisionLinks, Usage> {
        let links = self.links();
        match links == DecisionLinks::default() {
            true => {
                let nothing = "name what to: --supersedes, --task, --component or --drift";
                Err(Usage(nothing.to_owned()))
            }
            false => Ok(links),
        }
    }
}

/// Tells of links that lead to nothing so far.
fn tell_missing(context: &Context, missing: &[Error]) {
    for error in missing {
        let alike = match error {
            Error::NotFound { alike, .. } => alike.as_deref(),
            _ => None,
        };
        let hint = alike.map(|alike| format!("; did you mean {alike}?"));
        let hint = hint.unwrap_or_default();
        context
            .ui
            .note(&format!("{error}: the link waits for it{hint}"));
    }
}

/// What a decision is linked to, in a line.
fn linked(details: &DecisionDetails) -> String {
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
        "" => format!("{id} is linked to nothing"),
        links => format!("{id}: {links}"),
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
