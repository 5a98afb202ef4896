//! The known command at the beginning of a command line.

use clap::{Arg, Command};

/// The command that was typed, as far as it is known.
#[derive(Debug)]
pub(crate) struct TypedCommand<'c, 'g> {
    /// The command above it; for the root, the root.
    pub(crate) parent: &'c Command,
    pub(crate) command: &'c Command,
    /// Its words without `wsdb`.
    pub(crate) path: Vec<&'c str>,
    /// What follows its words; options may precede it.
    pub(crate) rest: Vec<&'g str>,
}

impl<'c, 'g> TypedCommand<'c, 'g> {
    /// Finds it in arguments without `wsdb`. Options between its words are skipped.
    pub(crate) fn find(root: &'c Command, given: &[&'g str]) -> Self {
        let (mut parent, mut command, mut path) = (root, root, Vec::new());
        let mut at = 0;
        while let Some(word) = given.get(at) {
            if word.starts_with('-') {
                let mut options = root.get_arguments().chain(command.get_arguments());
                let has_value = options.any(|option| takes_next_word(option, word));
                at += usize::from(has_value);
            } else if let Some(found) = command.find_subcommand(word) {
                path.push(found.get_name());
                (parent, command) = (command, found);
            } else {
                break;
            }
            at += 1;
        }
        TypedCommand {
            parent,
            command,
            path,
            rest: given.get(at..).unwrap_or_default().to_vec(),
        }
    }

    /// Returns the arguments that precede the options.
    pub(crate) fn values(&self) -> Vec<&'g str> {
        let values = self.rest.iter().take_while(|word| !word.starts_with('-'));
        values.copied().collect()
    }
}

/// Returns whether a word is this option, with its value in the next word.
pub(crate) fn takes_next_word(option: &Arg, word: &str) -> bool {
    let is_it = match word.strip_prefix("--") {
        Some(name) => option.get_long() == Some(name),
        None => option
            .get_short()
            .is_some_and(|short| word == format!("-{short}")),
    };
    is_it && option.get_action().takes_values()
}
