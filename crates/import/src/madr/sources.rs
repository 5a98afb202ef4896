//! Finds and reads pages.

use std::collections::{HashMap, HashSet};
use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use wsdb_core::{Decision, DecisionStatus};
use wsdb_store::{Connection, Store};

use super::adr::Adr;
use super::file_names::{file_name, is_index, is_markdown, number};
use super::first_commit::first_commit_date;
use super::import_result::SkippedFile;
use super::merge::set_mapped_status;
use super::page::{error_at_line, find_conflict_marker};
use super::page_hash::has_valid_page_hash;
use super::page_location::{folder_of, is_page_of};
use super::read;
use super::template::{is_auxiliary, is_placeholder, is_template};
use crate::error::{Error, ParseError};
use crate::json;
use crate::mappings::ValueMappings;
use crate::report::Warning;

/// Options for reading pages.
#[derive(Debug, Clone, Default)]
pub struct AdrOptions {
    mappings: ValueMappings,
    /// The statuses that the words of pages are mapped to.
    statuses: HashMap<(String, String), DecisionStatus>,
    skip_rejects: bool,
}

impl AdrOptions {
    /// Creates the options; `mappings` have the form `status.VALUE=KNOWN`. Pages that cannot be read
    /// are left out with `skip_rejects`.
    ///
    /// # Errors
    /// Returns a message that describes a mapping that is not valid.
    pub fn new(mappings: &[String], skip_rejects: bool) -> Result<Self, String> {
        // Other records have other statuses, which do not matter here.
        for mapping in mappings {
            if let Some((_, status)) = mapping
                .strip_prefix("status.")
                .and_then(|rest| rest.rsplit_once('='))
                .filter(|(_, status)| !status.is_empty())
                && let Err(error) = status.parse::<DecisionStatus>()
            {
                return Err(format!("invalid mapping {mapping:?}: {error}"));
            }
        }
        let mappings = ValueMappings::parse(mappings)?;
        if let Some((key, field)) = mappings.keys.first() {
            return Err(format!(
                "cannot map {key} to {field}: only the status of a decision file can be mapped"
            ));
        }
        let mut statuses = HashMap::new();
        for ((field, word), known) in &mappings.values {
            if field != "status" {
                return Err(format!(
                    "cannot map {field}.{word}: only the status of a decision file can be mapped"
                ));
            }
            let status: DecisionStatus = known
                .parse()
                .map_err(|error| format!("cannot map status.{word}: {error}"))?;
            statuses.insert((field.clone(), word.clone()), status);
        }
        Ok(AdrOptions {
            mappings,
            statuses,
            skip_rejects,
        })
    }
}

/// Pages that have been read.
#[derive(Debug, Default)]
pub struct AdrSources {
    pub(super) adrs: Vec<Adr>,
    /// Pages of the folders that are read only if they belong to a decision.
    pub(super) others: Vec<Adr>,
    /// Markdown files in the folders that are not decisions, such as `README.md`.
    pub skipped: Vec<SkippedFile>,
    /// Pages that were left out because they cannot be read.
    pub rejects: Vec<ParseError>,
    /// Problems that do not belong to a page.
    pub(super) warnings: Vec<Warning>,
}

impl AdrSources {
    /// Returns all pages that may belong to a decision.
    pub(super) fn all(&self) -> impl Iterator<Item = &Adr> {
        self.adrs.iter().chain(&self.others)
    }
}

/// Whether an import of the folder reads the page without knowing its decision.
pub(super) fn is_decision_file(name: &str, adr: &Adr) -> bool {
    // An index may have a number as well.
    let is_numbered = number(name).is_some() && (!is_index(name) || adr.fields.status.is_some());
    adr.id.is_some()
        || !is_auxiliary(name)
            && !is_placeholder(&adr.title)
            && (is_numbered || adr.is_named_decision)
}

/// Returns a file with the reason why it is not read as a decision.
pub(super) fn skipped_file(file: PathBuf, page: Result<&Adr, &ParseError>) -> SkippedFile {
    let name = file_name(&file);
    let reason = match page {
        _ if is_template(&name) => "a template".to_owned(),
        _ if is_index(&name) => "an index".to_owned(),
        Ok(adr) if is_placeholder(&adr.title) => {
            "a template: its title is a placeholder".to_owned()
        }
        Err(_) => "no number in its name and not readable as a decision".to_owned(),
        Ok(_) => "no number, status or decision section".to_owned(),
    };
    SkippedFile { file, reason }
}

