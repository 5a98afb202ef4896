//! Inserting, reading, changing and deleting the records of every table.

use std::cell::Cell;
use std::fmt::Debug;

use wsdb_core::{Claim, Session, Task};
use wsdb_store::{Connection, Error, Filter, OnDelete, Record, Records, Store, for_each_kind};

use crate::examples::{Example, SESSION};
use crate::{Case, fixtures, test_cases};

macro_rules! define_tests {
    ($($records:ident: $record:ident,)*) => {
        test_cases!($($records,)*);

        $(async fn $records(case: &Case) {
            insert_parents::<wsdb_core::$record>(&case.store).await;
            check_records(&case.store.records::<wsdb_core::$record>()).await;
        })*
    };
}
for_each_kind!(define_tests);

/// Inserts the records without which the database refuses those of a kind.
async fn insert_parents<R: Record>(store: &Store) {
    if R::NOUN == Claim::NOUN {
        let names = (1..10).map(|n| format!("R-{n}"));
        let names = names.chain((0..BULK).map(|n| format!("R-{n:04}")));
        let tasks: Vec<Task> = names.map(|name| fixtures::task(&name, false)).collect();
        store.tasks().insert_many(&tasks, &|_| ()).await.unwrap();
    } else if R::NOUN != Session::NOUN {
        let session = fixtures::session(SESSION, false);
        store.sessions().insert(session).await.unwrap();
    }
}

