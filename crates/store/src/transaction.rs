//! Runs work in transactions, and writes the history of its changes before the commit.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use sea_orm::ConnectionTrait;

use crate::{Error, Pool, Store, Transaction, history_writes};

/// An error type of actions that can contain an error of the store.
pub trait FromStoreError: From<Error> {
    /// Returns the store's error, if it is one: some transactions are retried.
    fn as_store_error(&self) -> Option<&Error>;
}

impl FromStoreError for Error {
    fn as_store_error(&self) -> Option<&Error> {
        Some(self)
    }
}

/// The connection of a [`Store`]: [`Pool`] or [`Transaction`].
pub trait Connection: ConnectionTrait + Sized + private::Sealed {
    /// Runs `work` in one transaction: a new one on a pool, this one on a transaction.
    ///
    /// On a pool, a transaction that fails is rolled back. On PostgreSQL it is retried until the
    /// busy timeout if it conflicted with another one, or lost its connection before the commit.
    /// On a transaction, a failure leaves it to the caller to drop the transaction.
    fn in_transaction<R, E, W>(store: &Store<Self>, work: W) -> impl Future<Output = Result<R, E>>
    where
        E: FromStoreError,
        W: AsyncFn(&Store<Transaction>) -> Result<R, E>;
}

mod private {
    use std::future::Future;

    pub trait Sealed {
        /// Writes the pending changes to the history, so that they can be read.
        fn flush_history(&self) -> impl Future<Output = Result<(), crate::Error>>;
    }
}

impl private::Sealed for Pool {
    async fn flush_history(&self) -> Result<(), Error> {
        Ok(())
    }
}

impl private::Sealed for Transaction {
    async fn flush_history(&self) -> Result<(), Error> {
        history_writes::flush(self).await
    }
}

impl Connection for Pool {
    async fn in_transaction<R, E, W>(store: &Store<Self>, work: W) -> Result<R, E>
    where
        E: FromStoreError,
        W: AsyncFn(&Store<Transaction>) -> Result<R, E>,
    {
        let pool = &store.connection;
        let begin = Instant::now();
        let mut tries = 0;
        loop {
            let error = match try_transaction(store, &work, true).await {
                Ok(result) => return Ok(result),
                Err(error) => error,
            };
            let can_retry = match error.as_store_error() {
                Some(Error::Busy { .. }) => true,
                Some(Error::ConnectionLost { committing, .. }) => !committing,
                _ => false,
            };
            // On SQLite a started transaction cannot conflict, and BEGIN has waited already.
            if !can_retry || !pool.is_postgres() {
                return Err(error);
            }
            if begin.elapsed() >= pool.busy_timeout {
                return match error.as_store_error() {
                    Some(Error::Busy { .. }) => {
                        let busy = Error::Busy { by: Vec::new() };
                        Err(pool.with_lock_holders(busy).await.into())
                    }
                    _ => Err(error),
                };
            }
            tries += 1;
            tokio::time::sleep(backoff(tries)).await;
        }
    }
}

/// Runs `work` in a transaction, and commits it if `keep` is set.
pub(crate) async fn try_transaction<R, E, W>(
    store: &Store<Pool>,
    work: &W,
    keep: bool,
) -> Result<R, E>
where
    E: FromStoreError,
    W: AsyncFn(&Store<Transaction>) -> Result<R, E>,
{
    let transaction = store.begin().await?;
    match work(&transaction).await {
        Ok(result) if keep => {
            transaction.commit().await?;
            Ok(result)
        }
        Ok(result) => {
            transaction.rollback().await?;
            Ok(result)
        }
        Err(error) => {
            // The first error is the one to report.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

impl Connection for Transaction {
    async fn in_transaction<R, E, W>(store: &Store<Self>, work: W) -> Result<R, E>
    where
        E: FromStoreError,
        W: AsyncFn(&Store<Transaction>) -> Result<R, E>,
    {
        work(store).await
    }
}

impl Transaction {
    pub(crate) async fn commit(self) -> Result<(), Error> {
        if self.failed.load(Ordering::Relaxed) {
            // PostgreSQL would return Ok and store nothing; SQLite would store what came before.
            self.database.rollback().await?;
            return Err(Error::InvalidState(
                "a statement in the transaction failed; nothing was saved".into(),
            ));
        }
        let result = history_writes::finish(&self).await;
        if result.is_err() {
            // The first error is the one to report.
            let _ = self.database.rollback().await;
            return result;
        }
        self.database
            .commit()
            .await
            .map_err(|error| match error.into() {
                // COMMIT may or may not have reached the server.
                Error::ConnectionLost { reason, .. } => Error::ConnectionLost {
                    reason,
                    committing: true,
                },
                error => error,
            })
    }
}

/// Returns how long to wait before a retry. The time is random, so that transactions that
/// conflicted don't conflict again.
fn backoff(tries: u32) -> Duration {
    let max_micros = u64::from(tries.min(20)) * 5000;
    Duration::from_micros(500 + RandomState::new().hash_one(tries) % max_micros)
}
