//! Repos: `wsdb repo`, notes about unknown names, and the repo of the current folder.

use std::path::Path;
use std::process::Output;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, run_command, words};

wsdb_tests::on_sqlite_and_postgres! {
    repos_of_folders_settings_and_records_are_listed,
    renamed_repo_has_the_new_name_in_all_records,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    repo_is_renamed_in_other_fields_of_documents,
    rename_is_one_change,
    renamed_repo_is_merged_only_if_asked,
}

/// Creates an empty git repository: wsdb only looks for `.git`.
fn make_repo(workspace: &TestWorkspace, folder: &str) {
    std::fs::create_dir_all(workspace.path().join(folder).join(".git")).unwrap();
}

/// Runs the binary in a folder of the workspace.
fn run_in(workspace: &TestWorkspace, folder: &str, args: &[&str]) -> Output {
    // Marks the folder of a workspace whose database is a server.
    let settings = workspace.path().join(".wsdb.toml");
    if !settings.exists() {
        std::fs::write(settings, "").unwrap();
    }
    let folder = workspace.path().join(folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = workspace.command(args);
    run_command(command.current_dir(folder))
}

fn json_in(workspace: &TestWorkspace, folder: &str, args: &[&str]) -> Value {
    let output = run_in(workspace, folder, &[args, &["--json"]].concat());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "wsdb {args:?}: {stderr}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn repos_of_folders_settings_and_records_are_listed() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "orchard-core");
    make_repo(&workspace, "libs/pears");
    make_repo(&workspace, "elsewhere/a/b");
    workspace.write(".wsdb.toml", "[repos]\nshop = \"elsewhere/a/b\"\n");
    workspace.ok(&["task", "add", "Move", "--repo", "orchard-core,orchard-ml"]);
    let closed = ["task", "add", "Done", "--status", "completed"];
    workspace.ok(&[&closed[..], &["--repo", "pears"]].concat());
    workspace.ok(&["issue", "add", "Slow", "--repo", "orchard-core"]);
    let drift = ["drift", "add", "a.py", "--type", "dependency"];
    workspace.ok(&[&drift[..], &["--repo", "shop"]].concat());
    let folder = format!("{}/", workspace.path().display());
    let list = workspace.ok(&["repo", "list"]);
    assert_snapshot!(list.replace(&folder, ""), @"
    NAME          OPEN TASKS  OPEN ISSUES  OPEN DRIFT  FOUND IN           PATH
    orchard-core  1           1            0           folder, records    orchard-core
    orchard-ml    1           0            0           records
    pears         0           0            0           folder, records    libs/pears
    shop          0           0            1           settings, records  elsewhere/a/b
    ");
    let list = workspace.json(&["repo", "list", "--limit", "1", "--offset", "1"]);
    let expected = json!({
        "repos": [{
            "name": "orchard-ml", "repo_path": null, "found_in": ["records"],
            "open_task_count": 1, "open_issue_count": 0, "open_detection_count": 0,
        }],
        "total": 4,
    });
    assert_eq!(list, expected);
    let csv = workspace.ok(&["repo", "list", "--format", "csv"]);
    assert_eq!(csv.lines().count(), 5);
}

#[test]
fn unknown_repo_gets_a_note_with_the_likely_one() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["issue", "add", "Slow", "--repo", "gateway,billing-core"]);
    let note = workspace.stderr(&["task", "add", "Move", "--repo", "gatway,gateway"]);
    assert_snapshot!(note, @r#"note: no repo named "gatway" in this workspace; did you mean gateway?"#);
    // It is written anyway, and known from now on, unless the other one is used far more often.
    assert_eq!(workspace.stderr(&["task", "list", "--repo", "gatway"]), "");
    workspace.ok(&["issue", "add", "Slow", "--repo", "gateway"]);
    workspace.ok(&["task", "add", "Move", "--repo", "gateway"]);
    assert_eq!(
        workspace.stderr(&["task", "list", "--repo", "gatway"]),
        note
    );
}

#[test]
fn unknown_repo_in_a_filter_gets_a_note() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "billing-core");
    make_repo(&workspace, "gateway");
    for args in [
        ["task", "list", "--repo", "billing"],
        ["task", "ready", "--repo", "billing"],
        ["drift", "list", "--repo", "billing"],
        ["context", "list", "--repo", "billing"],
        ["config", "list", "--repo", "billing"],
    ] {
        let note = workspace.stderr(&args);
        let expected =
            "note: no repo named \"billing\" in this workspace; did you mean billing-core?\n";
        assert_eq!(note, expected, "{args:?}");
    }
    let note = workspace.stderr(&["issue", "list", "--repo", "xyz"]);
    assert_snapshot!(note, @r#"note: no repo named "xyz" in this workspace; run 'wsdb repo list' to list the repos"#);
    assert_eq!(
        workspace.stderr(&["issue", "list", "--repo", "gateway"]),
        ""
    );
}

