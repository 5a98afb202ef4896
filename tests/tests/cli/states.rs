//! `wsdb state`: architecture states.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, ids, words};

use crate::samples::governance;

wsdb_tests::on_sqlite_and_postgres! {
    state_is_added_with_every_field,
    states_are_filtered_and_sorted,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    unknown_state_is_reported,
    state_names_are_unique,
    deleting_a_referenced_state_needs_force,
}

fn state_is_added_with_every_field() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.ok(&words(r#"state add orchard-2026 --type target -r orchard-core
        --version 2 --document A.md --data {"a":1} --architecture ARCH --roadmap R.md
        --target-date 2026-06-30 --status active -d Seasonless"#)), @"Added STATE-001  orchard-2026 (target)");
    let state = workspace.json(&["state", "show", "target"]);
    for (field, value) in [
        ("id", json!("STATE-001")),
        ("state_name", json!("orchard-2026")),
        ("state_type", json!("target")),
        ("repo", json!("orchard-core")),
        ("version", json!("2")),
        ("architecture_doc_path", json!("A.md")),
        ("state_data", json!({"a": 1})),
        ("architecture_id", json!("ARCH")),
        ("roadmap_file", json!("R.md")),
        ("target_date", json!("2026-06-30T00:00:00Z")),
        ("status", json!("active")),
        ("description", json!("Seasonless")),
        ("updated_at", Value::Null),
    ] {
        assert_eq!(state[field], value, "{field}");
    }
}

#[test]
fn state_fields_can_be_cleared() {
    let workspace = governance();
    assert_snapshot!(workspace.ok(&words("state edit orchard-2026 --name orchard-2027 --type future --clear
        data,version,document,architecture,roadmap,target-date,status,description")), @"Edited STATE-002  orchard-2027");
    let state = workspace.json(&["state", "show", "2"]);
    assert_eq!(state["state_data"], Value::Null);
    assert_eq!(state["updated_at"], "2026-01-15T10:00:01Z");
}

fn states_are_filtered_and_sorted() {
    let workspace = governance();
    for (filter, expected) in [
        (&["--sort", "name"][..], "STATE-001 STATE-002"),
        (&["--type", "current,master"], "STATE-001"),
        (&["--repo", "workspace"], "STATE-001 STATE-002"),
        (&["--text", "ORCHARD 2026"], "STATE-002"),
        (&["--reverse", "--limit", "1"], "STATE-002"),
    ] {
        let list = workspace.json(&[&["state", "list"], filter].concat());
        assert_eq!(ids(&list, "states").join(" "), expected, "{filter:?}");
    }
}

fn unknown_state_is_reported() {
    assert_snapshot!(TestWorkspace::with_workspace().fails(1, &["state", "show", "2028"]), @"
    error: state 2028 not found
    hint: run 'wsdb state list' to list the states
    ");
}

fn state_names_are_unique() {
    assert_snapshot!(governance().fails(1, &["state", "add", "orchard-2025", "-t", "master"]), @"
    error: state STATE-001 is already named orchard-2025
    hint: run 'wsdb state show STATE-001' to see it
    ");
}

fn deleting_a_referenced_state_needs_force() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["state", "add", "orchard-2025", "-t", "current"]);
    workspace.ok(&words("placement add pricing -r web --state orchard-2025"));
    assert_snapshot!(workspace.fails(1, &["state", "rm", "current"]), @"
    error: state STATE-001 is still referenced by placement PLACEMENT-001
    hint: use --force to delete it anyway; the references to it are kept
    ");
    assert_snapshot!(workspace.ok(&["state", "rm", "current", "--force"]), @"Deleted state STATE-001");
    // The reference is kept.
    let placement = workspace.json(&["placement", "show", "pricing"]);
    assert_eq!(placement["architecture_state_id"], "STATE-001");
}

#[test]
fn state_cannot_be_named_like_an_id() {
    let workspace = TestWorkspace::with_workspace();
    for name in ["STATE-001", "state-9", "2"] {
        let add = ["state", "add", name, "--type", "current", "--repo", "core"];
        let error = workspace.fails(2, &add);
        assert!(error.contains("cannot be named"), "{error}");
    }
    workspace.ok(&words("state add orchard-2026 --type current --repo core"));
}
