//! Prints errors: message and hint, or JSON.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use clap::error::ErrorKind;
use wsdb_app::Error as AppError;
use wsdb_app::documents::{Conflict, Error as DocumentError, Problem, Reject};
use wsdb_app::store::Error as StoreError;
use wsdb_app::views::{ErrorCode, ErrorDetails, ErrorView};

use super::conflicts::{are_under_other_ids, conflict_hint, format_conflict};
use super::describe::describe;
use super::report::ErrorReport;
use crate::command_format::{CommandFormatter, TypedOptions};
use crate::command_line::formats::is_json_requested;
use crate::redact::redact_urls;
use crate::time::{format_until, now};
use crate::ui::escape_control_chars;
use crate::ui::format::{ColorChoice, color_asked_for};
use crate::ui::json::escape_json;
use crate::ui::output::{BrokenPipe, OutputError};

/// Formats an error; the end of a claim is in local time, as all times in the terminal.
fn error_message(error: &AppError) -> String {
    match error {
        AppError::Several(errors) => {
            let lines: Vec<String> = errors.iter().map(error_message).collect();
            lines.join("\n")
        }
        AppError::Store(StoreError::Claimed { claim, own }) => {
            let end = format_until(claim.expires, now());
            if *own {
                format!("task {} is already claimed by you until {end}", claim.id)
            } else {
                format!(
                    "task {} is claimed by {} until {end}",
                    claim.id, claim.holder
                )
            }
        }
        AppError::ScanReport(problems) => format_problems(problems),
        error => error.to_string(),
    }
}

/// Formats the first problems of a scan report, one a line.
fn format_problems(problems: &[Problem]) -> String {
    const MAX_PROBLEMS_SHOWN: usize = 20;
    let shown = problems.iter().take(MAX_PROBLEMS_SHOWN);
    let mut lines: Vec<String> = shown.map(ToString::to_string).collect();
    if problems.len() > MAX_PROBLEMS_SHOWN {
        let more = problems.len() - MAX_PROBLEMS_SHOWN;
        lines.push(format!("… and {more} more"));
    }
    lines.join("\n")
}

