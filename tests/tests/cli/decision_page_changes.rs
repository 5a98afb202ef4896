//! Changes of decisions in the pages that people wrote.

use insta::assert_snapshot;
use wsdb_tests::TestWorkspace;

use crate::decisions::show;

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    changed_page_comes_back_in_an_empty_workspace,
}

const PAGE: &str = "adr/0001-use-pears.md";

const TEXT: &str = "# 1. Use pears\n\nDate: 2016-02-12\n\n## Status\n\n✅ **Accepted**\n\n## Context\n\nFruit  is\nneeded.\n\n## Decision\n\nPears.\n\n## Consequences\n\n* many\n";

fn with_page(text: &str) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(PAGE, text);
    workspace.ok(&["decision", "import", "--adr", "adr"]);
    workspace
}

fn export(workspace: &TestWorkspace) -> String {
    workspace.ok(&["decision", "export", "--adr", "adr"]);
    workspace.read(PAGE)
}

/// Imports the folder and returns what became of its first page.
fn import(workspace: &TestWorkspace) -> String {
    let result = workspace.json(&["decision", "import", "--adr", "adr"]);
    result["files"][0]["result"].as_str().unwrap().to_owned()
}

/// The lines of a page that differ from the text before.
fn changes(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let ends = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = ends.take_while(|(a, b)| a == b).count();
    let removed = old[start..old.len() - end]
        .iter()
        .map(|line| format!("-{line}"));
    let added = new[start..new.len() - end]
        .iter()
        .map(|line| format!("+{line}"));
    removed.chain(added).collect::<Vec<_>>().join("\n")
}

