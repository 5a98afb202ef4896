use super::*;

fn read(text: &str, overrides: &ScanOverrides) -> Result<ScanReport, String> {
    let as_written = |_: PathBase<'_>, path: &str| path.to_owned();
    ScanReport::read(text, overrides, &as_written).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })
}

fn core() -> ScanOverrides {
    ScanOverrides {
        repos: vec!["core".into()],
        ..ScanOverrides::default()
    }
}

#[test]
fn list_is_a_full_scan_of_its_repos() {
    let text = r#"[{"repo": "web", "type": "scope", "severity": "high", "file": "a.py"},
        {"repo": "core", "violation_type": "pattern", "severity": "LOW", "file_path": "b.py",
         "rule": null, "details": "line 1", "metadata": {"line": 1}}]"#;
    let report = read(text, &ScanOverrides::default()).expect("a report");
    assert_eq!(report.scope.repos, ["core", "web"]);
    assert_eq!(
        (report.scan_type, &report.scope.files),
        (ScanType::Full, &None)
    );
    assert_eq!(
        report.findings[1].violation_details.as_deref(),
        Some("line 1")
    );
    assert_eq!(report.findings[1].detected_rule, None);
}

#[test]
fn files_are_those_listed_and_those_of_the_detections() {
    let text = r#"{"scan_type": "pre_commit", "files_scanned": ["./b.py"],
        "detections": [{"type": "scope", "severity": "high", "file": "a.py"}]}"#;
    let report = read(text, &core()).expect("a report");
    let files = report.scope.files.expect("files");
    assert_eq!(files["core"], ["./b.py", "a.py"]);
    let overrides = ScanOverrides {
        files: vec!["c.py".into()],
        scan_type: Some(ScanType::Incremental),
        ..core()
    };
    let report = read("[]", &overrides).expect("a report");
    assert_eq!(report.scope.files.expect("files")["core"], ["c.py"]);
    let text = text.replace("a.py", "./c.py");
    let report = read(&text, &overrides).expect("a report");
    assert_eq!(report.scope.files.expect("files")["core"], ["c.py"]);
    let other = read(&text.replace("c.py", "d.py"), &overrides).expect_err("a problem");
    assert_eq!(
        other,
        "$.detections[0].file: ./d.py is not one of the scan's files (c.py)"
    );
}

#[test]
fn paths_are_stored_in_another_form() {
    let text = r#"{"scan_type": "incremental", "files_scanned": ["/ws/core/b.py"],
        "results_file": "/ws/out.json",
        "detections": [{"type": "scope", "severity": "high", "file": "/ws/core/a.py",
            "expected_location": "/ws/web/a.py", "actual_location": "core/a.py"}]}"#;
    let store_path = |base: PathBase<'_>, path: &str| match base {
        PathBase::Repo(repo) => path.replace(&format!("/ws/{repo}/"), ""),
        PathBase::Workspace => path.replace("/ws/", ""),
    };
    let report = ScanReport::read(text, &core(), &store_path).expect("a report");
    assert_eq!(report.scope.files.expect("files")["core"], ["a.py", "b.py"]);
    assert_eq!(report.results_file.as_deref(), Some("out.json"));
    let finding = &report.findings[0];
    assert_eq!(finding.file_path, "a.py");
    assert_eq!(finding.expected_location.as_deref(), Some("web/a.py"));
    assert_eq!(finding.actual_location.as_deref(), Some("core/a.py"));
    let overrides = ScanOverrides {
        files: vec!["/ws/core/a.py".into()],
        scan_type: Some(ScanType::Incremental),
        ..core()
    };
    let report = ScanReport::read(text, &overrides, &store_path).expect("a report");
    assert_eq!(report.scope.files.expect("files")["core"], ["a.py"]);
}

#[test]
fn all_problems_are_reported_together() {
    let text = r#"{"scan_typ": "full", "scan_end": "soon", "files_scanned": ["a"],
        "detections": [{"severity": "awful", "type": "scope", "violation_type": "scope",
            "file": 7, "metadata": 3}, 5, {"repo": "web"}]}"#;
    let problems = read(text, &core()).expect_err("problems");
    for problem in [
        "$.scan_typ: unknown field (expected one of: repos_scanned, files_scanned, scan_type,",
        "$.scan_end: ",
        "$.files_scanned: not allowed for a full scan",
        "$.detections[0].severity: ",
        "$.detections[0].violation_type: violation_type and type are the same field; keep only one of them",
        "$.detections[0].file: expected a string, found a number",
        "$.detections[0].metadata: expected an object, found a number",
        "$.detections[1]: expected an object, found a number",
        "$.detections[2].repo: web is not one of the scan's repos (core)",
        "$.detections[2]: missing field \"type\"",
    ] {
        assert!(problems.contains(problem), "{problem}\n---\n{problems}");
    }
    assert!(
        read("[]", &ScanOverrides::default())
            .expect_err("no repo")
            .contains("$: missing field \"repos_scanned\"")
    );
    assert!(read("{", &core()).expect_err("no JSON").contains("line 1"));
    let many = vec![Json::Null; 50];
    let error = read(&Json::from(many).to_string(), &core()).expect_err("problems");
    assert_eq!(error.lines().count(), 50, "{error}");
}

#[test]
fn default_repo_is_that_of_what_names_no_repo() {
    let overrides = ScanOverrides {
        default_repo: Some("core".into()),
        ..ScanOverrides::default()
    };
    let detection =
        |repo: &str| format!(r#"{{{repo} "type": "scope", "severity": "high", "file": "a.py"}}"#);
    let (web, none) = (detection(r#""repo": "web","#), detection(""));
    for (text, repos) in [
        ("[]".to_owned(), &["core"][..]),
        (format!("[{none}]"), &["core"]),
        (format!("[{web}]"), &["web"]),
        (format!("[{none}, {web}]"), &["core", "web"]),
        (
            r#"{"repos_scanned": ["web"], "detections": []}"#.to_owned(),
            &["web"],
        ),
    ] {
        let report = read(&text, &overrides).expect("a report");
        assert_eq!(report.scope.repos, repos, "{text}");
    }
}
