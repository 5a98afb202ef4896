//! Issues and decisions: changing and deleting them.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, words};

wsdb_tests::on_sqlite_and_postgres! {
    issues_are_filtered_by_task_and_counted,
    decisions_are_filtered_and_counted,
    deleting_a_referenced_decision_needs_force,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    issue_is_resolved_and_reopened,
    issue_is_edited,
    issue_is_deleted,
    decision_is_edited,
}

fn sample() -> TestWorkspace {
    TestWorkspace::with_sample("handwritten")
}

fn issue_is_resolved_and_reopened() {
    let workspace = sample();
    let resolved = workspace.json(&words("issue resolve 1 --notes Moved"));
    assert_eq!(resolved["status"], "resolved");
    assert_eq!(resolved["resolved_by"], "mira");
    let reopened = workspace.json(&["issue", "reopen", "1"]);
    assert_eq!(reopened["resolved_at"], Value::Null);
}

/// Only a resolved issue has a resolution.
#[test]
fn issue_that_is_closed_or_open_again_has_notes() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["issue", "add", "Slow"]);
    let mut shown = String::new();
    for command in ["resolve", "reopen", "close", "reopen"] {
        workspace.ok(&["issue", command, "1", "--notes", command]);
        for line in workspace.ok(&["issue", "show", "1"]).lines() {
            if ["status", "notes", "resol", "closed"]
                .iter()
                .any(|label| line.starts_with(label))
            {
                shown.push_str(line);
                shown.push('\n');
            }
        }
    }
    assert_snapshot!(shown, @"
    status       resolved
    resolved     2026-01-15 10:00 (just now)
    resolved by  mira
    resolution   resolve
    status    open
    notes     reopen
    status     closed
    closed     2026-01-15 10:00 (just now)
    closed by  mira
    notes      close
    status    open
    notes     reopen
    ");
}

fn issue_is_edited() {
    let workspace = sample();
    let edit = "issue edit 1 --severity low --assign jo --clear task";
    let edited = workspace.json(&words(edit));
    assert_eq!(edited["severity"], "LOW");
    assert_eq!(edited["assigned_to"], "jo");
    assert_eq!(edited["related_task_id"], Value::Null);
}

fn issues_are_filtered_by_task_and_counted() {
    let workspace = sample();
    let list = workspace.json(&words("issue list --all --task WS-TASK-777"));
    assert_eq!(list["total"], 1);
    let stats = workspace.json(&["issue", "stats"]);
    assert_eq!(stats["by_status"]["open"], 2);
}

fn issue_is_deleted() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["issue", "add", "x"]);
    let deleted = workspace.json(&["issue", "rm", "1"]);
    assert_eq!(deleted["deleted"], json!(["ISSUE-001"]));
}

#[test]
fn decision_status_takes_aliases() {
    let decision = sample().json(&words("decision status 2 --to done"));
    assert_eq!(decision["status"], "implemented");
}

fn decision_is_edited() {
    let workspace = sample();
    let edit = "decision edit 2 --rationale why --clear impact";
    let edited = workspace.json(&words(edit));
    assert_eq!(edited["rationale"], "why");
    assert_eq!(edited["impact"], Value::Null);
}

#[test]
fn edit_keeps_fields_of_the_document() {
    let workspace = sample();
    workspace.ok(&words("decision edit 2 --rationale why"));
    let decision = workspace.json(&["decision", "show", "2"]);
    assert_eq!(decision["document_fields"]["alternatives"][1], "a laptop");
}

fn decisions_are_filtered_and_counted() {
    let workspace = sample();
    let list = workspace.json(&words("decision list --impact high"));
    assert_eq!(list["total"], 1);
    assert_eq!(workspace.json(&["decision", "stats"])["total"], 3);
}

fn deleting_a_referenced_decision_needs_force() {
    let workspace = sample();
    assert_snapshot!(workspace.fails(1, &["decision", "rm", "1"]), @"
    error: decision DEC-001 is still referenced by session link 2025-11-20-session-001-DEC-001
    hint: use --force to delete it anyway; the references to it are kept
    ");
    workspace.ok(&["decision", "rm", "1", "--force"]);
    let session = workspace.json(&["session", "show", "2025-11-20"]);
    assert_eq!(session["decisions_made"], json!(["DEC-001"]));
}
