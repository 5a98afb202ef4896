//! A value in the three versions of a document.

use super::tree::Tree;

/// A value in the three versions; `None` where a version does not have it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Versions<'t> {
    pub(super) base: Option<&'t Tree>,
    pub(super) ours: Option<&'t Tree>,
    pub(super) theirs: Option<&'t Tree>,
}

impl<'t> Versions<'t> {
    fn map(self, value: impl Fn(&'t Tree) -> Option<&'t Tree>) -> Self {
        Versions {
            base: self.base.and_then(&value),
            ours: self.ours.and_then(&value),
            theirs: self.theirs.and_then(&value),
        }
    }

    /// Returns the versions of a field of objects.
    pub(super) fn field(self, key: &str) -> Self {
        self.map(|object| object.get(key))
    }

    /// Returns the versions that have the value.
    pub(super) fn all(self) -> impl Iterator<Item = &'t Tree> {
        [self.base, self.ours, self.theirs].into_iter().flatten()
    }

    /// Returns the result if at most one side changed the value.
    pub(super) fn changed_on_one_side(self) -> Option<Option<&'t Tree>> {
        let Versions { base, ours, theirs } = self;
        if ours == theirs || base == theirs {
            return Some(ours);
        }
        if base == ours {
            return Some(theirs);
        }
        let canonical = |tree: Option<&Tree>| {
            let tree = tree.filter(|tree| !tree.is_empty());
            tree.map(Tree::canonical)
        };
        let [base, our, their] = [base, ours, theirs].map(canonical);
        if our == their || base == their {
            return Some(ours);
        }
        (base == our).then_some(theirs)
    }

    /// Whether the result has the value, whatever it is.
    pub(super) fn is_present(self) -> bool {
        match (self.ours, self.theirs) {
            (Some(_), Some(_)) => true,
            (None, None) => false,
            _ => self.base.is_none(),
        }
    }
}
