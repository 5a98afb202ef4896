use std::path::Path;

use super::super::page;
use super::super::status::status_word;
use super::*;

/// Returns status and date of a page.
fn fields(text: &str) -> (String, String) {
    let page = page::parse(Path::new("x.md"), text).expect("readable page");
    let fields = find_fields(&page);
    let status = fields
        .status
        .map_or("none", |status| status_word(status.status));
    let date = fields
        .date
        .map(|found| found.date.to_string()[..10].to_owned());
    (status.to_owned(), date.unwrap_or_default())
}

#[test]
fn fields_are_found_where_people_write_them() {
    for text in [
        "---\nstatus: accepted\ndate: 2016-02-13\n---\n# x\n",
        "---\nstatus: accepted 2016-02-13\n---\n# x\n",
        "---\nstatus: \"Accepted on 13 Feb 2016 by all\"\n---\n# x\n",
        "---\nStatus: \"✅ Accepted\"\ncreation-date: 2016-2-13 # first\n---\n# x\n",
        "# x\n\n* Status: accepted\n* Date: 2016-02-13\n",
        "# x\n\n- **Status:** Accepted\n- **Date:** 13 Feb 2016\n",
        "# x\n\n**Status**: **Accepted**\n**Date**: 13.02.2016\n",
        "# x\n\nStatus: Accepted | Date: 2016-02-13\n",
        "# x\n\n**Status:** Accepted  **Date:** 2016-02-13\n",
        "# x\n\n| Status | Accepted |\n|---|---|\n| Date | 2016-02-13 |\n",
        "# x\n\n| | |\n|---|---|\n| **Status** | ✅ Accepted |\n| **Date** | 2016-02-13 |\n",
        "# x\n\n| Status | Date |\n|---|---|\n| Accepted | 2016-02-13 |\n",
        "# x\n\n| Status | Author | Date | Team |\n|:-|-|-|-|\n| Accepted | Jo | 2016-02-13 | A |\n",
        "# x\n\n| Status | Accepted |\n|---|---|\n| Owner | Jo |\n| Date | 2016-02-13 |\n",
        "# x\n\n## Status\n\nAccepted\n\n## Date\n\n2016-02-13\n\n## Decision\n\ny\n",
        "# x\n\n## 1. Status\n\n**Accepted** (2016-02-13)\n",
        "# x\n\n## Status: Accepted\n\n## Date: 13 Feb 2016\n",
        "# x\n\n## Status - Accepted\n\n## Date - 13 Feb 2016\n",
        "# x\n\n## **Status** — Accepted ##\n\n## Date (13 Feb 2016)\n",
        "# x\n\n## Status (Accepted)\n\n## Date – 13 Feb 2016\n",
        "# x\n\n## Status (Accepted on 2016-02-13) ##\n",
        "# x\n\nStatus (Accepted - 2016-02-13)\n------\n",
        "# x\n\nDate: 2016-02-13\n\n## Status\n\n- [ ] Proposed\n- [x] Accepted\n- [ ] Rejected\n",
        "# x\n\n2016-02-13\n\n### Status\n\n> Accepted\n",
        "# x\n\n## Status\n\n* Proposed 2016-02-01\n* Accepted 2016-02-13\n",
        "# x\n\nStatus:\n\n* accepted\n\nDate: 2016-02-13\n",
        "# x\n\n状态：已接受\n日期：2016年2月13日\n",
        "# x\n\n## Statut\n\nAccepté\n\n## Date\n\n13 février 2016\n",
        "# x\n\n## Metadata\n\n- Status: accepted\n- Date: 2016-02-13\n",
        "# x\n\n## Summary\n\n### Decision\n\ny\n\n### Status\n\nAccepted 2016-02-13\n",
        "x\n=\n\nDate: 2016-02-13\n\nStatus\n------\n\nAccepted\n",
    ] {
        assert_eq!(
            fields(text),
            ("accepted".to_owned(), "2016-02-13".to_owned()),
            "{text}"
        );
    }
}

