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
