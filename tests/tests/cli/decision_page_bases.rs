//! What people change in a page is what differs from its last import or export.

use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

use crate::decisions::show;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    undone_import_is_imported_again,
}

const EXPORT: [&str; 4] = ["decision", "export", "--adr", "adr"];
const IMPORT: [&str; 4] = ["decision", "import", "--adr", "adr"];

const PAGE: &str = "adr/0001-use-pears.md";

/// The same decision in several styles; the first one is the format of exports.
const STYLES: [&str; 6] = [
    "",
    "# 1. Use pears\n\nDate: 2016-02-12\n\n## Status\n\nAccepted\n\n## Context\n\nFruit is needed.\n\n## Decision\n\nPears.\n\n## Consequences\n\n* many\n",
    "# Use pears\r\n\r\n* Status: accepted\r\n* Date: 2016-02-12\r\n\r\n## Context and Problem Statement\r\n\r\nFruit is needed.\r\n\r\n## Decision Outcome\r\n\r\nPears.\r\n\r\n### Consequences\r\n\r\n* many\r\n",
    "---\nstatus: \"accepted\"\ndate: 2016-02-12\n---\n\n# Use pears\n\nFruit is needed.\n\n## Decision Outcome\n\nPears.\n",
    "# Use pears\n\n| Status | Accepted |\n|---|---|\n| Date | 2016-02-12 |\n\n## Decision\n\nPears.\n\n## Context\n\nFruit is needed.\n",
    "+++\ntitle = \"Use pears\"\nstatus = \"accepted\"\ndate = \"2016-02-12\"\n+++\n\n## Kontext\n\nFruit is needed.\n\n## Entscheidung\n\nPears.\n",
];

fn with_style(text: &str) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    if text.is_empty() {
        let add = ["decision", "add", "Use pears", "--rationale", "Pears."];
        workspace.ok(&[&add[..], &["--status", "maintained"]].concat());
        workspace.ok(&EXPORT);
        // What people add to the page.
        workspace.replace_in(
            PAGE,
            "<!-- wsdb -->\nNo context was recorded.",
            "Fruit is needed.",
        );
        workspace.replace_in(PAGE, "<!-- /wsdb -->\n", "");
    } else {
        workspace.write(PAGE, text);
    }
    workspace.ok(&IMPORT);
    workspace.ok(&EXPORT);
    workspace
}

/// A field: its key, the options that set it to a value and back, how the page shows this value, and how
/// people change it there.
struct Field {
    key: &'static str,
    set: &'static [&'static str],
    reset: &'static [&'static str],
    edits: &'static [(&'static str, &'static str)],
}

static FIELDS: [Field; 5] = [
    Field {
        key: "decision",
        set: &["edit", "1", "--decision", "Use plums"],
        reset: &["edit", "1", "--decision", "Use pears"],
        edits: &[("plums", "figs")],
    },
    Field {
        key: "status",
        set: &["status", "1", "--to", "deprecated"],
        reset: &["status", "1", "--to", "maintained"],
        edits: &[("deprecated", "rejected"), ("Deprecated", "Rejected")],
    },
    Field {
        key: "rationale",
        set: &["edit", "1", "--rationale", "Soft ones."],
        reset: &["edit", "1", "--rationale", "Pears."],
        edits: &[("Soft", "Hard")],
    },
    Field {
        key: "impact",
        set: &["edit", "1", "--impact", "high"],
        reset: &["edit", "1", "--impact", "low"],
        edits: &[("HIGH", "MEDIUM")],
    },
    Field {
        key: "repos_affected",
        set: &["edit", "1", "--repo", "orchard"],
        reset: &["edit", "1", "--clear", "repos"],
        edits: &[("orchard", "meadow")],
    },
];

/// All fields in the format of exports, and one of them in each other style.
fn styles_with_fields() -> impl Iterator<Item = (&'static str, &'static [Field])> {
    let [exported, others @ ..] = STYLES;
    let others = others.into_iter().zip(FIELDS.chunks(1));
    std::iter::once((exported, &FIELDS[..])).chain(others)
}

impl Field {
    fn value(&self, workspace: &TestWorkspace) -> Value {
        show(workspace, "1")[self.key].clone()
    }

    /// Changes the value in the page as people do.
    fn edit(&self, workspace: &TestWorkspace) {
        let before = workspace.read(PAGE);
        let mut text = before.clone();
        for (from, to) in self.edits {
            text = text.replace(from, to);
        }
        assert_ne!(text, before, "{}", self.key);
        workspace.write(PAGE, text);
    }

    fn is_edited(&self, text: &str) -> bool {
        self.edits.iter().any(|(_, to)| text.contains(to))
    }
}

fn run(workspace: &TestWorkspace, args: &[&str]) {
    workspace.ok(&[&["decision"], args].concat());
}

