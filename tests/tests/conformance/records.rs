//! What every table's records can do: one function goes through all of it.

use std::fmt::Debug;

use wsdb_store::{Connection, Error, Filter, OnDelete, Record, Records};

use crate::{Case, fixtures};

/// Inserts, finds, lists, changes, replaces and deletes, with everything that can go wrong.
/// `make` makes a record from a name, filled or empty.
pub(crate) async fn every_method<C, R>(records: &Records<'_, C, R>, make: impl Fn(&str, bool) -> R)
where
    C: Connection,
    R: Record<Id: Debug, Filter: Filter<R>> + PartialEq + Debug,
{
    let (full, empty) = (make("R-1", true), make("R-2", false));
    let no_id = make("R-9", true);

    // Nothing is there.
    assert_eq!(records.find(full.id()).await.expect("looked"), None);
    let is_missing = |result: Result<R, Error>| match result {
        Err(Error::NotFound { noun, id }) => noun == R::NOUN && id == "R-9",
        _ => false,
    };
    assert!(is_missing(records.get(no_id.id()).await));
    assert!(is_missing(records.update_all(no_id.clone()).await));
    assert!(is_missing(
        records.update(no_id.id(), |_| panic!("called")).await
    ));
    for referrers in [OnDelete::Respect, OnDelete::Detach] {
        assert!(is_missing(records.delete(no_id.id(), referrers).await));
    }
    assert_eq!(records.all().await.expect("listed"), []);
    assert_eq!(records.ids().await.expect("ids"), Vec::<String>::new());
    records.insert_many(&[], &|_| ()).await.expect("nothing");

    // Both come back as they were.
    for record in [&full, &empty] {
        let inserted = records.insert(record.clone()).await.expect("inserted");
        assert_eq!(&inserted, record);
        assert_eq!(&records.get(record.id()).await.expect("there"), record);
    }
    let both = records.all().await.expect("listed");
    assert_eq!(both.len(), 2);
    assert!(both.contains(&full) && both.contains(&empty));
    assert_eq!(
        records.count(&R::Filter::default()).await.expect("counted"),
        2
    );
    let mut ids = records.ids().await.expect("ids");
    ids.sort();
    assert_eq!(ids, ["R-1", "R-2"]);

    // The same id again: refused, and nothing of it written.
    let is_taken = |result: Result<(), Error>| match result {
        Err(Error::Conflict { noun, .. }) => noun == R::NOUN,
        _ => false,
    };
    let again = records.insert(make("R-1", false)).await;
    assert!(
        matches!(&again, Err(Error::Conflict { id, .. }) if id == "R-1"),
        "{again:?}"
    );
    let batch = [make("R-3", true), make("R-2", true), make("R-4", false)];
    assert!(is_taken(records.insert_many(&batch, &|_| ()).await));
    assert_eq!(records.ids().await.expect("ids").len(), 2);
    assert_eq!(records.get(full.id()).await.expect("there"), full);

    // What is filled can be emptied, and the other way round.
    let emptied = make("R-1", false);
    assert_eq!(
        records.update_all(emptied.clone()).await.expect("replaced"),
        emptied
    );
    assert_eq!(records.get(full.id()).await.expect("there"), emptied);
    let filled = make("R-2", true);
    let update = records.update(empty.id(), |record| *record = filled.clone());
    assert_eq!(update.await.expect("updated"), filled);
    assert_eq!(records.get(empty.id()).await.expect("there"), filled);
    let refused = records
        .try_update(empty.id(), |record| {
            *record = empty.clone();
            Err(Error::InvalidState("no".into()))
        })
        .await;
    assert!(matches!(refused, Err(Error::InvalidState(why)) if why == "no"));
    assert_eq!(records.get(empty.id()).await.expect("there"), filled);

    // A deleted record is returned, and gone.
    assert_eq!(
        records
            .delete(full.id(), OnDelete::Respect)
            .await
            .expect("deleted"),
        emptied
    );
    assert_eq!(records.find(full.id()).await.expect("looked"), None);
    assert_eq!(
        records
            .delete(empty.id(), OnDelete::Detach)
            .await
            .expect("deleted"),
        filled
    );
    assert_eq!(records.all().await.expect("listed"), []);

    // Many at once are as good as one by one, over several statements.
    let number = 1203;
    let many: Vec<R> = (0..number)
        .map(|n| make(&format!("R-{n:04}"), n % 3 == 0))
        .collect();
    let written = std::cell::Cell::new(0);
    let hear = |n| written.set(written.get() + n);
    records.insert_many(&many, &hear).await.expect("inserted");
    assert_eq!(written.get(), number);
    let mut found = records.all().await.expect("listed");
    found.sort_by(|a, b| a.id().as_ref().cmp(b.id().as_ref()));
    assert!(found == many, "every one as it was");
    assert!(is_taken(
        records.insert_many(&many[700..701], &|_| ()).await
    ));
    assert_eq!(
        records.count(&R::Filter::default()).await.expect("counted"),
        number as u64
    );
}

pub(crate) async fn tasks(case: &Case) {
    every_method(&case.store.tasks(), fixtures::task).await;
}

pub(crate) async fn sessions_and_what_is_theirs(case: &Case) {
    let sessions = case.store.sessions();
    every_method(&sessions, fixtures::session).await;
    let host = fixtures::session("host", false);
    sessions.insert(host).await.expect("inserted");
    every_method(&sessions.activities(), |id, full| {
        fixtures::activity(id, "host", full)
    })
    .await;
    every_method(&sessions.decision_links(), |id, full| {
        fixtures::session_decision(id, "host", full)
    })
    .await;
    every_method(&sessions.issue_links(), |id, full| {
        fixtures::session_issue(id, "host", full)
    })
    .await;
}

pub(crate) async fn issues_and_decisions(case: &Case) {
    every_method(&case.store.issues(), fixtures::issue).await;
    every_method(&case.store.decisions(), fixtures::decision).await;
}

pub(crate) async fn architecture(case: &Case) {
    let architecture = case.store.architecture();
    every_method(&architecture.states(), fixtures::state).await;
    every_method(&architecture.placements(), fixtures::placement).await;
    every_method(&architecture.goals(), fixtures::goal).await;
}

pub(crate) async fn drift(case: &Case) {
    let drift = case.store.drift();
    every_method(&drift.scans(), fixtures::scan).await;
    every_method(&drift.detections(), fixtures::detection).await;
}

pub(crate) async fn contexts_and_configuration(case: &Case) {
    every_method(&case.store.contexts(), fixtures::context).await;
    let configuration = case.store.configuration();
    every_method(&configuration.snapshots(), fixtures::snapshot).await;
    every_method(&configuration.changes(), fixtures::change).await;
}
