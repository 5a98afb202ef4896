//! Sample workspaces that several files use.

use wsdb_tests::TestWorkspace;

/// The sample architecture alone: its decisions and tasks are missing.
pub(crate) fn governance() -> TestWorkspace {
    TestWorkspace::with_sample("governance")
}

/// The sample architecture with the tasks, issues and decisions that it refers to.
pub(crate) fn orchard() -> TestWorkspace {
    let workspace = TestWorkspace::with_sample("handwritten");
    workspace.import_sample("governance");
    workspace
}
