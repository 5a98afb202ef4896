//! Search by words: the same words find the same records on each database.

use wsdb_core::{
    Activity, Decision, DecisionStatus, HighlightedText, Hit, Issue, IssueStatus, Page,
    SearchFilter, SearchNoun, Session, Task, TaskStatus,
};
use wsdb_store::Store;

use crate::fixtures;
use crate::{Case, at, test_cases};

test_cases!(
    all_words_have_to_match,
    phrase_matches_adjacent_words,
    excluded_words_are_not_found,
    punctuation_separates_words,
    case_and_accents_are_ignored,
    every_text_is_searched,
    any_input_is_a_valid_query,
    hit_shows_the_matching_text,
    best_match_comes_first,
    id_comes_before_words,
    id_is_filtered_by_status,
    very_long_texts_are_found,
);

pub(crate) fn filter(query: &str) -> SearchFilter {
    SearchFilter {
        query: query.parse().unwrap(),
        nouns: Vec::new(),
        status: Vec::new(),
        repo: Vec::new(),
        since: None,
        now: None,
        page: Page::default(),
    }
}

pub(crate) async fn find(store: &Store, filter: &SearchFilter) -> Vec<Hit> {
    let found = store.search().find(filter).await.unwrap();
    assert_eq!(found.total, found.hits.len() as u64, "{filter:?}");
    found.hits
}

/// The ids of the hits, the best first.
pub(crate) async fn ranked_ids(store: &Store, filter: &SearchFilter) -> String {
    let hits = find(store, filter).await.into_iter();
    hits.map(|hit| hit.id).collect::<Vec<_>>().join(" ")
}

/// The ids of the hits in alphabetical order.
pub(crate) async fn sorted_ids(store: &Store, filter: &SearchFilter) -> String {
    let mut ids: Vec<String> = find(store, filter)
        .await
        .into_iter()
        .map(|hit| hit.id)
        .collect();
    ids.sort();
    ids.join(" ")
}

pub(crate) fn task(
    name: &str,
    title: &str,
    description: Option<&str>,
    notes: Option<&str>,
) -> Task {
    Task {
        title: title.into(),
        description: description.map(Into::into),
        notes: notes.map(Into::into),
        ..fixtures::task(name, false)
    }
}

/// Adds records of each kind.
pub(crate) async fn fill(store: &Store) {
    let tasks = store.tasks();
    for new in [
        task(
            "T-1",
            "Move seasonal pricing",
            Some("Out of orchard-core/src/pricing.py"),
            None,
        ),
        task(
            "T-2",
            "Äpfel pflücken",
            Some("naïve Straße, e\u{301}te\u{301} 5€"),
            Some("Привет мир"),
        ),
        Task {
            status: TaskStatus::Completed,
            repos_affected: vec!["orchard-web".into()],
            updated: at("2030-01-01"),
            ..task(
                "T-3",
                "Price list",
                Some("the move is done"),
                Some("pricing"),
            )
        },
    ] {
        tasks.insert(new).await.unwrap();
    }
    let issue = Issue {
        title: "pandas in the core".into(),
        description: Some("move it".into()),
        action_required: Some("rewrite".into()),
        resolution_notes: Some("rewritten by hand".into()),
        status: IssueStatus::Open,
        ..fixtures::issue("I-1", false)
    };
    store.issues().insert(issue).await.unwrap();
    let decision = Decision {
        decision: "The core has no pandas".into(),
        rationale: Some("It starts slowly".into()),
        status: DecisionStatus::Planned,
        repos_affected: vec!["orchard-core".into()],
        ..fixtures::decision("D-1", false)
    };
    store.decisions().insert(decision).await.unwrap();
    let session = Session {
        user: Some("mira".into()),
        ai_assistant: Some("helper".into()),
        handoff_notes: Some("Next: the pricing".into()),
        ..fixtures::session("S-1", false)
    };
    store.sessions().insert(session).await.unwrap();
    for (name, description, outcome) in [
        ("A-1", "Measured the ripeness", None),
        ("A-2", "Moved pricing.py", Some("ripeness is next")),
    ] {
        let activity = Activity {
            description: description.into(),
            outcome: outcome.map(Into::into),
            ..fixtures::activity(name, "S-1", false)
        };
        store
            .sessions()
            .activities()
            .insert(activity)
            .await
            .unwrap();
    }
}

/// Compares the ids that queries find, in alphabetical order.
async fn check_queries(case: &Case, queries: &[(&str, &str)]) {
    fill(&case.store).await;
    for (query, expected) in queries {
        let ids = sorted_ids(&case.store, &filter(query)).await;
        assert_eq!(ids, *expected, "{query}");
    }
}

async fn all_words_have_to_match(case: &Case) {
    check_queries(
        case,
        &[
            ("pricing", "S-1 T-1 T-3"),
            ("PRICING move", "S-1 T-1 T-3"),
            ("move pricing", "T-1 T-3"),
            ("pric", "S-1 T-1 T-3"),
            ("pric move", ""),
        ],
    )
    .await;
}

async fn phrase_matches_adjacent_words(case: &Case) {
    check_queries(
        case,
        &[
            ("\"seasonal pricing\"", "T-1"),
            ("\"pricing seasonal\"", ""),
            // The words of a phrase are in one text.
            ("\"pricing out\"", ""),
            ("\"done pricing\"", ""),
            ("\"seasonal pric\"", ""),
        ],
    )
    .await;
}

async fn excluded_words_are_not_found(case: &Case) {
    check_queries(
        case,
        &[
            ("pricing -move", "S-1"),
            ("-move pricing", "S-1"),
            ("pricing -\"the move\"", "S-1 T-1"),
            ("core -pandas", "T-1"),
        ],
    )
    .await;
}

