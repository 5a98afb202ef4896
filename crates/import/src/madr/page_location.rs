//! Locations of pages: two repos may each have a `0001-use-pears.md`.

use std::path::{Path, PathBuf};

use wsdb_core::{Decision, Json};

use super::adr::{Adr, title};
use super::{FILE_KEY, FOLDER_KEY, metadata_value};

/// Returns the folder of a file as it is stored: relative to the workspace if it is in there.
pub(super) fn folder_of(file: &Path, root: &Path) -> String {
    let absolute = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let parent = file.parent().filter(|p| !p.as_os_str().is_empty());
    let folder = absolute(parent.unwrap_or(Path::new(".")));
    let root = absolute(root);
    let below = folder.strip_prefix(&root).unwrap_or(&folder);
    let names: PathBuf = below.components().collect();
    match names.to_string_lossy().replace('\\', "/").as_str() {
        "" => ".".to_owned(),
        names => names.to_owned(),
    }
}

fn stored_text(decision: &Decision, key: &str) -> Option<String> {
    match metadata_value(decision, key) {
        Some(Json::String(text)) => Some(text),
        _ => None,
    }
}

/// Returns the name of the file that a decision was imported from.
pub(super) fn file_of(decision: &Decision) -> Option<String> {
    stored_text(decision, FILE_KEY)
}

/// Whether a decision was imported from a folder.
pub(super) fn is_from(decision: &Decision, folder: &str) -> bool {
    stored_text(decision, FOLDER_KEY).as_deref() == Some(folder)
}

/// Whether a decision was imported from a page without an id: the file has the same name and
/// folder, or it has the same title and was moved.
pub(super) fn is_page_of(adr: &Adr, decision: &Decision, root: &Path) -> bool {
    let name = adr.file_name();
    if file_of(decision).as_ref() != Some(&name) {
        return false;
    }
    if is_from(decision, &adr.folder) {
        return true;
    }
    let before = stored_text(decision, FOLDER_KEY).map(|folder| root.join(folder).join(&name));
    adr.title == title(&decision.decision) && !before.is_some_and(|before| before.is_file())
}
