//! Inserts many rows into one table. The statement is built once, and the values of the next rows
//! are prepared while the database works on the previous ones.
//!
//! PostgreSQL gets the rows as one JSON text: it takes long to parse a statement with thousands of
//! values, and the end of each statement that fills several packets is delayed by about 40 ms
//! (by Nagle's algorithm, which sqlx 0.9.0 leaves on:
//! <https://github.com/launchbadge/sqlx/pull/4336>). So there are few statements, each with many
//! rows.

use std::future::Future;
use std::pin::Pin;

use sea_orm::sea_query::{OptionEnum, Query};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, Statement, Value, Values};

use crate::Transaction;
use crate::columns::json_value;

/// Maximum number of bound values in a statement. SQLite accepts 32,766, PostgreSQL 65,535.
const MAX_BOUND_VALUES: usize = 30_000;
/// Maximum number of rows in a statement: longer ones take longer to prepare than they save.
const MAX_ROWS: usize = 128;
/// Number of bytes of JSON after which a statement is sent. The rows added last may exceed it.
const MAX_BYTES: usize = 2 << 20;

type InsertFuture<'a> = Pin<Box<dyn Future<Output = Result<ExecResult, DbErr>> + Send + 'a>>;

/// Returns whether a value is NULL, for the types that rows are made of.
fn is_null(value: &Value) -> bool {
    matches!(
        value,
        Value::String(None)
            | Value::BigInt(None)
            | Value::Double(None)
            | Value::ChronoDateTime(None)
            | Value::Enum(OptionEnum::None(_))
    )
}

/// A statement, and what it was built for.
#[derive(Default)]
struct Template {
    rows: usize,
    /// Whether each column is used.
    used: Vec<bool>,
    sql: String,
}

/// An INSERT of many rows, in several statements.
pub(crate) struct BulkInsert<'a> {
    connection: &'a Transaction,
    table: &'static str,
    columns: &'a [&'static str],
    template: Template,
    /// The rows of the next statement, as JSON.
    json: JsonRows,
    running: Option<InsertFuture<'a>>,
}

impl<'a> BulkInsert<'a> {
    pub(crate) fn new(
        connection: &'a Transaction,
        table: &'static str,
        columns: &'a [&'static str],
    ) -> Self {
        BulkInsert {
            connection,
            table,
            columns,
            template: Template::default(),
            json: JsonRows::default(),
            running: None,
        }
    }

    /// Returns the maximum number of rows for a call of [`BulkInsert::insert`].
    pub(crate) fn max_rows(&self) -> usize {
        (MAX_BOUND_VALUES / self.columns.len()).min(MAX_ROWS)
    }

    /// Starts to insert rows as soon as the previous ones are inserted, or buffers them until there
    /// are more.
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
                return if self.json.text.len() < MAX_BYTES {
                    Ok(())
                } else {
                    self.insert_json().await
                };
            }
            // Rows keep their order.
            self.insert_json().await?;
        }
        // In practice, most columns of most tables are empty.
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
        let mut columns = used.iter().cycle();
        values.retain(|_| columns.next().is_some_and(|is_used| *is_used));
        if self.template.rows != count || self.template.used != used {
            self.template = Template {
                rows: count,
                sql: self.build_sql(count, &used, &values),
                used,
            };
        }
        let statement = Statement {
            sql: self.template.sql.clone(),
            values: Some(Values(values)),
            db_backend: backend,
        };
        self.start(statement).await
    }

    /// Starts to insert the rows buffered as JSON.
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
        let mut running: InsertFuture<'a> = Box::pin(self.connection.execute_raw(statement));
        // The first poll sends the statement; the database works on it from then on.
        let started =
            std::future::poll_fn(|context| std::task::Poll::Ready(running.as_mut().poll(context)))
                .await;
        match started {
            std::task::Poll::Ready(result) => result.map(|_| ()),
            std::task::Poll::Pending => {
                self.running = Some(running);
                Ok(())
            }
        }
    }

    /// Waits for the running statement, so that the connection can be used again.
    pub(crate) async fn wait(&mut self) -> Result<(), DbErr> {
        match self.running.take() {
            Some(running) => running.await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// Inserts the buffered rows and waits for them.
    pub(crate) async fn end(&mut self) -> Result<(), DbErr> {
        self.insert_json().await?;
        self.wait().await
    }

    /// Returns the statement for a number of rows with the used columns; `values` give the types.
    fn build_sql(&self, rows: usize, used: &[bool], values: &[Value]) -> String {
        let columns = || self.columns.iter().zip(used).filter(|(_, used)| **used);
        let mut insert = Query::insert();
        insert
            .into_table(self.table)
            .columns(columns().map(|(column, _)| *column));
        for _ in 0..rows {
            // Placeholders: only their number and type matter here, since JSON gets a cast.
            let placeholders = columns().zip(values).map(|(_, value)| match value {
                Value::Enum(_) => json_value(None).into(),
                _ => Value::Int(Some(0)).into(),
            });
            insert.values_panic(placeholders);
        }
        self.connection.get_database_backend().build(&insert).sql
    }
}

/// Rows as a JSON list of objects, without NULL values.
#[derive(Default)]
struct JsonRows {
    text: String,
    /// The columns that are not NULL in every row.
    used: Vec<bool>,
}

impl JsonRows {
    /// Appends rows. Appends none and returns false if PostgreSQL would read a value from JSON
    /// differently than as a bound value.
    fn push(&mut self, columns: &[&str], values: &[Value]) -> bool {
        let start = self.text.len();
        self.used.resize(columns.len(), false);
        for row in values.chunks(columns.len()) {
            self.text.push(if self.text.is_empty() { '[' } else { ',' });
            let mut mark = '{';
            for (index, (column, value)) in columns.iter().zip(row).enumerate() {
                if is_null(value) {
                    continue;
                }
                let Some(json) = json(value) else {
                    self.text.truncate(start);
                    return false;
                };
                self.used[index] = true;
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

    /// Returns the list and the columns that it uses; `None` if it has no rows.
    fn take(&mut self) -> Option<(String, Vec<bool>)> {
        let JsonRows { mut text, used } = std::mem::take(self);
        if text.is_empty() {
            return None;
        }
        text.push(']');
        Some((text, used))
    }
}

/// Returns a value in the JSON form that PostgreSQL reads; `None` if there is none.
fn json(value: &Value) -> Option<String> {
    match value {
        Value::String(Some(text)) => serde_json::to_string(text).ok(),
        Value::BigInt(Some(number)) => Some(number.to_string()),
        Value::Double(Some(number)) if number.is_finite() => serde_json::to_string(number).ok(),
        Value::ChronoDateTime(Some(time)) => {
            let text = time.format("\"%Y-%m-%dT%H:%M:%S%.6f\"").to_string();
            // Years other than 1 to 9999 have another format.
            (text.len() == 28 && !text.starts_with("\"0000")).then_some(text)
        }
        // A JSON value, see `json_value`. JSON null would become NULL.
        Value::Enum(OptionEnum::Some(json)) if json.value != "null" => Some(json.value.to_string()),
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
    fn rows_are_a_list_of_objects() {
        let columns = ["id", "size", "fields", "notes"];
        let row = |id: &str, json: &str| -> Vec<Value> {
            let json = json_value(Some(json.to_owned()));
            vec![id.into(), 1.5.into(), json, Value::String(None)]
        };
        let mut objects = JsonRows::default();
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
    fn value_without_json_form_is_none() {
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
