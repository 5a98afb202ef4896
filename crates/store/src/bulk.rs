//! Many rows into one table. The statement's text is made once, and the values of the next rows
//! are made while the database is busy with the last ones.

use std::future::Future;
use std::pin::Pin;

use sea_orm::sea_query::{Alias, Query};
use sea_orm::{ConnectionTrait, DbErr, ExecResult, Statement, Value, Values};

use crate::Transaction;

/// SQLite takes 32,766 bound values in one statement, PostgreSQL 65,535.
const BOUND_VALUES: usize = 30_000;
/// Longer statements bring nothing more.
const ROWS: usize = 500;

type Running<'a> = Pin<Box<dyn Future<Output = Result<ExecResult, DbErr>> + Send + 'a>>;

/// An INSERT of many rows, in several statements.
pub(crate) struct Bulk<'a> {
    connection: &'a Transaction,
    table: &'a str,
    columns: &'a [&'a str],
    sql: (usize, String),
    running: Option<Running<'a>>,
}

impl<'a> Bulk<'a> {
    pub(crate) fn new(connection: &'a Transaction, table: &'a str, columns: &'a [&'a str]) -> Self {
        Bulk {
            connection,
            table,
            columns,
            sql: (0, String::new()),
            running: None,
        }
    }

    /// So many rows go into one statement.
    pub(crate) fn rows(&self) -> usize {
        (BOUND_VALUES / self.columns.len()).min(ROWS)
    }

    /// Begins to insert rows, once those before are in.
    pub(crate) async fn insert<R>(
        &mut self,
        rows: Vec<R>,
        bind: impl Fn(R, &mut Vec<Value>),
    ) -> Result<(), DbErr> {
        let count = rows.len();
        let mut values = Vec::with_capacity(count * self.columns.len());
        for row in rows {
            bind(row, &mut values);
        }
        let backend = self.connection.get_database_backend();
        if self.sql.0 != count {
            self.sql = (count, self.template(count));
        }
        let statement = Statement {
            sql: self.sql.1.clone(),
            values: Some(Values(values)),
            db_backend: backend,
        };
        self.end().await?;
        let mut running: Running<'a> = Box::pin(self.connection.execute_raw(statement));
        // The first poll hands the statement over; the database works on it from then on.
        let started =
            std::future::poll_fn(|context| std::task::Poll::Ready(running.as_mut().poll(context)))
                .await;
        match started {
            std::task::Poll::Ready(done) => done.map(|_| ()),
            std::task::Poll::Pending => {
                self.running = Some(running);
                Ok(())
            }
        }
    }

    /// Waits for the last rows.
    pub(crate) async fn end(&mut self) -> Result<(), DbErr> {
        match self.running.take() {
            Some(running) => running.await.map(|_| ()),
            None => Ok(()),
        }
    }

    fn template(&self, rows: usize) -> String {
        let mut insert = Query::insert();
        insert
            .into_table(Alias::new(self.table))
            .columns(self.columns.iter().map(|column| Alias::new(*column)));
        for _ in 0..rows {
            // Only their number counts here.
            insert.values_panic(self.columns.iter().map(|_| Value::Int(Some(0)).into()));
        }
        self.connection.get_database_backend().build(&insert).sql
    }
}
