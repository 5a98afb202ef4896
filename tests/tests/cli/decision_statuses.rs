//! Statuses and dates of pages that people wrote: nothing is guessed, and no words are lost.

use insta::assert_snapshot;
use serde_json::{Value, json};
use wsdb_tests::TestWorkspace;

use crate::decisions::{list, show};

const IMPORT: [&str; 4] = ["decision", "import", "--adr", "adr"];

/// A workspace with pages in the folder `adr`: their names and what is below their titles.
fn with_pages(pages: &[(&str, &str)]) -> TestWorkspace {
    let workspace = TestWorkspace::with_workspace();
    for (name, text) in pages {
        let text = format!("# Title of {name}\n\n{text}\n\n## Decision\n\nPears.\n");
        workspace.write(&format!("adr/{name}.md"), text);
    }
    workspace
}

fn with_status(status: &str) -> TestWorkspace {
    with_pages(&[("0001-a", status)])
}

fn export(workspace: &TestWorkspace) {
    workspace.ok(&["decision", "export", "--adr", "adr"]);
}

/// Imports the folder into an empty workspace.
fn import_afresh(workspace: &TestWorkspace, names: &[&str]) -> TestWorkspace {
    let fresh = TestWorkspace::with_workspace();
    for name in names {
        let file = format!("adr/{name}.md");
        fresh.write(&file, workspace.read(&file));
    }
    fresh.ok(&IMPORT);
    fresh
}

fn status(workspace: &TestWorkspace, id: &str) -> String {
    show(workspace, id)["status"].as_str().unwrap().to_owned()
}

fn date(workspace: &TestWorkspace) -> String {
    let decision = show(workspace, "1");
    let is_page = decision["extra_metadata"]["madr"]["date_source"] == Value::Null;
    if is_page {
        decision["date"].as_str().unwrap().to_owned()
    } else {
        String::new()
    }
}

#[test]
fn links_keep_their_case_below_a_status_in_capitals() {
    let workspace = with_pages(&[
        ("0001-old", "## Status\n\nACCEPTED"),
        ("0002-new-umbrella", "Status: Accepted"),
    ]);
    workspace.ok(&IMPORT);
    workspace.ok(&["decision", "supersede", "1", "--by", "2"]);
    export(&workspace);
    let page = workspace.read("adr/0001-old.md");
    let line = "SUPERSEDED BY [Title of 0002-new-umbrella](0002-new-umbrella.md)";
    assert!(page.contains(line), "{page}");
    let fresh = import_afresh(&workspace, &["0001-old", "0002-new-umbrella"]);
    assert_eq!(show(&fresh, "1")["superseded_by"], json!(["DEC-002"]));
}

#[test]
fn number_of_several_files_is_no_link() {
    for (reference, first, second) in [
        ("ADR-2", "0002-a", "0002-b"),
        ("0002", "0002-a", "adr-2-b"),
        ("ADR-2021", "2021-03-05-use-a", "2021-04-06-use-b"),
    ] {
        let text = format!("Status: Superseded by {reference}");
        let accepted = "Status: Accepted";
        let pages = [("0001-x", &*text), (first, accepted), (second, accepted)];
        let workspace = with_pages(&pages);
        let stderr = workspace.stderr(&IMPORT);
        let expected = format!(
            "its status refers to {reference}, which could be {first}.md or {second}.md; no link was added"
        );
        assert!(stderr.contains(&expected), "{stderr}");
        assert_eq!(show(&workspace, "1")["superseded_by"], json!([]));
    }
}

#[test]
fn year_in_the_name_of_a_file_is_not_its_number() {
    let workspace = with_pages(&[
        ("0001-x", "Status: Superseded by ADR-2021"),
        ("2021-03-05-use-a", "Status: Accepted"),
    ]);
    let stderr = workspace.stderr(&IMPORT);
    assert!(
        stderr.contains("which could be 2021-03-05-use-a.md"),
        "{stderr}"
    );
    assert_eq!(show(&workspace, "1")["superseded_by"], json!([]));
}

#[test]
fn part_of_a_decimal_number_is_no_link() {
    for reference in ["ADR-3.1", "ADR 3.1", "[ADR-3.1]"] {
        let workspace = with_pages(&[
            ("0001-x", &format!("Status: Superseded by {reference}")),
            ("0003-y", "Status: Accepted"),
        ]);
        workspace.ok(&IMPORT);
        assert_eq!(show(&workspace, "1")["superseded_by"], json!([]));
    }
}

