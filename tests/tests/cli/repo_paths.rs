//! Paths of files are stored relative to their repo, however they are typed.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, run_command, words};

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    file_outside_of_the_repo_keeps_its_place,
    file_of_a_detection_is_relative_to_its_repo,
    file_of_a_report_is_relative_to_its_repo,
    files_of_tasks_decisions_and_activities_have_one_path,
}

/// A workspace with a file in the repo core.
fn core() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("core/conf/a.toml", "x = 1\n");
    workspace.write("web/b.toml", "");
    workspace
}

/// Runs a command in a folder of the workspace, and returns its JSON.
fn json_in(workspace: &TestWorkspace, folder: &str, args: &[&str]) -> Value {
    let mut command = workspace.command(&[args, &["--json"]].concat());
    let output = run_command(command.current_dir(workspace.path().join(folder)));
    let text = workspace.text(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!(
            "{args:?}: {error}: {text}{}",
            workspace.text(&output.stderr)
        )
    })
}

fn absolute(workspace: &TestWorkspace, path: &str) -> String {
    workspace.path().join(path).display().to_string()
}

#[test]
fn file_of_a_snapshot_has_one_path() {
    let workspace = core();
    let first = workspace.json(&words("config snapshot -r core core/conf/a.toml"));
    assert_eq!(first["snapshot_data"], json!({"conf/a.toml": {"x": 1}}));
    #[cfg(unix)]
    for (to, from) in [("core", "linked-core"), ("core/conf", "core/linked-conf")] {
        std::os::unix::fs::symlink(workspace.path().join(to), workspace.path().join(from)).unwrap();
    }
    let path = absolute(&workspace, "core/conf/a.toml");
    for (folder, file) in [
        (".", "./core//conf/../conf/a.toml"),
        (".", path.as_str()),
        ("core", "conf/a.toml"),
        ("core/conf", "a.toml"),
        ("core/conf", "../../core/conf/a.toml"),
        ("web", "../core/conf/a.toml"),
        #[cfg(unix)]
        (".", "linked-core/conf/a.toml"),
        #[cfg(unix)]
        ("core", "linked-conf/a.toml"),
        #[cfg(unix)]
        ("linked-core/linked-conf", "a.toml"),
    ] {
        let args = ["config", "snapshot", "-r", "core", file];
        let taken = json_in(&workspace, folder, &args);
        assert_eq!(taken["unchanged"], true, "{file} in {folder}: {taken}");
    }
    let args = words("config snapshot -r core core/conf/a.toml ./core/conf/a.toml");
    assert_snapshot!(workspace.fails(2, &args), @"error: conf/a.toml is given twice");
}

fn file_outside_of_the_repo_keeps_its_place() {
    let workspace = core();
    workspace.write("shared.toml", "");
    let other = TestWorkspace::with_workspace();
    other.write("far.toml", "");
    let far = absolute(&other, "far.toml");
    for (folder, shared) in [("core/conf", "../../shared.toml"), (".", "shared.toml")] {
        // A database alone, as of PostgreSQL here, does not determine the folder of the workspace.
        let root = absolute(&workspace, "");
        let args = [
            "--workspace",
            &root,
            "config",
            "snapshot",
            "-r",
            "core",
            "--force",
            shared,
            &far,
        ];
        let taken = json_in(&workspace, folder, &args);
        let files: Vec<&String> = taken["snapshot_data"].as_object().unwrap().keys().collect();
        let far = other.path().canonicalize().unwrap().join("far.toml");
        assert_eq!(files, ["../shared.toml", far.to_str().unwrap()]);
    }
}

