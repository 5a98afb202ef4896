//! Documents from other branches: git shows which version a record was made from.

use std::time::Duration;

use insta::assert_snapshot;
use wsdb_tests::TestWorkspace;

use crate::git::git;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    same_field_on_another_branch_is_a_conflict,
    other_fields_on_another_branch_are_merged,
    changes_back_on_the_same_branch_are_imported,
    merge_that_takes_one_branch_is_a_conflict,
    merge_without_changes_of_its_own_shows_no_origin,
    copy_from_another_branch_is_a_conflict,
    no_program_of_the_repository_is_run,
    versions_in_between_need_not_be_known,
    versions_of_another_branch_before_a_merge_do_not_count,
    squashed_branch_is_based_on_the_common_version,
    documents_of_another_branch_are_found,
    same_field_in_another_worktree_is_a_conflict,
    same_document_field_on_another_branch_is_a_conflict,
    export_of_documents_that_named_no_versions_is_merged,
    shallow_clone_shows_only_what_it_has,
    documents_that_are_not_committed_are_compared_with_what_the_path_held,
}

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Two workspaces with the same issue. The first one has committed its export; the second one, whose branch is
/// `other`, has imported it.
fn two_workspaces() -> [TestWorkspace; 2] {
    let [a, b] = [(); 2].map(|()| TestWorkspace::with_workspace());
    a.ok(&["issue", "add", "Leak"]);
    a.ok(&["export", "docs"]);
    git(&a, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&a);
    git(&a, &["branch", "other"]);
    b.ok(&["import", &a.path().join("docs").display().to_string()]);
    [a, b]
}

fn commit(workspace: &TestWorkspace) {
    git(workspace, &["add", "docs"]);
    git(workspace, &["commit", "--quiet", "--message", "export"]);
}

/// Commits the documents of the second workspace to its branch, and leaves this checked out.
fn commit_on_other_branch(a: &TestWorkspace, b: &TestWorkspace) {
    git(a, &["checkout", "--quiet", "--force", "other"]);
    b.ok(&["export", "docs"]);
    a.write(
        "docs/CROSS-REPO-ISSUES.json",
        b.read("docs/CROSS-REPO-ISSUES.json"),
    );
    commit(a);
}

fn edit(workspace: &TestWorkspace, field: &str, value: &str) {
    workspace.ok(&["issue", "edit", "1", field, value]);
}

/// A workspace that has edited a field and committed its export; the branch that is checked out has another edit
/// of the same field.
fn same_field_on_two_branches() -> TestWorkspace {
    let [a, b] = two_workspaces();
    edit(&a, "--action", "of A");
    a.ok(&["export", "docs"]);
    commit(&a);
    b.advance(HOUR);
    edit(&b, "--action", "of B");
    commit_on_other_branch(&a, &b);
    a
}

fn action_and_severity(workspace: &TestWorkspace) -> [String; 2] {
    let issue = workspace.json(&["issue", "show", "1"]);
    ["action_required", "severity"].map(|it| issue[it].as_str().unwrap_or_default().to_owned())
}