/// Returns the Markdown files of a folder, sorted by name.
pub(super) fn list_pages(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if is_markdown(&path) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Returns the folders within a folder that contain decisions and are not read, with the number of files.
fn find_unread_pages(folder: &Path, sources: &[PathBuf]) -> Vec<(PathBuf, usize)> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    // A link may lead back to the folder.
    let is_folder = |entry: &DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    let folders = entries.filter(is_folder).map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = folders.collect();
    folders.sort();
    for inner in folders {
        if file_name(&inner).starts_with('.') || file_name(&inner) == "node_modules" {
            continue;
        }
        let is_source = |source: &PathBuf| source.canonicalize().ok() == inner.canonicalize().ok();
        let pages = list_pages(&inner).unwrap_or_default();
        let names = pages.iter().map(|file| file_name(file));
        let count = names
            .filter(|name| number(name).is_some() && !is_auxiliary(name))
            .count();
        if count > 0 && !sources.iter().any(is_source) {
            found.push((inner.clone(), count));
        }
        found.extend(find_unread_pages(&inner, sources));
    }
    found
}

/// Reads single files, and the decisions among the files of folders, without accessing a database.
/// Locations are stored relative to `root`, the workspace's folder.
///
/// # Errors
/// Returns [`Error::Unreadable`] with all problems, each with file and line, unless they are
/// skipped, and [`Error::NothingToImport`] if there is no page.
pub fn read_adr(
    sources: &[PathBuf],
    root: &Path,
    options: &AdrOptions,
) -> Result<AdrSources, Error> {
    let mut result = AdrSources::default();
    let mut used = HashSet::new();
    let mut files: Vec<(PathBuf, bool)> = Vec::new();
    for source in sources {
        if !source.is_dir() {
            files.push((source.clone(), true));
            continue;
        }
        let all = list_pages(source).map_err(|error| Error::unreadable(source, &error))?;
        for (folder, count) in find_unread_pages(source, sources) {
            let (files, them) = match count {
                1 => ("1 decision file in this folder was".to_owned(), "it"),
                count => (
                    format!("{count} decision files in this folder were"),
                    "them",
                ),
            };
            result.warnings.push(Warning {
                file: Some(folder),
                path: String::new(),
                message: format!("{files} not read; to import {them}, pass the folder to --adr"),
            });
        }
        files.extend(all.into_iter().map(|file| (file, false)));
    }
    let mut files_by_key: HashMap<String, PathBuf> = HashMap::new();
    for (file, is_named) in files {
        let name = file_name(&file);
        let text = read_text(&file);
        let conflict = text.as_ref().ok();
        let conflict = conflict.and_then(|text| find_conflict(&file, &text.text));
        let adr = text.and_then(|text| parse_page(&file, &text, root));
        // A file that is not a decision may contain anything.
        let may_be_decision = is_named
            || match &adr {
                Ok(adr) => conflict.is_none() || is_decision_file(&name, adr),
                Err(_) => !is_auxiliary(&name) && (number(&name).is_some() || conflict.is_some()),
            };
        let mut adr = match (adr, conflict) {
            (adr, _) if !may_be_decision => {
                result.skipped.push(skipped_file(file, adr.as_ref()));
                continue;
            }
            (_, Some(error)) | (Err(error), None) => {
                result.rejects.push(error);
                continue;
            }
            (Ok(adr), None) => adr,
        };
        apply_mapping(&mut adr, options, &mut used);
        if !is_named && !is_decision_file(&name, &adr) {
            result.others.push(adr);
            continue;
        }
        let key = match &adr.id {
            Some(id) => format!("decision {id}"),
            None => format!("file {}/{name}", adr.folder),
        };
        if let Some(other) = files_by_key.insert(key.clone(), file.clone()) {
            result.rejects.push(ParseError {
                file,
                position: None,
                reason: format!("duplicate {key} (first found in {})", other.display()),
            });
            continue;
        }
        result.adrs.push(adr);
    }
    let is_nothing_left = result.adrs.is_empty() && result.others.is_empty();
    if !result.rejects.is_empty() && (!options.skip_rejects || is_nothing_left) {
        return Err(if is_nothing_left {
            Error::Unreadable(result.rejects)
        } else {
            Error::UnreadablePages(result.rejects)
        });
    }
    if is_nothing_left {
        let names: Vec<String> = sources.iter().map(|s| s.display().to_string()).collect();
        return Err(Error::NothingToImport(format!(
            "no decision files found in {}; name them like 0001-use-one-core.md",
            names.join(", ")
        )));
    }
    for mapping in options.mappings.unused(&used) {
        result.warnings.push(Warning {
            file: None,
            path: String::new(),
            message: format!("unused mapping {mapping}: no file has that status"),
        });
    }
    Ok(result)
}

