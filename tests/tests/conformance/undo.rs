//! Any changes, in any order: undoing them one by one restores the original state.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use wsdb_core::{ActionId, Author, Finding, HistoryFilter, Page, ScanScope};
use wsdb_import::{ConflictResolution, ImportOptions, Mode, NoProgress};
use wsdb_store::{Error, MergeBaseRef, OnDelete, Store, Transaction};

use crate::fixtures::{self, id};
use crate::{Case, Database, at, conformance, postgres, sqlite};

/// Everything that undo has to restore, but for `document_bases`, whose form has no meaning.
const TABLES: [&str; 22] = [
    "architecture_decisions",
    "architecture_states",
    "architecture_tasks",
    "component_placements",
    "configuration_changes",
    "configuration_snapshots",
    "context_switches",
    "cross_repo_issues",
    "decision_links",
    "decision_repos",
    "document_headers",
    "drift_detections",
    "drift_scans",
    "issue_repos",
    "session_activities",
    "session_decisions",
    "session_issues",
    "task_claims",
    "task_dependencies",
    "task_repos",
    "workspace_sessions",
    "workspace_tasks",
];

/// One thing that is done to one record, of any kind.
#[derive(Debug, Clone, Copy)]
enum Operation {
    Insert,
    InsertFull,
    InsertMany,
    Empty,
    Fill,
    Delete,
}

