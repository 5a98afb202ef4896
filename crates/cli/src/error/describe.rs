//! Maps each error to its error code, exit code and hint.

use std::path::{Path, PathBuf};

use wsdb_app::Error as AppError;
use wsdb_app::documents::{AdrConflictKind, Error as DocumentError, Problem};
use wsdb_app::store::Error as StoreError;
use wsdb_app::views::ErrorCode;
use wsdb_app::{command_of_noun, noun_text, shell_quote};
use wsdb_core::DetectionStatus;

use super::conflicts::conflict_hint;
use super::describe_store::{describe_store_error, list_changes};
use super::report::ErrorReport;
use super::{ClockError, GitError, UsageError};
use crate::command_format::CommandFormatter;
use crate::ui::output::OutputError;
use crate::ui::plural;

pub(super) fn describe(error: &anyhow::Error, commands: &CommandFormatter) -> ErrorReport {
    if error.is::<UsageError>() {
        return ErrorReport::new(ErrorCode::Usage);
    }
    if let Some(OutputError { changed, .. }) = error.downcast_ref() {
        let report = ErrorReport::new(ErrorCode::Output);
        return if *changed {
            report.with_hint("check the current state before you run the command again")
        } else {
            report
        };
    }
    if error.is::<GitError>() {
        return ErrorReport::new(ErrorCode::Git);
    }
    if error.is::<ClockError>() {
        return ErrorReport::new(ErrorCode::Clock);
    }
    match error.downcast_ref::<AppError>() {
        Some(error) => describe_app_error(error, commands),
        None => match error.downcast_ref::<StoreError>() {
            Some(error) => describe_store_error(error, commands),
            None => ErrorReport::new(ErrorCode::Internal)
                .with_hint("this is a bug in wsdb; please report it"),
        },
    }
}

