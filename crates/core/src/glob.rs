//! Globs over paths and over the names of modules.

use globset::{GlobBuilder, GlobMatcher};

/// A glob, or why it is none.
pub(crate) fn glob(pattern: &str) -> Result<GlobMatcher, String> {
    let built = GlobBuilder::new(pattern)
        .literal_separator(true)
        .backslash_escape(true)
        .build();
    built
        .map(|glob| glob.compile_matcher())
        .map_err(|error| error.kind().to_string())
}

/// A path without what says nothing: `./`, doubled slashes, a slash at the end, and steps up where
/// they can be taken; with slashes alone.
///
/// ```
/// assert_eq!(wsdb_core::plain_path("./src//core/../web/"), "src/web");
/// assert_eq!(wsdb_core::plain_path("src\\web"), "src/web");
/// ```
pub fn plain_path(path: &str) -> String {
    let path = path.trim().replace('\\', "/");
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Whether a text means more than itself as a glob. What doesn't is compared as it stands:
/// to make globs of thousands of paths takes long.
pub(crate) fn has_wildcards(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// Whether a path is another one, or lies in it.
pub(crate) fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A module's name with slashes between its parts, however its language writes them.
pub(crate) fn module_path(name: &str) -> String {
    name.trim().replace("::", "/").replace(['.', '\\'], "/")
}

/// Whether a glob means a path, or a folder that it lies in.
pub(crate) fn covers(glob: &GlobMatcher, path: &str) -> bool {
    let ends = path.match_indices('/').map(|(end, _)| end);
    glob.is_match(path) || ends.into_iter().any(|end| glob.is_match(&path[..end]))
}