#[test]
fn new_repo_gets_a_note_only_if_the_repos_have_folders() {
    let workspace = TestWorkspace::with_workspace();
    let add = |repo: &str| workspace.stderr(&["task", "add", "Move", "--repo", repo]);
    assert_eq!(add("gateway"), "");
    assert_eq!(add("billing-core"), "");
    make_repo(&workspace, "portal");
    assert_eq!(add("gateway"), "");
    assert!(
        add("orchard-ml").starts_with("note: no repo named \"orchard-ml\" in this workspace; ")
    );
}

#[test]
fn unknown_repos_of_documents_and_reports_get_notes() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "gateway-a");
    make_repo(&workspace, "gateway-b");
    let task = r#"{"active_tasks": [{"id": "T-1", "title": "x", "created": "2025-01-01",
        "repos_affected": ["gateway-a", "gateway-c"]}]}"#;
    workspace.write("WORKSPACE-TASKS.json", task);
    let import = ["import", "WORKSPACE-TASKS.json"];
    assert_snapshot!(workspace.stderr(&import), @r#"note: no repo named "gateway-c" in this workspace; did you mean gateway-a or gateway-b?"#);
    // It is known now.
    assert_eq!(workspace.stderr(&import), "");
    workspace.write(
        "report.json",
        r#"{"repos_scanned": ["xyz"], "detections": []}"#,
    );
    let note = workspace.stderr(&["drift", "record", "report.json"]);
    assert_snapshot!(note, @r#"note: no repo named "xyz" in this workspace; run 'wsdb repo list' to list the repos"#);
}

#[test]
fn new_records_have_the_repo_of_the_current_folder() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "orchard-core");
    let folder = "orchard-core/src";
    let output = run_in(&workspace, folder, &["task", "add", "Move pricing"]);
    assert_snapshot!(String::from_utf8_lossy(&output.stdout), @"Added WS-TASK-001  Move pricing (repo orchard-core)");
    let task = workspace.json(&["task", "show", "1"]);
    assert_eq!(task["repos_affected"], json!(["orchard-core"]));
    let issue = json_in(&workspace, folder, &["issue", "add", "Slow"]);
    assert_eq!(issue["repos_affected"], json!(["orchard-core"]));
    let drift = ["drift", "add", "src/a.py", "--type", "dependency"];
    assert_eq!(json_in(&workspace, folder, &drift)["repo"], "orchard-core");
    workspace.write("orchard-core/src/a.toml", "x = 1");
    let snapshot = json_in(&workspace, folder, &["config", "snapshot", "a.toml"]);
    assert_eq!(snapshot["repo"], "orchard-core");
    assert_eq!(snapshot["snapshot_data"], json!({"src/a.toml": {"x": 1}}));
}

#[test]
fn repo_of_the_current_folder_can_be_left_out() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "orchard-core");
    for (option, repos) in [
        (&["--no-repo"][..], json!([])),
        (
            &["--repo", "orchard-core,web,orchard-core"][..],
            json!(["orchard-core", "web"]),
        ),
    ] {
        let add = [&["task", "add", "Move"], option].concat();
        let task = json_in(&workspace, "orchard-core", &add);
        assert_eq!(task["repos_affected"], repos);
    }
}

