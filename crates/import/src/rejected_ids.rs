//! The ids of rejected records, which count as present in their documents.

use std::collections::HashSet;

use crate::error::Reject;
use crate::record::DocumentRecord;

/// The ids of the rejected records of one kind.
#[derive(Debug, Default)]
pub(crate) struct RejectedIds {
    pub(crate) ids: HashSet<String>,
    /// Whether there is a rejected record without a valid id, which may be any record.
    pub(crate) has_unknown: bool,
}

impl RejectedIds {
    pub(crate) fn new<T: DocumentRecord>(rejects: &[Reject]) -> Self {
        let mut rejected = RejectedIds::default();
        let identities = rejects.iter().filter_map(|reject| reject.identity.as_ref());
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
