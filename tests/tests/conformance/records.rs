//! What every table's records can do: one function goes through all of it.

use std::fmt::Debug;

use wsdb_store::{Connection, Error, Filter, OnDelete, Record, Records};

use crate::{Case, fixtures};

/// Inserts, finds, lists, changes, replaces and deletes, with everything that can go wrong.
/// `make` makes a record from a name, filled or empty.
pub(crate) async fn crud_of_every_table<C, R>(
    records: &Records<'_, C, R>,
    make: impl Fn(&str, bool) -> R,
) where
    C: Connection,
    R: Record<Id: Debug, Filter: Filter<R>> + PartialEq + Debug,
{
    let (full, empty) = (make("R-1", true), make("R-2", false));
    let no_id = make("R-9", true);

    // Nothing is there.
    assert_eq!(records.find(full.id()).await.unwrap(), None);
    let is_missing = |result: Result<R, Error>| match result {
        Err(Error::NotFound { noun, id }) => noun == R::NOUN && id == "R-9",
        _ => false,
    };
    assert!(is_missing(records.get(no_id.id()).await));
    assert!(is_missing(records.save(no_id.clone()).await));
    assert!(is_missing(
        records.update(no_id.id(), |_| panic!("called")).await
    ));
    for referrers in [OnDelete::Respect, OnDelete::Detach] {
        assert!(is_missing(records.delete(no_id.id(), referrers).await));
    }
    assert_eq!(records.all().await.unwrap(), []);
    assert_eq!(records.ids().await.unwrap(), Vec::<String>::new());
    records.insert_many(&[], &|_| ()).await.unwrap();

    // Both come back as they were.
    for record in [&full, &empty] {
        let inserted = records.insert(record.clone()).await.unwrap();
        assert_eq!(&inserted, record);
        assert_eq!(&records.get(record.id()).await.unwrap(), record);
    }
    let both = records.all().await.unwrap();
    assert_eq!(both.len(), 2);
    assert!(both.contains(&full) && both.contains(&empty));
    assert_eq!(records.count(&R::Filter::default()).await.unwrap(), 2);
    let mut ids = records.ids().await.unwrap();
    ids.sort();
    assert_eq!(ids, ["R-1", "R-2"]);

    // The same id again: refused, and nothing of it written.
    let is_taken = |result: Result<(), Error>| match result {
        Err(Error::Conflict { noun, .. }) => noun == R::NOUN,
        _ => false,
    };
    let again = records.insert(make("R-1", false)).await;
    assert!(
        matches!(&again, Err(Error::Conflict { id: Some(id), .. }) if id == "R-1"),
        "{again:?}"
    );
    let batch = [make("R-3", true), make("R-2", true), make("R-4", false)];
    assert!(is_taken(records.insert_many(&batch, &|_| ()).await));
    assert_eq!(records.ids().await.unwrap().len(), 2);
    assert_eq!(records.get(full.id()).await.unwrap(), full);

    // What is filled can be emptied, and the other way round.
    let emptied = make("R-1", false);
    assert_eq!(records.save(emptied.clone()).await.unwrap(), emptied);
    assert_eq!(records.get(full.id()).await.unwrap(), emptied);
    let filled = make("R-2", true);
    let update = records.update(empty.id(), |record| *record = filled.clone());
    assert_eq!(update.await.unwrap(), filled);
    assert_eq!(records.get(empty.id()).await.unwrap(), filled);
    let refused = records
        .try_update(empty.id(), |record| {
            *record = empty.clone();
            Err(Error::InvalidState("no".into()))
        })
        .await;
    assert!(matches!(refused, Err(Error::InvalidState(why)) if why == "no"));
    assert_eq!(records.get(empty.id()).await.unwrap(), filled);

    // A deleted record is returned, and gone.
    assert_eq!(
        records.delete(full.id(), OnDelete::Respect).await.unwrap(),
        emptied
    );
    assert_eq!(records.find(full.id()).await.unwrap(), None);
    assert_eq!(
        records.delete(empty.id(), OnDelete::Detach).await.unwrap(),
        filled
    );
    assert_eq!(records.all().await.unwrap(), []);

    // Many at once are as good as one by one, over several statements.
    let number = 1203;
    let many: Vec<R> = (0..number)
        .map(|n| make(&format!("R-{n:04}"), n % 3 == 0))
        .collect();
    let written = std::cell::Cell::new(0);
    let hear = |n| written.set(written.get() + n);
    records.insert_many(&many, &hear).await.unwrap();
    assert_eq!(written.get(), number);
    let mut found = records.all().await.unwrap();
    found.sort_by(|a, b| a.id().as_ref().cmp(b.id().as_ref()));
    assert!(found == many, "every one as it was");
    assert!(is_taken(
        records.insert_many(&many[700..701], &|_| ()).await
    ));
    assert_eq!(
        records.count(&R::Filter::default()).await.unwrap(),
        number as u64
    );
}

pub(crate) async fn tasks(case: &Case) {
    crud_of_every_table(&case.store.tasks(), fixtures::task).await;
}

pub(crate) async fn sessions_and_their_records(case: &Case) {
    let sessions = case.store.sessions();
    crud_of_every_table(&sessions, fixtures::session).await;
    let host = fixtures::session("host", false);
    sessions.insert(host).await.unwrap();
    crud_of_every_table(&sessions.activities(), |id, full| {
        fixtures::activity(id, "host", full)
    })
    .await;
    crud_of_every_table(&sessions.decision_links(), |id, full| {
        fixtures::session_decision(id, "host", full)
    })
    .await;
    crud_of_every_table(&sessions.issue_links(), |id, full| {
        fixtures::session_issue(id, "host", full)
    })
    .await;
}

pub(crate) async fn issues_and_decisions(case: &Case) {
    crud_of_every_table(&case.store.issues(), fixtures::issue).await;
    crud_of_every_table(&case.store.decisions(), fixtures::decision).await;
}

pub(crate) async fn architecture(case: &Case) {
    let architecture = case.store.architecture();
    crud_of_every_table(&architecture.states(), fixtures::state).await;
    crud_of_every_table(&architecture.placements(), fixtures::placement).await;
    crud_of_every_table(&architecture.goals(), fixtures::goal).await;
}

pub(crate) async fn drift(case: &Case) {
    let drift = case.store.drift();
    crud_of_every_table(&drift.scans(), fixtures::scan).await;
    crud_of_every_table(&drift.detections(), fixtures::detection).await;
}

pub(crate) async fn contexts_and_configuration(case: &Case) {
    crud_of_every_table(&case.store.contexts(), fixtures::context).await;
    let configuration = case.store.configuration();
    crud_of_every_table(&configuration.snapshots(), fixtures::snapshot).await;
    crud_of_every_table(&configuration.changes(), fixtures::change).await;
}
