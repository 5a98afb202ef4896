//! The result of a merge: values with the conflicts in them.

use super::tree::Tree;

/// One of the two versions that are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Ours,
    Theirs,
}

/// A merged value.
#[derive(Debug, Clone)]
pub(super) enum Merged {
    /// A value without conflicts.
    Clean(Tree),
    List(Vec<Merged>),
    Object(Vec<(String, Merged)>),
    /// The values of both sides; `None` where a side has none.
    Conflict {
        ours: Option<Tree>,
        theirs: Option<Tree>,
    },
}

impl Merged {
    pub(super) fn conflict(ours: Option<&Tree>, theirs: Option<&Tree>) -> Self {
        Merged::Conflict {
            ours: ours.cloned(),
            theirs: theirs.cloned(),
        }
    }

    pub(super) fn list(items: Vec<Merged>) -> Self {
        if items.iter().all(Merged::is_clean) {
            return Merged::Clean(Tree::List(resolve_list(&items, Side::Ours)));
        }
        Merged::List(items).with_lines_on_both_sides()
    }

    pub(super) fn object(fields: Vec<(String, Merged)>) -> Self {
        if fields.iter().all(|(_, value)| value.is_clean()) {
            return Merged::Clean(Tree::Object(resolve_object(&fields, Side::Ours)));
        }
        Merged::Object(fields).with_lines_on_both_sides()
    }

    /// Makes a list or object that is empty on one side a conflict as a whole: it has one line there,
    /// and several on the other side.
    fn with_lines_on_both_sides(self) -> Self {
        let sides = [Side::Ours, Side::Theirs].map(|side| self.resolve(side));
        if !sides.iter().flatten().any(Tree::is_empty) {
            return self;
        }
        let [ours, theirs] = sides;
        Merged::Conflict { ours, theirs }
    }

    pub(super) fn is_clean(&self) -> bool {
        matches!(self, Merged::Clean(_))
    }

    /// Whether a side has the value.
    pub(super) fn is_on(&self, side: Side) -> bool {
        match self {
            Merged::Conflict { ours, theirs } => match side {
                Side::Ours => ours.is_some(),
                Side::Theirs => theirs.is_some(),
            },
            _ => true,
        }
    }

    /// Returns the value with every conflict resolved to a side.
    pub(super) fn resolve(&self, side: Side) -> Option<Tree> {
        match self {
            Merged::Clean(tree) => Some(tree.clone()),
            Merged::List(items) => Some(Tree::List(resolve_list(items, side))),
            Merged::Object(fields) => Some(Tree::Object(resolve_object(fields, side))),
            Merged::Conflict { ours, theirs } => match side {
                Side::Ours => ours.clone(),
                Side::Theirs => theirs.clone(),
            },
        }
    }
}

fn resolve_list(items: &[Merged], side: Side) -> Vec<Tree> {
    let items = items.iter();
    items.filter_map(|item| item.resolve(side)).collect()
}

fn resolve_object(fields: &[(String, Merged)], side: Side) -> Vec<(String, Tree)> {
    let fields = fields.iter();
    fields
        .filter_map(|(key, value)| Some((key.clone(), value.resolve(side)?)))
        .collect()
}
