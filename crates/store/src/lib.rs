//! Stores wsdb's records in SQLite or PostgreSQL.
//!
//! ```
//! use wsdb_core::{Task, Timestamp};
//! use wsdb_store::Store;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let url = format!("sqlite://{}", folder.path().join("workspace.db").display());
//! let store = Store::connect(&url).await?;
//! let now: Timestamp = "2025-11-20T10:00:00Z".parse()?;
//!
//! // One call, one transaction.
//! let task = store.tasks().add(|id| Task::new(id, "Move pricing".into(), now)).await?;
//! assert_eq!(task.id.as_str(), "WS-TASK-001");
//!
//! // Several calls, one transaction: dropping it instead of committing rolls back.
//! let transaction = store.begin().await?;
//! transaction.tasks().update(&task.id, |task| task.title.push_str(" out of the core")).await?;
//! transaction.commit().await?;
//!
//! assert_eq!(store.tasks().get(&task.id).await?.title, "Move pricing out of the core");
//! store.close().await?;
//! # Ok(())
//! # }
//! ```

pub mod adopt;
mod architecture;
mod backup;
mod bulk;
mod change_log;
mod claims;
mod columns;
mod configuration;
mod connect;
mod connection;
mod contexts;
mod copy;
mod decisions;
mod document_entry;
mod document_history;
mod document_records;
mod documents;
mod drift;
mod earlier_versions;
mod entity;
mod error;
mod file;
mod file_hashes;
mod history;
mod history_writes;
mod import_history;
mod issues;
mod json_eq;
mod kinds;
mod links;
mod lock_holders;
mod mentions;
mod open_intervals;
mod options;
mod postgres;
mod private_files;
mod query;
mod ready_tasks;
mod record;
mod record_version;
mod record_writes;
mod records;
mod referenced_table;
mod references;
mod repos;
pub mod schema;
mod search;
mod series;
mod sessions;
mod shapes;
mod sqlite_copy;
mod sqlite_header;
mod tables;
mod tasks;
mod transaction;
mod undo;
mod url;

pub use architecture::Architecture;
pub use backup::{
    BackupList, BackupTarget, Contents, Manifest, Restoration, TableDigest, VerifiedBackup,
    create_backup, delete_backup, file_to_replace, list_backups, sqlite_file, verification_path,
    verify_backup,
};
pub use configuration::Configuration;
pub use connection::{Pool, Store, Transaction};
pub use contexts::Contexts;
pub use copy::{CopiedTable, CopyProgress, copy};
pub use decisions::Decisions;
pub use document_entry::{DocumentEntry, EntryChange, HeldRecord, KnownVersion, RenumberedRecord};
pub use documents::{Documents, order_key};
pub use drift::{Drift, ScanResult};
pub use earlier_versions::EarlierVersion;
pub use error::{DatabaseFault, DatabaseOwner, Error, TableContents};
pub use history::History;
pub use issues::Issues;
pub use mentions::Mentions;
pub use options::{Journal, Options};
pub use postgres::unsupported_by_postgres;
pub use ready_tasks::ReadyTask;
pub use record::{Filter, Record};
pub use record_version::{RecordVersion, Rev};
pub use records::Records;
pub use referenced_table::OnDelete;
pub use repos::Repos;
pub use search::{Hits, Search};
pub use sessions::Sessions;
pub use shapes::Shapes;
pub use tables::{noun_of_table, table_of};
pub use tasks::Tasks;
pub use transaction::{Connection, FromStoreError};
pub use undo::UndoSummary;
pub use url::{is_postgres, redacted};

use wsdb_core::Author;

impl Store<Pool> {
    /// Opens a database; creates it or migrates its schema if needed.
    ///
    /// `url` is `sqlite://path/to/file` or `postgres://…`. What follows `sqlite://` is taken
    /// literally as the path: it has no options and no escapes.
    ///
    /// # Errors
    /// [`Error::NotADatabase`], [`Error::ForeignDatabase`] or [`Error::NewerSchema`] if the file is not a
    /// database, belongs to another program or has a newer schema; it is not changed.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        Self::connect_with(url, &Options::default()).await
    }

    /// Opens a database with options.
    ///
    /// # Errors
    /// Same as [`Store::connect`].
    pub async fn connect_with(url: &str, options: &Options) -> Result<Self, Error> {
        connect::connect(url, options)
            .await
            .map(Self::with_connection)
    }

    /// Begins a transaction and returns the same store on it. Dropping it rolls back.
    ///
    /// # Errors
    /// [`Error::Busy`] if another process has been writing for longer than the busy timeout.
    pub async fn begin(&self) -> Result<Store<Transaction>, Error> {
        self.connection.begin().await.map(Store::with_connection)
    }

    /// Returns whether the database is on a PostgreSQL server, which cannot store every text: see
    /// [`unsupported_by_postgres`].
    pub fn is_postgres(&self) -> bool {
        self.connection.is_postgres()
    }

    /// Closes every connection. After a write this lets SQLite reset its write-ahead log; without
    /// it, every later start gets slower.
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.connection.database.close().await?)
    }
}

