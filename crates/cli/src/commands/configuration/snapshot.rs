//! `wsdb config snapshot`

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use wsdb_app::documents::{self, FileFormat, ParseError, read_configuration};
use wsdb_app::views::RedactSecrets;
use wsdb_app::{Error, SnapshotRequest, take_snapshot};
use wsdb_core::{Json, JsonObject, SnapshotType};

use super::redaction::secrets_count;
use crate::args::{name, repo_name, text_or_stdin, vocabulary_parser};
use crate::commands::default_repo::required_repo;
use crate::context::Context;
use crate::error::UsageError;
use crate::ui::format_count;

#[derive(Debug, Args)]
#[command(
    before_help = "The format of a file (JSON, JSON with comments, JSON5, TOML, YAML, INI, env,
properties, a lock file or a list of lines) is determined by its name, or by its
content if several formats use that name, as for .prettierrc and yarn.lock. --as
overrides it. Variables are not expanded. A key alone on its line is true in INI
files and null in env files. Repeated keys become a list, and a YAML tag is kept
as {\"!Tag\": value}.

Files are stored under their path in the repo, however the path is given. Those
outside the repo are stored under their path in the workspace, or under their
absolute path. The hash of a snapshot is the SHA-256 of its canonical JSON (RFC
8785, except that numbers keep full precision), so the order of keys does not
matter.

If nothing has changed since the repo's last snapshot, no new snapshot is
taken; use --force to take one anyway. A full snapshot contains all given
files, an incremental one only those that changed.

Values that look like secrets are stored and exported, but only shown with
--show-secrets.",
    after_help = "Examples:
  wsdb config snapshot orchard-core/pyproject.toml
  wsdb config snapshot -r orchard-web orchard-web/package.json --record
  kubectl get cm web -o json | wsdb config snapshot -r orchard-web - --as json"
)]
pub(crate) struct Snapshot {
    /// Configuration files (- reads stdin)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Repo of the files [default: the one that contains them or the current folder]
    #[arg(long, short, value_parser = repo_name)]
    repo: Option<String>,
    /// Type of the snapshot
    #[arg(
        long = "type",
        short = 't',
        value_name = "TYPE",
        default_value_t = SnapshotType::Full,
        value_parser = vocabulary_parser::<SnapshotType>()
    )]
    snapshot_type: SnapshotType,
    /// Format of the files, regardless of their names
    #[arg(long = "as", value_enum, value_name = "FORMAT")]
    written_as: Option<Format>,
    /// Name for stdin in the snapshot
    #[arg(long, value_name = "PATH", default_value = "stdin", value_parser = name)]
    name: String,
    /// Notes (- reads stdin)
    #[arg(long, short, value_name = "TEXT")]
    notes: Option<String>,
    /// Take a snapshot even if nothing changed
    #[arg(long)]
    force: bool,
    /// Record the changes since the last snapshot
    #[arg(long)]
    record: bool,
    /// Commit of the recorded changes
    #[arg(long, value_name = "HASH", value_parser = name, requires = "record")]
    commit: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Json,
    Jsonc,
    Json5,
    Toml,
    Yaml,
    Ini,
    Env,
    Properties,
    Lines,
}

impl From<Format> for FileFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Json => FileFormat::Json,
            Format::Jsonc => FileFormat::Jsonc,
            Format::Json5 => FileFormat::Json5,
            Format::Toml => FileFormat::Toml,
            Format::Yaml => FileFormat::Yaml,
            Format::Ini => FileFormat::Ini,
            Format::Env => FileFormat::Env,
            Format::Properties => FileFormat::Properties,
            Format::Lines => FileFormat::Lines,
        }
    }
}

/// The contents of files.
#[derive(Default)]
struct ReadFiles {
    /// By path.
    files: JsonObject,
    /// Paths under which earlier versions stored files, by path.
    earlier_paths: BTreeMap<String, String>,
}

