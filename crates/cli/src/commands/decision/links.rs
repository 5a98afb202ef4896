//! The options for the links of a decision, and how links are reported.

use clap::Args;
use wsdb_app::DecisionLinks;
use wsdb_app::views::{DecisionDetails, Relation};

use crate::args::name;
use crate::error::UsageError;
use crate::render::decision::format_link_status;

/// The links of a decision.
#[derive(Debug, Args)]
pub(super) struct LinkArgs {
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

impl LinkArgs {
    pub(super) fn links(self) -> DecisionLinks {
        DecisionLinks {
            supersedes: self.supersedes,
            tasks: self.task,
            components: self.component,
            detections: self.drift,
        }
    }

    /// Returns the links, or an error if none is given.
    pub(super) fn require_any(self) -> Result<DecisionLinks, UsageError> {
        let links = self.links();
        if links == DecisionLinks::default() {
            let nothing = "one of --supersedes, --task, --component or --drift is required";
            Err(UsageError(nothing.to_owned()))
        } else {
            Ok(links)
        }
    }
}

/// Returns a line with all links of a decision.
pub(super) fn describe_links(details: &DecisionDetails) -> String {
    let id = &details.decision.id;
    let links = details.links.iter().map(|link| {
        let status = format_link_status(link);
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
        "" => format!("{id} now has no links"),
        links => format!("{id} now has these links: {links}"),
    }
}
