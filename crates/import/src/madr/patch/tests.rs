use std::path::Path;

use wsdb_core::Timestamp;

use super::*;

/// Imports a page into an empty workspace.
fn imported(text: &str) -> Decision {
    let mut adr = read::parse_adr(Path::new("0001-x.md"), text).expect("readable page");
    adr.text = Some(text.to_owned());
    let now: Timestamp = "2025-11-20T10:00:00Z".parse().expect("valid time");
    adr.to_decision(DecisionId::new("DEC-001").expect("valid id"), None, now)
}

/// Returns a page after the status of its decision changed.
fn with_status(text: &str, status: DecisionStatus, context: &PageContext) -> String {
    let mut decision = imported(text);
    decision.status = status;
    let page = render_own_page(&decision, context).expect("page of a person");
    let page = page.unwrap_or_else(|_| panic!("cannot be written: {text}"));
    assert_eq!(imported(&page).status, status, "{page}");
    page
}

fn superseded() -> PageContext {
    let by = DecisionId::new("DEC-002").expect("valid id");
    PageContext {
        files: [("DEC-002".to_owned(), "0002-y.md".to_owned())].into(),
        superseded_by: vec![by.clone()],
        unnamed_successors: vec![by],
        successor_titles: vec!["Y".to_owned()],
        ..PageContext::default()
    }
}

/// Returns a page without its front matter.
fn body(page: &str) -> &str {
    let front = page.strip_prefix("---\n");
    front.map_or(page, |rest| rest.split_once("\n---\n").expect("end").1)
}

#[test]
fn text_that_is_not_a_status_stays() {
    for status in [
        "[![Generic badge](https://img.shields.io/ADR/approved/green/)](https://x.org)",
        "Gathering information. We are starting with a few pages.",
        "- Status: Proposed [Proposed, Accepted, Rejected, etc.]",
        "Status has two components: one and two.",
        "¿Cuál es el estado, propuesto, aceptado o rechazado?",
        "[proposed | rejected | accepted | superseded by [ADR-0005](0005-example.md)]",
        "Deprecated features are listed in ADR 3.",
        "Superseded by: none",
        "Deprecated: no",
        "TBD",
    ] {
        for text in [
            format!("# X\n\n## Status\n\n{status}\n\n## Decision\n\ny\n"),
            format!("# X\n\nStatus: {status}\n\n## Decision\n\ny\n"),
        ] {
            let context = PageContext::default();
            let page = with_status(&text, DecisionStatus::Maintained, &context);
            assert_eq!(body(&page).trim_start(), text);
            assert!(page.contains("\n  status: maintained\n"), "{page}");
            let page = with_status(&text, DecisionStatus::Superseded, &superseded());
            assert_eq!(body(&page).trim_start(), text);
            let by = "\n  superseded-by: [\"[DEC-002](0002-y.md)\"]\n";
            assert!(page.contains(by), "{page}");
        }
    }
}

#[test]
fn date_of_a_page_without_one_is_written_once_it_is_set() {
    let text = "# X\n\n## Status\n\nAccepted\n\n## Decision\n\ny\n";
    let mut decision = imported(text);
    let page = |decision: &Decision| {
        let page = render_own_page(decision, &PageContext::default()).expect("page of a person");
        page.expect("writable page")
    };
    assert_eq!(page(&decision), text);
    decision.date = "2021-03-05".parse().expect("valid time");
    if let Some(layout) = decision
        .extra_metadata
        .as_mut()
        .and_then(|all| all["madr"].as_object_mut())
    {
        layout.remove(DATE_SOURCE_KEY);
    }
    let dated = page(&decision);
    assert!(dated.contains("\n  date: "), "{dated}");
    assert_eq!(imported(&dated).date, decision.date);
}

