//! Console transcripts in Markdown: blocks fenced by ```` ```console ````.
//!
//! In a block, lines that start with `$ ` are commands; a command goes on in the next line after a
//! backslash, or in lines that start with `> `. All other lines are output, and are replaced. The
//! blocks of a file run in order in one fresh folder ([`Sandbox`]).
//!
//! HTML comments on the lines before a block control it:
//! - `<!-- docs: skip -->`: the next block is left as it is
//! - `<!-- docs: new workspace -->`: later commands run in a fresh folder
//! - `<!-- docs: setup COMMAND -->`: runs a command that is not shown, and has to succeed

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::sandbox::Sandbox;

/// Returns a document with the output of its transcripts filled in.
pub(super) fn fill(document: &str, binary: &Path) -> Result<String> {
    let mut sandbox = None;
    fill_with(document, |instruction| {
        if matches!(instruction, Instruction::NewWorkspace) {
            sandbox = None;
            return Ok(String::new());
        }
        let sandbox = match &mut sandbox {
            Some(sandbox) => sandbox,
            None => sandbox.insert(Sandbox::new(binary, false)?),
        };
        match instruction {
            Instruction::NewWorkspace => Ok(String::new()),
            Instruction::Setup(command) => sandbox.set_up(command).map(|()| String::new()),
            Instruction::Command(command) => sandbox.run(command),
        }
    })
}

/// An instruction of a document.
enum Instruction<'a> {
    NewWorkspace,
    Setup(&'a str),
    Command(&'a str),
}

fn fill_with(
    document: &str,
    mut run: impl FnMut(Instruction<'_>) -> Result<String>,
) -> Result<String> {
    let mut filled = String::with_capacity(document.len());
    let mut lines = document.lines().enumerate().peekable();
    let mut is_skipped = false;
    // The fence of a block that is no transcript, in which nothing is run.
    let mut other_fence: Option<String> = None;
    while let Some((number, line)) = lines.next() {
        filled.push_str(line);
        filled.push('\n');
        let at_line = || format!("line {}", number + 1);
        let trimmed = line.trim();
        if let Some(fence) = &other_fence {
            if trimmed == fence {
                other_fence = None;
            }
            continue;
        }
        if let Some(instruction) = trimmed
            .strip_prefix("<!-- docs: ")
            .and_then(|rest| rest.strip_suffix(" -->"))
        {
            match instruction {
                "skip" => is_skipped = true,
                "new workspace" => {
                    run(Instruction::NewWorkspace).with_context(at_line)?;
                }
                setup => match setup.strip_prefix("setup ") {
                    Some(command) => {
                        run(Instruction::Setup(command)).with_context(at_line)?;
                    }
                    None => bail!("{}: unknown instruction `{instruction}`", at_line()),
                },
            }
            continue;
        }
        if trimmed != "```console" || std::mem::take(&mut is_skipped) {
            if trimmed.starts_with("```") {
                let length = trimmed.len() - trimmed.trim_start_matches('`').len();
                other_fence = Some("`".repeat(length));
            }
            continue;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let mut is_closed = false;
        let mut is_after_command = false;
        while let Some((number, line)) = lines.next() {
            if line.trim() == "```" {
                filled.push_str(line);
                filled.push('\n');
                is_closed = true;
                break;
            }
            let Some(first) = line.trim_start().strip_prefix("$ ") else {
                if !is_after_command && !line.trim().is_empty() {
                    bail!("line {}: the block starts with output", number + 1);
                }
                continue;
            };
            is_after_command = true;
            filled.push_str(line);
            filled.push('\n');
            let mut command = first.to_owned();
            while let Some((_, next)) = lines.peek() {
                let next = *next;
                let text = match next.trim_start().strip_prefix("> ") {
                    Some(text) => text,
                    None if command.ends_with('\\') => next.trim_start(),
                    None => break,
                };
                command.push('\n');
                command.push_str(text);
                filled.push_str(next);
                filled.push('\n');
                lines.next();
            }
            let output = run(Instruction::Command(&command));
            let output = output.with_context(|| format!("line {}", number + 1))?;
            for line in output.lines() {
                let line = format!("{indent}{line}");
                filled.push_str(line.trim_end());
                filled.push('\n');
            }
        }
        if !is_closed {
            bail!("{}: the block is not closed", at_line());
        }
    }
    if !document.ends_with('\n') {
        filled.pop();
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fills a document, and returns it with the instructions that were run.
    fn fill_and_record(document: &str) -> (Result<String, String>, Vec<String>) {
        let mut instructions = Vec::new();
        let filled = fill_with(document, |instruction| {
            instructions.push(match instruction {
                Instruction::NewWorkspace => "new workspace".to_owned(),
                Instruction::Setup(command) => format!("setup {command}"),
                Instruction::Command(command) => command.to_owned(),
            });
            Ok("new output\n\nof it\n".to_owned())
        });
        (filled.map_err(|error| format!("{error:#}")), instructions)
    }

    #[test]
    fn output_is_replaced() {
        let document = "Text\n\n```console\n$ wsdb status\nold\n$ wsdb next \\\n    --json\n```\n";
        let (filled, instructions) = fill_and_record(document);
        let expected = "Text\n\n```console\n$ wsdb status\nnew output\n\nof it\n\
            $ wsdb next \\\n    --json\nnew output\n\nof it\n```\n";
        assert_eq!(filled.as_deref(), Ok(expected));
        assert_eq!(instructions, ["wsdb status", "wsdb next \\\n--json"]);
        let again = fill_and_record(expected).0;
        assert_eq!(again.as_deref(), Ok(expected));
    }

    #[test]
    fn instructions_are_followed() {
        let document = "<!-- docs: setup wsdb init -->\n<!-- docs: skip -->\n```console\n$ createdb\n\
            kept\n```\n<!-- docs: new workspace -->\n```sh\n<!-- docs: skip -->\n```\n";
        let (filled, instructions) = fill_and_record(document);
        assert_eq!(filled.as_deref(), Ok(document));
        assert_eq!(instructions, ["setup wsdb init", "new workspace"]);
    }

    #[test]
    fn mistakes_are_reported_with_their_line() {
        let error = |document| fill_and_record(document).0.expect_err("a mistake");
        assert_eq!(
            error("<!-- docs: restart -->\n"),
            "line 1: unknown instruction `restart`"
        );
        assert_eq!(
            error("a\n```console\n$ wsdb\n"),
            "line 2: the block is not closed"
        );
        assert_eq!(
            error("```console\nwsdb status\n```\n"),
            "line 2: the block starts with output"
        );
    }
}