#[test]
fn date_below_the_status_is_that_of_the_decision() {
    for text in [
        "## Status\n\nAccepted\n\nDate: 2021-03-05",
        "## Status\n\nAccepted  \nDate: 2021-03-05",
        "## Status\n\nStatus: Accepted\nDate: 2021-03-05",
        "## Status\n\nAccepted\n\n2021-03-05",
        "## Status\n\nAccepted\n\n(2021-03-05)",
        "## Status\n\nAccepted\n\nDecided on 2021-03-05",
        "## Status\n\nAccepted\n\nApproved on 5 March 2021.",
        "## Status\n\nAccepted\n\nsince 2021-03-05",
        "## Status\n\nAccepted, date: 2021-03-05",
        "**Status**\n\nAccepted\n\n**Date**\n\n2021-03-05",
        "__Status__\n\nAccepted\n\n__Date__\n\nDecided on 2021-03-05\n\n**Context**\n\nRejected.",
    ] {
        let workspace = with_status(text);
        workspace.ok(&IMPORT);
        assert_eq!(date(&workspace).get(..10), Some("2021-03-05"), "{text}");
        assert_eq!(status(&workspace, "1"), "maintained", "{text}");
        let before = workspace.read("adr/0001-a.md");
        export(&workspace);
        assert_eq!(workspace.read("adr/0001-a.md"), before);
    }
}

#[test]
fn other_dates_below_the_status_are_not_that_of_the_decision() {
    for text in [
        "## Status\n\nAccepted\n\nReview on 2021-03-05",
        "## Status\n\nAccepted\n\nThe board met on 2021-03-05.",
        "## Status\n\nAccepted\n\nValid until 2021-03-05",
        "## Status\n\nAccepted\n\n2021-03-05 was the first day.",
    ] {
        let workspace = with_status(text);
        workspace.ok(&IMPORT);
        assert_eq!(date(&workspace), "", "{text}");
    }
}

#[test]
fn contradicted_status_is_unknown() {
    for text in [
        "Accepted, then reverted",
        "Accepted and then reverted",
        "Accepted (withdrawn in 2022)",
        "Accepted by Anna, rejected by Bob",
        "Accepted by vote 5:2, but vetoed by the CTO",
        "Accepted by vote 5:2, but the CTO vetoed it",
        "Accepted – revoked by the board",
        "Approved. It was rolled back in 2022.",
        "Accepted, has been deprecated since 2022",
        "Accepted, no longer relevant",
        "Implemented in 2020, retired in 2023",
        "Proposed, rejected by Bob",
        "Rejected (reinstated in 2022)",
        "Angenommen, dann widerrufen",
    ] {
        for page in [format!("Status: {text}"), format!("## Status\n\n{text}")] {
            let workspace = with_status(&page);
            let stderr = workspace.stderr(&IMPORT);
            assert_eq!(status(&workspace, "1"), "unknown", "{page}");
            let warning = "it is not clear which status is the current one";
            assert!(stderr.contains(warning), "{page}: {stderr}");
        }
    }
    let workspace = with_status("## Status\n\nAccepted\n\nReverted in March 2022.");
    workspace.ok(&IMPORT);
    assert_eq!(status(&workspace, "1"), "unknown");
}

#[test]
fn remark_about_something_else_is_no_contradiction() {
    for text in [
        "Accepted because the other option was rejected",
        "Accepted (rejected alternatives are listed below)",
        "Accepted, all other options rejected",
        "Accepted after ADR-3 was withdrawn",
        "Accepted, not yet deprecated",
        "Accepted (can be reverted)",
        "Accepted until revoked",
        "Accepted, deprecated: no",
        "Accepted, effective 2021-03-05",
        "Accepted (previously rejected)",
        "Accepted, rejected 3 alternatives",
        "Accepted, but not implemented",
    ] {
        let workspace = with_status(&format!("Status: {text}"));
        workspace.ok(&IMPORT);
        assert_eq!(status(&workspace, "1"), "maintained", "{text}");
    }
}

#[test]
fn words_of_a_person_in_the_status_stay() {
    for text in [
        "Superseded by this team after the outage on 2021-03-05",
        "Superseded by the new policy",
        "Superseded by [the policy](https://example.org/policy)",
        "Superseded by events in 2021",
        "Accepted by Jo on 2021-01-01, superseded by 0002",
        "2021-03-05: Proposed\n\n2021-04-05: Accepted",
        "2021-03-05: Proposed\n2021-04-05: Accepted",
        "Proposed on 2021-03-05\n\nAccepted on 2021-04-05",
    ] {
        let page = format!("## Status\n\n{text}");
        let workspace = with_pages(&[("0001-a", &page), ("0002-b", "Status: Accepted")]);
        workspace.ok(&IMPORT);
        workspace.ok(&["decision", "status", "1", "--to", "rejected"]);
        export(&workspace);
        let after = workspace.read("adr/0001-a.md");
        assert!(after.contains(&page), "{after}");
        let fresh = import_afresh(&workspace, &["0001-a", "0002-b"]);
        assert_eq!(status(&fresh, "1"), "rejected", "{after}");
    }
}

