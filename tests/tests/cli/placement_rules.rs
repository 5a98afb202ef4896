//! Rules of placements: which imports and paths they allow and forbid.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

use crate::samples::governance;

wsdb_tests::on_sqlite_and_postgres! {
    placement_is_added_with_its_rules,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    rules_are_listed,
}

/// The sample architecture and a placement with every kind of rule.
fn with_harvest() -> TestWorkspace {
    let workspace = governance();
    workspace.ok(&words(
        "placement add harvest -r orchard-ml -l src/harvest -t package --state target
            --rationale Model --forbid pandas,orchard_web.* --allow math --scope src/**
            --scope tests/{a,b}/** --forbid-path orchard-core --severity high --why Agreed
            --decision 1",
    ));
    workspace
}

fn placement_is_added_with_its_rules() {
    let workspace = with_harvest();
    let harvest = workspace.json(&["placement", "show", "harvest"]);
    assert_eq!(harvest["architecture_state_id"], "STATE-002");
    assert_eq!(
        harvest["rules"],
        json!({
            "forbidden_imports": ["pandas", {"pattern": "orchard_web.*"}],
            "allowed_imports": ["math"],
            "allowed_paths": ["src/**", "tests/{a,b}/**"],
            "forbidden_paths": ["orchard-core"],
            "severity": "HIGH",
            "why": "Agreed",
            "decision": "DEC-001",
        })
    );
}

#[test]
fn rules_of_a_placement_can_be_edited() {
    let workspace = with_harvest();
    let rules = r#"{"forbidden_imports": ["numpy"], "why": "Light"}"#;
    workspace.write("rules.json", rules);
    workspace.ok(&words(
        "placement edit harvest --rules rules.json --severity low",
    ));
    workspace.ok(&words("placement edit 10 --forbid scipy --clear rationale"));
    let harvest = workspace.json(&["placement", "show", "harvest"]);
    assert_eq!(
        harvest["rules"],
        json!({"forbidden_imports": ["scipy"], "why": "Light", "severity": "LOW"})
    );
    assert_eq!(harvest["rationale"], Value::Null);
}

fn rules_are_listed() {
    let workspace = with_harvest();
    assert_snapshot!(workspace.ok(&words("placement rules harvest seasonal-pricing --format csv")), @r#"
    placement_id,component_name,repo,rule_type,subject,pattern,severity,why,decision
    PLACEMENT-007,seasonal-pricing,orchard-web,forbidden_paths,orchard-core,false,HIGH,Pricing must not depend on seasons,DEC-001
    PLACEMENT-010,harvest,orchard-ml,forbidden_paths,orchard-core,false,HIGH,Agreed,DEC-001
    PLACEMENT-010,harvest,orchard-ml,allowed_paths,src/**,false,HIGH,Agreed,DEC-001
    PLACEMENT-010,harvest,orchard-ml,allowed_paths,"tests/{a,b}/**",false,HIGH,Agreed,DEC-001
    PLACEMENT-010,harvest,orchard-ml,forbidden_imports,pandas,false,HIGH,Agreed,DEC-001
    PLACEMENT-010,harvest,orchard-ml,forbidden_imports,orchard_web.*,true,HIGH,Agreed,DEC-001
    PLACEMENT-010,harvest,orchard-ml,allowed_imports,math,false,HIGH,Agreed,DEC-001
    "#);
}

#[test]
fn all_invalid_rules_are_reported_together() {
    let workspace = TestWorkspace::with_workspace();
    let rules = r#"{"forbiden_imports": ["x"], "forbidden_imports": [1, {"module": "a", "pattern": "b"}],
        "severity": "grave", "allowed_paths": ["["]}"#;
    let add = ["placement", "add", "x", "-r", "y", "--rules", rules];
    assert_snapshot!(workspace.fails(2, &add), @r#"
    error: invalid rules: $: unknown rule "forbiden_imports"
           invalid rules: $.allowed_paths[0]: unclosed character class; missing ']'
           invalid rules: $.forbidden_imports[0]: expected a string or an object, found a number
           invalid rules: $.forbidden_imports[1]: has both module and pattern; use only one of them
           invalid rules: $.severity: expected CRITICAL, HIGH, MEDIUM or LOW, found "grave"
    hint: run 'wsdb placement rules --schema' to see the schema
    "#);
    assert_eq!(workspace.json(&["placement", "list"])["total"], 0);
}

#[test]
fn rules_that_are_no_json_object_are_refused() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&words(
        "placement add price-list -r orchard-web --forbid pandas",
    ));
    let before = workspace.json(&["placement", "list"]);
    let edit = |rules| ["placement", "edit", "1", "--rules", rules];
    assert_snapshot!(workspace.fails(2, &edit("[]")), @"
    error: invalid rules: $: expected an object, found a list
    hint: run 'wsdb placement rules --schema' to see the schema
    ");
    assert_snapshot!(workspace.fails(2, &edit("{")), @"error: cannot parse the JSON: line 1, column 1: unexpected end of the JSON");
    assert_snapshot!(workspace.fails(1, &edit("none.json")), @"
    error: none.json: neither JSON nor the path of a file
    hint: check the path
    ");
    assert_eq!(workspace.json(&["placement", "list"]), before);
}

#[test]
fn missing_decision_of_a_rule_is_noted() {
    let workspace = TestWorkspace::with_workspace();
    let add = "placement add price-list -r orchard-web --forbid x --decision DEC-009";
    assert_snapshot!(workspace.stderr(&words(add)), @"note: decision DEC-009 does not exist yet");
}

/// An imported placement with a rule that is unknown.
fn with_unknown_rule() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let document = json!({"component_placements": [{
        "id": "OLD-1", "component_name": "old", "component_type": "module", "correct_repo": "web",
        "created_at": "2025-11-20", "rules": {"forbidden_imports": ["pandas"], "no_season": true},
    }]});
    workspace.write("ARCHITECTURE.json", document.to_string());
    workspace.ok(&["import", "ARCHITECTURE.json"]);
    workspace
}

#[test]
fn unknown_rules_of_documents_are_reported() {
    let workspace = with_unknown_rule();
    assert_snapshot!(workspace.ok(&["placement", "show", "old"]), @r#"
    OLD-1  old
    type           module
    repo           web
    rules          must not import pandas
    invalid rules  $: unknown rule "no_season"
    stored rules   {"forbidden_imports":["pandas"],"no_season":true}
    created        2025-11-20
    updated        2025-11-20
    "#);
    let rules = workspace.json(&["placement", "rules", "OLD-1"]);
    assert_eq!(rules["problems"][0]["placement_id"], "OLD-1");
    assert_eq!(rules["problems"][0]["path"], "$");
    assert_eq!(rules["rules"][0]["subject"], "pandas");
}

#[test]
fn fields_can_be_changed_beside_an_unknown_rule() {
    let workspace = with_unknown_rule();
    workspace.ok(&words("placement edit old --location src/old"));
    let placement = workspace.json(&["placement", "show", "old"]);
    assert_eq!(placement["correct_location"], "src/old");
    assert_eq!(placement["rules"]["no_season"], true);
}

#[test]
fn rules_cannot_be_changed_without_correcting_an_unknown_rule() {
    let workspace = with_unknown_rule();
    let edit = words("placement edit old --why so");
    assert_snapshot!(workspace.fails(2, &edit), @r#"
    error: invalid rules: $: unknown rule "no_season"
    hint: run 'wsdb placement rules --schema' to see the schema
    "#);
    let placement = workspace.json(&["placement", "show", "old"]);
    assert_eq!(placement["rules"]["no_season"], true);
}

#[test]
fn rules_schema_is_printed() {
    let schema = TestWorkspace::with_workspace().ok(&["placement", "rules", "--schema"]);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
}
