//! The project's paths, and running commands.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::MetadataCommand;

/// Default database of commands that take `--database`.
pub(crate) const DATABASE: &str = "sqlite://workspace.db";

/// Returns the root of the repository.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Returns cargo's target directory, wherever it is configured to be.
pub(crate) fn target() -> Result<PathBuf> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cargo metadata failed")?;
    Ok(metadata.target_directory.into())
}

/// Returns a command for the cargo that runs this program, without the variables that describe this
/// package: a build script that reads `CARGO_PKG_NAME` (ring's does) would see ours, and half of all
/// dependencies would be rebuilt.
pub fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Builds the debug binary `wsdb` and returns its path.
///
/// # Errors
/// The build fails.
pub(crate) fn build_binary() -> Result<PathBuf> {
    let mut build = cargo();
    build
        .current_dir(root())
        // With the features of the whole workspace, as the tests build it; otherwise dependencies
        // are compiled twice.
        .args(["build", "--quiet", "--workspace", "--bin", "wsdb"]);
    run(&mut build)?;
    let binary = target()?.join("debug/wsdb");
    Ok(binary.with_extension(std::env::consts::EXE_EXTENSION))
}

/// Runs a command and waits for it.
///
/// # Errors
/// The command cannot be started or fails; the error names it.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let text = command_line(command);
    let status = command
        .status()
        .with_context(|| format!("cannot run {text}"))?;
    if !status.success() {
        bail!("{text} failed ({status})");
    }
    Ok(())
}

fn command_line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name();
    let words = program.into_iter().chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    without_password(&words.join(" "))
}

/// Returns the text with the passwords of database URLs replaced by `***`.
pub(crate) fn without_password(text: &str) -> String {
    let hide = |word: &str| -> Option<String> {
        let (scheme, rest) = word.split_once("://")?;
        let (user, host) = rest.rsplit_once('@')?;
        let (user, _) = user.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{host}"))
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
    fn passwords_are_hidden() {
        assert_eq!(
            without_password("wsdb --database postgres://jo:pa:ss@w@db:5432/ws import"),
            "wsdb --database postgres://jo:***@db:5432/ws import"
        );
        assert_eq!(without_password(DATABASE), DATABASE);
    }

    #[test]
    fn failing_command_is_named() {
        let failed = run(Command::new("bash").args(["-c", "exit 3"]));
        let message = failed.map_err(|e| e.to_string());
        assert_eq!(
            message,
            Err("bash -c exit 3 failed (exit status: 3)".to_owned())
        );
    }
}