#[test]
fn files_of_the_workspace_and_of_the_repo_do_not_collide() {
    let workspace = core();
    workspace.write("x.json", "{\"a\": 1}");
    workspace.write("core/x.json", "{\"b\": 1}");
    let taken = workspace.json(&words("config snapshot -r core x.json core/x.json"));
    assert_eq!(
        taken["snapshot_data"],
        json!({"../x.json": {"a": 1}, "x.json": {"b": 1}})
    );
    let from_repo = ["config", "snapshot", "-r", "core", "../x.json", "x.json"];
    assert_eq!(json_in(&workspace, "core", &from_repo)["unchanged"], true);
    let change = words("config change add -r core --key a --file ../../x.json");
    let change = json_in(&workspace, "core/conf", &change);
    assert_eq!(change["file_path"], "../x.json");
}

#[test]
fn file_outside_of_the_repo_keeps_its_stored_path() {
    let workspace = core();
    workspace.write("shared.toml", "x = 1\n");
    // As earlier versions stored it.
    let args = "config snapshot - --name shared.toml -r core --as toml";
    let stored = workspace.run_with_stdin(&[words(args), vec!["--json"]].concat(), "x = 1\n");
    assert!(stored.status.success());
    let again = workspace.json(&words("config snapshot -r core shared.toml"));
    assert_eq!(again["unchanged"], true, "{again}");
}

#[test]
fn folder_of_a_deleted_file_determines_its_repo() {
    let workspace = core();
    for repo in ["core", "web"] {
        workspace.write(&format!("{repo}/.git/config"), "");
    }
    let gone = absolute(&workspace, "web/gone.py");
    for file in [
        "web/gone.py",
        "./web/src/gone.py",
        "core/../web/gone.py",
        &gone,
    ] {
        let error = workspace.fails(2, &["drift", "add", file, "-r", "core", "-t", "scope"]);
        let typed = if file == gone {
            "DIR/web/gone.py"
        } else {
            file
        };
        assert_eq!(
            error.trim_end(),
            format!("error: {typed} is in the repo web, not in core; use --repo web")
        );
    }
    let added = json_in(
        &workspace,
        "web",
        &words("drift add src/gone.py -r core -t scope"),
    );
    assert_eq!(added["file_path"], "src/gone.py");
}

#[test]
fn absolute_paths_in_a_report_become_relative() {
    let workspace = core();
    let root = workspace.path().display().to_string();
    let report = json!({
        "scan_type": "incremental",
        "repos_scanned": ["core"],
        "files_scanned": [format!("{root}/core/conf/a.toml"), format!("{root}/core/gone.py")],
        "results_file": format!("{root}/core/build/drift.json"),
        "detections": [
            {"type": "scope", "severity": "HIGH", "file": format!("{root}/core/conf/../conf/a.toml"),
             "expected_location": format!("{root}/web/a.toml"), "actual_location": "core/conf"},
            {"type": "scope", "severity": "LOW", "file": "/builds/acme/core/x.py"},
        ],
    });
    workspace.write("report.json", report.to_string());
    let output = workspace.run(&["drift", "record", "report.json"]);
    assert_snapshot!(workspace.text(&output.stderr), @"warning: /builds/acme/core/x.py is not in the folder of its repo; its path is stored unchanged");
    let detection = workspace.json(&["drift", "show", "1"]);
    assert_eq!(detection["file_path"], "conf/a.toml");
    assert_eq!(detection["expected_location"], "web/a.toml");
    assert_eq!(detection["actual_location"], "core/conf");
    let outside = workspace.json(&["drift", "show", "2"]);
    assert_eq!(outside["file_path"], "/builds/acme/core/x.py");
    let scan = workspace.json(&["drift", "scan", "show", "1"]);
    assert_eq!(scan["results_file"], "core/build/drift.json");
    // The same file with a relative path, and a scan of it by its absolute path that finds nothing.
    workspace.write(
        "again.json",
        r#"[{"type": "scope", "severity": "HIGH", "file": "conf/a.toml"}]"#,
    );
    let again = workspace.json(&words(
        "drift record again.json --repo core --type incremental --file conf/a.toml",
    ));
    assert_eq!(again["counts"]["still_open"], 1, "{again}");
    workspace.write("none.json", "[]");
    let path = absolute(&workspace, "core/conf/a.toml");
    let args = [
        "drift",
        "record",
        "none.json",
        "--repo",
        "core",
        "--type",
        "incremental",
        "--file",
        &path,
    ];
    assert_eq!(workspace.json(&args)["resolved"][0]["id"], "DRIFT-001");
}

