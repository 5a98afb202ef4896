use std::path::Path;

use proptest::prelude::*;
use wsdb_core::{Decision, DecisionId, DecisionStatus, Json, Level, Timestamp, Vocabulary, json};

use super::page_context::PageContext;
use super::reference::Reference;
use super::without_page_facts::without_page_facts;
use super::write::{file_name, render_page};
use super::{parse_status, read, status};

fn now() -> Timestamp {
    "2025-11-20T10:00:00Z".parse().expect("valid time")
}

fn decision(words: &str) -> Decision {
    let id = DecisionId::new("DEC-001").expect("valid id");
    Decision::new(id, words.to_owned(), now())
}

/// Writes a decision as a page and reads it again.
fn round_trip(decision: &Decision) -> (String, Decision) {
    let text = render_page(decision, &PageContext::default());
    let read =
        read::parse_adr(Path::new("0001-x.md"), &text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let read = read.to_decision(decision.id.clone(), None, now());
    (text, read)
}

#[test]
fn a_page_is_madr_4() {
    let mut decision = decision("orchard-core holds nothing that is specific to a season");
    decision.rationale = Some("One core for every fruit.\n\n# Not a title".to_owned());
    decision.status = DecisionStatus::Implemented;
    decision.repos_affected = vec!["orchard-core".into(), "yes".into()];
    decision.impact = Some(Level::High);
    decision.extra_metadata =
        Some(json!({"n": 1, "madr": {"front": {"decision-makers": ["Mira", "Jo"]}}}));
    let (text, read) = round_trip(&decision);
    assert_eq!(
        text,
        r#"---
status: accepted
date: 2025-11-20
decision-makers: [Mira, Jo]
wsdb:
  id: DEC-001
  status: implemented
  date: "2025-11-20T10:00:00Z"
  impact: HIGH
  repos: [orchard-core, "yes"]
  metadata: "{\"n\":1}"
---

# orchard-core holds nothing that is specific to a season

## Context and Problem Statement

<!-- wsdb -->
Concerns orchard-core, yes. Impact: HIGH.
<!-- /wsdb -->

## Decision Outcome

One core for every fruit.

\# Not a title
"#
    );
    assert_eq!(read, decision);
}

#[test]
fn assumed_date_is_not_written() {
    let text = "# Use pears\n\n* Status: accepted\n* Deciders: Mira\n\n## Context\n\nc\n\n## Decision\n\nd\n";
    let mut adr = read::parse_adr(Path::new("0001-x.md"), text).expect("readable page");
    let first_commit: Timestamp = "2021-03-05T09:10:11Z".parse().expect("valid time");
    for first_commit in [None, Some(first_commit)] {
        adr.first_commit = first_commit;
        let id = DecisionId::new("DEC-001").expect("valid id");
        let decision = adr.to_decision(id.clone(), None, now());
        let (page, read) = round_trip(&decision);
        assert!(!page.contains("date:"), "{page}");
        // The sections of the page are kept.
        assert!(page.contains("decision-makers: Mira"), "{page}");
        assert_eq!(
            without_page_facts(&read).extra_metadata,
            without_page_facts(&decision).extra_metadata
        );
        // Reading the page again does not change the date of the decision.
        let adr = read::parse_adr(Path::new("0001-x.md"), &page).expect("readable page");
        let again = adr.to_decision(id, Some(&decision), now());
        assert_eq!(again.date, decision.date);
        let source = |decision: &Decision| {
            decision
                .extra_metadata
                .as_ref()
                .map(|it| it["madr"]["date_source"].clone())
        };
        assert_eq!(source(&again), source(&decision));
    }
}

const MADR_2: &str = "# Use Markdown for decisions

* Status: superseded by [ADR-0005](0005-something-else.md)
* Deciders: Mira, Jo <!-- optional -->
* Date: 2021-03-02

Technical Story: https://example.org/7

## Context and Problem Statement

How shall decisions be written down?

```sh
# no heading
```

## Considered Options

* MADR
* Nothing

## Decision Outcome

Chosen option: \"MADR\", because it is text.

### Positive Consequences

* Diffs can be read

## Links

* [x](y)
";

#[test]
fn madr_2_content_is_kept() {
    let adr =
        read::parse_adr(Path::new("docs/0001-use-markdown.md"), MADR_2).expect("readable page");
    let file = |name: &str| Reference::File(name.to_owned());
    assert_eq!(adr.superseded_by, [file("0005-something-else.md")]);
    let id = DecisionId::new("DEC-001").expect("valid id");
    let read = adr.to_decision(id, None, now());
    assert_eq!(read.decision, "Use Markdown for decisions");
    assert_eq!(read.status, DecisionStatus::Superseded);
    assert_eq!(read.date.to_string(), "2021-03-02T00:00:00Z");
    assert_eq!(
        read.rationale.as_deref(),
        Some("Chosen option: \"MADR\", because it is text.")
    );
    let kept = read.extra_metadata.clone().expect("metadata")["madr"].clone();
    assert_eq!(kept["front"]["decision-makers"], "Mira, Jo");
    assert_eq!(kept["preamble"], "Technical Story: https://example.org/7");
    assert_eq!(kept["sections"][3]["heading"], "Positive Consequences");
    assert_eq!(kept["sections"][3]["level"], 3);
    // After writing and reading it again, it is the same and its text is unchanged.
    let (text, twice) = round_trip(&read);
    assert_eq!(twice, without_page_facts(&read));
    let body = MADR_2.split_once("Technical Story").expect("page body").1;
    assert!(text.contains(body.trim_end()), "{text}");
    assert_eq!(round_trip(&twice).0, text);
}

#[test]
fn pages_of_adr_tools_are_read() {
    let text = "# 2. Use pears\n\nDate: 2016-02-12\n\n## Status\n\nAccepted\n\nSupersedes [1. Use apples](0001-use-apples.md)\n\n## Context\n\nc\n\n## Decision\n\nd\n\n## Consequences\n\ne\n";
    let adr = read::parse_adr(Path::new("0002-use-pears.md"), text).expect("readable page");
    assert_eq!(adr.status, Some(DecisionStatus::Maintained));
    let older = Reference::File("0001-use-apples.md".to_owned());
    assert_eq!(adr.supersedes, [older]);
    assert_eq!(adr.rationale.as_deref(), Some("d"));
    assert_eq!(adr.title, "2. Use pears");
    // Its status becomes the MADR word, and the rest of it is kept.
    let id = DecisionId::new("DEC-002").expect("valid id");
    let (text, read) = round_trip(&adr.to_decision(id, None, now()));
    assert!(text.starts_with("---\nstatus: accepted\n"), "{text}");
    assert!(
        text.contains("\n\nSupersedes [1. Use apples](0001-use-apples.md)\n"),
        "{text}"
    );
    assert_eq!(round_trip(&read).0, text);
}

#[test]
fn underlined_headings_are_read() {
    let text = "Use pears\n=========\n\nStatus: accepted\n\nContext\n-------\n\nWhy\nnot\n---\n\nDecision Outcome\n----------------\n\nPears.\n\n---\n\nOnly.\n";
    let adr = read::parse_adr(Path::new("0002-use-pears.md"), text).expect("readable page");
    assert_eq!(adr.title, "Use pears");
    assert_eq!(adr.rationale.as_deref(), Some("Pears.\n\n---\n\nOnly."));
    assert_eq!(adr.layout["sections"][0]["heading"], "Context");
    assert_eq!(adr.layout["sections"][0]["text"], "Why\nnot\n---");
    // A rationale with such lines comes back complete.
    let mut underlined = decision("x");
    underlined.rationale = Some("Context\n-------\n\nx".to_owned());
    assert_eq!(round_trip(&underlined).1, underlined);
}

#[test]
fn page_errors_have_a_line() {
    let wrong = |text: &str| {
        read::parse_adr(Path::new("x.md"), text)
            .expect_err("error")
            .to_string()
    };
    assert_eq!(
        wrong("---\nstatus: x\nwsdb:\n  id: DEC-001\n"),
        "x.md, line 1, column 1: front matter is not valid: it has no closing '---' line"
    );
    assert!(wrong("---\na: [1\nwsdb:\n---\n# x\n").starts_with("x.md, line "));
    assert!(wrong("+++\na = 1\nb = [1\n[wsdb]\n+++\n# x\n").starts_with("x.md, line "));
    assert_eq!(
        wrong("---\nstatus: accepted\nwsdb:\n  id: DEC-001\n  impact: enormous\ndate: 2025-01-01\n---\n# x\n").split(" (").next(),
        Some("x.md, line 3, column 1: wsdb: impact: unknown priority or severity \"enormous\"")
    );
}

#[test]
fn front_matter_that_is_not_valid_is_read_line_by_line() {
    for (front, title, expected, date, line) in [
        (
            "---\ntitle: Use Redis: the cache\nstatus: accepted\ndate: 2021-03-05\n---\n",
            "Use Redis: the cache",
            Some("accepted"),
            Some("2021-03-05"),
            2,
        ),
        (
            "---\ntags: [a\nstatus: rejected\n---\n# Use Redis\n\nDate: 2021-03-05\n",
            "Use Redis",
            Some("rejected"),
            Some("2021-03-05"),
            3,
        ),
        (
            "---\n\ttags: a: b\n\tstatus: accepted\n---\n# Use Redis\n",
            "Use Redis",
            Some("accepted"),
            None,
            2,
        ),
        (
            "---\ntags: a: b\nstatus: |\n  accepted\n---\n# Use Redis\n",
            "Use Redis",
            None,
            None,
            2,
        ),
        (
            "---\ntags: a: b\nstatus: accepted\nstatus: rejected\n---\n# Use Redis\n",
            "Use Redis",
            None,
            None,
            2,
        ),
        (
            "---\nstatus: accepted\n\n# Use Redis\n",
            "Use Redis",
            Some("accepted"),
            None,
            1,
        ),
        (
            "---\nstatus: accepted\n\n# Use Redis\n\n## Context\n\nx: y: z\n\n---\n\nDate: never\n",
            "Use Redis",
            Some("accepted"),
            None,
            8,
        ),
        (
            "---\n\n# Use Redis\n\nStatus: accepted\n",
            "Use Redis",
            Some("accepted"),
            None,
            1,
        ),
        (
            "+++\ntags = [\nstatus = \"accepted\"\n+++\n# Use Redis\n",
            "Use Redis",
            Some("accepted"),
            None,
            3,
        ),
    ] {
        for prefix in ["", "---\nwsdb:\n  style: own\n  id: DEC-001\n---\n\n"] {
            let text = format!("{prefix}{front}\n## Decision\n\nYes\n");
            let adr = read::parse_adr(Path::new("x.md"), &text).expect("readable page");
            assert_eq!(adr.title, title, "{text}");
            assert_eq!(adr.status.map(status::status_word), expected, "{text}");
            let found = adr.date.map(|date| date.to_string()[..10].to_owned());
            assert_eq!(found.as_deref(), date, "{text}");
            let line = format!("line {}: ", line + prefix.matches('\n').count());
            if prefix.is_empty() || !front.starts_with("---\n\n") {
                let odd = adr.odd_front.unwrap_or_default();
                assert!(odd.starts_with(&line), "{odd}: {text}");
            }
            assert!(adr.outcome.is_some(), "{text}");
        }
    }
}

#[test]
fn odd_status_and_date_are_no_errors() {
    let text = "---\nstatus: perhaps\ndate: 2025-02-30\n---\n# x\n";
    let adr = read::parse_adr(Path::new("x.md"), text).expect("readable page");
    assert_eq!(adr.status, Some(DecisionStatus::Unknown));
    assert_eq!(
        adr.odd_status.as_deref(),
        Some(
            "line 2: status \"perhaps\" is not recognized, so the decision has the status unknown"
        )
    );
    assert_eq!(
        adr.odd_date.as_deref(),
        Some("date \"2025-02-30\" is not recognized")
    );
    let text = "# x\n\n## Status\n\nAccepted on 03/04/2021\n";
    let adr = read::parse_adr(Path::new("x.md"), text).expect("readable page");
    assert_eq!(
        adr.odd_date.as_deref(),
        Some("date \"03/04/2021\" is not recognized")
    );
    // A page without a status has none that is odd.
    let adr = read::parse_adr(Path::new("x.md"), "# x\n").expect("readable page");
    let read = adr.to_decision(DecisionId::new("DEC-1").expect("valid id"), None, now());
    assert_eq!(
        (read.status, adr.odd_status),
        (DecisionStatus::Unknown, None)
    );
}

#[test]
fn edits_of_a_page_are_imported() {
    let mut before = decision("One\ntwo lines");
    before.rationale = Some("a\r\nb".to_owned());
    before.status = DecisionStatus::Implemented;
    let text = render_page(&before, &PageContext::default());
    let edited = text
        .replace("status: accepted", "status: rejected")
        .replace("# One\n", "# Another\n")
        .replace("date: 2025-11-20\n", "date: 2025-11-21\n")
        .replace("\na\nb\n", "\nc\n")
        + "\n## Pros\n\n* x\n";
    let read = read::parse_adr(Path::new("x.md"), &edited).expect("readable page");
    let read = read.to_decision(before.id.clone(), Some(&before), now());
    assert_eq!(read.status, DecisionStatus::Rejected);
    assert_eq!(read.decision, "Another");
    assert_eq!(read.date.to_string(), "2025-11-21T00:00:00Z");
    assert_eq!(read.rationale.as_deref(), Some("c"));
    let kept = read.extra_metadata.expect("metadata");
    assert_eq!(
        kept["madr"]["sections"][1],
        json!({"heading": "Pros", "text": "* x"})
    );
}

#[test]
fn statuses_and_names() {
    assert_eq!(
        parse_status("Accepted (2021-02-03)"),
        Some(DecisionStatus::Maintained)
    );
    assert_eq!(parse_status("draft"), Some(DecisionStatus::Planned));
    assert_eq!(
        parse_status("in progress"),
        Some(DecisionStatus::InProgress)
    );
    assert_eq!(parse_status("{proposed | rejected}"), None);
    assert_eq!(
        file_name(7, "Use „Äpfel“ & pears!\nx"),
        "0007-use-äpfel-pears.md"
    );
    assert_eq!(file_name(7, "🍐"), "0007-decision.md");
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("# x".to_owned()),
        Just("\\## y".to_owned()),
        Just("```".to_owned()),
        Just("~~~~".to_owned()),
        Just("    code".to_owned()),
        Just("<!-- wsdb -->".to_owned()),
        Just("<!-- /wsdb -->".to_owned()),
        Just("---".to_owned()),
        Just("Status: accepted".to_owned()),
        "[ -~]{0,8}",
        any::<String>().prop_map(|text| text.replace('\0', "")),
    ];
    let join = prop_oneof![Just("\n"), Just("\n\n"), Just("\r\n"), Just(" ")];
    proptest::collection::vec((piece, join), 0..6)
        .prop_map(|pieces| pieces.into_iter().map(|(text, join)| text + join).collect())
}

