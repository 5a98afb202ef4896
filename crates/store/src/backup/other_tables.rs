//! The tables of other programs in a SQLite file: counts and hashes their rows.

use std::hash::Hasher;

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use siphasher::sip128::{Hasher128, SipHasher13};

use super::archive::TableDigest;
use crate::sqlite_copy::quote;
use crate::{Error, copy};

/// Number of rows that are read together.
const BATCH_SIZE: usize = 500;

/// A table of another program.
pub(super) struct OtherTable {
    name: String,
    /// An expression that returns all values of a row as text.
    values: String,
    /// The name of the row number; `None` if there is none, or if columns have all of its names.
    row_number: Option<&'static str>,
}

/// Returns the tables that are not ours, by name. The data of a virtual table is in tables of its module,
/// which VACUUM may not copy row by row, so only the integrity check covers it.
pub(super) async fn other_tables(
    database: &impl ConnectionTrait,
) -> Result<Vec<OtherTable>, Error> {
    let sql = "SELECT name, wr FROM pragma_table_list \
               WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
               AND name NOT IN ('seaql_migrations', 'search_rows') ORDER BY name";
    let query = Statement::from_string(DbBackend::Sqlite, sql);
    let ours: Vec<&str> = copy::tables().iter().map(|table| table.name).collect();
    let mut tables = Vec::new();
    for row in database.query_all_raw(query).await? {
        let name: String = row.try_get_by_index(0)?;
        let is_without_row_numbers: bool = row.try_get_by_index(1)?;
        if ours.contains(&name.as_str()) {
            continue;
        }
        let sql = "SELECT name FROM pragma_table_info(?)";
        let query = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [name.clone().into()]);
        let columns = database.query_all_raw(query).await?;
        let columns: Result<Vec<String>, _> =
            columns.iter().map(|row| row.try_get_by_index(0)).collect();
        let columns = columns?;
        let is_free = |name: &&str| !columns.iter().any(|other| other.eq_ignore_ascii_case(name));
        let values: Vec<String> = columns.iter().map(|column| text_of(column)).collect();
        tables.push(OtherTable {
            name,
            values: values.join(" || ',' || "),
            row_number: ["rowid", "_rowid_", "oid"]
                .into_iter()
                .find(is_free)
                .filter(|_| !is_without_row_numbers),
        });
    }
    Ok(tables)
}

/// Returns an expression for the type and the exact value of a column.
fn text_of(column: &str) -> String {
    let column = quote(column);
    format!(
        "typeof({column}) || ':' || CASE typeof({column}) \
         WHEN 'real' THEN printf('%!.17g', {column}) ELSE hex({column}) END"
    )
}

impl OtherTable {
    /// Counts and hashes the rows, in the order of the table. VACUUM keeps it, but not the row numbers.
    pub(super) async fn digest(
        &self,
        database: &impl ConnectionTrait,
    ) -> Result<TableDigest, Error> {
        let mut hasher = SipHasher13::new();
        let mut row_count = 0;
        let mut last = i64::MIN;
        loop {
            let rows = database.query_all_raw(self.page(last, row_count)).await?;
            for row in &rows {
                let values: String = row.try_get_by_index(0)?;
                last = row.try_get_by_index(1)?;
                hasher.write(values.as_bytes());
                hasher.write_u8(b'\n');
                row_count += 1;
            }
            if rows.len() < BATCH_SIZE {
                break;
            }
        }
        Ok(TableDigest {
            table: self.name.clone(),
            row_count,
            digest: format!("{:032x}", hasher.finish128().as_u128()),
        })
    }

    /// Returns the query for the rows after the row number `last`, or for those after the first
    /// `offset` ones.
    fn page(&self, last: i64, offset: u64) -> Statement {
        let (values, table) = (&self.values, quote(&self.name));
        let (sql, start) = match self.row_number {
            Some(number) => (
                format!(
                    "SELECT {values}, {number} FROM {table} WHERE {number} > ? \
                     ORDER BY {number} LIMIT {BATCH_SIZE}"
                ),
                Value::from(last),
            ),
            None => (
                format!("SELECT {values}, 0 FROM {table} LIMIT {BATCH_SIZE} OFFSET ?"),
                Value::from(i64::try_from(offset).unwrap_or(i64::MAX)),
            ),
        };
        Statement::from_sql_and_values(DbBackend::Sqlite, sql, [start])
    }
}
