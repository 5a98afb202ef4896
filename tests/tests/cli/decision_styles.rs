//! Pages in the styles of other people: they stay as they were written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{TestWorkspace, fixture};

use crate::decisions::{list, show};

wsdb_tests::on_sqlite_and_postgres! {
    sections_are_searched,
}

/// The folders with samples.
fn styles() -> Vec<String> {
    let entries = fs::read_dir(fixture("adr")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The files of a folder with their bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    files
        .map(|file| {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(&file).unwrap())
        })
        .collect()
}

/// A workspace with the samples of a style in the folder of its name.
fn with_style(style: &str) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    for (name, bytes) in files(&fixture("adr").join(style)) {
        workspace.write(&format!("{style}/{name}"), bytes);
    }
    workspace
}

fn import(workspace: &TestWorkspace, folder: &str) -> Value {
    workspace.json(&["decision", "import", "--adr", folder])
}

fn export(workspace: &TestWorkspace, folder: &str) -> Value {
    workspace.json(&["decision", "export", "--adr", folder])
}

fn outcomes(result: &Value) -> Vec<&str> {
    let files = result["files"].as_array().unwrap();
    files
        .iter()
        .map(|file| file["result"].as_str().unwrap())
        .collect()
}

/// All decisions with everything that is kept of them.
fn decisions(workspace: &TestWorkspace) -> Vec<Value> {
    let ids = list(workspace, &[]);
    ids.iter().map(|id| show(workspace, id)).collect()
}

/// Imports a folder, and exports it to the same place, to an empty folder and to a copy.
fn assert_stays_the_same(workspace: &TestWorkspace, folder: &str) {
    let before = files(&workspace.path().join(folder));
    let imported = import(workspace, folder);
    assert_eq!(outcomes(&imported), vec!["new"; before.len()], "{imported}");
    for decision in decisions(workspace) {
        let rationale = decision["rationale"].as_str().unwrap_or_default();
        assert!(!rationale.trim().is_empty(), "{folder}: {decision}");
    }
    for (name, bytes) in &before {
        workspace.write(&format!("copy/{name}"), bytes);
    }
    for target in [folder, "new", "copy"] {
        export(workspace, target);
        assert!(
            files(&workspace.path().join(target)) == before,
            "{folder} -> {target}"
        );
        let again = import(workspace, target);
        assert_eq!(
            outcomes(&again),
            vec!["unchanged"; before.len()],
            "{target}: {again}"
        );
    }
}

#[test]
fn page_of_every_style_is_exported_as_it_was() {
    for style in styles() {
        assert_stays_the_same(&with_style(&style), &style);
    }
}

#[test]
fn title_is_stored_without_markup() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "adr/0001-x.md",
        "# **Use** `foo` and [bar](x.md) ##\n\nStatus: accepted\n\n## Decision\n\nx\n",
    );
    assert_stays_the_same(&workspace, "adr");
    assert_eq!(show(&workspace, "1")["decision"], "Use `foo` and bar");
    workspace.ok(&["decision", "edit", "1", "--decision", "Use *only* `foo`"]);
    export(&workspace, "adr");
    let page = workspace.read("adr/0001-x.md");
    assert!(page.starts_with("# Use \\*only\\* `foo`\n"), "{page}");
    assert_eq!(outcomes(&import(&workspace, "adr")), ["unchanged"]);
    assert_eq!(show(&workspace, "1")["decision"], "Use *only* `foo`");
}

#[test]
fn date_with_an_offset_is_that_moment() {
    let workspace = TestWorkspace::with_workspace();
    for (number, date) in [
        (1, "2024-02-03T23:30:00-05:00"),
        (2, "2024-02-04T04:30:00Z"),
        (3, "2024-02-04 06:30 +02:00"),
        (4, "\"2024-02-04T10:00+0530\""),
    ] {
        let text =
            format!("---\nstatus: accepted\ndate: {date}\n---\n# T{number}\n\n## Decision\n\nx\n");
        workspace.write(&format!("adr/000{number}-x.md"), text);
    }
    assert_stays_the_same(&workspace, "adr");
    for decision in decisions(&workspace) {
        assert_eq!(decision["date"], "2024-02-04T04:30:00Z", "{decision}");
    }
}

