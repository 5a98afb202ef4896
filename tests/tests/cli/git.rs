//! `wsdb git`: git merges documents record by record.

use std::path::Path;
use std::process::Output;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    branches_that_edit_other_fields_are_merged_and_imported,
    branches_that_edit_the_same_field_stop_with_markers,
}

const TASKS: &str = "WORKSPACE-TASKS.json";

pub(crate) fn run_git(workspace: &TestWorkspace, args: &[&str]) -> Output {
    let mut git = workspace.command_of(Path::new("git"));
    git.env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("GIT_CEILING_DIRECTORIES", workspace.path());
    for role in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{role}_NAME"), "mira")
            .env(format!("GIT_{role}_EMAIL"), "mira@example.com");
    }
    git.args(args).output().unwrap()
}

pub(crate) fn git(workspace: &TestWorkspace, args: &[&str]) -> String {
    let output = run_git(workspace, args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {args:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// A workspace with two tasks in a git repository. On the branches `main` and `other`, a text of the
/// document is replaced.
fn with_branches(main: (&str, &str), other: (&str, &str)) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing", "--priority", "LOW"]);
    workspace.ok(&["task", "add", "Publish prices"]);
    workspace.ok(&["export"]);
    git(&workspace, &["init", "--quiet", "--initial-branch", "main"]);
    workspace.ok(&["git", "install"]);
    git(&workspace, &["add", "*.json", ".gitattributes"]);
    git(&workspace, &["commit", "--quiet", "--message", "export"]);
    git(&workspace, &["branch", "other"]);
    for (branch, (from, to)) in [("other", other), ("main", main)] {
        git(&workspace, &["checkout", "--quiet", branch]);
        workspace.replace_in(TASKS, from, to);
        git(
            &workspace,
            &["commit", "--quiet", "--all", "--message", branch],
        );
    }
    workspace
}

fn branches_that_edit_other_fields_are_merged_and_imported() {
    let workspace = with_branches(
        ("\"title\": \"Move pricing\"", "\"title\": \"Move prices\""),
        ("\"priority\": \"LOW\"", "\"priority\": \"CRITICAL\""),
    );
    git(&workspace, &["merge", "--quiet", "other"]);
    workspace.ok(&["import"]);
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["title"], "Move prices");
    assert_eq!(task["priority"], "CRITICAL");
    // The merged file has the form of an export; only the merged task has another version.
    let merged = workspace.read(TASKS);
    workspace.ok(&["export"]);
    let is_version = |line: &str| line.trim_start().starts_with("\"rev\"");
    let exported = workspace.read(TASKS);
    let lines = merged.lines().zip(exported.lines());
    let changed: Vec<_> = lines
        .filter(|(merged, exported)| merged != exported)
        .collect();
    assert_eq!(changed.len(), 1);
    assert!(
        changed
            .iter()
            .all(|(merged, exported)| is_version(merged) && is_version(exported))
    );
}

fn branches_that_edit_the_same_field_stop_with_markers() {
    let workspace = with_branches(
        ("\"priority\": \"LOW\"", "\"priority\": \"HIGH\""),
        ("\"priority\": \"LOW\"", "\"priority\": \"CRITICAL\""),
    );
    let output = run_git(&workspace, &["merge", "other"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @r#"conflict: WORKSPACE-TASKS.json: priority of WS-TASK-001: "HIGH" in ours, "CRITICAL" in theirs"#);
    let text = workspace.read(TASKS);
    let (_, conflict) = text.split_once("\"status\": \"pending\",\n").unwrap();
    let (conflict, _) = conflict.split_once("      \"repos_affected\"").unwrap();
    assert_snapshot!(conflict, @r#"
    <<<<<<< ours
          "priority": "HIGH",
    =======
          "priority": "CRITICAL",
    >>>>>>> theirs
    "#);
    assert_snapshot!(workspace.fails(1, &["import"]), @"
    error: WORKSPACE-TASKS.json, line 15, column 1: the file has git conflict markers; resolve them first
    hint: fix the problems above and run the command again
    ");

    let conflict = conflict.to_owned();
    workspace.replace_in(TASKS, &conflict, "      \"priority\": \"MEDIUM\",\n");
    workspace.ok(&["import"]);
    assert_eq!(workspace.json(&["task", "show", "1"])["priority"], "MEDIUM");
}

/// One branch moves a task without a status to the list of completed ones, the other one blocks it.
#[test]
fn completion_and_another_status_stop_with_markers() {
    let task = r#"{"id": "T-1", "title": "x", "created": "2026-01-01"}"#;
    let document = |active: &str, completed: &str| {
        let text = format!(r#"{{"active_tasks": [{active}], "completed_tasks": [{completed}]}}"#);
        let document: Value = serde_json::from_str(&text).unwrap();
        serde_json::to_string_pretty(&document).unwrap() + "\n"
    };
    let blocked = task.replace("}", r#", "status": "blocked"}"#);
    let workspace = with_versions(
        &document(task, ""),
        &document("", task),
        &document(&blocked, ""),
    );
    let args = ["git", "merge-document", "base", "ours", "theirs"];
    let output = workspace.run(&[&args[..], &["--path", TASKS]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @r#"conflict: WORKSPACE-TASKS.json: status of T-1: "completed" in ours, "blocked" in theirs"#);
    assert_snapshot!(workspace.read("ours"), @r#"
    {
    <<<<<<< ours
      "active_tasks": [],
      "completed_tasks": [
        {
          "created": "2026-01-01",
          "id": "T-1",
          "title": "x"
        }
      ]
    =======
      "active_tasks": [
        {
          "created": "2026-01-01",
          "id": "T-1",
          "status": "blocked",
          "title": "x"
        }
      ],
      "completed_tasks": []
    >>>>>>> theirs
    }
    "#);
}

#[test]
fn install_prints_what_it_changed() {
    let workspace = TestWorkspace::new();
    git(&workspace, &["init", "--quiet"]);
    workspace.write(".gitattributes", "*.png binary");
    let printed = workspace.redacted(&["git", "install"]);
    let program = wsdb_tests::binary().display().to_string();
    assert_snapshot!(printed.replace(&program, "PROGRAM"), @"
    Installed the merge driver in DIR
    settings        merge.wsdb.driver = PROGRAM git merge-document %O %A %B --path %P --marker-size %L; code=$?; if [ $code = 126 ] || [ $code = 127 ]; then git merge-file -L ours -L ancestor -L theirs --marker-size=%L %A %O %B; else exit $code; fi
    .gitattributes  added 9 documents
    Next: commit .gitattributes, and run 'wsdb git install' once in every other clone
    ");
    assert_snapshot!(workspace.read(".gitattributes"), @"
    *.png binary
    WORKSPACE-TASKS.json merge=wsdb
    SESSION-LOG.json merge=wsdb
    CROSS-REPO-ISSUES.json merge=wsdb
    ARCHITECTURE-DECISIONS.json merge=wsdb
    ARCHITECTURE.json merge=wsdb
    DRIFT.json merge=wsdb
    CONFIGURATION.json merge=wsdb
    CONTEXT-LOG.json merge=wsdb
    HISTORY.json merge=wsdb
    ");
    let driver = git(&workspace, &["config", "merge.wsdb.driver"]);
    assert_snapshot!(driver.replace(&program, "PROGRAM"), @"PROGRAM git merge-document %O %A %B --path %P --marker-size %L; code=$?; if [ $code = 126 ] || [ $code = 127 ]; then git merge-file -L ours -L ancestor -L theirs --marker-size=%L %A %O %B; else exit $code; fi");
}

#[test]
fn install_is_idempotent() {
    let workspace = TestWorkspace::new();
    git(&workspace, &["init", "--quiet"]);
    workspace.ok(&["git", "install"]);
    let before = [
        workspace.read(".gitattributes"),
        workspace.read(".git/config"),
    ];
    assert_snapshot!(workspace.redacted(&["git", "install"]), @"The merge driver is already installed in DIR");
    let after = [
        workspace.read(".gitattributes"),
        workspace.read(".git/config"),
    ];
    assert_eq!(before, after);
    let result = workspace.json(&["git", "install"]);
    assert_eq!(
        (&result["changed"], &result["added"]),
        (&json!(false), &json!([]))
    );
}

#[test]
fn install_names_the_program_on_the_path() {
    let workspace = TestWorkspace::new();
    git(&workspace, &["init", "--quiet"]);
    let folder = wsdb_tests::binary().parent().unwrap().display().to_string();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap());
    let mut command = workspace.command(&["git", "install"]);
    assert!(command.env("PATH", path).output().unwrap().status.success());
    let driver = git(&workspace, &["config", "merge.wsdb.driver"]);
    assert!(driver.starts_with("wsdb git merge-document "), "{driver}");
}

#[test]
fn install_changes_nothing_if_the_attributes_cannot_be_read() {
    let workspace = TestWorkspace::new();
    git(&workspace, &["init", "--quiet"]);
    workspace.write(".gitattributes/file", "");
    assert_eq!(workspace.run(&["git", "install"]).status.code(), Some(1));
    let driver = run_git(&workspace, &["config", "merge.wsdb.driver"]);
    assert_eq!(driver.status.code(), Some(1));
}

/// Otherwise, git takes our version for a merge with conflicts.
#[test]
fn git_merges_by_lines_if_the_program_is_missing() {
    let workspace = with_branches(
        ("\"priority\": \"LOW\"", "\"priority\": \"HIGH\""),
        ("\"priority\": \"LOW\"", "\"priority\": \"CRITICAL\""),
    );
    let driver = git(&workspace, &["config", "merge.wsdb.driver"]);
    let program = wsdb_tests::binary().display().to_string();
    let missing = driver.trim().replacen(&program, "./missing-wsdb", 1);
    assert_ne!(missing, driver.trim());
    git(&workspace, &["config", "merge.wsdb.driver", &missing]);
    assert_eq!(
        run_git(&workspace, &["merge", "other"]).status.code(),
        Some(1)
    );
    let text = workspace.read(TASKS);
    assert!(
        text.contains("<<<<<<< ours\n") && text.contains("CRITICAL"),
        "{text}"
    );
}

#[test]
fn install_in_another_folder_changes_its_repository() {
    let workspace = TestWorkspace::with_workspace();
    for folder in ["orchard", "documents"] {
        git(&workspace, &["init", "--quiet", folder]);
    }
    let result = workspace.json(&["git", "install", "--repo-dir", "documents"]);
    let folder = workspace.path().join("documents").display().to_string();
    assert_eq!(result["repository"], folder);
    assert!(!workspace.path().join("orchard/.gitattributes").exists());
    assert!(workspace.path().join("documents/.gitattributes").exists());
}

#[test]
fn repository_folder_has_to_exist() {
    let workspace = TestWorkspace::with_workspace();
    let install = |folder| ["git", "install", "--repo-dir", folder];
    assert_snapshot!(workspace.fails(1, &install("nodir")), @"
    error: DIR/nodir: no such file or folder
    hint: check the path
    ");
    workspace.write("f", "");
    assert_snapshot!(workspace.fails(1, &install("f")), @"
    error: DIR/f: is a file, not a folder
    hint: fix the problems above and run the command again
    ");
}

#[test]
fn install_outside_of_a_repository_fails() {
    let workspace = TestWorkspace::with_workspace();
    assert_snapshot!(workspace.fails(1, &["git", "install"]), @"error: DIR is not in a git repository; run 'git init' there, or use --repo-dir DIR to specify the repository that contains the documents");
}

#[test]
fn install_in_a_bare_repository_fails() {
    let workspace = TestWorkspace::new();
    git(&workspace, &["init", "--quiet", "--bare", "shared.git"]);
    let install = ["git", "install", "--repo-dir", "shared.git"];
    assert_snapshot!(workspace.fails(1, &install), @"error: DIR/shared.git is a bare git repository, without a working tree; run 'wsdb git install' in its clones");
}

#[test]
fn other_ways_to_merge_the_documents_are_reported() {
    let workspace = TestWorkspace::new();
    git(&workspace, &["init", "--quiet"]);
    workspace.write(
        ".gitattributes",
        "DRIFT.json merge=union\nHISTORY.json -merge\n",
    );
    let output = workspace.run(&["git", "install"]);
    assert_snapshot!(workspace.text(&output.stderr), @"
    note: DRIFT.json had the attribute merge=union; the line added to .gitattributes overrides that
    note: HISTORY.json had the attribute -merge; the line added to .gitattributes overrides that
    ");
    // A later line applies.
    let attributes = workspace.read(".gitattributes");
    workspace.write(
        ".gitattributes",
        format!("{attributes}D*.json merge=union\n"),
    );
    let output = workspace.run(&["git", "install"]);
    assert_snapshot!(workspace.text(&output.stderr), @"warning: DRIFT.json has the attribute merge=union, because a later line in .gitattributes or .git/info/attributes overrides merge=wsdb; remove that line");
}

/// Git gives the file in the subfolder precedence.
#[test]
fn attributes_of_subfolders_are_reported_and_kept() {
    let workspace = TestWorkspace::new();
    git(&workspace, &["init", "--quiet"]);
    let docs = "*.json -merge\nDRIFT.json merge=wsdb\nHISTORY.json merge=union\n";
    workspace.write("docs/.gitattributes", docs);
    workspace.write("docs/deeper/.gitattributes", "*.json merge=wsdb\n");
    workspace.write("web/.gitattributes", "*.png binary\n");
    let output = workspace.run(&["git", "install"]);
    let note = workspace.text(&output.stderr);
    assert_snapshot!(note, @"note: docs/.gitattributes overrides merge=wsdb for 8 documents in docs: -merge, merge=union");
    // Also if nothing else is left to do.
    let output = workspace.run(&["git", "install"]);
    assert_eq!(workspace.text(&output.stderr), note);
    workspace.ok(&["git", "uninstall"]);
    assert_eq!(workspace.read("docs/.gitattributes"), docs);
}

#[test]
fn version_that_is_no_text_is_merged_by_lines() {
    let workspace = with_versions("{}", "", "{\"version\": 1}");
    std::fs::write(workspace.path().join("ours"), b"\xff{}\n").unwrap();
    let output = workspace.run(&["git", "merge-document", "base", "ours", "theirs"]);
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @"note: ours: our version is not valid UTF-8; merged line by line");
}

#[test]
fn uninstall_removes_what_install_added() {
    let workspace = TestWorkspace::new();
    git(&workspace, &["init", "--quiet"]);
    workspace.write(".gitattributes", "*.png binary\n");
    workspace.ok(&["git", "install"]);
    assert_snapshot!(workspace.redacted(&["git", "uninstall"]), @"Removed the merge driver from DIR");
    assert_eq!(workspace.read(".gitattributes"), "*.png binary\n");
    let driver = run_git(&workspace, &["config", "merge.wsdb.driver"]);
    assert_eq!(driver.status.code(), Some(1));
    assert_snapshot!(workspace.redacted(&["git", "uninstall"]), @"The merge driver is not installed in DIR");
}

/// Three versions of a document as files.
fn with_versions(ancestor: &str, ours: &str, theirs: &str) -> TestWorkspace {
    let workspace = TestWorkspace::new();
    for (file, text) in [("base", ancestor), ("ours", ours), ("theirs", theirs)] {
        workspace.write(file, text);
    }
    workspace
}

const MERGE: [&str; 5] = ["git", "merge-document", "base", "ours", "theirs"];

#[test]
fn conflicts_are_printed_as_json() {
    let workspace = with_versions(
        r#"{"issues": [{"id": "1", "title": "a"}, {"id": "2"}]}"#,
        r#"{"issues": [{"id": "1", "title": "b"}]}"#,
        r#"{"issues": [{"id": "1", "title": "c"}, {"id": "2", "title": "d"}]}"#,
    );
    let output = workspace.run(&[&MERGE[..], &["--path", TASKS, "--json"]].concat());
    assert_eq!(output.status.code(), Some(1));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_snapshot!(format!("{result:#}"), @r#"
    {
      "clean": false,
      "conflicts": [
        {
          "conflict_type": "field",
          "field": "title",
          "message": "title of 1: \"b\" in ours, \"c\" in theirs",
          "ours": "b",
          "record": "1",
          "theirs": "c"
        },
        {
          "conflict_type": "deleted_in_ours",
          "message": "2: deleted in ours, changed in theirs",
          "record": "2"
        }
      ],
      "file_path": "WORKSPACE-TASKS.json",
      "merged": "records"
    }
    "#);
}

#[test]
fn document_with_an_invalid_ancestor_is_merged_by_lines() {
    let workspace = with_versions("1", "[\n1\n]\n", "[\n2\n]\n");
    let output = workspace.run(&[&MERGE[..], &["--marker-size", "9"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(workspace.text(&output.stderr), @"note: ours: the common ancestor is not a JSON document: expected an object or a list; merged line by line");
    assert_snapshot!(workspace.read("ours"), @"
    [
    <<<<<<<<< ours
    1
    =========
    2
    >>>>>>>>> theirs
    ]
    ");
}

/// A merge of two exports is a new version, and the branch from before it is an older one.
#[test]
fn branch_from_before_a_merge_is_older() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move pricing", "--priority", "LOW"]);
    workspace.ok(&["export"]);
    let other = TestWorkspace::with_workspace();
    other.ok(&["import", &workspace.path().display().to_string()]);
    git(&workspace, &["init", "--quiet", "--initial-branch", "main"]);
    workspace.ok(&["git", "install"]);
    git(&workspace, &["add", "*.json", ".gitattributes"]);
    git(&workspace, &["commit", "--quiet", "--message", "export"]);
    git(&workspace, &["checkout", "--quiet", "-b", "other"]);
    other.ok(&["task", "edit", "1", "--priority", "HIGH"]);
    other.ok(&["export"]);
    workspace.write(TASKS, other.read(TASKS));
    git(
        &workspace,
        &["commit", "--quiet", "--all", "--message", "other"],
    );
    git(&workspace, &["checkout", "--quiet", "main"]);
    workspace.ok(&["task", "edit", "1", "--title", "Move all pricing"]);
    workspace.ok(&["export"]);
    git(
        &workspace,
        &["commit", "--quiet", "--all", "--message", "title"],
    );
    git(&workspace, &["branch", "before"]);
    git(&workspace, &["merge", "--quiet", "--no-edit", "other"]);
    for (branch, note) in [
        ("main", ""),
        (
            "before",
            "note: 1 task is older in the files than in the database and was not imported\n",
        ),
        ("main", ""),
    ] {
        git(&workspace, &["checkout", "--quiet", branch]);
        assert_eq!(workspace.stderr(&["import"]), note);
        let task = workspace.json(&["task", "show", "1"]);
        assert_eq!(task["priority"], "HIGH", "{branch}");
        assert_eq!(task["title"], "Move all pricing", "{branch}");
    }
}
