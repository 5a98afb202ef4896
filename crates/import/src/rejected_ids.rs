//! The ids of rejected records, which count as present in their documents.

use std::collections::HashSet;

use crate::error::{Reject, RejectedIdentity};
use crate::record::DocumentRecord;

/// The ids of the rejected records of one kind.
#[derive(Debug, Default)]
pub(crate) struct RejectedIds {
    pub(crate) ids: HashSet<String>,
    /// Whether there is a rejected record without a valid id, which may be any record.
    pub(crate) has_unknown: bool,
}

impl RejectedIds {
    /// Returns the ids of the rejected records of a kind, and of those that other rejected records contain.
    pub(crate) fn new<T: DocumentRecord>(rejects: &[Reject]) -> Self {
        Self::collect::<T>(rejects.iter().flat_map(Reject::identities))
    }

    /// Returns the ids of the rejected records of a kind, without those that others contain.
    pub(crate) fn without_contained<T: DocumentRecord>(rejects: &[Reject]) -> Self {
        Self::collect::<T>(
            rejects
                .iter()
                .filter_map(|reject| reject.identity.as_deref()),
        )
    }

    fn collect<'r, T: DocumentRecord>(
        identities: impl Iterator<Item = &'r RejectedIdentity>,
    ) -> Self {
        let mut rejected = RejectedIds::default();
        for identity in identities.filter(|identity| identity.kind == T::KIND) {
            match &identity.id {
                Some(id) => _ = rejected.ids.insert(id.clone()),
                None => rejected.has_unknown = true,
            }
        }
        rejected
    }

    /// Returns whether a record with this id may be among the rejected ones.
    pub(crate) fn may_contain(&self, id: &str) -> bool {
        self.has_unknown || self.ids.contains(id)
    }
}
