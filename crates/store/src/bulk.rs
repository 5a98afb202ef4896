//! Many rows into one table. The statement's text is made once, and the values of the next rows
//! are made while the database is busy with the last ones.
//!
//! PostgreSQL gets them as one JSON text: a statement of thousands of values takes it long to
//! read, and the end of each statement that fills several packets is held back for some 40 ms
//! (Nagle's algorithm, which sqlx 0.9.0 leaves on: <https://github.com/launchbadge/sqlx/pull/4336>).
//! So few statements, each with much in it.

use std::future::Future;
use std::pin::Pin;

use sea_orm::sea_query::{Alias, Query};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, Statement, Value, Values};

use crate::Transaction;

/// SQLite takes 32,766 bound values in one statement, PostgreSQL 65,535.
const BOUND_VALUES: usize = 30_000;
/// Longer statements take longer to prepare than they save.
const ROWS: usize = 128;
/// So much JSON goes into one statement, and the rest of the rows that came last.
const BYTES: usize = 2 << 20;

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
    /// What goes into the next statement as JSON.
    json: Objects,
    running: Option<Running<'a>>,
}

impl<'a> Bulk<'a> {
    pub(crate) fn new(connection: &'a Transaction, table: &'a str, columns: &'a [&'a str]) -> Self {
        Bulk {
            connection,
            table,
            columns,
            sql: (0, Vec::new(), String::new()),
            json: Objects::default(),
            running: None,
        }
    }

    /// So many rows are given at once.
    pub(crate) fn rows(&self) -> usize {
        (BOUND_VALUES / self.columns.len()).min(ROWS)
    }

    /// Begins to insert rows, once those before are in, or keeps them until there are more.
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
        if backend == DbBackend::Postgres {
            if self.json.push(self.columns, &values) {
                return match self.json.text.len() < BYTES {
                    true => Ok(()),
                    false => self.insert_json().await,
                };
            }
            // Rows stay in their order.
            self.insert_json().await?;
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
        self.start(statement).await
    }

    /// Begins to insert what has been kept as JSON.
    async fn insert_json(&mut self) -> Result<(), DbErr> {
        let Some((text, used)) = self.json.take() else {
            return Ok(());
        };
        let columns = self.columns.iter().zip(used).filter(|(_, used)| *used);
        let columns: Vec<String> = columns.map(|(name, _)| format!("\"{name}\"")).collect();
        let (table, columns) = (self.table, columns.join(", "));
        let sql = format!(
            "INSERT INTO \"{table}\" ({columns}) SELECT {columns} \
             FROM json_populate_recordset(NULL::\"{table}\", $1::json)"
        );
        let values = [Value::from(text)];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        self.start(statement).await
    }

    async fn start(&mut self, statement: Statement) -> Result<(), DbErr> {
        self.wait().await?;
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

    /// Waits for the statement that runs: the connection answers again.
    pub(crate) async fn wait(&mut self) -> Result<(), DbErr> {
        match self.running.take() {
            Some(running) => running.await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// Inserts the last rows.
    pub(crate) async fn end(&mut self) -> Result<(), DbErr> {
        self.insert_json().await?;
        self.wait().await
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

/// Rows as objects in a JSON list, without what is NULL.
#[derive(Default)]
struct Objects {
    text: String,
    /// The columns that aren't always NULL.
    used: Vec<bool>,
}

impl Objects {
    /// Appends rows; none of them where PostgreSQL would read a value otherwise than it is bound.
    fn push(&mut self, columns: &[&str], values: &[Value]) -> bool {
        let start = self.text.len();
        self.used.resize(columns.len(), false);
        for row in values.chunks(columns.len()) {
            self.text.push(if self.text.is_empty() { '[' } else { ',' });
            let mut mark = '{';
            for (place, (column, value)) in columns.iter().zip(row).enumerate() {
                if is_null(value) {
                    continue;
                }
                let Some(json) = json(value) else {
                    self.text.truncate(start);
                    return false;
                };
                self.used[place] = true;
                self.text.push(mark);
                mark = ',';
                for part in ["\"", column, "\":", &json] {
                    self.text.push_str(part);
                }
            }
            self.text.push_str(if mark == '{' { "{}" } else { "}" });
        }
        true
    }

    /// The list and the columns that it uses; `None` where it has no rows.
    fn take(&mut self) -> Option<(String, Vec<bool>)> {
        let Objects { mut text, used } = std::mem::take(self);
        if text.is_empty() {
            return None;
        }
        text.push(']');
        Some((text, used))
    }
}

/// A value as PostgreSQL reads it from JSON.
fn json(value: &Value) -> Option<String> {
    match value {
        Value::String(Some(text)) => serde_json::to_string(text).ok(),
        Value::BigInt(Some(number)) => Some(number.to_string()),
        Value::Double(Some(number)) if number.is_finite() => serde_json::to_string(number).ok(),
        Value::ChronoDateTime(Some(time)) => {
            let text = time.format("\"%Y-%m-%dT%H:%M:%S%.6f\"").to_string();
            // Other years than 1 to 9999 are written in other ways.
            (text.len() == 28 && !text.starts_with("\"0000")).then_some(text)
        }
        // A null in it would become NULL.
        Value::Json(Some(json)) if !json.is_null() => serde_json::to_string(json).ok(),
        Value::Bytes(Some(bytes)) => {
            let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
            Some(format!("\"\\\\x{}\"", digits.collect::<String>()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_objects() {
        let columns = ["id", "size", "fields", "notes"];
        let row = |id: &str, json: &str| -> Vec<Value> {
            let json: serde_json::Value = serde_json::from_str(json).expect("JSON");
            vec![id.into(), 1.5.into(), json.into(), Value::String(None)]
        };
        let mut objects = Objects::default();
        assert!(objects.push(&columns, &row("A\"", "{\"n\":1.10}")));
        assert!(!objects.push(&columns, &[row("B", "[]"), row("C", "null")].concat()));
        assert!(objects.push(&columns, &row("D", "\"x\"")));
        let (text, used) = objects.take().expect("rows");
        let first = r#"{"id":"A\"","size":1.5,"fields":{"n":1.10}}"#;
        let second = r#"{"id":"D","size":1.5,"fields":"x"}"#;
        assert_eq!(text, format!("[{first},{second}]"));
        assert_eq!(used, [true, true, true, false]);
        assert_eq!(objects.take(), None);
    }

    #[test]
    fn what_json_can_not_say_is_bound() {
        let time = |text: &str| Value::ChronoDateTime(text.parse().ok());
        for (value, expected) in [
            (Value::from(vec![0u8, 255]), Some(r#""\\x00ff""#)),
            (Value::from(f64::NAN), None),
            (Value::from(i64::MIN), Some("-9223372036854775808")),
            (
                time("2025-01-02T03:04:05.000001999"),
                Some(r#""2025-01-02T03:04:05.000001""#),
            ),
            (time("+12025-01-02T03:04:05"), None),
        ] {
            assert_eq!(json(&value).as_deref(), expected);
        }
    }
}
