//! Changes of records, sessions, scans and imports, as one action each.

use wsdb_core::{ActivityId, Finding, ScanId, ScanScope, SessionId};
use wsdb_import::{ConflictResolution, ImportOptions, Mode, NoProgress};
use wsdb_store::{Error, OnDelete, Store, Transaction};

use crate::at;
use crate::fixtures::{self, id};

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

#[derive(Debug, Clone, Copy)]
pub(crate) enum Table {
    Tasks,
    Sessions,
    Issues,
    Decisions,
    Activities,
    DecisionLinks,
    IssueLinks,
    States,
    Placements,
    Goals,
    Scans,
    Detections,
    Contexts,
    Snapshots,
    Changes,
    Claims,
}

impl Table {
    /// All tables, after those whose records theirs need.
    pub(crate) const ALL: [Table; 16] = [
        Table::Tasks,
        Table::Sessions,
        Table::Issues,
        Table::Decisions,
        Table::Activities,
        Table::DecisionLinks,
        Table::IssueLinks,
        Table::States,
        Table::Placements,
        Table::Goals,
        Table::Scans,
        Table::Detections,
        Table::Contexts,
        Table::Snapshots,
        Table::Changes,
        Table::Claims,
    ];
}

/// Applies an operation to a table with three records, which are created by `$make`.
macro_rules! apply {
    ($records:expr, $operation:expr, $names:expr, $make:expr) => {{
        let (records, name) = ($records, $names[$operation.record]);
        let record = |full| $make(name, full);
        let known = records.ids().await?;
        let exists = known.iter().any(|id| id == name);
        match $operation.kind {
            OperationKind::Insert if !exists => drop(records.insert(record(false)).await?),
            OperationKind::InsertFull if !exists => drop(records.insert(record(true)).await?),
            OperationKind::InsertMany => {
                let new = $names
                    .iter()
                    .filter(|name| !known.iter().any(|id| id == *name));
                let new: Vec<_> = new.map(|name| $make(name, true)).collect();
                records.insert_many(&new, &|_| ()).await?
            }
            OperationKind::Empty if exists => drop(records.save(record(false)).await?),
            OperationKind::Fill if exists => drop(records.save(record(true)).await?),
            OperationKind::Delete if exists => {
                drop(records.delete(&id(name), OnDelete::Detach).await?)
            }
            _ => {}
        }
    }};
}

/// Applies an operation. The fixtures refer to ids that end with 404, so some of the records have
/// such ids: the references are to existing and to missing records.
async fn apply_operation(store: &Store<Transaction>, operation: Operation) -> Result<(), Error> {
    /// A line for each table: its records, the ids of three of them, and how to create one.
    macro_rules! apply_to {
        ($($table:ident: $records:expr, $names:expr, $make:expr;)*) => {
            match operation.table {
                $(Table::$table => apply!($records, operation, $names, $make),)*
            }
        };
    }
    let (sessions, architecture) = (store.sessions(), store.architecture());
    let (drift, configuration) = (store.drift(), store.configuration());
    // The session may be missing: the database refuses such a record.
    let activity = |name: &str, full| fixtures::activity(name, "S-404", full);
    let decision_link = |name: &str, full| fixtures::session_decision(name, "S-404", full);
    let issue_link = |name: &str, full| fixtures::session_issue(name, "S-404", full);
    apply_to! {
        Tasks: store.tasks(), ["T-404", "D-1", "T-1"], fixtures::task;
        Sessions: &sessions, ["S-404", "S-1", "S-404"], fixtures::session;
        Issues: store.issues(), ["ISSUE-404", "I-1", "I-2"], fixtures::issue;
        Decisions: store.decisions(), ["DEC-404", "C-1", "C-2"], fixtures::decision;
        Activities: sessions.activities(), ["A-1", "A-2", "A-3"], activity;
        DecisionLinks: sessions.decision_links(), ["L-1", "L-2", "L-3"], decision_link;
        IssueLinks: sessions.issue_links(), ["L-1", "L-2", "L-3"], issue_link;
        States: architecture.states(), ["STATE-404", "Z-1", "Z-2"], fixtures::state;
        Placements: architecture.placements(), ["PLACEMENT-404", "P-1", "P-2"], fixtures::placement;
        Goals: architecture.goals(), ["G-1", "G-2", "G-3"], fixtures::goal;
        Scans: drift.scans(), ["SCAN-404", "N-1", "N-2"], fixtures::scan;
        Detections: drift.detections(), ["DRIFT-404", "R-1", "R-2"], fixtures::detection;
        Contexts: store.contexts(), ["X-1", "X-2", "X-3"], fixtures::context;
        Snapshots: configuration.snapshots(), ["Y-1", "Y-2", "Y-3"], fixtures::snapshot;
        Claims: store.tasks().claims(), ["T-404", "D-1", "T-1"], fixtures::claim;
        Changes: configuration.changes(), ["H-1", "H-2", "H-3"], fixtures::change;
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
            let Some(session) = sessions.current(None).await? else {
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
        ..ImportOptions::default()
    };
    let sources = [folder.path().to_owned()];
    wsdb_import::import(store, &sources, &options, &NoProgress)
        .await
        .unwrap();
}