/// The parts of a word with punctuation have to be adjacent.
async fn punctuation_separates_words(case: &Case) {
    check_queries(
        case,
        &[
            ("orchard-core", "T-1"),
            ("core-orchard", ""),
            ("src/pricing.py", "T-1"),
            ("pricing.p", "S-1 T-1"),
            ("py", "S-1 T-1"),
        ],
    )
    .await;
}

async fn case_and_accents_are_ignored(case: &Case) {
    check_queries(
        case,
        &[
            ("apfel", "T-2"),
            ("ÄPFEL", "T-2"),
            ("A\u{308}pfel", "T-2"),
            ("pflucken naive", "T-2"),
            ("ete straße", "T-2"),
            ("été", "T-2"),
            ("5", "T-2"),
            ("ПРИВЕТ", "T-2"),
            ("strasse", "T-2"),
            ("STRAẞ", "T-2"),
        ],
    )
    .await;
}

async fn every_text_is_searched(case: &Case) {
    check_queries(
        case,
        &[
            ("rewrite", "I-1"),
            ("rewritten hand", "I-1"),
            ("slowly", "D-1"),
            ("pandas core", "D-1 I-1"),
            ("mira", "S-1"),
            ("helper", "S-1"),
            ("measured ripeness", "S-1"),
            ("ripeness", "S-1"),
            ("ripeness -measured", "S-1"),
            ("absent", ""),
        ],
    )
    .await;
}

async fn any_input_is_a_valid_query(case: &Case) {
    check_queries(
        case,
        &[
            ("pricing' OR 1=1; DROP TABLE x --", ""),
            ("pri* NEAR(move) ^x {y}: (z", ""),
            ("a & b | !c <-> d:*A \\ ' $1 ?", ""),
            ("title:pricing", ""),
            ("\"pricing", "S-1 T-1 T-3"),
            ("\"\" pricing", "S-1 T-1 T-3"),
            ("… pricing % _ \u{1}", "S-1 T-1 T-3"),
            ("pricing\0", "S-1 T-1 T-3"),
        ],
    )
    .await;
}

/// The highlighted parts of a text.
fn highlighted(excerpt: &HighlightedText) -> Vec<&str> {
    let ranges = excerpt.highlights.iter();
    ranges.map(|range| &excerpt.text[range.clone()]).collect()
}

async fn hit_shows_the_matching_text(case: &Case) {
    fill(&case.store).await;
    let hits = find(&case.store, &filter("\"pricing\" mov")).await;
    let hit = |id: &str| hits.iter().find(|hit| hit.id == id).unwrap();
    let task = hit("T-1");
    assert_eq!((task.noun, task.status), (SearchNoun::Task, "deferred"));
    assert_eq!(highlighted(&task.title), ["Move", "pricing"]);
    let snippet = task.snippet.as_ref().unwrap();
    assert_eq!(snippet.field, "description");
    assert_eq!(highlighted(&snippet.excerpt), ["pricing"]);

    let session = hit("S-1");
    assert_eq!(session.title.text, "mira with helper");
    let snippet = session.snippet.as_ref().unwrap();
    assert_eq!(snippet.field, "activities");
    assert_eq!(snippet.excerpt.text, "Moved pricing.py");
}

/// A title counts more than the other texts.
async fn best_match_comes_first(case: &Case) {
    fill(&case.store).await;
    let hits = find(&case.store, &filter("\"pricing\" mov")).await;
    assert_eq!(hits[0].id, "T-1");
    assert!(hits.is_sorted_by(|a, b| a.rank >= b.rank));
}

async fn id_comes_before_words(case: &Case) {
    let store = &case.store;
    for (name, title) in [
        ("WS-TASK-007", "seven"),
        ("WS-TASK-070", "see 7, 7, 7 and WS-TASK-007"),
        ("GUI-LOGIN", "a form"),
        ("x-1", "GUI-LOGIN and GUI-LOGIN"),
    ] {
        let task = task(name, title, None, None);
        store.tasks().insert(task).await.unwrap();
    }
    let issue = fixtures::issue("ISSUE-007", false);
    store.issues().insert(issue).await.unwrap();
    for (query, expected) in [
        ("WS-TASK-007", "WS-TASK-007 WS-TASK-070"),
        ("ws-task-7", "WS-TASK-007"),
        ("ws-task-0", "WS-TASK-007 WS-TASK-070"),
        ("gui-login", "GUI-LOGIN x-1"),
        ("GUI", "x-1"),
        ("X-1", "x-1"),
        ("7", "WS-TASK-007 ISSUE-007 WS-TASK-070"),
    ] {
        let ids = ranked_ids(store, &filter(query)).await;
        assert_eq!(ids, expected, "{query}");
    }
}

async fn id_is_filtered_by_status(case: &Case) {
    let task = task("WS-TASK-007", "seven", None, None);
    case.store.tasks().insert(task).await.unwrap();
    let done = SearchFilter {
        status: vec!["done".parse().unwrap()],
        ..filter("7")
    };
    assert_eq!(find(&case.store, &done).await, []);
}

/// A description of 200,000 words, a title of one word, and notes of characters beyond 16 bits.
async fn very_long_texts_are_found(case: &Case) {
    let title = "x".repeat(100_000);
    let description: String = (0..200_000).map(|n| format!("w{n} ")).collect();
    let notes: String = (0..60_000)
        .filter_map(|n| char::from_u32(0x20000 + n))
        .flat_map(|c| [c, ' '])
        .collect();
    let task = task("T-1", &title, Some(&description), Some(&notes));
    case.store.tasks().insert(task).await.unwrap();
    assert_eq!(sorted_ids(&case.store, &filter("w17 w4000")).await, "T-1");
}
