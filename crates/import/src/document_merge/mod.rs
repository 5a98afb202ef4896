//! Merges two versions of a document with their common ancestor, as a merge driver of git.
//!
//! Records are matched by id and merged field by field. The result has the form of an export; where both
//! versions changed the same field, it has both values between git's conflict markers.

mod conflict;
mod list_groups;
mod merged;
mod order;
mod record_kind;
mod record_lists;
mod render;
mod status_lists;
#[cfg(test)]
mod status_tests;
#[cfg(test)]
mod tests;
mod tree;
mod values;
#[cfg(test)]
mod version_tests;
mod versions;

use wsdb_core::{Json, JsonObject};

use self::merged::{Merged, Side};
use self::tree::Tree;
use self::values::{COUNTERS, Merger};
use self::versions::Versions;
use crate::document::{Document, lists, recount};
use crate::json::syntax_reason;

pub use self::conflict::{ConflictKind, DocumentConflict};

/// Three versions of a document.
#[derive(Debug, Clone, Copy)]
pub struct DocumentVersions<'t> {
    /// The common ancestor of the others.
    pub ancestor: &'t str,
    /// Our version.
    pub ours: &'t str,
    /// The version that is merged into ours.
    pub theirs: &'t str,
}

/// The result of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedDocument {
    /// The text of the document. It has conflict markers if there are conflicts.
    pub text: String,
    /// What both versions changed differently.
    pub conflicts: Vec<DocumentConflict>,
}

/// A version of a document that cannot be merged record by record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{version} is not a JSON document: {reason}")]
pub struct UnmergeableDocument {
    version: &'static str,
    reason: String,
}

/// Merges two versions of a document. The conflict markers have `marker_size` characters.
///
/// # Errors
/// Returns [`UnmergeableDocument`] if one of the versions is not a JSON object or list.
pub fn merge_documents(
    versions: DocumentVersions<'_>,
    marker_size: usize,
) -> Result<MergedDocument, UnmergeableDocument> {
    // Git passes an empty ancestor if both sides added the document.
    let base = match versions.ancestor.trim() {
        "" => Tree::Object(Vec::new()),
        text => parse("the common ancestor", text)?,
    };
    let ours = parse("our version", versions.ours)?;
    let theirs = parse("their version", versions.theirs)?;
    let unchanged = |text: &str| {
        Ok(MergedDocument {
            text: text.to_owned(),
            conflicts: Vec::new(),
        })
    };
    if base == ours {
        return unchanged(versions.theirs);
    }
    if base == theirs || ours == theirs {
        return unchanged(versions.ours);
    }
    let list = list_name([&ours, &theirs, &base]);
    let is_bare = |tree: &Tree| tree.as_list().is_some();
    let stays_bare = if is_bare(&ours) == is_bare(&base) {
        is_bare(&theirs)
    } else {
        is_bare(&ours)
    };
    let [base, ours, theirs] = [base, ours, theirs].map(|tree| with_list(tree, list));
    let mut merger = Merger::default();
    let mut merged = merger.document(Versions {
        base: Some(&base),
        ours: Some(&ours),
        theirs: Some(&theirs),
    });
    update_counters(&mut merged);
    if stays_bare {
        merged = without_list(merged, list);
    }
    Ok(MergedDocument {
        text: render::render(&merged, render::indent_of(versions.ours), marker_size),
        conflicts: merger.conflicts,
    })
}

fn parse(version: &'static str, text: &str) -> Result<Tree, UnmergeableDocument> {
    let fail = |reason: String| UnmergeableDocument { version, reason };
    if text.trim().is_empty() {
        return Err(fail("it is empty".to_owned()));
    }
    match Tree::parse(text) {
        Ok(Tree::Leaf(_)) => Err(fail("expected an object or a list".to_owned())),
        Ok(tree) => Ok(tree),
        Err(error) => Err(fail(match error.position() {
            Some((line, _)) => format!("line {line}: {}", syntax_reason(&error)),
            None => syntax_reason(&error),
        })),
    }
}

/// Returns the name of the list that a bare list of records is.
fn list_name(versions: [&Tree; 3]) -> &'static str {
    let known = Document::ALL.map(|document| lists(document)[0]);
    let is_used = |list: &&str| versions.iter().any(|tree| tree.get(list).is_some());
    known.into_iter().find(is_used).unwrap_or(known[0])
}

/// Puts a bare list of records into an object.
fn with_list(tree: Tree, list: &str) -> Tree {
    match tree {
        Tree::List(_) => Tree::Object(vec![(list.to_owned(), tree)]),
        tree => tree,
    }
}

/// Takes a list of records out of its object, if that has nothing else.
fn without_list(merged: Merged, list: &str) -> Merged {
    match merged {
        Merged::Clean(Tree::Object(mut fields)) if is_only(&fields, list) => fields
            .pop()
            .map_or(Merged::list(Vec::new()), |(_, value)| Merged::Clean(value)),
        Merged::Object(mut fields) if is_only(&fields, list) => fields
            .pop()
            .map_or(Merged::list(Vec::new()), |(_, value)| value),
        merged => merged,
    }
}

fn is_only<T>(fields: &[(String, T)], list: &str) -> bool {
    fields.iter().all(|(key, _)| key == list) && fields.len() <= 1
}

/// Computes the counters of the document again.
fn update_counters(merged: &mut Merged) {
    let Some(document) = merged.resolve(Side::Ours) else {
        return;
    };
    let mut counts = JsonObject::new();
    for name in COUNTERS {
        if let Some(value) = document.get(name) {
            counts.insert(name.to_owned(), value.to_json());
        }
    }
    if counts.is_empty() {
        return;
    }
    let records = |list: &str| -> Vec<Json> {
        let items = document.get(list).and_then(Tree::as_list);
        items
            .unwrap_or_default()
            .iter()
            .map(Tree::to_json)
            .collect()
    };
    recount(&mut counts, records);
    for (name, value) in &counts {
        match merged {
            Merged::Clean(Tree::Object(fields)) => {
                let field = fields.iter_mut().find(|(key, _)| key == name);
                field.into_iter().for_each(|(_, tree)| tree.update(value));
            }
            Merged::Object(fields) => {
                let field = fields.iter_mut().find(|(key, _)| key == name);
                if let Some((_, Merged::Clean(tree))) = field {
                    tree.update(value);
                }
            }
            _ => {}
        }
    }
}