#[test]
fn date_of_the_status_is_chosen() {
    for (text, status, date) in [
        (
            "# x\n\nStatus: accepted\nDate: draft 2021-01-01, accepted 2021-03-05\n",
            "accepted",
            "2021-03-05",
        ),
        (
            "# x\n\nStatus: proposed\nDate: draft 2021-01-01, accepted 2021-03-05\n",
            "proposed",
            "2021-01-01",
        ),
        (
            "---\nstatus: accepted\ndate: 2021-01-01 (draft), 2021-03-05 (accepted)\n---\n# x\n",
            "accepted",
            "2021-03-05",
        ),
        (
            "# x\n\n## Status\n\nAccepted\n\n## Date\n\n* Proposed: 2021-01-01\n* Accepted: 2021-03-05\n",
            "accepted",
            "2021-03-05",
        ),
        (
            "# x\n\nStatus: accepted\nDate: 2021-01-01, superseded 2021-03-05\n",
            "accepted",
            "2021-01-01",
        ),
        (
            "# x\n\nStatus: accepted\nDate: accepted 2021-01-01; accepted 2021-03-05; proposed 2020-01-01\n",
            "accepted",
            "2021-03-05",
        ),
        (
            "# x\n\nStatus: accepted\nDate: created 2021-01-01, updated 2021-03-05\n",
            "accepted",
            "2021-01-01",
        ),
        (
            "# x\n\nStatus: rejected\nDate: draft 2021-01-01, accepted 2021-03-05\n",
            "rejected",
            "",
        ),
        (
            "# x\n\nDate: draft 2021-01-01, accepted 2021-03-05\n",
            "none",
            "",
        ),
    ] {
        assert_eq!(fields(text), (status.to_owned(), date.to_owned()), "{text}");
    }
}

#[test]
fn fields_are_not_invented() {
    for text in [
        "# x\n",
        "# x\n\n## Context\n\nThe status is accepted since 2016-02-13.\n",
        "---\nstatus:\ndate:\n---\n# x\n",
        "# x\n\n```\nStatus: accepted\n```\n",
        "# x\n\n<!--\nStatus: accepted\nDate: 2016-02-13\n-->\n",
        "# x\n\n## Data\n\nWe store everything in tables that were made on 2016-02-13.\n",
    ] {
        assert_eq!(fields(text), ("none".to_owned(), String::new()), "{text}");
    }
    for text in [
        "# x\n\n## Status\n\n{proposed | rejected | accepted}\n",
        "# x\n\n## Status\n\n- Proposed\n- Accepted\n- Rejected\n",
        "# x\n\nStatus: Perhaps\n",
    ] {
        assert_eq!(fields(text).0, "unknown", "{text}");
    }
}

#[test]
fn later_status_counts() {
    for (text, word) in [
        ("Accepted\n\nSupersedes [1](0001-x.md)", "accepted"),
        ("Accepted\n\nSuperseded by [5](0005-x.md)", "superseded"),
        (
            "Accepted\n\nPartially superseded by [5](0005-x.md)",
            "accepted",
        ),
        ("Proposed\n\nRejected after discussion", "rejected"),
        ("Accepted\n\nAmended by [5](0005-x.md)", "accepted"),
    ] {
        assert_eq!(
            fields(&format!("# x\n\n## Status\n\n{text}\n")).0,
            word,
            "{text}"
        );
    }
}

