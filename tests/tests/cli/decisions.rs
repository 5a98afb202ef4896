//! `wsdb decision`: superseding and links.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_postgres! {
    supersede_marks_the_older_decisions,
    decisions_are_filtered_by_link,
    task_with_decisions_is_deleted_after_unlinking,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    links_are_exported_and_imported,
    supersede_is_one_action,
    decision_added_with_supersedes,
    task_lists_its_decisions,
    links_merge_field_by_field,
}

pub(crate) fn three_decisions() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing", "-r", "core"]);
    workspace.ok(&[
        "decision",
        "add",
        "Pricing must not depend on seasons",
        "-r",
        "core",
    ]);
    workspace.ok(&[
        "decision",
        "add",
        "Compute prices only in orchard-web",
        "-s",
        "accepted",
    ]);
    workspace.ok(&["decision", "add", "Compute prices in a service"]);
    workspace
}

/// The ids of a list, oldest first.
pub(crate) fn list(workspace: &TestWorkspace, filter: &[&str]) -> Vec<String> {
    let list = workspace.json(&[&["decision", "list"], filter].concat());
    let ids = wsdb_tests::ids(&list, "decisions");
    ids.into_iter().map(str::to_owned).collect()
}

pub(crate) fn show(workspace: &TestWorkspace, id: &str) -> Value {
    workspace.json(&["decision", "show", id])
}

pub(crate) fn title(workspace: &TestWorkspace, id: &str) -> Value {
    show(workspace, id)["decision"].clone()
}

fn supersede_marks_the_older_decisions() {
    let workspace = three_decisions();
    assert_snapshot!(workspace.ok(&["decision", "supersede", "1", "2", "--by", "3"]), @"DEC-003 now has these links: supersedes DEC-001 (superseded), supersedes DEC-002 (superseded)");
    let first = show(&workspace, "1");
    assert_eq!(first["status"], "superseded");
    assert_eq!(first["superseded_by"], json!(["DEC-003"]));
    assert_eq!(list(&workspace, &["--superseded"]), ["DEC-001", "DEC-002"]);
    assert_eq!(list(&workspace, &["--current"]), ["DEC-003"]);
}

fn supersede_is_one_action() {
    let workspace = three_decisions();
    workspace.ok(&["decision", "supersede", "1", "2", "--by", "3"]);
    workspace.ok(&["undo"]);
    assert!(list(&workspace, &["--superseded"]).is_empty());
    assert_eq!(show(&workspace, "2")["status"], "maintained");
}