impl Snapshot {
    fn read(&self, repo: &str, context: &Context) -> anyhow::Result<ReadFiles> {
        let paths = context.repo_paths()?;
        let (mut read_files, mut wrong) = (ReadFiles::default(), Vec::new());
        let ReadFiles {
            files,
            earlier_paths,
        } = &mut read_files;
        for file in &self.files {
            let is_stdin = file.as_os_str() == "-";
            let shown = if is_stdin { Path::new("stdin") } else { file };
            let fail = |reason: String| ParseError {
                file: shown.to_owned(),
                position: None,
                reason,
            };
            let mut bytes = Vec::new();
            let read = if is_stdin {
                std::io::stdin().read_to_end(&mut bytes).map(|_| ())
            } else {
                std::fs::read(file).map(|read| bytes = read)
            };
            if let Err(error) = read {
                wrong.push(fail(wsdb_core::format_read_error(&error)));
                continue;
            }
            let key = if is_stdin {
                Some(paths.of_name(repo, &self.name))
            } else {
                paths.of_file(repo, file)
            };
            let Some(key) = key else {
                return Err(Error::NotUtf8(file.clone()).into());
            };
            let format = self.written_as.map(FileFormat::from);
            let Some(format) = format.or_else(|| FileFormat::detect(Path::new(&key), &bytes))
            else {
                let what = if is_stdin {
                    "unknown format"
                } else {
                    "the format of a file with this name is unknown"
                };
                wrong.push(fail(format!("{what}; use --as FORMAT")));
                continue;
            };
            match read_configuration(Path::new(&key), format, &bytes) {
                Ok(_) if files.contains_key(&key) => {
                    return Err(UsageError(format!("{key} is given twice")).into());
                }
                Ok(value) => {
                    if !is_stdin && let Some(earlier) = paths.earlier_path_of_file(repo, file) {
                        earlier_paths.insert(key.clone(), earlier);
                    }
                    files.insert(key, value);
                }
                Err(error) => wrong.push(ParseError {
                    file: shown.to_owned(),
                    ..error
                }),
            }
        }
        if wrong.is_empty() {
            Ok(read_files)
        } else {
            Err(Error::from(documents::Error::Unreadable(wrong)).into())
        }
    }

    pub(crate) async fn run(self, context: &Context) -> anyhow::Result<()> {
        let is_stdin = |file: &PathBuf| file.as_os_str() == "-";
        if self.notes.as_deref() == Some("-") && self.files.iter().any(is_stdin) {
            let reason = "stdin cannot be both a file and the notes";
            return Err(UsageError(reason.to_owned()).into());
        }
        let repo = required_repo(context, self.repo.clone(), &self.files).await?;
        let ReadFiles {
            files,
            earlier_paths,
        } = self.read(&repo, context)?;
        let taking = SnapshotRequest {
            files,
            earlier_paths,
            repo,
            snapshot_type: self.snapshot_type,
            notes: text_or_stdin(self.notes)?,
            force: self.force,
            record: self.record,
            commit: self.commit,
        };
        let mut taken = take_snapshot(&context.workspace, &context.actor, &taking).await?;
        taken.snapshot.redact_secrets();
        let ui = &context.ui;
        if taken.secret_count > 0 && !taken.unchanged {
            let secrets = secrets_count(taken.secret_count);
            ui.print_note(&format!(
                "{secrets}; the snapshot and its exports contain {} in plain text",
                if taken.secret_count == 1 {
                    "it"
                } else {
                    "them"
                }
            ));
        }
        let snapshot = &taken.snapshot;
        let line = if taken.unchanged {
            format!("Unchanged since {}  {}", snapshot.id, snapshot.repo)
        } else {
            let files = snapshot.snapshot_data.as_ref().and_then(Json::as_object);
            let files = format_count(files.map_or(0, JsonObject::len) as u64, "file");
            let hash: String = snapshot.configuration_hash.chars().take(12).collect();
            let recorded = if taking.record {
                format!(
                    ", {} recorded",
                    format_count(taken.configuration_changes.len() as u64, "change")
                )
            } else {
                String::new()
            };
            format!(
                "Added {}  {}: {files}, {hash}{recorded}",
                snapshot.id, snapshot.repo
            )
        };
        if taken.unchanged && !ui.is_json() {
            ui.print(&crate::ui::escape_control_chars(&line))
        } else {
            ui.print_record(&taken, &line)
        }
    }
}
