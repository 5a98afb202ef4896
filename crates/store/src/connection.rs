//! The two connections a store can stand on: a pool, or a transaction of it.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    ExecResult, IsolationLevel, QueryResult, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait, Value,
};
use wsdb_core::Timestamp;

use crate::{Error, Store};

/// How often a transaction is tried again that lost against another one (PostgreSQL only:
/// SQLite's write transactions wait for each other at their beginning).
const TRIES: u32 = 100;

/// How long to wait before trying again: a while that differs, so that those who lost together
/// don't meet again.
fn pause(tries: u32) -> Duration {
    let most = u64::from(tries.min(20)) * 5000;
    Duration::from_micros(500 + RandomState::new().hash_one(tries) % most)
}

/// A pool of connections.
#[derive(Debug, Clone)]
pub struct Pool(pub(crate) DatabaseConnection);

/// One transaction. Dropping it rolls back. The flag says that a statement of it failed.
#[derive(Debug)]
pub struct Transaction(pub(crate) DatabaseTransaction, AtomicBool);

impl Pool {
    pub(crate) async fn begin(&self) -> Result<Transaction, Error> {
        self.begin_with(IsolationLevel::Serializable).await
    }

    /// Everything that is read is as it was at the first read; nothing is written, and nobody
    /// waits.
    pub(crate) async fn begin_to_read(&self) -> Result<Transaction, Error> {
        let postgres = self.0.get_database_backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
        };
        let transaction = self.0.begin_with_options(options).await?;
        Ok(Transaction(transaction, AtomicBool::new(false)))
    }

    /// Each statement sees what others have committed, and not what stood there when the
    /// transaction began to wait for them.
    pub(crate) async fn begin_to_migrate(&self) -> Result<Transaction, Error> {
        self.begin_with(IsolationLevel::ReadCommitted).await
    }

    async fn begin_with(&self, isolation: IsolationLevel) -> Result<Transaction, Error> {
        let postgres = self.0.get_database_backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(isolation),
            access_mode: None,
            // A deferred transaction that reads and then writes fails under load.
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        };
        let transaction = self.0.begin_with_options(options).await?;
        Ok(Transaction(transaction, AtomicBool::new(false)))
    }
}

impl Pool {
    /// Outside a transaction a failure concerns nobody else.
    fn checked<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        result
    }
}

impl Transaction {
    pub(crate) async fn commit(self) -> Result<(), Error> {
        if self.1.load(Ordering::Relaxed) {
            // PostgreSQL would say Ok and keep nothing, SQLite would keep what came before.
            self.0.rollback().await?;
            return Err(Error::Refused(
                "a statement of the transaction failed, and nothing of it was kept".into(),
            ));
        }
        Ok(self.0.commit().await?)
    }

    fn checked<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        if result.is_err() {
            self.1.store(true, Ordering::Relaxed);
        }
        result
    }
}

/// What a [`Store`] stands on: [`Pool`] or [`Transaction`].
pub trait Connection: ConnectionTrait + Sized + private::Sealed {
    /// Runs `work` in one transaction: a new one on a pool, this one on a transaction.
    ///
    /// On a pool, what fails is rolled back, and a transaction that lost against another one is
    /// tried again. On a transaction, what fails leaves it to the caller to drop the whole.
    fn atomically<R, W>(store: &Store<Self>, work: W) -> impl Future<Output = Result<R, Error>>
    where
        W: AsyncFn(&Store<Transaction>) -> Result<R, Error>;
}

mod private {
    pub trait Sealed {}
    impl Sealed for super::Pool {}
    impl Sealed for super::Transaction {}
}

impl Connection for Pool {
    async fn atomically<R, W>(store: &Store<Self>, work: W) -> Result<R, Error>
    where
        W: AsyncFn(&Store<Transaction>) -> Result<R, Error>,
    {
        let mut tries = 0;
        loop {
            let transaction = store.begin().await?;
            let done = match work(&transaction).await {
                Ok(result) => transaction.commit().await.map(|()| result),
                Err(error) => {
                    // What went wrong first is what is told.
                    let _ = transaction.rollback().await;
                    Err(error)
                }
            };
            tries += 1;
            match done {
                Err(Error::Busy)
                    if tries < TRIES
                        && store.connection.0.get_database_backend() == DbBackend::Postgres =>
                {
                    tokio::time::sleep(pause(tries)).await;
                }
                done => return done,
            }
        }
    }
}

impl Connection for Transaction {
    async fn atomically<R, W>(store: &Store<Self>, work: W) -> Result<R, Error>
    where
        W: AsyncFn(&Store<Transaction>) -> Result<R, Error>,
    {
        work(store).await
    }
}

/// SQLite keeps a time as text. The driver would write `.847` for 847,000 microseconds, which
/// the tools that people run on these files read as 847: so it is written here, with six digits
/// or none.
fn prepare(backend: DbBackend, mut statement: Statement) -> Statement {
    if backend == DbBackend::Sqlite
        && let Some(values) = &mut statement.values
    {
        for value in &mut values.0 {
            if let Value::ChronoDateTime(Some(utc)) = value
                && let Some(time) = Timestamp::from_utc(*utc)
            {
                *value = Value::from(time.naive(' '));
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
                self.0.get_database_backend()
            }

            async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
                let backend = self.get_database_backend();
                self.checked(self.0.execute_raw(prepare(backend, statement)).await)
            }

            async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
                self.checked(self.0.execute_unprepared(sql).await)
            }

            async fn query_one_raw(
                &self,
                statement: Statement,
            ) -> Result<Option<QueryResult>, DbErr> {
                let backend = self.get_database_backend();
                self.checked(self.0.query_one_raw(prepare(backend, statement)).await)
            }

            async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
                let backend = self.get_database_backend();
                self.checked(self.0.query_all_raw(prepare(backend, statement)).await)
            }
        }
    };
}

delegate!(Pool);
delegate!(Transaction);
