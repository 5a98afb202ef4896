//! Finds and reads pages.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::adr::Adr;
use super::page_hash::has_valid_page_hash;
use super::page_location::folder_of;
use super::read;
use crate::error::{Error, ParseError};
use crate::json;

/// Pages that have been read.
#[derive(Debug, Default)]
pub struct AdrSources {
    pub(super) adrs: Vec<Adr>,
    /// Markdown files in the folders whose names are not those of decisions.
    pub skipped: Vec<PathBuf>,
}

/// Returns the last part of a path.
pub(super) fn file_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Returns the number in the name of a decision's file, such as `0001-…` or `adr-0001-…`.
pub(super) fn number(name: &str) -> Option<u64> {
    let lower = name.to_lowercase();
    let rest = lower
        .strip_prefix("adr")
        .map_or(&*lower, |rest| rest.trim_start_matches(['-', '_']));
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    rest[..end].parse().ok()
}

pub(super) fn is_markdown(file: &Path) -> bool {
    let ending = file
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    matches!(ending.as_deref(), Some("md" | "markdown"))
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

/// Reads single files, and the files of folders whose names begin with a number, without accessing
/// a database. Locations are stored relative to `root`, the workspace's folder.
///
/// # Errors
/// Returns [`Error::Unreadable`] with all problems, each with file and line, and [`Error::NothingToImport`]
/// if there is no page.
pub fn read_adr(sources: &[PathBuf], root: &Path) -> Result<AdrSources, Error> {
    let mut result = AdrSources::default();
    let mut errors = Vec::new();
    let mut files: Vec<PathBuf> = Vec::new();
    for source in sources {
        if !source.is_dir() {
            files.push(source.clone());
            continue;
        }
        let all = list_pages(source).map_err(|error| {
            Error::Unreadable(vec![ParseError {
                file: source.clone(),
                position: None,
                reason: format!("cannot be read: {error}"),
            }])
        })?;
        for file in all {
            match number(&file_name(&file)) {
                Some(_) => files.push(file),
                None => result.skipped.push(file),
            }
        }
    }
    let mut files_by_key: HashMap<String, PathBuf> = HashMap::new();
    for file in files {
        match read_page(&file, root) {
            Err(error) => errors.push(error),
            Ok(adr) => {
                let key = match &adr.id {
                    Some(id) => format!("decision {id}"),
                    None => format!("file {}/{}", adr.folder, adr.file_name()),
                };
                if let Some(other) = files_by_key.insert(key.clone(), file.clone()) {
                    errors.push(ParseError {
                        file,
                        position: None,
                        reason: format!("duplicate {key} (first found in {})", other.display()),
                    });
                    continue;
                }
                result.adrs.push(adr);
            }
        }
    }
    if !errors.is_empty() {
        return Err(Error::Unreadable(errors));
    }
    if result.adrs.is_empty() {
        let names: Vec<String> = sources.iter().map(|s| s.display().to_string()).collect();
        return Err(Error::NothingToImport(format!(
            "no decision files found in {}; name them like 0001-use-one-core.md",
            names.join(", ")
        )));
    }
    Ok(result)
}

/// Reads a page.
pub(super) fn read_page(file: &Path, root: &Path) -> Result<Adr, ParseError> {
    let fail = |reason: String| ParseError {
        file: file.to_owned(),
        position: None,
        reason,
    };
    let bytes = std::fs::read(file).map_err(|error| fail(format!("cannot be read: {error}")))?;
    // Some editors write a byte order mark; it is skipped.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let text = json::text(file, bytes)?;
    if text.contains('\0') {
        return Err(fail("contains the character U+0000".to_owned()));
    }
    if text.len() > json::MAX_TEXT_BYTES {
        return Err(fail(json::too_long()));
    }
    let mut adr = read::parse_adr(file, text)?;
    adr.folder = folder_of(file, root);
    adr.is_unmodified = has_valid_page_hash(text);
    Ok(adr)
}
