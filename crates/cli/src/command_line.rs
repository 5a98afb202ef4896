//! The command line: the list of commands.

mod foreign_commands;
mod foreign_options;
pub(crate) mod formats;
mod hyphen_values;
pub(crate) mod named;
pub(crate) mod parse;

use clap::{Parser, Subcommand};

use self::named::Named;
use crate::args::Global;
use crate::commands;

/// Shared tasks, decisions and handoffs for a workspace of many git repositories, for people and
/// their coding agents
#[derive(Debug, Parser)]
#[command(
    name = "wsdb",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
#[command(after_help = "Examples:
  wsdb init                       Create a workspace in this folder
  wsdb task add 'Move pricing'    Add a task
  wsdb next                       Show the next task to work on
  wsdb task claim --next          Claim it so that nobody else takes it
  wsdb task done 1                Complete it
  wsdb search pricing             Find records that contain a word

Options override environment variables, and both override the database that is
set in .wsdb.toml in the workspace folder.

Exit codes: 0 success, 1 the command failed, 2 usage error, 3 a check found
problems, 70 internal error.")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a workspace in this folder or in DIR
    Init(commands::init::Init),
    /// Import JSON documents from this folder, other folders or files
    Import(commands::import::Import),
    /// Show the whole workspace on one screen
    #[command(after_help = "Example:\n  wsdb status")]
    Status,
    /// Show the next task to work on, and why
    Next(commands::next::ShowNext),
    /// Print a handoff for the next session
    Handoff(commands::handoff::ShowHandoff),
    /// Manage tasks, their dependencies and claims
    #[command(
        subcommand,
        visible_alias = "tasks",
        before_help = "Tasks with the status completed, closed or cancelled are finished; all others
