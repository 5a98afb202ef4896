//! The keys of records in lists.

use serde::Serialize;

/// A record in a list. Its keys do not depend on the records of the list, so that also an empty list
/// has them.
pub trait ListRecord: Serialize {
    /// Returns the keys of its JSON object, in their order.
    fn keys() -> Vec<&'static str>;
}