#[test]
fn only_the_words_of_a_status_are_replaced() {
    for (before, after) in [
        ("Accepted, superseded by 0002", "Rejected"),
        ("Superseded by [2](0002-y.md).", "Rejected."),
        ("[Accepted](https://x.org)", "[Rejected](https://x.org)"),
        (
            "> **<b class=\"x\">ACCEPTED</b>**",
            "> **<b class=\"x\">REJECTED</b>**",
        ),
        (
            "~~Draft on 2021-01-01~~ Accepted",
            "~~Draft on 2021-01-01~~ Rejected",
        ),
        ("**Status:** Accepted", "**Status:** Rejected"),
        (
            "Accepted\n\nSuperseded by: none",
            "Rejected\n\nSuperseded by: none",
        ),
    ] {
        let text = |status: &str| format!("# X\n\n## Status\n\n{status}\n\n## Decision\n\ny\n");
        let context = PageContext::default();
        let page = with_status(&text(before), DecisionStatus::Rejected, &context);
        assert_eq!(page, text(after));
    }
}

#[test]
fn status_with_other_words_stays() {
    for status in [
        "Accepted on 2022-03-04 by the board",
        "Beschlossen am 04.05.2023",
        "Approved by Jane on 2022-03-04",
        "2022-03-04: Accepted",
        "Implemented in v2.3",
        "Accepted, pending security review",
        "承認済み（2024年5月1日）",
        "Proposed -> Accepted",
        "Proposed | **Accepted** | Rejected",
        "Accepted ✅",
        ":white_check_mark: Accepted",
        "[Accepted](../statuses.md#accepted)",
        "<i class=\"accepted\">Accepted</i>",
        "![Accepted](https://img.shields.io/badge/adr-accepted-green)",
        "[![Accepted](https://img.shields.io/x)](https://x.org)",
        "![status](https://img.shields.io/badge/status-accepted-green)",
        "Superseded by [2](0002-y.md), as we wrote in [a mail](x)",
        "2020-03-25 superseded by [2](0002-y.md)",
        "| Date | Status |\n|---|---|\n| 2020-01-01 | Accepted |",
    ] {
        let in_line = !status.contains('\n') && !status.contains("| **");
        for text in [
            format!("# X\n\n## Status\n\n{status}\n\n## Decision\n\ny\n"),
            format!("# X\n\nStatus: {status}\n\n## Decision\n\ny\n"),
            format!("---\nstatus: '{status}'\n---\n# X\n"),
        ] {
            if !in_line && !text.contains("## Status") {
                continue;
            }
            let context = PageContext::default();
            let page = with_status(&text, DecisionStatus::Rejected, &context);
            assert!(page.contains(status), "{page}");
            assert!(page.contains("\n  status: rejected\n"), "{page}");
            assert_eq!(imported(&page).date, imported(&text).date, "{page}");
            let page = with_status(&text, DecisionStatus::Superseded, &superseded());
            assert!(page.contains(status), "{page}");
        }
    }
}

#[test]
fn successor_that_no_other_page_names_stays() {
    let text = "# X\n\n## Status\n\nSuperseded by [Y](0002-y.md)\n";
    let page = with_status(text, DecisionStatus::Deprecated, &superseded());
    assert_eq!(body(&page).trim_start(), text);
    let adr = read::parse_adr(Path::new("0001-x.md"), &page).expect("readable page");
    assert_eq!(adr.superseded_by, [Reference::File("0002-y.md".to_owned())]);
    // The page of the other decision names it.
    let mut context = superseded();
    context.unnamed_successors.clear();
    let page = with_status(text, DecisionStatus::Deprecated, &context);
    assert_eq!(page, "# X\n\n## Status\n\nDeprecated\n");
}

#[test]
fn new_successor_beside_other_words_is_under_wsdb() {
    let text = "# X\n\n## Status\n\nSuperseded by [2](0002-y.md), see the minutes\n";
    let mut decision = imported(text);
    decision.decision = "X".to_owned();
    let mut context = superseded();
    context.files = [
        ("DEC-002".to_owned(), "0002-y.md".to_owned()),
        ("DEC-003".to_owned(), "0003-z.md".to_owned()),
    ]
    .into();
    context.superseded_by = vec![DecisionId::new("DEC-003").expect("valid id")];
    context.unnamed_successors = context.superseded_by.clone();
    let page = render_own_page(&decision, &context);
    let page = page.expect("page").expect("written");
    assert_eq!(body(&page).trim_start(), text);
    assert!(page.contains("[\"[DEC-003](0003-z.md)\"]"), "{page}");
    let adr = read::parse_adr(Path::new("0001-x.md"), &page).expect("readable page");
    assert_eq!(adr.superseded_by, [Reference::Name("DEC-003".to_owned())]);
    assert_eq!(adr.linked_files[0].file, "0003-z.md");
}

