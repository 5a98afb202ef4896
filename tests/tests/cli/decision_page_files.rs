//! Which decision the file of a page belongs to: renamed files, and files with the IDs of others.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

use crate::decisions::show;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    renamed_page_keeps_its_decision,
}

const EXPORT: [&str; 4] = ["decision", "export", "--adr", "adr"];
const IMPORT: [&str; 4] = ["decision", "import", "--adr", "adr"];

fn page(title: &str, text: &str) -> String {
    format!("# {title}\n\n## Status\n\nAccepted\n\n## Context\n\nFruit.\n\n## Decision\n\n{text}\n")
}

fn rename(workspace: &TestWorkspace, from: &str, to: &str) {
    let path = |name: &str| workspace.path().join("adr").join(name);
    fs::rename(path(from), path(to)).unwrap();
}

/// The IDs and results of the files of an import.
fn results(imported: &Value) -> Vec<(&str, &str)> {
    let files = imported["files"].as_array().unwrap().iter();
    files
        .map(|file| {
            (
                file["id"].as_str().unwrap(),
                file["result"].as_str().unwrap(),
            )
        })
        .collect()
}

fn renamed_page_keeps_its_decision() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "adr/0001-use-pears.md",
        page("1. Use pears", "We use pears."),
    );
    workspace.write("adr/0002-use-hoes.md", page("2. Use hoes", "We use hoes."));
    workspace.ok(&IMPORT);
    workspace.ok(&["decision", "status", "1", "--to", "deprecated"]);
    workspace.ok(&EXPORT);
    workspace.ok(&["decision", "status", "1", "--to", "maintained"]);
    rename(&workspace, "0001-use-pears.md", "0001-use-ripe-pears.md");
    workspace.replace_in(
        "adr/0001-use-ripe-pears.md",
        "1. Use pears",
        "1. Use ripe pears",
    );
    // An export does not write the page again under its former name.
    workspace.fails(1, &EXPORT);
    let imported = workspace.json(&IMPORT);
    assert_eq!(
        results(&imported),
        [("DEC-001", "changed"), ("DEC-002", "unchanged")]
    );
    assert_eq!(imported["files"][0]["former_file"], "0001-use-pears.md");
    let decision = show(&workspace, "1");
    assert_eq!(decision["decision"], "1. Use ripe pears");
    // What the export wrote is not an edit.
    assert_eq!(decision["status"], "maintained");
    workspace.ok(&EXPORT);
    assert_eq!(
        fs::read_dir(workspace.path().join("adr")).unwrap().count(),
        2
    );
    // Another page with the former name is a new decision, even if it is imported alone.
    let former = "adr/0001-use-pears.md";
    workspace.write(former, page("Use pears again", "We use other pears."));
    let imported = workspace.json(&["decision", "import", "--adr", former]);
    assert_eq!(results(&imported), [("DEC-003", "new")]);
}

#[test]
fn renamed_page_with_another_number_keeps_its_decision() {
    let workspace = TestWorkspace::with_workspace();
    let text = page("Use pears", "We use pears.");
    workspace.write("adr/0001-use-pears.md", &text);
    workspace.ok(&IMPORT);
    rename(&workspace, "0001-use-pears.md", "0007-pears.md");
    workspace.ok(&EXPORT);
    assert_eq!(workspace.read("adr/0007-pears.md"), text);
    assert_eq!(
        fs::read_dir(workspace.path().join("adr")).unwrap().count(),
        1
    );
    workspace.ok(&IMPORT);
    assert_eq!(workspace.json(&["decision", "list"])["total"], 1);
}

#[test]
fn pages_that_are_only_alike_are_different_decisions() {
    let workspace = TestWorkspace::with_workspace();
    let text = page("Use pears", "We use pears.");
    workspace.write("adr/0001-use-pears.md", &text);
    workspace.ok(&IMPORT);
    // A copy, while the first page exists.
    workspace.write("adr/0002-use-pears-too.md", &text);
    assert_eq!(workspace.json(&IMPORT)["files"][1]["result"], "new");
    // A page from the same template instead of one that was deleted.
    fs::remove_file(workspace.path().join("adr/0002-use-pears-too.md")).unwrap();
    workspace.write("adr/0003-use-hoes.md", page("Use hoes", "Hoes for all."));
    assert_eq!(workspace.json(&IMPORT)["files"][1]["result"], "new");
    // Two files could each be the one that was renamed.
    fs::remove_file(workspace.path().join("adr/0001-use-pears.md")).unwrap();
    fs::remove_file(workspace.path().join("adr/0003-use-hoes.md")).unwrap();
    for name in ["0005-pears.md", "0006-pears.md"] {
        workspace.write(&format!("adr/{name}"), &text);
    }
    let imported = workspace.json(&IMPORT);
    assert_eq!(
        results(&imported)
            .iter()
            .map(|(_, it)| *it)
            .collect::<Vec<_>>(),
        ["new"; 2]
    );
}