fn describe_app_error(error: &AppError, commands: &CommandFormatter) -> ErrorReport {
    match error {
        AppError::Malformed(_) | AppError::NotUtf8(_) => ErrorReport::new(ErrorCode::Usage),
        AppError::NotFound { word, .. } | AppError::NoRecord { word, .. }
            if word.trim().is_empty() =>
        {
            ErrorReport::new(ErrorCode::Usage)
        }
        AppError::NotFound {
            noun, suggestion, ..
        } => {
            let report = ErrorReport::new(ErrorCode::NotFound);
            match suggestion {
                Some(suggestion) => report.with_hint(format!("did you mean {suggestion}?")),
                None => {
                    // A component is found among the placements.
                    let noun = match *noun {
                        "component" => "placement",
                        noun => noun,
                    };
                    let (command, records) = (command_of_noun(noun), plural(noun_text(noun)));
                    let list = commands.format_without_actor(format!("{command} list"));
                    report.with_hint(format!("run {list} to list the {records}"))
                }
            }
        }
        AppError::NoSnapshots {
            repos, suggestion, ..
        } => ErrorReport::new(ErrorCode::NotFound).with_hint(match suggestion {
            Some(suggestion) => format!("did you mean {suggestion}?"),
            None if repos.is_empty() => format!(
                "run {} to take a snapshot",
                commands.format_without_actor("config snapshot FILE")
            ),
            None => format!(
                "the repos with snapshots are {}; run {} to list the snapshots",
                repos.join(", "),
                commands.format_without_actor("config list")
            ),
        }),
        AppError::RepoExists(_) => ErrorReport::new(ErrorCode::Conflict)
            .with_hint("use --merge to combine the records of both repos"),
        AppError::NoChange { records, .. } => ErrorReport::new(ErrorCode::NotFound).with_hint(
            match records.as_slice() {
                [] => list_changes(commands),
                records => show_changes_of(records, commands),
            },
        ),
        AppError::NoRecord { suggestion, .. } => {
            ErrorReport::new(ErrorCode::NotFound).with_hint(match suggestion {
                Some(suggestion) => format!("did you mean {suggestion}?"),
                None => list_changes(commands),
            })
        }
        AppError::OtherKind { id, found, .. } => {
            let command = format!("{} show {}", command_of_noun(found), shell_quote(id));
            ErrorReport::new(ErrorCode::NotFound).with_hint(format!(
                "run {} to see it",
                commands.format_without_actor(command)
            ))
        }
        AppError::Ambiguous { .. } | AppError::AmbiguousRecord { .. } => {
            ErrorReport::new(ErrorCode::Ambiguous).with_hint("use a full ID, or a longer part of it")
        }
        AppError::Several(errors) => errors
            .first()
            .map_or(ErrorReport::new(ErrorCode::Invalid), |error| {
                describe_app_error(error, commands)
            }),
        AppError::NoWorkspace { .. } => ErrorReport::new(ErrorCode::NoWorkspace).with_hint(format!(
            "run {} to create one here, or use --workspace DIR",
            commands.format_without_actor("init")
        )),
        AppError::Settings { .. } => ErrorReport::new(ErrorCode::Settings).with_hint(
            "the keys in .wsdb.toml are database, session-timeout and repos, for example database = \
             \"workspace.db\"",
        ),
        AppError::Unexpected { noun, id, .. } => {
            let noun = command_of_noun(noun);
            ErrorReport::new(ErrorCode::Unexpected).with_hint(format!(
                "nothing was changed; run {} to see the current values",
                commands.format_without_actor(format!("{noun} show {}", shell_quote(id.as_ref())))
            ))
        }
        AppError::Cycle(path) => describe_cycle(path, |id| {
            let graph = commands.format_without_actor(format!("task graph {}", shell_quote(id)));
            format!("run {graph} to see its dependencies")
        }),
        AppError::Supersession(path) => describe_cycle(path, |id| {
            let show = commands.format_without_actor(format!("decision show {}", shell_quote(id)));
            format!("run {show} to see which decisions it supersedes")
        }),
        AppError::NothingReady {
            has_open: false, ..
        } => ErrorReport::new(ErrorCode::NothingReady),
        AppError::NothingReady { repos, .. } => {
            let repos = if repos.is_empty() {
                String::new()
            } else {
                format!(" --repo {}", shell_quote(&repos.join(",")))
            };
            ErrorReport::new(ErrorCode::NothingReady).with_hint(format!(
                "run {} to see what is in progress or blocked",
                commands.format(format!("next{repos}"))
            ))
        }
        AppError::ForeignAction { change, .. } => {
            ErrorReport::new(ErrorCode::NotYours).with_hint(format!(
                "run {} to undo it anyway, or {} to see the changes",
                commands.format(format!("undo {}", change.0)),
                commands.format_without_actor("history")
            ))
        }
        AppError::AlreadyExists { noun, id, .. } => {
            let noun = command_of_noun(noun);
            ErrorReport::new(ErrorCode::Conflict).with_hint(format!(
                "run {} to see it",
                commands.format_without_actor(format!("{noun} show {}", shell_quote(id.as_ref())))
            ))
        }
        AppError::NoSource(_) => ErrorReport::new(ErrorCode::NoDatabase).with_hint("check the path"),
        AppError::SnapshotInUse { .. } => ErrorReport::new(ErrorCode::StillReferenced).with_hint(
            "use --force to delete it anyway; snapshots that need it will then be incomplete",
        ),
        AppError::Rules(_) => ErrorReport::new(ErrorCode::Rules).with_hint(format!(
            "run {} to see the schema",
            commands.format_without_actor("placement rules --schema")
        )),
        AppError::NoSession(_) => ErrorReport::new(ErrorCode::NoSession).with_hint(format!(
            "run {} to start one, or {} to list all sessions",
            commands.format("session start"),
            commands.format_without_actor("session list --reverse")
        )),
        AppError::NoCurrentSession(reason) => {
            ErrorReport::new(ErrorCode::NoSession).with_hint(commands.session_hint(reason))
        }
        AppError::OtherShell(id) => ErrorReport::new(ErrorCode::NoSession).with_hint(format!(
            "run {} to end it anyway",
            commands.format(format!("session end {}", shell_quote(id.as_ref())))
        )),
        AppError::Invalid(_) => ErrorReport::new(ErrorCode::Invalid),
        AppError::TaskClosed { id, .. } => ErrorReport::new(ErrorCode::Invalid).with_hint(format!(
            "run {} first",
            commands.format(format!("task reopen {}", shell_quote(id.as_ref())))
        )),
        AppError::NoRepoFolder(_) => ErrorReport::new(ErrorCode::Invalid)
            .with_hint("use --path DIR if the repo is in another folder"),
        AppError::NoVisits(_) => ErrorReport::new(ErrorCode::Invalid).with_hint(format!(
            "run {} to start one",
            commands.format("context switch REPO")
        )),
        AppError::NotInRepo(_) => ErrorReport::new(ErrorCode::Invalid).with_hint(format!(
            "run {} to switch to one",
            commands.format("context switch REPO")
        )),
        AppError::ForeignVisit { .. } => {
            ErrorReport::new(ErrorCode::Invalid).with_hint("use --force to end it anyway")
        }
        AppError::AlreadyDetected { id, status } => {
            ErrorReport::new(ErrorCode::Invalid).with_hint(match status {
                DetectionStatus::Open => format!(
                    "run {} to see it",
                    commands
                        .format_without_actor(format!("drift show {}", shell_quote(id.as_ref())))
                ),
                DetectionStatus::Resolved | DetectionStatus::Ignored => {
                    format!(
                        "run {} to reopen it",
                        commands.format(format!("drift reopen {}", shell_quote(id.as_ref())))
                    )
                }
            })
        }
        AppError::AlreadyHasTask { .. } => ErrorReport::new(ErrorCode::Invalid)
            .with_hint("use --force to link it to the new task instead"),
        AppError::ScanReport(problems) => {
            // Only a report that is not JSON has a problem without a path.
            let is_json = problems.iter().all(|problem| !problem.path.is_empty());
            let code = if is_json {
                ErrorCode::Rejected
            } else {
                ErrorCode::Unreadable
            };
            let help = commands.format_without_actor("drift record --help");
            let has_no_repo = |problem: &Problem| problem.reason.starts_with("missing field \"repo");
            ErrorReport::new(code).with_hint(if problems.iter().any(has_no_repo) {
                format!(
                    "specify the repo with --repo REPO, or run the command in its folder; run {help} to see the format"
                )
            } else {
                format!("run {help} to see the format")
            })
        }
        AppError::NoBackup(_) => ErrorReport::new(ErrorCode::NotFound).with_hint(format!(
            "run {} to make one",
            commands.format_without_actor("backup")
        )),
        AppError::Documents(error) => describe_document_error(error, commands),
        AppError::Store(error) => describe_store_error(error, commands),
        _ => ErrorReport::new(ErrorCode::Internal),
    }
}

