//! Which part of a list is wanted.

/// A part of a list. The default is the whole list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Page {
    /// At most so many records; `None` for all.
    pub limit: Option<u64>,
    /// So many are left out at the beginning.
    pub offset: u64,
}

impl Page {
    /// The first `limit` records.
    pub fn first(limit: u64) -> Self {
        Page {
            limit: Some(limit),
            offset: 0,
        }
    }
}
