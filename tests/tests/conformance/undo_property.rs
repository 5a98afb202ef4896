//! Random steps are undone and redone: each state comes back exactly.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use crate::undo::check_undo_and_redo;
use crate::undo_steps::{Operation, OperationKind, Step, Table};
use crate::{Database, run_case};

fn operation() -> impl Strategy<Value = Operation> {
    let kind = prop_oneof![
        3 => Just(OperationKind::Insert),
        3 => Just(OperationKind::InsertFull),
        1 => Just(OperationKind::InsertMany),
        2 => Just(OperationKind::Empty),
        2 => Just(OperationKind::Fill),
        3 => Just(OperationKind::Delete),
    ];
    let table = select(Table::ALL);
    (kind, table, 0usize..3).prop_map(|(kind, table, record)| Operation {
        kind,
        table,
        record,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let import = (0u64..3, any::<bool>());
    let scan = (vec(0usize..5, 0..5), any::<bool>());
    prop_oneof![
        12 => vec(operation(), 1..4).prop_map(Step::Write),
        2 => import.prop_map(|(seed, replace)| Step::Import { seed, replace }),
        1 => Just(Step::StartSession),
        2 => Just(Step::EndSession),
        4 => scan.prop_map(|(files, late)| Step::Scan { files, late }),
    ]
}

/// Checks `cases` sequences of fewer than `max_steps` steps, each on a database of its own.
fn check_random_steps(database: fn() -> Option<Database>, cases: u32, max_steps: usize) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..Config::default()
    };
    let result = TestRunner::new(config).run(&vec(step(), 1..max_steps), |steps| {
        run_case(database(), async |case| {
            check_undo_and_redo(case, &steps).await;
        });
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

mod random_steps_are_undone_and_redone {
    use super::check_random_steps;

    #[test]
    fn sqlite() {
        check_random_steps(crate::sqlite, 5, 16);
    }

    #[test]
    fn postgres() {
        check_random_steps(crate::postgres, 2, 10);
    }
}
