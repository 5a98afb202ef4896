//! `wsdb placement`: where components belong.

use insta::assert_snapshot;
use wsdb_tests::{TestWorkspace, ids, words};

use crate::samples::governance;

wsdb_tests::on_sqlite_and_postgres! {
    placements_are_filtered_and_sorted,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    placement_is_added,
    component_cannot_be_placed_twice_in_a_state,
    deleting_a_referenced_placement_needs_force,
}

fn placement_is_added() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.ok(&words("placement add wood -r core -l src/wood")), @"Added PLACEMENT-001  wood belongs in core: src/wood");
}

fn placements_are_filtered_and_sorted() {
    let workspace = governance();
    for (filter, expected) in [
        ("--state target --repo orchard-web", "7 8"),
        ("--component price-list,orchard-core", "1 4 5 8"),
        ("--type class", "6"),
        ("--text RIPENESS", "2 6 9"),
        ("--sort repo --limit 3 --reverse", "8 7 4"),
        ("--sort component --limit 1", "9"),
    ] {
        let list = workspace.json(&[words("placement list"), words(filter)].concat());
        let ids = ids(&list, "placements").join(" ");
        assert_eq!(ids.replace("PLACEMENT-00", ""), expected, "{filter}");
    }
}

#[test]
fn ambiguous_component_name_is_refused() {
    assert_snapshot!(governance().fails(1, &["placement", "show", "seasonal-pricing"]), @"
    error: placement seasonal-pricing is ambiguous: it matches PLACEMENT-003, PLACEMENT-007
    hint: use a full ID, or a longer part of it
    ");
}

fn component_cannot_be_placed_twice_in_a_state() {
    let add = ["placement", "add", "price-list", "-r", "x", "-s", "1"];
    assert_snapshot!(governance().fails(1, &add), @"
    error: placement PLACEMENT-004 is already the placement of price-list in STATE-001
    hint: run 'wsdb placement show PLACEMENT-004' to see it
    ");
}

fn deleting_a_referenced_placement_needs_force() {
    assert_snapshot!(governance().fails(1, &["placement", "rm", "7"]), @"
    error: placement PLACEMENT-007 is still referenced by goal GOAL-001
    hint: use --force to delete it anyway; the references to it are kept
    ");
}

#[test]
fn location_outside_the_repo_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    let edit = words("placement edit 1 --location ../x");
    assert_snapshot!(workspace.fails(2, &edit), @"
    error: invalid value '../x' for '--location <PATH>': the path is outside the repo

    For more information, try '--help'.
    ");
}
