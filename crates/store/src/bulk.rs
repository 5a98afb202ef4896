//! Many rows into one table. The statement's text is made once, and the values of the next rows
//! are made while the database is busy with the last ones.

use std::future::Future;
use std::pin::Pin;

use sea_orm::sea_query::{Alias, Query};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, Statement, Value, Values};

use crate::Transaction;

/// SQLite takes 32,766 bound values in one statement, PostgreSQL 65,535.
const BOUND_VALUES: usize = 30_000;
/// Longer statements take longer to prepare than they save.
const ROWS: usize = 128;

type Running<'a> = Pin<Box<dyn Future<Output = Result<ExecResult, DbErr>> + Send + 'a>>;

/// Whether a value that rows are made of is NULL.
fn is_null(value: &Value) -> bool {
    matches!(
        value,
        Value::String(None)
            | Value::BigInt(None)
            | Value::Double(None)
            | Value::ChronoDateTime(None)
            | Value::Json(None)
    )
}

/// An INSERT of many rows, in several statements.
pub(crate) struct Bulk<'a> {
    connection: &'a Transaction,
    table: &'a str,
    columns: &'a [&'a str],
    /// For so many rows, with these columns.
    sql: (usize, Vec<bool>, String),
    running: Option<Running<'a>>,
}

impl<'a> Bulk<'a> {
    pub(crate) fn new(connection: &'a Transaction, table: &'a str, columns: &'a [&'a str]) -> Self {
        Bulk {
            connection,
            table,
            columns,
            sql: (0, Vec::new(), String::new()),
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
        bind: impl Fn(R, DbBackend, &mut Vec<Value>),
    ) -> Result<(), DbErr> {
        let count = rows.len();
        let mut values = Vec::with_capacity(count * self.columns.len());
        let backend = self.connection.get_database_backend();
        for row in rows {
            bind(row, backend, &mut values);
        }
        // Most columns of most tables are empty in people's files.
        let width = self.columns.len();
        let used: Vec<bool> = (0..width)
            .map(|column| {
                values
                    .iter()
                    .skip(column)
                    .step_by(width)
                    .any(|value| !is_null(value))
            })
            .collect();
        let mut place = 0;
        values.retain(|_| {
            place += 1;
            used[(place - 1) % width]
        });
        if self.sql.0 != count || self.sql.1 != used {
            let text = self.template(count, &used);
            self.sql = (count, used, text);
        }
        let statement = Statement {
            sql: self.sql.2.clone(),
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

    fn template(&self, rows: usize, used: &[bool]) -> String {
        let columns = || self.columns.iter().zip(used).filter(|(_, used)| **used);
        let mut insert = Query::insert();
        insert
            .into_table(Alias::new(self.table))
            .columns(columns().map(|(column, _)| Alias::new(*column)));
        for _ in 0..rows {
            // Only their number counts here.
            insert.values_panic(columns().map(|_| Value::Int(Some(0)).into()));
        }
        self.connection.get_database_backend().build(&insert).sql
    }
}