are open. An open task is ready if it is pending, approved, or in_progress with
an expired claim, and all of its dependencies are finished. Ready tasks can be
claimed with 'wsdb task claim --next'.",
        after_help = "Examples:
  wsdb task list --status pending
  wsdb task add 'Move pricing' --repo orchard-core
  wsdb task claim --next
  wsdb task done 7"
    )]
    Task(Named<commands::task::Task>),
    /// Manage sessions, activities and handoff notes
    #[command(
        subcommand,
        visible_alias = "sessions",
        after_help = "Examples:
  wsdb session start --assistant assistant-a
  wsdb session log 'Moved pricing.py'
  wsdb session end --notes 'Next: add tests for WS-TASK-003'"
    )]
    Session(Named<commands::session::Session>),
    /// Manage issues: problems that concern one or more repos
    #[command(
        subcommand,
        visible_alias = "issues",
        after_help = "Examples:
  wsdb issue list --status open
  wsdb issue add 'Seasonal pricing in orchard-core' --severity HIGH
  wsdb issue resolve 1 --notes 'Moved to orchard-web'"
    )]
    Issue(Named<commands::issue::Issue>),
    /// Manage architecture decisions
    #[command(
        subcommand,
        visible_alias = "decisions",
        after_help = "Examples:
  wsdb decision list --current
  wsdb decision add 'Compute prices only in orchard-web' --task 2
  wsdb decision supersede 1 --by 4"
    )]
    Decision(Named<commands::decision::Decision>),
    /// Manage drift: rule violations (detections) found by scans
    Drift(Named<commands::drift::DriftArgs>),
    /// List the repos of the workspace, and rename them in records
    #[command(
        subcommand,
        visible_alias = "repos",
        after_help = "Examples:
  wsdb repo list
  wsdb repo rename orchard-core orchard-kernel"
    )]
    Repo(commands::repo::Repo),
    /// Track which repo you are working in, and the time spent in it
    #[command(visible_alias = "contexts")]
    Context(Named<commands::context::ContextArgs>),
    /// Record the configuration files of repos, and compare them
    #[command(
        subcommand,
        visible_alias = "configuration",
        after_help = "Examples:
  wsdb config snapshot orchard-core/pyproject.toml
  wsdb config diff orchard-core"
    )]
    Config(Named<commands::configuration::Configuration>),
    /// Manage architecture states: current, target and others
    #[command(
        subcommand,
        before_help = "A state describes the architecture at one point in time. Types: current (as it\nis), target (as it should be), future (a possible later one), deprecated (a\nformer one), master (the rules for all repos).",
        visible_alias = "states",
        after_help = "Examples:
  wsdb state list
  wsdb state show target"
    )]
    State(Named<commands::state::State>),
    /// Manage placements: where components belong, and their rules
    #[command(
        subcommand, visible_aliases = ["placements", "component"],
        after_help = "Examples:
  wsdb placement list --state target
  wsdb placement rules pricing"
    )]
    Placement(Named<commands::placement::Placement>),
    /// Manage goals: what tasks should achieve in an architecture state
    #[command(
        subcommand,
        visible_alias = "goals",
        after_help = "Examples:
  wsdb goal list --state target
  wsdb goal done 2"
    )]
    Goal(Named<commands::goal::Goal>),
    /// Show the architecture, or compare two states
    #[command(
        subcommand,
        visible_alias = "arch",
        after_help = "Examples:
  wsdb architecture show target
  wsdb architecture compare current target"
    )]
    Architecture(commands::architecture::Architecture),
    /// Show the rules and decisions for a path or a component
    Why(commands::why::ShowWhy),
    /// Search tasks, sessions, issues, decisions and drift
    #[command(visible_alias = "find")]
    Search(commands::search::Search),
    /// Show who changed what, when and in which session
    History(commands::history::History),
    /// Undo the last change or a given one
    Undo(commands::undo::Undo),
    /// Show trends: open tasks, throughput, age, time and drift
    Stats(commands::stats::ShowStats),
    /// Export JSON documents to the workspace folder or to DIR
    Export(commands::export::Export),
    /// Set up git to merge documents record by record
    #[command(
        subcommand,
        after_help = "Examples:
  wsdb git install
  wsdb git uninstall"
    )]
    Git(commands::git::Git),
    /// Copy the workspace to another database and verify the copy
    Copy(commands::copy::Copy),
    /// Back up the workspace, or verify a backup
    Backup(commands::backup::Backup),
    /// Restore a backup of the workspace
    Restore(commands::restore::Restore),
    /// Adopt the database of the earlier Python tool, after a backup
    Adopt(commands::adopt::Adopt),
    /// Print a shell completion script
    Completions(commands::completions::Completions),
    /// Print a man page (roff), or write all of them into a folder
    Man(commands::man::Man),
    /// Print the command tree as JSON, for the generated documentation
    #[command(name = "command-tree", hide = true)]
    Tree,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{Args, parse};

    #[test]
    fn command_line_is_valid() {
        Args::command().debug_assert();
    }

    #[test]
    fn numbers_have_one_error_message() {
        let mut root = parse::command();
        root.build();
        let mut options = 0;
        let mut pending = vec![(Vec::new(), &root)];
        while let Some((path, command)) = pending.pop() {
            for subcommand in command.get_subcommands() {
                let path = [path.clone(), vec![subcommand.get_name().to_owned()]].concat();
                pending.push((path, subcommand));
            }
            for option in command
                .get_opts()
                .filter(|option| parse::has_number(option))
            {
                let long = format!("--{}", option.get_long().expect("a long name"));
                let words = ["wsdb"].into_iter().chain(path.iter().map(String::as_str));
                let error = parse::command()
                    .try_get_matches_from(words.chain([long.as_str(), "x"]))
                    .expect_err("x is not a number")
                    .to_string();
                assert!(error.contains(": not a number"), "{path:?} {error}");
                let words = ["wsdb"].into_iter().chain(path.iter().map(String::as_str));
                let error = parse::command()
                    .try_get_matches_from(words.chain([long.as_str(), "-1"]))
                    .err()
                    .map(|error| error.to_string());
                let is_clear = |error: String| error.contains("must ") || !error.contains("-1");
                assert!(error.is_none_or(is_clear), "{path:?} {long} -1");
                options += 1;
            }
        }
        assert!(options > 40, "only {options} options have numbers");
    }

    /// A note is printed for unknown repos in these arguments.
    #[test]
    fn arguments_with_repos_have_known_ids() {
        let root = parse::command();
        let mut pending = vec![&root];
        let mut arguments = 0;
        while let Some(command) = pending.pop() {
            pending.extend(command.get_subcommands());
            for argument in command.get_arguments() {
                let names = argument.get_value_names().unwrap_or_default();
                if names.iter().any(|name| name == "REPO") {
                    let id = argument.get_id().as_str();
                    assert!(
                        parse::REPO_ARGS.contains(&id),
                        "{} {id}",
                        command.get_name()
                    );
                    arguments += 1;
                }
            }
        }
        assert!(arguments > 25, "only {arguments} arguments have repos");
    }
}
