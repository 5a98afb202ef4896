//! Keeps wsdb's records in SQLite or PostgreSQL.
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

mod about;
mod adopt;
mod architecture;
mod bases;
mod bulk;
mod claims;
mod columns;
mod configuration;
mod connect;
mod connection;
mod contexts;
mod copy;
mod decisions;
mod documents;
mod drift;
mod entity;
mod error;
mod file;
mod header;
mod history;
mod holders;
mod issues;
mod links;
mod log;
mod numbers;
mod postgres;
mod query;
mod readiness;
mod record;
mod references;
mod row;
pub mod schema;
mod search;
mod series;
mod sessions;
mod spans;
mod tables;
mod tasks;
mod undo;
mod url;
mod write;

pub use about::About;
pub use architecture::Architecture;
pub use bases::BaseForm;
pub use configuration::Configuration;
pub use connect::Options;
pub use connection::{Connection, Failure, Pool, Transaction};
pub use contexts::Contexts;
pub use copy::{Copied, Copying, copy};
pub use decisions::Decisions;
pub use documents::Documents;
pub use drift::{Drift, Recorded};
pub use error::{Error, Fault};
pub use history::History;
pub use issues::Issues;
pub use postgres::unkept;
pub use readiness::Ready;
pub use record::{Filter, Kept, Records};
pub use references::Referrers;
pub use search::{Hits, Search};
pub use sessions::Sessions;
pub use tables::noun;
pub use tasks::Tasks;
pub use undo::Undone;
pub use url::{is_postgres, shown};

use wsdb_core::Author;

/// A workspace's database, or one transaction of it.
#[derive(Debug, Clone)]
pub struct Store<C = Pool> {
    connection: C,
}

impl Store<Pool> {
    /// Opens a database, and makes it or brings it up to date where needed.
    ///
    /// `url` is `sqlite://path/to/file` or `postgres://…`. What follows `sqlite://` is the path
    /// as it stands: nothing in it is an option or an escape.
    ///
    /// # Errors
    /// A file that is no database, a database of another program or with a newer schema is
    /// refused, and left as it is.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        Self::connect_with(url, &Options::default()).await
    }

    /// Opens a database with options.
    ///
    /// # Errors
    /// As [`Store::connect`].
    pub async fn connect_with(url: &str, options: &Options) -> Result<Self, Error> {
        connect::connect(url, options).await.map(Self::over)
    }

    /// Begins a transaction: the same store, over a transaction. Dropping it rolls back.
    ///
    /// # Errors
    /// [`Error::Busy`] where another process has been writing for longer than the busy timeout.
    pub async fn begin(&self) -> Result<Store<Transaction>, Error> {
        self.connection.begin().await.map(Store::over)
    }

    /// Whether the database is on a PostgreSQL server, which can't keep every text: see [`unkept`].
    pub fn is_postgres(&self) -> bool {
        self.connection.is_postgres()
    }

    /// Closes every connection. After a write this lets SQLite tidy its log: without it every
    /// later start gets slower.
    ///
    /// # Errors
    /// Where the database reports one.
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.connection.database.close().await?)
    }
}

impl Store<Pool> {
    /// The same database, where what is written from now on is kept as done by `author`.
    pub fn by(&self, author: Author) -> Self {
        let mut connection = self.connection.clone();
        connection.author = Some(std::sync::Arc::new(author));
        Store::over(connection)
    }

    /// Runs `work` in a transaction that is then taken back: tells what it would do.
    ///
    /// # Errors
    /// What `work` returns, or what the database reports.
    pub async fn rehearse<R, E: Failure>(
        &self,
        work: impl AsyncFn(&Store<Transaction>) -> Result<R, E>,
    ) -> Result<R, E> {
        connection::once(self, &work, false).await
    }
}

impl Store<Transaction> {
    /// Makes everything that was done in the transaction last.
    ///
    /// # Errors
    /// Where the database reports one; nothing was kept then.
    pub async fn commit(self) -> Result<(), Error> {
        self.connection.commit().await
    }

    /// Takes back everything that was done in the transaction.
    ///
    /// # Errors
    /// Where the database reports one; nothing was kept then, either.
    pub async fn rollback(self) -> Result<(), Error> {
        self.connection.rollback().await
    }
}

impl<C: Connection> Store<C> {
    pub(crate) fn over(connection: C) -> Self {
        Store { connection }
    }

    /// Runs `work` in one transaction; see [`Connection::atomically`].
    ///
    /// # Errors
    /// What `work` returns, or what the database reports.
    pub async fn write<R, E: Failure>(
        &self,
        work: impl AsyncFn(&Store<Transaction>) -> Result<R, E>,
    ) -> Result<R, E> {
        C::atomically(self, work).await
    }

    /// The records of any table, for what is the same for all of them.
    pub fn records<R: Kept>(&self) -> Records<'_, C, R> {
        Records::over(self)
    }

    /// Tasks.
    pub fn tasks(&self) -> Tasks<'_, C> {
        Tasks::over(self)
    }

    /// Sessions, with their activities and their links to decisions and issues.
    pub fn sessions(&self) -> Sessions<'_, C> {
        Sessions::over(self)
    }

    /// Cross-repo issues.
    pub fn issues(&self) -> Issues<'_, C> {
        Issues::over(self)
    }

    /// Architecture decisions.
    pub fn decisions(&self) -> Decisions<'_, C> {
        Decisions::over(self)
    }

    /// Architecture states, component placements and goals.
    pub fn architecture(&self) -> Architecture<'_, C> {
        Architecture::over(self)
    }

    /// What is said about a path or a component, wherever that is.
    pub fn about(&self) -> About<'_, C> {
        About::over(self)
    }

    /// Drift scans and their detections.
    pub fn drift(&self) -> Drift<'_, C> {
        Drift::over(self)
    }

    /// Context switches.
    pub fn contexts(&self) -> Contexts<'_, C> {
        Contexts::over(self)
    }

    /// Configuration snapshots and changes.
    pub fn configuration(&self) -> Configuration<'_, C> {
        Configuration::over(self)
    }

    /// What was done, and how every record changed by it.
    pub fn history(&self) -> History<'_, C> {
        History::over(self)
    }

    /// Search by words, over tasks, sessions, issues and decisions.
    pub fn search(&self) -> Search<'_, C> {
        Search::over(self)
    }

    /// What was last said about the workspace's JSON documents.
    pub fn documents(&self) -> Documents<'_, C> {
        Documents::over(self)
    }
}
