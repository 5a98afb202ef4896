//! Where this project lies, and how its tools are run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::MetadataCommand;

/// The database that is meant where none is named.
pub(crate) const DATABASE: &str = "sqlite://workspace.db";

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// The target directory, wherever it was put.
pub(crate) fn target() -> Result<PathBuf> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cargo metadata failed")?;
    Ok(metadata.target_directory.into())
}

/// The cargo that runs us, without what it told us of ourselves: a build script that reads
/// `CARGO_PKG_NAME` (ring's does) would take it for its own, and half of all dependencies would
/// be built again.
pub fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let told = name.to_string_lossy();
        if told.starts_with("CARGO_PKG_") || told.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command to its end; one that fails is an error that names it.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command
        .status()
        .with_context(|| format!("can't run {shown}"))?;
    if !status.success() {
        bail!("{shown} failed ({status})");
    }
    Ok(())
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name();
    let words = program.into_iter().chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    without_password(&words.join(" "))
}

/// A text that names database URLs, with their passwords taken out.
pub(crate) fn without_password(text: &str) -> String {
    let hide = |word: &str| -> Option<String> {
        let (scheme, rest) = word.split_once("://")?;
        let (user, place) = rest.rsplit_once('@')?;
        let (user, _) = user.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{place}"))
    };
    let words: Vec<String> = text
        .split(' ')
        .map(|word| hide(word).unwrap_or_else(|| word.to_owned()))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(
            without_password("wsdb --database postgres://jo:pa:ss@w@db:5432/ws import"),
            "wsdb --database postgres://jo:***@db:5432/ws import"
        );
        assert_eq!(without_password(DATABASE), DATABASE);
    }

    #[test]
    fn a_failing_command_is_named() {
        let failed = run(Command::new("bash").args(["-c", "exit 3"]));
        let message = failed.map_err(|e| e.to_string());
        assert_eq!(
            message,
            Err("bash -c exit 3 failed (exit status: 3)".to_owned())
        );
    }
}