#[test]
fn file_of_a_change_is_relative_to_its_repo() {
    let workspace = core();
    let path = absolute(&workspace, "core/conf/a.toml");
    for (folder, file, stored) in [
        (".", path.as_str(), "conf/a.toml"),
        (".", "./conf/a.toml", "conf/a.toml"),
        (".", "core/conf/a.toml", "conf/a.toml"),
        ("web", "../core/conf/a.toml", "conf/a.toml"),
        ("core/conf", "a.toml", "conf/a.toml"),
        (".", "gone.toml", "gone.toml"),
    ] {
        let args = [
            "config", "change", "add", "-r", "core", "--file", file, "--key", "x",
        ];
        let added = json_in(&workspace, folder, &args);
        assert_eq!(added["file_path"], stored, "{file} in {folder}");
    }
    workspace.ok(&["config", "change", "edit", "6", "--file", &path]);
    for filter in [
        "--file conf/a.toml",
        "--file ./conf//a.toml",
        "--repo core --file core/conf/a.toml",
    ] {
        let listed = workspace.json(&[words("config change list"), words(filter)].concat());
        assert_eq!(listed["total"], 6, "{filter}");
    }
}

fn file_of_a_detection_is_relative_to_its_repo() {
    let workspace = core();
    let path = absolute(&workspace, "core/conf/a.toml");
    let add = |folder: &str, file: &str, details: &str| {
        let args = [
            "drift",
            "add",
            file,
            "-r",
            "core",
            "-t",
            "scope",
            "--details",
            details,
        ];
        json_in(&workspace, folder, &args)["file_path"].clone()
    };
    assert_eq!(add(".", &path, "a"), "conf/a.toml");
    assert_eq!(add("web", "../core/conf/a.toml", "b"), "conf/a.toml");
    assert_eq!(add("core/conf", "a.toml", "c"), "conf/a.toml");
    assert_eq!(add("core/conf", "src/gone.py", "d"), "src/gone.py");
    workspace.ok(&["drift", "edit", "4", "--file", &path]);
    assert_eq!(
        workspace.json(&["drift", "show", "4"])["file_path"],
        "conf/a.toml"
    );
    let outside = workspace.command(&words("drift add ../web/b.toml -r core -t scope"));
    let mut outside = outside;
    let output = outside
        .current_dir(workspace.path().join("core"))
        .output()
        .unwrap();
    assert_snapshot!(workspace.text(&output.stderr), @"error: ../web/b.toml is outside the repo core");
}