#[test]
fn sections_about_something_else_have_no_fields() {
    for text in [
        "# x\n\n## Decision\n\n| State | Retention |\n|---|---|\n| Draft | 1 day |\n",
        "# x\n\n## Decision\n\n- Date: 2020-01-01 is the epoch of the counter\n- Status: accepted\n",
        "# x\n\n## Context\n\n### Status\n\nDone orders stay.\n\n## Decision\n\ny\n",
        "# x\n\n## Context\n\n### Status\n\nDone\n\n### Date\n\n2020-01-01\n",
        "# x\n\n## Context\n\n### Status: done\n\n### Date: 2020-01-01\n",
        "# x\n\n- Date: 2020-01-01 is the epoch of the counter\n",
        "# x\n\n| Date | Status | Author |\n|---|---|---|\n| 2020-01-01 | Proposed | A |\n| 2020-02-02 | Accepted | B |\n",
        "# x\n\n## Changelog\n\n| Date | Status | Author |\n|---|---|---|\n| 2020-01-01 | Proposed | A |\n",
        "# x\n\n## Status\n\n| State | Retention |\n|---|---|\n| Draft | 1 day |\n| Done | 2 days |\n",
        "# x\n\n## Status\n\n| Draft | 1 day |\n|---|---|\n| Done | 2 days |\n| Open | 3 days |\n",
        "# x\n\n## Decision\n\n* Status: accepted\n* Date: 2020-01-01\n",
    ] {
        assert_eq!(fields(text), ("none".to_owned(), String::new()), "{text}");
    }
}

#[test]
fn table_in_the_section_of_the_status_is_read() {
    let text = "# x\n\n## Status\n\n| Date | Status |\n|---|---|\n| 2020-01-01 | Accepted |\n";
    assert_eq!(
        fields(text),
        ("accepted".to_owned(), "2020-01-01".to_owned())
    );
    let text = "# x\n\n## Status\n\n| Status | Accepted |\n|---|---|\n| Date | 2020-01-01 |\n";
    assert_eq!(
        fields(text),
        ("accepted".to_owned(), "2020-01-01".to_owned())
    );
}

#[test]
fn latest_entry_of_a_history_is_the_status() {
    for text in [
        "* 2021-05-01: Rejected\n* 2021-06-01: Accepted",
        "* 2021-06-01: Accepted\n* 2021-05-01: Rejected",
        "2021-05-01: Rejected\n\n2021-06-01: Accepted",
        "2021-05-01 - Rejected, because nobody had the time to look at all of it\n2021-06-01 - Accepted",
        "History:\n\n* 2021-05-01: Rejected\n* 2021-06-01: Accepted after a long talk with all of us",
        "Accepted\n\n* 2021-05-01: Rejected\n* 2021-06-01: Accepted",
        "Accepted (current)\n\n* 2021-05-01: Rejected",
        "Current: accepted\n\n* 2021-05-01: Rejected",
        "2021-05-01 rejected; 2021-06-01 accepted",
        "Proposed 2021-05-01, accepted 2021-06-01",
        "Draft on 2021-05-01. Rejected on 2021-05-02. Accepted on 2021-06-01.",
        "2021-05-01: Draft<br/>2021-05-02: Rejected<br/>2021-06-01: Accepted",
        "2021-05-01: Draft<br>2021-05-02: Rejected<br>2021-06-01: Accepted",
        "Draft 2021-05-01<br>Rejected 2021-05-02<br>**Accepted** 2021-06-01",
        "Rejected on 2021-05-01 and accepted on 2021-06-01",
        "Rejected by the board on 2021-05-01, but accepted on 2021-06-01",
        "Rejected (2021-05-01) - Accepted (2021-06-01)",
        "Rejected 1 May 2021 Accepted 1 June 2021",
        "Rejected on 2021-05-01; later accepted by all of the people who were asked on 2021-06-01",
        "Proposed 2021-05-01, rejected 2021-05-02, accepted 2021-06-01",
        "* 2021-06-01: Rejected → Accepted\n* 2021-05-01: Draft → Rejected",
        "* Draft → Rejected (2021-05-01)\n* Rejected → Accepted (2021-06-01)",
        "* 2021-05-01: Rejected\n\nAccepted",
        "Proposed\n\n2021-06-01: Accepted",
        "Rejected 2021-05-01\n\nAccepted 2021-06-01",
        "Accepted\n\n* Rejected\n* Accepted",
        "Proposed\n\nAccepted",
        "Proposed\nAccepted",
        "Draft\nProposed\nAccepted",
        "* Proposed\n* Accepted",
        "| Date | Status |\n|---|---|\n| 2021-05-01 | Rejected |\n| 2021-06-01 | Accepted |",
        "| Status | By | Date |\n|---|---|---|\n| Rejected | Jo | 2021-05-01 |\n| ✅ Accepted | Jo | 2021-06-01 |",
        "Accepted\n\n| Date | Status |\n|---|---|\n| 2021-05-01 | Rejected |\n| 2021-06-01 | Accepted |",
    ] {
        let page = format!("# x\n\n## Status\n\n{text}\n\n## Decision\n\ny\n");
        assert_eq!(fields(&page).0, "accepted", "{text}");
    }
}