#[test]
fn folder_named_as_a_repo_in_records_is_its_folder() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move", "--repo", "orchard-core"]);
    let task = json_in(&workspace, "orchard-core/src", &["task", "add", "Publish"]);
    assert_eq!(task["repos_affected"], json!(["orchard-core"]));
    let task = json_in(&workspace, "docs", &["task", "add", "Publish"]);
    assert_eq!(task["repos_affected"], json!([]));
}

#[test]
fn clone_elsewhere_is_a_folder_of_its_repo() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "a/b/c/orchard-core");
    make_repo(&workspace, "a/b/c/other");
    workspace.ok(&["task", "add", "Move", "--repo", "orchard-core"]);
    let task = json_in(
        &workspace,
        "a/b/c/orchard-core/src",
        &["task", "add", "Publish"],
    );
    assert_eq!(task["repos_affected"], json!(["orchard-core"]));
    let task = json_in(&workspace, "a/b/c/other", &["task", "add", "Publish"]);
    assert_eq!(task["repos_affected"], json!([]));
}

#[test]
fn configured_folder_is_the_folder_of_its_repo() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(".wsdb.toml", "[repos]\nshop = \"old/web\"\n");
    workspace.write("old/web/a.toml", "x = 1");
    let snapshot = workspace.json(&["config", "snapshot", "old/web/a.toml"]);
    assert_eq!(snapshot["repo"], "shop");
    assert_eq!(snapshot["snapshot_data"], json!({"a.toml": {"x": 1}}));
    let visit = workspace.json(&["context", "switch", "shop"]);
    let folder = workspace.path().join("old/web").display().to_string();
    assert_eq!(visit["repo_path"], folder);
}

#[test]
fn snapshot_has_the_repo_of_its_files() {
    let workspace = TestWorkspace::with_workspace();
    for repo in ["billing-core", "gateway"] {
        make_repo(&workspace, repo);
        workspace.write(&format!("{repo}/pyproject.toml"), "x = 1");
    }
    let files = ["billing-core/pyproject.toml", "gateway/pyproject.toml"];
    let snapshot = json_in(
        &workspace,
        "gateway",
        &["config", "snapshot", "../billing-core/pyproject.toml"],
    );
    assert_eq!(snapshot["repo"], "billing-core");
    let several = workspace.fails(2, &["config", "snapshot", files[0], files[1]]);
    assert_snapshot!(several, @"error: billing-core/pyproject.toml is in the repo billing-core and gateway/pyproject.toml in gateway; use --repo REPO");
    workspace.write("a.toml", "x = 1");
    assert_snapshot!(workspace.fails(2, &["config", "snapshot", "a.toml"]), @"error: --repo is required: the current folder is not in a repo of the workspace");
}

/// Returns the paths of all values in documents that are this text.
fn paths_of(value: &Value, text: &str, path: &str, found: &mut Vec<String>) {
    match value {
        Value::String(other) if other == text => found.push(path.to_owned()),
        Value::Array(items) => {
            for item in items {
                paths_of(item, text, path, found);
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                paths_of(value, text, &format!("{path}.{key}"), found);
            }
        }
        _ => {}
    }
}

/// Exports the documents to a folder, and returns the keys of the values that are this text.
fn exported_keys(workspace: &TestWorkspace, folder: &str, text: &str) -> Vec<String> {
    workspace.ok(&["export", folder]);
    let mut found = Vec::new();
    for file in std::fs::read_dir(workspace.path().join(folder)).unwrap() {
        let text_of_file = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let value: Value = serde_json::from_str(&text_of_file).unwrap();
        paths_of(&value, text, "", &mut found);
    }
    found.sort();
    found.dedup();
    found
}