#[test]
fn missing_status_is_not_written() {
    let text = "# X\n\n## Decision\n\ny\n";
    let mut decision = imported(text);
    decision.repos_affected = vec!["core".to_owned()];
    let page = render_own_page(&decision, &PageContext::default());
    let page = page.expect("page").expect("written");
    assert!(!page.contains("status"), "{page}");
}

#[test]
fn status_on_several_lines_of_the_front_matter_is_replaced_as_a_whole() {
    for status in [
        "status: >-\n  accepted\n",
        "status: |\n  accepted\n\n",
        "status:\n  accepted\n",
        "status:\n  - accepted\n",
        "status:\n- accepted\n",
        "status: [accepted]\n",
        "status: \"**accepted\n  **\"\n",
    ] {
        let text = format!("---\n{status}# comment\ntags: [a]\n---\n# X\n\n## Decision\n\ny\n");
        let page = with_status(&text, DecisionStatus::Rejected, &PageContext::default());
        let rest = "# comment\ntags: [a]\n---\n# X\n\n## Decision\n\ny\n";
        let blank = if status.ends_with("\n\n") { "\n" } else { "" };
        assert_eq!(page, format!("---\nstatus: rejected\n{blank}{rest}"));
        let page = with_status(&text, DecisionStatus::Superseded, &superseded());
        let words = "status: \"superseded by [Y](0002-y.md)\"\n";
        assert_eq!(page, format!("---\n{words}{blank}{rest}"));
    }
}

#[test]
fn toml_front_matter_is_kept() {
    let text = "+++\ntitle = \"X\"\nstatus = \"Accepted\" # since 2020\ndate = 2020-03-25\n\n[params]\nid = 7\n+++\n\n## Decision\n\ny\n";
    let decision = imported(text);
    assert_eq!(decision.decision, "X");
    assert_eq!(decision.status, DecisionStatus::Maintained);
    assert_eq!(decision.date.to_string(), "2020-03-25T00:00:00Z");
    let context = PageContext::default();
    let render = |decision: &Decision| {
        let page = render_own_page(decision, &context);
        page.expect("page").expect("written")
    };
    assert_eq!(render(&decision), text);

    let mut changed = decision.clone();
    changed.status = DecisionStatus::Rejected;
    changed.date = "2020-03-26".parse().expect("a date");
    changed.decision = "Y \"z\"".to_owned();
    let page = render(&changed);
    let expected = text.replace("\"X\"", "\"Y \\\"z\\\"\"");
    let expected = expected.replace("Accepted", "Rejected");
    assert_eq!(page, expected.replace("03-25", "03-26"));

    // What the page has no place for is in a table at the end.
    changed.repos_affected = vec!["core".to_owned()];
    let page = render(&changed);
    assert!(page.contains("id = 7\n[wsdb]\nstyle = \"own\"\n"), "{page}");
    assert_eq!(imported(&page).repos_affected, ["core"]);
    let mut again = imported(&page);
    again.repos_affected = vec!["web".to_owned()];
    let page = render(&again);
    assert_eq!(page.matches("[wsdb]").count(), 1, "{page}");
    assert_eq!(imported(&page).repos_affected, ["web"]);
    assert_eq!(imported(&page).date.to_string(), "2020-03-26T00:00:00Z");
}

#[test]
fn status_in_a_list_of_toml_is_replaced_as_a_whole() {
    let text = "+++\nstatus = [\n  \"accepted\",\n]\nid = 1\n+++\n# X\n\n## Decision\n\ny\n";
    let page = with_status(text, DecisionStatus::Superseded, &superseded());
    let words = "+++\nstatus = \"superseded by [Y](0002-y.md)\"\nid = 1\n";
    assert!(page.starts_with(words), "{page}");
}

#[test]
fn comment_behind_a_status_of_the_front_matter_stays() {
    let text = "---\nstatus: accepted # since 2020\n---\n# X\n";
    let page = with_status(text, DecisionStatus::Superseded, &superseded());
    assert_eq!(
        page,
        "---\nstatus: \"superseded by [Y](0002-y.md)\" # since 2020\n---\n# X\n"
    );
}