#[test]
fn unclear_history_is_an_unknown_status() {
    for text in [
        "Accepted\n\n* 2021-05-01: Rejected",
        "Accepted\n\n2021-05-01: Rejected",
        "Rejected\n\n* 2021-05-01: Proposed\n* 2021-06-01: Accepted",
        "Accepted\n\n* Accepted\n* Rejected",
        "Rejected\n\nAccepted",
        "Accepted\n\nProposed",
        "Proposed\n\nAccepted\n\nProposed",
        "Approved. Later withdrawn.",
        "Draft. Currently accepted.",
        "Accepted. Later rejected.",
        "Accepted. Withdrawn because nobody wanted to pay for all of it",
        "Accepted: 1/2/2021 Deprecated: 1/2/2022",
        "Accepted by the board, but withdrawn on 2022-01-01",
        "Draft<br/>Approved on 2021-05-01",
        "Accepted and then deprecated",
        "Accepted, deprecated",
        "Draft on 2021-05-01. Approved until 2023-01-09.",
        "| Date | Status |\n|---|---|\n| 2021-05-01 | Rejected |\n| 2021-06-01 | On ice |",
    ] {
        let page = format!("# x\n\n## Status\n\n{text}\n\n## Decision\n\ny\n");
        assert_eq!(fields(&page).0, "unknown", "{text}");
    }
}

#[test]
fn remark_with_the_word_for_a_status_is_not_a_history() {
    for text in [
        "Accepted (was: proposed)",
        "Accepted (proposed on 2021-01-01)",
        "Accepted as proposed on 2021-01-01",
        "Accepted, supersedes [1. Drop it. Rejected and done](0001-x.md)",
        "Accepted (after a vote)",
        "Accepted but not yet implemented",
        "Accepted and implemented",
        "Accepted, to be implemented and later to be deprecated",
        "Accepted. Rejected alternatives are listed below.",
        "Accepted. Rejected: apples, because they are red",
        "Accepted; superseded by ADR-5 in part",
        "Accepted by new and open teams",
        "Accepted on 2021-01-01. <s>Rejected on 2022-01-01.</s>",
    ] {
        let page = format!("# x\n\n## Status\n\n{text}\n\n## Decision\n\ny\n");
        assert_eq!(fields(&page).0, "accepted", "{text}");
    }
}

#[test]
fn history_in_the_front_matter_has_a_current_status() {
    for (text, word) in [
        ("Draft on 2021-05-01. Accepted on 2021-06-01.", "accepted"),
        ("Accepted. Later withdrawn.", "unknown"),
    ] {
        let page = format!("---\nstatus: {text}\n---\n# x\n");
        assert_eq!(fields(&page).0, word, "{text}");
    }
}

#[test]
fn superseded_counts_beside_other_statuses() {
    for text in [
        "Superseded by [5](0005-x.md)\n\nAccepted",
        "* 2021-05-01: Accepted\n\nSuperseded by [5](0005-x.md)",
        "2021-05-01: Accepted\n2021-06-01: Superseded by [5](0005-x.md)",
    ] {
        let page = format!("# x\n\n## Status\n\n{text}\n\n## Decision\n\ny\n");
        assert_eq!(fields(&page).0, "superseded", "{text}");
    }
}

