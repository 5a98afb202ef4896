//! Configuration: snapshots, differences between them, and changes.

mod chain;
mod changes;
mod diff;
mod remove;
mod snapshot;

pub use changes::{add_configuration_change, record_differences};
pub use diff::diff_snapshots;
pub use remove::remove_snapshots;
pub use snapshot::{SnapshotRequest, take_snapshot};