/// A workspace with `orchard-core` in every kind of record.
fn with_repo_everywhere() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let repo = ["--repo", "orchard-core"];
    let add = |args: &[&str]| workspace.ok(&[args, &repo].concat());
    add(&["task", "add", "Move", "--assigned-repo", "orchard-core"]);
    add(&["issue", "add", "Slow"]);
    add(&["decision", "add", "Compute prices once"]);
    add(&["drift", "add", "a.py", "--type", "dependency"]);
    add(&["state", "add", "target", "--type", "target"]);
    add(&[
        "placement",
        "add",
        "pricing",
        "--type",
        "service",
        "--state",
        "target",
    ]);
    workspace.write(
        "report.json",
        r#"{"repos_scanned": ["orchard-core"], "detections": []}"#,
    );
    workspace.ok(&["drift", "record", "report.json"]);
    workspace.write("orchard-core/a.toml", "x = 1");
    add(&["config", "snapshot", "orchard-core/a.toml"]);
    add(&["config", "change", "add", "--type", "modified"]);
    workspace.ok(&["context", "switch", "orchard-core"]);
    workspace.ok(&["context", "switch", "web", "--path", "."]);
    workspace
}

fn renamed_repo_has_the_new_name_in_all_records() {
    let workspace = with_repo_everywhere();
    let before = exported_keys(&workspace, "before", "orchard-core");
    assert_snapshot!(before.join("\n"), @"
    .active_tasks.assigned_repo
    .active_tasks.repos_affected
    .architecture_states.repo
    .component_placements.correct_repo
    .configuration_changes.repo
    .configuration_snapshots.repo
    .context_switches.previous_context
    .context_switches.repo
    .decisions.repos_affected
    .drift_detections.repo
    .drift_scans.repos_scanned
    .issues.repos_affected
    ");
    let renamed = workspace.redacted(&["repo", "rename", "orchard-core", "kernel"]);
    assert_snapshot!(renamed, @"Renamed repo orchard-core to kernel in 11 records");
    assert_eq!(exported_keys(&workspace, "after", "orchard-core"), [""; 0]);
    assert_eq!(exported_keys(&workspace, "after", "kernel"), before);
    // The link tables, which filters use.
    for noun in ["task", "issue", "decision"] {
        let list = workspace.json(&[noun, "list", "--repo", "kernel"]);
        assert_eq!(list["total"], 1, "{noun}");
    }
}

/// Fields of documents that wsdb does not know keep their keys, and are exported again.
fn repo_is_renamed_in_other_fields_of_documents() {
    let workspace = TestWorkspace::with_workspace();
    let task = json!({"id": "WS-TASK-001", "title": "Prune", "status": "pending", "created": "2026-01-01",
        "repos_affected": ["core"], "file": "core/a.py", "files_changed": ["core/b.py"]});
    workspace.write(
        "docs/WORKSPACE-TASKS.json",
        json!({"active_tasks": [task]}).to_string(),
    );
    let session = json!({"session_id": "S-1", "start_time": "2026-01-01", "repo": "core",
        "decisions_made": [{"id": "DEC-001", "decision": "Use x", "repos_affected": ["core"]}],
        "issues_found": [{"issue": "Bad", "repositories": "core", "severity": "HIGH"}],
        "activities": [{"description": "Built", "repo": "core"}]});
    workspace.write(
        "docs/SESSION-LOG.json",
        json!({"sessions": [session]}).to_string(),
    );
    workspace.ok(&["import", "docs"]);
    let renamed = workspace.redacted(&["repo", "rename", "core", "kernel"]);
    assert_snapshot!(renamed, @"Renamed repo core to kernel in 7 records");
    workspace.ok(&["export", "docs"]);
    for file in ["WORKSPACE-TASKS.json", "SESSION-LOG.json"] {
        let text = workspace.read(&format!("docs/{file}"));
        assert!(!text.contains("core"), "{text}");
    }
    assert_eq!(workspace.json(&["search", "kernel/a.py"])["total"], 1);
}

fn rename_is_one_change() {
    let workspace = with_repo_everywhere();
    let before = exported_keys(&workspace, "before", "orchard-core");
    workspace.ok(&["repo", "rename", "orchard-core", "kernel"]);
    let history = workspace.json(&["history", "--limit", "1"]);
    assert_eq!(history["history"][0]["verb"], "repo rename");
    workspace.ok(&["undo"]);
    assert_eq!(exported_keys(&workspace, "after", "orchard-core"), before);
    assert_eq!(exported_keys(&workspace, "after", "kernel"), [""; 0]);
}

fn renamed_repo_is_merged_only_if_asked() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move", "--repo", "core,kernel"]);
    workspace.ok(&["task", "add", "Publish", "--repo", "core"]);
    let rename = ["repo", "rename", "core", "kernel"];
    assert_snapshot!(workspace.fails(1, &rename), @"
    error: records of a repo named kernel already exist
    hint: use --merge to combine the records of both repos
    ");
    let renamed = workspace.json(&[&rename[..], &["--merge"]].concat());
    let counts = json!({
        "tasks": 2, "activities": 0, "issues": 0, "decisions": 0, "states": 0, "placements": 0, "scans": 0,
        "sessions": 0, "detections": 0, "visits": 0, "configuration_snapshots": 0, "configuration_changes": 0,
    });
    let expected = json!({"from": "core", "to": "kernel", "counts": counts, "total": 2});
    assert_eq!(renamed, expected);
    for task in ["1", "2"] {
        let task = workspace.json(&["task", "show", task]);
        assert_eq!(task["repos_affected"], json!(["kernel"]));
    }
}

#[test]
fn repo_that_no_record_has_cannot_be_renamed() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move", "--repo", "gateway"]);
    assert_snapshot!(workspace.fails(1, &["repo", "rename", "gatway", "portal"]), @"
    error: repo gatway not found
    hint: did you mean gateway?
    ");
    assert_snapshot!(workspace.fails(2, &["repo", "rename", "gateway", "gateway"]), @"error: the repo is already named gateway");
}

#[test]
fn repo_is_renamed_at_the_beginning_of_paths() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "core");
    let task = ["task", "add", "Move", "--repo", "core,web"];
    workspace.ok(&[&task[..], &["--file", "core/a.py,./core/b/,docs/core"]].concat());
    workspace.ok(&["state", "add", "Now", "--type", "current"]);
    let placement = [
        "placement",
        "add",
        "web",
        "--type",
        "module",
        "--repo",
        "web",
    ];
    workspace.ok(&[&placement[..], &["--state", "Now", "--forbid-path", "core"]].concat());
    workspace.ok(&["repo", "rename", "core", "kernel"]);
    let task = workspace.json(&["task", "show", "1"]);
    let files = json!(["kernel/a.py", "kernel/b", "docs/core"]);
    assert_eq!(task["related_files"], files);
    let placement = workspace.json(&["placement", "show", "web"]);
    assert_eq!(placement["rules"]["forbidden_paths"], json!(["kernel"]));
}