fn layout() -> impl Strategy<Value = Option<Json>> {
    let section = (
        text(),
        prop_oneof![
            "[a-zA-Z ]{1,9}",
            Just("Context".to_owned()),
            Just("More Information".to_owned())
        ],
    );
    let section =
        section.prop_map(|(text, heading)| json!({"heading": heading.trim(), "text": text.trim()}));
    let sections = proptest::collection::vec(section, 0..4);
    prop_oneof![
        2 => Just(None),
        1 => text().prop_map(|text| Some(json!({"x": text, "madr": "mine"}))),
        1 => text().prop_map(|text| Some(json!([text, 1.10]))),
        3 => (sections, text(), any::<bool>()).prop_map(|(sections, preamble, keeps)| {
            let mut all = sections;
            all.push(json!({"heading": "Decision Outcome"}));
            let mut madr = json!({"sections": all, "preamble": preamble.trim()});
            if keeps {
                madr["front"] = json!({"consulted": ["a", "1"], "n": 1.50});
            }
            Some(json!({"madr": madr}))
        }),
    ]
}

fn decisions() -> impl Strategy<Value = Decision> {
    let texts = || proptest::collection::vec(text(), 0..3);
    let status = proptest::sample::select(DecisionStatus::ALL);
    let time = prop_oneof![
        Just("2025-11-20"),
        Just("0001-01-01T00:00:00.000001Z"),
        Just("2025-11-20T23:59:59Z")
    ];
    let links = (texts(), proptest::collection::vec("[!-~]{1,5}", 0..3));
    let basics = (text(), proptest::option::of(text()), status, time);
    (basics, links, texts(), layout(), any::<bool>()).prop_map(
        |((words, rationale, status, time), (components, ids), files, metadata, full)| {
            let mut decision = decision(&words);
            decision.rationale = rationale;
            decision.status = status;
            decision.date = time.parse().expect("valid time");
            decision.related_components = components;
            decision.related_files = files.clone();
            decision.documentation = files;
            decision.supersedes = ids
                .iter()
                .map(|id| DecisionId::new(id.as_str()).expect("valid id"))
                .collect();
            decision.extra_metadata = metadata;
            if full {
                decision.impact = Some(Level::Low);
                decision.session = "2025-11-20-session-001".parse().ok();
                decision
                    .document_fields
                    .insert("ä: \"".to_owned(), json!([null, 1.10]));
            }
            decision
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn decision_survives_round_trip(decision in decisions()) {
        let (text, read) = round_trip(&decision);
        prop_assert_eq!(&read, &decision, "{}", text);
        prop_assert_eq!(round_trip(&read).0, text);
    }

    #[test]
    fn parsing_never_panics(text in any::<String>(), front in "[ -~\n]{0,30}") {
        let _ = read::parse_adr(Path::new("x.md"), &text);
        let _ = read::parse_adr(Path::new("x.md"), &format!("---\n{front}\n---\n# {text}"));
    }
}