#[test]
fn page_with_other_line_ends_is_exported_as_it_was() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "adr/0001-windows.md",
        "\u{feff}# Windows\r\n\r\nStatus: accepted  \r\n\r\n## Decision\r\n\r\nCarriage returns\tstay.\r\n",
    );
    workspace.write(
        "adr/0002-no-end.md",
        "# No end\n\n\n## Decision\nNo line end",
    );
    workspace.write(
        "adr/0003-odd-characters.md",
        "#   Odd   characters ##\n\n## Decision\n\n\u{2028}\u{a0}x\u{200b} <b>\\#</b> \u{1f350}\n\n\n",
    );
    assert_stays_the_same(&workspace, "adr");
    workspace.ok(&["decision", "status", "1", "--to", "rejected"]);
    export(&workspace, "adr");
    assert_eq!(
        workspace.read("adr/0001-windows.md"),
        "\u{feff}# Windows\r\n\r\nStatus: rejected  \r\n\r\n## Decision\r\n\r\nCarriage returns\tstay.\r\n"
    );
}

#[test]
fn status_and_date_are_read_in_their_usual_forms() {
    let mut lines = Vec::new();
    for style in styles() {
        let workspace = with_style(&style);
        import(&workspace, &style);
        for decision in decisions(&workspace) {
            let madr = &decision["extra_metadata"]["madr"];
            let source = madr["date_source"].as_str().unwrap_or("page");
            lines.push(format!(
                "{style}/{}: {} {} ({source})",
                madr["file"].as_str().unwrap(),
                decision["status"].as_str().unwrap(),
                &decision["date"].as_str().unwrap()[..10],
            ));
        }
    }
    lines.sort();
    assert_snapshot!(lines.join("\n"), @"
    chinese/0001-record.md: maintained 2016-02-13 (page)
    emoji/ADR-001.md: maintained 2016-02-13 (page)
    emoji/ADR-002.md: rejected 2016-03-04 (page)
    emoji/ADR-003.md: maintained 2016-02-15 (page)
    french/0001-choisir-un-pressoir.md: maintained 2016-02-13 (page)
    german/0001-aepfel-lagern.md: maintained 2016-02-13 (page)
    german/0002-birnen-lagern.md: superseded 2026-01-15 (import)
    head-table/001-use-crates.md: maintained 2016-02-13 (page)
    headings/0001-first-level.md: deprecated 2026-01-15 (import)
    headings/0002-third-level.md: maintained 2016-02-13 (page)
    headings/0003-underlined.md: maintained 2016-02-13 (page)
    headings/0004-title-in-front-matter.md: maintained 2016-02-13 (page)
    japanese/0001-kiroku.md: maintained 2016-02-13 (page)
    kep/1234-ripeness.md: maintained 2016-02-13 (page)
    log4brains/20210305-use-log4brains.md: maintained 2021-03-05 (page)
    log4brains/20210306-draft-of-a-fence.md: planned 2021-03-06 (page)
    madr-2/0001-use-markdown.md: superseded 2021-03-02 (page)
    madr-2/0002-use-front-matter.md: maintained 2022-01-05 (page)
    madr-4/0001-pick-a-press.md: maintained 2024-05-06 (page)
    madr-4/0002-no-metadata.md: unknown 2026-01-15 (import)
    nygard/0001-record-decisions.md: maintained 2016-02-12 (page)
    nygard/0002-store-fruit-in-files.md: superseded 2016-02-13 (page)
    nygard/0003-store-fruit-in-a-database.md: maintained 2016-03-01 (page)
    nygard/0004-back-up-every-night.md: planned 2016-03-02 (page)
    odd/0001-status-on-ice.md: unknown 2016-02-13 (page)
    odd/0002-nothing-named.md: unknown 2026-01-15 (import)
    portuguese/0001-escolher-o-adubo.md: maintained 2016-02-13 (page)
    tyree/0001-name-the-trees.md: maintained 2026-01-15 (import)
    y-statement/buy-a-dog.md: maintained 2026-01-15 (import)
    ");
}

#[test]
fn unknown_status_is_reported_and_can_be_mapped() {
    let workspace = with_style("odd");
    let page = workspace.read("odd/0001-status-on-ice.md");
    assert_snapshot!(workspace.stderr(&["decision", "import", "--adr", "odd"]), @r#"
    warning: odd/0001-status-on-ice.md: line 3: status "On ice" is not recognized, so the decision has the status unknown
    note: 1 file has no status; its decision has the status unknown
    "#);
    assert_eq!(show(&workspace, "1")["status"], "unknown");
    assert_eq!(
        list(&workspace, &["--status", "unknown"]),
        ["DEC-001", "DEC-002"]
    );
    assert!(workspace.ok(&["decision", "stats"]).contains("unknown"));
    assert_snapshot!(workspace.fails(2, &["decision", "import", "--adr", "odd", "--map", "status.on ice=frozen"]), @r#"error: invalid mapping "status.on ice=frozen": unknown decision status "frozen" (expected one of: planned, in_progress, implemented, maintained, superseded, rejected, deprecated, unknown)"#);
    assert_snapshot!(workspace.fails(2, &["decision", "import", "--adr", "odd", "--map", "impact.big=HIGH"]), @"error: cannot map impact.big: only the status of a decision file can be mapped");
    workspace.ok(&[
        "decision",
        "import",
        "--adr",
        "odd",
        "--map",
        "status.On ice=deprecated",
    ]);
    assert_eq!(show(&workspace, "1")["status"], "deprecated");
    // The page keeps its words, also without the mapping.
    export(&workspace, "odd");
    assert_eq!(workspace.read("odd/0001-status-on-ice.md"), page);
    workspace.replace_in("odd/0001-status-on-ice.md", "Wait.", "Wait longer.");
    import(&workspace, "odd");
    assert_eq!(show(&workspace, "1")["status"], "deprecated");
    assert_eq!(show(&workspace, "1")["rationale"], "Wait longer.");
}

/// Runs git in a folder, at a time.
fn git(folder: &Path, date: &str, args: &[&str]) {
    let status = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Mira", "-c", "user.email=mira@example.org"])
        .args([
            "-c",
            "init.defaultBranch=main",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(args)
        .env("GIT_AUTHOR_DATE", date)
        .env("GIT_COMMITTER_DATE", date)
        .output()
        .unwrap();
    assert!(status.status.success(), "git {args:?}: {status:?}");
}

#[test]
fn date_of_first_commit_is_used_and_not_written() {
    let workspace = TestWorkspace::with_workspace();
    let text =
        "# Use pears\n\nStatus: accepted\n\n## Decision\n\nPears, and nothing else than pears.\n";
    workspace.write("core/old/0001-use-pears.md", text);
    let core = workspace.path().join("core");
    git(&core, "2019-05-06T10:00:00+02:00", &["init", "-q"]);
    git(&core, "2019-05-06T10:00:00+02:00", &["add", "."]);
    git(
        &core,
        "2019-05-06T10:00:00+02:00",
        &["commit", "-qm", "first"],
    );
    git(&core, "2020-05-06T10:00:00Z", &["mv", "old", "adr"]);
    workspace.write("core/adr/0002-later.md", "# Later\n\nStatus: accepted\n");
    git(&core, "2020-05-06T10:00:00Z", &["add", "."]);
    git(&core, "2020-05-06T10:00:00Z", &["commit", "-qm", "second"]);
    workspace.write(
        "core/adr/0003-not-committed.md",
        "# Not committed\n\nStatus: accepted\n",
    );
    import(&workspace, "core/adr");
    assert_eq!(show(&workspace, "1")["date"], "2019-05-06T08:00:00Z");
    assert_eq!(show(&workspace, "2")["date"], "2020-05-06T10:00:00Z");
    let source = |id: &str| show(&workspace, id)["extra_metadata"]["madr"]["date_source"].clone();
    assert_eq!([source("1"), source("3")], ["first commit", "import"]);
    let shown = workspace.ok(&["decision", "show", "1"]);
    assert!(
        shown.contains("from the first commit of the file"),
        "{shown}"
    );
    let shown = workspace.ok(&["decision", "show", "3"]);
    assert!(shown.contains("from the import of the file"), "{shown}");
    // It is not written, even if the page changes.
    workspace.ok(&["decision", "edit", "1", "--impact", "high"]);
    export(&workspace, "core/adr");
    let page = workspace.read("core/adr/0001-use-pears.md");
    assert!(page.ends_with(text) && !page.contains("2019"), "{page}");
    // A shallow clone does not know the first commit.
    let clone = workspace.path().join("clone");
    let url = format!("file://{}", core.display());
    git(
        workspace.path(),
        "2020-05-06T10:00:00Z",
        &["clone", "-q", "--depth", "1", &url, clone.to_str().unwrap()],
    );
    import(&workspace, "clone/adr");
    let copied = decisions(&workspace);
    let copied = copied
        .iter()
        .filter(|decision| decision["extra_metadata"]["madr"]["folder"] == "clone/adr");
    let sources: Vec<&Value> = copied
        .map(|decision| &decision["extra_metadata"]["madr"]["date_source"])
        .collect();
    assert_eq!(sources, ["import", "import"]);
    // A date in the page takes its place.
    workspace.replace_in(
        "core/adr/0002-later.md",
        "Status: accepted\n",
        "Status: accepted\nDate: 3 May 2018\n",
    );
    import(&workspace, "core/adr");
    assert_eq!(show(&workspace, "2")["date"], "2018-05-03T00:00:00Z");
    assert_eq!(source("2"), Value::Null);
}

#[test]
fn odd_page_is_skipped() {
    let workspace = with_style("nygard");
    workspace.write(
        "nygard/0005-broken.md",
        "---\ntitle: a: b\nwsdb:\n  id: DEC-007\n---\n# Broken\n",
    );
    workspace.write("nygard/README.md", "# Decisions\n");
    workspace.write("nygard/notes.md", "# Notes\n");
    workspace.write("nygard/0006-no-title.md", "## Context\n\nx\n");
    workspace.write("nygard/0007-no-text.md", [0x23, 0x20, 0xff, 0x0a]);
    assert_snapshot!(workspace.fails(1, &["decision", "import", "--adr", "nygard"]), @"
    error: nygard/0005-broken.md, line 2, column 1: front matter is not valid: mapping values are not allowed in this context
           nygard/0006-no-title.md, line 1, column 1: missing title; add a line such as '# Use one core'
           nygard/0007-no-text.md, line 1, column 3: invalid UTF-8 byte 0xFF; save the file as UTF-8
    hint: fix the problems above and run the command again, or skip the files with --skip-rejects
    ");
    assert!(list(&workspace, &[]).is_empty());
    let args = ["decision", "import", "--adr", "nygard", "--skip-rejects"];
    assert_snapshot!(workspace.stderr(&args), @"
    warning: skipped nygard/0005-broken.md, line 2, column 1: front matter is not valid: mapping values are not allowed in this context
    warning: skipped nygard/0006-no-title.md, line 1, column 1: missing title; add a line such as '# Use one core'
    warning: skipped nygard/0007-no-text.md, line 1, column 3: invalid UTF-8 byte 0xFF; save the file as UTF-8
    note: skipped 2 files: nygard/README.md (an index), nygard/notes.md (no number, status or decision section)
    ");
    assert_eq!(list(&workspace, &[]).len(), 4);
    let again = workspace.json(&args);
    let rejects = again["rejects"].as_array().unwrap();
    assert_eq!(rejects.len(), 3);
    assert_eq!(rejects[0]["file_path"], "nygard/0005-broken.md");
    let skipped = json!({"file_path": "nygard/README.md", "reason": "an index"});
    assert_eq!(again["skipped"][0], skipped);
    // Without any page that can be read, the reasons are the error.
    workspace.write("broken/0001-no-title.md", "## Context\n");
    let args = ["decision", "import", "--adr", "broken", "--skip-rejects"];
    assert!(workspace.fails(1, &args).contains("missing title"));
}

fn sections_are_searched() {
    let workspace = with_style("odd");
    import(&workspace, "odd");
    let found = |words: &str| workspace.json(&["search", words])["total"].clone();
    assert_eq!(
        [found("rhubarb"), found("somehow"), found("parsnip")],
        [1, 1, 0]
    );
    workspace.replace_in("odd/0002-nothing-named.md", "rhubarb", "parsnip");
    import(&workspace, "odd");
    assert_eq!([found("rhubarb"), found("parsnip")], [0, 1]);
    // A section other than the decision.
    workspace.write(
        "adr/0009-x.md",
        "---\nstatus: accepted\ntags: [cider]\n---\n# X\n\n## Decision\n\ny\n\n## Considered Options\n\n* a quince\n",
    );
    import(&workspace, "adr");
    assert_snapshot!(workspace.ok(&["search", "quince"]), @"
    TYPE      ID       STATUS      TITLE
    decision  DEC-009  maintained  X
      … y ## Considered Options * a quince
    ");
    assert_eq!(found("cider"), 1);
    workspace.ok(&["decision", "rm", "9"]);
    assert_eq!(found("quince"), 0);
    workspace.ok(&["undo"]);
    assert_eq!(found("quince"), 1);
}

#[test]
fn file_of_any_name_is_imported_again() {
    let workspace = TestWorkspace::with_workspace();
    let names = [
        "README.md",
        "Use Pears.MD",
        "notes.markdown",
        "ADR 12 – apples.md",
        "üñí.md",
    ];
    let paths: Vec<String> = names.iter().map(|name| format!("pages/{name}")).collect();
    for (index, path) in paths.iter().enumerate() {
        workspace.write(path, format!("# Decision {index}\n\nOnly words.\n"));
    }
    let mut args = vec!["decision", "import", "--adr"];
    args.extend(paths.iter().map(String::as_str));
    workspace.ok(&args);
    export(&workspace, "pages");
    assert_eq!(outcomes(&import(&workspace, "pages")), ["unchanged"; 5]);
    // In an empty workspace, too.
    export(&workspace, "out");
    let other = TestWorkspace::with_workspace();
    for (name, bytes) in files(&workspace.path().join("out")) {
        other.write(&format!("out/{name}"), bytes);
    }
    assert_eq!(outcomes(&import(&other, "out")), ["new"; 5]);
    let titles = |workspace: &TestWorkspace| {
        let all = decisions(workspace).into_iter();
        let mut titles: Vec<String> = all
            .map(|decision| decision["decision"].to_string())
            .collect();
        titles.sort();
        titles
    };
    assert_eq!(titles(&other), titles(&workspace));
}

#[test]
fn page_outside_of_the_workspace_has_no_absolute_path() {
    let outside = TestWorkspace::with_workspace();
    outside.write("adr/0001-x.md", "# X\n\n## Decision\n\ny\n");
    let workspace = TestWorkspace::with_workspace();
    let folder: PathBuf = outside.path().join("adr");
    import(&workspace, folder.to_str().unwrap());
    workspace.ok(&["decision", "edit", "1", "--impact", "high"]);
    let stored = show(&workspace, "1").to_string();
    assert!(
        !stored.contains(outside.path().to_str().unwrap()),
        "{stored}"
    );
    for options in [&[][..], &["--force"]] {
        workspace.ok(&[&["decision", "export", "--adr", "out"], options].concat());
        let page = workspace.read("out/0001-x.md");
        assert!(page.contains("impact: HIGH"), "{page}");
        assert!(
            !page.contains("folder") && !page.contains("file:"),
            "{page}"
        );
    }
}

#[test]
fn decision_that_supersedes_itself_is_reported() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "adr/0001-a.md",
        "# A\n\nStatus: superseded by [2](0002-b.md)\n",
    );
    workspace.write(
        "adr/0002-b.md",
        "# B\n\nStatus: superseded by [1](0001-a.md)\n",
    );
    workspace.write("adr/0003-c.md", "# C\n\nStatus: superseded by ADR-3\n");
    assert_snapshot!(workspace.stderr(&["decision", "import", "--adr", "adr"]), @"
    warning: the link from DEC-002 to its successor DEC-001 was left out because it would create a cycle
    warning: the link from DEC-003 to its successor DEC-003 was left out because it would create a cycle
    ");
    assert_eq!(list(&workspace, &[]).len(), 3);
}