#[test]
fn only_names_that_options_accept_can_be_given() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "core");
    make_repo(&workspace, "web");
    let task = workspace.json(&["task", "add", "Move", "--repo", "core/,./web"]);
    assert_eq!(task["repos_affected"], json!(["core", "web"]));
    assert_snapshot!(workspace.fails(2, &["repo", "rename", "core", "a,b"]), @"
    error: invalid value 'a,b' for '<NEW>': must not contain a comma or a line break

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.fails(2, &["repo", "rename", "core", "workspace"]), @"error: 'workspace' stands for all repos and cannot be the name of one");
    workspace.ok(&["repo", "rename", "core", "kernel"]);
    assert_snapshot!(workspace.fails(1, &["repo", "rename", "core", "x"]), @"error: no record refers to the repo core; this command renames repos in records, and does not rename folders");
    assert_snapshot!(workspace.stderr(&["state", "add", "Now", "--type", "current"]), @"");
}

#[test]
fn detection_of_a_deleted_file_has_the_repo_of_its_folder() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "core");
    make_repo(&workspace, "web");
    for (folder, file) in [
        ("", "core/gone.py"),
        ("web", "../core/old.py"),
        ("core", "x.py"),
    ] {
        let drift = ["drift", "add", file, "--type", "scope"];
        let added = json_in(&workspace, folder, &drift);
        let name = file.rsplit('/').next().unwrap();
        assert_eq!(added["repo"], "core", "{file}");
        assert_eq!(added["file_path"], name, "{file}");
    }
}

