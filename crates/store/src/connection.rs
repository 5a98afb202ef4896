//! A store, and the two connections that it can use: a pool, or a transaction of it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{
    AccessMode, ConnAcquireErr, ConnectionTrait, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, ExecResult, IsolationLevel, QueryResult, RuntimeErr, SqliteTransactionMode,
    SqlxError, Statement, TransactionOptions, TransactionTrait, Value,
};
use wsdb_core::{Author, Timestamp};

use crate::change_log::ChangeLog;
use crate::{Error, lock_holders};

/// A workspace's database, or one transaction of it.
#[derive(Debug, Clone)]
pub struct Store<C = Pool> {
    pub(crate) connection: C,
}

impl<C> Store<C> {
    pub(crate) fn with_connection(connection: C) -> Self {
        Store { connection }
    }
}

/// A pool of connections.
#[derive(Debug, Clone)]
pub struct Pool {
    pub(crate) database: DatabaseConnection,
    /// How long a writer waits for others.
    pub(crate) busy_timeout: Duration,
    /// The file of a SQLite database; `None` in memory and on a server.
    pub(crate) file: Option<Arc<Path>>,
    /// The author of changes; `None` if unknown.
    pub(crate) author: Option<Arc<Author>>,
}

/// A transaction. Dropping it rolls back.
#[derive(Debug)]
pub struct Transaction {
    pub(crate) database: DatabaseTransaction,
    /// Whether one of its statements failed.
    pub(crate) failed: AtomicBool,
    /// Its changes that are not yet written to the history.
    pub(crate) log: ChangeLog,
}

impl Pool {
    pub(crate) async fn begin(&self) -> Result<Transaction, Error> {
        self.begin_with(IsolationLevel::Serializable).await
    }

    /// Begins a read-only transaction. Everything is read as it was at the first read, and nobody
    /// is blocked.
    pub(crate) async fn begin_read(&self) -> Result<Transaction, Error> {
        let postgres = self.is_postgres();
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
        };
        let begun = self.database.begin_with_options(options).await;
        Ok(self.transaction(self.checked(begun)?))
    }

    /// Begins a transaction in which each statement sees what others have committed before it,
    /// even while the transaction waited for a lock.
    pub(crate) async fn begin_migration(&self) -> Result<Transaction, Error> {
        self.begin_with(IsolationLevel::ReadCommitted).await
    }

    async fn begin_with(&self, isolation: IsolationLevel) -> Result<Transaction, Error> {
        let options = TransactionOptions {
            // A deferred transaction that reads and then writes fails under load.
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let begun = self.database.begin_with_options(options).await;
        let transaction = match self.checked(begun) {
            Ok(transaction) => self.transaction(transaction),
            Err(error) => return Err(self.with_lock_holders(error.into()).await),
        };
        if self.is_postgres() {
            // One round trip for both. The timeout limits the wait for a lock.
            let sql = format!(
                "SET TRANSACTION ISOLATION LEVEL {isolation}; SET LOCAL lock_timeout = {}",
                self.busy_timeout.as_millis().clamp(1, 2_147_483_647)
            );
            transaction.execute_unprepared(&sql).await?;
        }
        Ok(transaction)
    }

    fn transaction(&self, database: DatabaseTransaction) -> Transaction {
        Transaction {
            database,
            failed: AtomicBool::new(false),
            log: ChangeLog::new(self.author.clone()),
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.database.get_database_backend() == DbBackend::Postgres
    }

    /// Adds to [`Error::Busy`] the processes that may be holding the lock.
    pub(crate) async fn with_lock_holders(&self, error: Error) -> Error {
        match error {
            Error::Busy { by } if by.is_empty() => Error::Busy {
                by: match &self.file {
                    Some(file) => lock_holders::lock_holders_of_file(file),
                    None if self.is_postgres() => {
                        lock_holders::lock_holders_of_server(&self.database).await
                    }
                    None => Vec::new(),
                },
            },
            error => error,
        }
    }
}

impl Pool {
    /// Returns the result. While a server is stopped or starting, the pool tries to connect until
    /// its time is up, and then reports the same error as if all connections were in use: here it
    /// becomes that of a lost connection.
    fn checked<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        result.map_err(|error| match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) if self.has_free_connections() => {
                let reason = "the server does not accept connections";
                let error = std::io::Error::new(std::io::ErrorKind::TimedOut, reason);
                DbErr::Conn(RuntimeErr::SqlxError(SqlxError::Io(error).into()))
            }
            error => error,
        })
    }

    /// Returns whether a server's pool could open another connection.
    fn has_free_connections(&self) -> bool {
        self.is_postgres() && {
            let pool = self.database.get_postgres_connection_pool();
            pool.size() < pool.options().get_max_connections()
        }
    }
}

impl Transaction {
    /// Waits until no other transaction holds this lock on the table or writes to it. SQLite needs
    /// no lock: only one writing transaction runs at a time. On PostgreSQL a transaction's snapshot
    /// is taken at its first query, and LOCK is not a query.
    pub(crate) async fn lock_table(&self, table: &str) -> Result<(), Error> {
        if self.get_database_backend() == DbBackend::Postgres {
            let lock = format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE");
            self.execute_unprepared(&lock).await?;
        }
        Ok(())
    }

    pub(crate) async fn rollback(self) -> Result<(), Error> {
        Ok(self.database.rollback().await?)
    }

    fn checked<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        if result.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        result
    }
}

/// Formats the times in a statement for SQLite, which stores them as text. The driver would write
/// `.847` for 847,000 microseconds, which other tools that people use on these files read as 847:
/// so they are written here, with six digits or none.
fn format_sqlite_times(backend: DbBackend, mut statement: Statement) -> Statement {
    if backend == DbBackend::Sqlite
        && let Some(values) = &mut statement.values
    {
        for value in &mut values.0 {
            if let Value::ChronoDateTime(Some(utc)) = value
                && let Some(time) = Timestamp::from_utc(*utc)
            {
                *value = Value::from(time.to_naive_string(' '));
            }
        }
    }
    statement
}

macro_rules! delegate {
    ($type:ty) => {
        #[async_trait]
        impl ConnectionTrait for $type {
            fn get_database_backend(&self) -> DbBackend {
                self.database.get_database_backend()
            }

            async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
                let backend = self.get_database_backend();
                self.checked(
                    self.database
                        .execute_raw(format_sqlite_times(backend, statement))
                        .await,
                )
            }

            async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
                self.checked(self.database.execute_unprepared(sql).await)
            }

            async fn query_one_raw(
                &self,
                statement: Statement,
            ) -> Result<Option<QueryResult>, DbErr> {
                let backend = self.get_database_backend();
                self.checked(
                    self.database
                        .query_one_raw(format_sqlite_times(backend, statement))
                        .await,
                )
            }

            async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
                let backend = self.get_database_backend();
                self.checked(
                    self.database
                        .query_all_raw(format_sqlite_times(backend, statement))
                        .await,
                )
            }
        }
    };
}

delegate!(Pool);
delegate!(Transaction);