#[test]
fn status_that_cannot_be_replaced_is_under_wsdb() {
    for (front, words) in [
        ("status: &s accepted\nother: *s\n", "accepted"),
        ("other: &s accepted\nstatus: *s\n", "accepted"),
        ("status: !!str accepted\n", "accepted"),
        ("status: \"\\x61ccepted\"\n", "\"\\x61ccepted\""),
    ] {
        let text = format!("---\n{front}---\n# X\n\n## Decision\n\ny\n");
        let page = with_status(&text, DecisionStatus::Rejected, &PageContext::default());
        assert!(page.starts_with(&format!("---\n{front}wsdb:\n")), "{page}");
        // An edit of the words counts.
        let edited = page.replacen(words, "deprecated", 1);
        assert_eq!(imported(&edited).status, DecisionStatus::Deprecated);
        // Its own status counts again.
        let context = PageContext::default();
        let page = with_status(&page, DecisionStatus::Maintained, &context);
        assert!(!page.contains("page-status"), "{page}");
    }
}

#[test]
fn successor_of_a_page_without_a_status_is_under_wsdb() {
    let text = "# X\n\n## Decision\n\ny\n";
    let page = with_status(text, DecisionStatus::Superseded, &superseded());
    let adr = read::parse_adr(Path::new("0001-x.md"), &page).expect("readable page");
    assert_eq!(adr.superseded_by, [Reference::Name("DEC-002".to_owned())]);
    // A page that only says that it is superseded names it as well.
    let text = "# X\n\n## Status\n\nSuperseded\n";
    let page = with_status(text, DecisionStatus::Superseded, &superseded());
    assert_eq!(page, "# X\n\n## Status\n\nSuperseded by [Y](0002-y.md)\n");
    // Not if the page of the other decision says so.
    let mut context = superseded();
    context.unnamed_successors.clear();
    assert_eq!(
        with_status(text, DecisionStatus::Superseded, &context),
        text
    );
}

#[test]
fn other_changes_keep_a_status_under_wsdb() {
    let text = "# X\n\n## Status\n\nWe are not sure.\n";
    let context = PageContext::default();
    let page = with_status(text, DecisionStatus::Rejected, &context);
    let mut decision = imported(&page);
    decision.repos_affected = vec!["core".to_owned()];
    let page = render_own_page(&decision, &context)
        .expect("page")
        .expect("written");
    assert_eq!(imported(&page).status, DecisionStatus::Rejected);
    assert_eq!(imported(&page).repos_affected, ["core"]);
}

#[test]
fn title_on_several_lines_of_the_front_matter_is_replaced_as_a_whole() {
    let text =
        "---\ntitle: >-\n  Use pears\n  everywhere\nstatus: accepted\n---\n\n## Decision\n\ny\n";
    let mut decision = imported(text);
    decision.decision = "Use plums".to_owned();
    let page = render_own_page(&decision, &PageContext::default());
    assert_eq!(
        page.expect("page").expect("written"),
        "---\ntitle: \"Use plums\"\nstatus: accepted\n---\n\n## Decision\n\ny\n"
    );
}

#[test]
fn title_in_front_matter_and_heading_is_written_at_both_places() {
    let titled = |text: &str| {
        let mut decision = imported(text);
        decision.decision = "New: title".to_owned();
        let page = render_own_page(&decision, &PageContext::default());
        page.expect("a page").expect("written")
    };
    let text = |front: &str, heading: &str| {
        format!("---\ntitle: {front}\nstatus: accepted\n---\n\n# {heading}\n\n## Decision\n\nd\n")
    };
    for same in [
        "Old title",
        "'Old title'",
        "\"Old\n  title\"",
        "'**Old** title'",
    ] {
        let page = titled(&text(same, "Old title"));
        assert_eq!(page, text("\"New: title\"", "New: title"));
    }
    let page = titled(&text("Another title", "Old title"));
    assert_eq!(page, text("Another title", "New: title"));
    let toml = "+++\ntitle = 'Old title'\n+++\n\n# Old title\n\n## Decision\n\nd\n";
    let expected = "+++\ntitle = \"New: title\"\n+++\n\n# New: title\n\n## Decision\n\nd\n";
    assert_eq!(titled(toml), expected);
}

