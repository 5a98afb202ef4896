//! Locations of pages: two repos may each have a `0001-use-pears.md`.

use std::path::{Component, Path, PathBuf};

use wsdb_core::Decision;

use super::adr::{Adr, title};
use super::{FILE_KEY, FOLDER_KEY, PAGE_KEY, metadata_text};

/// Returns the absolute path of a folder, without symbolic links. A folder that does not exist yet
/// has the path that it gets when it is created.
fn absolute(path: &Path) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let existing = full
        .ancestors()
        .find_map(|ancestor| Some((ancestor, ancestor.canonicalize().ok()?)));
    let Some((ancestor, mut canonical)) = existing else {
        return full;
    };
    let rest = full.strip_prefix(ancestor).unwrap_or(Path::new(""));
    for component in rest.components() {
        match component {
            Component::ParentDir => {
                canonical.pop();
            }
            other => canonical.push(other),
        }
    }
    canonical
}

/// Returns the folder of a file as it is stored: relative to the workspace.
pub(super) fn folder_of(file: &Path, root: &Path) -> String {
    let parent = file.parent().filter(|p| !p.as_os_str().is_empty());
    relative(&absolute(parent.unwrap_or(Path::new("."))), &absolute(root))
}

/// Returns the path from one folder to another, with `/`; both are absolute.
fn relative(folder: &Path, root: &Path) -> String {
    let mut folders: Vec<Component<'_>> = folder.components().collect();
    let roots: Vec<Component<'_>> = root.components().collect();
    let common = folders
        .iter()
        .zip(&roots)
        .take_while(|(a, b)| a == b)
        .count();
    // Without a common beginning, such as the same drive, there is no relative path.
    let names: PathBuf = if common == 0 {
        folder.to_owned()
    } else {
        let up = roots[common..].iter().map(|_| Component::ParentDir);
        up.chain(folders.drain(common..)).collect()
    };
    match names.to_string_lossy().replace('\\', "/").as_str() {
        "" => ".".to_owned(),
        names => names.to_owned(),
    }
}

/// Returns the name of the file that a decision was imported from.
pub(super) fn file_of(decision: &Decision) -> Option<String> {
    metadata_text(decision, FILE_KEY)
}

/// Where a page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageLocation {
    /// The folder, relative to the workspace.
    pub(super) folder: String,
    /// The name of the file.
    pub(super) file: String,
}

/// Returns the page that a decision was imported from.
pub(super) fn location_of(decision: &Decision, root: &Path) -> Option<PageLocation> {
    let stored = metadata_text(decision, FOLDER_KEY).unwrap_or_default();
    // Earlier versions stored absolute paths.
    let folder = if Path::new(&stored).is_absolute() {
        relative(&absolute(Path::new(&stored)), &absolute(root))
    } else {
        stored
    };
    let file = file_of(decision)?;
    Some(PageLocation { folder, file })
}

/// Whether a decision was imported from a folder.
pub(super) fn is_from(decision: &Decision, folder: &str, root: &Path) -> bool {
    metadata_text(decision, FOLDER_KEY).is_some_and(|stored| {
        // Earlier versions stored absolute paths.
        let is_same = || relative(&absolute(Path::new(&stored)), &absolute(root)) == folder;
        stored == folder || Path::new(&stored).is_absolute() && is_same()
    })
}

/// Returns the folder that a decision was imported from.
pub(super) fn folder_path(decision: &Decision, root: &Path) -> Option<PathBuf> {
    metadata_text(decision, FOLDER_KEY).map(|folder| root.join(folder))
}

/// Whether a decision was imported from a page without an id: the file has the same name and
/// folder, or it has the same title and was moved.
pub(super) fn is_page_of(adr: &Adr, decision: &Decision, root: &Path) -> bool {
    let name = adr.file_name();
    if file_of(decision).as_ref() != Some(&name) {
        return false;
    }
    if is_from(decision, &adr.folder, root) {
        return true;
    }
    let before = folder_path(decision, root).map(|folder| folder.join(&name));
    adr.title == title(&decision.decision) && !before.is_some_and(|before| before.is_file())
}

/// Whether a page is an unchanged copy of the page that a decision was imported from.
pub(super) fn is_copy_of(adr: &Adr, decision: &Decision) -> bool {
    adr.text.is_some() && adr.text == metadata_text(decision, PAGE_KEY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_has_the_same_name_before_and_after_it_is_created() {
        let root = tempfile::tempdir().expect("temporary folder");
        let folder = root.path().join("docs/decisions");
        let file = folder.join("0001-x.md");
        assert_eq!(folder_of(&file, root.path()), "docs/decisions");
        let other = root.path().join("docs/../docs/decisions/0001-x.md");
        assert_eq!(folder_of(&other, root.path()), "docs/decisions");
        std::fs::create_dir_all(&folder).expect("created folder");
        assert_eq!(folder_of(&file, root.path()), "docs/decisions");
        // A relative path is in the current folder.
        let here = std::env::current_dir().expect("current folder");
        assert_eq!(
            folder_of(Path::new("new/folder/0001-x.md"), &here),
            "new/folder"
        );
    }

    #[test]
    fn folders_are_relative_to_the_workspace() {
        for (folder, path) in [
            ("/w/orchard", "."),
            ("/w/orchard/core/docs", "core/docs"),
            ("/w/other/docs", "../other/docs"),
            ("/", "../.."),
        ] {
            assert_eq!(relative(Path::new(folder), Path::new("/w/orchard")), path);
        }
    }
}
