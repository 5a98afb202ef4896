//! Reads the two commands in README.md that CI runs.

use anyhow::{Result, bail, ensure};

/// Names of the commands in README.md, in order.
const NAMES: [&str; 2] = ["main", "test"];

/// Returns the shell lines of a command: the `sh` block after `<!-- command: NAME -->`.
///
/// # Errors
/// The README has other than exactly two `sh` blocks, each with its comment on the line before it,
/// or shows a command twice: a reader must not have to choose.
pub(crate) fn command(readme: &str, name: &str) -> Result<String> {
    let lines: Vec<&str> = readme.lines().map(str::trim_end).collect();
    let mut commands = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if *line != "```sh" {
            continue;
        }
        let before = number.checked_sub(1).map_or("", |before| lines[before]);
        let Some(name) = before
            .strip_prefix("<!-- command: ")
            .and_then(|rest| rest.strip_suffix(" -->"))
        else {
            bail!(
                "README.md, line {}: no `<!-- command: … -->` right before this sh block",
                number + 1
            );
        };
        let rest = &lines[number + 1..];
        let Some(length) = rest.iter().position(|line| *line == "```") else {
            bail!("README.md, line {}: the sh block is not closed", number + 1);
        };
        commands.push((name, rest[..length].join("\n")));
    }
    let names: Vec<&str> = commands.iter().map(|(name, _)| *name).collect();
    ensure!(
        names == NAMES,
        "README.md has the commands [{}] instead of [{}]",
        names.join(", "),
        NAMES.join(", ")
    );
    let Some((_, text)) = commands.into_iter().find(|(known, _)| *known == name) else {
        bail!("README.md has no command {name}");
    };
    ensure!(
        !text.trim().is_empty() && readme.matches(&text).count() == 1,
        "README.md: the command {name} must appear exactly once"
    );
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# wsdb\n\n<!-- command: main -->\n```sh\ncargo run -- import\ncargo run -- status\n```\n\
        text\n\n```console\n$ wsdb status\n```\n<!-- command: test -->\n```sh\ncargo xtask test\n```\n";

    fn error_of(readme: &str) -> String {
        command(readme, "main")
            .map_err(|e| e.to_string())
            .expect_err("README is rejected")
    }

    #[test]
    fn finds_commands() {
        let of = |name| command(GOOD, name).map_err(|e| e.to_string());
        assert_eq!(
            of("main").as_deref(),
            Ok("cargo run -- import\ncargo run -- status")
        );
        assert_eq!(of("test").as_deref(), Ok("cargo xtask test"));
        assert!(of("other").is_err());
    }

    #[test]
    fn ambiguous_readme_is_rejected() {
        let bare = GOOD.replace("<!-- command: test -->\n", "");
        assert!(error_of(&bare).contains("line 13: no `<!-- command: … -->`"));
        let three = format!("{GOOD}<!-- command: extra -->\n```sh\nls\n```\n");
        assert!(error_of(&three).contains("[main, test, extra]"));
        assert!(error_of("nothing").contains("the commands []"));
        let open = GOOD.replace("xtask test\n```", "xtask test");
        assert!(error_of(&open).contains("is not closed"));
        let twice = format!("{GOOD}\n```console\ncargo run -- import\ncargo run -- status\n```\n");
        assert!(error_of(&twice).contains("must appear exactly once"));
    }
}