#[test]
fn cycles_of_supersession_are_refused() {
    let workspace = three_decisions();
    workspace.ok(&["decision", "supersede", "1", "--by", "3"]);
    assert_snapshot!(workspace.fails(1, &["decision", "supersede", "3", "--by", "1"]), @"
    error: the decisions would supersede each other: DEC-001 -> DEC-003 -> DEC-001
    hint: nothing was changed; run 'wsdb decision show DEC-003' to see which decisions it supersedes
    ");
    assert_snapshot!(workspace.fails(2, &["decision", "link", "2", "--supersedes", "2"]), @"error: decision DEC-002 cannot supersede itself");
}

#[test]
fn supersede_reports_all_missing_decisions() {
    let workspace = three_decisions();
    assert_snapshot!(workspace.fails(1, &["decision", "supersede", "1", "8", "--by", "9"]), @"
    error: decision 8 not found
           decision 9 not found
    hint: run 'wsdb decision list' to list the decisions
    ");
}

fn decision_added_with_supersedes() {
    let workspace = three_decisions();
    workspace.ok(&["decision", "add", "No prices", "--supersedes", "1,DEC-404"]);
    assert_eq!(list(&workspace, &["--superseded"]), ["DEC-001"]);
}

#[test]
fn unlinking_the_last_successor_is_noted() {
    let workspace = three_decisions();
    workspace.ok(&["decision", "supersede", "1", "--by", "3"]);
    assert_snapshot!(workspace.stderr(&["decision", "unlink", "3", "--supersedes", "1"]), @"note: DEC-001 still has the status superseded, but no decision supersedes it; run 'wsdb decision status DEC-001 --to maintained' to reinstate it");
    workspace.ok(&["decision", "status", "1", "--to", "implemented"]);
    let last = &workspace.json(&["history"])["history"][0];
    assert_eq!(last["verb"], "decision implemented");
}

const LINK: [&str; 9] = [
    "decision",
    "link",
    "1",
    "--task",
    "1,WS-TSAK-001",
    "--component",
    "Pricing",
    "--drift",
    "3",
];

fn linked() -> TestWorkspace {
    let workspace = three_decisions();
    workspace.ok(&LINK);
    workspace
}

#[test]
fn links_to_missing_records_are_noted() {
    let workspace = three_decisions();
    let output = workspace.run(&LINK);
    assert_snapshot!(workspace.text(&output.stdout), @"DEC-001 now has these links: task WS-TASK-001 (pending), task WS-TSAK-001 (missing), component Pricing (missing), drift DRIFT-003 (missing)");
    assert_snapshot!(workspace.text(&output.stderr), @"
    note: task WS-TSAK-001 does not exist yet; did you mean WS-TASK-001?
    note: detection DRIFT-003 does not exist yet
    note: component Pricing does not exist yet
    ");
    assert_snapshot!(workspace.fails(2, &["decision", "link", "1"]), @"error: one of --supersedes, --task, --component or --drift is required");
}

fn decisions_are_filtered_by_link() {
    let workspace = linked();
    for filter in [
        ["--task", "1"],
        ["--component", "Pricing"],
        ["--drift", "DRIFT-003"],
    ] {
        assert_eq!(list(&workspace, &filter), ["DEC-001"], "{filter:?}");
    }
    assert!(list(&workspace, &["--task", "2"]).is_empty());
}

fn task_lists_its_decisions() {
    let workspace = linked();
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["decisions"], json!(["DEC-001"]));
}

fn task_with_decisions_is_deleted_after_unlinking() {
    let workspace = linked();
    assert_snapshot!(workspace.fails(1, &["task", "rm", "1"]), @"
    error: task WS-TASK-001 is still referenced by decision DEC-001
    hint: use --force to delete it anyway; the references to it are kept
    ");
    workspace.ok(&["decision", "unlink", "1", "--task", "1"]);
    workspace.ok(&["task", "rm", "1"]);
}

#[test]
fn unlink_reports_all_missing_links() {
    let workspace = linked();
    let unlink = |args: &'static [&str]| [&["decision", "unlink", "1"], args].concat();
    assert_snapshot!(workspace.fails(1, &unlink(&["--task", "1,7", "--component", "x"])), @"
    error: DEC-001 is not linked to WS-TASK-007
           DEC-001 is not linked to x
    ");
    assert_snapshot!(workspace.ok(&unlink(&["--task", "1", "--drift", "3"])), @"DEC-001 now has these links: task WS-TSAK-001 (missing), component Pricing (missing)");
}

const DOCUMENT: &str = "out/ARCHITECTURE-DECISIONS.json";

/// The second decision has a link of every kind, and was exported to the folder `out`.
fn exported() -> TestWorkspace {
    let workspace = three_decisions();
    let link = "decision link 2 --supersedes 1 --task 1 --component P --drift V-1";
    workspace.ok(&link.split(' ').collect::<Vec<_>>());
    workspace.ok(&["export", "out"]);
    workspace
}

fn links_are_exported_and_imported() {
    let workspace = exported();
    let document: Value = serde_json::from_str(&workspace.read(DOCUMENT)).unwrap();
    let decision = &document["decisions"][1];
    assert_eq!(decision["supersedes"], json!(["DEC-001"]));
    assert_eq!(decision["related_tasks"], json!(["WS-TASK-001"]));
    assert_eq!(decision["related_components"], json!(["P"]));
    assert_eq!(decision["related_detections"], json!(["V-1"]));
    let other = TestWorkspace::with_workspace();
    other.ok(&[
        "import",
        &workspace.path().join("out").display().to_string(),
    ]);
    assert_eq!(show(&other, "2")["links"], show(&workspace, "2")["links"]);
}

fn links_merge_field_by_field() {
    let workspace = exported();
    workspace.ok(&["decision", "link", "2", "--task", "9"]);
    workspace.replace_in(DOCUMENT, "\"P\"", "\"Q\"");
    workspace.ok(&["import", "out"]);
    let merged = show(&workspace, "2");
    assert_eq!(merged["related_components"], json!(["Q"]));
    assert_eq!(
        merged["related_tasks"],
        json!(["WS-TASK-001", "WS-TASK-009"])
    );
    assert_eq!(list(&workspace, &["--component", "Q"]), ["DEC-002"]);
    assert!(list(&workspace, &["--component", "P"]).is_empty());
}