#[test]
fn rename_mentions_the_settings_and_the_folder() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(".wsdb.toml", "[repos]\nshop = \"old/web\"\n");
    make_repo(&workspace, "gateway");
    workspace.ok(&["task", "add", "Move", "--repo", "shop,gateway"]);
    assert_snapshot!(workspace.stderr(&["repo", "rename", "shop", "web"]), @"note: shop is still in .wsdb.toml under [repos]; rename it there, too");
    assert_snapshot!(workspace.stderr(&["repo", "rename", "gateway", "portal"]), @"note: the folder DIR/gateway was not renamed");
}

#[test]
fn repos_are_found_in_the_current_folder_of_a_link() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "orchard-core");
    let link = workspace.path().join("link");
    std::os::unix::fs::symlink(Path::new("orchard-core"), link).unwrap();
    let task = json_in(&workspace, "link", &["task", "add", "Move"]);
    assert_eq!(task["repos_affected"], json!(["orchard-core"]));
}

#[test]
fn beginning_of_a_name_suggests_the_repo() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move", "--repo", "core"]);
    let note = workspace.stderr(&["task", "list", "--repo", "cor"]);
    assert_snapshot!(note, @r#"note: no repo named "cor" in this workspace; did you mean core?"#);
    // It could mean several.
    workspace.ok(&["task", "add", "Move", "--repo", "corner"]);
    let note = workspace.stderr(&["task", "list", "--repo", "co"]);
    assert_snapshot!(note, @r#"note: no repo named "co" in this workspace; did you mean core or corner?"#);
}

/// A path to the folder of a repo is as good as its name, in options and in filters.
#[test]
fn path_of_a_folder_means_its_repo() {
    let workspace = TestWorkspace::with_workspace();
    for folder in ["core", "libs/util", "web"] {
        make_repo(&workspace, folder);
    }
    std::fs::create_dir_all(workspace.path().join("core/src")).unwrap();
    workspace.write(".wsdb.toml", "[repos]\nshop = 'web'\n");
    let absolute = workspace.path().join("libs/util").display().to_string();
    for (folder, path, repo) in [
        (".", "core/", "core"),
        (".", "./core", "core"),
        (".", "libs/util", "util"),
        (".", "./libs/util/", "util"),
        (".", "web", "shop"),
        (".", absolute.as_str(), "util"),
        ("core", ".", "core"),
        ("core/src", "..", "core"),
        ("core/src", "../../libs/util", "util"),
        ("core", "libs/util", "util"),
    ] {
        let task = json_in(&workspace, folder, &["task", "add", "T", "--repo", path]);
        assert_eq!(task["repos_affected"], json!([repo]), "{path} in {folder}");
        let change = words("config change add --file a.toml --key k --new 1 --repo");
        let change = json_in(&workspace, folder, &[&change[..], &[path]].concat());
        assert_eq!(change["repo"], repo, "{path} in {folder}");
        let list = json_in(&workspace, folder, &["task", "list", "--repo", path]);
        let first = &list["tasks"][0];
        assert_eq!(first["repos_affected"], json!([repo]), "{path} in {folder}");
    }
    let two = workspace.json(&words("task add T --repo ./core,libs/util"));
    assert_eq!(two["repos_affected"], json!(["core", "util"]));
    for path in ["..", "../other", "core/../docs"] {
        let error = workspace.fails(2, &["task", "list", "--repo", path]);
        let reason = "expected the name of a repo, or the path of a known repo's folder";
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn folder_in_a_repo_or_of_no_repo_gets_a_note() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "web");
    workspace.write("web/src/a.py", "");
    workspace.write("docs/a.md", "");
    let note = |noun: &str, verb: &[&str], repo: &str| {
        workspace.stderr(&[&[noun], verb, &["--repo", repo]].concat())
    };
    assert_snapshot!(note("task", &["list"], "./web/src/"), @r#"note: no repo named "web/src" in this workspace; did you mean web?"#);
    let again = note("task", &["add", "T"], "web/src");
    assert_snapshot!(again, @r#"note: no repo named "web/src" in this workspace; did you mean web?"#);
    // It stays a folder of the repo, even if records name it.
    assert_eq!(note("task", &["add", "T"], "web/src"), again);
    assert_eq!(note("task", &["list"], "web/src"), again);
    assert_snapshot!(note("issue", &["add", "T"], "./docs"), @r#"note: no repo named "docs" in this workspace; run 'wsdb repo list' to list the repos"#);
    assert_eq!(note("task", &["add", "T"], "./web/"), "");
}

#[test]
fn current_folder_stands_for_the_repo_that_contains_it() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "web");
    let absolute = workspace.path().join("web/src").display().to_string();
    for (folder, repo) in [
        ("web", "."),
        ("web", "./"),
        ("web/src", "."),
        ("web/src", "./"),
        ("web/src/b", ".."),
        (".", absolute.as_str()),
    ] {
        let task = json_in(&workspace, folder, &["task", "add", "T", "--repo", repo]);
        assert_eq!(task["repos_affected"], json!(["web"]), "{repo} in {folder}");
    }
    let output = run_in(&workspace, "docs", &["task", "list", "--repo", "."]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn suggested_repo_is_no_earlier_typo() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "gateway");
    workspace.ok(&["task", "add", "Move", "--repo", "gatway"]);
    let note = workspace.stderr(&["task", "list", "--repo", "gatwy"]);
    assert_snapshot!(note, @r#"note: no repo named "gatwy" in this workspace; did you mean gateway?"#);
    let workspace = TestWorkspace::with_workspace();
    for repo in ["gatway", "gateway", "gateway", "gateway"] {
        workspace.ok(&["task", "add", "Move", "--repo", repo]);
    }
    let other = workspace.stderr(&["task", "list", "--repo", "gatwy"]);
    assert_eq!(other, note);
}

#[test]
fn repo_is_renamed_by_the_path_of_its_folder() {
    let workspace = TestWorkspace::with_workspace();
    workspace.ok(&["task", "add", "Move", "--repo", "core"]);
    let renamed = workspace.redacted(&["repo", "rename", "./core/", "./kernel"]);
    assert_snapshot!(renamed, @"Renamed repo core to kernel in 1 record");
    let rename = |new| workspace.stderr(&["repo", "rename", "kernel", new]);
    assert_snapshot!(rename("./seed/"), @"note: there is no folder ./seed/; the new name is seed");
    make_repo(&workspace, "core");
    let back = workspace.stderr(&["repo", "rename", "seed", "./core"]);
    assert_eq!(back, "");
}

#[test]
fn report_without_a_repo_is_about_the_repo_of_the_current_folder() {
    let workspace = TestWorkspace::with_workspace();
    make_repo(&workspace, "web");
    workspace.write("web/src/x", "");
    let one = r#"[{"type": "scope", "severity": "LOW", "file": "src/a.py"}]"#;
    workspace.write("one.json", one);
    workspace.write("none.json", "[]");
    let files = r#"{"scan_type": "incremental", "files_scanned": ["src/a.py"], "detections": []}"#;
    workspace.write("files.json", files);
    let other = r#"[{"repo": "core", "type": "scope", "severity": "LOW", "file": "b.py"}]"#;
    workspace.write("other.json", other);
    let record = |report: &str| {
        let file = workspace.path().join(report).display().to_string();
        json_in(&workspace, "web/src", &["drift", "record", &file])
    };
    assert_eq!(record("one.json")["new"][0]["repo"], "web");
    assert_eq!(record("none.json")["resolved"][0]["repo"], "web");
    assert_eq!(record("one.json")["reopened"][0]["repo"], "web");
    assert_eq!(
        record("files.json")["scan"]["repos_scanned"],
        json!(["web"])
    );
    assert_eq!(
        record("other.json")["scan"]["repos_scanned"],
        json!(["core"])
    );
    assert_snapshot!(workspace.fails(1, &["drift", "record", "none.json"]), @r#"
    error: $: missing field "repos_scanned"; it is required if there are no detections
    hint: specify the repo with --repo REPO, or run the command in its folder; run 'wsdb drift record --help' to see the format
    "#);
}