fn write(message: &str, report: &ErrorReport, json: bool, color: ColorChoice) {
    let mut stderr = std::io::stderr().lock();
    let message = redact_urls(message);
    // If stderr cannot be written, there is nowhere left to report it.
    let _ = if json {
        let error = ErrorDetails {
            claim: report.claim.clone(),
            code: report.code,
            hint: report.hint.clone(),
            message,
        };
        let error = serde_json::to_string(&ErrorView { error }).unwrap_or_default();
        writeln!(stderr, "{}", escape_json(error))
    } else {
        let color = color.is_colored(stderr.is_terminal());
        let paint = |style: Style, text: &str| {
            if color {
                format!("{style}{text}{style:#}")
            } else {
                text.to_owned()
            }
        };
        let lines: Vec<String> = message.lines().map(escape_control_chars).collect();
        let hint = report.hint.as_ref().map(|hint| {
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

/// Reports to programs that an import left conflicting fields unchanged.
pub(crate) fn report_conflicts(conflicts: &[Conflict], is_renumbering: bool) {
    let hint = conflict_hint(conflicts, is_renumbering);
    let report = ErrorReport::new(ErrorCode::Conflicts).with_hint(hint);
    let of_records = conflicts
        .iter()
        .filter(|conflict| conflict.is_of_different_records());
    let message = match (of_records.count(), conflicts.len()) {
        (0, 1) => "1 conflict; the database keeps its version".to_owned(),
        (0, count) => format!("{count} conflicts; the database keeps its versions"),
        (1, _) if are_under_other_ids(conflicts) => {
            "1 record has, or had, another ID in the database; nothing was imported".to_owned()
        }
        (count, _) if are_under_other_ids(conflicts) => {
            format!("{count} records have, or had, other IDs in the database; nothing was imported")
        }
        (1, _) => "1 ID belongs to different records in the files and in the database; nothing was imported".to_owned(),
        (count, _) => format!(
            "{count} IDs belong to different records in the files and in the database; nothing was imported"
        ),
    };
    write(&message, &report, true, ColorChoice::Never);
}

/// Reports an error and returns the exit code. Commands in the hint get the options that were
/// `typed`, so that they refer to the same database and actor.
pub(crate) fn print_error(
    error: &anyhow::Error,
    json: bool,
    color: ColorChoice,
    typed: TypedOptions,
) -> ExitCode {
    if error.is::<BrokenPipe>() {
        return ExitCode::SUCCESS;
    }
    let report = describe(error, &CommandFormatter::new(typed));
    let app_error = error.downcast_ref::<AppError>();
    let mut message = app_error.map_or_else(|| error.to_string(), error_message);
    match error.downcast_ref() {
        Some(AppError::Documents(DocumentError::Rejected { rejects, different })) => {
            let more = "; use --skip-rejects to write them to a file";
            append_lines(&mut message, format_rejects(rejects), more);
            append_lines(&mut message, different.iter().map(format_conflict), "");
        }
        Some(AppError::Documents(DocumentError::NotAdopted(rejects))) => {
            append_lines(&mut message, format_rejects(rejects), "");
        }
        _ => {}
    }
    write(&message, &report, json, color);
    ExitCode::from(report.code.exit_code())
}

/// Returns a line for each problem of rejected records.
fn format_rejects(rejects: &[Reject]) -> impl Iterator<Item = String> {
    rejects.iter().flat_map(|reject| {
        let line = move |Problem { path, reason }: &Problem| {
            format!("{}, {path}: {reason}", reject.file.display())
        };
        reject.reasons.iter().map(line)
    })
}

/// Appends the first lines of a list, and how many more there are, with what to do.
fn append_lines(message: &mut String, lines: impl Iterator<Item = String>, advice: &str) {
    const MAX_ERRORS_SHOWN: usize = 50;
    let lines: Vec<String> = lines.collect();
    for line in lines.iter().take(MAX_ERRORS_SHOWN) {
        message.push_str(&format!("\n{line}"));
    }
    if lines.len() > MAX_ERRORS_SHOWN {
        let more = lines.len() - MAX_ERRORS_SHOWN;
        message.push_str(&format!("\n… and {more} more{advice}"));
    }
}

/// Reports wrong usage, or prints the requested help.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let is_requested = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if is_requested {
        let is_failure = |error: &std::io::Error| error.kind() != std::io::ErrorKind::BrokenPipe;
        return match error.print() {
            Err(error) if is_failure(&error) => {
                let changed = false;
                print_error(
                    &OutputError { error, changed }.into(),
                    false,
                    ColorChoice::Auto,
                    TypedOptions::default(),
                )
            }
            _ => ExitCode::SUCCESS,
        };
    }
    let color = color_asked_for();
    let text = error.render();
    if is_json_requested() {
        let message = text.to_string();
        let (message, hint) = match message.split_once("\n\n") {
            Some((message, hint)) => (message.to_owned(), Some(redact_urls(hint.trim()))),
            None => (message, None),
        };
        let message = message.trim_start_matches("error: ").trim().to_owned();
        let report = ErrorReport {
            hint,
            ..ErrorReport::new(ErrorCode::Usage)
        };
        write(&message, &report, true, color);
    } else {
        let mut stderr = std::io::stderr().lock();
        let text = if color.is_colored(stderr.is_terminal()) {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
        let _ = write!(stderr, "{}", redact_urls(&text));
    }
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use wsdb_app::{Error, Location, RepoPaths, ScanOverrides, read_scan_report};

    use super::*;

    #[test]
    fn problems_of_a_scan_report_are_limited() {
        let text = format!("[{}]", ["null"; 50].join(","));
        let folder = Path::new("/");
        let paths = RepoPaths::new(&Location::in_folder(folder), folder);
        let error =
            read_scan_report(&text, &ScanOverrides::default(), &paths).expect_err("problems");
        assert!(matches!(error, Error::ScanReport(_)));
        let message = error_message(&error);
        assert_eq!(message.lines().count(), 21, "{message}");
        assert!(message.ends_with("… and 30 more"), "{message}");
    }
}
