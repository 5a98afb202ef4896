//! Globs over paths and module names.

use globset::{GlobBuilder, GlobMatcher};

/// Compiles a glob, or returns why it is invalid.
pub(crate) fn glob(pattern: &str) -> Result<GlobMatcher, String> {
    let built = GlobBuilder::new(pattern)
        .literal_separator(true)
        .backslash_escape(true)
        .build();
    built
        .map(|glob| glob.compile_matcher())
        .map_err(|error| error.kind().to_string())
}

/// Whether a text has wildcards. Texts without any are compared directly: compiling globs for
/// thousands of paths is slow.
pub(crate) fn has_wildcards(text: &str) -> bool {
    text.contains(['*', '?', '[', '{'])
}

/// Whether a path equals a folder or is inside it.
pub(crate) fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns a module name with slashes between its parts, whatever separator its language uses.
pub(crate) fn module_path(name: &str) -> String {
    name.trim().replace("::", "/").replace(['.', '\\'], "/")
}

/// Whether a glob matches a path or one of its parent folders.
pub(crate) fn covers(glob: &GlobMatcher, path: &str) -> bool {
    let ends = path.match_indices('/').map(|(end, _)| end);
    glob.is_match(path) || ends.into_iter().any(|end| glob.is_match(&path[..end]))
}
