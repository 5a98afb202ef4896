//! Commands whose arguments are built only if the command line names them.

use std::cell::RefCell;
use std::ffi::OsString;

use clap::{ArgMatches, Args, Command, CommandFactory, Error, FromArgMatches, Subcommand};

thread_local! {
    /// The names of the commands that are built with their arguments; all of them, if `None`.
    static NAMED: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Returns whether a command line contains the name or an alias of a command.
pub(super) fn is_named(command: &Command, words: &[OsString]) -> bool {
    let mut names = command.get_all_aliases().chain([command.get_name()]);
    names.any(|name| words.iter().any(|word| word == name))
}

/// Returns the command tree of `A` in which only the commands that `words` name have arguments and
/// subcommands, if they are [`Named`]. Building all of them takes longer than most commands run.
pub(super) fn command_of<A: CommandFactory>(words: &[OsString]) -> Command {
    let build = |names| {
        NAMED.set(Some(names));
        let command = A::command();
        NAMED.set(None);
        command
    };
    // An alias is only known once its command is built.
    let outline = build(Vec::new());
    let named = outline
        .get_subcommands()
        .filter(|command| is_named(command, words));
    build(named.map(|command| command.get_name().to_owned()).collect())
}

/// The arguments or subcommands of a command; see [`command_of`].
#[derive(Debug)]
pub(crate) struct Named<T>(pub(crate) T);

fn augment(command: Command, augment: impl FnOnce(Command) -> Command) -> Command {
    let is_named = NAMED.with_borrow(|names| {
        let Some(names) = names else { return true };
        names.iter().any(|name| name == command.get_name())
    });
    if is_named { augment(command) } else { command }
}

impl<T: FromArgMatches> FromArgMatches for Named<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Named)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl<T: Args> Args for Named<T> {
    fn augment_args(command: Command) -> Command {
        augment(command, T::augment_args)
    }

    fn augment_args_for_update(command: Command) -> Command {
        augment(command, T::augment_args_for_update)
    }
}

impl<T: Subcommand> Subcommand for Named<T> {
    fn augment_subcommands(command: Command) -> Command {
        augment(command, T::augment_subcommands)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        augment(command, T::augment_subcommands_for_update)
    }

    fn has_subcommand(name: &str) -> bool {
        T::has_subcommand(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_line::Args;

    #[test]
    fn only_named_commands_have_subcommands() {
        let command = command_of::<Args>(&["tasks".into()]);
        let with_subcommands = command.get_subcommands().filter(|c| c.has_subcommands());
        let names: Vec<_> = with_subcommands.map(Command::get_name).collect();
        assert!(names.contains(&"task"), "{names:?}");
        assert!(!names.contains(&"session"), "{names:?}");
        let all = Args::command();
        let task = |command: &Command| {
            let task = command.find_subcommand("task").expect("a command");
            format!("{task:?}")
        };
        assert_eq!(task(&command), task(&all));
    }
}
