//! Reads the rows that the earlier tool left as JSON values.

use sea_orm::sqlx::sqlite::{SqliteConnection, SqliteRow};
use sea_orm::sqlx::{self, AssertSqlSafe, Row, TypeInfo, ValueRef};
use wsdb_core::{Json, JsonNumber};

use super::old_database::{OldRow, OldTable};
use crate::Error;
use crate::copy::{Kind, Table};
use crate::sqlite_copy::{driver_error, quote};

/// A column of a table of the earlier tool.
struct Column {
    name: String,
    /// The type that the column has in our schema; `None` if we have no such column.
    kind: Option<Kind>,
}

/// Reads all rows of a table with these columns. `table` is ours of that name.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    table: &Table,
    columns: &[String],
) -> Result<OldTable, Error> {
    let columns: Vec<Column> = columns.iter().map(|name| column(table, name)).collect();
    let names: Vec<String> = columns.iter().map(|column| quote(&column.name)).collect();
    let table = table.name;
    let sql = format!("SELECT {} FROM {}", names.join(", "), quote(table));
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await;
    let rows = rows.map_err(driver_error)?;
    let rows = rows.iter().zip(1..);
    Ok(OldTable {
        table,
        unknown_columns: columns
            .iter()
            .filter(|column| column.kind.is_none())
            .map(|column| column.name.clone())
            .collect(),
        rows: rows
            .map(|(row, number)| read_row(row, number, &columns))
            .collect::<Result<_, _>>()?,
    })
}

/// Returns a column under our name for it: SQLite does not distinguish upper and lower case.
fn column(table: &Table, name: &str) -> Column {
    let mut columns = table.columns.iter().zip(&table.kinds);
    let is_our_own = |column: &str| column == "document_fields" || column.ends_with("_missing");
    match columns.find(|(column, _)| column.eq_ignore_ascii_case(name) && !is_our_own(column)) {
        Some((column, kind)) => Column {
            name: (*column).to_owned(),
            kind: Some(*kind),
        },
        None => Column {
            name: name.to_owned(),
            kind: None,
        },
    }
}

fn read_row(row: &SqliteRow, number: usize, columns: &[Column]) -> Result<OldRow, Error> {
    let mut old = OldRow {
        id: String::new(),
        values: Vec::with_capacity(columns.len()),
        problems: Vec::new(),
    };
    for (index, column) in columns.iter().enumerate() {
        match read_value(row, index, column.kind).map_err(driver_error)? {
            Ok(value) => {
                if column.name == "id" {
                    old.id = match &value {
                        Json::String(id) => id.clone(),
                        other => other.to_string(),
                    };
                }
                if !value.is_null() {
                    old.values.push((column.name.clone(), value));
                }
            }
            Err(reason) => old.problems.push((column.name.clone(), reason)),
        }
    }
    if old.id.is_empty() {
        old.id = format!("row {number}");
    }
    Ok(old)
}

/// Returns a value, or why it cannot be kept.
fn read_value(
    row: &SqliteRow,
    index: usize,
    kind: Option<Kind>,
) -> Result<Result<Json, &'static str>, sqlx::Error> {
    let value = row.try_get_raw(index)?;
    if value.is_null() {
        return Ok(Ok(Json::Null));
    }
    Ok(match value.type_info().name() {
        "INTEGER" => {
            let number: i64 = row.try_get_unchecked(index)?;
            Ok(match kind {
                Some(Kind::Text) => Json::from(number.to_string()),
                _ => Json::from(number),
            })
        }
        "REAL" => {
            let number: f64 = row.try_get_unchecked(index)?;
            match (JsonNumber::from_f64(number), kind) {
                (Some(number), Some(Kind::Text)) => Ok(Json::from(number.to_string())),
                (Some(number), _) => Ok(Json::Number(number)),
                (None, _) => Err("expected a finite number, found infinity"),
            }
        }
        "TEXT" => {
            let bytes: &[u8] = row.try_get_unchecked(index)?;
            match (std::str::from_utf8(bytes), kind) {
                // Text that is not JSON is read as a string: it may be the only item of a list.
                (Ok(text), Some(Kind::Json)) => {
                    Ok(text.parse().unwrap_or_else(|_| Json::from(text)))
                }
                (Ok(text), _) => Ok(Json::from(text)),
                (Err(_), _) => Err("the text is not valid UTF-8"),
            }
        }
        _ if kind.is_none() => {
            // Binary data has no form in JSON: it is kept as SQLite writes it in SQL.
            let bytes: &[u8] = row.try_get_unchecked(index)?;
            let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            Ok(Json::from(format!("x'{digits}'")))
        }
        _ => Err("expected text or a number, found binary data"),
    })
}