/// Returns how to see the changes of records with the number of a change that does not exist.
fn show_changes_of(records: &[String], commands: &CommandFormatter) -> String {
    let run = records
        .iter()
        .map(|id| commands.format_without_actor(format!("history {}", shell_quote(id))));
    let run: Vec<String> = run.collect();
    format!("run {} to see the changes of a record", run.join(" or "))
}

/// Describes a cycle of links that an action would have closed. `path` starts with the record that
/// the action would have changed. The next record exists and has links already: `suggest` returns
/// how to see them. A link of a record to itself can never be valid.
fn describe_cycle<I: AsRef<str>>(path: &[I], suggest: impl Fn(&str) -> String) -> ErrorReport {
    match path {
        [_, id, _, ..] => {
            let suggestion = suggest(id.as_ref());
            ErrorReport::new(ErrorCode::Cycle)
                .with_hint(format!("nothing was changed; {suggestion}"))
        }
        _ => ErrorReport::new(ErrorCode::Usage),
    }
}

fn describe_document_error(error: &DocumentError, commands: &CommandFormatter) -> ErrorReport {
    match error {
        DocumentError::Unreadable(errors) => {
            let report = ErrorReport::new(ErrorCode::Unreadable);
            if errors.iter().all(|error| error.file == Path::new("stdin")) {
                report
            } else if errors.iter().all(|error| !error.file.exists()) {
                report.with_hint("check the path")
            } else {
                report.with_hint("fix the problems above and run the command again")
            }
        }
        DocumentError::UnreadablePages(_) => ErrorReport::new(ErrorCode::Unreadable).with_hint(
            "fix the problems above and run the command again, or skip the files with --skip-rejects",
        ),
        DocumentError::NothingToImport(_) => {
            ErrorReport::new(ErrorCode::NothingToImport).with_hint("pass another folder, or a file")
        }
        DocumentError::Rejected { different, .. } => {
            let hint = "fix the records, map unknown values with --map FIELD.VALUE=KNOWN, or skip the records \
                        with --skip-rejects";
            let report = ErrorReport::new(ErrorCode::Rejected);
            if different.is_empty() {
                report.with_hint(hint)
            } else {
                report.with_hint(format!("{hint}; then {}", conflict_hint(different, false)))
            }
        }
        DocumentError::NotAdopted(_) => ErrorReport::new(ErrorCode::Rejected).with_hint(
            "map unknown values with --map FIELD.VALUE=KNOWN, or correct the values with sqlite3",
        ),
        DocumentError::NotImported(files) => {
            ErrorReport::new(ErrorCode::NotImported).with_hint(format!(
                "run {} first, with --renumber if it leaves out records, or with --prefer file or --prefer \
                 database if it reports conflicts; or use --force to overwrite the changes",
                commands.format(format!("import {}", folder_of(files)))
            ))
        }
        DocumentError::ModifiedPages(files)
        | DocumentError::ModifiedAndUnwritablePages {
            modified: files, ..
        } => ErrorReport::new(ErrorCode::NotOurs).with_hint(format!(
            "run {} first, or use --force to overwrite the changes",
            commands.format(format!("decision import --adr {}", folder_of(files)))
        )),
        DocumentError::UnwritablePages(_) => ErrorReport::new(ErrorCode::NotOurs).with_hint(
            "nothing was written; edit the file and import it, export the other decisions by ID, or use \
             --force to write the file in MADR 4 format",
        ),
        DocumentError::TakenIds(taken) => {
            let files: Vec<PathBuf> = taken.iter().map(|taken| taken.file.clone()).collect();
            ErrorReport::new(ErrorCode::NotOurs).with_hint(format!(
                "nothing was written; run {} to import that decision with a new ID, or export to another \
                 folder",
                commands.format(format!("decision import --adr {} --renumber", folder_of(&files)))
            ))
        }
        DocumentError::ChangedOnBothSides(conflicts)
            if conflicts
                .iter()
                .any(|conflict| conflict.kind == AdrConflictKind::DifferentDecision) =>
        {
            ErrorReport::new(ErrorCode::Conflict).with_hint(
                "nothing was written; run the import again with --renumber to give the decisions in the \
                 files new IDs, or with --prefer database to leave them out",
            )
        }
        DocumentError::ChangedOnBothSides(_) => ErrorReport::new(ErrorCode::Conflict).with_hint(
            "nothing was written; run the import again with --prefer file or --prefer database",
        ),
        DocumentError::Write { .. } => ErrorReport::new(ErrorCode::Write),
        DocumentError::Store(error) => describe_store_error(error, commands),
        _ => ErrorReport::new(ErrorCode::Internal),
    }
}

/// Returns the folder of files that an export would overwrite, as it is typed.
fn folder_of(files: &[PathBuf]) -> String {
    let folder = files.first().and_then(|file| file.parent());
    let folder = folder.map(|folder| folder.display().to_string());
    match folder.as_deref() {
        None | Some("") => ".".to_owned(),
        Some(folder) => shell_quote(folder),
    }
}
