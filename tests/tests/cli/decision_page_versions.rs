//! Exported pages: which version of its decision a page was made from.

use std::fs;
use std::path::PathBuf;

use insta::assert_snapshot;
use serde_json::json;
use wsdb_tests::TestWorkspace;

use crate::decisions::show;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    newer_page_of_another_database_is_imported,
}

const EXPORT: [&str; 4] = ["decision", "export", "--adr", "adr"];
const IMPORT: [&str; 4] = ["decision", "import", "--adr", "adr"];

/// A workspace with a decision, exported as a page.
fn exported(title: &str) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    let options = ["--rationale", "Because", "--impact", "critical"];
    workspace.ok(&[&["decision", "add", title][..], &options].concat());
    workspace.ok(&EXPORT);
    workspace
}

fn pages(workspace: &TestWorkspace) -> PathBuf {
    workspace.path().join("adr")
}

/// Returns the name of the only page.
fn page(workspace: &TestWorkspace) -> String {
    let page = fs::read_dir(pages(workspace)).unwrap().next().unwrap();
    format!("adr/{}", page.unwrap().file_name().to_str().unwrap())
}

/// Replaces all pages of a workspace by those of another one, as git does.
fn copy(from: &TestWorkspace, to: &TestWorkspace) {
    if pages(to).exists() {
        fs::remove_dir_all(pages(to)).unwrap();
    }
    let page = page(from);
    to.write(&page, from.read(&page));
}

#[test]
fn exported_page_is_edited_there_and_back() {
    let workspace = exported("Use pears");
    let page = page(&workspace);
    for (from, to) in [("CRITICAL", "LOW"), ("LOW", "CRITICAL")] {
        workspace.replace_in(&page, &format!("impact: {from}"), &format!("impact: {to}"));
        workspace.ok(&IMPORT);
        assert_eq!(show(&workspace, "1")["impact"], to);
    }
    for (from, to) in [("Because", "Therefore"), ("Therefore", "Because")] {
        workspace.replace_in(&page, from, to);
        workspace.ok(&IMPORT);
        assert_eq!(show(&workspace, "1")["rationale"], to);
        workspace.ok(&EXPORT);
    }
}

fn newer_page_of_another_database_is_imported() {
    let (first, second) = (exported("Use pears"), TestWorkspace::with_workspace());
    copy(&first, &second);
    second.ok(&IMPORT);
    first.ok(&["decision", "edit", "1", "--rationale", "Newer"]);
    first.ok(&EXPORT);
    copy(&first, &second);
    let before = second.read(&page(&second));
    assert_eq!(second.run(&EXPORT).status.code(), Some(1));
    assert_eq!(second.read(&page(&second)), before);
    second.ok(&["decision", "edit", "1", "--impact", "low"]);
    second.ok(&IMPORT);
    assert_eq!(show(&second, "1")["rationale"], "Newer");
    assert_eq!(show(&second, "1")["impact"], "LOW");
    second.ok(&EXPORT);
    copy(&second, &first);
    first.ok(&IMPORT);
    assert_eq!(show(&first, "1")["impact"], "LOW");
}

#[test]
fn exported_page_and_decision_changed_in_different_parts_are_merged() {
    let workspace = exported("Use pears");
    workspace.replace_in(&page(&workspace), "# Use pears", "# Use more pears");
    workspace.ok(&[
        "decision",
        "edit",
        "1",
        "--rationale",
        "Newer",
        "--impact",
        "low",
    ]);
    workspace.ok(&IMPORT);
    let decision = show(&workspace, "1");
    assert_eq!(decision["decision"], "Use more pears");
    assert_eq!(decision["rationale"], "Newer");
    assert_eq!(decision["impact"], "LOW");
}