#[test]
fn only_complete_lines_are_a_later_status() {
    for line in [
        "Superseded by: none",
        "Superseded by: N/A",
        "Superseded by:",
        "Superseded by: -",
        "* Superseded by: none",
        "Deprecated: no",
        "Rejected alternatives are listed below.",
        "Rejected: apples, because they are red",
        "Deprecated features are listed in ADR 3.",
        "Superseded decisions: ADR-1",
        "Deprecated, as of version 2, are all the old endpoints of the service.",
    ] {
        let text = format!("# x\n\n## Status\n\nAccepted\n\n{line}\n");
        assert_eq!(fields(&text).0, "accepted", "{line}");
    }
}

#[test]
fn set_check_box_on_a_line_is_the_status() {
    for (text, word) in [
        ("[x] Accepted [ ] Rejected", "accepted"),
        ("[ ] Rejected [x] Accepted", "accepted"),
        ("- [ ] Draft / [X] Accepted / [ ] Rejected", "accepted"),
        ("☑ Accepted ☐ Rejected", "accepted"),
        ("☐ Proposed ☑ Accepted ☐ Rejected", "accepted"),
        ("☐ Proposed | ☒ Accepted | ☐ Rejected", "accepted"),
        ("⬜ Proposed ✅ Accepted ⬜ Superseded by ADR-", "accepted"),
        ("( ) Proposed (x) Accepted", "accepted"),
        ("Proposed ☐ Accepted ☑ Rejected ☐", "accepted"),
        ("Proposed [ ], Accepted [x], Rejected [ ]", "accepted"),
        ("☐ Proposed\n☑ Accepted\n☐ Rejected", "accepted"),
        ("* ☐ Proposed\n* ☑ Accepted\n* ☐ Rejected", "accepted"),
        (
            "[ ] Accepted [x] Superseded by [2](0002-x.md)",
            "superseded",
        ),
        ("[] Rejected [x] Accepted", "accepted"),
        ("[ ] Rejected [✓] Accepted", "accepted"),
        ("◯ Rejected ◉ Accepted", "accepted"),
        ("🔲 Rejected ☑️ Accepted", "accepted"),
        (
            "<input type='checkbox'> Rejected <input type='checkbox' checked> Accepted",
            "accepted",
        ),
        ("[x] Accepted [x] Rejected", "unknown"),
        ("☐ Proposed ☑ Accepted ☑ Rejected", "unknown"),
        ("[ ] Accepted [ ] Rejected", "unknown"),
        ("✅ Accepted", "accepted"),
    ] {
        let page = format!("# x\n\n## Status\n\n{text}\n\n## Decision\n\ny\n");
        assert_eq!(fields(&page).0, word, "{text}");
        if !text.contains('\n') && !text.starts_with('-') {
            assert_eq!(
                fields(&format!("# x\n\nStatus: {text}\n")).0,
                word,
                "{text}"
            );
            let page = format!("---\nstatus: \"{text}\"\n---\n# x\n");
            assert_eq!(fields(&page).0, word, "{text}");
        }
    }
}

