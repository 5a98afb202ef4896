//! The search index stays in sync with the records, whatever happens to them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use wsdb_core::{Activity, Issue, SearchFilter, SearchQuery, Session, TaskStatus};
use wsdb_store::{OnDelete, Store};

use crate::fixtures::{self, id};
use crate::search::{filter, hits, task};
use crate::{Case, at};

/// What a generated workspace's steps leave is what a naive scan of all texts finds.
pub(crate) async fn index_stays_in_sync(case: &Case) {
    const WORDS: [&str; 8] = [
        "alpha",
        "Äpfel",
        "beta",
        "core",
        "data-base",
        "été",
        "alphabet",
        "x",
    ];
    let text = proptest::collection::vec(proptest::sample::select(&WORDS[..]), 0..4)
        .prop_map(|words| words.join(" "));
    let step = (0u8..9, 0u8..5, text.clone(), text);
    let steps = proptest::collection::vec(step, 1..25);
    let mut runner = TestRunner::new(Config {
        cases: 1,
        failure_persistence: None,
        ..Config::default()
    });
    for _ in 0..12 {
        let steps = steps.new_tree(&mut runner).unwrap().current();
        for (kind, which, title, more) in &steps {
            change(&case.store, *kind, *which, title, more).await;
        }
        compare(&case.store, &WORDS)
            .await
            .unwrap_or_else(|why| panic!("{why}\nafter {steps:#?}"));
    }
}

async fn change(store: &Store, kind: u8, which: u8, title: &str, more: &str) {
    let name = format!("R-{which}");
    let more = (!more.is_empty()).then(|| more.to_owned());
    let (tasks, issues, sessions) = (store.tasks(), store.issues(), store.sessions());
    // It does not matter here whether the record exists already.
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

/// Each word, and each two, beside a scan of every text.
async fn compare(store: &Store, words: &[&str]) -> Result<(), String> {
    // Record type and id, and the joined texts of the record.
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut add = |noun: &str, id: &str, parts: &[Option<&str>]| {
        let text: Vec<&str> = parts.iter().flatten().copied().collect();
        texts.push((format!("{noun} {id}"), folded(&text.join(" | "))));
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
    let has = |text: &str, word: &str, beginning: bool| {
        text.match_indices(word).any(|(at, _)| {
            let before = at == 0 || text[..at].ends_with(' ');
            before
                && (beginning
                    || text[at + word.len()..]
                        .chars()
                        .next()
                        .is_none_or(|c| c == ' '))
        })
    };
    for first in words {
        for second in words {
            let expected: BTreeSet<&str> = texts
                .iter()
                .filter(|(_, text)| {
                    has(text, &folded(first), false) && has(text, &folded(second), true)
                })
                .map(|(name, _)| name.as_str())
                .collect();
            let query: SearchQuery = format!("{first} {second}").parse().unwrap();
            let found = hits(
                store,
                &SearchFilter {
                    query,
                    ..filter("x")
                },
            )
            .await;
            let found: Vec<String> = found
                .iter()
                .map(|hit| format!("{} {}", hit.noun, hit.id))
                .collect();
            let set: BTreeSet<&str> = found.iter().map(String::as_str).collect();
            if set != expected || set.len() != found.len() {
                return Err(format!("{first} {second}: {found:?}, not {expected:?}"));
            }
        }
    }
    Ok(())
}

/// The words of [`index_stays_in_sync`] as a scan compares them.
fn folded(text: &str) -> String {
    let text = text.to_lowercase().replace('ä', "a").replace('é', "e");
    text.replace('-', " ")
}
