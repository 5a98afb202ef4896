//! The layers of `crates/app`. A file may use its own folder, lower layers, and in its own layer only
//! what [`SAME_LAYER`] lists. In the two lowest layers, files may use each other.

/// Number of the lowest layers in which files may use each other: types and shared helpers have no
/// folders by kind of record, so they are only kept free of cycles.
const UNRESTRICTED_LAYERS: usize = 2;

/// The layers from the lowest to the highest: their files and folders below `crates/app/src`.
pub(super) const LAYERS: &[(&str, &[&str])] = &[
    (
        "types",
        &[
            "error.rs",
            "list_commands.rs",
            "record_names.rs",
            "shell_quote.rs",
            "views",
        ],
    ),
    (
        "shared helpers",
        &[
            "lookup.rs",
            "precondition.rs",
            "repo_folders.rs",
            "repo_paths.rs",
            "resource",
            "validate.rs",
            "workspace.rs",
        ],
    ),
    (
        "queries",
        &[
            "architecture/queries.rs",
            "configuration/chain.rs",
            "configuration/diff.rs",
            "decision/queries.rs",
            "drift/queries.rs",
            "history.rs",
            "repo/known.rs",
            "repo/list.rs",
            "session/current.rs",
            "task/in_progress.rs",
            "task/queue.rs",
            "task/views.rs",
            "why",
        ],
    ),
    (
        "actions",
        &[
            "adopt.rs",
            "architecture/compare.rs",
            "architecture/edit.rs",
            "backup.rs",
            "configuration/changes.rs",
            "configuration/remove.rs",
            "configuration/snapshot.rs",
            "context.rs",
            "copy.rs",
            "decision/edit.rs",
            "decision/links.rs",
            "decision/markdown.rs",
            "decision/supersede.rs",
            "drift/edit.rs",
            "drift/report.rs",
            "drift/scan.rs",
            "drift/task.rs",
            "issue.rs",
            "records.rs",
            "repo/rename.rs",
            "restore.rs",
            "session/edit.rs",
            "session/links.rs",
            "task/claim.rs",
            "task/dependencies.rs",
            "task/edit.rs",
            "undo.rs",
        ],
    ),
    (
        "entry points",
        &["handoff", "session/start.rs", "stats.rs", "status.rs"],
    ),
];

/// Files that only declare modules and re-export their items, and so belong to no layer.
pub(super) const RE_EXPORTS: &[&str] = &[
    "architecture/mod.rs",
    "configuration/mod.rs",
    "decision/mod.rs",
    "drift/mod.rs",
    "lib.rs",
    "repo/mod.rs",
    "session/mod.rs",
    "task/mod.rs",
];

/// Dependencies within a layer from one folder or top-level file to another, as `from` and `to`:
/// files, or folders without a trailing slash.
pub(super) const SAME_LAYER: &[(&str, &str)] = &[
    ("task/views.rs", "decision/queries.rs"),
    ("undo.rs", "task/edit.rs"),
    ("session/start.rs", "handoff"),
    ("drift", "records.rs"),
    ("issue.rs", "records.rs"),
    ("backup.rs", "copy.rs"),
    ("restore.rs", "backup.rs"),
    ("restore.rs", "copy.rs"),
];

/// Returns the layer of a file as its index in [`LAYERS`].
pub(super) fn layer_of(file: &str) -> Option<usize> {
    LAYERS
        .iter()
        .position(|(_, places)| places.iter().any(|place| is_in(file, place)))
}

/// Returns whether a file is `place`, or is in the folder `place`.
pub(super) fn is_in(file: &str, place: &str) -> bool {
    file.strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the problem with a dependency between two files, if there is one.
pub(super) fn check_edge(from: &str, to: &str) -> Option<String> {
    if RE_EXPORTS.contains(&from) || RE_EXPORTS.contains(&to) {
        return None;
    }
    let (Some(own), Some(other)) = (layer_of(from), layer_of(to)) else {
        // Reported once for the file.
        return None;
    };
    let name = |layer: usize| LAYERS[layer].0;
    if other > own {
        return Some(format!(
            "crates/app: {from} ({}) uses {to} ({}), which is a higher layer",
            name(own),
            name(other)
        ));
    }
    let is_listed = SAME_LAYER
        .iter()
        .any(|(a, b)| is_in(from, a) && is_in(to, b));
    let folder = |file: &str| file.split_once('/').map(|(folder, _)| folder.to_owned());
    let is_own_folder = folder(from).is_some() && folder(from) == folder(to);
    if other < own || own < UNRESTRICTED_LAYERS || is_own_folder || is_listed {
        return None;
    }
    Some(format!(
        "crates/app: {from} uses {to} of the same layer ({}); add it to SAME_LAYER in \
         xtask/src/layering/app.rs if it should be allowed",
        name(own)
    ))
}

/// Returns a problem for each entry of [`SAME_LAYER`] that no dependency between two files needs.
pub(super) fn check_same_layer<'a>(
    edges: impl Iterator<Item = (&'a str, &'a str)> + Clone,
) -> Vec<String> {
    let is_unused = |(from, to): &&(&str, &str)| {
        !edges.clone().any(|(user, used)| {
            is_in(user, from) && is_in(used, to) && layer_of(user) == layer_of(used)
        })
    };
    let unused = SAME_LAYER.iter().filter(is_unused);
    unused
        .map(|(from, to)| {
            format!(
                "crates/app: {from} does not use {to}; delete the entry from SAME_LAYER in \
                 xtask/src/layering/app.rs"
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_layers_and_the_own_folder_are_allowed() {
        assert_eq!(check_edge("task/claim.rs", "session/current.rs"), None);
        assert_eq!(check_edge("task/claim.rs", "task/edit.rs"), None);
        assert_eq!(check_edge("task/views.rs", "decision/queries.rs"), None);
        assert_eq!(check_edge("lib.rs", "status.rs"), None);
    }

    #[test]
    fn higher_layers_and_other_folders_are_reported() {
        let higher = check_edge("session/edit.rs", "handoff/mod.rs");
        assert!(higher.is_some_and(|problem| problem.contains("higher layer")));
        let same = check_edge("task/edit.rs", "drift/edit.rs");
        assert!(same.is_some_and(|problem| problem.contains("same layer")));
    }

    #[test]
    fn unused_permission_is_reported() {
        let mut edges = vec![
            ("task/views.rs", "decision/queries.rs"),
            ("undo.rs", "task/edit.rs"),
            ("session/start.rs", "handoff/mod.rs"),
            ("drift/edit.rs", "records.rs"),
            ("backup.rs", "copy.rs"),
            ("restore.rs", "backup.rs"),
            ("restore.rs", "copy.rs"),
            ("issue.rs", "records.rs"),
        ];
        assert_eq!(check_same_layer(edges.iter().copied()), [""; 0]);
        edges.pop();
        let unused = check_same_layer(edges.iter().copied());
        assert_eq!(
            unused,
            [
                "crates/app: issue.rs does not use records.rs; delete the entry from SAME_LAYER in \
              xtask/src/layering/app.rs"
            ]
        );
    }
}
