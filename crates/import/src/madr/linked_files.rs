//! The files of the decisions that wsdb names by their IDs in a page: in another workspace, the decision of a
//! page without an ID may have another one.

use wsdb_core::{DecisionId, Json};

/// A decision with the path of its file, relative to the folder of the page that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinkedFile {
    pub(super) id: DecisionId,
    pub(super) file: String,
}

/// Replaces links such as `[DEC-003](0002-use-pears.md)` in the fields under `wsdb` by the IDs, and returns the
/// links.
pub(super) fn take_linked_files(fields: &mut Json) -> Vec<LinkedFile> {
    let mut found = Vec::new();
    for key in ["supersedes", "superseded-by"] {
        let values = match fields.get_mut(key) {
            Some(Json::Array(list)) => list.iter_mut().collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        };
        for value in values {
            let links = value.as_str().map_or(Vec::new(), find_linked_files);
            if let [link] = links.as_slice() {
                *value = link.id.as_str().into();
            }
            found.extend(links);
        }
    }
    found
}

/// Finds the links whose text is an ID.
pub(super) fn find_linked_files(text: &str) -> Vec<LinkedFile> {
    let starts = text.match_indices('[').map(|(at, _)| &text[at + 1..]);
    let links = starts.filter_map(|rest| {
        let (id, rest) = rest.split_once("](")?;
        let id = DecisionId::new(id).ok()?;
        let target = rest.split(", [").next()?.lines().next()?;
        let file = target.trim_end().strip_suffix(')')?.to_owned();
        Some(LinkedFile { id, file })
    });
    links.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found() {
        let found = find_linked_files("[DEC-003](a (1).md), [DEC-4](b.md)");
        let found = found.iter().map(|link| (link.id.as_str(), &*link.file));
        let found: Vec<_> = found.collect();
        assert_eq!(found, [("DEC-003", "a (1).md"), ("DEC-4", "b.md")]);
        assert_eq!(find_linked_files("[DEC-003, DEC-004]"), []);
        assert_eq!(find_linked_files("[Use pears](a.md"), []);
    }
}