/// Also after an export, and if nothing but the name changed.
#[test]
fn another_file_with_the_former_name_is_another_decision() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("adr/0001-use-pears.md", page("Use pears", "Pears."));
    workspace.ok(&IMPORT);
    workspace.ok(&["decision", "status", "1", "--to", "deprecated"]);
    workspace.ok(&EXPORT);
    let adr = workspace.path().join("adr");
    fs::rename(adr.join("0001-use-pears.md"), adr.join("0001-pears.md")).unwrap();
    workspace.ok(&IMPORT);
    workspace.write("adr/0001-use-pears.md", page("Use plums", "Plums."));
    let imported = workspace.json(&IMPORT);
    assert_eq!(
        results(&imported),
        [("DEC-001", "unchanged"), ("DEC-002", "new")]
    );
    assert_eq!(show(&workspace, "1")["decision"], "Use pears");
    // The folder was moved.
    fs::create_dir(workspace.path().join("docs")).unwrap();
    fs::rename(&adr, workspace.path().join("docs/adr")).unwrap();
    workspace.ok(&["decision", "import", "--adr", "docs/adr"]);
    workspace.write("adr/0001-pears.md", page("Use figs", "Figs."));
    assert_eq!(results(&workspace.json(&IMPORT)), [("DEC-003", "new")]);
    assert_eq!(show(&workspace, "1")["decision"], "Use pears");
}

#[test]
fn page_with_the_number_of_another_id_is_imported() {
    let workspace = TestWorkspace::with_workspace();
    let with_id = |id: &str| {
        format!(
            "---\nwsdb:\n  id: {id}\n---\n{}",
            page("Use plums", "Plums.")
        )
    };
    workspace.write("adr/0001-use-pears.md", page("Use pears", "Pears."));
    workspace.write("adr/0005-use-plums.md", with_id("DEC-001"));
    workspace.write("adr/0006-use-figs.md", with_id("DEC-002"));
    let imported = workspace.json(&IMPORT);
    assert_eq!(
        results(&imported),
        [("DEC-003", "new"), ("DEC-001", "new"), ("DEC-002", "new")]
    );
    assert_eq!(show(&workspace, "1")["decision"], "Use plums");
    let unchanged = workspace.json(&IMPORT);
    assert!(
        results(&unchanged)
            .iter()
            .all(|(_, result)| *result == "unchanged")
    );
}

#[test]
fn export_refuses_ids_of_other_decisions_in_the_folder() {
    let (first, second) = (
        TestWorkspace::with_workspace(),
        TestWorkspace::with_workspace(),
    );
    first.ok(&["decision", "add", "Use pears"]);
    second.ok(&["decision", "add", "Use plums"]);
    first.ok(&EXPORT);
    let file = "adr/0001-use-pears.md";
    second.write(file, first.read(file));
    let error = second.fails(1, &EXPORT);
    assert_snapshot!(error, @"
    error: adr/0001-use-pears.md uses the ID DEC-001 for a different decision from another workspace
    hint: nothing was written; run 'wsdb decision import --adr adr --renumber' to import that decision with a new ID, or export to another folder
    ");
    let forced = [&EXPORT[..], &["--force"]].concat();
    assert_eq!(second.fails(1, &forced), error);
    assert_eq!(fs::read_dir(second.path().join("adr")).unwrap().count(), 1);
    second.ok(&[&IMPORT[..], &["--renumber"]].concat());
    second.ok(&EXPORT);
    let plums = second.read("adr/0002-use-plums.md");
    assert!(plums.contains("id: DEC-001"), "{plums}");
    let pears = second.read(file);
    assert!(pears.contains("id: DEC-002"), "{pears}");
    assert_eq!(second.json(&IMPORT)["renumbered"], json!([]));
    // Decisions whose pages need no ID are exported.
    let third = TestWorkspace::with_workspace();
    third.write("hand/0001-use-figs.md", page("Use figs", "Figs."));
    third.ok(&["decision", "import", "--adr", "hand"]);
    third.write(file, first.read(file));
    third.ok(&EXPORT);
    third.fails(1, &forced);
}

#[test]
fn templates_are_skipped_with_a_reason() {
    let workspace = TestWorkspace::with_workspace();
    for (file, title) in [
        ("template.md", "Short title"),
        ("adr-vorlage.md", "Kurztitel"),
        ("plantilla.md", "Elegir un formato"),
        ("0009-short.md", "{short title of solved problem}"),
        ("0010-short.md", "ADR-NNNN: <Title>"),
        ("0011-use-templates.md", "Use [templates]"),
    ] {
        let page = format!("# {title}\n\n## Status\n\nAccepted\n\n## Decision\n\nx\n");
        workspace.write(&format!("adr/{file}"), page);
    }
    let import = ["decision", "import", "--adr", "adr"];
    assert_snapshot!(workspace.stderr(&import), @"note: skipped 5 files: adr/0009-short.md (a template: its title is a placeholder), adr/0010-short.md (a template: its title is a placeholder), adr/adr-vorlage.md (a template), adr/plantilla.md (a template), adr/template.md (a template)");
    let decisions = workspace.json(&["decision", "list"]);
    assert_eq!(decisions["decisions"][0]["decision"], "Use [templates]");
    assert_eq!(decisions["total"], 1);
    // A file that is named is read.
    workspace.ok(&["decision", "import", "--adr", "adr/0009-short.md"]);
    assert_eq!(workspace.json(&["decision", "list"])["total"], 2);
}
