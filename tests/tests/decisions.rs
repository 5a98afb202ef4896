//! Decisions: what supersedes what, what they are linked to, and their pages in Markdown.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::{Folder, fixture};

fn three() -> Folder {
    let folder = Folder::with_workspace();
    folder.ok(&["task", "add", "Move pricing", "-r", "core"]);
    folder.ok(&["decision", "add", "The core knows no season", "-r", "core"]);
    folder.ok(&[
        "decision",
        "add",
        "Prices live in the web",
        "-s",
        "accepted",
    ]);
    folder.ok(&["decision", "add", "Prices live in a service"]);
    folder
}

fn ids(folder: &Folder, args: &[&str]) -> Vec<String> {
    let list = folder.json(&[&["decision", "list"], args].concat());
    let list = list["decisions"].as_array().expect("a list").clone();
    list.iter()
        .map(|d| d["id"].as_str().expect("an id").to_owned())
        .collect()
}

fn one_takes_the_place_of_another() {
    let folder = three();
    assert_snapshot!(folder.ok(&["decision", "supersede", "1", "2", "--by", "3"]), @"DEC-003: supersedes DEC-001 (superseded), supersedes DEC-002 (superseded)");
    let shown = folder.json(&["decision", "show", "1"]);
    assert_eq!(shown["status"], "superseded");
    assert_eq!(shown["superseded_by"], json!(["DEC-003"]));
    assert_snapshot!(folder.fails(1, &["decision", "supersede", "3", "--by", "1"]), @r"
    error: these decisions would supersede each other: DEC-001 -> DEC-003 -> DEC-001
    hint: nothing was changed; `wsdb decision unlink` takes one of them out of the way
    ");
    let itself = folder.fails(1, &["decision", "link", "2", "--supersedes", "2", "--json"]);
    let error: Value = serde_json::from_str(&itself).expect("JSON");
    assert_eq!(error["error"]["code"], "cycle");
    let missing = folder.fails(1, &["decision", "supersede", "1", "8", "--by", "9"]);
    let both = missing.contains("decision 8 not found") && missing.contains("decision 9 not found");
    assert!(both, "{missing}");
    assert_eq!(ids(&folder, &["--superseded"]), ["DEC-001", "DEC-002"]);
    assert_eq!(ids(&folder, &["--current"]), ["DEC-003"]);
    // One action: it is taken back as a whole.
    folder.ok(&["undo"]);
    assert_eq!(ids(&folder, &["--superseded"]), Vec::<String>::new());
    assert_eq!(
        folder.json(&["decision", "show", "2"])["status"],
        "maintained"
    );
    folder.ok(&["decision", "add", "No prices", "--supersedes", "1,DEC-404"]);
    assert_eq!(ids(&folder, &["--superseded"]), ["DEC-001"]);
}

fn links_may_wait_for_their_targets() {
    let folder = three();
    let output = folder.run(&[
        "decision",
        "link",
        "1",
        "--task",
        "1,WS-TSAK-001",
        "--component",
        "Pricing",
        "--drift",
        "3",
    ]);
    assert!(output.status.success());
    assert_snapshot!(String::from_utf8_lossy(&output.stdout), @"DEC-001: task WS-TASK-001 (pending), task WS-TSAK-001 (missing), component Pricing (missing), drift DRIFT-003 (missing)");
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    note: task WS-TSAK-001 not found: the link waits for it; did you mean WS-TASK-001?
    note: detection DRIFT-003 not found: the link waits for it
    note: component Pricing not found: the link waits for it
    ");
    for filter in [
        ["--task", "1"],
        ["--component", "Pricing"],
        ["--drift", "DRIFT-003"],
    ] {
        assert_eq!(ids(&folder, &filter), ["DEC-001"], "{filter:?}");
    }
    assert_eq!(ids(&folder, &["--task", "2"]), Vec::<String>::new());
    let task = folder.json(&["task", "show", "1"]);
    assert_eq!(task["decisions"], json!(["DEC-001"]));
    let kept = folder.fails(1, &["task", "rm", "1"]);
    assert!(kept.contains("decision DEC-001"), "{kept}");
    assert_snapshot!(folder.fails(1, &["decision", "unlink", "1", "--task", "1,7", "--component", "x"]), @r"
    error: DEC-001 is not linked to WS-TASK-007
           DEC-001 is not linked to x
    ");
    assert_snapshot!(folder.ok(&["decision", "unlink", "1", "--task", "1", "--drift", "3"]), @"DEC-001: task WS-TSAK-001 (missing), component Pricing (missing)");
    folder.ok(&["task", "rm", "1"]);
    folder.ok(&["undo", "--dry-run"]);
    let nothing = folder.fails(2, &["decision", "link", "1"]);
    assert!(
        nothing.contains("--supersedes, --task, --component or --drift"),
        "{nothing}"
    );
}

fn links_go_out_and_come_back() {
    let folder = three();
    folder.ok(&[
        "decision",
        "link",
        "2",
        "--supersedes",
        "1",
        "--task",
        "1",
        "--component",
        "P",
        "--drift",
        "V-1",
    ]);
    folder.ok(&["export", "out"]);
    let file = folder.path().join("out/ARCHITECTURE-DECISIONS.json");
    let text = fs::read_to_string(&file).expect("exported");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let exported = &document["decisions"][1];
    assert_eq!(exported["supersedes"], json!(["DEC-001"]));
    assert_eq!(exported["related_tasks"], json!(["WS-TASK-001"]));
    assert_eq!(exported["related_components"], json!(["P"]));
    assert_eq!(exported["related_detections"], json!(["V-1"]));
    // Changed on both sides: field by field.
    folder.ok(&["decision", "link", "2", "--task", "9"]);
    fs::write(&file, text.replace("\"P\"", "\"Q\"")).expect("written");
    folder.ok(&["import", "out"]);
    let merged = folder.json(&["decision", "show", "2"]);
    assert_eq!(merged["related_components"], json!(["Q"]));
    assert_eq!(
        merged["related_tasks"],
        json!(["WS-TASK-001", "WS-TASK-009"])
    );
    assert_eq!(ids(&folder, &["--component", "Q"]), ["DEC-002"]);
    assert_eq!(ids(&folder, &["--component", "P"]), Vec::<String>::new());
    // Another database, by documents.
    folder.ok(&["export", "out"]);
    let other = Folder::new();
    other.ok(&["import", &folder.path().join("out").display().to_string()]);
    let shown = other.json(&["decision", "show", "2"]);
    assert_eq!(
        shown["links"],
        folder.json(&["decision", "show", "2"])["links"]
    );
}

fn page(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path().join("adr").join(name)).expect("a page")
}

fn pages_are_written_and_kept() {
    let folder = Folder::new();
    folder.ok(&["import", &fixture("handwritten").display().to_string()]);
    folder.ok(&["decision", "supersede", "2", "--by", "1"]);
    let before = folder.json(&["decision", "list"]);
    folder.ok(&["decision", "export", "--adr", "adr"]);
    let name = "0001-orchard-core-holds-nothing-that-is-specific-to-a-season.md";
    let text = page(&folder, name);
    assert!(
        text.starts_with("---\nstatus: accepted\ndate: 2025-11-20\nwsdb:\n"),
        "{text}"
    );
    assert!(
        text.contains("\n# orchard-core holds nothing that is specific to a season\n"),
        "{text}"
    );
    assert!(
        text.contains("\n* Supersedes [DEC-002](0002-forecasts-stay-on-one-machine-for-now.md)\n"),
        "{text}"
    );
    let again = folder.ok(&["decision", "export", "--adr", "adr"]);
    assert!(!again.contains("written"), "{again}");
    // Into an empty workspace, and everything is the same.
    let other = Folder::with_workspace();
    let source = folder.path().join("adr").display().to_string();
    other.ok(&["decision", "import", "--adr", &source]);
    assert_eq!(other.json(&["decision", "list"]), before);
    // A page keeps its file when the decision gets another title.
    folder.ok(&["decision", "edit", "1", "--decision", "Another title"]);
    folder.ok(&["decision", "export", "--adr", "adr", "1"]);
    assert!(page(&folder, name).contains("\n# Another title\n"));
    // What people changed is not written over.
    fs::write(
        folder.path().join("adr").join(name),
        page(&folder, name).replace("It is reused", "It was reused"),
    )
    .expect("written");
    let lost = folder.fails(1, &["decision", "export", "--adr", "adr"]);
    assert!(
        lost.contains(name) && lost.contains("--force writes over them"),
        "{lost}"
    );
    folder.ok(&["decision", "import", "--adr", "adr"]);
    let shown = folder.json(&["decision", "show", "1"]);
    assert_eq!(shown["rationale"], "It was reused by every fruit.");
    folder.ok(&["decision", "export", "--adr", "adr"]);
    // A page that is older than its decision says nothing.
    folder.ok(&["decision", "edit", "2", "--rationale", "Newer"]);
    let old = folder.ok(&["decision", "import", "--adr", "adr"]);
    assert!(old.ends_with("nothing changed\n"), "{old}");
    assert_eq!(
        folder.json(&["decision", "show", "2"])["rationale"],
        "Newer"
    );
}

fn pages_of_others_are_read() {
    let folder = three();
    let adr = folder.path().join("adr");
    fs::create_dir(&adr).expect("a folder");
    let write = |name: &str, text: &str| fs::write(adr.join(name), text).expect("written");
    write("README.md", "# Decisions\n");
    write(
        "0004-use-text.md",
        "# Use text\n\n* Status: superseded by [ADR-0005](0005-use-pears.md)\n* Deciders: Mira\n* Date: 2021-03-02\n\n## Context and Problem Statement\n\nHow?\n\n## Decision Outcome\n\nText.\n\n### Consequences\n\n* Good\n",
    );
    write(
        "0005-use-pears.md",
        "---\nstatus: accepted\ndeciders: [Mira, Jo]\ndate: 2022-01-01\n---\n# Use pears\n\n## Decision Outcome\n\nPears.\n",
    );
    let dry = folder.ok(&["decision", "import", "--adr", "adr", "--dry-run"]);
    assert!(dry.ends_with("a dry run: nothing was written\n"), "{dry}");
    assert_eq!(ids(&folder, &[]).len(), 3);
    assert_snapshot!(folder.ok(&["decision", "import", "--adr", "adr"]), @r"
    ID       FILE                   DECISION
    DEC-004  adr/0004-use-text.md   Use text   new
    DEC-005  adr/0005-use-pears.md  Use pears  new

    2 decisions written
    ");
    let pears = folder.json(&["decision", "show", "5"]);
    assert_eq!(pears["supersedes"], json!(["DEC-004"]));
    assert_eq!(pears["status"], "maintained");
    assert_eq!(
        pears["extra_metadata"]["madr"]["front"]["decision-makers"],
        json!(["Mira", "Jo"])
    );
    let again = folder.ok(&["decision", "import", "--adr", "adr/0004-use-text.md"]);
    assert!(again.ends_with("nothing changed\n"), "{again}");
    // The same decision again, not one more.
    write("0004-use-text.md", "# Use much text\n\nStatus: accepted\n");
    folder.ok(&["decision", "import", "--adr", "adr"]);
    assert_eq!(
        folder.json(&["decision", "show", "4"])["decision"],
        "Use much text"
    );
    assert_eq!(ids(&folder, &[]).len(), 5);
    // What was imported just so is written over, what was changed since is not.
    write("0004-use-text.md", "# Use more text\n\nStatus: accepted\n");
    let lost = folder.fails(1, &["decision", "export", "--adr", "adr", "4"]);
    assert!(lost.contains("adr/0004-use-text.md"), "{lost}");
    folder.ok(&["decision", "export", "--adr", "adr", "4", "--force"]);
    // All or nothing, and all that is wrong.
    write("0006-x.md", "---\nstatus: odd\n---\n# x\n");
    write("0007-x.md", "# x\n\nDate: sometime\n");
    write("0008-x.md", "# Fine\n");
    let wrong = folder.fails(1, &["decision", "import", "--adr", "adr"]);
    assert!(
        wrong.contains("adr/0006-x.md, line 2, column 1: \"odd\" is no decision status"),
        "{wrong}"
    );
    assert!(
        wrong.contains("adr/0007-x.md, line 3, column 1: no such time"),
        "{wrong}"
    );
    assert_eq!(ids(&folder, &[]).len(), 5);
}

fn write_page(folder: &Folder, name: &str, text: &str) {
    let file = folder.path().join(name);
    fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    fs::write(file, text).expect("written");
}

fn repos_number_their_pages_alone() {
    let folder = three();
    let title = |id: &str| folder.json(&["decision", "show", id])["decision"].clone();
    write_page(&folder, "core/docs/0001-use-pears.md", "# Use pears\n");
    write_page(
        &folder,
        "web/docs/0001-ship-with-npm.md",
        "# Ship with npm\n",
    );
    // The same name and title in two repos are two decisions.
    for repo in ["core", "web"] {
        let name = format!("{repo}/docs/0002-record-decisions.md");
        write_page(&folder, &name, "# Record decisions\n");
    }
    folder.ok(&["decision", "import", "--adr", "core/docs"]);
    folder.ok(&["decision", "import", "--adr", "web/docs"]);
    let all: Vec<Value> = (4..=7).map(|id| title(&id.to_string())).collect();
    assert_eq!(
        all,
        [
            "Use pears",
            "Record decisions",
            "Ship with npm",
            "Record decisions"
        ]
    );
    let both = [
        "decision",
        "import",
        "--adr",
        "core/docs",
        "web/docs",
        "--json",
    ];
    let again: Value = serde_json::from_str(&folder.ok(&both)).expect("JSON");
    let files = again["files"].as_array().expect("a list");
    let unchanged = files.iter().filter(|f| f["outcome"] == "unchanged").count();
    assert_eq!((files.len(), unchanged), (4, 4), "{again}");
    // Moved with its title, it is the same; another title of that number is another decision.
    fs::rename(
        folder.path().join("core/docs"),
        folder.path().join("core/adr"),
    )
    .expect("moved");
    write_page(&folder, "core/adr/0001-use-apples.md", "# Use apples\n");
    folder.ok(&["decision", "import", "--adr", "core/adr"]);
    assert_eq!(ids(&folder, &[]).len(), 8);
    assert_eq!(title("4"), "Use pears");
    assert_eq!(title("8"), "Use apples");
    // What was imported so may be written over: nothing is lost.
    folder.ok(&["decision", "export", "--adr", "core/adr", "4", "5"]);
    let page = fs::read_to_string(folder.path().join("core/adr/0001-use-pears.md"));
    assert!(page.expect("a page").contains("  id: DEC-004\n"));
    // Another repo's page of that name is left alone.
    folder.ok(&["decision", "export", "--adr", "core/adr", "7"]);
    let page = fs::read_to_string(folder.path().join("core/adr/0002-record-decisions.md"));
    assert!(page.expect("a page").contains("  id: DEC-005\n"));
}

fn what_changed_on_both_sides_is_a_conflict() {
    let folder = three();
    folder.ok(&["decision", "export", "--adr", "adr"]);
    let file = "adr/0001-the-core-knows-no-season.md";
    let text = fs::read_to_string(folder.path().join(file)).expect("a page");
    let edited = text.replace("# The core knows", "# The core has");
    let title = || folder.json(&["decision", "show", "1"])["decision"].clone();
    write_page(&folder, file, &edited);
    folder.ok(&["decision", "edit", "1", "--decision", "Changed in db"]);
    // Nothing is written: the other page neither.
    write_page(&folder, "adr/0009-more.md", "# More\n");
    for args in [&["--dry-run"][..], &[]] {
        let import = [&["decision", "import", "--adr", "adr"], args].concat();
        assert_snapshot!(folder.fails(1, &import), @r"
        error: adr/0001-the-core-knows-no-season.md and DEC-001 were both changed since the page was written; they differ in: title
        hint: nothing was written; --prefer file or --prefer database decides
        ");
    }
    assert_eq!(ids(&folder, &[]).len(), 3);
    let prefer = |side| folder.ok(&["decision", "import", "--adr", "adr", "--prefer", side]);
    prefer("database");
    assert_eq!(
        (title(), ids(&folder, &[]).len()),
        ("Changed in db".into(), 4)
    );
    prefer("file");
    assert_eq!(title(), "The core has no season");
    // A page that alone was changed needs nobody's word.
    folder.ok(&["decision", "export", "--adr", "adr"]);
    let text = fs::read_to_string(folder.path().join(file)).expect("a page");
    write_page(
        &folder,
        file,
        &text.replace("# The core has", "# No core has"),
    );
    folder.ok(&["decision", "import", "--adr", "adr"]);
    assert_eq!(title(), "No core has no season");
}

fn what_is_superseded_by_none_is_told() {
    let folder = three();
    folder.ok(&["decision", "supersede", "1", "--by", "3"]);
    let unlink = folder.run(&["decision", "unlink", "3", "--supersedes", "1"]);
    assert!(unlink.status.success());
    assert_snapshot!(String::from_utf8_lossy(&unlink.stderr), @"note: DEC-001 is still superseded, and by no decision now; `wsdb decision status DEC-001 --to maintained` takes it up again");
    folder.ok(&["decision", "status", "1", "--to", "implemented"]);
    let history = folder.ok(&["history"]);
    assert!(history.contains("decision implemented"), "{history}");
}

fn sections_of_a_page_are_shown_by_name() {
    let folder = three();
    write_page(
        &folder,
        "adr/0004-text.md",
        "---\ndeciders: [Mira, Jo]\n---\n# Use text\n\n## Considered Options\n\n* Text\n* Paper\n\n## Decision Outcome\n\nText.\n",
    );
    folder.ok(&["decision", "import", "--adr", "adr"]);
    let shown = folder.ok(&["decision", "show", "4"]);
    let line = |name: &str| shown.lines().find(|line| line.trim().starts_with(name));
    let options = line("considered options").unwrap_or_else(|| panic!("{shown}"));
    assert!(options.ends_with("* Text"), "{shown}");
    let makers = line("decision-makers").unwrap_or_else(|| panic!("{shown}"));
    assert!(makers.ends_with("Mira, Jo"), "{shown}");
    assert!(
        line("metadata").is_none() && !shown.contains('{'),
        "{shown}"
    );
}

fn an_id_is_enough() {
    let folder = three();
    folder.ok(&["decision", "edit", "1", "--impact", "high"]);
    let date = folder.json(&["decision", "show", "1"])["date"].clone();
    for id in [1, 50] {
        write_page(
            &folder,
            &format!("adr/{id:04}-x.md"),
            &format!("\u{feff}---\nwsdb:\n  id: DEC-{id:03}\n---\n# Page {id}\n"),
        );
    }
    folder.ok(&["decision", "import", "--adr", "adr"]);
    let one = folder.json(&["decision", "show", "1"]);
    assert_eq!(one["decision"], "Page 1");
    // What the page doesn't say stays.
    assert_eq!((&one["impact"], &one["date"]), (&json!("HIGH"), &date));
    let new = folder.json(&["decision", "show", "50"]);
    assert_eq!(new["decision"], "Page 50");
    assert_ne!(new["date"], "1970-01-01T00:00:00Z");
}

fn a_page_has_a_title() {
    let folder = three();
    write_page(&folder, "adr/0001-empty.md", "");
    write_page(
        &folder,
        "adr/0002-none.md",
        "---\nstatus: accepted\n---\n\n## Context\n\nx\n",
    );
    let wrong = folder.fails(1, &["decision", "import", "--adr", "adr"]);
    assert!(
        wrong.contains("adr/0001-empty.md, line 1, column 1: there is no title"),
        "{wrong}"
    );
    assert!(
        wrong.contains("adr/0002-none.md, line 4, column 1: there is no title"),
        "{wrong}"
    );
    assert_eq!(ids(&folder, &[]).len(), 3);
}

wsdb_tests::on_both! {
    repos_number_their_pages_alone,
    what_changed_on_both_sides_is_a_conflict,
    what_is_superseded_by_none_is_told,
    sections_of_a_page_are_shown_by_name,
    an_id_is_enough,
    a_page_has_a_title,
    one_takes_the_place_of_another,
    links_may_wait_for_their_targets,
    links_go_out_and_come_back,
    pages_are_written_and_kept,
    pages_of_others_are_read,
}