#[test]
fn only_the_status_word_changes() {
    let workspace = with_page(TEXT);
    assert_eq!(export(&workspace), TEXT);
    workspace.ok(&["decision", "status", "1", "--to", "deprecated"]);
    assert_snapshot!(changes(TEXT, &export(&workspace)), @"
    -✅ **Accepted**
    +**Deprecated**
    ");
    assert_eq!(import(&workspace), "unchanged");
    workspace.ok(&["decision", "status", "1", "--to", "implemented"]);
    assert_snapshot!(changes(TEXT, &export(&workspace)), @"
    -✅ **Accepted**
    +**Implemented**
    ");
    assert_eq!(import(&workspace), "unchanged");
    workspace.ok(&["decision", "status", "1", "--to", "maintained"]);
    assert_eq!(export(&workspace), TEXT);
}

#[test]
fn superseded_page_links_to_its_successor() {
    let workspace = with_page(TEXT);
    workspace.write(
        "adr/0002-use-apples.md",
        "# 2. Use [red] apples\n\n## Status\n\nAccepted\n",
    );
    import(&workspace);
    workspace.ok(&["decision", "supersede", "1", "--by", "2"]);
    assert_snapshot!(changes(TEXT, &export(&workspace)), @"
    -✅ **Accepted**
    +**Superseded by [2. Use red apples](0002-use-apples.md)**
    ");
    assert_eq!(
        workspace.read("adr/0002-use-apples.md"),
        "# 2. Use [red] apples\n\n## Status\n\nAccepted\n"
    );
    assert_eq!(import(&workspace), "unchanged");
    // A new successor.
    workspace.ok(&["decision", "unlink", "2", "--supersedes", "1"]);
    workspace.write(
        "adr/0003-use-plums.md",
        "# 3. Use plums\n\n## Status\n\nAccepted\n",
    );
    import(&workspace);
    workspace.ok(&["decision", "supersede", "1", "--by", "3"]);
    assert_snapshot!(changes(TEXT, &export(&workspace)), @"
    -✅ **Accepted**
    +**Superseded by [3. Use plums](0003-use-plums.md)**
    ");
}

#[test]
fn status_is_written_in_every_form() {
    let mut all = Vec::new();
    for text in [
        "---\nstatus: accepted\n---\n# X\n",
        "---\nstatus: \"Accepted\" # since 2020\n---\n# X\n",
        "# X\n\n* Status: Accepted <!-- optional -->\n",
        "# X\n\n| Status | ACCEPTED |\n|---|---|\n| Date | 2020-01-01 |\n",
        "# X\n\n| Status | Date |\n|---|---|\n| Accepted | 2020-01-01 |\n",
        "# X\n\n## Status: accepted\n",
        "# X\n\n## Status\n\n- [ ] Proposed\n- [x] Accepted\n- [ ] Rejected\n",
        "# X\n\n## Status\n\n[ ] Proposed [x] Accepted [ ] Rejected\n",
        "# X\n\n## Status\n\n☐ Proposed ☑ Accepted ☐ Rejected\n",
        "# X\n\n## Status\n\n◯ Proposed ◉ Accepted ◯ Rejected\n",
        "# X\n\nStatus: Accepted [x] Rejected [ ]\n",
        "# X\n\n## Status\n\nProposed (2020-01-01) → Accepted (2020-02-02)\n",
        "# X\n\n## Status\n\n- Proposed 2020-01-01\n- Accepted 2020-02-02\n",
        "# X\n\n## Status\n\n| Status | Date |\n|---|---|\n| Proposed | 2020-01-01 |\n| Accepted | 2020-02-02 |\n",
        "# X\n\n## Status\n\n> [Accepted](https://example.org)\n",
        "# X\n\n## Status\n\nWe are not sure.\n",
        "# X\n\n## 状态\n\n已接受\n",
        "# X\n\nNo status.\n",
    ] {
        let workspace = with_page(text);
        workspace.ok(&["decision", "status", "1", "--to", "rejected"]);
        let page = export(&workspace);
        all.push(changes(text, &page));
        assert_eq!(import(&workspace), "unchanged", "{page}");
        let other = with_page(&page);
        assert_eq!(show(&other, "1")["status"], "rejected", "{page}");
    }
    assert_snapshot!(all.join("\n\n"), @r#"
    -status: accepted
    +status: rejected

    -status: "Accepted" # since 2020
    +status: "Rejected" # since 2020

    -* Status: Accepted <!-- optional -->
    +* Status: Rejected <!-- optional -->

    -| Status | ACCEPTED |
    +| Status | REJECTED |

    -| Accepted | 2020-01-01 |
    +| Rejected | 2020-01-01 |

    -## Status: accepted
    +## Status: rejected

    -- [x] Accepted
    -- [ ] Rejected
    +- [ ] Accepted
    +- [x] Rejected

    -[ ] Proposed [x] Accepted [ ] Rejected
    +[ ] Proposed [ ] Accepted [x] Rejected

    -☐ Proposed ☑ Accepted ☐ Rejected
    +☐ Proposed ☐ Accepted ☑ Rejected

    -◯ Proposed ◉ Accepted ◯ Rejected
    +◯ Proposed ◯ Accepted ◉ Rejected

    -Status: Accepted [x] Rejected [ ]
    +Status: Accepted [ ] Rejected [x]

    +---
    +wsdb:
    +  style: own
    +  state: "93459ceea29904d0h"
    +  id: DEC-001
    +  status: rejected
    +  page-status: "Accepted (2020-02-02)"
    +---
    +

    +---
    +wsdb:
    +  style: own
    +  state: e023d48928c5f992h
    +  id: DEC-001
    +  status: rejected
    +  page-status: "- Accepted 2020-02-02"
    +---
    +

    +---
    +wsdb:
    +  style: own
    +  state: "3e0ec0ef9ce11a4ah"
    +  id: DEC-001
    +  status: rejected
    +  page-status: Accepted
    +---
    +

    -> [Accepted](https://example.org)
    +> [Rejected](https://example.org)

    +---
    +wsdb:
    +  style: own
    +  state: "0bdfd556a94b143fh"
    +  id: DEC-001
    +  status: rejected
    +---
    +

    -已接受
    +Rejected

    +---
    +wsdb:
    +  style: own
    +  state: ea3787aec64c0255h
    +  id: DEC-001
    +  status: rejected
    +---
    +
    "#);
}

#[test]
fn title_date_and_decision_are_written_in_place() {
    let workspace = with_page(TEXT);
    workspace.ok(&["decision", "edit", "1", "--decision", "Use soft pears"]);
    workspace.ok(&[
        "decision",
        "edit",
        "1",
        "--rationale",
        "Soft ones.\n\n# No heading",
    ]);
    let page = export(&workspace);
    assert_snapshot!(changes(TEXT, &page), @r"
    -# 1. Use pears
    -
    -Date: 2016-02-12
    -
    -## Status
    -
    -✅ **Accepted**
    -
    -## Context
    -
    -Fruit  is
    -needed.
    -
    -## Decision
    -
    -Pears.
    +# Use soft pears
    +
    +Date: 2016-02-12
    +
    +## Status
    +
    +✅ **Accepted**
    +
    +## Context
    +
    +Fruit  is
    +needed.
    +
    +## Decision
    +
    +Soft ones.
    +
    +\# No heading
    ");
    assert_eq!(import(&workspace), "unchanged");
    let other = with_page(&page);
    assert_eq!(show(&other, "1")["rationale"], "Soft ones.\n\n# No heading");
    // A page without a section for the decision gets one.
    let text = "---\ntitle: Use pears\n---\n\nOnly words.";
    let workspace = with_page(text);
    workspace.ok(&[
        "decision",
        "edit",
        "1",
        "--decision",
        "Use: plums",
        "--rationale",
        "Plums.",
    ]);
    assert_snapshot!(export(&workspace), @r#"
    ---
    title: "Use: plums"
    ---

    Only words.

    ## Decision

    Plums.
    "#);
    // Its text cannot be removed, so the rationale is empty in the fields.
    workspace.ok(&[
        "decision",
        "edit",
        "1",
        "--decision",
        "Use pears",
        "--clear",
        "rationale",
    ]);
    let page = export(&workspace);
    assert_snapshot!(page, @r#"
    ---
    title: Use pears
    wsdb:
      style: own
      state: "9692334839199dafh"
      id: DEC-001
      rationale: ""
    ---

    Only words.
    "#);
    assert_eq!(
        show(&with_page(&page), "1")["rationale"],
        serde_json::Value::Null
    );
}

#[test]
fn fields_without_a_place_are_in_the_front_matter() {
    let mut all = Vec::new();
    for text in [
        TEXT,
        "---\n# comment\ntags: [a, b]\nstatus: accepted\n---\n\n# X\n\n## Decision\n\ny\n",
    ] {
        let workspace = with_page(text);
        workspace.ok(&["task", "add", "Plant"]);
        workspace.ok(&[
            "decision", "edit", "1", "--impact", "high", "--repo", "core",
        ]);
        workspace.ok(&["decision", "link", "1", "--task", "1"]);
        let page = export(&workspace);
        all.push(changes(text, &page));
        assert_eq!(import(&workspace), "unchanged");
        let fields = |workspace: &TestWorkspace| {
            let shown = show(workspace, "1");
            [
                "impact",
                "repos_affected",
                "related_tasks",
                "status",
                "date",
                "rationale",
            ]
            .map(|key| shown[key].clone())
        };
        assert_eq!(fields(&with_page(&page))[..4], fields(&workspace)[..4]);
        // They are updated, and removed again.
        workspace.ok(&["decision", "edit", "1", "--impact", "low"]);
        assert_eq!(changes(&page, &export(&workspace)).matches('\n').count(), 5);
        workspace.ok(&["decision", "edit", "1", "--clear", "impact,repos"]);
        workspace.ok(&["decision", "unlink", "1", "--task", "1"]);
        assert_eq!(export(&workspace), text);
    }
    assert_snapshot!(all.join("\n\n"), @r#"
    +---
    +wsdb:
    +  style: own
    +  state: "2ca7e5ecdb4d0d0bh"
    +  id: DEC-001
    +  impact: HIGH
    +  repos: [core]
    +  tasks: [WS-TASK-001]
    +---
    +

    +wsdb:
    +  style: own
    +  state: d1b7fe2bd1b77ceah
    +  id: DEC-001
    +  impact: HIGH
    +  repos: [core]
    +  tasks: [WS-TASK-001]
    "#);
}

#[test]
fn page_and_decision_changed_in_different_parts_are_merged() {
    let workspace = with_page(TEXT);
    workspace.ok(&["decision", "status", "1", "--to", "rejected"]);
    workspace.replace_in(PAGE, "Pears.", "Ripe pears.");
    assert_eq!(import(&workspace), "changed");
    let merged = show(&workspace, "1");
    assert_eq!(
        [&merged["status"], &merged["rationale"]],
        ["rejected", "Ripe pears."]
    );
    let page = export(&workspace);
    assert!(
        page.contains("**Rejected**") && page.contains("Ripe pears."),
        "{page}"
    );
    // An edit of the exported page is merged as well.
    workspace.replace_in(PAGE, "* many", "* very many");
    assert_eq!(import(&workspace), "changed");
    assert_eq!(show(&workspace, "1")["status"], "rejected");
    let shown = workspace.ok(&["decision", "show", "1"]);
    assert!(shown.contains("* very many"), "{shown}");
}

#[test]
fn page_and_decision_changed_in_the_same_part_is_a_conflict() {
    let workspace = with_page(TEXT);
    workspace.ok(&["decision", "edit", "1", "--rationale", "Plums."]);
    workspace.replace_in(PAGE, "Pears.", "Ripe pears.");
    let args = ["decision", "import", "--adr", "adr"];
    assert_snapshot!(workspace.fails(1, &args), @"
    error: adr/0001-use-pears.md and DEC-001 both changed since the last import or export; conflicting fields: outcome
    hint: nothing was written; run the import again with --prefer file or --prefer database
    ");
    assert_snapshot!(workspace.fails(1, &["decision", "export", "--adr", "adr"]), @"
    error: adr/0001-use-pears.md changed since the last import or export; exporting would overwrite the changes
    hint: run 'wsdb decision import --adr adr' first, or use --force to overwrite the changes
    ");
    workspace.ok(&[&args[..], &["--prefer", "file"]].concat());
    assert_eq!(show(&workspace, "1")["rationale"], "Ripe pears.");
}

#[test]
fn force_writes_madr() {
    let workspace = with_page(TEXT);
    workspace.ok(&["decision", "export", "--adr", "adr", "--force"]);
    let page = workspace.read(PAGE);
    assert!(
        page.starts_with("---\nstatus: accepted\n") || page.starts_with("---\nstatus: \""),
        "{page}"
    );
    assert!(page.contains("\n## Consequences\n\n* many\n"), "{page}");
    // From then on, the page is one of wsdb.
    assert_eq!(import(&workspace), "unchanged");
    workspace.ok(&["decision", "edit", "1", "--impact", "low"]);
    assert!(export(&workspace).contains("  impact: LOW\n"));
    assert!(!workspace.read(PAGE).contains("style: own"));
}

fn changed_page_comes_back_in_an_empty_workspace() {
    let workspace = with_page(TEXT);
    workspace.ok(&[
        "decision",
        "edit",
        "1",
        "--decision",
        "One\nand more",
        "--impact",
        "high",
    ]);
    workspace.ok(&["decision", "status", "1", "--to", "in_progress"]);
    let page = export(&workspace);
    let other = with_page(&page);
    let fields = |workspace: &TestWorkspace| {
        let shown = show(workspace, "1");
        ["decision", "status", "impact", "date", "rationale"].map(|key| shown[key].clone())
    };
    assert_eq!(fields(&other), fields(&workspace), "{page}");
    assert_eq!(
        other.json(&["decision", "export", "--adr", "adr"])["files"][0]["changed"],
        false
    );
}

#[test]
fn empty_decision_section_is_filled() {
    let text = "# Use pears\n\n## Status\n\nAccepted\n\n## Decision\n\n## Consequences\n\n* many\n";
    let workspace = with_page(text);
    for (rationale, expected) in [("Pears.", "Pears."), ("Plums.\n\n* red", "Plums.\n\n* red")] {
        workspace.ok(&["decision", "edit", "1", "--rationale", rationale]);
        let filled = text.replace("## Decision\n", &format!("## Decision\n\n{expected}\n"));
        assert_eq!(export(&workspace), filled);
        assert_eq!(import(&workspace), "unchanged");
        assert_eq!(show(&workspace, "1")["rationale"], rationale);
    }
}

#[test]
fn status_in_front_matter_and_text_stays_the_same() {
    for (text, rejected) in [
        (
            "---\nstatus: accepted\n---\n\n# X\n\n## Status\n\nAccepted\n\n## Decision\n\ny\n",
            "---\nstatus: rejected\n---\n\n# X\n\n## Status\n\nRejected\n\n## Decision\n\ny\n",
        ),
        (
            "---\nstatus: \"Accepted\"\n---\n\n# X\n\n* Status: accepted\n",
            "---\nstatus: \"Rejected\"\n---\n\n# X\n\n* Status: rejected\n",
        ),
        (
            "+++\nstatus = \"accepted\"\n+++\n\n# X\n\n## Status\n\n- [x] Accepted\n- [ ] Rejected\n",
            "+++\nstatus = \"rejected\"\n+++\n\n# X\n\n## Status\n\n- [ ] Accepted\n- [x] Rejected\n",
        ),
        // Another status in the text is not that of the decision.
        (
            "---\nstatus: accepted\n---\n\n# X\n\n* Status: draft\n",
            "---\nstatus: rejected\n---\n\n# X\n\n* Status: draft\n",
        ),
    ] {
        let workspace = with_page(text);
        workspace.ok(&["decision", "status", "1", "--to", "rejected"]);
        assert_eq!(export(&workspace), rejected);
        assert_eq!(import(&workspace), "unchanged");
        workspace.ok(&["decision", "status", "1", "--to", "maintained"]);
        assert_eq!(export(&workspace), text);
    }
}

#[test]
fn page_with_carriage_returns_keeps_them() {
    let text = TEXT.replace('\n', "\r");
    let workspace = with_page(&text);
    assert_eq!(show(&workspace, "1")["rationale"], "Pears.");
    assert_eq!(export(&workspace), text);
    workspace.ok(&["decision", "status", "1", "--to", "rejected"]);
    workspace.ok(&[
        "decision",
        "edit",
        "1",
        "--impact",
        "low",
        "--rationale",
        "Plums.\n\nRed.",
    ]);
    let page = export(&workspace);
    assert!(!page.contains('\n'), "{page:?}");
    assert!(
        page.contains("**Rejected**") && page.contains("\r\rPlums.\r\rRed.\r"),
        "{page:?}"
    );
    assert_eq!(import(&workspace), "unchanged");
    workspace.write(PAGE, page.replace("Plums.", "Figs."));
    assert_eq!(import(&workspace), "changed");
    assert_eq!(show(&workspace, "1")["rationale"], "Figs.\n\nRed.");
}

#[test]
fn title_that_cannot_be_written_is_named_with_its_decision() {
    let workspace = TestWorkspace::with_workspace();
    // Front matter that is not valid stays as it is.
    let page = "---\ntitle: Use x\nstatus: accepted\ntags: [a\n---\n\n## Decision\n\nd\n";
    workspace.write("adr/0001-x.md", page);
    workspace.write("adr/0002-y.md", page.replace("Use x", "Use y"));
    workspace.write(
        "adr/0003-z.md",
        "# Use z\n\n## Status\n\nAccepted\n\n## Decision\n\nd\n",
    );
    workspace.ok(&["decision", "import", "--adr", "adr"]);
    workspace.ok(&["decision", "edit", "1", "2", "3", "--decision", "New title"]);
    let export = ["decision", "export", "--adr", "adr"];
    assert_snapshot!(workspace.fails(1, &export), @"
    error: the title of DEC-001 cannot be written to adr/0001-x.md without rewriting the whole file
           the title of DEC-002 cannot be written to adr/0002-y.md without rewriting the whole file
    hint: nothing was written; edit the file and import it, export the other decisions by ID, or use --force to write the file in MADR 4 format
    ");
    assert!(workspace.read("adr/0003-z.md").starts_with("# Use z\n"));
    workspace.ok(&["decision", "export", "--adr", "adr", "3"]);
    assert!(workspace.read("adr/0003-z.md").starts_with("# New title\n"));
    workspace.replace_in("adr/0001-x.md", "title: Use x", "title: New title");
    workspace.replace_in("adr/0002-y.md", "title: Use y", "title: New title");
    workspace.ok(&["decision", "import", "--adr", "adr"]);
    workspace.ok(&export);
}
