//! Filters that commands about tasks share.

use clap::Args;
use wsdb_app::shell_quote;
use wsdb_core::{Priority, TaskFilter};

use crate::args::{name, repo_name, vocabulary_parser};
use crate::context::Context;

/// The filters of a list of tasks.
#[derive(Debug, Args)]
pub(crate) struct FilterArgs {
    /// Filter by affected repo (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = repo_name)]
    repo: Vec<String>,
    /// Filter by assignee (comma-separated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = name)]
    assigned_to: Vec<String>,
    /// Only tasks assigned to you or claimed by you
    #[arg(long)]
    mine: bool,
    /// Filter by priority (comma-separated)
    #[arg(long, short, value_delimiter = ',', value_parser = vocabulary_parser::<Priority>())]
    priority: Vec<Priority>,
}

impl FilterArgs {
    /// Returns the options, each after a space, for a command with the same filter. With
    /// `has_assignee`, the command has an option `--assigned-to` already.
    pub(crate) fn format_options(&self, has_assignee: bool) -> String {
        let list = |option: &str, values: &[String]| match values {
            [] => String::new(),
            values => format!(" {option} {}", shell_quote(&values.join(","))),
        };
        let priority: Vec<String> = self.priority.iter().map(ToString::to_string).collect();
        let mut options = list("--repo", &self.repo);
        if !has_assignee {
            options.push_str(&list("--assigned-to", &self.assigned_to));
        }
        if self.mine {
            options.push_str(" --mine");
        }
        options + &list("--priority", &priority)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.repo.is_empty()
            && self.assigned_to.is_empty()
            && !self.mine
            && self.priority.is_empty()
    }

    pub(crate) fn filter(self, context: &Context) -> TaskFilter {
        TaskFilter {
            repo: self.repo,
            assigned_to: self.assigned_to,
            worker: self.mine.then(|| context.actor.name.clone()),
            priority: self.priority,
            ..TaskFilter::default()
        }
    }
}
