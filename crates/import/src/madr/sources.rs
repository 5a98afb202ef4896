//! Finding and reading pages.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::export;
use super::place::folder_of;
use super::read::{self, Adr};
use crate::error::{Error, Unreadable};
use crate::json;

/// Pages that have been read.
#[derive(Debug, Default)]
pub struct AdrSources {
    pub(super) adrs: Vec<Adr>,
    /// Markdown in the folders that is no decision, by its name.
    pub skipped: Vec<PathBuf>,
}

/// The last part of a page's path.
pub(super) fn file_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Whether a file's name says that it is a decision: `0001-…`, `adr-0001-…`.
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

/// The Markdown of a folder, in the order of names.
pub(super) fn pages(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
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

/// Reads pages: of folders those whose names begin with a number, and single files. Where they lie is
/// told from `root`, the workspace's folder. No database is looked at.
///
/// # Errors
/// [`Error::Unreadable`] names everything that is wrong, each with file and line, and
/// [`Error::Nothing`] where there is no page.
pub fn read_adr(sources: &[PathBuf], root: &Path) -> Result<AdrSources, Error> {
    let (mut found, mut wrong) = (AdrSources::default(), Vec::new());
    let mut files: Vec<PathBuf> = Vec::new();
    for source in sources {
        if !source.is_dir() {
            files.push(source.clone());
            continue;
        }
        let all = pages(source).map_err(|error| {
            Error::Unreadable(vec![Unreadable {
                file: source.clone(),
                place: None,
                reason: format!("can't be read: {error}"),
            }])
        })?;
        for file in all {
            match number(&file_name(&file)) {
                Some(_) => files.push(file),
                None => found.skipped.push(file),
            }
        }
    }
    let mut named: HashMap<String, PathBuf> = HashMap::new();
    for file in files {
        match read(&file, root) {
            Err(error) => wrong.push(error),
            Ok(adr) => {
                let key = match &adr.id {
                    Some(id) => format!("decision {id}"),
                    None => format!("place {}/{}", adr.folder, adr.file_name()),
                };
                if let Some(other) = named.insert(key.clone(), file.clone()) {
                    wrong.push(Unreadable {
                        file,
                        place: None,
                        reason: format!("has the {key}, as has {}", other.display()),
                    });
                    continue;
                }
                found.adrs.push(adr);
            }
        }
    }
    if !wrong.is_empty() {
        return Err(Error::Unreadable(wrong));
    }
    if found.adrs.is_empty() {
        let names: Vec<String> = sources.iter().map(|s| s.display().to_string()).collect();
        return Err(Error::Nothing(format!(
            "there is no decision in {}: a file is named like 0001-use-one-core.md",
            names.join(", ")
        )));
    }
    Ok(found)
}

/// Reads a page.
pub(super) fn read(file: &Path, root: &Path) -> Result<Adr, Unreadable> {
    let fail = |reason: String| Unreadable {
        file: file.to_owned(),
        place: None,
        reason,
    };
    let bytes = std::fs::read(file).map_err(|error| fail(format!("can't be read: {error}")))?;
    // Some editors begin with a byte order mark; it says nothing.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let text = json::text(file, bytes)?;
    if text.contains('\0') {
        return Err(fail("it holds the character U+0000".to_owned()));
    }
    if text.len() > json::LONGEST_TEXT {
        return Err(fail(json::too_long()));
    }
    let mut adr = read::adr(file, text)?;
    adr.folder = folder_of(file, root);
    adr.is_as_written = export::is_sealed(text);
    Ok(adr)
}