#[test]
fn words_of_a_person_on_several_lines_of_front_matter_stay() {
    let workspace = TestWorkspace::with_workspace();
    let front = "---\nstatus: >\n  Superseded by this team\n  after the outage\n";
    let page = format!("{front}---\n# Use pears\n\n## Decision\n\nPears.\n");
    workspace.write("adr/0001-a.md", page);
    workspace.ok(&IMPORT);
    workspace.ok(&["decision", "status", "1", "--to", "rejected"]);
    export(&workspace);
    let after = workspace.read("adr/0001-a.md");
    assert!(after.starts_with(front), "{after}");
}

#[test]
fn page_with_a_number_and_a_status_is_read_whatever_its_name() {
    let names = ["0022-toc", "0023-index", "0025-readme", "0026-changelog"];
    let pages: Vec<_> = names.map(|name| (name, "Status: Accepted")).into();
    let workspace = with_pages(&pages);
    workspace.write("adr/0000-template.md", "# Title\n\nStatus: Proposed\n");
    workspace.write("adr/0024-index.md", "# Index\n\n* [x](x.md)\n");
    workspace.write("adr/README.md", "# Decisions\n\nStatus: Accepted\n");
    let stderr = workspace.stderr(&IMPORT);
    let skipped = "note: skipped 3 files: adr/0000-template.md (a template), adr/0024-index.md (an index), \
                   adr/README.md (an index)";
    assert!(stderr.contains(skipped), "{stderr}");
    for id in ["22", "23", "25", "26"] {
        assert_eq!(status(&workspace, id), "maintained");
    }
}

#[test]
fn front_matter_that_is_not_understood_is_text() {
    for front in [
        "---\ntag:Web Client\n---\n",
        "---\n- a\n- b\n---\n",
        "---\nJust words.\n---\n",
    ] {
        let workspace = TestWorkspace::with_workspace();
        let page = format!("{front}# Use pears\n\nStatus: Accepted\n\n## Decision\n\nPears.\n");
        workspace.write("adr/0001-a.md", &page);
        let stderr = workspace.stderr(&IMPORT);
        let warning = "front matter is not a mapping, so it was read as text";
        assert!(stderr.contains(warning), "{stderr}");
        assert_eq!(show(&workspace, "1")["decision"], "Use pears");
        assert_eq!(status(&workspace, "1"), "maintained");
        export(&workspace);
        assert_eq!(workspace.read("adr/0001-a.md"), page);
        // A field that the page has no place for.
        workspace.ok(&["decision", "edit", "1", "--impact", "HIGH"]);
        export(&workspace);
        assert!(workspace.read("adr/0001-a.md").contains(&page));
        workspace.ok(&IMPORT);
        assert_eq!(show(&workspace, "1")["decision"], "Use pears");
    }
}

#[test]
fn front_matter_that_is_not_valid_stays_as_it_is() {
    for front in [
        "---\ntitle: Use pears: at last\nstatus: accepted\n---\n",
        "---\ntags: [a\nstatus: accepted\n---\n# Use pears: at last\n",
        "---\n\ttags: a: b\n\tstatus: accepted\n---\n# Use pears: at last\n",
        "---\nstatus: accepted\n\n# Use pears: at last\n",
        "---\r\ntags: [a\r\nstatus: accepted\r\n---\r\n# Use pears: at last\r\n",
        "+++\ntags = [\nstatus = \"accepted\"\n+++\n# Use pears: at last\n",
    ] {
        let workspace = TestWorkspace::with_workspace();
        let page = format!("{front}\n## Decision\n\nPears.\n");
        workspace.write("adr/0001-a.md", &page);
        let stderr = workspace.stderr(&IMPORT);
        assert!(stderr.contains("front matter is not valid: "), "{stderr}");
        let decision = show(&workspace, "1");
        assert_eq!(decision["decision"], "Use pears: at last", "{front}");
        assert_eq!(decision["rationale"], "Pears.", "{front}");
        assert_eq!(status(&workspace, "1"), "maintained", "{front}");
        export(&workspace);
        assert_eq!(workspace.read("adr/0001-a.md"), page);
        for (to, word) in [("rejected", "rejected"), ("planned", "planned")] {
            workspace.ok(&["decision", "status", "1", "--to", to]);
            export(&workspace);
            let after = workspace.read("adr/0001-a.md");
            assert!(after.ends_with(&page), "{after}");
            workspace.ok(&IMPORT);
            assert_eq!(status(&workspace, "1"), word, "{after}");
            let fresh = import_afresh(&workspace, &["0001-a"]);
            assert_eq!(status(&fresh, "1"), word, "{after}");
            assert_eq!(show(&fresh, "1")["decision"], "Use pears: at last");
        }
        // Once it is valid, it is read as usual.
        let fixed = workspace
            .read("adr/0001-a.md")
            .replace("tags: [a", "tags: [a]");
        workspace.write("adr/0001-a.md", fixed);
        workspace.ok(&IMPORT);
        assert_eq!(show(&workspace, "1")["decision"], "Use pears: at last");
    }
}

