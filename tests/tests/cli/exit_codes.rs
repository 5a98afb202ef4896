//! A value that can never be valid is a usage error (2); a request that cannot be met as things are is
//! refused (1).

use wsdb_tests::TestWorkspace;

/// A workspace with a record of the kinds that the commands below change.
fn workspace() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    for args in [
        &["task", "add", "Move"][..],
        &["decision", "add", "Move it"],
        &["placement", "add", "pricing", "--repo", "core"],
        &["session", "start", "--no-handoff"],
    ] {
        workspace.ok(args);
    }
    workspace
}

#[test]
fn malformed_values_are_usage_errors() {
    let workspace = workspace();
    let long = "x".repeat(501);
    for args in [
        &["task", "add", " "][..],
        &["task", "add", &long],
        &["task", "edit", "1", "--title", ""],
        &["task", "show", ""],
        &["history", " "],
        &["task", "edit", "1", "--depends-on", &long],
        &["task", "start", "1", "--expect", "status"],
        &["task", "start", "1", "--expect", "nosuch=1"],
        &["task", "claim", "1", "--lease", "0s"],
        &["task", "list", "--since", "soon"],
        &["decision", "add", ""],
        &["issue", "add", &long],
        &["session", "log", ""],
        &["state", "add", "", "--type", "current", "--repo", "core"],
        &["goal", "add", "", "--task", "1"],
        &["placement", "edit", "1", "--rules", r#"{"x":1}"#],
        &["placement", "edit", "1", "--rules", "{"],
        &["--database", "mysql://x", "status"],
        &["--database", "postgres://h/d?sslmode=x", "status"],
        &["copy", "--to", ""],
        &["copy", "--to", "mysql://x"],
        &["import", "--map", "x"],
        &["undo", "0"],
        &["why", ""],
    ] {
        let error = workspace.fails(2, args);
        assert!(error.starts_with("error: "), "{args:?}: {error}");
    }
    let total = |noun| workspace.json(&[noun, "list"])["total"].clone();
    assert_eq!((total("task"), total("issue")), (1.into(), 0.into()));
}

#[test]
fn requests_that_cannot_be_met_are_refused() {
    let workspace = workspace();
    for args in [
        &["task", "show", "9"][..],
        &["task", "start", "1", "--expect", "status=blocked"],
        &["task", "dep", "rm", "1", "9"],
        &["task", "release", "1"],
        &["undo", "99"],
        &["import", "nofile.json"],
        &["drift", "record", "nofile.json", "--repo", "core"],
        &["config", "snapshot", "nofile.json", "--repo", "core"],
        &["decision", "unlink", "1", "--task", "1"],
        &["repo", "rename", "nope", "core"],
    ] {
        let error = workspace.fails(1, args);
        assert!(error.starts_with("error: "), "{args:?}: {error}");
    }
}