/// Done at once.
#[derive(Debug, Clone)]
enum Step {
    /// In one transaction: what, to which kind, to which of its records.
    Deeds(Vec<(Operation, usize, usize)>),
    /// Generated documents, similar to each other.
    Import {
        seed: u64,
        replace: bool,
    },
    Start,
    /// In the session that is open.
    LogAndLink,
    /// Of five files: in each of these, something is found; so late, that what was ignored for a
    /// time may be open again.
    Scan(Vec<usize>, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let operation = prop_oneof![
        3 => Just(Operation::Insert),
        3 => Just(Operation::InsertFull),
        1 => Just(Operation::InsertMany),
        2 => Just(Operation::Empty),
        2 => Just(Operation::Fill),
        3 => Just(Operation::Delete),
    ];
    let operations = |operation| vec((operation, 0usize..16, 0usize..3), 1..4);
    prop_oneof![
        12 => operations(operation.boxed()).prop_map(Step::Deeds),
        2 => (0u64..3, any::<bool>()).prop_map(|(seed, replace)| Step::Import { seed, replace }),
        1 => Just(Step::Start),
        2 => Just(Step::LogAndLink),
        4 => (vec(0usize..5, 0..5), any::<bool>()).prop_map(|(files, late)| Step::Scan(files, late)),
    ]
}

/// Runs a operation on one kind. The fixtures refer to ids that end with 404: they come and go, too.
macro_rules! operation {
    ($records:expr, $operation:expr, $number:expr, $names:expr, $make:expr) => {{
        let (records, name) = ($records, $names[$number]);
        let record = |full| $make(name, full);
        let known = records.ids().await?;
        match ($operation, known.iter().any(|id| id == name)) {
            (Operation::Insert, false) => drop(records.insert(record(false)).await?),
            (Operation::InsertFull, false) => drop(records.insert(record(true)).await?),
            (Operation::InsertMany, _) => {
                let new = $names
                    .iter()
                    .filter(|name| !known.iter().any(|id| id == *name));
                let new: Vec<_> = new.map(|name| $make(name, true)).collect();
                records.insert_many(&new, &|_| ()).await?
            }
            (Operation::Empty, true) => drop(records.save(record(false)).await?),
            (Operation::Fill, true) => drop(records.save(record(true)).await?),
            (Operation::Delete, true) => drop(records.delete(&id(name), OnDelete::Detach).await?),
            _ => {}
        }
    }};
}

async fn operation(
    store: &Store<Transaction>,
    (operation, kind, number): (Operation, usize, usize),
) -> Result<(), Error> {
    let (sessions, architecture) = (store.sessions(), store.architecture());
    let (drift, configuration) = (store.drift(), store.configuration());
    // In a session that may not be there: then the whole transaction comes to nothing.
    let activity = |name: &str, full| fixtures::activity(name, "S-404", full);
    let decided = |name: &str, full| fixtures::session_decision(name, "S-404", full);
    let found = |name: &str, full| fixtures::session_issue(name, "S-404", full);
    match kind {
        0 => operation!(
            store.tasks(),
            operation,
            number,
            ["T-404", "D-1", "T-1"],
            fixtures::task
        ),
        1 => operation!(
            &sessions,
            operation,
            number,
            ["S-404", "S-1", "S-404"],
            fixtures::session
        ),
        2 => operation!(
            store.issues(),
            operation,
            number,
            ["ISSUE-404", "I-1", "I-2"],
            fixtures::issue
        ),
        3 => operation!(
            store.decisions(),
            operation,
            number,
            ["DEC-404", "C-1", "C-2"],
            fixtures::decision
        ),
        4 => operation!(
            sessions.activities(),
            operation,
            number,
            ["A-1", "A-2", "A-3"],
            activity
        ),
        5 => operation!(
            sessions.decision_links(),
            operation,
            number,
            ["L-1", "L-2", "L-3"],
            decided
        ),
        6 => operation!(
            sessions.issue_links(),
            operation,
            number,
            ["L-1", "L-2", "L-3"],
            found
        ),
        7 => operation!(
            architecture.states(),
            operation,
            number,
            ["STATE-404", "Z-1", "Z-2"],
            fixtures::state
        ),
        8 => operation!(
            architecture.placements(),
            operation,
            number,
            ["PLACEMENT-404", "P-1", "P-2"],
            fixtures::placement
        ),
        9 => operation!(
            architecture.goals(),
            operation,
            number,
            ["G-1", "G-2", "G-3"],
            fixtures::goal
        ),
        10 => operation!(
            drift.scans(),
            operation,
            number,
            ["SCAN-404", "N-1", "N-2"],
            fixtures::scan
        ),
        11 => operation!(
            drift.detections(),
            operation,
            number,
            ["DRIFT-404", "R-1", "R-2"],
            fixtures::detection
        ),
        12 => operation!(
            store.contexts(),
            operation,
            number,
            ["X-1", "X-2", "X-3"],
            fixtures::context
        ),
        13 => operation!(
            configuration.snapshots(),
            operation,
            number,
            ["Y-1", "Y-2", "Y-3"],
            fixtures::snapshot
        ),
        14 => operation!(
            store.tasks().claims(),
            operation,
            number,
            ["T-404", "D-1", "T-1"],
            fixtures::claim
        ),
        _ => operation!(
            configuration.changes(),
            operation,
            number,
            ["H-1", "H-2", "H-3"],
            fixtures::change
        ),
    }
    Ok(())
}

/// Applies the step completely or not at all: the transaction rolls back if it fails.
async fn run(store: &Store, step: &Step) {
    let now = at("2025-12-01T00:00:00");
    let done = match step {
        Step::Deeds(operations) => {
            store
                .write(async |store| {
                    for each in operations {
                        operation(store, *each).await?;
                    }
                    Ok::<_, Error>(())
                })
                .await
        }
        Step::Start => {
            let start = |id: wsdb_core::SessionId| {
                let mut session = fixtures::session(id.as_str(), false);
                session.user = Some("mira".into());
                session
            };
            store.sessions().start(now, start).await.map(drop)
        }
        Step::Scan(files, late) => {
            let found = files
                .iter()
                .map(|file| fixtures::finding(&format!("{file}.py"), "x"));
            let found: Vec<Finding> = found.collect();
            // Also where the fixtures are.
            let fixture = |full| fixtures::detection("R-1", full).repo;
            let scope = ScanScope {
                repos: vec!["core".into(), fixture(true), fixture(false)],
                files: None,
            };
            let now = if *late { at("2027-01-01") } else { now };
            let scan = |id: wsdb_core::ScanId| fixtures::scan(id.as_str(), true);
            let recorded = store.drift().record(scan, &found, &scope, now).await;
            recorded.map(drop)
        }
        Step::LogAndLink => {
            store
                .write(async |store| {
                    let sessions = store.sessions();
                    let Some(session) = sessions.current(None).await? else {
                        return Ok(());
                    };
                    let log = |id: wsdb_core::ActivityId| {
                        fixtures::activity(id.as_str(), session.id.as_str(), true)
                    };
                    sessions.log(&session.id, log).await?;
                    if let Some(issue) = store.issues().all().await?.first() {
                        sessions.link_issue(&session.id, &issue.id).await?;
                    }
                    sessions.end(&session.id, Some("over"), now).await?;
                    Ok::<_, Error>(())
                })
                .await
        }
        Step::Import { seed, replace } => {
            let folder = tempfile::tempdir().unwrap();
            xtask::fixtures::write(folder.path(), 4, *seed).unwrap();
            let options = ImportOptions {
                mode: if *replace { Mode::Replace } else { Mode::Merge },
                prefer: (!replace).then_some(ConflictResolution::File),
                ..ImportOptions::default()
            };
            let sources = [folder.path().to_owned()];
            let done = wsdb_import::import(store, &sources, &options, &NoProgress).await;
            done.unwrap();
            Ok(())
        }
    };
    match done {
        // A parent is missing, or a name is taken.
        Ok(()) | Err(Error::Db(_) | Error::Conflict { .. } | Error::InvalidState(_)) => {}
        Err(error) => panic!("{step:?}: {error}"),
    }
}

/// The contents of every table.
async fn dump(case: &Case) -> Vec<String> {
    let select = |table: &&str| {
        let keys = match *table {
            "decision_repos" | "issue_repos" | "task_dependencies" | "task_repos" => "1, 2",
            _ => "1",
        };
        [
            format!("SELECT '-- {table}'"),
            format!("SELECT * FROM {table} ORDER BY {keys}"),
        ]
    };
    let statements: Vec<String> = TABLES.iter().flat_map(select).collect();
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    let mut all = case.database.rows_of_all(&statements);
    for kind in case
        .database
        .rows("SELECT kind FROM document_bases ORDER BY kind")
    {
        let base = case.store.documents().base(&kind).await.unwrap();
        let bytes = base.unwrap();
        let shown = match MergeBaseRef::decode(&bytes).filter(|_| !kind.starts_with("file ")) {
            Some(form) => form
                .records
                .into_iter()
                .map(|(id, hashes)| {
                    let hashes = hashes.into_iter();
                    let mut named: Vec<_> = hashes
                        .map(|(n, hash)| (form.fields[n as usize], hash))
                        .collect();
                    named.sort_unstable();
                    format!("{kind}: {id} {named:?}")
                })
                .collect(),
            None => vec![format!("{kind}: {bytes:?}")],
        };
        all.extend(shown);
    }
    all
}

fn assert_same(actual: &[String], expected: &[String], when: &str) {
    if actual == expected {
        return;
    }
    let lacking = |lines: &[String], others: &[String]| -> Vec<String> {
        let lacks = |line: &&String| !others.contains(line);
        lines.iter().filter(lacks).cloned().collect()
    };
    let (lost, new) = (lacking(expected, actual), lacking(actual, expected));
    panic!("{when}: lost {lost:#?}, new {new:#?}");
}

async fn last_action(store: &Store) -> Option<ActionId> {
    let filter = HistoryFilter {
        page: Page::first(1),
        ..HistoryFilter::default()
    };
    let actions = store.history().list(&filter).await.unwrap();
    actions.first().map(|action| action.id)
}

/// Runs the steps, undoes them one by one from the last to the first, and redoes them: each time, the
/// contents are as they were.
async fn undo_and_redo(case: &Case, steps: &[Step]) {
    let store = case
        .store
        .with_author(Author::new("mira", "try", at("2025-12-01T00:00:00")));
    let mut last = last_action(&store).await;
    let mut actions: Vec<ActionId> = Vec::new();
    // Before the first action, and after each.
    let mut states = vec![dump(case).await];
    for step in steps {
        run(&store, step).await;
        let now = last_action(&store).await;
        let state = dump(case).await;
        if now == last {
            let when = "a step without an entry in history changes nothing";
            assert_same(&state, &states[actions.len()], when);
        } else {
            actions.extend(now);
            states.push(state);
            last = now;
        }
    }
    // The first action alone: it is undone completely, or refused without any change.
    if actions.len() > 1 {
        match store.history().undo(actions[0]).await {
            Ok(undone) => drop(store.history().undo(undone.by).await.unwrap()),
            Err(
                Error::AlreadyUndone { .. }
                | Error::UndoConflict { .. }
                | Error::InvalidState(_)
                | Error::Conflict { .. },
            ) => {}
            Err(error) => panic!("{error}"),
        }
        let when = "undo and redo of the first action alone";
        assert_same(&dump(case).await, &states[actions.len()], when);
    }
    let mut undone = Vec::new();
    for (number, action) in actions.iter().enumerate().rev() {
        let result = store.history().undo(*action).await;
        let result = result.unwrap_or_else(|error| panic!("undo {number}: {error}"));
        assert_same(
            &dump(case).await,
            &states[number],
            &format!("undo {number}"),
        );
        undone.push(result.by);
    }
    for (number, action) in undone.iter().rev().enumerate() {
        let result = store.history().undo(*action).await;
        result.unwrap_or_else(|error| panic!("redo {number}: {error}"));
        assert_same(
            &dump(case).await,
            &states[number + 1],
            &format!("redo {number}"),
        );
    }
    let pruned = store.history().prune(ActionId(i64::MAX)).await;
    assert!(pruned.unwrap() as usize >= actions.len());
    assert_same(
        &dump(case).await,
        &states[actions.len()],
        "prune changes no record",
    );
}

fn cases(database: fn() -> Option<Database>, cases: u32, most: usize) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..Config::default()
    };
    let done = TestRunner::new(config).run(&vec(step(), 1..most), |steps| {
        conformance(database(), async |case| undo_and_redo(case, &steps).await);
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}

#[test]
fn in_any_order_on_sqlite() {
    cases(sqlite, 24, 16);
}

#[test]
fn in_any_order_on_postgres() {
    cases(postgres, 6, 10);
}

/// It gets its base from an import that doesn't add it.
pub(crate) async fn history_before_the_first_import(case: &Case) {
    let import = |seed, replace| Step::Import { seed, replace };
    for replace in [true, false] {
        let scan = Step::Scan(Vec::new(), false);
        undo_and_redo(case, &[scan, import(0, replace), import(1, false)]).await;
    }
}

/// Of many that were added together one is deleted at once; all of it is undone and done twice.
pub(crate) async fn added_together_and_deleted(case: &Case) {
    let both = vec![(Operation::InsertMany, 15, 0), (Operation::Delete, 15, 0)];
    let steps = [Step::Deeds(both), Step::Scan(Vec::new(), false)];
    undo_and_redo(case, &steps).await;
}

/// One is added, and then the others together, by the same action.
pub(crate) async fn added_alone_and_together(case: &Case) {
    for kind in 0..16 {
        let both = vec![
            (Operation::Insert, kind, 2),
            (Operation::InsertMany, kind, 0),
        ];
        undo_and_redo(case, &[Step::Deeds(both)]).await;
    }
}

pub(crate) async fn every_table_is_compared(case: &Case) {
    let sql = if case.database.is_postgres() {
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    } else {
        // What search finds is made by triggers.
        "SELECT name FROM sqlite_master
             WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%'"
    };
    let mut tables = case.database.rows(sql);
    tables.sort();
    let mut expected: Vec<&str> = TABLES.to_vec();
    expected.extend([
        "actions",
        "document_bases",
        "id_series",
        "record_changes",
        "seaql_migrations",
    ]);
    expected.sort_unstable();
    assert_eq!(tables, expected);
}