#[test]
fn edited_copy_of_an_older_page_is_merged() {
    let workspace = exported("Use pears");
    let older = workspace.read(&page(&workspace));
    workspace.ok(&["decision", "edit", "1", "--rationale", "Newer"]);
    workspace.ok(&EXPORT);
    workspace.write("copy/0001-use-pears.md", older);
    let copy = ["decision", "import", "--adr", "copy"];
    workspace.ok(&copy);
    assert_eq!(show(&workspace, "1")["rationale"], "Newer");
    workspace.replace_in("copy/0001-use-pears.md", "impact: CRITICAL", "impact: LOW");
    workspace.ok(&copy);
    assert_eq!(show(&workspace, "1")["rationale"], "Newer");
    assert_eq!(show(&workspace, "1")["impact"], "LOW");
}

#[test]
fn page_of_another_workspace_is_a_conflict() {
    let (first, second) = (exported("Use pears"), exported("Use plums"));
    first.write("other/0001-use-plums.md", second.read(&page(&second)));
    let import = ["decision", "import", "--adr", "other"];
    assert_snapshot!(first.fails(1, &import), @"
    error: other/0001-use-plums.md contains a different decision with the ID DEC-001; fields that differ: title
    hint: nothing was written; run the import again with --renumber to give the decisions in the files new IDs, or with --prefer database to leave them out
    ");
    // Neither side wins: these are two decisions.
    first.fails(1, &[&import[..], &["--prefer", "file"]].concat());
    first.ok(&[&import[..], &["--prefer", "database"]].concat());
    assert_eq!(show(&first, "1")["decision"], "Use pears");
}

#[test]
fn page_of_another_workspace_gets_a_new_id() {
    let (first, second) = (exported("Use pears"), exported("Use plums"));
    second.ok(&["task", "add", "Plant"]);
    let newer = [
        "decision",
        "add",
        "Use figs",
        "--supersedes",
        "1",
        "--task",
        "1",
    ];
    second.ok(&newer);
    second.ok(&EXPORT);
    for name in ["0001-use-plums.md", "0002-use-figs.md"] {
        first.write(
            &format!("other/{name}"),
            second.read(&format!("adr/{name}")),
        );
    }
    let import = ["decision", "import", "--adr", "other", "--renumber"];
    let imported = first.json(&import);
    assert_eq!(
        imported["renumbered"],
        json!([{"record_type": "decision", "from": "DEC-001", "to": "DEC-003"}])
    );
    assert_eq!(show(&first, "1")["decision"], "Use pears");
    let figs = show(&first, "2");
    assert_eq!(figs["supersedes"], json!(["DEC-003"]));
    // The task is one of the other workspace.
    assert_eq!(figs["related_tasks"], json!([]));
    assert_eq!(imported["warnings"].as_array().unwrap().len(), 1);
    // A page that comes back is that of its own decision.
    first.ok(&["decision", "export", "3", "--adr", "back"]);
    second.write("back/0003.md", first.read("back/0003-use-plums.md"));
    second.ok(&["decision", "import", "--adr", "back", "--renumber"]);
    assert_eq!(second.json(&["decision", "list"])["total"], 2);
    // The pages are known from then on.
    first.replace_in("other/0001-use-plums.md", "Because", "Therefore");
    for import in [&import[..], &import[..4]] {
        let imported = first.json(import);
        assert_eq!(imported["renumbered"], json!([]));
        assert_eq!(first.json(&["decision", "list"])["total"], 3);
        assert_eq!(show(&first, "3")["rationale"], "Therefore");
    }
}

#[test]
fn renumbered_page_is_exported_with_its_new_id() {
    let (first, second) = (exported("Use pears"), exported("Use plums"));
    let file = "other/0001-use-plums.md";
    let page = second.read(&page(&second));
    for is_edited_first in [true, false] {
        first.write(file, &page);
        if is_edited_first {
            first.replace_in(file, "Because", "Why not");
        }
        first.ok(&["decision", "import", "--adr", "other", "--renumber"]);
        first.replace_in(
            file,
            if is_edited_first {
                "Why not"
            } else {
                "Because"
            },
            "Therefore",
        );
        first.ok(&["decision", "import", "--adr", "other"]);
        for folder in ["other", "copy"] {
            first.ok(&["decision", "export", "2", "--adr", folder]);
            let text = first.read(&format!("{folder}/0001-use-plums.md"));
            assert!(text.contains("id: DEC-002"), "{folder}: {text}");
            assert!(text.contains("Therefore"), "{folder}: {text}");
        }
        for folder in ["other", "copy"] {
            let imported = first.json(&["decision", "import", "--adr", folder]);
            assert_eq!(imported["renumbered"], json!([]));
        }
        assert_eq!(show(&first, "2")["rationale"], "Therefore");
        assert_eq!(first.json(&["decision", "list"])["total"], 2);
    }
}

#[test]
fn page_of_another_workspace_is_never_overwritten() {
    let (first, second) = (exported("Use pears"), exported("Use plums"));
    let page = second.read(&page(&second));
    let export = ["decision", "export", "--adr", "other"];
    for is_edited in [false, true] {
        for is_forced in [false, true] {
            let file = format!("other-{is_edited}-{is_forced}/0001-use-plums.md");
            first.write(&file, &page);
            if is_edited {
                first.replace_in(&file, "Because", "Therefore");
            }
            let text = first.read(&file);
            let folder = file.split('/').next().unwrap();
            let mut export = vec!["decision", "export", "--adr", folder];
            export.extend(is_forced.then_some("--force"));
            // A second page with the same ID would make the folder unreadable.
            first.fails(1, &export);
            assert_eq!(first.read(&file), text);
            let files = fs::read_dir(first.path().join(folder)).unwrap();
            assert_eq!(files.count(), 1);
        }
    }
    // Known under another id here, it is the page of that decision.
    first.write("other/0001-use-plums.md", &page);
    first.ok(&["decision", "import", "--adr", "other", "--renumber"]);
    first.ok(&export);
    assert!(first.read("other/0001-use-plums.md").contains("Use plums"));
    assert!(first.read("other/0002-use-pears.md").contains("Use pears"));
}

/// The folder that a page was imported from last is not the only one that has it.
#[test]
fn page_in_two_folders_is_exported_to_both() {
    let workspace = TestWorkspace::with_workspace();
    let text = "# Use pears\n\n## Status\n\nAccepted\n\n## Decision\n\nPears.\n";
    workspace.write("adr/0001-use-pears.md", text);
    workspace.ok(&IMPORT);
    workspace.ok(&["decision", "export", "--adr", "copy"]);
    workspace.replace_in("copy/0001-use-pears.md", "Pears.", "Plums.");
    workspace.ok(&["decision", "import", "--adr", "copy"]);
    workspace.ok(&EXPORT);
    assert_eq!(fs::read_dir(pages(&workspace)).unwrap().count(), 1);
    let edited = text.replace("Pears.", "Plums.");
    assert_eq!(workspace.read("adr/0001-use-pears.md"), edited);
    workspace.replace_in("adr/0001-use-pears.md", "Plums.", "Figs.");
    workspace.ok(&IMPORT);
    workspace.ok(&["decision", "export", "--adr", "copy"]);
    assert!(workspace.read("copy/0001-use-pears.md").contains("Figs."));
    assert_eq!(workspace.json(&["decision", "list"])["total"], 1);
}

#[test]
fn pages_and_documents_of_the_same_decisions_agree() {
    let page = "# Use pears\n\n## Status\n\naccepted\n\n## Decision\n\nWe use pears.\n";
    let (first, second) = (
        TestWorkspace::with_workspace(),
        TestWorkspace::with_workspace(),
    );
    for (workspace, file) in [
        (&first, "adr/0001-pears.md"),
        (&second, "adr/0001-use-pears.md"),
    ] {
        workspace.write(file, page);
        workspace.ok(&IMPORT);
        // The date is that of the import.
        second.advance(std::time::Duration::from_secs(100));
    }
    let before = show(&second, "1");
    first.ok(&["export", "docs"]);
    let file = "docs/ARCHITECTURE-DECISIONS.json";
    second.write(file, first.read(file));
    for _ in 0..2 {
        second.ok(&["import", "docs"]);
        assert_eq!(show(&second, "1"), before);
    }
}