/// The path held what is on one branch only, whether it was committed there or not.
fn same_field_on_another_branch_is_a_conflict() {
    for is_committed in [true, false] {
        let [a, b] = two_workspaces();
        edit(&a, "--action", "of A");
        a.ok(&["export", "docs"]);
        if is_committed {
            commit(&a);
        }
        b.advance(HOUR);
        edit(&b, "--action", "of B");
        commit_on_other_branch(&a, &b);
        let output = a.run(&["import", "docs"]);
        assert_eq!(output.status.code(), Some(1));
        assert_snapshot!(a.text(&output.stderr), @r#"
        conflict: action_required of ISSUE-001: "of B" in the file, "of A" in the database
        hint: run the import again with --prefer file or --prefer database
        "#);
        assert_eq!(action_and_severity(&a)[0], "of A");
    }
}

fn other_fields_on_another_branch_are_merged() {
    let [a, b] = two_workspaces();
    edit(&a, "--action", "of A");
    edit(&a, "--action", "of A and more");
    a.ok(&["export", "docs"]);
    commit(&a);
    b.advance(HOUR);
    edit(&b, "--severity", "LOW");
    edit(&b, "--severity", "CRITICAL");
    commit_on_other_branch(&a, &b);
    a.ok(&["import", "docs"]);
    assert_eq!(action_and_severity(&a), ["of A and more", "CRITICAL"]);
}

/// The other workspace has seen what it changes back.
fn changes_back_on_the_same_branch_are_imported() {
    let [a, b] = two_workspaces();
    edit(&a, "--action", "of A");
    edit(&a, "--severity", "CRITICAL");
    a.ok(&["export", "docs"]);
    commit(&a);
    git(&a, &["branch", "--force", "other"]);
    b.ok(&["import", &a.path().join("docs").display().to_string()]);
    b.advance(HOUR);
    edit(&b, "--severity", "MEDIUM");
    edit(&b, "--action", "of B");
    commit_on_other_branch(&a, &b);
    a.ok(&["import", "docs"]);
    assert_eq!(action_and_severity(&a), ["of B", "MEDIUM"]);
}

fn conflicts(workspace: &TestWorkspace) -> String {
    let output = workspace.run(&["import", "docs"]);
    assert_eq!(output.status.code(), Some(1));
    workspace.text(&output.stderr)
}

/// Somebody has merged the branches and chosen the version of the other one.
/// Git took the document of one branch; whether somebody decided that is not known.
fn merge_that_takes_one_branch_is_a_conflict() {
    let a = same_field_on_two_branches();
    git(&a, &["checkout", "--quiet", "main"]);
    git(
        &a,
        &["merge", "--quiet", "--strategy-option", "theirs", "other"],
    );
    assert_eq!(a.run(&["import", "docs"]).status.code(), Some(1));
    assert_eq!(action_and_severity(&a)[0], "of A");
    a.ok(&["import", "docs", "--prefer", "file"]);
    assert_eq!(action_and_severity(&a)[0], "of B");
}

/// The branch here never had the version that the other workspace changed back.
fn merge_without_changes_of_its_own_shows_no_origin() {
    let [a, b] = two_workspaces();
    edit(&b, "--action", "of B");
    commit_on_other_branch(&a, &b);
    a.ok(&["import", "docs"]);
    git(&a, &["checkout", "--quiet", "main"]);
    b.advance(HOUR);
    edit(&b, "--action", "");
    edit(&b, "--severity", "LOW");
    commit_on_other_branch(&a, &b);
    git(&a, &["checkout", "--quiet", "main"]);
    git(&a, &["merge", "--quiet", "--no-ff", "--no-edit", "other"]);
    a.ok(&["import", "docs"]);
    assert_eq!(action_and_severity(&a), ["", "LOW"]);
}

/// A commit on the branch here has the same file, but was not made from the version here.
fn copy_from_another_branch_is_a_conflict() {
    let [a, b] = two_workspaces();
    edit(&a, "--action", "of A");
    edit(&a, "--severity", "LOW");
    a.ok(&["export", "docs"]);
    commit(&a);
    b.advance(HOUR);
    edit(&b, "--action", "of B");
    commit_on_other_branch(&a, &b);
    git(&a, &["checkout", "--quiet", "main"]);
    git(&a, &["checkout", "--quiet", "other", "--", "docs"]);
    commit(&a);
    assert_eq!(a.run(&["import", "docs"]).status.code(), Some(1));
    assert_eq!(action_and_severity(&a), ["of A", "LOW"]);
}

/// A repository can name filters, which git runs on its files.
fn no_program_of_the_repository_is_run() {
    let a = same_field_on_two_branches();
    git(&a, &["config", "filter.odd.clean", "touch ran; cat"]);
    a.write(".gitattributes", "*.json filter=odd\n");
    assert_eq!(a.run(&["import", "docs"]).status.code(), Some(1));
    assert!(!a.path().join("ran").exists() && !a.path().join("docs/ran").exists());
}

/// The other workspace has committed two versions, the first of which is not known here.
fn versions_in_between_need_not_be_known() {
    let [a, b] = two_workspaces();
    edit(&a, "--action", "of A");
    a.ok(&["export", "docs"]);
    commit(&a);
    b.advance(HOUR);
    edit(&b, "--severity", "LOW");
    commit_on_other_branch(&a, &b);
    edit(&b, "--severity", "CRITICAL");
    commit_on_other_branch(&a, &b);
    a.ok(&["import", "docs"]);
    assert_eq!(action_and_severity(&a), ["of A", "CRITICAL"]);
}

/// The version here was committed and reverted on one branch; the other one never had it.
fn versions_of_another_branch_before_a_merge_do_not_count() {
    let [a, b] = two_workspaces();
    edit(&a, "--action", "of A");
    a.ok(&["export", "docs"]);
    commit(&a);
    git(&a, &["revert", "--no-edit", "HEAD"]);
    b.advance(HOUR);
    for severity in ["LOW", "CRITICAL"] {
        edit(&b, "--severity", severity);
        edit(&b, "--action", severity);
        commit_on_other_branch(&a, &b);
    }
    git(&a, &["checkout", "--quiet", "main"]);
    git(&a, &["merge", "--quiet", "other"]);
    assert_snapshot!(conflicts(&a), @r#"
    conflict: action_required of ISSUE-001: "CRITICAL" in the file, "of A" in the database
    hint: run the import again with --prefer file or --prefer database
    "#);
}

fn squashed_branch_is_based_on_the_common_version() {
    let [a, b] = two_workspaces();
    edit(&a, "--severity", "LOW");
    a.ok(&["export", "docs"]);
    b.advance(HOUR);
    for action in ["of B", "of B and more"] {
        edit(&b, "--action", action);
        commit_on_other_branch(&a, &b);
    }
    git(&a, &["checkout", "--quiet", "main"]);
    git(&a, &["merge", "--quiet", "--squash", "other"]);
    a.ok(&["import", "docs"]);
    assert_eq!(action_and_severity(&a), ["of B and more", "LOW"]);
}

/// Git need not have checked out the branch.
fn documents_of_another_branch_are_found() {
    for args in [
        &["checkout", "other", "--", "docs"],
        &["restore", "--source", "other", "docs"],
    ] {
        let [a, b] = two_workspaces();
        edit(&a, "--action", "of A");
        a.ok(&["export", "docs"]);
        commit(&a);
        b.advance(HOUR);
        edit(&b, "--action", "of B");
        commit_on_other_branch(&a, &b);
        git(&a, &["checkout", "--quiet", "main"]);
        git(&a, args);
        conflicts(&a);
        assert_eq!(action_and_severity(&a)[0], "of A");
    }
}

/// A hook of git names the repository in the environment.
fn same_field_in_another_worktree_is_a_conflict() {
    let a = same_field_on_two_branches();
    git(&a, &["checkout", "--quiet", "main"]);
    git(&a, &["worktree", "add", "--quiet", "tree", "other"]);
    let mut import = a.command(&["import", "tree/docs"]);
    let output = import
        .env("GIT_DIR", ".git")
        .env("GIT_INDEX_FILE", ".git/index")
        .output();
    assert_eq!(output.ok().and_then(|output| output.status.code()), Some(1));
    assert_eq!(action_and_severity(&a)[0], "of A");
}

fn same_document_field_on_another_branch_is_a_conflict() {
    const DOCUMENT: &str = "docs/CROSS-REPO-ISSUES.json";
    let [a, b] = two_workspaces();
    let set_field = |workspace: &TestWorkspace, value: &str| {
        workspace.replace_in(DOCUMENT, "{", &format!("{{\"team\": \"{value}\", "));
        workspace.ok(&["import", "docs"]);
        workspace.ok(&["export", "docs"]);
    };
    set_field(&a, "orchard");
    commit(&a);
    git(&a, &["branch", "--force", "other"]);
    b.ok(&["import", &a.path().join("docs").display().to_string()]);
    b.ok(&["export", "docs"]);
    for (workspace, value) in [(&a, "of A"), (&b, "of B")] {
        workspace.replace_in(DOCUMENT, "\"orchard\"", &format!("\"{value}\""));
        workspace.ok(&["import", "docs"]);
        workspace.ok(&["export", "docs"]);
    }
    commit(&a);
    commit_on_other_branch(&a, &b);
    assert_snapshot!(conflicts(&a), @r#"
    conflict: team of CROSS-REPO-ISSUES.json: "of B" in the file, "of A" in the database
    hint: run the import again with --prefer file or --prefer database
    "#);
}

/// The documents were written by hand before another workspace exported them.
fn export_of_documents_that_named_no_versions_is_merged() {
    let [a, b] = two_workspaces();
    a.replace_in("docs/CROSS-REPO-ISSUES.json", "\"rev\"", "\"source\"");
    commit(&a);
    a.ok(&["import", "docs"]);
    git(&a, &["branch", "--force", "other"]);
    edit(&a, "--action", "of A");
    b.advance(HOUR);
    edit(&b, "--severity", "CRITICAL");
    commit_on_other_branch(&a, &b);
    a.ok(&["import", "docs"]);
    assert_eq!(action_and_severity(&a), ["of A", "CRITICAL"]);
}

/// The oldest commit of a shallow clone seems to add the records.
fn shallow_clone_shows_only_what_it_has() {
    let [a, b] = two_workspaces();
    b.advance(HOUR);
    edit(&b, "--action", "of B");
    commit_on_other_branch(&a, &b);
    let url = format!("file://{}", a.path().display());
    a.ok(&["import", "docs"]);
    assert_eq!(action_and_severity(&a)[0], "of B");
    let c = TestWorkspace::with_workspace();
    git(
        &c,
        &[
            "clone", "--quiet", "--depth", "1", "--branch", "main", &url, "clone",
        ],
    );
    c.ok(&["import", "clone/docs"]);
    git(
        &c,
        &[
            "-C", "clone", "fetch", "--quiet", "--depth", "1", "origin", "other",
        ],
    );
    git(&c, &["-C", "clone", "checkout", "--quiet", "FETCH_HEAD"]);
    c.ok(&["import", "clone/docs"]);
    assert_eq!(action_and_severity(&c)[0], "of B");
}

/// Another workspace uses the same folder.
fn documents_that_are_not_committed_are_compared_with_what_the_path_held() {
    let [a, b] = two_workspaces();
    edit(&a, "--action", "of A");
    a.ok(&["export", "docs"]);
    b.ok(&["import", &a.path().join("docs").display().to_string()]);
    edit(&b, "--action", "of B");
    b.ok(&["export", "docs"]);
    a.write(
        "docs/CROSS-REPO-ISSUES.json",
        b.read("docs/CROSS-REPO-ISSUES.json"),
    );
    a.ok(&["import", "docs"]);
    assert_eq!(action_and_severity(&a)[0], "of B");
}
