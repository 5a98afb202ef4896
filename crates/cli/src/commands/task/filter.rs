//! Filters that commands about tasks share.

use clap::Args;
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
