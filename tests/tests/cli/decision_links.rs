//! What decision pages supersede, and their statuses.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

use crate::decisions::{list, show};

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    corrected_successor_replaces_the_former_one,
    corrected_successor_of_an_exported_page_replaces_the_former_one,
}

const IMPORT: [&str; 4] = ["decision", "import", "--adr", "adr"];

const EXPORT: [&str; 4] = ["decision", "export", "--adr", "adr"];

/// Writes a page with the text of its status.
fn write_page(workspace: &TestWorkspace, file: &str, status: &str) {
    let text = format!("# {file}\n\n## Status\n\n{status}\n\n## Decision\n\nx\n");
    workspace.write(file, text);
}

/// A workspace with four accepted pages in a folder.
fn with_pages() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    for number in 1..=4 {
        write_page(&workspace, &format!("adr/000{number}-x.md"), "Accepted");
    }
    workspace
}

fn supersedes(workspace: &TestWorkspace, id: &str) -> Value {
    show(workspace, id)["supersedes"].clone()
}

fn superseded_by(workspace: &TestWorkspace, id: &str) -> Value {
    let by = &show(workspace, id)["superseded_by"];
    if by.is_null() { json!([]) } else { by.clone() }
}

#[test]
fn only_names_of_decisions_are_links() {
    let pages = [
        ("Superseded by [2](0002-x.md)", json!(["DEC-002"])),
        ("Superseded by [2](./0002-x.md#y)", json!(["DEC-002"])),
        ("Superseded by ADR-2", json!(["DEC-002"])),
        ("Superseded by ADR 2", json!(["DEC-002"])),
        ("Superseded by ADR-0002", json!(["DEC-002"])),
        ("Superseded by DEC-002", json!(["DEC-002"])),
        ("Superseded by 0002", json!(["DEC-002"])),
        ("Superseded by [2]", json!(["DEC-002"])),
        ("Superseded by [[0002-x]]", json!(["DEC-002"])),
        ("Superseded by 0002-x.md", json!(["DEC-002"])),
        ("Superseded on 2024-03-01 by ADR-2", json!(["DEC-002"])),
        (
            "Superseded (2024-03-01) by [2](0002-x.md)",
            json!(["DEC-002"]),
        ),
        ("Superseded by [2] and [3]", json!(["DEC-002", "DEC-003"])),
        (
            "Superseded by [2](0002-x.md) and [3]",
            json!(["DEC-002", "DEC-003"]),
        ),
        (
            "Superseded by [2](0002-x.md), ADR-3 and [4](0004-x.md)",
            json!(["DEC-002", "DEC-003", "DEC-004"]),
        ),
        (
            "Superseded by:\n\n* [2](0002-x.md)\n* ADR-3",
            json!(["DEC-002", "DEC-003"]),
        ),
        (
            "Superseded by [2](0002-x.md)\n\nSuperseded by ADR-3/ADR-4",
            json!(["DEC-002", "DEC-003", "DEC-004"]),
        ),
        ("Superseded in version 2", json!([])),
        ("Superseded by RFC 0002", json!([])),
        ("Superseded by issue 2", json!([])),
        ("Superseded by #2", json!([])),
        ("Superseded by v2", json!([])),
        ("Superseded by https://example.org/adr/0002-x.md", json!([])),
        (
            "Superseded by [2](https://example.org/adr/0002-x.md)",
            json!([]),
        ),
        ("Superseded by [2](../other/0002-x.md)", json!([])),
        ("Superseded by [2](0002-gone.md)", json!([])),
    ];
    let workspace = with_pages();
    let files: Vec<String> = (0..pages.len())
        .map(|index| format!("adr/00{}-y.md", 10 + index))
        .collect();
    for (file, (status, _)) in files.iter().zip(&pages) {
        write_page(&workspace, file, status);
    }
    let read = || -> Vec<String> { files.iter().map(|file| workspace.read(file)).collect() };
    let before = read();
    let warnings = workspace.stderr(&IMPORT);
    for (index, (file, (status, expected))) in files.iter().zip(&pages).enumerate() {
        let of_file = warnings.lines().filter(|line| line.contains(file.as_str()));
        let unknown = of_file.filter(|line| line.contains("not a known decision"));
        let is_linked = *expected != json!([]);
        let message = format!("{status}: {warnings}");
        assert_eq!(unknown.count(), usize::from(!is_linked), "{message}");
        let id = (10 + index).to_string();
        assert_eq!(superseded_by(&workspace, &id), *expected, "{status}");
        assert_eq!(show(&workspace, &id)["status"], "superseded", "{status}");
    }
    // The texts stay.
    workspace.ok(&EXPORT);
    assert_eq!(read(), before);
}

