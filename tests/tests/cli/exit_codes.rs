//! A value that can never be valid is a usage error (2); a request that cannot be met as things are is
//! refused (1).

use wsdb_tests::{TestWorkspace, words};

use crate::file_failures::error_code;

/// A workspace with a record of the kinds that the commands below change.
fn workspace() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("a.json", "{}");
    for args in [
        &["task", "add", "Move"][..],
        &["decision", "add", "Move it"],
        &["placement", "add", "pricing", "--repo", "core"],
        &["session", "start", "--no-handoff"],
        &["state", "add", "Now", "--type", "current", "--repo", "core"],
        &["config", "snapshot", "a.json", "--repo", "core"],
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
        &["history", "0"],
        &["task", "dep", "add", "1", "1"],
        &["task", "edit", "1", "--depends-on", "1"],
        &["decision", "supersede", "1", "--by", "1"],
        &["architecture", "compare", "1", "1"],
        &["config", "diff", "1", "1"],
        &["repo", "rename", "workspace", "core"],
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
        &["--database", "postgres://", "status"],
        &["--database", "postgres://jo@localhost/", "status"],
        &["copy", "--to", ""],
        &["copy", "--to", "workspace.db"],
        &["stats", "--html", "-", "--json"],
        &["placement", "rules", "--schema", "--json"],
        &["git", "merge-document", "--marker-size", "0", "a", "b", "c"],
        &["copy", "--to", "mysql://x"],
        &["import", "--map", "x"],
        &["undo", "0"],
        &["why", ""],
    ] {
        let error = workspace.fails(2, args);
        let is_error = error.starts_with("error: ") || error.starts_with("{\"error\"");
        assert!(is_error, "{args:?}: {error}");
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

/// Whichever command reads or writes it.
#[test]
fn failures_of_files_have_one_code() {
    let workspace = workspace();
    workspace.write("broken.json", "{");
    for (code, args) in [
        ("unreadable", "import none.json"),
        ("unreadable", "import broken.json"),
        ("unreadable", "drift record none.json --repo core"),
        ("unreadable", "drift record broken.json --repo core"),
        ("unreadable", "config snapshot none.json --repo core"),
        ("unreadable", "config snapshot broken.json --repo core"),
        ("unreadable", "placement edit 1 --rules none.json"),
        ("unreadable", "placement edit 1 --rules broken.json"),
        ("unreadable", "git merge-document none.json a.json a.json"),
        ("unreadable", "decision import --adr none.md"),
        ("rejected", "drift record a.json --repo core"),
        ("write", "export a.json/out"),
        ("write", "decision export --adr a.json/adr"),
        ("write", "stats --html none/stats.html"),
        ("write", "man --out a.json/man"),
        ("write", "init a.json/new"),
    ] {
        let output = workspace.run(&words(&format!("{args} --json")));
        assert_eq!(error_code(&output), code, "{args}");
    }
    assert!(!workspace.path().join("none").exists());
}
