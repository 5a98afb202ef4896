//! What a copy prints.

use wsdb_tests::TestWorkspace;

fn workspace_with_task() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing", "--repo", "orchard-core"]);
    workspace
}

#[test]
fn copied_tables_are_listed() {
    let workspace = workspace_with_task();
    let text = workspace.redacted(&["copy", "--to", "new.db"]);
    assert_eq!(
        text.lines().last().unwrap(),
        "Copied 5 rows from DIR/workspace.db to DIR/new.db; all tables verified"
    );
    assert!(
        text.starts_with("TABLE                    ROWS  DIGEST\nworkspace_tasks          1     "),
        "{text}"
    );
}

#[test]
fn copied_tables_are_printed_as_json() {
    let workspace = workspace_with_task();
    let json = workspace.json(&["copy", "--to", "new.db"]);
    let mut keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, ["from", "row_count", "tables", "to"]);
    let source = workspace.path().join("workspace.db");
    assert_eq!(json["from"], source.display().to_string());
    assert_eq!(json["row_count"], 5);
    assert_eq!(json["tables"][0]["row_count"], 1);
}

#[test]
fn digests_are_shortened_in_a_table() {
    let workspace = workspace_with_task();
    let text = workspace.ok(&["copy", "--to", "first.db"]);
    let json = workspace.json(&["copy", "--to", "second.db"]);
    let digest = json["tables"][0]["digest"].as_str().unwrap();
    assert_eq!(digest.len(), 32);
    assert!(text.contains(&digest[..12]), "{text}");
}