#[test]
fn status_after_the_last_arrow_has_the_date_beside_it() {
    for (text, date) in [
        (
            "Proposed (2024-01-02) → Accepted (2024-02-03)",
            "2024-02-03",
        ),
        ("Proposed 2024-01-02 -> Accepted 2024-02-03", "2024-02-03"),
        ("2024-01-02 Proposed => 2024-02-03 Accepted", "2024-02-03"),
        (
            "Draft -> Proposed 2024-01-02 -> Accepted 2024-02-03",
            "2024-02-03",
        ),
        ("Proposed → **Accepted** on 3 Feb 2024", "2024-02-03"),
        (
            "Proposed → Accepted (2024-02-03, moved from A → B)",
            "2024-02-03",
        ),
        ("Proposed (2024-01-02) → Accepted", ""),
        ("2024-02-03: Proposed → Accepted", "2024-02-03"),
        (
            "~~Proposed~~ (2024-01-02) → Accepted (2024-02-03)",
            "2024-02-03",
        ),
    ] {
        let expected = ("accepted".to_owned(), date.to_owned());
        let page = format!("# x\n\n## Status\n\n{text}\n\n## Decision\n\ny\n");
        assert_eq!(fields(&page), expected, "{text}");
        assert_eq!(
            fields(&format!("# x\n\nStatus: {text}\n")),
            expected,
            "{text}"
        );
    }
}

#[test]
fn text_that_is_struck_out_across_lines_is_ignored() {
    for text in [
        "~~Rejected\nfor now~~\n\nAccepted 2024-02-03",
        "~~Rejected 2024-01-02\nfor now~~ Accepted 2024-02-03",
        "<del>\nRejected on 2024-01-02\n\nfor now\n</del>\n\nAccepted 2024-02-03",
        "Accepted 2024-02-03 <s>until\n2024-05-06</s>\n\n<s>Superseded\nby ADR-2</s>",
    ] {
        let page = format!("# x\n\n## Status\n\n{text}\n\n## Decision\n\ny\n");
        let expected = ("accepted".to_owned(), "2024-02-03".to_owned());
        assert_eq!(fields(&page), expected, "{text}");
    }
    for text in [
        "~~Status: Draft~~\n\nStatus: Accepted\n\nDate: 2024-02-03",
        "~~Status: Draft\nDate: 2024-01-02~~\n\nStatus: Accepted\nDate: 2024-02-03",
    ] {
        let expected = ("accepted".to_owned(), "2024-02-03".to_owned());
        assert_eq!(fields(&format!("# x\n\n{text}\n")), expected, "{text}");
    }
    let text = "# x\n\nStatus: ~~Draft\n\nfor now~~ Rejected\n";
    assert_eq!(
        fields(text).0,
        "proposed",
        "a paragraph ends what is struck out"
    );
}

#[test]
fn date_between_superseded_and_by_is_not_part_of_the_link() {
    for text in [
        "Superseded on 2024-03-01 by ADR-2",
        "Superseded (2024-03-01) by [ADR 2](ADR-2)",
        "Superseded in March 2024 by ADR-2",
        "Superseded, 1 March 2024, by **ADR-2**",
        "Superseded [2024-03-01] by ADR-2",
        "**Superseded** (2024) by ADR-2",
        "Ersetzt am 1. März 2024 durch ADR-2",
        "Accepted 2024-01-02, superseded on 2024-03-01 by ADR-2",
        "Superseded since 2024-03-01, replaced on 2024-03-01 by: ADR-2",
    ] {
        let page = format!("# x\n\n## Status\n\n{text}\n\n## Decision\n\ny\n");
        let page = page::parse(Path::new("x.md"), &page).expect("readable page");
        let fields = find_fields(&page);
        let status = fields.status.expect("status");
        assert_eq!(status.status, DecisionStatus::Superseded, "{text}");
        let by: Vec<String> = fields
            .links
            .superseded_by
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(by, ["ADR-2"], "{text}");
    }
}