#[test]
fn unknown_successor_is_reported() {
    let workspace = with_pages();
    write_page(&workspace, "adr/0001-x.md", "Superseded in version 2");
    write_page(&workspace, "adr/0002-x.md", "Superseded by ADR-8 and ADR-9");
    write_page(
        &workspace,
        "adr/0003-x.md",
        "Accepted, supersedes the 2 old crons",
    );
    assert_snapshot!(workspace.stderr(&IMPORT), @"
    warning: adr/0001-x.md: its status refers to version 2, which is not a known decision
    warning: adr/0002-x.md: its status refers to ADR-8 and ADR-9, which are not known decisions
    ");
    for id in ["1", "2", "3", "4"] {
        assert_eq!(supersedes(&workspace, id), json!([]));
    }
}

#[test]
fn link_to_another_folder_leads_to_its_page() {
    let workspace = with_pages();
    write_page(
        &workspace,
        "core/0002-y.md",
        "Accepted\n\nSupersedes [1](../adr/0001-x.md)",
    );
    write_page(&workspace, "core/0003-y.md", "Superseded by [2](0002-y.md)");
    workspace.ok(&["decision", "import", "--adr", "adr"]);
    workspace.ok(&["decision", "import", "--adr", "core"]);
    let newer = list(&workspace, &[]);
    let newer = newer
        .iter()
        .find(|id| show(&workspace, id)["extra_metadata"]["madr"]["file"] == "0002-y.md");
    let newer = newer.unwrap();
    assert_eq!(superseded_by(&workspace, "1"), json!([newer]));
    assert_eq!(supersedes(&workspace, "2"), json!([]));
}

#[test]
fn other_relations_are_not_supersession() {
    for (status, expected) in [
        ("Accepted\n\nSupersedes [1](0001-x.md)", json!(["DEC-001"])),
        (
            "Accepted\n\nReplaces ADR-1 and ADR-2",
            json!(["DEC-001", "DEC-002"]),
        ),
        (
            "Accepted\n\nSupersedes [1](0001-x.md), amended by [4](0004-x.md)",
            json!(["DEC-001"]),
        ),
        (
            "Accepted\n\nSupersedes [1](0001-x.md) Amends [2](0002-x.md)",
            json!(["DEC-001"]),
        ),
        (
            "Accepted\n\nSupersedes [1](0001-x.md); related to ADR-4",
            json!(["DEC-001"]),
        ),
        ("Accepted\n\nSupersedes part of [1](0001-x.md)", json!([])),
        ("Accepted\n\nPartially supersedes [1](0001-x.md)", json!([])),
        (
            "Accepted\n\nAmends [2](0002-x.md)\n\nAmended by [4](0004-x.md)",
            json!([]),
        ),
        ("Accepted\n\nRelated to ADR-4", json!([])),
    ] {
        let workspace = with_pages();
        write_page(&workspace, "adr/0003-x.md", status);
        workspace.ok(&IMPORT);
        assert_eq!(supersedes(&workspace, "3"), expected, "{status}");
        assert_eq!(show(&workspace, "3")["status"], "maintained", "{status}");
        assert_eq!(superseded_by(&workspace, "3"), json!([]), "{status}");
    }
}

fn corrected_successor_replaces_the_former_one() {
    let workspace = with_pages();
    write_page(&workspace, "adr/0001-x.md", "Superseded by [2](0002-x.md)");
    workspace.ok(&IMPORT);
    assert_eq!(superseded_by(&workspace, "1"), json!(["DEC-002"]));
    workspace.replace_in("adr/0001-x.md", "[2](0002-x.md)", "[3](0003-x.md)");
    workspace.ok(&IMPORT);
    assert_eq!(superseded_by(&workspace, "1"), json!(["DEC-003"]));
    workspace.ok(&["undo"]);
    assert_eq!(superseded_by(&workspace, "1"), json!(["DEC-002"]));
    workspace.ok(&IMPORT);
    // The page alone.
    write_page(&workspace, "adr/0001-x.md", "Accepted");
    workspace.ok(&["decision", "import", "--adr", "adr/0001-x.md"]);
    assert_eq!(superseded_by(&workspace, "1"), json!([]));
    assert_eq!(show(&workspace, "1")["status"], "maintained");
    // Another link of the database stays.
    write_page(&workspace, "adr/0001-x.md", "Superseded by [2](0002-x.md)");
    workspace.ok(&IMPORT);
    workspace.ok(&["decision", "link", "4", "--supersedes", "1"]);
    workspace.replace_in("adr/0001-x.md", "[2](0002-x.md)", "[3](0003-x.md)");
    workspace.ok(&IMPORT);
    assert_eq!(
        superseded_by(&workspace, "1"),
        json!(["DEC-003", "DEC-004"])
    );
}

fn corrected_successor_of_an_exported_page_replaces_the_former_one() {
    let workspace = TestWorkspace::with_workspace();
    for title in ["A", "B", "C"] {
        workspace.ok(&["decision", "add", title]);
    }
    workspace.ok(&["decision", "supersede", "1", "--by", "2"]);
    workspace.ok(&EXPORT);
    // Another edit changes no link, also without the page of the successor.
    workspace.replace_in("adr/0001-a.md", "# A\n", "# Aa\n");
    workspace.ok(&["decision", "import", "--adr", "adr/0001-a.md"]);
    assert_eq!(superseded_by(&workspace, "1"), json!(["DEC-002"]));
    let page = "adr/0001-a.md";
    workspace.replace_in(
        page,
        "superseded by [DEC-002](0002-b.md)",
        "superseded by [DEC-003](0003-c.md)",
    );
    workspace.ok(&IMPORT);
    assert_eq!(superseded_by(&workspace, "1"), json!(["DEC-003"]));
    workspace.ok(&EXPORT);
    assert!(!workspace.read("adr/0002-b.md").contains("Supersedes"));
}

#[test]
fn page_with_conflict_markers_is_a_problem() {
    let workspace = with_pages();
    workspace.ok(&IMPORT);
    let page = "# 2\n\n## Status\n\n<<<<<<< HEAD\nAccepted\n=======\nRejected\n>>>>>>> main\n\n## Decision\n\nx\n";
    workspace.write("adr/0002-x.md", page);
    workspace.write(
        "adr/0003-x.md",
        "---\n<<<<<<< HEAD\nstatus: accepted\n=======\nstatus: rejected\n>>>>>>> main\n---\n# 3\n",
    );
    workspace.write("adr/use-pears.md", page);
    workspace.write("adr/README.md", page);
    // Half of a merge.
    let half = page
        .replace("<<<<<<< HEAD\n", "")
        .replace(">>>>>>> main\n", "");
    workspace.write("adr/0006-x.md", half.replace("Accepted\n", ""));
    // In a code block, they are text; a line of = underlines a title.
    workspace.write(
        "adr/0005-x.md",
        "Git\n=======\n\n## Decision\n\n```\n<<<<<<< HEAD\n=======\n>>>>>>> main\n```\n",
    );
    assert_snapshot!(workspace.fails(1, &IMPORT), @"
    error: adr/0002-x.md, line 5, column 1: the file has git conflict markers; resolve them first
           adr/0003-x.md, line 2, column 1: the file has git conflict markers; resolve them first
           adr/0006-x.md, line 5, column 1: the file has git conflict markers; resolve them first
           adr/use-pears.md, line 5, column 1: the file has git conflict markers; resolve them first
    hint: fix the problems above and run the command again, or skip the files with --skip-rejects
    ");
    assert_eq!(list(&workspace, &[]).len(), 4);
    let args = [&IMPORT[..], &["--skip-rejects"]].concat();
    assert_snapshot!(workspace.stderr(&args), @"
    warning: skipped adr/0002-x.md, line 5, column 1: the file has git conflict markers; resolve them first
    warning: skipped adr/0003-x.md, line 2, column 1: the file has git conflict markers; resolve them first
    warning: skipped adr/0006-x.md, line 5, column 1: the file has git conflict markers; resolve them first
    warning: skipped adr/use-pears.md, line 5, column 1: the file has git conflict markers; resolve them first
    note: 1 file has no status; its decision has the status unknown
    note: skipped 1 file: adr/README.md (an index)
    ");
    assert_eq!(show(&workspace, "2")["status"], "maintained");
    assert_eq!(list(&workspace, &[]).len(), 5);
    assert_eq!(
        workspace.json(&args)["rejects"].as_array().unwrap().len(),
        4
    );
    // An export does not overwrite it.
    workspace.fails(1, &EXPORT);
    assert_eq!(workspace.read("adr/0002-x.md"), page);
}

#[test]
fn unclear_history_of_a_status_is_reported() {
    let workspace = with_pages();
    write_page(
        &workspace,
        "adr/0001-x.md",
        "| Date | Status |\n|---|---|\n| 2021-05-01 | Rejected |\n| 2021-06-01 | Accepted |",
    );
    write_page(
        &workspace,
        "adr/0002-x.md",
        "* 2021-05-01: Rejected\n* 2021-06-01: Accepted",
    );
    write_page(
        &workspace,
        "adr/0003-x.md",
        "Accepted\n\n* 2021-05-01: Rejected",
    );
    assert_snapshot!(workspace.stderr(&IMPORT), @"warning: adr/0003-x.md: line 5: it is not clear which status is the current one, so the decision has the status unknown");
    let statuses = ["1", "2", "3"].map(|id| show(&workspace, id)["status"].clone());
    assert_eq!(statuses, ["maintained", "maintained", "unknown"]);
    let before = ["1", "2", "3"].map(|id| workspace.read(&format!("adr/000{id}-x.md")));
    workspace.ok(&EXPORT);
    let after = ["1", "2", "3"].map(|id| workspace.read(&format!("adr/000{id}-x.md")));
    assert_eq!(before, after);
}

#[test]
fn status_section_of_two_paragraphs_does_not_contradict_the_status() {
    let workspace = with_pages();
    write_page(
        &workspace,
        "adr/0002-x.md",
        "Accepted\n\nSuperseded by [1](0001-x.md)\n\nAmends ADR-3",
    );
    let page = workspace.read("adr/0002-x.md");
    workspace.ok(&IMPORT);
    assert_eq!(show(&workspace, "2")["status"], "superseded");
    assert_eq!(superseded_by(&workspace, "2"), json!(["DEC-001"]));
    workspace.ok(&EXPORT);
    assert_eq!(workspace.read("adr/0002-x.md"), page);
    // In MADR 4 format, it has one status.
    workspace.ok(&["decision", "export", "--adr", "madr", "--force"]);
    assert_snapshot!(workspace.read("madr/0002-x.md"), @r#"
    ---
    status: "Superseded by [1](0001-x.md)"
    wsdb:
      hash: b5263739ed1c07a6h
      state: f0c3303da3dcb5d7h
      id: DEC-002
      superseded-by: [DEC-001]
    ---

    # adr/0002-x.md

    Amends ADR-3

    ## Context and Problem Statement

    <!-- wsdb -->
    No context was recorded.
    <!-- /wsdb -->

    ## Decision

    x

    ## More Information

    <!-- wsdb -->
    * Superseded by [DEC-001](0001-x.md)
    <!-- /wsdb -->
    "#);
    workspace.ok(&["decision", "unlink", "1", "--supersedes", "2"]);
    workspace.ok(&["decision", "status", "2", "--to", "maintained"]);
    workspace.ok(&["decision", "export", "--adr", "madr"]);
    assert!(!workspace.read("madr/0002-x.md").contains("uperseded"));
    workspace.ok(&EXPORT);
    assert_snapshot!(workspace.read("adr/0002-x.md"), @"
    # adr/0002-x.md

    ## Status

    Accepted

    Accepted

    Amends ADR-3

    ## Decision

    x
    ");
    workspace.ok(&IMPORT);
    assert_eq!(show(&workspace, "2")["status"], "maintained");
}

#[test]
fn pages_in_subfolders_are_mentioned() {
    let workspace = with_pages();
    write_page(&workspace, "adr/archive/0001-x.md", "Rejected");
    write_page(&workspace, "adr/archive/old/0001-x.md", "Rejected");
    write_page(&workspace, "adr/archive/old/0002-x.md", "Rejected");
    workspace.write("adr/images/README.md", "# Images\n");
    workspace.write("adr/templates/0000-template.md", "# Template\n");
    assert_snapshot!(workspace.stderr(&IMPORT), @"
    warning: adr/archive: 1 decision file in this folder was not read; to import it, pass the folder to --adr
    warning: adr/archive/old: 2 decision files in this folder were not read; to import them, pass the folder to --adr
    ");
    let args = [
        "decision",
        "import",
        "--adr",
        "adr",
        "adr/archive",
        "adr/archive/old",
    ];
    assert_eq!(workspace.stderr(&args), "");
}

#[test]
fn successor_of_a_later_import_is_linked() {
    let workspace = TestWorkspace::with_workspace();
    write_page(
        &workspace,
        "adr/0003-x.md",
        "Superseded by [0009](0009-z.md)",
    );
    workspace.ok(&IMPORT);
    write_page(&workspace, "adr/0009-z.md", "Accepted");
    workspace.ok(&IMPORT);
    assert_eq!(supersedes(&workspace, "9"), serde_json::json!(["DEC-003"]));
}

#[test]
fn history_on_one_line_is_not_rewritten() {
    let workspace = TestWorkspace::with_workspace();
    let statuses = [
        "Draft on 2022-05-01. Approved on 2022-06-01. Deprecated on 2023-01-09.",
        "Accepted. Later rejected.",
        "<del>✅ Proposed</del> <ins>Rejected</ins>",
    ];
    for (status, id) in statuses.iter().zip(1..) {
        write_page(&workspace, &format!("adr/000{id}-x.md"), status);
    }
    assert!(
        workspace
            .stderr(&IMPORT)
            .contains("adr/0002-x.md: line 5: it is not clear which status is the current one")
    );
    let read = ["1", "2", "3"].map(|id| show(&workspace, id)["status"].clone());
    assert_eq!(read, ["deprecated", "unknown", "rejected"]);
    for id in ["1", "2", "3"] {
        workspace.ok(&["decision", "status", id, "--to", "maintained"]);
    }
    workspace.ok(&EXPORT);
    let pages = [1, 2, 3].map(|id| workspace.read(&format!("adr/000{id}-x.md")));
    assert!(pages[0].contains("Draft on 2022-05-01. Approved on 2022-06-01. "));
    assert!(pages[1].contains(statuses[1]), "{}", pages[1]);
    assert!(pages[2].contains("<del>✅ Proposed</del> <ins>Accepted</ins>"));
}

#[test]
fn file_name_of_another_title_is_no_link() {
    let workspace = TestWorkspace::with_workspace();
    write_page(
        &workspace,
        "adr/0001-x.md",
        "Superseded by 0004-use-memcached",
    );
    write_page(&workspace, "adr/0004-use-redis.md", "Accepted");
    assert!(
        workspace
            .stderr(&IMPORT)
            .contains("refers to 0004-use-memcached, which is not a known decision")
    );
    assert_eq!(supersedes(&workspace, "4"), serde_json::json!([]));
}

#[test]
fn id_in_another_form_is_suggested() {
    let workspace = TestWorkspace::with_workspace();
    for title in ["Use pears", "Use apples"] {
        workspace.ok(&["decision", "add", title]);
    }
    for id in ["DEC-0002", "dec-2", "dec2", "ADR-0002"] {
        let supersede = ["decision", "supersede", "1", "--by", id];
        let error = workspace.fails(1, &supersede);
        let hint = "hint: did you mean DEC-002?\n";
        assert!(error.ends_with(hint), "{id}: {error}");
    }
    let error = workspace.fails(1, &["decision", "supersede", "1", "--by", "ADR-0009"]);
    assert!(!error.contains("did you mean"), "{error}");
}

/// Writes pages of which two have the same number, and a decision that supersedes one of them.
fn with_equal_numbers() -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    for file in ["0001-a.md", "0002-b.md", "0002-c.md", "0003-d.md"] {
        write_page(&workspace, &format!("adr/{file}"), "Accepted");
    }
    workspace.ok(&IMPORT);
    workspace.ok(&["decision", "add", "Use e", "--supersedes", "3"]);
    workspace.ok(&EXPORT);
    workspace
}

/// Copies pages to a new workspace.
fn copied_pages(from: &TestWorkspace, files: &[&str]) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    for file in files {
        let file = format!("adr/{file}");
        workspace.write(&file, from.read(&file));
    }
    workspace
}

#[test]
fn link_leads_to_the_same_file_in_another_workspace() {
    let first = with_equal_numbers();
    assert_eq!(
        show(&first, "3")["extra_metadata"]["madr"]["file"],
        "0002-c.md"
    );
    let files = [
        "0001-a.md",
        "0002-b.md",
        "0002-c.md",
        "0003-d.md",
        "0005-use-e.md",
    ];
    let other = copied_pages(&first, &files);
    other.ok(&IMPORT);
    let link = &supersedes(&other, "5")[0];
    let linked = show(&other, link.as_str().expect("ID"));
    assert_eq!(linked["extra_metadata"]["madr"]["file"], "0002-c.md");
    assert_eq!(linked["status"], "superseded");
    assert_eq!(superseded_by(&other, "3"), json!([]));
    // An edit of the page does not change the link.
    other.replace_in("adr/0005-use-e.md", "# Use e", "# Use e and f");
    other.ok(&IMPORT);
    assert_eq!(supersedes(&other, "5"), json!([link]));
    // The first workspace reads what the other one exports.
    other.ok(&EXPORT);
    first.write("adr/0005-use-e.md", other.read("adr/0005-use-e.md"));
    first.ok(&IMPORT);
    assert_eq!(supersedes(&first, "5"), json!(["DEC-003"]));

    // Without the file, nothing is linked.
    let other = copied_pages(
        &first,
        &["0001-a.md", "0002-b.md", "0003-d.md", "0005-use-e.md"],
    );
    let warning = other.stderr(&IMPORT);
    assert!(
        warning.contains("0005-use-e.md: its link to DEC-00"),
        "{warning}"
    );
    assert_eq!(supersedes(&other, "5"), json!([]));
}

#[test]
fn successor_under_wsdb_is_the_same_in_another_workspace() {
    let first = TestWorkspace::with_workspace();
    write_page(&first, "adr/0001-a.md", "Accepted by all on 2022-03-04");
    for file in ["0002-b.md", "0002-c.md", "0003-d.md"] {
        write_page(&first, &format!("adr/{file}"), "Accepted");
    }
    first.ok(&IMPORT);
    first.ok(&["decision", "supersede", "1", "--by", "3"]);
    first.ok(&EXPORT);
    let page = first.read("adr/0001-a.md");
    assert!(
        page.contains("\n\nAccepted by all on 2022-03-04\n"),
        "{page}"
    );
    let files = ["0001-a.md", "0002-b.md", "0002-c.md", "0003-d.md"];
    let other = copied_pages(&first, &files);
    write_page(&other, "adr/0002-a.md", "Accepted");
    other.ok(&IMPORT);
    let linked = show(&other, superseded_by(&other, "1")[0].as_str().expect("ID"));
    assert_eq!(linked["extra_metadata"]["madr"]["file"], "0002-c.md");
    let decision = show(&other, "1");
    assert_eq!(
        [&decision["status"], &decision["date"]],
        ["superseded", "2022-03-04T00:00:00Z"]
    );
    // The only page that names the successor keeps its link.
    first.ok(&["decision", "status", "1", "--to", "deprecated"]);
    write_page(&first, "adr/0004-e.md", "Superseded by [3](0003-d.md)");
    first.ok(&IMPORT);
    first.ok(&["decision", "status", "5", "--to", "deprecated"]);
    first.ok(&EXPORT);
    let other = copied_pages(&first, &["0003-d.md", "0004-e.md"]);
    other.ok(&IMPORT);
    assert_eq!(superseded_by(&other, "5"), json!(["DEC-003"]));
    assert_eq!(show(&other, "5")["status"], "deprecated");
}
