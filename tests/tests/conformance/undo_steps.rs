//! Changes of records, sessions, scans and imports, as one action each.

use wsdb_core::{ActivityId, Finding, ScanId, ScanScope, SessionFilter, SessionId, SessionStatus};
use wsdb_import::{ConflictResolution, ImportOptions, Mode, NoProgress};
use wsdb_store::{Error, OnDelete, Store, Transaction, for_each_kind};

use crate::at;
use crate::examples::Example;
use crate::fixtures;

/// A change that is one action in history.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Applies operations in one transaction.
    Write(Vec<Operation>),
    /// Imports generated documents, which are similar for every seed.
    Import { seed: u64, replace: bool },
    /// Starts a session.
    StartSession,
    /// Logs an activity in the open session, links an issue, and ends it.
    EndSession,
    /// Records a scan that finds something in these files; if `late`, after the time until which
    /// detections are ignored.
    Scan { files: Vec<usize>, late: bool },
}

/// A change of one or all records of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) kind: OperationKind,
    pub(crate) table: Table,
    /// Which of the three records of the table.
    pub(crate) record: usize,
}

/// Does nothing if the record exists and should be inserted, or does not exist and should be
/// changed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OperationKind {
    /// Inserts the record with its required fields.
    Insert,
    /// Inserts the record with all fields.
    InsertFull,
    /// Inserts all records that do not exist, together.
    InsertMany,
    /// Saves the record with its required fields.
    Empty,
    /// Saves the record with all fields.
    Fill,
    /// Deletes the record.
    Delete,
}

macro_rules! define_tables {
    ($($records:ident: $record:ident,)*) => {
        /// A table, named after its records.
        #[derive(Debug, Clone, Copy)]
        pub(crate) enum Table {
            $($record,)*
        }

        impl Table {
            /// All tables, after those whose records theirs need.
            pub(crate) const ALL: &[Table] = &[$(Table::$record,)*];
        }

        /// Applies an operation.
        async fn apply_operation(
            store: &Store<Transaction>,
            operation: Operation,
        ) -> Result<(), Error> {
            match operation.table {
                $(Table::$record => apply::<wsdb_core::$record>(store, operation).await,)*
            }
        }
    };
}
for_each_kind!(define_tables);

/// Applies an operation to a table with three records.
async fn apply<R: Example>(store: &Store<Transaction>, operation: Operation) -> Result<(), Error> {
    let (records, name) = (store.records::<R>(), R::IDS[operation.record]);
    let known = records.ids().await?;
    let exists = |name: &str| known.iter().any(|id| id == name);
    match operation.kind {
        OperationKind::Insert if !exists(name) => {
            drop(records.insert(R::example(name, false)).await?)
        }
        OperationKind::InsertFull if !exists(name) => {
            drop(records.insert(R::example(name, true)).await?)
        }
        OperationKind::InsertMany => {
            let new = R::IDS.into_iter().filter(|name| !exists(name));
            let new: Vec<R> = new.map(|name| R::example(name, true)).collect();
            records.insert_many(&new, &|_| ()).await?
        }
        OperationKind::Empty if exists(name) => drop(records.save(R::example(name, false)).await?),
        OperationKind::Fill if exists(name) => drop(records.save(R::example(name, true)).await?),
        OperationKind::Delete if exists(name) => {
            let record = R::example(name, false);
            drop(records.delete(record.id(), OnDelete::Detach).await?)
        }
        _ => {}
    }
    Ok(())
}

/// Applies a step completely or not at all: its transaction rolls back if it fails.
pub(crate) async fn run(store: &Store, step: &Step) {
    let result = match step {
        Step::Write(operations) => write(store, operations).await,
        Step::StartSession => start_session(store).await,
        Step::Scan { files, late } => scan(store, files, *late).await,
        Step::EndSession => end_session(store).await,
        Step::Import { seed, replace } => {
            import(store, *seed, *replace).await;
            Ok(())
        }
    };
    match result {
        // The session is missing, or a unique name is taken.
        Ok(()) | Err(Error::Db(_) | Error::Conflict { .. } | Error::InvalidState(_)) => {}
        Err(error) => panic!("{step:?}: {error}"),
    }
}

async fn write(store: &Store, operations: &[Operation]) -> Result<(), Error> {
    store
        .write(async |store| {
            for operation in operations {
                apply_operation(store, *operation).await?;
            }
            Ok(())
        })
        .await
}

async fn start_session(store: &Store) -> Result<(), Error> {
    let session = |id: SessionId| {
        let mut session = fixtures::session(id.as_str(), false);
        session.user = Some("mira".into());
        session
    };
    let started = store.sessions().start(at("2025-12-01"), session).await;
    started.map(drop)
}

async fn end_session(store: &Store) -> Result<(), Error> {
    store
        .write(async |store| {
            let sessions = store.sessions();
            let open = SessionFilter {
                status: vec![SessionStatus::InProgress],
                ..SessionFilter::default()
            };
            let Some(session) = sessions.list(&open).await?.pop() else {
                return Ok(());
            };
            let activity =
                |id: ActivityId| fixtures::activity(id.as_str(), session.id.as_str(), true);
            sessions.log(&session.id, activity).await?;
            if let Some(issue) = store.issues().all().await?.first() {
                sessions.link_issue(&session.id, &issue.id).await?;
            }
            let now = at("2025-12-01");
            sessions
                .end(&session.id, Some("Next: pricing"), now)
                .await?;
            Ok(())
        })
        .await
}

async fn scan(store: &Store, files: &[usize], late: bool) -> Result<(), Error> {
    let findings: Vec<Finding> = files
        .iter()
        .map(|file| fixtures::finding(&format!("{file}.py"), "x"))
        .collect();
    // Includes the repos of the detections that are written without a scan.
    let repo = |full| fixtures::detection("R-1", full).repo;
    let scope = ScanScope {
        repos: vec!["core".into(), repo(true), repo(false)],
        files: None,
    };
    let now = if late {
        at("2027-01-01")
    } else {
        at("2025-12-01")
    };
    let scan = |id: ScanId| fixtures::scan(id.as_str(), true);
    let recorded = store.drift().record(scan, &findings, &scope, now).await;
    recorded.map(drop)
}

async fn import(store: &Store, seed: u64, replace: bool) {
    let folder = tempfile::tempdir().unwrap();
    xtask::fixtures::write(folder.path(), 4, seed).unwrap();
    let options = ImportOptions {
        mode: if replace { Mode::Replace } else { Mode::Merge },
        prefer: (!replace).then_some(ConflictResolution::File),
        workspace: Some(folder.path().to_owned()),
        ..ImportOptions::default()
    };
    let sources = [folder.path().to_owned()];
    wsdb_import::import(store, &sources, &options, &NoProgress)
        .await
        .unwrap();
}
