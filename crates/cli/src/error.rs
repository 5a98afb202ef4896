//! Errors as people and programs see them: a sentence, a hint, a code and an exit code.
//!
//! Exit codes: 0 done, 1 the request can't be met, 2 wrong usage, 3 a check found something, 70 a fault of ours.

mod told;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use clap::error::ErrorKind;
use wsdb_app::Error as AppError;
use wsdb_app::documents::Error as DocumentError;
use wsdb_app::store::Error as StoreError;

use self::told::{Told, tell};
use crate::args::{ColorChoice, color_asked_for};
use crate::secrets::hidden;
use crate::time::{now, until};
use crate::ui::{escaped, visible};

/// The reader of our output has gone: that is no fault.
#[derive(Debug, thiserror::Error)]
#[error("the output is closed")]
pub(crate) struct BrokenPipe;

/// The result can't be written, such as to a disk that is full.
#[derive(Debug, thiserror::Error)]
#[error("the result can't be written: {error}{}", done(*changed))]
pub(crate) struct Unwritten {
    pub(crate) error: std::io::Error,
    /// Whether it tells of a change that has been made.
    pub(crate) changed: bool,
}

fn done(changed: bool) -> &'static str {
    match changed {
        true => "; the change was made all the same",
        false => "",
    }
}

/// A folder can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unusable(pub(crate) String);

/// Something that was asked for in words that can't be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

/// An error as a sentence: a claim's end in local time, as everything else that people read.
fn sentence(error: &AppError) -> String {
    match error {
        AppError::Several(errors) => {
            let lines: Vec<String> = errors.iter().map(sentence).collect();
            lines.join("\n")
        }
        AppError::Store(StoreError::Claimed { claim, own }) => {
            let end = until(claim.expires, now());
            match own {
                true => format!("you hold task {} already: until {end}", claim.id),
                false => format!(
                    "task {} is claimed by {} until {end}",
                    claim.id, claim.holder
                ),
            }
        }
        error => error.to_string(),
    }
}

fn write(message: &str, told: &Told, json: bool, color: ColorChoice) {
    let mut stderr = std::io::stderr().lock();
    let message = hidden(message);
    // Nothing is left to tell where even this can't be written.
    let _ = if json {
        let mut error = serde_json::json!({
            "error": { "code": told.code, "message": message, "hint": told.hint }
        });
        if let Some(claim) = &told.claim {
            error["error"]["claim"] = claim.clone();
        }
        writeln!(stderr, "{}", escaped(error.to_string()))
    } else {
        let color = color.is_colored(stderr.is_terminal());
        let paint = |style: Style, text: &str| match color {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        };
        let lines: Vec<String> = message.lines().map(visible).collect();
        let hint = told.hint.as_ref().map(|hint| {
            let name = paint(AnsiColor::Cyan.on_default(), "hint:");
            format!("\n{name} {hint}")
        });
        let name = paint(AnsiColor::Red.on_default().bold(), "error:");
        writeln!(
            stderr,
            "{name} {}{}",
            lines.join("\n       "),
            hint.unwrap_or_default()
        )
    };
}

/// Tells programs that an import left fields in conflict as they are.
pub(crate) fn report_conflicts(count: usize) {
    let told = Told::new("conflicts", 1).hint("--prefer file or --prefer database decides");
    let message = match count {
        1 => "1 field is in conflict, and was left as it is".to_owned(),
        count => format!("{count} fields are in conflict, and were left as they are"),
    };
    write(&message, &told, true, ColorChoice::Never);
}

/// Reports an error, and tells the exit code.
pub(crate) fn report(error: &anyhow::Error, json: bool, color: ColorChoice) -> ExitCode {
    if error.is::<BrokenPipe>() {
        return ExitCode::SUCCESS;
    }
    let told = tell(error);
    let told_by = error.downcast_ref::<AppError>();
    let mut message = told_by.map_or_else(|| error.to_string(), sentence);
    if let Some(AppError::Documents(DocumentError::Rejected(rejects))) = error.downcast_ref() {
        const SHOWN: usize = 50;
        let reasons: Vec<_> = rejects
            .iter()
            .flat_map(|r| {
                r.reasons
                    .iter()
                    .map(move |(path, reason)| (r, path, reason))
            })
            .collect();
        for (reject, path, reason) in reasons.iter().take(SHOWN) {
            message.push_str(&format!("\n{}, {path}: {reason}", reject.file.display()));
        }
        if reasons.len() > SHOWN {
            let more = reasons.len() - SHOWN;
            message.push_str(&format!(
                "\n… and {more} more: --skip-rejects writes them to a file"
            ));
        }
    }
    write(&message, &told, json, color);
    ExitCode::from(told.exit)
}

/// Reports wrong usage, or shows the help that was asked for.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let asked_for = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if asked_for {
        let unwritten = |error: &std::io::Error| error.kind() != std::io::ErrorKind::BrokenPipe;
        return match error.print() {
            Err(error) if unwritten(&error) => {
                let changed = false;
                report(
                    &Unwritten { error, changed }.into(),
                    false,
                    ColorChoice::Auto,
                )
            }
            _ => ExitCode::SUCCESS,
        };
    }
    let color = color_asked_for();
    let text = error.render();
    if std::env::args_os().any(|arg| arg == "--json") {
        let message = text.to_string();
        let (message, hint) = match message.split_once("\n\n") {
            Some((message, hint)) => (message.to_owned(), Some(hidden(hint.trim()))),
            None => (message, None),
        };
        let message = message.trim_start_matches("error: ").trim().to_owned();
        let told = Told {
            hint,
            ..Told::new("usage", 2)
        };
        write(&message, &told, true, color);
    } else {
        let mut stderr = std::io::stderr().lock();
        let text = match color.is_colored(stderr.is_terminal()) {
            true => text.ansi().to_string(),
            false => text.to_string(),
        };
        let _ = write!(stderr, "{}", hidden(&text));
    }
    ExitCode::from(2)
}