/// Checks everything that all tables have in common. The table has to be empty.
async fn check_records<C, R>(records: &Records<'_, C, R>)
where
    C: Connection,
    R: Example<Id: Debug, Filter: Filter<R>> + PartialEq + Debug,
{
    let make = R::example;
    empty_table_has_no_records(records).await;
    missing_record_is_an_error(records, &make("R-9", true)).await;
    inserted_records_are_read_unchanged(records, &make).await;
    existing_id_is_refused(records, &make).await;
    changed_record_has_the_new_fields_only(records, &make).await;
    failed_update_changes_nothing(records, &make).await;
    deleted_record_is_returned(records, &make).await;
    bulk_insert_stores_every_record(records, &make).await;
}

async fn empty_table_has_no_records<C, R>(records: &Records<'_, C, R>)
where
    C: Connection,
    R: Record + PartialEq + Debug,
{
    assert_eq!(records.all().await.unwrap(), []);
    assert_eq!(records.ids().await.unwrap(), Vec::<String>::new());
    records.insert_many(&[], &|_| ()).await.unwrap();
}

async fn missing_record_is_an_error<C, R>(records: &Records<'_, C, R>, missing: &R)
where
    C: Connection,
    R: Record + PartialEq + Debug,
{
    let is_missing = |result: Result<R, Error>| match result {
        Err(Error::NotFound { noun, id }) => noun == R::NOUN && id == missing.id().as_ref(),
        _ => false,
    };
    assert_eq!(records.find(missing.id()).await.unwrap(), None);
    assert!(is_missing(records.get(missing.id()).await));
    assert!(is_missing(records.save(missing.clone()).await));
    let updated = records.update(missing.id(), |_| panic!("called"));
    assert!(is_missing(updated.await));
    for referrers in [OnDelete::Respect, OnDelete::Detach] {
        assert!(is_missing(records.delete(missing.id(), referrers).await));
    }
}

/// Leaves R-1 with all fields and R-2 with the required ones.
async fn inserted_records_are_read_unchanged<C, R>(
    records: &Records<'_, C, R>,
    make: impl Fn(&str, bool) -> R,
) where
    C: Connection,
    R: Record<Filter: Filter<R>> + PartialEq + Debug,
{
    let (full, minimal) = (make("R-1", true), make("R-2", false));
    for record in [&full, &minimal] {
        let inserted = records.insert(record.clone()).await.unwrap();
        assert_eq!(&inserted, record);
        assert_eq!(&records.get(record.id()).await.unwrap(), record);
    }
    let all = records.all().await.unwrap();
    assert_eq!(all.len(), 2);
    assert!(all.contains(&full) && all.contains(&minimal));
    assert_eq!(records.count(&R::Filter::default()).await.unwrap(), 2);
    let mut ids = records.ids().await.unwrap();
    ids.sort();
    assert_eq!(ids, ["R-1", "R-2"]);
}

/// Expects.
async fn existing_id_is_refused<C, R>(records: &Records<'_, C, R>, make: impl Fn(&str, bool) -> R)
where
    C: Connection,
    R: Record + PartialEq + Debug,
{
    let again = records.insert(make("R-1", false)).await;
    assert!(
        matches!(&again, Err(Error::Conflict { id: Some(id), .. }) if id == "R-1"),
        "{again:?}"
    );
    let batch = [make("R-3", true), make("R-2", true), make("R-4", false)];
    let again = records.insert_many(&batch, &|_| ()).await;
    assert!(matches!(again, Err(Error::Conflict { noun, .. }) if noun == R::NOUN));
    assert_eq!(records.ids().await.unwrap().len(), 2);
    let full = make("R-1", true);
    assert_eq!(records.get(full.id()).await.unwrap(), full);
}

/// Expects R-1 with all fields and R-2 with the required ones, and leaves them the other way round.
async fn changed_record_has_the_new_fields_only<C, R>(
    records: &Records<'_, C, R>,
    make: impl Fn(&str, bool) -> R,
) where
    C: Connection,
    R: Record + PartialEq + Debug,
{
    let emptied = make("R-1", false);
    assert_eq!(records.save(emptied.clone()).await.unwrap(), emptied);
    assert_eq!(records.get(emptied.id()).await.unwrap(), emptied);
    let filled = make("R-2", true);
    let update = records.update(filled.id(), |record| *record = filled.clone());
    assert_eq!(update.await.unwrap(), filled);
    assert_eq!(records.get(filled.id()).await.unwrap(), filled);
}

/// Expects R-2 with all fields.
async fn failed_update_changes_nothing<C, R>(
    records: &Records<'_, C, R>,
    make: impl Fn(&str, bool) -> R,
) where
    C: Connection,
    R: Record + PartialEq + Debug,
{
    let filled = make("R-2", true);
    let refused = records
        .try_update(filled.id(), |record| {
            *record = make("R-2", false);
            Err(Error::InvalidState("refused".into()))
        })
        .await;
    assert!(matches!(refused, Err(Error::InvalidState(why)) if why == "refused"));
    assert_eq!(records.get(filled.id()).await.unwrap(), filled);
}

/// Expects R-1 with the required fields and R-2 with all, and leaves an empty table.
async fn deleted_record_is_returned<C, R>(
    records: &Records<'_, C, R>,
    make: impl Fn(&str, bool) -> R,
) where
    C: Connection,
    R: Record + PartialEq + Debug,
{
    let (emptied, filled) = (make("R-1", false), make("R-2", true));
    let deleted = records.delete(emptied.id(), OnDelete::Respect).await;
    assert_eq!(deleted.unwrap(), emptied);
    assert_eq!(records.find(emptied.id()).await.unwrap(), None);
    let deleted = records.delete(filled.id(), OnDelete::Detach).await;
    assert_eq!(deleted.unwrap(), filled);
    assert_eq!(records.all().await.unwrap(), []);
}

/// Number of records of a bulk insert: more than one statement has on SQLite.
const BULK: usize = 303;

async fn bulk_insert_stores_every_record<C, R>(
    records: &Records<'_, C, R>,
    make: impl Fn(&str, bool) -> R,
) where
    C: Connection,
    R: Record<Filter: Filter<R>> + PartialEq + Debug,
{
    let batch: Vec<R> = (0..BULK)
        .map(|n| make(&format!("R-{n:04}"), n % 3 == 0))
        .collect();
    let written = Cell::new(0);
    let count_written = |count| written.set(written.get() + count);
    records.insert_many(&batch, &count_written).await.unwrap();
    assert_eq!(written.get(), BULK);
    let mut found = records.all().await.unwrap();
    found.sort_by(|a, b| a.id().as_ref().cmp(b.id().as_ref()));
    assert!(found == batch, "records differ from those inserted");

    let again = records.insert_many(&batch[200..201], &|_| ()).await;
    assert!(matches!(again, Err(Error::Conflict { noun, .. }) if noun == R::NOUN));
    let count = records.count(&R::Filter::default()).await.unwrap();
    assert_eq!(count, BULK as u64);
}
