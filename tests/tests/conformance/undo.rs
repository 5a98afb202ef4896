//! Undo restores the previous contents of every table, and redo the later ones.

use wsdb_core::{ActionId, Author, HistoryFilter, Page};
use wsdb_store::{Error, Store};

use crate::fixtures::{self, id};
use crate::undo_steps::{self, Operation, OperationKind, Step, Table};
use crate::{Case, at, test_cases};

test_cases!(
    insert_and_bulk_insert_in_one_action_are_undone,
    bulk_insert_and_deletion_in_one_action_are_undone,
    replacing_import_over_existing_records_is_undone,
    merging_import_over_existing_records_is_undone,
    undo_is_refused_if_a_later_action_changed_the_record,
);

/// The contents of every table that undo restores, without what a prune notes of the records that it forgets.
async fn dump(case: &Case) -> Vec<String> {
    let mut tables = case.record_tables();
    tables.push("document_bases".to_owned());
    let select = |table: &String| {
        let keys = match table.as_str() {
            "decision_links" => "1, 2, 3",
            "decision_repos" | "issue_repos" | "task_dependencies" | "task_repos" => "1, 2",
            "document_records" => "1, 2, 3",
            _ => "1",
        };
        let condition = match table.as_str() {
            "document_records" => "kind NOT LIKE 'added to %'",
            _ => "1 = 1",
        };
        [
            format!("SELECT '-- {table}'"),
            format!("SELECT * FROM {table} WHERE {condition} ORDER BY {keys}"),
        ]
    };
    let statements: Vec<String> = tables.iter().flat_map(select).collect();
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    case.database.rows_of_all(&statements)
}

fn assert_same(actual: &[String], expected: &[String], when: &str) {
    if actual == expected {
        return;
    }
    let missing = |lines: &[String], from: &[String]| -> Vec<String> {
        let is_missing = |line: &&String| !from.contains(line);
        lines.iter().filter(is_missing).cloned().collect()
    };
    let (lost, new) = (missing(expected, actual), missing(actual, expected));
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

/// The actions of some steps, and the contents of the database.
struct Recording {
    actions: Vec<ActionId>,
    /// Before the first action, and after each.
    states: Vec<Vec<String>>,
}

impl Recording {
    /// Runs the steps. A step that fails has no action, and must not have changed anything.
    async fn of_steps(case: &Case, store: &Store, steps: &[Step]) -> Self {
        let mut last = last_action(store).await;
        let mut recording = Recording {
            actions: Vec::new(),
            states: vec![dump(case).await],
        };
        for step in steps {
            undo_steps::run(store, step).await;
            let action = last_action(store).await;
            let state = dump(case).await;
            if action == last {
                let when = "a step without an entry in history changes nothing";
                assert_same(&state, recording.last_state(), when);
            } else {
                recording.actions.extend(action);
                recording.states.push(state);
                last = action;
            }
        }
        recording
    }

    fn last_state(&self) -> &[String] {
        &self.states[self.actions.len()]
    }

    /// Undoes the first action alone, which may be refused, and redoes it.
    async fn check_first_action(&self, case: &Case, store: &Store) {
        if self.actions.len() < 2 {
            return;
        }
        match store.history().undo(self.actions[0]).await {
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
        assert_same(&dump(case).await, self.last_state(), when);
    }

    /// Undoes the actions from the last to the first, and redoes them from the first to the last.
    async fn check_all_actions(&self, case: &Case, store: &Store) {
        let mut undone = Vec::new();
        for (number, action) in self.actions.iter().enumerate().rev() {
            let when = format!("undo {number}");
            let result = store.history().undo(*action).await;
            let result = result.unwrap_or_else(|error| panic!("{when}: {error}"));
            assert_same(&dump(case).await, &self.states[number], &when);
            undone.push(result.by);
        }
        for (number, action) in undone.iter().rev().enumerate() {
            let when = format!("redo {number}");
            let result = store.history().undo(*action).await;
            result.unwrap_or_else(|error| panic!("{when}: {error}"));
            assert_same(&dump(case).await, &self.states[number + 1], &when);
        }
    }

    /// Deletes the whole history, which must not change a record; only the IDs of deleted ones are noted.
    async fn check_prune(&self, case: &Case, store: &Store) {
        let pruned = store.history().prune(ActionId(i64::MAX)).await;
        assert!(pruned.unwrap() as usize >= self.actions.len());
        let mut after = dump(case).await;
        after.retain(|row| !row.starts_with("|deleted from "));
        assert_same(&after, self.last_state(), "prune");
    }
}

/// Runs the steps, undoes and redoes their actions, and compares the contents each time. Returns
/// the number of actions.
pub(crate) async fn check_undo_and_redo(case: &Case, steps: &[Step]) -> usize {
    let author = Author::new("mira", "try", at("2025-12-01"));
    let store = case.store.with_author(author);
    let recording = Recording::of_steps(case, &store, steps).await;
    recording.check_first_action(case, &store).await;
    recording.check_all_actions(case, &store).await;
    recording.check_prune(case, &store).await;
    recording.actions.len()
}

fn operation(kind: OperationKind, table: Table, record: usize) -> Operation {
    Operation {
        kind,
        table,
        record,
    }
}

fn scan_without_findings() -> Step {
    Step::Scan {
        files: Vec::new(),
        late: false,
    }
}

/// Both happen in every table.
async fn insert_and_bulk_insert_in_one_action_are_undone(case: &Case) {
    let inserts = |table| {
        [
            operation(OperationKind::Insert, table, 2),
            operation(OperationKind::InsertMany, table, 0),
        ]
    };
    let operations = Table::ALL.iter().copied().flat_map(inserts).collect();
    let actions = check_undo_and_redo(case, &[Step::Write(operations)]).await;
    assert_eq!(actions, 1);
}

async fn bulk_insert_and_deletion_in_one_action_are_undone(case: &Case) {
    let operations = vec![
        operation(OperationKind::InsertMany, Table::ConfigurationChange, 0),
        operation(OperationKind::Delete, Table::ConfigurationChange, 0),
    ];
    let steps = [Step::Write(operations), scan_without_findings()];
    assert_eq!(check_undo_and_redo(case, &steps).await, 2);
}

/// The first import gives a merge base to a scan that it did not add.
async fn replacing_import_over_existing_records_is_undone(case: &Case) {
    import_over_existing_records_is_undone(case, true).await;
}

async fn merging_import_over_existing_records_is_undone(case: &Case) {
    import_over_existing_records_is_undone(case, false).await;
}

async fn import_over_existing_records_is_undone(case: &Case, replace: bool) {
    let first = Step::Import { seed: 0, replace };
    let second = Step::Import {
        seed: 1,
        replace: false,
    };
    let steps = [scan_without_findings(), first, second];
    assert_eq!(check_undo_and_redo(case, &steps).await, 3);
}

async fn undo_is_refused_if_a_later_action_changed_the_record(case: &Case) {
    let tasks = case.store.tasks();
    let both = ["T-1", "T-2"].map(|name| fixtures::task(name, false));
    tasks.insert_many(&both, &|_| ()).await.unwrap();
    let second = id("T-2");
    let update = tasks.update(&second, |task| task.title = "Later".into());
    update.await.unwrap();
    let refused = case.store.history().undo(ActionId(1)).await.unwrap_err();
    let by_later = matches!(
        refused,
        Error::UndoConflict {
            by: Some(ActionId(2)),
            ..
        }
    );
    assert!(by_later, "{refused}");
}
