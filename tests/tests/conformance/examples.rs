//! An example of every kind of record, for tests that do the same with all of them.

use wsdb_core::{
    Activity, ArchitectureGoal, ArchitectureState, Claim, ComponentPlacement, ConfigurationChange,
    ConfigurationSnapshot, ContextSwitch, Decision, DriftDetection, DriftScan, Issue, Session,
    SessionDecision, SessionIssue, Task,
};
use wsdb_store::Record;

use crate::fixtures;

/// A kind of record with examples.
pub(crate) trait Example: Record {
    /// The ids of three records. Examples refer to ids that end with 404, so their references are
    /// to existing and to missing records.
    const IDS: [&'static str; 3];

    /// Creates a record with all fields, or only with the required ones.
    fn example(id: &str, full: bool) -> Self;
}

/// The session that activities and links belong to.
pub(crate) const SESSION: &str = "S-404";

macro_rules! examples {
    ($($record:ident: $ids:expr, $example:expr;)*) => {$(
        impl Example for $record {
            const IDS: [&'static str; 3] = $ids;

            fn example(id: &str, full: bool) -> Self {
                $example(id, full)
            }
        }
    )*};
}

examples! {
    Task: ["T-404", "D-1", "T-1"], fixtures::task;
    // Claims have the ids of their tasks.
    Claim: ["T-404", "D-1", "T-1"], fixtures::claim;
    Session: [SESSION, "S-1", "S-2"], fixtures::session;
    Decision: ["DEC-404", "C-1", "C-2"], fixtures::decision;
    Issue: ["ISSUE-404", "I-1", "I-2"], fixtures::issue;
    Activity: ["A-1", "A-2", "A-3"], |id, full| fixtures::activity(id, SESSION, full);
    SessionDecision: ["L-1", "L-2", "L-3"], |id, full| fixtures::session_decision(id, SESSION, full);
    SessionIssue: ["L-1", "L-2", "L-3"], |id, full| fixtures::session_issue(id, SESSION, full);
    ArchitectureState: ["STATE-404", "Z-1", "Z-2"], fixtures::state;
    ComponentPlacement: ["PLACEMENT-404", "P-1", "P-2"], fixtures::placement;
    ArchitectureGoal: ["G-1", "G-2", "G-3"], fixtures::goal;
    DriftScan: ["SCAN-404", "N-1", "N-2"], fixtures::scan;
    DriftDetection: ["DRIFT-404", "R-1", "R-2"], fixtures::detection;
    ContextSwitch: ["X-1", "X-2", "X-3"], fixtures::context;
    ConfigurationSnapshot: ["Y-1", "Y-2", "Y-3"], fixtures::snapshot;
    ConfigurationChange: ["H-1", "H-2", "H-3"], fixtures::change;
}