/// Finds the dates of new pages that have none: those of their first commits. Git needs a while for
/// each in a repository with a long history, so pages of known decisions keep their dates.
///
/// # Errors
/// Returns errors of the database.
pub async fn find_first_commits<C: Connection>(
    store: &Store<C>,
    sources: &mut AdrSources,
    root: &Path,
) -> Result<(), Error> {
    let is_undated = |adr: &&mut Adr| adr.date.is_none() && adr.text.is_some();
    let mut undated = sources.adrs.iter_mut().filter(is_undated).peekable();
    if undated.peek().is_none() {
        return Ok(());
    }
    let all = store.decisions().all().await?;
    for adr in undated {
        let is_page = |decision: &Decision| {
            adr.id.as_ref() == Some(&decision.id) || is_page_of(adr, decision, root)
        };
        if !all.iter().any(is_page) {
            adr.first_commit = first_commit_date(&adr.file);
        }
    }
    Ok(())
}

/// Sets the status of a page whose words are mapped.
fn apply_mapping(adr: &mut Adr, options: &AdrOptions, used: &mut HashSet<(String, String)>) {
    let Some(found) = &adr.fields.status else {
        return;
    };
    let line = adr
        .page
        .all
        .get(found.place.line)
        .map_or("", String::as_str);
    let words = line.get(found.place.range.clone()).unwrap_or_default();
    let keys =
        [found.text.as_str(), words].map(|text| ("status".to_owned(), text.trim().to_lowercase()));
    for key in keys {
        if let Some(status) = options.statuses.get(&key) {
            // The decision got another status since.
            if !adr.has_wsdb_status {
                set_mapped_status(adr, *status);
            }
            used.insert(key);
            return;
        }
    }
}

/// The text of a file.
struct PageText {
    text: String,
    /// Whether a byte order mark was in front of it.
    has_mark: bool,
}

/// Reads the text of a page.
fn read_text(file: &Path) -> Result<PageText, ParseError> {
    let fail = |reason: String| ParseError {
        file: file.to_owned(),
        position: None,
        reason,
    };
    // The decision remembers where its page is.
    if file.to_str().is_none() {
        return Err(fail("the path is not valid UTF-8".to_owned()));
    }
    let bytes = std::fs::read(file).map_err(|error| fail(wsdb_core::format_read_error(&error)))?;
    // Some editors write a byte order mark.
    let without_mark = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let text = json::text(file, without_mark)?;
    if text.contains('\0') {
        return Err(fail("contains the character U+0000".to_owned()));
    }
    if text.len() > json::MAX_TEXT_BYTES {
        return Err(fail(json::too_long()));
    }
    Ok(PageText {
        text: text.to_owned(),
        has_mark: without_mark.len() < bytes.len(),
    })
}

/// Returns the error for a page with git's conflict markers.
fn find_conflict(file: &Path, text: &str) -> Option<ParseError> {
    let line = find_conflict_marker(text)?;
    Some(error_at_line(file, line, json::CONFLICT_MARKERS))
}

fn parse_page(file: &Path, page: &PageText, root: &Path) -> Result<Adr, ParseError> {
    let text = &page.text;
    let mut adr = read::parse_adr(file, text)?;
    adr.folder = folder_of(file, root);
    adr.is_unmodified = has_valid_page_hash(text);
    let mark = if page.has_mark { "\u{feff}" } else { "" };
    adr.text = (!adr.is_unmodified).then(|| format!("{mark}{text}"));
    Ok(adr)
}

/// Reads a page.
pub(super) fn read_page(file: &Path, root: &Path) -> Result<Adr, ParseError> {
    parse_page(file, &read_text(file)?, root)
}
