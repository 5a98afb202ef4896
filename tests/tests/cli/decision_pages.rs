//! Decisions as MADR pages.

use std::fs;

use insta::assert_snapshot;
use serde_json::json;
use wsdb_tests::TestWorkspace;

use crate::decisions::{list, show, three_decisions, title};

wsdb_tests::on_sqlite_and_postgres! {
    decision_is_written_as_a_page,
}

wsdb_tests::on_sqlite_and_in_stress_on_postgres! {
    pages_restore_decisions_in_an_empty_workspace,
    older_page_does_not_change_its_decision,
    page_and_decision_both_changed_is_a_conflict,
}

const EXPORT: [&str; 4] = ["decision", "export", "--adr", "adr"];

const IMPORT: [&str; 4] = ["decision", "import", "--adr", "adr"];

/// The page of the first decision of the sample.
const PAGE: &str = "adr/0001-orchard-core-holds-nothing-that-is-specific-to-a-season.md";

/// The sample, with its decisions as pages in the folder `adr`.
fn with_pages() -> TestWorkspace {
    let workspace = TestWorkspace::with_sample("handwritten");
    workspace.ok(&["decision", "supersede", "2", "--by", "1"]);
    workspace.ok(&EXPORT);
    workspace
}

fn decision_is_written_as_a_page() {
    let workspace = with_pages();
    assert_snapshot!(workspace.read(PAGE), @r#"
    ---
    status: accepted
    date: 2025-11-20
    wsdb:
      hash: 81ce29aa4502f880h
      state: 3f2e6bc13be0e518h
      id: DEC-001
      status: implemented
      session: "2025-11-20-session-001"
      impact: HIGH
      repos: [orchard-core, orchard-web, orchard-ml]
      files: [orchard-core/ADR-001.md]
      documentation: [ADR-001-COMPONENT-PLACEMENT.md]
      supersedes: [DEC-002]
    ---

    # orchard-core holds nothing that is specific to a season

    ## Context and Problem Statement

    <!-- wsdb -->
    Concerns orchard-core, orchard-web, orchard-ml. Impact: HIGH.
    <!-- /wsdb -->

    ## Decision Outcome

    It is reused by every fruit.

    ## More Information

    <!-- wsdb -->
    * Supersedes [DEC-002](0002-forecasts-stay-on-one-machine-for-now.md)
    * File orchard-core/ADR-001.md
    * See ADR-001-COMPONENT-PLACEMENT.md
    <!-- /wsdb -->
    "#);
}

#[test]
fn unchanged_pages_are_not_written_again() {
    let workspace = with_pages();
    let again = workspace.ok(&EXPORT);
    assert!(!again.contains("written"), "{again}");
}

fn pages_restore_decisions_in_an_empty_workspace() {
    let workspace = with_pages();
    let other = TestWorkspace::with_workspace();
    let pages = workspace.path().join("adr").display().to_string();
    other.ok(&["decision", "import", "--adr", &pages]);
    assert_eq!(
        other.json(&["decision", "list"]),
        workspace.json(&["decision", "list"])
    );
}

#[test]
fn page_keeps_its_file_name() {
    let workspace = with_pages();
    workspace.ok(&["decision", "edit", "1", "--decision", "Another title"]);
    workspace.ok(&[&EXPORT[..], &["1"]].concat());
    assert!(workspace.read(PAGE).contains("\n# Another title\n"));
}

#[test]
fn edited_page_is_not_overwritten() {
    let workspace = with_pages();
    workspace.replace_in(PAGE, "It is reused", "It was reused");
    assert_snapshot!(workspace.fails(1, &EXPORT), @"
    error: adr/0001-orchard-core-holds-nothing-that-is-specific-to-a-season.md changed since the last import or export; exporting would overwrite the changes
    hint: run 'wsdb decision import --adr adr' first, or use --force to overwrite the changes
    ");
    workspace.ok(&IMPORT);
    assert_eq!(
        show(&workspace, "1")["rationale"],
        "It was reused by every fruit."
    );
    workspace.ok(&EXPORT);
}

fn older_page_does_not_change_its_decision() {
    let workspace = with_pages();
    workspace.ok(&["decision", "edit", "2", "--rationale", "Newer"]);
    let imported = workspace.json(&IMPORT);
    for file in imported["files"].as_array().unwrap() {
        assert_eq!(file["result"], "unchanged", "{file}");
    }
    assert_eq!(show(&workspace, "2")["rationale"], "Newer");
}

const TEXT: &str = "adr/0004-use-text.md";

/// Pages as written by other tools, in an older and a newer format.
fn with_foreign_pages() -> TestWorkspace {
    let workspace = three_decisions();
    workspace.write("adr/README.md", "# Decisions\n");
    workspace.write(
        TEXT,
        "# Use text\n\n* Status: superseded by [ADR-0005](0005-use-pears.md)\n* Deciders: Mira\n* Date: 2021-03-02\n\n## Context and Problem Statement\n\nHow?\n\n## Decision Outcome\n\nText.\n\n### Consequences\n\n* Good\n",
    );
    workspace.write(
        "adr/0005-use-pears.md",
        "---\nstatus: accepted\ndeciders: [Mira, Jo]\ndate: 2022-01-01\n---\n# Use pears\n\n## Decision Outcome\n\nPears.\n",
    );
    workspace
}

#[test]
fn pages_of_other_tools_are_imported() {
    let workspace = with_foreign_pages();
    assert_snapshot!(workspace.ok(&IMPORT), @"
    ID       FILE                   DECISION   RESULT
    DEC-004  adr/0004-use-text.md   Use text   new
    DEC-005  adr/0005-use-pears.md  Use pears  new

    Imported 2 decisions
    ");
    let pears = show(&workspace, "5");
    assert_eq!(pears["supersedes"], json!(["DEC-004"]));
    assert_eq!(pears["status"], "maintained");
    assert_eq!(
        pears["extra_metadata"]["madr"]["front"]["decision-makers"],
        json!(["Mira", "Jo"])
    );
}

#[test]
fn unchanged_page_is_not_imported_again() {
    let workspace = with_foreign_pages();
    workspace.ok(&IMPORT);
    assert_snapshot!(workspace.ok(&["decision", "import", "--adr", TEXT]), @"
    ID       FILE                  DECISION  RESULT
    DEC-004  adr/0004-use-text.md  Use text  unchanged

    Nothing to import: all decisions are unchanged
    ");
}

#[test]
fn page_dry_run_writes_nothing() {
    let workspace = with_foreign_pages();
    assert_snapshot!(workspace.ok(&[&IMPORT[..], &["--dry-run"]].concat()), @"
    ID       FILE                   DECISION   RESULT
    DEC-004  adr/0004-use-text.md   Use text   new
    DEC-005  adr/0005-use-pears.md  Use pears  new

    Dry run: nothing was written
    ");
    assert_eq!(list(&workspace, &[]).len(), 3);
}

#[test]
fn page_imported_again_changes_its_decision() {
    let workspace = with_foreign_pages();
    workspace.ok(&IMPORT);
    workspace.write(TEXT, "# Use much text\n\nStatus: accepted\n");
    workspace.ok(&IMPORT);
    assert_eq!(title(&workspace, "4"), "Use much text");
    assert_eq!(list(&workspace, &[]).len(), 5);
}

#[test]
fn page_changed_since_its_import_is_not_overwritten() {
    let workspace = with_foreign_pages();
    workspace.ok(&IMPORT);
    workspace.write(TEXT, "# Use more text\n\nStatus: accepted\n");
    let export = [&EXPORT[..], &["4"]].concat();
    assert_snapshot!(workspace.fails(1, &export), @"
    error: adr/0004-use-text.md changed since the last import or export; exporting would overwrite the changes
    hint: run 'wsdb decision import --adr adr' first, or use --force to overwrite the changes
    ");
    workspace.ok(&[&export[..], &["--force"]].concat());
}

#[test]
fn all_problems_of_pages_are_reported_together() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("adr/0006-x.md", "---\nwsdb: a: b\n---\n# x\n");
    workspace.write("adr/0007-x.md", "## Context\n");
    workspace.write("adr/0008-x.md", "# Fine\n");
    assert_snapshot!(workspace.fails(1, &IMPORT), @"
    error: adr/0006-x.md, line 2, column 1: front matter is not valid: mapping values are not allowed in this context
           adr/0007-x.md, line 1, column 1: missing title; add a line such as '# Use one core'
    hint: fix the problems above and run the command again, or skip the files with --skip-rejects
    ");
    assert!(list(&workspace, &[]).is_empty());
}

/// Two repos, each with a first page of its own and a second one with the same name and title.
fn two_repos() -> TestWorkspace {
    let workspace = three_decisions();
    workspace.write("core/docs/0001-use-pears.md", "# Use pears\n");
    workspace.write("web/docs/0001-ship-with-npm.md", "# Ship with npm\n");
    for repo in ["core", "web"] {
        let name = format!("{repo}/docs/0002-record-decisions.md");
        workspace.write(&name, "# Record decisions\n");
    }
    workspace.ok(&["decision", "import", "--adr", "core/docs"]);
    workspace.ok(&["decision", "import", "--adr", "web/docs"]);
    workspace
}

#[test]
fn same_title_in_two_repos_is_two_decisions() {
    let workspace = two_repos();
    assert_eq!(
        ["4", "5", "6", "7"].map(|id| title(&workspace, id)),
        [
            "Use pears",
            "Record decisions",
            "Ship with npm",
            "Record decisions"
        ]
    );
    let again = workspace.json(&["decision", "import", "--adr", "core/docs", "web/docs"]);
    let files = again["files"].as_array().unwrap();
    assert_eq!(files.len(), 4);
    for file in files {
        assert_eq!(file["result"], "unchanged", "{file}");
    }
}

#[test]
fn moved_page_is_the_same_decision() {
    let workspace = two_repos();
    let folder = |name: &str| workspace.path().join("core").join(name);
    fs::rename(folder("docs"), folder("adr")).unwrap();
    // Another title with the same number is another decision.
    workspace.write("core/adr/0001-use-apples.md", "# Use apples\n");
    workspace.ok(&["decision", "import", "--adr", "core/adr"]);
    assert_eq!(list(&workspace, &[]).len(), 8);
    assert_eq!(title(&workspace, "4"), "Use pears");
    assert_eq!(title(&workspace, "8"), "Use apples");
}

#[test]
fn imported_page_is_not_restyled_without_force() {
    let workspace = two_repos();
    let export = ["decision", "export", "--adr", "core/docs", "4", "5"];
    workspace.ok(&export);
    assert_eq!(
        workspace.read("core/docs/0001-use-pears.md"),
        "# Use pears\n"
    );
    workspace.ok(&[&export[..], &["--force"]].concat());
    let page = workspace.read("core/docs/0001-use-pears.md");
    assert!(page.contains("  id: DEC-004\n"), "{page}");
}

#[test]
fn page_of_another_repo_is_not_overwritten() {
    let workspace = two_repos();
    workspace.write("core/docs/0002-record-decisions.md", "# Record decisions\n");
    workspace.ok(&["decision", "edit", "7", "--impact", "high"]);
    let exported = workspace.json(&["decision", "export", "--adr", "core/docs", "7"]);
    assert_eq!(
        exported["files"][0]["file_path"],
        "core/docs/0007-record-decisions.md"
    );
    assert_eq!(
        workspace.read("core/docs/0002-record-decisions.md"),
        "# Record decisions\n"
    );
    // Nor if it has an id.
    workspace.ok(&["decision", "export", "--adr", "web/docs", "7", "--force"]);
    workspace.ok(&["decision", "export", "--adr", "web/docs", "5"]);
    let page = workspace.read("web/docs/0002-record-decisions.md");
    assert!(page.contains("  id: DEC-007\n"), "{page}");
}

const SEASON: &str = "adr/0001-pricing-must-not-depend-on-seasons.md";

fn page_and_decision_both_changed_is_a_conflict() {
    let workspace = three_decisions();
    workspace.ok(&EXPORT);
    workspace.replace_in(SEASON, "# Pricing must", "# Prices must");
    workspace.ok(&["decision", "edit", "1", "--decision", "Changed in db"]);
    // Nothing is written, not even the other page.
    workspace.write("adr/0009-more.md", "# More\n");
    for options in [&["--dry-run"][..], &[]] {
        assert_snapshot!(workspace.fails(1, &[&IMPORT[..], options].concat()), @"
        error: adr/0001-pricing-must-not-depend-on-seasons.md and DEC-001 both changed since the last import or export; conflicting fields: title
        hint: nothing was written; run the import again with --prefer file or --prefer database
        ");
    }
    assert_eq!(list(&workspace, &[]).len(), 3);
    workspace.ok(&[&IMPORT[..], &["--prefer", "database"]].concat());
    assert_eq!(title(&workspace, "1"), "Changed in db");
    assert_eq!(list(&workspace, &[]).len(), 4);
    // The import can be undone, and the other side preferred.
    workspace.ok(&["undo"]);
    workspace.ok(&[&IMPORT[..], &["--prefer", "file"]].concat());
    assert_eq!(title(&workspace, "1"), "Prices must not depend on seasons");
}

#[test]
fn conflict_resolved_in_favor_of_the_database_is_no_change() {
    let workspace = three_decisions();
    workspace.ok(&EXPORT);
    workspace.replace_in(SEASON, "# Pricing must", "# Prices must");
    workspace.ok(&["decision", "edit", "1", "--decision", "Changed in db"]);
    let import = [&IMPORT[..], &["--prefer", "database"]].concat();
    assert_snapshot!(workspace.ok(&import), @"
    ID       FILE                                            DECISION                            RESULT
    DEC-001  adr/0001-pricing-must-not-depend-on-seasons.md  Changed in db                       unchanged
    DEC-002  adr/0002-compute-prices-only-in-orchard-web.md  Compute prices only in orchard-web  unchanged
    DEC-003  adr/0003-compute-prices-in-a-service.md         Compute prices in a service         unchanged

    Conflicts were resolved in favor of the database; no decision was changed
    ");
    let history = workspace.json(&["history"]);
    assert_eq!(history["history"][0]["verb"], "decision edit");
    // The conflict is settled: the page is overwritten.
    workspace.ok(&EXPORT);
    assert!(workspace.read(SEASON).contains("# Changed in db"));
    // What only the file changed is imported.
    workspace.replace_in(SEASON, "# Changed in db", "# Prices must");
    workspace.ok(&["decision", "edit", "1", "--decision", "Changed again"]);
    workspace.replace_in(SEASON, "repos: [core]", "repos: [core, web]");
    let imported = workspace.ok(&import);
    assert!(
        imported.contains("Changed again                       changed\n"),
        "{imported}"
    );
    assert!(imported.ends_with("Imported 1 decision\n"), "{imported}");
}

#[test]
fn page_changed_alone_is_imported() {
    let workspace = three_decisions();
    workspace.ok(&EXPORT);
    workspace.replace_in(SEASON, "# Pricing must", "# Core pricing must");
    workspace.ok(&IMPORT);
    assert_eq!(
        title(&workspace, "1"),
        "Core pricing must not depend on seasons"
    );
}

#[test]
fn sections_of_a_page_are_shown_by_name() {
    let workspace = three_decisions();
    workspace.write(
        "adr/0004-text.md",
        "---\ndeciders: [Mira, Jo]\n---\n# Use text\n\n## Considered Options\n\n* Text\n* Paper\n\n## Decision Outcome\n\nText.\n",
    );
    workspace.ok(&IMPORT);
    assert_snapshot!(workspace.ok(&["decision", "show", "4"]), @"
    DEC-004  Use text
    status              unknown
    date                2026-01-15 10:00 (just now), from the import of the file
    rationale           Text.
    folder              adr
    file                0004-text.md
    decision-makers     Mira, Jo
    considered options  * Text
                        * Paper
    ");
}

#[test]
fn page_with_only_an_id_changes_only_the_title() {
    let workspace = three_decisions();
    workspace.ok(&["decision", "edit", "1", "--impact", "high"]);
    let before = show(&workspace, "1");
    for id in ["001", "050"] {
        workspace.write(
            &format!("adr/0{id}-x.md"),
            format!("\u{feff}---\nwsdb:\n  id: DEC-{id}\n---\n# Page {id}\n"),
        );
    }
    workspace.ok(&IMPORT);
    let changed = show(&workspace, "1");
    assert_eq!(changed["decision"], "Page 001");
    assert_eq!(changed["impact"], "HIGH");
    assert_eq!(changed["date"], before["date"]);
    let new = show(&workspace, "50");
    assert_eq!(new["decision"], "Page 050");
    assert_eq!(new["date"].as_str().unwrap()[..10], *"2026-01-15");
}

#[test]
fn page_without_a_title_is_refused() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write("adr/0001-empty.md", "");
    workspace.write(
        "adr/0002-none.md",
        "---\nstatus: accepted\n---\n\n## Context\n\nx\n",
    );
    assert_snapshot!(workspace.fails(1, &IMPORT), @"
    error: adr/0001-empty.md, line 1, column 1: missing title; add a line such as '# Use one core'
           adr/0002-none.md, line 4, column 1: missing title; add a line such as '# Use one core'
    hint: fix the problems above and run the command again
    ");
    assert!(list(&workspace, &[]).is_empty());
}
