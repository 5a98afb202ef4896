//! Pagination of lists.

/// A part of a list. The default is the complete list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Page {
    /// Maximum number of records; `None` for all.
    pub limit: Option<u64>,
    /// Number of records to skip.
    pub offset: u64,
}

impl Page {
    /// Returns a page of the first `limit` records.
    pub fn first(limit: u64) -> Self {
        Page {
            limit: Some(limit),
            offset: 0,
        }
    }
}