fn file_of_a_report_is_relative_to_its_repo() {
    let workspace = core();
    for repo in ["core", "web"] {
        workspace.write(&format!("{repo}/.git/config"), "");
    }
    workspace.write("core/core/b.py", "");
    // A database alone, as of PostgreSQL here, does not determine the folder of the workspace.
    let root = absolute(&workspace, "");
    let record = |folder: &str, file: &str| {
        let report = json!([{"repo": "core", "type": "scope", "severity": "LOW", "file": file}]);
        workspace.write("report.json", report.to_string());
        let report = absolute(&workspace, "report.json");
        let args = [
            "drift",
            "record",
            &report,
            "--dry-run",
            "--workspace",
            &root,
        ];
        json_in(&workspace, folder, &args)["new"][0]["file_path"].clone()
    };
    let url = format!("file://{root}/core/conf/a.toml");
    let gone = format!("file://{root}/core/with%20space.py");
    for (file, stored) in [
        ("conf/a.toml", "conf/a.toml"),
        ("core/conf/a.toml", "conf/a.toml"),
        ("./core/gone.py", "core/gone.py"),
        ("core/b.py", "core/b.py"),
        ("core/core/b.py", "core/b.py"),
        ("src/gone.py", "src/gone.py"),
        ("../core/conf/a.toml", "conf/a.toml"),
        (&url, "conf/a.toml"),
        (&gone, "with space.py"),
    ] {
        for folder in [".", "core/conf", "web"] {
            assert_eq!(record(folder, file), stored, "{file} in {folder}");
        }
    }
    let add = |folder: &str, file: &str| {
        let add = ["drift", "add", file, "-r", "core", "-t", "scope"];
        let args = [&add[..], &["--workspace", &root]].concat();
        json_in(&workspace, folder, &args)["file_path"].clone()
    };
    assert_eq!(add(".", "core/conf/a.toml"), "conf/a.toml");
    assert_eq!(add("web", &gone), "with space.py");
}

#[test]
fn file_of_another_repo_is_no_file_of_a_detection() {
    let workspace = core();
    for repo in ["core", "web"] {
        workspace.write(&format!("{repo}/.git/config"), "");
    }
    let web = absolute(&workspace, "web/b.toml");
    for file in ["web/b.toml", "./web/b.toml", &web] {
        let add = ["drift", "add", file, "-r", "core", "-t", "scope"];
        let error = workspace.fails(2, &add);
        let typed = if file == web { "DIR/web/b.toml" } else { file };
        assert_eq!(
            error.trim_end(),
            format!("error: {typed} is in the repo web, not in core; use --repo web")
        );
        let report = json!([{"repo": "core", "type": "scope", "severity": "LOW", "file": file}]);
        workspace.write("report.json", report.to_string());
        let record = workspace.run(&["drift", "record", "report.json", "--dry-run"]);
        let warning = workspace.text(&record.stderr);
        assert_eq!(
            warning.trim_end(),
            format!(
                "warning: {typed} is not in the folder of its repo; its path is stored unchanged"
            )
        );
    }
}

/// With one repo, paths are relative to it; otherwise to the workspace.
fn files_of_tasks_decisions_and_activities_have_one_path() {
    let workspace = core();
    workspace.write("core/.git/config", "");
    workspace.ok(&words("session start --no-handoff"));
    let add = |folder: &str, command: &str, list: &str, file: &str| {
        // A database alone, as of PostgreSQL here, does not determine the folder of the workspace.
        let root = absolute(&workspace, "");
        let args = command.split(' ').chain([file, "--workspace", &root]);
        let args: Vec<&str> = args.collect();
        json_in(&workspace, folder, &args)[list][0].clone()
    };
    for (folder, file) in [
        (".", "core/conf/a.toml"),
        (".", "./core//conf/x/../a.toml"),
        ("core/conf", "a.toml"),
        ("core/conf", "core/conf/a.toml"),
        ("web", "../core/conf/a.toml"),
    ] {
        let task = add(
            folder,
            "task add T --repo core --file",
            "related_files",
            file,
        );
        assert_eq!(task, "conf/a.toml", "{file} in {folder}");
        let task = add(
            folder,
            "task add T --repo core,web --file",
            "related_files",
            file,
        );
        assert_eq!(task, "core/conf/a.toml", "{file} in {folder}");
        let decision = add(
            folder,
            "decision add D --repo core --documentation",
            "documentation",
            file,
        );
        assert_eq!(decision, "conf/a.toml", "{file} in {folder}");
        let activity = add(folder, "session log A --modified", "files_modified", file);
        assert_eq!(activity, "core/conf/a.toml", "{file} in {folder}");
    }
    let edit = "session activity edit log-001 --created";
    let created = add("core", edit, "files_created", "conf/a.toml");
    assert_eq!(created, "core/conf/a.toml");
}