/// Returns a page after a part of its decision was replaced.
fn with_edit(text: &str, from: &str, to: &str) -> String {
    let mut decision = imported(text);
    let rationale = decision.rationale.expect("a rationale");
    assert!(rationale.contains(from), "{rationale}");
    decision.rationale = Some(rationale.replace(from, to));
    let page = render_own_page(&decision, &PageContext::default()).expect("a page");
    let page = page.unwrap_or_else(|_| panic!("cannot be written: {text}"));
    assert_eq!(imported(&page).rationale, decision.rationale, "{page}");
    page
}

#[test]
fn edit_of_a_page_without_a_decision_section_is_written_where_it_was() {
    let text = "# Use x\n\nDate: 2024-01-02\n\nWe use x.\n\n## Status\n\nAccepted\n\n## Background\n\n\
        We need it.\nNow.\n\n\nUnderlined\n----------\n\n* one\n* two\n\n### More\n\n```\n## code\n\n\n}\n```\n";
    for (from, to) in [
        ("We need it.", "We really need it."),
        ("We use x.", "We use y.\n\nReally."),
        ("* two", "* two\n* three"),
        ("* one\n", ""),
        ("## code", "## other code"),
        ("Now.", "Now.\n\n## New section\n\nWith text."),
        ("## Background", "## Reasons"),
        ("### More", "### Less"),
    ] {
        assert_eq!(with_edit(text, from, to), text.replace(from, to), "{to}");
    }
    let crlf = text.replace('\n', "\r\n");
    let edited = with_edit(&crlf, "* two", "* three");
    assert_eq!(edited, crlf.replace("* two", "* three"));
    // Edits at several places.
    let both = "We use y.\n\n## Background\n\nWe need it.\nSoon.";
    let edited = with_edit(
        text,
        "We use x.\n\n## Background\n\nWe need it.\nNow.",
        both,
    );
    assert_eq!(
        edited,
        text.replace("use x.", "use y.").replace("Now.", "Soon.")
    );
    // The page is a single paragraph.
    let edited = with_edit("# Use x\n\nWe use x.\n", "We use x.", "We use y.");
    assert_eq!(edited, "# Use x\n\nWe use y.\n");
}

#[test]
fn other_decision_does_not_replace_the_sections_of_a_page() {
    let text = "# Use x\n\n## Background\n\nWe need it.\n";
    let edited = with_edit(text, "## Background\n\nWe need it.", "Something else.");
    assert_eq!(edited, format!("{text}\n## Decision\n\nSomething else.\n"));
}

#[test]
fn title_with_marks_of_markdown_is_written_as_it_is_read() {
    for page in [
        "# T\n\n## Status\n\nAccepted\n",
        "T\n===\n\n## Status\n\nAccepted\n",
        "---\ntitle: T\n---\n\n## Status\n\nAccepted\n",
    ] {
        for title in [
            "Rename __init__ to __main__",
            "Use *apples*",
            "Use [RFC 7](x)",
            "Use C# #",
            "Trailing ##",
            "Use pears {#x}",
            "http://x.y/_a_b_",
            "Escape \\*stars\\*",
            "C:\\\\*temp",
        ] {
            let mut decision = imported(page);
            decision.decision = title.to_owned();
            let context = PageContext::default();
            let written = render_own_page(&decision, &context).expect("page of a person");
            let written = written.unwrap_or_else(|_| panic!("cannot be written: {title}"));
            assert_eq!(imported(&written).decision, title, "{written}");
        }
    }
    // An edit that adds nothing but marks is one as well.
    let mut decision = imported("# Use pears\n\n## Status\n\nAccepted\n");
    decision.decision = "Use *pears*".to_owned();
    let written = render_own_page(&decision, &PageContext::default()).expect("page of a person");
    let written = written.unwrap_or_else(|_| panic!("cannot be written"));
    assert_eq!(written, "# Use \\*pears\\*\n\n## Status\n\nAccepted\n");
}