#[test]
fn date_in_a_file_name_is_no_number() {
    let workspace = with_pages(&[
        ("2021-03-05-use-a", "Status: accepted"),
        (
            "0002-use-b",
            "Status: accepted\nDate: draft 2021-01-01, accepted 2021-03-05",
        ),
        (
            "0003-use-c",
            "Status: rejected\nDate: draft 2021-01-01, accepted 2021-03-05",
        ),
    ]);
    assert_snapshot!(workspace.stderr(&IMPORT), @r#"warning: adr/0003-use-c.md: date "draft 2021-01-01, accepted 2021-03-05" is not recognized"#);
    assert_eq!(list(&workspace, &[]), ["DEC-002", "DEC-003", "DEC-004"]);
    assert_eq!(show(&workspace, "2")["date"], "2021-03-05T00:00:00Z");
    let source = show(&workspace, "3")["extra_metadata"]["madr"]["date_source"].clone();
    assert_eq!(source, "import");
}

#[test]
fn front_matter_can_end_with_dots() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "adr/0001-a.md",
        "---\nstatus: accepted\n...\n# Use pears\n\n## Decision\n\nPears.\n",
    );
    workspace.ok(&IMPORT);
    assert_eq!(status(&workspace, "1"), "maintained");
    workspace.ok(&["decision", "status", "1", "--to", "rejected"]);
    export(&workspace);
    let page = workspace.read("adr/0001-a.md");
    assert!(page.starts_with("---\nstatus: rejected\n...\n"), "{page}");
}

#[test]
fn time_in_an_unknown_zone_is_only_a_day() {
    for (text, expected) in [
        ("2021-03-05 23:30 PST", "2021-03-05T00:00:00Z"),
        ("2021-03-05 23:30 (CEST)", "2021-03-05T00:00:00Z"),
        ("2021-03-05T23:30 Europe/Berlin", "2021-03-05T00:00:00Z"),
        ("2021-03-05 11:30 PM", "2021-03-05T00:00:00Z"),
        ("2021-03-05 23:30 UTC+2", "2021-03-05T00:00:00Z"),
        ("2021-03-05 23:30 UTC", "2021-03-05T23:30:00Z"),
        ("2021-03-05 23:30 GMT", "2021-03-05T23:30:00Z"),
        ("2021-03-05 23:30Z", "2021-03-05T23:30:00Z"),
    ] {
        for page in [
            format!("Status: Accepted\n\nDate: {text}"),
            format!("Status: Accepted {text}"),
        ] {
            let workspace = with_status(&page);
            workspace.ok(&IMPORT);
            let day = expected.strip_suffix("T00:00:00Z");
            let found = date(&workspace);
            assert!(found == expected || Some(&*found) == day, "{page}: {found}");
        }
    }
}

#[test]
fn closing_hashes_belong_to_no_heading() {
    let workspace = TestWorkspace::with_workspace();
    workspace.write(
        "adr/0001-a.md",
        "# Use pears #\n\n## Status ##\n\nAccepted\n\n## Decision #\n\nPears.\n\n## Use C# ###\n\nx\n",
    );
    workspace.ok(&IMPORT);
    let decision = show(&workspace, "1");
    assert_eq!(decision["decision"], "Use pears");
    assert_eq!(status(&workspace, "1"), "maintained");
    let sections = &decision["extra_metadata"]["madr"]["sections"];
    let headings = sections.as_array().unwrap().iter();
    let headings: Vec<_> = headings
        .map(|section| section["heading"].as_str().unwrap())
        .collect();
    assert_eq!(headings, ["Decision", "Use C#"]);
}