#[test]
#[ignore = "run by `cargo xtask stress`"]
fn only_edits_since_the_export_are_imported() {
    for (text, fields) in styles_with_fields() {
        let workspace = with_style(text);
        for field in fields {
            let context = format!("{} of {text}", field.key);
            run(&workspace, field.reset);
            workspace.ok(&EXPORT);
            let before = field.value(&workspace);
            // The decision changes back after the export, and the page changes elsewhere.
            run(&workspace, field.set);
            workspace.ok(&EXPORT);
            run(&workspace, field.reset);
            workspace.replace_in(PAGE, "needed", "really needed");
            workspace.ok(&IMPORT);
            assert_eq!(field.value(&workspace), before, "{context}");
            workspace.ok(&EXPORT);
            workspace.replace_in(PAGE, "really needed", "needed");
            workspace.ok(&IMPORT);
            // The page changes what was exported.
            run(&workspace, field.set);
            workspace.ok(&EXPORT);
            field.edit(&workspace);
            workspace.ok(&IMPORT);
            let edited = field.value(&workspace).to_string();
            assert!(field.is_edited(&edited), "{context}: {edited}");
            workspace.ok(&EXPORT);
            assert!(field.is_edited(&workspace.read(PAGE)), "{context}");
        }
    }
}

#[test]
#[ignore = "run by `cargo xtask stress`"]
fn preferring_the_database_settles_the_conflict() {
    for (text, fields) in styles_with_fields() {
        let workspace = with_style(text);
        for field in fields {
            let context = format!("{} of {text}", field.key);
            run(&workspace, field.set);
            workspace.ok(&EXPORT);
            run(&workspace, field.reset);
            let before = field.value(&workspace);
            field.edit(&workspace);
            // What only the page changed is imported.
            let word = format!("needed by {}", field.key);
            workspace.replace_in(PAGE, "needed", &word);
            workspace.fails(1, &IMPORT);
            workspace.ok(&[&IMPORT[..], &["--prefer", "database"]].concat());
            assert_eq!(field.value(&workspace), before, "{context}");
            workspace.ok(&EXPORT);
            let page = workspace.read(PAGE);
            assert!(page.contains(&word) && !field.is_edited(&page), "{page}");
            assert_eq!(
                workspace.json(&IMPORT)["files"][0]["result"],
                "unchanged",
                "{context}"
            );
        }
    }
}

fn undone_import_is_imported_again() {
    let workspace = with_style(STYLES[1]);
    run(&workspace, FIELDS[1].set);
    workspace.ok(&EXPORT);
    run(&workspace, FIELDS[1].reset);
    workspace.replace_in(PAGE, "needed", "really needed");
    for _ in 0..2 {
        workspace.ok(&IMPORT);
        assert_eq!(show(&workspace, "1")["status"], "maintained");
        let shown = workspace.ok(&["decision", "show", "1"]);
        assert!(shown.contains("really needed"), "{shown}");
        workspace.ok(&["undo"]);
    }
}

/// The sections of a page that another folder changed stay.
#[test]
fn section_changed_in_another_folder_is_kept() {
    let workspace = with_style(STYLES[1]);
    workspace.ok(&["decision", "export", "--adr", "copy"]);
    workspace.replace_in("copy/0001-use-pears.md", "* many", "* few");
    workspace.ok(&["decision", "import", "--adr", "copy"]);
    workspace.replace_in(PAGE, "# 1. Use pears", "# Use soft pears");
    workspace.ok(&IMPORT);
    workspace.ok(&EXPORT);
    let page = workspace.read(PAGE);
    assert!(
        page.contains("* few") && page.contains("# Use soft pears"),
        "{page}"
    );
    // Both changed it.
    workspace.replace_in(PAGE, "* few", "* some");
    workspace.replace_in("copy/0001-use-pears.md", "* few", "* none");
    workspace.ok(&IMPORT);
    let import = ["decision", "import", "--adr", "copy"];
    let error = workspace.fails(1, &import);
    assert!(
        error.contains("conflicting fields: other sections"),
        "{error}"
    );
    workspace.ok(&[&import[..], &["--prefer", "database"]].concat());
    workspace.ok(&["decision", "export", "--adr", "copy"]);
    assert!(workspace.read("copy/0001-use-pears.md").contains("* some"));
}

#[test]
fn removed_link_does_not_come_back_with_an_edit() {
    let workspace = with_style(STYLES[1]);
    workspace.ok(&["decision", "add", "Use plums"]);
    workspace.ok(&["decision", "supersede", "1", "--by", "2"]);
    workspace.ok(&["decision", "export", "--adr", "adr", "1"]);
    workspace.ok(&["decision", "unlink", "2", "--supersedes", "1"]);
    workspace.replace_in(PAGE, "needed", "really needed");
    workspace.ok(&["decision", "import", "--adr", PAGE]);
    assert_eq!(show(&workspace, "2")["supersedes"], json!([]));
}
