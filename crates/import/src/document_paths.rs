//! The paths under which the database remembers files: relative to the workspace if they are in it.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::document::Document;
use crate::error::ParseError;

/// The stored paths of the files of an import or export.
#[derive(Debug, Default)]
pub(crate) struct DocumentPaths {
    by_file: HashMap<PathBuf, Arc<str>>,
}

impl DocumentPaths {
    /// Creates the paths of some files; `workspace` is the folder of the workspace.
    pub(crate) fn new<'f>(files: impl Iterator<Item = &'f Path>, workspace: Option<&Path>) -> Self {
        let path = |file: &Path| (file.to_owned(), stored_path(file, workspace).into());
        DocumentPaths {
            by_file: files.map(path).collect(),
        }
    }

    /// Returns each file with its stored path.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Path, &str)> {
        let files = self.by_file.iter();
        files.map(|(file, path)| (file.as_path(), &**path))
    }

    /// Returns the stored path of a file.
    pub(crate) fn of(&self, file: &Path) -> Arc<str> {
        let known = self.by_file.get(file).cloned();
        known.unwrap_or_else(|| stored_path(file, None).into())
    }
}

/// Returns the folder of a file.
pub(crate) fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}

/// Returns the stored paths of the files, and of the documents beside them that are not among them, each
/// with a file in the same folder.
pub(crate) fn files_of_folders(paths: &DocumentPaths) -> HashMap<String, &Path> {
    let mut files: HashMap<String, &Path> = HashMap::new();
    for (file, path) in paths.iter() {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        files.insert(path.to_owned(), file);
        for document in Document::ALL {
            let path = match folder {
                "" if !path.starts_with('/') => document.file_name().to_owned(),
                folder => format!("{folder}/{}", document.file_name()),
            };
            files.entry(path).or_insert(file);
        }
    }
    files
}

/// Returns the path of a file as it is stored.
pub(crate) fn stored_path(file: &Path, workspace: Option<&Path>) -> String {
    path_in_workspace(file, workspace)
        .to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

/// Returns the error for a file whose path cannot be stored.
pub(crate) fn check_path(file: &Path, workspace: Option<&Path>) -> Result<(), ParseError> {
    let path = path_in_workspace(file, workspace);
    match path.to_str() {
        Some(_) => Ok(()),
        None => Err(ParseError {
            file: path,
            position: None,
            reason: "the path is not valid UTF-8".to_owned(),
        }),
    }
}

/// Returns the path of a file relative to the workspace if it is in it, otherwise its absolute path.
fn path_in_workspace(file: &Path, workspace: Option<&Path>) -> PathBuf {
    let file = normalize(file);
    let resolved = resolve_folder(&file);
    let within = workspace.and_then(|workspace| {
        let workspace = normalize(workspace);
        let resolved = || {
            let workspace = workspace.canonicalize().ok()?;
            resolved
                .as_ref()?
                .strip_prefix(workspace)
                .ok()
                .map(Path::to_owned)
        };
        let lexical = || file.strip_prefix(&workspace).ok().map(Path::to_owned);
        resolved().or_else(lexical)
    });
    within.unwrap_or(file)
}

/// Returns the path of a file in the folder to which links in its path lead; `None` if that does not
/// exist.
fn resolve_folder(file: &Path) -> Option<PathBuf> {
    let folder = file.parent()?.canonicalize().ok()?;
    Some(folder.join(file.file_name()?))
}

/// Returns the absolute path, without `.` and `..`.
fn normalize(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut normalized = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => _ = normalized.pop(),
            Component::CurDir => {}
            component => normalized.push(component),
        }
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_in_the_workspace_is_relative_to_it() {
        let workspace = Path::new("/work/./orchard");
        let path = |file: &str| stored_path(Path::new(file), Some(workspace));
        assert_eq!(path("/work/orchard/docs/../A.json"), "A.json");
        assert_eq!(path("/work/orchard/docs/A.json"), "docs/A.json");
        assert_eq!(path("/work/elsewhere/./A.json"), "/work/elsewhere/A.json");
        assert_eq!(stored_path(Path::new("/a/../b.json"), None), "/b.json");
    }
}