#[test]
fn sentence_below_the_status_is_read() {
    for (later, status) in [
        (
            "*This ADR has been superseded by [ADR-2](0002-n.md).*",
            "superseded",
        ),
        ("Note: Superseded by [ADR-2](0002-n.md)", "superseded"),
        ("Update 2022: superseded by ADR-2", "superseded"),
        ("### Superseded by\n\n[ADR-2](0002-n.md)", "superseded"),
        ("Update: now deprecated.", "unknown"),
        ("Edit: deprecated", "unknown"),
        ("Now rejected", "unknown"),
        ("This was superseded by the new design.", "unknown"),
        (
            "See [ADR-2](0002-n.md), which was superseded by ADR-3",
            "accepted",
        ),
        ("### Superseded by\n\nNone", "accepted"),
    ] {
        let text = format!("# x\n\n## Status\n\nAccepted\n\n{later}\n\n## Decision\n\ny\n");
        assert_eq!(fields(&text).0, status, "{text}");
        let page = page::parse(Path::new("x.md"), &text).expect("readable page");
        let links = find_fields(&page).links.superseded_by;
        assert_eq!(links.len(), usize::from(status == "superseded"), "{text}");
    }
    let text = "# x\n\n## Status\n\nProposed\n\nNote: Accepted on 2022-02-02 by the board\n";
    assert_eq!(fields(text).0, "unknown");
}

#[test]
fn banner_above_the_first_section_is_read() {
    for (banner, status) in [
        (
            "> This ADR has been superseded by [ADR-2](0002-n.md)",
            "superseded",
        ),
        ("**Superseded by ADR-2**", "superseded"),
        ("Superseded by ADR-2", "superseded"),
        (
            "> [!WARNING]\n> Superseded by [ADR-2](0002-n.md)",
            "superseded",
        ),
        ("> **Note:** this decision is deprecated", "unknown"),
        (
            "We looked at Kafka.\n\nIt was rejected because of its price.",
            "accepted",
        ),
        (
            "We looked at Kafka, and this was\nrejected by the team.",
            "accepted",
        ),
        ("Supersedes [ADR-1](0001-x.md)", "accepted"),
    ] {
        for text in [
            format!("# x\n\n{banner}\n\n## Status\n\nAccepted\n\n## Decision\n\ny\n"),
            format!("# x\n\n* Status: accepted\n\n{banner}\n\n## Decision\n\ny\n"),
            format!("---\nstatus: accepted\n---\n# x\n\n{banner}\n\n## Decision\n\ny\n"),
        ] {
            assert_eq!(fields(&text).0, status, "{text}");
        }
    }
    // The lines below a label are the status.
    let text = "# x\n\nStatus:\n\n- Rejected 2020-01-01\n- Accepted 2021-01-01\n";
    assert_eq!(fields(text).0, "accepted");
}

#[test]
fn sentence_about_the_page_itself_is_its_status() {
    let status = |text: &str| {
        let page = page::parse(Path::new("0001-x.md"), text).expect("readable page");
        let status = find_fields(&page).status;
        status.map_or("none", |status| status_word(status.status))
    };
    for sentence in [
        "ADR-1 was superseded by ADR-2.",
        "> ADR-0001 has been superseded by [ADR-2](0002-y.md)",
        "This ADR was superseded by ADR-2.",
        "Superseded by ADR-2",
        "Decision 1 was replaced by ADR-2",
    ] {
        for below in ["", "\n## Status\n\nAccepted\n"] {
            let text = format!("# Use x\n\n{sentence}\n{below}\n## Decision\n\nd\n");
            assert_eq!(status(&text), "superseded", "{text}");
        }
    }
    let below = "# Use x\n\n## Status\n\nAccepted\n\nADR-1 was superseded by ADR-2.\n";
    assert_ne!(status(below), "accepted");
    for sentence in [
        "ADR-3 was superseded by ADR-2.",
        "ADR-2 was superseded by ADR-1.",
        "ADR-1 was not superseded by ADR-2.",
        "ADR-1 will be superseded by ADR-2.",
        "ADR-1 was discussed with the board.",
        "This ADR was superseded.",
    ] {
        let text = format!("# Use x\n\n{sentence}\n\n## Decision\n\nd\n");
        assert_eq!(status(&text), "none", "{text}");
        let text = format!("# Use x\n\n## Status\n\nAccepted\n\n## Context\n\n{sentence}\n");
        assert_eq!(status(&text), "accepted", "{text}");
    }
}
