//! The search index stays in sync with the records, whatever happens to them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use wsdb_core::{Activity, Issue, Session, TaskStatus};
use wsdb_store::{OnDelete, Store};

use crate::fixtures::{self, id};
use crate::search::{filter, find, task};
use crate::{Case, at, test_cases};

test_cases!(random_changes_are_found);

const WORDS: [&str; 10] = [
    "alpha",
    "Äpfel",
    "beta",
    "core",
    "data-base",
    "été",
    "alphabet",
    "x",
    "Straße",
    "検索",
];

/// After random changes, search finds the same records as a scan of all texts.
async fn random_changes_are_found(case: &Case) {
    let text = proptest::collection::vec(proptest::sample::select(&WORDS[..]), 0..4)
        .prop_map(|words| words.join(" "));
    let change = (0u8..9, 0u8..5, text.clone(), text);
    let changes = proptest::collection::vec(change, 1..25);
    let mut runner = TestRunner::new(Config {
        cases: 1,
        failure_persistence: None,
        ..Config::default()
    });
    for round in 0..6 {
        let changes = changes.new_tree(&mut runner).unwrap().current();
        for (kind, record, title, more) in &changes {
            apply_change(&case.store, *kind, *record, title, more).await;
        }
        compare(&case.store, round)
            .await
            .unwrap_or_else(|why| panic!("{why}\nafter {changes:#?}"));
    }
}

/// Applies a change, which fails if the record exists or does not exist: both are cases to check.
async fn apply_change(store: &Store, kind: u8, record: u8, title: &str, more: &str) {
    let name = format!("R-{record}");
    let more = (!more.is_empty()).then(|| more.to_owned());
    let (tasks, issues, sessions) = (store.tasks(), store.issues(), store.sessions());
    match kind {
        0 => drop(
            tasks
                .insert(task(&name, title, more.as_deref(), None))
                .await,
        ),
        1 => drop(
            tasks
                .update(&id(&name), |task| {
                    task.title = title.into();
                    task.notes = more.clone();
                })
                .await,
        ),
        2 => drop(
            tasks
                .set_status(&id(&name), TaskStatus::Completed, at("2025-11-22"))
                .await,
        ),
        3 => drop(tasks.delete(&id(&name), OnDelete::Detach).await),
        4 => {
            let new = [1, 2, 3].map(|n| task(&format!("{name}-{n}"), title, None, more.as_deref()));
            drop(tasks.insert_many(&new, &|_| ()).await);
        }
        5 => drop(
            issues
                .insert(Issue {
                    title: title.into(),
                    resolution_notes: more,
                    ..fixtures::issue(&name, false)
                })
                .await,
        ),
        6 => drop(
            sessions
                .insert(Session {
                    handoff_notes: more,
                    ..fixtures::session(&name, false)
                })
                .await,
        ),
        7 => drop(
            sessions
                .activities()
                .insert(Activity {
                    description: title.into(),
                    outcome: more,
                    ..fixtures::activity(&format!("A-{title}"), &name, false)
                })
                .await,
        ),
        _ => drop(sessions.delete(&id(&name), OnDelete::Detach).await),
    }
}

/// A record, and its texts or those of one of its activities.
struct Text {
    /// Kind and id.
    record: String,
    /// All words between spaces, without case and accents.
    words: String,
}

async fn all_texts(store: &Store) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut add = |noun: &str, id: &str, parts: &[Option<&str>]| {
        let parts: Vec<&str> = parts.iter().flatten().copied().collect();
        texts.push(Text {
            record: format!("{noun} {id}"),
            words: format!(" {} ", fold(&parts.join(" | "))),
        });
    };
    for task in store.tasks().all().await.unwrap() {
        add(
            "task",
            task.id.as_str(),
            &[
                Some(&task.title),
                task.description.as_deref(),
                task.notes.as_deref(),
            ],
        );
    }
    for issue in store.issues().all().await.unwrap() {
        add(
            "issue",
            issue.id.as_str(),
            &[Some(&issue.title), issue.resolution_notes.as_deref()],
        );
    }
    for session in store.sessions().all().await.unwrap() {
        add(
            "session",
            session.id.as_str(),
            &[session.handoff_notes.as_deref()],
        );
    }
    for activity in store.sessions().activities().all().await.unwrap() {
        add(
            "session",
            activity.session_id.as_str(),
            &[Some(&activity.description), activity.outcome.as_deref()],
        );
    }
    texts
}

/// Compares search with a scan of all texts: for each word, whole and as the start of words, and
/// for 10 of the 100 pairs of words, which are other ones in each round.
async fn compare(store: &Store, round: usize) -> Result<(), String> {
    let texts = all_texts(store).await;
    for (index, first) in WORDS.iter().enumerate() {
        let (whole, start) = (format!(" {} ", fold(first)), format!(" {}", fold(first)));
        let second = WORDS[(index + round) % WORDS.len()];
        let second_start = format!(" {}", fold(second));
        for (query, parts) in [
            (format!("\"{first}\""), [&whole, &whole]),
            ((*first).to_owned(), [&start, &start]),
            (format!("{first} {second}"), [&whole, &second_start]),
        ] {
            let expected: BTreeSet<&str> = texts
                .iter()
                .filter(|text| parts.iter().all(|part| text.words.contains(*part)))
                .map(|text| text.record.as_str())
                .collect();
            let hits = find(store, &filter(&query)).await;
            let found: Vec<String> = hits
                .iter()
                .map(|hit| format!("{} {}", hit.noun, hit.id))
                .collect();
            let distinct: BTreeSet<&str> = found.iter().map(String::as_str).collect();
            if distinct != expected || distinct.len() != found.len() {
                return Err(format!("{query}: {found:?}, not {expected:?}"));
            }
        }
    }
    Ok(())
}

/// Removes case, accents and hyphens as search does.
fn fold(text: &str) -> String {
    let text = text
        .to_lowercase()
        .replace('ä', "a")
        .replace('é', "e")
        .replace('ß', "ss");
    text.replace('-', " ")
}
