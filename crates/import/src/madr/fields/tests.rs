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
        "# x\n\n## Status\n\n| Date | Status |\n|---|---|\n| 2020-01-01 | Proposed |\n| 2020-02-02 | Accepted |\n",
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