impl Store<Pool> {
    /// Returns a store on the same database whose changes are recorded as made by `author`.
    pub fn with_author(&self, author: Author) -> Self {
        let mut connection = self.connection.clone();
        connection.author = Some(std::sync::Arc::new(author));
        Store::with_connection(connection)
    }

    /// Runs `work` in a transaction that only reads: everything is as it was at the first read.
    ///
    /// # Errors
    /// The errors of `work`.
    pub async fn read<R, E: FromStoreError>(
        &self,
        work: impl AsyncFn(&Store<Transaction>) -> Result<R, E>,
    ) -> Result<R, E> {
        let transaction = Store::with_connection(self.connection.begin_read().await?);
        let result = work(&transaction).await;
        // Nothing was written.
        let _ = transaction.rollback().await;
        result
    }

    /// Runs `work` in a transaction that is then rolled back, to find out what it would do.
    ///
    /// # Errors
    /// The errors of `work`.
    pub async fn dry_run<R, E: FromStoreError>(
        &self,
        work: impl AsyncFn(&Store<Transaction>) -> Result<R, E>,
    ) -> Result<R, E> {
        transaction::try_transaction(self, &work, false).await
    }
}

impl Store<Transaction> {
    /// Commits the transaction.
    ///
    /// # Errors
    /// If the commit fails, nothing was stored; with [`Error::ConnectionLost`], that is unknown.
    pub async fn commit(self) -> Result<(), Error> {
        self.connection.commit().await
    }

    /// Returns the time of the changes of this transaction.
    pub fn time(&self) -> wsdb_core::Timestamp {
        self.connection.log.author().time
    }

    /// Rolls the transaction back.
    pub async fn rollback(self) -> Result<(), Error> {
        self.connection.rollback().await
    }
}

impl<C: Connection> Store<C> {
    /// Runs `work` in one transaction; see [`Connection::in_transaction`].
    ///
    /// # Errors
    /// The errors of `work`.
    pub async fn write<R, E: FromStoreError>(
        &self,
        work: impl AsyncFn(&Store<Transaction>) -> Result<R, E>,
    ) -> Result<R, E> {
        C::in_transaction(self, work).await
    }

    /// Returns the records of any table, for operations that are the same for all of them.
    pub fn records<R: Record>(&self) -> Records<'_, C, R> {
        Records::new(self)
    }

    /// Returns the tasks.
    pub fn tasks(&self) -> Tasks<'_, C> {
        Tasks::new(self)
    }

    /// Returns the sessions, with their activities and their links to decisions and issues.
    pub fn sessions(&self) -> Sessions<'_, C> {
        Sessions::new(self)
    }

    /// Returns the cross-repo issues.
    pub fn issues(&self) -> Issues<'_, C> {
        Issues::new(self)
    }

    /// Returns the architecture decisions.
    pub fn decisions(&self) -> Decisions<'_, C> {
        Decisions::new(self)
    }

    /// Returns the architecture states, component placements and goals.
    pub fn architecture(&self) -> Architecture<'_, C> {
        Architecture::new(self)
    }

    /// Names of repos in records.
    pub fn repos(&self) -> Repos<'_, C> {
        Repos::new(self)
    }

    /// Returns the search for records that mention a path or a component.
    pub fn mentions(&self) -> Mentions<'_, C> {
        Mentions::new(self)
    }

    /// Returns the drift scans and their detections.
    pub fn drift(&self) -> Drift<'_, C> {
        Drift::new(self)
    }

    /// Returns the visits.
    pub fn contexts(&self) -> Contexts<'_, C> {
        Contexts::new(self)
    }

    /// Returns the configuration snapshots and changes.
    pub fn configuration(&self) -> Configuration<'_, C> {
        Configuration::new(self)
    }

    /// Returns the history: every action, and how it changed each record.
    pub fn history(&self) -> History<'_, C> {
        History::new(self)
    }

    /// Returns the full-text search over tasks, sessions, issues, decisions and
    /// detections.
    pub fn search(&self) -> Search<'_, C> {
        Search::new(self)
    }

    /// Returns what is stored about the workspace's JSON documents since the last import or export.
    pub fn documents(&self) -> Documents<'_, C> {
        Documents::new(self)
    }
}
