//! Search by words: the same words find the same records on each database.

use wsdb_core::{
    Activity, Decision, DecisionStatus, Hit, Issue, IssueStatus, Page, SearchFilter, SearchNoun,
    Session, Task, TaskStatus,
};
use wsdb_store::Store;

use crate::fixtures;
use crate::{Case, at};

pub(crate) fn filter(typed: &str) -> SearchFilter {
    SearchFilter {
        query: typed.parse().unwrap(),
        nouns: Vec::new(),
        status: Vec::new(),
        repo: Vec::new(),
        since: None,
        page: Page::default(),
    }
}

pub(crate) async fn hits(store: &Store, filter: &SearchFilter) -> Vec<Hit> {
    let found = store.search().hits(filter).await.unwrap();
    assert_eq!(found.total, found.hits.len() as u64, "{filter:?}");
    found.hits
}

/// The ids that words find, in alphabetical order.
async fn ids(store: &Store, typed: &str) -> String {
    let mut ids: Vec<String> = hits(store, &filter(typed))
        .await
        .into_iter()
        .map(|h| h.id)
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

/// Adds some records of each type.
async fn filled(store: &Store) {
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

pub(crate) async fn words(case: &Case) {
    let store = &case.store;
    filled(store).await;
    for (typed, expected) in [
        ("pricing", "S-1 T-1 T-3"),
        ("PRICING move", "S-1 T-1 T-3"),
        ("move pricing", "T-1 T-3"),
        ("pric", "S-1 T-1 T-3"),
        ("pric move", ""),
        ("\"seasonal pricing\"", "T-1"),
        ("\"pricing seasonal\"", ""),
        // A phrase doesn't reach from one text into the next.
        ("\"pricing out\"", ""),
        ("\"done pricing\"", ""),
        ("\"seasonal pric\"", ""),
        ("pricing -move", "S-1"),
        ("-move pricing", "S-1"),
        ("pricing -\"the move\"", "S-1 T-1"),
        ("core -pandas", "T-1"),
        // Punctuation parts words, and those of one stand side by side.
        ("orchard-core", "T-1"),
        ("core-orchard", ""),
        ("src/pricing.py", "T-1"),
        ("pricing.p", "S-1 T-1"),
        ("py", "S-1 T-1"),
        // In any case, with or without accents.
        ("apfel", "T-2"),
        ("ÄPFEL", "T-2"),
        ("A\u{308}pfel", "T-2"),
        ("pflucken naive", "T-2"),
        ("ete straße", "T-2"),
        ("été", "T-2"),
        ("5", "T-2"),
        ("ПРИВЕТ", "T-2"),
        // Every text counts.
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
        // Nothing that people type is an error.
        ("pricing' OR 1=1; DROP TABLE x --", ""),
        ("pri* NEAR(move) ^x {y}: (z", ""),
        ("a & b | !c <-> d:*A \\ ' $1 ?", ""),
        ("title:pricing", ""),
        ("\"pricing", "S-1 T-1 T-3"),
        ("\"\" pricing", "S-1 T-1 T-3"),
        ("… pricing % _ \u{1}", "S-1 T-1 T-3"),
        ("pricing\0", "S-1 T-1 T-3"),
    ] {
        assert_eq!(ids(store, typed).await, expected, "{typed}");
    }
}

pub(crate) async fn what_is_shown(case: &Case) {
    let store = &case.store;
    filled(store).await;
    let found = hits(store, &filter("\"pricing\" mov")).await;
    let of = |id: &str| found.iter().find(|hit| hit.id == id).unwrap();
    let marked = |text: &str, marks: &[std::ops::Range<usize>]| -> Vec<String> {
        marks
            .iter()
            .map(|mark| text[mark.clone()].to_owned())
            .collect()
    };
    let task = of("T-1");
    assert_eq!((task.noun, task.status), (SearchNoun::Task, "deferred"));
    assert_eq!(
        marked(&task.title.text, &task.title.highlights),
        ["Move", "pricing"]
    );
    let snippet = task.snippet.as_ref().unwrap();
    assert_eq!(
        (
            snippet.field,
            marked(&snippet.excerpt.text, &snippet.excerpt.highlights)
        ),
        ("description", vec!["pricing".to_owned()])
    );
    let session = of("S-1");
    assert_eq!(session.title.text, "mira with helper");
    let snippet = session.snippet.as_ref().unwrap();
    assert_eq!(
        (snippet.field, &*snippet.excerpt.text),
        ("activities", "Moved pricing.py")
    );
    // A title counts more than what stands below it.
    assert_eq!(found[0].id, "T-1");
    assert!(found.windows(2).all(|two| two[0].rank >= two[1].rank));
}

pub(crate) async fn filters_and_pages(case: &Case) {
    let store = &case.store;
    filled(store).await;
    let base = filter("\"core\"");
    let all = SearchFilter {
        query: "mov".parse().unwrap(),
        ..base.clone()
    };
    let found = async |filter: SearchFilter| {
        let mut ids: Vec<String> = hits(store, &filter)
            .await
            .into_iter()
            .map(|h| h.id)
            .collect();
        ids.sort();
        ids.join(" ")
    };
    let status = |words: &[&str]| words.iter().map(|w| w.parse().unwrap()).collect::<Vec<_>>();
    let (task, issue, session) = (SearchNoun::Task, SearchNoun::Issue, SearchNoun::Session);
    for (filter, expected) in [
        (all.clone(), "I-1 S-1 T-1 T-3"),
        (
            SearchFilter {
                nouns: vec![task],
                ..all.clone()
            },
            "T-1 T-3",
        ),
        (
            SearchFilter {
                query: "the mov".parse().unwrap(),
                nouns: vec![task],
                ..all.clone()
            },
            "T-3",
        ),
        (
            SearchFilter {
                nouns: vec![session, issue],
                ..all.clone()
            },
            "I-1 S-1",
        ),
        (
            SearchFilter {
                status: status(&["done"]),
                ..all.clone()
            },
            "T-3",
        ),
        (
            SearchFilter {
                status: status(&["open", "deferred"]),
                ..all.clone()
            },
            "I-1 S-1 T-1",
        ),
        (
            SearchFilter {
                status: status(&["maintained"]),
                nouns: vec![task],
                ..all.clone()
            },
            "",
        ),
        (
            SearchFilter {
                repo: vec!["orchard-web".into()],
                ..all.clone()
            },
            "T-3",
        ),
        (
            SearchFilter {
                repo: vec!["orchard-core".into()],
                ..base.clone()
            },
            "D-1",
        ),
        (
            SearchFilter {
                since: Some(at("2029-01-01")),
                ..all.clone()
            },
            "T-3",
        ),
    ] {
        assert_eq!(found(filter.clone()).await, expected, "{filter:?}");
    }
    let whole = hits(store, &all).await;
    for (limit, offset) in [
        (Some(2), 0),
        (Some(2), 2),
        (Some(1), 3),
        (None, 1),
        (Some(5), 4),
        (Some(0), 0),
    ] {
        let part = SearchFilter {
            page: Page { limit, offset },
            ..all.clone()
        };
        let found = store.search().hits(&part).await.unwrap();
        let expected: Vec<Hit> = whole
            .iter()
            .skip(offset as usize)
            .take(limit.unwrap_or(9) as usize)
            .cloned()
            .collect();
        assert_eq!(found.hits, expected);
        assert_eq!(found.total, 4, "{limit:?} {offset}");
    }
}

pub(crate) async fn ids_come_first(case: &Case) {
    let store = &case.store;
    for (name, title) in [
        ("WS-TASK-007", "seven"),
        ("WS-TASK-070", "see 7, 7, 7 and WS-TASK-007"),
        ("GUI-LOGIN", "a form"),
        ("x-1", "GUI-LOGIN and GUI-LOGIN"),
    ] {
        store
            .tasks()
            .insert(task(name, title, None, None))
            .await
            .unwrap();
    }
    let issue = fixtures::issue("ISSUE-007", false);
    store.issues().insert(issue).await.unwrap();
    for (typed, expected) in [
        ("WS-TASK-007", "WS-TASK-007 WS-TASK-070"),
        ("ws-task-7", "WS-TASK-007"),
        ("ws-task-0", "WS-TASK-007 WS-TASK-070"),
        ("gui-login", "GUI-LOGIN x-1"),
        ("GUI", "x-1"),
        ("X-1", "x-1"),
        ("7", "WS-TASK-007 ISSUE-007 WS-TASK-070"),
    ] {
        let found: Vec<String> = hits(store, &filter(typed))
            .await
            .into_iter()
            .map(|h| h.id)
            .collect();
        assert_eq!(found.join(" "), expected, "{typed}");
    }
    let done = SearchFilter {
        status: vec!["done".parse().unwrap()],
        ..filter("7")
    };
    assert_eq!(hits(store, &done).await, []);
}

/// Also what somebody else writes, in any way that there is.
pub(crate) async fn others_write(case: &Case) {
    let (store, database) = (&case.store, &case.database);
    filled(store).await;
    let insert = "INSERT INTO workspace_tasks (id, title, status, created, updated)";
    let rest = "'pending', '2025-01-01 00:00:00', '2025-01-01 00:00:00'";
    database.execute(&format!(
        "{insert} VALUES ('X', 'written elsewhere', {rest}), ('Y', 'elsewhere too', {rest})"
    ));
    assert_eq!(ids(store, "elsewhere").await, "X Y");
    database.execute(&format!("{insert} VALUES ('X', 'upserted', {rest}) ON CONFLICT (id) DO UPDATE SET title = excluded.title"));
    assert_eq!(ids(store, "elsewhere").await, "Y");
    assert_eq!(ids(store, "upserted").await, "X");
    database.execute("UPDATE workspace_tasks SET id = 'Z', notes = 'renamed' WHERE id = 'Y'");
    assert_eq!(ids(store, "elsewhere renamed").await, "Z");
    database.execute("DELETE FROM workspace_sessions");
    assert_eq!(
        ids(store, "ripeness").await,
        "",
        "its activities went with it"
    );
    database.execute("DELETE FROM workspace_tasks WHERE id = 'Z'");
    assert_eq!(ids(store, "elsewhere").await, "");
    if !database.is_postgres() {
        // Rows go without a trigger here; what stays behind finds nothing, and nothing else.
        database.execute(&format!("INSERT OR REPLACE INTO workspace_tasks (id, title, status, created, updated) VALUES ('X', 'replaced', {rest})"));
        database.execute(&format!("INSERT OR IGNORE INTO workspace_tasks (id, title, status, created, updated) VALUES ('X', 'ignored', {rest}), ('N', 'new one', {rest})"));
        database.execute("UPDATE OR REPLACE workspace_tasks SET id = 'X' WHERE id = 'N'");
        database.execute(&format!("{insert} VALUES ('V', 'after all', {rest})"));
        database
            .execute("VACUUM; INSERT INTO search_index (search_index) VALUES ('integrity-check')");
        for (typed, expected) in [
            ("upserted", ""),
            ("replaced", ""),
            ("ignored", ""),
            ("new one", "X"),
            ("after", "V"),
        ] {
            assert_eq!(ids(store, typed).await, expected, "{typed}");
        }
    }
}

/// A very long text, and very many words.
pub(crate) async fn long_texts(case: &Case) {
    let store = &case.store;
    let long: String = (0..200_000).map(|n| format!("w{n} ")).collect();
    let wide: String = (0..60_000)
        .filter_map(|n| char::from_u32(0x20000 + n))
        .flat_map(|c| [c, ' '])
        .collect();
    let new = Task {
        notes: Some(wide.clone()),
        ..task("T-1", &"x".repeat(100_000), Some(&long), None)
    };
    store.tasks().insert(new).await.unwrap();
    assert_eq!(ids(store, "w17 w4000").await, "T-1");
}
